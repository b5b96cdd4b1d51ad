"""What the tests share: numeric derivatives, PyTorch's counterparts, points to test at.

Everything is a fixture of session scope that returns a function, so that tests, parametrised
tests and Hypothesis use the same ones. PyTorch is imported by the fixture that needs it.
"""

from __future__ import annotations

import gc
import itertools
import os
import random
import sysconfig
from collections.abc import Callable, Iterator, Sequence

import pytest
from browser import browser, opened, window  # noqa: F401 - fixtures

import autograd

Function = Callable[..., float]


if sysconfig.get_config_var("Py_GIL_DISABLED"):
    # What this process was told when it imported autograd (the lock is on, from now on) is no
    # failure of the programs that the tests start.
    os.environ.setdefault("PYTHON_GIL", "1")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:  # noqa: ARG001 - pytest's name
    """Skip what compares with PyTorch where it is not installed."""
    try:
        return (yield)
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        pytest.skip("compares with PyTorch, which is not installed")


# Arguments that are not drawn from an interval: an order, a condition.
CHOICES = {("polygamma", 0): (0.0, 1.0, 2.0, 3.0), ("where", 0): (0.0, 1.0)}

# Poles (tan, lgamma, 1/x), jumps (floor, sign) and ties stand at integers or at equal arguments.
CLEARANCE = 0.05


def _central_difference(function: Function, point: Sequence[float], index: int) -> float:
    """Return df/dx[index] by the five-point formula: error step**4 f^(5) / 30 + eps |f| / step."""
    step = 1e-4 * max(1.0, abs(point[index]))

    def at(shift: float) -> float:
        moved = list(point)
        moved[index] += shift * step
        return function(*moved)

    return (8.0 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12.0 * step)


def _samples(operation: autograd.Operation, count: int = 12) -> list[tuple[float, ...]]:
    """Return `count` points of the operation's domain, away from poles, kinks and ties."""
    generator = random.Random(operation.name)

    def draw(index: int) -> float:
        choices = CHOICES.get((operation.name, index))
        if choices:
            return generator.choice(choices)
        low, high = operation.domains[index]
        while True:
            value = generator.uniform(max(low, -3.0), min(high, 3.0))
            near = [*operation.kinks, round(value)]
            if all(abs(value - point) > CLEARANCE for point in near):
                return value

    points: list[tuple[float, ...]] = []
    while len(points) < count:
        point = tuple(draw(index) for index in range(operation.arity))
        if operation.name == "clip":
            point = (point[0], *sorted(point[1:]))
        if operation.name in ("remainder", "floor_divide"):
            quotient = point[0] / point[1]
            if abs(quotient - round(quotient)) < CLEARANCE:
                continue
        distinct = sorted(point)
        if all(b - a > CLEARANCE for a, b in itertools.pairwise(distinct)):
            points.append(point)
    return points


def _torch_function(name: str) -> Callable[..., object]:
    """Return PyTorch's counterpart of the operation, our own composition where it has none."""
    import torch

    own = {
        "power": torch.pow,
        "relu": torch.relu,
        "silu": torch.nn.functional.silu,
        "gelu": torch.nn.functional.gelu,
        # PyTorch has no cbrt, and its softplus is linear from 20 on.
        "cbrt": lambda x: x.sign() * x.abs().pow(1.0 / 3.0),
        "softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)),
        # PyTorch's own take the second argument as a number only.
        "leaky_relu": lambda x, slope=0.01: torch.where(x > 0, x, slope * x),
        "elu": lambda x, alpha=1.0: torch.where(x > 0, x, alpha * torch.expm1(x.clamp(max=0.0))),
        "floor_divide": lambda x, y: torch.floor(x / y),
        "polygamma": lambda n, x: torch.polygamma(int(n), x),
        "where": lambda condition, a, b: torch.where(condition != 0, a, b),
    }
    return own[name] if name in own else getattr(torch, name)


@pytest.fixture(scope="session")
def central_difference() -> Callable[[Function, Sequence[float], int], float]:
    return _central_difference


@pytest.fixture(scope="session")
def samples() -> Callable[..., list[tuple[float, ...]]]:
    return _samples


@pytest.fixture(scope="session")
def torch_function() -> Callable[[str], Callable[..., object]]:
    return _torch_function


@pytest.fixture
def balanced() -> Iterator[None]:
    """Hold that the test gives back every node it made."""
    before = autograd.memory()
    yield
    if autograd.memory()[:2] != before[:2]:
        gc.collect()  # what an error keeps in its traceback
    after = autograd.memory()
    # Fewer: what an earlier test left in a traceback may have died during this one.
    assert after.nodes <= before.nodes
    assert after.leaves <= before.leaves
