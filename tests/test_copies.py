"""Copies of a Value: pickle, copy and deepcopy, of leaves, of whole graphs, of deep ones.

Those of arrays come in tables: `RESULTS` has a result of every operation that keeps its shape in
the graph.
"""

from __future__ import annotations

import copy
import io
import pickle
import random
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd
from autograd import Value, _core, nn

PROTOCOLS = range(2, pickle.HIGHEST_PROTOCOL + 1)
DEPTH = 100_000


def pickled(value: object, protocol: int = pickle.DEFAULT_PROTOCOL) -> object:
    return pickle.loads(pickle.dumps(value, protocol))


copies = pytest.mark.parametrize("duplicate", [pickled, copy.deepcopy], ids=["pickle", "deepcopy"])


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_protocols(protocol):
    a = Value(2.0, label="a")
    root = pickled(a * a + a.exp(), protocol)
    root.backward()
    twin = root.args[1].args[0]
    assert twin.label == "a"
    assert twin.grad == pytest.approx(4.0 + autograd.exp(2.0).data)


@copies
@pytest.mark.parametrize("requires_grad", [True, False])
def test_leaf(duplicate, requires_grad):
    leaf = Value(0.1, requires_grad=requires_grad, label="weight")
    leaf.grad = -2.5
    twin = duplicate(leaf)
    assert twin is not leaf
    assert (twin.data, twin.grad, twin.requires_grad, twin.label) == (
        0.1,
        -2.5,
        requires_grad,
        "weight",
    )
    assert twin.is_leaf
    twin.data = 7.0
    assert leaf.data == 0.1


@copies
def test_graph(duplicate):
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    shared = a * b
    root = shared + shared.tanh() * 2 - autograd.dot([a, 1.5], [b, a], b)
    root.label = "root"
    twin = duplicate(root)
    assert (twin.data, twin.op, twin.label) == (root.data, root.op, "root")

    root.backward()
    twin.backward()
    twin_a, twin_b = twin_leaves(twin)
    assert {one.label: one.grad for one in (twin_a, twin_b)} == {"a": a.grad, "b": b.grad}
    assert twin_a is not a


def twin_leaves(root: Value) -> list[Value]:
    """Return the leaves below the root, sorted by label."""
    found: dict[Value, None] = {}
    pending = [root]
    while pending:
        value = pending.pop()
        if value.is_leaf and value.requires_grad:
            found[value] = None
        pending.extend(one for one in value.args if isinstance(one, Value))
    return sorted(found, key=lambda leaf: leaf.label)


@copies
def test_structure_is_kept(duplicate):
    a = Value(2.0)
    square = a * a
    twin = duplicate(square + square)
    assert twin.args[0] is twin.args[1]
    assert twin.args[0].args[0] is twin.args[0].args[1]


@copies
def test_every_operation_is_copied(duplicate, samples):
    for operation in autograd.OPERATIONS:
        if operation.arity < 1:
            continue
        (point,) = samples(operation, 1)
        arguments = [Value(number) for number in point]
        root = operation.function(*arguments)
        twin_root, *twins = duplicate([root, *arguments])
        assert twin_root.data == root.data
        assert twin_root.op == operation.name
        root.backward()
        twin_root.backward()
        assert [one.grad for one in twins] == [one.grad for one in arguments]


@copies
def test_shared_leaves_keep_their_identity(duplicate):
    a, b = Value(2.0), Value(3.0)
    roots = duplicate([a, a * b, a + b])
    leaf, product, total = roots
    assert product.args[0] is leaf
    assert total.args[0] is leaf
    assert product.args[1] is total.args[1]
    product.backward()
    total.backward()
    assert leaf.grad == 4.0


@copies
def test_gradient_that_is_a_value(duplicate):
    x = Value(3.0)
    (x * x * x).backward(create_graph=True)
    twin = duplicate(x)
    assert twin.data == 3.0
    assert Value(twin.grad if isinstance(twin.grad, float) else twin.grad.data).data == 27.0


@copies
def test_stale_graph_does_not_become_fresh(duplicate):
    x = Value(3.0)
    root = x * x
    x.data = 4.0
    try:
        twin = duplicate(root)
    except autograd.StaleValueError:
        return
    with pytest.raises(autograd.StaleValueError):
        twin.backward()


@copies
def test_model_like_containers(duplicate):
    parameters = {"weights": [Value(1.0), Value(2.0)], "bias": Value(0.5)}
    state = {"parameters": parameters, "list": [parameters["bias"]]}
    twin = duplicate(state)
    assert twin["list"][0] is twin["parameters"]["bias"]
    assert [one.data for one in twin["parameters"]["weights"]] == [1.0, 2.0]


@copies
@pytest.mark.usefixtures("balanced")
def test_deep_chain(duplicate):
    x = Value(1.0)
    root = x
    for _ in range(DEPTH):
        root = root * 1.0 + 0.0
    twin_leaf, twin = duplicate((x, root))
    twin.backward()
    assert twin_leaf.grad == 1.0
    assert x.grad == 0.0


@copies
@pytest.mark.usefixtures("balanced")
def test_wide_and_doubling_graphs_stay_linear(duplicate):
    x = Value(1.0)
    y = x
    for _ in range(30):
        y = y + y
    leaf, twin = duplicate((x, y))
    twin.backward()
    assert leaf.grad == 2.0**30
    total = duplicate(autograd.sum([x] * 10_000))
    assert total.data == 10_000.0


def test_shallow_copy_is_a_value():
    leaf = Value(2.0, label="x")
    twin = copy.copy(leaf)
    assert type(twin) is Value
    assert twin.data == 2.0


def test_copies_inside_no_grad_keep_the_graph():
    x = Value(3.0)
    root = x * x
    with autograd.no_grad():
        leaf, twin = copy.deepcopy((x, root))
    assert twin.requires_grad
    twin.backward()
    assert leaf.grad == 6.0


def test_pickle_is_compact():
    x = Value(1.0)
    root = x
    for _ in range(1000):
        root = root + 1.0
    assert len(pickle.dumps(root)) < 100 * 1000


def test_pickle_names_functions_of_the_package_only():
    """A graph is data: loading it must not ask for `eval`, which restricted unpicklers refuse."""
    loaded: list[str] = []

    class Recorder(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> object:
            loaded.append(f"{module}.{name}")
            return super().find_class(module, name)

    x = Value(1.0)
    Recorder(io.BytesIO(pickle.dumps([x, (x * 2).exp()]))).load()
    assert loaded
    assert all(name.startswith("autograd.") for name in loaded), loaded


@pytest.mark.usefixtures("balanced")
def test_damaged_graph_is_refused_or_harmless():
    x = Value(2.0)
    generator = random.Random(0)
    for root in (x * 3 + x.exp(), autograd.dot([x, x * 2], [x, 1.0], x).tanh()):
        rebuild, arguments = root.__reduce__()
        for _ in range(2000):
            damaged = [
                damage(generator, one) if isinstance(one, bytes) else one for one in arguments
            ]
            try:
                twin = rebuild(*damaged)
            except ValueError as error:
                assert str(error).startswith("[unpickle]")  # noqa: PT017
                continue
            if twin.requires_grad:
                autograd.grad(twin, [x])
    x.zero_grad()


def damage(generator: random.Random, words: bytes) -> bytes:
    broken = bytearray(words)
    for _ in range(generator.randint(1, 3)):
        broken[generator.randrange(len(broken))] = generator.randrange(256)
    return bytes(broken[: generator.choice([len(broken), generator.randrange(len(broken))])])


# Arrays ----------------------------------------------------------------------------------------


class Leaves(NamedTuple):
    """A matrix, a vector of its width in single precision, and a scalar."""

    w: Value
    v: Value
    x: Value


def leaves() -> Leaves:
    generator = np.random.default_rng(0)
    matrix, vector = generator.uniform(0.5, 2.0, (3, 4)), generator.uniform(0.5, 2.0, 4)
    return Leaves(Value(matrix, label="w"), Value(vector, dtype=np.float32, label="v"), Value(1.5))


def layer(weights: Value, bias: Value, activation: str) -> nn.Layer:
    made = nn.Layer(4, 3, activation, seed=0)
    made.weights, made.bias = weights, bias
    return made


def gradient(result: Value, leaf: Value) -> Any:
    """Return a gradient that is a graph: of what only a derivative does."""
    return autograd.grad((result * result).sum(), leaf, create_graph=True)


RESULTS = {
    "sum": lambda a: a.w.sum(),
    "sum along an axis": lambda a: a.w.sum(axis=1, keepdims=True),
    "mean": lambda a: a.w.mean(axis=(0, 1)),
    "mean along an axis": lambda a: a.w.mean(axis=0),
    "max": lambda a: a.w.max(),
    "max along an axis": lambda a: a.w.max(axis=-1),
    "min": lambda a: a.w.min(axis=0, keepdims=True),
    "reshape": lambda a: a.w.reshape(2, -1),
    "transpose": lambda a: a.w.reshape(3, 2, 2).transpose(1, 0, 2),
    "slice": lambda a: a.w[::2, 1:],
    "slice backwards": lambda a: a.w[::-2, None, 3],
    "empty slice": lambda a: a.w[3:],
    "row": lambda a: a.w[1],
    "element of a result": lambda a: (a.w * 2.0)[1, 2],
    "elements that are views": lambda a: a.w[0, 1] * a.v[2] + a.w[0, 1] * a.x,
    "index array": lambda a: a.w[[0, 2, 0]],
    "mask": lambda a: a.w[a.w > 1.0],
    "take": lambda a: autograd.take(a.w, [[1, 2], [0, 0]], axis=1),
    "concatenate": lambda a: autograd.concatenate([a.w, a.v.reshape(1, 4), a.w]),
    "stack of arrays": lambda a: autograd.stack([a.v, a.w[0], a.v * a.x], axis=1),
    "stack of scalars": lambda a: autograd.stack([a.x, a.w[0, 0], 2.0]),
    "matrix and vector": lambda a: a.w @ a.v,
    "matrices": lambda a: a.w @ a.w.T,
    "many matrices": lambda a: a.w.reshape(3, 2, 2) @ a.w.reshape(3, 2, 2),
    "dot": lambda a: autograd.dot(a.v, a.v) * a.x,
    "cumsum": lambda a: autograd.cumsum(a.w, axis=1),
    "astype": lambda a: a.w.astype(np.float32) * a.v,
    "broadcast": lambda a: autograd.broadcast_to(a.v, (2, 4)),
    "broadcast a scalar": lambda a: autograd.broadcast_to(a.x, (2, 3)),
    "with numbers": lambda a: 2.0 / (a.w * 3.0) - a.w**2,
    "with a scalar": lambda a: a.w * a.x,
    "with an ndarray": lambda a: a.w * a.v + np.ones((3, 1)),
    "where": lambda a: autograd.where(a.w > 1.0, a.w, a.v),
    "where of values": lambda a: autograd.where(a.v, a.x, a.w),
    "clip": lambda a: autograd.clip(a.w, a.v, a.x),
    "layer of scalars": lambda a: layer(a.w, a.w[:, 1], "sigmoid")([a.x, 1.0, a.v[0], a.x])[1],
    "layer of an array": lambda a: layer(a.w, a.w[:, 1], "tanh")(a.v.astype(np.float64)),
    "layer of samples": lambda a: layer(a.w, a.w[:, 1], "relu")(a.w - a.x),
    "softmax": lambda a: autograd.softmax(a.w, axis=1),
    "log_softmax": lambda a: autograd.log_softmax(a.w, axis=0),
    "logsumexp": lambda a: autograd.logsumexp(a.w, axis=0),
    "prod": lambda a: autograd.prod(a.w, axis=1),
    "std": lambda a: autograd.std(a.w, axis=1),
    "gradient of a slice": lambda a: gradient(a.w[1:, ::-2], a.w),
    "gradient of an index": lambda a: gradient(a.w[[0, 0, 1]], a.w),
    "gradient of max": lambda a: gradient(a.w.max(axis=1), a.w),
    "gradient of cumsum": lambda a: gradient(autograd.cumsum(a.w, axis=0), a.w),
    "gradient of a matrix": lambda a: gradient(a.w @ a.v, a.w),
    "gradient of a layer": lambda a: gradient(layer(a.w, a.w[:, 1], "tanh")(a.w), a.w),
}
results = pytest.mark.parametrize("make", RESULTS.values(), ids=RESULTS)


def bits(given: Any) -> tuple[object, ...]:
    """Return what two of the same data have in common."""
    array = np.asarray(given.data if isinstance(given, Value) else given)
    return array.dtype, array.shape, array.tobytes()


def gradients(root: Value, inputs: list[Value]) -> list[tuple[object, ...]]:
    """Return the bits of the first and second derivatives."""
    seed = np.random.default_rng(1).normal(size=root.shape)
    total = (root * seed).sum() if root.ndim else root * 2.0
    first = autograd.grad(total, inputs, create_graph=True)
    square = autograd.sum([(one * one).sum() if one.ndim else one * one for one in first])
    second = autograd.grad(square, inputs) if square.requires_grad else []
    return [bits(one) for one in (*first, *second)]


def test_results_have_every_structural_operation():
    stored = {
        name
        for make in RESULTS.values()
        for name in _core.flatten(make(leaves()))[0]
        if name.startswith("structure ")
    }
    names = """sum broadcast reshape transpose matmul slice unslice take scatter concatenate stack
    element cumsum max min convert layer"""
    assert stored == {f"structure {name}" for name in names.split()}


@copies
@results
@pytest.mark.usefixtures("balanced")
def test_array_graph(duplicate, make):
    given = leaves()
    root = make(given)
    *twins, twin = duplicate([*given, root])
    assert (twin.op, bits(twin), twin.requires_grad) == (root.op, bits(root), True)
    assert [twin.label for twin in twins] == ["w", "v", None]
    assert gradients(twin, twins) == gradients(root, given)

    twin.backward(np.arange(twin.size, dtype=float).reshape(twin.shape) + 1.0)
    assert any(np.any(leaf.grad) for leaf in twins) or not twin.size
    assert not any(np.any(leaf.grad) for leaf in given)
    for leaf in twins:
        leaf.data = leaf.data * 0.0
    assert [bits(leaf) for leaf in given] == [bits(leaf) for leaf in leaves()]
    if root.ndim:
        assert not np.shares_memory(twin.data, root.data)
        assert not twin.data.flags.writeable


@copies
@results
def test_array_graph_on_leaves_that_do_not_come_with_it(duplicate, make):
    twin = duplicate(make(leaves()))
    found = _core.flatten(twin)[2]
    assert {leaf.label for leaf in found} <= {"w", "v", None}
    root = make(leaves())
    originals = _core.flatten(root)[2]
    assert [bits(leaf) for leaf in found] == [bits(leaf) for leaf in originals]
    needed = [number for number, leaf in enumerate(found) if leaf.requires_grad]
    assert needed
    assert gradients(twin, [found[number] for number in needed]) == gradients(
        root, [originals[number] for number in needed]
    )


@copies
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("shape", [(0,), (1,), (2, 0, 3), (2, 3)])
@pytest.mark.parametrize("requires_grad", [True, False])
def test_array_leaf(duplicate, dtype, shape, requires_grad):
    data = np.random.default_rng(0).normal(size=shape).astype(dtype)
    leaf = Value(data, requires_grad, "weights")
    leaf.grad = data + 1
    twin = duplicate(leaf)
    assert twin.is_leaf
    assert (bits(twin), bits(twin.grad)) == (bits(data), bits(data + 1))
    assert (twin.requires_grad, twin.label) == (requires_grad, "weights")
    twin.data[...] = 0.0
    twin.grad[...] = 0.0
    np.testing.assert_array_equal(leaf.data, data)
    np.testing.assert_array_equal(leaf.grad, data + 1)


@copies
@pytest.mark.parametrize("array_comes_first", [True, False])
def test_view_comes_back_as_a_view_of_the_copy(duplicate, array_comes_first):
    w = Value([[1.0, 2.0], [3.0, 4.0]])
    view = w[0, 1]
    view.label = "view"
    twin, twin_view = duplicate((w, view)) if array_comes_first else duplicate((view, w))[::-1]
    base, place = _core.element_of(twin_view)
    assert base is twin
    assert (place, twin_view.label) == ((0, 1), "view")
    twin_view.data = 7.0
    assert twin.data[0, 1] == 7.0
    (twin * twin).sum().backward()
    assert twin_view.grad == 14.0
    assert (w.data[0, 1], view.data, view.grad) == (2.0, 2.0, 0.0)


@copies
def test_view_alone_brings_its_array(duplicate):
    with autograd.no_grad():
        twin = duplicate(Value([[1.0, 2.0], [3.0, 4.0]])[1, 0])
    base, place = _core.element_of(twin)
    assert place == (1, 0)
    np.testing.assert_array_equal(base.data, [[1.0, 2.0], [3.0, 4.0]])


@copies
def test_views_in_a_graph_are_views_of_the_copy(duplicate):
    w = Value([1.0, 2.0, 3.0])
    twin, root = duplicate((w, w[1] * w[1] + w.sum() * w[2]))
    root.backward()
    np.testing.assert_array_equal(twin.grad, [3.0, 2 * 2.0 + 3.0, 3.0 + 6.0])
    assert not w.grad.any()


@copies
def test_stale_array_graph_is_refused(duplicate):
    w = Value([1.0, 2.0])
    root = (w * w).sum()
    w.data = [3.0, 4.0]
    with pytest.raises(autograd.StaleValueError):
        duplicate(root)


@copies
def test_result_of_a_custom_operation_is_refused(duplicate):
    cube = autograd.custom_operation(
        lambda x: x**3, lambda gradient, _, x: gradient * 3.0 * x * x, name="cube"
    )
    for given in (Value(2.0), Value([1.0, 2.0])):
        root = cube(given) * 2.0
        with pytest.raises(autograd.AutogradError, match=r"\[pickle\] .* custom operation"):
            duplicate(root)
        root.backward(np.ones(root.shape))  # as if nobody had asked


def damaged_words(generator: random.Random, words: bytes) -> Iterator[bytes]:
    """Change each word to small, large and near numbers, then drop the end."""
    given = np.frombuffer(words, dtype=np.uint64)
    sizes = [0, 1, 2, 3, 4, 17, 2**16, 2**31, 2**32, 2**32 + 1, 2**63, 2**64 - 1]
    for place, word in enumerate(given.tolist()):
        near = [(word + step) % 2**64 for step in (-1, 1)]
        flipped = [word ^ 1 << generator.randrange(64) for _ in range(8)]
        for changed in {*sizes, *near, *flipped}:
            broken = given.copy()
            broken[place] = changed
            yield broken.tobytes()
    for end in range(0, len(words), 4):
        yield words[:end]


def damaged(make: Any, inputs: Leaves) -> Iterator[tuple[Any, ...]]:
    """Yield the parts of a stored graph with something wrong in one of them."""
    names, words, below, labels, arrays = _core.flatten(make(inputs))
    for broken in damaged_words(random.Random(0), words):
        yield names, broken, below, labels, arrays
    for place in range(len(below)):
        yield names, words, below[:place], labels, arrays
        for other in (Value(1.0), Value(np.ones((0, 4))), Value(np.ones((4, 3), np.float32))):
            yield names, words, (*below[:place], other, *below[place + 1 :]), labels, arrays
    for place in range(len(arrays)):
        yield names, words, below, labels, arrays[:place]
        for array in (np.zeros(0), np.ones((4, 3)), np.array([10**9]), np.array([-1, -5])):
            yield names, words, below, labels, (*arrays[:place], array, *arrays[place + 1 :])
    others = [
        "",
        "add",
        "exp",
        "logsumexp",
        "dot",
        "neuron",
        "places",
        "structure ",
        "elementwise ",
    ]
    others += ["elementwise add", "elementwise where", "structure custom", "structure layer"]
    for place in range(len(names)):
        yield names[:place], words, below, labels, arrays
        for name in others:
            yield (*names[:place], name, *names[place + 1 :]), words, below, labels, arrays


@results
@pytest.mark.usefixtures("balanced")
def test_damaged_array_graph_is_refused_or_harmless(make):
    inputs = leaves()
    refused = 0
    for parts in damaged(make, inputs):
        try:
            twin = _core.rebuild(*parts)
        except (ValueError, IndexError):
            refused += 1
            continue
        bits(twin)
        assert twin.args is not None
        if twin.requires_grad:
            autograd.grad(twin.sum() if twin.ndim else twin, inputs)
    assert refused > 50


def head(name: int, numbers: int, count: int) -> bytes:
    return struct.pack("<HHI", name, numbers, count)


def number(value: float) -> bytes:
    return struct.pack("<d", value)


def counts(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}q", *values)


PLACES = head(0, 0, 0) + counts(0)
WRONG = {  # names, words, a leaf, arrays
    "sum of another size": (
        ["structure sum"],
        head(0, 1, 3) + counts(0, 1, 0, 1),
        np.ones((300, 4)),
        (np.zeros(1),),
    ),
    "max of another size": (
        ["structure max"],
        head(0, 1, 3) + counts(0, 1, 0, 1),
        np.ones((300, 4)),
        (np.zeros(1),),
    ),
    "more places than elements": (
        ["places", "structure scatter"],
        PLACES + head(1, 1, 3) + counts(1, 2, 0, 1),
        np.ones(4),
        (np.zeros(100, int), np.zeros(4)),
    ),
    "take as a number": (
        ["places", "structure take"],
        PLACES + head(1, 0, 3) + number(5.0) + counts(2, 0, 1),
        np.arange(4.0),
        (np.array(2),),
    ),
    "unslice as a number": (
        ["structure unslice"],
        head(0, 0, 3) + number(5.0) + counts(1, 0, 0),
        np.zeros(1),
        (),
    ),
    "step beyond the axis": (
        ["structure slice"],
        head(0, 1, 6) + counts(0, 1, 0, 0, -(2**63), 1, 0),
        np.zeros(3),
        (np.zeros(1),),
    ),
    "places alone": (["places"], PLACES, np.zeros(3), (np.arange(3),)),
}


REDUCED = {
    "softmax": lambda x: autograd.softmax(x),
    "sum": lambda x: x.sum(0, True) * x,
    "max": lambda x: x.max(0, True) * x,
    "logsumexp": lambda x: autograd.logsumexp(x, 0, True) * x,
    "standard deviation": lambda x: (x - x.mean(0, True)) / autograd.std(x, 0, keepdims=True),
    "of a matrix": lambda x: x.reshape(1, 3).sum((0, 1), True),
    "layer": lambda x: nn.LayerNorm(3)(x),
}


@pytest.mark.parametrize("name", REDUCED)
def test_reductions_of_all_axes_that_are_kept_can_be_copied(name):
    root = REDUCED[name](Value([1.0, 2.0, 4.0]))
    for twin in (copy.deepcopy(root), pickle.loads(pickle.dumps(root))):
        np.testing.assert_array_equal(twin.data, root.data)
        twin.sum().backward()


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.usefixtures("balanced")
def test_graph_with_wrong_numbers_is_refused(name):
    names, words, leaf, stored = WRONG[name]
    with pytest.raises(ValueError, match="damaged graph"):
        _core.rebuild(names, words, (Value(leaf),), {}, stored)
