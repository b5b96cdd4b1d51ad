"""Optimizers: trajectories against PyTorch, and what they refuse."""

from __future__ import annotations

import copy
import math
import pickle
import random
from itertools import pairwise

import numpy as np
import pytest

from autograd import Value
from autograd.nn import MLP, Net, Neuron
from autograd.nn.losses import mse
from autograd.optim import SGD, Adagrad, Adam, AdamW, Lion, Optimizer, RMSprop

torch = pytest.importorskip("torch")

N = 5


def objective(x):
    """Return a function with curvature of very different sizes, written for both packages."""
    total = 0.0
    for index, value in enumerate(x):
        total = total + (index + 1) ** 2 * (value - 0.5 * index) ** 2
    for left, right in pairwise(x):
        total = total + 0.3 * left * right + (0.1 * left - right).exp()
    return total


OPTIONS = [
    (SGD, torch.optim.SGD, {"lr": 0.01}),
    (SGD, torch.optim.SGD, {"lr": 0.01, "momentum": 0.9}),
    (SGD, torch.optim.SGD, {"lr": 0.01, "momentum": 0.9, "nesterov": True}),
    (SGD, torch.optim.SGD, {"lr": 0.01, "weight_decay": 0.1}),
    (SGD, torch.optim.SGD, {"lr": 0.01, "momentum": 0.8, "weight_decay": 0.1}),
    (
        SGD,
        torch.optim.SGD,
        {"lr": 0.01, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1},
    ),
    (Adam, torch.optim.Adam, {}),
    (Adam, torch.optim.Adam, {"lr": 0.1}),
    (Adam, torch.optim.Adam, {"lr": 0.05, "betas": (0.5, 0.9), "eps": 1e-3}),
    (Adam, torch.optim.Adam, {"lr": 0.05, "weight_decay": 0.1}),
    (Adam, torch.optim.Adam, {"lr": 0.05, "betas": (0.0, 0.0)}),
    (AdamW, torch.optim.AdamW, {}),
    (AdamW, torch.optim.AdamW, {"lr": 0.1}),
    (AdamW, torch.optim.AdamW, {"lr": 0.05, "weight_decay": 0.3, "betas": (0.8, 0.95)}),
    (RMSprop, torch.optim.RMSprop, {"lr": 0.01}),
    (RMSprop, torch.optim.RMSprop, {"lr": 0.01, "alpha": 0.5, "eps": 1e-3}),
    (RMSprop, torch.optim.RMSprop, {"lr": 0.01, "momentum": 0.7, "weight_decay": 0.1}),
    (RMSprop, torch.optim.RMSprop, {"lr": 0.01, "alpha": 0.9, "centered": True, "eps": 1e-3}),
    (
        RMSprop,
        torch.optim.RMSprop,
        {"lr": 0.01, "alpha": 0.9, "centered": True, "momentum": 0.5, "eps": 1e-3},
    ),
    (Adagrad, torch.optim.Adagrad, {"lr": 0.1}),
    (Adagrad, torch.optim.Adagrad, {"lr": 0.1, "lr_decay": 0.01, "weight_decay": 0.1}),
]
ALL = [SGD, Adam, AdamW, RMSprop, Adagrad, Lion]


@pytest.mark.parametrize(("ours", "theirs", "options"), OPTIONS)
def test_fifty_steps_are_those_of_pytorch(ours, theirs, options):
    generator = random.Random(0)
    start = [generator.uniform(-1, 1) for _ in range(N)]
    x = [Value(value) for value in start]
    y = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in start]
    optimizer, reference = ours(x, **options), theirs(y, **options)
    for step in range(50):
        if step == 25:  # a schedule
            optimizer.lr *= 0.5
            for group in reference.param_groups:
                group["lr"] *= 0.5
        for variables, steps in ((x, optimizer), (y, reference)):
            steps.zero_grad()
            objective(variables).backward()
            steps.step()
        np.testing.assert_allclose(
            [v.data for v in x], [v.item() for v in y], rtol=1e-12, atol=1e-13
        )


@pytest.mark.parametrize("make", ALL)
def test_what_parameters_may_be(make):
    net = Net(2, [2, 1], seed=0)
    expected = net.parameters()

    class Listed:
        parameters = expected

    for given in (
        net,
        expected,
        tuple(expected),
        iter(expected),
        (p for p in expected),
        net.parameters,
        lambda: iter(expected),
        Listed(),
    ):
        optimizer = make(given, lr=0.1)
        assert len(optimizer.parameters) == len(expected)
        assert all(a is b for a, b in zip(optimizer.parameters, expected, strict=True))


def test_a_duplicate_is_taken_once():
    x, y = Value(1.0), Value(1.0)
    optimizer = SGD([x, y, x], lr=0.5)
    assert len(optimizer.parameters) == 2
    (x + y).backward()
    optimizer.step()
    assert (x.data, y.data) == (0.5, 0.5)


def test_zero_grad():
    neuron = Neuron(2, seed=0)
    neuron([1, 2]).backward()
    optimizer = Adam(neuron)
    assert all(p.grad for p in neuron.params())
    optimizer.zero_grad()
    assert not any(p.grad for p in neuron.params())


def test_state_is_kept_per_parameter():
    x, y = Value(0.0), Value(0.0)
    optimizer = SGD([x, y], lr=1.0, momentum=0.5)
    x.grad = 1.0
    optimizer.step()
    x.grad = 0.0
    optimizer.step()
    assert (x.data, y.data) == (-1.5, 0.0)
    np.testing.assert_array_equal(optimizer.groups[0].state["velocity"], [0.5, 0.0])


@pytest.mark.parametrize("bad", [None, 3, 3.0, object(), Value(1.0)])
def test_no_iterable_is_refused(bad):
    message = rf"^\[SGD\] a {type(bad).__name__} was given - a module or an iterable of Values is"
    with pytest.raises(TypeError, match=message):
        SGD(bad, lr=0.1)


@pytest.mark.parametrize("bad", [[Value(1.0), 2.0], "ab", [[Value(1.0)]], [("a", Value(1.0))]])
def test_what_is_no_value_is_refused(bad):
    with pytest.raises(TypeError, match=r"^\[Adam\] parameter \d is a \w+ - a Value is needed\."):
        Adam(bad)


def test_a_dictionary_is_refused():
    message = r"^\[SGD\] a dict was given - a module or an iterable of Values is needed\. Pass"
    with pytest.raises(TypeError, match=rf"{message} its values\(\)\.$"):
        SGD({"a": Value(1.0)}, lr=0.1)
    with pytest.raises(TypeError, match=rf"{message} a group in a list, \[group\]\.$"):
        SGD({"parameters": [Value(1.0)], "lr": 0.2}, lr=0.1)


def test_no_parameters_are_refused():
    for empty in ([], iter(()), list, ()):
        with pytest.raises(ValueError, match=r"^\[SGD\] no parameters were given - at least one"):
            SGD(empty, lr=0.1)


def test_what_cannot_be_updated_is_refused():
    x = Value(1.0)
    with pytest.raises(ValueError, match="parameter 1 is the result of an operation - a leaf that"):
        SGD([x, x * 2.0], lr=0.1)
    with pytest.raises(ValueError, match="parameter 0 requires no gradient - a leaf that requires"):
        SGD([Value(1.0, requires_grad=False)], lr=0.1)


@pytest.mark.parametrize("lr", [0.0, -0.1, math.nan, math.inf, -math.inf])
def test_a_bad_rate_is_refused_at_once_and_later(lr):
    x = Value(1.0)
    for make in ALL:
        message = rf"^\[{make.__name__}\] lr={lr!r} was given - a finite number > 0 is needed"
        with pytest.raises(ValueError, match=message):
            make([x], lr=lr)
        with pytest.raises(ValueError, match=message):
            make([{"parameters": [x], "lr": lr}], lr=0.1)
        optimizer = make([x], lr=0.1)
        if lr == 0.0:
            continue
        with pytest.raises(ValueError, match=message.replace("> 0", ">= 0")):
            optimizer.lr = lr
        assert optimizer.lr == 0.1


@pytest.mark.parametrize("make", ALL)
def test_a_rate_of_zero_leaves_the_parameters_as_they_are(make):
    x, w = Value(3.0), Value([1.0, -2.0])
    optimizer = make([x, w], lr=0.1, weight_decay=0.5)
    for rate in (0.1, 0, 0.1):
        optimizer.lr = rate
        before = x.data, w.data.tolist()
        optimizer.zero_grad()
        (x * w).sum().backward()
        optimizer.step()
        assert ((x.data, w.data.tolist()) == before) is (rate == 0)
    optimizer.lr = 0
    other = make([x, w], lr=0.1)
    other.load_state_dict(optimizer.state_dict())
    assert (other.lr, other.groups[0].steps) == (0.0, 3)


@pytest.mark.parametrize("lr", ["0.1", None, [0.1], 1j, Value(0.1)])
def test_a_rate_that_is_no_number_is_refused(lr):
    with pytest.raises(TypeError, match=rf"^\[SGD\] lr is a {type(lr).__name__} - a number is"):
        SGD([Value(1.0)], lr=lr)


@pytest.mark.parametrize(
    ("make", "options", "message"),
    [
        (SGD, {"momentum": -0.1}, "momentum=-0.1 was given - a finite number >= 0 is needed"),
        (SGD, {"momentum": math.nan}, "momentum=nan"),
        (SGD, {"weight_decay": -1}, "weight_decay=-1 was given - a finite number >= 0 is needed"),
        (SGD, {"nesterov": True}, "nesterov=True was given with momentum=0 - a positive momentum"),
        (
            Adam,
            {"betas": (1.0, 0.9)},
            r"betas\[0\]=1.0 was given - a finite number >= 0 and < 1 is",
        ),
        (Adam, {"betas": (0.9, -0.1)}, r"betas\[1\]=-0.1"),
        (Adam, {"eps": 0.0}, "eps=0.0 was given - a finite number > 0 is needed"),
        (AdamW, {"weight_decay": math.inf}, "weight_decay=inf"),
        (RMSprop, {"alpha": 1.0}, "alpha=1.0 was given - a finite number >= 0 and < 1 is needed"),
        (RMSprop, {"momentum": -1.0}, "momentum=-1.0"),
        (Adagrad, {"lr_decay": -1.0}, "lr_decay=-1.0"),
        (Adagrad, {"initial": math.nan}, "initial=nan"),
        (Lion, {"betas": (0.5, 1.5)}, r"betas\[1\]=1.5"),
    ],
)
def test_bad_options_are_refused(make, options, message):
    with pytest.raises(ValueError, match=rf"^\[{make.__name__}\] {message}"):
        make([Value(1.0)], lr=0.1, **options)


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("grouped", [False, True])
def test_a_refused_step_changes_nothing(make, grouped):
    x, y = Value(1.0), Value(1.0)
    optimizer = make([{"parameters": [x]}, {"parameters": [y]}] if grouped else [x, y], lr=0.1)
    x.grad = y.grad = 1.0
    optimizer.step()
    data, before = (x.data, y.data), flat(optimizer.state_dict())
    y.requires_grad = False
    with pytest.raises(TypeError, match=rf"^\[{make.__name__}\] a Value with requires_grad=False"):
        optimizer.step()
    assert (x.data, y.data) == data
    assert flat(optimizer.state_dict()) == before
    y.requires_grad = True
    optimizer.step()
    assert (x.data, y.data) != data


def flat(state):
    """Return a state as text, in which nan is nan and arrays show every bit."""
    if isinstance(state, dict):
        return {key: flat(entry) for key, entry in state.items()}
    return [number.hex() for number in state.tolist()] if isinstance(state, np.ndarray) else state


def test_optimizer_is_abstract():
    with pytest.raises(TypeError, match="abstract"):
        Optimizer([Value(1.0)], lr=0.1)


# --- arrays ---------------------------------------------------------------------------------------


def problem(w, b):
    """Return a loss of a matrix and a vector, written for both packages."""
    curved = (w * w * w).sum() + ((w * 3.0 - 1.0) ** 2).sum()
    return curved + ((w.sum() + b) ** 2).sum() + b.exp().sum()


@pytest.mark.parametrize(("ours", "theirs", "options"), OPTIONS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_fifty_steps_on_arrays_are_those_of_pytorch(ours, theirs, options, dtype):
    generator = np.random.default_rng(0)
    start = [generator.uniform(-1, 1, shape).astype(dtype) for shape in ((3, 4), (4,))]
    options = {"lr": 1e-3, **options}
    options["lr"] *= 0.5
    x, y = [Value(a) for a in start], [torch.tensor(a, requires_grad=True) for a in start]
    optimizer, reference = ours(x, **options), theirs(y, **options)
    for _ in range(50):
        for variables, steps in ((x, optimizer), (y, reference)):
            steps.zero_grad()
            problem(*variables).backward()
            steps.step()
    tolerance = (
        {"rtol": 1e-11, "atol": 1e-12} if dtype == "float64" else {"rtol": 2e-4, "atol": 1e-5}
    )
    for mine, other in zip(x, y, strict=True):
        assert mine.dtype == dtype
        np.testing.assert_allclose(mine.data, other.detach().numpy(), **tolerance)


@pytest.mark.parametrize(("make", "_", "options"), OPTIONS)
def test_blocks_views_and_scalars_take_the_same_steps(make, _, options):
    """Bit for bit: the blocks of a network, views of them, and scalars of one's own."""
    first, second = (Net(2, [3, 1], "tanh", seed=0) for _ in range(2))
    third = [Value(p.data) for p in first.params()]
    options = {"lr": 0.01, **options}
    optimizers = [make(parameters, **options) for parameters in (first, second.params(), third)]
    generator = np.random.default_rng(1)
    for _ in range(20):
        x = generator.normal(size=(5, 2))
        for net, optimizer in zip((first, second), optimizers, strict=False):
            optimizer.zero_grad()
            net(x).sum().backward()
        for scalar, view in zip(third, second.params(), strict=True):
            scalar.grad = view.grad
        for optimizer in optimizers:
            optimizer.step()
        numbers = [[p.data for p in ps] for ps in (first.params(), second.params(), third)]
        assert numbers[0] == numbers[1] == numbers[2]


def test_state_has_a_number_for_each_element():
    w, x = Value(np.zeros((2, 2))), Value(0.0)
    view = Value([1.0, 2.0])[1]
    optimizer = SGD([w, x, view], lr=1.0, momentum=0.5)
    w.grad, x.grad, view.grad = [[1.0, 2.0], [3.0, 4.0]], 5.0, 6.0
    optimizer.step()
    np.testing.assert_array_equal(optimizer.groups[0].state["velocity"], [1, 2, 3, 4, 5, 6])
    assert view.data == -4.0
    w.grad = [[9.0] * 2] * 2
    optimizer.zero_grad()
    assert (x.grad, view.grad, w.grad.any()) == (0.0, 0.0, False)


@pytest.mark.parametrize("make", [SGD, Adam])
@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (lambda w, x: [x, w, w[0, 1]], r"parameter 2 is element \(0, 1\) of parameter 1 "),
        (lambda w, x: [w[0, 1], x, w], r"parameter 0 is element \(0, 1\) of parameter 2 "),
        (lambda w, x: [x, x, w[1, 0], w[1, 0]], r"parameter 3 is .* \(1, 0\) .* as parameter 2 "),
        (lambda w, x: [w[1, 0], w[0, 0], x, w[-1, 0]], r"parameter 3 is .* as parameter 0 is"),
    ],
)
def test_an_element_that_comes_twice_is_refused(make, chosen, message):
    w, x = Value([[1.0, 2.0], [3.0, 4.0]]), Value(1.0)
    with pytest.raises(ValueError, match=message) as caught:
        make(chosen(w, x), lr=0.1)
    assert str(caught.value).startswith(f"[{make.__name__}] ")
    np.testing.assert_array_equal(w.data, [[1.0, 2.0], [3.0, 4.0]])


def test_elements_of_one_array_are_taken_without_it():
    w, other = Value([1.0, 2.0]), Value([1.0, 2.0])
    view = w[0]
    optimizer = SGD([view, w[1], other, view], lr=0.5)
    assert len(optimizer.parameters) == 3
    (w * other).sum().backward()
    optimizer.step()
    np.testing.assert_array_equal([w.data, other.data], [[0.5, 1.0], [0.5, 1.0]])
    assert len(Adam([Value([float(i)])[0] for i in range(20)]).parameters) == 20


def test_a_module_is_asked_for_its_blocks():
    model = MLP(2, [3, 1], seed=0)
    assert len(SGD(model, lr=0.1).parameters) == 4
    for given in (model.parameters, model.parameters(), model.params()):
        optimizer = SGD([*given] if isinstance(given, list) else given, lr=0.1, momentum=0.5)
        assert len(optimizer.parameters) == optimizer.groups[0].leaves.size == 13
    assert len(SGD([*model.parameters(), *model.parameters()], lr=0.1).parameters) == 13


def test_an_attribute_of_the_name_blocks_is_no_method():
    class Stack:
        def __init__(self):
            self.blocks = [Value(1.0)]

        def parameters(self):
            return [*self.blocks, Value(2.0)]

    assert len(SGD(Stack(), lr=0.1).parameters) == 2


@pytest.mark.parametrize("make", ALL)
def test_a_refused_step_changes_no_array(make):
    w, b = Value(np.ones((2, 2))), Value(np.ones(2))
    optimizer = make([w, b], lr=0.1)
    w.grad, b.grad = np.ones((2, 2)), np.ones(2)
    b.requires_grad = False
    with pytest.raises((TypeError, ValueError)):
        optimizer.step()
    assert (w.data == 1.0).all()
    b.requires_grad = True
    optimizer.step()
    assert (w.data < 1.0).all()


def test_training_on_batches():
    net = Net(2, [8, 1], "tanh", output_activation="linear", seed=0)
    optimizer = AdamW(net, lr=0.05, weight_decay=1e-4)
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = np.array([[0.0], [1.0], [1.0], [0.0]])
    losses = []
    for _ in range(200):
        loss = mse(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.data)
    assert losses[-1] < 1e-3 < losses[0]


def test_adam_trains_a_network():
    net = Net(2, [4, 1], "tanh", output_activation="linear", seed=0)
    optimizer = Adam(net, lr=0.05)
    data = [((a, b), float(a != b)) for a in (0, 1) for b in (0, 1)]
    losses = []
    for _ in range(200):
        loss = sum((net(x)[0] - y) ** 2 for x, y in data)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.data)
    assert losses[-1] < 1e-3 < losses[0]


@pytest.mark.parametrize("weight_decay", [0.0, 0.3])
def test_lion_is_its_algorithm(weight_decay):
    """PyTorch has none: algorithm 2 of the paper, written out."""
    x = [Value(0.5), Value(-0.25)]
    optimizer = Lion(x, lr=0.01, betas=(0.8, 0.95), weight_decay=weight_decay)
    p, m = np.array([0.5, -0.25]), np.zeros(2)
    for _ in range(50):
        optimizer.zero_grad()
        loss = (x[0] * x[1] - 1.0) ** 2 + x[0] ** 2
        loss.backward()
        g = np.array([value.grad for value in x])
        direction = np.sign(0.8 * m + (1 - 0.8) * g)
        p = p * (1.0 - 0.01 * weight_decay) - 0.01 * direction
        m = 0.95 * m + (1 - 0.95) * g
        optimizer.step()
        np.testing.assert_allclose([value.data for value in x], p, rtol=1e-13)


def test_lion_does_not_move_without_a_gradient():
    x = Value(2.0)
    x.grad = 0.0
    (x * 0.0).backward()
    optimizer = Lion([x], lr=0.5)
    optimizer.step()
    assert x.data == 2.0


def test_options_may_change_between_steps():
    x = Value(1.0)
    optimizer = SGD([x], lr=1.0)
    (x * 1.0).backward()
    optimizer.step()
    optimizer.groups[0].momentum = 0.5  # the velocity begins here, at zero
    optimizer.step()
    optimizer.step()
    assert x.data == 1.0 - 1.0 - 1.0 - 1.5
    with pytest.raises(ValueError, match=r"^\[SGD\] momentum=-1 was given"):
        optimizer.groups[0].momentum = -1
    with pytest.raises(AttributeError, match=r"'speed' cannot be set - one of lr, momentum,"):
        optimizer.groups[0].speed = 1
    assert optimizer.groups[0].momentum == 0.5


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("optimizer", [SGD, Adam])
def test_optimizers_are_copied_with_their_parameters(optimizer, protocol):
    model = Neuron(2, seed=1)
    original = optimizer(model, lr=0.1)
    model([1.0, 2.0]).backward()
    original.step()
    for model_copy, copied in (
        pickle.loads(pickle.dumps((model, original), protocol)),
        copy.deepcopy((model, original)),
    ):
        assert all(a is b for a, b in zip(model_copy.blocks(), copied.parameters, strict=True))
        model_copy.zero_grad()
        model_copy([1.0, 2.0]).backward()
        before = [block.data + 0.0 for block in model.blocks()]
        copied.step()
        assert copied.groups[0].steps == 2
        for block, kept, moved in zip(model.blocks(), before, model_copy.blocks(), strict=True):
            assert np.array_equal(block.data, kept)
            assert not np.array_equal(moved.data, kept)


def test_elements_follow_their_array_when_it_is_frozen():
    w = Value([1.0, 2.0])
    first = w[0]
    optimizer = SGD([first], lr=0.1)
    (first * first).backward()
    w.requires_grad = False
    assert not first.requires_grad
    with pytest.raises(
        TypeError, match=r"^\[SGD\] a Value with requires_grad=False is parameter 0"
    ):
        optimizer.step()
    assert w.data.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="requires no gradient"):
        SGD([first], lr=0.1)
    w.requires_grad = True
    assert first.requires_grad
    optimizer.step()
    assert w.data.tolist() == [0.8, 2.0]


@pytest.mark.parametrize("state", [None, 5, [], {"optimizer": "SGD", "groups": {"0": None}}])
def test_state_of_another_kind_is_refused(state):
    with pytest.raises(ValueError, match=r"^\[SGD.load_state_dict\] a state that does not fit"):
        SGD([Value(1.0)], lr=0.1).load_state_dict(state)


@pytest.mark.parametrize("steps", [2.7, "3"])
def test_steps_of_a_state_are_an_int(steps):
    optimizer = SGD([Value(1.0)], lr=0.1)
    state = optimizer.state_dict()
    state["groups"]["0"]["steps"] = steps
    with pytest.raises(ValueError, match="damaged"):
        optimizer.load_state_dict(state)
    assert optimizer.groups[0].steps == 0


@pytest.mark.parametrize("optimizer", [Adam, AdamW, RMSprop, Adagrad, Lion])
def test_state_without_its_arrays_is_refused(optimizer):
    x = Value(1.0)
    original = optimizer([x], lr=0.1)
    (x * x).backward()
    original.step()
    state = original.state_dict()
    optimizer([x], lr=0.1).load_state_dict(state)
    state["groups"]["0"]["state"] = {}
    with pytest.raises(ValueError, match=r"group 0: missing state: (mean|square|sum)"):
        optimizer([x], lr=0.1).load_state_dict(state)
