"""What a Value turns into: text, float, int, bool, an answer to a comparison, a hash."""

from __future__ import annotations

import copy
import math
import operator
import pickle
import warnings

import numpy as np
import pytest

import autograd
from autograd import GradientLostWarning, Value


def test_repr():
    value = Value(2.0)
    assert repr(value) == str(value) == "Value(2.0, grad=0.0)"
    value.grad = -0.5
    assert repr(value) == "Value(2.0, grad=-0.5)"
    assert repr(Value(0.1)) == "Value(0.1, grad=0.0)"
    assert repr(Value(1e-05)) == "Value(1e-05, grad=0.0)"
    assert repr(Value(1e22)) == "Value(1e+22, grad=0.0)"
    assert repr(Value(math.inf)) == "Value(inf, grad=0.0)"
    assert repr(Value(math.nan)) == "Value(nan, grad=0.0)"
    assert repr(Value(-0.0)) == "Value(-0.0, grad=0.0)"


@pytest.mark.parametrize("number", [0.1, 1 / 3, 1e100, 5e-324, 123456789.123, 1e16, -2.5e-7])
def test_repr_shows_the_number_as_python_does(number):
    assert repr(Value(number)) == f"Value({number!r}, grad=0.0)"


def test_repr_of_a_deep_result():
    value = Value(0.0)
    for _ in range(100_000):
        value = value + 1
    assert repr(value) == "Value(100000.0, grad=0.0)"


@pytest.mark.parametrize("form", [".4f", ".2e", "+.1f", ">12.3f", "", "g", "010.2f", "%"])
def test_format_is_that_of_the_number(form):
    value = Value(1234.56789)
    expected = format(1234.56789, form) if form else repr(value)
    assert format(value, form) == expected


def test_format_that_no_float_knows():
    with pytest.raises(ValueError, match="format"):
        f"{Value(2.0):d}"


def test_comparison_with_values_and_numbers():
    two, three = Value(2.0), Value(3.0)
    assert two < three
    assert two <= 2
    assert three > 2.5
    assert operator.ge(3, three)
    assert two == Value(2.0) == 2 == np.float32(2.0)
    assert two != three
    assert operator.eq(2, two) is True
    assert type(two == three) is bool
    assert type(two < 2.5) is bool
    assert two < np.float64(2.5)
    assert np.float64(1.5) < two
    assert sorted([three, two]) == [two, three]


def test_comparison_with_nan():
    nan = Value(math.nan)
    assert operator.eq(nan, nan) is False
    assert nan != nan
    assert not nan < 1
    assert not nan >= 1


def test_comparison_with_huge_integers():
    assert Value(1e300) < 10**400
    assert Value(2.0**53) != 2**53 + 1
    assert Value(1.0) != 10**400


def test_comparison_with_foreign_types():
    value = Value(2.0)
    assert value != "2.0"
    assert operator.ne(value, None) is True
    assert operator.eq(value, [2.0]) is False
    with pytest.raises(TypeError, match="not supported between instances"):
        operator.lt(value, "3")
    with pytest.raises(TypeError, match="not supported between instances"):
        operator.gt([], value)


def test_hash_is_by_identity():
    a, twin = Value(2.0), Value(2.0)
    assert a == twin
    assert len({a, twin, a}) == 2
    assert {a: "a", twin: "twin"}[a] == "a"
    root = a * 3
    assert hash(root.args[0]) == hash(a)


def test_bool_and_int_are_silent():
    assert Value(0.5)
    assert not Value(0.0)
    assert Value(math.nan)
    assert int(Value(2.9)) == 2
    assert int(Value(-2.9)) == -2
    with pytest.raises(OverflowError):
        int(Value(math.inf))
    with pytest.raises(ValueError, match="NaN"):
        int(Value(math.nan))


def test_item_and_detach():
    value = Value(2.0, label="x")
    result = value * 2
    assert type(result.item()) is float
    assert result.item() == 4.0
    constant = result.detach()
    assert type(constant) is Value
    assert constant.data == 4.0
    assert not constant.requires_grad
    assert constant.is_leaf
    assert constant.args == ()
    (constant * value).backward()
    assert value.grad == 4.0


def test_float_of_a_value_whose_gradient_would_be_lost_warns():
    value = Value(2.0)
    with pytest.warns(GradientLostWarning):
        assert float(value) == 2.0
    with pytest.warns(GradientLostWarning):
        math.exp(value)
    with pytest.warns(GradientLostWarning):
        float(value * 2)


def test_float_is_silent_when_nothing_is_lost():
    value = Value(2.0)
    loss = value * value
    loss.backward()
    assert float(loss) == 4.0
    assert float(value) == 2.0
    assert float(Value(2.0, requires_grad=False)) == 2.0
    assert float(loss.detach()) == 4.0
    with autograd.no_grad():
        assert float(value * 3) == 6.0


def test_reading_a_number_is_silent():
    value = Value(2.0)
    assert (value.data, value.item(), f"{value:.1f}", int(value), bool(value)) == (
        2.0,
        2.0,
        "2.0",
        2,
        True,
    )
    assert value > 1
    assert str(value)


def test_warning_points_at_the_line_that_converts():
    with pytest.warns(GradientLostWarning) as caught:
        float(Value(2.0))
    assert caught[0].filename == __file__


def test_warning_as_an_error_is_raised():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(GradientLostWarning):
            math.exp(Value(2.0))


# Arrays


def test_repr_of_arrays():
    value = Value([[1.0, 2.5], [3.0, 4.0]])
    assert repr(value) == str(value) == f"{value}"
    assert repr(value).startswith("Value([[1. , 2.5],")
    assert "grad=" in repr(value)
    assert repr(Value(np.zeros((100, 100)))).endswith("shape=(100, 100))")


@pytest.mark.parametrize("form", [".3f", "g", ">10"])
@pytest.mark.parametrize("shape", [(3,), (1,), (2, 2)])
def test_format_of_an_array_is_refused(form, shape):
    message = rf"^\[format\] '{form}' was given for an array of shape .* - a scalar is needed\. .*"
    with pytest.raises(TypeError, match=message):
        format(Value(np.ones(shape)), form)


def test_round():
    assert (round(Value(2.567)), round(Value(2.567), 1)) == (3, 2.6)
    assert type(round(Value(2.567))) is int
    for rounded in (round(Value([1.567, -2.5]), 1), np.round(Value([1.567, -2.5]), 1)):
        assert type(rounded) is np.ndarray
        assert rounded.tolist() == [1.6, -2.5]
    assert round(Value([1.567, -2.5])).tolist() == [2.0, -2.0]


VALUES = {
    "scalar": 2.0,
    "array": np.array([1.0, 2.0, 3.0]),
    "column": np.array([[1.0], [2.0], [math.nan]]),
}


@pytest.mark.parametrize("other", [2, 2.0, np.float32(2), np.int64(2), np.array(2), *VALUES])
@pytest.mark.parametrize("data", VALUES)
@pytest.mark.parametrize("name", ["lt", "le", "eq", "ne", "gt", "ge"])
def test_comparison_is_that_of_the_data(name, data, other):
    compare = getattr(operator, name)
    left, right = VALUES[data], VALUES.get(other, other) if isinstance(other, str) else other
    expected, mirrored = compare(left, right), compare(right, left)
    value = Value(left)
    for result in (compare(value, right), compare(value, Value(right))):
        assert type(result) is (np.ndarray if np.ndim(expected) else bool)
        np.testing.assert_array_equal(result, expected)
    np.testing.assert_array_equal(compare(right, value), mirrored)


def test_conversion_of_one_element():
    for shape in [(1,), (1, 1)]:
        value = Value(np.full(shape, 2.5), requires_grad=False)
        assert (float(value), int(value), bool(value), value.item()) == (2.5, 2, True, 2.5)
    with pytest.warns(GradientLostWarning):
        float(Value([2.5]))


@pytest.mark.parametrize("convert", [float, int, bool, Value.item])
def test_conversion_of_many_elements_is_refused(convert):
    with pytest.raises((TypeError, ValueError), match=r"^\[\w+\] an array of shape \(3,\) was"):
        convert(Value([1.0, 2.0, 3.0]))


def test_asarray_of_a_leaf_shares_its_memory():
    value = Value([1.0, 2.0], requires_grad=False)
    array = np.asarray(value)
    assert type(array) is np.ndarray
    assert np.shares_memory(array, value.data)
    array[0] = 5.0
    assert value.data[0] == 5.0
    copied = np.array(value)
    assert not np.shares_memory(copied, value.data)
    assert np.asarray(value, dtype=np.float32).dtype == np.float32


@pytest.mark.parametrize(
    "lose",
    [
        np.asarray,
        lambda x: np.array([x, x]),
        lambda x: np.zeros(2).__setitem__(..., x),
        lambda x: np.eye(2).dot(x),
        lambda x: Value([x, x]),
    ],
)
def test_array_whose_gradient_is_lost_is_warned_of(lose):
    x = Value([1.0, 2.0])
    with pytest.warns(autograd.GradientLostWarning, match=r"^\[asarray\] a Value that requires"):
        lose(x)
    with autograd.no_grad():
        lose(x)
    lose(x.detach())
    (x * x).sum().backward()
    lose(x)  # to be looked at


def test_asarray_copies_only_where_it_may():
    value = Value([1.0, 2.0], requires_grad=False)
    assert value.__array__(np.float64, copy=False)[1] == 2.0  # as NumPy 2 asks
    with pytest.raises(ValueError, match=r"^\[asarray\] copy=False was given with another dtype"):
        value.__array__(np.float32, copy=False)


def test_data_outlives_the_value():
    array = Value([1.0, 2.0]).data
    [Value([8.0, 9.0]) for _ in range(10)]
    assert array.tolist() == [1.0, 2.0]


def test_data_of_a_result_cannot_be_written():
    result = Value([1.0, 2.0]) * 2
    with autograd.no_grad():
        converted = np.asarray(result)
    for array in (result.data, converted):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 5.0
    with pytest.raises(AttributeError, match=r"^\[data\] the result of \[multiply\] was given"):
        result.data = [1.0, 2.0]


@pytest.mark.parametrize("new", [[7.0, 8.0], 7.0, np.array([7.0, 8.0]), "reversed"], ids=str)
def test_who_has_the_data_keeps_them_when_others_are_assigned(new):
    leaf = Value([1.0, 2.0])
    element = leaf[0]
    old = leaf.data
    leaf.data = old[::-1] if isinstance(new, str) else new
    assert old.tolist() == [1.0, 2.0]
    assert leaf.data.tolist() == (
        [2.0, 1.0] if isinstance(new, str) else list(np.broadcast_to(new, 2))
    )
    assert element.data == leaf.data[0]
    changed = leaf.data
    leaf.data = old
    assert leaf.data.tolist() == [1.0, 2.0]
    assert changed[0] == 7.0 or isinstance(new, str)
    element.data = 5.0
    assert leaf.data.tolist() == [5.0, 2.0]


def test_data_that_nobody_has_are_assigned_in_place():
    leaf = Value(np.zeros(1_000))
    place = leaf.data.ctypes.data
    leaf.data = np.ones(1_000)
    assert leaf.data.ctypes.data == place
    shown = leaf.data
    shown[0] = 3.0
    leaf.data -= 1.0
    assert shown[0] == leaf.data[0] == 2.0
    assert leaf.data.ctypes.data == place


def test_an_assignment_leaves_shared_memory_alone():
    array = np.array([1.0, 2.0])
    leaf = Value(array, copy=False)
    part = leaf.reshape(2, 1)
    leaf.data = [3.0, 4.0]
    assert array.tolist() == [1.0, 2.0]
    assert part.data.ravel().tolist() == [1.0, 2.0]
    with pytest.raises(autograd.StaleValueError):
        part.sum().backward()


def test_who_has_the_gradient_keeps_it_when_another_is_assigned():
    x = Value([1.0, 2.0])
    (x * x).sum().backward()
    old = x.grad
    for new in (3.0, 0.0, [5.0, 6.0]):
        x.grad = new
        assert old.tolist() == [2.0, 4.0]
        assert x.grad.tolist() == list(np.broadcast_to(new, 2))


def test_copy_is_a_choice():
    array = np.array([1.0, 2.0])
    assert not np.shares_memory(Value(array).data, array)
    shared = Value(array, copy=False)
    assert np.shares_memory(shared.data, array)
    array[0] = 7.0
    assert shared.data[0] == 7.0
    for other in (np.array([1, 2]), array[::-1], [1.0, 2.0]):
        assert not np.shares_memory(Value(other, copy=False).data, array)


def pickled(value: object) -> object:
    return pickle.loads(pickle.dumps(value))


@pytest.mark.parametrize("duplicate", [pickled, copy.copy, copy.deepcopy])
@pytest.mark.parametrize("requires_grad", [True, False])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("shape", [(3,), (2, 3), (0,), (1, 1, 1)])
def test_copies_of_an_array(duplicate, requires_grad, dtype, shape):
    data = np.random.default_rng(0).normal(size=shape).astype(dtype)
    leaf = Value(data, requires_grad=requires_grad, label="weights")
    leaf.grad = data * 2
    twin = duplicate(leaf)
    assert twin is not leaf
    assert (twin.dtype, twin.shape, twin.label) == (dtype, shape, "weights")
    assert twin.requires_grad is requires_grad
    assert twin.is_leaf
    np.testing.assert_array_equal(twin.data, data)
    np.testing.assert_array_equal(twin.grad, data * 2)
    twin.data[...] = 0.0
    twin.grad = 0.0
    np.testing.assert_array_equal(leaf.data, data)
    np.testing.assert_array_equal(leaf.grad, data * 2)


def test_copies_keep_what_is_shared():
    leaf = Value([1.0, 2.0])
    twins = copy.deepcopy({"a": leaf, "b": [leaf]})
    assert twins["a"] is twins["b"][0]
