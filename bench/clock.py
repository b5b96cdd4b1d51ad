"""Clock: how long one call, or one operation inside a loop, takes, in nanoseconds.

`operation` times a single Python expression and subtracts the loop around it. Each call
compiles its own code object: CPython specialises bytecode by the types it has seen, so one
loop that saw floats and then Values would be fast for neither.
"""

from collections.abc import Callable, Mapping
from itertools import repeat
from time import perf_counter_ns

UNROLLED = 10
STEADY = 5e7

_LOOP = """
def loop(count, clock, {names}):
    started = clock()
    for _ in count:
{body}
    return clock() - started
"""


def _compiled(body: str, names: str) -> Callable[..., int]:
    scope: dict[str, Callable[..., int]] = {}
    exec(_LOOP.format(names=names, body=body), scope)
    return scope["loop"]


def operation(expression: str, count: int, **operands: object) -> Callable[[], float]:
    """Return a function that measures nanoseconds for one evaluation of `expression`.

    The expression stands `UNROLLED` times in the loop; its result is dropped at once. An
    empty loop is timed right after and subtracted.
    """
    names = ", ".join(operands)
    full = _compiled("\n".join([f"        {expression}"] * UNROLLED), names)
    empty = _compiled("        pass", names)

    def sample() -> float:
        times = max(1, count // UNROLLED)
        spent = full(repeat(None, times), perf_counter_ns, *operands.values())
        spent -= empty(repeat(None, times), perf_counter_ns, *operands.values())
        return spent / (times * UNROLLED)

    return sample


def call(function: Callable[[], object], count: int, scale: float = 1.0) -> Callable[[], float]:
    """Return a function that measures nanoseconds of one call, times `scale`.

    One call before the clock starts brings code and data back into the caches that the
    other side of the contest has just filled.
    """

    def sample() -> float:
        return _spent(function, count) * scale

    return sample


def steady(function: Callable[[], object], quick: bool, scale: float = 1.0) -> Callable[[], float]:
    """Return a function that measures like `call`, as often as fits into a twentieth of a second.

    How often that is, the first sample finds out, which is thrown away as the warm one.
    """
    count = 1 if quick else 0

    def sample() -> float:
        nonlocal count
        if not count:
            _spent(function, 3)
            count = max(1, min(100_000, int(STEADY / _spent(function, 3))))
        return _spent(function, count) * scale

    return sample


def fastest(sides: Mapping[str, Callable[[], object]], quick: bool) -> str:
    """Return the name of the side that takes the least time; of the first one when quick."""
    samples = {name: steady(side, quick) for name, side in sides.items()}
    if quick:
        return next(iter(sides))
    rounds = [{name: sample() for name, sample in samples.items()} for _ in range(5)]
    return min(sides, key=lambda name: min(taken[name] for taken in rounds[1:]))


def _spent(function: Callable[[], object], count: int) -> float:
    """Return nanoseconds a call, after a call that is not counted."""
    function()
    started = perf_counter_ns()
    for _ in repeat(None, count):
        function()
    return (perf_counter_ns() - started) / count
