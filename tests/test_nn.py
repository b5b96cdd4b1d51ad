"""Modules find their parameters; neurons, layers and networks compute what they say."""

from __future__ import annotations

import copy
import pickle
import random

import numpy as np
import pytest

from autograd import Value
from autograd.nn import MLP, Layer, Module, Net, Neuron


class Everything(Module):
    """A module of which every attribute is another kind of holder."""

    def __init__(self):
        self.z = Value(1.0)
        self.listed = [Value(2.0), (Value(3.0), [Value(4.0)])]
        self.named = {"first": Value(5.0), 7: Value(6.0)}
        self.inner = Neuron(2, seed=0)
        self.a = Value(7.0)
        self.again = self.z
        self.number, self.text, self.array = 3.0, "text", np.zeros(3)


def test_parameters_are_found_everywhere_in_definition_order():
    names = [name for name, _ in Everything().named_parameters()]
    assert names == [
        "z",
        "listed.0",
        "listed.1.0",
        "listed.1.1.0",
        "named.first",
        "named.7",
        "inner.w.0",
        "inner.w.1",
        "inner.b",
        "a",
    ]


def test_parameters_params_and_names_agree():
    module = Everything()
    parameters = module.parameters()
    assert isinstance(parameters, list)
    for left, right in (
        (parameters, module.params()),
        (parameters, [value for _, value in module.named_parameters()]),
    ):
        assert len(left) == len(right)
        assert all(a is b for a, b in zip(left, right, strict=True))
    assert module.nparams() == len(parameters) == 10


def test_a_shared_parameter_comes_once():
    module = Module()
    module.first = Layer(2, 2)
    module.second = module.first
    module.neurons = list(module.first.neurons)
    module.bias = module.first.neurons[0].b
    assert module.nparams() == module.first.nparams() == 6


def test_equal_values_are_different_parameters():
    module = Module()
    module.values = [Value(1.0), Value(1.0)]
    assert module.nparams() == 2


def test_cycles_end():
    module, other = Module(), Module()
    module.value, module.other = Value(1.0), other
    other.owner, other.value = module, Value(2.0)
    other.list = [module]
    other.list.append(other.list)
    assert [name for name, _ in module.named_parameters()] == ["value", "other.value"]
    assert module.train() is module


def test_depth_is_no_recursion():
    root = module = Module()
    for _ in range(20_000):
        module.inner = [Module()]
        module = module.inner[0]
    module.value = Value(1.0)
    assert root.nparams() == 1
    [(name, _)] = root.named_parameters()
    assert name.count("inner") == 20_000
    root.eval()
    assert module.training is False
    while root is not module:  # unlink from the top: the interpreter frees attributes recursively
        root = root.__dict__.pop("inner")[0]


def test_only_leaves_that_require_a_gradient_are_parameters():
    module = Module()
    module.weight = Value(2.0)
    module.constant = Value(3.0, requires_grad=False)
    module.result = module.weight * 2.0
    assert [name for name, _ in module.named_parameters()] == ["weight"]
    module.weight.requires_grad = False
    assert module.parameters() == []


def test_a_new_attribute_is_seen_and_an_old_one_forgotten():
    module = Module()
    module.value = Value(1.0)
    assert module.nparams() == 1
    module.value = replacement = Value(2.0)
    assert module.parameters()[0] is replacement
    del module.value
    assert module.parameters() == []


def test_training_is_set_in_nested_modules():
    module = Module()
    module.parts = {"a": [Module(), (Module(),)]}
    parts = [module, module.parts["a"][0], module.parts["a"][1][0]]
    assert [part.training for part in parts] == [True] * 3
    assert module.eval() is module
    assert [part.training for part in parts] == [False] * 3
    assert module.train() is module
    assert [part.training for part in parts] == [True] * 3


def test_overridden_parameters_are_respected_by_the_methods_of_the_module():
    class Half(Module):
        def __init__(self):
            self.first, self.second = Value(1.0), Value(1.0)

        def parameters(self):
            return [self.first]

    module = Half()
    (module.first * module.second).backward()
    module.step(0.5)
    module.zero_grad()
    assert (module.nparams(), module.first.grad, module.second.grad) == (1, 0.0, 1.0)
    assert (module.first.data, module.second.data) == (0.5, 1.0)


def test_zero_grad_and_step():
    net = Net(2, [3, 1], seed=1)
    [output] = net([0.5, -0.5])
    output.backward()
    before = [p.data for p in net.parameters()]
    gradients = [p.grad for p in net.parameters()]
    assert any(gradients)
    net.step(0.1)
    assert [p.data for p in net.parameters()] == [
        b - 0.1 * g for b, g in zip(before, gradients, strict=True)
    ]
    net.zero_grad()
    assert [p.grad for p in net.parameters()] == [0.0] * net.nparams()


@pytest.mark.parametrize("lr", [0.0, -1.0, float("nan"), float("inf")])
def test_step_refuses_a_bad_rate_and_changes_nothing(lr):
    neuron = Neuron(1, seed=0)
    neuron([1.0]).backward()
    before = [p.data for p in neuron.parameters()]
    with pytest.raises(ValueError, match=r"^\[Neuron.step\] lr=.* was given - a positive finite"):
        neuron.step(lr)
    assert [p.data for p in neuron.parameters()] == before


def test_an_empty_module():
    module = Module()
    assert module.parameters() == []
    module.zero_grad()
    module.step(0.1)


# --- layers ---------------------------------------------------------------------------------------


def test_weights_are_drawn_as_micrograd_draws_them():
    random.seed(1337)
    expected = [random.uniform(-1, 1) for _ in range(3 * 4 + 4 * 2)]
    random.seed(1337)
    net = Net(3, [4, 2])
    neurons = [neuron for layer in net.layers for neuron in layer.neurons]
    assert [w.data for neuron in neurons for w in neuron.w] == expected
    assert [neuron.b.data for neuron in neurons] == [0.0] * 6


@pytest.mark.parametrize(
    "make",
    [
        lambda seed: Neuron(5, seed=seed),
        lambda seed: Layer(3, 4, seed=seed),
        lambda seed: Net(3, [4, 2], seed=seed),
        lambda seed: MLP(3, [4, 1], seed=seed),
    ],
)
def test_a_seed_is_reproducible_and_leaves_the_global_generator_alone(make):
    state = random.getstate()
    first, second, third = make(5), make(5), make(6)
    assert random.getstate() == state
    assert [p.data for p in first.parameters()] == [p.data for p in second.parameters()]
    assert [p.data for p in first.parameters()] != [p.data for p in third.parameters()]
    assert all(-1 <= p.data <= 1 for p in first.parameters())
    generator = random.Random(5)
    assert [p.data for p in make(generator).parameters()] == [p.data for p in first.parameters()]


def test_a_neuron_is_one_node():
    neuron = Neuron(3, "tanh", seed=2)
    x = [Value(0.5), 2, -1.5]
    output = neuron(x)
    expected = neuron.b
    for weight, value in zip(neuron.w, x, strict=True):
        expected = expected + weight * value
    expected = expected.tanh()
    assert output.data == expected.data
    assert not output.is_leaf
    output.backward()
    fused = [p.grad for p in (*neuron.parameters(), x[0])]
    neuron.zero_grad()
    x[0].zero_grad()
    expected.backward()
    np.testing.assert_allclose(fused, [p.grad for p in (*neuron.parameters(), x[0])], rtol=1e-15)


@pytest.mark.parametrize(
    "activation", ["linear", "relu", "sigmoid", "tanh", "gelu", "softplus", "leaky_relu", "elu"]
)
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_activations(activation, sign):
    neuron = Neuron(1, activation)
    neuron.w[0].data, neuron.b.data = sign, 0.25
    x = Value(0.5)
    output = neuron([x])
    plain = sign * x + 0.25
    expected = plain if activation == "linear" else getattr(plain, activation)()
    assert output.data == expected.data
    output.backward()
    gradient = x.grad
    x.zero_grad()
    expected.backward()
    assert gradient == pytest.approx(x.grad, rel=1e-15)


def test_activation_can_be_changed_and_an_unknown_one_names_the_known():
    neuron = Neuron(1, "linear", seed=0)
    assert neuron.activation == "linear"
    linear = neuron([1.0])
    neuron.activation = "exp"
    assert neuron([1.0]).data == linear.exp().data
    with pytest.raises(ValueError, match=r"'swoosh' was given - one of linear, .*sigmoid, relu"):
        neuron.activation = "swoosh"
    assert neuron.activation == "exp"
    state = random.getstate()
    with pytest.raises(ValueError, match="swoosh"):
        Layer(2, 2, "swoosh")
    assert random.getstate() == state


def test_output_activation():
    net = Net(1, [1, 1], "relu", output_activation="linear", seed=0)
    assert [layer.neurons[0].activation for layer in net.layers] == ["relu", "linear"]
    net = Net(1, [1, 1, 1])
    assert [layer.neurons[0].activation for layer in net.layers] == ["sigmoid"] * 3
    model = MLP(1, [1, 1, 1])
    assert [layer.neurons[0].activation for layer in model.layers] == ["relu", "relu", "linear"]


def test_another_kind_of_neuron_is_called():
    class Negative(Neuron):
        def __call__(self, x):
            return -super().__call__(x)

    layer = Layer(2, 2, seed=0)
    first, second = layer([1, 2])
    layer.neurons[1] = Negative(2)
    layer.neurons[1].w, layer.neurons[1].b = layer.neurons[0].w, layer.neurons[0].b
    assert layer([1, 2]) == [first, -first]
    assert second != -first


@pytest.mark.parametrize(
    ("module", "text", "count"),
    [
        (Neuron(10), "Neuron(N_in=10)", 11),
        (Layer(3, 10), "Layer(N_in=3, N_out=10)", 40),
        (
            Net(3, [100, 200, 2]),
            (
                "Net([3, 100, 200, 2]): ['Layer(N_in=3, N_out=100)', "
                "'Layer(N_in=100, N_out=200)', 'Layer(N_in=200, N_out=2)']"
            ),
            21002,
        ),
        (
            MLP(2, [16, 1]),
            "MLP([2, 16, 1]): ['Layer(N_in=2, N_out=16)', 'Layer(N_in=16, N_out=1)']",
            65,
        ),
    ],
)
def test_repr_and_count(module, text, count):
    assert repr(module) == text
    assert module.nparams() == count


@pytest.mark.parametrize(
    "convert", [list, tuple, iter, np.array, lambda x: (v for v in x), lambda x: dict.fromkeys(x)]
)
def test_any_iterable_of_scalars_is_an_input(convert):
    x = [0.5, -1.0, 2.0]
    for module in (Neuron(3, seed=0), Layer(3, 2, seed=0), Net(3, [2, 2], seed=0)):
        expected, output = module(x), module(convert(x))
        assert output == expected
        assert isinstance(output, Value if isinstance(module, Neuron) else list)


def test_inputs_receive_gradients_through_all_layers():
    x = [Value(0.3), Value(-0.7)]
    net = Net(2, [3, 1], "tanh", seed=3)
    [output] = net(x)
    output.backward()
    step = 1e-6
    for index in range(2):
        moved = [[0.3, -0.7], [0.3, -0.7]]
        moved[0][index] += step
        moved[1][index] -= step
        difference = (net(moved[0])[0].data - net(moved[1])[0].data) / (2 * step)
        assert x[index].grad == pytest.approx(difference, rel=1e-7)


def test_one_output_is_a_list_except_in_mlp():
    assert len(Layer(2, 1)([1, 2])) == 1
    assert len(Net(2, [1])([1, 2])) == 1
    assert isinstance(MLP(2, [3, 1])([1, 2]), Value)
    assert len(MLP(2, [3, 2])([1, 2])) == 2


@pytest.mark.parametrize(
    ("module", "name"),
    [(Layer(3, 2), "Layer"), (Net(3, [2]), "Net"), (MLP(3, [2]), "MLP"), (Neuron(3), "Neuron")],
)
@pytest.mark.parametrize("count", [0, 2, 4])
def test_a_wrong_length_is_refused_and_both_are_named(module, name, count):
    message = rf"^\[{name}\] {count} inputs were given - 3 are needed\. Pass a list of length 3\.$"
    with pytest.raises(ValueError, match=message):
        module([1.0] * count)


@pytest.mark.parametrize("x", [1.0, 2, "abc", Value(1.0)])
def test_a_single_input_is_no_list(x):
    message = rf"^\[Layer\] a single {type(x).__name__} was given - a list of 3"
    with pytest.raises(TypeError, match=message):
        Layer(3, 2)(x)


@pytest.mark.parametrize("x", [["a", 1, 2], [None, 1, 2], [[1], 1, 2], [1j, 1, 2]])
def test_an_input_that_is_no_number_is_refused(x):
    with pytest.raises(TypeError):
        Neuron(3)(x)


@pytest.mark.parametrize("size", [0, -1])
def test_a_size_below_one_is_refused(size):
    for make in (
        lambda: Neuron(size),
        lambda: Layer(size, 1),
        lambda: Layer(1, size),
        lambda: Net(size, [1]),
        lambda: Net(1, [2, size]),
        lambda: MLP(1, [size]),
    ):
        with pytest.raises(ValueError, match=rf"is {size} - at least 1 is needed\."):
            make()


@pytest.mark.parametrize("size", [1.5, "3", None])
def test_a_size_that_is_no_integer_is_refused(size):
    for make in (lambda: Neuron(size), lambda: Layer(1, size), lambda: Net(1, [size])):
        with pytest.raises(TypeError, match=r"^\[(Neuron|Layer|Net)\] .* - an integer is needed\."):
            make()


def test_a_network_needs_a_layer():
    for make in (Net, MLP):
        with pytest.raises(ValueError, match="no layer sizes were given - at least one layer"):
            make(3, [])


@pytest.mark.parametrize(
    "clone", [copy.deepcopy, lambda module: pickle.loads(pickle.dumps(module))]
)
def test_copies_compute_the_same_and_share_nothing(clone):
    net = Net(2, [3, 2], "tanh", seed=0)
    other = clone(net)
    assert repr(other) == repr(net)
    assert [p.data for p in other.parameters()] == [p.data for p in net.parameters()]
    assert [v.data for v in other([1, 2])] == [v.data for v in net([1, 2])]
    other.parameters()[0].data = 9.0
    assert net.parameters()[0].data != 9.0
