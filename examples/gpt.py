"""The GPT of `scalar_gpt.py` on arrays: the same numbers, a whole document at once.

    python examples/gpt.py                         # made-up names that come with the package
    python examples/gpt.py --names names.txt       # one name a line

A document of n tokens is one array of shape (n, 16) on its way through the network, and the graph
of its loss has some fifty nodes, where that of `scalar_gpt.py` has 50,000. Given one file of names
and one seed, both draw the same weights, find the same losses and invent the same names. Start
reading at `GPT.__call__`.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autograd import Value, nn, no_grad, optim, softmax
from autograd.data import names
from autograd.nn.losses import cross_entropy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

WIDTH, HEADS, BLOCK = 16, 4, 16  # size of an embedding, heads that share it, tokens in a document
HEAD = WIDTH // HEADS

# Added to scores: who stands at a row sees the columns before it and its own, and nothing after.
CAUSAL = np.triu(np.full((BLOCK, BLOCK), -np.inf), k=1)


class GPT(nn.Module):
    """One block of attention and one of neurons, without biases.

    Parameters
    ----------
    vocabulary : int
        The number of different tokens.
    generator : random.Random
        Where the weights are drawn from.
    """

    def __init__(self, vocabulary: int, generator: random.Random) -> None:
        def matrix(rows: int, columns: int) -> NDArray[np.float64]:
            numbers = [generator.gauss(0.0, 0.08) for _ in range(rows * columns)]
            return np.reshape(numbers, (rows, columns))

        self.token = Value(matrix(vocabulary, WIDTH))
        self.position = Value(matrix(BLOCK, WIDTH))
        # These are drawn a row an output, and kept a column an output, for `x @ weights`.
        self.query_key_value = Value(matrix(3 * WIDTH, WIDTH).T)
        self.attended = Value(matrix(WIDTH, WIDTH).T)
        self.expand = Value(matrix(4 * WIDTH, WIDTH).T)
        self.contract = Value(matrix(WIDTH, 4 * WIDTH).T)
        self.logits = Value(matrix(vocabulary, WIDTH).T)

    def __call__(self, tokens: Sequence[int]) -> Value:
        """Return the logits of each token's successor, (n, vocabulary), for up to 16 tokens."""
        x = normalize(self.token[tokens] + self.position[: len(tokens)])
        x = x + self.attend(normalize(x)) @ self.attended
        x = x + (normalize(x) @ self.expand).relu() @ self.contract
        return x @ self.logits

    def attend(self, x: Value) -> Value:
        """Return for each row the mean of values, weighted by how well their keys fit its query."""
        n = len(x)
        heads = (x @ self.query_key_value).reshape(n, 3, HEADS, HEAD)
        query, key, value = heads.transpose(1, 2, 0, 3)  # each (heads, n, head)
        scores = query @ key.transpose(0, 2, 1) / HEAD**0.5 + CAUSAL[:n, :n]
        return (softmax(scores) @ value).transpose(1, 0, 2).reshape(n, WIDTH)


def normalize(x: Value) -> Value:
    """Scale each row to a root mean square of 1."""
    return x * ((x * x).mean(axis=-1, keepdims=True) + 1e-5) ** -0.5


def document_loss(model: GPT, tokens: Sequence[int]) -> Value:
    """Return the mean of -log(probability) of each token, given those before it."""
    given, following = tokens[:-1][:BLOCK], tokens[1:][:BLOCK]
    return cross_entropy(model(given), following)


def train(
    model: GPT, documents: Sequence[Sequence[int]], steps: int, rate: float = 0.01
) -> Iterator[float]:
    """Fit the parameters with Adam, a document a step, and yield the loss of each."""
    optimizer = optim.Adam(model, lr=rate, betas=(0.9, 0.99))
    for step in range(steps):
        loss = document_loss(model, documents[step % len(documents)])
        optimizer.zero_grad()
        loss.backward()
        optimizer.lr = rate * (1.0 - step / steps)
        optimizer.step()
        yield loss.item()


def sample(model: GPT, letters: str, generator: random.Random) -> str:
    """Invent a name: draw one token after another until the end of the document is drawn."""
    end = len(letters)
    tokens = [end]
    while len(tokens) <= BLOCK:
        with no_grad():
            weights = softmax(model(tokens)[-1] / 0.5).data
        [token] = generator.choices(range(end + 1), weights)
        if token == end:
            break
        tokens.append(token)
    return "".join(letters[token] for token in tokens[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a GPT on names.")
    parser.add_argument("--names", type=Path, help="a file with one name a line")
    parser.add_argument("--steps", type=int, default=1000, help="documents to train on")
    parser.add_argument("--seed", type=int, default=0, help="of the weights, order and samples")
    parser.add_argument("--samples", type=int, default=10, help="names to invent at the end")
    options = parser.parse_args()

    known = names(options.names) if options.names else names()
    letters = "".join(sorted(set("".join(known))))
    end = len(letters)  # one more token: it begins and ends every document
    generator = random.Random(options.seed)
    generator.shuffle(known)
    documents = [[end, *map(letters.index, name), end] for name in known]
    model = GPT(end + 1, generator)
    print(f"{len(known)} names, {end + 1} tokens, {model.nparams()} parameters")

    started = time.perf_counter()
    for step, loss in enumerate(train(model, documents, options.steps), start=1):
        print(f"step {step:4d} / {options.steps} | loss {loss:.6f}")
    print(f"{time.perf_counter() - started:.3f} s")
    for index in range(1, options.samples + 1):
        print(f"sample {index:2d}: {sample(model, letters, generator)}")


if __name__ == "__main__":
    main()
