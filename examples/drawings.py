"""Draw graphs: pictures of small computations, and pages to explore them.

    python examples/drawings.py --out drawings --pages
    python examples/drawings.py --out docs/gallery

The second line makes the pictures of docs/gallery.md.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np

from autograd import Value, nn, tanh
from autograd.draw import Drawing, draw
from autograd.forensics import origins


def squares() -> Drawing:
    """Draw (2 x)^2 + y / 5 with its gradients."""
    x, y = Value(12.0, label="x"), Value(5.0, label="y")
    z = (x * 2) ** 2 + y / 5
    z.label = "z"
    z.backward(retain_grad=True)
    return draw(z)


def power() -> Drawing:
    """Draw a formula from left to right; what is used twice stands there once."""
    a = Value(-4.0, label="a")
    y = a + a**2
    y.backward(retain_grad=True)
    return draw(y, "LR")


def sigmoid() -> Drawing:
    """Draw the logistic function out of its parts."""
    x = Value(0.5, label="x")
    y = 1 / (1 + (-x).exp())
    y.backward(retain_grad=True)
    return draw(y, "LR")


def neuron() -> Drawing:
    """Draw a neuron, with names for what has no label."""
    x = [Value(1.0, requires_grad=False), Value(-2.0, requires_grad=False)]
    w, b = Value([0.5, -0.25]), Value(0.1)
    y = (w[0] * x[0] + w[1] * x[1] + b).relu()
    y.backward(retain_grad=True)
    return draw(y, names={"x[0]": x[0], "x[1]": x[1], "weights": w, "bias": b})


def network() -> Drawing:
    """Draw a network on numbers, from the bottom to the top, with names of parameters."""
    random.seed(1)  # weights are drawn from Python's generator
    model = nn.MLP(2, [3, 1])
    x = Value(0.5, label="x")
    with origins():
        y = model([x, x**2])
    y.backward(retain_grad=True)
    return draw(y, "BT", names=model)


def expression() -> Drawing:
    """Draw an expression with much sharing."""
    a, b = Value(-4.0, label="a"), Value(2.0, label="b")
    five = Value(5.0, requires_grad=False, label="c_5")
    c = a + b
    d = a * b + b**3
    c = c + (c + 1)
    c = c + (1 + c + (-a))
    d = d + (d * 2 + (b + a).relu())
    d = d + (five * d + (b - a).relu())
    f = (c - d) ** 2
    g = f / 2.0 + 10.0 / f
    g.label = "g"
    g.backward(retain_grad=True)
    return draw(g)


class Block(nn.Module):
    """Two layers, and a way round them."""

    def __init__(self, size: int, seed: int) -> None:
        self.first = nn.Linear(size, size, seed=seed)
        self.second = nn.Linear(size, size, seed=seed + 1)

    def __call__(self, x: Value) -> Value:  # noqa: D102
        return x + self.second(tanh(self.first(x)))


class Residual(nn.Module):
    """Blocks one after the other."""

    def __init__(self, size: int, blocks: int) -> None:
        self.parts = [Block(size, 2 * place) for place in range(blocks)]

    def __call__(self, x: Value) -> Value:  # noqa: D102
        for block in self.parts:
            x = block(x)
        return x


def residual() -> Drawing:
    """Draw a network on arrays; on its page each module can be closed."""
    model = Residual(4, 2)
    with origins():
        x = Value(np.linspace(-1.0, 1.0, 12).reshape(3, 4), requires_grad=False, label="x")
        loss = (model(x) ** 2).mean()
    loss.label = "loss"
    loss.backward(retain_grad=True)
    return draw(loss, theme="dark", names=model)


PICTURES: tuple[Callable[[], Drawing], ...] = (
    *(squares, power, sigmoid, neuron),
    *(network, expression, residual),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw a few graphs.")
    parser.add_argument("--out", type=Path, default=Path("drawings"), help="the folder")
    parser.add_argument("--pages", action="store_true", help="a page for each picture, too")
    options = parser.parse_args()

    options.out.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES:
        drawing = picture()
        for ending in ("svg", "html") if options.pages else ("svg",):
            path = options.out / f"{picture.__name__}.{ending}"
            drawing.save(path)
            print(f"{path.name}: {len(drawing.graph.nodes)} nodes, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
