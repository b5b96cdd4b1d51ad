"""The reverse sweep on numbers: what it adds where, how often, and what it refuses."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd
from autograd import Value


def held(root: Value, *leaves: Value) -> list[float]:
    """Run backward, return the leaves' gradients, and clear them."""
    root.backward()
    found = [leaf.grad for leaf in leaves]
    for leaf in leaves:
        leaf.zero_grad()
    return found


SAME_OPERAND = {
    "a - a": (lambda a: a - a, 0.0),
    "a + a": (lambda a: a + a, 2.0),
    "a * a": (lambda a: a * a, 6.0),
    "a / a": (lambda a: a / a, 0.0),
    "a ** a": (lambda a: a**a, 27.0 * (math.log(3.0) + 1.0)),
    "maximum": (lambda a: autograd.maximum(a, a), 1.0),
    "minimum": (lambda a: autograd.minimum(a, a), 1.0),
    "hypot": (lambda a: autograd.hypot(a, a), math.sqrt(2.0)),
    "atan2": (lambda a: autograd.atan2(a, a), 0.0),
    "logaddexp": (lambda a: autograd.logaddexp(a, a), 1.0),
    "where": (lambda a: autograd.where(a, a, a), 1.0),
    "clip": (lambda a: autograd.clip(a, a, 9.0), 1.0),
    "sum": (lambda a: autograd.sum([a, a, a]), 3.0),
    "mean": (lambda a: autograd.mean([a, a, a]), 1.0),
    "dot": (lambda a: autograd.dot([a, a], [a, a], a), 13.0),
    "logsumexp": (lambda a: autograd.logsumexp([a, a]), 1.0),
}


@pytest.mark.parametrize("name", SAME_OPERAND)
def test_same_operand_twice(name):
    function, expected = SAME_OPERAND[name]
    a = Value(3.0)
    assert held(function(a), a) == pytest.approx([expected], rel=1e-15, abs=1e-16)
    inner = a * 1.0  # the same where the operand is a result
    assert held(function(inner), a) == pytest.approx([expected], rel=1e-15, abs=1e-16)


def test_diamond():
    a = Value(2.0)
    b = a * 3
    c = b + 1
    d = b * b
    assert held(c * d, a) == [3 * 36 + 7 * 2 * 6 * 3]


def test_micrograd_sanity():
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    assert held(y, x) == [46.0]
    assert y.data == -20.0


@pytest.mark.parametrize("order", ["first", "second"])
def test_two_roots_that_share_an_interior(order):
    a, b = Value(2.0), Value(3.0)
    shared = a * b
    first, second = shared * 2, shared.square() + a
    for root in (first, second) if order == "first" else (second, first):
        root.backward()
    assert (a.grad, b.grad) == (3 * 2 + 2 * 6 * 3 + 1, 2 * 2 + 2 * 6 * 2)


def test_root_inside_the_graph_of_another_root():
    a = Value(2.0)
    inner = a * a
    outer = inner * 3
    outer.backward()
    inner.backward()
    assert a.grad == 12.0 + 4.0
    assert inner.grad == 1.0


def test_root_that_is_a_leaf():
    x = Value(2.0)
    x.backward()
    assert x.grad == 1.0
    x.backward(gradient=3.0)
    assert x.grad == 4.0


def test_root_that_is_positive_of_a_leaf():
    x = Value(2.0)
    root = +x
    root.backward()
    assert x.grad == 1.0


def test_repeated_backward_adds_to_leaves_and_keeps_interiors_right():
    a = Value(2.0)
    inner = a * a
    root = inner * 3
    for sweep in (1, 2, 3):
        root.backward()
        assert a.grad == 12.0 * sweep
        assert (inner.grad, root.grad) == (3.0, 1.0)


def test_interior_keeps_the_adjoint_of_the_latest_sweep():
    a = Value(2.0)
    inner = a * a
    first, second = inner * 3, inner * 5
    first.backward()
    assert inner.grad == 3.0
    second.backward()
    assert inner.grad == 5.0
    assert a.grad == 12.0 + 20.0
    assert first.grad == 1.0


def test_a_use_that_the_root_does_not_need_counts_nothing():
    a = Value(2.0)
    inner = a * a
    unused = inner * 100
    root = inner + 1
    assert held(root, a) == [4.0]
    assert (unused.grad, inner.grad) == (0.0, 1.0)


def test_gradient_argument():
    x = Value(3.0)
    root = x * x
    root.backward(2.0)
    assert x.grad == 12.0
    root.backward(gradient=-1)
    assert x.grad == 6.0
    root.backward(gradient=0.0)
    assert x.grad == 6.0


def test_retain_grad_keeps_the_adjoints_nobody_holds():
    a = Value(2.0)
    root = (a * a * 5.0).exp() * 0.5
    root.backward(retain_grad=True)
    exponential = root.args[0]
    assert exponential.grad == 0.5
    scaled = exponential.args[0]
    assert scaled.grad == 0.5 * exponential.data
    assert scaled.args[0].grad == 5.0 * scaled.grad


def test_backward_returns_nothing():
    assert Value(2.0).backward() is None


def test_constant_operands_are_not_recorded():
    constant = Value(3.0, requires_grad=False)
    x = Value(2.0)
    before = autograd.memory().nodes
    result = (constant * constant + 1).exp()
    assert autograd.memory().nodes == before
    assert not result.requires_grad
    assert (result.args, result.op) == ((), "")
    root = x * constant
    root.backward()
    assert (x.grad, constant.grad) == (3.0, 0.0)


def test_zero_adjoint_against_infinity_is_zero():
    x = Value(0.0)
    (x.sqrt() * 0.0).backward()
    assert x.grad == 0.0

    y = Value(1e200)
    (autograd.minimum(y * 1e200, 1.0) + y).backward()  # inf was given to minimum, and not taken
    assert y.grad == 1.0

    z = Value(0.0)
    (z.sqrt() * z).backward()
    assert z.grad == 0.0


def test_overflow_of_a_product_flows():
    y = Value(1e200)
    assert (y * y).data == math.inf


def test_where_does_not_leak_nan():
    x, exponent = Value(-1.0), Value(2.0)
    bad = x**exponent
    root = autograd.where(x > 0, bad, x * 2)
    root.backward()
    assert (x.grad, exponent.grad) == (2.0, 0.0)


@pytest.mark.parametrize("use", ["multiply", "add", "exp", "dot", "power"])
def test_stale_leaf_is_an_error_and_nothing_changes(use):
    x, w = Value(2.0), Value(3.0)
    inner = {
        "multiply": lambda: x * x,
        "add": lambda: x + 1,
        "exp": lambda: x.exp(),
        "dot": lambda: autograd.dot([x, 1.0], [w, 2.0]),
        "power": lambda: x**w,
    }[use]()
    root = w * 5 + inner
    root.backward()
    known = (x.grad, w.grad, inner.grad, root.grad)
    x.data = 2.5
    for _ in range(2):
        with pytest.raises(autograd.StaleValueError):
            root.backward()
        assert (x.grad, w.grad, inner.grad, root.grad) == known
    with pytest.raises(autograd.StaleValueError):
        root.backward(create_graph=True)
    with pytest.raises(autograd.StaleValueError):
        autograd.grad(root, [w])
    assert (x.grad, w.grad, inner.grad, root.grad) == known
    assert (x.data, w.data) == (2.5, 3.0)
    (w * 2).backward()  # the engine still works
    assert w.grad == known[1] + 2.0


def test_a_leaf_changed_after_backward_and_before_the_next_forward_is_fine():
    x = Value(2.0)
    for _ in range(5):
        root = x * x
        x.zero_grad()
        root.backward()
        x.data -= 0.25 * x.grad
    assert x.data == 2.0 * 0.5**5


def test_a_leaf_changed_after_its_last_use_spoils_only_its_users():
    x, y = Value(2.0), Value(3.0)
    old = x * y
    x.data = 4.0
    new = x * y
    other = y * 2
    assert held(new, x, y) == [3.0, 4.0]
    assert held(other, y) == [2.0]
    with pytest.raises(autograd.StaleValueError):
        old.backward()


def test_setting_grad_or_label_makes_nothing_stale():
    x = Value(2.0)
    root = x * x
    x.grad = 5.0
    x.label = "x"
    root.backward()
    assert x.grad == 9.0


def test_backward_of_what_requires_no_gradient():
    for value in (Value(2.0, requires_grad=False), Value(2.0, requires_grad=False) * 3):
        with pytest.raises(autograd.NoGradientError):
            value.backward()


def test_leaf_that_stops_to_require_a_gradient_gets_none():
    x, y = Value(2.0), Value(3.0)
    root = x * y
    x.requires_grad = False
    try:
        root.backward()
    except autograd.AutogradError:
        assert (x.grad, y.grad) == (0.0, 0.0)
    else:
        assert (x.grad, y.grad) == (0.0, 2.0)


def test_the_worked_examples_of_the_ancestors():
    """GradLib, armeetjatyani, mariosasko: numbers of their documents."""
    assert Value(-3.0).sigmoid().data == pytest.approx(0.0474258731775668, rel=1e-15)
    x = [Value(number, requires_grad=False) for number in (1.0, 2.0)]
    w = [Value(0.5), Value(-0.25)]
    b = Value(0.1)
    loss = (autograd.dot(w, x, b).sigmoid() - 1.0) ** 2
    loss.backward()
    s = 1.0 / (1.0 + math.exp(-0.1))
    slope = 2.0 * (s - 1.0) * s * (1.0 - s)
    expected = [slope, 2.0 * slope, slope]
    assert [w[0].grad, w[1].grad, b.grad] == pytest.approx(expected, rel=1e-15)


def test_error_family():
    assert issubclass(autograd.AutogradError, RuntimeError)
    for error in (
        autograd.StaleValueError,
        autograd.NoGradientError,
        autograd.NestedBackwardError,
    ):
        assert issubclass(error, autograd.AutogradError)
        assert error.__module__.startswith("autograd")


@pytest.mark.parametrize("create_graph", [False, True])
def test_no_two_values_share_the_memory_of_a_gradient(create_graph):
    factor, seed = Value([1.0, 2.0], requires_grad=False), Value([1.0, 1.0], requires_grad=False)
    x, y = Value([3.0, 4.0]), Value([1.0, 1.0])
    held = x * 1.0
    ((held + y) * factor).backward(gradient=seed, create_graph=create_graph)
    for one in (x, y):
        gradient = one.grad.data if create_graph else one.grad
        if gradient.flags.writeable:
            gradient *= 0.5
        else:
            one.grad = gradient * 0.5
    for one in (x, y):
        assert np.asarray(getattr(one.grad, "data", one.grad)).tolist() == [0.5, 1.0]
    factor.data[:] = 9.0
    seed.data[:] = 9.0
    assert np.asarray(getattr(held.grad, "data", held.grad)).tolist() == [1.0, 2.0]


@pytest.mark.parametrize("data", [2.0, [2.0, 3.0]], ids=["scalar", "array"])
def test_a_recorded_gradient_is_no_leaf_of_the_graph(data):
    x, y = Value(data), Value(data)
    first, second = autograd.grad((x * y).sum(), [x, y], create_graph=True)
    assert first is not y
    assert second is not x
    assert not first.is_leaf
    assert str(autograd.grad(first.sum(), [x, y])) == str([x.data * 0.0, x.data * 0.0 + 1.0])


@pytest.mark.parametrize("options", [{}, {"create_graph": True}, {"retain_grad": True}])
def test_the_gradient_of_a_result_is_not_the_seed(options):
    seed = Value([1.0, 2.0], requires_grad=False)
    held = Value([3.0, 4.0]) * 1.0
    root = (held + 0.0) + 0.0
    root.backward(gradient=seed, **options)
    seed.data[:] = 9.0
    for one in (held, root.args[0]) if "retain_grad" in options else (held,):
        assert np.asarray(getattr(one.grad, "data", one.grad)).tolist() == [1.0, 2.0]
        assert one.grad is not seed


@pytest.mark.parametrize("data", [2.0, [2.0, 3.0]], ids=["scalar", "array"])
def test_the_recorded_gradient_of_a_result_is_its_own(data):
    factor = Value(data)
    first = Value(data) * 1.0
    second = first + 0.0
    (second * factor).sum().backward(create_graph=True)
    assert first.grad is not factor
    assert not first.grad.is_leaf
    assert str(first.grad.data) == str(second.grad.data) == str(factor.data)
    one = Value([1.0, 2.0]) * 1.0
    other = one + 0.0
    (other * 3.0).backward(np.ones(2), create_graph=True)
    assert one.grad is not other.grad
