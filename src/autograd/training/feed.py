"""The ways to give data to the loop, all made one: something that yields batches, again and again.

A batch is a pair (inputs, targets): what the model is called with, and what the loss compares with.
Of a longer one the last are the targets, and the model is called with all others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.data import Batches
from autograd.data.batches import checked_arrays

if TYPE_CHECKING:
    from collections.abc import Iterable

    # Of batches; each is looked at when it comes.
    Feed = Iterable[Any]


def feed(  # the verb of this file
    operation: str,
    data: Any,
    *,
    batch_size: int | None = None,
    seed: int | None = None,
    shuffle: bool = True,
    name: str = "data",
) -> Feed:
    """Return an iterable of batches, which can be gone through any number of times.

    Parameters
    ----------
    operation : str
        Who asks, for the messages.
    data : (array_like, array_like), Batches, or iterable of pairs
        A tuple is inputs and targets of all samples, the targets last.
    batch_size : int, optional
        How many samples of a tuple go together. None is all of them, in their order.
    seed : int, optional
        Of the order, if there is a batch size.
    shuffle : bool
        Whether the order changes, if there is a batch size.
    name : str
        Of the data, for the messages.

    Returns
    -------
    iterable of tuple

    Raises
    ------
    TypeError, ValueError
        If the data can be gone through once only, or not at all; if there are no samples or no
        targets, numbers of inputs and targets differ, or a batch size or a seed is given for data
        that come in batches.

    Examples
    --------
    >>> pairs = feed(
    ...     "this example", ([[1.0], [2.0], [3.0]], [1, 2, 3]), batch_size=2, shuffle=False
    ... )
    >>> [targets.tolist() for inputs, targets in pairs]
    [[1, 2], [3]]
    """
    if isinstance(data, tuple):
        if len(data) < 2:
            message = f"[{operation}] {name} is a tuple of {len(data)} - two are needed: inputs and"
            raise ValueError(f"{message} targets. Pass (x, y), or batches as a list of pairs.")
        arrays = checked_arrays(f"{operation}: {name}", data)
        if batch_size is None and seed is None:
            return [arrays]
        if batch_size is None:
            message = f"[{operation}] seed={seed!r} was given without a batch size"
            raise ValueError(f"{message} - both are needed to shuffle. Pass batch_size=, too.")
        return Batches(*arrays, size=batch_size, seed=seed, shuffle=shuffle)
    for option, given in (("batch_size", batch_size), ("seed", seed)):
        if given is not None:
            message = f"[{operation}] {option}={given!r} was given for a {type(data).__name__}"
            raise ValueError(
                f"{message} - a tuple (x, y) is needed for that. Make the batches as you want them,"
                f" or leave {option} out."
            )
    if not hasattr(data, "__iter__") or isinstance(data, (str, bytes, dict)):
        message = f"[{operation}] {name} is a {type(data).__name__} - a tuple (x, y), a Batches or"
        raise TypeError(f"{message} an iterable of pairs is needed. Pass e.g. (x, y).")
    if hasattr(data, "__next__"):
        message = f"[{operation}] {name} is a {type(data).__name__}, which is used up after one"
        raise TypeError(
            f"{message} epoch - something that can be gone through again is needed. Pass a list, or"
            " an object with __iter__."
        )
    if isinstance(data, Batches) and len(data.arrays) < 2:
        message = f"[{operation}] {name} has {len(data.arrays)} arrays - two are needed: inputs and"
        raise ValueError(f"{message} targets. Pass Batches(x, y, size=...).")
    return data  # type: ignore[no-any-return]


def parts(operation: str, batch: Any, where: str) -> tuple[Any, ...]:
    """Return a batch as a tuple of inputs and, last, the targets; refuse what is none.

    Parameters
    ----------
    operation : str
        Who asks, for the message.
    batch : object
        What the data yielded.
    where : str
        Which batch it is, for the message.

    Returns
    -------
    tuple of two or more

    Raises
    ------
    ValueError
        If it is no tuple or list of two or more.

    Examples
    --------
    >>> parts("this example", [1.0, 2.0], "batch 1")
    (1.0, 2.0)
    """
    if isinstance(batch, (tuple, list)) and len(batch) >= 2:
        return tuple(batch)
    what = f"a {type(batch).__name__}"
    if isinstance(batch, (tuple, list)):
        what += f" of {len(batch)}"
    message = f"[{operation}] {where} is {what} - a pair (inputs, targets) is needed."
    raise ValueError(f"{message} All samples at once are a tuple, data=(x, y).")
