"""Origins, traces and reports; that nothing is left behind, and nothing is loaded before."""

from __future__ import annotations

import functools
import subprocess
import sys
import threading

import numpy as np
import pytest

import autograd
from autograd import Value, _core, nn
from autograd.forensics import (
    Origin,
    detect_anomaly,
    gradient_report,
    origin_of,
    origins,
    trace,
)

HERE = __file__


@pytest.fixture(autouse=True)
def as_before():
    yield
    assert _core.set_observer(None) is None


def test_an_origin_is_the_line_of_the_users_code():
    x = Value([1.0, 2.0])
    with origins():
        y = np.tanh(
            x * 2.0,
        )
        z = functools.reduce(lambda a, b: a + b, [y[0], y[1]])
        made = autograd.grad(lambda v: (v * v).sum(), argnums=0)
        w = made(x)
    assert (origin_of(y).filename, origin_of(y).function) == (
        HERE,
        "test_an_origin_is_the_line_of_the_users_code",
    )
    assert origin_of(y).source.startswith(("y = np.tanh(", "x * 2.0"))
    assert origin_of(z).function == "<lambda>"
    assert origin_of(w).source == "w = made(x)"
    assert origin_of(x) is None
    assert origin_of(y.args[0]).source == "x * 2.0,"
    assert _core.origin_of(z) == tuple(origin_of(z))
    assert type(_core.origin_of(z)) is tuple
    assert origin_of(x * 1.0) is None


def test_what_a_call_records_on_the_way_has_its_origin_too():
    old = Value([1.0, 2.0]) * 2.0
    old.args  # noqa: B018 - its argument has no object now
    with origins():
        y = autograd.log_softmax(old) * 3.0
    waiting, seen = [y], 0
    while waiting:
        node = waiting.pop()
        if node is old:
            continue
        assert origin_of(node).source == "y = autograd.log_softmax(old) * 3.0"
        seen += 1
        waiting += [arg for arg in node.args if isinstance(arg, Value)]
    assert seen > 4
    assert origin_of(old) is None
    assert origin_of(old.args[0]) is None


class Block(nn.Module):
    def __init__(self):
        self.inner = nn.Sequential(nn.Linear(2, 3), nn.Dropout(0.0))
        self.parts = {"a": nn.Layer(3, 1, seed=0)}
        self.scale = Value(2.0)

    def forward(self, x):
        y = self.inner(x) * self.scale
        return self.parts["a"](y)


MODULES = [
    (nn.MLP(2, [3, 1], seed=0), np.ones((4, 2)), [("MLP", "layers.1"), ("MLP", "layers.0")]),
    (nn.MLP(2, [3, 1], seed=0), [1.0, 2.0], [("MLP", "layers.1"), ("MLP", "layers.0")]),
    (nn.Net(2, [3, 1], seed=0), [1.0, 2.0], [("Net", "layers.1"), ("Net", "layers.0")]),
    (nn.Neuron(2, seed=0), [1.0, 2.0], [("Neuron",)]),
    (nn.Layer(2, 3, seed=0), [1.0, 2.0], [("Layer",)]),
    (
        Block(),
        np.ones((4, 2)),
        [("Block", "parts.a"), ("Block", "inner", "inner.layers.0"), ("Block",)],
    ),
]


@pytest.mark.parametrize(("module", "inputs", "expected"), MODULES)
def test_modules_are_named(module, inputs, expected):
    with origins():
        result = module(inputs)
    waiting, found = [result if isinstance(result, Value) else result[0]], set()
    while waiting:
        node = waiting.pop()
        if (where := origin_of(node)) is not None:
            found.add(where.modules)
            assert where.function in ("test_modules_are_named", "forward")
        waiting += [arg for arg in node.args if isinstance(arg, Value)]
    assert set(expected) <= found


def test_origins_keep_nothing_alive():
    before = autograd.memory()
    model = nn.MLP(2, [3, 1])
    with origins(), trace(), detect_anomaly():
        y = model([1.0, 2.0])
        y.backward()
    del y, model
    assert autograd.memory()[:2] == before[:2]


def test_an_earlier_observer_is_heard_and_comes_back():
    seen = []
    x = Value(2.0)
    _core.set_observer(seen.append)
    observer = _core.set_observer(seen.append)
    with origins():
        y = x * x
    z = x + 1.0
    assert seen == [y, z]
    assert _core.set_observer(None) == observer


def test_one_who_takes_the_place_meanwhile_keeps_it():
    seen = []
    with origins():
        _core.set_observer(seen.append)
    x = Value(1.0)
    assert seen == [x]
    _core.set_observer(None)


def test_an_error_inside_ends_it():
    x = Value(2.0)
    with pytest.raises(LookupError), origins(), trace():
        raise LookupError
    assert origin_of(x * x) is None


def test_only_its_own_thread_is_seen():
    x, made = Value(2.0), []
    with origins(), trace() as counted:
        thread = threading.Thread(target=lambda: made.append(x * x))
        thread.start()
        thread.join()
    assert origin_of(made[0]) is None
    assert counted.rows == []


def test_origin_of_is_of_values():
    with pytest.raises(TypeError, match=r"^\[origin_of\] float was given - a Value is needed"):
        origin_of(2.0)


def test_an_origin_as_text():
    assert str(Origin("nowhere.py", 3, "f", ("MLP", "layers.0"))) == (
        'File "nowhere.py", line 3, in f, module MLP > layers.0'
    )


def test_a_trace_counts_by_line_and_operation():
    x = Value(np.ones((10, 4)))
    with trace(by="bytes") as counted:
        for _ in range(2):
            y = autograd.softmax(x) * x
        total = y.sum() + 1.0
    rows = {(row.operation, row.origin.source): row[2:] for row in counted.rows}
    assert rows["multiply", "y = autograd.softmax(x) * x"] == (2, 2, 2 * 320)
    assert rows["add", "total = y.sum() + 1.0"] == (1, 1, 8)
    calls, nodes, size = rows["divide", "y = autograd.softmax(x) * x"]
    assert (calls, nodes > 4, size > 4 * 320) == (2, True, True)
    assert [row.bytes for row in counted.rows] == sorted(rows_bytes(counted), reverse=True)
    assert counted.lines[0].operation == "divide, multiply"
    assert counted.lines[0].calls == 4
    text = str(counted)
    assert "y = autograd.softmax(x) * x" in text
    assert text.splitlines()[0].split()[:4] == ["calls", "nodes", "bytes", "operation"]
    with counted:
        total = x + 1.0
    assert sum(row.calls for row in counted.rows) == 7
    assert total.shape == (10, 4)


def rows_bytes(counted):
    return [row.bytes for row in counted.rows]


def test_a_trace_counts_all_nodes():
    model = nn.MLP(2, [3, 1])
    before = autograd.memory()
    with trace() as counted:
        loss = nn.losses.hinge(model(np.ones((4, 2)))[:, 0], np.ones(4))
    assert sum(row.nodes for row in counted.rows) == autograd.memory().nodes - before.nodes
    loss.backward()


def test_a_long_trace_is_shortened():
    x = Value(1.0)
    with trace(limit=1) as counted:
        x + 1.0
        x * 2.0
    assert "... 1 more rows" in str(counted)
    assert str(trace()).endswith("0 calls, 0 nodes, 0 bytes")


@pytest.mark.parametrize("options", [{"by": "time"}, {"limit": 0}, {"limit": 2.0}])
def test_a_trace_refuses(options):
    with pytest.raises(ValueError, match=r"^\[trace\] \w+=.* was given - "):
        trace(**options)


# Parameters by name, their gradients, the flags of each.
W = np.array([3.0, 4.0])
FLAGS = [
    ([0.3, 0.4], ()),
    ([0.0, 0.0], ("zero",)),
    ([3e-9, 0.0], ("vanishing",)),
    ([5e4, 0.0], ("exploding",)),
    ([float("nan"), 0.0], ("nan",)),
    ([float("inf"), float("nan")], ("nan", "inf")),
    ([1e200, 1e200], ("exploding",)),
]


@pytest.mark.parametrize(("gradient", "flags"), FLAGS)
def test_flags(gradient, flags):
    w = Value(W, label="w")
    w.grad = np.array(gradient)
    (row,) = gradient_report([w]).rows
    assert (row.name, row.shape, row.flags, row.data) == ("w", (2,), flags, 5.0)
    if np.isfinite(gradient).all():
        with np.errstate(all="ignore"):
            assert row.gradient == pytest.approx(np.hypot(*gradient))
        assert row.ratio == pytest.approx(row.gradient / 5.0)
    assert row.zeros == np.mean(np.array(gradient) == 0.0)


def test_thresholds_and_zeros():
    w, b = Value(W), Value(0.0)
    w.grad, b.grad = [5.0, 0.0], 2.0
    report = gradient_report({"w": w, "b": b}, vanishing=0.0, exploding=0.5)
    assert [row.flags for row in report.rows] == [("exploding",), ()]
    assert [row.ratio for row in report.rows] == [1.0, None]
    assert report.flagged == report.rows[:1]


def test_a_root_gives_the_gradients_without_changing_any():
    model = nn.Net(2, [4, 3], seed=0)
    unused = Value([1.0])
    frozen = Value([1.0], requires_grad=False)
    named = [*model.named_parameters(), ("unused", unused), ("frozen", frozen)]
    root = nn.losses.cross_entropy(model(np.ones((5, 2))), [0, 1, 2, 0, 1])
    report = gradient_report(named, root)
    assert all(np.all(value.grad == 0.0) for _, value in named)
    root.backward()
    for row, (name, value) in zip(report.rows, named, strict=True):
        assert row.name == name
        assert row.gradient == pytest.approx(np.linalg.norm(value.grad))
    assert [row.flags for row in report.rows[-2:]] == [("none",), ("frozen",)]
    assert [module.name for module in report.modules] == ["layers.0", "layers.1", ""]
    first = report.modules[0]
    assert first.gradient == pytest.approx(np.hypot(*[row.gradient for row in report.rows[:2]]))
    text = str(report)
    assert "layers.0.weights (4, 2)" in text
    assert text.splitlines()[0].split() == ["gradient", "data", "ratio", "zeros", "name", "flags"]


def test_frozen_parameters_of_a_module_are_reported():
    model = nn.MLP(2, [3, 1], seed=0)
    model.layers[0].weights.requires_grad = False
    report = gradient_report(model, model([1.0, 2.0]))
    assert report.rows[0].flags == ("frozen",)
    assert [row.name for row in report.rows][:2] == ["layers.0.weights", "layers.0.bias"]
    assert report.modules[0].flags == ("frozen",)


@pytest.mark.parametrize("flag", ["frozen", "none", "zero", "vanishing", "exploding", "nan", "inf"])
def test_a_report_says_what_its_flags_mean(flag):
    x, y = Value(1.0, label="x"), Value(1.0, label="y")
    if flag == "frozen":
        x.requires_grad = False
    factors = {"zero": 0.0, "vanishing": 1e-9, "exploding": 1e9, "nan": np.nan, "inf": np.inf}
    root = y * 1.0 if flag == "none" else y + x * factors.get(flag, 1.0)
    report = gradient_report([x, y], root, exploding=1e4)
    assert report.rows[0].flags == (flag,)
    (meaning,) = str(report).splitlines()[3:]
    assert meaning.startswith(f"{flag}: ")
    assert ("10000" in meaning) == (flag == "exploding")
    assert ("1e-07" in meaning) == (flag == "vanishing")
    assert len(str(gradient_report([y], y * 1.0)).splitlines()) == 2


def test_a_report_on_a_long_chain_does_not_walk_it(monkeypatch):
    x = Value(1.0)
    y = x
    for _ in range(10):
        y = y * 0.9
    monkeypatch.setattr("autograd.forensics.report.read", None)
    assert gradient_report([x], y).flagged == ()


def test_a_module_that_is_met_twice_has_its_first_name():
    class Shared(nn.Module):
        def __init__(self):
            self.parts = [nn.Linear(2, 2, seed=0)]
            self.again = self.parts[0]

        def __call__(self, x):
            return self.again(x)

    model = Shared()
    with origins():
        y = model(Value(np.ones((1, 2))))
    assert origin_of(y).modules == ("Shared", "parts.0")
    assert [name for name, _ in model.named_parameters()] == ["parts.0.weights", "parts.0.bias"]


def test_a_model_as_it_is_after_backward():
    model = nn.MLP(2, [3, 1], seed=0)
    model([1.0, 2.0]).backward(create_graph=True)
    report = gradient_report(model)
    assert [row.name for row in report.rows] == [name for name, _ in model.named_parameters()]
    assert len(gradient_report(model.parameters()).rows) == 13
    assert not any(
        "none" in row.flags for row in gradient_report(model.parameters(), model([1.0, 2.0])).rows
    )


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((3.0,), {}, TypeError, r"^\[gradient_report\] float was given - a module"),
        ((Value(1.0),), {}, TypeError, "Value was given"),
        (([1.0],), {}, TypeError, "float is parameter 0 - a Value"),
        (([],), {}, ValueError, "no parameters were given"),
        (([("a", Value(1.0)), ("a", Value(1.0))],), {}, ValueError, "'a' is the name of two"),
        (([Value(1.0)], 2.0), {}, TypeError, "root is a float"),
        (([Value(1.0)],), {"vanishing": 1.0, "exploding": 0.5}, ValueError, "exploding=0.5"),
        (([Value(1.0)], Value(1.0, False)), {}, autograd.NoGradientError, "gradient"),
    ],
)
def test_a_report_refuses(arguments, options, error, message):
    with pytest.raises(error, match=message):
        gradient_report(*arguments, **options)


def test_nothing_is_loaded_before_it_is_used():
    program = (
        "import sys, autograd; assert 'autograd.forensics' not in sys.modules; "
        "import autograd.forensics; assert 'autograd.nn' not in sys.modules, 1; "
        "assert 'autograd.arrays' not in sys.modules, 2"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_code_may_bear_a_name_that_no_file_can_have():
    where = Origin("no\0file", 1, "f")
    assert where.source == ""
    assert "line 1" in str(where)


class Cell(nn.Module):
    def __init__(self):
        self.layer = nn.Linear(2, 2, seed=0)

    def forward(self, x):
        seen = set(locals())
        y = self.layer(x)
        z = autograd.tanh(y)
        assert set(locals()) == {*seen, "seen", "y", "z"}
        return z


class Recurrent(nn.Module):
    def __init__(self):
        self.cell = Cell()

    def __call__(self, x):
        for _ in range(3):
            x = self.cell(x)
        return x * 2.0


def calls_below(root):
    """Return the paths of modules with the numbers of their calls."""
    found, waiting = {}, [root]
    while waiting:
        value = waiting.pop()
        if origin := origin_of(value):
            found.setdefault(tuple(zip(origin.modules, origin.calls, strict=True)), []).append(
                value.op
            )
        waiting += [arg for arg in value.args if isinstance(arg, Value)]
    return found


def test_each_call_of_a_module_has_a_number():
    model = Recurrent()
    with origins():
        one = model(Value([1.0, 2.0]))
        other = model(Value([1.0, 2.0]))
    found = {**calls_below(one), **calls_below(other)}
    outer = {path[0][1] for path in found if path}
    assert len(outer) == 2
    cells = [path for path in found if len(path) == 2]
    assert {path[1][0] for path in cells} == {"cell"}
    assert len(cells) == len({path[1][1] for path in cells}) == 6
    assert all(found[path] == ["tanh"] for path in cells)
    assert sum(len(path) == 3 for path in found) == 6
    with origins():
        later = model(Value([1.0, 2.0]))
    assert not outer & {path[0][1] for path in calls_below(later) if path}


def test_calls_are_told_apart_while_something_traces():
    told = []

    def tracer(_frame, event, _argument):
        told.append(event)
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        with origins():
            found = calls_below(Recurrent()(Value([1.0, 2.0])))
    finally:
        sys.settrace(before)
    assert len({path[1][1] for path in found if len(path) == 2}) == 3
    assert told.count("line") > 20


def test_a_trace_adds_up_all_calls_of_a_module():
    model = Recurrent()
    with trace() as counted:
        model(Value([1.0, 2.0]))
        model(Value([1.0, 2.0]))
    (row,) = (row for row in counted.rows if row.operation == "tanh")
    assert (row.calls, row.origin.modules) == (6, ("Recurrent", "cell"))


def test_recorded_gradients_have_the_line_of_their_pass():
    x, w = Value(2.0, label="x"), Value([1.0, 3.0], label="w")
    with origins():
        y = (x**3 * w).sum()
        y.backward(create_graph=True)  # this one
        counted = [x.grad, w.grad]
    for gradient in counted:
        assert isinstance(gradient, Value)
        assert origin_of(gradient).source == "y.backward(create_graph=True)  # this one"
        assert all(
            origin_of(arg).source == origin_of(gradient).source
            for arg in gradient.args
            if isinstance(arg, Value) and not arg.is_leaf and arg.op != "power"
        )
    with trace() as traced:
        z = x * x
        z.backward(create_graph=True)  # and this
        x.grad  # noqa: B018
    assert {row.origin.source for row in traced.rows} == {
        "z = x * x",
        "z.backward(create_graph=True)  # and this",
    }


def test_gradients_that_another_thread_records_are_its_own():
    x = Value(2.0)
    y = x**3

    def elsewhere():
        y.backward(create_graph=True)

    with origins():
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert origin_of(x.grad) is None
