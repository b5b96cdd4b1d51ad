"""Quick operations: what they rely on unasked is taken back in time, and counts stay exact."""

from __future__ import annotations

import random
import threading

import pytest

import autograd
from autograd import Value, _core, no_grad


@pytest.fixture
def warm():
    """Return a function that computes until operations are quick."""

    def compute():
        x = Value(1.5)
        for _ in range(50):
            x * 2.5

    compute()
    return compute


def test_no_grad_is_seen_by_the_next_operation(warm):
    x = Value(3.0)
    for _ in range(5):
        warm()
        with no_grad():
            assert (x * 2.5).is_leaf
            assert (-x).is_leaf
            assert autograd.exp(x).is_leaf
        assert (x * 2.5).args == (x, 2.5)


def test_no_grad_of_another_thread_changes_nothing_here(warm):
    x = Value(3.0)
    inside, done = threading.Event(), threading.Event()
    there = []

    def compute():
        with no_grad():
            inside.set()
            done.wait(10.0)
            there.append((x + x).is_leaf)

    warm()
    thread = threading.Thread(target=compute)
    thread.start()
    assert inside.wait(10.0)
    here = [(x * 2.5).is_leaf for _ in range(200)]
    done.set()
    thread.join()
    assert there == [True]
    assert here == [False] * 200
    assert not (x * 2.5).is_leaf


def test_an_observer_sees_the_next_value(warm):
    x = Value(3.0)
    for _ in range(3):
        warm()
        seen = []
        before = _core.set_observer(seen.append)
        try:
            made = [x * 2.5, x + x, -x, x.tanh()]
        finally:
            _core.set_observer(before)
        assert [id(value) for value in seen] == [id(value) for value in made]
        warm()
        assert len(seen) == 4


def test_results_that_are_held_are_objects_of_their_own(warm):
    warm()
    x = Value(0.5)
    held = [x * float(k) for k in range(5000)]
    assert len({id(value) for value in held}) == 5000
    assert all(value.args == (x, float(k)) for k, value in enumerate(held))
    del held[::2]
    held += [-x for _ in range(5000)]
    total = autograd.sum(held)
    total.backward()
    assert x.grad == sum(float(k) for k in range(1, 5000, 2)) - 5000
    assert all(value.grad == 1.0 for value in held)


def results_among(values):
    """Return the results that these need, themselves included, by identity."""
    found = {}
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, Value) and not value.is_leaf and id(value) not in found:
            found[id(value)] = value
            waiting.extend(value.args)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_counts_are_exact_whatever_lives_and_dies(seed):
    source = random.Random(seed)
    leaves = [Value(source.uniform(0.5, 2.0)) for _ in range(8)]
    before = autograd.memory().nodes
    held = []
    for _ in range(4000):
        choice = source.random()
        x, y = source.sample(leaves, 2)
        if choice < 0.3:
            held.append(x * 2.5)
        elif choice < 0.5:
            held.append(x + y)
        elif choice < 0.6:
            held.append(autograd.sum(leaves[: source.randrange(2, 8)]))
        elif choice < 0.7 and held:
            held.append(source.choice(held).tanh())  # keeps its argument alive
        elif held:
            held.pop(source.randrange(len(held)))
        if source.random() < 0.02:
            assert autograd.memory().nodes - before == len(results_among(held))
    held.clear()
    assert autograd.memory().nodes == before
