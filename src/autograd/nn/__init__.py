"""Neural networks: modules, layers, activations, losses; on scalars and on arrays.

Start reading in ``module.py`` (how parameters are found), then ``neuron.py``, ``layers.py`` and
``losses/``; ``arraywise.py`` is below the modules that compute on arrays.
"""

from autograd.nn import initializers, losses, metrics
from autograd.nn.activations import (
    ELU,
    GELU,
    Identity,
    LeakyReLU,
    LogSoftmax,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from autograd.nn.dropout import Dropout
from autograd.nn.embedding import Embedding
from autograd.nn.flatten import Flatten
from autograd.nn.layers import MLP, Layer, Net
from autograd.nn.linear import Linear
from autograd.nn.module import Module
from autograd.nn.neuron import Neuron
from autograd.nn.normalization import LayerNorm, RMSNorm
from autograd.nn.regressor import Regressor
from autograd.nn.sequential import Sequential

__all__ = [
    "ELU",
    "GELU",
    "MLP",
    "Dropout",
    "Embedding",
    "Flatten",
    "Identity",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LogSoftmax",
    "Module",
    "Net",
    "Neuron",
    "RMSNorm",
    "ReLU",
    "Regressor",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Tanh",
    "initializers",
    "losses",
    "metrics",
]
