"""A table of vectors, looked up by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.engine import Value
from autograd.nn import initializers
from autograd.nn.dense import checked_size, initial
from autograd.nn.module import Module

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from autograd.nn.initializers import Initializer, Seed

    Indices = int | Sequence[Any] | NDArray[Any]


class Embedding(Module):
    """Gives row `i` of its table for the index `i`.

    Parameters
    ----------
    n : int
        The number of rows.
    dim : int
        The length of a row.
    initializer : str or callable
        What the table is drawn with, see `autograd.nn.initializers`; by default ``"normal"``.
    seed : int, random.Random, numpy.random.Generator or None
        Where it is drawn from. None is Python's global generator.

    Attributes
    ----------
    weights : Value
        The table, of shape (n, dim).

    Examples
    --------
    >>> embedding = Embedding(27, 4)
    >>> embedding(3).shape, embedding([[0, 1, 2], [26, 0, 0]]).shape
    ((4,), (2, 3, 4))
    >>> embedding(27)
    Traceback (most recent call last):
    IndexError: [Embedding] the index 27 was given - one from 0 to 26 is needed. Enlarge the...
    """

    def __init__(
        self, n: int, dim: int, *, initializer: Initializer = "normal", seed: Seed = None
    ) -> None:
        self.n = checked_size("Embedding", "n", n)
        self.dim = checked_size("Embedding", "dim", dim)
        rule = initializers.named(initializer, "Embedding")
        self.weights = initial("Embedding", rule, (self.n, self.dim), seed)

    def __call__(self, indices: Indices) -> Value:
        """Return the rows for the indices.

        Parameters
        ----------
        indices : int, list of int, or array of int of any shape
            From 0 to n - 1.

        Returns
        -------
        Value
            Of shape (..., dim). The gradient of a row adds up over its uses.

        Raises
        ------
        IndexError
            If an index is out of range; none is counted from the end.
        TypeError
            If there is something else than ints.
        """
        places = self._checked(indices)
        return self.weights[places if places.ndim else int(places)]

    def _checked(self, indices: Any) -> NDArray[np.int64]:
        if isinstance(indices, Value):
            message = "[Embedding] a Value was given - ints are needed."
            raise TypeError(f"{message} Pass e.g. value.data.astype(int).")
        try:
            array = np.asarray(indices)
        except ValueError:
            message = "[Embedding] parts of different lengths were given - a regular array of ints"
            raise ValueError(f"{message} is needed. Pad the parts.") from None
        if array.dtype.kind not in "iu" and array.size:
            what = f"an array of {array.dtype}" if array.ndim else f"a {type(indices).__name__}"
            message = f"[Embedding] {what} was given - ints are needed."
            raise TypeError(f"{message} Convert it first, e.g. with .astype(int).")
        places = array.astype(np.int64, copy=False)
        # Negative ones are large as unsigned. Quicker than the smallest and the largest of a few.
        if np.count_nonzero(places.view(np.uint64) < self.n) != places.size:
            wrong = (array < 0) | (array >= self.n)
            place = tuple(int(index) for index in np.argwhere(wrong)[0])
            where = f"indices[{', '.join(map(str, place))}] is" if place else "the index"
            given = " was given" if not place else ""
            message = f"[Embedding] {where} {int(array[place])}{given} - one from 0 to {self.n - 1}"
            raise IndexError(f"{message} is needed. Enlarge the table, or check the indices.")
        return places

    def __repr__(self) -> str:
        return f"Embedding({self.n}, {self.dim})"
