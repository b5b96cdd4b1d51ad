"""Lifetimes and memory: a node dies with its last user, deep graphs are freed, nothing grows."""

from __future__ import annotations

import gc
import pathlib
import subprocess
import sys

import pytest

import autograd
from autograd import Value, memory

MILLION = 1_000_000
SLAB = 2**14  # bytes: what one surviving node can pin at most
CACHED = 2**26  # bytes: empty memory that the engine keeps for the next graph


def resident_bytes() -> int:
    status = pathlib.Path("/proc/self/statm")
    if not status.exists():
        pytest.skip("needs /proc")
    return int(status.read_text().split()[1]) * 4096


def chain(x: Value, length: int) -> Value:
    for _ in range(length):
        x = x + 1.0
    return x


def test_fields():
    x = Value(2.0)
    before = memory()
    assert before._fields == ("nodes", "leaves", "bytes", "reserved")
    y = x * 3
    after = memory()
    assert (after.nodes - before.nodes, after.leaves - before.leaves) == (1, 0)
    assert 0 < after.bytes - before.bytes <= 64
    assert after.reserved >= after.bytes
    del y
    assert memory()[:3] == before[:3]


def test_an_interior_node_takes_at_most_64_bytes():
    before = memory()
    root = chain(Value(1.0), 10_000)
    after = memory()
    assert after.nodes - before.nodes == 10_000
    assert (after.bytes - before.bytes) / 10_000 <= 64
    assert root.data == 10_001.0


@pytest.mark.usefixtures("balanced")
def test_node_dies_with_its_last_user():
    before = memory().nodes
    x = Value(2.0)
    inner = x * 3
    root = inner + 1
    del inner
    assert memory().nodes == before + 2
    kept = root.args[0]
    del root
    assert memory().nodes == before + 1
    assert kept.data == 6.0
    leaves = memory().leaves
    del x
    assert memory().leaves == leaves
    assert kept.args[0].data == 2.0


@pytest.mark.usefixtures("balanced")
def test_leaf_lives_while_its_users_do():
    root = Value(2.0) * Value(3.0)
    root.backward()
    a, b = root.args
    assert (a.grad, b.grad) == (3.0, 2.0)


def test_training_does_not_grow():
    weights = [Value(0.1 * k) for k in range(20)]

    def step() -> None:
        loss = Value(0.0, requires_grad=False)
        for k, w in enumerate(weights):
            hidden = (w * (0.1 * k) + 0.5).tanh()
            loss = loss + (hidden - 0.3) ** 2 + autograd.dot(weights[:3], weights[3:6], hidden)
        loss.backward()
        for w in weights:
            w.data -= 0.001 * w.grad
            w.zero_grad()

    gc.collect()
    gc.disable()
    try:
        for _ in range(50):
            step()
        before, resident = memory(), resident_bytes()
        for _ in range(1000):
            step()
        assert memory() == before
        assert resident_bytes() - resident < 2**20
    finally:
        gc.enable()


def test_second_order_training_does_not_grow():
    x = Value(0.5)

    def step() -> None:
        root = (x * x).exp()
        root.backward(create_graph=True)
        slope = x.grad
        x.zero_grad()
        (slope * slope).backward()
        x.zero_grad()

    gc.disable()
    try:
        for _ in range(50):
            step()
        before = memory()
        for _ in range(1000):
            step()
        assert memory() == before
    finally:
        gc.enable()


def test_memory_of_a_large_graph_goes_back():
    before = memory()
    root = chain(Value(1.0), 3 * MILLION)
    assert memory().bytes - before.bytes >= 3 * MILLION * 32
    del root
    assert memory().reserved <= before.reserved + CACHED


@pytest.mark.parametrize("apart", [10, 1000])
def test_a_survivor_pins_at_most_one_slab(apart):
    """One node that lives among `apart` dead ones keeps 16 KiB at most, not the whole graph."""
    before = memory()
    x = Value(1.0)
    survivors = []
    for _ in range(500):
        scratch = [x * 2.0 for _ in range(apart - 1)]
        survivors.append(x * 3.0)
        del scratch
    after = memory()
    assert after.nodes - before.nodes == 500
    pinned = min(500 * SLAB, 500 * apart * 64)
    assert after.reserved - before.reserved <= pinned + 4 * SLAB
    survivors.clear()
    assert memory().nodes == before.nodes


def test_survivors_of_many_rounds_do_not_pin_the_rounds():
    """A running loss kept from every step, the classic leak of a training loop."""
    x = Value(1.0)
    before = memory().nodes
    history: list[Value] = []
    for _ in range(300):
        root = chain(x, 1000)
        history.append(root.detach())
    assert memory().nodes - before == 1000
    assert len(history) == 300


FAILURES = {
    "sum": lambda x: autograd.sum([x * 2, x, "3"]),
    "mean of nothing": lambda x: autograd.mean([]) + x,
    "dot of unequal lengths": lambda x: autograd.dot([x * 2, x], [x]),
    "dot with a string": lambda x: autograd.dot([x * 2, x], [x, "1"]),
    "logsumexp of nothing": lambda x: autograd.logsumexp([]) + x,
    "logarithm": lambda x: (x * 2 - 100).log() * x,
    "division": lambda x: x * 3 / (x - x),
    "exponential": lambda x: (x * 1000).exp(),
    "power": lambda x: (x - 100) ** 0.5,
    "clip": lambda x: autograd.clip(x * 2, "1", 2),
    "where": lambda x: autograd.where(True, x * 2, None),
    "gradient": lambda x: (x * 2).backward("1"),
    "inputs": lambda x: autograd.grad(x * 2, [x, 3.0]),
    "constructor": lambda x: [x * 2, Value("2")],
    "iterator": lambda x: autograd.sum(x * k if k < 3 else 1 / 0 for k in range(9)),
}


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.usefixtures("balanced")
def test_an_error_leaves_no_node_behind(name):
    x = Value(2.0)
    before = memory()[:2]
    for _ in range(3):
        with pytest.raises((TypeError, ValueError, ArithmeticError)):
            FAILURES[name](x)
        assert memory()[:2] == before
    assert (x.data, x.grad) == (2.0, 0.0)


def test_a_label_dies_with_its_node():
    text = "a label that nobody else holds"
    text = text + str(len(text))
    references = sys.getrefcount(text)
    labelled = [Value(1.0, label=text) for _ in range(1000)]
    results = [value * 2 for value in labelled]
    for result in results:
        result.label = text
    del labelled, results, result
    assert sys.getrefcount(text) == references
    fresh = [Value(1.0) for _ in range(1000)]  # the same memory, with no label
    assert all(value.label is None and (value * 2).label is None for value in fresh)


@pytest.mark.usefixtures("balanced")
def test_a_kept_gradient_dies_with_its_node():
    for _ in range(100):
        x = Value(1.0)
        root = x * 2 + 1
        root.backward(retain_grad=True)
        del root
        again = x * 2 + 1
        assert again.args[0].grad == 0.0
        del again


@pytest.mark.usefixtures("balanced")
def test_a_python_object_is_made_again_for_its_node():
    root = Value(2.0) * 3.0
    for _ in range(1000):
        assert root.args[0].data == 2.0
    known = sys.getrefcount(root)
    for _ in range(1000):
        (root + 1).args[0]
    assert sys.getrefcount(root) == known


def test_values_that_outlive_the_interpreter():
    program = """
import builtins, sys
from autograd import Value
x = Value(1.0, label="x")
y = (x * 2).exp()
y.label = "y"
y.backward(create_graph=True)
sys.kept, builtins.kept = [x, y], x * 3
"""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, b"")
