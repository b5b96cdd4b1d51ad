"""Read handwritten-looking digits: a network of the size one gives MNIST, trained with `fit`.

    python examples/digits.py

The pictures have 28 x 28 pixels, like those of MNIST, and are drawn by `autograd.data.digits`, so
that nothing is downloaded.
"""

from __future__ import annotations

import argparse
import random

import numpy as np

from autograd import no_grad, softmax
from autograd.data import digits, train_test_split
from autograd.nn import Flatten, Linear, ReLU, Sequential, metrics
from autograd.optim import Adam
from autograd.training import fit

SHADES = np.array(list(" .:-=+*#%@"))


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a network to read digits.")
    parser.add_argument("--pictures", type=int, default=4000, help="a quarter is set aside")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0, help="of the pictures and the weights")
    options = parser.parse_args()

    pictures, classes = digits(options.pictures, seed=options.seed)
    x, x_test, y, y_test = train_test_split(pictures, classes, seed=options.seed)

    random.seed(options.seed)  # weights are drawn from Python's generator
    model = Sequential(Flatten(), Linear(28 * 28, 64), ReLU(), Linear(64, 10))
    print(model)
    history = fit(
        model,
        "cross_entropy",
        Adam(model, lr=2e-3),
        (x, y),
        options.epochs,
        batch_size=32,
        seed=options.seed,
        validation=(x_test, y_test),
        metrics={"accuracy": metrics.accuracy},
    )
    print(history)

    with no_grad():
        probabilities = softmax(model(x_test)).data
    guesses = probabilities.argmax(axis=-1)
    print(f"accuracy {metrics.accuracy(guesses, y_test):.1%} on {len(y_test)} pictures never seen")

    # The picture of which it is least certain, and what it makes of it.
    place = probabilities.max(axis=-1).argmin()
    shades = SHADES[(x_test[place] * (len(SHADES) - 1)).round().astype(int)]
    print("\n".join("".join(row) for row in shades[::2]))  # letters are twice as high as wide
    chances = sorted(zip(probabilities[place], range(10), strict=True), reverse=True)[:3]
    print("perhaps", ", ".join(f"{digit} ({chance:.0%})" for chance, digit in chances))
    print(f"and it is {y_test[place]}")


if __name__ == "__main__":
    main()
