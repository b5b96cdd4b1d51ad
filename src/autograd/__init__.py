"""autograd: exact gradients at the speed of plain floats.

`Value` holds a number and remembers how it was computed; `backward` and `grad` differentiate.
`autograd.nn` has neurons, layers and losses, `autograd.optim` the optimizers, `autograd.data`
data to try them on.

Examples
--------
>>> import autograd
>>> x = autograd.Value(0.5)
>>> y = autograd.tanh(x) * 2.0
>>> y.backward()
>>> f"{x.grad:.6f}"
'1.572895'
"""

from autograd import engine, transforms
from autograd.engine import *  # noqa: F403
from autograd.transforms import *  # noqa: F403

# The functions of the table of operations, and those over lists, are compiled.
from autograd._core import *  # noqa: F403 isort: skip
from autograd._core import __all__ as _functions
from autograd._core import __version__
from autograd._core import absolute as abs  # noqa: A004
from autograd._core import power as pow  # noqa: A004

from autograd import data, nn, optim  # isort: skip

__all__ = [
    "__version__",
    "abs",
    "data",
    "nn",
    "optim",
    "pow",
]
__all__ += engine.__all__
__all__ += transforms.__all__
__all__ += _functions
