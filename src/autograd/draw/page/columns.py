"""Columns: the graph and its layout as the page carries them.

One list for each thing that is known of a node, rather than one object a node: keys are written
once, texts that come often once with a list of places, and coordinates as whole numbers. Start
reading at `as_json`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from autograd.draw import captions, cards, svg
from autograd.draw.graph import ROLES

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from autograd.draw.cards import Card
    from autograd.draw.graph import Graph
    from autograd.draw.layout import Layout
    from autograd.draw.nesting import Frame


KINDS = (*ROLES, "number")

# What would end the script element, or a line of it.
_ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}

LARGE = 200  # nodes; in a larger graph the elements of arrays are told in short
LONGEST = 120  # characters there


def as_json(graph: Graph, drawn: Sequence[Card], placed: Layout) -> str:
    """Return the graph in JSON that can stand in a script element."""
    text = json.dumps(columns(graph, drawn, placed), ensure_ascii=False, separators=(",", ":"))
    return text.translate(_ESCAPED)


def columns(graph: Graph, drawn: Sequence[Card], placed: Layout) -> dict[str, Any]:
    """Return what `as_json` writes."""
    nodes = graph.nodes
    longest = LONGEST if len(nodes) > LARGE else None
    texts: dict[str, Iterable[Hashable]] = {
        "operation": [node.operation for node in nodes],
        "title": [card.title for card in drawn],
        "label": [node.label for node in nodes],
        "beside": [card.beside for card in drawn],
        "data": [node.data for node in nodes],
        "gradient": [node.gradient for node in nodes],
        "fullData": [_beyond(node.full_data, node.data, longest) for node in nodes],
        "fullGradient": [_beyond(node.full_gradient, node.gradient, longest) for node in nodes],
        "origin": [node.origin for node in nodes],
        "module": [node.modules for node in nodes],
    }
    return {
        "direction": placed.direction,
        "width_of_all": round(placed.width),
        "height_of_all": round(placed.height),
        "results": graph.results,
        "history": graph.history,
        "metrics": {
            "titleSize": cards.TITLE_SIZE,
            "rowSize": cards.ROW_SIZE,
            "titleHeight": cards.TITLE_HEIGHT,
            "rowHeight": cards.ROW_HEIGHT,
            "acrossPadding": cards.PADDING_ACROSS,
            "alongPadding": cards.PADDING_ALONG,
            "space": cards.SPACE,
            "inset": svg.INSET,
            "corners": svg.CORNERS,
            "longest": captions.LONGEST,
        },
        "roles": KINDS,
        "role": "".join(
            str(KINDS.index("number" if node.is_plain else node.role)) for node in nodes
        ),
        "args": [node.args for node in nodes],
        "folded": {node.number: node.folded for node in nodes if node.folded},
        "columns": {name: _packed(column) for name, column in texts.items()},
        "x": [round(x) for x, _ in placed.centers],
        "y": [round(y) for _, y in placed.centers],
        "width": [round(card.width) for card in drawn],
        "height": [round(card.height) for card in drawn],
        "frames": [_frame(frame, placed.direction) for frame in placed.frames],
        "routes": [_route(route.points, placed.centers[route.source]) for route in placed.routes],
    }


def _beyond(full: str, short: str, longest: int | None) -> str:
    """Return the full text, or nothing where the short one says the same."""
    if longest is not None:
        full = captions.shortened(full, longest)
    return "" if full in (short, f"{short}.0") else full


def _frame(frame: Frame, direction: str) -> dict[str, Any]:
    (x, y), (width, height) = frame.center, frame.size
    told = {"left": x - width / 2, "top": y - height / 2, "width": width, "height": height}
    _, side = svg.caption_of(frame, direction)
    return {
        **{name: round(number) for name, number in told.items()},
        "path": " > ".join(frame.path),
        "isAtEnd": bool(side),
    }


def _packed(column: Iterable[Hashable]) -> dict[str, Any]:
    """Return each entry once, and for each place which it is."""
    places: dict[Hashable, int] = {}
    of = [places.setdefault(entry, len(places)) for entry in column]
    return {"texts": list(places), "of": of}


def _route(points: Sequence[tuple[float, float]], start: tuple[float, float]) -> list[int]:
    """Return the steps from the middle of the source to each point, as whole numbers."""
    x, y = round(start[0]), round(start[1])
    steps = []
    for point in points:
        steps += [round(point[0]) - x, round(point[1]) - y]
        x, y = round(point[0]), round(point[1])
    return steps
