"""A scalar autograd in pure Python: the baseline of benches, the reference of some tests.

Built as such engines usually are, after micrograd: every number becomes a node; `-`, `/` and unary
minus are made of `+`, `*` and `**`; a nested recursive function sorts the graph. (Such a function
refers to itself, a cycle that keeps the graph until the cyclic collector comes by.) Slots, and
tuples of partial derivatives instead of a closure a node, make it about twice as fast as micrograd.
It knows what the examples need and nothing more, and imports only `math`.
"""

from __future__ import annotations

import math


class Value:
    """A number that remembers what it was computed from."""

    __slots__ = ("_arguments", "_partials", "data", "grad")

    def __init__(self, data, arguments=(), partials=()):
        self.data = data
        self.grad = 0.0
        self._arguments = arguments  # the values this one was computed from
        self._partials = partials  # the derivative of this one by each of them

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, exponent):  # a number only
        return Value(self.data**exponent, (self,), (exponent * self.data ** (exponent - 1),))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1

    __radd__ = __add__
    __rmul__ = __mul__

    def exp(self):
        power = math.exp(self.data)
        return Value(power, (self,), (power,))

    def log(self):
        return Value(math.log(self.data), (self,), (1.0 / self.data,))

    def relu(self):
        return Value(self.data, (self,), (1.0,)) if self.data > 0 else Value(0.0, (self,), (0.0,))

    def zero_grad(self):
        self.grad = 0.0

    def backward(self):
        """Add the derivative of this value by every value in its graph to their `grad`."""
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for argument in value._arguments:
                    visit(argument)
                order.append(value)

        visit(self)
        for value in order:
            if value._arguments:  # leaves accumulate, interior values start afresh
                value.grad = 0.0
        self.grad += 1.0
        for value in reversed(order):
            gradient = value.grad
            for argument, partial in zip(value._arguments, value._partials):  # noqa: B905 (slower with strict)
                argument.grad += partial * gradient

    def __repr__(self):
        return f"Value({self.data}, grad={self.grad})"
