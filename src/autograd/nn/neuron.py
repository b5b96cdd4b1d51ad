"""One neuron: alone, with a block of weights of its own, or as a row of a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core
from autograd.engine import Value
from autograd.nn.dense import Dense, checked_inputs, checked_size, refuse_batch, uniform

if TYPE_CHECKING:
    from typing_extensions import Self

    from autograd.nn.dense import Inputs, Seed
    from autograd.nn.layers import Layer
    from autograd.nn.module import Module
    from autograd.nn.walk import Parameter, View


class Neuron(Dense):
    """A weighted sum of inputs plus a bias, through an activation function.

    Parameters
    ----------
    n : int
        The number of inputs, at least 1.
    activation : str
        ``"linear"`` or the name of a unary operation, such as ``"relu"`` or ``"tanh"``; also
        ``"leaky_relu"`` and ``"elu"``, with their default constants.
    seed : int, random.Random or None
        Where the weights are drawn from. None is Python's global generator.

    Attributes
    ----------
    weights : Value
        The `n` weights as an array, from U(-1, 1).
    w : list of Value
        The weights as scalars: views that read and write `weights`.
    b : Value
        The bias, 0.0 at first.

    Examples
    --------
    >>> neuron = Neuron(10, seed=0)
    >>> neuron.nparams()
    11
    >>> 0.0 < neuron([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).data < 1.0
    True
    >>> import numpy as np
    >>> neuron(np.ones((5, 10))).shape
    (5,)
    """

    __slots__ = ("_scalars",)

    b: Value
    _scalars: list[Value]

    def __init__(self, n: int, activation: str = "sigmoid", *, seed: Seed = None) -> None:
        count = checked_size("Neuron", "n", n)
        self.activation = activation  # refuses an unknown name before any number is drawn
        draw = uniform(seed)
        self.weights = Value([draw(-1, 1) for _ in range(count)])
        self.b = Value(0.0)

    @property
    def w(self) -> list[Value]:
        """The weights as scalars; a new list of the same Values each time."""
        return list(self._weights())

    def _weights(self) -> list[Value]:
        kept = getattr(self, "_kept", None)
        if kept is None or kept[0][1] is not self.weights:  # replaced
            self._scalars = list(self.weights)
            self._kept = [(view, self.weights) for view in self._scalars]
        return self._scalars

    def _views(self) -> list[View]:
        self._weights()
        return self._kept

    def __call__(self, x: Inputs) -> Value:
        """Return the neuron's output for the inputs `x`, as one node of the graph.

        Parameters
        ----------
        x : iterable of Value or float, or array of shape (..., n)
            As many inputs as the neuron has weights.

        Returns
        -------
        Value
            The activation; of an array one for each row, in the shape (...).

        Raises
        ------
        ValueError
            If the number of inputs is not that of the weights.
        """
        x = checked_inputs(self, x, self.weights.size)
        if isinstance(x, (Value, np.ndarray)):
            # Of lists alone a list.
            bias: Any = self.b  # None in a row of a layer without
            zero_or_bias = 0.0 if bias is None else bias
            return _core.layer(self.weights, x, zero_or_bias, self._code)  # type: ignore[return-value]
        try:
            return _core.neuron(self._weights(), x, self.b, self._code)  # quicker than arrays
        except TypeError:
            refuse_batch(self, x, self.weights.size)
            raise

    def __repr__(self) -> str:
        return f"Neuron(N_in={self.weights.size})"


class Row(Neuron):
    """A neuron of a layer, made when it is asked for: it owns nothing but its place there.

    Its parameters are views. Within another module it stands for its layer, so that nothing is
    updated twice.
    """

    __slots__ = ()

    def __init__(self, layer: Layer, index: int) -> None:
        self._layer, self._index = layer, index

    @property
    def activation(self) -> str:
        """The activation of the layer."""
        return self._layer.activation

    @activation.setter
    def activation(self, name: str) -> None:
        message = f"[Neuron.activation] {name!r} was given for one neuron of a layer"
        raise AttributeError(f"{message} - one for all is needed. Set the layer's activation.")

    @property
    def weights(self) -> Value:  # type: ignore[override]  # a row of what can be set
        """The row of the layer's weights, as the result of an operation."""
        return self._layer.weights[self._index]

    @property
    def b(self) -> Value:  # type: ignore[override]  # likewise
        """The bias, a view of an element of the layer's; None if that has none."""
        bias: Any = self._layer.bias
        return None if bias is None else self._all()[-1][0]  # type: ignore[return-value]

    @property
    def _code(self) -> int:  # type: ignore[override]  # likewise
        return self._layer._code  # noqa: SLF001 (same family)

    def _weights(self) -> list[Value]:
        return [view for view, _ in self._all()[: self._layer.n_in]]

    def _all(self) -> list[View]:
        """Return the views of the weights, then that of the bias."""
        views = self._layer._views()  # noqa: SLF001 (same family)
        size = len(views) // self._layer.n_out
        return views[self._index * size : (self._index + 1) * size]

    def _views(self) -> list[View]:
        return []  # the layer keeps them

    def _found(self, *, frozen: bool = False) -> tuple[list[Parameter], list[Module]]:
        found: list[Parameter] = [(((), "w"), index, view) for index, view in enumerate(self.w)]
        bias: Any = self.b
        if bias is not None:
            found.append(((), "b", bias))
        return [
            entry for entry in found if entry[2].is_leaf and (frozen or entry[2].requires_grad)
        ], [self]

    def astype(self, dtype: Any) -> Self:  # noqa: ARG002 - whichever it is
        """Refuse: the numbers lie in the layer's arrays."""
        message = "[Neuron.astype] one neuron of a layer was given - the layer is needed, whose"
        raise AttributeError(f"{message} arrays have one type. Convert the layer.")

    def tree(self, depth: int = 32) -> str:  # noqa: ARG002 - there is nothing below
        """Return the number of parameters as text; the layer is not shown."""
        return f"Neuron: {self.nparams()} parameters"

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)

    def __repr__(self) -> str:
        return f"Neuron(N_in={self._layer.n_in})"
