"""The state of a module goes out, comes back in, or is refused as a whole; and is printed."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd import Value, nn, optim


class Model(nn.Module):
    def __init__(self):
        self.scale = Value(2.0)
        self.layers = [nn.Linear(2, 3, seed=0), nn.LayerNorm(3)]
        self.heads = {"out": nn.MLP(3, [2, 1], seed=1)}
        self.activation = autograd.tanh
        self.name = "model"

    def __call__(self, x):
        x = self.activation(self.layers[1](self.layers[0](x)))
        return self.scale * self.heads["out"](x)


NAMES = [
    "scale",
    "layers.0.weights",
    "layers.0.bias",
    "layers.1.gain",
    "layers.1.bias",
    "heads.out.layers.0.weights",
    "heads.out.layers.0.bias",
    "heads.out.layers.1.weights",
    "heads.out.layers.1.bias",
]


def numbers(module):
    return [np.array(block.data) for block in module.blocks()]


def test_state_has_names_order_and_copies():
    model = Model()
    state = model.state_dict()
    assert list(state) == NAMES == [name for name, _ in model.named_parameters()]
    for array, block in zip(state.values(), model.blocks(), strict=True):
        assert type(array) is np.ndarray
        assert array.shape == block.shape
        assert array.dtype == np.float64
        assert (array == block.data).all()
    state["layers.0.weights"][:] = 9.0
    assert not (model.layers[0].weights.data == 9.0).any()


@pytest.mark.parametrize(
    "converted",
    [
        lambda array: array,
        lambda array: array.tolist(),
        Value,
        lambda array: array.astype(np.float32),
        lambda array: np.array(array, order="F"),
    ],
    ids=["ndarray", "list", "Value", "float32", "another order"],
)
def test_loading_gives_the_same_model_in_place(converted):
    source, target = Model(), Model()
    for block in source.blocks():
        block.data = np.random.default_rng(0).integers(-9, 9, block.shape) / 8.0
    blocks = target.blocks()
    element = target.layers[0].neurons[1].w[0]
    optimizer = optim.SGD(target, lr=0.5)
    state = {name: converted(array) for name, array in source.state_dict().items()}
    target.load_state_dict(dict(reversed(state.items())))  # in any order
    assert all(a is b for a, b in zip(blocks, target.blocks(), strict=True))
    x = np.ones((3, 2))
    assert (target(x).data == source(x).data).all()
    assert element.data == source.layers[0].weights.data[1, 0]
    target(x).sum().backward()
    optimizer.step()  # of the same parameters
    assert target.scale.data != source.scale.data


def test_types_of_parameters_are_kept():
    linear = nn.Linear(2, 1, initializer=lambda shape, **_: np.ones(shape, np.float32))
    linear.load_state_dict({"weights": [[1, 2]], "bias": np.array([1e300])})
    assert (linear.weights.dtype, linear.bias.dtype) == (np.float32, np.float32)
    assert linear.weights.data.tolist() == [[1.0, 2.0]]
    assert np.isinf(linear.bias.data).all()


def test_what_was_loaded_is_not_shared():
    linear, array = nn.Linear(2, 1, bias=False), np.ones((1, 2))
    linear.load_state_dict({"weights": array})
    array[:] = 5.0
    assert linear.weights.data.tolist() == [[1.0, 1.0]]


def test_frozen_parameters_and_constants_have_a_state():
    linear, other = nn.Linear(2, 2, seed=0), nn.Linear(2, 2, seed=1)
    linear.weights.requires_grad = False
    assert list(linear.state_dict()) == ["weights", "bias"]
    assert [name for name, _ in linear.named_parameters()] == ["bias"]
    other.load_state_dict(linear.state_dict())
    assert (other.weights.data == linear.weights.data).all()
    linear.load_state_dict(nn.Linear(2, 2, seed=2).state_dict())
    assert linear.weights.requires_grad is False
    row = linear.neurons[0]
    assert list(row.state_dict()) == ["w.0", "w.1", "b"]
    row.load_state_dict({"w.0": 1.0, "w.1": 2, "b": np.float32(3)})
    assert (linear.weights.data[0].tolist(), linear.bias.data[0]) == ([1.0, 2.0], 3.0)


# Which names are left out of a right state, what is put in, and what the message says of it.
BAD = {
    "nothing": (NAMES, {}, [f"{name!r} is missing" for name in NAMES]),
    "one missing": (["layers.1.gain"], {}, ["'layers.1.gain' is missing"]),
    "one too many": ([], {"scales": 1.0}, ["'scales' is unexpected"]),
    "an array for a scalar": (
        [],
        {"scale": [2.0]},
        ["'scale' has shape (1,) where () is needed"],
    ),
    "all kinds at once": (
        ["scale", "layers.1.bias"],
        {
            "layers.0.bias": np.ones((3, 1)),
            "heads.out.layers.1.bias": Value(1.0),
            "layers.1.gain": "abc",
            "heads": {},
            7: 1.0,
        },
        [
            "'scale' is missing",
            "'layers.1.bias' is missing",
            "'heads' is unexpected",
            "7 is unexpected",
            "'layers.0.bias' has shape (3, 1) where (3,) is needed",
            "'layers.1.gain' is a str without numbers",
            "'heads.out.layers.1.bias' has shape () where (1,) is needed",
        ],
    ),
    "parts of different lengths": (
        [],
        {"layers.1.gain": [[1.0], [1.0, 2.0]]},
        ["'layers.1.gain' is a list without numbers"],
    ),
    "complex": ([], {"scale": 2j}, ["'scale' is a complex without numbers"]),
}


@pytest.mark.parametrize(("without", "added", "parts"), BAD.values(), ids=BAD)
def test_a_wrong_state_is_refused_as_a_whole(without, added, parts):
    model = Model()
    before = numbers(model)
    good = {name: array + 1.0 for name, array in model.state_dict().items()}
    wrong = {name: array for name, array in good.items() if name not in without} | added
    with pytest.raises(ValueError, match="nothing was changed") as error:
        model.load_state_dict(wrong)
    said, _, needed = str(error.value).partition(" - ")
    assert said == "[Model.load_state_dict] " + ", ".join(parts)
    assert needed.startswith("exactly the 9 names of the module are needed, each in its shape.")
    assert all((a == b).all() for a, b in zip(before, numbers(model), strict=True))
    model.load_state_dict(good)
    assert all((a + 1.0 == b).all() for a, b in zip(before, numbers(model), strict=True))


@pytest.mark.parametrize("state", [None, [1.0], "weights", 3])
def test_a_state_is_a_dict(state):
    with pytest.raises(TypeError, match=r"^\[Linear.load_state_dict\] a .* was given - a dict of"):
        nn.Linear(1, 1).load_state_dict(state)


def test_two_parameters_with_one_name_are_refused():
    module = nn.Module()
    module.values = {1: Value(1.0), "1": Value(2.0)}
    with pytest.raises(ValueError, match=r"two parameters have the name 'values.1' - each needs"):
        module.state_dict()
    with pytest.raises(ValueError, match="two parameters"):
        module.load_state_dict({"values.1": 3.0})
    assert [value.data for value in module.parameters()] == [1.0, 2.0]


def test_a_shared_parameter_has_one_name():
    model = nn.Sequential(nn.Linear(2, 2, seed=0), nn.Linear(2, 2, seed=1))
    model[1].weights = model[0].weights
    assert list(model.state_dict()) == ["layers.0.weights", "layers.0.bias", "layers.1.bias"]
    model.load_state_dict({name: array * 0 for name, array in model.state_dict().items()})
    assert not model[1].weights.data.any()


def test_a_graph_that_is_waiting_notices():
    linear = nn.Linear(1, 1, seed=0)
    loss = (linear(np.ones((2, 1))) ** 2).sum()
    linear.load_state_dict({"weights": [[5.0]], "bias": [5.0]})
    with pytest.raises(autograd.StaleValueError):
        loss.backward()


# --- as text --------------------------------------------------------------------------------------

TREE = """\
Model: 27 parameters
  scale: (), 1
  layers.0: Linear(N_in=2, N_out=3), 9
  layers.1: LayerNorm(3, eps=1e-05), 6
  heads.out: MLP, 11
    layers.0: Layer(N_in=3, N_out=2), 8
    layers.1: Layer(N_in=2, N_out=1), 3
  activation: tanh"""


def test_a_module_is_printed_as_a_tree():
    assert repr(Model()) == Model().tree() == TREE


def test_ancestors_are_printed_as_they_were():
    assert repr(nn.Layer(3, 10)) == "Layer(N_in=3, N_out=10)"
    assert repr(nn.Net(1, [1])).startswith("Net([1, 1]): [")
    assert nn.Layer(3, 10).tree() == "Layer: 40 parameters"
    assert nn.Layer(3, 10).neurons[0].tree() == "Neuron: 4 parameters"
    assert nn.Net(2, [1]).tree() == "Net: 3 parameters\n  layers.0: Layer(N_in=2, N_out=1), 3"


def test_what_is_shared_is_counted_once():
    tanh = nn.Tanh()
    model = nn.Sequential(nn.Linear(2, 2), tanh, nn.Linear(2, 2), tanh)
    model[2].weights = model[0].weights
    model.owner = model
    assert model.tree().splitlines() == [
        "Sequential: 8 parameters",
        "  layers.0: Linear(N_in=2, N_out=2), 6",
        "  layers.1: Tanh()",
        "  layers.2: Linear(N_in=2, N_out=2), 2",
        "  layers.3: Tanh(), as above",
        "  owner: Sequential, as above",
    ]


def test_frozen_parameters_are_not_counted():
    linear = nn.Linear(2, 2)
    linear.weights.requires_grad = False
    assert nn.Sequential(linear).tree().splitlines()[0] == "Sequential: 2 parameters"


def test_depth_of_a_tree():
    assert Model().tree(depth=0).splitlines() == [
        "Model: 27 parameters",
        "  ... and 7 lines deeper",
    ]
    assert Model().tree(depth=1).splitlines()[-1] == "    ... and 2 lines deeper"
    for depth in (-1, 1.5, True):
        with pytest.raises(
            ValueError, match=r"^\[Model.tree\] depth=.* was given - an int of at l"
        ):
            Model().tree(depth)


def test_a_deep_module_is_printed_without_recursion():
    root = module = nn.Module()
    for _ in range(10_000):
        module.inner = [nn.Module(), nn.Linear(1, 1)]
        module = module.inner[0]
    module.back, module.value = root, Value(1.0)
    lines = repr(root).splitlines()
    assert lines[0] == "Module: 20,001 parameters"
    assert len(lines) < 100
    while root is not module:  # unlink from the top: the interpreter frees attributes recursively
        root = root.__dict__.pop("inner")[0]


def test_a_representation_of_ones_own_is_one_line():
    class Table(nn.Module):
        def __init__(self):
            self.shape = (2, [3])
            self.block = Value(np.ones((2, 3)))

        def __repr__(self):
            return "Table(\n  2 x 3\n)"

    module = nn.Module()
    module.table = Table()
    assert module.tree() == "Module: 6 parameters\n  table: Table( 2 x 3 ), 6"


def test_freeze_and_unfreeze():
    model = Model()
    count = len(model.parameters())
    assert model.freeze() is model
    assert model.parameters() == model.blocks() == model.params() == []
    assert [value.requires_grad for value in model.parameters(frozen=True)] == [False] * count
    assert model.heads["out"].unfreeze() is model.heads["out"]
    assert [name for name, _ in model.named_parameters()] == NAMES[5:]
    assert model.unfreeze().named_parameters() == model.named_parameters(frozen=True)
    assert [name for name, _ in model.named_parameters()] == NAMES


def test_parameters_with_the_frozen_ones():
    model = nn.MLP(2, [3, 1], seed=0)
    every = model.parameters()
    model.layers[0].freeze()
    assert model.parameters() == every[9:]
    assert all(a is b for a, b in zip(model.parameters(frozen=True), every, strict=True))
    for value in nn.Linear(2, 1).freeze().parameters(frozen=True):
        value.requires_grad = True
        assert value.requires_grad


def test_one_neuron_of_a_layer_is_not_frozen_alone():
    neuron = nn.Layer(2, 2).neurons[0]
    with pytest.raises(
        AttributeError, match=r"^\[Row\] w\.0 is an element of an array - what holds the array"
    ):
        neuron.freeze()
    with pytest.raises(
        AttributeError, match=r"^\[Neuron\.astype\] one neuron of a layer was given"
    ):
        neuron.astype(np.float32)


def test_astype():
    model = Model()
    model.layers[0].freeze()
    model.layers[0].bias.label = "offset"
    before = model.state_dict()
    wide = model.heads["out"].layers[0].weights
    assert model.astype(np.float32) is model
    for name, value in model.named_parameters(frozen=True):
        assert value.is_leaf
        assert value.ndim == 0 or value.dtype == np.float32, name
        np.testing.assert_array_equal(value.data, before[name].astype(np.float32))
    assert [name for name, _ in model.named_parameters()] == ["scale", *NAMES[3:]]
    assert model.layers[0].bias.label == "offset"
    assert wide.dtype == np.float64

    x = np.ones((4, 2), np.float32)
    model.unfreeze()
    optimizer = optim.Adam(model, lr=0.1)
    first = ((model(x) - 1.0) ** 2).mean()
    assert first.data == pytest.approx(((model.astype("float32")(x) - 1.0) ** 2).mean().data)
    assert optimizer.parameters == model.blocks()  # those of this type stay the objects they are
    assert model(x).dtype == np.float32
    first.backward()
    optimizer.step()
    assert ((model(x) - 1.0) ** 2).mean().data < first.data
    assert model.astype(float).layers[0].weights.dtype == np.float64


def test_astype_keeps_what_is_shared():
    shared, both = Value([1.0, 2.0]), (Value([3.0]), "name")
    model = nn.Module()
    model.a, model.b = shared, {"again": shared}
    model.inner = nn.Sequential(nn.Linear(2, 2), abs)
    model.inner.owner, model.inner.a = model, shared
    model.tuples = [both, (both, both[0])]
    model.element, model.outside = shared[1], Value([5.0])[0]
    model.objects = np.empty(2, dtype=object)
    model.objects[0] = shared
    model.mask, model.places = np.array([0.5, 1.0]), np.array([0, 1])
    model.computed = shared * 2.0
    places, computed, outside = model.places, model.computed, model.outside
    names = [name for name, _ in model.named_parameters()]
    model.astype(np.float32)
    assert [name for name, _ in model.named_parameters()] == names
    assert model.a is model.b["again"] is model.inner.a is model.objects[0] is not shared
    assert model.tuples[0] is model.tuples[1][0]
    assert model.tuples[0][0] is model.tuples[1][1]
    assert (model.tuples[0][0].dtype, model.tuples[0][1]) == (np.float32, "name")
    model.element.data = 7.0
    assert model.a.data.tolist() == [1.0, 7.0]
    assert (model.mask.dtype, model.places) == (np.float32, places)
    assert (model.computed, model.outside) == (computed, outside)
    assert model.inner[0].weights.dtype == np.float32


def test_astype_makes_views_anew():
    layer = nn.Layer(2, 2)
    old = layer.params()
    layer.astype(np.float32).params()[0].data = 0.5
    assert layer.weights.data[0, 0] == 0.5
    assert old[0].data != 0.5
    alone = nn.Neuron(2).astype(np.float32)
    assert alone.w[0].data == alone.weights.data[0]
    huge = nn.Module()
    huge.a = Value([1e300])
    assert huge.astype(np.float32).a.data.tolist() == [np.inf]


@pytest.mark.parametrize(
    ("dtype", "told"), [(int, "int64"), ("x", "'x'"), (None, "None"), (np.float16, "float16")]
)
def test_astype_refuses_other_types(dtype, told):
    model = Model()
    with pytest.raises(TypeError, match=rf"^\[Model\.astype\] dtype {told} was given - float64 or"):
        model.astype(dtype)
    assert model.layers[0].weights.dtype == np.float64


def test_a_parameter_that_astype_takes_away_is_told():
    model = Model()
    model.layers[0].weights = model.layers[0].weights.astype(np.float32)
    with pytest.warns(
        UserWarning, match=r"^\[Model\] layers\.0\.weights is the result of astype"
    ) as told:
        assert len(model.parameters()) == len(NAMES) - 1
    assert told[0].filename == __file__
    with pytest.warns(
        UserWarning, match=r"Convert with module\.astype\(\), or make a new Value"
    ) as told:
        optim.SGD(model, lr=0.1)
    assert told[0].filename == __file__


def test_freezing_changes_all_or_nothing():
    class Both(nn.Module):
        def __init__(self):
            self.whole = Value([1.0, 2.0])
            self.part = Value([3.0, 4.0])[0]

    model = Both()
    with pytest.raises(AttributeError, match=r"^\[Both\] part is an element of an array"):
        model.freeze()
    assert model.whole.requires_grad


def test_other_results_in_attributes_are_legitimate():
    model = nn.Linear(2, 2)
    model.narrow = model.weights.astype(np.float32)  # the leaf is there, too
    model.scaled = model.weights * 2.0
    model.constant = Value([1.0], requires_grad=False).astype(np.float32)
    model.of_a_result = (Value([1.0]) * 2.0).astype(np.float32)
    assert len(model.parameters()) == 2
    other = nn.Linear(2, 2)
    other.weights = model.weights.T
    assert len(other.parameters()) == 1
