"""A mixture of nodes: the graph on which backward and free are measured.

Samples run through a network 2-16-16-1 with relu in the first hidden layer and tanh in the
second, then a squared error: about 47 % products (some with a number), 47 % sums, 6 % unary
nodes, each value used between once and sixteen times, the weights by every sample.
"""

import random
from collections.abc import Callable
from typing import Any

NODES_PER_SAMPLE = 649  # 33 unary, 305 products, 305 sums, and 6 for the error and its sum


class Mixture:
    """The weights, and a way to build the graph above them again and again."""

    def __init__(self, scalar: Callable[[float], Any], nodes: int, seed: int = 3) -> None:
        source = random.Random(seed)
        self.hidden = [[scalar(source.uniform(-1, 1)) for _ in range(3)] for _ in range(16)]
        self.deeper = [[scalar(source.uniform(-0.5, 0.5)) for _ in range(17)] for _ in range(16)]
        self.last = [scalar(source.uniform(-0.5, 0.5)) for _ in range(17)]
        self.samples = [
            (source.uniform(-1, 1), source.uniform(-1, 1), source.choice((-1.0, 1.0)))
            for _ in range(max(1, nodes // NODES_PER_SAMPLE))
        ]

    def leaves(self) -> list[Any]:
        """Return every weight and bias."""
        return [leaf for row in [*self.hidden, *self.deeper, self.last] for leaf in row]

    def build(self) -> Any:
        """Return a new root; nothing but the root holds its graph."""
        total: Any = 0.0
        for x0, x1, target in self.samples:
            first = [(bias + w0 * x0 + w1 * x1).relu() for w0, w1, bias in self.hidden]
            second = [dot(row, first).tanh() for row in self.deeper]
            total = total + (dot(self.last, second) - target) ** 2
        return total * (1.0 / len(self.samples))


def dot(row: list[Any], inputs: list[Any]) -> Any:
    """Return the last element of `row` plus the products of the others with `inputs`."""
    act = row[-1]
    for weight, value in zip(row, inputs):  # noqa: B905 - the bias is left over
        act = act + weight * value
    return act
