"""Initial weights: functions of a shape that return an ndarray of float64.

A shape is (n_out, n_in, ...), as that of a layer's weights; (n_in,) is one neuron. What lies behind
the first two axes belongs to each pair. So `fan_in` = n_in * ..., what one output is a sum of, and
`fan_out` = n_out * ..., what one input goes into.

`seed` is an int, a generator of Python's or of NumPy's, or None for Python's global one. A layer
takes one of these functions as `initializer`, or its name; any function that may be called as
``f(shape, seed=generator)``, with a generator of NumPy's, will do. For options use
``functools.partial(initializers.normal, scale=0.02)``.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import random

    from numpy.typing import NDArray

    Seed = int | random.Random | np.random.Generator | None
    Shape = int | Sequence[int]
    Initializer = str | Callable[..., Any]

__all__ = [
    "constant",
    "gain",
    "kaiming_normal",
    "kaiming_uniform",
    "named",
    "normal",
    "ones",
    "orthogonal",
    "uniform",
    "xavier_normal",
    "xavier_uniform",
    "zeros",
]

# By how much weights must be larger so that an activation keeps the size of what goes through it.
# Up to relu they are those of torch.nn.init.calculate_gain: 1 where the activation is about linear,
# 5/3 for tanh by experience, sqrt(2) for relu by He et al., equation 10. The others are what that
# equation comes to, 1 / sqrt(E f(z)^2) with z from N(0, 1). For elu the expectation is
# 1 + e^2 P(z < -2) - 2 e^(1/2) P(z < -1); for silu and gelu it was integrated with 30 digits.
_GAINS = {
    "linear": 1.0,
    "sigmoid": 1.0,
    "tanh": 5.0 / 3.0,
    "relu": math.sqrt(2.0),
    "elu": 1.2451983007007066,
    "silu": 1.6765324703310912,
    "gelu": 1.5335304411955354,
}


def gain(activation: str, slope: float = 0.01) -> float:
    """Return the factor by which the weights before an activation should be larger.

    Parameters
    ----------
    activation : str
        The activation's name.
    slope : float
        That of ``"leaky_relu"``: sqrt(2 / (1 + slope**2)).

    Returns
    -------
    float
        The factor; 1 for ``"linear"``.

    Raises
    ------
    ValueError
        If none is known for this activation.

    Examples
    --------
    >>> round(gain("relu"), 4), gain("linear")
    (1.4142, 1.0)
    """
    if activation == "leaky_relu":
        return math.sqrt(2.0 / (1.0 + slope * slope))
    if activation not in _GAINS:
        known = ", ".join([*_GAINS, "leaky_relu"])
        message = f"[gain] {activation!r} was given - one of {known} is needed."
        raise ValueError(f"{message} Choose one of these names, or a number instead.")
    return _GAINS[activation]


def uniform(
    shape: Shape, low: float = -1.0, high: float = 1.0, *, seed: Seed = None
) -> NDArray[np.float64]:
    """Draw from U(low, high).

    Examples
    --------
    >>> bool((abs(uniform((3, 2), seed=0)) <= 1.0).all())
    True
    """
    lengths = _lengths("uniform", shape)
    if not low <= high or not math.isfinite(high - low):
        message = f"[uniform] low={low!r} and high={high!r} were given - low <= high is needed."
        raise ValueError(f"{message} Exchange them, or make them finite.")
    return source(seed).uniform(low, high, lengths)


def normal(
    shape: Shape, loc: float = 0.0, scale: float = 1.0, *, seed: Seed = None
) -> NDArray[np.float64]:
    """Draw from the normal distribution with mean `loc` and standard deviation `scale`.

    Examples
    --------
    >>> normal((3, 2), scale=0.02, seed=0).shape
    (3, 2)
    """
    lengths = _lengths("normal", shape)
    if not (scale >= 0.0 and math.isfinite(scale) and math.isfinite(loc)):
        message = f"[normal] loc={loc!r} and scale={scale!r} were given - finite numbers are needed"
        raise ValueError(f"{message}, scale at least 0. Pass e.g. scale=0.02.")
    return source(seed).normal(loc, scale, lengths)


def xavier_uniform(
    shape: Shape, gain: float | str = 1.0, *, seed: Seed = None
) -> NDArray[np.float64]:
    """Draw from U(-a, a) with a = gain * sqrt(6 / (fan_in + fan_out)).

    The gain is a number, or the name of an activation. Keeps the variance of values forward and of
    gradients backward about the same in layers that are nearly linear.

    References
    ----------
    X. Glorot, Y. Bengio, Understanding the difficulty of training deep feedforward neural networks,
    AISTATS 2010, equation 16.

    Examples
    --------
    >>> bool((abs(xavier_uniform((4, 2), seed=0)) <= 1.0).all())
    True
    """
    lengths, fan_in, fan_out = _fans("xavier_uniform", shape)
    limit = _factor("xavier_uniform", gain) * math.sqrt(6.0 / (fan_in + fan_out))
    return source(seed).uniform(-limit, limit, lengths)


def xavier_normal(
    shape: Shape, gain: float | str = 1.0, *, seed: Seed = None
) -> NDArray[np.float64]:
    """Draw from a normal distribution of deviation gain * sqrt(2 / (fan_in + fan_out)).

    The gain is a number, or the name of an activation.

    References
    ----------
    As for `xavier_uniform`, equation 12.

    Examples
    --------
    >>> xavier_normal((4, 2), "tanh", seed=0).shape
    (4, 2)
    """
    lengths, fan_in, fan_out = _fans("xavier_normal", shape)
    deviation = _factor("xavier_normal", gain) * math.sqrt(2.0 / (fan_in + fan_out))
    return source(seed).normal(0.0, deviation, lengths)


def kaiming_uniform(
    shape: Shape, gain: float | str = "relu", *, mode: str = "fan_in", seed: Seed = None
) -> NDArray[np.float64]:
    """Draw from U(-a, a) with a = gain * sqrt(3 / fan).

    The gain is a number, or the name of an activation. With `mode` ``"fan_in"`` values keep their
    size on their way forward, with ``"fan_out"`` gradients on their way back.

    References
    ----------
    K. He, X. Zhang, S. Ren, J. Sun, Delving deep into rectifiers, ICCV 2015, equations 10 and 14.

    Examples
    --------
    >>> bool((abs(kaiming_uniform((4, 6), seed=0)) <= 1.0).all())
    True
    """
    lengths, fan = _fan("kaiming_uniform", shape, mode)
    limit = _factor("kaiming_uniform", gain) * math.sqrt(3.0 / fan)
    return source(seed).uniform(-limit, limit, lengths)


def kaiming_normal(
    shape: Shape, gain: float | str = "relu", *, mode: str = "fan_in", seed: Seed = None
) -> NDArray[np.float64]:
    """Draw from a normal distribution of deviation gain / sqrt(fan); see `kaiming_uniform`.

    Examples
    --------
    >>> kaiming_normal((4, 6), "linear", mode="fan_out", seed=0).shape
    (4, 6)
    """
    lengths, fan = _fan("kaiming_normal", shape, mode)
    deviation = _factor("kaiming_normal", gain) / math.sqrt(fan)
    return source(seed).normal(0.0, deviation, lengths)


def orthogonal(shape: Shape, gain: float | str = 1.0, *, seed: Seed = None) -> NDArray[np.float64]:
    """Draw a matrix with orthonormal rows, or columns where these are fewer, times the gain.

    All such matrices are equally likely: the factor Q of a normally distributed matrix, with the
    signs that make the diagonal of R positive. Axes behind the second count as columns.

    References
    ----------
    A. M. Saxe, J. L. McClelland, S. Ganguli, Exact solutions to the nonlinear dynamics of learning
    in deep linear neural networks, ICLR 2014. F. Mezzadri, How to generate random matrices from the
    classical compact groups, Notices of the AMS 54 (2007), section 5.

    Examples
    --------
    >>> rows = orthogonal((2, 3), seed=0)
    >>> bool(np.allclose(rows @ rows.T, np.eye(2)))
    True
    """
    lengths, columns, _ = _fans("orthogonal", shape)
    factor = _factor("orthogonal", gain)
    rows = math.prod(lengths) // columns
    tall = source(seed).normal(size=(max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(tall)
    q *= np.copysign(factor, np.diagonal(r))
    return np.ascontiguousarray(q if rows >= columns else q.T).reshape(lengths)


def constant(
    shape: Shape,
    value: float,
    *,
    seed: Seed = None,  # noqa: ARG001 - all are called alike
) -> NDArray[np.float64]:
    """Return the same number everywhere.

    Examples
    --------
    >>> constant(3, 0.5)
    array([0.5, 0.5, 0.5])
    """
    return np.full(_lengths("constant", shape), value, dtype=np.float64)


def zeros(shape: Shape, *, seed: Seed = None) -> NDArray[np.float64]:
    """Return zeros.

    Examples
    --------
    >>> zeros(2)
    array([0., 0.])
    """
    return constant(_lengths("zeros", shape), 0.0, seed=seed)


def ones(shape: Shape, *, seed: Seed = None) -> NDArray[np.float64]:
    """Return ones.

    Examples
    --------
    >>> ones(2)
    array([1., 1.])
    """
    return constant(_lengths("ones", shape), 1.0, seed=seed)


# Those that need no more than a shape; `constant` needs its number.
_NAMED = {
    function.__name__: function
    for function in (
        uniform,
        normal,
        xavier_uniform,
        xavier_normal,
        kaiming_uniform,
        kaiming_normal,
        orthogonal,
        zeros,
        ones,
    )
}


def named(initializer: object, owner: str = "initializers") -> Callable[..., Any]:
    """Return the function for a name; a function as it is.

    Raises
    ------
    TypeError, ValueError
        If it is neither, or the name of none of them; `owner` is who asks.

    Examples
    --------
    >>> named("zeros")(2)
    array([0., 0.])
    """
    if callable(initializer):
        return initializer
    if not isinstance(initializer, str):
        message = f"[{owner}] initializer is {initializer!r} - a name or a function is needed."
        raise TypeError(f"{message} Pass one of {', '.join(_NAMED)}, or f(shape, seed=generator).")
    if initializer not in _NAMED:
        message = f"[{owner}] initializer={initializer!r} was given - one of {', '.join(_NAMED)}"
        raise ValueError(f"{message} is needed. Choose one of these names, or pass a function.")
    return _NAMED[initializer]


def source(seed: Seed) -> np.random.Generator:
    """Return the generator of NumPy's for a seed.

    One of Python's gives 128 bits to start it, so that ``random.seed`` decides about these weights
    as it does about all others.
    """
    import random  # noqa: PLC0415 - at the first use: importing is quicker without it

    if isinstance(seed, np.random.Generator):
        return seed
    if seed is None:
        seed = random.getrandbits(128)
    elif isinstance(seed, random.Random):
        seed = seed.getrandbits(128)
    return np.random.default_rng(seed)


def _lengths(operation: str, shape: Shape) -> tuple[int, ...]:
    """Return the shape as a tuple, refusing what is not positive."""
    try:
        lengths = tuple(
            operator.index(length) for length in (shape if isinstance(shape, Sequence) else [shape])
        )
    except TypeError:
        message = f"[{operation}] the shape {shape!r} was given - ints are needed."
        raise TypeError(f"{message} Pass e.g. (n_out, n_in).") from None
    if any(length < 1 for length in lengths):
        message = f"[{operation}] the shape {lengths} was given - lengths of at least 1 are needed."
        raise ValueError(f"{message} Pass e.g. (n_out, n_in).")
    return lengths


def _fans(operation: str, shape: Shape) -> tuple[tuple[int, ...], int, int]:
    """Return the shape, fan_in and fan_out."""
    lengths = _lengths(operation, shape)
    if not lengths:
        message = f"[{operation}] the shape () was given - at least one axis is needed."
        raise ValueError(f"{message} Pass e.g. (n_out, n_in).")
    n_out, n_in, *rest = lengths if len(lengths) > 1 else (1, *lengths)
    each = math.prod(rest)
    return lengths, n_in * each, n_out * each


def _fan(operation: str, shape: Shape, mode: str) -> tuple[tuple[int, ...], int]:
    """Return the shape, and the fan that the mode names."""
    lengths, fan_in, fan_out = _fans(operation, shape)
    fans = {"fan_in": fan_in, "fan_out": fan_out}
    if mode not in fans:
        message = f"[{operation}] mode={mode!r} was given - one of {', '.join(fans)} is needed."
        raise ValueError(f"{message} Choose one of these names.")
    return lengths, fans[mode]


def _factor(operation: str, given: float | str) -> float:
    """Return a gain as a number."""
    factor = gain(given) if isinstance(given, str) else given
    if not (factor > 0.0 and math.isfinite(factor)):
        message = f"[{operation}] gain={given!r} was given - a positive finite number is needed."
        raise ValueError(f"{message} Pass e.g. gain('relu').")
    return factor
