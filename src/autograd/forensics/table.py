"""A table as text, in columns."""

from __future__ import annotations

from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: int = 0) -> str:
    """Return rows under their heads; the first `right` columns are set to the right.

    Examples
    --------
    >>> print(table(("n", "name"), [("10", "a"), ("2", "b")], right=1))
     n  name
    10  a
     2  b
    """
    given = [head, *rows]
    widths = [max(len(row[column]) for row in given) for column in range(len(head))]
    lines = []
    for row in given:
        cells = [
            text.rjust(width) if column < right else text.ljust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
