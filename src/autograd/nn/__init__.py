"""Neural networks: modules, fully connected layers, losses; on scalars and on arrays.

Start reading in ``module.py`` (how parameters are found), then ``neuron.py``, ``layers.py`` and
``losses.py``.
"""

from autograd.nn import losses
from autograd.nn.layers import MLP, Layer, Net
from autograd.nn.module import Module
from autograd.nn.neuron import Neuron

__all__ = ["MLP", "Layer", "Module", "Net", "Neuron", "losses"]
