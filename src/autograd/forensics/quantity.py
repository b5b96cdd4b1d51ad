"""A quantity: data that is looked at, with its first element that is nan or infinite."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Quantity(NamedTuple):
    """Data as it was, a copy.

    Attributes
    ----------
    name : str
        What it is.
    data : float or ndarray
    where : tuple of int or None
        Of the first element, in the order of memory, that is nan or infinite; () of a scalar; None
        if all are finite.
    wrong : int
        How many elements are nan or infinite.
    note : str
        What else is known of it.
    """

    name: str
    data: float | NDArray[Any]
    where: tuple[int, ...] | None
    wrong: int
    note: str = ""

    @property
    def shape(self) -> tuple[int, ...]:
        """The length along each axis, () of a scalar."""
        return np.shape(self.data)

    @property
    def first(self) -> float | None:
        """The element at `where`."""
        return None if self.where is None else float(np.asarray(self.data)[self.where])

    def told(self, place: tuple[int, ...] | None = None) -> str:
        """Return it in a line: the element at `where`, or the one at `place` where all is well."""
        note = f", {self.note}" if self.note else ""
        if not self.shape:
            return f"{self.name}: {number(self.data)}{note}"
        head = f"{self.name}: shape {self.shape}"
        if self.where is not None:
            many = f", {self.wrong} of {np.size(self.data)} not finite" if self.wrong > 1 else ""
            return f"{head}, element {self.where} is {number(self.first)}{many}{note}"
        if place is not None and len(place) == len(self.shape):
            # An axis of length 1 was broadcast.
            here = tuple(
                0 if length == 1 else at for at, length in zip(place, self.shape, strict=True)
            )
            if all(at < length for at, length in zip(here, self.shape, strict=True)):
                element = number(float(np.asarray(self.data)[here]))
                return f"{head}, finite, element {here} is {element}{note}"
        return f"{head}, finite{note}"


def quantity(name: str, data: Any, note: str = "") -> Quantity:
    """Look at data."""
    plain = float(data) if np.ndim(data) == 0 else np.array(data)
    wrong = ~np.isfinite(np.asarray(plain))
    count = int(np.count_nonzero(wrong))
    index = None
    if count:
        place = np.unravel_index(int(np.argmax(wrong)), wrong.shape) if wrong.ndim else ()
        index = tuple(int(along) for along in place)
    return Quantity(name, plain, index, count, note)


def is_finite(data: Any) -> bool:
    """Tell whether no element is nan or infinite."""
    return math.isfinite(data) if isinstance(data, float) else bool(np.isfinite(data).all())


def is_zero(data: Any) -> bool:
    """Tell whether all elements are 0."""
    return data == 0.0 if isinstance(data, float) else not np.any(data)


def norm(data: Any) -> float:
    """Return the Euclidean norm of all elements, without overflow on the way."""
    if isinstance(data, float):
        return abs(data)
    largest = float(np.abs(data).max(initial=0.0))
    if largest == 0.0 or not math.isfinite(largest):
        return largest
    return largest * float(np.linalg.norm(np.asarray(data, np.float64).ravel() / largest))


def number(value: Any) -> str:
    """Return a number in a few digits."""
    return f"{float(value):.6g}"
