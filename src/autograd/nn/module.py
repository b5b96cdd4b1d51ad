"""The module: an object that owns parameters, directly or through what it holds.

Parameters are found by looking at the attributes each time they are asked for. Nothing is
registered, so there is no list that could go stale when an attribute is replaced. A parameter is a
scalar or an array, a *block* of numbers; `params` takes the blocks apart. Start reading at `_walk`.
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
Path = tuple[Any, ...]
Parameter = tuple[Path, object, Value]
View = tuple[Value, Value]  # an element of an array, and the array


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
    # Whether parameters() gives elements instead of blocks, for micrograd's scripts; see MLP.
    _by_element: bool = False

    def parameters(self) -> list[Value]:
        """Return the parameters, in definition order, each once.

        Returns
        -------
        list of Value
            A new list; changing it does not change the module. O(everything the module holds).

        Examples
        --------
        >>> from autograd.nn import Neuron
        >>> [p.shape for p in Neuron(10).parameters()]
        [(10,), ()]
        """
        found, modules = self._found()
        blocks = [block for _, _, block in found]
        return _scalars(blocks, modules) if self._by_element else blocks

    def blocks(self) -> list[Value]:
        """Return what an optimizer updates: `parameters()`, in blocks also where that has scalars.

        Who overrides `parameters` decides about the blocks, too.

        Examples
        --------
        >>> from autograd.nn import MLP
        >>> model = MLP(2, [16, 1])
        >>> len(model.parameters()), [block.shape for block in model.blocks()]
        (65, [(16, 2), (16,), (1, 16), (1,)])
        """
        if type(self).parameters is not Module.parameters:
            return list(self.parameters())
        found, _ = self._found()
        return [block for _, _, block in found]

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Return the blocks with their dotted names, in the order of `blocks`.

        Returns
        -------
        list of (str, Value)
            A name lists the attributes, indices and keys that lead to the parameter.

        Examples
        --------
        >>> from autograd.nn import Net
        >>> [name for name, _ in Net(2, [1]).named_parameters()]
        ['layers.0.weights', 'layers.0.bias']
        """
        found, _ = self._found()
        return [(_name((path, key)), block) for path, key, block in found]

    def params(self) -> list[Value]:
        """Return every single number of the parameters as a scalar Value.

        An element of an array is a view: its ``data`` and ``grad`` read and write the array's. Give
        an optimizer the blocks or the views, never both, for it would update the number twice.

        Returns
        -------
        list of Value
            In the order of `blocks`, but neuron by neuron: weights, bias, weights, bias. The views
            of neurons and layers are the same objects each time.

        Examples
        --------
        >>> from autograd.nn import Layer
        >>> layer = Layer(3, 10)
        >>> layer.params()[3].data = 0.5
        >>> float(layer.bias.data[0])
        0.5
        """
        _, modules = self._found()
        return _scalars(Module.blocks(self), modules)

    def nparams(self) -> int:
        """Return the number of numbers in the parameters.

        Examples
        --------
        >>> from autograd.nn import Layer
        >>> Layer(3, 10).nparams()
        40
        """
        return sum(block.size for block in Module.blocks(self))

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to zero."""
        # Not self.blocks: a network may well have an attribute of this name.
        _core.zero_grad(Module.blocks(self))

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
        parameters = _core.ParameterList(type(self).__name__, Module.blocks(self))
        _core.sgd_step(parameters, None, lr, 0.0, False, 0.0)

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

    def _found(self) -> tuple[list[Parameter], list[Module]]:
        """Return the parameters below this module, and the modules."""
        return _walk(self)

    def _views(self) -> list[View]:
        """Return the views that this module keeps for its blocks, in the order of `params`."""
        return []


def _scalars(blocks: list[Value], modules: list[Module]) -> list[Value]:
    """Return the elements of the blocks; those that a module keeps views of in its order."""
    kept: dict[int, list[View]] = {}
    for views in [module._views() for module in reversed(modules)]:  # noqa: SLF001 (same class)
        kept.update((id(block), views) for _, block in views[:1] + views[-1:])
    left = {id(block) for block in blocks}
    scalars: list[Value] = []
    for block in blocks:
        if id(block) not in left:
            continue  # came with another block of its layer
        if views := kept.get(id(block), []):
            scalars += [view for view, base in views if id(base) in left]
            left.difference_update([id(views[0][1]), id(views[-1][1])])
        elif block.ndim == 0:
            scalars.append(block)
        else:
            scalars += [block[index] for index in np.ndindex(block.shape)]
    return scalars


def _walk(root: Module) -> tuple[list[Parameter], list[Module]]:
    """Return the parameters, each with its owner's path and its key, and the modules below `root`.

    Each comes once, in definition order, `root` itself first. Not recursive, so neither depth nor a
    cycle (a module that knows its owner) does harm.
    """
    parameters: list[Parameter] = []
    modules = [root]
    seen = {id(root)}  # identities stay valid while we walk: what was seen is held by its owner
    stack: list[tuple[Path, Iterator[tuple[object, object]]]] = [((), iter(_entries(root)))]
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
    if any(value.ndim == 0 for _, _, value in parameters):
        # Somebody may hold a layer's view beside the layer: the same number comes once.
        views = {id(view) for module in modules for view, _ in getattr(module, "_kept", ())}
        parameters = [parameter for parameter in parameters if id(parameter[2]) not in views]
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


def _name(path: Path) -> str:
    """Join a path to a dotted name."""
    keys = []
    while path:
        path, key = path
        keys.append(str(key))
    return ".".join(reversed(keys))
