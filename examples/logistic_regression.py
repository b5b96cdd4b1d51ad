"""Logistic regression, one example at a time, and then five thousand at once.

    python examples/logistic_regression.py

The graph is what Python did, with its own `if`: of two branches, the one that was taken.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import numpy as np

import autograd
from autograd import Value
from autograd.nn.losses import binary_cross_entropy_with_logits

if TYPE_CHECKING:
    from numpy.typing import NDArray


def loss_of(w: Value, b: Value, x: NDArray[np.float64], y: int) -> Value:
    """Return the cross-entropy of sigmoid(w . x + b) with the class y, 0 or 1."""
    probability = autograd.sigmoid(w @ x + b)
    if y == 1:
        return -autograd.log(probability)
    return -autograd.log(1 - probability)


def main() -> None:
    parser = argparse.ArgumentParser(description="Differentiate and fit a logistic regression.")
    parser.add_argument("--steps", type=int, default=200, help="of gradient descent")
    options = parser.parse_args()

    w = Value([-0.5, 0.3, 1.0], label="w")
    b = Value(2.0, label="b")
    loss = loss_of(w, b, np.array([10, 0.4, 3.5]), 1)
    autograd.grad(loss)  # the same as loss.backward(): of a Value it fills the leaves' grad
    print(f"loss {loss.data:.15f}")
    print("w.grad", *(f"{slope:.10f}" for slope in w.grad))
    print(f"b.grad {b.grad:.10f}")

    # Fitted to data that a known model has drawn, it finds that model, as far as data can tell.
    generator = np.random.default_rng(1)
    true_w, true_b = np.array([1.0, -2.0, 0.5]), 0.25
    xs = generator.normal(size=(5000, 3))
    ys = generator.random(5000) < 1 / (1 + np.exp(-(xs @ true_w + true_b)))
    for _ in range(options.steps):
        # All at once, and from the score itself, which no probability of exactly 0 can spoil.
        loss = binary_cross_entropy_with_logits(xs @ w + b, ys)
        w.zero_grad()
        b.zero_grad()
        loss.backward()
        w.data -= 1.0 * w.grad
        b.data -= 1.0 * b.grad
    right = np.mean((xs @ w.data + b.data > 0) == ys)
    print(f"{options.steps} steps: loss {loss:.6f}, {right:.1%} right")
    print("w", *(f"{weight:.3f}" for weight in w.data), f"b {b:.3f}")


if __name__ == "__main__":
    main()
