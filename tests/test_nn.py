"""Modules find their parameters, in blocks and one by one, and take care of them."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from autograd import Value
from autograd.nn import MLP, Layer, Module, Net, Neuron
from autograd.optim import SGD


class Everything(Module):
    """A module of which every attribute is another kind of holder."""

    def __init__(self):
        self.z = Value(1.0)
        self.listed = [Value(2.0), (Value(3.0), [Value(4.0)])]
        self.named = {"first": Value(5.0), 7: Value(6.0)}
        self.inner = Neuron(2, seed=0)
        self.block = Value([[8.0, 9.0]])
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
        "inner.weights",
        "inner.b",
        "block",
        "a",
    ]


def test_parameters_params_and_names_agree():
    module = Everything()
    parameters = module.parameters()
    assert isinstance(parameters, list)
    for other in (module.blocks(), [value for _, value in module.named_parameters()]):
        assert len(parameters) == len(other) == 10
        assert all(a is b for a, b in zip(parameters, other, strict=True))
    scalars = module.params()
    assert module.nparams() == len(scalars) == 12
    numbers = np.concatenate([np.ravel(block.data) for block in parameters])
    assert [scalar.data for scalar in scalars] == numbers.tolist()


def test_a_shared_parameter_comes_once():
    module = Module()
    module.first = Layer(2, 2)
    module.second = module.first
    module.neurons = list(module.first.neurons)
    module.bias = module.first.neurons[0].b
    assert module.nparams() == module.first.nparams() == 6
    assert len(module.blocks()) == 2
    tied = Net(2, [2, 2])
    tied.layers[1].bias = tied.layers[0].bias
    assert (len(tied.blocks()), tied.nparams(), len(tied.params())) == (3, 10, 10)


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
    before = [p.data for p in net.params()]
    gradients = [p.grad for p in net.params()]
    assert all(gradients)
    net.step(0.1)
    assert [p.data for p in net.params()] == [
        b - 0.1 * g for b, g in zip(before, gradients, strict=True)
    ]
    net.zero_grad()
    assert [p.grad for p in net.params()] == [0.0] * net.nparams()


@pytest.mark.parametrize("lr", [0.0, -1.0, float("nan"), float("inf")])
def test_step_refuses_a_bad_rate_and_changes_nothing(lr):
    neuron = Neuron(1, seed=0)
    neuron([1.0]).backward()
    before = [p.data for p in neuron.params()]
    with pytest.raises(ValueError, match=r"^\[Neuron.step\] lr=.* was given - a positive finite"):
        neuron.step(lr)
    assert [p.data for p in neuron.params()] == before


def test_an_empty_module():
    module = Module()
    assert module.parameters() == module.params() == module.blocks() == []
    module.zero_grad()
    module.step(0.1)


def test_a_module_may_call_its_parts_blocks():
    class Stack(Module):
        def __init__(self):
            self.blocks = [Layer(2, 2, seed=0), Layer(2, 1, "linear", seed=1)]

    module = Stack()
    assert (module.nparams(), len(module.parameters()), len(module.params())) == (9, 4, 9)
    optimizer = SGD(module, lr=0.5)
    assert len(optimizer.parameters) == 4
    [output] = module.blocks[1](module.blocks[0]([1.0, 2.0]))
    output.backward()
    module.step(0.5)
    optimizer.step()
    module.zero_grad()
    assert (module.blocks[1].bias.data, module.blocks[1].bias.grad) == (-1.0, 0.0)


# --- blocks and views -----------------------------------------------------------------------------


def test_a_layer_has_two_blocks_and_views_of_them():
    layer = Layer(2, 3, seed=0)
    assert [block.shape for block in layer.parameters()] == [(3, 2), (3,)]
    assert [name for name, _ in layer.named_parameters()] == ["weights", "bias"]
    neuron = layer.neurons[2]
    neuron.w[1].data, neuron.b.data = 5.0, 6.0
    assert (layer.weights.data[2, 1], layer.bias.data[2]) == (5.0, 6.0)
    layer.weights.data[2, 0] = 7.0
    layer.weights.grad = np.arange(6.0).reshape(3, 2)
    assert [w.data for w in neuron.w] == [7.0, 5.0]
    assert [w.grad for w in neuron.w] == [4.0, 5.0]
    neuron.w[0].grad = 0
    assert layer.weights.grad[2, 0] == 0.0
    assert [name for name, _ in neuron.named_parameters()] == ["w.0", "w.1", "b"]
    assert neuron.nparams() == len(neuron.parameters()) == len(neuron.params()) == 3


def test_views_are_the_same_objects_neuron_by_neuron():
    net = Net(2, [2, 1], seed=0)
    neurons = [neuron for layer in net.layers for neuron in layer.neurons]
    expected = [scalar for neuron in neurons for scalar in [*neuron.w, neuron.b]]
    assert all(a is b for a, b in zip(net.params(), expected, strict=True))
    first = net.layers[0]
    first.bias.requires_grad = False  # frozen
    assert all(a is b for a, b in zip(first.params(), expected[:2] + expected[3:5], strict=True))
    first.weights = Value(np.zeros((2, 2)))  # replaced: new views
    first.neurons[0].w[0].data = 1.0
    assert first.weights.data[0, 0] == 1.0


def test_mlp_has_scalars_as_micrograd_has_them():
    model = MLP(2, [3, 1], seed=0)
    assert len(model.parameters()) == model.nparams() == 13
    assert all(a is b for a, b in zip(model.parameters(), model.params(), strict=True))
    parts = [p for layer in model.layers for p in layer.parameters()]
    parts_of_parts = [p for layer in model.layers for n in layer.neurons for p in n.parameters()]
    for other in (parts, parts_of_parts):
        assert all(a is b for a, b in zip(model.parameters(), other, strict=True))
    assert [block.shape for block in model.blocks()] == [(3, 2), (3,), (1, 3), (1,)]
    names = ["layers.0.weights", "layers.0.bias", "layers.1.weights", "layers.1.bias"]
    assert [name for name, _ in model.named_parameters()] == names
    outer = Module()
    outer.model = model
    assert all(a is b for a, b in zip(outer.parameters(), model.blocks(), strict=True))


def test_mlp_of_which_a_part_is_trained():
    class Last(MLP):
        def parameters(self):
            return super().parameters()[-4:]

    model = Last(2, [3, 1], seed=0)
    first = model.layers[0].weights.data.copy()
    model([1.0, 2.0]).backward()
    assert (model.nparams(), len(model.blocks()), len(model.params())) == (4, 4, 4)
    assert model.layers[0].weights.grad.any()
    model.step(0.1)
    assert (model.layers[0].weights.data == first).all()
    assert model.params()[-1].data == -0.1


@pytest.mark.parametrize(
    "clone", [copy.deepcopy, lambda module: pickle.loads(pickle.dumps(module))]
)
@pytest.mark.parametrize("views", [False, True])
@pytest.mark.parametrize(
    "make",
    [
        lambda: Neuron(2, "tanh", seed=0),
        lambda: Layer(2, 3, "tanh", seed=0),
        lambda: Layer(2, 3, "tanh", seed=0).neurons[1],
        lambda: Net(2, [3, 2], "tanh", seed=0),
        lambda: MLP(2, [3, 1], seed=0),
    ],
    ids=["neuron", "layer", "row", "net", "mlp"],
)
def test_copies_compute_the_same_and_share_nothing(clone, views, make):
    module = make()
    if views:
        module.params()
    other = clone(module)
    assert repr(other) == repr(module)
    assert [p.data for p in other.params()] == [p.data for p in module.params()]
    for x in ([1.0, 2.0], np.ones((4, 2))):
        for ours, theirs in zip(numbers(module(x)), numbers(other(x)), strict=True):
            assert ours == theirs
    assert len(other.parameters()) == len(module.parameters())
    other.params()[0].data = 9.0
    assert module.params()[0].data != 9.0
    assert 9.0 in np.concatenate([np.ravel(block.data) for block in other.blocks()])
    assert numbers(other([1.0, 2.0])) != numbers(module([1.0, 2.0]))


def numbers(output):
    """Return the numbers of a Value or of a list of them."""
    values = output if isinstance(output, list) else [output]
    return np.concatenate([np.ravel(value.data) for value in values]).tolist()


def test_a_copy_keeps_what_belongs_together():
    net = Net(2, [2, 1], seed=0)
    first, row, block = copy.deepcopy((net, net.layers[0].neurons[1], net.layers[0].weights))
    assert first.layers[0].weights is block
    row.w[0].data = 4.0
    assert block.data[1, 0] == 4.0
