"""Cards: what is written in the box of a node, and how large the box is for it.

Widths are those of wide fonts, since which one a reader has is unknown. Start reading at `card`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from autograd.draw import captions, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.draw.graph import Node

SYMBOLS = {
    "add": "+",
    "subtract": "−",  # noqa: RUF001 - a minus sign, as long as the plus
    "multiply": "×",  # noqa: RUF001 - likewise
    "divide": "÷",
    "power": "**",
    "matmul": "@",
}

LONGEST_NAME = 32  # characters of an operation with its settings
TITLE_SIZE, ROW_SIZE = 13.0, 11.5
TITLE_HEIGHT, ROW_HEIGHT = 20.0, 16.0
PADDING_ACROSS, PADDING_ALONG = 11.0, 7.0
BETWEEN = 10.0  # the title and what stands right of it, a key and its text
SPACE = 8.0  # between the title and the label
SMALLEST = 34.0
CELL = 0.61  # of a monospaced font: 0.602 in DejaVu Sans Mono and Menlo, 0.6 in Courier
# Of DejaVu Sans Bold, the widest of those that are common, in parts of its size.
NARROW, WIDE, CAPITAL, OTHER = 0.45, 1.15, 0.86, 0.74


class Card(NamedTuple):
    """The texts of a box: title, label, what stands beside them, keys with texts; the size."""

    title: str
    label: str
    beside: str
    rows: tuple[tuple[str, str], ...]
    width: float
    height: float

    def lines(self) -> list[str]:
        """Return the texts line by line."""
        heading = " ".join(filter(None, (self.title, self.label, self.beside)))
        return [*filter(None, [heading]), *(f"{key} {text}" for key, text in self.rows)]


def card(node: Node) -> Card:
    """Return what is written about a node.

    Examples
    --------
    >>> from autograd import Value
    >>> from autograd.draw.snapshot import read
    >>> graph = read(Value(3.0, label="x") + 2.0)
    >>> [card(node).lines() for node in graph.nodes]
    [['x', 'data 3', 'grad 0'], ['2'], ['+', 'data 5', 'grad 0']]
    """
    if node.is_plain:
        return _sized(node.data, "", "", ())
    title = heading(node)
    label = captions.abbreviated(node.label)
    rows = [("data", node.data)]
    if node.gradient:
        rows.append(("grad", node.gradient))
    if node.folded:
        rows.append(("before", f"{node.folded:,} folded"))
    return _sized(title, label, str(node.shape) if node.shape else "", tuple(rows))


def heading(node: Node) -> str:
    """Return the symbol of an operation, or its name and what it was told."""
    if node.operation in SYMBOLS:
        return SYMBOLS[node.operation]
    return captions.shortened(settings.written(node.operation, node.settings), LONGEST_NAME)


def caption_width(path: Sequence[str]) -> float:
    """Return how wide the frame of a module is at least, for its name."""
    return round(ROW_SIZE * _em(shown_name(path)) + 2 * PADDING_ACROSS, 1)


def shown_name(path: Sequence[str]) -> str:
    """Return what is written in the frame of a module: the last of the names.

    Examples
    --------
    >>> shown_name(("Net", "layers.0"))
    'layers.0'
    """
    return captions.abbreviated(path[-1]) if path else ""


def _sized(title: str, label: str, beside: str, rows: tuple[tuple[str, str], ...]) -> Card:
    """Return the card with the size that its texts need."""
    across = TITLE_SIZE * (_em(title) + _em(label))
    if title and label:
        across += SPACE
    if beside:
        across += BETWEEN + ROW_SIZE * CELL * captions.cells(beside)
    for key, text in rows:
        row = ROW_SIZE * CELL * (captions.cells(key) + captions.cells(text)) + BETWEEN
        across = max(across, row)
    titled = TITLE_HEIGHT if title or label or beside else 0.0
    width = round(max(SMALLEST, across + 2 * PADDING_ACROSS), 1)
    height = titled + ROW_HEIGHT * len(rows) + 2 * PADDING_ALONG
    return Card(title, label, beside, rows, width, height)


def _em(text: str) -> float:
    """Return a width that the text does not exceed in a bold font of size 1."""
    return sum([_em_of(character) for character in text])


def _em_of(character: str) -> float:
    if character in "ijlI.,:;'|!()[] ":
        return NARROW
    if character in "mwMW@%" or captions.cells(character) == 2:
        return WIDE
    return CAPITAL if character.isupper() or character in "+−×÷=<>~#" else OTHER  # noqa: RUF001
