"""The page: a drawing that can be moved, searched, folded and played, in one HTML file.

The file needs nothing beside itself and asks for nothing from elsewhere, and its policy forbids it
to. It carries the graph as columns of numbers and texts (`columns`), from which its script makes
what can be seen. The script is in the files beside this one: start reading at ``page.js``; each of
the others owns one noun. Start reading here at `to_html`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib import resources
from string import Template
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from autograd.draw import cards
from autograd.draw.page.columns import as_json
from autograd.draw.svg import MONO, SANS
from autograd.draw.themes import THEMES, Theme, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.draw.cards import Card
    from autograd.draw.graph import Graph
    from autograd.draw.layout import Layout

# They share one scope, in an order in which each file finds what it needs at once.
SCRIPTS = (
    *("graph", "scene", "arrange", "nest", "view", "ink", "details", "player"),
    *("page", "folding", "picking", "search", "playing", "keys"),
)
SCHEMES = {"light": "light", "dark": "dark", "auto": "light dark"}

# What the page has beside the theme: lines, what lies under the pointer, what lies over the graph.
_EXTRA = {
    "light": ("#d4dae0", "#f0f3f6", "rgb(255 255 255 / .82)"),
    "dark": ("#39424c", "#232a31", "rgb(21 25 30 / .82)"),
}


def to_html(graph: Graph, drawn: Sequence[Card], placed: Layout, theme: str) -> str:
    """Return the text of an HTML file."""
    data = as_json(graph, drawn, placed)
    style, script = _style(theme), _script()
    return Template(_asset("page.html")).substitute(
        title=escape(f"A graph of {len(graph.nodes):,} nodes"),
        schemes=SCHEMES[theme],
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        data=data,
    )


@cache
def _asset(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


@cache
def _script() -> str:
    """Return the script, without the comments."""
    lines = [line for name in SCRIPTS for line in _asset(f"{name}.js").splitlines()]
    kept = "\n".join(_tight(line) for line in lines if line and not line.lstrip().startswith("//"))
    return f"""(() => {{
"use strict";
const DATA = JSON.parse(document.getElementById("data").textContent);
{kept}
begin();
}})();"""


def _tight(line: str) -> str:
    """Return a line of a script without the space round signs, where that is no part of a text.

    Examples
    --------
    >>> print(_tight('  const { a, b } = f(c ? 1 : -1), d = e + "y, z";'))
    const{a,b}=f(c ? 1:-1),d=e + "y, z";
    """
    if "`" in line:  # a template may hold code that holds templates
        return line.strip()
    parts = re.split(r'("(?:[^"\\]|\\.)*")', line.strip())
    return "".join(
        part if part.startswith('"') else re.sub(r" *([{}(),;:=<>|&*]) *", r"\1", part)
        for part in parts
    )


def _style(theme: str) -> str:
    """Return the style sheet, with the colours of the theme."""
    rules = f":root {{ {_colours(shown(theme))} }}\n"
    if theme == "auto":
        rules += f"@media (prefers-color-scheme: dark) {{ :root {{ {_colours('dark')} }} }}\n"
    rules += f":root {{ --title-size: {cards.TITLE_SIZE}px; --row-size: {cards.ROW_SIZE}px; "
    rules += f"--sans: {SANS}; --mono: {MONO}; }}\n"
    sheet = "\n".join(filter(None, map(str.strip, _asset("page.css").splitlines())))
    return rules + re.sub(r" *([{};,>]) *", r"\1", sheet.replace(": ", ":"))


def _colours(name: str) -> str:
    theme: Theme = THEMES[name]
    line, hover, glass = _EXTRA[name]
    colours = {"paper": theme.paper, "ink": theme.ink, "pale": theme.pale, "edge": theme.edge}
    colours |= {"line": line, "hover": hover, "glass": glass}
    colours |= {"match": theme.signal, "flow": theme.signal}
    for role, (box, stroke) in theme.roles.items():
        colours |= {role: stroke, f"{role}-box": box}
    return " ".join(f"--{key}: {colour};" for key, colour in colours.items())


def _hash(text: str) -> str:
    """Return the name by which a policy allows a text."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
