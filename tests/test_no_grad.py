"""The recording flag: no_grad as a context manager and a decorator, is_grad_enabled."""

from __future__ import annotations

import operator
import threading
import warnings

import pytest

import autograd
from autograd import Value, is_grad_enabled, no_grad


@pytest.mark.usefixtures("balanced")
def test_nothing_is_recorded_inside():
    x = Value(2.0)
    before = autograd.memory().nodes
    with no_grad():
        assert not is_grad_enabled()
        result = (x * 3).exp() + autograd.dot([x, x], [x, 1.0]) - autograd.sum([x, x])
        assert autograd.memory().nodes == before
    assert is_grad_enabled()
    assert not result.requires_grad
    assert result.is_leaf
    assert result.args == ()
    with pytest.raises(autograd.NoGradientError):
        result.backward()


def test_leaves_made_inside_require_gradients_as_they_say():
    with no_grad():
        x = Value(2.0)
        constant = Value(2.0, requires_grad=False)
    assert x.requires_grad
    assert not constant.requires_grad
    (x * 3).backward()
    assert x.grad == 3.0


@pytest.mark.parametrize("name", ["iadd", "isub", "imul", "itruediv", "imod", "ifloordiv"])
@pytest.mark.parametrize("data", [2.0, [1.0, 2.0]], ids=["scalar", "array"])
def test_a_leaf_that_an_operator_does_not_change(name, data):
    calculate = getattr(operator, name)
    leaf = Value(data)
    with no_grad():
        with pytest.warns(autograd.GradientLostWarning, match=r"Write `p.data -= step`, not"):
            result = calculate(leaf, 2.0)
        assert result is not leaf
        assert str(leaf) == str(Value(data))
        for other in (result, Value(data, requires_grad=False), leaf * 1.0):
            assert not calculate(other, 2.0).requires_grad  # no warning
    assert calculate(leaf, 2.0).requires_grad


def test_the_warning_as_an_error_changes_nothing():
    p = kept = Value(2.0)
    with no_grad(), warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(autograd.GradientLostWarning):
            p -= 1.0
    assert p is kept


def test_nested():
    with no_grad():
        with no_grad():
            assert not is_grad_enabled()
        assert not is_grad_enabled()
    assert is_grad_enabled()


def test_one_object_entered_twice():
    guard = no_grad()
    with guard:
        with guard:
            assert not is_grad_enabled()
        assert not is_grad_enabled()
    assert is_grad_enabled()
    with guard:
        assert not is_grad_enabled()
    assert is_grad_enabled()


def test_exception_restores():
    with pytest.raises(KeyError), no_grad():
        raise KeyError("mine")
    assert is_grad_enabled()


def test_decorator():
    @no_grad()
    def predict(x: Value, scale: float = 1.0) -> Value:
        """Return a prediction."""
        assert not is_grad_enabled()
        return x * scale

    x = Value(2.0)
    assert not predict(x, scale=3.0).requires_grad
    assert predict(x, scale=3.0).data == 6.0
    assert is_grad_enabled()
    assert (predict.__name__, predict.__doc__) == ("predict", "Return a prediction.")


def test_decorator_restores_after_an_exception_and_nests():
    @no_grad()
    def countdown(n: int) -> None:
        assert not is_grad_enabled()
        if n == 0:
            raise KeyError("mine")
        countdown(n - 1)

    with pytest.raises(KeyError):
        countdown(3)
    assert is_grad_enabled()
    with no_grad(), pytest.raises(KeyError):
        countdown(2)
    assert is_grad_enabled()


def test_backward_inside():
    x = Value(2.0)
    root = x * x
    with no_grad():
        root.backward()
        x.data -= 0.1
    assert x.grad == 4.0


def test_another_thread_records():
    found = []

    def work() -> None:
        found.append(is_grad_enabled())
        found.append((Value(2.0) * 3).requires_grad)

    with no_grad():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert not is_grad_enabled()
    assert found == [True, True]


def test_a_thread_that_ends_inside_leaves_the_others_alone():
    def work() -> None:
        no_grad().__enter__()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert is_grad_enabled()
    assert (Value(2.0) * 3).requires_grad


def test_one_instance_in_two_threads():
    shared = no_grad()
    outer, inner = threading.Barrier(2), threading.Barrier(2)
    seen = []

    def other():
        with shared:
            outer.wait()
            inner.wait()
            seen.append(is_grad_enabled())
        seen.append(is_grad_enabled())

    thread = threading.Thread(target=other)
    with shared:
        thread.start()
        outer.wait()
        with shared:
            pass
        seen.append(is_grad_enabled())
        inner.wait()
        thread.join()
        seen.append(is_grad_enabled())
    assert seen == [False, False, True, False]
    assert is_grad_enabled()


def test_misuse_is_told():
    with pytest.raises(TypeError, match=r"Write @no_grad\(\), with brackets"):
        no_grad(lambda: 1.0)
    with pytest.raises(TypeError, match=r"^\[no_grad\] property was given - a function is needed"):
        no_grad()(property(lambda self: self))
