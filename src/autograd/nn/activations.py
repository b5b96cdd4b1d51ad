"""Activations as modules, for `Sequential`: each applies one function, and has no parameters.

They are made from the rows at the end of this file; formulas and kinks are those of the functions
``autograd.relu``, ``autograd.softmax``, ...
"""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from autograd import _core
from autograd.engine import OPERATIONS, Value
from autograd.nn.arraywise import Arraywise, as_constant

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "ELU",
    "GELU",
    "Activation",
    "Identity",
    "LeakyReLU",
    "LogSoftmax",
    "ReLU",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Tanh",
]


class Activation(Arraywise):
    """The base class of modules that apply one function of autograd's.

    The function's options, which are numbers, are attributes and can be set.

    Examples
    --------
    >>> LeakyReLU(slope=0.5)([-1.0, 2.0])
    [Value(-0.5, grad=0.0), Value(2.0, grad=0.0)]
    """

    _function: ClassVar[Callable[..., Value]]
    _options: ClassVar[dict[str, float]]

    def __init__(self, *given: float, **named: float) -> None:
        try:
            options = inspect.signature(type(self)).bind(*given, **named).arguments
        except TypeError as error:
            message = f"{type(self).__name__}() {error}"
            raise TypeError(message) from None
        for name, default in self._options.items():
            option = options.get(name, default)
            try:
                # An axis is an int, as its default is.
                converted = operator.index(option) if type(default) is int else float(option)
            except (TypeError, ValueError):
                needed = "an int" if type(default) is int else "a number"
                message = f"[{type(self).__name__}] {name}={option!r} was given - {needed}"
                raise TypeError(f"{message} is needed. Pass e.g. {name}={default}.") from None
            setattr(self, name, converted)

    def _of_array(self, x: Value | NDArray[Any] | float) -> Value:
        return self._function(x, *[getattr(self, name) for name in self._options])

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._options)
        return f"{type(self).__name__}({options})"


class Identity(Arraywise):
    """Gives what it is given, as Values.

    Examples
    --------
    >>> Identity()([1.0, 2.0])
    [Value(1.0, grad=0.0), Value(2.0, grad=0.0)]
    """

    def _of_array(self, x: Value | NDArray[Any] | float) -> Value:
        return as_constant(x)

    def __repr__(self) -> str:
        return "Identity()"


def _activation(name: str, function: str, **options: float) -> type[Activation]:
    """Make the class of modules that apply a function."""
    formulas = {operation.name: operation.formula for operation in OPERATIONS}
    what = formulas.get(function)
    summary = f"{what}, of each number x" if what else f"`autograd.{function}` along an axis"
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    signature = inspect.Signature(
        [inspect.Parameter(option, kind, default=options[option]) for option in options]
    )
    members = {
        "__doc__": f"""The activation {function}: {summary}.

    Examples
    --------
    >>> {name}()([0.0, 1.0]) == list(autograd.{function}([0.0, 1.0]))
    True
    """,
        "__module__": __name__,
        "__signature__": signature,
        "_function": staticmethod(getattr(_core, function)),
        "_options": options,
    }
    return type(name, (Activation,), members)


ReLU = _activation("ReLU", "relu")
LeakyReLU = _activation("LeakyReLU", "leaky_relu", slope=0.01)
ELU = _activation("ELU", "elu", alpha=1.0)
SiLU = _activation("SiLU", "silu")
GELU = _activation("GELU", "gelu")
Sigmoid = _activation("Sigmoid", "sigmoid")
Tanh = _activation("Tanh", "tanh")
Softplus = _activation("Softplus", "softplus")
Softmax = _activation("Softmax", "softmax", axis=-1)
LogSoftmax = _activation("LogSoftmax", "log_softmax", axis=-1)
