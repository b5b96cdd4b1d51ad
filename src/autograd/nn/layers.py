"""Fully connected layers and networks of them: `Layer`, `Net` and micrograd's `MLP`.

A layer is one array of weights, one of biases, and one node of the graph. It takes a list of
scalars and gives a list of scalars; or it takes an array, whose last axis has the inputs, and gives
an array. Single weights are there as views: ``layer.neurons[0].w[0].data = 0.5``.

Weights are drawn from U(-1, 1), weight after weight, neuron after neuron, as micrograd draws them,
so that ``random.seed`` gives the same network in both. Biases start at 0.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from autograd import _core
from autograd.engine import Value
from autograd.nn import initializers
from autograd.nn.dense import (
    Dense,
    checked_inputs,
    checked_size,
    generator,
    initial,
    refuse_batch,
    uniform,
)
from autograd.nn.module import Module
from autograd.nn.neuron import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from autograd.nn.dense import CheckedInputs, Inputs, Scalars, Seed
    from autograd.nn.initializers import Initializer
    from autograd.nn.neuron import Neuron
    from autograd.nn.walk import View


class Layer(Dense):
    """Neurons side by side on the same inputs.

    Parameters
    ----------
    n_in, n_out : int
        The number of inputs, and of neurons, both at least 1.
    activation : str
        The activation of all neurons, see `Neuron`.
    seed : int, random.Random or None
        Where the weights are drawn from. None is Python's global generator.
    initializer : str, callable or None
        What they are drawn with: the name of a function of `autograd.nn.initializers`, or a
        function ``f(shape, seed=generator)``. None is U(-1, 1), see above.

    Attributes
    ----------
    weights : Value
        Of shape (n_out, n_in), one row a neuron.
    bias : Value
        Of shape (n_out,).

    Examples
    --------
    >>> layer = Layer(3, 10)
    >>> layer
    Layer(N_in=3, N_out=10)
    >>> layer.nparams(), len(layer([1, 2, 3]))
    (40, 10)
    >>> import numpy as np
    >>> layer(np.ones((5, 3))).shape
    (5, 10)
    """

    __slots__ = ()

    def __init__(
        self,
        n_in: int,
        n_out: int,
        activation: str = "sigmoid",
        *,
        seed: Seed = None,
        initializer: Initializer | None = None,
    ) -> None:
        self.n_in = checked_size("Layer", "n_in", n_in)
        self.n_out = checked_size("Layer", "n_out", n_out)
        self.activation = activation  # refuses an unknown name before any number is drawn
        if initializer is not None:
            self._initialize("Layer", initializer, seed)
            return
        draw = uniform(seed)
        self.weights = Value([[draw(-1, 1) for _ in range(self.n_in)] for _ in range(self.n_out)])
        self.bias = Value(np.zeros(self.n_out))

    def _initialize(self, owner: str, initializer: Initializer, seed: Seed) -> None:
        """Draw the weights with an initializer; biases are 0, of the same type."""
        rule = initializers.named(initializer, owner)
        self.weights = initial(owner, rule, (self.n_out, self.n_in), seed)
        self.bias = Value(np.zeros(self.n_out, self.weights.dtype))

    @property
    def neurons(self) -> tuple[Neuron, ...]:
        """The neurons: `w` and `b` of each are views of `weights` and `bias`.

        Examples
        --------
        >>> layer = Layer(2, 2)
        >>> layer.neurons[1].w[0].data = 0.5
        >>> float(layer.weights.data[1, 0])
        0.5
        """
        return tuple(Row(self, index) for index in range(self.n_out))

    def _views(self) -> list[View]:
        kept = getattr(self, "_kept", None)
        bias: Any = self.bias  # None in a `Linear` without
        last = self.weights if bias is None else bias
        # Made anew when a block was replaced.
        if kept is None or kept[0][1] is not self.weights or kept[-1][1] is not last:
            self._kept = kept = []
            for index in range(self.n_out):
                kept += [(self.weights[index, place], self.weights) for place in range(self.n_in)]
                if bias is not None:
                    kept.append((bias[index], bias))
        return kept

    @overload
    def __call__(self, x: Scalars) -> list[Value]: ...
    @overload
    def __call__(self, x: Value | NDArray[Any]) -> Value: ...
    def __call__(self, x: Inputs) -> Value | list[Value]:
        """Return the outputs of all neurons for the inputs `x`.

        Parameters
        ----------
        x : iterable of Value or float, or array of shape (..., n_in)
            `n_in` inputs.

        Returns
        -------
        list of Value, or Value
            `n_out` outputs, in a list even if there is one; of an array an array, (..., n_out).

        Raises
        ------
        ValueError
            If the number of inputs is not `n_in`.
        """
        inputs: Any = checked_inputs(self, x, self.n_in)
        bias: Any = self.bias  # None in a `Linear` without
        try:
            return _core.layer(self.weights, inputs, 0.0 if bias is None else bias, self._code)
        except TypeError:
            if isinstance(inputs, (list, tuple)):
                refuse_batch(self, inputs, self.n_in)
            raise

    def __repr__(self) -> str:
        return f"Layer(N_in={self.n_in}, N_out={self.n_out})"


class Net(Module):
    """Layers in a chain: a multilayer perceptron.

    Parameters
    ----------
    n_in : int
        The number of inputs.
    n_outs : sequence of int
        The number of outputs of each layer, at least one layer.
    activation : str
        The activation of the neurons, see `Neuron`.
    output_activation : str or None
        The activation of the last layer, if it is another one, e.g. ``"linear"``.
    seed : int, random.Random or None
        Where the weights are drawn from. None is Python's global generator.
    initializer : str, callable or None
        What they are drawn with, see `Layer`.

    Attributes
    ----------
    layers : list of Layer
        The layers, first to last.

    Examples
    --------
    >>> net = Net(3, [4, 2])
    >>> net
    Net([3, 4, 2]): ['Layer(N_in=3, N_out=4)', 'Layer(N_in=4, N_out=2)']
    >>> net.nparams(), len(net([1, 2, 3]))
    (26, 2)
    """

    def __init__(
        self,
        n_in: int,
        n_outs: Sequence[int],
        activation: str = "sigmoid",
        *,
        output_activation: str | None = None,
        seed: Seed = None,
        initializer: Initializer | None = None,
    ) -> None:
        self.layers = _chain(
            "Net",
            n_in,
            n_outs,
            hidden=activation,
            last=output_activation or activation,
            seed=seed,
            initializer=initializer,
        )

    @overload
    def __call__(self, x: Scalars) -> list[Value]: ...
    @overload
    def __call__(self, x: Value | NDArray[Any]) -> Value: ...
    def __call__(self, x: Inputs) -> Value | list[Value]:
        """Return the outputs of the last layer for the inputs `x`.

        Parameters
        ----------
        x : iterable of Value or float, or array of shape (..., n_in)
            `n_in` inputs.

        Returns
        -------
        list of Value, or Value
            The outputs, in a list even if there is one; of an array an array, (..., n_out).

        Raises
        ------
        ValueError
            If the number of inputs is not `n_in`.
        """
        x = checked_inputs(self, x, self.layers[0].n_in)
        outputs = _through(self, x)
        return outputs if isinstance(x, (Value, np.ndarray)) else list(outputs)

    def __repr__(self) -> str:
        sizes = [self.layers[0].n_in, *(layer.n_out for layer in self.layers)]
        return f"Net({sizes}): {[repr(layer) for layer in self.layers]}"


class MLP(Module):
    """micrograd's network: ReLU, then a linear last layer; a single output is not in a list.

    A script that was written for micrograd needs nothing but another import. Therefore
    `parameters()`, of the model and of its layers, has every single weight as a scalar Value, in
    micrograd's order: ``sum(p * p for p in model.parameters())`` and
    ``p.data -= rate * p.grad`` are what they were. These Values are views of the arrays that
    `blocks()` has. `zero_grad`, `step` and optimizers that are given the model work on the blocks.

    Parameters
    ----------
    nin : int
        The number of inputs.
    nouts : sequence of int
        The number of outputs of each layer, at least one layer.
    seed : int, random.Random or None
        Where the weights are drawn from. None is Python's global generator.

    Attributes
    ----------
    layers : list of Layer
        The layers, first to last.

    Examples
    --------
    >>> model = MLP(2, [16, 16, 1], seed=0)
    >>> model
    MLP: 337 parameters
      layers.0: Layer(N_in=2, N_out=16), 48
      layers.1: Layer(N_in=16, N_out=16), 272
      layers.2: Layer(N_in=16, N_out=1), 17
    >>> score = model([0.5, -1.0])
    >>> score.backward()
    >>> len(model.parameters()), len(model.blocks())
    (337, 6)
    """

    _by_element = True

    def __init__(self, nin: int, nouts: Sequence[int], *, seed: Seed = None) -> None:
        self.layers = _chain("MLP", nin, nouts, hidden="relu", last="linear", seed=seed)
        for layer in self.layers:
            layer._by_element = True  # noqa: SLF001 (same family)

    def __call__(self, x: Inputs) -> Any:
        """Return the output for the inputs `x`.

        Parameters
        ----------
        x : iterable of Value or float, or array of shape (nin,) or (..., nin)
            `nin` inputs; an array with more axes has many samples.

        Returns
        -------
        Value or list of Value
            Of one sample: a scalar Value if the last layer has one neuron, else a list of them, or
            of an array an array. Of many samples an array, (..., number of outputs).

        Raises
        ------
        ValueError
            If the number of inputs is not `nin`.
        """
        x = checked_inputs(self, x, self.layers[0].n_in)
        outputs = _through(self, x)
        if isinstance(x, (Value, np.ndarray)):
            return outputs[0] if outputs.shape == (1,) else outputs
        return outputs[0] if len(outputs) == 1 else list(outputs)


def _chain(
    owner: str,
    n_in: int,
    n_outs: Sequence[int],
    *,
    hidden: str,
    last: str,
    seed: Seed,
    initializer: Initializer | None = None,
) -> list[Layer]:
    """Make the layers of a network, drawing all weights from one generator."""
    given: object = n_outs
    if not hasattr(given, "__iter__"):
        message = (
            f"[{owner}] n_outs is {given!r}, a {type(given).__name__} - a list of sizes, one for"
        )
        raise TypeError(f"{message} each layer, is needed. Pass e.g. {owner}({n_in}, [16, 1]).")
    sizes = [
        checked_size(owner, "n_in", n_in),
        *(checked_size(owner, f"n_outs[{i}]", n_out) for i, n_out in enumerate(n_outs)),
    ]
    if len(sizes) == 1:
        message = f"[{owner}] no layer sizes were given - at least one layer is needed."
        raise ValueError(f"{message} Pass e.g. {owner}({n_in}, [16, 1]).")
    source = None if seed is None else generator(seed)
    activations = [hidden] * (len(sizes) - 2) + [last]
    return [
        Layer(before, after, activation, seed=source, initializer=initializer)
        for (before, after), activation in zip(pairwise(sizes), activations, strict=True)
    ]


def _through(network: Net | MLP, x: CheckedInputs) -> Value:
    """Send the inputs through all layers, as arrays: a list would be a node for each number."""
    if not isinstance(x, (Value, np.ndarray)):
        samples = x
        x = _core.stack_first(x)
        if x.ndim > 1:
            refuse_batch(network, samples, len(samples))
    for layer in network.layers:
        # Straight to the core, unless somebody put another kind of layer here.
        x = (
            _core.layer(layer.weights, x, layer.bias, layer._code)  # noqa: SLF001 (same family)
            if type(layer) is Layer  # which always has a bias
            else layer(x)
        )
    return x  # type: ignore[return-value]  # there is a layer
