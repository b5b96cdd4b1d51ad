"""Network: forward and backward of `sum(tanh(x @ W1 + b1) @ W2 + b2)` on arrays.

Three classes say the same in the words of each: ours, PyTorch, and NumPy with the derivatives
worked out by hand. Gradients are cleared each time, in the way that is natural for each.
"""

from typing import Any

import numpy as np

import autograd
from autograd import Value
from bench import clock, pytorch
from bench.figure import Contest, Figure, Goal, assert_arrays_close

Array = np.ndarray[Any, Any]
MICROSECONDS = 1e-3


class Ours:
    """The network on Values."""

    def __init__(self, x: Array, parameters: list[Array]) -> None:
        self.x = Value(x, requires_grad=False)
        self.parameters = [Value(each) for each in parameters]

    def step(self) -> Any:
        w1, b1, w2, b2 = self.parameters
        for parameter in self.parameters:
            parameter.zero_grad()
        total = (autograd.tanh(self.x @ w1 + b1) @ w2 + b2).sum()
        total.backward()
        return total.data

    def gradients(self) -> list[Array]:
        return [parameter.grad for parameter in self.parameters]


class PyTorch:
    """The network on tensors."""

    def __init__(self, x: Array, parameters: list[Array]) -> None:
        self.torch = pytorch.load()
        self.x = pytorch.tensor(x, requires_grad=False)
        self.parameters = [pytorch.tensor(each) for each in parameters]

    def step(self) -> Any:
        w1, b1, w2, b2 = self.parameters
        for parameter in self.parameters:
            parameter.grad = None
        total = (self.torch.tanh(self.x @ w1 + b1) @ w2 + b2).sum()
        total.backward()
        return total

    def gradients(self) -> list[Array]:
        return [pytorch.plain(parameter.grad) for parameter in self.parameters]


class ByHand:
    """The network on ndarrays, differentiated on paper."""

    def __init__(self, x: Array, parameters: list[Array]) -> None:
        self.x, self.parameters = x, parameters
        self.found: list[Array] = []

    def step(self) -> float:
        w1, b1, w2, b2 = self.parameters
        hidden = np.tanh(self.x @ w1 + b1)
        output = hidden @ w2 + b2
        total = output.sum()
        slope = np.ones_like(output)
        bent = slope @ w2.T * (1.0 - hidden * hidden)
        self.found = [self.x.T @ bent, bent.sum(axis=0), hidden.T @ slope, slope.sum(axis=0)]
        return total  # type: ignore[no-any-return]

    def gradients(self) -> list[Array]:
        return self.found


def network(
    name: str, sizes: tuple[int, int, int], batch: int, speedup: float, dtype: str = "float64"
) -> Figure:
    """Return the figure of one network and batch. Microseconds."""

    def prepare(quick: bool) -> Contest:
        generator = np.random.default_rng(4)
        inputs, hidden, outputs = sizes
        shapes = [(inputs, hidden), (hidden,), (hidden, outputs), (outputs,)]
        parameters = [generator.normal(size=shape).astype(dtype) / inputs**0.5 for shape in shapes]
        x = generator.normal(size=(min(batch, 8) if quick else batch, inputs)).astype(dtype)
        ours, torch, by_hand = (side(x, parameters) for side in (Ours, PyTorch, ByHand))
        relative = 1e-10 if dtype == "float64" else 1e-5

        def agree() -> None:
            totals = [float(pytorch.plain(side.step())) for side in (ours, torch, by_hand)]
            # A sum of this many terms may cancel, and each side sums in an order of its own.
            scale = batch * outputs
            for other, told in zip((torch, by_hand), totals[1:], strict=True):
                assert abs(totals[0] - told) <= relative * max(abs(told), scale)
                for mine, theirs in zip(ours.gradients(), other.gradients(), strict=True):
                    assert mine.dtype == theirs.dtype == np.dtype(dtype)
                    assert_arrays_close(mine, theirs, relative)

        return Contest(
            ours=clock.steady(ours.step, quick, MICROSECONDS),
            reference=clock.steady(torch.step, quick, MICROSECONDS),
            beside={"NumPy by hand": clock.steady(by_hand.step, quick, MICROSECONDS)},
            agree=agree,
        )

    return Figure(
        f"network-{name}-{batch}",
        f"network {'-'.join(map(str, sizes))}, {dtype}, batch {batch:,}",
        "us",
        prepare,
        "PyTorch",
        Goal("speedup", ">=", speedup),
        checked=True,
        needs=("torch",),
    )


SMALL, MIDDLE, LARGE = (4, 16, 1), (64, 64, 8), (784, 128, 10)
FIGURES = (
    network("small", SMALL, 1, 20.0),
    network("small", SMALL, 32, 8.0),
    network("small", SMALL, 1024, 1.7),
    network("middle", MIDDLE, 1, 10.0),
    network("middle", MIDDLE, 32, 3.5),
    network("middle", MIDDLE, 1024, 1.4),
    network("large", LARGE, 1, 1.5),
    network("large", LARGE, 32, 1.5),
    network("large", LARGE, 1024, 1.3),
    network("large-float32", LARGE, 1, 1.5, "float32"),
    network("large-float32", LARGE, 32, 1.5, "float32"),
    network("large-float32", LARGE, 1024, 1.3, "float32"),
)
