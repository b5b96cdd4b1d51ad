"""A figure: one line of the table, with the goal it has to reach.

A figure knows how to prepare a contest between our engine and a reference. A contest measures
each side on request and can prove, with no clock, that both sides compute the same thing.
It never decides how often it is measured: that is the business of `rounds`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

Measure = Literal["ratio", "speedup", "value", "excess"]


@dataclass(frozen=True)
class Goal:
    """What a figure must reach.

    ``ratio`` is ours / reference, ``speedup`` reference / ours, ``value`` ours alone and
    ``excess`` ours - reference.
    """

    measure: Measure
    relation: Literal["<=", ">="]
    limit: float

    def is_met(self, reached: float) -> bool:
        """Tell whether the measured quantity reaches the goal."""
        return reached <= self.limit if self.relation == "<=" else reached >= self.limit


@dataclass(frozen=True)
class Contest:
    """Two sides that do the same work, ready to be measured.

    `ours` and `reference` each take one sample, in the unit of the figure; `agree` raises
    AssertionError unless both sides compute the same; `note` adds what one number cannot say.
    `beside` has further sides by name, which are measured in the same rounds and have no goal.
    """

    ours: Callable[[], float]
    agree: Callable[[], None]
    reference: Callable[[], float] | None = None
    note: Callable[[], str] = str
    beside: Mapping[str, Callable[[], float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """One line of the table. `prepare(quick)` builds its contest, in small sizes when quick."""

    name: str
    title: str
    unit: str
    prepare: Callable[[bool], Contest]
    reference: str = ""
    goal: Goal | None = None
    rounds: int = 9
    warm: bool = True  # whether a first round is taken and thrown away
    collector: bool = False  # whether Python's cyclic collector runs while either side is timed
    collects: bool = True  # whether garbage is collected before each sample, off the clock
    checked: bool = False  # whether the sides are compared in full size before the clock starts
    needs: tuple[str, ...] = ()  # packages without which the figure is skipped
    environment: Mapping[str, str] = field(default_factory=dict)  # of the measuring processes

    def missing(self) -> list[str]:
        """Return the packages that the figure needs and that are not installed."""
        return [name for name in self.needs if find_spec(name) is None]


def assert_close(ours: object, reference: object, relative: float = 1e-12) -> None:
    """Raise AssertionError unless two numbers, or two sequences of numbers, agree.

    The tolerance is relative to the larger of the two and, for a sequence, to its largest
    element, since a gradient that cancels to nearly nothing has no relative accuracy.
    """
    left = list(ours) if isinstance(ours, list | tuple) else [ours]
    right = list(reference) if isinstance(reference, list | tuple) else [reference]
    assert len(left) == len(right), f"{len(left)} numbers against {len(right)}"
    scale = max((max(abs(a), abs(b)) for a, b in zip(left, right, strict=True)), default=0.0)
    for place, (a, b) in enumerate(zip(left, right, strict=True)):
        assert abs(a - b) <= relative * scale, f"number {place}: ours {a!r}, reference {b!r}"


def assert_arrays_close(ours: ArrayLike, reference: ArrayLike, relative: float = 1e-10) -> None:
    """Raise AssertionError unless two arrays have one shape and agree.

    The tolerance is relative to the largest element of the two, as in `assert_close`.
    """
    left, right = np.asarray(ours), np.asarray(reference)
    assert left.shape == right.shape, f"shape {left.shape} against {right.shape}"
    scale = max(np.abs(left).max(initial=0.0), np.abs(right).max(initial=0.0))
    apart = np.abs(left - right).max(initial=0.0)
    assert apart <= relative * scale, f"{apart:.3g} apart, {relative * scale:.3g} allowed"
