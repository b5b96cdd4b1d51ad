"""Copies of a Value: pickle, copy and deepcopy, of leaves, of whole graphs, of deep ones."""

from __future__ import annotations

import copy
import io
import pickle
import random

import pytest

import autograd
from autograd import Value

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
