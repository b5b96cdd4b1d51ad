"""Setting some of the samples aside, to test on."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arguments import checked_number, checked_seed
from autograd.data.batches import checked_arrays


def train_test_split(*arrays: Any, test: float = 0.25, seed: int | None = None) -> list[Any]:
    """Return each array in two parts: to train on, and to test on.

    The samples, which are the entries along the first axis, are shuffled first, in the same order
    for all arrays. Of `n` samples the test gets ``round(test * n)``, but at
    least one, and never all.

    Parameters
    ----------
    *arrays : array_like
        One or more, all of the same length, which is at least 2.
    test : float
        The share of the samples that is set aside, in (0, 1).
    seed : int or None
        Of the generator. None draws a fresh one; any number gives the same parts each time.

    Returns
    -------
    list of ndarray
        The training and the test part of the first array, then those of the second, ...

    Raises
    ------
    TypeError, ValueError
        If there are no arrays, their lengths differ, there are fewer than two samples, or `test` or
        `seed` is out of range.

    Examples
    --------
    >>> from autograd.data import moons
    >>> x_train, x_test, y_train, y_test = train_test_split(*moons(100, seed=0), test=0.2, seed=0)
    >>> x_train.shape, x_test.shape, y_train.shape, y_test.shape
    ((80, 2), (20, 2), (80,), (20,))
    """
    owner = "train_test_split"
    parts = checked_arrays(owner, arrays)
    share = checked_number(
        owner, "test", test, above=0.0, below=1.0, advice="Pass a share, e.g. test=0.25."
    )
    count = len(parts[0])
    if count < 2:
        message = f"[{owner}] {count} sample was given - at least 2 are needed."
        raise ValueError(f"{message} Each part gets one.")
    generator = np.random.default_rng(checked_seed(owner, seed))
    order = generator.permutation(count)
    size = min(max(round(share * count), 1), count - 1)
    held, rest = order[:size], order[size:]
    return [chosen for part in parts for chosen in (part.take(rest, 0), part.take(held, 0))]
