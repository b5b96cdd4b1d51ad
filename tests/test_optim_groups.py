"""Optimizers: groups, states that are saved and loaded, missing gradients, clipping."""

from __future__ import annotations

import copy
import json
import math
import warnings

import numpy as np
import pytest

from autograd import Value
from autograd.nn import MLP, Net
from autograd.nn.losses import mse
from autograd.optim import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    Lion,
    MissingGradientWarning,
    Optimizer,
    RMSprop,
    clip_grad_norm,
    clip_grad_value,
)

MAKERS = {
    "sgd": lambda p: SGD(p, lr=0.01),
    "nesterov": lambda p: SGD(p, lr=0.01, momentum=0.9, nesterov=True, weight_decay=0.01),
    "adam": lambda p: Adam(p, lr=0.01),
    "adamw": lambda p: AdamW(p, lr=0.01),
    "rmsprop": lambda p: RMSprop(p, lr=0.01),
    "rmsprop all": lambda p: RMSprop(p, lr=0.01, momentum=0.5, centered=True, eps=1e-3),
    "adagrad": lambda p: Adagrad(p, lr=0.01, lr_decay=0.1, initial=0.5),
    "lion": lambda p: Lion(p, lr=0.01, weight_decay=0.1),
}


def train(net, optimizer, steps, seed=0):
    generator = np.random.default_rng(seed)
    for _ in range(steps):
        x = generator.normal(size=(4, 2))
        optimizer.zero_grad()
        mse(net(x), x.sum(axis=1, keepdims=True)).backward()
        optimizer.step()


def numbers(net):
    return np.concatenate([block.data.ravel() for block in net.blocks()])


# --- groups ---------------------------------------------------------------------------------------


def test_groups_have_options_of_their_own_as_in_pytorch():
    torch = pytest.importorskip("torch")
    x, y = Value([1.0, 2.0]), Value(3.0)
    a = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    b = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    ours = SGD(
        [{"parameters": [x], "lr": 0.1}, {"parameters": [y], "momentum": 0.5}],
        lr=0.01,
        momentum=0.9,
    )
    theirs = torch.optim.SGD(
        [{"params": [a], "lr": 0.1}, {"params": [b], "momentum": 0.5}], lr=0.01, momentum=0.9
    )
    for _ in range(10):
        for optimizer, (u, v) in ((ours, (x, y)), (theirs, (a, b))):
            optimizer.zero_grad()
            ((u * v).sum() ** 2 + v * v).backward()
            optimizer.step()
    np.testing.assert_allclose(x.data, a.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(y.data, b.item(), rtol=1e-12)


def test_groups_of_modules():
    net = Net(2, [3, 1], seed=0)
    optimizer = Adam([{"parameters": net.layers[0]}, {"parameters": net.layers[1], "lr": 0.5}])
    assert [len(group.parameters) for group in optimizer.groups] == [2, 2]
    assert [group.lr for group in optimizer.groups] == [1e-3, 0.5]
    assert len(optimizer.parameters) == 4
    optimizer.lr = 0.25
    assert [group.lr for group in optimizer.groups] == [0.25, 0.25]
    assert repr(optimizer).startswith("Adam[(2 parameters, lr=0.25, betas=(0.9, 0.999), eps=1e-08")
    assert repr(Lion(net)) == "Lion(4 parameters, lr=0.0001, betas=(0.9, 0.99), weight_decay=0.0)"


@pytest.mark.parametrize(
    ("groups", "error", "message"),
    [
        (lambda x: [{"values": [x]}], TypeError, r"group 0 has keys \['values'\] - a dictionary"),
        (lambda x: [{"parameters": [x]}, [x]], TypeError, r"group 1 has <class 'list'>"),
        (lambda x: [{"parameters": [x], "speed": 1}], TypeError, "the option 'speed' was given - "),
        (lambda x: [{"parameters": [x], "lr": -1}], ValueError, "lr=-1 was given"),
        (lambda _: [{"parameters": []}], ValueError, "no parameters were given"),
        (lambda x: [{"parameters": [x]}] * 2, ValueError, "a parameter was given in two groups"),
        (
            lambda x: [{"parameters": [x]}, {"parameters": [x[0]]}],
            ValueError,
            r"parameter 1 is element \(0,\) of parameter 0",
        ),
        (
            lambda x: [{"parameters": [x], "nesterov": True}],
            ValueError,
            "nesterov=True was given with momentum=0",
        ),
        (lambda x: [{"parameters": [x], "nesterov": "yes"}], TypeError, "nesterov='yes' was given"),
    ],
)
def test_bad_groups_are_refused(groups, error, message):
    with pytest.raises(error, match=rf"^\[SGD\] {message}"):
        SGD(groups(Value([1.0, 2.0])), lr=0.1)


def test_a_pair_is_asked_for():
    for bad in (0.9, (0.9,), (0.9, 0.99, 0.999)):
        with pytest.raises(
            TypeError, match=r"^\[Adam\] betas=.* was given - two numbers are needed"
        ):
            Adam([Value(1.0)], betas=bad)


@pytest.mark.parametrize("count", [1, 2])
def test_options_that_were_set_are_checked_before_the_step(count):
    values = [Value(float(i)) for i in range(count)]
    optimizer = SGD([{"parameters": [v]} for v in values], lr=0.1, momentum=0.9, nesterov=True)
    sum(v * v for v in values).backward()
    optimizer.groups[-1].momentum = 0.0
    with pytest.raises(ValueError, match=r"^\[SGD\] nesterov=True was given with momentum=0"):
        optimizer.step()
    assert [v.data for v in values] == [float(i) for i in range(count)]
    assert [group.steps for group in optimizer.groups] == [0] * count
    optimizer.groups[-1].nesterov = False
    optimizer.step()
    assert [group.steps for group in optimizer.groups] == [1] * count


# --- states ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_state_that_is_loaded_goes_on_bit_for_bit(make):
    first = MLP(2, [4, 1], seed=0)
    optimizer = make(first)
    train(first, optimizer, 7)
    second = copy.deepcopy(first)
    other = make(second)
    other.load_state_dict(optimizer.state_dict())
    for net, its in ((first, optimizer), (second, other)):
        train(net, its, 5, seed=1)
    np.testing.assert_array_equal(numbers(first), numbers(second))


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_state_is_a_copy_of_plain_things(make):
    net = MLP(2, [4, 1], seed=0)
    optimizer = make(net)
    train(net, optimizer, 2)
    state = optimizer.state_dict()
    kept = json.dumps(state, default=np.ndarray.tolist)
    train(net, optimizer, 2)
    assert json.dumps(state, default=np.ndarray.tolist) == kept
    fresh = make(MLP(2, [4, 1], seed=0))
    fresh.load_state_dict(state)
    train(net, fresh, 1)
    assert json.dumps(state, default=np.ndarray.tolist) == kept


def test_a_state_brings_its_options():
    x = Value(1.0)
    optimizer = Adam([x], lr=0.5, betas=(0.5, 0.75), eps=1e-3, weight_decay=0.25)
    other = Adam([x])
    other.load_state_dict(optimizer.state_dict())
    assert other.groups[0].options == optimizer.groups[0].options


def damaged(change):
    optimizer = Adam(MLP(2, [4, 1], seed=0))
    net = MLP(2, [4, 1], seed=0)
    train(net, its := Adam(net), 1)
    state = its.state_dict()
    change(state)
    return optimizer, state


@pytest.mark.parametrize(
    ("change", "messages"),
    [
        (lambda s: s.update(optimizer="SGD"), ["the state of 'SGD', that of 'Adam' is needed"]),
        (lambda s: s.pop("groups"), ["no groups, 1 are needed"]),
        (lambda s: s["groups"].update({"1": {}}), ["2 groups, 1 are needed"]),
        (lambda s: s["groups"]["0"].pop("steps"), ["group 0: options, steps, sizes or state are"]),
        (lambda s: s["groups"]["0"].update(steps=-1), ["group 0: steps: -1, at least 0 is needed"]),
        (
            lambda s: s["groups"]["0"]["options"].pop("lr"),
            ["group 0: missing options: lr"],
        ),
        (
            lambda s: s["groups"]["0"]["options"].update(speed=1, lr=-1, betas=0.5),
            ["unexpected option: speed", "lr=-1 was given", "betas=0.5 was given"],
        ),
        (
            lambda s: s["groups"]["0"].update(sizes=[8, 4]),
            ["group 0: parameters of 8, 4 numbers, 8, 4, 4, 1 are needed", "state 'mean': float64"],
        ),
        (
            lambda s: s["groups"]["0"]["state"].update(mean=np.zeros(3)),
            [r"state 'mean': float64 of shape (3,), float64 of shape (17,) is needed"],
        ),
        (
            lambda s: s["groups"]["0"]["state"].update(mean=np.zeros(17, np.float32)),
            ["state 'mean': float32 of shape (17,)"],
        ),
    ],
)
def test_a_state_that_does_not_fit_names_everything_and_changes_nothing(change, messages):
    optimizer, state = damaged(change)
    before = optimizer.state_dict()
    with pytest.raises(
        ValueError, match=r"^\[Adam\.load_state_dict\] a state that does not fit"
    ) as e:
        optimizer.load_state_dict(state)
    for message in messages:
        assert message in str(e.value)
    assert optimizer.state_dict() == before


# --- missing gradients ----------------------------------------------------------------------------


def test_an_array_without_gradient_is_named():
    w, unused = Value([1.0, 2.0]), Value([[1.0, 2.0]], label="unused")
    optimizer = SGD([w, unused], lr=0.1)
    w.sum().backward()
    message = r"^\[SGD\.step\] parameters\[1\] of shape \(1, 2\) \('unused'\) got no gradient - "
    with pytest.warns(MissingGradientWarning, match=message) as caught:
        optimizer.step()
    assert caught[0].filename == __file__
    optimizer.step()  # said once
    assert (unused.data == [[1.0, 2.0]]).all()
    np.testing.assert_allclose(w.data, [0.8, 1.8], rtol=1e-15)


def test_no_gradient_at_all_is_said():
    with pytest.warns(MissingGradientWarning, match="no parameter has got a gradient - a backward"):
        Adam([Value(1.0), Value(2.0)]).step()


def test_one_scalar_of_many_may_be_without():
    x, y = Value(1.0), Value(1.0)
    x.backward()
    SGD([x, y], lr=0.1).step()
    assert (x.data, y.data) == (0.9, 1.0)


def test_gradients_of_zero_are_gradients():
    x, w, view = Value(0.0), Value([0.0, 0.0]), Value([0.0, 1.0])[0]
    (x * x + (w * w).sum() + view * view).backward()
    SGD([x, w, view], lr=0.1).step()
    given = Value([1.0, 2.0])
    given.grad = [1.0, 1.0]
    SGD([given], lr=1.0).step()
    assert (given.data == [0.0, 1.0]).all()


def test_the_warning_can_be_switched_off():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingGradientWarning)
        SGD([Value([1.0])], lr=0.1).step()


def test_groups_are_named_in_the_warning():
    x, w = Value(1.0), Value([1.0])
    x.backward()
    optimizer = SGD([{"parameters": [x]}, {"parameters": [w]}], lr=0.1)
    with pytest.warns(
        MissingGradientWarning, match=r"groups\[1\]\.parameters\[0\] of shape \(1,\)"
    ):
        optimizer.step()


def test_a_state_that_has_steps_is_not_asked_again():
    x = Value([1.0])
    optimizer = SGD([x], lr=0.1)
    (x * 2.0).sum().backward()
    optimizer.step()
    fresh = SGD([Value([1.0])], lr=0.1)
    fresh.load_state_dict(optimizer.state_dict())
    fresh.step()


def test_rules_of_ones_own():
    class Signs(Optimizer):
        def update(self, group):
            for p in group.parameters:
                p.data -= group.lr * np.sign(p.grad)

    x, w = Value(1.0), Value([1.0, -1.0])
    optimizer = Signs([x, w], lr=0.5)
    (x * w.sum() + (w * w).sum()).backward()
    optimizer.step()
    assert x.data == 1.0
    assert (w.data == [0.5, -0.5]).all()
    assert optimizer.groups[0].steps == 1
    other = Signs([x, w], lr=1.0)
    other.load_state_dict(optimizer.state_dict())
    assert other.lr == 0.5


# --- clipping -------------------------------------------------------------------------------------


def gradients(dtype):
    x, y = Value(1.0), Value([[1.0, 2.0]], dtype=dtype)
    base = Value([0.0, 3.0], dtype=dtype)
    view = base[1]
    unused = Value([1.0])
    (x * 2.0 + (y * -4.0).sum() + view * 8.0).backward()
    return [x, y, view, unused]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_clip_grad_norm(dtype):
    parameters = gradients(dtype)
    assert clip_grad_norm(parameters, 20.0) == 10.0
    assert [np.sum(p.grad) for p in parameters] == [2.0, -8.0, 8.0, 0.0]
    assert clip_grad_norm(iter(parameters), 5) == 10.0
    assert [np.sum(p.grad) for p in parameters] == [1.0, -4.0, 4.0, 0.0]
    assert clip_grad_norm(lambda: parameters, 5.0) == 5.0


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_clip_grad_value(dtype):
    parameters = gradients(dtype)
    assert clip_grad_value(parameters, 8.0) == 8.0
    assert clip_grad_value(parameters, 3.0) == 8.0
    assert [np.sum(p.grad) for p in parameters] == [2.0, -6.0, 3.0, 0.0]


def test_clipping_is_pytorchs():
    torch = pytest.importorskip("torch")
    generator = np.random.default_rng(0)
    arrays = [generator.normal(size=shape) for shape in ((3, 4), (5,))]
    ours = [Value(array) for array in arrays]
    theirs = [torch.tensor(array, requires_grad=True) for array in arrays]
    for p, q in zip(ours, theirs, strict=True):
        p.grad = generator.normal(size=p.shape)
        q.grad = torch.tensor(p.grad.copy())
    assert clip_grad_norm(ours, 1.5) == pytest.approx(
        torch.nn.utils.clip_grad_norm_(theirs, 1.5).item(), rel=1e-12
    )
    for p, q in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=1e-5)  # it adds 1e-6 to the norm


def test_a_gradient_that_two_leaves_share_is_clipped_once():
    a, b = Value([1.0, 1.0]), Value([1.0, 1.0])
    (a + b).sum().backward()
    clip_grad_norm([a, b], 1.0)
    np.testing.assert_allclose([a.grad, b.grad], 0.5)
    (a + b).sum().backward()
    clip_grad_value([a], 0.25)
    assert (a.grad == 0.25).all()
    assert (b.grad == 1.5).all()


def test_of_an_optimizer_and_of_a_module():
    net = MLP(2, [3, 1], seed=0)
    net([1.0, 2.0]).backward()
    before = clip_grad_norm(SGD(net, lr=0.1), 0.5)
    assert before > 0.5
    assert clip_grad_norm(net, 0.5) == pytest.approx(0.5, rel=1e-12)


def test_a_recorded_gradient_becomes_a_number():
    x = Value(3.0)
    (x * x).backward(create_graph=True)
    assert clip_grad_norm([x], 1.0) == 6.0
    assert x.grad == 1.0


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_gradients_that_are_not_finite_are_not_scaled(bad):
    x, y = Value(1.0), Value([1.0, 1.0])
    x.grad, y.grad = 3.0, [bad, 1.0]
    with pytest.raises(ValueError, match=rf"^\[clip_grad_norm\] gradients with a norm of {bad}"):
        clip_grad_norm([x, y], 1.0)
    assert x.grad == 3.0
    clip_grad_value([x, y], 1.0)
    assert x.grad == 1.0
    np.testing.assert_array_equal(y.grad, [bad if math.isnan(bad) else 1.0, 1.0])


@pytest.mark.parametrize("clip", [clip_grad_norm, clip_grad_value])
def test_bad_limits_are_refused(clip):
    for bad in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match=rf"^\[{clip.__name__}\] limit={bad!r} was given"):
            clip([Value(1.0)], bad)
    with pytest.raises(TypeError, match=r"limit is a str"):
        clip([Value(1.0)], "1")
    with pytest.raises(TypeError, match=rf"^\[{clip.__name__}\] parameter 0 is a float"):
        clip([1.0], 1.0)


def test_norms_whose_squares_overflow():
    x, y = Value(1.0), Value(1.0)
    x.grad, y.grad = 3e200, 4e200
    assert clip_grad_norm([x, y], 1.0) == pytest.approx(5e200)
    np.testing.assert_allclose([x.grad, y.grad], [0.6, 0.8])


@pytest.mark.usefixtures("balanced")
def test_nothing_leaks():
    for _ in range(50):
        net = MLP(2, [4, 1], seed=0)
        optimizer = Adam(net)
        train(net, optimizer, 1)
        clip_grad_norm(optimizer, 1e-3)
        optimizer.load_state_dict(optimizer.state_dict())


def test_an_optimizer_of_groups_is_clipped_as_one_vector():
    def made():
        values = [Value([3.0, -1.0]), Value(-4.0), Value([[12.0]])]
        sum(((v * v) / 2).sum() for v in values).backward()
        groups = [{"parameters": values[:1]}, {"parameters": values[1:], "lr": 0.5}]
        return values, SGD(groups, lr=0.1)

    for clip, limit in ((clip_grad_norm, 2.0), (clip_grad_value, 3.5)):
        alone, (values, optimizer) = made()[0], made()
        assert clip(optimizer, limit) == pytest.approx(clip(alone, limit), rel=1e-15)
        for ours, expected in zip(values, alone, strict=True):
            np.testing.assert_allclose(ours.grad, expected.grad, rtol=1e-15)
    values, optimizer = made()
    values[2].grad = [[math.nan]]
    assert math.isnan(clip_grad_value(optimizer, 1.0))
    assert values[0].grad.tolist() == [1.0, -1.0]
    with pytest.raises(ValueError, match=r"^\[clip_grad_norm\] gradients with a norm of nan"):
        clip_grad_norm(optimizer, 1.0)
    assert (values[0].grad.tolist(), values[1].grad) == ([1.0, -1.0], -1.0)
