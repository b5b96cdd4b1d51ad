"""Explaining gradients: contributions add up, paths are the largest ones, losses have reasons."""

from __future__ import annotations

import itertools
import math
import re

import numpy as np
import pytest

import autograd
from autograd import Value, nn
from autograd.forensics import explain, origins

X = np.array([[0.5, -1.25], [1.5, 0.25], [-0.75, 2.0]])


def diamonds(x):
    y = x
    for _ in range(6):
        y = 0.5 * y + autograd.sin(y) * y
    return y


def network(list_of_numbers):
    model = nn.Net(2, [3, 2, 1], "tanh", seed=3)
    outputs = model([0.5, -1.0] if list_of_numbers else X)
    return model, outputs[0] if list_of_numbers else nn.losses.mse(outputs[:, 0], [1.0, 0.0, 0.5])


def cases():
    x = Value(0.75, label="x")
    yield "a number", x, diamonds(x)
    yield "twice", x, x * x
    yield "a root", x, x
    w = Value(X, label="w")
    yield "an array", w, ((w @ w.T).sum() * autograd.tanh(w).mean() + w[0, 1])
    yield "elements of an array", w, w[0, 0] * w[1, 0] + w.sum()
    yield "an element", w[1, 0], (w[1, 0] ** 2 * w[0, 0] + w.sum())
    for lists in (False, True):
        model, root = network(lists)
        for name, parameter in model.named_parameters():
            yield f"{name} of a network {lists}", parameter, root
    neuron = nn.Neuron(2, seed=1)
    yield "a neuron", neuron.weights, neuron([1.0, 2.0])
    yield "a weight", neuron.w[1], neuron([1.0, 2.0]) * neuron.weights.sum()
    y = x * 2.0
    yield "a result", y, y * y + autograd.exp(y) * x


@pytest.mark.parametrize(
    ("parameter", "root"), [pytest.param(*case, id=name) for name, *case in cases()]
)
def test_uses_and_paths_add_up(parameter, root):
    found = explain(parameter, root, paths=10_000)
    right = autograd.grad(root, [parameter])[0]
    assert found.total == pytest.approx(right, rel=1e-12)
    assert not found.reason
    assert found.path_count == len(found.paths)
    assert sum(path.carried for path in found.paths) == pytest.approx(right, rel=1e-9, abs=1e-15)
    if parameter is not root:
        assert sum(use.carried for use in found.uses) == pytest.approx(right, rel=1e-12)
    for part in (*found.uses, *found.paths):
        assert np.shape(part.carried) == parameter.shape
    assert str(found).startswith("gradient of ")
    assert np.all(np.asarray(parameter.grad) == 0.0)


def test_the_paths_are_the_largest():
    """Against all sums of products."""
    x = Value(0.9)
    factors = np.random.default_rng(0).uniform(-2.0, 2.0, size=(7, 3)).tolist()
    y = x
    for row in factors:
        y = autograd.sum([y * factor for factor in row])
    products = [math.prod(path) for path in itertools.product(*factors)]
    expected = sorted(products, key=abs, reverse=True)[:20]
    found = explain(x, y, paths=20)
    assert found.path_count == 3**7
    assert [path.carried for path in found.paths] == pytest.approx(expected)


def test_paths_of_which_there_are_very_many_and_long_ones():
    x = y = Value(1.0)
    for _ in range(5_000):
        y = y * 0.9999 + y * 0.0001
    found = explain(x, y, paths=2)
    assert found.path_count == 10**18
    assert found.total == pytest.approx(1.0)
    assert [len(path.steps) for path in found.paths] == [10_001] * 2
    assert found.paths[0].carried == pytest.approx(0.9999**5_000)
    assert "more ..." in str(found)


def test_equal_paths_do_not_exhaust_the_search():
    x = y = Value(1.0)
    for _ in range(60):
        y = (y + 0.1) + (y + 0.2) * 1.0
    found = explain(x, y, paths=3)
    assert [path.carried for path in found.paths] == [1.0] * 3
    assert found.total == 2.0**60


x, w = Value(3.0), Value([1.0, -2.0, 3.0])

# A parameter, a root, the operation where it dies, how much, and why.
DEAD = {
    "relu": (x, lambda: (x - 5.0).relu() * x.detach(), "relu", 1.0, "is -2, not positive"),
    "relu of many": (w, lambda: w.relu().sum(), "relu", 1 / 3, "not positive"),
    "clip": (x, lambda: autograd.clip(x, -1.0, 1.0), "clip", 1.0, "outside of the bounds"),
    "where": (x, lambda: autograd.where(0.0, x, 1.0) + 0.0, "where", 1.0, "other one was chosen"),
    "maximum": (x, lambda: autograd.maximum(x, 4.0), "maximum", 1.0, "the other one is larger"),
    "max": (w, lambda: autograd.max(w[:2] * 1.0) + autograd.max(w), None, 0.0, ""),
    "zero": (x, lambda: x * 0.0, "multiply", 1.0, "the other factor is 0"),
    "floor": (x, lambda: autograd.floor(x) + 1.0, "floor", 1.0, "0 everywhere"),
    "saturated": (x, lambda: autograd.tanh(x * 1000.0), "tanh", 1.0, "is 3000, so large"),
    "same": (x, lambda: x - x, "subtract", 1.0, "cancels"),
}


@pytest.mark.parametrize("case", DEAD)
def test_where_it_dies(case):
    parameter, compute, operation, share, reason = DEAD[case]
    found = explain(parameter, compute())
    if operation is None:
        assert not found.dead
        return
    assert found.dead[0].step.operation == operation
    assert found.dead[0].share == pytest.approx(share)
    assert reason in found.dead[0].reason
    assert bool(found.reason) == (share == 1.0)
    assert str(found.dead[0]) in str(found)


def without_recording():
    with autograd.no_grad():
        return x * 2.0


REASONS = [
    (Value(1.0, requires_grad=False), lambda: x * 1.0, "requires_grad is False"),
    (x, without_recording, "the root is a constant"),
    (x, lambda: Value(2.0) * 1.0, "not computed from it"),
    (x, lambda: Value(2.0) * x.detach(), "constant [^:]*: one of shape"),
    (x, lambda: Value(2.0) * Value(1.0, False, "cut"), "'cut'"),
    (x, lambda: (x * 2.0) - (x * 2.0), "what arrives cancels"),
    (Value(1.0) * 2.0, lambda: x * 1.0, "not computed from it"),
]


@pytest.mark.parametrize(("parameter", "compute", "reason"), REASONS)
def test_why_nothing_arrives(parameter, compute, reason):
    found = explain(parameter, compute())
    assert found.total == 0.0
    assert re.search(reason, found.reason)
    assert "none arrives" in str(found)


def test_lines_are_told():
    v = Value([1.0, 2.0], label="v")
    with origins():
        root = (v * v).sum()
        cut = Value(2.0) * v.sum().detach()
    text = str(explain(v, root))
    assert "root = (v * v).sum()" in text
    assert __file__ in text
    assert __file__ in explain(v, cut).reason


def test_a_seed():
    v = Value([1.0, 2.0])
    found = explain(v, v * v, gradient=[1.0, 0.0])
    assert found.total.tolist() == [2.0, 0.0]
    with pytest.raises(ValueError, match="the root has shape"):
        explain(v, v * v)


def test_nan_is_carried():
    v = Value([0.0, 1.0])
    found = explain(v, (autograd.sqrt(v) * 1.0).sum())
    assert np.isinf(found.paths[0].carried[0])


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((1.0, x), {}, TypeError, r"^\[explain\] parameter is a float - a Value is needed"),
        ((x, 1.0), {}, TypeError, "root is a float"),
        ((x, x), {"paths": -1}, ValueError, r"paths=-1 was given - an int of at least 0"),
        ((x, x), {"paths": 1.5}, ValueError, "an int"),
    ],
)
def test_errors(arguments, options, error, message):
    with pytest.raises(error, match=message):
        explain(*arguments, **options)


def test_names():
    model = nn.MLP(2, [3, 1], seed=0)
    loss = (model([0.5, -1.0]) - 1.0) ** 2
    weights = model.layers[0].weights
    assert str(explain(weights, loss)).startswith("gradient of the parameter, shape (3, 2)")
    told = explain(weights, loss, names=model)
    assert told.name == "layers.0.weights"
    assert told.paths[0].steps[-1].label == "layers.0.weights"
    assert "leaf 'layers.0.weights'" in str(told)
    w, x = Value([1.0, 2.0]), Value(3.0, label="own")
    root = w[1] * x
    assert explain(w[1], root, names={"w": w}).name == "w[1]"
    assert explain(x, root, names={"other": x}).name == "own"
    assert explain(root, root * 2.0, names={"product": root}).name == "product"
    with pytest.raises(TypeError, match=r"^\[explain\] names = int was given - a module"):
        explain(x, root, names=3)
