"""Optimizers: one step over as many parameters as `examples/scalar_gpt.py` has.

The reference does the same update with Python arithmetic on lists of floats, in the
formulas of PyTorch.
"""

import math
import random
from collections.abc import Callable

import numpy as np

from autograd import Value, optim
from bench import clock
from bench.figure import Contest, Figure, Goal, assert_close

PARAMETERS = 4_192
MICROSECONDS = 1e-3
RATE, BETA1, BETA2, EPSILON = 0.01, 0.9, 0.999, 1e-8


def sgd_on_floats(data: list[float], grad: list[float]) -> Callable[[], None]:
    """Return plain gradient descent on lists."""

    def step() -> None:
        for place, slope in enumerate(grad):
            data[place] -= RATE * slope

    return step


def adam_on_floats(data: list[float], grad: list[float]) -> Callable[[], None]:
    """Return Adam on lists."""
    mean, variance = [0.0] * len(data), [0.0] * len(data)
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1
        size = RATE / (1.0 - BETA1**steps)
        root = math.sqrt(1.0 - BETA2**steps)
        for place, slope in enumerate(grad):
            mean[place] = m = BETA1 * mean[place] + (1.0 - BETA1) * slope
            variance[place] = v = BETA2 * variance[place] + (1.0 - BETA2) * slope * slope
            data[place] -= size * m / (math.sqrt(v) / root + EPSILON)

    return step


def against(
    ours: Callable[[list[Value]], "optim.Optimizer"],
    reference: Callable[[list[float], list[float]], Callable[[], None]],
    *,
    as_blocks: bool = False,
) -> Callable[[bool], Contest]:
    """Return the preparation of a figure for one optimizer. Microseconds a step.

    As blocks the parameters are nine matrices, as a network of that size would have them.
    """

    def prepare(quick: bool) -> Contest:
        source = random.Random(5)
        data = [source.uniform(-1, 1) for _ in range(90 if quick else PARAMETERS)]
        grad = [source.uniform(-1, 1) for _ in data]
        parts = np.array_split(np.arange(len(data)), 9 if as_blocks else len(data))
        values, gradients = (
            [np.array(given)[part] if as_blocks else given[part[0]] for part in parts]
            for given in (data, grad)
        )
        values = [Value(part) for part in values]
        for value, slope in zip(values, gradients, strict=True):
            value.grad = slope
        optimizer, plain = ours(values), reference(data, grad)
        count = 1 if quick else 100

        def agree() -> None:
            for _ in range(3):
                optimizer.step()
                plain()
            assert_close(np.hstack([value.data for value in values]).tolist(), data)

        return Contest(
            ours=clock.call(optimizer.step, count, MICROSECONDS),
            reference=clock.call(plain, 1 if quick else 20, MICROSECONDS),
            agree=agree,
        )

    return prepare


def sgd(values: list[Value]) -> "optim.Optimizer":
    return optim.SGD(values, lr=RATE)


def adam(values: list[Value]) -> "optim.Optimizer":
    return optim.Adam(values, lr=RATE)


FIGURES = (
    Figure("sgd", "SGD step, 4,192 scalars", "us", against(sgd, sgd_on_floats), "float lists"),
    Figure(
        "adam",
        "Adam step, 4,192 scalars",
        "us",
        against(adam, adam_on_floats),
        "float lists",
        Goal("value", "<=", 15.0),
    ),
    Figure(
        "adam-blocks",
        "Adam step, 4,192 numbers in 9 arrays",
        "us",
        against(adam, adam_on_floats, as_blocks=True),
        "float lists",
        Goal("value", "<=", 5.0),
    ),
)
