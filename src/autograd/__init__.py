"""autograd: exact gradients at the speed of plain floats.

`Value` holds a number or an array and remembers how it was computed; `backward` and `grad`
differentiate. `autograd.linalg` and `autograd.random` are named as NumPy's modules.
`autograd.nn` has neurons, layers and losses, `autograd.optim` the optimizers, `autograd.data`
data to try them on, `autograd.training` the loop around them. `autograd.checkpoint` saves,
`autograd.plotting` shows what was learned, `autograd.draw` the graph; `autograd.forensics` says
what happened in it, and where in your code.

Examples
--------
>>> import autograd
>>> x = autograd.Value(0.5)
>>> y = autograd.tanh(x) * 2.0
>>> y.backward()
>>> f"{x.grad:.6f}"
'1.572895'
"""

from __future__ import annotations

import importlib
import typing

from autograd import engine  # isort: skip - first, for it asks whether the core was built
from autograd.engine import *  # noqa: F403

# The functions of the table of operations, and those over lists, are compiled.
from autograd._core import *  # noqa: F403 isort: skip
from autograd._core import __all__ as _functions
from autograd._core import __version__
from autograd._core import absolute as abs  # noqa: A004
from autograd._core import power as pow  # noqa: A004

if typing.TYPE_CHECKING:
    from autograd import (
        checkpoint,
        data,
        draw,
        forensics,
        linalg,
        nn,
        optim,
        plotting,
        random,
        testing,
        training,
    )
    from autograd.arrays import *  # noqa: F403
    from autograd.custom import *  # noqa: F403
    from autograd.transforms import *  # noqa: F403

_MODULES = (
    "checkpoint",
    "data",
    "draw",
    "forensics",
    "linalg",
    "nn",
    "optim",
    "plotting",
    "random",
    "testing",
    "training",
)
# Their functions are the package's. The largest is last: loaded if the others lack a name.
_PARTS = ("custom", "transforms", "arrays")


def __getattr__(name: str) -> typing.Any:
    """Load the modules, and the parts that only give functions, when the first is asked for.

    All at once would take more time than all the rest of `import autograd`.
    """
    if name in _MODULES or name in _PARTS:
        return importlib.import_module(f"autograd.{name}")
    if name == "__all__":
        globals()[name] = value = sorted({*_names(), *_MODULES})
        return value
    if not name.startswith("__"):
        for part in _PARTS:
            module = importlib.import_module(f"autograd.{part}")
            if name in module.__all__:
                globals()[name] = value = getattr(module, name)
                return value
    message = f"module 'autograd' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """List what `__getattr__` finds, too."""
    return sorted({*globals(), *_names(), *_MODULES})


def _names() -> list[str]:
    """Return the names for users."""
    parts = [engine, *(importlib.import_module(f"autograd.{part}") for part in _PARTS)]
    return [
        "__version__",
        "abs",
        "pow",
        *(name for part in parts for name in part.__all__),
        *_functions,
    ]
