"""`check_grads`: it finds what is wrong, says where, and leaves alone what is right."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.custom import custom_operation
from autograd.testing import check_grads

VECTOR = np.array([0.5, 1.5, 2.5])
PARAMETERS = {"w": [2.0, np.array([0.1, 0.2])], "name": "tanh", "b": (3, None, True)}


def of_tree(p):
    scaled = p["w"][0] * getattr(autograd, p["name"])(p["w"][1]) * p["b"][0]
    return {"all": scaled, "rest": [p["w"][1].sum(), None]}


@pytest.mark.parametrize(
    ("function", "args"),
    [
        pytest.param(lambda x: x**3, (2.0,), id="scalar"),
        pytest.param(lambda x, y: autograd.tanh(x @ y), (np.ones((2, 3)), VECTOR), id="arrays"),
        pytest.param(of_tree, (PARAMETERS,), id="tree"),
        pytest.param(lambda x, name: getattr(autograd, name)(x), (VECTOR, "log"), id="text"),
        pytest.param(lambda x, n: autograd.sin(x) * n, (1e4, 2), id="far away"),
        pytest.param(autograd.log, (np.array([1e-2, 1e3]),), id="different sizes"),
        pytest.param(lambda x: autograd.exp(x) / (1.0 + x), (VECTOR.astype("f"),), id="float32"),
        pytest.param(lambda _: Value(3.0), (2.0,), id="constant"),
        pytest.param(lambda x: (x, 3.0 * x), (Value(2.0),), id="Value"),
        pytest.param(lambda x: x.sum(), (np.zeros((0, 3)),), id="empty"),
    ],
)
@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.usefixtures("balanced")
def test_what_is_right_passes(function, args, order):
    check_grads(function, *args, order=order)


square = custom_operation(lambda x: x * x, lambda g, _, x: 2.1 * g * x, name="square")
one_wrong = custom_operation(
    lambda x: x * x, lambda g, _, x: 2.0 * g * x * np.array([1.0, 1.0, 1.5]), name="square"
)
second_wrong = custom_operation(
    lambda x: x * x, lambda g, _, x: 2.0 * g * x.detach(), name="square"
)


@pytest.mark.parametrize(
    ("function", "args", "options", "start"),
    [
        (square, (2.0,), {}, "[check_grads] vjp of order 1 gives 4.2 at argument 0 - "),
        (
            square,
            (2.0,),
            {"modes": "jvp"},
            "[check_grads] jvp of order 1 by argument 0 gives ",
        ),
        (one_wrong, (VECTOR,), {}, "[check_grads] vjp of order 1 gives "),
        (
            lambda p, q: one_wrong(p["w"][1]) * q,
            ({"w": [1.0, VECTOR]}, 2.0),
            {},
            "[check_grads] vjp of order 1 gives ",
        ),
        (second_wrong, (VECTOR,), {}, "[check_grads] vjp of order 2 gives 0.0 at argument 0[0] - "),
        (autograd.floor, (1.0,), {}, "[check_grads] vjp of order 1 gives 0.0 at argument 0 - "),
    ],
)
def test_what_is_wrong_is_named(function, args, options, start):
    with pytest.raises(AssertionError) as caught:
        check_grads(function, *args, **options)
    message = str(caught.value)
    assert message.startswith(start)
    if function not in {square, second_wrong, autograd.floor}:
        place = "argument 0['w'][1][2]" if len(args) > 1 else "argument 0[2]"
        assert f" at {place} - " in message
    assert message.endswith(
        " is needed, by differences. Correct the derivative, or check where the function is smooth."
    )


def test_order_1_does_not_look_at_the_second():
    check_grads(second_wrong, VECTOR, order=1)


def test_tolerances():
    with pytest.raises(AssertionError):
        check_grads(square, 2.0, order=1)
    check_grads(square, 2.0, order=1, rtol=0.1)
    check_grads(square, 2.0, order=1, atol=100.0)


def test_modes_that_disagree():
    """A rule that is not linear in the gradient has no transpose."""
    biased = custom_operation(lambda x: 2.0 * x, lambda g, *_: 0.0 * g + 2.0)
    with pytest.raises(AssertionError, match="order 1"):
        check_grads(biased, 3.0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"modes": ("vjp", "forward")},
            (
                "[check_grads] mode 'forward' was given - one of vjp, jvp is needed. Choose one of "
                "these names, or both."
            ),
        ),
        (
            {"order": 0},
            (
                "[check_grads] order 0 was given - a positive number is needed. Pass 1 for first "
                "derivatives."
            ),
        ),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(ValueError, match="check_grads") as caught:
        check_grads(autograd.sin, 1.0, **options)
    assert str(caught.value) == message


def test_runs_are_alike():
    def recorded():
        seen = []

        def function(x):
            seen.append(x.data.tolist())
            return x * x

        check_grads(function, VECTOR)
        return seen

    assert recorded() == recorded()


@pytest.mark.parametrize(
    "check",
    [
        lambda wrong: check_grads(wrong, 1.0, modes=()),
        lambda wrong: check_grads(lambda: wrong(Value(1.0))),
        lambda wrong: check_grads(lambda _: wrong(Value(1.0)), {}),
        lambda wrong: check_grads(lambda _: wrong(Value(1.0)), "a"),
    ],
)
def test_nothing_to_check_is_an_error(check):
    with pytest.raises(ValueError, match=r"^\[check_grads\] no.* There would be nothing to check"):
        check(custom_operation(np.sin, lambda g, *_: g * 2.0))
