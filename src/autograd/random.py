"""Random numbers as Values, from one generator of NumPy's that `seed` starts anew.

They are constants unless `requires_grad=True` is given. Every function takes a generator of its
own as well: `generator=numpy.random.default_rng(7)`. `state_dict` and `load_state_dict` keep and
restore where the sequence stands, so that a training can go on as if it had never been stopped.
"""

from __future__ import annotations

import random as python_random
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.arrays import take
from autograd.arrays.operand import ArrayLike, as_value, axis_index, float_type
from autograd.engine import Value

__all__ = [
    "integers",
    "load_state_dict",
    "normal",
    "permutation",
    "seed",
    "state_dict",
    "uniform",
]

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


def state_dict() -> dict[str, Any]:
    """Return where the sequence of random numbers stands, and that of Python's `random`.

    Layers draw their weights from Python's global generator, everything else of this package
    from the one that `seed` starts. With both, what is drawn from here on can be drawn again.

    Returns
    -------
    dict
        ``"numpy"``, the state of the bit generator as NumPy gives it, and ``"python"``. All of it
        is str, int, float, list and dict, and survives JSON.

    Examples
    --------
    >>> from autograd import random
    >>> state = random.state_dict()
    >>> first = random.normal(3)
    >>> random.load_state_dict(state)
    >>> bool((random.normal(3) == first).all())
    True
    """
    version, words, gauss = python_random.getstate()
    return {
        "numpy": dict(_generators[0].bit_generator.state),
        "python": {"version": version, "words": list(words), "gauss": gauss},
    }


def load_state_dict(state: Any) -> None:
    """Go back to where the random numbers stood when `state_dict` was called.

    Parameters
    ----------
    state : dict
        What `state_dict` returned, here or in another process.

    Raises
    ------
    TypeError
        If it is no dict.
    ValueError
        If it is no such state; both generators are unchanged then.

    Examples
    --------
    >>> from autograd import random
    >>> random.load_state_dict({"numpy": {}})
    Traceback (most recent call last):
    ...
    ValueError: [random.load_state_dict] the state lacks 'python' - ...
    """
    operation = "random.load_state_dict"
    if not isinstance(state, dict):
        message = f"[{operation}] a {type(state).__name__} was given - a dict is needed."
        raise TypeError(f"{message} Pass what random.state_dict() returned.")
    needed = ("numpy", "python")
    lacking = [name for name in needed if name not in state]
    unknown = [name for name in state if name not in needed]
    if lacking or unknown:
        found = [f"lacks {', '.join(map(repr, lacking))}"] if lacking else []
        found += [f"has {', '.join(map(repr, unknown))}"] if unknown else []
        message = f"[{operation}] the state {' and '.join(found)} - 'numpy' and 'python' are"
        raise ValueError(f"{message} needed. Pass what random.state_dict() returned.")
    # Both are tried out on generators of their own, before anything changes.
    numpy, python = _numpy_generator(state["numpy"]), _python_generator(state["python"])
    for name, restored, kind in (("numpy", numpy, "PCG64"), ("python", python, "random.Random")):
        if restored is None:
            message = f"[{operation}] the part {name!r} is no state of its generator - one of"
            raise ValueError(f"{message} {kind} is needed. Pass what random.state_dict() returned.")
    _generators[0].bit_generator.state = numpy.state
    python_random.setstate(python.getstate())


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


def _numpy_generator(state: Any) -> Any:
    """Return a generator in this state, None if it is no state of one."""
    trial = np.random.PCG64(0)
    try:
        trial.state = state
        # What cannot be set is not always refused: it must be what comes back. The increment of
        # this kind of generator is odd, or its period is short.
        fits = _same(trial.state, state) and state["state"]["inc"] % 2 and state["has_uint32"] < 2
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return None
    return trial if fits else None


def _python_generator(state: Any) -> Any:
    """Return a generator of Python's in this state, None if it is no state of one."""
    trial = python_random.Random(0)
    try:
        trial.setstate((state["version"], tuple(state["words"]), state["gauss"]))
        version, words, gauss = trial.getstate()
        fits = _same({"version": version, "words": list(words), "gauss": gauss}, state)
        fits = fits and isinstance(gauss, float | None) and any(words[:-1])  # from 0 comes 0 alone
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return None
    return trial if fits else None


def _same(one: Any, other: Any) -> bool:
    """Return whether two states are equal, in types as well: 1.0 and True are no 1."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _source(generator: np.random.Generator | None) -> np.random.Generator:
    return _generators[0] if generator is None else generator


def _value(operation: str, drawn: Any, dtype: npt.DTypeLike | None, requires_grad: bool) -> Value:
    return Value(drawn, requires_grad, None, float_type(operation, dtype), False)
