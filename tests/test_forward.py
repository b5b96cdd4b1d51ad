"""The forward mode: tangents of every operation, against the backward mode and differences.

For each row, `<u, jvp v> = <vjp u, v>` to the last digits, and the tangent against differences of
the function; the same of its second derivatives, for tangents that are recorded.
"""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd import Value, _core, grad, jvp, nn, vjp
from autograd.testing import check_grads

torch = pytest.importorskip("torch")

TABLE = [operation for operation in autograd.OPERATIONS if operation.arity > 0]
TANH = _core.activation("tanh")
PLACES = np.array([[0, 1], [5, 5]])
MASK = np.array([[True, False, True, True], [False] * 4, [True, True, False, True]])

# Each with the shapes of its arguments: () is a scalar.
STRUCTURAL = {
    "sum of all": (lambda x: x.sum(), (3, 4)),
    "sum of an axis": (lambda x: x.sum(0), (3, 4)),
    "sum of axes, kept": (lambda x: x.sum((0, -1), True), (3, 4, 2)),
    "mean": (lambda x: x.mean(1), (3, 4)),
    "mean of all, kept": (lambda x: x.mean(keepdims=True), (3, 4)),
    "max": (lambda x: x.max(1), (3, 4)),
    "max, kept": (lambda x: x.max(0, True), (3, 4)),
    "min of all": (lambda x: x.min(), (3, 4)),
    "reshape": (lambda x: x.reshape(2, 6), (3, 4)),
    "ravel": (lambda x: x.ravel(), (3, 4)),
    "transpose": (lambda x: x.T, (3, 4)),
    "transpose of three": (lambda x: x.transpose(2, 0, 1), (3, 4, 2)),
    "slice": (lambda x: x[1:, ::-2], (3, 4)),
    "row": (lambda x: x[1], (3, 4)),
    "element": (lambda x: x[1, 2] * x[0, 0], (3, 4)),
    "element of a result": (lambda x: (x * 2.0)[1, -1], (3, 4)),
    "fancy index": (lambda x: x[[0, 2, 0]], (3, 4)),
    "boolean index": (lambda x: x[MASK], (3, 4)),
    "new axes": (lambda x: x[None, :, ..., None], (3, 4)),
    "take": (lambda x: _core.take_flat(x, PLACES), (3, 4)),
    "iteration": (lambda x: _core.sum([row * row for row in x]), (3,)),
    "concatenate": (lambda x, y: _core.concatenate_along([x, y, x], 1), (3, 4), (3, 2)),
    "stack": (lambda x, y: _core.stack_first([x, y, x]), (3, 4), (3, 4)),
    "stack of scalars": (lambda x, y: _core.stack_first([x, y, 3.0]), (), ()),
    "matmul": (lambda x, y: x @ y, (3, 4), (4, 2)),
    "matmul with a vector": (lambda x, y: x @ y, (3, 4), (4,)),
    "vector with matmul": (lambda x, y: x @ y, (3,), (3, 2)),
    "vectors": (lambda x, y: x @ y, (4,), (4,)),
    "matmul in batches": (lambda x, y: x @ y, (2, 1, 3, 4), (5, 4, 2)),
    "matmul of transposed": (lambda x, y: x.T @ y.T, (3, 4), (2, 3)),
    "matmul with itself": (lambda x: x @ x, (3, 3)),
    "cumsum": (lambda x: _core.cumsum_along(x, 1, False), (3, 4)),
    "cumsum backwards": (lambda x: _core.cumsum_along(x, 0, True), (3, 4)),
    "softmax": (lambda x: _core.softmax(x, axis=1), (3, 4)),
    "log_softmax": (lambda x: _core.log_softmax(x, axis=0), (3, 4)),
    "logsumexp": (lambda x: _core.logsumexp(x, axis=1), (3, 4)),
    "logsumexp, kept": (lambda x: _core.logsumexp(x, keepdims=True), (3, 4)),
    "broadcast_to": (lambda x: _core.broadcast_to(x, (2, 3, 4)), (3, 1)),
    "broadcast_to of a scalar": (lambda x: _core.broadcast_to(x, (2, 3)), ()),
    "broadcasting": (lambda x, y: x * y + y, (3, 4), (4,)),
    "broadcasting of a scalar": (lambda x, y: x * y.exp() - y, (3, 4), ()),
    "broadcasting on both sides": (lambda x, y: x / y.exp(), (3, 1), (4,)),
    "where": (lambda x, y: autograd.where(np.array([True, False, True]), x, y), (3,), ()),
    "sum of a list": (lambda x, y: _core.sum([x, y, x, 2.0]), (), ()),
    "mean of a list": (lambda x, y: _core.mean([x, y, x]), (), ()),
    "max of a list": (lambda x, y: _core.max([x, y]), (), ()),
    "dot of lists": (lambda x, y: _core.dot([x, y], [y, 3.0], x), (), ()),
    "dot of arrays": (_core.dot, (4,), (4,)),
    "logsumexp of a list": (lambda x, y: _core.logsumexp([x, y, x]), (), ()),
    "softmax of a list": (lambda x, y: list(_core.softmax([x, y, 1.0])), (), ()),
    "neuron": (lambda x, y, b: _core.neuron([x, y], [y, 2.0], b, TANH), (), (), ()),
    "layer": (lambda x, w, b: _core.layer(w, x, b, TANH), (5, 3), (2, 3), (2,)),
    "layer on one sample": (lambda x, w, b: _core.layer(w, x, b, TANH), (3,), (2, 3), (2,)),
}


def numbers(*shapes, seed=0):
    generator = np.random.default_rng(seed)
    drawn = [generator.normal(size=shape) for shape in shapes]
    return [one if one.ndim else float(one) for one in drawn]


def inner(one, other):
    return sum(
        float(np.sum(np.asarray(a) * b)) for a, b in zip(one, other, strict=True) if a is not None
    )


def check_transposition(function, args):
    tangents = numbers(*map(np.shape, args), seed=1)
    value, tangent = jvp(function, args, tangents)
    assert np.shape(tangent) == np.shape(value)
    (cotangent,) = numbers(np.shape(value), seed=2)
    _, pullback = vjp(function, *args)
    forward, backward = inner([cotangent], [tangent]), inner(pullback(cotangent), tangents)
    assert forward == pytest.approx(backward, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("shape", ["scalar", "array"])
@pytest.mark.parametrize("operation", TABLE, ids=lambda entry: entry.name)
def test_operation_is_the_transpose_of_its_backward_rule(operation, shape, samples):
    points = samples(operation)
    if shape == "array":
        check_transposition(
            operation.function, [np.array(one) for one in zip(*points, strict=True)]
        )
        return
    for point in points:
        check_transposition(operation.function, list(point))


@pytest.mark.parametrize("operation", TABLE, ids=lambda entry: entry.name)
def test_operation_against_differences(operation, samples):
    points = samples(operation, 4)
    # An order or a condition cannot be moved.
    fixed = 1 if operation.name in {"polygamma", "where"} else 0
    for point in [points[0], tuple(np.array(one) for one in zip(*points, strict=True))]:
        first, rest = point[:fixed], point[fixed:]
        check_grads(lambda *moved, first=first: operation.function(*first, *moved), *rest)


@pytest.mark.parametrize(
    ("function", "shapes"),
    [pytest.param(function, shapes, id=name) for name, (function, *shapes) in STRUCTURAL.items()],
)
@pytest.mark.usefixtures("balanced")
def test_structural_operation(function, shapes):
    args = numbers(*shapes)
    if isinstance(function(*map(Value, args)), Value):
        check_transposition(function, args)
    check_grads(function, *args)


def test_tie_shares_the_tangent():
    x = np.array([1.0, 2.0, 2.0])
    assert jvp(lambda v: v.max(), (x,), (np.array([5.0, 1.0, 2.0]),)) == (2.0, 1.5)
    assert jvp(autograd.maximum, (1.0, 1.0), (1.0, 4.0)) == (1.0, 2.5)


def test_zero_tangent_gives_zero_also_against_infinity():
    _, tangent = jvp(autograd.sqrt, (np.array([0.0, 4.0]),), (np.array([0.0, 1.0]),))
    assert tangent.tolist() == [0.0, 0.25]


@pytest.mark.parametrize("activation", ["linear", "tanh", "relu", "sigmoid"])
def test_modules(activation):
    layer = nn.Layer(3, 2, activation=activation)
    net = nn.MLP(3, [4, 1])
    point, direction = numbers((), (), ()), numbers((), (), (), seed=1)
    for function in (lambda *x: autograd.sum(layer(list(x))), lambda *x: net(list(x))):
        _, tangent = jvp(function, point, direction)
        slopes = grad(function, argnums=(0, 1, 2))(*point)
        assert tangent == pytest.approx(np.dot(slopes, direction), rel=1e-12)
        check_grads(function, *point)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype_is_kept(dtype):
    x = np.array([0.5, 1.5], dtype)
    value, tangent = jvp(lambda v: autograd.exp(v) * v, (x,), (np.ones(2),))
    assert (value.dtype, tangent.dtype) == (dtype, dtype)


@pytest.mark.parametrize(
    ("ours", "theirs", "shapes"),
    [
        (lambda a, x: autograd.tanh(a @ x), lambda a, x: torch.tanh(a @ x), [(4, 3), (3, 2)]),
        (lambda x: _core.softmax(x, axis=1), lambda x: torch.softmax(x, 1), [(3, 4)]),
        (lambda x: _core.logsumexp(x, axis=0) * x, lambda x: x.logsumexp(0) * x, [(3, 4)]),
        (lambda x: _core.cumsum_along(x * x, 0, False), lambda x: (x * x).cumsum(0), [(3, 4)]),
        (
            lambda x, y: (x[:, None] - y).exp().mean(0),
            lambda x, y: (x[:, None] - y).exp().mean(0),
            [(3,), (4,)],
        ),
    ],
)
def test_against_torch(ours, theirs, shapes):
    args, tangents = numbers(*shapes), numbers(*shapes, seed=1)
    found = jvp(ours, args, tangents)
    expected = torch.autograd.functional.jvp(
        theirs, tuple(map(torch.tensor, args)), tuple(map(torch.tensor, tangents))
    )
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other.numpy(), rtol=1e-12, atol=1e-14)


def test_long_chain_is_no_recursion():
    def chain(x):
        for _ in range(100_000):
            x = x * 1.0 + 0.0
        return x

    assert jvp(chain, (2.0,), (3.0,)) == (2.0, 3.0)


def test_stale_leaf():
    weight = Value(2.0)

    def function(x):
        y = weight * x
        weight.data = 3.0
        return y

    with pytest.raises(autograd.StaleValueError):
        jvp(function, (1.0,), (1.0,))
    assert autograd.is_grad_enabled()


CONSTANT = np.arange(3.0)
# What follows where a scalar meets an array: the tangent of the scalar becomes one of the array.
AFTER_A_SCALAR = {
    "sum": lambda x: (x * x + CONSTANT).sum(),
    "mean": lambda x: (x * x + CONSTANT).mean(),
    "matmul": lambda x: (x * x + CONSTANT) @ CONSTANT,
    "slice": lambda x: (x * x + CONSTANT)[1:].sum(),
    "take": lambda x: (x * x + CONSTANT)[[0, 1, 1]].sum(),
    "element": lambda x: (x * x + CONSTANT)[1],
    "cumsum": lambda x: (x * x + CONSTANT).cumsum().sum(),
    "concatenate": lambda x: autograd.concatenate([x * x + CONSTANT, CONSTANT]).sum(),
    "sort": lambda x: autograd.sort(x * x + CONSTANT).sum(),
    "max": lambda x: (x * x + CONSTANT).max(),
}


@pytest.mark.parametrize("name", AFTER_A_SCALAR)
def test_a_scalar_that_meets_an_array_in_nested_modes(name):
    function = AFTER_A_SCALAR[name]

    def slope(x):
        return autograd.jvp(function, (x,), (1.0,))[1]

    expected = autograd.grad(autograd.grad(function))(2.0)
    assert autograd.grad(slope)(2.0) == pytest.approx(expected, rel=1e-15)
    first, second = autograd.jvp(slope, (2.0,), (1.0,))
    assert first == pytest.approx(autograd.grad(function)(2.0), rel=1e-15)
    assert second == pytest.approx(expected, rel=1e-15)


def test_jacobian_of_a_jacobian_where_a_scalar_meets_an_array():
    second = autograd.jacobian(autograd.jacobian(lambda x: x**3 + CONSTANT))
    np.testing.assert_allclose(second(2.0), np.full(3, 12.0))
