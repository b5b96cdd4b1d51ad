"""autograd: exact gradients at the speed of plain floats.

`Value` holds a number or an array and remembers how it was computed; `backward` and `grad`
differentiate. `autograd.linalg` and `autograd.random` are named as NumPy's modules.
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

from autograd import engine  # isort: skip - first, for it asks whether the core was built
from autograd import arrays, custom, transforms
from autograd.arrays import *  # noqa: F403
from autograd.custom import *  # noqa: F403
from autograd.engine import *  # noqa: F403
from autograd.transforms import *  # noqa: F403

# The functions of the table of operations, and those over lists, are compiled.
from autograd._core import *  # noqa: F403 isort: skip
from autograd._core import __all__ as _functions
from autograd._core import __version__
from autograd._core import absolute as abs  # noqa: A004
from autograd._core import power as pow  # noqa: A004

from autograd import data, linalg, nn, optim, random, testing  # isort: skip

__all__ = [
    "__version__",
    "abs",
    "data",
    "linalg",
    "nn",
    "optim",
    "pow",
    "random",
    "testing",
]
__all__ += arrays.__all__
__all__ += custom.__all__
__all__ += engine.__all__
__all__ += transforms.__all__
__all__ += _functions
