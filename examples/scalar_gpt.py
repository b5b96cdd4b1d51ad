"""A GPT of about 4,000 scalar parameters that learns to invent names, one document at a time.

    python examples/scalar_gpt.py                       # made-up names that are in this file
    python examples/scalar_gpt.py --names names.txt     # one name a line
    PYTHONPATH=bench python examples/scalar_gpt.py --engine pure_value:Value

Every number is a `Value`; there are no arrays. Of a `Value` it uses nothing but `+ * ** / - exp log
relu data grad backward`, so that any scalar autograd can be its engine. Start reading at `predict`.
"""

from __future__ import annotations

import argparse
import importlib
import math
import random
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import mul
from pathlib import Path
from typing import Any

Vector = list[Any]  # of values, whatever their class is
Matrix = list[Vector]
Parameters = dict[str, Matrix]

WIDTH, HEADS, BLOCK = 16, 4, 16  # size of an embedding, heads that share it, tokens in a document
HEAD = WIDTH // HEADS

NAMES = """
alenor ardith belwyn bexley brisaya caldor corvin dariel dorimel druvo elowen ezrin fenrik fiora
fyndel galwen gildra halven hesper hovik idrisa ingara jarvel jessara jorun kaelis kivara larkin
lumera lyssan marvek myrren nadiel nerwyn novari odalin ozmera pelagra pernil phaedro quillan qyra
rafiel rosken ruvane selwyn sylvek tamsin torvald tyrela ulmera uvane valdis vesper vioral wendrel
wyck xandor xelia xyra yarrow ysmae zarek zephira zoltan
"""


def make_parameters(value: Any, vocabulary: int, generator: random.Random) -> Parameters:
    """Draw all weights, as matrices of values with one row an output."""

    def matrix(rows: int, columns: int) -> Matrix:
        return [[value(generator.gauss(0.0, 0.08)) for _ in range(columns)] for _ in range(rows)]

    return {
        "token": matrix(vocabulary, WIDTH),
        "position": matrix(BLOCK, WIDTH),
        **{name: matrix(WIDTH, WIDTH) for name in ("query", "key", "value", "attended")},
        "expand": matrix(4 * WIDTH, WIDTH),
        "contract": matrix(WIDTH, 4 * WIDTH),
        "logits": matrix(vocabulary, WIDTH),
    }


def product(left: Vector, right: Vector) -> Any:
    return sum(map(mul, left, right))


def linear(weights: Matrix, x: Vector) -> Vector:
    return [product(row, x) for row in weights]


def add(left: Vector, right: Vector) -> Vector:
    return [a + b for a, b in zip(left, right, strict=True)]


def normalize(x: Vector) -> Vector:
    """Scale a vector to a root mean square of 1."""
    scale = (product(x, x) / len(x) + 1e-5) ** -0.5
    return [entry * scale for entry in x]


def softmax(logits: Vector) -> Vector:
    largest = max(logit.data for logit in logits)  # a constant: it changes no result, no gradient
    powers = [(logit - largest).exp() for logit in logits]
    total = sum(powers)
    return [power / total for power in powers]


def attend(query: Vector, keys: Matrix, values: Matrix) -> Vector:
    """Return the mean of the values, each weighted by how well its key fits the query."""
    weights = softmax([product(query, key) / math.sqrt(HEAD) for key in keys])
    return [product(weights, list(column)) for column in zip(*values, strict=True)]


def predict(
    parameters: Parameters, token: int, position: int, keys: Matrix, values: Matrix
) -> Vector:
    """Return the logits of the next token; append this one's key and value to those of the past."""
    x = normalize(add(parameters["token"][token], parameters["position"][position]))
    inputs = normalize(x)
    query = linear(parameters["query"], inputs)
    keys.append(linear(parameters["key"], inputs))
    values.append(linear(parameters["value"], inputs))
    attended = []
    for start in range(0, WIDTH, HEAD):
        head = slice(start, start + HEAD)
        attended += attend(query[head], [key[head] for key in keys], [v[head] for v in values])
    x = add(x, linear(parameters["attended"], attended))
    hidden = [entry.relu() for entry in linear(parameters["expand"], normalize(x))]
    x = add(x, linear(parameters["contract"], hidden))
    return linear(parameters["logits"], x)


def document_loss(parameters: Parameters, tokens: Sequence[int]) -> Any:
    """Return the mean of -log(probability) of each token, given those before it."""
    keys, values, losses = Matrix(), Matrix(), Vector()
    for position, (token, following) in enumerate(pairwise(tokens[: BLOCK + 1])):
        probabilities = softmax(predict(parameters, token, position, keys, values))
        losses.append(-probabilities[following].log())
    return sum(losses) / len(losses)


class Adam:
    """The optimizer, for any engine. With ours, `main` takes `autograd.optim.Adam`, in C++."""

    def __init__(self, leaves: Vector, betas: tuple[float, float]) -> None:
        self.leaves, self.betas, self.lr, self.steps = leaves, betas, 0.0, 0
        self.means, self.squares = [0.0] * len(leaves), [0.0] * len(leaves)

    def step(self) -> None:
        """Update every leaf from its gradient."""
        (slow, slower), means, squares = self.betas, self.means, self.squares
        self.steps += 1
        rate, scale = self.lr / (1 - slow**self.steps), 1 / (1 - slower**self.steps)
        for index, leaf in enumerate(self.leaves):
            gradient = leaf.grad
            means[index] = mean = slow * means[index] + (1 - slow) * gradient
            squares[index] = square = slower * squares[index] + (1 - slower) * gradient * gradient
            leaf.data -= rate * mean / (math.sqrt(square * scale) + 1e-8)

    def zero_grad(self) -> None:
        """Set every gradient to zero."""
        for leaf in self.leaves:
            leaf.grad = 0.0


def train(
    parameters: Parameters, documents: Sequence[Sequence[int]], steps: int, adam: Any = Adam
) -> Iterator[float]:
    """Fit the parameters with Adam, a document a step, and yield the loss of each."""
    leaves = [leaf for matrix in parameters.values() for row in matrix for leaf in row]
    optimizer = adam(leaves, betas=(0.9, 0.99))
    for step in range(steps):
        loss = document_loss(parameters, documents[step % len(documents)])
        optimizer.zero_grad()
        loss.backward()
        optimizer.lr = 0.01 * (1.0 - step / steps)
        optimizer.step()
        yield loss.data


def sample(parameters: Parameters, letters: str, generator: random.Random) -> str:
    """Invent a name: draw one token after another until the end of the document is drawn."""
    token, name = len(letters), ""
    keys, values = Matrix(), Matrix()
    for position in range(BLOCK):
        logits = predict(parameters, token, position, keys, values)
        weights = [p.data for p in softmax([logit / 0.5 for logit in logits])]
        [token] = generator.choices(range(len(weights)), weights)
        if token == len(letters):
            break
        name += letters[token]
    return name


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a GPT of scalar values on names.")
    parser.add_argument("--names", type=Path, help="a file with one name a line")
    parser.add_argument("--steps", type=int, default=500, help="documents to train on")
    parser.add_argument("--seed", type=int, default=0, help="of the weights, order and samples")
    parser.add_argument("--samples", type=int, default=10, help="names to invent at the end")
    parser.add_argument("--engine", default="autograd:Value", help="module:Class of the values")
    options = parser.parse_args()

    module, _, name = options.engine.partition(":")
    value = getattr(importlib.import_module(module), name or "Value")
    adam = importlib.import_module("autograd.optim").Adam if module == "autograd" else Adam
    names = (options.names.read_text(encoding="utf-8") if options.names else NAMES).split()
    letters = "".join(sorted(set("".join(names))))
    end = len(letters)  # one more token: it begins and ends every document
    generator = random.Random(options.seed)
    generator.shuffle(names)
    documents = [[end, *map(letters.index, entry), end] for entry in names]
    parameters = make_parameters(value, end + 1, generator)
    count = sum(len(row) for matrix in parameters.values() for row in matrix)
    print(f"{len(names)} names, {end + 1} tokens, {count} parameters, engine {options.engine}")

    started = time.perf_counter()
    for step, loss in enumerate(train(parameters, documents, options.steps, adam), 1):
        print(f"step {step:4d} / {options.steps} | loss {loss:.6f}", flush=True)
    print(f"{time.perf_counter() - started:.1f} s")
    for index in range(1, options.samples + 1):
        print(f"sample {index:2d}: {sample(parameters, letters, generator)}")


if __name__ == "__main__":
    main()
