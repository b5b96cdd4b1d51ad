"""Operations whose value and derivative are written in Python."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any

from autograd import _core
from autograd.engine import Value

__all__ = ["CustomOperation", "custom_operation"]


class CustomOperation:
    """A function of Values with a derivative of its own; see `custom_operation`."""

    def __init__(
        self, forward: Callable[..., Any], vjp: Callable[..., Sequence[Any]], name: str
    ) -> None:
        self.forward = forward
        self.vjp = vjp
        self.name = name
        # The keyword arguments of each recorded call, as long as its result lives. They are here,
        # where the garbage collector sees them, because no Value owns a Python object.
        self._keywords: dict[int, dict[str, Any]] = {}
        self._reference = weakref.ref(self)

    def __call__(self, *args: Any, **keywords: Any) -> Value:
        """Apply the operation to Values, numbers and arrays."""
        result = self.forward(
            *(given.data if isinstance(given, Value) else given for given in args), **keywords
        )
        if isinstance(result, Value):
            raise TypeError(
                f"[{self.name}] forward returned a Value - a float or an ndarray is needed. "
                "It is given plain data; compute with NumPy."
            )
        value: Value
        value, call = _core.record_custom(self._reference, result, args)
        if call is not None and keywords:
            self._keywords[call] = keywords
        return value

    def __repr__(self) -> str:
        return f"<custom operation {self.name}>"

    def _pull(
        self, call: int, gradient: Value, result: Value, args: tuple[Value, ...]
    ) -> Sequence[Any]:
        """Give the contributions to the arguments of a call; the compiled core asks for them."""
        returned: Any = self.vjp(gradient, result, *args, **self._keywords.get(call, {}))
        if isinstance(returned, (tuple, list)):
            return returned
        return (returned,)

    def _forget(self, call: int) -> None:
        """Drop what belongs to a call whose result has died."""
        self._keywords.pop(call, None)


def custom_operation(
    forward: Callable[..., Any],
    vjp: Callable[..., Sequence[Any]],
    *,
    name: str | None = None,
) -> CustomOperation:
    """Make an operation from a function and its vector-Jacobian product.

    Parameters
    ----------
    forward : callable
        ``forward(*data, **keywords)`` gets the data of the arguments, floats and ndarrays, which it
        must not change, and returns a float or an ndarray.
    vjp : callable
        ``vjp(gradient, result, *args, **keywords)`` gets Values: the derivative of the final
        quantity with respect to the result, the result, and the arguments. It returns the
        derivative with respect to each argument, in its shape (a Value, an array, or a number for
        all elements; None for no derivative), as a tuple, or alone when there is one argument.
        Written with the functions of autograd, it can be differentiated again and goes forward;
        plain numbers are refused there, for their derivative is not known. No pass may begin
        within it, so no `backward`, `grad`, `jacobian` and the like: write the derivative out.
    name : str, optional
        For messages, drawings and `Value.op`; the name of `forward` by default.

    Returns
    -------
    CustomOperation
        A function of Values, numbers and arrays. It must live as long as its results are
        differentiated, since no Value owns a Python object: keep it in a module or a variable.

    Raises
    ------
    TypeError
        If `forward` or `vjp` cannot be called; on a call, if `forward` returns a Value.
    ValueError
        In a backward pass, if `vjp` returns too few contributions or one of a wrong shape; in one
        that is recorded, and in forward mode, if it returns plain numbers.
    AutogradError
        In a backward pass, if the operation is gone.

    Examples
    --------
    >>> import numpy as np
    >>> import autograd
    >>> cube = autograd.custom_operation(
    ...     lambda x: x**3, lambda gradient, result, x: gradient * 3 * x**2, name="cube"
    ... )
    >>> x = autograd.Value([1.0, 2.0])
    >>> cube(x).sum().backward()
    >>> x.grad
    array([ 3., 12.])
    """
    for role, function in (("forward", forward), ("vjp", vjp)):
        if not callable(function):
            raise TypeError(
                f"[custom_operation] {type(function).__name__} was given as {role} - a function "
                "is needed. Pass two functions."
            )
    if name is None:
        name = getattr(forward, "__name__", "<lambda>")
    return CustomOperation(forward, vjp, "custom" if name == "<lambda>" else str(name))
