"""A linear layer without a bias, fitted to a noisy line: module, optimizer, loss, on arrays.

    python examples/linear_layer.py

The loop is the one that everybody writes: clear, forward, backward, step.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from autograd import Value
from autograd.nn import Linear
from autograd.nn.losses import mse
from autograd.optim import SGD


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit y = 2x with a linear layer.")
    parser.add_argument("--epochs", type=int, default=15_000)
    parser.add_argument("--seed", type=int, default=0, help="of the noise and the weight")
    options = parser.parse_args()
    if options.epochs < 1:
        parser.error(f"--epochs {options.epochs} was given - at least 1 is needed")

    # generate data
    x = np.arange(-1, 1, 0.01).reshape(-1, 1)
    y = 2 * x + np.random.default_rng(options.seed).normal(size=(len(x), 1), scale=0.3)

    # create model
    model = Linear(1, 1, bias=False, seed=options.seed)

    # an ndarray would do as well; a Value of one is copied once, not each epoch
    features = Value(x, requires_grad=False)
    labels = Value(y, requires_grad=False)

    # pass model to optimizer
    optimizer = SGD(model, lr=0.01)

    # build train loop
    losses = []
    started = time.perf_counter()
    for _ in range(options.epochs):
        # gradients accumulate, unless they are set to zero
        optimizer.zero_grad()

        # forward pass, loss and backward pass
        output = model(features)
        loss = mse(output, labels)
        loss.backward()

        # use gradients to update parameters
        optimizer.step()

        losses.append(loss.data)
    seconds = time.perf_counter() - started

    [weight] = model.parameters()
    exact = (x * y).sum() / (x * x).sum()  # where the derivative of the loss is zero
    print(f"{options.epochs} epochs in {seconds:.3f} s: loss {losses[0]:.6f} to {losses[-1]:.6f}")
    print(f"weight {weight.data.item():.9f}, least squares {exact:.9f}")


if __name__ == "__main__":
    main()
