"""Optimizers: they turn gradients into changes of parameters.

Start reading in ``optimizer.py`` (what all share), then ``sgd.py`` and ``adam.py``. An optimizer
knows parameters, not modules: anything with a ``parameters()`` method will do.
"""

from autograd.optim.adam import Adam, AdamW
from autograd.optim.optimizer import Optimizer
from autograd.optim.sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer"]
