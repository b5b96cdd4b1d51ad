"""The observer: what is called with each Value that is made, and what it keeps with them."""

from __future__ import annotations

import copy
import gc
import weakref

import numpy as np
import pytest

import autograd
from autograd import Value, _core


@pytest.fixture
def observe():
    yield _core.set_observer
    _core.set_observer(None)


def test_each_value_is_shown_when_it_is_made(observe):
    x, w = Value(2.0), Value([1.0, 2.0])
    x * x, w * w  # objects that wait to be used again
    seen = []
    assert observe(seen.append) is None
    y = x * x + 3.0
    z = autograd.tanh(w).sum()
    made = Value(1.0)
    assert [value.op for value in seen] == ["multiply", "add", "tanh", "sum", ""]
    assert seen[1] is y
    assert seen[3] is z
    assert seen[4] is made
    assert observe(None) is not None
    x * x
    assert len(seen) == 5


def test_results_are_complete_when_they_are_shown(observe):
    seen = []
    observe(lambda value: seen.append((value.data, value.requires_grad, len(value.args))))
    x = Value(3.0)
    x * 2.0
    autograd.maximum(x, [1.0, 5.0])
    assert seen[:2] == [(3.0, True, 0), (6.0, True, 2)]
    assert seen[-1][2] == 2


def test_an_error_of_the_observer_comes_out_of_the_operation(observe):
    x = Value(2.0)
    gc.collect()
    before = autograd.memory()

    def refuse(value):
        message = f"no {value.op}"
        raise LookupError(message)

    observe(refuse)
    for operation in (
        lambda: x * x,
        lambda: autograd.exp(x),
        lambda: Value(1.0),
        lambda: autograd.sum([x, x]),
        lambda: np.exp(Value([1.0])),
    ):
        with pytest.raises(LookupError):
            operation()
    observe(None)
    gc.collect()  # what an error keeps in its traceback
    assert autograd.memory()[:2] == before[:2]
    assert (x * x).data == 4.0


def test_an_observer_may_compute_and_go(observe):
    x = Value(2.0)
    sums = []

    def once(value):
        _core.set_observer(None)
        sums.append(value.data + (x + 1.0).data)

    observe(once)
    assert (x * x).data == 4.0
    assert sums == [7.0]
    x * x
    assert len(sums) == 1


def test_what_is_no_function_is_refused(observe):
    with pytest.raises(TypeError, match=r"^\[set_observer\] an int was given - a function or None"):
        observe(3)


class Note:
    pass


def test_an_origin_lives_as_long_as_its_node():
    x = Value(2.0)
    y = x * x
    note = Note()
    gone = weakref.ref(note)
    _core.set_origin(y, note)
    assert _core.origin_of(y) is note
    assert _core.origin_of(x) is None
    z = y + 1.0
    del note, y
    gc.collect()
    assert gone() is not None  # the node lives on
    assert _core.origin_of(z.args[0]) is gone()
    del z
    assert gone() is None


def test_an_origin_and_a_label_do_not_disturb_each_other():
    x = Value(1.0, label="x")
    _core.set_origin(x, "here")
    assert (x.label, _core.origin_of(x)) == ("x", "here")
    x.label = None
    assert (x.label, _core.origin_of(x)) == (None, "here")
    x.label = "again"
    _core.set_origin(x, None)
    assert (x.label, _core.origin_of(x)) == ("again", None)
    x.label = None
    assert (x.label, _core.origin_of(x)) == (None, None)
    assert copy.deepcopy(x).data == 1.0


def test_a_note_that_goes_may_use_the_graph():
    x = Value(2.0)

    class Busy:
        def __del__(self):
            self.product = (x * x).data

    for _ in range(3):
        y = x + 1.0
        _core.set_origin(y, Busy())
        del y
    assert (x * x).data == 4.0


def test_origins_are_of_values():
    with pytest.raises(TypeError, match="set_origin"):
        _core.set_origin(2.0, "here")
    with pytest.raises(TypeError, match="origin_of"):
        _core.origin_of(2.0)
