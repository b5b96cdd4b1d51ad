"""Startup: what `import autograd` costs beside the NumPy it needs, in fresh interpreters."""

import subprocess
import sys
from collections.abc import Callable
from statistics import median

from bench.figure import Contest, Figure, Goal

PROGRAM = """
from time import perf_counter
started = perf_counter()
import {module}
print((perf_counter() - started) * 1e3)
"""


def printed_by(program: str) -> str:
    """Return what a fresh interpreter prints."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def importing(module: str, times: int) -> Callable[[], float]:
    """Return a function that measures the median milliseconds of importing `module` anew."""
    program = PROGRAM.format(module=module)
    return lambda: median(float(printed_by(program)) for _ in range(times))


def agree() -> None:
    """Assert that the import brings no optional package."""
    loaded = printed_by("import sys, autograd; print(*sys.modules)").split()
    assert "autograd" in loaded
    assert not {"torch", "matplotlib", "micrograd"} & set(loaded)


def prepare(quick: bool) -> Contest:
    """Milliseconds of the import statement."""
    times = 1 if quick else 5
    return Contest(
        ours=importing("autograd", times), reference=importing("numpy", times), agree=agree
    )


FIGURES = (
    Figure(
        "import",
        "`import autograd`",
        "ms",
        prepare,
        "`import numpy`",
        Goal("excess", "<=", 10.0),
        rounds=5,
    ),
)
