"""Text: the graph as a tree for a terminal.

The result stands first, what it was computed from below it. A part that is used several times is
written once, with a number, and then only referred to. Start reading at `to_text`.
"""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, TextIO

from autograd.draw import captions
from autograd.draw.cards import heading
from autograd.draw.snapshot import MAX_NODES, check_count, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from autograd.draw.graph import Graph, Node
    from autograd.engine import Value
    from autograd.inspection.names import Names

WIDTH = 100
NARROWEST = 20

# The line of one argument and what leads on below it, for the last argument and for the others.
BRANCHES = (("├─ ", "│  "), ("└─ ", "   "))
ASCII_BRANCHES = (("|- ", "|  "), ("`- ", "   "))
ASCII = str.maketrans({"…": "..", "−": "-", "×": "*", "÷": "/"})  # noqa: RUF001


def to_text(
    values: Value | Iterable[Value],
    *,
    show_grad: bool = True,
    width: int = WIDTH,
    ascii: bool = False,  # noqa: A002 - as that of the built-in function
    max_nodes: int = MAX_NODES,
    max_depth: int | None = None,
    names: Names | None = None,
) -> str:
    """Return the graph as a tree of lines.

    Parameters
    ----------
    values : Value or iterable of Value
    show_grad : bool, default True
        Whether the gradients are shown.
    width : int, default 100
        How many cells a line may take, at least 20. Longer ones are cut; of what lies very deep the
        line begins with its depth in place of its branches.
    ascii : bool, default False
        Whether nothing but ASCII is written.
    max_nodes, max_depth, names
        As for `draw`.

    Returns
    -------
    str

    Raises
    ------
    TypeError, ValueError
        As `draw`; and if the width is too small.

    Examples
    --------
    >>> x = Value(3.0, label="x")
    >>> square = x**2
    >>> print(to_text(square + (square + 1.0), show_grad=False))
    + 19
    ├─ [#1] ** 9
    │  ├─ x 3
    │  └─ 2
    └─ + 10
       ├─ [#1]
       └─ 1
    """
    check_count("to_text", "width", width, 0)
    if width < NARROWEST:
        raise ValueError(
            f"[to_text] width = {width} was given - at least {NARROWEST} is needed. Widen it."
        )
    graph = read(
        values,
        operation="to_text",
        show_grad=show_grad,
        max_nodes=max_nodes,
        max_depth=max_depth,
        names=names,
    )
    return "\n".join(_cut(line, width, ascii) for line in _lines(graph, width, ascii))


def print_graph(
    values: Value | Iterable[Value],
    *,
    show_grad: bool = True,
    width: int | None = None,
    ascii: bool | None = None,  # noqa: A002 - as that of the built-in function
    max_nodes: int = MAX_NODES,
    max_depth: int | None = None,
    names: Names | None = None,
    file: TextIO | None = None,
) -> None:
    """Print the graph as a tree, as wide as the terminal; see `to_text`.

    Parameters
    ----------
    values : Value or iterable of Value
    show_grad, max_nodes, max_depth, names
        As for `to_text`.
    width : int, optional
        That of the terminal by default.
    ascii : bool, optional
        By default whether the file cannot write anything else.
    file : text file, optional
        Standard output by default.

    Examples
    --------
    >>> print_graph(Value(3.0, label="x") * 2.0, ascii=True)
    * 6  grad 0
    |- x 3  grad 0
    `- 2
    """
    if width is None:
        width = max(shutil.get_terminal_size((WIDTH, 24)).columns, NARROWEST)
    if ascii is None:
        # What has no encoding, such as io.StringIO, takes every character.
        encoding = getattr(file or sys.stdout, "encoding", None) or "utf-8"
        ascii = not _can_write(encoding)  # noqa: A001 - see above
    text = to_text(
        values,
        show_grad=show_grad,
        width=width,
        ascii=ascii,
        max_nodes=max_nodes,
        max_depth=max_depth,
        names=names,
    )
    print(text, file=file)


def _can_write(encoding: str) -> bool:
    try:
        "├└│─…×÷−".encode(encoding)  # noqa: RUF001
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _lines(graph: Graph, width: int, plain: bool) -> Iterator[str]:
    """Give the lines of the tree, from the results on."""
    branches = ASCII_BRANCHES if plain else BRANCHES
    uses = [0] * len(graph.nodes)
    for argument, _, _ in graph.edges():
        uses[argument] += 1
    for result in graph.results:
        uses[result] += 1
    tags: dict[int, int] = {}
    # What is still to be written, the next line last: node, line before it, line below, depth.
    waiting = [(result, "", "", 0) for result in reversed(graph.results)]
    while waiting:
        number, lead, below, depth = waiting.pop()
        node = graph.nodes[number]
        if number in tags:
            yield f"{lead}[#{tags[number]}]"
            continue
        tag = ""
        if uses[number] > 1 and not (node.is_leaf and node.label):
            tags[number] = len(tags) + 1
            tag = f"[#{tags[number]}] "
        yield f"{lead}{tag}{_described(node)}"
        for place in range(len(node.args) - 1, -1, -1):
            branch, on = branches[place == len(node.args) - 1]
            if len(below) + len(branch) > width // 2:
                start = f"({depth + 1}) "
                waiting.append((node.args[place], start + branch, below, depth + 1))
            else:
                waiting.append((node.args[place], below + branch, below + on, depth + 1))


def _described(node: Node) -> str:
    """Return what is said of a node in one line."""
    if node.is_plain:
        return node.data
    parts = [" ".join(filter(None, (heading(node), captions.abbreviated(node.label), node.data)))]
    if node.shape:
        parts.append(f"shape {node.shape}")
    if node.gradient:
        parts.append(f"grad {node.gradient}")
    if node.folded:
        parts.append(f"{node.folded:,} folded")
    return "  ".join(parts)


def _cut(line: str, width: int, plain: bool) -> str:
    """Return a line that is not too wide, in the characters that may be used."""
    if plain:
        line = line.translate(ASCII).encode("ascii", "backslashreplace").decode()
        return line if len(line) <= width else f"{line[: width - 2]}.."
    if captions.cells(line) <= width:
        return line
    while captions.cells(line) > width - 1:
        line = line[:-1]
    return f"{line}…"
