"""Neurons, layers and networks compute what they say, on scalars and on arrays."""

from __future__ import annotations

import gc
import importlib
import itertools
import random
import re
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.nn import MLP, Layer, Net, Neuron


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
    assert [p.data for p in first.params()] == [p.data for p in second.params()]
    assert [p.data for p in first.params()] != [p.data for p in third.params()]
    assert all(-1 <= p.data <= 1 for p in first.params())
    generator = random.Random(5)
    assert [p.data for p in make(generator).params()] == [p.data for p in first.params()]


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
    fused = [p.grad for p in (*neuron.params(), x[0])]
    neuron.zero_grad()
    x[0].zero_grad()
    expected.backward()
    np.testing.assert_allclose(fused, [p.grad for p in (*neuron.params(), x[0])], rtol=1e-15)


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


def test_the_activation_of_a_layer_is_one():
    layer = Layer(2, 2, "relu", seed=0)
    with pytest.raises(AttributeError, match=r"^\[Neuron.activation\] 'tanh' was given for one "):
        layer.neurons[0].activation = "tanh"
    assert [neuron.activation for neuron in layer.neurons] == ["relu"] * 2
    layer.activation = "tanh"
    assert [neuron.activation for neuron in layer.neurons] == ["tanh"] * 2
    assert layer([1, 2]) == [neuron([1, 2]) for neuron in layer.neurons]


def test_another_kind_of_layer_is_called():
    class Negative(Layer):
        def __call__(self, x):
            return -super().__call__(x)

    net = Net(2, [2, 1], "relu", output_activation="linear", seed=0)
    [expected] = net([1, 2])
    negative = Negative(2, 1)
    negative.weights, negative.bias, negative.activation = *net.layers[1].blocks(), "linear"
    net.layers[1] = negative
    assert net([1, 2]) == [-expected]
    assert expected.data != 0.0


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
            (
                "MLP: 65 parameters\n"
                "  layers.0: Layer(N_in=2, N_out=16), 48\n"
                "  layers.1: Layer(N_in=16, N_out=1), 17"
            ),
            65,
        ),
    ],
)
def test_repr_and_count(module, text, count):
    assert repr(module) == text
    assert module.nparams() == count


@pytest.mark.parametrize(
    "convert",
    [
        list,
        tuple,
        iter,
        lambda x: (v for v in x),
        lambda x: dict.fromkeys(x),
        lambda x: np.array(x, dtype=object),
    ],
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


# --- arrays ---------------------------------------------------------------------------------------

GENERATOR = np.random.default_rng(3)
BATCH = GENERATOR.normal(size=(4, 3))
MODULES = [
    *(lambda name=name: Neuron(3, name, seed=1) for name in ("linear", "tanh", "elu")),
    *(lambda name=name: Layer(3, 2, name, seed=2) for name in ("relu", "sigmoid", "leaky_relu")),
    lambda: Layer(3, 1, seed=3),
    lambda: Net(3, [4, 2], "tanh", seed=4),
    lambda: Net(3, [1], "gelu", seed=5),
    lambda: MLP(3, [5, 4, 2], seed=6),
    lambda: MLP(3, [5, 1], seed=7),
]


def flat(output):
    """Return the scalars of an output, be it a Value, an array or a list."""
    if isinstance(output, Value):
        output = [output] if output.ndim == 0 else output.ravel()
    return list(output)


@pytest.mark.parametrize("make", MODULES)
def test_scalars_rows_and_batches_give_the_same(make):
    """Outputs, and gradients of all parameters and inputs."""
    module = make()
    inputs = Value(BATCH)
    scalars = [[Value(number) for number in row] for row in BATCH]
    rows = [Value(row) for row in BATCH]
    ways = {
        "lists": (lambda: [flat(module(row)) for row in scalars]),
        "rows": (lambda: [flat(module(row)) for row in rows]),
        "batch": (lambda: [flat(row) for row in module(inputs)]),
    }
    found = {}
    for name, outputs in ways.items():
        module.zero_grad()
        values = list(itertools.chain.from_iterable(outputs()))
        autograd.sum([(index + 1) * v * v for index, v in enumerate(values)]).backward()
        found[name] = [v.data for v in values], [p.grad for p in module.params()]
    for name in ("rows", "batch"):
        for ours, theirs in zip(found[name], found["lists"], strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-13, atol=1e-14)
    lists = [[x.grad for x in row] for row in scalars]
    np.testing.assert_allclose([row.grad for row in rows], lists, rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(inputs.grad, lists, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize(
    ("make", "row", "batch", "deep"),
    [
        (lambda: Neuron(3), (), (4,), (2, 4)),
        (lambda: Layer(3, 2).neurons[1], (), (4,), (2, 4)),
        (lambda: Layer(3, 2), (2,), (4, 2), (2, 4, 2)),
        (lambda: Layer(3, 1), (1,), (4, 1), (2, 4, 1)),
        (lambda: Net(3, [5, 1]), (1,), (4, 1), (2, 4, 1)),
        (lambda: MLP(3, [5, 2]), (2,), (4, 2), (2, 4, 2)),
        (lambda: MLP(3, [5, 1]), (), (4, 1), (2, 4, 1)),
    ],
)
def test_shapes(make, row, batch, deep):
    module = make()
    for kind in (np.asarray, Value, lambda x: Value(x, requires_grad=False), np.float32):
        assert module(kind(BATCH[0])).shape == row
        assert module(kind(BATCH)).shape == batch
        assert module(kind(np.stack([BATCH, BATCH]))).shape == deep
    assert module(np.ones((4, 3), dtype=int)).shape == batch
    assert module(np.ones((0, 3))).shape == (0, *batch[1:])


def test_a_network_is_that_of_pytorch():
    torch = pytest.importorskip("torch")
    net = Net(3, [5, 2], "tanh", output_activation="linear", seed=0)
    x = Value(BATCH)
    output = net(x)
    (output * output).sum().backward()
    blocks = [torch.tensor(block.data, requires_grad=True) for block in (*net.blocks(), x)]
    first, first_bias, second, second_bias, inputs = blocks
    reference = torch.tanh(inputs @ first.T + first_bias) @ second.T + second_bias
    (reference * reference).sum().backward()
    np.testing.assert_allclose(output.data, reference.detach().numpy(), rtol=1e-13)
    for ours, theirs in zip((*net.blocks(), x), blocks, strict=True):
        np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("make", MODULES)
def test_second_derivatives_on_arrays(make):
    module = make()
    x = Value(BATCH)
    (module(x) ** 2).sum().backward(create_graph=True)
    gradient = x.grad
    x.zero_grad()
    module.zero_grad()
    (gradient * np.arange(12.0).reshape(4, 3)).sum().backward()
    found, step = x.grad.copy(), 1e-5

    def slope(at):
        point = Value(at)
        (module(point) ** 2).sum().backward()
        return point.grad

    direction = np.arange(12.0).reshape(4, 3)
    difference = (slope(BATCH + step * direction) - slope(BATCH - step * direction)) / (2 * step)
    np.testing.assert_allclose(found, difference, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("module", "name"),
    [(Layer(3, 2), "Layer"), (Net(3, [2]), "Net"), (MLP(3, [2]), "MLP"), (Neuron(3), "Neuron")],
)
@pytest.mark.parametrize("shape", [(2,), (4,), (3, 4), (3, 0)])
def test_a_wrong_shape_is_refused_and_named(module, name, shape):
    text = re.escape(str(shape))
    message = rf"^\[{name}\] inputs of shape {text} were given - a last length of 3 is needed"
    for x in (np.ones(shape), Value(np.ones(shape))):
        with pytest.raises(ValueError, match=message):
            module(x)


def test_a_list_of_arrays_is_refused():
    rows = [Value([1.0, 2.0, 3.0])] * 3
    for module in (Neuron(3), Layer(3, 2), Net(3, [2]), MLP(3, [2])):
        with pytest.raises(TypeError):
            module(rows)
        with pytest.raises(TypeError):
            module([[1.0, 2.0, 3.0]] * 3)


def test_a_view_is_seen_by_the_layer_at_once():
    layer = Layer(2, 2, "linear", seed=0)
    neuron = layer.neurons[0]
    for weight, number in zip(neuron.w, (1.0, 2.0), strict=True):
        weight.data = number
    neuron.b.data = 0.5
    assert layer([3.0, 4.0])[0].data == layer(np.array([3.0, 4.0])).data[0] == 11.5
    assert neuron([3.0, 4.0]).data == neuron(np.array([3.0, 4.0])).data == 11.5
    output = layer(np.ones((2, 2)))
    neuron.w[0].data = 3.0
    with pytest.raises(autograd.StaleValueError):
        output.sum().backward()


def test_moons_has_the_same_losses_on_arrays(monkeypatch):
    pytest.importorskip("matplotlib")
    pytest.importorskip("tqdm")
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "examples"))
    example = importlib.import_module("moons")
    points, classes = example.moons(30, noise=0.1, seed=0)
    signs = 2 * classes - 1
    histories = []
    for measure, *data in (
        (example.loss_and_accuracy, points.tolist(), signs.tolist()),
        (example.loss_and_accuracy_on_arrays, points, signs),
    ):
        model = MLP(2, [8, 8, 1], seed=0)
        history = []
        for _ in range(30):
            loss, accuracy = measure(model, *data)
            model.zero_grad()
            loss.backward()
            model.step(0.2)
            history += [loss.data, accuracy]
        histories.append(history)
    assert histories[0] == pytest.approx(histories[1], rel=1e-9)


@pytest.mark.parametrize("way", ["lists", "arrays"])
def test_training_takes_no_memory(way):
    model = MLP(3, [8, 1], seed=0)
    x = BATCH if way == "arrays" else BATCH.tolist()

    def step():
        outputs = model(x) if way == "arrays" else autograd.sum([model(row) for row in x])
        loss = (outputs * outputs).sum() if way == "arrays" else outputs * outputs
        loss = loss + 1e-4 * sum(p * p for p in model.parameters()[:5])
        model.zero_grad()
        loss.backward()
        model.step(1e-3)

    step()
    gc.collect()
    gc.disable()
    try:
        before = autograd.memory()
        for _ in range(1000):
            step()
        assert autograd.memory() == before
    finally:
        gc.enable()
