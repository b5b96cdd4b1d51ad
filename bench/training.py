"""Training: a whole step of the demo in `demo.py`, against floats and against micrograd."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import autograd
from bench import clock, fresh
from bench.figure import Contest, Figure, Goal, assert_close

DEMO = Path(__file__).with_name("demo.py")
MILLISECONDS = 1e-6


class Trainer:
    """A network of one engine, its points, and a private copy of the demo's code."""

    def __init__(self, scalar: Callable[[float], Any], points: int) -> None:
        self.demo = fresh.load(DEMO)
        self.scalar = scalar
        self.points = self.demo.moons(points)
        self.network = self.demo.Network(self.demo.Neuron, scalar)

    def step(self) -> float:
        """Train once and return the loss before the update."""
        return self.demo.step(self.network, self.scalar, self.points)  # type: ignore[no-any-return]

    def gradients(self) -> list[float]:
        """Return the gradients of the latest step."""
        return [p.grad for p in self.network.parameters()]


class FloatForward:
    """The same network on plain floats: it computes the loss, and that is all it can do."""

    def __init__(self, points: int) -> None:
        self.demo = fresh.load(DEMO)
        self.points = self.demo.moons(points)
        self.network = self.demo.Network(self.demo.FloatNeuron, float)

    def loss(self) -> float:
        """Return the loss; the weights never change."""
        return self.demo.float_loss(self.network, self.points)  # type: ignore[no-any-return]


def prepare_floats(quick: bool) -> Contest:
    """Our step against the forward pass on floats. Milliseconds."""
    points = 10 if quick else 100
    mine, plain = Trainer(autograd.Value, points), FloatForward(points)
    first = mine.step()

    def agree() -> None:
        assert_close(first, plain.loss())

    return Contest(
        ours=clock.call(mine.step, 1 if quick else 20, MILLISECONDS),
        reference=clock.call(plain.loss, 1 if quick else 20, MILLISECONDS),
        agree=agree,
    )


def prepare_micrograd(quick: bool) -> Contest:
    """Our step against micrograd's. Milliseconds."""
    from micrograd.engine import Value as Micrograd

    points = 10 if quick else 100
    mine, theirs = Trainer(autograd.Value, points), Trainer(Micrograd, points)

    def agree() -> None:
        for _ in range(3):
            assert_close(mine.step(), theirs.step())
            assert_close(mine.gradients(), theirs.gradients())

    return Contest(
        ours=clock.call(mine.step, 1 if quick else 10, MILLISECONDS),
        reference=clock.call(theirs.step, 1, MILLISECONDS),
        agree=agree,
    )


FIGURES = (
    Figure(
        "step",
        "training step of the moons demo",
        "ms",
        prepare_floats,
        "float, forward only",
        Goal("ratio", "<=", 1.6),
    ),
    Figure(
        "step-micrograd",
        "the same step, cyclic GC off",
        "ms",
        prepare_micrograd,
        "micrograd",
        Goal("speedup", ">=", 30.0),
        rounds=5,
        collects=False,  # micrograd's graphs are cyclic: with the collector off they stay
    ),
    Figure(
        "step-micrograd-gc",
        "the same step, cyclic GC on",
        "ms",
        prepare_micrograd,
        "micrograd",
        Goal("speedup", ">=", 300.0),
        rounds=3,
        collector=True,
    ),
)
