"""Random numbers as Values, from one generator of NumPy's that `seed` starts anew.

They are constants unless `requires_grad=True` is given. Every function takes a generator of its
own as well: `generator=numpy.random.default_rng(7)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.arrays import take
from autograd.arrays.operand import ArrayLike, as_value, axis_index, float_type
from autograd.engine import Value

__all__ = ["integers", "normal", "permutation", "seed", "uniform"]

Shape = int | Sequence[int]

_generators = [np.random.default_rng()]


def seed(number: int | None = None) -> None:
    """Start the sequence of random numbers at a point that the number determines.

    Parameters
    ----------
    number : int, optional
        None for a point that nobody knows.

    Examples
    --------
    >>> from autograd import random
    >>> random.seed(7)
    >>> first = random.normal(3)
    >>> random.seed(7)
    >>> bool((random.normal(3) == first).all())
    True
    """
    _generators[0] = np.random.default_rng(number)


def normal(
    shape: Shape = (),
    loc: float = 0.0,
    scale: float = 1.0,
    *,
    dtype: npt.DTypeLike | None = None,
    requires_grad: bool = False,
    generator: np.random.Generator | None = None,
) -> Value:
    """Return normally distributed numbers.

    Parameters
    ----------
    shape : int or sequence of int, default ()
        The default is a scalar.
    loc, scale : float, default 0.0 and 1.0
        Mean and standard deviation.
    dtype : {numpy.float64, numpy.float32}, optional
    requires_grad : bool, default False
    generator : numpy.random.Generator, optional
        Instead of the one that `seed` starts.

    Returns
    -------
    Value

    Examples
    --------
    >>> from autograd import random
    >>> random.normal((2, 3)).shape
    (2, 3)
    """
    return _value("normal", _source(generator).normal(loc, scale, shape), dtype, requires_grad)


def uniform(
    low: float = 0.0,
    high: float = 1.0,
    shape: Shape = (),
    *,
    dtype: npt.DTypeLike | None = None,
    requires_grad: bool = False,
    generator: np.random.Generator | None = None,
) -> Value:
    """Return numbers from an interval, each as likely as the other.

    Parameters
    ----------
    low, high : float, default 0.0 and 1.0
        The interval; `high` is excluded.
    shape : int or sequence of int, default ()
        The default is a scalar.
    dtype : {numpy.float64, numpy.float32}, optional
    requires_grad : bool, default False
    generator : numpy.random.Generator, optional
        Instead of the one that `seed` starts.

    Returns
    -------
    Value

    Examples
    --------
    >>> from autograd import random
    >>> x = random.uniform(-1.0, 1.0, 100)
    >>> bool((x >= -1.0).all() and (x < 1.0).all())
    True
    """
    return _value("uniform", _source(generator).uniform(low, high, shape), dtype, requires_grad)


def integers(
    low: int,
    high: int | None = None,
    shape: Shape | None = None,
    *,
    generator: np.random.Generator | None = None,
) -> Any:
    """Return ints from an interval, for indices: they are no Values.

    Parameters
    ----------
    low, high : int
        The interval, `high` excluded; `integers(n)` starts at 0.
    shape : int or sequence of int, optional
        The default is one int.
    generator : numpy.random.Generator, optional
        Instead of the one that `seed` starts.

    Returns
    -------
    int or numpy.ndarray of int

    Examples
    --------
    >>> from autograd import random
    >>> random.integers(1)
    0
    """
    drawn: Any = _source(generator).integers(low, high, shape)
    return drawn if np.ndim(drawn) else int(drawn)


def permutation(
    x: int | ArrayLike, axis: int = 0, *, generator: np.random.Generator | None = None
) -> Any:
    """Return the numbers below an int in random order, or the slices of an array.

    Parameters
    ----------
    x : int or array_like
    axis : int, default 0
        Along which axis the slices of an array are shuffled.
    generator : numpy.random.Generator, optional
        Instead of the one that `seed` starts.

    Returns
    -------
    numpy.ndarray of int, or Value
        Indices for an int. For an array a Value, whose gradient goes back to where the slices
        stood.

    Examples
    --------
    >>> from autograd import random
    >>> sorted(random.permutation(3).tolist())
    [0, 1, 2]
    """
    source = _source(generator)
    if isinstance(x, int | np.integer):
        return source.permutation(x)
    value = as_value("permutation", x)
    along = axis_index("permutation", axis, value.ndim)
    return take(value, source.permutation(value.shape[along]), along)


def _source(generator: np.random.Generator | None) -> np.random.Generator:
    return _generators[0] if generator is None else generator


def _value(operation: str, drawn: Any, dtype: npt.DTypeLike | None, requires_grad: bool) -> Value:
    return Value(drawn, requires_grad, None, float_type(operation, dtype), False)
