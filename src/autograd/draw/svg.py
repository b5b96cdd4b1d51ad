"""SVG: a layout with ink.

The file asks for nothing from elsewhere: no fonts, no scripts. Each box is a group of the class of
its role with `data-number`, each edge a path with `data-from` and `data-to`. Classes bear the name
of the theme, because the style of a drawing within a page holds for the whole page. Start reading
at `to_svg`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from autograd.draw import captions, cards
from autograd.draw import legend as legends
from autograd.draw.layout import MARGIN
from autograd.draw.legend import legend
from autograd.draw.themes import THEMES, Theme, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from autograd.draw.arrangement import Point
    from autograd.draw.cards import Card
    from autograd.draw.graph import Graph, Node, Role
    from autograd.draw.layout import Layout
    from autograd.draw.legend import Legend
    from autograd.draw.nesting import Frame

SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif"
MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"

# How round the corners of a box are, which tells roles apart as its outline does.
CORNERS: dict[Role, int] = {"parameter": 12, "input": 2, "constant": 2, "operation": 6, "result": 6}
OUTLINES: dict[Role, str] = {
    "parameter": "stroke-width: 2",
    "input": "stroke-width: 2",
    "constant": "stroke-width: 1.2; stroke-dasharray: 4 3",
    "operation": "stroke-width: 1.2",
    "result": "stroke-width: 2",
}
INSET = 3.5  # of the second line round a result
CAPTION_BASE = 16.0  # below the top of a frame
LEGEND_RISE = 4.0  # of the legend into the margin below the graph


def to_svg(
    graph: Graph, drawn: Sequence[Card], placed: Layout, theme: str, *, show_legend: bool = True
) -> str:
    """Return the text of an SVG file."""
    scope = f"autograd-{theme}"
    roles = {node.role for node in graph.nodes} if show_legend else set()
    below = legend(roles, placed.width - 2 * MARGIN)
    width = _number(max(placed.width, below.width + 2 * MARGIN))
    height = _number(placed.height + below.height)
    name = escape(f"A graph of {len(graph.nodes):,} nodes")
    style = _style(scope, THEMES[shown(theme)])
    if theme == "auto":
        style += f"\n@media (prefers-color-scheme: dark) {{\n{_style(scope, THEMES['dark'])}\n}}"
    arrow = (
        f'<marker id="{scope}-arrow" viewBox="0 0 8 8" refX="7.4" refY="4" markerWidth="8"'
        ' markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        '<path class="arrow" d="M0.5,0.8 L7.6,4 L0.5,7.2 Z"/></marker>'
    )
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{scope}" role="img" width="{width}"'
        f' height="{height}" viewBox="0 0 {width} {height}">'
    )
    lines = [
        opening,
        f"<title>{name}</title>",
        f"<style>{style}</style>",
        f"<defs>{arrow}</defs>",
        '<rect class="paper" width="100%" height="100%" rx="8"/>',
        *_frames(placed),
        '<g class="edges">',
    ]
    flat = placed.direction in ("LR", "RL")
    lines += [
        f'<path class="edge" data-from="{route.source}" data-to="{route.target}"'
        f' marker-end="url(#{scope}-arrow)" d="{path(route.points, flat)}"/>'
        for route in placed.routes
    ]
    lines.append("</g>")
    for node, written, center in zip(graph.nodes, drawn, placed.centers, strict=True):
        lines += _box(node, written, center)
    lines += _legend(below, placed.height - LEGEND_RISE)
    lines.append("</svg>\n")
    return "\n".join(lines)


def path(points: Sequence[Point], flat: bool) -> str:
    """Return a path through the points: straight along the direction, else in curves.

    Examples
    --------
    >>> path([(0.0, 0.0), (0.0, 10.0), (20.0, 30.0)], flat=False)
    'M0,0 L0,10 C0,20 20,20 20,30'
    """
    start = points[0]
    parts = [f"M{_point(start)}"]
    for end in points[1:]:
        if abs(start[flat] - end[flat]) < 0.5:
            parts.append(f"L{_point(end)}")
        elif flat:
            middle = (start[0] + end[0]) / 2
            parts.append(f"C{_point((middle, start[1]))} {_point((middle, end[1]))} {_point(end)}")
        else:
            middle = (start[1] + end[1]) / 2
            parts.append(f"C{_point((start[0], middle))} {_point((end[0], middle))} {_point(end)}")
        start = end
    return " ".join(parts)


def tooltip(node: Node) -> str:
    """Return all that is known about a node, in lines.

    Examples
    --------
    >>> from autograd import Value
    >>> from autograd.draw.snapshot import read
    >>> print(tooltip(read(Value(2.0, label="x")).nodes[0]))
    x
    data = 2.0
    grad = 0.0
    """
    lines = [" ".join(filter(None, (node.operation, node.label))), f"data = {node.full_data}"]
    if node.full_gradient:
        lines.append(f"grad = {node.full_gradient}")
    if node.shape:
        lines.append(f"shape = {node.shape}")
    lines.append(node.origin)
    return "\n".join(filter(None, lines))


def _box(node: Node, written: Card, center: Point) -> Iterable[str]:
    """Give the lines of one box."""
    left, top = center[0] - written.width / 2, center[1] - written.height / 2
    yield f'<g class="node {node.role}" data-number="{node.number}">'
    if not node.is_plain:
        yield f"<title>{escape(tooltip(node))}</title>"
    corner = CORNERS[node.role]
    yield _rectangle("box", (left, top, written.width, written.height), corner)
    if node.role == "result":
        yield _ring((left, top, written.width, written.height), corner, INSET)
    edge = left + cards.PADDING_ACROSS
    right = left + written.width - cards.PADDING_ACROSS
    line = top + cards.PADDING_ALONG
    if written.title or written.label or written.beside:
        base = _number(line + cards.TITLE_HEIGHT - 6)
        if node.is_plain:
            yield f'<text class="number" x="{_number(center[0])}" y="{base}">{written.title}</text>'
        else:
            heading = escape(written.title)
            if written.label:
                space = f' dx="{_number(cards.SPACE)}"' if written.title else ""
                heading += f'<tspan class="label"{space}>{escape(written.label)}</tspan>'
            yield f'<text class="title" x="{_number(edge)}" y="{base}">{heading}</text>'
        if written.beside:
            yield f'<text class="key end" x="{_number(right)}" y="{base}">{written.beside}</text>'
        line += cards.TITLE_HEIGHT
    for key, text in written.rows:
        base = _number(line + cards.ROW_HEIGHT - 4)
        yield f'<text class="key" x="{_number(edge)}" y="{base}">{key}</text>'
        kind = "text end" if captions.is_finite(text) else "text end wrong"
        yield f'<text class="{kind}" x="{_number(right)}" y="{base}">{escape(text)}</text>'
        line += cards.ROW_HEIGHT
    yield "</g>"


def _frames(placed: Layout) -> Iterable[str]:
    """Give the lines of the frames round modules."""
    for frame in placed.frames:
        (x, y), (width, height) = frame.center, frame.size
        left, top = x - width / 2, y - height / 2
        yield f'<g class="frame"><title>{escape(" > ".join(frame.path))}</title>'
        yield _rectangle("scope", (left, top, width, height), 10)
        at, side = caption_of(frame, placed.direction)
        name = escape(cards.shown_name(frame.path))
        place = f'x="{_number(at)}" y="{_number(top + CAPTION_BASE)}"'
        yield f'<text class="caption{side}" {place}>{name}</text></g>'


def caption_of(frame: Frame, direction: str) -> tuple[float, str]:
    """Return where the name of a module begins, or ends if edges would cross it there."""
    left, right = frame.center[0] - frame.size[0] / 2, frame.center[0] + frame.size[0] / 2
    width = cards.caption_width(frame.path)
    crossing = {"TB": frame.entered, "BT": frame.left}.get(direction, ())
    is_crossed = any(place < left + width for place in crossing)
    if is_crossed and all(place < right - width for place in crossing):
        return right - cards.PADDING_ACROSS, " end"
    return left + cards.PADDING_ACROSS, ""


def _ring(box: Sequence[float], corner: float, inset: float) -> str:
    """Return the second line round a result."""
    left, top, width, height = box
    inner = (left + inset, top + inset, width - 2 * inset, height - 2 * inset)
    return _rectangle("ring", inner, corner - 2)


def _legend(below: Legend, top: float) -> Iterable[str]:
    """Give the lines of the legend."""
    if not below.entries:
        return
    yield f'<g class="legend" transform="translate({_number(MARGIN)},{_number(top)})">'
    for entry in below.entries:
        sample = (entry.left, entry.top, legends.SAMPLE_WIDTH, legends.SAMPLE_HEIGHT)
        corner = CORNERS[entry.role] * legends.SAMPLE_ROUNDED
        yield f'<g class="{entry.role}">'
        yield _rectangle("box", sample, corner)
        if entry.role == "result":
            yield _ring(sample, corner, INSET - 1)
        across = _number(entry.left + legends.SAMPLE_WIDTH + legends.BETWEEN)
        base = _number(entry.top + legends.SAMPLE_HEIGHT - 1.5)
        yield f'<text class="name" x="{across}" y="{base}">{entry.role}</text></g>'
    yield "</g>"


def _rectangle(name: str, box: Sequence[float], corner: float) -> str:
    left, top, width, height = map(_number, box)
    return (
        f'<rect class="{name}" x="{left}" y="{top}" width="{width}" height="{height}"'
        f' rx="{_number(corner)}"/>'
    )


def _style(scope: str, theme: Theme) -> str:
    """Return the style sheet of a theme."""
    mono = f"font: {cards.ROW_SIZE}px {MONO}"
    rules = {
        ".paper": f"fill: {theme.paper}",
        ".edge": f"fill: none; stroke: {theme.edge}; stroke-width: 1.4",
        ".arrow": f"fill: {theme.edge}",
        "text": f"fill: {theme.ink}",
        ".title": f"font: 600 {cards.TITLE_SIZE}px {SANS}",
        ".number": f"{mono}; text-anchor: middle",
        ".key": f"{mono}; fill: {theme.pale}",
        ".text": mono,
        ".wrong": f"fill: {theme.signal}; font-weight: 700",
        ".end": "text-anchor: end",
        ".name": f"font: {legends.SIZE}px {SANS}; fill: {theme.pale}",
        ".ring": "fill: none",
        ".scope": f"fill: {theme.ink}; fill-opacity: .035; stroke: {theme.edge};"
        " stroke-opacity: .55; stroke-width: 1",
        ".caption": f"font: 600 {cards.ROW_SIZE}px {SANS}; fill: {theme.pale}",
    }
    for role, (fill, stroke) in theme.roles.items():
        rules[f".{role} rect"] = f"stroke: {stroke}; {OUTLINES[role]}"
        rules[f".{role} .box"] = f"fill: {fill}"
        rules[f".{role} .title"] = f"fill: {stroke}"
    rules[".title .label"] = f"fill: {theme.ink}"
    rules[".result .ring"] = "stroke-width: 1"
    return "\n".join(f".{scope} {selector} {{ {rule} }}" for selector, rule in rules.items())


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _point(point: Point) -> str:
    return f"{_number(point[0])},{_number(point[1])}"
