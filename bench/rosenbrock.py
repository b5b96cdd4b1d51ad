"""Rosenbrock's function on arrays: its gradient, and products of its Hessian with a vector.

f(x) = sum of 100 (x[i+1] - x[i]**2)**2 + (1 - x[i])**2. There is nothing to win but overhead and
memory traffic: a few slices, products and sums.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

import autograd
from autograd import Value
from bench import clock, fresh, pytorch
from bench.figure import Contest, Figure, Goal, assert_arrays_close

MICROSECONDS = 1e-3


def rosenbrock(x: Any) -> Any:
    """Return the function of a Value or a tensor, which share these operators and methods."""
    head, tail = x[:-1], x[1:]
    return (100.0 * (tail - head**2) ** 2 + (1.0 - head) ** 2).sum()


def prepare_gradient(quick: bool) -> Contest:
    """Differentiate for 1,000 variables. Microseconds."""
    point = np.random.default_rng(6).normal(size=1_000)
    torch = pytorch.load()
    x, theirs = Value(point), pytorch.tensor(point)
    mine, other = fresh.copy(rosenbrock), fresh.copy(rosenbrock)

    def ours() -> Any:
        return autograd.grad(mine(x), x)

    def reference() -> Any:
        return torch.autograd.grad(other(theirs), theirs)[0]

    return Contest(
        ours=clock.steady(ours, quick, MICROSECONDS),
        reference=clock.steady(reference, quick, MICROSECONDS),
        agree=lambda: assert_arrays_close(ours(), pytorch.plain(reference())),
    )


def backward_twice(x: Value, direction: np.ndarray[Any, Any]) -> Callable[[], Any]:
    """Return our product of Hessian and direction out of two backward passes."""
    function = fresh.copy(rosenbrock)

    def product() -> Any:
        slope = autograd.grad(function(x), x, create_graph=True)
        return autograd.grad((slope * direction).sum(), x)

    return product


def products_of_pytorch(x: Any, direction: Any) -> dict[str, Callable[[], Any]]:
    """Return the ways in which PyTorch offers the product, by name."""
    torch = pytorch.load()
    function, apart = fresh.copy(rosenbrock), x.detach()

    def twice_backward() -> Any:
        (slope,) = torch.autograd.grad(function(x), x, create_graph=True)
        return torch.autograd.grad(slope, x, direction)[0]

    def forward_over_reverse() -> Any:
        return torch.func.jvp(torch.func.grad(function), (apart,), (direction,))[1]

    def reverse_over_forward() -> Any:
        def slope(at: Any) -> Any:
            return torch.func.jvp(function, (at,), (direction,))[1]

        return torch.func.grad(slope)(apart)

    def reverse_over_reverse() -> Any:
        return torch.func.vjp(torch.func.grad(function), apart)[1](direction)[0]

    def functional() -> Any:
        return torch.autograd.functional.vhp(function, apart, direction)[1]

    return {
        "backward twice": twice_backward,
        "func.jvp of func.grad": forward_over_reverse,
        "func.grad of func.jvp": reverse_over_forward,
        "func.vjp of func.grad": reverse_over_reverse,
        "functional.vhp": functional,
    }


def prepare_hessian(quick: bool) -> Contest:
    """Multiply for 10,000 variables, against the fastest of PyTorch's ways. Microseconds."""
    point, direction = np.random.default_rng(7).normal(size=(2, 100 if quick else 10_000))
    product = autograd.hvp(fresh.copy(rosenbrock))
    twice = backward_twice(Value(point), direction)
    ways = products_of_pytorch(
        pytorch.tensor(point), pytorch.tensor(direction, requires_grad=False)
    )
    chosen = clock.fastest(ways, quick)

    def ours() -> Any:
        return product(point, direction)

    def agree() -> None:
        for way in (twice, *ways.values()):
            assert_arrays_close(ours(), pytorch.plain(way()))

    return Contest(
        ours=clock.steady(ours, quick, MICROSECONDS),
        reference=clock.steady(ways[chosen], quick, MICROSECONDS),
        beside={"our backward twice": clock.steady(twice, quick, MICROSECONDS)},
        agree=agree,
        note=lambda: f"PyTorch's fastest way: {chosen}",
    )


FIGURES = (
    Figure(
        "rosenbrock",
        "gradient of Rosenbrock's function, 1,000 variables",
        "us",
        prepare_gradient,
        "PyTorch",
        Goal("speedup", ">=", 4.0),
        checked=True,
        needs=("torch",),
    ),
    Figure(
        "hessian-product",
        "its Hessian times a vector, 10,000 variables",
        "us",
        prepare_hessian,
        "PyTorch",
        Goal("speedup", ">=", 5.0),
        checked=True,
        needs=("torch",),
    ),
)
