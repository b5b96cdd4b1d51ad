"""Bad input: `errors.txt` holds lines that somebody may type, each with its error and message.

Messages of our own read `[operation] what was given - what is needed. What to do.` Where Python
answers for us (an operator between foreign types, missing arguments), its own words are kept; a
message that ends in … begins so. After each error all that was there before is unchanged.
"""

from __future__ import annotations

import builtins
import pathlib

import numpy as np
import pytest

import autograd
from autograd import Value, nn, optim

TRANSCRIPT = (pathlib.Path(__file__).parent / "errors.txt").read_text(encoding="utf-8")
CASES = [
    tuple(block.removeprefix(">>> ").strip().split("\n", maxsplit=1))
    for block in TRANSCRIPT.split("\n\n")
]


def scene() -> dict[str, object]:
    """Return what the lines speak of."""
    x, w, changed = Value(2.0, label="x"), Value(3.0), Value(1.0)
    v, m = Value([1.0, 2.0], label="v"), Value([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    names = {
        "x": x,
        "w": w,
        "root": x * w,
        "constant": Value(2.0, requires_grad=False),
        "changed": changed,
        "stale": x * changed.exp(),
        "v": v,
        "m": m,
        "vector": v * v,
        "stale_vector": v * changed.exp(),
        "array": np.array([1.0, 2.0]),
    }
    changed.data = 1.5
    return names


@pytest.mark.usefixtures("balanced")
@pytest.mark.parametrize(("line", "outcome"), CASES, ids=[line for line, _ in CASES])
def test_message(line, outcome):
    name, _, message = outcome.partition(": ")
    error = getattr(autograd, name, None) or getattr(builtins, name)
    modules = {"autograd": autograd, "Value": Value, "nn": nn, "optim": optim, "np": np}
    names = scene()
    x, w, root = names["x"], names["w"], names["root"]
    v, m, vector = names["v"], names["m"], names["vector"]

    variables = modules | names
    with pytest.raises(error) as caught:
        exec(line, variables)
    assert type(caught.value) is error
    if message.endswith("…"):
        assert str(caught.value).startswith(message[:-1])
    else:
        assert str(caught.value) == message
    del caught
    variables.clear()  # CPython 3.13t never frees a lambda, and so nothing that it can see

    assert (x.data, x.grad, x.requires_grad, x.label, x.op) == (2.0, 0.0, True, "x", "")
    assert (w.data, w.grad, root.data, root.grad) == (3.0, 0.0, 6.0, 0.0)
    assert (v.requires_grad, v.label, v.shape, m.shape) == (True, "v", (2,), (2, 3))
    assert [v.data.tolist(), v.grad.tolist()] == [[1.0, 2.0], [0.0, 0.0]]
    assert [vector.data.tolist(), vector.grad.tolist()] == [[1.0, 4.0], [0.0, 0.0]]
    assert [m.data.tolist(), m.grad.sum()] == [[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], 0.0]
    root.backward()
    vector.backward([1.0, 1.0])
    assert (x.grad, w.grad) == (3.0, 2.0)
    assert v.grad.tolist() == [2.0, 4.0]


def test_our_messages_have_one_form():
    for line, outcome in CASES:
        message = outcome.partition(": ")[2]
        if message.startswith("["):
            assert " - " in message, line
            assert message.endswith((".", "…")), line
