"""Mermaid: the graph in the language that GitHub, GitLab and many editors draw by themselves.

Start reading at `to_mermaid`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.draw import captions
from autograd.draw.scopes import grouped
from autograd.draw.themes import THEMES, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.draw.cards import Card
    from autograd.draw.graph import Graph
    from autograd.draw.layout import Direction

# What opens and closes a box of each shape.
SHAPES = {
    "parameter": ("([", "])"),
    "input": ("[/", "/]"),
    "constant": ("[", "]"),
    "operation": ("(", ")"),
    "result": ("[[", "]]"),
}
# Other characters may mean something to Mermaid, to its Markdown, or to the HTML it makes.
SAFE = frozenset(" .,:+-=/()[]…")


def to_mermaid(
    graph: Graph,
    cards: Sequence[Card],
    direction: Direction,
    theme: str,
    modules: Sequence[tuple[str, ...]],
) -> str:
    """Return the text of a flowchart; `modules` are those of the nodes that are framed."""
    nodes = []
    for node, card in zip(graph.nodes, cards, strict=True):
        opening, closing = SHAPES[node.role]
        text = "<br/>".join(map(quoted, card.lines()))
        nodes.append(f'  n{node.number}{opening}"{text}"{closing}:::{node.role}')

    def begin(number: int, name: str) -> str:
        return f'  subgraph s{number}["{quoted(captions.abbreviated(name)) or "#160;"}"]'

    lines = [f"flowchart {direction}", *grouped(nodes, modules, begin, "  end")]
    lines += [f"  n{argument} --> n{user}" for argument, user, _ in graph.edges()]
    colours = THEMES[shown(theme)]
    present = {node.role for node in graph.nodes}
    for role, (fill, stroke) in colours.roles.items():
        if role in present:
            dashes = ",stroke-dasharray:4 3" if role == "constant" else ""
            lines.append(
                f"  classDef {role} fill:{fill},stroke:{stroke},color:{colours.ink}{dashes}"
            )
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Return the text with every character that could mean something as its number.

    Examples
    --------
    >>> quoted('a "b" <c>')
    'a #34;b#34; #60;c#62;'
    """
    return "".join(
        character if character.isalnum() or character in SAFE else f"#{ord(character)};"
        for character in text
    )
