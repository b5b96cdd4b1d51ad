"""What neurons and layers share: an activation, views, the drawing of weights, checks of input.

A weight lies in an array, the *block*. A view is a scalar Value that reads and writes one element.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core
from autograd.arguments import checked_count, checked_seed
from autograd.engine import Value
from autograd.nn import initializers
from autograd.nn.module import Module

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from autograd.nn.walk import View

    Seed = int | random.Random | None
    # Any iterable will do; of these two a Value, which is iterable too, is told apart.
    Scalars = Sequence[Value | float] | Iterator[Value | float]
    Inputs = Scalars | Value | NDArray[Any]
    CheckedInputs = Sequence[Value | float] | Value | NDArray[Any]


class Dense(Module):
    """The base class of `Neuron` and `Layer`: an activation, and views that are kept."""

    # Views are made when they are first asked for. A slot is no attribute in which parameters would
    # be looked for, and is not copied: a copy has views of its own block.
    __slots__ = ("_kept",)

    weights: Value
    _kept: list[View]

    @property
    def activation(self) -> str:
        """The name of the activation function; can be set."""
        return self._activation

    @activation.setter
    def activation(self, name: str) -> None:
        given: object = name
        if not isinstance(given, str):
            message = f"[activation] {type(given).__name__} was given - the name of a function is"
            raise TypeError(f"{message} needed. Pass e.g. 'tanh'.")
        self._code = _core.activation(name)
        self._activation = name

    def __getstate__(self) -> dict[str, Any]:
        return vars(self)

    def __setstate__(self, state: dict[str, Any]) -> None:
        # The code of an operation is its place in the table, which another version may have
        # changed.
        vars(self).update(state)
        self.activation = self._activation


def checked_inputs(module: Module, x: Inputs, needed: int) -> CheckedInputs:
    """Return the inputs as an array, or as a list or tuple, of the length that is needed."""
    if type(x) is list and len(x) == needed:
        return x
    name = type(module).__name__
    if isinstance(x, (Value, np.ndarray)) and x.ndim > 0:
        if isinstance(x, Value) or not x.dtype.hasobject:
            if x.shape[-1] == needed:
                return x
            message = f"[{name}] inputs of shape {x.shape} were given - a last length of {needed}"
            raise ValueError(f"{message} is needed, one for each weight. Check the shape.")
        x = list(x)  # an ndarray of Values
    if not isinstance(x, (list, tuple)):
        if isinstance(x, (Value, np.ndarray, str)) or not hasattr(x, "__iter__"):
            message = f"[{name}] a single {type(x).__name__} was given"
            raise TypeError(
                f"{message} - a list of {needed} numbers or Values is needed. Put it into a list."
            )
        x = list(x)
    if len(x) != needed:
        refuse_batch(module, x, needed)
        message = f"[{name}] {len(x)} inputs were given - {needed} are needed."
        raise ValueError(f"{message} Pass a list of length {needed}.")
    return x


def refuse_batch(module: Module, x: Sequence[Any], needed: int) -> None:
    """Raise the error about a list of lists or arrays; of anything else there is none."""
    part = next((part for part in x if isinstance(part, (list, tuple)) or np.ndim(part)), None)
    if part is not None:
        name = type(part).__name__
        message = (
            f"[{type(module).__name__}] a list that holds a {name} was given - {needed} numbers"
        )
        advice = "autograd.stack(batch)" if isinstance(part, Value) else "np.array(batch)"
        raise TypeError(
            f"{message} or Values, or an array of samples, is needed. Pass a batch as one array,"
            f" e.g. {advice}."
        )


def generator(seed: int | random.Random) -> random.Random:
    """Return a generator for a seed, or the one that was given."""
    import random  # noqa: PLC0415 - at the first use: `import autograd` is quicker without it

    if isinstance(seed, random.Random):
        return seed
    return random.Random(checked_seed("seed", seed))


def uniform(seed: Seed) -> Callable[[float, float], float]:
    """Return the source of the weights: Python's global generator, or one of its own."""
    import random  # noqa: PLC0415

    return random.uniform if seed is None else generator(seed).uniform


def initial(
    owner: str, rule: Callable[..., Any], shape: tuple[int, ...], seed: initializers.Seed
) -> Value:
    """Return what an initializer gives for a shape as a parameter, after a check."""
    given: Any = rule(shape, seed=initializers.source(seed))
    weights = np.asarray(given.data if isinstance(given, Value) else given)
    if weights.shape != shape or weights.dtype.kind not in "biuf":
        message = (
            f"[{owner}] initializer gave an array of shape {weights.shape} and {weights.dtype}"
        )
        raise ValueError(f"{message} - numbers of shape {shape} are needed. Change the function.")
    return Value(weights)


def checked_size(
    owner: str,
    name: str,
    size: int,
    *,
    at_least: int = 1,
    advice: str = "Pass the number of inputs or outputs.",
) -> int:
    """Return a size as an int that is not too small."""
    told = "{name} is {count}"
    return checked_count(owner, name, size, at_least=at_least, advice=advice, told=told)
