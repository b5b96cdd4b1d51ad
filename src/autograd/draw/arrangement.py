"""The arrangement: boxes in layers, from top to bottom, and the ways of edges between them.

Nodes stand in layers (`layers`), within each in an order with few crossings (`crossings`), at
places that keep edges short and straight (`coordinates`); long edges for which no way was kept free
go round the others (`lanes`). An edge bends between two layers only, where no box is, so that none
passes through a box. A box without height is a point on the way of an edge. Start reading at
`arranged`.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from autograd.draw.coordinates import placed
from autograd.draw.crossings import ordered
from autograd.draw.lanes import lanes_beside
from autograd.draw.layers import FREE, Layers, Pins, layered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Point = tuple[float, float]

LAYER_GAP = 34.0
POINT_GAP = 12.0  # before and behind a layer in which no box has a height
WIDEST_GAP = 110.0
# How much wider a gap is for each unit that an edge leans there.
LEAN, POINT_LEAN = 0.12, 0.2
PORT_GAP = 18.0
PORT_MARGIN = 12.0
CORNER = 4.0  # no edge arrives nearer to one
STRAIGHTENED = 10.0
SHORTEST = 0.5  # part of a way; the direction of a shorter one would be that of rounding


class Route(NamedTuple):
    """The way of one edge.

    From point to point it goes straight where that is along the direction of the computation, and
    else in a curve that begins and ends along it.
    """

    source: int
    target: int
    place: int
    points: tuple[Point, ...]


class Arrangement(NamedTuple):
    """The middles of the boxes, the routes in the order of the edges, where the last layer ends."""

    centers: list[Point]
    routes: list[Route]
    height: float


def arranged(
    args: Sequence[Sequence[int]],
    boxes: Sequence[tuple[float, float]],
    *,
    keeps_order: Sequence[bool] | None = None,
    pins: Pins = FREE,
    ports: Mapping[int, Sequence[float]] | None = None,
) -> Arrangement:
    """Arrange boxes whose arguments are numbered before them, below the line 0.

    Parameters
    ----------
    args : sequence of sequence of int
        For each box the boxes that lead to it.
    boxes : sequence of (float, float)
        How wide and how high each is.
    keeps_order : sequence of bool, optional
        Whether the edges into a box arrive in the order of its arguments; else in that in which
        they cross least.
    pins : Pins, optional
        What stands in the first and in the last layer.
    ports : mapping of int to sequence of float, optional
        For boxes to which edges come at given places, how far these are from the middle.
    """
    layers = layered(args, pins)
    rows = ordered(layers)
    widths = [width for width, _ in boxes]
    given = ports or {}
    arrivals = _arrivals(args, layers, rows, widths, keeps_order)
    for node, places in given.items():
        arrivals[node] = list(places)
    x = placed(layers, rows, widths, arrivals, pins.after)
    lanes = lanes_beside(layers, rows, widths, x)
    free = [node for node in range(len(args)) if node not in given]
    _straighten_ports(free, layers, x, widths, arrivals)
    tracks = _tracks(args, layers, x, lanes, arrivals)
    tops, bottoms = _bands(rows, boxes, tracks)
    middles = [
        bottoms[layers.of[node]] - box[1] / 2
        if not args[node] and layers.after[node]
        else (tops[layers.of[node]] + bottoms[layers.of[node]]) / 2
        for node, box in enumerate(boxes)
    ]
    routes = []
    for source, target, place, track in tracks:
        points = [(track[0][1], middles[source] + boxes[source][1] / 2)]
        for level, across in track[1:-1]:
            points += [(across, tops[level]), (across, bottoms[level])]
        # Out of the row of the source before it leans, and so into that of the target.
        points.insert(1, (track[0][1], bottoms[track[0][0]]))
        points.append((track[-1][1], tops[track[-1][0]]))
        points.append((track[-1][1], middles[target] - boxes[target][1] / 2))
        routes.append(Route(source, target, place, compressed(points)))
    return Arrangement(list(zip(x, middles, strict=False)), routes, bottoms[-1] if rows else 0.0)


def _arrivals(
    args: Sequence[Sequence[int]],
    layers: Layers,
    rows: Sequence[Sequence[int]],
    widths: Sequence[float],
    keeps_order: Sequence[bool] | None,
) -> list[list[float]]:
    """Return for each node how far from its middle the edge of each argument arrives.

    The edge that the node stands in line with arrives in the middle.
    """
    index = {vertex: place for row in rows for place, vertex in enumerate(row)}
    ports = []
    for node, given in enumerate(args):
        if len(given) < 2:
            ports.append([0.0] * len(given))
            continue
        order = list(range(len(given)))
        if keeps_order is not None and not keeps_order[node]:
            comes = {
                place: index[neighbour]
                for place, neighbour in zip(layers.places[node], layers.before[node], strict=True)
            }
            order.sort(key=lambda place: comes.get(place, len(index)))
        reach = widths[node] / 2 - min(PORT_MARGIN, widths[node] / 4)
        gap = min(PORT_GAP, 2 * reach / (len(given) - 1))
        half = (len(given) - 1) / 2 * gap
        line = layers.line(node)
        middle = 0.0 if line is None else order.index(line) * gap - half
        middle = min(max(middle, half - reach), reach - half)
        arrivals = [0.0] * len(given)
        for rank, place in enumerate(order):
            arrivals[place] = rank * gap - half - middle
        ports.append(arrivals)
    return ports


def _straighten_ports(
    nodes: Sequence[int],
    layers: Layers,
    x: Sequence[float],
    widths: Sequence[float],
    ports: list[list[float]],
) -> None:
    """Let an edge arrive a little beside its port where it is straight then, off the corners."""
    for node in nodes:
        reach = STRAIGHTENED
        if len(ports[node]) > 1:  # ports stay in their order
            first, second = sorted(ports[node])[:2]
            reach = min(STRAIGHTENED, second - first) / 2.1
        for place, neighbour in zip(layers.places[node], layers.before[node], strict=True):
            straight = x[neighbour] - x[node]
            is_near = abs(straight - ports[node][place]) <= reach
            if is_near and abs(straight) <= widths[node] / 2 - CORNER:
                ports[node][place] = straight


Track = list[tuple[int, float]]  # (layer, how far across) from the source to the target


def _tracks(
    args: Sequence[Sequence[int]],
    layers: Layers,
    x: Sequence[float],
    lanes: dict[tuple[int, int, int], float],
    ports: Sequence[Sequence[float]],
) -> list[tuple[int, int, int, Track]]:
    """Return for each edge where it crosses each layer; layers it crosses straight are left out."""
    tracks = []
    bends = {node: _bends(layers, trunk, x) for node, trunk in layers.trunks.items()}
    for node, given in enumerate(args):
        for place, argument in enumerate(given):
            start, end = layers.of[argument], layers.of[node]
            track = [(start, x[argument])]
            lane = lanes.get((argument, node, place))
            if lane is not None:
                track += [(start + 1, lane), (end - 1, lane)]
            elif end - start > 1:
                trunk = layers.trunks[argument]
                last = (end - 1, x[trunk[end - start - 2]])
                track += [bend for bend in bends[argument] if bend[0] < last[0]]
                track.append(last)
            track.append((end, x[node] + ports[node][place]))
            tracks.append((argument, node, place, track))
    return tracks


def _bends(layers: Layers, trunk: Sequence[int], x: Sequence[float]) -> Track:
    """Return the first and the last layer of each straight part of a trunk."""
    bends: Track = []
    for index, vertex in enumerate(trunk):
        same_before = index > 0 and x[trunk[index - 1]] == x[vertex]
        same_after = index + 1 < len(trunk) and x[trunk[index + 1]] == x[vertex]
        if not (same_before and same_after):
            bends.append((layers.of[vertex], x[vertex]))
    return bends


def _bands(
    rows: Sequence[Sequence[int]],
    boxes: Sequence[tuple[float, float]],
    tracks: Sequence[tuple[int, int, int, Track]],
) -> tuple[list[float], list[float]]:
    """Return where each layer begins and ends; the more edges lean, the wider is the gap."""
    count = len(boxes)
    heights = [max((boxes[v][1] for v in row if v < count), default=0.0) for row in rows]
    leans = [0.0] * len(rows)
    for *_, track in tracks:
        for (level, across), (next_level, next_across) in itertools.pairwise(track):
            if next_level == level + 1:
                leans[level] = max(leans[level], abs(next_across - across))
    tops, bottoms = [], []
    end = 0.0
    for height, following, lean in zip(heights, [*heights[1:], 0.0], leans, strict=True):
        tops.append(end)
        bottoms.append(end + height)
        if height and following:
            gap = LAYER_GAP + LEAN * max(lean - 2 * LAYER_GAP, 0.0)
        else:
            gap = POINT_GAP + POINT_LEAN * lean
        end += height + min(gap, WIDEST_GAP)
    return tops, bottoms


def compressed(points: Sequence[Point]) -> tuple[Point, ...]:
    """Leave out what lies on a straight line along the direction between its neighbours."""
    kept: list[Point] = []
    for point in points:
        if kept and point[0] == kept[-1][0] and abs(point[1] - kept[-1][1]) < SHORTEST:
            if len(kept) > 1:
                kept[-1] = point
        elif len(kept) > 1 and kept[-2][0] == kept[-1][0] == point[0]:
            kept[-1] = point
        else:
            kept.append(point)
    return tuple(kept)
