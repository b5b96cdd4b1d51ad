"""Random programs on arrays, against PyTorch: value, first and second derivatives on all ways."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from agreement import check
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import autograd

torch = pytest.importorskip("torch")

LARGEST = 200


class Step(NamedTuple):
    """One step of a program: what it does, in both packages, to earlier results."""

    ours: Callable[..., Any]
    theirs: Callable[..., Any]
    places: tuple[int, ...]


def _both(function: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    return function, function


SMOOTH = {
    "sin": (autograd.sin, torch.sin),
    "tanh": (autograd.tanh, torch.tanh),
    "cube": _both(lambda x: x * x * x * 0.3),
    "power": _both(lambda x: (x * x + 1.0) ** 1.5),
    "reciprocal": _both(lambda x: 1.0 / (x * x + 1.0)),
    "log": (lambda x: autograd.log(x * x + 0.5), lambda x: torch.log(x * x + 0.5)),
    "number": _both(lambda x: 2.0 - x * 0.5),
}
PAIRS = {
    "add": _both(lambda x, y: x + y),
    "subtract": _both(lambda x, y: x - y),
    "multiply": _both(lambda x, y: x * y),
    "divide": _both(lambda x, y: x / (y * y + 1.0)),
    "logaddexp": (autograd.logaddexp, lambda x, y: torch.logaddexp(*torch.broadcast_tensors(x, y))),
}


def _constant(draw: random.Random, shape: tuple[int, ...]) -> np.ndarray:
    return np.random.default_rng(draw.randrange(1_000)).normal(size=shape)


def _gathered(order: np.ndarray) -> Callable[[Any], Any]:
    places = torch.tensor(order)
    return lambda x: x.reshape(-1)[places]


def _of_one(draw: random.Random, shape: tuple[int, ...]) -> tuple[Any, Any]:
    """Choose what is done to one array, or to a scalar."""
    rank, size = len(shape), math.prod(shape)
    kind = draw.choice(["smooth", "smooth", "constant", "shape", "reduce", "select", "matmul"])
    if kind == "constant":
        array = _constant(draw, draw.choice([(3,), (2, 1), shape, (1,)]))
        try:
            np.broadcast_shapes(array.shape, shape)
        except ValueError:
            array = _constant(draw, shape)
        pair = PAIRS[draw.choice(list(PAIRS))]
        return (lambda x: pair[0](x, array)), (lambda x: pair[1](x, torch.tensor(array)))
    if kind == "shape" and rank > 0:
        axes = draw.sample(range(rank), rank)
        new = draw.choice([(size,), (size, 1), (1, size), (*shape, 1)])
        return draw.choice(
            [
                (lambda x: x.transpose(axes), lambda x: x.permute(*axes)),
                _both(lambda x: x.reshape(new)),
            ]
        )
    if kind == "reduce" and rank > 0:
        axis = draw.randrange(rank)
        keep = draw.random() < 0.5
        return draw.choice(
            [
                (lambda x: x.sum(axis, keep), lambda x: x.sum(axis, keepdim=keep)),
                (lambda x: x.mean(axis, keep), lambda x: x.mean(axis, keepdim=keep)),
                (lambda x: x.cumsum(axis), lambda x: x.cumsum(axis)),
                (
                    lambda x: autograd.logsumexp(x, axis, keep),
                    lambda x: torch.logsumexp(x, axis, keepdim=keep),
                ),
                _both(lambda x: x.sum()),
            ]
        )
    if kind == "select" and rank > 0 and size > 0:
        order = np.arange(size).reshape(shape)
        key = draw.choice([0, -1, slice(1, None), slice(None, None, -1), [0, -1, 0], None])
        joined = np.concatenate([order, order[:1]])
        return draw.choice(
            [
                (lambda x: x[key], _gathered(np.array(order[key]))),
                (lambda x: autograd.concatenate([x, x[:1]]), _gathered(joined)),
            ]
        )
    if kind == "matmul" and rank > 0:
        other = _constant(draw, draw.choice([(shape[-1],), (shape[-1], 2)]))
        return (lambda x: x @ other), (lambda x: x @ torch.tensor(other))
    return SMOOTH[draw.choice(list(SMOOTH))]


def program(seed: int) -> tuple[list[np.ndarray], list[Step]]:
    """Draw leaves and steps, so that all shapes fit."""
    draw = random.Random(seed)
    shapes = [(), (3,), (1, 3), (2, 1), (2, 3), (2, 3, 2)]
    leaves = [_constant(draw, draw.choice(shapes)) for _ in range(draw.randint(1, 3))]
    steps: list[Step] = []
    results: list[Any] = [autograd.Value(leaf) for leaf in leaves]
    for _ in range(draw.randint(1, 7)):
        if draw.random() < 0.4:
            places = (draw.randrange(len(results)), draw.randrange(len(results)))
            try:
                shape = np.broadcast_shapes(*(results[place].shape for place in places))
            except ValueError:
                continue
            step = Step(*PAIRS[draw.choice(list(PAIRS))], places)
        else:
            place = draw.randrange(len(results))
            shape = results[place].shape
            step = Step(*_of_one(draw, shape), (place,))
        if math.prod(shape) > LARGEST:
            continue
        steps.append(step)
        results.append(step.ours(*(results[place] for place in step.places)))
    return leaves, steps


def _run(steps: list[Step], which: str, leaves: tuple[Any, ...]) -> Any:
    results = list(leaves)
    for step in steps:
        results.append(getattr(step, which)(*(results[place] for place in step.places)))
    return results[-1]


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
@example(seed=0)
def test_programs_match_torch(seed):
    leaves, steps = program(seed)
    check(
        lambda *given: _run(steps, "ours", given),
        lambda *given: _run(steps, "theirs", given),
        leaves,
        tolerance=1e-8,
    )
