"""Coordinates: where in its layer each vertex stands, its order given.

Each layer in turn is put where the edges pull it: the sum of the squares of how far edges lean is
minimal under the condition that neighbours keep their distance. For one layer this is an isotonic
regression, which pooling adjacent violators solves exactly in linear time (Best, Chakravarti:
Active set algorithms for isotonic regression, 1990). Since each step lowers the same sum, it
settles. Afterwards trunks are made straight. Start reading at `placed`.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.draw.layers import Layers

SWEEPS = 10
NODE_GAP = 22.0
POINT_GAP = 14.0  # beside a dummy, or a box without width
# How hard an edge resists leaning: in general, from a leaf or from far away into a node that stands
# in line with another argument, and within a trunk.
PULL, SIDE_PULL, TRUNK_PULL = 1.0, 1e-4, 16.0


def placed(
    layers: Layers,
    rows: Sequence[Sequence[int]],
    widths: Sequence[float],
    ports: Sequence[Sequence[float]],
    following: frozenset[int] = frozenset(),
) -> list[float]:
    """Return the middle of each vertex across its layer.

    Parameters
    ----------
    layers : Layers
    rows : sequence of sequence of int
        The vertices of each layer in order.
    widths : sequence of float
        Of the nodes.
    ports : sequence of sequence of float
        For each node, how far from its middle the edge of each argument arrives.
    following : frozenset of int
        What stands where its argument wants it, if there is room.

    Returns
    -------
    list of float
    """
    count = len(widths)
    half = [width / 2 for width in widths] + [0.0] * (len(layers.of) - count)
    ahead, behind = _pulls(layers, ports, count)
    distances = [
        [
            half[one] + half[other] + (NODE_GAP if half[one] and half[other] else POINT_GAP)
            for one, other in itertools.pairwise(row)
        ]
        for row in rows
    ]
    x = [0.0] * len(half)
    for row, apart in zip(rows, distances, strict=True):
        _settle(row, apart, [0.0] * len(row), [1.0] * len(row), x)
    last = len(rows)
    for sweep in range(SWEEPS):
        both = sweep > 1
        if sweep % 2 == 0:
            for level in range(last - 1, -1, -1):
                sides = (ahead, behind) if both else (ahead,)
                _pull_row(rows[level], distances[level], sides, x)
        else:
            for level in range(last):
                sides = (ahead, behind) if both else (behind,)
                _pull_row(rows[level], distances[level], sides, x)
    for level in {layers.of[vertex] for vertex in following}:
        wanted = [
            x[layers.before[vertex][0]] - ports[vertex][0] if vertex in following else x[vertex]
            for vertex in rows[level]
        ]
        strengths = [PULL if vertex in following else TRUNK_PULL for vertex in rows[level]]
        _settle(rows[level], distances[level], wanted, strengths, x)
    _straighten(layers, rows, distances, x)
    return x


Pulls = list[list[tuple[int, float, float]]]


def _pulls(layers: Layers, ports: Sequence[Sequence[float]], count: int) -> tuple[Pulls, Pulls]:
    """Return for each vertex what pulls it from the layer after it, and from that before it.

    Each is (the other vertex, how far from its middle the edge wants this one, how hard).
    """
    ahead: Pulls = [[] for _ in layers.of]
    behind: Pulls = [[] for _ in layers.of]
    for vertex, before in enumerate(layers.before):
        if vertex >= count:
            for other in before:
                strength = TRUNK_PULL if other >= count else PULL
                ahead[other].append((vertex, 0.0, strength))
                behind[vertex].append((other, 0.0, strength))
            continue
        line = layers.line(vertex)
        for other, place in zip(before, layers.places[vertex], strict=True):
            offset = ports[vertex][place]
            strength = PULL if line in (None, place) else SIDE_PULL
            ahead[other].append((vertex, offset, strength))
            behind[vertex].append((other, -offset, strength))
    return ahead, behind


def _pull_row(
    row: Sequence[int], apart: Sequence[float], sides: tuple[Pulls, ...], x: list[float]
) -> None:
    """Put one layer where its neighbours want it."""
    wanted, strengths = [], []
    for vertex in row:
        total = strength = 0.0
        for side in sides:
            for other, offset, pull in side[vertex]:
                total += pull * (x[other] + offset)
                strength += pull
        if strength == 0.0:
            wanted.append(x[vertex])
            strengths.append(0.05)
        else:
            wanted.append(total / strength)
            strengths.append(strength)
    _settle(row, apart, wanted, strengths, x)


def _settle(
    row: Sequence[int],
    apart: Sequence[float],
    wanted: Sequence[float],
    strengths: Sequence[float],
    x: list[float],
) -> None:
    """Move a layer as close to where it is wanted as the distances within it allow."""
    # Without the distances, what is left is a sequence that must not fall.
    offset = 0.0
    offsets: list[float] = []
    levels: list[float] = []
    weights: list[float] = []
    lengths: list[int] = []
    for place, (target, strength) in enumerate(zip(wanted, strengths, strict=True)):
        if place:
            offset += apart[place - 1]
        offsets.append(offset)
        level, weight, length = target - offset, strength, 1
        while levels and levels[-1] >= level:
            level = (levels[-1] * weights[-1] + level * weight) / (weights[-1] + weight)
            weight += weights.pop()
            length += lengths.pop()
            levels.pop()
        levels.append(level)
        weights.append(weight)
        lengths.append(length)
    place = 0
    for level, length in zip(levels, lengths, strict=True):
        for _ in range(length):
            x[row[place]] = level + offsets[place]
            place += 1


def _straighten(
    layers: Layers,
    rows: Sequence[Sequence[int]],
    distances: Sequence[Sequence[float]],
    x: list[float],
) -> None:
    """Give each trunk as few bends as what stands beside it allows.

    In each layer there is room from the left neighbour to the right one; layers whose rooms have a
    place in common get one place.
    """
    place = {vertex: index for row in rows for index, vertex in enumerate(row)}
    infinity = float("inf")

    def straight(run: list[int], low: float, high: float) -> None:
        middle = sum(x[vertex] for vertex in run) / max(len(run), 1)
        for vertex in run:
            x[vertex] = min(max(middle, low), high)

    for trunk in layers.trunks.values():
        run: list[int] = []
        low, high = -infinity, infinity
        for vertex in trunk:
            level, index = layers.of[vertex], place[vertex]
            row, apart = rows[level], distances[level]
            left = x[row[index - 1]] + apart[index - 1] if index else -infinity
            right = x[row[index + 1]] - apart[index] if index + 1 < len(row) else infinity
            if max(low, left) > min(high, right):
                straight(run, low, high)
                run, low, high = [], -infinity, infinity
            run.append(vertex)
            low, high = max(low, left), min(high, right)
        straight(run, low, high)
