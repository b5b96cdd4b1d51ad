"""DOT: the graph in the language of Graphviz, for those who have it.

Start reading at `to_dot`.
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

STYLES = {
    "parameter": 'style="rounded,filled" penwidth=2',
    "input": 'style="filled" penwidth=2',
    "constant": 'style="dashed,filled"',
    "operation": 'style="rounded,filled"',
    "result": 'style="filled" peripheries=2',
}


def to_dot(
    graph: Graph,
    cards: Sequence[Card],
    direction: Direction,
    theme: str,
    modules: Sequence[tuple[str, ...]],
) -> str:
    """Return the text of a DOT file; `modules` are those of the nodes that are framed."""
    colours = THEMES[shown(theme)]
    lines = [
        "digraph autograd {",
        f'  graph [rankdir={direction} bgcolor="{colours.paper}"]',
        f'  node [shape=box fontname="monospace" fontsize=11 fontcolor="{colours.ink}"]',
        f'  edge [color="{colours.edge}" arrowsize=0.7]',
    ]
    nodes = []
    for node, card in zip(graph.nodes, cards, strict=True):
        fill, stroke = colours.roles[node.role]
        # \l ends a line that is aligned to the left.
        text = quoted(card.lines()[0]) if node.is_plain else "".join(map(_line, card.lines()))
        nodes.append(
            f'  n{node.number} [label="{text}" class="{node.role}" {STYLES[node.role]}'
            f' fillcolor="{fill}" color="{stroke}"]'
        )

    def opening(number: int, name: str) -> str:
        return (
            f'  subgraph cluster_{number} {{ label="{quoted(captions.abbreviated(name))}"'
            " labeljust=l"
            f' style=rounded color="{colours.edge}" fontcolor="{colours.pale}" fontname="sans"'
        )

    lines += grouped(nodes, modules, opening, "  }")
    lines += [f"  n{argument} -> n{user}" for argument, user, _ in graph.edges()]
    return "\n".join([*lines, "}\n"])


def quoted(text: str) -> str:
    r"""Return the text as it stands between the quotes of a string.

    Examples
    --------
    >>> print(quoted('say "hi" \\ bye'))
    say \"hi\" \\ bye
    """
    # A backslash would begin an escape such as \N, the name of the node.
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return escaped.replace("&", "&amp;")  # Graphviz reads entities


def _line(text: str) -> str:
    return f"{quoted(text)}\\l"
