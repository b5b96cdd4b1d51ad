"""Graphs to show on a page."""

from __future__ import annotations

import random

import numpy as np

import autograd
from autograd import Value, nn


def simple() -> Value:
    """Return w * x + 1.5, after its backward pass: five nodes, in the order w, x, *, 1.5, +."""
    x, w = Value(2.0, label="x", requires_grad=False), Value(1 / 3, label="w")
    y = w * x + 1.5
    y.label = "y"
    y.backward()
    return y


def expression() -> Value:
    """Return a graph with sharing: a, b, a + b, relu, -b, a * -b and so on."""
    a, b = Value(-4.0, label="a"), Value(2.0, label="b")
    c = (a + b).relu()
    d = a * -b
    result = (c - d) ** 2 / (d + 10.0)
    result.label = "g"
    result.backward(retain_grad=True)
    return result


def thousand() -> Value:
    """Return a graph of a little over 1,000 nodes, a network written out in scalars."""
    generator = random.Random(0)
    values = [Value(generator.uniform(-1, 1), label=f"x{place}") for place in range(8)]
    for count in (14, 10, 7, 1):
        layer = []
        for _ in range(count):
            total = Value(generator.uniform(-1, 1))
            for value in values:
                total = total + Value(generator.uniform(-1, 1)) * value
            layer.append(total.tanh())
        values = layer
    values[0].backward(retain_grad=True)
    return values[0]


class Block(nn.Module):
    def __init__(self):
        self.first, self.second = nn.Linear(3, 3, seed=0), nn.Linear(3, 3, seed=1)

    def __call__(self, x):
        return x + self.second(autograd.tanh(self.first(x)))


class Model(nn.Module):
    def __init__(self):
        self.parts = [Block(), Block()]

    def __call__(self, x):
        for block in self.parts:
            x = block(x)
        return x


def modules() -> Value:
    from autograd.forensics import origins

    with origins():
        x = Value(np.ones((2, 3)), requires_grad=False, label="x")
        loss = (Model()(x) ** 2).sum()
    loss.backward(retain_grad=True)
    return loss


def samples() -> Value:
    """Return the loss of a network on three samples, called for one after the other."""
    from autograd.forensics import origins

    model = nn.MLP(2, [3, 1], seed=1)
    with origins():
        errors = [(model([0.5 * place, 1.0 - place]) - 1.0) ** 2 for place in range(3)]
        loss = sum(errors[1:], errors[0])
    loss.backward(retain_grad=True)
    return loss
