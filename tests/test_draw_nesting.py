"""Frames round modules: what is in them, and that nothing else is; how edges pass."""

from __future__ import annotations

import itertools
import random
import shutil
import subprocess
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from boxes import check, sizes
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, _core, nn
from autograd.draw import cards, draw
from autograd.draw.layout import DIRECTIONS, Layout, layout
from autograd.draw.scopes import tree_of
from autograd.draw.svg import caption_of
from autograd.forensics import origins

SVG = "{http://www.w3.org/2000/svg}"


def box_of(center, size):
    return (
        *(middle - length / 2 for middle, length in zip(center, size, strict=True)),
        *(middle + length / 2 for middle, length in zip(center, size, strict=True)),
    )


def is_inside(inner, outer, margin=5.0):
    return (
        inner[0] >= outer[0] + margin
        and inner[1] >= outer[1] + margin
        and inner[2] <= outer[2] - margin
        and inner[3] <= outer[3] - margin
    )


def distance(one, other):
    return max(other[0] - one[2], one[0] - other[2], other[1] - one[3], one[1] - other[3])


def check_frames(found: Layout, boxes, modules):
    """Frames hold what is in their modules, and are apart from everything else."""
    frames = {frame.path: box_of(frame.center, frame.size) for frame in found.frames}
    assert len(frames) == len(found.frames)
    for path, frame in frames.items():
        assert is_inside(frame, (0, 0, found.width, found.height))
        for node, module in enumerate(modules):
            box = box_of(found.centers[node], boxes[node])
            if module[: len(path)] == path:
                assert is_inside(box, frame)
            else:
                assert distance(box, frame) > 5
    for (one, outer), (other, inner) in itertools.permutations(frames.items(), 2):
        if other[: len(one)] == one:
            assert is_inside(inner, outer)
        elif one[: len(other)] != other:
            assert distance(inner, outer) > 5


def laid_out(args, boxes, modules, direction, keeps_order=None):
    scopes, within = tree_of(modules)
    captions = [cards.caption_width(scope.path) for scope in scopes]
    return layout(
        args,
        boxes,
        keeps_order=keeps_order,
        direction=direction,
        scopes=scopes,
        within=within,
        captions=captions,
    )


@st.composite
def nests(drawn):
    """Return a graph, the modules of its nodes (one call after the other, nested), a direction."""
    count = drawn(st.integers(1, 18))
    args = [
        drawn(st.lists(st.integers(0, number - 1), max_size=3).map(tuple)) if number else ()
        for number in range(count)
    ]
    modules, path, names = [], [], itertools.count()
    for _ in range(count):
        for _ in range(drawn(st.integers(0, len(path)))):
            path.pop()
        path += [f"m{next(names)}" for _ in range(drawn(st.integers(0, 2)))]
        modules.append(tuple(path))
    return args, modules, drawn(st.integers(0, 9)), drawn(st.sampled_from(DIRECTIONS))


@given(nests())
@settings(max_examples=80, deadline=None)
def test_nothing_overlaps(nest):
    args, modules, seed, direction = nest
    boxes = sizes(args, seed)
    found = laid_out(args, boxes, modules, direction)
    check(args, boxes, found)
    check_frames(found, boxes, modules)
    assert {frame.path for frame in found.frames} == {
        module[: depth + 1] for module in modules for depth in range(len(module))
    }


@given(nests(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_modules_that_need_each_other_have_no_frame(nest, chance):
    args, modules, seed, direction = nest
    chance.shuffle(modules)
    boxes = sizes(args, seed)
    found = laid_out(args, boxes, modules, direction)
    check(args, boxes, found)
    kept = {frame.path for frame in found.frames}
    for frame in found.frames:
        box = box_of(frame.center, frame.size)
        for node, module in enumerate(modules):
            inside = is_inside(box_of(found.centers[node], boxes[node]), box)
            assert inside == (module[: len(frame.path)] == frame.path)
    assert kept <= {path[: depth + 1] for path in modules for depth in range(len(path))}


def test_a_circle_is_dissolved_and_the_rest_stays():
    args = [(), (0,), (1,), (2,), (3,)]
    modules = [(), ("a",), ("b",), ("a",), ("c",)]
    found = laid_out(args, sizes(args), modules, "TB")
    assert [frame.path for frame in found.frames] == [("c",)]


class Block(nn.Module):
    def __init__(self, seed):
        self.first, self.second = nn.Linear(3, 3, seed=seed), nn.Linear(3, 3, seed=seed + 1)

    def __call__(self, x):
        return x + self.second(np.tanh(self.first(x)))


class Model(nn.Module):
    def __init__(self):
        self.parts = [Block(0), Block(2)]

    def __call__(self, x):
        for block in self.parts:
            x = block(x)
        return x


def residual():
    model = Model()
    with origins():
        x = Value(np.ones((2, 3)), requires_grad=False, label="x")
        loss = (model(x) ** 2).sum()
    loss.backward()
    return loss, model


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_frames_in_pictures(direction, theme):
    loss, model = residual()
    drawing = draw(loss, direction, theme=theme, names=model)
    graph = drawing.graph
    check(
        [node.args for node in graph.nodes],
        [(card.width, card.height) for card in drawing.cards],
        drawing.layout,
    )
    root = ET.fromstring(drawing.to_svg())
    frames = [group for group in root.iter(f"{SVG}g") if group.attrib.get("class") == "frame"]
    told = [group.find(f"{SVG}title").text for group in frames]
    assert told[:2] == ["Model", "Model > parts.0"]
    assert sorted(told) == sorted(
        {
            " > ".join(node.modules[: depth + 1])
            for node in graph.nodes
            for depth in range(3)
            if len(node.modules) > depth
        }
    )
    written = [group.find(f"{SVG}text").text for group in frames]
    assert written == [path.rpartition(" > ")[2] for path in told]
    inside = [node.label for node in graph.nodes if node.modules[:2] == ("Model", "parts.0")]
    assert "parts.0.first.weights" in inside
    assert "x" not in inside


def test_frames_are_left_out_on_demand():
    loss, model = residual()
    without = draw(loss, names=model, show_modules=False)
    assert without.layout.frames == ()
    assert "frame" not in without.to_svg()
    assert len(draw(loss, names=model).layout.frames) == 7


def test_captions_keep_out_of_the_way_of_edges():
    loss, model = residual()
    for direction in ("TB", "BT"):
        drawing = draw(loss, direction, names=model)
        for frame in drawing.layout.frames:
            at, side = caption_of(frame, direction)
            width = cards.caption_width(frame.path)
            span = (at - width, at) if side else (at, at + width - 2 * cards.PADDING_ACROSS)
            crossing = frame.entered if direction == "TB" else frame.left
            assert crossing
            assert not any(span[0] <= place <= span[1] for place in crossing)


def test_each_call_has_its_frame():
    model = nn.MLP(2, [3, 1], seed=0)
    with origins():
        loss = model([0.5, 1.0]) * model([1.0, -1.0])
    drawing = draw(loss, names=model)
    assert {frame.path[0] for frame in drawing.layout.frames} == {"MLP #1", "MLP #2"}
    shared = next(node for node in drawing.graph.nodes if node.label == "layers.0.weights")
    assert shared.modules == ()


@pytest.mark.parametrize("name", ["<b>&\"'", "line\nbreak", "\u202eevil", "x" * 200, "\x00", ""])
def test_hostile_names_of_modules(name):
    y = Value(2.0) * 3.0
    _core.set_origin(y, ("a.py", 1, "f", (name, "inner"), (1, 2)))
    drawing = draw(y)
    root = ET.fromstring(drawing.to_svg())
    texts = [text.text for text in root.iter(f"{SVG}text") if "caption" in text.attrib["class"]]
    assert texts[1] == "inner"
    assert len(texts[0] or "") <= 28
    assert "<b>" not in drawing.to_html().partition("<script")[2]


def test_a_thousand_frames():
    generator = random.Random(0)
    args, modules = [()], [()]
    for call in range(500):
        for place in range(4):
            args.append(
                (len(args) - 1, generator.randrange(max(1, len(args) - 30), len(args) + 1) - 1)
            )
            modules.append((f"Net #{call}", "layer" if place else "other"))
    found = laid_out(args, sizes(args), modules, "TB")
    assert len(found.frames) == 1_500


def test_frames_in_the_language_of_graphviz():
    loss, model = residual()
    drawing = draw(loss, names=model)
    lines = drawing.to_dot().splitlines()
    opened, paths = [], {}
    for line in lines:
        if "subgraph cluster_" in line:
            opened.append(line.partition('label="')[2].partition('"')[0])
        elif line.strip() == "}" and opened:
            opened.pop()
        elif line.strip().startswith("n") and " [label=" in line:
            paths[int(line.strip().partition(" ")[0][1:])] = tuple(opened)
    assert opened == []
    assert paths == {node.number: node.modules for node in drawing.graph.nodes}
    assert "subgraph" not in draw(loss, names=model, show_modules=False).to_dot()


def test_frames_in_mermaid():
    loss, model = residual()
    drawing = draw(loss, names=model)
    opened, paths = [], {}
    for line in drawing.to_mermaid().splitlines():
        words = line.strip()
        if words.startswith("subgraph"):
            opened.append(words.partition('["')[2].removesuffix('"]'))
        elif words == "end":
            opened.pop()
        elif words.startswith("n") and ":::" in words:
            paths[int(words[1 : len(words) - len(words[1:].lstrip("0123456789"))])] = tuple(opened)
    assert opened == []
    assert paths == {node.number: node.modules for node in drawing.graph.nodes}
    assert "subgraph" not in draw(loss, names=model, show_modules=False).to_mermaid()


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@pytest.mark.parametrize("name", ["Net", '"]; }', "\\N\\", "<b>", "\n", "", "é" * 100])
def test_graphviz_takes_names_of_modules(name):
    y = Value(2.0, label=name) * 3.0
    _core.set_origin(y, ("a.py", 1, "f", (name, "inner"), (1, 2)))
    done = subprocess.run(
        ["dot", "-Tsvg"], input=draw(y).to_dot().encode(), capture_output=True, check=True
    )
    assert done.stderr == b""
    clusters = [
        group
        for group in ET.fromstring(done.stdout).iter(f"{SVG}g")
        if group.attrib.get("class") == "cluster"
    ]
    assert len(clusters) == 2


@pytest.mark.parametrize(("name", "shown"), [('a"b', "a#34;b"), ("", "#160;"), ("[x]", "[x]")])
def test_names_of_modules_in_mermaid(name, shown):
    y = Value(2.0) * 3.0
    _core.set_origin(y, ("a.py", 1, "f", (name,), (1,)))
    assert f'subgraph s1["{shown}"]' in draw(y).to_mermaid()
