"""Fit a straight line by gradient descent, and exactly.

    python examples/linear_regression.py
    python examples/linear_regression.py --data float

The first data are the integers from 0 to 99, as they come. Gradient descent then has a narrow and a
flat direction, and needs its thousands of steps; features of about 1 need fifty.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.data import regression
from autograd.nn import Regressor
from autograd.nn.losses import mse
from autograd.optim import SGD

if TYPE_CHECKING:
    from numpy.typing import NDArray


def points(kind: str) -> tuple[NDArray[Any], NDArray[Any], float]:
    """Return x, y, and a learning rate that suits them."""
    if kind == "float":
        return *regression(200, weights=[3.0], bias=-1.0, noise=0.5, seed=0), 0.1
    x = np.arange(0, 100, 1)
    y = np.arange(0, 100, 1) * 2
    sample = np.random.default_rng(0).permutation(len(y))
    # The loss bends by 6,568 along one direction and by 0.5 along the other. A rate of more than
    # 2 / 6568 = 3.045e-4 would overshoot further each time; with this one, the offset is slow.
    return x[sample], y[sample], 3e-4


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit a straight line.")
    parser.add_argument("--data", choices=["int", "float"], default="int", help="of what kind")
    parser.add_argument("--epochs", type=int, default=5000)
    parser.add_argument("--lr", type=float, help="the learning rate")
    options = parser.parse_args()

    x, y, rate = points(options.data)
    model = Regressor()
    optimizer = SGD(model.parameters, lr=rate if options.lr is None else options.lr)
    for epoch in range(options.epochs):
        # forward pass
        loss = mse(model.forward(x), y)

        # backward pass
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

        if epoch % max(1, options.epochs // 10) == 0:
            print(f"{epoch:5d} | loss {loss:.6g}")
    print(f"{options.epochs:5d} | loss {mse(model(x), y):.6g}")
    print(f"descended to slope {model.coef_[0]:.6f}, offset {model.intercept_:.6g}")

    exact = Regressor().fit(x, y)
    print(f"exactly      slope {exact.coef_[0]:.6f}, offset {exact.intercept_:.6g}")
    print(f"R^2 {model.score(x, y):.9f} and {exact.score(x, y):.9f}")


if __name__ == "__main__":
    main()
