"""Data sets that are generated, never downloaded, and batches of any data.

`moons`, `circles` and `spirals` have classes in the plane, `digits` pictures, `regression` numbers,
`names` text. `Batches` hands out any arrays a few samples at a time, `train_test_split` sets some
aside.
"""

from autograd.data.batches import Batches
from autograd.data.circles import circles
from autograd.data.digits import digits
from autograd.data.moons import moons
from autograd.data.names import names
from autograd.data.regression import regression
from autograd.data.spirals import spirals
from autograd.data.split import train_test_split

__all__ = [
    "Batches",
    "circles",
    "digits",
    "moons",
    "names",
    "regression",
    "spirals",
    "train_test_split",
]
