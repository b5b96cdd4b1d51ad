"""Fused: `dot` of 64 pairs, one node, against 64 products and 64 sums."""

import random
from typing import Any

import autograd
from bench import clock
from bench.figure import Contest, Figure, Goal, assert_close

PAIRS = 64


def separate(ws: list[Any], xs: list[Any], bias: Any) -> Any:
    """Return bias + sum of products, a node for each operation."""
    total = bias
    for w, x in zip(ws, xs):  # noqa: B905 - the plainest loop a person would write
        total = total + w * x
    return total


def prepare(quick: bool) -> Contest:
    """Build, backward and free. Nanoseconds a multiply-add."""
    count = 10 if quick else 3_000
    source = random.Random(11)
    ws = [autograd.Value(source.uniform(-1, 1)) for _ in range(PAIRS)]
    xs = [autograd.Value(source.uniform(-1, 1)) for _ in range(PAIRS)]
    bias = autograd.Value(0.5)

    def fused() -> None:
        autograd.dot(ws, xs, bias).backward()

    def apart() -> None:
        separate(ws, xs, bias).backward()

    def agree() -> None:
        told = []
        for root in (autograd.dot(ws, xs, bias), separate(ws, xs, bias)):
            for leaf in [*ws, *xs, bias]:
                leaf.grad = 0.0
            root.backward()
            told.append([root.data, *(leaf.grad for leaf in [*ws, *xs, bias])])
        assert_close(*told)

    return Contest(
        ours=clock.call(fused, count, 1 / PAIRS),
        reference=clock.call(apart, count, 1 / PAIRS),
        agree=agree,
    )


FIGURES = (
    Figure(
        "dot",
        "`dot` of 64, all phases, a multiply-add",
        "ns",
        prepare,
        "our * and +",
        Goal("speedup", ">=", 6.0),
    ),
)
