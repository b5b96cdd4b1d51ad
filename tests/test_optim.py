"""Optimizers: trajectories against PyTorch, and what they refuse."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import numpy as np
import pytest

from autograd import Value
from autograd.nn import Net, Neuron
from autograd.optim import SGD, Adam, AdamW, Optimizer

torch = pytest.importorskip("torch")

N = 5


def objective(x):
    """Return a function with curvature of very different sizes, written for both packages."""
    total = 0.0
    for index, value in enumerate(x):
        total = total + (index + 1) ** 2 * (value - 0.5 * index) ** 2
    for left, right in pairwise(x):
        total = total + 0.3 * left * right + (0.1 * left - right).exp()
    return total


OPTIONS = [
    (SGD, torch.optim.SGD, {"lr": 0.01}),
    (SGD, torch.optim.SGD, {"lr": 0.01, "momentum": 0.9}),
    (SGD, torch.optim.SGD, {"lr": 0.01, "momentum": 0.9, "nesterov": True}),
    (SGD, torch.optim.SGD, {"lr": 0.01, "weight_decay": 0.1}),
    (SGD, torch.optim.SGD, {"lr": 0.01, "momentum": 0.8, "weight_decay": 0.1}),
    (
        SGD,
        torch.optim.SGD,
        {"lr": 0.01, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1},
    ),
    (Adam, torch.optim.Adam, {}),
    (Adam, torch.optim.Adam, {"lr": 0.1}),
    (Adam, torch.optim.Adam, {"lr": 0.05, "betas": (0.5, 0.9), "eps": 1e-3}),
    (Adam, torch.optim.Adam, {"lr": 0.05, "weight_decay": 0.1}),
    (Adam, torch.optim.Adam, {"lr": 0.05, "betas": (0.0, 0.0)}),
    (AdamW, torch.optim.AdamW, {}),
    (AdamW, torch.optim.AdamW, {"lr": 0.1}),
    (AdamW, torch.optim.AdamW, {"lr": 0.05, "weight_decay": 0.3, "betas": (0.8, 0.95)}),
]


@pytest.mark.parametrize(("ours", "theirs", "options"), OPTIONS)
def test_fifty_steps_are_those_of_pytorch(ours, theirs, options):
    generator = random.Random(0)
    start = [generator.uniform(-1, 1) for _ in range(N)]
    x = [Value(value) for value in start]
    y = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in start]
    optimizer, reference = ours(x, **options), theirs(y, **options)
    for step in range(50):
        if step == 25:  # a schedule
            optimizer.lr *= 0.5
            for group in reference.param_groups:
                group["lr"] *= 0.5
        for variables, steps in ((x, optimizer), (y, reference)):
            steps.zero_grad()
            objective(variables).backward()
            steps.step()
        np.testing.assert_allclose(
            [v.data for v in x], [v.item() for v in y], rtol=1e-12, atol=1e-13
        )


@pytest.mark.parametrize("make", [SGD, Adam, AdamW])
def test_what_parameters_may_be(make):
    net = Net(2, [2, 1], seed=0)
    expected = net.parameters()

    class Listed:
        parameters = expected

    for given in (
        net,
        expected,
        tuple(expected),
        iter(expected),
        (p for p in expected),
        net.parameters,
        lambda: iter(expected),
        Listed(),
    ):
        optimizer = make(given, lr=0.1)
        assert len(optimizer.parameters) == len(expected)
        assert all(a is b for a, b in zip(optimizer.parameters, expected, strict=True))


def test_a_duplicate_is_taken_once():
    x, y = Value(1.0), Value(1.0)
    optimizer = SGD([x, y, x], lr=0.5)
    assert len(optimizer.parameters) == 2
    (x + y).backward()
    optimizer.step()
    assert (x.data, y.data) == (0.5, 0.5)


def test_zero_grad():
    neuron = Neuron(2, seed=0)
    neuron([1, 2]).backward()
    optimizer = Adam(neuron)
    assert any(p.grad for p in neuron.parameters())
    optimizer.zero_grad()
    assert not any(p.grad for p in neuron.parameters())


def test_state_is_kept_per_parameter():
    x, y = Value(0.0), Value(0.0)
    optimizer = SGD([x, y], lr=1.0, momentum=0.5)
    x.grad = 1.0
    optimizer.step()
    x.grad = 0.0
    optimizer.step()
    assert (x.data, y.data) == (-1.5, 0.0)
    np.testing.assert_array_equal(optimizer.velocity, [0.5, 0.0])


@pytest.mark.parametrize("bad", [None, 3, 3.0, object(), Value(1.0)])
def test_no_iterable_is_refused(bad):
    message = rf"^\[SGD\] a {type(bad).__name__} was given - a module or an iterable of Values is"
    with pytest.raises(TypeError, match=message):
        SGD(bad, lr=0.1)


@pytest.mark.parametrize("bad", [[Value(1.0), 2.0], "ab", [[Value(1.0)]], {"a": Value(1.0)}])
def test_what_is_no_value_is_refused(bad):
    with pytest.raises(TypeError, match=r"^\[Adam\] parameter \d is a \w+ - a Value is needed\."):
        Adam(bad)


def test_no_parameters_are_refused():
    for empty in ([], iter(()), list, ()):
        with pytest.raises(ValueError, match=r"^\[SGD\] no parameters were given - at least one"):
            SGD(empty, lr=0.1)


def test_what_cannot_be_updated_is_refused():
    x = Value(1.0)
    with pytest.raises(ValueError, match="parameter 1 is the result of an operation - a leaf that"):
        SGD([x, x * 2.0], lr=0.1)
    with pytest.raises(ValueError, match="parameter 0 requires no gradient - a leaf that requires"):
        SGD([Value(1.0, requires_grad=False)], lr=0.1)


@pytest.mark.parametrize("lr", [0.0, -0.1, math.nan, math.inf, -math.inf])
def test_a_bad_rate_is_refused_at_once_and_later(lr):
    x = Value(1.0)
    for make in (SGD, Adam, AdamW):
        message = rf"^\[{make.__name__}\] lr={lr!r} was given - a finite number > 0 is needed"
        with pytest.raises(ValueError, match=message):
            make([x], lr=lr)
        optimizer = make([x], lr=0.1)
        with pytest.raises(ValueError, match=message):
            optimizer.lr = lr
        assert optimizer.lr == 0.1


@pytest.mark.parametrize("lr", ["0.1", None, [0.1], 1j, Value(0.1)])
def test_a_rate_that_is_no_number_is_refused(lr):
    with pytest.raises(TypeError, match=rf"^\[SGD\] lr is a {type(lr).__name__} - a number is"):
        SGD([Value(1.0)], lr=lr)


@pytest.mark.parametrize(
    ("make", "options", "message"),
    [
        (SGD, {"momentum": -0.1}, "momentum=-0.1 was given - a finite number >= 0 is needed"),
        (SGD, {"momentum": math.nan}, "momentum=nan"),
        (SGD, {"weight_decay": -1}, "weight_decay=-1 was given - a finite number >= 0 is needed"),
        (SGD, {"nesterov": True}, "nesterov=True was given with momentum=0 - a positive momentum"),
        (
            Adam,
            {"betas": (1.0, 0.9)},
            r"betas\[0\]=1.0 was given - a finite number >= 0 and < 1 is",
        ),
        (Adam, {"betas": (0.9, -0.1)}, r"betas\[1\]=-0.1"),
        (Adam, {"eps": 0.0}, "eps=0.0 was given - a finite number > 0 is needed"),
        (AdamW, {"weight_decay": math.inf}, "weight_decay=inf"),
    ],
)
def test_bad_options_are_refused(make, options, message):
    with pytest.raises(ValueError, match=rf"^\[{make.__name__}\] {message}"):
        make([Value(1.0)], lr=0.1, **options)


@pytest.mark.parametrize("make", [SGD, Adam])
def test_a_refused_step_changes_nothing(make):
    x, y = Value(1.0), Value(1.0)
    optimizer = make([x, y], lr=0.1)
    x.grad = y.grad = 1.0
    y.requires_grad = False
    state = {
        name: np.copy(value)
        for name, value in vars(optimizer).items()
        if isinstance(value, (int, np.ndarray))
    }
    with pytest.raises((TypeError, ValueError)):
        optimizer.step()
    assert (x.data, y.data) == (1.0, 1.0)
    for name, value in state.items():
        np.testing.assert_array_equal(getattr(optimizer, name), value)


def test_optimizer_is_abstract():
    with pytest.raises(TypeError, match="abstract"):
        Optimizer([Value(1.0)], lr=0.1)


def test_adam_trains_a_network():
    net = Net(2, [4, 1], "tanh", output_activation="linear", seed=0)
    optimizer = Adam(net, lr=0.05)
    data = [((a, b), float(a != b)) for a in (0, 1) for b in (0, 1)]
    losses = []
    for _ in range(200):
        loss = sum((net(x)[0] - y) ** 2 for x, y in data)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.data)
    assert losses[-1] < 1e-3 < losses[0]
