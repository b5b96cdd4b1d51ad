"""The module: an object that owns parameters, directly or through what it holds.

Parameters are found by looking at the attributes each time they are asked for. Nothing is
registered, so there is no list that could go stale when an attribute is replaced. Start reading at
`_walk`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core
from autograd.engine import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from typing_extensions import Self

# The way from the root to an item, last step first: (way to the owner, key). Joined to a name only
# on demand.
_Path = tuple[Any, ...]


class Module:
    """Something with parameters: the base class of layers and networks.

    A parameter is a leaf that requires a gradient and is reached from an attribute of the module,
    directly or through nested modules, lists, tuples and dicts. Parameters come in definition
    order; one that is reached twice comes once, under its first name. Subclasses need not call
    ``super().__init__()``.

    Attributes
    ----------
    training : bool
        True at first; `train` and `eval` set it, for this module and all nested ones.

    Examples
    --------
    >>> from autograd import Value
    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offset = Value(2.0), Value(1.0)
    ...
    ...     def __call__(self, x):
    ...         return self.slope * x + self.offset
    >>> line = Line()
    >>> line(3.0).data
    7.0
    >>> line.named_parameters()
    [('slope', Value(2.0, grad=0.0)), ('offset', Value(1.0, grad=0.0))]
    """

    training: bool = True

    def parameters(self) -> list[Value]:
        """Return the parameters, in definition order, each once.

        Returns
        -------
        list of Value
            A new list; changing it does not change the module. O(everything the module holds).

        Examples
        --------
        >>> from autograd.nn import Neuron
        >>> len(Neuron(10).parameters())
        11
        """
        parameters, _ = _walk(self)
        return [parameter for _, _, parameter in parameters]

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Return the parameters with their dotted names, in the order of `parameters`.

        Returns
        -------
        list of (str, Value)
            A name lists the attributes, indices and keys that lead to the parameter.

        Examples
        --------
        >>> from autograd.nn import Layer
        >>> [name for name, _ in Layer(2, 1).named_parameters()]
        ['neurons.0.w.0', 'neurons.0.w.1', 'neurons.0.b']
        """
        parameters, _ = _walk(self)
        return [(_name((path, key)), parameter) for path, key, parameter in parameters]

    def params(self) -> list[Value]:
        """Return `parameters()`: the same under a shorter name."""
        return self.parameters()

    def nparams(self) -> int:
        """Return the number of parameters.

        Examples
        --------
        >>> from autograd.nn import Layer
        >>> Layer(3, 10).nparams()
        40
        """
        return len(self.parameters())

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to zero."""
        _core.zero_grad(list(self.parameters()))

    def step(self, lr: float) -> None:
        """Go one step of plain gradient descent: ``p.data -= lr * p.grad`` for every parameter.

        Momentum, Adam and weight decay are in `autograd.optim`.

        Parameters
        ----------
        lr : float
            The learning rate, positive and finite.

        Raises
        ------
        ValueError
            If `lr` is not positive and finite; no parameter has changed then.

        Examples
        --------
        >>> from autograd import Value
        >>> from autograd.nn import Neuron
        >>> neuron = Neuron(1, "linear", seed=0)
        >>> neuron([1.0]).backward()
        >>> neuron.step(lr=0.5)
        >>> neuron.b
        Value(-0.5, grad=1.0)
        """
        if not (math.isfinite(lr) and lr > 0):
            message = f"[{type(self).__name__}.step] lr={lr!r} was given"
            raise ValueError(f"{message} - a positive finite number is needed. Pass e.g. lr=0.01.")
        parameters = list(self.parameters())
        _core.sgd_step(parameters, np.zeros(len(parameters)), lr, 0.0, False, 0.0)

    def train(self, mode: bool = True) -> Self:
        """Set `training` of this module and of all nested ones.

        Parameters
        ----------
        mode : bool
            The new value.

        Returns
        -------
        Module
            The module itself.

        Examples
        --------
        >>> from autograd.nn import Net
        >>> Net(2, [3, 1]).eval().layers[1].training
        False
        """
        _, modules = _walk(self)
        for module in modules:
            module.training = mode
        return self

    def eval(self) -> Self:
        """Set `training` to False, here and in all nested modules, and return the module."""
        return self.train(mode=False)


def _walk(root: Module) -> tuple[list[tuple[_Path, object, Value]], list[Module]]:
    """Return the parameters, each with its owner's path and its key, and the modules below `root`.

    Each comes once, in definition order, `root` itself first. Not recursive, so neither depth nor a
    cycle (a module that knows its owner) does harm.
    """
    parameters: list[tuple[_Path, object, Value]] = []
    modules = [root]
    seen = {id(root)}  # identities stay valid while we walk: what was seen is held by its owner
    stack: list[tuple[_Path, Iterator[tuple[object, object]]]] = [((), iter(_entries(root)))]
    while stack:
        path, entries = stack[-1]
        for key, item in entries:
            identity = id(item)
            if identity in seen:
                continue
            if isinstance(item, Value):
                seen.add(identity)
                if item.requires_grad and item.is_leaf:
                    parameters.append((path, key, item))
            elif isinstance(item, (Module, list, tuple, dict)):
                seen.add(identity)
                if isinstance(item, Module):
                    modules.append(item)
                stack.append(((path, key), iter(_entries(item))))
                break  # down into it; the iterator of this level goes on afterwards
        else:
            stack.pop()
    return parameters, modules


def _entries(
    owner: Module | list[Any] | tuple[Any, ...] | dict[Any, Any],
) -> Iterable[tuple[object, object]]:
    """Return what `owner` holds, as (key, item) pairs in definition order."""
    if isinstance(owner, Module):
        return vars(owner).items()
    if isinstance(owner, dict):
        return owner.items()
    return enumerate(owner)


def _name(path: _Path) -> str:
    """Join a path to a dotted name."""
    keys = []
    while path:
        path, key = path
        keys.append(str(key))
    return ".".join(reversed(keys))
