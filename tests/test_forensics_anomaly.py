"""Anomalies: what is raised, where, with which line; what is left as it was."""

from __future__ import annotations

import copy
import pickle
import threading

import numpy as np
import pytest

import autograd
from autograd import Value, _core, nn
from autograd.forensics import AnomalyError, detect_anomaly, origin_of

INF, NAN = float("inf"), float("nan")
ZERO = Value(0.0)
MASKED = [[0.0, 0.0], [-INF, -INF]]
METHODS = (Value.backward, Value.args, _core.gradients, _core.push_forward)


@pytest.fixture(autouse=True)
def as_before():
    yield
    assert (Value.backward, Value.args, _core.gradients, _core.push_forward) == METHODS
    assert _core.set_observer(None) is None


def two(x):
    return Value([x, 1.0])


# What is computed, the operation, its result, the place, and an operand at that place.
FORWARD = {
    "log of 0": (lambda: autograd.log(two(0.0)), "log", -INF, (0,), 0.0),
    "log of -1": (lambda: autograd.log(two(-1.0)), "log", NAN, (0,), -1.0),
    "x / 0": (lambda: 1.0 / two(0.0), "divide", INF, (0,), 1.0),
    "0 / 0": (lambda: two(0.0) / two(0.0), "divide", NAN, (0,), 0.0),
    "exp(1000)": (lambda: autograd.exp(two(1000.0)), "exp", INF, (0,), 1000.0),
    "inf - inf": (lambda: two(INF) - two(INF), "subtract", NAN, (0,), INF),
    "0 * inf": (lambda: two(0.0) * INF, "multiply", NAN, (0,), 0.0),
    "sqrt(-1)": (lambda: autograd.sqrt(two(-1.0)), "sqrt", NAN, (0,), -1.0),
    "overflow": (lambda: two(1e200) * two(1e200), "multiply", INF, (0,), 1e200),
    "of numbers": (lambda: Value(1e200) * Value(1e200), "multiply", INF, (), 1e200),
    "a power": (lambda: two(-8.0) ** (1.0 / 3.0), "power", NAN, (0,), -8.0),
    "a product": (lambda: Value([[1e200]]) @ Value([[1e200]]), "matmul", INF, (0, 0), None),
    "a sum": (lambda: Value([1e308, 1e308]).sum(), "sum", INF, (), None),
    "a row of -inf": (lambda: autograd.softmax(Value(MASKED)), "divide", NAN, (1, 0), 0.0),
    "another place": (lambda: autograd.exp(Value([INF, 1000.0])), "exp", INF, (1,), 1000.0),
    "through NumPy": (lambda: np.log(two(0.0)), "log", -INF, (0,), 0.0),
    "float32": (lambda: autograd.exp(Value(np.float32([1.0, 100.0]))), "exp", INF, (1,), 100.0),
}


@pytest.mark.parametrize("case", FORWARD)
def test_forward(case):
    compute, operation, result, place, operand = FORWARD[case]
    with detect_anomaly(), pytest.raises(AnomalyError) as caught:
        compute()
    error = caught.value
    assert (error.phase, error.operation, error.result.where) == ("forward", operation, place)
    assert error.result.first == pytest.approx(result, nan_ok=True)
    assert error.origin.filename == __file__
    assert error.origin.line == compute.__code__.co_firstlineno
    assert error.origin.source in str(error)
    if operand is not None:
        data = np.broadcast_to(error.operands[0].data, np.shape(error.result.data))
        assert data[place] == operand
    assert isinstance(error, autograd.AutogradError)
    assert compute() is not None  # outside, it flows


@pytest.mark.parametrize(
    ("compute", "message"),
    [
        (lambda: two(NAN) * 2.0, r"^\[multiply\] operand 0 came in as nan"),
        (lambda: two(1.0) * NAN, r"operand 1 came in as nan(?s:.*)a plain number"),
        (lambda: Value(NAN, label="rate") + 1.0, r"operand 0 came in as nan(?s:.*)'rate', a leaf"),
        (lambda: autograd.softmax(two(NAN)), "operand 0 came in as nan"),
        (lambda: two(1.0) @ np.array([NAN, 0.0]), "operand 1 came in as nan(?s:.*)a constant"),
    ],
)
def test_what_came_in_as_nan(compute, message):
    with detect_anomaly(), pytest.raises(AnomalyError, match=message) as caught:
        compute()
    assert caught.value.origin.function == "<lambda>"
    if "leaf" in message or "constant" in message:
        assert f"of {__file__}" in str(caught.value)  # where that was made
    with detect_anomaly(inputs="ignore"):
        compute()


def test_an_infinity_that_comes_in_may_pass():
    with detect_anomaly():
        masked = two(2.0) + np.array([-INF, 0.0])
        autograd.softmax(masked).sum().backward()
        autograd.maximum(masked, 0.0)
        autograd.where([True, False], two(1.0), INF)


def test_what_nobody_records_is_told_when_it_is_used():
    with detect_anomaly():
        with autograd.no_grad():
            constant = autograd.log(two(-1.0))
        with pytest.raises(AnomalyError, match="came in as nan"):
            two(1.0) * constant


def inner(x):
    return autograd.sqrt(x)


def outer(x):
    return inner(x).sum()


# A leaf, what is computed of it, the operation that is to blame, and the line of that.
BACKWARD = {
    "sqrt at 0": (two(0.0), lambda x: (autograd.sqrt(x) * 3.0).sum(), "sqrt", INF),
    "norm at 0": (Value([0.0, 0.0]), lambda x: autograd.sqrt((x * x).sum()), "sqrt", INF),
    "a branch": (
        two(0.0),
        lambda x: autograd.where(x.data > 0, 1.0, autograd.sqrt(x)).sum(),
        "sqrt",
        INF,
    ),
    "power at 0": (two(0.0), lambda x: (x**0.5).sum(), "power", INF),
    "inf times 0": (two(0.0), lambda x: autograd.sqrt(x * 0.0).sum(), "sqrt", INF),
    "asin at 1": (two(0.5), lambda x: autograd.asin(x).sum(), "asin", INF),
    "overflow": (two(1e-300), lambda x: (x[:1] * 1e200).sum() * 1e200, "multiply", INF),
    "a number": (Value(0.0), lambda x: autograd.sqrt(x) * 2.0, "sqrt", INF),
    "custom": (
        two(2.0),
        lambda x: bad(x).sum(),
        "bad",
        NAN,
    ),
}
bad = autograd.custom_operation(lambda x: x, lambda g, *_: g * NAN, name="bad")


@pytest.mark.parametrize("case", BACKWARD)
def test_backward(case):
    x, compute, operation, passed = BACKWARD[case]
    x.grad = 0.25
    with detect_anomaly():
        try:
            root = compute(x)
        except AnomalyError as error:
            pytest.fail(str(error))
        with pytest.raises(AnomalyError) as caught:
            root.backward()
    error = caught.value
    assert (error.phase, error.operation) == ("backward", operation)
    assert error.result.first == pytest.approx(passed, nan_ok=True)
    assert np.isfinite(error.adjoint.data).all()
    assert error.origin.line == compute.__code__.co_firstlineno
    assert error.origin.filename == __file__
    assert np.all(np.asarray(x.grad) == 0.25)


def test_the_branch_that_was_not_chosen_is_no_anomaly():
    x = two(0.0)
    with detect_anomaly():
        root = autograd.where(x.data == 0, 1.0, autograd.sqrt(x)).sum()
        root.backward()
    assert x.grad.tolist() == [0.0, 0.5]


def test_the_line_is_that_of_the_operation_and_not_of_backward():
    x = two(0.0)
    with detect_anomaly():
        root = outer(x)
        with pytest.raises(AnomalyError) as caught:
            root.backward()
    assert caught.value.origin.function == "inner"
    assert caught.value.origin.line == inner.__code__.co_firstlineno + 1


def test_what_was_made_before_has_no_line():
    root = outer(two(0.0))
    with detect_anomaly(), pytest.raises(AnomalyError, match="while nobody looked") as caught:
        root.backward()
    assert caught.value.origin is None


@pytest.mark.parametrize(
    "differentiate",
    [
        lambda: autograd.grad(lambda x: autograd.sqrt(x).sum())(np.zeros(2)),
        lambda: autograd.value_and_grad(lambda x: autograd.sqrt(x) * 1.0)(0.0),
        lambda: autograd.vjp(autograd.sqrt, np.zeros(2))[1](np.ones(2)),
        lambda: autograd.grad(autograd.grad(lambda x: (x**1.5).sum()))(0.0),
        lambda: autograd.grad(autograd.sqrt(ZERO), [ZERO], create_graph=True),
        lambda: autograd.sqrt(Value(0.0)).backward(create_graph=True),
        lambda: autograd.jacobian(autograd.sqrt)(np.zeros(2)),
    ],
)
def test_every_reverse_transform(differentiate):
    with detect_anomaly(), pytest.raises(AnomalyError):
        differentiate()
    with np.errstate(all="ignore"):
        differentiate()


def test_the_seed_is_to_blame():
    x = two(1.0)
    with detect_anomaly(), pytest.raises(AnomalyError, match="given to start with is nan"):
        (x * 2.0).backward(np.array([NAN, 0.0]))
    assert x.grad.tolist() == [0.0, 0.0]


def test_the_sum_of_finite_contributions_is_to_blame():
    x = Value(1e-10)
    with detect_anomaly():
        y = x * 1.0
        root = y * 1.5e308 + y * 1.5e308
        with pytest.raises(AnomalyError, match=r"\[multiply\] backward, the contributions"):
            root.backward()


def test_a_module_is_named():
    model = nn.MLP(2, [3, 1], seed=0)
    model.layers[1].weights.data[0, 0] = NAN
    with detect_anomaly(), pytest.raises(AnomalyError, match=r"module MLP > layers\.1") as caught:
        model([0.5, 1.0])
    assert caught.value.origin.modules == ("MLP", "layers.1")
    assert "inputs" not in str(caught.value)


def train(context):
    model = nn.Net(2, [8, 3], "tanh", seed=0)
    generator = np.random.default_rng(1)
    x, targets = generator.normal(size=(6, 2)), [0, 1, 2, 0, 1, 2]
    collected = []
    with context:
        for _ in range(3):
            model.zero_grad()
            loss = nn.losses.cross_entropy(model(x), targets)
            loss.backward(create_graph=True)
            penalty = sum((p.grad * p.grad).sum() for p in model.blocks())
            (loss + 0.1 * penalty).backward()
            model.step(0.1)
            collected.append(loss.data)
    return collected, model.state_dict()


def test_results_have_the_same_bits():
    import contextlib

    with_, without = train(detect_anomaly()), train(contextlib.nullcontext())
    assert with_[0] == without[0]
    for name, array in with_[1].items():
        assert array.tobytes() == without[1][name].tobytes()


def test_interiors_that_nobody_holds_keep_nothing():
    x = Value(np.ones(1000))
    before = autograd.memory()
    with detect_anomaly():
        root = (x * 2.0 * 3.0).sum()
        root.backward()
        root.backward()
    assert x.grad[0] == 12.0
    assert root.args[0].grad[0] == 0.0
    del root
    assert autograd.memory()[:2] == before[:2]


def test_a_deep_graph():
    x = Value(0.0)
    with detect_anomaly():
        y = autograd.sqrt(x)
        for _ in range(100_000):
            y = y + 1.0
        with pytest.raises(AnomalyError, match=r"\[sqrt\]"):
            y.backward()
    assert x.grad == 0.0


def test_nesting_and_going():
    x = two(NAN)
    context = detect_anomaly()
    with context, detect_anomaly("ignore"), context, pytest.raises(AnomalyError):
        x * 1.0
    with context:
        with detect_anomaly("ignore"):
            x * 1.0
        with pytest.raises(AnomalyError):
            x * 1.0
    x * 1.0


def test_to_look_at_an_older_graph_is_no_anomaly():
    root = (two(0.0) * INF) + 1.0
    with detect_anomaly():
        (older,) = [arg for arg in root.args if isinstance(arg, Value)]
        assert np.isnan(older.data[0])
    assert origin_of(older) is None
    assert origin_of(root.args[0]) is None


def test_other_threads_are_not_disturbed():
    results = []

    def work():
        y = autograd.sqrt(two(0.0)).sum() + autograd.log(two(0.0)).sum()
        y.backward()
        results.append((y.data, origin_of(y)))

    with detect_anomaly():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert results == [(-INF, None)]


def test_an_error_can_be_stored():
    with detect_anomaly(), pytest.raises(AnomalyError) as caught:
        autograd.log(two(0.0))
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert again.origin == caught.value.origin
    assert copy.copy(again).operation == "log"


def test_errors_of_others_come_through():
    x = two(1.0)
    with detect_anomaly():
        with pytest.raises(ValueError, match="the root has shape"):
            (x * 2.0).backward()
        with pytest.raises(autograd.NoGradientError):
            Value(1.0, requires_grad=False).backward()
        y = (x * x).sum()
        x.data = [2.0, 3.0]
        with pytest.raises(autograd.StaleValueError):
            y.backward()
        with pytest.raises(ZeroDivisionError):
            Value(1.0) / Value(0.0)
        with pytest.raises(TypeError):
            y.backward(nonsense=1)


def test_what_is_no_choice_is_refused():
    with pytest.raises(ValueError, match=r"^\[detect_anomaly\] inputs='warn' was given - one of"):
        detect_anomaly("warn")
