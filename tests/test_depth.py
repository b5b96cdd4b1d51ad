"""Deep and wide graphs: no recursion over the depth, no cost beyond linear."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import autograd
from autograd import Value, memory

MILLION = 1_000_000


def chain(x: Value, length: int) -> Value:
    for _ in range(length):
        x = x + 1.0
    return x


@pytest.mark.usefixtures("balanced")
def test_a_million_nodes_in_a_chain():
    x = Value(1.0)
    before = memory().nodes
    root = chain(x, MILLION)
    assert root.data == MILLION + 1.0
    root.backward()
    assert x.grad == 1.0
    root.backward()
    assert x.grad == 2.0
    assert repr(root) == "Value(1000001.0, grad=1.0)"
    del root
    assert memory().nodes == before


@pytest.mark.usefixtures("balanced")
def test_a_million_nodes_are_pickled():
    x = Value(1.0)
    root = chain(x, MILLION)
    leaf, twin = pickle.loads(pickle.dumps((x, root)))
    del root
    twin.backward()
    assert (leaf.grad, x.grad) == (1.0, 0.0)


@pytest.mark.usefixtures("balanced")
def test_a_deep_chain_with_create_graph():
    x = Value(1.0)
    root = x
    for _ in range(100_000):
        root = root * 1.0
    root.backward(create_graph=True)
    assert x.grad.data == 1.0


@pytest.mark.usefixtures("balanced")
def test_a_chain_freed_from_its_oldest_end():
    """Whoever holds each node frees them in any order."""
    for reverse in (False, True):
        nodes = [Value(1.0)]
        for _ in range(10_000):
            nodes.append(nodes[-1] * 1.0)
        if reverse:
            nodes.reverse()
        root = nodes[0] if reverse else nodes[-1]
        while nodes:
            nodes.pop()
        root.backward()
        del root


@pytest.mark.usefixtures("balanced")
def test_doubling_thirty_times_is_linear():
    x = Value(1.0)
    before = memory().nodes
    y = x
    for _ in range(30):
        y = y + y
    assert memory().nodes - before == 30
    y.backward()
    assert (y.data, x.grad) == (2.0**30, 2.0**30)
    y.backward(create_graph=True)
    assert x.grad.data == 2.0**31


@pytest.mark.usefixtures("balanced")
@pytest.mark.parametrize("length", [1, 100, 2000, 2048, 5000, 100_000])
def test_a_long_record_and_what_comes_after_it(length):
    """A record that is longer than a slab, freed while it is the newest, and then short ones."""
    x = Value(1.0)
    for _ in range(3):
        total = autograd.sum([x] * length)
        del total
        nodes = [x * float(k) for k in range(1000)]
        total = autograd.sum([*nodes, *[x] * length])
        nodes = [node + 1.0 for node in nodes]
        total.backward()
        assert x.grad == length + 499_500.0
        assert [node.data for node in nodes] == [k + 1.0 for k in range(1000)]
        x.zero_grad()
        del total


@pytest.mark.usefixtures("balanced")
def test_short_records_in_the_place_of_a_very_long_one():
    x = Value(1.0)
    total = autograd.sum([x] * 100_000)
    del total
    nodes = [x * float(k) for k in range(16_000)]
    nodes = nodes[::2]
    for k, node in enumerate(nodes):
        assert node.args == (x, 2.0 * k)
        node.backward()
    assert x.grad == sum(range(0, 16_000, 2))


def nested(inner, times, kind=list):
    for _ in range(times):
        inner = kind([inner])
    return inner


@pytest.mark.parametrize("holds", [1.0, Value(1.0)], ids=["number", "value"])
@pytest.mark.parametrize("deep", [False, True], ids=["itself", "deep"])
def test_a_list_without_end_is_refused(holds, deep):
    given = nested(holds, 100_000) if deep else [holds]
    if not deep:
        given.append(given)
    boxed = np.empty((), dtype=object)
    boxed[()] = boxed if not deep else given
    with pytest.raises(RecursionError):
        autograd.exp(boxed)
    for call in (
        lambda: autograd.add(given, 1.0),
        lambda: np.multiply(Value([1.0]), given),
        lambda: autograd.softmax(given),
        lambda: autograd.max(given, axis=0),
        lambda: Value(2.0).backward(gradient=given),
        lambda: Value(given),
    ):
        with pytest.raises((RecursionError, ValueError, TypeError)):
            call()
    assert (Value(2.0) * 3.0).data == 6.0


def test_an_index_without_end_is_refused():
    with pytest.raises(RecursionError, match="while an argument was read"):
        Value([1.0, 2.0])[nested((), 200_000, tuple)]
