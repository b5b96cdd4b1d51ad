"""PyTorch: the reference of the array figures, on one thread as everybody else here.

It is imported by the figure that is measured, never by the module that lists it, so that all other
figures run without it.
"""

import warnings
from types import ModuleType
from typing import Any

import numpy as np


def load() -> ModuleType:
    """Import PyTorch and keep it to one thread."""
    import torch

    torch.set_num_threads(1)
    # PyTorch's forward mode uses a part of PyTorch that PyTorch discourages.
    warnings.filterwarnings("ignore", r"`torch\.jit\.", DeprecationWarning)
    return torch


def tensor(array: np.ndarray[Any, Any], requires_grad: bool = True) -> Any:
    """Return a tensor with a copy of `array`."""
    return load().tensor(array, requires_grad=requires_grad)


def plain(data: Any) -> Any:
    """Return a tensor's data as an ndarray, and anything else as it is."""
    return data.detach().numpy() if hasattr(data, "detach") else data
