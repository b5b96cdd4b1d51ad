"""Optimizers: they turn gradients into changes of parameters; schedules, clipping, `minimize`.

Start reading in ``optimizer.py`` (what all share), then ``sgd.py`` and ``adam.py``. An optimizer
knows parameters, not modules: anything with a ``parameters()`` method will do.
"""

from autograd.optim.adagrad import Adagrad
from autograd.optim.adam import Adam, AdamW
from autograd.optim.clipping import clip_grad_norm, clip_grad_value
from autograd.optim.group import Group
from autograd.optim.lion import Lion
from autograd.optim.minimize import minimize
from autograd.optim.optimizer import MissingGradientWarning, Optimizer
from autograd.optim.rmsprop import RMSprop
from autograd.optim.schedules import (
    CosineSchedule,
    LambdaSchedule,
    LinearSchedule,
    Schedule,
    StepSchedule,
    WarmupSchedule,
)
from autograd.optim.sgd import SGD

__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "CosineSchedule",
    "Group",
    "LambdaSchedule",
    "LinearSchedule",
    "Lion",
    "MissingGradientWarning",
    "Optimizer",
    "RMSprop",
    "Schedule",
    "StepSchedule",
    "WarmupSchedule",
    "clip_grad_norm",
    "clip_grad_value",
    "minimize",
]
