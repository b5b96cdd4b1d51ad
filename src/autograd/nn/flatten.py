"""Several axes as one, between an image and a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.nn.arraywise import Arraywise, as_constant
from autograd.nn.dense import checked_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from autograd.engine import Value


class Flatten(Arraywise):
    """Makes one axis of the axes from `first` on; (n, 28, 28) becomes (n, 784).

    Parameters
    ----------
    first : int
        The first axis that is no axis of samples, at least 0.

    Examples
    --------
    >>> import numpy as np
    >>> Flatten()(np.zeros((5, 28, 28))).shape
    (5, 784)
    """

    def __init__(self, first: int = 1) -> None:
        self.first = checked_size(
            "Flatten", "first", first, at_least=0, advice="Pass e.g. first=1."
        )

    def _of_array(self, x: Value | NDArray[Any] | float) -> Value:
        value = as_constant(x)
        if value.ndim <= self.first + 1:
            return value if value.ndim else value.reshape(1)
        size = 1
        for length in value.shape[self.first :]:
            size *= length  # -1 would not do for an array without elements
        return value.reshape(*value.shape[: self.first], size)

    def __repr__(self) -> str:
        return f"Flatten(first={self.first})"
