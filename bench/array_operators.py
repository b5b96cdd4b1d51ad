"""Operators on arrays: a recorded `a + b`, `a @ b`, `exp(x)`, against NumPy, which records nothing.

The result is dropped at once, so that its node and its memory are given back within the time.
"""

from collections.abc import Callable

import numpy as np

import autograd
from autograd import Value
from bench import clock
from bench.figure import Contest, Figure, Goal, assert_arrays_close

ELEMENTS = 4096
SAMPLE = 2e7  # nanoseconds, about


def addition(elements: int, speedup: float) -> Figure:
    """Return the figure of `a + b` on arrays of one axis. Nanoseconds."""

    def prepare(quick: bool) -> Contest:
        generator = np.random.default_rng(1)
        a, b = generator.normal(size=(2, elements))
        left, right = Value(a), Value(b)
        count = 10 if quick else int(SAMPLE / (200 + 0.7 * elements))

        def agree() -> None:
            total = left + right
            assert total.args == (left, right)
            assert np.array_equal(total.data, a + b)

        return Contest(
            ours=clock.operation("a + b", count, a=left, b=right),
            reference=clock.operation("a + b", count, a=a, b=b),
            agree=agree,
        )

    return Figure(
        f"add-{elements}",
        f"`a + b`, {elements:,} doubles",
        "ns",
        prepare,
        "NumPy",
        Goal("speedup", ">=", speedup),
        checked=True,
    )


def product(size: int, speedup: float) -> Figure:
    """Return the figure of `a @ b` on square matrices. Nanoseconds."""

    def prepare(quick: bool) -> Contest:
        generator = np.random.default_rng(2)
        side = min(size, 64) if quick else size
        a, b = generator.normal(size=(2, side, side))
        left, right = Value(a), Value(b)
        count = 10 if quick else int(SAMPLE / (800 + 0.05 * side**3))

        def agree() -> None:
            result = left @ right
            assert result.args == (left, right)
            assert_arrays_close(result.data, a @ b)

        return Contest(
            ours=clock.operation("a @ b", count, a=left, b=right),
            reference=clock.operation("a @ b", count, a=a, b=b),
            agree=agree,
        )

    return Figure(
        f"matmul-{size}",
        f"`a @ b`, {size} x {size} doubles",
        "ns",
        prepare,
        "NumPy",
        Goal("speedup", ">=", speedup),
        checked=True,
    )


def elementary(name: str, limit: float, instruction_set: str = "") -> Figure:
    """Return the figure of one function of many elements. Nanoseconds an element."""
    function: Callable[..., Value] = getattr(autograd, name)

    def prepare(quick: bool) -> Contest:
        generator = np.random.default_rng(3)
        x = generator.uniform(0.01, 4.0, ELEMENTS)
        if name != "log":
            x *= generator.choice((-1.0, 1.0), ELEMENTS)
        value = Value(x)
        count = 10 if quick else 2_000
        operands = {"function": function, "x": value}
        taken = clock.operation("function(x)", count, **operands)
        reference = clock.operation("function(x)", count, function=getattr(np, name), x=x)

        def agree() -> None:
            result = function(value).data
            alone = np.array([function(Value(number)).data for number in x.tolist()])
            assert np.array_equal(result, alone), "arrays and scalars differ"
            assert_arrays_close(result, getattr(np, name)(x), 1e-15)

        return Contest(
            ours=lambda: taken() / ELEMENTS,
            reference=lambda: reference() / ELEMENTS,
            agree=agree,
        )

    return Figure(
        "-".join(filter(None, [name, instruction_set])),
        f"`{name}(x)`, {ELEMENTS:,} doubles, {instruction_set or 'native'}, an element",
        "ns",
        prepare,
        "NumPy",
        Goal("value", "<=", limit),
        checked=True,
        environment={"AUTOGRAD_INSTRUCTION_SET": instruction_set} if instruction_set else {},
    )


FIGURES = (
    addition(1, 8.0),
    addition(16, 8.0),
    addition(256, 5.0),
    addition(4096, 1.2),
    addition(1_000_000, 0.95),
    *(
        elementary(name, limit, instruction_set)
        for name, limit in (("exp", 2.0), ("log", 2.0), ("tanh", 3.0))
        for instruction_set in ("avx2", "")
    ),
    product(4, 10.0),
    product(16, 5.0),
    product(64, 1.0),
    product(512, 0.95),
)
