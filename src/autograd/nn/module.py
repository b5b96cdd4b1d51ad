"""The module: an object that owns parameters, directly or through what it holds.

Parameters are found by looking at the attributes each time they are asked for. Nothing is
registered, so there is no list that could go stale when an attribute is replaced. A parameter is a
scalar or an array, a *block* of numbers; `params` takes the blocks apart. How they are found is in
``walk.py``, how they are stored in ``state.py``, how they change their type in ``conversion.py``,
how a module is printed in ``tree.py``.
"""

from __future__ import annotations

import math
import numbers
from typing import TYPE_CHECKING, Any

from autograd import _core
from autograd.engine import Value
from autograd.nn import state
from autograd.nn.walk import name_of, scalars_of, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray
    from typing_extensions import Self

    from autograd.nn.walk import Parameter, View


class Module:
    """Something with parameters: the base class of layers and networks.

    A parameter is a leaf that requires a gradient and is reached from an attribute of the module,
    directly or through nested modules, lists, tuples and dicts. Parameters come in definition
    order; one that is reached twice comes once, under its first name. Subclasses need not call
    ``super().__init__()``. They define ``__call__`` or ``forward``, and have both. Those that say
    nothing else are printed as a `tree`.

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
    >>> line
    Line: 2 parameters
      slope: (), 1
      offset: (), 1
    """

    if TYPE_CHECKING:
        # A module is called with what its class says.
        __call__: Callable[..., Any]
        forward: Callable[..., Any]
    else:

        def __call__(self, *_, **__):
            """Refuse: the class has neither ``forward`` nor ``__call__``."""
            message = (
                f"[{type(self).__name__}] a module without forward was called - one that has it"
            )
            raise TypeError(f"{message} is needed. Define forward(self, x).")

    training: bool = True
    # Whether parameters() gives elements instead of blocks, for micrograd's scripts; see MLP.
    _by_element: bool = False

    def __init_subclass__(cls, **options: Any) -> None:
        # ``forward`` and ``__call__`` are one function, whichever of them a class defines: so
        # super().forward(x) works, and a call costs what it did. Only a ``__call__`` that asks for
        # ``forward`` itself is left alone.
        super().__init_subclass__(**options)
        own = vars(cls)
        called = getattr(cls, "__call__", None)  # noqa: B004 - the function itself is wanted
        code = getattr(called, "__code__", None)
        if "forward" in getattr(code, "co_names", ()):
            return
        if "forward" not in own and "__call__" in own:
            cls.forward = own["__call__"]
        elif "__call__" not in own and callable(own.get("forward")):
            cls.__call__ = own["forward"]  # type: ignore[method-assign]
        elif called is Module.__call__:  # that of another base, if there is one
            others = (base for base in cls.__mro__ if base is not Module)
            function: Any = next(
                (vars(base)["__call__"] for base in others if "__call__" in vars(base)),
                getattr(cls, "forward", None),
            )
            if callable(function):
                cls.__call__ = function  # type: ignore[method-assign]

    def parameters(self, *, frozen: bool = False) -> list[Value]:
        """Return the parameters, in definition order, each once.

        What requires no gradient is no parameter: `freeze` and `unfreeze` take parameters out and
        back in.

        Parameters
        ----------
        frozen : bool, default False
            Whether leaves that require no gradient are among them.

        Returns
        -------
        list of Value
            A new list; changing it does not change the module. O(everything the module holds).

        Examples
        --------
        >>> from autograd.nn import Neuron
        >>> neuron = Neuron(10)
        >>> [p.shape for p in neuron.parameters()]
        [(10,), ()]
        >>> neuron.b.requires_grad = False
        >>> len(neuron.parameters()), len(neuron.parameters(frozen=True))
        (1, 2)
        """
        found, modules = self._found(frozen=frozen)
        blocks = [block for _, _, block in found]
        return scalars_of(blocks, modules) if self._by_element else blocks

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

    def named_parameters(self, *, frozen: bool = False) -> list[tuple[str, Value]]:
        """Return the blocks with their dotted names, in the order of `blocks`.

        Parameters
        ----------
        frozen : bool, default False
            Whether leaves that require no gradient are among them.

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
        found, _ = self._found(frozen=frozen)
        return [(name_of((path, key)), block) for path, key, block in found]

    def freeze(self) -> Self:
        """Let no leaf of this module, and of all nested ones, require a gradient.

        They are no parameters then, and stay as they are. An optimizer that has one of them already
        refuses its next step: make the optimizer afterwards.

        Returns
        -------
        Module
            The module itself.

        Examples
        --------
        >>> from autograd import optim
        >>> from autograd.nn import Net
        >>> net = Net(2, [3, 1])
        >>> _ = net.layers[0].freeze()
        >>> len(optim.SGD(net, lr=0.1).parameters)
        2
        """
        return self._require_grad(required=False)

    def unfreeze(self) -> Self:
        """Let every leaf of this module, and of all nested ones, require a gradient.

        Also one that never did, such as a constant that is a Value: keep it as an ndarray, or
        unfreeze the modules one by one.

        Returns
        -------
        Module
            The module itself.

        Examples
        --------
        >>> from autograd.nn import Net
        >>> net = Net(2, [3, 1]).freeze()
        >>> len(net.parameters()), len(net.unfreeze().parameters())
        (0, 4)
        """
        return self._require_grad(required=True)

    def _require_grad(self, *, required: bool) -> Self:
        found, _ = self._found(frozen=True)
        for path, key, block in found:
            if _core.element_of(block) is not None:
                message = (
                    f"[{type(self).__name__}] {name_of((path, key))} is an element of an array"
                )
                raise AttributeError(
                    f"{message} - what holds the array is needed, which decides for all of its"
                    " elements. Freeze that."
                )
        for _, _, block in found:
            block.requires_grad = required
        return self

    def astype(self, dtype: Any) -> Self:
        """Convert the arrays of this module, and of all nested ones, to float64 or float32.

        Array leaves give way to new ones, the frozen ones too, and so do ndarrays of floats.
        What two modules share stays shared, and an element of an array goes with the array.
        Gradients begin at zero. Scalars stay Python floats; arrays of ints, and results of
        operations, stay as they are. An optimizer keeps the old parameters: make it afterwards.

        Parameters
        ----------
        dtype : dtype
            ``np.float32`` or ``np.float64``.

        Returns
        -------
        Module
            The module itself.

        Raises
        ------
        TypeError
            If it is another type; nothing has changed then.

        Examples
        --------
        >>> import numpy as np
        >>> from autograd.nn import Net
        >>> net = Net(2, [3, 1]).astype(np.float32)
        >>> net(np.ones((5, 2), np.float32)).dtype
        dtype('float32')
        """
        from autograd.nn.conversion import convert  # noqa: PLC0415 - most modules never ask for it

        convert(f"{type(self).__name__}.astype", self, Module, dtype)
        return self

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
        return scalars_of(Module.blocks(self), modules)

    def modules(self) -> list[Module]:
        """Return the module and all nested ones, each once, those that hold others first.

        Examples
        --------
        >>> from autograd.nn import Net
        >>> Net(2, [3, 1]).modules()[1:]
        [Layer(N_in=2, N_out=3), Layer(N_in=3, N_out=1)]
        """
        _, modules = walk(self, Module)
        return modules

    def nparams(self) -> int:
        """Return the number of numbers in the parameters.

        Examples
        --------
        >>> from autograd.nn import Layer
        >>> Layer(3, 10).nparams()
        40
        """
        return sum(block.size for block in Module.blocks(self))

    def tree(self, depth: int = 32) -> str:
        """Return what the module holds as text, one line for each module in it.

        Parameters
        ----------
        depth : int
            How many levels below the module are shown; the rest is one line.

        Returns
        -------
        str
            The number of numbers in all parameters stands on top, behind each part its own. A
            parameter that is shared counts where it is met first.

        Examples
        --------
        >>> from autograd.nn import MLP
        >>> print(MLP(2, [16, 1]).tree())
        MLP: 65 parameters
          layers.0: Layer(N_in=2, N_out=16), 48
          layers.1: Layer(N_in=16, N_out=1), 17
        """
        from autograd.nn.tree import tree  # noqa: PLC0415 - it knows what a module is

        return tree(self, depth)

    def __repr__(self) -> str:
        return self.tree()

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """Return the numbers of all parameters as copies, by name.

        Returns
        -------
        dict of str to ndarray
            Names and order are those of `named_parameters`, shapes those of the parameters, () for
            a scalar. Leaves that require no gradient, such as frozen parameters, are there too.

        Examples
        --------
        >>> from autograd.nn import Net
        >>> {name: array.shape for name, array in Net(2, [1]).state_dict().items()}
        {'layers.0.weights': (1, 2), 'layers.0.bias': (1,)}
        """
        return state.collected(
            f"{type(self).__name__}.state_dict", Module.named_parameters(self, frozen=True)
        )

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Set all parameters to the numbers that stand under their names.

        The parameters stay the objects that they are, and keep their types, so that optimizers and
        views go on with them.

        Parameters
        ----------
        state_dict : dict of str to ndarray, Value, list or float
            What `state_dict` returned, here or for a module that is built alike.

        Raises
        ------
        ValueError
            If a name is missing, unexpected, or has the wrong shape; the message lists all of them,
            and nothing has changed then.

        Examples
        --------
        >>> from autograd.nn import Linear
        >>> linear = Linear(2, 1)
        >>> linear.load_state_dict({"weights": [[1.0, 2.0]], "bias": [3.0]})
        >>> linear([1.0, 1.0])
        [Value(6.0, grad=0.0)]
        """
        operation = f"{type(self).__name__}.load_state_dict"
        state.load(operation, Module.named_parameters(self, frozen=True), state_dict)

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to zero."""
        # Not self.blocks: a network may well have an attribute of this name.
        _core.ParameterList(type(self).__name__, Module.blocks(self)).zero_grad()

    def step(self, lr: float) -> None:
        """Go one step of plain gradient descent: ``p.data -= lr * p.grad`` for every parameter.

        Momentum, Adam and weight decay are in `autograd.optim`.

        Parameters
        ----------
        lr : float
            The learning rate, positive and finite.

        Raises
        ------
        TypeError, ValueError
            If `lr` is no number, or not positive and finite; no parameter has changed then.

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
        given: object = lr
        if not isinstance(given, (numbers.Real, Value)):
            message = f"[{type(self).__name__}.step] lr is a {type(given).__name__}"
            raise TypeError(f"{message} - a number is needed. Pass e.g. lr=0.01.")
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
        _, modules = walk(self, Module)
        for module in modules:
            module.training = mode
        return self

    def eval(self) -> Self:
        """Set `training` to False, here and in all nested modules, and return the module."""
        return self.train(mode=False)

    def _found(self, *, frozen: bool = False) -> tuple[list[Parameter], list[Module]]:
        """Return the parameters below this module, and the modules."""
        return walk(self, Module, frozen=frozen)

    def _views(self) -> list[View]:
        """Return the views that this module keeps for its blocks, in the order of `params`."""
        return []
