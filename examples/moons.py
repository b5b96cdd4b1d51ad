"""Train a neural network to tell two moons apart, and draw what it has learned.

    python examples/moons.py
    python examples/moons.py --arrays

This is micrograd's demo: 100 points, two hidden layers of 16 ReLU neurons, the max-margin loss with
an L2 penalty, plain gradient descent with a falling learning rate. It writes ``moons.png``. With
``--arrays`` all points go through the network at once; the losses are the same.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Value, mean
from autograd.data import moons
from autograd.nn import MLP
from autograd.nn.losses import hinge
from autograd.optim import SGD
from autograd.plotting import plot_boundary, plot_history

try:
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from tqdm import tqdm
except ImportError as error:
    raise SystemExit(
        f"[examples/moons.py] the package {error.name!r} is missing - matplotlib and tqdm are"
        ' needed. Install them with: python -m pip install ".[examples]"'
    ) from None

if TYPE_CHECKING:
    from numpy.typing import NDArray

INK, PAPER = "#22303f", "#fbfaf7"
STYLE: Any = {
    **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor"), INK),
    **dict.fromkeys(("xtick.color", "ytick.color"), INK),
    **dict.fromkeys(("axes.facecolor", "figure.facecolor"), PAPER),
    **dict.fromkeys(("axes.spines.top", "axes.spines.right"), False),
}


def loss_and_accuracy(
    model: MLP, inputs: list[list[float]], signs: list[int]
) -> tuple[Value, float]:
    """Return the total loss, and the share of points on the right side."""
    scores = [model(x) for x in inputs]

    # max-margin: right, and by a margin of 1
    data_loss = mean([(1 - sign * score).relu() for sign, score in zip(signs, scores, strict=True)])
    # L2: small weights
    penalty = 1e-4 * sum(p * p for p in model.parameters())

    right = [(sign > 0) == (score.data > 0) for sign, score in zip(signs, scores, strict=True)]
    return data_loss + penalty, sum(right) / len(right)


def loss_and_accuracy_on_arrays(
    model: MLP, inputs: NDArray[np.float64], signs: NDArray[np.int64]
) -> tuple[Value, float]:
    """Return the same of an array of points, (100, 2)."""
    scores = model(inputs)[:, 0]
    penalty = 1e-4 * sum((block * block).sum() for block in model.blocks())
    return hinge(scores, signs) + penalty, np.mean((signs > 0) == (scores.data > 0))


def draw(
    path: Path,
    model: MLP,
    points: NDArray[np.float64],
    classes: NDArray[np.int64],
    history: dict[str, list[float]],
) -> None:
    """Write a picture: the score over the plane with the decision boundary, and the curves."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(11, 4.6), layout="constrained")
        plane, curves = figure.subplots(1, 2, width_ratios=[1.35, 1])
        plot_boundary(model, points, classes, dashed=(-1, 1), axes=plane)
        plane.set_title("Decision boundary, and the margin (dashed)")
        plot_history(history, axes=curves)
        curves.set_xlabel("step")
        figure.savefig(path, dpi=160)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a small neural network on two moons.")
    parser.add_argument("--steps", type=int, default=100, help="of gradient descent")
    parser.add_argument("--seed", type=int, default=0, help="of the points and the weights")
    parser.add_argument(
        "--arrays", action="store_true", help="all points at once: the same losses, much faster"
    )
    parser.add_argument("--out", type=Path, default=Path("moons.png"), help="the picture")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    options = parser.parse_args()
    if options.steps < 1:
        parser.error(f"--steps {options.steps} was given - at least 1 is needed")

    points, classes = moons(100, noise=0.1, seed=options.seed)
    signs = 2 * classes - 1
    data: Any = (points, signs) if options.arrays else (points.tolist(), signs.tolist())
    measure: Any = loss_and_accuracy_on_arrays if options.arrays else loss_and_accuracy
    model = MLP(2, [16, 16, 1], seed=options.seed)
    optimizer = SGD(model, lr=1.0)
    print(f"{len(points)} points, {model.nparams()} parameters")

    history: dict[str, list[float]] = {"loss": [], "accuracy": []}
    started = time.perf_counter()
    progress = tqdm(range(options.steps), unit="step", disable=options.quiet)
    for k in progress:
        loss, accuracy = measure(model, *data)
        optimizer.zero_grad()
        loss.backward()
        optimizer.lr = 1.0 - 0.9 * k / options.steps
        optimizer.step()
        history["loss"].append(loss.data)
        history["accuracy"].append(accuracy)
        progress.set_postfix_str(f"loss {loss:.4f}, accuracy {accuracy:.0%}")
    seconds = time.perf_counter() - started

    loss, accuracy = measure(model, *data)
    print(f"{options.steps} steps in {seconds:.2f} s: loss {loss:.6f}, accuracy {accuracy:.1%}")
    draw(options.out, model, points, classes, history)
    print(f"wrote {options.out}")


if __name__ == "__main__":
    main()
