"""A layer without an activation, drawn as PyTorch draws it, with or without a bias."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from autograd.engine import Value
from autograd.nn.dense import checked_size, uniform
from autograd.nn.layers import Layer

if TYPE_CHECKING:
    from autograd.nn.dense import Seed
    from autograd.nn.initializers import Initializer


class Linear(Layer):
    """x @ weights.T + bias: a `Layer` that has no activation, and no bias if that is not wanted.

    Parameters
    ----------
    n_in, n_out : int
        The number of inputs and of outputs, both at least 1.
    bias : bool
        Whether there are biases.
    initializer : str, callable or None
        What the weights are drawn with, see `Layer`; biases are 0 then. None is U(-k, k) with
        k = 1 / sqrt(n_in) for weights and biases, as in PyTorch.
    seed : int, random.Random or None
        Where they are drawn from. None is Python's global generator.

    Attributes
    ----------
    weights : Value
        Of shape (n_out, n_in).
    bias : Value or None
        Of shape (n_out,).

    Examples
    --------
    >>> import numpy as np
    >>> linear = Linear(3, 2)
    >>> linear(np.ones((5, 3))).shape, len(linear([1.0, 2.0, 3.0]))
    ((5, 2), 2)
    >>> Linear(1, 1, bias=False).nparams()
    1
    """

    __slots__ = ()

    bias: Value | None  # type: ignore[assignment]  # of a layer it is there

    def __init__(
        self,
        n_in: int,
        n_out: int,
        bias: bool = True,
        *,
        initializer: Initializer | None = None,
        seed: Seed = None,
    ) -> None:
        self.n_in = checked_size("Linear", "n_in", n_in)
        self.n_out = checked_size("Linear", "n_out", n_out)
        self.activation = "linear"
        if initializer is not None:
            self._initialize("Linear", initializer, seed)
        else:
            draw, limit = uniform(seed), 1.0 / math.sqrt(self.n_in)
            rows = range(self.n_out)
            columns = range(self.n_in)
            self.weights = Value([[draw(-limit, limit) for _ in columns] for _ in rows])
            self.bias = Value([draw(-limit, limit) for _ in rows]) if bias else None
        if not bias:
            self.bias = None

    def __repr__(self) -> str:
        without = "" if self.bias is not None else ", bias=False"
        return f"Linear(N_in={self.n_in}, N_out={self.n_out}{without})"
