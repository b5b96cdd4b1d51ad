"""Layer: 64 neurons on 64 scalars, all phases, against a `dot` and a `tanh` for each neuron."""

import random

import autograd
from autograd import Value, nn
from bench import clock
from bench.figure import Contest, Figure, Goal, assert_close

SIZE = 64


def prepare(quick: bool) -> Contest:
    """Build, backward and free. Nanoseconds a multiply-add."""
    layer = nn.Layer(SIZE, SIZE, activation="tanh", seed=1)
    source = random.Random(12)
    inputs = [Value(source.uniform(-1, 1)) for _ in range(SIZE)]
    rows = [[Value(source.uniform(-1, 1)) for _ in range(SIZE)] for _ in range(SIZE)]
    biases = [Value(source.uniform(-1, 1)) for _ in range(SIZE)]

    def fused() -> None:
        autograd.sum(layer(inputs)).backward()

    def apart() -> None:
        autograd.sum(
            [autograd.dot(w, inputs, b).tanh() for w, b in zip(rows, biases, strict=True)]
        ).backward()

    def gradient() -> list[float]:
        """Return the gradient of the layer with respect to its inputs."""
        for value in inputs:
            value.grad = 0.0
        fused()
        return [value.grad for value in inputs]

    def agree() -> None:
        # The layer's parameters stay its own business: a central difference needs none of them.
        found, width = gradient(), 1e-6
        for place in (0, SIZE // 2, SIZE - 1):
            at = [value.data for value in inputs]
            sums = []
            for shift in (width, -width):
                at[place] = inputs[place].data + shift
                sums.append(sum(output.data for output in layer(at)))
            assert_close(found[place], (sums[0] - sums[1]) / (2 * width), 1e-6)

    return Contest(
        ours=clock.call(fused, 1 if quick else 1_000, 1 / SIZE**2),
        reference=clock.call(apart, 1 if quick else 1_000, 1 / SIZE**2),
        agree=agree,
    )


FIGURES = (
    Figure(
        "layer",
        "`nn.Layer(64, 64)` on scalars, all phases, a multiply-add",
        "ns",
        prepare,
        "our dot",
        Goal("value", "<=", 3.0),
    ),
)
