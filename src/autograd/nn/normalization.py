"""Normalization of the features of each sample: `LayerNorm` and `RMSNorm`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core
from autograd.engine import Value
from autograd.nn.arraywise import Arraywise
from autograd.nn.dense import checked_inputs, checked_size

if TYPE_CHECKING:
    from numpy.typing import NDArray


class LayerNorm(Arraywise):
    """(x - mean) / sqrt(variance + eps) * gain + bias, along the last axis.

    The variance is the mean of the squared distances from the mean.

    Parameters
    ----------
    n : int
        The number of features, at least 1.
    eps : float
        Positive; keeps the quotient finite where all features are equal.

    Attributes
    ----------
    gain, bias : Value
        Of shape (n,), ones and zeros at first.

    References
    ----------
    J. L. Ba, J. R. Kiros, G. E. Hinton, Layer normalization, arXiv 1607.06450 (2016).

    Examples
    --------
    >>> [round(value.data, 3) for value in LayerNorm(3)([1.0, 2.0, 3.0])]
    [-1.225, 0.0, 1.225]
    """

    def __init__(self, n: int, eps: float = 1e-5) -> None:
        self.n = checked_size("LayerNorm", "n", n)
        self.eps = _positive("LayerNorm", eps)
        self.gain = Value(np.ones(self.n))
        self.bias = Value(np.zeros(self.n))

    def _of_array(self, x: Value | NDArray[Any] | float) -> Value:
        inputs: Any = checked_inputs(self, x, self.n)  # type: ignore[arg-type]  # refuses numbers
        centred = inputs - _core.mean(inputs, -1, True)
        variance = _core.mean(_core.square(centred), -1, True)
        result: Value = centred / _core.sqrt(variance + self.eps) * self.gain + self.bias
        return result

    def __repr__(self) -> str:
        return f"LayerNorm({self.n}, eps={self.eps!r})"


class RMSNorm(Arraywise):
    """x / sqrt(mean(x**2) + eps) * gain, along the last axis.

    Parameters
    ----------
    n : int
        The number of features, at least 1.
    eps : float
        Positive; keeps the quotient finite where all features are 0.

    Attributes
    ----------
    gain : Value
        Of shape (n,), ones at first.

    References
    ----------
    B. Zhang, R. Sennrich, Root mean square layer normalization, NeurIPS 2019.

    Examples
    --------
    >>> [round(value.data, 3) for value in RMSNorm(2)([3.0, 4.0])]
    [0.849, 1.131]
    """

    def __init__(self, n: int, eps: float = 1e-6) -> None:
        self.n = checked_size("RMSNorm", "n", n)
        self.eps = _positive("RMSNorm", eps)
        self.gain = Value(np.ones(self.n))

    def _of_array(self, x: Value | NDArray[Any] | float) -> Value:
        inputs: Any = checked_inputs(self, x, self.n)  # type: ignore[arg-type]  # refuses numbers
        mean = _core.mean(_core.square(inputs), -1, True)
        result: Value = inputs / _core.sqrt(mean + self.eps) * self.gain
        return result

    def __repr__(self) -> str:
        return f"RMSNorm({self.n}, eps={self.eps!r})"


def _positive(owner: str, eps: Any) -> float:
    if not (isinstance(eps, (int, float, np.number)) and math.isfinite(eps) and eps > 0.0):
        message = f"[{owner}] eps={eps!r} was given - a positive finite number is needed."
        raise ValueError(f"{message} Pass e.g. eps=1e-5.")
    return float(eps)
