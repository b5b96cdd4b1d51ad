"""Losses of pairs: values and gradients against PyTorch, extremes, and what they refuse.

Those of several classes are in ``test_class_losses.py``.
"""

from __future__ import annotations

import math
import random
import re

import numpy as np
import pytest

from autograd import Value
from autograd.nn import losses
from autograd.nn.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    hinge,
    huber,
    mae,
    mse,
)

torch = pytest.importorskip("torch")
functional = torch.nn.functional

REGRESSION = [mse, mae, huber]
ALL = [*REGRESSION, hinge, binary_cross_entropy, binary_cross_entropy_with_logits]


def reference_hinge(scores, targets, reduction="mean"):
    losses = torch.relu(1 - targets * scores)
    return losses if reduction == "none" else getattr(losses, reduction)()


REFERENCES = {
    mse: functional.mse_loss,
    mae: functional.l1_loss,
    huber: functional.huber_loss,
    hinge: reference_hinge,
    binary_cross_entropy: functional.binary_cross_entropy,
    binary_cross_entropy_with_logits: functional.binary_cross_entropy_with_logits,
}


def sample(loss, generator, n):
    """Draw predictions and targets from the domain of a loss."""
    if loss is binary_cross_entropy:
        predictions = [generator.uniform(0.001, 0.999) for _ in range(n)]
    else:
        predictions = [generator.uniform(-5, 5) for _ in range(n)]
    if loss in REGRESSION:
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
@pytest.mark.parametrize("shape", [(1,), (7,), (2, 3)])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_reductions_are_those_of_pytorch(loss, shape, reduction):
    predictions, targets = sample(loss, random.Random(8), math.prod(shape))
    ours, labels = Value(np.reshape(predictions, shape)), np.reshape(targets, shape)
    result = loss(ours, labels, reduction=reduction)
    theirs = torch.tensor(ours.data, requires_grad=True)
    reference = REFERENCES[loss](
        theirs, torch.tensor(labels, dtype=torch.float64), reduction=reduction
    )
    assert result.shape == reference.shape
    np.testing.assert_allclose(result.data, reference.detach().numpy(), rtol=1e-12, atol=1e-15)
    direction = np.random.default_rng(0).normal(size=result.shape)
    (result * direction).sum().backward()
    (reference * torch.tensor(direction)).sum().backward()
    np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("loss", ALL)
def test_unreduced_lists_give_an_array_and_a_pair_a_scalar(loss):
    predictions, targets = sample(loss, random.Random(9), 3)
    single = [
        loss(Value(p), t, reduction="none") for p, t in zip(predictions, targets, strict=True)
    ]
    of_list = loss([Value(p) for p in predictions], targets, reduction="none")
    assert [value.shape for value in single] == [()] * 3
    assert of_list.shape == (3,)
    np.testing.assert_array_equal(of_list.data, [value.data for value in single])
    assert loss([Value(predictions[0])], targets[0], reduction="none").shape == (1,)
    assert loss(Value(predictions[0]), np.array(targets[0]), reduction="none").shape == ()
    value = Value(predictions[0])
    loss(value, targets[0], reduction="none").backward()
    again = Value(predictions[0])
    loss(again, targets[0]).backward()
    assert value.grad == again.grad


@pytest.mark.parametrize("loss", ALL)
@pytest.mark.parametrize("bad", ["median", None, True, ["mean"]])
def test_an_unknown_reduction_names_those_that_there_are(loss, bad):
    message = rf"^\[{loss.__name__}\] reduction={re.escape(repr(bad))} was given - 'mean', 'sum' or"
    with pytest.raises(ValueError, match=message):
        loss([Value(0.5)], [1], reduction=bad)


@pytest.mark.parametrize("name", losses.__all__)
def test_losses_are_found_by_name(name):
    if name != "named":
        assert losses.named(name) is getattr(losses, name)


@pytest.mark.parametrize(
    ("bad", "error"), [("xent", ValueError), ("named", ValueError), (mse, TypeError)]
)
def test_what_is_no_name_of_a_loss_is_refused(bad, error):
    with pytest.raises(error, match=r"^\[losses.named\] .* was given - ") as raised:
        losses.named(bad)
    if error is ValueError:
        assert all(name in str(raised.value) for name in losses.__all__ if name != "named")


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


@pytest.mark.parametrize(("loss", "slope"), [(mse, 4.0), (mae, 1.0), (huber, 1.0)])
def test_targets_of_numbers_get_gradients(loss, slope):
    prediction, target = Value(3.0), Value(1.0)
    loss([prediction], [target]).backward()
    assert (prediction.grad, target.grad) == (slope, -slope)


@pytest.mark.parametrize("loss", REGRESSION)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_a_target_that_is_nan_is_refused_and_a_prediction_flows(loss, reduction):
    message = rf"^\[{loss.__name__}\] targets\[1, 0\] is nan - a number is needed\. Leave out"
    targets = np.array([[1.0, 2.0], [math.nan, 4.0]])
    with pytest.raises(ValueError, match=message):
        loss(Value(np.ones((2, 2))), targets, reduction=reduction)
    for given in ([1.0, math.nan], [Value(1.0), Value(math.nan)]):
        with pytest.raises(ValueError, match=r"targets\[1\] is nan"):
            loss([Value(1.0), Value(2.0)], given, reduction=reduction)
    with pytest.raises(ValueError, match=r"targets\[0\] is nan"):
        loss(Value(1.0), math.nan, reduction=reduction)
    flowing = loss([Value(math.nan), Value(2.0)], [1.0, 2.0], reduction=reduction)
    assert np.isnan(flowing.data).any()
    assert loss([Value(math.inf)], [1.0]).data == math.inf


def test_mae_at_the_kink_has_no_gradient():
    prediction = Value(1.0)
    loss = mae([prediction], [1.0])
    loss.backward()
    assert (loss.data, prediction.grad) == (0.0, 0.0)


@pytest.mark.parametrize("delta", [0.25, 1.0, 3])
def test_huber_is_smooth_where_its_line_begins(delta):
    errors = np.array([-1e300, -2, -1, -0.5, -1e-9, 0, 1e-9, 0.5, 1, 1 + 1e-15, 2, 1000]) * delta
    ours = Value(errors)
    result = huber(ours, np.zeros(12), delta=delta, reduction="none")
    result.sum().backward()
    theirs = torch.tensor(errors, requires_grad=True)
    reference = functional.huber_loss(
        theirs, torch.zeros(12, dtype=torch.float64), delta=delta, reduction="none"
    )
    reference.sum().backward()
    np.testing.assert_allclose(result.data, reference.detach().numpy(), rtol=1e-14)
    np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), rtol=1e-14)
    assert ours.grad[2] == -delta
    assert ours.grad[8] == delta


@pytest.mark.parametrize(
    ("delta", "error"),
    [
        (0.0, ValueError),
        (-1.0, ValueError),
        (math.nan, ValueError),
        (math.inf, ValueError),
        ("1", TypeError),
    ],
)
def test_delta_of_huber_is_checked(delta, error):
    with pytest.raises(error, match=r"^\[huber\] delta.* - a (finite )?number"):
        huber([Value(1.0)], [1.0], delta=delta)


@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("weight", [3.0, 0.25, 0, [1.0, 2.0, 4.0]])
def test_positive_weights_are_those_of_pytorch(weight, soft):
    generator = np.random.default_rng(1)
    z = generator.normal(size=(5, 3))
    t = generator.random((5, 3)) if soft else generator.integers(0, 2, (5, 3)).astype(float)
    ours, theirs = Value(z), torch.tensor(z, requires_grad=True)
    given = np.array(weight) if isinstance(weight, list) else weight
    loss = binary_cross_entropy_with_logits(ours, t, positive_weight=given)
    reference = functional.binary_cross_entropy_with_logits(
        theirs, torch.tensor(t), pos_weight=torch.tensor(weight, dtype=torch.float64)
    )
    loss.backward()
    reference.backward()
    assert loss.data == pytest.approx(reference.item(), rel=1e-13)
    np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize(
    ("weight", "error", "message"),
    [
        (-1.0, ValueError, r"positive_weight is -1.0 - a finite number >= 0"),
        (math.inf, ValueError, r"positive_weight is inf - a finite number >= 0"),
        ([1.0, math.nan], ValueError, r"positive_weight\[1\] is nan - a finite number >= 0"),
        (
            [1.0, 1.0, 1.0],
            ValueError,
            r"positive_weight of shape \(3,\) and logits of shape \(2,\) ",
        ),
        (
            [[1.0, 1.0]],
            ValueError,
            r"positive_weight of shape \(1, 2\) and logits of shape \(2,\) ",
        ),
        ("2", TypeError, r"positive_weight is a str - a number or an array"),
        (Value(2.0), TypeError, r"positive_weight is a Value - a number or an array"),
        (None, TypeError, r"positive_weight is a NoneType - a number or an array"),
    ],
)
def test_positive_weights_are_checked(weight, error, message):
    with pytest.raises(error, match=rf"^\[binary_cross_entropy_with_logits\] {message}"):
        binary_cross_entropy_with_logits([Value(1.0), Value(2.0)], [0, 1], positive_weight=weight)


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


SECOND = {
    mse: 2.0,
    mae: 0.0,
    huber: 1.0,
    hinge: 0.0,
    binary_cross_entropy: 1 / 0.3**2,
    binary_cross_entropy_with_logits: 1 / (2 + math.exp(0.3) + math.exp(-0.3)),
}


@pytest.mark.parametrize("loss", ALL)
def test_losses_can_be_differentiated_twice(loss):
    value = Value(0.3)
    loss(value, 1).backward(create_graph=True)
    first = value.grad
    value.zero_grad()
    if not isinstance(first, Value) or not first.requires_grad:
        assert SECOND[loss] == 0.0
        return
    first.backward()
    assert float(value.grad) == pytest.approx(SECOND[loss], rel=1e-12)
