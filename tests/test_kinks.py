"""Where an operation has no derivative, or two, or where its value is far out: what we answer."""

from __future__ import annotations

import math

import pytest

import autograd
from autograd import Value

torch = pytest.importorskip("torch")

INF, NAN = math.inf, math.nan

# (operation, arguments, value, gradients): PyTorch agrees but for hypot, where it gives nan.
KINKS = [
    ("relu", (0.0,), 0.0, (0.0,)),
    ("absolute", (0.0,), 0.0, (0.0,)),
    ("leaky_relu", (0.0, 0.01), 0.0, (0.01, 0.0)),
    ("leaky_relu", (-2.0, 0.1), -0.2, (0.1, -2.0)),
    ("elu", (0.0, 1.5), 0.0, (1.5, 0.0)),
    ("maximum", (2.0, 2.0), 2.0, (0.5, 0.5)),
    ("minimum", (2.0, 2.0), 2.0, (0.5, 0.5)),
    ("clip", (1.0, 1.0, 3.0), 1.0, (1.0, 0.0, 0.0)),
    ("clip", (3.0, 1.0, 3.0), 3.0, (1.0, 0.0, 0.0)),
    ("clip", (0.5, 1.0, 3.0), 1.0, (0.0, 1.0, 0.0)),
    ("clip", (3.5, 1.0, 3.0), 3.0, (0.0, 0.0, 1.0)),
    ("hypot", (0.0, 0.0), 0.0, (0.0, 0.0)),
    ("logaddexp", (INF, INF), INF, (NAN, NAN)),
    ("logaddexp", (-INF, -INF), -INF, (NAN, NAN)),
    ("logaddexp", (-INF, 3.0), 3.0, (0.0, 1.0)),
    ("sqrt", (0.0,), 0.0, (INF,)),
    ("cbrt", (0.0,), 0.0, (INF,)),
    ("sign", (0.0,), 0.0, (0.0,)),
    ("floor", (2.0,), 2.0, (0.0,)),
    ("ceil", (2.0,), 2.0, (0.0,)),
    ("power", (0.0, 0.0), 1.0, (0.0, 0.0)),
    ("power", (0.0, 1.0), 0.0, (1.0, 0.0)),
    ("power", (0.0, 2.0), 0.0, (0.0, 0.0)),
    ("power", (0.0, 0.5), 0.0, (INF, 0.0)),
    ("power", (-2.0, 2.0), 4.0, (-4.0, NAN)),
    ("power", (-2.0, 3.0), -8.0, (12.0, NAN)),
    ("power", (-2.0, -1.0), -0.5, (-0.25, NAN)),
    ("power", (1.0, 5.0), 1.0, (5.0, 0.0)),
    ("square", (0.0,), 0.0, (0.0,)),
    ("where", (1.0, 2.0, 3.0), 2.0, (0.0, 1.0, 0.0)),
    ("where", (0.0, 2.0, 3.0), 3.0, (0.0, 0.0, 1.0)),
]


def identifier(case: object) -> str | None:
    return str(case).replace(" ", "") if isinstance(case, tuple | str) else None


each_kink = pytest.mark.parametrize(("name", "point", "value", "gradients"), KINKS, ids=identifier)


@each_kink
def test_stated_gradient(name, point, value, gradients):
    arguments = [Value(number) for number in point]
    root = getattr(autograd, name)(*arguments)
    assert root.data == value
    root.backward()
    assert [one.grad for one in arguments] == pytest.approx(list(gradients), nan_ok=True)


@each_kink
def test_stated_gradient_through_create_graph(name, point, value, gradients):
    arguments = [Value(number) for number in point]
    root = getattr(autograd, name)(*arguments)
    assert root.data == value
    found = autograd.grad(root, arguments, create_graph=True)
    assert [one.data for one in found] == pytest.approx(list(gradients), nan_ok=True)


@each_kink
def test_stated_gradient_beside_numbers(name, point, value, gradients):
    for index, expected in enumerate(gradients):
        x = Value(point[index])
        root = getattr(autograd, name)(*point[:index], x, *point[index + 1 :])
        assert root.data == value
        root.backward()
        assert x.grad == pytest.approx(expected, nan_ok=True)


def test_ties_of_one_value_with_itself():
    x = Value(3.0)
    (autograd.maximum(x, x) + autograd.minimum(x, x)).backward()
    assert x.grad == 2.0


ODD = """
    negative positive sqrt cbrt sin tan asin atan sinh tanh asinh atanh erf expm1 log1p floor ceil
"""


def test_signed_zero_is_kept():
    for x in (0.0, -0.0):
        for name in ODD.split():
            expected = -x if name == "negative" else x
            found = getattr(autograd, name)(x).data
            assert math.copysign(1.0, found) == math.copysign(1.0, expected), name


FAR_ARGUMENTS = [
    (entry, x)
    for entry in autograd.OPERATIONS
    for x in (1000.0, -1000.0, 40.0, -40.0)
    if entry.arity == 1 and entry.domains[0][0] < x < entry.domains[0][1]
]


@pytest.mark.parametrize(
    ("entry", "x"), FAR_ARGUMENTS, ids=[f"{entry.name}({x})" for entry, x in FAR_ARGUMENTS]
)
def test_far_arguments_are_stable(entry, x, torch_function):
    """Finite where the function is finite there; OverflowError where it is not."""
    other_argument = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    other = torch_function(entry.name)(other_argument)
    argument = Value(x)
    if math.isinf(other.item()):
        with pytest.raises(OverflowError):
            entry.function(argument)
        return
    root = entry.function(argument)
    assert root.data == pytest.approx(other.item(), rel=1e-12, abs=1e-300)
    first, second = derivatives(root, argument)
    assert math.isfinite(first)
    assert math.isfinite(second)
    if other.requires_grad:
        (expected,) = torch.autograd.grad(other, other_argument)
        if math.isfinite(expected.item()):
            assert first == pytest.approx(expected.item(), rel=1e-12, abs=1e-15)


def derivatives(root: Value, argument: Value) -> tuple[float, float]:
    (first,) = autograd.grad(root, [argument], create_graph=True)
    if not first.requires_grad:
        return first.data, 0.0
    (second,) = autograd.grad(first, [argument])
    return first.data, second


FAR = [
    ("sigmoid", (1000.0,), 1.0, (0.0,)),
    ("sigmoid", (-1000.0,), 0.0, (0.0,)),
    ("tanh", (1000.0,), 1.0, (0.0,)),
    ("tanh", (-1000.0,), -1.0, (0.0,)),
    ("softplus", (1000.0,), 1000.0, (1.0,)),
    ("softplus", (-1000.0,), 0.0, (0.0,)),
    ("silu", (1000.0,), 1000.0, (1.0,)),
    ("silu", (-1000.0,), 0.0, (0.0,)),
    ("gelu", (1000.0,), 1000.0, (1.0,)),
    ("gelu", (-1000.0,), 0.0, (0.0,)),
    ("elu", (1000.0, 1.0), 1000.0, (1.0, 0.0)),
    ("elu", (-1000.0, 1.0), -1.0, (0.0, -1.0)),
    ("erfc", (1000.0,), 0.0, (0.0,)),
    ("hypot", (3e200, 4e200), 5e200, (0.6, 0.8)),
    ("hypot", (3e-200, 4e-200), 5e-200, (0.6, 0.8)),
    ("logaddexp", (1000.0, -1000.0), 1000.0, (1.0, 0.0)),
    ("logaddexp", (-1e300, 1.0), 1.0, (0.0, 1.0)),
    ("atan2", (1e200, 1e200), math.pi / 4, (5e-201, -5e-201)),
    ("asinh", (1e200,), math.asinh(1e200), (1e-200,)),
    ("acosh", (1e200,), math.acosh(1e200), (1e-200,)),
]


@pytest.mark.parametrize(("name", "point", "value", "gradients"), FAR, ids=identifier)
def test_far_value_and_gradient(name, point, value, gradients):
    arguments = [Value(number) for number in point]
    root = getattr(autograd, name)(*arguments)
    assert root.data == pytest.approx(value, rel=1e-15)
    root.backward()
    assert [one.grad for one in arguments] == pytest.approx(list(gradients), rel=1e-14, abs=0.0)


@pytest.mark.parametrize("shift", [0.0, 1000.0, -1000.0])
def test_logsumexp_and_softmax_are_stable(shift):
    values = [Value(shift + number) for number in (0.0, 1.0, 2.0)]
    root = autograd.logsumexp(values)
    root.backward()
    scale = sum(math.exp(number) for number in (0.0, 1.0, 2.0))
    assert root.data == pytest.approx(shift + math.log(scale), rel=1e-15)
    expected = [math.exp(number) / scale for number in (0.0, 1.0, 2.0)]
    assert [value.grad for value in values] == pytest.approx(expected, rel=1e-12)


def test_logsumexp_of_one_far_below_the_other():
    low, high = Value(-1000.0), Value(1000.0)
    root = autograd.logsumexp([low, high])
    root.backward()
    assert (root.data, low.grad, high.grad) == (1000.0, 0.0, 1.0)


def test_infinity_and_nan_flow_when_the_user_gives_them():
    x = Value(INF)
    y = x - x
    assert math.isnan(y.data)
    y.backward()
    assert x.grad == 0.0
    assert (x + 1).data == INF
    assert math.isnan((Value(NAN) * 2).data)
    assert math.isnan(autograd.maximum(Value(NAN), 1.0).data)
    assert math.isnan(autograd.logaddexp(Value(NAN), 1.0).data)


NOT_CHOSEN = {
    "where": lambda x, y: autograd.where(True, x, y),
    "maximum": lambda x, y: autograd.maximum(x, y - 1.0),
    "minimum": lambda x, y: autograd.minimum(x, y + 1.0),
    "clip": lambda x, y: autograd.clip(y + 5.0, -1.0, x),
    "relu": lambda x, y: autograd.relu(y - 1.0) + x,
}


@pytest.mark.parametrize("name", NOT_CHOSEN)
def test_what_was_not_chosen_gets_zero_against_an_infinite_adjoint(name):
    """PyTorch agrees: it selects, and forms no product 0 * inf."""
    for sweep in (Value.backward, lambda root: root.backward(create_graph=True)):
        x, y = Value(0.0), Value(0.0)
        sweep(autograd.sqrt(NOT_CHOSEN[name](x, y)))  # the derivative of sqrt at 0 is inf
        assert float(x.grad) == INF
        assert float(y.grad) == 0.0


def test_power_of_zero_has_no_gradient_to_any_base():
    for base in (1e-300, -1e-300, INF, -INF, 0.0):
        x = Value(base)
        (x**0).backward()
        assert x.grad == 0.0


def test_mixed_derivative_of_power_at_exponent_zero():
    """d2/dx dy x**y = x**(y-1) (1 + y log x), 1/x at y = 0, where PyTorch gives 0."""
    x, y = Value(2.0), Value(0.0)
    to_x, to_y = autograd.grad(x**y, [x, y], create_graph=True)
    assert (to_x.data, to_y.data) == (0.0, pytest.approx(math.log(2.0)))
    assert autograd.grad(to_x, y) == 0.5
    assert autograd.grad(to_y, x) == 0.5


def test_where_leaks_no_nan_from_the_branch_not_taken():
    x = Value(0.0)
    safe = autograd.where(x > 0, autograd.sqrt(x), x * 2)
    safe.backward()
    assert x.grad == 2.0

    y = Value(-2.0)
    exponent = Value(2.0)
    autograd.where(False, y**exponent, exponent * 3).backward()
    assert (y.grad, exponent.grad) == (0.0, 3.0)
