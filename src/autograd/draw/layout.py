"""The layout: where each box of a graph stands, and which way each edge takes.

It knows boxes and edges, no Values and no formats. Along the direction of the computation nodes
stand in layers (`layers`), within each in an order with few crossings (`crossings`), at places
that keep edges short and straight (`coordinates`); long edges for which no way was kept free go
round the others (`lanes`). An edge bends between two layers only, where no box is, so that none
passes through a box. Start reading at `layout`.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Literal, NamedTuple

from autograd.draw.coordinates import placed
from autograd.draw.crossings import ordered
from autograd.draw.lanes import lanes_beside
from autograd.draw.layers import Layers, layered

if TYPE_CHECKING:
    from collections.abc import Sequence

Direction = Literal["TB", "LR", "BT", "RL"]
DIRECTIONS = ("TB", "LR", "BT", "RL")

Point = tuple[float, float]

MARGIN = 20.0
LAYER_GAP = 34.0
WIDEST_GAP = 110.0
LEAN = 0.12  # how much wider a gap is for each unit that an edge leans there
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


class Layout(NamedTuple):
    """A drawing without ink: `centers` of the boxes, by number, `routes` of the edges, the size."""

    width: float
    height: float
    centers: tuple[Point, ...]
    routes: tuple[Route, ...]
    direction: Direction


def layout(
    args: Sequence[Sequence[int]],
    sizes: Sequence[tuple[float, float]],
    *,
    keeps_order: Sequence[bool] | None = None,
    direction: Direction = "TB",
) -> Layout:
    """Lay out boxes whose arguments are numbered before them.

    Parameters
    ----------
    args : sequence of sequence of int
        For each box the boxes that lead to it.
    sizes : sequence of (float, float)
        Width and height of each box.
    keeps_order : sequence of bool, optional
        Whether the edges into a box arrive in the order of its arguments; else in that in which
        they cross least.
    direction : {"TB", "LR", "BT", "RL"}
        Where the edges lead: from top to bottom, from left to right, and the other way round.

    Returns
    -------
    Layout

    Examples
    --------
    >>> found = layout([(), (0,)], [(60.0, 20.0), (40.0, 20.0)])
    >>> found.centers
    ((50.0, 30.0), (50.0, 84.0))
    >>> found.routes[0].points
    ((50.0, 40.0), (50.0, 74.0))
    """
    flat = direction in ("LR", "RL")
    boxes = [(height, width) for width, height in sizes] if flat else list(sizes)
    layers = layered(args)
    rows = ordered(layers)
    widths = [width for width, _ in boxes]
    ports = _arrivals(args, layers, rows, widths, keeps_order)
    x = placed(layers, rows, widths, ports)
    lanes = lanes_beside(layers, rows, widths, x)
    _straighten_ports(args, layers, x, widths, ports)
    tracks = _tracks(args, layers, x, lanes, ports)
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
        routes.append(Route(source, target, place, _compressed(points)))
    return _turned(list(zip(x, middles, strict=False)), routes, boxes, direction)


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
    args: Sequence[Sequence[int]],
    layers: Layers,
    x: Sequence[float],
    widths: Sequence[float],
    ports: list[list[float]],
) -> None:
    """Let an edge arrive a little beside its port where it is straight then, off the corners."""
    for node in range(len(args)):
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
    end = MARGIN
    for height, lean in zip(heights, leans, strict=True):
        tops.append(end)
        bottoms.append(end + height)
        end += height + min(LAYER_GAP + LEAN * max(lean - 2 * LAYER_GAP, 0.0), WIDEST_GAP)
    return tops, bottoms


def _compressed(points: Sequence[Point]) -> tuple[Point, ...]:
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


def _turned(
    centers: list[Point],
    routes: list[Route],
    boxes: Sequence[tuple[float, float]],
    direction: Direction,
) -> Layout:
    """Turn what was laid out from top to bottom, with its corner at the margin."""
    across = [c[0] - b[0] / 2 for c, b in zip(centers, boxes, strict=True)]
    beyond = [c[0] + b[0] / 2 for c, b in zip(centers, boxes, strict=True)]
    for route in routes:
        for point in route.points:
            across.append(point[0])
            beyond.append(point[0])
    left = min(across, default=0.0) - MARGIN
    width = max(beyond, default=0.0) + MARGIN - left
    height = max((c[1] + b[1] / 2 for c, b in zip(centers, boxes, strict=True)), default=0.0)
    height += MARGIN
    flat, backwards = direction in ("LR", "RL"), direction in ("BT", "RL")

    def turn(point: Point) -> Point:
        along = round(height - point[1] if backwards else point[1], 2)
        return (along, round(point[0] - left, 2)) if flat else (round(point[0] - left, 2), along)

    return Layout(
        round(height if flat else width, 2),
        round(width if flat else height, 2),
        tuple(map(turn, centers)),
        tuple(route._replace(points=tuple(map(turn, route.points))) for route in routes),
        direction,
    )
