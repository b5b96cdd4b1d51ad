"""Operations written in Python: shapes of arguments, orders, modes, and all that goes wrong."""

from __future__ import annotations

import copy
import gc
import pickle
import threading
import time
import weakref

import numpy as np
import pytest

import autograd
from autograd import Value, _core, grad, hessian, jvp
from autograd.custom import custom_operation
from autograd.testing import check_grads

cube = custom_operation(lambda x: x**3, lambda gradient, _, x: gradient * 3.0 * x**2, name="cube")
exponential = custom_operation(np.exp, lambda gradient, result, _: gradient * result)
scaled_product = custom_operation(
    lambda x, y, *, scale=1.0: scale * x * y,
    lambda gradient, _, x, y, *, scale=1.0: (
        gradient * y * scale,
        (gradient * x * scale).sum() if x.ndim > y.ndim else gradient * x * scale,
    ),
    name="scaled_product",
)
of_first = custom_operation(lambda x, _: x * x, lambda g, _, x, __: (2.0 * g * x, None))
total = custom_operation(
    lambda x: x.sum(), lambda g, _, x: _core.broadcast_to(g, x.shape), name="total"
)
outer = custom_operation(np.multiply.outer, lambda g, _, x, y: (g @ y, g.T @ x), name="outer")
constant = custom_operation(lambda x: 0.0 * x + 7.0, lambda *_: 0.0, name="constant")
slope_as_number = custom_operation(lambda x: 2.0 * x, lambda g, _, __: g * 2.0, name="double")

VECTOR = np.array([0.5, -1.0, 2.0])
MATRIX = np.array([[0.5, -1.0, 2.0], [1.0, 3.0, -0.3]])


@pytest.mark.parametrize(
    ("function", "args"),
    [
        pytest.param(cube, (2.0,), id="scalar"),
        pytest.param(cube, (VECTOR,), id="vector"),
        pytest.param(cube, (MATRIX,), id="matrix"),
        pytest.param(exponential, (0.5,), id="from the result"),
        pytest.param(exponential, (VECTOR,), id="from the result, vector"),
        pytest.param(scaled_product, (VECTOR, VECTOR[::-1].copy()), id="two arguments"),
        pytest.param(scaled_product, (VECTOR, 3.0), id="array and scalar"),
        pytest.param(scaled_product, (2.0, 3.0), id="two scalars"),
        pytest.param(lambda x, y: scaled_product(x, y, scale=2.5), (VECTOR, 3.0), id="keyword"),
        pytest.param(lambda x: scaled_product(x, x), (3.0,), id="an argument twice"),
        pytest.param(lambda x: scaled_product(x, x), (VECTOR,), id="an array twice"),
        pytest.param(lambda x: cube(cube(x)), (1.1,), id="nested"),
        pytest.param(lambda x: autograd.sin(cube(x * 0.5)) * x, (VECTOR,), id="among others"),
        pytest.param(lambda x: total(x) * x, (MATRIX,), id="array to scalar"),
        pytest.param(outer, (VECTOR, np.array([1.0, 2.0])), id="other shape"),
        pytest.param(of_first, (VECTOR, VECTOR), id="none for the second"),
        pytest.param(lambda x: scaled_product(x, MATRIX), (MATRIX,), id="ndarray as argument"),
        pytest.param(slope_as_number, (VECTOR,), id="linear"),
    ],
)
@pytest.mark.usefixtures("balanced")
def test_derivatives_of_every_order_and_mode(function, args):
    if function is of_first:
        check_grads(lambda x: of_first(x, args[1]), args[0])
        return
    check_grads(function, *args, order=3)


@pytest.mark.parametrize("point", [2.0, VECTOR])
@pytest.mark.parametrize("create_graph", [False, True])
def test_gradient_by_an_interior_value(point, create_graph):
    """What the rule was given stays what somebody else holds."""
    x = Value(point)
    inner = +x
    result = cube(inner)
    found = grad(result, inner, create_graph)
    plain = found.data if create_graph else found
    assert np.array_equal(plain, 3.0 * np.square(point))
    assert result.args[0] is inner
    result.backward(np.ones_like(point) if inner.ndim else 1.0)
    assert np.array_equal(inner.grad, 3.0 * np.square(point))


def test_rule_sees_the_values_themselves():
    seen = []
    double = custom_operation(lambda x: 2.0 * x, lambda g, r, x: seen.append((r, x)) or g * 2.0)
    x = Value(3.0)
    inner = x * x
    result = double(inner)
    result.backward()
    assert seen[0][0] is result
    assert seen[0][1] is inner
    assert (x.grad, inner.grad) == (12.0, 2.0)


def test_number_for_all_elements():
    ones = custom_operation(lambda x, y: x + y, lambda *_: (1.0, 2))
    x, y = Value([1.0, 2.0]), Value([3.0, 4.0])
    ones(x, y).sum().backward()
    assert (x.grad.tolist(), y.grad.tolist()) == ([1.0, 1.0], [2.0, 2.0])


def test_constants_record_nothing():
    assert not cube(2.0).requires_grad
    assert not cube(Value(2.0, requires_grad=False)).requires_grad
    with autograd.no_grad():
        assert not cube(Value(2.0)).requires_grad
    x = Value(2.0)
    constant(x).backward()
    assert x.grad == 0.0


def test_dtype_is_kept():
    x = Value(np.ones(3, np.float32))
    result = cube(x)
    result.sum().backward()
    assert result.dtype == x.grad.dtype == np.float32


def test_forward_gets_plain_data():
    seen = []
    operation = custom_operation(lambda *data: seen.extend(data) or 1.0, lambda *_: (None,) * 3)
    operation(Value(2.0), Value([1.0, 2.0]), 3)
    assert [type(one) for one in seen] == [float, np.ndarray, int]


def rule(vjp):
    return custom_operation(lambda x, y: x + y, vjp, name="op")


WRONG_RULES = {
    "too few": (
        lambda g, *_: (g,),
        ValueError,
        (
            "[op] vjp returned 1 contributions - 2 are needed, one for each argument. Return None "
            "where there is none."
        ),
    ),
    "too many": (
        lambda g, *_: [g, g, g],
        ValueError,
        (
            "[op] vjp returned 3 contributions - 2 are needed, one for each argument. Return None "
            "where there is none."
        ),
    ),
    "nothing": (
        lambda *_: None,
        ValueError,
        (
            "[op] vjp returned 1 contributions - 2 are needed, one for each argument. Return None "
            "where there is none."
        ),
    ),
    "other shape": (
        lambda *_: (np.ones(3), None),
        ValueError,
        (
            "[op] vjp returned a value of shape (3,) for argument 0 - the shape of the argument, "
            "(2,) is needed. Correct the vjp."
        ),
    ),
    "text": (
        lambda *_: ("1", None),
        TypeError,
        "[op] a str was given - a Value, a number or an array is needed. Convert it first.",
    ),
    "an error": (lambda *_: 1 / 0, ZeroDivisionError, "division by zero"),
}


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize(("vjp", "error", "message"), WRONG_RULES.values(), ids=WRONG_RULES.keys())
@pytest.mark.usefixtures("balanced")
def test_wrong_rule_changes_no_gradient(vjp, error, message, create_graph):
    wrong = rule(vjp)
    x, y, z = Value([1.0, 2.0]), Value([3.0, 4.0]), Value([5.0, 6.0])
    root = (z * wrong(x, y)).sum()
    for attempt in (
        lambda: root.backward(create_graph=create_graph),
        lambda: grad(root, [x, z], create_graph),
        lambda: jvp(lambda a: wrong(a, y), (x,), (np.ones(2),)),
    ):
        with pytest.raises(error) as caught:
            attempt()
        assert str(caught.value) == message
        del caught
        assert [one.grad.tolist() for one in (x, y, z)] == [[0.0, 0.0]] * 3
        assert autograd.is_grad_enabled()
    (x * z).sum().backward()
    assert x.grad.tolist() == [5.0, 6.0]


@pytest.mark.parametrize("create_graph", [False, True])
def test_backward_inside_of_a_rule(create_graph):
    other = Value(3.0) * 2.0
    nested = custom_operation(lambda x: x + 1.0, lambda g, *_: other.backward() or g)
    x = Value(2.0)
    with pytest.raises(autograd.NestedBackwardError):
        nested(x).backward(create_graph=create_graph)
    assert (x.grad, other.args[0].grad) == (0.0, 0.0)
    other.backward()
    assert other.args[0].grad == 2.0


def test_operation_that_is_gone():
    x = Value(1.0)
    result = custom_operation(lambda x: x + 1.0, lambda g, *_: g)(x)
    with pytest.raises(autograd.AutogradError) as caught:
        result.backward()
    assert str(caught.value) == (
        "[backward] a custom operation is gone whose result was differentiated - it must live as "
        "long as its results. Keep it in a variable, best in a module."
    )
    assert x.grad == 0.0


@pytest.mark.parametrize(
    ("result", "error", "message"),
    [
        (
            None,
            TypeError,
            "None was given - a Value, a number or an array is needed. Convert it first.",
        ),
        (
            "1",
            TypeError,
            "a str was given - a Value, a number or an array is needed. Convert it first.",
        ),
        (
            Value(1.0),
            TypeError,
            (
                "forward returned a Value - a float or an ndarray is needed. It is given plain "
                "data; compute with NumPy."
            ),
        ),
    ],
)
@pytest.mark.usefixtures("balanced")
def test_forward_returns_no_data(result, error, message):
    wrong = custom_operation(lambda _: result, lambda *_: None, name="op")
    with pytest.raises(error) as caught:
        wrong(Value(2.0))
    assert str(caught.value).endswith(message)


@pytest.mark.parametrize(
    ("forward", "vjp", "message"),
    [
        (
            1.0,
            abs,
            (
                "[custom_operation] float was given as forward - a function is needed. Pass two "
                "functions."
            ),
        ),
        (
            abs,
            None,
            (
                "[custom_operation] NoneType was given as vjp - a function is needed. Pass two "
                "functions."
            ),
        ),
    ],
)
def test_no_functions(forward, vjp, message):
    with pytest.raises(TypeError) as caught:
        custom_operation(forward, vjp)
    assert str(caught.value) == message


def test_names():
    def halve(x):
        return x / 2.0

    operation = custom_operation(halve, lambda g, *_: g / 2.0)
    assert repr(operation) == "<custom operation halve>"
    assert operation(Value(2.0)).op == "halve"
    assert (
        custom_operation(np.sin, lambda g, *_: g)(Value(2.0)).op == "custom"
    )  # that is another one


@pytest.mark.usefixtures("balanced")
def test_thousand_calls_leave_nothing():
    gc.disable()
    try:
        before = autograd.memory()[:2]
        for _ in range(1_000):
            x = Value([1.0, 2.0])
            scaled_product(x, 2.0, scale=3.0).sum().backward(create_graph=True)
            x.zero_grad()
            del x
            assert autograd.memory()[:2] == before
        assert not scaled_product._keywords
    finally:
        gc.enable()


class Static:
    """Something that can be referred to weakly."""


@pytest.mark.parametrize("first", ["operation", "result"])
def test_operation_and_keywords_die(first):
    gc.disable()
    try:
        static = Static()
        operation = custom_operation(lambda x, **_: x + 1.0, lambda g, *_, **__: g)
        result = operation(Value(1.0), static=static)
        references = [weakref.ref(operation), weakref.ref(static)]
        del static
        if first == "operation":
            del operation
            assert [one() for one in references] == [None, None]
            del result
        else:
            del result
            assert references[1]() is None
            del operation
            assert references[0]() is None
    finally:
        gc.enable()


@pytest.mark.usefixtures("balanced")
def test_cycle_through_keywords_is_collected():
    box = []
    operation = custom_operation(lambda x, **_: x + 1.0, lambda g, *_, **__: g)
    box += [operation(Value(1.0), box=box), operation]
    reference = weakref.ref(operation)
    del box, operation
    gc.collect()
    assert reference() is None


def test_cycle_through_an_operation_that_lives_goes_with_the_operation():
    """The operation keeps the keywords, these the result, this them: no collector sees it."""
    box = []
    operation = custom_operation(lambda x, **_: x + 1.0, lambda g, *_, **__: g)
    box.append(operation(Value(1.0), box=box))
    del box
    gc.collect()
    assert len(operation._keywords) == 1
    before = autograd.memory().nodes
    del operation
    gc.collect()
    assert autograd.memory().nodes == before - 1


def test_threads():
    wrong = []

    def work(k):
        for _ in range(100):
            x = Value([float(k), 1.0])
            scaled_product(cube(x), 2.0, scale=float(k)).sum().backward()
            if x.grad.tolist() != [6.0 * k**3, 6.0 * k]:
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize("store", [pickle.dumps, copy.deepcopy])
def test_results_cannot_be_stored(store):
    with pytest.raises((TypeError, autograd.AutogradError), match="custom"):
        store(cube(Value(2.0)))


def test_hessian():
    found = hessian(lambda x: (cube(x) * x).sum())(VECTOR)
    np.testing.assert_allclose(found, np.diag(12.0 * VECTOR**2), rtol=1e-12)


def slow_cube(started):
    """Return an operation whose rule lets other threads run, and tells when it does."""

    def pull(gradient, _, x):
        started.set()
        time.sleep(0.05)
        return gradient * 3.0 * x**2

    return custom_operation(lambda x: x**3, pull)


@pytest.mark.parametrize(
    "other",
    [
        lambda x: (x * x).backward(),
        lambda x: (x * x).backward(create_graph=True),
        lambda x: autograd.grad(x * x, [x]),
        lambda x: autograd.jvp(lambda y: y * y, (x,), (1.0,)),
        lambda x: pickle.dumps(x * x),
    ],
)
def test_a_pass_waits_while_the_rule_of_another_thread_runs(other):
    started = threading.Event()
    operation, x = slow_cube(started), Value(2.0)
    root = operation(x)
    first = threading.Thread(target=root.backward)
    first.start()
    assert started.wait(10.0)
    other(Value(3.0))
    first.join()
    assert x.grad == 12.0


def test_a_pass_within_its_own_rule_is_still_refused():
    other = Value(1.0) * 2.0
    operation = custom_operation(lambda x: x, lambda g, *_: (other.backward(), g)[1])
    with pytest.raises(autograd.NestedBackwardError):
        operation(Value(2.0)).backward()


def test_plain_contributions_are_refused_where_their_derivative_is_needed():
    sine = custom_operation(np.sin, lambda g, _, x: g.data * np.cos(x.data), name="sine")
    x = Value(1.0)
    sine(x).backward()
    assert x.grad == np.cos(1.0)
    needed = r"^\[sine\] vjp returned plain numbers, which have no derivative, for argument 0"
    for differentiate in (
        lambda: jvp(sine, (1.0,), (1.0,)),
        lambda: grad(grad(sine))(1.0),
        lambda: hessian(sine)(1.0),
        lambda: sine(Value(1.0)).backward(create_graph=True),
    ):
        with pytest.raises(ValueError, match=needed):
            differentiate()
    # Zero has a derivative.
    step = custom_operation(np.sign, lambda *_: 0.0)
    assert jvp(step, (1.0,), (1.0,))[1] == 0.0


def test_pass_inside_a_rule_is_refused():
    def pull(g, _, x):
        inner = Value(3.0)
        (inner * inner).backward()
        return g * x

    operation = custom_operation(lambda x: x, pull)
    with pytest.raises(autograd.NestedBackwardError):
        operation(Value(2.0)).backward()
