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
}
FUNCTIONS = {
    "+": autograd.add,
    "-": autograd.subtract,
    "*": autograd.multiply,
    "/": autograd.divide,
    "**": autograd.power,
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


def kind(number: object) -> str:
    return f"{type(number).__name__}-{getattr(number, 'dtype', '')}".rstrip("-")


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


@pytest.mark.parametrize("symbol", OPERATORS)
def test_a_number_is_stored_as_a_number(symbol):
    x = Value(2.0)
    assert OPERATORS[symbol](x, 4).args == (x, 4.0)
    assert OPERATORS[symbol](4, x).args == (4.0, x)
    number = OPERATORS[symbol](x, 4).args[1]
    assert type(number) is float


@pytest.mark.parametrize("symbol", OPERATORS)
def test_in_place_operators_rebind(symbol):
    calculate = getattr(
        operator, {"+": "iadd", "-": "isub", "*": "imul", "/": "itruediv", "**": "ipow"}[symbol]
    )
    x = Value(2.0)
    kept = x
    x = calculate(x, 3)
    assert x is not kept
    assert kept.data == 2.0
    assert x.args[0] is kept
    assert x.data == OPERATORS[symbol](2.0, 3)


@pytest.mark.parametrize("symbol", [*OPERATORS, "//", "%", "@", "<<"])
@pytest.mark.parametrize("other", ["2", None, [1.0], (1.0,), {}, 2j, object()], ids=kind)
@pytest.mark.usefixtures("balanced")
def test_foreign_types_are_refused_on_both_sides(symbol, other):
    more = {"//": operator.floordiv, "%": operator.mod, "@": operator.matmul, "<<": operator.lshift}
    calculate = {**OPERATORS, **more}[symbol]
    x = Value(2.0)
    with pytest.raises(TypeError):
        calculate(x, other)
    if not (symbol == "%" and isinstance(other, str)):  # a str formats with %
        with pytest.raises(TypeError):
            calculate(other, x)


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


def test_numpy_array_of_values_keeps_the_values():
    a, b = Value(1.0), Value(2.0)
    array = np.array([a, b])
    assert array.dtype == object
    assert array[0] is a
    assert array[1] is b


def test_object_arrays_calculate_with_values():
    a, b = Value(3.0), Value(4.0)
    array = np.array([a, b])
    length = (array * array).sum() ** 0.5
    assert type(length) is Value
    assert length.data == 5.0
    length.backward()
    assert (a.grad, b.grad) == pytest.approx((0.6, 0.8), rel=1e-15)
    assert (array @ array).data == 25.0
    assert [value.data for value in 2 * array - 1] == [5.0, 7.0]


def test_object_array_beside_a_value():
    a, b, x = Value(3.0), Value(4.0), Value(2.0)
    array = np.array([a, b])
    for product in (array * x, x * array):
        assert product.dtype == object
        assert [type(one) for one in product] == [Value, Value]
        assert [one.data for one in product] == [6.0, 8.0]
    assert [one.data for one in x - array] == [-1.0, -2.0]
    assert [one.data for one in array - x] == [1.0, 2.0]


def test_numpy_functions_do_not_drop_the_gradient():
    """Either a Value with its gradient, or an error: never a plain number in silence."""
    x = Value(0.5)
    for ours, theirs in [
        (autograd.exp, np.exp),
        (autograd.tanh, np.tanh),
        (autograd.sqrt, np.sqrt),
    ]:
        try:
            result = theirs(x)
        except TypeError:
            continue
        assert type(result) is Value
        assert result.data == ours(x).data
        assert result.requires_grad


def test_copy_of_an_operand_is_another_leaf():
    x = Value(2.0)
    twin = copy.deepcopy(x)
    (x * twin).backward()
    assert (x.grad, twin.grad) == (2.0, 2.0)
