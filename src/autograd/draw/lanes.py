"""Lanes: ways for long edges outside of what they pass by.

The shorter an edge, the nearer its lane; lanes that pass by the same layers lie beside each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.draw.layers import Layers

LANE_GAP = 10.0


def lanes_beside(
    layers: Layers, rows: Sequence[Sequence[int]], widths: Sequence[float], x: Sequence[float]
) -> dict[tuple[int, int, int], float]:
    """Return for each edge without dummies how far across its lane lies.

    Edges from one node share the lane of the longest of them, as far as they go.
    """
    if not layers.lanes:
        return {}
    count = len(widths)
    left, right = np.zeros(len(rows)), np.zeros(len(rows))
    for level, row in enumerate(rows):
        left[level] = min((x[v] - (widths[v] / 2 if v < count else 0.0) for v in row), default=0.0)
        right[level] = max((x[v] + (widths[v] / 2 if v < count else 0.0) for v in row), default=0.0)
    furthest: dict[int, tuple[int, float]] = {}
    for argument, user, _ in layers.lanes:
        end, leaning = furthest.get(argument, (0, 0.0))
        furthest[argument] = (max(end, layers.of[user]), leaning + x[user] - x[argument])
    chosen: dict[int, float] = {}
    for argument in sorted(furthest, key=lambda node: furthest[node][0] - layers.of[node]):
        end, leaning = furthest[argument]
        passed = slice(layers.of[argument] + 1, end)
        if leaning >= 0.0:
            lane = float(right[passed].max()) + LANE_GAP
            right[passed] = lane
        else:
            lane = float(left[passed].min()) - LANE_GAP
            left[passed] = lane
        chosen[argument] = lane
    return {edge: chosen[edge[0]] for edge in layers.lanes}
