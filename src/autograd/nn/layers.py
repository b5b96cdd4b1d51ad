"""Fully connected layers on lists of scalars: `Neuron`, `Layer`, `Net` and micrograd's `MLP`.

A neuron is one fused node of the graph, made by ``_core.neuron``: activation(b + w0*x0 + w1*x1 +
...), summed in this order. Weights are drawn from U(-1, 1), weight after weight, neuron after
neuron, as micrograd draws them, so that ``random.seed`` gives the same network in both. Biases
start at 0.
"""

from __future__ import annotations

import operator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from autograd import _core
from autograd.engine import Value
from autograd.nn.module import Module

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable, Sequence

    Seed = int | random.Random | None


class Neuron(Module):
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
    w : list of Value
        The `n` weights, from U(-1, 1).
    b : Value
        The bias, 0.0 at first.

    Examples
    --------
    >>> neuron = Neuron(10, seed=0)
    >>> neuron.nparams()
    11
    >>> 0.0 < neuron([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).data < 1.0
    True
    """

    def __init__(self, n: int, activation: str = "sigmoid", *, seed: Seed = None) -> None:
        count = _size("Neuron", "n", n)
        self.activation = activation  # refuses an unknown name before any number is drawn
        uniform = _uniform(seed)
        self.w = [Value(uniform(-1, 1)) for _ in range(count)]
        self.b = Value(0.0)

    @property
    def activation(self) -> str:
        """The name of the activation function; can be set."""
        return self._activation

    @activation.setter
    def activation(self, name: str) -> None:
        self._code = _core.activation(name)
        self._activation = name

    def __call__(self, x: Iterable[Value | float]) -> Value:
        """Return the neuron's output for the inputs `x`, as one node of the graph.

        Parameters
        ----------
        x : iterable of Value or float
            As many as the neuron has weights.

        Returns
        -------
        Value
            The activation.

        Raises
        ------
        ValueError
            If the number of inputs is not that of the weights.
        """
        return _core.neuron(self.w, _inputs(self, x, len(self.w)), self.b, self._code)

    def __setstate__(self, state: dict[str, Any]) -> None:
        # The code of an operation is its place in the table, which another version may have
        # changed.
        self.__dict__.update(state)
        self.activation = self._activation

    def __repr__(self) -> str:
        return f"Neuron(N_in={len(self.w)})"


class Layer(Module):
    """Neurons side by side on the same inputs.

    Parameters
    ----------
    n_in, n_out : int
        The number of inputs, and of neurons, both at least 1.
    activation : str
        The activation of each neuron, see `Neuron`.
    seed : int, random.Random or None
        Where the weights are drawn from. None is Python's global generator.

    Attributes
    ----------
    neurons : list of Neuron
        The `n_out` neurons.

    Examples
    --------
    >>> layer = Layer(3, 10)
    >>> layer
    Layer(N_in=3, N_out=10)
    >>> layer.nparams(), len(layer([1, 2, 3]))
    (40, 10)
    """

    def __init__(
        self, n_in: int, n_out: int, activation: str = "sigmoid", *, seed: Seed = None
    ) -> None:
        self.n_in = _size("Layer", "n_in", n_in)
        self.n_out = _size("Layer", "n_out", n_out)
        generator = None if seed is None else _generator(seed)
        self.neurons = [Neuron(n_in, activation, seed=generator) for _ in range(self.n_out)]

    def __call__(self, x: Iterable[Value | float]) -> list[Value]:
        """Return the outputs of all neurons for the inputs `x`.

        Parameters
        ----------
        x : iterable of Value or float
            `n_in` inputs.

        Returns
        -------
        list of Value
            `n_out` outputs; a list even of one.

        Raises
        ------
        ValueError
            If the number of inputs is not `n_in`.
        """
        inputs = _inputs(self, x, self.n_in)
        # Straight to the core, which halves the time of a small layer, unless somebody put another
        # kind of neuron here.
        return [
            _core.neuron(neuron.w, inputs, neuron.b, neuron._code)  # noqa: SLF001 (same file)
            if type(neuron) is Neuron
            else neuron(inputs)
            for neuron in self.neurons
        ]

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
        The activation of each neuron, see `Neuron`.
    output_activation : str or None
        The activation of the last layer, if it is another one, e.g. ``"linear"``.
    seed : int, random.Random or None
        Where the weights are drawn from. None is Python's global generator.

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
    ) -> None:
        self.layers = _chain(
            "Net", n_in, n_outs, hidden=activation, last=output_activation or activation, seed=seed
        )

    def __call__(self, x: Iterable[Value | float]) -> list[Value]:
        """Return the outputs of the last layer for the inputs `x`.

        Parameters
        ----------
        x : iterable of Value or float
            `n_in` inputs.

        Returns
        -------
        list of Value
            The outputs; a list even of one.

        Raises
        ------
        ValueError
            If the number of inputs is not `n_in`.
        """
        return _through(self, x)

    def __repr__(self) -> str:
        return _represent(self)


class MLP(Module):
    """micrograd's network: ReLU, then a linear last layer; a single output is not in a list.

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
    >>> model.nparams()
    337
    >>> score = model([0.5, -1.0])
    >>> score.backward()
    """

    def __init__(self, nin: int, nouts: Sequence[int], *, seed: Seed = None) -> None:
        self.layers = _chain("MLP", nin, nouts, hidden="relu", last="linear", seed=seed)

    def __call__(self, x: Iterable[Value | float]) -> Any:
        """Return the output for the inputs `x`.

        Parameters
        ----------
        x : iterable of Value or float
            `nin` inputs.

        Returns
        -------
        Value or list of Value
            A Value if the last layer has one neuron, else a list.

        Raises
        ------
        ValueError
            If the number of inputs is not `nin`.
        """
        outputs = _through(self, x)
        return outputs[0] if len(outputs) == 1 else outputs

    def __repr__(self) -> str:
        return _represent(self)


def _chain(
    owner: str, n_in: int, n_outs: Sequence[int], *, hidden: str, last: str, seed: Seed
) -> list[Layer]:
    """Make the layers of a network, drawing all weights from one generator."""
    sizes = [
        _size(owner, "n_in", n_in),
        *(_size(owner, f"n_outs[{i}]", n_out) for i, n_out in enumerate(n_outs)),
    ]
    if len(sizes) == 1:
        message = f"[{owner}] no layer sizes were given - at least one layer is needed."
        raise ValueError(f"{message} Pass e.g. {owner}({n_in}, [16, 1]).")
    generator = None if seed is None else _generator(seed)
    activations = [hidden] * (len(sizes) - 2) + [last]
    return [
        Layer(before, after, activation, seed=generator)
        for (before, after), activation in zip(pairwise(sizes), activations, strict=True)
    ]


def _through(network: Net | MLP, x: Iterable[Value | float]) -> list[Value]:
    """Send the inputs through all layers."""
    first, *rest = network.layers
    outputs = first(_inputs(network, x, first.n_in))
    for layer in rest:
        outputs = layer(outputs)
    return outputs


def _represent(network: Net | MLP) -> str:
    sizes = [network.layers[0].n_in, *(layer.n_out for layer in network.layers)]
    return f"{type(network).__name__}({sizes}): {[repr(layer) for layer in network.layers]}"


def _inputs(module: Module, x: Iterable[Value | float], needed: int) -> Sequence[Value | float]:
    """Return the inputs as a list or tuple of the length that is needed."""
    if not isinstance(x, (list, tuple)):
        if isinstance(x, (Value, str, int, float)):
            message = f"[{type(module).__name__}] a single {type(x).__name__} was given"
            raise TypeError(
                f"{message} - a list of {needed} numbers or Values is needed. Put it into a list."
            )
        x = list(x)
    if len(x) != needed:
        message = f"[{type(module).__name__}] {len(x)} inputs were given - {needed} are needed."
        raise ValueError(f"{message} Pass a list of length {needed}.")
    return x


def _generator(seed: int | random.Random) -> random.Random:
    """Return a generator for a seed, or the one that was given."""
    import random  # noqa: PLC0415 - at the first use: `import autograd` is quicker without it

    return seed if isinstance(seed, random.Random) else random.Random(seed)


def _uniform(seed: Seed) -> Callable[[float, float], float]:
    """Return the source of the weights: Python's global generator, or one of its own."""
    import random  # noqa: PLC0415

    return random.uniform if seed is None else _generator(seed).uniform


def _size(owner: str, name: str, size: int) -> int:
    """Return a size as a positive int."""
    try:
        count = operator.index(size)
    except TypeError:
        message = f"[{owner}] {name} is {size!r}, a {type(size).__name__} - an integer is needed."
        raise TypeError(f"{message} Pass the number of inputs or outputs.") from None
    if count < 1:
        message = f"[{owner}] {name} is {count} - at least 1 is needed."
        raise ValueError(f"{message} Pass the number of inputs or outputs.")
    return count
