"""What one operation passes back by itself: the sum over the users of a node is its adjoint."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd import Value, nn
from autograd.forensics.nodes import GRADIENTS, read
from autograd.forensics.rules import Rules

X = np.array([[0.5, -1.25, 2.0], [1.5, 0.25, -0.75]])

ARRAYS = {
    "sum": lambda x: x.sum(axis=0),
    "sum of all": lambda x: x.sum(),
    "keepdims": lambda x: x.mean(axis=1, keepdims=True),
    "broadcast": lambda x: x[0] + x,
    "reshape": lambda x: x.reshape(3, 2),
    "transpose": lambda x: x.T,
    "matmul": lambda x: x @ x.T,
    "slice": lambda x: x[:, ::-2],
    "element": lambda x: x[1, 2] * x[0, 0],
    "take": lambda x: autograd.take(x, [0, 0, 5]),
    "concatenate": lambda x: autograd.concatenate([x, x * 2.0], axis=1),
    "stack": lambda x: autograd.stack([x, x * x]),
    "cumsum": lambda x: autograd.cumsum(x, axis=1),
    "max": lambda x: autograd.max(x, axis=1),
    "min": lambda x: autograd.min(x),
    "astype": lambda x: x.astype(np.float32) * 2.0,
    "softmax": lambda x: autograd.softmax(x),
    "log_softmax": lambda x: autograd.log_softmax(x, axis=0),
    "logsumexp": lambda x: autograd.logsumexp(x, axis=1),
    "where": lambda x: autograd.where(X > 0, x, x * x),
    "clip": lambda x: autograd.clip(x, -1.0, 1.0),
    "sort": lambda x: autograd.sort(x),
    "prod": lambda x: autograd.prod(x, axis=0),
    "std": lambda x: autograd.std(x, axis=1),
    "einsum": lambda x: autograd.einsum("ij,kj->ik", x, x),
    "the same twice": lambda x: x * x + x / x,
    "diamond": lambda x: autograd.exp(x) * x + autograd.sin(x),
}


def check(root, seed):
    nodes = read(root)
    rules = Rules(nodes)
    asked = [place for place, node in enumerate(nodes) if node.value.requires_grad]
    values = [nodes[place].value for place in asked]
    adjoints = dict(zip(asked, GRADIENTS(root, values, seed, False), strict=True))
    totals = {place: np.zeros(nodes[place].value.shape) for place in asked}
    totals[len(nodes) - 1] = totals[len(nodes) - 1] + seed
    for user in asked:
        if nodes[user].value.is_leaf:
            continue
        amounts = rules.contributions(user, adjoints[user])
        assert len(amounts) == len(nodes[user].args)
        for arg, amount in zip(nodes[user].args, amounts, strict=True):
            if amount is not None:
                totals[arg] = totals[arg] + amount
    for place in asked:
        if nodes[place].element is None:  # whose adjoint is a share of the array's
            assert totals[place] == pytest.approx(adjoints[place], rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_structural(name, dtype):
    x = Value(X, dtype=dtype)
    result = ARRAYS[name](x * 1.5)
    seed = np.random.default_rng(3).normal(size=result.shape)
    check(result, seed.astype(result.dtype) if result.shape else float(seed))


@pytest.mark.parametrize("operation", autograd.OPERATIONS, ids=lambda one: one.name)
def test_elementwise(operation, samples):
    for point in samples(operation, 2):
        check(operation.function(*[Value(number) for number in point]), 0.75)
        check(operation.function(Value(point[0]), *point[1:]), 0.75)
        arrays = [Value([number, number]) for number in point]
        check(operation.function(*arrays), np.array([0.75, -2.0]))


def lists():
    x = [Value(number) for number in (0.5, -1.25, 2.0)]
    neuron, layer, net = nn.Neuron(3, "tanh", seed=0), nn.Layer(3, 2, seed=1), nn.MLP(3, [4, 1])
    yield "sum", autograd.sum(x)
    yield "mean", autograd.mean([x[0], x[0], 2.0])
    yield "logsumexp", autograd.logsumexp(x)
    yield "dot", autograd.dot(x, x[::-1])
    yield "dot of numbers", autograd.dot(x, [1.0, 2.0, 3.0])
    yield "max", autograd.max(x)
    yield "neuron", neuron(x)
    yield "neuron of numbers", neuron([1.0, 2.0, 3.0])
    yield "layer", layer(x)[1]
    yield "network", net(x)
    yield "batch", nn.losses.hinge(net(X)[:, 0], [1.0, -1.0])


@pytest.mark.parametrize("root", [pytest.param(root, id=name) for name, root in lists()])
def test_lists_and_networks(root):
    check(root, 1.25)


cube = autograd.custom_operation(
    lambda x, y: x**3 * y, lambda g, _, x, y: (g * 3 * x**2 * y, g * x**3), name="cube"
)


@pytest.mark.parametrize(
    "make",
    [
        lambda x: cube(x, np.full(X.shape, 2.0)).sum(),
        lambda x: cube(x, autograd.exp(x)).sum(axis=0)[0],
        lambda x: cube(x, x).sum(),
        lambda x: autograd.max(cube(autograd.exp(x), x) * 2.0),
    ],
)
def test_custom(make):
    check(make(Value(X)), 1.5)


def test_a_deep_graph_is_read_without_recursion():
    x = Value(1.0)
    y = x
    for _ in range(100_000):
        y = y + 1.0
    nodes = read(y)
    assert len(nodes) == 100_001
    assert nodes[0].value is x
    assert all(node.args[0] == place for place, node in enumerate(nodes[1:]))
