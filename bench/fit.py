"""Fit: what `training.fit` costs beside the loop that one would write by hand.

The moons demo on arrays, network 2-16-16-1, max-margin loss, gradient descent: 100 points in one
batch, and in batches of 10. Both sides have the same batches in the same order, and keep the mean
loss of each epoch.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograd import Value, nn, optim
from autograd.data import Batches
from autograd.training import fit
from bench import clock
from bench.demo import POINTS, moons
from bench.figure import Contest, Figure, Goal

RATE = 0.05
MICROSECONDS = 1e-3


def by_hand(
    model: Any, loss: Callable[..., Value], optimizer: Any, data: Iterable[Any], epochs: int
) -> list[float]:
    """Train, and return the mean loss of each epoch."""
    losses = []
    for _ in range(epochs):
        total, samples = 0.0, 0
        for inputs, labels in data:
            value = loss(model(inputs), labels)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            total += value.data * len(labels)
            samples += len(labels)
        losses.append(total / samples)
    return losses


def by_fit(
    model: Any, loss: Callable[..., Value], optimizer: Any, data: Iterable[Any], epochs: int
) -> list[float]:
    """Do the same with `fit`."""
    return fit(model, loss, optimizer, data, epochs, progress=False)["loss"]


class Side:
    """A network, its optimizer and its data; a call trains for some epochs."""

    def __init__(
        self, train: Callable[..., list[float]], points: int, size: int | None, epochs: int
    ) -> None:
        pairs = moons(points)
        inputs = np.array([point for point, _ in pairs])
        labels = np.array([[float(label)] for _, label in pairs])
        self.data: Any = [(inputs, labels)]
        if size is not None:
            self.data = Batches(inputs, labels, size=size, seed=5)
        self.model = nn.MLP(2, [16, 16, 1], seed=5)
        self.optimizer = optim.SGD(self.model, lr=RATE)
        self.train, self.epochs = train, epochs

    def __call__(self) -> list[float]:
        return self.train(self.model, nn.losses.hinge, self.optimizer, self.data, self.epochs)


def prepare(size: int | None, epochs: int) -> Callable[[bool], Contest]:
    """Return the preparation of a figure. Microseconds a step."""

    def prepared(quick: bool) -> Contest:
        points, times = (30, 2) if quick else (POINTS, epochs)
        scale = MICROSECONDS / (times * (1 if size is None else points // size))

        def agree() -> None:
            mine, theirs = (Side(train, points, size, 3) for train in (by_fit, by_hand))
            assert mine() == theirs(), "losses differ"
            for ours, plain in zip(mine.model.blocks(), theirs.model.blocks(), strict=True):
                assert (ours.data == plain.data).all(), "parameters differ"

        return Contest(
            ours=clock.steady(Side(by_fit, points, size, times), quick, scale),
            reference=clock.steady(Side(by_hand, points, size, times), quick, scale),
            agree=agree,
        )

    return prepared


FIGURES = (
    Figure(
        "fit",
        "`training.fit`, a step of moons on arrays, one batch",
        "us",
        prepare(None, 1000),
        "loop by hand",
        Goal("ratio", "<=", 1.05),
        checked=True,
    ),
    Figure(
        "fit-batches",
        "the same in batches of 10",
        "us",
        prepare(10, 20),
        "loop by hand",
        Goal("ratio", "<=", 1.05),
        checked=True,
    ),
)
