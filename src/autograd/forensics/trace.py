"""The trace: how much each line of the user's code records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from autograd.forensics.origins import Listening
from autograd.forensics.place import Origin
from autograd.forensics.table import table

if TYPE_CHECKING:
    from autograd.forensics.recorder import Made

__all__ = ["TraceRow", "trace"]

By = Literal["nodes", "bytes", "calls"]


class TraceRow(NamedTuple):
    """What one operation of one line has made.

    Attributes
    ----------
    origin : Origin
        The line, and the modules that were being called.
    operation : str
        As the last node says it: a function that is composed of others bears the name of the last.
        Empty for leaves and for results that are not recorded.
    calls : int
        How many values it has made.
    nodes : int
        How many nodes were recorded for them.
    bytes : int
        In the data of these, eight in each number.
    """

    origin: Origin
    operation: str
    calls: int
    nodes: int
    bytes: int


class trace(Listening):  # noqa: N801 - a context manager is used like a function
    """Count operations, nodes and bytes by line of your code, in this thread; print it.

    What is counted is what was made, not what lives: for that see `autograd.memory`. Entered again,
    it goes on counting.

    Parameters
    ----------
    by : "nodes", "bytes" or "calls"
        What comes first in the table.
    limit : int, default 20
        How many rows are printed.

    Attributes
    ----------
    rows : list of TraceRow
        Sorted, one for each operation of each line.
    lines : list of TraceRow
        The same with the operations of a line, and all modules, added up.

    Raises
    ------
    ValueError
        If `by` is something else, or `limit` is less than 1.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value([1.0, 2.0])
    >>> with trace() as counted:
    ...     for _ in range(3):
    ...         y = (x * x).sum()
    >>> [(row.operation, row.calls, row.nodes, row.bytes) for row in counted.rows]
    [('multiply', 3, 3, 48), ('sum', 3, 3, 24)]
    >>> counted.lines[0].nodes
    6
    """

    def __init__(self, by: By = "nodes", limit: int = 20) -> None:
        super().__init__()
        if by not in get_args(By):
            message = f"[trace] by={by!r} was given - one of {', '.join(map(repr, get_args(By)))}"
            raise ValueError(f"{message} is needed.")
        if type(limit) is not int or limit < 1:
            message = f"[trace] limit={limit!r} was given - an int of at least 1 is needed."
            raise ValueError(f"{message} Pass e.g. limit=20.")
        self.by, self.limit = by, limit
        self._counts: dict[tuple[Origin, str], list[int]] = {}

    def see(self, made: Made) -> None:
        """Count a value."""
        key = (made.origin._replace(calls=()), made.value.op)
        counts = self._counts.setdefault(key, [0, 0, 0])
        counts[0] += 1
        counts[1] += bool(made.args) + len(made.inner)
        counts[2] += _bytes(made.value) + sum(_bytes(node) for node in made.inner)

    @property
    def rows(self) -> list[TraceRow]:
        """One row for each operation of each line, the largest first."""
        rows = [TraceRow(*key, *counts) for key, counts in self._counts.items()]
        return sorted(rows, key=lambda row: -getattr(row, self.by))

    @property
    def lines(self) -> list[TraceRow]:
        """One row for each line, the largest first; its operations are joined by commas."""
        totals: dict[tuple[str, int, str], list[Any]] = {}
        for (origin, operation), counts in self._counts.items():
            entry = totals.setdefault(origin[:3], [{}, 0, 0, 0])
            entry[0][operation or "leaf"] = None
            for place, count in enumerate(counts, 1):
                entry[place] += count
        rows = [
            TraceRow(Origin(*key), ", ".join(entry[0]), *entry[1:]) for key, entry in totals.items()
        ]
        return sorted(rows, key=lambda row: -getattr(row, self.by))

    def __str__(self) -> str:
        rows = self.rows
        shown = [
            (
                f"{row.calls:,}",
                f"{row.nodes:,}",
                f"{row.bytes:,}",
                row.operation or "leaf",
                f"{row.origin.filename}:{row.origin.line}",
                " > ".join(row.origin.modules),
                row.origin.source,
            )
            for row in rows[: self.limit]
        ]
        head = ("calls", "nodes", "bytes", "operation", "line", "module", "source")
        sums = [sum(getattr(row, name) for row in rows) for name in ("calls", "nodes", "bytes")]
        text = table(head, shown, right=3)
        if len(rows) > len(shown):
            text += f"\n... {len(rows) - len(shown)} more rows"
        return f"{text}\n{sums[0]:,} calls, {sums[1]:,} nodes, {sums[2]:,} bytes"


def _bytes(value: Any) -> int:
    return 8 if not value.shape else int(value.data.nbytes)
