"""Losses of several classes: against PyTorch, extremes, and what they refuse."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.nn.losses import cross_entropy, kl, mse, nll
from autograd.testing import check_grads

torch = pytest.importorskip("torch")
functional = torch.nn.functional

SHAPES = [(3,), (1, 4), (6, 3), (2, 3, 5), (2, 2, 3, 4)]
REDUCTIONS = ["mean", "sum", "none"]


def batchmean(log_probabilities, targets, reduction):
    """PyTorch's kl_div adds up nothing: sum over classes, then reduce over distributions."""
    losses = functional.kl_div(log_probabilities, targets, reduction="none").sum(-1)
    return losses if reduction == "none" else getattr(losses, reduction)()


def rows(function):
    """PyTorch has the classes in axis 1: make all leading axes one, and undo it."""

    def on_rows(scores, targets, reduction, **options):
        n_classes, leading = scores.shape[-1], scores.shape[:-1]
        flat = (
            targets.reshape(-1) if targets.dtype == torch.int64 else targets.reshape(-1, n_classes)
        )
        result = function(scores.reshape(-1, n_classes), flat, reduction=reduction, **options)
        return result.reshape(leading) if reduction == "none" else result

    return on_rows


REFERENCES = {
    cross_entropy: rows(functional.cross_entropy),
    nll: rows(functional.nll_loss),
    kl: batchmean,
}
KINDS = [
    (cross_entropy, "classes", {}),
    (cross_entropy, "classes", {"label_smoothing": 0.1}),
    (cross_entropy, "classes", {"label_smoothing": 1.0}),
    (cross_entropy, "probabilities", {}),
    (cross_entropy, "probabilities", {"label_smoothing": 0.3}),
    (cross_entropy, "classes", {"class_weights": True}),
    (cross_entropy, "classes", {"class_weights": True, "label_smoothing": 0.2}),
    (cross_entropy, "probabilities", {"class_weights": True, "label_smoothing": 0.3}),
    (nll, "classes", {}),
    (nll, "classes", {"class_weights": True}),
    (kl, "probabilities", {}),
]


def spelled(options, scores):
    """Return the options for us and for PyTorch, with a weight for each class; one is 0."""
    if "class_weights" not in options:
        return options, options
    rest = {name: option for name, option in options.items() if name != "class_weights"}
    weights = np.arange(1.0, scores.shape[-1] + 1.0) / 4
    weights[1] = 0.0
    theirs = torch.tensor(weights, dtype=torch.float64 if scores.dtype == float else torch.float32)
    return {**rest, "class_weights": weights.tolist()}, {**rest, "weight": theirs}


def sample(loss, kind, shape, dtype=np.float64):
    """Draw scores and targets; some probabilities are zero."""
    generator = np.random.default_rng(sum(shape))
    scores = 3 * generator.normal(size=shape)
    if loss is not cross_entropy:
        scores -= np.log(np.exp(scores).sum(-1, keepdims=True))
    if kind == "classes":
        return scores.astype(dtype), generator.integers(0, shape[-1], shape[:-1])
    targets = generator.random(shape) * (generator.random(shape) < 0.7) + 1e-3
    targets[..., 0] = 0.0
    return scores.astype(dtype), (targets / targets.sum(-1, keepdims=True)).astype(dtype)


@pytest.mark.parametrize(("loss", "kind", "options"), KINDS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_value_and_gradient_are_those_of_pytorch(loss, kind, options, shape, reduction):
    scores, targets = sample(loss, kind, shape)
    if kind == "classes":
        targets = targets - (targets == 1)  # at least one that counts
    options, its = spelled(options, scores)
    ours, theirs = Value(scores), torch.tensor(scores, requires_grad=True)
    result = loss(ours, targets, reduction=reduction, **options)
    reference = REFERENCES[loss](theirs, torch.tensor(targets), reduction, **its)
    assert result.shape == reference.shape
    assert result.shape == (shape[:-1] if reduction == "none" else ())
    np.testing.assert_allclose(result.data, reference.detach().numpy(), rtol=1e-12, atol=1e-14)
    direction = np.random.default_rng(0).normal(size=result.shape)
    (result * direction).sum().backward()
    (reference * torch.tensor(direction)).sum().backward()
    np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize(("loss", "kind", "options"), KINDS)
def test_float32_stays_float32(loss, kind, options):
    scores, targets = sample(loss, kind, (6, 3), np.float32)
    options, its = spelled(options, scores)
    ours, theirs = Value(scores), torch.tensor(scores, requires_grad=True)
    wide = targets if kind == "classes" else targets.astype(np.float64)
    result = loss(ours, wide, reduction="none", **options)
    assert result.dtype == np.float32
    result.sum().backward()
    assert ours.grad.dtype == np.float32
    reference = REFERENCES[loss](theirs, torch.tensor(targets), "none", **its)
    reference.sum().backward()
    np.testing.assert_allclose(result.data, reference.detach().numpy(), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("loss", "kind", "options"), KINDS)
@pytest.mark.parametrize(
    ("shape", "axis"), [((4,), 0), ((5, 3), 0), ((2, 4, 3), 1), ((2, 4, 3), -2)]
)
def test_classes_along_another_axis(loss, kind, options, shape, axis):
    last = [length for i, length in enumerate(shape) if i != axis % len(shape)]
    scores, targets = sample(loss, kind, (*last, shape[axis]))
    options, _ = spelled(options, scores)
    expected = Value(scores)
    reference = loss(expected, targets, reduction="none", **options)
    reference.sum().backward()
    ours = Value(np.moveaxis(scores, -1, axis))
    given = targets if kind == "classes" else np.moveaxis(targets, -1, axis)
    result = loss(ours, given, axis=axis, reduction="none", **options)
    result.sum().backward()
    np.testing.assert_array_equal(result.data, reference.data)
    np.testing.assert_array_equal(ours.grad, np.moveaxis(expected.grad, -1, axis))


@pytest.mark.parametrize(("loss", "kind", "options"), KINDS)
def test_all_that_lists_may_be(loss, kind, options):
    scores, targets = sample(loss, kind, (3, 4))
    options, _ = spelled(options, scores)
    array = Value(scores)
    expected = loss(array, targets, **options)
    expected.backward()
    for values in (
        [[Value(score) for score in row] for row in scores],
        tuple(tuple(map(Value, row)) for row in scores),
        np.array([[Value(score) for score in row] for row in scores]),
        [Value(row) for row in scores],
    ):
        loss_of_lists = loss(values, targets.tolist(), **options)
        assert loss_of_lists.data == expected.data
        loss_of_lists.backward()
        gradients = [
            row.grad if isinstance(row, Value) else [value.grad for value in row] for row in values
        ]
        np.testing.assert_array_equal(gradients, array.grad)
    assert loss((row for row in scores.tolist()), targets, **options).data == expected.data
    assert loss(scores, targets, **options).data == expected.data
    assert not loss(scores.tolist(), targets, **options).requires_grad
    constant = Value(targets.astype(float), requires_grad=False)
    assert loss(array, constant, **options).data == expected.data
    assert loss(array, (row for row in targets), **options).data == expected.data
    if kind == "probabilities":
        nested = [[Value(t, requires_grad=False) for t in row] for row in targets]
        assert loss(array, nested, **options).data == expected.data


@pytest.mark.parametrize("kind", ["classes", "probabilities"])
def test_one_sample_is_a_list_of_scores(kind):
    scores, targets = sample(cross_entropy, kind, (4,))
    expected = cross_entropy(Value(scores[np.newaxis]), targets[np.newaxis]).data
    target = int(targets) if kind == "classes" else targets.tolist()
    values = [Value(score) for score in scores]
    for reduction in REDUCTIONS:
        result = cross_entropy(values, target, reduction=reduction)
        assert (result.shape, result.data) == ((), pytest.approx(expected, rel=1e-15))
    result.backward()
    assert sum(value.grad for value in values) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("dtype", ["i1", "u1", "i8", "u8", "f4", "f8", "?", ">i4"])
def test_classes_of_any_type(dtype):
    classes = np.array([1, 0, 1])
    logits = Value(np.random.default_rng(2).normal(size=(3, 4)))
    expected = cross_entropy(logits, classes).data
    assert cross_entropy(logits, classes.astype(dtype)).data == expected
    strided = np.repeat(classes.astype(dtype), 2)[::2]
    assert cross_entropy(logits, strided).data == expected


@pytest.mark.parametrize("label_smoothing", [0.0, 0.1])
def test_extreme_logits_are_stable(label_smoothing):
    logits = Value([[1000.0, 0.0, -1000.0]] * 3)
    result = cross_entropy(logits, [0, 1, 2], label_smoothing=label_smoothing, reduction="none")
    share = label_smoothing
    expected = (1 - share) * np.array([0.0, 1000.0, 2000.0]) + share * 1000.0
    np.testing.assert_allclose(result.data, expected, rtol=1e-15)
    result.sum().backward()
    wanted = np.array([[1.0, 0, 0]] * 3) - (1 - share) * np.eye(3) - share / 3
    np.testing.assert_allclose(logits.grad, wanted, rtol=1e-15, atol=1e-15)


def test_a_small_loss_keeps_its_digits():
    logits = Value([1000.0, 970.0])
    loss = cross_entropy(logits, 0)
    loss.backward()
    assert loss.data == pytest.approx(math.log1p(math.exp(-30.0)), rel=1e-2)  # log(1 + 9e-14)
    assert logits.grad[1] == pytest.approx(math.exp(-30.0), rel=1e-12)


@pytest.mark.parametrize("target", [0, [0.25, 0.75, 0.0], [1.0, 0.0, 0.0]])
def test_a_class_that_is_ruled_out_counts_as_nothing(target):
    logits = Value([1.0, 2.0, -math.inf])
    loss = cross_entropy(logits, target)
    loss.backward()
    shorter = Value([1.0, 2.0])
    expected = cross_entropy(shorter, target if target == 0 else target[:2])
    expected.backward()
    assert loss.data == pytest.approx(expected.data, rel=1e-15)
    np.testing.assert_allclose(logits.grad, [*shorter.grad, 0.0], rtol=1e-14)
    assert cross_entropy([1.0, -math.inf], 1).data == math.inf
    if target != 0:
        values = autograd.log_softmax(logits)
        assert kl(values, target).data == pytest.approx(
            kl(autograd.log_softmax(shorter), target[:2]).data, rel=1e-14
        )


@pytest.mark.parametrize("loss", [cross_entropy, nll, kl])
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_scores_that_are_nan_flow(loss, reduction):
    target = [[0.5, 0.5], [0.5, 0.5]] if loss is kl else [1, 0]
    result = loss(Value([[0.0, math.nan], [-1.0, -1.0]]), target, reduction=reduction)
    assert np.isnan(result.data).any()


def test_divergence_of_equal_distributions_is_zero():
    p = np.array([0.2, 0.3, 0.5])
    value = Value(np.log(p))
    loss = kl(value, p)
    loss.backward()
    assert loss.data == 0.0
    np.testing.assert_array_equal(value.grad, -p)


@pytest.mark.parametrize(("loss", "kind", "options"), KINDS)
def test_derivatives_to_the_second_order(loss, kind, options):
    scores, targets = sample(loss, kind, (3, 4))
    options, its = spelled(options, scores)

    def function(x):
        values = x if loss is cross_entropy else autograd.log_softmax(x)
        return loss(values, targets, **options)

    check_grads(function, scores, order=2)
    if loss is cross_entropy and options is its:
        p = np.exp(scores[0]) / np.exp(scores[0]).sum()
        hessian = autograd.hessian(function)(scores)[0, :, 0]
        np.testing.assert_allclose(
            hessian, (np.diag(p) - np.outer(p, p)) / 3, rtol=1e-9, atol=1e-12
        )


def test_nll_of_log_softmax_is_the_cross_entropy():
    logits, classes = sample(cross_entropy, "classes", (7, 5))
    _, probabilities = sample(cross_entropy, "probabilities", (7, 5))
    logarithms = autograd.log_softmax(logits)
    assert nll(logarithms, classes).data == pytest.approx(
        cross_entropy(logits, classes).data, rel=1e-14
    )
    entropy = -np.sum(probabilities * np.log(np.where(probabilities > 0, probabilities, 1))) / 7
    assert kl(logarithms, probabilities).data == pytest.approx(
        cross_entropy(logits, probabilities).data - entropy, rel=1e-12
    )


THREE = [[0.0, -1.0, -2.0], [-1.0, -2.0, -3.0]]


@pytest.mark.parametrize("loss", [cross_entropy, nll])
def test_weights_of_classes(loss):
    """Twice the weight is twice the sample; a class of weight 0 is as if it was not there."""
    values = autograd.log_softmax(Value(THREE))
    twice = loss(values, [0, 1], class_weights=[2.0, 1.0, 5.0])
    expected = loss(autograd.stack([values[0], values[0], values[1]]), [0, 0, 1])
    assert twice.data == pytest.approx(expected.data, rel=1e-14)
    alone = loss(values, [0, 1], class_weights=np.array([0, 3, 0]))
    assert alone.data == pytest.approx(loss(values[1:], [1]).data, rel=1e-14)
    ruled_out = Value([[-1.0, -math.inf], [-1.0, -1.0]])
    assert math.isfinite(loss(ruled_out, [1, 0], class_weights=[1.0, 0.0]).data)
    assert loss(ruled_out[1], 0, class_weights=[4.0, 1.0]).data == loss(ruled_out[1], 0).data


@pytest.mark.parametrize("loss", [cross_entropy, nll])
@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        ([1.0, 2.0], ValueError, r"class_weights of shape \(2,\) were given - shape \(3,\) is"),
        (2.0, ValueError, r"class_weights of shape \(\) were given - shape \(3,\) is needed"),
        ([1, 1, -1], ValueError, r"class_weights\[2\] is -1.0 - a finite number >= 0 is needed"),
        ([1, math.nan, 1], ValueError, r"class_weights\[1\] is nan - a finite number >= 0"),
        ([[1], [1, 2]], TypeError, "class_weights is a list that is no array of numbers"),
        (Value([1.0, 1.0, 1.0]), TypeError, "class_weights is a Value that is no array"),
        ("balanced", TypeError, "class_weights is a str that is no array of numbers - one for"),
        ([0, 0, 1], ValueError, "class_weights are 0 for each class that occurs in the targets"),
    ],
)
def test_bad_weights_of_classes(loss, weights, error, message):
    with pytest.raises(error, match=rf"^\[{loss.__name__}\] {message}"):
        loss(THREE, [0, 1], class_weights=weights)


BAD = [
    (cross_entropy, THREE, [0, 3], r"targets\[1\] is class 3 of 3 - a class from 0 to 2 is needed"),
    (nll, THREE, [-1, 0], r"targets\[0\] is class -1 of 3 - a class from 0 to 2 is needed"),
    (cross_entropy, THREE[0], 7, r"targets is class 7 of 3 - a class from 0 to 2 is needed"),
    (cross_entropy, THREE, [0.0, 0.5], r"targets\[1\] is 0.5 - a class is needed, a whole number"),
    (cross_entropy, THREE, [math.nan, 0.0], r"targets\[0\] is nan - a class is needed"),
    (nll, THREE, [0, math.inf], r"targets\[1\] is inf - a class is needed"),
    (nll, THREE, [0.0, 1e300], r"targets\[1\] is 1e\+300 - a class is needed"),
    (
        cross_entropy,
        THREE,
        [0, 1, 2],
        r".* targets of shape \(2,\), a class .*, or shape \(2, 3\), a probability for each class,",
    ),
    (
        cross_entropy,
        THREE,
        [[0], [1]],
        r"logits of shape \(2, 3\) and targets of shape \(2, 1\) were",
    ),
    (nll, THREE, THREE, r"log_prob.* targets of shape \(2,\), a class for each sample, are needed"),
    (
        kl,
        THREE,
        [0, 1],
        r"log_prob.* targets of shape \(2, 3\), a probability for each class, are n",
    ),
    (cross_entropy, THREE, [[1, 0, 0], [0, 2, -1]], r"targets\[1, 2\] is -1.0 - a probability in"),
    (kl, THREE, [[1, 0, 0], [0, math.nan, 1]], r"targets\[1, 1\] is nan - a probability in"),
    (kl, THREE, [[1, 0, 0], [0, 1, 1]], r"targets\[1\] adds up to 2.0 over the classes - 1 is"),
    (cross_entropy, THREE[0], [0.5, 0.5, 0.5], r"targets adds up to 1.5 over the classes - 1 is"),
    (nll, [[0.5, -1.0], [-1.0, -1.0]], [0, 1], r"log_probabilities\[0, 0\] is 0.5 - a number <= 0"),
    (
        kl,
        [-1.0, 2.0],
        [0.5, 0.5],
        r"log_probabilities\[1\] is 2.0 - a number <= 0 is needed\. Apply",
    ),
    (cross_entropy, [], [], r"no logits were given - at least one is needed"),
    (nll, np.zeros((0, 3)), [], r"no log_probabilities were given - at least one is needed"),
    (cross_entropy, Value(1.0), 0, r"logits of shape \(\) were given - a number for each class"),
    (cross_entropy, [[1.0, 2.0], [1.0]], [0, 0], r"in logits: the shapes \(2,\) and \(1,\) were"),
    (cross_entropy, THREE, [[1, 0], [1]], r"in targets: "),
    (cross_entropy, Value(THREE), Value([0.0, 1.0]), r"targets that require a gradient were given"),
    (kl, THREE, [Value([1.0, 0, 0]), Value([0, 1.0, 0])], r"targets that require a gradient were"),
    (kl, THREE[0], [Value(1.0), 0.0, 0.0], r"targets that require a gradient were given"),
]


@pytest.mark.usefixtures("balanced")
@pytest.mark.parametrize(("loss", "scores", "targets", "message"), BAD)
def test_values_that_are_refused(loss, scores, targets, message):
    with pytest.raises(ValueError, match=rf"^\[{loss.__name__}\] {message}"):
        loss(scores, targets)


def test_places_are_those_before_the_axis_is_moved():
    targets = np.full((2, 3, 4), 1 / 3)
    targets[1, 2, 3] = -1
    with pytest.raises(ValueError, match=r"^\[cross_entropy\] targets\[1, 2, 3\] is -1.0"):
        cross_entropy(np.zeros((2, 3, 4)), targets, axis=1)
    with pytest.raises(ValueError, match=r"^\[nll\] log_probabilities\[1, 2, 3\] is 1.0 - a"):
        nll(-targets, np.zeros((3, 4), int), axis=0)


@pytest.mark.parametrize("loss", [cross_entropy, nll, kl])
@pytest.mark.parametrize("bad", ["abc", None, 1j, [1.0, "2"], [None], {"a": 1}, np.array(["a"])])
def test_types_that_are_refused(loss, bad):
    target = [1.0, 0.0] if loss is kl else 0
    with pytest.raises(TypeError, match=rf"^\[{loss.__name__}\] .* - .* needed"):
        loss(bad, target)
    with pytest.raises(TypeError, match=rf"^\[{loss.__name__}\] .* - .* needed"):
        loss([0.0, -1.0], bad)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"reduction": "max"}, ValueError, r"reduction='max' was given - 'mean', 'sum' or 'none'"),
        ({"axis": 2}, ValueError, r"axis=2 was given - an int from -2 to 1 is needed, for 2 axes"),
        ({"axis": None}, ValueError, r"axis=None was given - an int from -2 to 1 is needed"),
        ({"label_smoothing": -0.1}, ValueError, r"label_smoothing=-0.1 was given - a number in"),
        ({"label_smoothing": 1.5}, ValueError, r"label_smoothing=1.5 was given - a number in"),
        ({"label_smoothing": math.nan}, ValueError, r"label_smoothing=nan was given - a number in"),
        ({"label_smoothing": "0"}, TypeError, r"label_smoothing is a str - a number is needed"),
    ],
)
def test_options_are_checked(options, error, message):
    with pytest.raises(error, match=rf"^\[cross_entropy\] {message}"):
        cross_entropy(Value(THREE), [0, 1], **options)


def test_a_batch_is_a_few_nodes():
    logits = Value(np.zeros((32, 10)))
    before = autograd.memory().nodes
    loss = cross_entropy(logits, np.zeros(32, int))
    assert autograd.memory().nodes - before <= 8
    assert loss.data == pytest.approx(math.log(10))


def test_a_network_learns_classes():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(60, 2))
    classes = (x[:, 0] > 0).astype(int) + 2 * (x[:, 1] > 0)
    weights, bias = Value(np.zeros((2, 4))), Value(np.zeros(4))
    for _ in range(60):
        loss = cross_entropy(x @ weights + bias, classes)
        loss.backward()
        for parameter in (weights, bias):
            parameter.data -= 2.0 * parameter.grad
            parameter.zero_grad()
    assert loss.data < 0.3
    assert mse(weights, np.zeros((2, 4))).data > 0
