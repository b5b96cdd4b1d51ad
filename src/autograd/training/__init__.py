"""Training: the loop, its history, and what can happen along the way.

Start reading in ``fit.py``. The loop knows models, optimizers and data by what they can do: any
callable, anything with `zero_grad` and `step`, anything that yields pairs.
"""

from autograd.training.callback import Callback, Run
from autograd.training.early_stopping import EarlyStopping
from autograd.training.evaluate import evaluate
from autograd.training.fit import fit
from autograd.training.history import History
from autograd.training.progress_bar import ProgressBar
from autograd.training.saving import Checkpoint

__all__ = [
    "Callback",
    "Checkpoint",
    "EarlyStopping",
    "History",
    "ProgressBar",
    "Run",
    "evaluate",
    "fit",
]
