"""Forensics: that `detect_anomaly` costs nothing when it is off, and what it costs when it is on.

Off is measured in fresh processes, each before and after the first use: what a process has used it
cannot unuse.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

import autograd
from autograd import nn
from autograd.forensics import detect_anomaly
from bench import clock
from bench.figure import Contest, Figure, Goal, assert_arrays_close

MICROSECONDS = 1e-3
SAMPLED = 10_000  # operations, from which on it is no rehearsal

PROGRAM = """
import gc
import random
from pathlib import Path
from statistics import median
import autograd
from bench import clock, fresh

gc.disable()

def add(count):
    return clock.operation("a + b", count, a=autograd.Value(1.25), b=autograd.Value(2.75))

def neuron(count):
    demo = fresh.load(Path("bench/demo.py"))
    made = demo.Neuron(autograd.Value, 16, True, random.Random(8))
    values = [autograd.Value(0.1 * i) for i in range(16)]
    return clock.call(lambda: made(values), count // 20, 1 / 33)

sample = {side}({count})
sample()
before = median(sample() for _ in range({samples}))
from autograd.forensics import detect_anomaly
with detect_anomaly():
    (autograd.Value(1.0) * 2.0).backward()
after = median(sample() for _ in range({samples}))
print(before, after)
"""


def pair(side: str, count: int) -> tuple[float, float]:
    """Return nanoseconds before and after the first use, in a process of its own."""
    program = PROGRAM.format(side=side, count=count, samples=1 if count < SAMPLED else 15)
    command = [sys.executable, "-c", program]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    before, after = map(float, done.stdout.split())
    return before, after


def off(name: str, title: str, side: str) -> Figure:
    """Return the figure of some code after a use of `detect_anomaly`, against before."""

    def prepare(quick: bool) -> Contest:
        count = 1_000 if quick else 200_000
        taken: dict[str, list[float]] = {"before": [], "after": []}

        def take(which: str) -> Callable[[], float]:
            def sample() -> float:
                if not taken[which]:  # the other side of a pair waits for its turn
                    for when, spent in zip(taken, pair(side, count), strict=True):
                        taken[when].append(spent)
                return taken[which].pop(0)

            return sample

        def agree() -> None:
            methods = (autograd.Value.backward, autograd._core.gradients)
            with detect_anomaly():
                assert autograd.Value.backward is not methods[0]
            assert methods == (autograd.Value.backward, autograd._core.gradients)
            assert autograd._core.set_observer(None) is None

        return Contest(ours=take("after"), reference=take("before"), agree=agree)

    return Figure(name, title, "ns", prepare, "before", Goal("ratio", "<=", 1.02), rounds=5)


def prepare_on(quick: bool) -> Contest:
    """One forward and backward pass of a network on a batch. Microseconds."""
    model = nn.Net(16, [64, 64, 8], "tanh", seed=0)
    batch = np.random.default_rng(1).normal(size=(32, 16))

    def plain() -> None:
        model.zero_grad()
        (model(batch) ** 2).mean().backward()

    def watched() -> None:
        with detect_anomaly():
            plain()

    def agree() -> None:
        gradients = []
        for step in (plain, watched):
            step()
            gradients.append(np.concatenate([p.grad.ravel() for p in model.blocks()]))
        assert_arrays_close(*gradients, relative=0.0)

    count = 1 if quick else 200
    return Contest(
        ours=clock.call(watched, count, MICROSECONDS),
        reference=clock.call(plain, count, MICROSECONDS),
        agree=agree,
    )


FIGURES = (
    off("anomaly-off-add", "`a + b` after a use of `detect_anomaly`", "add"),
    off(
        "anomaly-off-neuron", "neuron code after a use of `detect_anomaly`, an operation", "neuron"
    ),
    Figure(
        "anomaly-on",
        "network 16-64-64-8, batch 32, forward and backward in `detect_anomaly`",
        "us",
        prepare_on,
        "without",
    ),
)
