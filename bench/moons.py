"""Moons: the training step of `demo.py` on arrays, all points in one batch, update included.

Network 2-16-16-1 with relu, max-margin loss, L2 term, gradient descent: ours, PyTorch, and NumPy
with the derivatives worked out by hand, from the same weights.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from autograd import Value, optim
from bench import clock, fresh, pytorch
from bench.demo import DECAY, POINTS, RATE, SHAPE, moons
from bench.figure import Contest, Figure, Goal, assert_arrays_close

Array = np.ndarray[Any, Any]
MICROSECONDS = 1e-3


def problem(points: int) -> tuple[Array, Array, list[Array]]:
    """Return inputs, labels as a column, and weights and biases in turns."""
    pairs = moons(points)
    x = np.array([point for point, _ in pairs])
    labels = np.array([[float(label)] for _, label in pairs])
    generator = np.random.default_rng(5)
    parameters: list[Array] = []
    for before, after in pairwise(SHAPE):
        parameters += [generator.uniform(-1, 1, (before, after)), np.zeros(after)]
    return x, labels, parameters


def loss(x: Any, labels: Any, parameters: list[Any]) -> Any:
    """Return the loss of Values or tensors, which share these operators and methods."""
    w1, b1, w2, b2, w3, b3 = parameters
    scores = ((x @ w1 + b1).relu() @ w2 + b2).relu() @ w3 + b3
    margins = (1.0 - labels * scores).relu()
    return margins.mean() + DECAY * sum((p * p).sum() for p in parameters)


class Ours:
    """The step on Values."""

    def __init__(self, x: Array, labels: Array, parameters: list[Array]) -> None:
        self.x, self.labels = Value(x, requires_grad=False), Value(labels, requires_grad=False)
        self.parameters = [Value(each) for each in parameters]
        self.optimizer = optim.SGD(self.parameters, lr=RATE)
        self.loss = fresh.copy(loss)

    def step(self) -> float:
        total = self.loss(self.x, self.labels, self.parameters)
        self.optimizer.zero_grad()
        total.backward()
        self.optimizer.step()
        return total.data  # type: ignore[no-any-return]


class PyTorch:
    """The step on tensors, with an update that is given."""

    def __init__(self, update: str, x: Array, labels: Array, parameters: list[Array]) -> None:
        self.torch = pytorch.load()
        self.x, self.labels = (pytorch.tensor(each, requires_grad=False) for each in (x, labels))
        self.parameters = [pytorch.tensor(each) for each in parameters]
        self.loss = fresh.copy(loss)
        self.optimizer = None
        if update != "manual":
            self.optimizer = self.torch.optim.SGD(
                self.parameters, lr=RATE, foreach=update == "SGD foreach"
            )

    def step(self) -> Any:
        total = self.loss(self.x, self.labels, self.parameters)
        if self.optimizer is None:
            for parameter in self.parameters:
                parameter.grad = None
        else:
            self.optimizer.zero_grad()
        total.backward()
        if self.optimizer is None:
            with self.torch.no_grad():
                for parameter in self.parameters:
                    parameter.sub_(parameter.grad, alpha=RATE)
        else:
            self.optimizer.step()
        return total


class ByHand:
    """The step on ndarrays, differentiated on paper."""

    def __init__(self, x: Array, labels: Array, parameters: list[Array]) -> None:
        self.x, self.labels = x, labels
        self.parameters = [each.copy() for each in parameters]

    def step(self) -> float:
        w1, b1, w2, b2, w3, b3 = self.parameters
        first = np.maximum(self.x @ w1 + b1, 0.0)
        second = np.maximum(first @ w2 + b2, 0.0)
        margins = np.maximum(1.0 - self.labels * (second @ w3 + b3), 0.0)
        total = margins.mean() + DECAY * sum((p * p).sum() for p in self.parameters)
        slope = np.where(margins > 0.0, -self.labels / len(self.x), 0.0)
        above = slope @ w3.T * (second > 0.0)
        below = above @ w2.T * (first > 0.0)
        gradients = [
            *(self.x.T @ below, below.sum(axis=0)),
            *(first.T @ above, above.sum(axis=0)),
            *(second.T @ slope, slope.sum(axis=0)),
        ]
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            np.subtract(parameter, RATE * (gradient + 2.0 * DECAY * parameter), out=parameter)
        return total  # type: ignore[no-any-return]


def assert_same_training(first: Any, second: Any) -> None:
    """Train both for some steps and compare losses and parameters."""
    for _ in range(5):
        assert_arrays_close(first.step(), pytorch.plain(second.step()))
    for mine, theirs in zip(first.parameters, second.parameters, strict=True):
        assert_arrays_close(mine.data, pytorch.plain(theirs))


def prepare_pytorch(quick: bool) -> Contest:
    """Our step against PyTorch's, with the fastest of its updates. Microseconds."""
    given = problem(10 if quick else POINTS)
    updates = ("SGD foreach", "SGD", "manual")
    steps: dict[str, Callable[[], Any]] = {
        update: PyTorch(update, *given).step for update in updates
    }
    chosen = clock.fastest(steps, quick)

    def agree() -> None:
        for update in updates:
            assert_same_training(Ours(*given), PyTorch(update, *given))

    return Contest(
        ours=clock.steady(Ours(*given).step, quick, MICROSECONDS),
        reference=clock.steady(steps[chosen], quick, MICROSECONDS),
        agree=agree,
        note=lambda: f"PyTorch's fastest update: {chosen}",
    )


def prepare_numpy(quick: bool) -> Contest:
    """Our step against NumPy by hand. Microseconds."""
    given = problem(10 if quick else POINTS)

    def agree() -> None:
        assert_same_training(Ours(*given), ByHand(*given))

    return Contest(
        ours=clock.steady(Ours(*given).step, quick, MICROSECONDS),
        reference=clock.steady(ByHand(*given).step, quick, MICROSECONDS),
        agree=agree,
    )


FIGURES = (
    Figure(
        "moons-pytorch",
        "training step of moons on arrays",
        "us",
        prepare_pytorch,
        "PyTorch",
        Goal("speedup", ">=", 12.0),
        checked=True,
        needs=("torch",),
    ),
    Figure(
        "moons-numpy",
        "the same step",
        "us",
        prepare_numpy,
        "NumPy by hand",
        Goal("speedup", ">=", 3.0),
        checked=True,
    ),
)
