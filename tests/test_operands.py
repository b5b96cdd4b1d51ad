"""What may stand beside a Value: each kind of number, on both sides of each operator."""

from __future__ import annotations

import copy
import operator

import numpy as np
import pytest

import autograd
from autograd import Value

OPERATORS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "%": operator.mod,
    "//": operator.floordiv,
}
FUNCTIONS = {
    "+": autograd.add,
    "-": autograd.subtract,
    "*": autograd.multiply,
    "/": autograd.divide,
    "**": autograd.power,
    "%": autograd.remainder,
    "//": autograd.floor_divide,
}
NUMBERS = [
    3,
    True,
    1.5,
    np.float64(1.5),
    np.float32(1.5),
    np.float16(1.5),
    np.int64(3),
    np.int8(3),
    np.uint8(3),
    np.bool_(True),
    np.array(1.5),
    np.array(3),
    np.array(1.5, dtype=np.float32),
]


ARRAYS = {
    "float64": np.array([1.5, 0.5, 3.0]),
    "float32": np.array([1.5, 0.5, 3.0], dtype=np.float32),
    "int64": np.array([1, 2, 3]),
    "uint8": np.array([1, 2, 3], dtype=np.uint8),
    "bool": np.array([True, True, True]),
    "one element": np.array([1.5]),
    "two axes": np.array([[1.5, 0.5, 3.0], [2.0, 1.0, 0.25]]),
    "column": np.array([[1.5], [2.0]]),
    "strided": np.array([1.5, 9.0, 0.5, 9.0, 3.0, 9.0])[::2],
    "reversed": np.array([1.5, 0.5, 3.0])[::-1],
    "transposed": np.array([[1.5, 2.0], [0.5, 1.0], [3.0, 0.25]]).T,
    "no element": np.zeros((0, 3)),
}


def kind(number: object) -> str:
    return f"{type(number).__name__}-{getattr(number, 'dtype', '')}".rstrip("-")


def elementwise(calculate, data, other, side):
    """Return the gradient of the sum of the elements with respect to `data`, by scalar Values."""
    leaves = [Value(number) for number in data.ravel()]
    places = np.arange(data.size).reshape(data.shape)
    for place, number in np.broadcast(places, other):
        x, number = leaves[place], float(number)
        (calculate(x, number) if side == "right" else calculate(number, x)).backward()
    return np.array([x.grad for x in leaves]).reshape(data.shape)


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("number", NUMBERS, ids=kind)
@pytest.mark.parametrize("symbol", OPERATORS)
def test_number_beside_a_value(symbol, number, side, central_difference):
    calculate = OPERATORS[symbol]

    def plain(x: float) -> float:
        pair = (x, float(number)) if side == "right" else (float(number), x)
        return calculate(*pair)

    for apply in (calculate, FUNCTIONS[symbol]):
        x = Value(2.25)
        result = apply(x, number) if side == "right" else apply(number, x)
        assert type(result) is Value
        assert result.data == plain(2.25)
        assert result.requires_grad
        result.backward()
        assert x.grad == pytest.approx(central_difference(plain, [2.25], 0), rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("data", [2.25, [2.25, 1.25, 0.75]], ids=["scalar", "array"])
@pytest.mark.parametrize("other", [*NUMBERS, *ARRAYS.values()], ids=[*map(kind, NUMBERS), *ARRAYS])
@pytest.mark.parametrize("symbol", OPERATORS)
def test_array_beside_a_value(symbol, other, data, side):
    """Numbers beside arrays, ndarrays beside both kinds of Values: a Value with its gradient."""
    data, number = np.array(data), np.asarray(other, dtype=np.float64)
    calculate = OPERATORS[symbol]
    expected = calculate(data, number) if side == "right" else calculate(number, data)
    gradient = elementwise(calculate, data, number, side)
    # A scalar takes the type of the array.
    is_single = data.ndim == 0 and number.ndim > 0 and other.dtype == np.float32
    for apply in (calculate, FUNCTIONS[symbol]):
        x = Value(data)
        result = apply(x, other) if side == "right" else apply(other, x)
        assert type(result) is Value
        assert result.shape == expected.shape
        assert np.asarray(result.data).dtype == (np.float32 if is_single else np.float64)
        precision = 1e-6 if is_single else 1e-14
        np.testing.assert_allclose(result.data, expected, rtol=precision)
        assert result.requires_grad
        result.backward(np.ones(result.shape))
        np.testing.assert_allclose(x.grad, gradient, rtol=precision)


@pytest.mark.parametrize("symbol", OPERATORS)
def test_two_values_broadcast(symbol):
    row, column = np.array([[1.5, 0.5, 3.0]]), np.array([[2.0], [0.75]])
    x, y = Value(row), Value(column)
    result = OPERATORS[symbol](x, y)
    np.testing.assert_allclose(result.data, OPERATORS[symbol](row, column), rtol=1e-15)
    result.sum().backward()
    right = elementwise(OPERATORS[symbol], row, column, "right")
    left = elementwise(OPERATORS[symbol], column, row, "left")
    np.testing.assert_allclose(x.grad, right, rtol=1e-14)
    np.testing.assert_allclose(y.grad, left, rtol=1e-14)


@pytest.mark.parametrize(
    ("left", "right"), [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((4, 2, 3), (3, 5))]
)
def test_matmul_of_a_value_and_an_array(left, right):
    a, b = np.random.default_rng(0).normal(size=left), np.random.default_rng(1).normal(size=right)
    x, y = Value(a), Value(b)
    results = [x @ y, x @ b, a @ y, np.matmul(a, y), autograd.matmul(x, b)]
    for result in results:
        assert type(result) is Value
        np.testing.assert_allclose(result.data, a @ b, rtol=1e-14)
    both = autograd.grad((results[0] ** 2).sum(), [x, y])
    np.testing.assert_array_equal(autograd.grad((results[1] ** 2).sum(), [x])[0], both[0])
    np.testing.assert_array_equal(autograd.grad((results[2] ** 2).sum(), [y])[0], both[1])


single, double = np.array([1.5, 2.5], dtype=np.float32), np.array([1.5, 2.5])


@pytest.mark.parametrize(
    ("data", "other", "dtype"),
    [
        (single, 2, np.float32),
        (single, 2.0, np.float32),
        (single, True, np.float32),
        (single, np.float32(2), np.float32),
        # A number takes the array's type, of whatever type it is itself.
        (single, np.float64(2), np.float32),
        (single, np.array(2.0), np.float32),
        (single, Value(2.0), np.float32),
        (single, single, np.float32),
        (single, Value(single), np.float32),
        (single, double, np.float64),
        (single, Value(double), np.float64),
        (double, single, np.float64),
        (double, np.float32(2), np.float64),
        (double, np.array([1, 2]), np.float64),
        # Whole numbers and truths become float64, as they do where a Value is made of them.
        (np.array([1, 2]), 2, np.float64),
        (np.array([True, False]), 2, np.float64),
        (np.array([1, 2], dtype=np.int8), Value([1.5, 2.5]), np.float64),
    ],
    ids=lambda one: "" if isinstance(one, type) else kind(one),
)
def test_types_of_results(data, other, dtype):
    x = Value(data)
    assert x.dtype == (data.dtype if data.dtype.kind == "f" else np.float64)
    for result in (x * other, other * x):
        assert type(result) is Value
        assert result.dtype == result.data.dtype == dtype
    (x * other).sum().backward()
    assert x.grad.dtype == x.dtype


@pytest.mark.parametrize("symbol", OPERATORS)
def test_a_number_is_stored_as_a_number(symbol):
    x = Value(2.0)
    assert OPERATORS[symbol](x, 4).args == (x, 4.0)
    assert OPERATORS[symbol](4, x).args == (4.0, x)
    number = OPERATORS[symbol](x, 4).args[1]
    assert type(number) is float


@pytest.mark.parametrize("symbol", OPERATORS)
def test_in_place_operators_rebind(symbol):
    names = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "**": "pow"}
    names |= {"%": "mod", "//": "floordiv"}
    calculate = getattr(operator, f"i{names[symbol]}")
    x = Value(2.0)
    kept = x
    x = calculate(x, 3)
    assert x is not kept
    assert kept.data == 2.0
    assert x.args[0] is kept
    assert x.data == OPERATORS[symbol](2.0, 3)

    array = np.array([1.0, 2.0])
    leaf = y = Value(array)
    y = calculate(y, array)
    assert y is not leaf
    assert leaf.data.tolist() == [1.0, 2.0]
    assert y.args[0] is leaf


@pytest.mark.parametrize("symbol", [*OPERATORS, "@", "<<"])
@pytest.mark.parametrize("other", ["2", None, [1.0], (1.0,), {}, 2j, object()], ids=kind)
@pytest.mark.parametrize("data", [2.0, [2.0, 3.0]], ids=["scalar", "array"])
@pytest.mark.usefixtures("balanced")
def test_foreign_types_are_refused_on_both_sides(symbol, other, data):
    more = {"@": operator.matmul, "<<": operator.lshift}
    calculate = {**OPERATORS, **more}[symbol]
    x = Value(data)
    with pytest.raises(TypeError):
        calculate(x, other)
    if not (symbol == "%" and isinstance(other, str)):  # a str formats with %
        with pytest.raises(TypeError):
            calculate(other, x)


@pytest.mark.parametrize("symbol", [*OPERATORS, "@"])
@pytest.mark.parametrize(
    "other", [np.array(["a", "b"]), np.array([1j, 2j]), np.array([None, "a"])], ids=kind
)
@pytest.mark.parametrize("data", [2.0, [2.0, 3.0]], ids=["scalar", "array"])
@pytest.mark.usefixtures("balanced")
def test_arrays_of_other_things_are_refused_on_both_sides(symbol, other, data):
    more = {"@": operator.matmul}
    calculate = {**OPERATORS, **more}[symbol]
    x = Value(data)
    for pair in [(x, other), (other, x)]:
        with pytest.raises((TypeError, ValueError)):
            calculate(*pair)


def test_another_type_may_answer():
    """A slot answers a foreign type with NotImplemented, so that the other's turn comes."""

    class Other:
        def __radd__(self, value: Value) -> str:
            return f"radd {value.data}"

        def __rpow__(self, value: Value) -> str:
            return f"rpow {value.data}"

        def __eq__(self, value: object) -> bool:
            return True

        __hash__ = None

    assert Value(2.0) + Other() == "radd 2.0"
    assert Value(2.0) ** Other() == "rpow 2.0"
    assert Value(2.0) == Other()


def test_a_type_with_float_counts_as_no_number():
    class Meters:
        def __float__(self) -> float:
            return 3.0

    with pytest.raises(TypeError):
        Value(1.0) + Meters()


def test_subclass_of_float_is_a_number():
    class Half(float):
        pass

    x = Value(3.0)
    assert (x * Half(0.5)).data == (Half(0.5) * x).data == 1.5


def test_copy_of_an_operand_is_another_leaf():
    x = Value(2.0)
    twin = copy.deepcopy(x)
    (x * twin).backward()
    assert (x.grad, twin.grad) == (2.0, 2.0)
