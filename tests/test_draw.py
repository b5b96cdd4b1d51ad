"""Drawings: what is in the pictures, in every format, and what is refused."""

from __future__ import annotations

import gc
import itertools
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, memory, nn
from autograd.draw import Drawing, captions, cards, draw, saving
from autograd.draw.layout import DIRECTIONS
from autograd.draw.snapshot import read
from autograd.draw.themes import KNOWN_THEMES, THEMES

SVG = "{http://www.w3.org/2000/svg}"


def expression():
    """Return an expression with much sharing, after its backward pass."""
    a, b = Value(-4.0, label="a"), Value(2.0, label="b")
    five = Value(5.0, requires_grad=False, label="c_5")
    c = a + b
    d = a * b + b**3
    c = c + (c + 1)
    c = c + (1 + c + (-a))
    d = d + (d * 2 + (b + a).relu())
    d = d + (five * d + (b - a).relu())
    f = (c - d) ** 2
    g = f / 2.0 + 10.0 / f
    g.label = "g"
    g.backward()
    return g


def boxes(svg: str) -> dict[int, tuple[str, list[str]]]:
    """Return for each box its role and its texts."""
    found = {}
    for group in ET.fromstring(svg).iter(f"{SVG}g"):
        if "data-number" in group.attrib:
            role = group.attrib["class"].removeprefix("node ")
            texts = ["".join(text.itertext()) for text in group.iter(f"{SVG}text")]
            found[int(group.attrib["data-number"])] = (role, texts)
    return found


def edges(svg: str) -> list[tuple[int, int]]:
    return [
        (int(path.attrib["data-from"]), int(path.attrib["data-to"]))
        for path in ET.fromstring(svg).iter(f"{SVG}path")
        if path.attrib.get("class") == "edge"
    ]


def simple() -> Value:
    x, w = Value(2.0, label="x", requires_grad=False), Value(3.0, label="w")
    y = w * x + 1.5
    y.label = "y"
    y.backward()
    return y


def test_each_node_and_edge_is_there():
    drawing = draw(simple())
    assert boxes(drawing.to_svg()) == {
        0: ("parameter", ["w", "data", "3", "grad", "2"]),
        1: ("input", ["x", "data", "2"]),
        2: ("operation", ["×", "data", "6", "grad", "1"]),  # noqa: RUF001 - as it is drawn
        3: ("constant", ["1.5"]),
        4: ("result", ["+y", "data", "7.5", "grad", "1"]),
    }
    assert edges(drawing.to_svg()) == [(0, 2), (1, 2), (2, 4), (3, 4)]
    assert drawing.graph.results == (4,)


def test_tooltips_have_every_digit():
    x = Value([1 / 3, 2.0], label="x")
    y = (x * x).sum() / 7.0
    y.backward()
    groups = ET.fromstring(draw(y).to_svg()).iter(f"{SVG}g")
    titles = [group.findtext(f"{SVG}title") for group in groups if "data-number" in group.attrib]
    assert [title and title.splitlines() for title in titles] == [
        ["x", "data = [0.3333333333333333, 2.0]", f"grad = {x.grad.tolist()}", "shape = (2,)"],
        ["multiply", "data = [0.1111111111111111, 4.0]", f"grad = {[1 / 7] * 2}", "shape = (2,)"],
        ["sum", "data = 4.111111111111111", "grad = 0.14285714285714285"],
        None,
        ["divide", f"data = {y.data!r}", "grad = 1.0"],
    ]


def test_dot():
    lines = draw(simple(), "LR").to_dot().splitlines()
    assert "rankdir=LR" in lines[1]
    nodes = [line for line in lines if re.match(r"  n\d+ \[", line)]
    assert 'label="w\\ldata 3\\lgrad 2\\l" class="parameter"' in nodes[0]
    assert 'label="1.5" class="constant"' in nodes[3]
    assert "peripheries=2" in nodes[4]
    assert [line for line in lines if "->" in line] == [
        "  n0 -> n2",
        "  n1 -> n2",
        "  n2 -> n4",
        "  n3 -> n4",
    ]
    assert lines[-1] == "}"


def test_mermaid():
    lines = draw(simple(), "BT").to_mermaid().splitlines()
    assert lines[0] == "flowchart BT"
    assert lines[1] == '  n0(["w<br/>data 3<br/>grad 2"]):::parameter'
    assert lines[4] == '  n3["1.5"]:::constant'
    assert lines[5] == '  n4[["+ y<br/>data 7.5<br/>grad 1"]]:::result'
    assert [line for line in lines if "-->" in line] == [
        "  n0 --> n2",
        "  n1 --> n2",
        "  n2 --> n4",
        "  n3 --> n4",
    ]
    assert sum("classDef" in line for line in lines) == 5


def test_an_expression_with_its_gradients():
    texts = boxes(draw(expression()).to_svg())
    assert ("parameter", ["a", "data", "-4", "grad", "222.134"]) in texts.values()
    assert ("parameter", ["b", "data", "2", "grad", "978.778"]) in texts.values()
    assert ("result", ["+g", "data", "24.7041", "grad", "1"]) in texts.values()


def test_a_shared_node_is_drawn_once():
    y = Value(1.0)
    for _ in range(30):
        y = y + y
    drawing = draw(y)
    assert len(drawing.graph.nodes) == 31
    assert len(edges(drawing.to_svg())) == 60


def test_several_results():
    x = Value(2.0, label="x")
    one = x * 3.0
    other = one + x
    graph = draw([other, one, other]).graph
    assert graph.results == (3, 2)
    assert [node.role for node in graph.nodes] == ["parameter", "constant", "result", "result"]


def test_elements_of_an_array_are_one_node_each():
    """`w[0]` is a new object each time it is asked for."""
    w = Value([2.0, 3.0], label="w")
    graph = draw(w[0] * w[1] + w[0]).graph
    assert [node.label for node in graph.nodes] == ["w[0]", "w[1]", "", ""]
    assert edges(draw(w[0] * w[1] + w[0]).to_svg()) == [(0, 2), (1, 2), (2, 3), (0, 3)]


def test_the_root_may_be_a_leaf():
    assert boxes(draw(Value(2.0, label="x")).to_svg()) == {
        0: ("parameter", ["x", "data", "2", "grad", "0"])
    }


ARRAYS = [
    (np.array([1.0, -2.5]), "[1, -2.5]"),
    (np.arange(12.0).reshape(3, 4), "0 … 11"),
    (np.full((2, 3), 0.5), "all 0.5"),
    (np.array([[1.0, np.nan], [np.inf, -1.0]]), "-1 … 1, 2 not finite"),
    (np.full((2, 2), np.nan), "nothing finite"),
    (np.zeros((0, 3)), "no elements"),
    (np.array([np.nan, np.inf]), "[nan, inf]"),
    (np.arange(6, dtype=np.float32), "0 … 5"),
]


@pytest.mark.parametrize(("data", "text"), ARRAYS, ids=[text for _, text in ARRAYS])
def test_arrays(data, text):
    x = Value(data, label="x")
    (role, texts) = boxes(draw(x * 2.0).to_svg())[0]
    assert (role, texts[:4]) == ("parameter", ["x", str(data.shape), "data", text])


def test_operations_say_what_they_were_told():
    w = Value(np.ones((2, 3)), label="w")
    neuron = nn.Neuron(2, "relu", seed=0)
    for value, title in [
        (w.sum(axis=0), "sum(axis=0)"),
        (w.sum(), "sum"),
        (w[0, 1:] * 1.0, None),
        (w[:, 1:], "getitem[:, 1:3]"),
        (w.T, "transpose"),
        (autograd.concatenate([w, w], axis=1), "concatenate(axis=1)"),
        (neuron([1.0, 2.0]), "neuron(relu)"),
        (autograd.cumsum(w, axis=1), "cumsum(axis=1)"),
        (w.astype("float32"), "astype(float32)"),
    ]:
        if title is not None:
            assert draw(value).cards[-1].title == title


def test_settings_are_left_out_where_the_engine_cannot_tell():
    x = Value([1.0, 2.0])
    stale = x.sum()
    x.data = [3.0, 4.0]
    assert draw(stale).cards[-1].title == "sum"
    cube = autograd.custom_operation(lambda x: x**3, lambda g, _, x: g * 3 * x**2)
    assert draw(cube(x).sum()).cards[-1].title == "sum"


def test_gradients_that_nobody_held_are_shown():
    x = Value(2.0, label="x")
    y = (x * x * 3.0).tanh() * 1e12
    y.backward()
    assert y.args[0].grad == 0.0  # what a drawing must not repeat
    kept = Value(2.0, label="x")
    z = (kept * kept * 3.0).tanh() * 1e12
    z.backward(retain_grad=True)
    assert draw(y).to_svg() == draw(z).to_svg()
    assert (x.grad, y.grad) == (kept.grad, z.grad)


def test_gradients_of_arrays_that_nobody_held_are_shown():
    w = Value(np.arange(6.0).reshape(2, 3), label="w")
    y = (w * 2.0).exp().sum()
    y.backward(gradient=0.5)
    grads = [node.gradient for node in draw(y).graph.nodes if not node.is_plain]
    assert grads == ["1 … 2.203e+04", "0.5 … 1.101e+04", "all 0.5", "0.5"]
    assert np.array_equal(w.grad, np.exp(2 * w.data))


def test_gradients_of_a_stale_graph_are_those_that_are_known():
    x = Value(2.0, label="x")
    y = (x * x).tanh() * 3.0
    y.backward()
    x.data = 5.0
    nodes = draw(y).graph.nodes
    assert [node.gradient for node in nodes if node.operation] == ["", "", "1"]


def test_without_gradients():
    drawing = draw(simple(), show_grad=False)
    assert {key for card in drawing.cards for key, _ in card.rows} == {"data"}
    assert "grad =" not in drawing.to_svg()


def test_gradients_that_are_graphs():
    x = Value(2.0, label="x")
    y = x * x * x
    y.backward(create_graph=True)
    assert boxes(draw(y).to_svg())[0] == ("parameter", ["x", "data", "2", "grad", "12"])
    assert draw(x.grad).graph.nodes[-1].data == "12"


NASTY = [
    '<script>alert("x")</script>',
    "a & b; c",
    "]]> --> <!-- ",
    'say "hi" \\ \\N \\l',
    "new\nline\ttab\r",
    "nul\x00bell\x07escape\x1b\x7f\x85",
    "\ud800 lone surrogate \udfff",
    "\ufffe\uffff",
    "reversed \u202e mark \u2066",
    "🙂🏳️‍🌈 損失 ∂L/∂w",
    "#quot; #35; %% { } [ ] ( ) `code` ;",
    "-->|x| n1 --> n2",
    "' onload='x",
    "a" * 500,
    " ",
]


@pytest.mark.parametrize("label", NASTY, ids=range(len(NASTY)))
def test_labels_are_escaped(label, tmp_path):
    x = Value(2.0, label=label)
    drawing = draw(x * 3.0)
    svg = drawing.to_svg()
    group = next(g for g in ET.fromstring(svg).iter(f"{SVG}g") if g.get("data-number") == "0")
    assert {element.tag.removeprefix(SVG) for element in group.iter()} == {
        "g", "title", "rect", "text", "tspan",
    }  # fmt: skip
    shown = "".join(next(group.iter(f"{SVG}tspan")).itertext())
    # What no format can show is replaced, character for character; the rest stays.
    head, _, tail = shown.partition("…")
    for before, after in zip(label, head, strict=False):
        assert after == before or after in "\ufffd?" or "␀" <= after <= "␡"
    assert label.endswith(tail)
    assert len(shown) <= len(label)
    for text in (drawing.to_dot(), drawing.to_mermaid()):
        assert len(text.splitlines()) == (10 if text.startswith("digraph") else 9)
        assert text.encode("utf-8")
    (quoted,) = re.findall(r'label="((?:[^"\\]|\\.)*)" class="parameter"', drawing.to_dot())
    assert set(re.findall(r"\\(.)", quoted)) <= {"\\", '"', "l"}
    (quoted,) = re.findall(r'n0\(\["(.*)"\]\)', drawing.to_mermaid())
    assert not set(quoted.replace("<br/>", "")) & set('"<>`&{}|\\')
    for ending in ("svg", "dot", "mmd", "html"):
        drawing.save(tmp_path / f"graph.{ending}")


@given(st.text())
@example("first\u2028second\u2029third\x85fourth\x1cfifth")
@settings(max_examples=200, deadline=None)
def test_any_label_gives_well_formed_xml(label):
    drawing = draw(Value(1.0, label=label) + 1.0)
    assert len(boxes(drawing.to_svg())) == 3
    assert len(drawing.to_dot().splitlines()) == 10
    assert len(drawing.to_mermaid().splitlines()) == 9


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.0, 1e-300, 123456789.0])
def test_any_number(value):
    # Numbers raise where they are not finite, so that nan comes from outside.
    assert boxes(draw(Value(value)).to_svg())[0][1][1] == f"{value:.6g}"


@pytest.mark.parametrize("theme", KNOWN_THEMES)
def test_themes(theme):
    drawing = draw(simple(), theme=theme)
    svg = drawing.to_svg()
    assert len(boxes(svg)) == 5
    assert ET.fromstring(svg).attrib["class"] == f"autograd-{theme}"
    assert ("prefers-color-scheme: dark" in svg) == (theme == "auto")
    selectors = re.findall(
        r"^(?!@)(.*) \{ ", svg[svg.index("<style>") : svg.index("</style>")], re.MULTILINE
    )
    assert all(each.removeprefix("<style>").startswith(f".autograd-{theme} ") for each in selectors)
    assert "digraph" in drawing.to_dot()


def luminance(colour: str) -> float:
    """Return the relative luminance, https://www.w3.org/TR/WCAG21/#dfn-relative-luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_colours_have_contrast(theme):
    colours = THEMES[theme]
    for fill, stroke in colours.roles.values():
        assert contrast(colours.ink, fill) > 7
        assert contrast(colours.pale, fill) > 4.5
        assert contrast(stroke, colours.paper) > 3
        assert contrast(colours.signal, fill) > 4.5
    assert contrast(colours.edge, colours.paper) > 3


@pytest.mark.parametrize(
    ("data", "is_wrong"),
    [
        *((1e300, False), (float("nan"), True), (-float("inf"), True)),
        *(([1.0, float("inf")], True), ([float("nan")] * 9, True), (np.arange(9.0), False)),
        (np.array([*np.arange(9.0), np.nan]), True),
        (np.zeros(0), False),
    ],
)
def test_what_is_not_finite_is_to_be_seen(data, is_wrong):
    x = Value(data, label="nan")
    y = x * 2.0 if x.shape else autograd.tanh(x)
    found = [
        ("".join(text.itertext()), "wrong" in text.attrib["class"].split())
        for text in ET.fromstring(draw(y, show_grad=False).to_svg()).iter(f"{SVG}text")
    ]
    assert {wrong for text, wrong in found if text == captions.of(x.data)} >= {is_wrong}
    assert ("nan", False) in found  # a label is none
    assert any(wrong for _, wrong in found) == is_wrong


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_directions(direction):
    drawing = draw(expression(), direction)
    along = 0 if direction in ("LR", "RL") else 1
    sign = -1 if direction in ("BT", "RL") else 1
    for argument, user, _ in drawing.graph.edges():
        start, end = drawing.layout.centers[argument], drawing.layout.centers[user]
        assert (end[along] - start[along]) * sign > 20
    assert len(boxes(drawing.to_svg())) == len(drawing.graph.nodes)


@pytest.mark.parametrize(
    "make",
    [
        expression,
        simple,
        lambda: nn.MLP(2, [3, 1])([Value(0.5, label="x"), 1.0]),
        lambda: Value(2.0, label="WWWWWWWWWW mmmmmmmmmm @%ÄΩ") * 2.0,
        lambda: (Value(np.full((100, 200), -1.234e-100), label="W") * 2.0).sum(axis=0),
    ],
)
def test_texts_fit_their_boxes(make):
    """In DejaVu Sans, which is wider than what most readers have."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    def width(text, size, **font):
        return TextToPath().get_text_width_height_descent(
            text, FontProperties(size=size, **font), ismath=False
        )[0]

    drawing = draw(make())
    for card in drawing.cards:
        inside = card.width - 2 * cards.PADDING_ACROSS
        for key, text in card.rows:
            row = width(key + text, cards.ROW_SIZE, family="DejaVu Sans Mono")
            assert row + 6 <= inside
        title = width(card.title + card.label, cards.TITLE_SIZE, family="DejaVu Sans", weight=600)
        if card.beside:
            title += width(card.beside, cards.ROW_SIZE, family="DejaVu Sans Mono") + 6
        assert title + (cards.SPACE if card.title and card.label else 0) <= inside
    for (x, y), card in zip(drawing.layout.centers, drawing.cards, strict=True):
        assert card.width / 2 < x < drawing.layout.width - card.width / 2
        assert card.height / 2 < y < drawing.layout.height - card.height / 2


def test_boxes_do_not_overlap():
    drawing = draw(expression())
    placed = list(zip(drawing.layout.centers, drawing.cards, strict=True))
    for (one, a), (other, b) in itertools.combinations(placed, 2):
        across = abs(one[0] - other[0]) - (a.width + b.width) / 2
        along = abs(one[1] - other[1]) - (a.height + b.height) / 2
        assert max(across, along) > 5


def test_the_same_graph_gives_the_same_file():
    program = """
from autograd import Value
from autograd.draw import draw
x = Value(2.0, label="x")
y = ((x * x + 1.0) * (x - 2.0)).tanh()
d = draw(y)
print(d.to_svg(), d.to_dot(), d.to_mermaid())
"""
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1")
    }
    assert len(runs) == 1


@pytest.mark.usefixtures("balanced")
def test_a_drawing_keeps_nothing_alive():
    y = simple()
    before = memory().nodes
    drawing = draw(y)
    assert memory().nodes == before
    del y
    gc.collect()
    assert memory().nodes == before - 2
    assert len(boxes(drawing.to_svg())) == 5


def test_drawing_changes_nothing():
    x = Value(2.0)
    y = (x * x).tanh() * 2.0
    drawing = draw(y)
    drawing.to_svg()
    with pytest.warns(autograd.GradientLostWarning):
        float(y)
    assert (x.grad, y.grad) == (0.0, 0.0)
    y.backward()
    assert drawing.graph.nodes[0].gradient == "0"


# Limits -----------------------------------------------------------------------------------------


def chain(length: int) -> Value:
    x = Value(1.0, label="x")
    for _ in range(length):
        x = x + 1.0
    return x


def test_too_many_nodes_are_refused():
    with pytest.raises(ValueError, match=r"more than 20000 nodes was given.*max_depth=") as caught:
        draw(chain(100_000))
    assert "max_nodes" in str(caught.value)
    value = chain(5)
    assert len(draw(value, max_nodes=6).graph.nodes) == 11  # plain numbers do not count
    with pytest.raises(ValueError, match="more than 5 nodes"):
        draw(value, max_nodes=5)
    with pytest.raises(ValueError, match="more than 5 nodes"):
        draw(value, max_nodes=5, max_depth=5)
    with pytest.raises(ValueError, match="more than 5 nodes"):
        draw([value, chain(2)], max_nodes=5)


@pytest.mark.usefixtures("balanced")
def test_a_long_chain():
    svg = draw(chain(10_000)).to_svg()
    assert svg.count('class="node') == 20_001
    assert svg.count('class="edge"') == 20_000


@pytest.mark.parametrize("depth", [0, 1, 2, 3, 9])
def test_what_lies_deeper_is_folded(depth):
    x = Value(2.0, label="x")
    part = x * 3.0
    y = (part + x) * part.exp()
    drawing = draw(y, max_depth=depth)
    full = draw(y)
    values = sum(not node.is_plain for node in drawing.graph.nodes)
    assert values + drawing.graph.folded == sum(not node.is_plain for node in full.graph.nodes)
    assert values == [1, 3, 5, 5, 5][min(depth, 4)]
    if drawing.graph.folded:
        assert f"{drawing.graph.folded} folded" in drawing.to_svg()
        assert repr(drawing).endswith(f"{drawing.graph.folded} folded>")
    else:
        assert drawing.to_svg() == full.to_svg()


def test_a_million_nodes_are_folded():
    drawing = draw(chain(1_000_000), max_depth=3)
    assert [node.folded for node in drawing.graph.nodes if node.operation] == [999_997, 0, 0, 0]
    assert "before 999,997 folded" in drawing.to_mermaid().replace("#44;", ",")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: draw(2.0), TypeError, r"\[draw\] float was given - a Value"),
        (lambda: draw("x"), TypeError, r"\[draw\] str was given"),
        (lambda: draw(np.ones(2)), TypeError, r"\[draw\] ndarray was given"),
        (lambda: draw([Value(1.0), 2.0]), TypeError, r"float was given at place 1 of list"),
        (lambda: draw([]), ValueError, r"\[draw\] no values were given"),
        (lambda: draw(Value(1.0), "UP"), ValueError, r"'UP' was given - one of TB, LR, BT, RL"),
        (lambda: draw(Value(1.0), theme="x"), ValueError, r"theme 'x' .* light, dark, auto"),
        (lambda: draw(Value(1.0), max_nodes=0), ValueError, r"max_nodes = 0 .* at least 1"),
        (lambda: draw(Value(1.0), max_depth=-1), ValueError, r"max_depth = -1 .* at least 0"),
        (lambda: draw(Value(1.0), max_depth=1.5), TypeError, r"max_depth = 1.5 .* whole number"),
        (lambda: draw(Value(1.0), max_nodes=True), TypeError, r"max_nodes = True"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()


# Files ------------------------------------------------------------------------------------------


def names(folder):
    return sorted(path.name for path in folder.iterdir())


BEGINNINGS = {
    "svg": b"<svg",
    "dot": b"digraph",
    "gv": b"digraph",
    "mmd": b"flowchart",
    "html": b"<!DOCTYPE",
    "SVG": b"<svg",
}


@pytest.mark.parametrize("ending", BEGINNINGS)
@pytest.mark.parametrize("kind", [str, lambda path: path])
def test_save(ending, kind, tmp_path):
    path = tmp_path / f"a graph.{ending}"
    path.write_text("before")
    draw(simple()).save(kind(path))
    assert path.read_bytes().startswith(BEGINNINGS[ending])
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize("name", ["graph", "graph.jpg", ".svg", "graph.svg.gz"])
def test_unknown_endings_are_refused(name, tmp_path):
    with pytest.raises(ValueError, match=r"one of \.svg, \.dot, \.gv, \.mmd"):
        draw(simple()).save(tmp_path / name)
    assert names(tmp_path) == []


def test_places_that_cannot_be_written(tmp_path, monkeypatch):
    drawing = draw(simple())
    with pytest.raises(FileNotFoundError, match="a folder that exists"):
        drawing.save(tmp_path / "missing" / "graph.svg")
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(IsADirectoryError, match="name of a file"):
        drawing.save(tmp_path / "folder.svg")
    path = tmp_path / "graph.svg"
    path.write_text("before")

    def fails(_, target):
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr("pathlib.Path.replace", fails)
    with pytest.raises(
        PermissionError, match=r"^\[Drawing.save\] '.*graph.svg' was given, and there"
    ):
        drawing.save(path)
    assert path.read_text() == "before"
    assert names(tmp_path) == ["folder.svg", "graph.svg"]


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no file system of processes")
def test_where_no_file_can_be_made():
    with pytest.raises(
        OSError, match=r"^\[Drawing.save\] '/proc/graph.svg' was given, and there: No"
    ):
        draw(simple()).save("/proc/graph.svg")


def test_long_names(tmp_path):
    draw(simple()).save(tmp_path / f"{'a' * 251}.svg")
    assert len(names(tmp_path)) == 1


@pytest.mark.parametrize("path", [3, None, b"graph.svg", ["graph.svg"]])
def test_what_is_no_path(path):
    with pytest.raises(TypeError, match=r"^\[Drawing.save\] \w+ was given - the path of a file"):
        draw(simple()).save(path)


class Cairo:
    """What is used of CairoSVG."""

    @staticmethod
    def svg2png(bytestring, scale):
        assert bytestring.startswith(b"<svg")
        return b"\x89PNG" + bytes([int(scale)])

    @staticmethod
    def svg2pdf(bytestring):
        assert bytestring.startswith(b"<svg")
        return b"%PDF"


@pytest.mark.parametrize(("ending", "begins"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_pictures_by_cairo(ending, begins, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "cairosvg", Cairo)
    draw(simple()).save(tmp_path / f"graph.{ending}")
    assert (tmp_path / f"graph.{ending}").read_bytes().startswith(begins)


@pytest.fixture
def no_cairo(monkeypatch):
    monkeypatch.setitem(sys.modules, "cairosvg", None)


@pytest.mark.usefixtures("no_cairo")
@pytest.mark.parametrize("ending", ["png", "pdf"])
def test_pictures_need_something(ending, tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(ImportError, match=r"CairoSVG, or Graphviz's program dot .*\[draw\]"):
        draw(simple()).save(tmp_path / f"graph.{ending}")
    assert names(tmp_path) == []


@pytest.mark.usefixtures("no_cairo")
@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for Graphviz")
@pytest.mark.parametrize("works", [True, False])
def test_pictures_by_graphviz(works, tmp_path, monkeypatch):
    program = tmp_path / "dot"
    end = "cat" if works else "echo broken >&2; exit 3"
    program.write_text(f'#!/bin/sh\nprintf "%s " "$1"\n{end}\n')
    program.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda _: str(program))
    if works:
        draw(simple()).save(tmp_path / "graph.png")
        assert (tmp_path / "graph.png").read_bytes().startswith(b"-Tpng digraph autograd {")
    else:
        with pytest.raises(RuntimeError, match="returned 3 and said 'broken'"):
            draw(simple()).save(tmp_path / "graph.png")
        assert not (tmp_path / "graph.png").exists()


def test_a_broken_library_of_cairo_counts_as_missing(monkeypatch):
    def load(*_, **__):
        raise OSError("no library called cairo was found")

    monkeypatch.setattr("autograd.extras.load", load)
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(ImportError, match="CairoSVG"):
        saving.rendered("png", "<svg/>", "digraph {}")


def test_notebooks():
    drawing = draw(simple())
    assert drawing._repr_svg_() == drawing.to_svg()
    assert drawing._repr_html_().startswith("<svg")
    bundle = drawing._repr_mimebundle_()
    assert bundle == {
        "text/plain": "<Drawing of 5 nodes>",
        "image/svg+xml": drawing.to_svg(),
    }
    assert set(drawing._repr_mimebundle_(exclude=["image/svg+xml"])) == {"text/plain"}
    assert set(drawing._repr_mimebundle_(include=["image/svg+xml"])) == {"image/svg+xml"}
    assert isinstance(drawing, Drawing)


def test_importing_autograd_loads_no_drawings():
    program = (
        "import sys, autograd; print([m for m in sys.modules if m.startswith('autograd.draw')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_snapshots_take_any_iterable_of_values():
    x, y = Value(1.0), Value(2.0)
    assert len(read(iter([x + 1.0, y + 1.0])).nodes) == 6
    assert len(read({x, y}).nodes) == 2
