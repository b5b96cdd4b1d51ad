"""The legend: which colour and outline each role has, below a picture.

It names the roles that are there, and nothing where there is only one. Start reading at `legend`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from autograd.draw.graph import ROLES

if TYPE_CHECKING:
    from collections.abc import Collection

    from autograd.draw.graph import Role

SIZE = 11.5  # of the font
CELL = 0.66  # of it, which no letter of the roles' names exceeds on average in common fonts
SAMPLE_WIDTH, SAMPLE_HEIGHT = 17.0, 11.0
SAMPLE_ROUNDED = 0.45  # how much of its corners a sample has of those of a box
BETWEEN, GAP = 6.0, 16.0  # a sample and its name, an entry and the next
ROW = 18.0


class Entry(NamedTuple):
    """A role with its place: that of the corner of its sample."""

    role: Role
    left: float
    top: float


class Legend(NamedTuple):
    """The entries in rows, and the size of all."""

    entries: tuple[Entry, ...]
    width: float
    height: float


def legend(roles: Collection[Role], width: float) -> Legend:
    """Put the roles that are there into rows that are no wider than given, where they can be.

    Examples
    --------
    >>> [(role, top) for role, _, top in legend({"result", "constant"}, 100.0).entries]
    [('constant', 0.0), ('result', 18.0)]
    >>> legend({"result"}, 100.0)
    Legend(entries=(), width=0.0, height=0.0)
    """
    shown = [role for role in ROLES if role in roles]
    entries: list[Entry] = []
    left = top = widest = 0.0
    for role in shown if len(shown) > 1 else ():
        across = SAMPLE_WIDTH + BETWEEN + len(role) * SIZE * CELL
        if left and left + across > width:
            left, top = 0.0, top + ROW
        entries.append(Entry(role, left, top))
        widest = max(widest, left + across)
        left += across + GAP
    return Legend(tuple(entries), widest, top + ROW if entries else 0.0)
