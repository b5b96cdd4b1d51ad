"""Names, origins and history: what drawings know of values beside the graph."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import Value, _core, nn
from autograd.draw import draw, print_graph, to_formula, to_text
from autograd.draw.page.columns import columns
from autograd.draw.snapshot import read
from autograd.forensics import origins


def labels(values, names) -> list[str]:
    return [node.label for node in read(values, names=names).nodes if node.is_leaf]


def test_parameters_of_a_module():
    model = nn.MLP(2, [2, 1])
    found = labels(model([1.0, 2.0]), model)
    assert [name for name in found if name] == [name for name, _ in model.named_parameters()]


def test_elements_of_an_array():
    w = Value(np.arange(4.0).reshape(2, 2))
    assert labels(w[0, 1] * w[1, 0], {"w": w}) == ["w[0, 1]", "w[1, 0]"]
    element = w[0, 1]
    assert labels(element * w[1, 0], {"w": w, "one": element}) == ["one", "w[1, 0]"]


def test_own_labels_come_first():
    w, x = Value([1.0, 2.0], label="own"), Value(3.0, label="x")
    assert labels(w[1] * x, {"w": w, "other": x}) == ["own[1]", "x"]


def test_the_first_of_two_names():
    x = Value(1.0)
    assert labels(x * 2.0, {"one": x, "two": x}) == ["one", ""]


def test_results_have_names_too():
    x = Value(1.0, label="x")
    y = x * 2.0
    assert [node.label for node in read(y + 1.0, names={"y": y}).nodes] == ["x", "", "y", "", ""]


def test_every_way_of_writing_takes_names(capsys):
    w, x = Value(2.0), Value(3.0)
    y, names = w * x, {"weight": w, "x": x}
    assert to_formula(y, names=names) == "weight * x"
    assert "weight 2" in to_text(y, names=names)
    print_graph(y, names=names)
    assert "weight 2" in capsys.readouterr().out
    assert ">weight<" in draw(y, names=names).to_svg()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (3.0, r"\[draw\] names = float was given - a module, or a dict of names"),
        (nn.MLP, r"\[draw\] names = type was given - a module, or a dict of names"),
        (["w"], r"\[draw\] names = list was given - a module, or a dict of names"),
        ({"w": 2.0}, r"\[draw\] names has float under 'w' - a Value under a string"),
        ({3: Value(1.0)}, r"\[draw\] names has Value under 3 - a Value under a string"),
    ],
)
def test_what_are_no_names(names, message):
    with pytest.raises(TypeError, match=message):
        draw(Value(1.0) * 2.0, names=names)


def test_origin():
    x = Value(2.0, label="x")
    y = x * 3.0
    _core.set_origin(y, (__file__, 3, "step", ("Net", "layers.0")))
    node = read(y).nodes[-1]
    assert node.origin == "test_draw_names.py:3 in step: from __future__ import annotations"
    assert node.modules == ("Net", "layers.0")
    assert "test_draw_names.py:3" in draw(y).to_svg()
    assert read(y).nodes[0].origin == ""


@pytest.mark.parametrize(
    "kept", ["text", 3, ("file.py",), ("file.py", "3", "f", ()), ("a\0b", 1, "f", ())]
)
def test_what_else_is_kept_with_a_value(kept):
    """An observer of somebody's may keep what it wants."""
    y = Value(2.0) * 3.0
    _core.set_origin(y, kept)
    assert read(y).nodes[-1].modules == ()


def test_history_is_the_order_of_time():
    x = Value(2.0)
    first, second, third = x * 3.0, x + 1.0, x.exp()
    first.label, second.label, third.label = "first", "second", "third"
    graph = read(third * second * first)
    assert [graph.nodes[number].label for number in graph.history[:3]] == [
        "first",
        "second",
        "third",
    ]
    # As far as it is known: else in the order of the numbers.
    assert read([third, first]).history == (1, 3)


def modules_of(values) -> list[tuple[str, ...]]:
    drawing = draw(values)
    column = columns(drawing.graph, drawing.cards, drawing.layout)["columns"]["module"]
    return [column["texts"][place] for place in column["of"]]


def test_leaves_are_where_they_are_used():
    w, shared, x = Value(2.0, label="w"), Value(3.0, label="shared"), Value(4.0, label="x")
    one = w * x
    two = one + shared
    three = two * shared
    paths = {"one": ("Net", "a"), "two": ("Net", "b"), "three": ("Net", "c")}
    for value, path in zip((one, two, three), paths.values(), strict=True):
        _core.set_origin(value, ("net.py", 1, "call", path))
    _core.set_origin(x, ("net.py", 1, "call", ()))
    graph = draw(three).graph
    found = dict(zip([node.label for node in graph.nodes], modules_of(three), strict=True))
    assert found["w"] == ("Net", "a")
    assert found["shared"] == ("Net",)
    assert found["x"] == ()


def test_calls_of_one_module_are_told_apart():
    model = nn.Linear(1, 1, seed=0)
    x = Value([2.0], label="x")
    with origins():
        y = model(model(x)) + model(x)
    graph = read(y, names=model).nodes
    layers = [node.modules for node in graph if node.operation == "layer"]
    assert sorted(layers) == [("Linear #1",), ("Linear #2",), ("Linear #3",)]
    assert next(node for node in graph if node.label == "weights").modules == ()
    with origins():
        y = model(x) * 2.0
    assert {node.modules for node in read(y).nodes} == {("Linear",), ()}


@pytest.mark.parametrize("calls", [(), (3,), (3, "4"), "ab", 7, (1, 2, 3, 4)])
def test_calls_may_be_unknown(calls):
    y = Value(2.0) * 3.0
    _core.set_origin(y, ("a.py", 1, "f", ("Net", "layer"), calls))
    assert read(y).nodes[-1].modules == ("Net", "layer")
