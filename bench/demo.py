"""The demo: one training step on two moons, out of scalar operators.

The structure is that of micrograd's demo notebook: 100 points, a network 2-16-16-1, the
max-margin loss and an L2 term. `Neuron` and `loss` run on any scalar type with `relu()`,
`FloatNeuron` and `float_loss` do the same arithmetic on plain floats. To compare engines,
load this file once for each (see `fresh.py`).
"""

import math
import random
from collections.abc import Callable
from typing import Any

Point = tuple[list[float], int]

SHAPE = (2, 16, 16, 1)
POINTS = 100
DECAY = 1e-4
RATE = 0.1


def moons(count: int, seed: int = 1337) -> list[Point]:
    """Return `count` points of two interleaved half circles, with labels -1 and 1."""
    source = random.Random(seed)
    points: list[Point] = []
    for number in range(count):
        angle = source.uniform(0.0, math.pi)
        x, y = math.cos(angle), math.sin(angle)
        if number % 2:
            x, y = 1.0 - x, 0.5 - y
        points.append(
            ([x + source.gauss(0.0, 0.1), y + source.gauss(0.0, 0.1)], 2 * (number % 2) - 1)
        )
    return points


class Neuron:
    """A weighted sum, with relu or without, written with operators."""

    def __init__(
        self, scalar: Callable[[float], Any], inputs: int, bent: bool, source: random.Random
    ) -> None:
        self.w = [scalar(source.uniform(-1, 1)) for _ in range(inputs)]
        self.b = scalar(0.0)
        self.bent = bent

    def __call__(self, x: list[Any]) -> Any:
        act = sum((wi * xi for wi, xi in zip(self.w, x)), self.b)  # noqa: B905 - as micrograd has it
        return act.relu() if self.bent else act


class FloatNeuron(Neuron):
    """The same neuron on plain floats, whose relu is a conditional."""

    def __call__(self, x: list[float]) -> float:
        act = sum((wi * xi for wi, xi in zip(self.w, x)), self.b)  # noqa: B905 - as micrograd has it
        return (act if act > 0 else 0.0) if self.bent else act


class Network:
    """Layers of neurons; one seed gives every scalar type the same weights."""

    def __init__(
        self, neuron: type[Neuron], scalar: Callable[[float], Any], seed: int = 1337
    ) -> None:
        source = random.Random(seed)
        last = len(SHAPE) - 2
        self.layers = [
            [neuron(scalar, SHAPE[depth], depth != last, source) for _ in range(SHAPE[depth + 1])]
            for depth in range(last + 1)
        ]

    def __call__(self, x: list[Any]) -> Any:
        for layer in self.layers:
            x = [neuron(x) for neuron in layer]
        return x[0]

    def parameters(self) -> list[Any]:
        """Return weights and bias, neuron after neuron."""
        return [p for layer in self.layers for neuron in layer for p in [*neuron.w, neuron.b]]


def loss(network: Network, scalar: Callable[[float], Any], points: list[Point]) -> Any:
    """Return the regularised max-margin loss of a network of scalars with `relu()`."""
    inputs = [list(map(scalar, x)) for x, _ in points]
    scores = list(map(network, inputs))
    losses = [(1 + -label * score).relu() for (_, label), score in zip(points, scores)]  # noqa: B905
    return sum(losses) * (1.0 / len(losses)) + DECAY * sum(p * p for p in network.parameters())


def float_loss(network: Network, points: list[Point]) -> float:
    """Return the same loss of a network of plain floats."""
    inputs = [list(map(float, x)) for x, _ in points]
    scores = list(map(network, inputs))
    losses = [
        margin if (margin := 1 + -label * score) > 0 else 0.0
        for (_, label), score in zip(points, scores)  # noqa: B905
    ]
    return sum(losses) * (1.0 / len(losses)) + DECAY * sum(p * p for p in network.parameters())


def step(network: Network, scalar: Callable[[float], Any], points: list[Point]) -> float:
    """Train once: forward, zero, backward, update; the graph is freed on return."""
    total = loss(network, scalar, points)
    parameters = network.parameters()
    for p in parameters:
        p.grad = 0
    total.backward()
    for p in parameters:
        p.data -= RATE * p.grad
    return total.data  # type: ignore[no-any-return]
