"""Neural networks out of scalar values: modules, fully connected layers, losses.

Start reading in ``module.py`` (how parameters are found), then ``layers.py`` and ``losses.py``.
"""

from autograd.nn import losses
from autograd.nn.layers import MLP, Layer, Net, Neuron
from autograd.nn.module import Module

__all__ = ["MLP", "Layer", "Module", "Net", "Neuron", "losses"]
