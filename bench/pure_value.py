"""A scalar autograd in pure Python: the baseline of benches, the reference of some tests.

Written for speed as far as plain Python allows: slots, tuples of partial derivatives instead of
closures, an iterative sort. It knows what the examples need and nothing more, and imports only
`math`.
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
        if isinstance(other, Value):
            return Value(self.data + other.data, (self, other), (1.0, 1.0))
        return Value(self.data + other, (self,), (1.0,))

    def __sub__(self, other):
        if isinstance(other, Value):
            return Value(self.data - other.data, (self, other), (1.0, -1.0))
        return Value(self.data - other, (self,), (1.0,))

    def __rsub__(self, other):
        return Value(other - self.data, (self,), (-1.0,))

    def __mul__(self, other):
        if isinstance(other, Value):
            return Value(self.data * other.data, (self, other), (other.data, self.data))
        return Value(self.data * other, (self,), (other,))

    def __truediv__(self, other):
        if isinstance(other, Value):
            quotient = self.data / other.data
            return Value(quotient, (self, other), (1.0 / other.data, -quotient / other.data))
        return Value(self.data / other, (self,), (1.0 / other,))

    def __rtruediv__(self, other):
        quotient = other / self.data
        return Value(quotient, (self,), (-quotient / self.data,))

    def __pow__(self, exponent):  # a number only
        return Value(self.data**exponent, (self,), (exponent * self.data ** (exponent - 1),))

    def __neg__(self):
        return Value(-self.data, (self,), (-1.0,))

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
        order, seen, stack = [], {self}, [(self, iter(self._arguments))]
        while stack:  # depth first: a value enters the order after all its arguments
            value, remaining = stack[-1]
            for argument in remaining:
                if argument not in seen:
                    seen.add(argument)
                    stack.append((argument, iter(argument._arguments)))
                    break
            else:
                order.append(value)
                stack.pop()
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
