"""Teach a small network the sine, from noisy points.

    python examples/sine.py
    python examples/sine.py --out sine.png      # draws it, which needs matplotlib

One number in, one number out, 16 neurons twice in between, all 200 points at once.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autograd import no_grad
from autograd.extras import load
from autograd.nn import Net
from autograd.nn.losses import mse
from autograd.optim import Adam

if TYPE_CHECKING:
    from numpy.typing import NDArray


def draw(path: Path, net: Net, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
    """Write a picture of the points, the sine, and what the network makes of them."""
    figures = load("matplotlib.figure", extra="plot", purpose="examples/sine.py --out")
    figure = figures.Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.subplots()
    dense = np.linspace(-1.5 * np.pi, 1.5 * np.pi, 400)[:, None]
    with no_grad():
        axes.plot(x, y, ".", color="#2f6fb0", alpha=0.5, label="points")
        axes.plot(dense, np.sin(dense), "--", color="#22303f", linewidth=1, label="sine")
        axes.plot(dense, net(dense).data, color="#e0762f", linewidth=2, label="network")
    # Between these lines there were points; beyond, a network knows nothing.
    for edge in (x.min(), x.max()):
        axes.axvline(edge, color="#22303f", alpha=0.15)
    axes.set(ylim=(-1.6, 1.6), title="A sine, learned")
    axes.legend(frameon=False, loc="upper right")
    figure.savefig(path, dpi=160)


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit a sine with a small network.")
    parser.add_argument("--steps", type=int, default=2000, help="of Adam")
    parser.add_argument("--seed", type=int, default=0, help="of the points and the weights")
    parser.add_argument("--out", type=Path, help="a picture")
    options = parser.parse_args()

    generator = np.random.default_rng(options.seed)
    x = generator.uniform(-np.pi, np.pi, size=(200, 1))
    y = np.sin(x) + generator.normal(scale=0.1, size=x.shape)

    net = Net(1, [16, 16, 1], "tanh", output_activation="linear", seed=options.seed)
    optimizer = Adam(net, lr=0.01)
    for step in range(options.steps):
        loss = mse(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.lr = 0.01 * (1 - step / options.steps)
        optimizer.step()
        if step % max(1, options.steps // 10) == 0:
            print(f"{step:5d} | loss {loss:.6f}")

    grid = np.linspace(-np.pi, np.pi, 101)[:, None]
    with no_grad():
        error = np.sqrt(np.mean((net(grid).data - np.sin(grid)) ** 2))
    print(f"{options.steps:5d} | {error:.3f} from the sine on average, with noise of 0.1")
    if options.out:
        draw(options.out, net, x, y)
        print(f"wrote {options.out}")


if __name__ == "__main__":
    main()
