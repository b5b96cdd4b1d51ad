"""Paths: the largest ones of a graph whose edges have gains, of which there may be very many.

Start reading at `Ways.largest`.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

MOST = 10**18  # paths that are counted
_PATIENCE = 20  # extensions of a path, for each node and path that is asked for


class Edge(NamedTuple):
    """What a node passes to one of its arguments.

    Attributes
    ----------
    argument : int
        Its number, smaller than that of the node.
    gain : float
        By how much the norm of what arrives is multiplied, at least 0.
    partial : float or None
        The factor, between numbers.
    carried : float or ndarray
        What it passes in the whole gradient.
    cancels : bool
        Whether the argument is used more than once by the node, and what comes of that cancels.
    """

    argument: int
    gain: float
    partial: float | None
    carried: Any
    cancels: bool = False


class Ways:
    """The paths from the last node to those where they end, by edges whose gain is not 0.

    Attributes
    ----------
    count : int
        How many there are, at most `MOST`.
    """

    def __init__(self, edges: Sequence[Sequence[Edge]], ends: Sequence[bool]) -> None:
        self._edges, self._ends = edges, ends
        # The logarithm of the largest gain from each node to an end, None where none leads there.
        self._best: list[float | None] = []
        counts: list[int] = []
        for number, out in enumerate(edges):
            if ends[number]:
                self._best.append(0.0)
                counts.append(1)
                continue
            onward = [gain for _, gain in self._onward(out)]
            self._best.append(max(onward, default=None))
            counts.append(min(MOST, sum(counts[edge.argument] for edge in out if edge.gain != 0.0)))
        self.count = counts[-1]

    def _onward(self, out: Sequence[Edge]) -> Iterator[tuple[int, float]]:
        """Give the arguments that lead to an end, each with the largest gain by it."""
        for edge in out:
            best = self._best[edge.argument]
            if best is not None and edge.gain != 0.0:
                # What is nan or infinite comes first: it decides.
                gain = math.log(edge.gain) if math.isfinite(edge.gain) else math.inf
                yield edge.argument, gain + best

    def largest(self, count: int) -> list[list[int]]:
        """Return the paths of the largest gains, the largest first, as numbers of nodes.

        Best first, by what a path loses against the best one: 0 along the best, so that equal paths
        are equal without rounding, and the longest beginning goes first among them. O(length of the
        paths) extensions; it stops early where very many are nearly equal.
        """
        if self._best[-1] is None or not count:
            return []
        found: list[list[int]] = []
        start = len(self._edges) - 1
        # (loss, order, node, path so far as linked pairs); later ones go first among equals.
        heap: list[tuple[float, int, int, Any]] = [(0.0, 0, start, (start, None))]
        order = 0
        left = 1_000 + _PATIENCE * count * len(self._edges)
        while heap and len(found) < count and left:
            left -= 1
            loss, _, node, way = heapq.heappop(heap)
            if self._ends[node]:
                found.append(_listed(way))
                continue
            onward = list(self._onward(self._edges[node]))
            best = max(gain for _, gain in onward)
            for argument, gain in onward:
                order -= 1
                more = 0.0 if gain == best else best - gain
                heapq.heappush(heap, (loss + more, order, argument, (argument, way)))
        return found


def _listed(way: Any) -> list[int]:
    """Return linked pairs as a list, the first node first."""
    numbers = []
    while way is not None:
        number, way = way
        numbers.append(number)
    return numbers[::-1]
