"""Metrics: by hand, against loops in plain Python, and what they refuse."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.nn.metrics import accuracy, confusion_matrix, precision_recall_f1, r2

SCORES = np.array([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2], [0.2, 0.2, 0.6], [0.4, 0.4, 0.2]])
CLASSES = [accuracy, confusion_matrix, precision_recall_f1]


@pytest.mark.parametrize(
    ("predictions", "targets", "threshold", "expected"),
    [
        (SCORES, [1, 0, 2, 0], None, 1.0),  # of a tie, the first
        (SCORES, [1, 0, 2, 1], None, 0.75),
        (SCORES, [0, 1, 1, 2], None, 0.0),
        (SCORES.reshape(2, 2, 3), [[1, 0], [0, 0]], None, 0.75),
        (SCORES[0], 1, None, 1.0),
        ([0, 1, 2, 2], [0, 1, 1, 2], None, 0.75),
        (np.array([True, False]), [1, 1], None, 0.5),
        (2, 2, None, 1.0),
        ([-1, 1, 1], [-1, 1, -1], None, 2 / 3),
        ([-1, 1, 1], [0, 1, 0], None, 2 / 3),
        ([0.6, 0.5, 0.2], [1, 0, 0], 0.5, 1.0),  # not above: class 0
        ([2.0, -3.0, 0.0], [1, -1, 1], 0.0, 2 / 3),
        ([[2.0], [-3.0]], [[1], [0]], 0.0, 1.0),
        ([2, -3], [1, 1], 0, 0.5),
        (0.9, 1, 0.5, 1.0),
        ([math.nan, 1.0], [0, 1], 0.5, 0.5),
        ([[math.nan, 1.0], [0.0, 1.0]], [0, 1], None, 0.5),
        ([[math.nan, 1.0], [1.0, math.inf]], [1, 1], None, 0.5),
    ],
)
def test_accuracy(predictions, targets, threshold, expected):
    result = accuracy(predictions, targets, threshold=threshold)
    assert (type(result), result) == (float, pytest.approx(expected, rel=1e-15))


@pytest.mark.parametrize("metric", CLASSES)
def test_classes_come_as_values_lists_and_arrays(metric):
    targets = np.array([1, 0, 2, 1])
    expected = metric(SCORES, targets)
    for predictions in (
        Value(SCORES),
        SCORES.tolist(),
        SCORES.astype(np.float32),
        [Value(row) for row in SCORES],
        [[Value(score) for score in row] for row in SCORES],
        (row for row in SCORES),
    ):
        given = list(predictions) if hasattr(predictions, "__next__") else predictions
        for labels in (
            targets,
            targets.tolist(),
            targets.astype(float),
            targets.astype(np.uint8),
            Value(targets),
            [Value(c) for c in targets],
            iter(targets),
        ):
            np.testing.assert_array_equal(metric(given, labels), expected)
    np.testing.assert_array_equal(metric((row for row in SCORES), targets), expected)


def test_nothing_is_recorded_and_all_is_plain():
    before = autograd.memory()
    value, rows = Value(SCORES), [Value(row) for row in SCORES]
    nodes = autograd.memory().nodes
    results = [metric(given, [1, 0, 2, 0]) for metric in CLASSES for given in (value, rows)]
    assert autograd.memory().nodes == nodes
    assert type(results[0]) is float
    assert results[2].dtype == np.int64
    assert all(isinstance(array, np.ndarray) for array in results[4])
    assert type(r2(value, SCORES)) is float
    assert before.nodes <= nodes


@pytest.mark.parametrize("n_classes", [None, 4, 6])
def test_confusion_matrix_and_shares_are_those_of_loops(n_classes):
    generator = np.random.default_rng(0)
    right, predicted = generator.integers(0, 4, (2, 50))
    count = n_classes or 4
    expected = [[sum((right == i) & (predicted == j)) for j in range(count)] for i in range(count)]
    matrix = confusion_matrix(predicted, right, n_classes)
    np.testing.assert_array_equal(matrix, expected)
    assert np.trace(matrix) / 50 == accuracy(predicted, right)
    measured = precision_recall_f1(predicted, right, n_classes)
    for i in range(count):
        found, said, there = expected[i][i], sum(predicted == i), sum(right == i)
        precision, recall = found / said if said else 0.0, found / there if there else 0.0
        both = precision + recall
        f1 = 2 * precision * recall / both if both else 0.0
        assert [array[i] for array in measured] == pytest.approx([precision, recall, f1], rel=1e-14)


@pytest.mark.parametrize(
    ("predictions", "targets", "options", "expected"),
    [
        ([0, 1, 1], [1, 1, 1], {}, [[0, 0], [1, 2]]),
        ([0, 0], [0, 0], {}, [[2]]),
        (SCORES, [1, 0, 0, 0], {}, [[2, 0, 1], [0, 1, 0], [0, 0, 0]]),
        ([0.9, 0.1, 0.8], [1, 1, 0], {"threshold": 0.5}, [[0, 1], [1, 1]]),
        ([1.5, -0.1, 0.8], [1, 1, -1], {"threshold": 0.0}, [[0, 1], [1, 1]]),
        ([1, -1, 1], [1, 1, -1], {}, [[0, 1], [1, 1]]),
        ([0.1], [0], {"threshold": 0.5}, [[1, 0], [0, 0]]),
        ([0.1], [0], {"threshold": 0.5, "n_classes": 3}, [[1, 0, 0], [0, 0, 0], [0, 0, 0]]),
    ],
)
def test_confusion_matrix_has_the_right_classes_in_rows(predictions, targets, options, expected):
    np.testing.assert_array_equal(confusion_matrix(predictions, targets, **options), expected)


@pytest.mark.parametrize(
    ("predictions", "targets", "expected"),
    [
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], 1.0),
        ([2.0, 2.0, 2.0], [1.0, 2.0, 3.0], 0.0),
        ([3.0, 2.0, 1.0], [1.0, 2.0, 3.0], -3.0),
        ([1.0, 1.0], [1.0, 1.0], 1.0),  # constant targets
        ([1.0, 1.5], [1.0, 1.0], 0.0),
        ([0.1] * 3, [0.1] * 3, 1.0),
        ([0.2] * 3, [0.1] * 3, 0.0),  # their mean is not exactly 0.1
        ([[1.0, 3.0], [2.0, 3.0]], [[1.0, 2.0], [2.0, 4.0]], 0.5 * (1.0 + 0.0)),
        (2.0, 2.0, 1.0),
        ([math.nan, 1.0], [0.0, 1.0], math.nan),
        ([math.inf, 1.0], [0.0, 1.0], -math.inf),
    ],
)
def test_r2(predictions, targets, expected):
    assert r2(predictions, targets) == pytest.approx(expected, rel=1e-15, nan_ok=True)
    if np.ndim(predictions):
        values = [Value(p) for p in predictions]
        assert r2(values, Value(targets)) == pytest.approx(expected, rel=1e-15, nan_ok=True)


@pytest.mark.parametrize("metric", [*CLASSES, r2])
@pytest.mark.parametrize(
    ("predictions", "targets", "error", "message"),
    [
        ([], [], ValueError, r"no predictions were given - at least one is needed"),
        ([[1.0, 0.0]], [], ValueError, r"no targets were given - at least one is needed"),
        (
            [1, 0],
            [1, 0, 0],
            ValueError,
            r"predictions of shape \(2,\) and targets of shape \(3,\) ",
        ),
        (
            [[1, 0]],
            [[1], [0]],
            ValueError,
            r"predictions of shape \(1, 2\) and targets of shape \(2",
        ),
        ("01", [1, 0], TypeError, r"predictions is a str - an array or a list"),
        (None, [1, 0], TypeError, r"predictions is a NoneType - an array or a list"),
        ([1, None], [1, 0], TypeError, r"in predictions: None was given"),
        ([1, 0], [1j, 0], TypeError, r"in targets: a complex was given"),
        ([[1, 0], [1]], [1, 0], ValueError, r"in predictions: the shapes \(2,\) and \(1,\) were"),
    ],
)
def test_what_all_of_them_refuse(metric, predictions, targets, error, message):
    name = "confusion_matrix" if metric is precision_recall_f1 else metric.__name__
    with pytest.raises(error, match=rf"^\[{name}\] {message}"):
        metric(predictions, targets)


@pytest.mark.parametrize("metric", CLASSES)
@pytest.mark.parametrize(
    ("predictions", "targets", "options", "error", "message"),
    [
        (
            [0.9, 0.1],
            [1, 0],
            {},
            ValueError,
            r"one score for each target and no threshold was given",
        ),
        (
            Value([1.0]),
            [1],
            {},
            ValueError,
            r"one score for each target and no threshold was given",
        ),
        (
            [[0.9], [0.1]],
            [1, 0],
            {},
            ValueError,
            r"predictions of shape \(2, 1\) were given, of one",
        ),
        (
            SCORES,
            [1, 0, 3, 0],
            {},
            ValueError,
            r"targets\[2\] is 3 - a class from 0 to 2 is needed",
        ),
        (SCORES, [1, 0, -1, 0], {}, ValueError, r"targets\[2\] is -1 - a class from 0 to 2"),
        (SCORES, [1, 0, 0.5, 0], {}, ValueError, r"targets\[2\] is 0.5 - a class from 0 to 2"),
        (SCORES, [1, 0, math.nan, 0], {}, ValueError, r"targets\[2\] is nan - a class from 0 to 2"),
        ([1, 0], [0.5, 0], {}, ValueError, r"targets\[0\] is 0.5 - a class, 0 or above, is needed"),
        ([1, 0], [-1, 0], {}, ValueError, r"targets\[1\] is 0 - -1 or 1 is needed, for targets of"),
        ([-1, 2], [-1, 1], {}, ValueError, r"predictions\[1\] is 2 - -1 or 1 is needed, for pred"),
        (
            [0.9, 0.1],
            [1, 2],
            {"threshold": 0.5},
            ValueError,
            r"targets\[1\] is 2 - 0 or 1 is needed",
        ),
        (
            SCORES,
            [1, 0, 2, 0],
            {"threshold": 0.5},
            ValueError,
            r".* a threshold, one score for each",
        ),
        ([0.9, 0.1], [1, 0], {"threshold": "0"}, TypeError, r"threshold is a str - a number is"),
    ],
)
def test_what_is_no_class_is_refused(metric, predictions, targets, options, error, message):
    name = "accuracy" if metric is accuracy else "confusion_matrix"
    with pytest.raises(error, match=rf"^\[{name}\] {message}"):
        metric(predictions, targets, **options)


@pytest.mark.parametrize(
    ("predictions", "n_classes", "error", "message"),
    [
        (
            [0, 3],
            3,
            ValueError,
            r"n_classes=3 and class 3 in predictions were given - more classes",
        ),
        ([0, 0], 1, ValueError, r"n_classes=1 and class 1 in targets were given - more .* least 2"),
        ([0, 0], 0, ValueError, r"n_classes=0 was given - at least 1 is needed"),
        ([0, 0], 2.0, TypeError, r"n_classes is 2.0, a float - an integer is needed"),
        (
            [[0.0, 1.0], [0.0, math.nan]],
            None,
            ValueError,
            r"the scores of predictions\[1\] are nan",
        ),
    ],
)
def test_what_the_confusion_matrix_refuses(predictions, n_classes, error, message):
    with pytest.raises(error, match=rf"^\[confusion_matrix\] {message}"):
        confusion_matrix(predictions, [0, 1], n_classes)
