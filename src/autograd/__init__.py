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
from autograd import custom, transforms
from autograd.custom import *  # noqa: F403
from autograd.engine import *  # noqa: F403
from autograd.transforms import *  # noqa: F403

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


def __getattr__(name: str) -> typing.Any:
    """Load the modules, and the functions of arrays, when the first of them is asked for.

    All at once would make up two thirds of the time that `import autograd` takes.
    """
    if name in _MODULES:
        return importlib.import_module(f"autograd.{name}")
    if name == "__all__":
        value: typing.Any = sorted({*_names(), *_MODULES})
    elif name.startswith("__") or name not in _arrays().__all__:
        message = f"module 'autograd' has no attribute {name!r}"
        raise AttributeError(message)
    else:
        value = getattr(_arrays(), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List what `__getattr__` finds, too."""
    return sorted({*globals(), *_names(), *_MODULES})


def _arrays() -> typing.Any:
    """Return the module with the functions of arrays."""
    return importlib.import_module("autograd.arrays")


def _names() -> list[str]:
    """Return the names for users."""
    parts = (_arrays(), custom, engine, transforms)
    return [
        "__version__",
        "abs",
        "pow",
        *(name for part in parts for name in part.__all__),
        *_functions,
    ]
