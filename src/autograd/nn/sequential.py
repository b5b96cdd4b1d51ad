"""Modules and functions in a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from autograd.engine import Value
from autograd.nn.arraywise import as_array, as_constant
from autograd.nn.module import Module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typing_extensions import Self


class Sequential(Module):
    """Modules and functions, each applied to what the one before gives.

    Parameters
    ----------
    *layers : callable
        Modules, or functions such as ``autograd.tanh``; none at all is the identity.

    Attributes
    ----------
    layers : list of callable
        What was given, in order. It can be indexed, sliced and iterated through the module, too.

    Raises
    ------
    TypeError
        If one of them cannot be called.

    Examples
    --------
    >>> import autograd
    >>> from autograd.nn import Linear
    >>> model = Sequential(Linear(2, 16), autograd.tanh, Linear(16, 1))
    >>> model
    Sequential: 65 parameters
      layers.0: Linear(N_in=2, N_out=16), 48
      layers.1: tanh
      layers.2: Linear(N_in=16, N_out=1), 17
    >>> len(model([0.5, -1.0])), len(model[1:])
    (1, 2)
    """

    def __init__(self, *layers: Callable[[Any], Any]) -> None:
        for index, layer in enumerate(layers):
            _require_callable(index, layer)
        self.layers = list(layers)

    def __call__(self, x: Any) -> Any:
        """Return what the last layer gives.

        Parameters
        ----------
        x : array, or iterable of Value or float
            What the first layer takes. A list becomes an array, of ints if all are ints.

        Returns
        -------
        Value or list of Value
            Of a list a list, if the result has one axis.
        """
        x, listed = as_array("Sequential", x)
        for layer in self.layers:
            x = layer(x)
        if not self.layers:
            x = as_constant(x)
        return list(x) if listed and isinstance(x, Value) and x.ndim == 1 else x

    def append(self, layer: Callable[[Any], Any]) -> Self:
        """Add a layer at the end, and return the module.

        Examples
        --------
        >>> from autograd.nn import ReLU
        >>> len(Sequential().append(ReLU()))
        1
        """
        _require_callable(len(self.layers), layer)
        self.layers.append(layer)
        return self

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Sequential: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Sequential(*self.layers[index])
        return self.layers[index]

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.layers)

    def __bool__(self) -> bool:
        return True  # also without layers: it is there, and can be called


def _require_callable(index: int, layer: object) -> None:
    # Classes can be called too, but `Tanh` in place of `Tanh()` would make a module of each input.
    is_class = isinstance(layer, type) and issubclass(layer, Module)
    if callable(layer) and not (is_class or type(layer).__call__ is Module.__call__):
        return
    what = f"the class {layer.__name__}" if isinstance(layer, type) else f"a {type(layer).__name__}"
    message = f"[Sequential] layer {index} is {what} - something that can be called with an array"
    raise TypeError(f"{message} is needed. Pass modules such as nn.Linear(2, 1), or functions.")
