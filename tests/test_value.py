"""The type Value: what one is made of, what it shows, compares, converts and copies to."""

from __future__ import annotations

import gc

import numpy as np
import pytest

import autograd
from autograd import Value

NUMBERS = [2, 2.0, True, np.float64(2.0), np.float32(2.0), np.int64(2), np.array(2.0)]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: type(number).__name__)
def test_constructor_takes_any_number(number):
    value = Value(number)
    assert type(value.data) is float
    assert value.data == float(number)
    assert value.grad == 0.0
    assert value.requires_grad
    assert value.is_leaf
    assert value.label is None
    assert (value.op, value.args, value.shape) == ("", (), ())


def test_constructor_takes_positions_and_names():
    value = Value(2.0, False, "x")
    assert (value.requires_grad, value.label) == (False, "x")
    value = Value(data=2.0, requires_grad=False, label="x")
    assert (value.data, value.requires_grad, value.label) == (2.0, False, "x")


def test_one_type_under_one_public_name():
    import autograd.engine

    assert autograd.Value is autograd.engine.Value
    assert f"{Value.__module__}.{Value.__qualname__}" == "autograd.engine.Value"


def test_data_of_a_leaf_is_settable():
    value = Value(2.0)
    value.data = 3
    assert value.data == 3.0
    value.data -= 0.5
    assert value.data == 2.5
    value.data = np.float32(1.5)
    assert type(value.data) is float


def test_data_of_a_result_is_not():
    result = Value(2.0) * 2
    with pytest.raises(AttributeError):
        result.data = 1.0
    assert result.data == 4.0


def test_grad_is_settable():
    value = Value(2.0)
    value.grad = 1
    assert value.grad == 1.0
    value.grad += 0.5
    (value * 2).backward()
    assert value.grad == 3.5
    value.zero_grad()
    assert value.grad == 0.0
    value.grad = 1.0
    value.grad = None  # as in PyTorch
    assert value.grad == 0.0


def test_requires_grad_of_a_leaf_is_settable():
    value = Value(2.0)
    value.requires_grad = False
    assert not (value * 2).requires_grad
    value.requires_grad = True
    assert (value * 2).requires_grad


def test_requires_grad_of_a_result_is_not():
    result = Value(2.0) * 2
    with pytest.raises(AttributeError):
        result.requires_grad = False
    assert result.requires_grad


@pytest.mark.parametrize("name", ["is_leaf", "op", "args", "shape"])
def test_read_only_attributes(name):
    value = Value(2.0)
    with pytest.raises(AttributeError):
        setattr(value, name, getattr(value, name))


@pytest.mark.parametrize("name", ["data", "grad", "requires_grad", "op"])
def test_attributes_are_not_deleted(name):
    value = Value(2.0, label="x")
    with pytest.raises((AttributeError, TypeError)):
        delattr(value, name)
    assert (value.data, value.grad, value.requires_grad, value.label) == (2.0, 0.0, True, "x")


def test_no_other_attributes():
    with pytest.raises(AttributeError):
        Value(2.0).colour = "red"


def test_not_subclassable():
    with pytest.raises(TypeError, match="not an acceptable base type"):
        type("Mine", (Value,), {})


def test_label():
    value = Value(2.0, label="x")
    assert value.label == "x"
    value.label = "été ☀"
    assert value.label == "été ☀"
    value.label = None
    assert value.label is None
    value.label = "x"
    del value.label
    assert value.label is None
    result = value * 2
    result.label = "twice"
    assert result.label == "twice"
    root = result + 1
    del result
    assert root.args[0].label == "twice"


def test_op_and_args():
    a, b = Value(2.0), Value(3.0)
    root = a * b + 1.5
    assert (root.op, root.args[0].op) == ("add", "multiply")
    assert root.args[1] == 1.5
    assert type(root.args[1]) is float
    assert root.args[0].args == (a, b)
    assert not root.is_leaf
    assert a.exp().op == "exp"
    assert [one.data for one in autograd.sum([a, b, 1.0]).args] == [2.0, 3.0] or autograd.sum(
        [a, b, 1.0]
    ).args == (a, b, 1.0)


def test_a_value_is_unique_for_its_node():
    a, b = Value(2.0), Value(3.0)
    inner = a + b
    assert inner.args[0] is a
    assert inner.args[1] is b
    outer = inner * inner
    assert outer.args[0] is outer.args[1] is inner
    known = id(inner)
    del inner
    again = outer.args[0]
    assert again is outer.args[1]
    assert isinstance(known, int)
    assert again.args == (a, b)


def test_no_value_is_tracked_by_the_cyclic_collector():
    value = Value(2.0, label="x")
    result = (value * 2).exp()
    result.backward(create_graph=True)
    assert not any(gc.is_tracked(one) for one in (value, result, *result.args, value.grad))


@pytest.mark.parametrize("truth", [(), "False", 2, None, 1.0])
def test_truths_are_truths(truth):
    for call in (
        lambda: Value(3.0, truth),
        lambda: Value([3.0], copy=truth),
        lambda: setattr(Value(3.0), "requires_grad", truth),
        lambda: autograd.sum(Value([3.0]), 0, truth),
        lambda: Value(3.0).backward(create_graph=truth),
    ):
        with pytest.raises(TypeError, match=r"True or False is needed"):
            call()


@pytest.mark.parametrize(
    ("truth", "wanted"), [(True, True), (0, False), (np.True_, True), (np.False_, False)]
)
def test_what_is_a_truth(truth, wanted):
    assert Value(3.0, truth).requires_grad is wanted
