"""Crossings: the order of the vertices within each layer, so that few edges cross.

The first order is that of a walk from the results, which has no crossing in a tree. From there the
layers are sorted again and again by the mean place of their neighbours (Sugiyama, Tagawa, Toda:
Methods for visual understanding of hierarchical system structures, 1981), and the best order is
kept. Start reading at `ordered`.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograd.draw.layers import Layers

ROUNDS = 8
PATIENCE = 2  # rounds in a row that may bring nothing
SWAPPED = 3_000  # vertices, above which neighbours are not tried the other way round


def ordered(layers: Layers) -> list[list[int]]:
    """Return the vertices of each layer from left to right.

    Examples
    --------
    >>> from autograd.draw.layers import layered
    >>> ordered(layered([(), (), (0,), (1,), (3, 2)]))
    [[1, 0], [3, 2], [4]]
    """
    rows = _walked(layers)
    best, fewest = [list(row) for row in rows], _crossings(layers, rows)
    futile = 0
    for _ in range(ROUNDS):
        if fewest == 0 or futile == PATIENCE:
            break
        _sweep(rows, layers.before, range(1, len(rows)))
        _sweep(rows, layers.after, range(len(rows) - 2, -1, -1))
        if len(layers.of) <= SWAPPED:
            _swap(layers, rows)
        found = _crossings(layers, rows)
        futile += 1
        if found < fewest:
            best, fewest, futile = [list(row) for row in rows], found, 0
    return best


def _walked(layers: Layers) -> list[list[int]]:
    """Return the order in which a walk from the results, depth first, comes by."""
    rows: list[list[int]] = [[] for _ in range(max(layers.of, default=-1) + 1)]
    seen = [False] * len(layers.of)
    results = [vertex for vertex, after in enumerate(layers.after) if not after]
    for result in sorted(results, key=lambda vertex: (-layers.of[vertex], vertex)):
        stack = [result]
        while stack:
            vertex = stack.pop()
            if not seen[vertex]:
                seen[vertex] = True
                rows[layers.of[vertex]].append(vertex)
                stack.extend(reversed(layers.before[vertex]))
    return rows


def _places(row: list[int]) -> dict[int, int]:
    return {vertex: place for place, vertex in enumerate(row)}


def _sweep(rows: list[list[int]], neighbours: list[list[int]], through: range) -> None:
    """Sort each row by the mean place of its neighbours in the row that was sorted before it.

    What has no neighbour there keeps its place.
    """
    upwards = through.step < 0
    for level in through:
        row = rows[level]
        near = rows[level + 1] if upwards else rows[level - 1]
        places: dict[int, float] = dict(_places(near))
        means: dict[int, float] = {}
        for vertex in row:
            around = neighbours[vertex]
            if around:
                means[vertex] = sum([places[other] for other in around]) / len(around)
        moved = iter(sorted(means, key=means.__getitem__))
        rows[level] = [next(moved) if vertex in means else vertex for vertex in row]


def _crossings(layers: Layers, rows: list[list[int]]) -> int:
    """Count the crossings of edges, row by row."""
    count = 0
    for level in range(len(rows) - 1):
        if len(rows[level]) > 1 and len(rows[level + 1]) > 1:
            places = _places(rows[level + 1])
            passed: list[int] = []
            for vertex in rows[level]:
                ends = sorted([places[other] for other in layers.after[vertex]])
                for end in ends:
                    count += len(passed) - bisect_right(passed, end)
                for end in ends:
                    if not passed or end >= passed[-1]:
                        passed.append(end)
                    else:
                        insort(passed, end)
    return count


def _swap(layers: Layers, rows: list[list[int]]) -> None:
    """Exchange neighbours in a row where this saves crossings."""
    for level, row in enumerate(rows):
        sides = []
        if level > 0:
            places = _places(rows[level - 1])
            sides.append({v: sorted(places[other] for other in layers.before[v]) for v in row})
        if level + 1 < len(rows):
            places = _places(rows[level + 1])
            sides.append({v: sorted(places[other] for other in layers.after[v]) for v in row})
        for place in range(len(row) - 1):
            one, other = row[place], row[place + 1]
            saved = 0
            for ends in sides:
                saved += _crossed(ends[one], ends[other]) - _crossed(ends[other], ends[one])
            if saved > 0:
                row[place], row[place + 1] = other, one


def _crossed(left: list[int], right: list[int]) -> int:
    """Count the pairs of ends, both sorted, in which the left one ends further right."""
    return sum(len(left) - bisect_right(left, end) for end in right)
