"""History: what was measured in each epoch."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograd.training.monitor import direction

# A table of more epochs leaves out those in the middle.
SHOWN = 10


class History(Mapping[str, list[float]]):
    """One number of each name for each epoch: ``history["loss"]`` is a list, the latest last.

    `fit` makes one and returns it; passed to `fit` again, it goes on. A loop of one's own calls
    `record`.

    Attributes
    ----------
    epochs : int
        How many epochs are recorded.

    Examples
    --------
    >>> history = History()
    >>> history.record(loss=0.5, val_loss=0.75)
    >>> history.record(loss=0.25, val_loss=0.625)
    >>> history["loss"], history.epochs, history.last
    ([0.5, 0.25], 2, {'loss': 0.25, 'val_loss': 0.625})
    >>> print(history)
    epoch   loss  val_loss
        1    0.5      0.75
        2   0.25     0.625
    """

    def __init__(self) -> None:
        # Epoch by epoch, so that an interrupt finds all columns of one length.
        self._rows: list[Sequence[float]] = []
        self._columns: tuple[str, ...] = ()

    @property
    def epochs(self) -> int:
        """How many epochs are recorded."""
        return len(self._rows)

    @property
    def last(self) -> dict[str, float]:
        """The numbers of the latest epoch by name; empty before the first."""
        return dict(zip(self._columns, self._rows[-1], strict=True)) if self._rows else {}

    def record(self, **numbers: float) -> None:
        """Append an epoch.

        Parameters
        ----------
        **numbers : float
            The same names for each epoch, in any order.

        Raises
        ------
        TypeError, ValueError
            If something is no number, or the names are others than before.

        Examples
        --------
        >>> history = History()
        >>> history.record(loss=0.5)
        >>> history.epochs
        1
        """
        if not numbers:
            message = "[History.record] nothing was given - at least one number is needed."
            raise ValueError(f"{message} Pass e.g. loss=0.5.")
        for name, number in numbers.items():
            if not _is_number(number):
                message = f"[History.record] {name} is a {type(number).__name__} - a number"
                raise TypeError(f"{message} is needed. Pass a float, e.g. loss.data.")
        names = self.columns("History.record", tuple(numbers))
        self.appending(names)([float(numbers[name]) for name in names])

    def appending(self, names: tuple[str, ...]) -> Callable[[Sequence[float]], object]:
        """Return what does the work of `record`, for who has asked `columns`.

        Parameters
        ----------
        names : tuple of str
            Of the numbers, in the order in which they will come.

        Returns
        -------
        callable
            Takes the numbers of an epoch, all floats, as a list or a tuple, which it keeps.

        Examples
        --------
        >>> history = History()
        >>> append = history.appending(("loss", "lr"))
        >>> append([0.5, 0.1])
        >>> history.last
        {'loss': 0.5, 'lr': 0.1}
        """
        if not self._rows:
            self._columns = names
        if names == self._columns:
            return self._rows.append
        places = [names.index(name) for name in self._columns]
        return lambda row: self._rows.append([row[place] for place in places])

    @property
    def _names(self) -> tuple[str, ...]:
        return self._columns if self._rows else ()

    def columns(self, operation: str, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the names in the order of the columns, refusing others than there are.

        Parameters
        ----------
        operation : str
            Who asks, for the message.
        names : tuple of str
            What is to be recorded.

        Returns
        -------
        tuple of str

        Raises
        ------
        ValueError
            If there are epochs, of other names.

        Examples
        --------
        >>> History().columns("this example", ("loss", "lr"))
        ('loss', 'lr')
        """
        if not self._rows:
            return names
        if set(names) != set(self._names):
            message = f"[{operation}] {', '.join(names)} are to be recorded after {self.epochs}"
            raise ValueError(
                f"{message} epochs of {', '.join(self._names)} - the same names are needed."
                " Measure the same, or begin another History."
            )
        return self._names

    def best(self, name: str, mode: str | None = None) -> tuple[int, float]:
        """Return the best epoch so far, counted from 1, and its number.

        Parameters
        ----------
        name : str
            What decides, such as ``"val_loss"``.
        mode : {"min", "max"}, optional
            What is better. None knows it of losses and errors, and of accuracies.

        Returns
        -------
        epoch : int
            The first of those that are equally good.
        number : float

        Raises
        ------
        KeyError
            If the name is unknown.
        ValueError
            If nothing is recorded, all of it is nan, or `mode` is needed.

        Examples
        --------
        >>> history = History()
        >>> for loss in (0.5, 0.25, 0.375):
        ...     history.record(loss=loss)
        >>> history.best("loss")
        (2, 0.25)
        """
        sign = direction("History.best", name, mode)
        column = self[name]
        places = [place for place, number in enumerate(column) if not math.isnan(number)]
        if not places:
            message = f"[History.best] {name!r} is nan in all of {self.epochs} epochs"
            raise ValueError(f"{message} - a number is needed. Look for what made it nan.")
        place = min(places, key=lambda place: sign * column[place])
        return place + 1, column[place]

    def state_dict(self) -> dict[str, list[float]]:
        """Return all columns by name.

        Returns
        -------
        dict of str to list of float

        Examples
        --------
        >>> history = History()
        >>> history.record(loss=0.5)
        >>> history.state_dict()
        {'loss': [0.5]}
        """
        return {name: self[name] for name in self._names}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Replace everything by columns that `state_dict` returned.

        Parameters
        ----------
        state : mapping of str to list of float

        Raises
        ------
        ValueError
            If a column is no list of numbers, or lengths differ; nothing has changed then.

        Examples
        --------
        >>> history = History()
        >>> history.load_state_dict({"loss": [0.5, 0.25]})
        >>> history.epochs
        2
        """
        operation = "History.load_state_dict"
        for name, column in state.items():
            if not isinstance(column, (list, tuple)) or not all(map(_is_number, column)):
                message = f"[{operation}] {name!r} is {column!r} - a list of numbers is needed."
                raise ValueError(f"{message} Pass what state_dict() returned.")
        lengths = {name: len(column) for name, column in state.items()}
        if len(set(lengths.values())) > 1:
            message = f"[{operation}] columns of lengths {lengths} were given - one length"
            raise ValueError(f"{message} is needed. Pass what state_dict() returned.")
        self._columns = tuple(state)
        self._rows = [[*map(float, row)] for row in zip(*state.values(), strict=True)]

    def __getitem__(self, name: str) -> list[float]:
        """Return the numbers of one name, a new list."""
        if name not in self._names:
            known = ", ".join(self._names) or "nothing, no epoch is over"
            message = f"[History] {name!r} is not recorded - one of these is needed: {known}."
            raise KeyError(f"{message} Ask for one of them.")
        place = self._columns.index(name)
        return [row[place] for row in self._rows]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return the number of names; `epochs` counts epochs."""
        return len(self._names)

    def __repr__(self) -> str:
        told = "".join(f", {name}={number:.4g}" for name, number in self.last.items())
        return f"History({self.epochs} epochs{told})"

    def __str__(self) -> str:
        rows = [(str(epoch), *map(_text, row)) for epoch, row in enumerate(self._rows, start=1)]
        if len(rows) > SHOWN:
            half = SHOWN // 2
            rows = [*rows[:half], ("...",) * (len(self._names) + 1), *rows[-half:]]
        rows = [("epoch", *self._names), *rows]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        widths[1:] = [max(width, 5) for width in widths[1:]]
        return "\n".join(
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in rows
        )


def _is_number(number: Any) -> bool:
    return isinstance(number, numbers.Real)


def _text(number: float) -> str:
    return f"{number:.4g}"
