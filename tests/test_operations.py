"""Every entry of the table of operations: value and derivatives of each order.

One test a property, parametrised over `autograd.OPERATIONS`: a new entry is tested by being there.
Kinks, ties, foreign operands and far arguments are in `test_operands.py` and `test_kinks.py`.
"""

from __future__ import annotations

import math
import pathlib
from typing import TYPE_CHECKING

import pytest

import autograd
from autograd import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

torch = pytest.importorskip("torch")

TABLE = [operation for operation in autograd.OPERATIONS if operation.arity > 0]
each_operation = pytest.mark.parametrize("operation", TABLE, ids=lambda entry: entry.name)

PROMISED = """
    negative positive absolute exp exp2 expm1 log log2 log10 log1p sqrt cbrt square reciprocal
    sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf erfc lgamma digamma
    sigmoid relu silu gelu softplus sign floor ceil
    add subtract multiply divide power maximum minimum hypot atan2 leaky_relu elu polygamma
    logaddexp floor_divide remainder clip where
"""

EULER = 0.57721566490153286  # DLMF 5.2.3
APERY = 1.2020569031595943  # zeta(3), DLMF 25.6

# PyTorch's trigamma has only ten digits: 4e-10 against 5e-16 of ours at x = 1.46.
TORCH_ERROR = {"digamma": 1e-9, "polygamma": 1e-9}

SOURCES = pathlib.Path(__file__).parents[1] / "src"


def gradient(root: Value, arguments: Sequence[Value]) -> list[Value]:
    """Return d root / d arguments as Values, zeros where the root depends on none."""
    if not root.requires_grad:
        return [Value(0.0, requires_grad=False) for _ in arguments]
    return autograd.grad(root, list(arguments), create_graph=True)


def hessian(operation: autograd.Operation, point: Sequence[float]) -> list[list[Value]]:
    arguments = [Value(number) for number in point]
    first = gradient(operation.function(*arguments), arguments)
    return [gradient(row, arguments) for row in first]


def torch_gradient(root: torch.Tensor, arguments: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    if not root.requires_grad:
        return [torch.zeros(()) for _ in arguments]
    found = torch.autograd.grad(root, arguments, create_graph=True, allow_unused=True)
    return [torch.zeros(()) if one is None else one for one in found]


def torch_arguments(point: Sequence[float]) -> list[torch.Tensor]:
    return [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in point]


def value_at(operation: autograd.Operation):
    return lambda *point: operation.function(*point).data


def first_at(operation: autograd.Operation, row: int):
    def derivative(*point: float) -> float:
        arguments = [Value(number) for number in point]
        return gradient(operation.function(*arguments), arguments)[row].data

    return derivative


def test_table_holds_what_is_promised():
    names = [operation.name for operation in autograd.OPERATIONS]
    assert len(names) == len(set(names))
    assert set(PROMISED.split()) <= set(names)


@each_operation
def test_entry_is_complete(operation):
    assert operation.function is getattr(autograd, operation.name)
    assert len(operation.domains) == operation.arity
    assert all(low < high for low, high in operation.domains)
    assert operation.formula
    assert operation.kinks == tuple(sorted(operation.kinks))
    with pytest.raises(AttributeError):
        operation.name = "other"


@each_operation
def test_docstring_has_an_example(operation):
    assert ">>>" in operation.function.__doc__
    method = getattr(Value, operation.name, None)
    if method is not None:
        assert method.__doc__


def test_methods_are_where_the_first_argument_is_the_value():
    without = {operation.name for operation in TABLE if not hasattr(Value, operation.name)}
    assert without == {"polygamma", "where"}


@pytest.mark.parametrize(
    "operation",
    [entry for entry in TABLE if entry.name not in ("polygamma", "where")],
    ids=lambda entry: entry.name,
)
def test_method_is_the_function(operation, samples):
    for point in samples(operation):
        first, *rest = point
        by_method = getattr(Value(first), operation.name)(*rest)
        by_function = operation.function(Value(first), *rest)
        assert type(by_method) is type(by_function) is Value
        assert by_method.data == by_function.data
        assert by_method.op == by_function.op == operation.name


@each_operation
def test_plain_numbers_give_a_constant(operation, samples):
    for point in samples(operation, 3):
        constant = operation.function(*point)
        assert type(constant) is Value
        assert not constant.requires_grad
        assert constant.args == ()
        assert constant.data == operation.function(*map(Value, point)).data


@each_operation
def test_value_and_gradient_match_torch(operation, samples, torch_function):
    for point in samples(operation):
        arguments = [Value(number) for number in point]
        root = operation.function(*arguments)
        root.backward()
        others = torch_arguments(point)
        other = torch_function(operation.name)(*others)
        error = 1e-13 if operation.name != "polygamma" else TORCH_ERROR["polygamma"]
        assert root.data == pytest.approx(other.item(), rel=error, abs=1e-15)
        expected = [one.item() for one in torch_gradient(other, others)]
        error = TORCH_ERROR.get(operation.name, 1e-11)
        assert [one.grad for one in arguments] == pytest.approx(expected, rel=error, abs=1e-13)


@each_operation
def test_gradient_matches_differences(operation, samples, central_difference):
    for point in samples(operation):
        if operation.name == "polygamma":
            point = (int(point[0]), *point[1:])
        arguments = [Value(number) for number in point]
        operation.function(*arguments).backward()
        for index, argument in enumerate(arguments):
            if (operation.name, index) in (("polygamma", 0), ("where", 0)):
                assert argument.grad == 0.0  # an order, a condition: no direction to move in
                continue
            expected = central_difference(value_at(operation), point, index)
            assert argument.grad == pytest.approx(expected, rel=1e-7, abs=1e-9)


@each_operation
def test_gradient_of_one_argument_beside_numbers(operation, samples):
    """A number stored in the node and a Value in its place give the same bits."""
    for point in samples(operation, 4):
        everything = [Value(number) for number in point]
        operation.function(*everything).backward()
        for index, number in enumerate(point):
            alone = Value(number)
            root = operation.function(*point[:index], alone, *point[index + 1 :])
            root.backward()
            assert alone.grad == everything[index].grad


@each_operation
def test_second_derivative_matches_torch(operation, samples, torch_function):
    for point in samples(operation, 6):
        others = torch_arguments(point)
        first = torch_gradient(torch_function(operation.name)(*others), others)
        expected = [[one.item() for one in torch_gradient(row, others)] for row in first]
        for ours, theirs in zip(hessian(operation, point), expected, strict=True):
            assert [one.data for one in ours] == pytest.approx(theirs, rel=1e-9, abs=1e-11)


@each_operation
def test_second_derivative_matches_differences(operation, samples, central_difference):
    for point in samples(operation, 6):
        for row, ours in enumerate(hessian(operation, point)):
            for index, one in enumerate(ours):
                if (operation.name, index) in (("polygamma", 0), ("where", 0)):
                    assert one.data == 0.0
                    continue
                expected = central_difference(first_at(operation, row), point, index)
                assert one.data == pytest.approx(expected, rel=1e-6, abs=1e-8)


@each_operation
def test_third_derivative_matches_differences(operation, samples, central_difference):
    """The gradient of the gradient of the gradient, through the first argument that has one."""
    index = 1 if operation.name in ("polygamma", "where") else 0

    def second_at(*point: float) -> float:
        return hessian(operation, point)[index][index].data

    for point in samples(operation, 3):
        arguments = [Value(number) for number in point]
        root = operation.function(*arguments)
        for _ in range(3):
            root = gradient(root, arguments)[index]
        expected = central_difference(second_at, point, index)
        assert root.data == pytest.approx(expected, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("name", [entry.name for entry in TABLE if entry.arity == 1])
def test_grad_of_grad_is_the_second_derivative(name, samples):
    operation = next(entry for entry in TABLE if entry.name == name)
    second = autograd.grad(autograd.grad(operation.function))
    for point in samples(operation, 3):
        derivative = second(*point)
        assert type(derivative) is float
        assert derivative == pytest.approx(hessian(operation, point)[0][0].data, rel=1e-14)


@pytest.mark.parametrize(
    ("order", "x", "expected"),
    [  # DLMF 5.4.12, 5.4.13, 5.15.2, 5.15.3 and the recurrence 5.15.5
        (0, 1.0, -EULER),
        (0, 0.5, -EULER - 2.0 * math.log(2.0)),
        (0, -0.5, -EULER - 2.0 * math.log(2.0) + 2.0),
        (1, 1.0, math.pi**2 / 6.0),
        (1, 0.5, math.pi**2 / 2.0),
        (1, -0.5, math.pi**2 / 2.0 + 4.0),
        (2, 1.0, -2.0 * APERY),
        (2, 0.5, -14.0 * APERY),
        (3, 1.0, math.pi**4 / 15.0),
        (3, 0.5, math.pi**4),
    ],
)
def test_polygamma_at_known_points(order, x, expected):
    assert autograd.polygamma(order, x).data == pytest.approx(expected, rel=3e-15)
    if order == 0:
        assert autograd.digamma(x).data == autograd.polygamma(0, x).data


@pytest.mark.parametrize(("low", "high"), [(None, 1.0), (0.0, None), (None, None)])
@pytest.mark.parametrize("data", [-1.0, 0.5, [-1.0, 0.5, 3.0]])
def test_none_is_no_bound(data, low, high):
    bounds = (-math.inf if low is None else low, math.inf if high is None else high)
    named = {"low": low, "high": high}
    named = {name: bound for name, bound in named.items() if bound is not None}
    for call in (
        lambda x: autograd.clip(x, low, high),
        lambda x: x.clip(low, high),
        lambda x: autograd.clip(x, **named),
        lambda x: x.clip(**named),
    ):
        x, y = Value(data), Value(data)
        result, expected = call(x), autograd.clip(y, *bounds)
        assert str(result) == str(expected)
        assert autograd.grad(result.sum(), [x])[0] == pytest.approx(
            autograd.grad(expected.sum(), [y])[0]
        )


def test_none_is_a_default():
    assert autograd.leaky_relu(-2.0, None).data == autograd.leaky_relu(-2.0).data == -0.02
    assert Value(-1.0).elu(alpha=None).data == Value(-1.0).elu().data
    with pytest.raises(TypeError, match=r"\[maximum\] None was given"):
        autograd.maximum(Value(1.0), None)


@pytest.mark.skipif(not SOURCES.is_dir(), reason="needs a checkout")
def test_an_operation_is_named_in_one_source_file():
    """To add an operation is to add one entry: the table, and the stub generated from it."""
    named = {
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*")
        if path.suffix in (".cpp", ".hpp", ".h", ".py", ".pyi")
        and "asinh" in path.read_text(encoding="utf-8")
    }
    assert named == {"cpp/core/operations.hpp", "autograd/_core.pyi"}
