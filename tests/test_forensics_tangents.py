"""Anomalies in the forward mode: at which operation a tangent stops being finite, and why."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import autograd
from autograd import Value, _core
from autograd.forensics import AnomalyError, detect_anomaly, origin_of, origins

INF, NAN = float("inf"), float("nan")
METHODS = (Value.backward, _core.gradients, _core.push_forward)
ZERO = np.array([4.0, 0.0])
ONES = np.ones(2)


@pytest.fixture(autouse=True)
def as_before():
    yield
    assert (Value.backward, _core.gradients, _core.push_forward) == METHODS


cube_root = autograd.custom_operation(np.cbrt, lambda gradient, _, x: gradient / (3 * x ** (2 / 3)))

# What is differentiated and where, the operation that is to blame, and what its tangent is.
CASES = {
    "sqrt at 0": (lambda x: (autograd.sqrt(x) * 3.0).sum(), ZERO, "sqrt", INF),
    "a number": (lambda x: autograd.sqrt(x) + 1.0, 0.0, "sqrt", INF),
    "a power": (lambda x: (x**0.5).sum(), ZERO, "power", INF),
    "a norm": (lambda x: autograd.sqrt((x * x).sum()), np.zeros(2), None, None),
    "overflow": (lambda x: (x * 1e200).sum() * 1e200, np.zeros(2), "multiply", INF),
    "a product": (lambda x: (x * 1e200) @ np.array([1e200, 0.0]), np.zeros(2), "matmul", INF),
    "a neuron": (
        lambda x: autograd.dot([x[0], x[1]], [1e308, 1e308]),
        np.zeros(2),
        "dot",
        INF,
    ),
    "of the user's": (lambda x: cube_root(x).sum(), ZERO, "custom", INF),
    "behind one of the user's": (lambda x: autograd.sqrt(cube_root(x) - 1.0), 1.0, "sqrt", INF),
    "used twice": (lambda x: (autograd.sqrt(x) + autograd.sqrt(x)).sum(), ZERO, "sqrt", INF),
}


@pytest.mark.parametrize("case", CASES)
def test_the_first_operation(case):
    function, at, operation, tangent = CASES[case]
    direction = np.ones_like(at) if isinstance(at, np.ndarray) else 1.0
    if operation is None:  # a change of 0 stays 0
        with detect_anomaly():
            assert autograd.jvp(function, (at,), (direction,))[1] == 0.0
        return
    with np.errstate(all="ignore"), detect_anomaly(), pytest.raises(AnomalyError) as caught:
        autograd.jvp(function, (at,), (direction,))
    error = caught.value
    assert error.phase == "tangent"
    assert operation in error.operation
    assert error.result.first == tangent
    assert all(operand.where is None for operand in error.tangents)
    assert error.tangents
    assert error.origin.line == function.__code__.co_firstlineno
    assert error.origin.filename == __file__
    assert error.origin.source in str(error)
    assert f"its tangent is {tangent}" in str(error)


def test_the_tangent_that_was_given_is_to_blame():
    with detect_anomaly(), pytest.raises(AnomalyError, match="the tangent that was given is nan"):
        autograd.jvp(lambda x: (x * 2.0).sum(), (ONES,), (np.array([1.0, NAN]),))


def test_the_branch_that_was_not_chosen_is_no_anomaly():
    with detect_anomaly():
        _, slope = autograd.jvp(
            lambda x: autograd.where(x.data > 0, autograd.sqrt(x), 0.0).sum(), (ZERO,), (ONES,)
        )
    assert slope == 0.25


def test_forward_jacobians_are_watched():
    with detect_anomaly(), pytest.raises(AnomalyError) as caught:
        autograd.jacobian(lambda x: autograd.stack([autograd.sqrt(x)] * 3))(0.0)
    assert caught.value.phase in ("tangent", "backward")
    assert caught.value.operation == "sqrt"


def test_tangents_that_are_values():
    direction = Value(1.0)
    with detect_anomaly(), pytest.raises(AnomalyError) as caught:
        autograd.jvp(lambda x: autograd.sqrt(x), (0.0,), (direction,))
    assert caught.value.operation == "sqrt"
    with detect_anomaly():
        _, slope = autograd.jvp(autograd.sqrt, (4.0,), (direction,))
    assert isinstance(slope, Value)
    assert slope.data == 0.25


def test_results_have_the_same_bits():
    def function(x):
        return autograd.tanh(x @ np.arange(6.0).reshape(2, 3)).sum() / (x * x).sum()

    at, direction = np.array([0.3, -0.7]), np.array([1.0, 0.5])
    plain = autograd.jvp(function, (at,), (direction,))
    with detect_anomaly():
        assert autograd.jvp(function, (at,), (direction,)) == plain


def test_other_threads_are_not_disturbed():
    results = []

    def elsewhere():
        results.append(autograd.jvp(autograd.sqrt, (0.0,), (1.0,))[1])

    with detect_anomaly():
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert results == [INF]


def test_only_who_detects_looks():
    with origins():
        assert autograd.jvp(autograd.sqrt, (0.0,), (1.0,))[1] == INF
        with detect_anomaly(), pytest.raises(AnomalyError):
            autograd.jvp(autograd.sqrt, (0.0,), (1.0,))
        assert autograd.jvp(autograd.sqrt, (0.0,), (1.0,))[1] == INF
        value = Value(2.0) * 3.0
    assert origin_of(value) is not None


def test_elements_of_arrays():
    weights = Value([0.0, 4.0])
    element = weights[0]
    root = autograd.sqrt(element) * 2.0
    for inputs, given in (([element], [1.0]), ([weights], [ONES])):
        with detect_anomaly(), pytest.raises(AnomalyError) as caught:
            _core.push_forward(root, inputs, given, False)
        assert caught.value.operation == "sqrt"
        assert caught.value.tangents[0].data == 1.0
