"""The page, in a browser: what is on it, what it does when asked, and that it asks for nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from browser import choose, fold, numbers, press, slide, spot
from shown import expression, modules, simple, thousand

import autograd
from autograd import Value, _core
from autograd.draw import captions, draw
from autograd.draw.layout import DIRECTIONS
from autograd.draw.page import SCRIPTS, columns

SVG = "{http://www.w3.org/2000/svg}"
FIXED, A_NODE = 60_000, 400  # bytes
INTERACTIVE = 2_000  # milliseconds


def carried(html: str) -> dict:
    """Return the data that a page carries."""
    (text,) = re.findall(
        r'<script id="data" type="application/json">(.*?)</script>', html, re.DOTALL
    )
    return json.loads(text)


def test_size():
    drawing = draw(thousand())
    count = len(drawing.graph.nodes)
    assert 1_000 <= count < 1_100
    assert len(drawing.to_html().encode()) <= FIXED + A_NODE * count
    assert len(draw(Value(1.0)).to_html().encode()) <= FIXED
    x = Value(np.linspace(0.0, 1.0, 64).reshape(8, 8))
    for _ in range(300):
        x = x * 0.99
    count = len(draw(x).graph.nodes)
    assert len(draw(x).to_html().encode()) <= FIXED + A_NODE * count


def test_nothing_comes_from_elsewhere():
    html = draw(simple()).to_html()
    assert set(re.findall(r"https?://[^\"' ;]+", html)) == {"http://www.w3.org/2000/svg"}
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for kind, element in (
        ("script", r"<script>(.*?)</script>"),
        ("style", r"<style>(.*?)</style>"),
    ):
        (text,) = re.findall(element, html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_scripts_make_no_markup_of_text():
    folder = Path(columns.__file__).parent
    assert sorted(path.stem for path in folder.glob("*.js")) == sorted(SCRIPTS)
    for name in SCRIPTS:
        text = (folder / f"{name}.js").read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|\beval\b|document\.write", text)


def test_the_page_is_the_same_each_time():
    assert draw(expression()).to_html() == draw(expression()).to_html()


def test_columns_say_what_the_graph_says():
    drawing = draw(expression(), "LR")
    data = carried(drawing.to_html())
    nodes = drawing.graph.nodes
    assert data["direction"] == "LR"
    assert data["args"] == [list(node.args) for node in nodes]
    for name in ("operation", "label", "data", "gradient"):
        column = data["columns"][name]
        found = [column["texts"][place] for place in column["of"]]
        assert found == [getattr(node, name) for node in nodes]
    assert len(data["routes"]) == sum(len(node.args) for node in nodes)


@pytest.mark.parametrize("make", [simple, expression, modules])
def test_boxes_say_what_the_picture_says(opened, make):
    value = make()
    page = opened(value)
    drawn = {}
    for group in ET.fromstring(draw(value).to_svg()).iter(f"{SVG}g"):
        if "data-number" in group.attrib:
            texts = ["".join(text.itertext()) for text in group.iter(f"{SVG}text")]
            drawn[group.attrib["data-number"]] = (group.attrib["class"].split()[1], texts)
    press(page, *"+++++++")  # texts are there when they can be read
    page.evaluate("document.querySelector('#graph').style.height = '4000px'")
    press(page, "f")
    found = page.eval_on_selector_all(
        ".item",
        """(items) => Object.fromEntries(items.map((item) => {
          const texts = [...item.querySelectorAll("text:not(.brief)")];
          const role = item.getAttribute("class").split(" ")[1];
          return [item.dataset.number, [role, texts.map((text) => text.textContent)]];
        }))""",
    )
    assert {number: tuple(said) for number, said in found.items()} == drawn
    edges = page.locator(".edge").count()
    assert edges == sum(len(node.args) for node in draw(value).graph.nodes)


HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "<script>alert(2)</script>",
    '"><svg onload=alert(3)>',
    "' onclick='alert(4)",
    "<!--",
    "-->",
    "]]>",
    "${alert(5)}",
    "`+alert(6)+`",
    "$script $$ {0} %s \\u003cb\\u003e",
    "&lt;b&gt;&amp;",
    "two\nlines\rand\ttab",
    "line\u2028paragraph\u2029end",
    "🙂 損失 é",
    "\u202ereversed",
    "nul \x00 and \x1b",
    "__proto__",
    "a|b > c|0",
    "x" * 1000,
]


def test_what_is_not_finite_is_to_be_seen(opened):
    x = Value([1.0, 0.0], label="x")
    with np.errstate(all="ignore"):
        y = (autograd.log(x) * Value(np.full((2, 5), np.nan).T)).sum()
    y.backward(retain_grad=True)
    page = opened(y)
    wrong = page.locator(".item .text.wrong").all_text_contents()
    assert "[0, -inf]" in wrong
    assert "nothing finite" in wrong
    assert "[1, 0]" not in wrong
    colours = page.locator(".item .text.wrong").evaluate_all(
        "(all) => [...new Set(all.map((one) => getComputedStyle(one).fill))]"
    )
    assert colours == ["rgb(184, 67, 0)"]


def test_labels_are_text(opened):
    value = Value(1.0)
    for place, label in enumerate(HOSTILE):
        leaf = Value(float(place), label=label)
        _core.set_origin(leaf, (label, 3, label, (label,)))
        value = value + leaf
        _core.set_origin(value, (label, 3, label, (label,)))
    page = opened(value, draws={"names": {"lone \ud800 surrogate": value}})
    page.evaluate("document.querySelector('#graph').style.height = '9000px'")
    press(page, "f")
    shown = page.eval_on_selector_all(".label", "(found) => found.map((each) => each.textContent)")
    labels = [*HOSTILE, "lone \ud800 surrogate"]
    wanted = {captions.abbreviated(captions.clean(label)) for label in labels}
    assert set(shown) == wanted
    for label in HOSTILE[:3]:
        page.fill("#search", label)
        assert page.text_content("#matches") != "none"
    page.fill("#search", "")
    page.evaluate("document.querySelector('#graph').style.height = ''")
    press(page, "Escape", "f")
    choose(page, 1)
    assert captions.clean(HOSTILE[0]) in page.text_content("#panel h2")
    # The same in the box of a module, in its heading, and in the buttons of the panel.
    page.locator("#panel .acts button").last.click()
    assert page.locator(".item.module").count() == 1
    assert page.locator("img, script:not(#data):not(body > script:last-child)").count() == 0


def test_search(opened):
    page = opened(expression())
    press(page, "/", *"RELU")
    (relu,) = numbers(page, ".match")
    assert page.text_content("#matches") == "1"
    press(page, "Enter")
    assert page.text_content("#matches") == "1 of 1"
    assert numbers(page, ".current") == {relu}
    page.fill("#search", "a")  # the label a, and names of operations: add, multiply has none
    found = numbers(page, ".match")
    assert len(found) > 2
    seen = []
    for _ in range(len(found) + 1):
        press(page, "Enter")
        seen += numbers(page, ".current")
    assert seen[0] == seen[-1]
    assert set(seen) == found
    press(page, "Shift+Enter")
    assert numbers(page, ".current") == {seen[-2]}
    page.fill("#search", "nothing of this name")
    assert page.text_content("#matches") == "none"
    press(page, "Escape")
    assert numbers(page, ".match") == set()
    assert page.input_value("#search") == ""


def test_search_shows_what_it_finds(opened):
    page = opened(thousand())
    assert page.locator(".item text:not(.brief)").count() == 0  # too far to be read
    press(page, "/", *"x7", "Enter")
    current = page.locator(".item.current")
    assert "x7" in current.locator(".title").text_content()
    box, window = current.bounding_box(), page.locator("#graph").bounding_box()
    assert window["x"] <= box["x"] <= window["x"] + window["width"]
    assert window["y"] <= box["y"] <= window["y"] + window["height"]


def test_click_lights_up_all_paths(opened):
    value = expression()
    graph = draw(value).graph
    page = opened(value)
    chosen = next(node.number for node in graph.nodes if node.operation == "relu")
    choose(page, chosen)
    before, after = {chosen}, {chosen}
    for node in graph.nodes:
        if set(node.args) & after:
            after.add(node.number)
    for node in reversed(graph.nodes):
        if node.number in before:
            before |= set(node.args)
    assert numbers(page, ".on") == before | after
    lit = page.eval_on_selector_all(
        ".edge.on", "(found) => found.map((each) => [each.dataset.from, each.dataset.to])"
    )
    wanted = [
        [f"n{argument}", f"n{user}"]
        for argument, user, _ in graph.edges()
        if {argument, user} <= before or {argument, user} <= after
    ]
    assert sorted(lit) == sorted(wanted)
    assert page.locator("#graph.chosen").count() == 1
    press(page, "Escape")
    assert numbers(page, ".on") == set()
    assert page.locator("#graph.chosen").count() == 0
    assert page.locator("#panel").is_hidden()


def test_panel_leads_on(opened):
    page = opened(simple())
    choose(page, 2)
    panel = page.locator("#panel")
    assert panel.locator("h2").text_content() == "×"  # noqa: RUF001 - as it is drawn
    assert "0.6666666666666666" in panel.text_content()
    panel.get_by_role("button", name="w", exact=True).click()
    assert panel.locator("h2").text_content() == "w"
    assert numbers(page, ".picked") == {0}
    panel.get_by_role("button", name="Close").click()
    assert panel.is_hidden()


def test_hover_shows_every_digit(opened):
    page = opened(simple())
    page.mouse.move(*spot(page, 0))
    tip = page.locator("#tip")
    assert tip.is_visible()
    assert tip.locator("dd").all_text_contents() == ["0.3333333333333333", "2"]
    page.mouse.move(5, 400)
    assert tip.is_hidden()


def test_origin_is_told(opened):
    page = opened(modules())
    choose(page, next(iter(numbers(page, ".result"))))
    said = page.text_content("#panel")
    assert re.search(r"made atshown\.py:\d+ in modules: loss = \(Model\(\)", said)


def test_fold(opened):
    value = expression()
    graph = draw(value).graph
    page = opened(value)
    everything = numbers(page, "")
    root = graph.nodes[graph.results[0]]
    fold(page, root.number)
    assert numbers(page, "") == {root.number}
    said = page.locator(".item .text").all_text_contents()
    assert said[-1] == f"{len(everything) - 1} folded"
    assert page.locator(".edge").count() == 0
    fold(page, root.number)
    assert numbers(page, "") == everything

    # What others use, too, stays.
    subtract = next(node for node in graph.nodes if node.operation == "subtract")
    fold(page, subtract.number)
    multiply = next(node.number for node in graph.nodes if node.operation == "multiply")
    relu = next(node.number for node in graph.nodes if node.operation == "relu")
    left = numbers(page, "")
    assert multiply in left
    assert relu not in left
    # The slider still says in which step what is folded is computed.
    assert page.locator(".item.later").count() == 0
    page.click("#unfold")
    assert numbers(page, "") == everything
    assert page.locator("#unfold").is_hidden()


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_what_is_left_is_laid_out_anew(opened, direction):
    """Boxes do not overlap, and edges lead from border to border, in the direction."""
    page = opened(thousand(), direction, draws={"max_depth": 9})
    operations = sorted(numbers(page, ".operation"))
    page.evaluate(
        """(numbers) => { for (const number of numbers) {
          const item = document.querySelector(`.item[data-number='${number}']`);
          item?.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
        } }""",
        operations[2:-10:7],
    )
    press(page, "f")
    places = page.locator(".item").evaluate_all(
        """(items) => Object.fromEntries(items.map((item) => {
          const [x, y] = item.getAttribute("transform").match(/-?[\\d.]+/g).map(Number);
          const { width, height } = item.querySelector("rect").getBBox();
          return [item.id, [x, y, x + width, y + height]];
        }))"""
    )
    assert 20 < len(places) < len(operations)
    boxes = sorted(places.values())
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = one[2] < other[0] or one[3] < other[1] or other[3] < one[1]
            assert apart, (one, other)
    edges = page.locator(".edge").evaluate_all(
        """(edges) => edges.map((edge) => {
          const [start, end] = [0, edge.getTotalLength()].map((at) => edge.getPointAtLength(at));
          return [edge.dataset.from, edge.dataset.to, [start.x, start.y], [end.x, end.y]];
        })"""
    )
    assert len(edges) >= len(places) - 1
    axis, forward = ("TB", "LR", "BT", "RL").index(direction) % 2, direction in ("TB", "LR")
    along = 1 - axis
    for source, target, start, end in edges:
        leaving = places[source][along + 2 if forward else along]
        arriving = places[target][along if forward else along + 2]
        assert start[along] == pytest.approx(leaving, abs=1.5)
        assert end[along] == pytest.approx(arriving, abs=1.5)
        assert places[target][1 - along] - 1 <= end[1 - along] <= places[target][3 - along] + 1


def twice(value: Value) -> Value:
    return value * value


@pytest.mark.parametrize(
    ("make", "items", "edges"),
    [
        (lambda: Value(1.0), 1, 0),
        (lambda: Value(np.ones((2, 2))) * 2.0, 3, 2),
        (lambda: twice(Value(2.0)), 2, 2),
        (lambda: [2.0 * twice(Value(2.0)), Value(1.0)], 5, 4),
        (lambda: Value([np.nan, np.inf]) * 2.0, 3, 2),
        (lambda: Value(np.zeros((0, 3))).sum(), 2, 1),
    ],
)
def test_small_graphs(opened, make, items, edges):
    page = opened(make())
    assert page.locator(".item").count() == items
    assert page.locator(".edge").count() == edges
    for position in range(int(page.get_attribute("#time", "max")) + 1):
        slide(page, position)
    press(page, "o", "Tab", "ArrowUp", "o", "f", "m", "+")


def test_folded_when_it_was_drawn(opened):
    page = opened(expression(), draws={"max_depth": 2})
    assert any("folded" in text for text in page.locator(".item .text").all_text_contents())


def test_soon_interactive(opened):
    page = opened(thousand())
    assert int(page.get_attribute("body", "data-ready")) <= INTERACTIVE
    assert page.locator(".item").count() >= 1_000
