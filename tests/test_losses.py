"""Losses: values and gradients against PyTorch, extremes, and what they refuse."""

from __future__ import annotations

import math
import random
import re

import numpy as np
import pytest

from autograd import Value
from autograd.nn.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    hinge,
    mse,
)

torch = pytest.importorskip("torch")
functional = torch.nn.functional

ALL = [mse, hinge, binary_cross_entropy, binary_cross_entropy_with_logits]

REFERENCES = {
    mse: functional.mse_loss,
    hinge: lambda s, t: torch.relu(1 - t * s).mean(),
    binary_cross_entropy: functional.binary_cross_entropy,
    binary_cross_entropy_with_logits: functional.binary_cross_entropy_with_logits,
}


def sample(loss, generator, n):
    """Draw predictions and targets from the domain of a loss."""
    if loss is binary_cross_entropy:
        predictions = [generator.uniform(0.001, 0.999) for _ in range(n)]
    else:
        predictions = [generator.uniform(-5, 5) for _ in range(n)]
    if loss is mse:
        return predictions, [generator.uniform(-5, 5) for _ in range(n)]
    if loss is hinge:
        return predictions, [generator.choice([-1, 1]) for _ in range(n)]
    return predictions, [generator.choice([0, 1, generator.random()]) for _ in range(n)]


@pytest.mark.parametrize("loss", ALL)
@pytest.mark.parametrize("n", [1, 2, 17])
def test_value_and_gradient_are_those_of_pytorch(loss, n):
    predictions, targets = sample(loss, random.Random(n), n)
    ours = [Value(p) for p in predictions]
    result = loss(ours, targets)
    result.backward()
    theirs = torch.tensor(predictions, dtype=torch.float64, requires_grad=True)
    reference = REFERENCES[loss](theirs, torch.tensor(targets, dtype=torch.float64))
    reference.backward()
    assert result.data == pytest.approx(reference.item(), rel=1e-13)
    np.testing.assert_allclose([v.grad for v in ours], theirs.grad.numpy(), rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("loss", ALL)
def test_lists_tuples_iterators_and_arrays(loss):
    predictions, targets = sample(loss, random.Random(3), 4)
    expected = loss(predictions, targets).data
    for convert in (list, tuple, iter, np.array):
        assert loss(convert(predictions), convert(targets)).data == expected
        assert loss([Value(p) for p in predictions], convert(targets)).data == expected
    constants = [Value(t, requires_grad=False) for t in targets]
    assert loss(predictions, constants).data == expected


@pytest.mark.parametrize("loss", ALL)
@pytest.mark.parametrize("shape", [(1,), (6,), (6, 1), (1, 6), (2, 3)])
def test_arrays_give_what_lists_and_pytorch_give(loss, shape):
    predictions, targets = sample(loss, random.Random(6), math.prod(shape))
    scalars = [Value(p) for p in predictions]
    expected = loss(scalars, targets)
    expected.backward()
    gradients = np.reshape([v.grad for v in scalars], shape)
    array, labels = np.reshape(predictions, shape), np.reshape(targets, shape)
    for convert in (
        lambda t: t,
        lambda t: t.tolist() if t.ndim == 1 else t,
        lambda t: Value(t, requires_grad=False),
        lambda t: np.asfortranarray(t),
    ):
        ours = Value(array)
        result = loss(ours, convert(labels))
        assert (result.shape, result.data) == ((), expected.data)
        result.backward()
        np.testing.assert_array_equal(ours.grad, gradients)
    plain = loss(array, labels)
    assert (plain.data, plain.requires_grad) == (expected.data, False)
    theirs = torch.tensor(array, requires_grad=True)
    REFERENCES[loss](theirs, torch.tensor(labels, dtype=torch.float64)).backward()
    np.testing.assert_allclose(gradients, theirs.grad.numpy(), rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("loss", ALL)
def test_float32_stays_float32(loss):
    predictions, targets = sample(loss, random.Random(7), 50)
    ours = Value(np.array(predictions, np.float32))
    result = loss(ours, np.array(targets))
    result.backward()
    assert ours.grad.dtype == np.float32
    theirs = torch.tensor(ours.data, requires_grad=True)
    reference = REFERENCES[loss](theirs, torch.tensor(targets, dtype=torch.float32))
    reference.backward()
    assert result.data == pytest.approx(reference.item(), rel=1e-5)
    np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("loss", ALL)
@pytest.mark.parametrize(
    ("left", "right"), [((4,), (4, 1)), ((4, 1), (4,)), ((2, 2), (4,)), ((3, 1), (1, 3))]
)
def test_nothing_is_broadcast(loss, left, right):
    shapes = rf"\w+ of shape {re.escape(str(left))} and targets of shape {re.escape(str(right))}"
    message = rf"^\[{loss.__name__}\] {shapes} were given - as many of each are needed\. Resh"
    for convert in (Value, np.array):
        with pytest.raises(ValueError, match=message):
            loss(convert(np.full(left, 0.5)), np.ones(right))
    if left == (4,):
        with pytest.raises(ValueError, match=message):
            loss([Value(0.5)] * 4, np.ones(right))


@pytest.mark.parametrize("loss", ALL)
def test_an_array_and_a_number_are_no_pairs(loss):
    with pytest.raises(ValueError, match=r"3 \w+ and 1 targets were given - as many of each"):
        loss(Value(np.full(3, 0.5)), 1)
    with pytest.raises(ValueError, match=r"shape \(3, 1\) and targets of shape \(1,\) were given"):
        loss(Value(np.full((3, 1), 0.5)), 1)


@pytest.mark.parametrize("loss", ALL)
def test_a_list_of_arrays_is_refused(loss):
    with pytest.raises(TypeError, match=r"\[0\] is a Value of shape \(1,\) - a Value or a number"):
        loss([Value([0.5]), Value([0.5])], [1, 1])


@pytest.mark.parametrize(
    ("loss", "predictions", "targets", "message"),
    [
        (hinge, [[0.5], [0.5]], [[1], [0]], r"targets\[1, 0\] is 0.0 - -1 or 1 is needed"),
        (binary_cross_entropy, [[0.5, 2.0]], [[1, 1]], r"probabilities\[0, 1\] is 2.0 - a number"),
        (binary_cross_entropy, [[1.0, 0.0]], [[1, 1]], r"probabilities\[0, 1\] is 0.0 for the t"),
        (binary_cross_entropy_with_logits, [[0.5, 2.0]], [[1, 7]], r"targets\[0, 1\] is 7.0 - a"),
    ],
)
def test_a_place_in_an_array_is_named(loss, predictions, targets, message):
    with pytest.raises(ValueError, match=rf"^\[{loss.__name__}\] {message}"):
        loss(Value(predictions), np.array(targets))


def test_arrays_of_logits_are_stable():
    logits = Value([[1000.0, -1000.0], [1000.0, -1000.0], [40.0, 0.0]])
    targets = np.array([[1, 1], [0, 0], [1, 1]])
    loss = binary_cross_entropy_with_logits(logits, targets)
    loss.backward()
    assert loss.data == pytest.approx((2000.0 + math.log(2)) / 6, rel=1e-15)
    gradients = 6 * logits.grad
    np.testing.assert_allclose(gradients[:2], [[0, -1], [1, 0]], rtol=1e-15, atol=0)
    np.testing.assert_allclose(gradients[2], [-1 / (1 + math.exp(40)), -0.5], rtol=1e-14)


@pytest.mark.parametrize("soft", [False, True])
def test_a_certain_and_right_probability_in_an_array(soft):
    p = Value([1.0, 0.0, 0.5, 0.25])
    loss = binary_cross_entropy(p, [1, 0, 1, 0.5 if soft else 1])
    loss.backward()
    np.testing.assert_allclose(p.grad[:3], [-0.25, 0.25, -0.5], rtol=1e-15)
    assert math.isfinite(loss.data)
    assert np.isfinite(p.grad).all()


@pytest.mark.parametrize("loss", ALL)
def test_a_single_value_with_a_single_number(loss):
    [prediction], [target] = sample(loss, random.Random(4), 1)
    value = Value(prediction)
    result = loss(value, target)
    assert result.data == loss([prediction], [target]).data
    result.backward()
    assert value.grad != 0.0 or loss is hinge
    assert loss(value, np.float64(target)).data == loss([value], target).data == result.data


@pytest.mark.parametrize("loss", ALL)
def test_of_plain_numbers_nothing_is_recorded(loss):
    predictions, targets = sample(loss, random.Random(5), 3)
    result = loss(predictions, targets)
    assert isinstance(result, Value)
    assert not result.requires_grad


@pytest.mark.parametrize("loss", ALL)
def test_different_lengths_are_named(loss):
    with pytest.raises(
        ValueError, match=rf"^\[{loss.__name__}\] 2 \w+ and 3 targets were given - as many of each"
    ):
        loss([0.5, 0.5], [1, 1, 1])


@pytest.mark.parametrize("loss", ALL)
def test_nothing_has_no_mean(loss):
    with pytest.raises(ValueError, match=rf"^\[{loss.__name__}\] no \w+ were given - at least one"):
        loss([], [])


@pytest.mark.parametrize("loss", ALL)
@pytest.mark.parametrize("bad", ["0.5", None, 1j, [0.5]])
def test_what_is_no_scalar_is_refused(loss, bad):
    message = rf"^\[{loss.__name__}\] {{}}\[1\] is a {type(bad).__name__} - a Value or a number is"
    with pytest.raises(TypeError, match=message.format(r"\w+")):
        loss([0.5, bad], [1, 1])
    with pytest.raises(TypeError, match=message.format("targets")):
        loss([0.5, 0.5], [1, bad])
    with pytest.raises(TypeError, match="flat list"):
        loss("01", [1, 1])


@pytest.mark.parametrize(
    ("loss", "bad", "needed"),
    [
        (hinge, 0, "-1 or 1 is needed"),
        (hinge, 0.5, "-1 or 1 is needed"),
        (hinge, math.nan, "-1 or 1 is needed"),
        (binary_cross_entropy, -1, r"a number in \[0, 1\] is needed"),
        (binary_cross_entropy, math.nan, r"a number in \[0, 1\] is needed"),
        (binary_cross_entropy_with_logits, 1.5, r"a number in \[0, 1\] is needed"),
        (binary_cross_entropy_with_logits, -1, r"a number in \[0, 1\] is needed"),
    ],
)
def test_a_target_out_of_range_is_refused(loss, bad, needed):
    message = rf"^\[{loss.__name__}\] targets\[1\] is {float(bad)!r} - {needed}\. Map"
    with pytest.raises(ValueError, match=message):
        loss([0.5, 0.5], [1, bad])


@pytest.mark.parametrize("loss", [hinge, binary_cross_entropy, binary_cross_entropy_with_logits])
def test_a_target_that_wants_a_gradient_is_refused(loss):
    with pytest.raises(ValueError, match="targets that require a gradient were given - constants"):
        loss([0.5], [Value(1.0)])
    with pytest.raises(ValueError, match="targets that require a gradient were given - constants"):
        loss(Value([0.5]), Value([1.0]))


def test_mse_gives_gradients_to_targets():
    prediction, target = Value(3.0), Value(1.0)
    mse([prediction], [target]).backward()
    assert (prediction.grad, target.grad) == (4.0, -4.0)


def test_hinge_at_the_kink_has_no_gradient():
    score = Value(1.0)
    loss = hinge([score], [1])
    loss.backward()
    assert (loss.data, score.grad) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("logit", "target", "loss", "gradient"),
    [
        (1000.0, 1, 0.0, 0.0),
        (1000.0, 0, 1000.0, 1.0),
        (-1000.0, 1, 1000.0, -1.0),
        (-1000.0, 0, 0.0, 0.0),
        (1000.0, 0.5, 500.0, 0.5),
        (-1000.0, 0.5, 500.0, -0.5),
        (0.0, 1, math.log(2), -0.5),
        (40.0, 1, math.log1p(math.exp(-40.0)), -1 / (1 + math.exp(40.0))),
    ],
)
def test_logits_are_stable(logit, target, loss, gradient):
    value = Value(logit)
    result = binary_cross_entropy_with_logits(value, target)
    result.backward()
    assert result.data == pytest.approx(loss, rel=1e-15)
    assert value.grad == pytest.approx(gradient, rel=1e-14)


def test_both_cross_entropies_agree():
    logits = [-3.0, -0.1, 0.0, 2.0]
    targets = [0, 1, 0.25, 1]
    probabilities = [Value(z).sigmoid() for z in logits]
    assert binary_cross_entropy(probabilities, targets).data == pytest.approx(
        binary_cross_entropy_with_logits(logits, targets).data, rel=1e-14
    )


def test_a_certain_and_right_probability_costs_nothing():
    sure, impossible = Value(1.0), Value(0.0)
    loss = binary_cross_entropy([sure, impossible], [1, 0])
    loss.backward()
    assert (loss.data, sure.grad, impossible.grad) == (0.0, -0.5, 0.5)


@pytest.mark.parametrize(("probability", "target"), [(0.0, 1), (1.0, 0), (0.0, 0.5), (1.0, 0.5)])
def test_an_infinite_loss_is_refused(probability, target):
    message = (
        rf"probabilities\[0\] is {probability} for the target .* - a finite loss .*_with_logits"
    )
    with pytest.raises(ValueError, match=message):
        binary_cross_entropy([Value(probability)], [target])


@pytest.mark.parametrize("probability", [-0.1, 1.1, math.nan])
def test_a_probability_out_of_range_is_refused(probability):
    message = rf"probabilities\[0\] is {probability} - a number in \[0, 1\] is needed"
    with pytest.raises(ValueError, match=message):
        binary_cross_entropy([Value(probability)], [1])


@pytest.mark.parametrize("loss", ALL)
def test_losses_can_be_differentiated_twice(loss):
    if loss is hinge:
        prediction, target, expected = 0.3, 1, 0.0
    elif loss is mse:
        prediction, target, expected = 0.3, 1, 2.0
    elif loss is binary_cross_entropy:
        prediction, target, expected = 0.3, 1, 1 / 0.3**2
    else:
        sigmoid = 1 / (1 + math.exp(-0.3))
        prediction, target, expected = 0.3, 1, sigmoid * (1 - sigmoid)
    value = Value(prediction)
    loss(value, target).backward(create_graph=True)
    first = value.grad
    value.zero_grad()
    if not isinstance(first, Value) or not first.requires_grad:
        assert expected == 0.0
        return
    first.backward()
    assert float(value.grad) == pytest.approx(expected, rel=1e-12)
