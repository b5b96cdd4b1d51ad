"""Dropout: numbers left out at random while a network is trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.nn.arraywise import Arraywise, as_constant

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from autograd.engine import Value


class Dropout(Arraywise):
    """Sets each number to 0 with probability `p`, and multiplies the others by 1 / (1 - p).

    So the expectation stays what it was. It does so in training only: after ``model.eval()`` it
    gives what it is given. It draws from the generator of `autograd.random`.

    Parameters
    ----------
    p : float
        In [0, 1).

    Raises
    ------
    ValueError
        If `p` is not in [0, 1).

    References
    ----------
    N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, Dropout: a simple way
    to prevent neural networks from overfitting, JMLR 15 (2014); in the inverted form.

    Examples
    --------
    >>> dropout = Dropout(0.5)
    >>> sorted({value.data for value in dropout([1.0] * 100)})
    [0.0, 2.0]
    >>> dropout.eval()([1.0])
    [Value(1.0, grad=0.0)]
    """

    def __init__(self, p: float = 0.5) -> None:
        try:
            probability = float(p)
        except (TypeError, ValueError):
            message = f"[Dropout] p={p!r} was given - a number in [0, 1) is needed."
            raise TypeError(f"{message} Pass e.g. p=0.5.") from None
        if not 0.0 <= probability < 1.0:
            message = f"[Dropout] p={p!r} was given - a number in [0, 1) is needed."
            raise ValueError(f"{message} Pass e.g. p=0.5.")
        self.p = probability

    def _of_array(self, x: Value | NDArray[Any] | float) -> Value:
        value = as_constant(x)
        if not self.training or self.p == 0.0:
            return value
        from autograd import random  # noqa: PLC0415 - a third of the time that nn takes to load

        kept = np.asarray(random.uniform(shape=value.shape).data >= self.p)
        if value.ndim == 0:
            return value * (float(kept) / (1.0 - self.p))
        return value * (kept.astype(value.dtype) / (1.0 - self.p))

    def __repr__(self) -> str:
        return f"Dropout(p={self.p!r})"
