"""Roles: what is a parameter, an input, a constant; how they look, and the legend that says so."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from autograd import Value, nn
from autograd.draw import draw
from autograd.draw.dot import STYLES
from autograd.draw.graph import ROLES
from autograd.draw.layout import DIRECTIONS
from autograd.draw.mermaid import SHAPES
from autograd.draw.snapshot import read
from autograd.draw.svg import CORNERS, OUTLINES
from autograd.draw.themes import THEMES

SVG = "{http://www.w3.org/2000/svg}"


def every_role() -> Value:
    """Return a value in whose graph each role is."""
    w, x = Value(3.0, label="w"), Value(2.0, label="x", requires_grad=False)
    return w * x + 1.5


def roles(values, names=None) -> dict[str, str]:
    return {node.label or node.data: node.role for node in read(values, names=names).nodes}


def test_without_a_module_what_requires_a_gradient_is_a_parameter():
    w, x = Value(2.0, label="w"), Value(3.0, requires_grad=False, label="x")
    unknown = Value(7.0, requires_grad=False)
    y = w * x + unknown + 1.5
    y.label = "y"
    found = roles(y, {"x": x})
    assert (found["w"], found["x"], found["7"], found["1.5"], found["y"]) == (
        *("parameter", "input", "constant", "constant", "result"),
    )


def test_with_a_module_its_leaves_are_the_parameters():
    model = nn.Linear(2, 1, seed=0)
    model.bias.requires_grad = False
    x = Value(np.ones((1, 2)), label="x")
    data = Value(np.zeros(1), requires_grad=False)
    y = (model(x) + data)[np.array([0])].sum()
    found = {node.label: node for node in read(y, names=model).nodes if node.is_leaf}
    assert found["weights"].role == found["bias"].role == "parameter"
    assert found["bias"].gradient == ""
    assert found["x"].role == "input"
    kinds = [node.role for node in read(y, names=model).nodes if node.is_leaf and not node.label]
    assert kinds == ["input", "constant"]  # places are no data
    neuron = nn.Neuron(2, seed=0)
    found = roles(neuron([Value(1.0, label="x"), Value(2.0, label="z")]), neuron)
    assert [found[name] for name in ("weights[0]", "weights[1]", "b", "x", "z")] == [
        *["parameter"] * 3,
        *["input"] * 2,
    ]


def test_who_names_parameters_need_not_be_a_module():
    w = Value(2.0)

    class Owner:
        def named_parameters(self):
            return iter([("w", w)])

    assert roles(w * Value(3.0, label="x"), Owner())["w"] == "parameter"


def legend_of(svg: str) -> list[str]:
    return [
        "".join(text.itertext())
        for text in ET.fromstring(svg).iter(f"{SVG}text")
        if text.attrib["class"] == "name"
    ]


def test_the_legend_names_the_roles_that_are_there():
    drawing = draw(every_role())
    assert legend_of(drawing.to_svg()) == ["parameter", "input", "constant", "operation", "result"]
    assert legend_of(draw(Value(2.0)).to_svg()) == []
    assert legend_of(draw(Value(2.0) * 3.0).to_svg()) == ["parameter", "constant", "result"]
    without = draw(every_role(), show_legend=False).to_svg()
    assert "legend" not in without
    assert without.count("data-number") == drawing.to_svg().count("data-number")


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_the_legend_lies_below_the_graph_and_within_the_picture(direction):
    for value in (Value(2.0) * 3.0, every_role(), -(Value(1.0) * 2.0).exp()):
        drawing = draw(value, direction)
        root = ET.fromstring(drawing.to_svg())
        width, height = float(root.attrib["width"]), float(root.attrib["height"])
        (group,) = (each for each in root.iter(f"{SVG}g") if each.attrib.get("class") == "legend")
        left, top = map(float, re.findall(r"[\d.]+", group.attrib["transform"]))
        lowest = max(
            y + card.height / 2
            for (_, y), card in zip(drawing.layout.centers, drawing.cards, strict=True)
        )
        assert top > lowest + 5
        for text in group.iter(f"{SVG}text"):
            assert left + float(text.attrib["x"]) + 6.5 * len("".join(text.itertext())) <= width
            assert top + float(text.attrib["y"]) + 3 < height


def test_roles_differ_in_outline_too():
    assert len({(CORNERS[role], OUTLINES[role], role == "result") for role in ROLES}) == len(ROLES)
    assert set(CORNERS) == set(OUTLINES) == set(STYLES) == set(SHAPES) == set(ROLES)
    assert all(set(theme.roles) == set(ROLES) for theme in THEMES.values())
