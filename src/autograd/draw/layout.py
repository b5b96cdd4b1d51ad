"""The layout: where each box of a graph stands, and which way each edge takes.

It knows boxes, edges and scopes, no Values and no formats. What belongs to one scope is arranged by
itself, and stands in a frame that is a box in the scope around it (`nesting`); boxes are arranged
from top to bottom (`arrangement`), and the whole is turned at last. Start reading at `layout`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from autograd.draw.arrangement import Point, Route, arranged
from autograd.draw.nesting import Rules, nested

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.draw.nesting import Frame
    from autograd.draw.scopes import Scope

Direction = Literal["TB", "LR", "BT", "RL"]
DIRECTIONS = ("TB", "LR", "BT", "RL")

MARGIN = 20.0
FRAME_PAD, CAPTION_HEIGHT = 12.0, 24.0


class Layout(NamedTuple):
    """A drawing without ink.

    Attributes
    ----------
    width, height : float
    centers : tuple of (float, float)
        The middles of the boxes, by number.
    routes : tuple of Route
        The ways of the edges.
    direction : str
    frames : tuple of Frame
        Round the boxes of each scope, those that hold others first.
    """

    width: float
    height: float
    centers: tuple[Point, ...]
    routes: tuple[Route, ...]
    direction: Direction
    frames: tuple[Frame, ...] = ()


def layout(
    args: Sequence[Sequence[int]],
    sizes: Sequence[tuple[float, float]],
    *,
    keeps_order: Sequence[bool] | None = None,
    direction: Direction = "TB",
    scopes: Sequence[Scope] = (),
    within: Sequence[int] = (),
    captions: Sequence[float] = (),
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
    scopes, within : sequence of Scope, sequence of int, optional
        The tree of scopes, and which of them each box is in, as from `scopes.tree_of`.
    captions : sequence of float, optional
        How wide the caption of each scope is.

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
    if len(scopes) < 2:
        plain = arranged(args, boxes, keeps_order=keeps_order)
        return _turned(plain.centers, plain.routes, [], boxes, direction)
    # Captions stand at the upper left, wherever that is before the whole is turned.
    start, end, low = (
        CAPTION_HEIGHT if where else FRAME_PAD
        for where in (direction == "TB", direction == "BT", flat)
    )
    least = [(0.0, width) if flat else (width, 0.0) for width in captions]
    ordered = [True] * len(args) if keeps_order is None else keeps_order
    rules = Rules((start, end, low, FRAME_PAD), least)
    centers, routes, frames = nested(args, boxes, ordered, (scopes, within), rules)
    return _turned(centers, routes, frames, boxes, direction)


def _turned(
    centers: Sequence[Point],
    routes: Sequence[Route],
    frames: Sequence[Frame],
    boxes: Sequence[tuple[float, float]],
    direction: Direction,
) -> Layout:
    """Turn what was laid out from top to bottom, with its corner at the margin."""
    corners = [*zip(centers, boxes, strict=True)]
    corners += [(frame.center, frame.size) for frame in frames]
    across = [x for route in routes for x, _ in route.points]
    across += [x + sign * size / 2 for (x, _), (size, _) in corners for sign in (-1, 1)]
    left = min(across, default=0.0) - MARGIN
    width = max(across, default=0.0) + MARGIN - left
    height = max((y + size / 2 for (_, y), (_, size) in corners), default=0.0) + 2 * MARGIN
    flat, backwards = direction in ("LR", "RL"), direction in ("BT", "RL")

    def turn(point: Point) -> Point:
        along = point[1] + MARGIN
        along = round(height - along if backwards else along, 2)
        return (along, round(point[0] - left, 2)) if flat else (round(point[0] - left, 2), along)

    def turn_frame(frame: Frame) -> Frame:
        return frame._replace(
            center=turn(frame.center),
            size=frame.size[::-1] if flat else frame.size,
            entered=tuple(round(place - left, 2) for place in frame.entered),
            left=tuple(round(place - left, 2) for place in frame.left),
        )

    return Layout(
        round(height if flat else width, 2),
        round(width if flat else height, 2),
        tuple(map(turn, centers)),
        tuple(route._replace(points=tuple(map(turn, route.points))) for route in routes),
        direction,
        tuple(map(turn_frame, frames)),
    )
