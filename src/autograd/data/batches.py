"""Batches: samples a few at a time, in an order that a seed determines.

The order of an epoch depends on the seed and the number of the epoch, on nothing else, and
`state_dict` is three numbers. Start reading at `Batches.__iter__`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import checked_count, checked_seed
from autograd.engine import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

# A seed that is drawn has so many bits: any JSON has room for it.
SEED_BITS = 48


class Batches:
    """The samples of one or more arrays, `size` at a time; each `iter()` is one epoch.

    Epoch e goes through the samples in the order of
    ``np.random.default_rng([seed, e]).permutation(n)``. An `iter()` begins the next epoch, also
    when the one before was broken off; but the first one after `load_state_dict` goes on at the
    place that was stored.

    Parameters
    ----------
    *arrays : array_like
        One or more, all of the same length `n`: a sample is an entry along the first axis. ndarrays
        are not copied.
    size : int
        The number of samples in a batch, at least 1. The last batch of an epoch is shorter if `n`
        is no multiple of it.
    seed : int or None
        Of the order. None draws a fresh one, once.
    shuffle : bool
        Whether to shuffle. Without, batches are views of the arrays.
    drop_last : bool
        Whether to leave out the last batch if it is shorter.

    Attributes
    ----------
    arrays : tuple of ndarray
        What was given.
    size, seed : int
        As given, or drawn.
    epoch : int
        How many epochs are over, 0 at first. An epoch is over when its last batch is handed out.
    position : int
        How many batches of the epoch after those have been handed out.

    Raises
    ------
    TypeError, ValueError
        If there are no arrays or no samples, lengths differ, or an option is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> batches = Batches(np.arange(10.0), np.arange(10), size=4, seed=0)
    >>> len(batches), [len(x) for x, y in batches]
    (3, [4, 4, 2])
    >>> batches.state_dict()
    {'seed': 0, 'epoch': 1, 'position': 0}
    """

    def __init__(
        self,
        *arrays: Any,
        size: int,
        seed: int | None = None,
        shuffle: bool = True,
        drop_last: bool = False,
    ) -> None:
        self.arrays = checked_arrays("Batches", arrays)
        self.size = checked_count(
            "Batches", "size", size, advice="Pass the number of samples in a batch."
        )
        given = checked_seed("Batches", seed)
        self.shuffle, self.drop_last = bool(shuffle), bool(drop_last)
        self._samples = len(self.arrays[0])
        if self.drop_last and self.size > self._samples:
            message = f"[Batches] size={self.size} with drop_last=True and {self._samples} samples"
            raise ValueError(f"{message} were given - a full batch is needed. Lower the size.")
        self.seed = int(np.random.SeedSequence().entropy) % 2**SEED_BITS if given is None else given  # type: ignore[arg-type]  # an int
        self.epoch = self.position = 0
        self._goes_on = False  # whether the next iter() begins at the position
        self._latest: object = None  # the iterator that moves epoch and position

    def __len__(self) -> int:
        """Return the number of batches in an epoch."""
        whole, rest = divmod(self._samples, self.size)
        return whole + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[tuple[NDArray[Any], ...]]:
        """Begin an epoch: return an iterator over tuples, one array for each that was given."""
        if self.position and not self._goes_on:
            self.epoch, self.position = self.epoch + 1, 0
        self._goes_on = False
        self._latest = mark = object()
        # Not in the generator, which would begin only when its first batch is asked for.
        return self._batches(mark, self.epoch, self.position)

    def _batches(
        self, mark: object, epoch: int, position: int
    ) -> Iterator[tuple[NDArray[Any], ...]]:
        order = self._order(epoch)
        count, size, arrays = len(self), self.size, self.arrays
        for index in range(position, count):
            if mark is self._latest:
                # Already at the place after the batch: that is where a copy has to go on.
                if index + 1 < count:
                    self.position = index + 1
                else:
                    self.epoch, self.position = epoch + 1, 0
            start = index * size
            if order is None:
                yield tuple([array[start : start + size] for array in arrays])
            else:
                places = order[start : start + size]
                yield tuple([array.take(places, 0) for array in arrays])

    def _order(self, epoch: int) -> NDArray[np.int64] | None:
        if not self.shuffle:
            return None
        return np.random.default_rng([self.seed, epoch]).permutation(self._samples)

    def state_dict(self) -> dict[str, Any]:
        """Return the seed, and the place of the next batch: ``{"seed", "epoch", "position"}``.

        Returns
        -------
        dict of str to int
            Within an epoch, the place after the batch that was handed out last.

        Examples
        --------
        >>> batches = Batches(range(6), size=2, seed=0)
        >>> first = next(iter(batches))
        >>> batches.state_dict()
        {'seed': 0, 'epoch': 0, 'position': 1}
        """
        return {"seed": self.seed, "epoch": self.epoch, "position": self.position}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go to a place that `state_dict` returned; the next `iter()` goes on there.

        Parameters
        ----------
        state : mapping
            Of Batches over the same samples, in batches of the same size.

        Raises
        ------
        ValueError
            If an entry is missing, unexpected or out of range; nothing has changed then.

        Examples
        --------
        >>> import numpy as np
        >>> batches = Batches(np.arange(6), size=2, seed=0, shuffle=False)
        >>> batches.load_state_dict({"seed": 0, "epoch": 4, "position": 2})
        >>> [x.tolist() for (x,) in batches]
        [[4, 5]]
        """
        entries = {name: state.get(name) for name in ("seed", "epoch", "position")}
        wrong = [f"{name!r} is unexpected" for name in state if name not in entries]
        for name, number in entries.items():
            limit = len(self) if name == "position" else None
            if name not in state:
                wrong.append(f"{name!r} is missing")
            elif isinstance(number, bool) or not isinstance(number, (int, np.integer)):
                wrong.append(f"{name!r} is {number!r}")
            elif number < 0 or (limit is not None and number >= limit):
                wrong.append(
                    f"{name!r} is {number} of {limit} batches" if limit else f"{name!r} is {number}"
                )
        if wrong:
            message = f"[Batches.load_state_dict] {', '.join(wrong)} - the seed, the epoch and the"
            raise ValueError(
                f"{message} position in it, none negative, are needed."
                " Pass what state_dict() returned, of as many batches."
            )
        self.seed, self.epoch, self.position = (int(number) for number in entries.values())  # type: ignore[arg-type]  # checked above
        self._goes_on = True
        self._latest = None  # an iterator that is under way belongs to the past

    def __repr__(self) -> str:
        return f"Batches({self._samples} samples, size={self.size}, seed={self.seed})"


def checked_arrays(owner: str, given: tuple[Any, ...]) -> tuple[NDArray[Any], ...]:
    """Return what was given as arrays of one length, which is not 0."""
    if not given:
        message = f"[{owner}] no arrays were given - at least one is needed."
        raise ValueError(f"{message} Pass e.g. {owner}(x, y, ...).")
    arrays = tuple(_checked_array(owner, index, entry) for index, entry in enumerate(given))
    lengths = [len(array) for array in arrays]
    if len(set(lengths)) > 1:
        message = f"[{owner}] arrays of lengths {', '.join(map(str, lengths))} were given"
        raise ValueError(f"{message} - one length is needed. Pass as many samples of each.")
    if lengths[0] == 0:
        message = f"[{owner}] arrays of length 0 were given - at least one sample is needed."
        raise ValueError(f"{message} Check where the samples come from.")
    return arrays


def _checked_array(owner: str, index: int, given: Any) -> NDArray[Any]:
    """Return an array with at least one axis."""
    if isinstance(given, Value):
        message = f"[{owner}] array {index} is a Value - an ndarray or a list is needed."
        raise TypeError(f"{message} Samples are constants: pass its .data.")
    try:
        array = np.asarray(given)
    except ValueError:  # rows of several lengths
        array = np.empty((), dtype=object)
    if array.ndim == 0 or array.dtype == object:
        message = f"[{owner}] array {index} is a {type(given).__name__}"
        raise TypeError(
            f"{message} that is no array of numbers or text - an ndarray, or a list whose rows have"
            " one length, is needed. Pass one row a sample."
        )
    return array
