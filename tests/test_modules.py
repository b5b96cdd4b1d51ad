"""Modules compute what PyTorch's compute, with its gradients; on arrays, lists and numbers."""

from __future__ import annotations

import copy
import functools
import pickle
import random

import numpy as np
import pytest

import autograd
from autograd import Value, nn
from autograd.testing import check_grads

N = 4  # features in the tables

# Our module, PyTorch's name and arguments; parameters are copied over by order.
COUNTERPARTS = {
    "linear": (lambda: nn.Linear(N, 3, seed=0), "Linear", (N, 3)),
    "linear without bias": (lambda: nn.Linear(N, 3, bias=False, seed=0), "Linear", (N, 3, False)),
    "layer norm": (lambda: nn.LayerNorm(N), "LayerNorm", (N,)),
    "rms norm": (lambda: nn.RMSNorm(N), "RMSNorm", (N, 1e-6)),
    "relu": (nn.ReLU, "ReLU", ()),
    "leaky relu": (lambda: nn.LeakyReLU(0.2), "LeakyReLU", (0.2,)),
    "elu": (lambda: nn.ELU(alpha=0.5), "ELU", (0.5,)),
    "silu": (nn.SiLU, "SiLU", ()),
    "gelu": (nn.GELU, "GELU", ()),
    "sigmoid": (nn.Sigmoid, "Sigmoid", ()),
    "tanh": (nn.Tanh, "Tanh", ()),
    "softplus": (nn.Softplus, "Softplus", ()),
    "softmax": (nn.Softmax, "Softmax", (-1,)),
    "softmax along the first axis": (lambda: nn.Softmax(axis=0), "Softmax", (0,)),
    "log softmax": (nn.LogSoftmax, "LogSoftmax", (-1,)),
    "identity": (nn.Identity, "Identity", ()),
    "flatten": (nn.Flatten, "Flatten", ()),
}
ONE_SAMPLE = [name for name in COUNTERPARTS if name != "flatten"]  # PyTorch's wants two axes


def drawn(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def differently_initialized(module, seed=7):
    """Draw all parameters anew, so that a gain of 1 or a bias of 0 hides nothing."""
    generator = np.random.default_rng(seed)
    for block in module.blocks():
        block.data = generator.normal(size=block.shape)
    return module


def torch_counterpart(name, module):
    import torch

    _, torch_name, arguments = COUNTERPARTS[name]
    other = getattr(torch.nn, torch_name)(*arguments).double()
    with torch.no_grad():
        for theirs, ours in zip(other.parameters(), module.blocks(), strict=True):
            theirs.copy_(torch.from_numpy(np.array(ours.data)))
    return other


def torch_result(other, x, weights):
    """Return PyTorch's output, and the gradients of its weighted sum."""
    import torch

    x = torch.from_numpy(x).requires_grad_()
    output = other(x)
    (output * torch.from_numpy(weights(tuple(output.shape)))).sum().backward()
    gradients = [x.grad, *[parameter.grad for parameter in other.parameters()]]
    return output.detach().numpy(), [gradient.numpy() for gradient in gradients]


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        (name, shape)
        for name in COUNTERPARTS
        for shape in [(5, N), (2, 3, N), (1, N), (N,), (0, N)]
        if name in ONE_SAMPLE or len(shape) > 1
    ],
)
def test_arrays_as_in_pytorch(name, shape):
    module = differently_initialized(COUNTERPARTS[name][0]())
    x = drawn(shape)
    expected, gradients = torch_result(torch_counterpart(name, module), x, drawn)
    value = Value(x)
    output = module(value)
    (output * drawn(output.shape)).sum().backward()
    np.testing.assert_allclose(output.data, expected, rtol=1e-12, atol=1e-14)
    assert output.shape == expected.shape
    for ours, theirs in zip([value, *module.blocks()], gradients, strict=True):
        np.testing.assert_allclose(ours.grad, theirs, rtol=1e-10, atol=1e-13)
    np.testing.assert_array_equal(module(x).data, output.data)  # of an ndarray
    assert isinstance(module(x), Value)


@pytest.mark.parametrize("name", ONE_SAMPLE)
def test_a_list_is_one_sample(name):
    module = differently_initialized(COUNTERPARTS[name][0]())
    x = drawn(N)
    expected, gradients = torch_result(torch_counterpart(name, module), x, drawn)
    scalars = [Value(number) for number in x]
    outputs = module(scalars)
    assert isinstance(outputs, list)
    assert {output.shape for output in outputs} == {()}
    autograd.dot(outputs, drawn(len(outputs))).backward()
    np.testing.assert_allclose([output.data for output in outputs], expected, rtol=1e-12)
    np.testing.assert_allclose([s.grad for s in scalars], gradients[0], rtol=1e-10, atol=1e-13)
    for ours, theirs in zip(module.blocks(), gradients[1:], strict=True):
        np.testing.assert_allclose(ours.grad, theirs, rtol=1e-10, atol=1e-13)
    for other in (x.tolist(), tuple(scalars), iter(scalars), [*scalars[:2], *x[2:].tolist()]):
        again = module(other)
        np.testing.assert_allclose([v.data for v in again], expected, rtol=1e-12)
        assert {type(v) for v in again} == {Value}


@pytest.mark.parametrize(
    "name",
    ["relu", "leaky relu", "elu", "silu", "gelu", "sigmoid", "tanh", "softplus", "identity"],
)
def test_a_number_is_activated_alone(name):
    module = COUNTERPARTS[name][0]()
    for number in (-0.5, 2.0, 3):
        x = Value(number)
        output = module(x)
        output.backward()
        expected, [gradient] = torch_result(
            torch_counterpart(name, module), np.array(float(number)), np.ones
        )
        assert output.data == pytest.approx(float(expected), rel=1e-14)
        assert x.grad == pytest.approx(float(gradient), rel=1e-13)
        assert module(number).data == output.data


@pytest.mark.parametrize("name", ["linear", "linear without bias", "layer norm", "rms norm", "elu"])
def test_second_derivatives(name):
    module = differently_initialized(COUNTERPARTS[name][0]())
    check_grads(lambda x: (module(x) ** 2).sum(), drawn((3, N)), order=2)


@pytest.mark.parametrize("name", ["layer norm", "rms norm"])
def test_norms_of_what_has_no_size(name):
    module = COUNTERPARTS[name][0]()
    x = Value(np.zeros((2, N)))
    output = module(x)
    output.sum().backward()
    assert (output.data == 0.0).all()
    assert np.isfinite(x.grad).all()


def test_float32_stays():
    linear = nn.Linear(N, 2, initializer=lambda shape, seed: np.float32(seed.normal(size=shape)))
    assert (linear.weights.dtype, linear.bias.dtype) == (np.float32, np.float32)
    x = drawn((3, N)).astype(np.float32)
    assert linear(x).dtype == np.float32
    without = nn.Linear(N, 2, bias=False, initializer=lambda shape, **_: np.ones(shape, "f4"))
    assert (without(x).dtype, without.bias) == (np.float32, None)
    for module in (nn.ReLU(), nn.Dropout(0.5), nn.Softmax(), nn.Identity(), nn.Flatten()):
        assert module(x).dtype == np.float32


# --- linear ---------------------------------------------------------------------------------------


def test_linear_is_drawn_as_pytorch_draws_it():
    limit = 1 / np.sqrt(25)
    linear = nn.Linear(25, 400, seed=0)
    for block in linear.blocks():
        numbers = block.data.ravel()
        assert abs(numbers).max() <= limit
        assert abs(numbers).max() > 0.98 * limit
        assert abs(numbers.mean()) < 0.15 * limit
    assert [name for name, _ in linear.named_parameters()] == ["weights", "bias"]
    random.seed(3)
    first = nn.Linear(2, 2)
    random.seed(3)
    assert (first.weights.data == nn.Linear(2, 2).weights.data).all()
    assert (nn.Linear(2, 2, seed=3).weights.data == first.weights.data).all()


def test_linear_is_one_node():
    for linear in (nn.Linear(2, 3, seed=0), nn.Linear(2, 3, bias=False, seed=0)):
        before = autograd.memory().nodes
        output = linear(np.ones((4, 2)))
        assert autograd.memory().nodes == before + 1
        assert output.shape == (4, 3)
        del output


def test_linear_without_bias_has_neurons():
    linear = nn.Linear(2, 3, bias=False, seed=0)
    assert (linear.bias, linear.nparams(), len(linear.params())) == (None, 6, 6)
    neuron = linear.neurons[1]
    assert neuron.b is None
    assert [p.data for p in neuron.params()] == linear.weights.data[1].tolist()
    assert linear.params()[2] is neuron.w[0]
    assert linear.params()[2] is linear.params()[2]
    for x in ([1.0, 2.0], np.array([1.0, 2.0])):
        assert neuron(x).data == pytest.approx(linear(x)[1].data, rel=1e-15)
    linear.bias = Value([1.0, 2.0, 3.0])  # now it has one
    assert [p.data for p in linear.neurons[2].params()][2:] == [3.0]
    assert linear([0.0, 0.0])[2].data == 3.0
    linear.bias = None
    assert len(linear.params()) == 6


def test_toydiff_line():
    x = np.arange(-1.0, 1.0, 0.1).reshape(-1, 1)
    model = nn.Linear(1, 1, bias=False, seed=0)
    for _ in range(50):
        model.zero_grad()
        nn.losses.mse(model(Value(x)), 2 * x).backward()
        model.step(0.5)
    assert model.weights.data == pytest.approx(2.0)


@pytest.mark.parametrize(
    "make",
    [
        lambda **given: nn.Layer(3, 4, **given),
        lambda **given: nn.Linear(3, 4, **given),
        lambda **given: nn.Net(3, [4, 2], **given).layers[0],
        lambda **given: nn.Embedding(4, 3, **given),
    ],
)
def test_an_initializer_is_a_name_or_a_function(make):
    functions = [
        nn.initializers.xavier_uniform,
        "xavier_uniform",
        functools.partial(nn.initializers.xavier_uniform, gain=1.0),
    ]
    first, *others = (make(initializer=function, seed=5) for function in functions)
    assert first.weights.shape == (4, 3)
    for other in others:
        assert (other.weights.data == first.weights.data).all()
    assert (make(initializer="xavier_uniform", seed=6).weights.data != first.weights.data).all()
    random.seed(1)
    expected = make(initializer="normal").weights.data
    random.seed(1)
    assert (make(initializer="normal").weights.data == expected).all()
    if hasattr(first, "bias"):
        assert (first.bias.data == 0.0).all()


def test_the_layers_of_a_net_are_drawn_differently():
    net = nn.Net(3, [3, 3], initializer="normal", seed=0)
    assert (net.layers[0].weights.data != net.layers[1].weights.data).all()


# --- sequential -----------------------------------------------------------------------------------


def network():
    return nn.Sequential(
        nn.Linear(3, 4, seed=0), autograd.tanh, nn.Sequential(nn.LayerNorm(4)), nn.Linear(4, 2)
    )


def test_sequential_is_a_composition():
    model = network()
    x = drawn((5, 3))
    expected = model[3](model[2](autograd.tanh(model[0](x))))
    assert (model(x).data == expected.data).all()
    scalars = [Value(number) for number in x[0]]
    outputs = model(scalars)
    np.testing.assert_allclose([v.data for v in outputs], expected.data[0], rtol=1e-12)
    outputs[1].backward()
    value = Value(x[0])
    model(value)[1].backward()
    np.testing.assert_allclose([s.grad for s in scalars], value.grad, rtol=1e-12)


def test_sequential_is_a_list():
    model = network()
    assert (len(model), list(model), bool(nn.Sequential())) == (4, model.layers, True)
    assert model[0] is model.layers[0]
    assert model[-1] is model.layers[3]
    assert isinstance(model[1:3], nn.Sequential)
    assert model[1:3].layers == model.layers[1:3]
    assert model.append(nn.ReLU()) is model
    assert len(model) == 5
    names = [name for name, _ in model.named_parameters()]
    assert names[:3] == ["layers.0.weights", "layers.0.bias", "layers.2.layers.0.gain"]
    with pytest.raises(IndexError):
        model[7]


@pytest.mark.parametrize("x", [[1.0, 2.0], [Value(1.0), 2.0], np.ones((2, 3)), Value(3.0)])
def test_an_empty_sequential_is_the_identity(x):
    output = nn.Sequential()(x)
    if isinstance(x, list):
        assert [v.data for v in output] == [1.0, 2.0]
    else:
        assert np.array_equal(output.data, x.data if isinstance(x, Value) else x)


def test_sequential_ends_with_what_its_last_layer_gives():
    assert nn.Sequential(nn.Neuron(2, seed=0))([1.0, 2.0]).shape == ()
    model = nn.Sequential(nn.Embedding(5, 2), nn.Flatten(), nn.Linear(6, 3))
    assert model([[0, 1, 2], [4, 4, 4]]).shape == (2, 3)
    assert nn.Sequential(nn.Embedding(5, 2))([0, 1, 2]).shape == (3, 2)


# --- dropout --------------------------------------------------------------------------------------


def test_dropout_keeps_the_expectation():
    autograd.random.seed(0)
    dropout = nn.Dropout(0.25)
    x = Value(np.ones((200, 100)))
    output = dropout(x)
    output.sum().backward()
    assert set(np.unique(output.data)) == {0.0, 1 / 0.75}
    assert abs((output.data == 0).mean() - 0.25) < 0.01
    assert abs(output.data.mean() - 1.0) < 0.02
    assert (x.grad == output.data).all()  # the same numbers are left out
    assert (dropout(x).data != output.data).any()
    autograd.random.seed(0)
    assert (dropout(x).data == output.data).all()


def test_dropout_on_lists_and_numbers():
    autograd.random.seed(1)
    dropout = nn.Dropout(0.5)
    x = [Value(3.0) for _ in range(200)]
    outputs = dropout(x)
    assert {output.data for output in outputs} == {0.0, 6.0}
    autograd.sum(outputs).backward()
    assert [v.grad for v in x] == [output.data / 3.0 for output in outputs]
    assert {dropout(1.0).data for _ in range(50)} == {0.0, 2.0}
    assert {dropout(Value(1.0)).data for _ in range(50)} == {0.0, 2.0}


def test_dropout_is_off_in_evaluation():
    autograd.random.seed(0)
    state = autograd.random.state_dict()
    model = nn.Sequential(nn.Dropout(0.9)).eval()
    x = drawn((10, 10))
    assert (model(x).data == x).all()
    assert (nn.Dropout(0.0)(x).data == x).all()
    assert autograd.random.state_dict() == state  # nothing was drawn
    model.train()
    assert (model(x).data == 0.0).any()


# --- embedding ------------------------------------------------------------------------------------


@pytest.mark.parametrize("indices", [3, [1, 0, 1, 1], [[0, 1], [4, 4]], [], np.int64(2)])
@pytest.mark.parametrize("dtype", [None, np.int32, np.uint8])
def test_embedding_as_in_pytorch(indices, dtype):
    import torch

    embedding = nn.Embedding(5, 3, seed=0)
    other = torch.nn.Embedding(5, 3).double()
    with torch.no_grad():
        other.weight.copy_(torch.from_numpy(np.array(embedding.weights.data)))
    given = indices if dtype is None else np.array(indices, dtype)
    output = embedding(given)
    expected = other(torch.tensor(indices, dtype=torch.int64))
    assert (output.data == expected.detach().numpy()).all()
    assert output.shape == tuple(expected.shape)
    (output * drawn(output.shape)).sum().backward()
    (expected * torch.from_numpy(drawn(output.shape))).sum().backward()
    np.testing.assert_allclose(embedding.weights.grad, other.weight.grad.numpy(), rtol=1e-14)


def test_flatten():
    x = drawn((2, 3, 4, 5))
    assert nn.Flatten()(x).shape == (2, 60)
    assert nn.Flatten(2)(x).shape == (2, 3, 20)
    assert nn.Flatten(0)(Value(x)).shape == (120,)
    assert nn.Flatten(0)(2.0).shape == (1,)
    assert nn.Flatten()(np.zeros((0, 3, 4))).shape == (0, 12)
    assert len(nn.Flatten()([1.0, 2.0])) == 2


# --- forward --------------------------------------------------------------------------------------


class Doubled(nn.Module):
    def forward(self, x):
        return 2.0 * x


class Plus(Doubled):
    def forward(self, x):
        return super().forward(x) + 1.0


class Shifted(nn.Linear):
    def forward(self, x):
        return super().forward(x) + 1.0


class Counting(nn.Module):
    def __call__(self, x):
        self.calls = getattr(self, "calls", 0) + 1
        return self.forward(x)


class Counted(Counting):
    def forward(self, x):
        return 3.0 * x


class Last(nn.Linear):
    def __call__(self, x):
        return self.forward(x) * 2.0


def test_calling_is_forward():
    x = Value(3.0)
    assert Doubled()(x).data == Doubled().forward(x).data == 6.0
    assert Plus()(x).data == Plus().forward(x).data == 7.0
    linear, batch = nn.Linear(2, 1, seed=0), np.ones((3, 2))
    for module in (linear, nn.MLP(2, [1]), nn.Sequential(linear), nn.ReLU(), nn.Regressor(2)):
        assert (module.forward(batch).data == module(batch).data).all()
    assert nn.Layer.forward is nn.Layer.__call__  # a call goes through nothing else
    shifted = Shifted(2, 1, seed=0)
    assert (shifted(batch).data == linear(batch).data + 1.0).all()


def test_a_call_that_asks_for_forward_is_kept():
    counted = Counted()
    assert (counted(2.0), counted.calls) == (6.0, 1)
    assert counted.forward(2.0) == 6.0
    batch = np.ones((3, 2))
    assert (Last(2, 1, seed=0)(batch).data == 2.0 * nn.Linear(2, 1, seed=0)(batch).data).all()


# --- copies ---------------------------------------------------------------------------------------


def everything():
    return nn.Sequential(
        nn.Embedding(6, 4, seed=0),
        nn.Flatten(),
        nn.Linear(8, 6, bias=False, seed=1),
        nn.LayerNorm(6),
        autograd.tanh,
        nn.Layer(6, 6, "gelu", seed=2),
        nn.Dropout(0.5),
        nn.RMSNorm(6),
        *[
            make()
            for make in (nn.ReLU, nn.LeakyReLU, nn.ELU, nn.SiLU, nn.GELU, nn.Sigmoid, nn.Tanh)
        ],
        nn.Softplus(),
        nn.Identity(),
        nn.Net(6, [5, 4], "tanh", seed=3, initializer="orthogonal"),
        nn.MLP(4, [3, 3], seed=4),
        nn.Sequential(nn.Linear(3, 3, seed=5), nn.Softmax()),
        nn.LogSoftmax(),
    )


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickles(protocol):
    model, indices = everything().eval(), np.array([[0, 5], [3, 3], [1, 2]])
    other = pickle.loads(pickle.dumps(model, protocol))
    assert (other(indices).data == model(indices).data).all()
    assert repr(other) == repr(model)
    assert not any(part.training for part in other if isinstance(part, nn.Module))
    other[2].weights.data = np.zeros((6, 8))
    assert model[2].weights.data.any()


def test_copies():
    model, indices = everything().eval(), np.array([[0, 5], [3, 3]])
    deep, shallow = copy.deepcopy(model), copy.copy(model)
    for other in (deep, shallow):
        assert (other(indices).data == model(indices).data).all()
    for ours, theirs, shared in zip(model.blocks(), deep.blocks(), shallow.blocks(), strict=True):
        assert theirs is not ours
        assert shared is ours
    layer = copy.copy(model[5])
    assert layer([1.0] * 6) == model[5]([1.0] * 6)


def test_an_option_can_be_changed():
    module = nn.LeakyReLU()
    assert module(-1.0).data == -0.01
    module.slope = 0.5
    assert module(-1.0).data == -0.5
    assert repr(copy.copy(module)) == "LeakyReLU(slope=0.5)"


def test_nothing_leaks():
    model = network()
    x = drawn((5, 3))

    def step():
        model.zero_grad()
        (model(x) ** 2).mean().backward()
        model.step(0.01)

    step()
    before = autograd.memory()
    for _ in range(20):
        step()
    assert autograd.memory()[:2] == before[:2]


# --- bad input ------------------------------------------------------------------------------------

KNOWN = "uniform, normal, xavier_uniform, xavier_normal, kaiming_uniform, kaiming_normal"
SCALARS = "a list that holds other things than scalars was given - numbers or Values are needed"
BAD = [
    (lambda: nn.Linear(0, 1), ValueError, "[Linear] n_in is 0 - at least 1 is needed"),
    (lambda: nn.Linear(1, 1.5), TypeError, "[Linear] n_out is 1.5, a float - an integer is"),
    (lambda: nn.Linear(2, 1)([1.0]), ValueError, "[Linear] 1 inputs were given - 2 are needed"),
    (lambda: nn.Linear(2, 1)(np.ones((2, 3))), ValueError, "[Linear] inputs of shape (2, 3) were"),
    (lambda: nn.Linear(2, 1)(1.0), TypeError, "[Linear] a single float was given - a list of 2"),
    (lambda: nn.Layer(2, 1, "swoosh"), ValueError, "[activation] 'swoosh' was given - one of lin"),
    (
        lambda: nn.Linear(2, 1, initializer="he"),
        ValueError,
        f"[Linear] initializer='he' was given - one of {KNOWN}",
    ),
    (lambda: nn.Net(2, [1], initializer="he"), ValueError, "[Layer] initializer='he' was given"),
    (lambda: nn.Layer(2, 1, initializer=3), TypeError, "[Layer] initializer is 3 - a name or a fu"),
    (
        lambda: nn.Linear(2, 1, initializer=lambda *_, **__: np.ones(3)),
        ValueError,
        "[Linear] initializer gave an array of shape (3,) and float64 - numbers of shape (1, 2)",
    ),
    (lambda: nn.Sequential(nn.ReLU(), 3.0), TypeError, "[Sequential] layer 1 is a float - someth"),
    (lambda: nn.Sequential(nn.Module()), TypeError, "[Sequential] layer 0 is a Module - something"),
    (lambda: nn.Sequential(nn.Tanh), TypeError, "[Sequential] layer 0 is the class Tanh - someth"),
    (lambda: nn.Sequential().append("x"), TypeError, "[Sequential] layer 0 is a str - something"),
    (lambda: nn.Sequential()("x"), TypeError, "[Sequential] a str was given - an array or a list"),
    (lambda: nn.Module()(1.0), TypeError, "[Module] a module without forward was called - one th"),
    (lambda: nn.Linear(3, 2)(None), TypeError, "[Linear] a single NoneType was given - a list of"),
    (lambda: nn.Net(3, [2])(None), TypeError, "[Net] a single NoneType was given - a list of 3"),
    (lambda: nn.Net(3, 5), TypeError, "[Net] n_outs is 5, a int - a list of sizes, one for each"),
    (lambda: nn.MLP(3, None), TypeError, "[MLP] n_outs is None, a NoneType - a list of sizes, one"),
    (
        lambda: nn.Linear(1, 1).step("a"),
        TypeError,
        "[Linear.step] lr is a str - a number is needed",
    ),
    (lambda: nn.Linear(1, 1).step(None), TypeError, "[Linear.step] lr is a NoneType - a number is"),
    (lambda: nn.Dropout(1.0), ValueError, "[Dropout] p=1.0 was given - a number in [0, 1) is need"),
    (lambda: nn.Dropout(-0.1), ValueError, "[Dropout] p=-0.1 was given - a number in [0, 1) is"),
    (lambda: nn.Dropout(float("nan")), ValueError, "[Dropout] p=nan was given - a number in [0, 1"),
    (lambda: nn.Dropout("x"), TypeError, "[Dropout] p='x' was given - a number in [0, 1) is"),
    (lambda: nn.LayerNorm(0), ValueError, "[LayerNorm] n is 0 - at least 1 is needed"),
    (lambda: nn.LayerNorm(3, eps=0.0), ValueError, "[LayerNorm] eps=0.0 was given - a positive"),
    (lambda: nn.RMSNorm(3, eps=-1), ValueError, "[RMSNorm] eps=-1 was given - a positive finite"),
    (lambda: nn.LayerNorm(3)(np.ones((3, 2))), ValueError, "[LayerNorm] inputs of shape (3, 2)"),
    (lambda: nn.RMSNorm(3)([1.0]), ValueError, "[RMSNorm] inputs of shape (1,) were given - a las"),
    (lambda: nn.RMSNorm(3)(Value(1.0)), TypeError, "[RMSNorm] a single Value was given - a list"),
    (lambda: nn.Embedding(0, 2), ValueError, "[Embedding] n is 0 - at least 1 is needed"),
    (lambda: nn.Embedding(3, 2)(3), IndexError, "[Embedding] the index 3 was given - one from 0 t"),
    (lambda: nn.Embedding(3, 2)(-1), IndexError, "[Embedding] the index -1 was given - one from 0"),
    (
        lambda: nn.Embedding(3, 2)([[0, 1], [0, 7]]),
        IndexError,
        "[Embedding] indices[1, 1] is 7 - one from 0 to 2 is needed",
    ),
    (
        lambda: nn.Embedding(3, 2)(np.array([1, 2**64 - 1], np.uint64)),
        IndexError,
        "[Embedding] indices[1] is 18446744073709551615 - one from 0 to 2 is needed",
    ),
    (
        lambda: nn.Embedding(3, 2)(np.array([0, 1, 9, 1], np.int8)[::2]),
        IndexError,
        "[Embedding] indices[1] is 9 - one from 0 to 2 is needed",
    ),
    (lambda: nn.Embedding(3, 2)(1.0), TypeError, "[Embedding] a float was given - ints are needed"),
    (lambda: nn.Embedding(3, 2)([True]), TypeError, "[Embedding] an array of bool was given - int"),
    (lambda: nn.Embedding(3, 2)(Value(1.0)), TypeError, "[Embedding] a Value was given - ints are"),
    (
        lambda: nn.Embedding(3, 2)([[0], [1, 2]]),
        ValueError,
        "[Embedding] parts of different lengths were given - a regular array of ints is needed",
    ),
    (lambda: nn.Flatten(-1), ValueError, "[Flatten] first is -1 - at least 0 is needed"),
    (lambda: nn.ReLU(1), TypeError, "ReLU() too many positional arguments"),
    (lambda: nn.ELU(slope=1), TypeError, "ELU() got an unexpected keyword argument 'slope'"),
    (lambda: nn.ELU(alpha="x"), TypeError, "[ELU] alpha='x' was given - a number is needed"),
    (lambda: nn.Softmax(0.5), TypeError, "[Softmax] axis=0.5 was given - an int is needed"),
    (lambda: nn.Softmax(1)([1.0]), IndexError, "[softmax] axis 1 was given - one from -1 to 0"),
    (lambda: nn.ReLU()(None), TypeError, "[ReLU] a NoneType was given - an array or a list of num"),
    (lambda: nn.ReLU()([None]), TypeError, f"[ReLU] {SCALARS}"),
    (lambda: nn.ReLU()([Value([1.0])]), TypeError, f"[ReLU] {SCALARS}"),
    (lambda: nn.Tanh()([[1.0], [1.0, 2.0]]), TypeError, f"[Tanh] {SCALARS}"),
]


@pytest.mark.parametrize(("line", "error", "message"), BAD, ids=[row[2] for row in BAD])
def test_bad_input(line, error, message):
    state = random.getstate()
    with pytest.raises(error) as caught:
        line()
    assert str(caught.value).startswith(message)
    if message.startswith("["):
        assert str(caught.value).endswith(".")
    if "initializer" in message or "activation" in message:
        assert (random.getstate() == state) == ("gave" not in message)


def test_an_element_of_a_parameter_is_no_parameter():
    class Model(nn.Module):
        def __init__(self):
            self.linear = nn.Linear(2, 1, bias=False, seed=0)
            self.first = self.linear.weights[0, 0]

        def forward(self, x):
            return self.linear(x)

    model = Model()
    before = model.linear.weights.data.copy()
    model([1.0, 1.0])[0].backward()
    model.step(0.1)
    assert np.allclose(before - model.linear.weights.data, [[0.1, 0.1]])
    assert model.nparams() == 2
    assert list(model.state_dict()) == ["linear.weights"]


def test_parameters_in_an_array_of_objects():
    class Model(nn.Module):
        def __init__(self):
            self.w = np.array([Value(1.0), Value(2.0)])

    model = Model()
    assert [name for name, _ in model.named_parameters()] == ["w.0", "w.1"]
    assert model.nparams() == 2


@pytest.mark.parametrize("activation", [None, 3, autograd.tanh])
def test_activation_is_a_name(activation):
    with pytest.raises(TypeError, match=r"^\[activation\] .* was given - the name of a function"):
        nn.Neuron(2, activation)


def test_seed_may_be_of_numpy():
    assert nn.Neuron(2, seed=np.int64(3)).w[0].data == nn.Neuron(2, seed=3).w[0].data
    with pytest.raises(TypeError, match=r"^\[seed\]"):
        nn.Neuron(2, seed="a")


def test_forward_may_come_from_another_base():
    class Double:
        def forward(self, x):
            return x * 2.0

    class Model(Double, nn.Module):
        pass

    assert Model()(3.0) == Model().forward(3.0) == 6.0


def test_a_call_may_come_from_another_base():
    class Called:
        def __call__(self, x):
            return 2.0 * x

    class Model(nn.Module, Called):
        pass

    assert Model()(3.0) == 6.0


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize(
    "make",
    [
        lambda: nn.Linear(3, 2),
        lambda: nn.Layer(3, 2),
        lambda: nn.Net(3, [2, 1]),
        lambda: nn.MLP(3, [2, 1]),
        lambda: nn.Neuron(3),
    ],
)
@pytest.mark.parametrize(
    ("sample", "kind", "advice"),
    [
        ([1.0, 2.0, 3.0], "list", "np.array"),
        ((1.0, 2.0, 3.0), "tuple", "np.array"),
        (np.ones(3), "ndarray", "np.array"),
        (Value([1.0, 2.0, 3.0]), "Value", "autograd.stack"),
    ],
)
def test_a_batch_is_an_array(make, sample, kind, advice, count):
    module = make()
    owner = type(module).__name__
    with pytest.raises(TypeError) as caught:
        module([sample] * count)
    assert str(caught.value) == (
        f"[{owner}] a list that holds a {kind} was given - 3 numbers or Values, or an array of"
        f" samples, is needed. Pass a batch as one array, e.g. {advice}(batch)."
    )
    stacked = autograd.stack([sample] * count) if kind == "Value" else np.array([sample] * count)
    assert len(module(stacked)) == count
