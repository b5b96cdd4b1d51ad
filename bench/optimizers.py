"""Optimizers: one step over as many parameters as `examples/scalar_gpt.py` has.

The reference does the same update with Python arithmetic on lists of floats, in the
formulas of PyTorch.
"""

import math
import random
from collections.abc import Callable

from autograd import Value, optim
from bench import clock
from bench.figure import Contest, Figure, assert_close

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
) -> Callable[[bool], Contest]:
    """Return the preparation of a figure for one optimizer. Microseconds a step."""

    def prepare(quick: bool) -> Contest:
        source = random.Random(5)
        data = [source.uniform(-1, 1) for _ in range(100 if quick else PARAMETERS)]
        grad = [source.uniform(-1, 1) for _ in data]
        values = [Value(number) for number in data]
        for value, slope in zip(values, grad, strict=True):
            value.grad = slope
        optimizer, plain = ours(values), reference(data, grad)
        count = 1 if quick else 100

        def agree() -> None:
            for _ in range(3):
                optimizer.step()
                plain()
            assert_close([value.data for value in values], data)

        return Contest(
            ours=clock.call(optimizer.step, count, MICROSECONDS),
            reference=clock.call(plain, 1 if quick else 20, MICROSECONDS),
            agree=agree,
        )

    return prepare


FIGURES = (
    Figure(
        "sgd",
        "SGD step, 4,192 parameters",
        "us",
        against(lambda values: optim.SGD(values, lr=RATE), sgd_on_floats),
        "float lists",
    ),
    Figure(
        "adam",
        "Adam step, 4,192 parameters",
        "us",
        against(lambda values: optim.Adam(values, lr=RATE), adam_on_floats),
        "float lists",
    ),
)
