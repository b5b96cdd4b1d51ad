"""Differences: the derivative of a function in a direction, from nothing but its values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.transforms.trees import leaves, rebuilt
from autograd.transforms.variables import as_plain

__all__ = ["difference"]

Array = npt.NDArray[np.float64]

# Differences are taken with steps that shrink by this factor, that many times, and extrapolated.
_SHRINKING = 3.0
_STEPS = 8


def difference(
    function: Callable[[Any], Any], argument: Any, direction: Any, step: float
) -> list[Array]:
    """Return the derivative in a direction, for each leaf of the result, from differences.

    Ridders' method (C. J. F. Ridders, Advances in Engineering Software 4, 1982): central
    differences with smaller and smaller steps, extrapolated to 0, of which the one is taken that
    agrees best with those before it.
    """

    def at(shift: float) -> list[Array]:
        moved = (
            leaf if change is None else _moved(leaf, shift * change)
            for leaf, change in zip(leaves(argument), leaves(direction), strict=True)
        )
        result = as_plain(function(rebuilt(argument, moved)))
        return [
            np.zeros(()) if leaf is None else np.asarray(leaf, np.float64)
            for leaf in leaves(result)
        ]

    above: list[list[Array]] = []
    best: list[Array] = []
    errors: list[float] = []
    for _ in range(_STEPS):
        row = [
            [(plus - minus) / (2.0 * step) for plus, minus in zip(at(step), at(-step), strict=True)]
        ]
        factor = _SHRINKING**2
        for before in above:
            row.append(
                [(factor * b - a) / (factor - 1.0) for a, b in zip(before, row[-1], strict=True)]
            )
            factor *= _SHRINKING**2
        if not best:
            best, errors = row[0], [np.inf] * len(row[0])
        for column in range(1, len(row)):
            for i, found in enumerate(row[column]):
                error = max(
                    np.abs(found - row[column - 1][i]).max(initial=0.0),
                    np.abs(found - above[column - 1][i]).max(initial=0.0),
                )
                if error < errors[i]:
                    best[i], errors[i] = found, float(error)
        above = row
        step /= _SHRINKING
    return best


def _moved(leaf: Any, shift: Any) -> Any:
    moved = leaf + shift
    return moved.astype(leaf.dtype) if getattr(leaf, "dtype", None) == np.float32 else moved
