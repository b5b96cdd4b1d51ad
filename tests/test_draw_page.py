"""The page, in a browser: what is on it, what it does when asked, and that it asks for nothing.

Chromium is driven by Playwright; without one of them what needs a browser is skipped.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import random
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Value, _core, nn
from autograd.draw import captions, draw
from autograd.draw.layout import DIRECTIONS
from autograd.draw.page import SCRIPTS, columns
from autograd.draw.themes import THEMES

SVG = "{http://www.w3.org/2000/svg}"
FIXED, A_NODE = 60_000, 400  # bytes
INTERACTIVE = 2_000  # milliseconds


def simple() -> Value:
    """Return w * x + 1.5, after its backward pass: five nodes, in the order w, x, *, 1.5, +."""
    x, w = Value(2.0, label="x", requires_grad=False), Value(1 / 3, label="w")
    y = w * x + 1.5
    y.label = "y"
    y.backward()
    return y


def expression() -> Value:
    """Return a graph with sharing: a, b, a + b, relu, -b, a * -b and so on."""
    a, b = Value(-4.0, label="a"), Value(2.0, label="b")
    c = (a + b).relu()
    d = a * -b
    result = (c - d) ** 2 / (d + 10.0)
    result.label = "g"
    result.backward(retain_grad=True)
    return result


def thousand() -> Value:
    """Return a graph of a little over 1,000 nodes, a network written out in scalars."""
    generator = random.Random(0)
    values = [Value(generator.uniform(-1, 1), label=f"x{place}") for place in range(8)]
    for count in (14, 10, 7, 1):
        layer = []
        for _ in range(count):
            total = Value(generator.uniform(-1, 1))
            for value in values:
                total = total + Value(generator.uniform(-1, 1)) * value
            layer.append(total.tanh())
        values = layer
    values[0].backward(retain_grad=True)
    return values[0]


class Block(nn.Module):
    def __init__(self):
        self.first, self.second = nn.Linear(3, 3, seed=0), nn.Linear(3, 3, seed=1)

    def __call__(self, x):
        return x + self.second(autograd.tanh(self.first(x)))


class Model(nn.Module):
    def __init__(self):
        self.parts = [Block(), Block()]

    def __call__(self, x):
        for block in self.parts:
            x = block(x)
        return x


def modules() -> Value:
    from autograd.forensics import origins

    with origins():
        x = Value(np.ones((2, 3)), requires_grad=False, label="x")
        loss = (Model()(x) ** 2).sum()
    loss.backward(retain_grad=True)
    return loss


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


# In a browser


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    program = next(filter(None, map(shutil.which, names)), None)
    with playwright.sync_playwright() as driver:
        if program is None and not Path(driver.chromium.executable_path).exists():
            pytest.skip("no Chromium is installed")
        chromium = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


class Window:
    """A page of the browser, and what was noticed of it that nobody asked for."""

    def __init__(self, browser, **options):
        self.noticed: list[str] = []
        self.context = browser.new_context(reduced_motion="reduce", **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        for event in ("console", "pageerror", "popup", "request"):
            self.page.on(event, lambda found, event=event: self.notice(event, found))
        self.page.on("dialog", self.dismiss)

    def notice(self, event, found):
        self.noticed.append(f"{event}: {getattr(found, 'url', found)}")

    def dismiss(self, dialog):
        self.notice("dialog", dialog.message)
        dialog.dismiss()


@pytest.fixture(scope="module")
def window(browser):
    return Window(browser)


@pytest.fixture
def opened(browser, window, tmp_path):
    """Open the page of values; fail at the end if it said, asked or requested anything."""
    windows = [window]

    def open_page(
        values, direction="TB", *, theme="light", size=(1200, 800), draws=None, **options
    ):
        path = tmp_path / "graph.html"
        draw(values, direction, theme=theme, **(draws or {})).save(path)
        if options:
            windows.append(Window(browser, **options))
        page = windows[-1].page
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-ready]")
        assert windows[-1].noticed.pop(0) == f"request: {path.as_uri()}"
        frame(page)
        return page

    yield open_page
    for each in windows[1:]:
        each.context.close()
    noticed = [line for each in windows for line in each.noticed]
    window.noticed.clear()
    assert noticed == []


def frame(page) -> None:
    """Wait until what was asked for has been drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def numbers(page, selector: str) -> set[int]:
    """Return the numbers of the nodes that a selector finds."""
    script = "(found) => found.map((each) => Number(each.dataset.number))"
    return set(page.eval_on_selector_all(f".item{selector}", script))


def transform(page) -> tuple[float, float, float]:
    """Return scale, left and top of the view."""
    text = page.get_attribute("#world", "transform")
    left, top, scale = map(float, re.findall(r"-?[\d.]+", text))
    return scale, left, top


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
    frame(page)


def slide(page, position: int) -> str:
    """Move the slider; return what stands beside it."""
    page.eval_on_selector(
        "#time",
        "(time, to) => { time.value = to; time.dispatchEvent(new Event('input')); }",
        position,
    )
    frame(page)
    return page.text_content("#caption")


def spot(page, number: int) -> tuple[float, float]:
    """Return a place in the box of a node where no text is."""
    box = page.locator(f".item[data-number='{number}'] .box").bounding_box()
    return box["x"] + 0.04 * box["width"], box["y"] + box["height"] / 2


def choose(page, number: int) -> None:
    page.mouse.click(*spot(page, number))
    frame(page)


def fold(page, number: int) -> None:
    page.mouse.dblclick(*spot(page, number))
    frame(page)


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
    wanted = {captions.shortened(captions.clean(label)) for label in labels}
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
    assert re.search(r"made attest_draw_page\.py:\d+ in modules: loss = \(Model\(\)", said)


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


def test_modules_close_level_by_level(opened):
    page = opened(modules())
    everything = numbers(page, "")
    options = page.locator("#modules option").all_text_contents()
    assert options == ["open", "closed", "closed from level 2", "closed from level 3"]
    titles = []
    for depth in (1, 2, 3):
        page.select_option("#modules select", str(depth))
        frame(page)
        titles.append(sorted(page.locator(".item.module .title").all_text_contents()))
    assert titles[0] == ["Model"]
    assert titles[1] == ["parts.0", "parts.1"]
    assert titles[2] == [
        *("parts.0.first", "parts.0.second", "parts.1.first", "parts.1.second"),
    ]
    page.select_option("#modules select", "1")
    page.locator(".item.module .key").first.dblclick()
    assert sorted(page.locator(".item.module .title").all_text_contents()) == titles[1]
    page.select_option("#modules select", "0")
    assert numbers(page, "") == everything
    page.locator("body").press("m")
    assert sorted(page.locator(".item.module .title").all_text_contents()) == titles[2]


def test_what_leaves_a_module_and_comes_back(opened):
    """Two calls of one module, with something between them, are two boxes."""
    x = Value(1.0, label="x")
    value = x
    for name in ("Net", "", "Net"):
        value = value.tanh()
        _core.set_origin(value, ("net.py", 1, "call", (name,) if name else ()))
    page = opened(value)
    page.select_option("#modules select", "1")
    assert page.locator(".item.module").count() == 2
    assert page.locator(".edge").count() == 2


def test_slider(opened):
    page = opened(simple())
    # Leaves, two operations, the seed, two operations that pass on, everything.
    assert page.get_attribute("#time", "max") == "6"
    assert page.input_value("#time") == "6"
    assert page.locator(".later, .before, .now").count() == 0

    assert slide(page, 0) == "Leaves: what was there at first"
    assert numbers(page, ".later") == {2, 3, 4}  # 1.5 comes with its addition
    assert slide(page, 1) == "Forward 1 of 2: × gives 0.666667"  # noqa: RUF001
    assert numbers(page, ".later") == {3, 4}
    assert numbers(page, ".now") == {2}
    assert numbers(page, ".before") == {0, 2, 4}  # no gradient is there yet
    gradients = page.locator(".item[data-number='0'] .gradient").first
    assert gradients.evaluate("(text) => getComputedStyle(text).visibility") == "hidden"
    flowing = "(found) => found.map((each) => [each.dataset.from, each.dataset.to])"
    assert page.eval_on_selector_all(".edge.now", flowing) == [["n0", "n2"], ["n1", "n2"]]
    assert page.locator("body.forward").count() == 1

    slide(page, 3)
    assert numbers(page, ".later") == set()
    assert numbers(page, ".before") == {0, 2}  # the result has its own
    assert slide(page, 4) == "Backward 1 of 2: + y passes on 1"
    assert numbers(page, ".before") == {0}
    assert page.eval_on_selector_all(".edge.now.back", flowing) == [["n2", "n4"], ["n3", "n4"]]
    assert page.locator("body.backward").count() == 1
    slide(page, 5)
    assert numbers(page, ".before") == set()
    assert slide(page, 6).endswith("all is computed")

    press(page, ",", ",", ".")
    assert page.input_value("#time") == "5"
    page.focus("#time")
    press(page, "ArrowLeft", "ArrowLeft")
    assert page.input_value("#time") == "3"


def test_steps_are_in_the_order_of_time(opened):
    x = Value(2.0, label="x")
    first, second = x * 3.0, x.exp()
    first.label, second.label = "first", "second"
    page = opened(second - first)
    said = [slide(page, position) for position in (1, 2, 3)]
    assert [re.sub(r" gives.*", "", each) for each in said] == [
        "Forward 1 of 3: × first",  # noqa: RUF001
        "Forward 2 of 3: exp second",
        "Forward 3 of 3: −",  # noqa: RUF001
    ]
    assert page.get_attribute("#time", "max") == "4"  # no gradient, nothing backward


def test_play(opened):
    page = opened(simple())
    page.emulate_media(reduced_motion="no-preference")
    page.click("#play")
    assert page.get_attribute("#play", "aria-label") == "Pause"
    while int(page.input_value("#time")) < 2:
        page.wait_for_timeout(50)
    press(page, "Escape")
    page.locator("#graph").press("Space")
    assert page.get_attribute("#play", "aria-label") == "Play"
    stopped = page.input_value("#time")
    assert stopped not in ("0", "6")
    page.emulate_media(reduced_motion="reduce")


@pytest.mark.parametrize(("motion", "name"), [("reduce", "none"), ("no-preference", "along")])
def test_motion(opened, motion, name):
    page = opened(simple())
    page.emulate_media(reduced_motion=motion)
    slide(page, 1)
    edge = page.locator(".edge.now").first
    assert edge.evaluate("(path) => getComputedStyle(path).animationName") == name
    page.emulate_media(reduced_motion="reduce")


FORWARD = {"TB": "ArrowDown", "BT": "ArrowUp", "LR": "ArrowRight", "RL": "ArrowLeft"}
BACKWARD = {"TB": "ArrowUp", "BT": "ArrowDown", "LR": "ArrowLeft", "RL": "ArrowRight"}


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_keyboard(opened, direction):
    page = opened(simple(), direction)
    for _ in range(12):
        press(page, "Tab")
        if page.evaluate("document.activeElement.id") == "graph":
            break
    else:
        raise AssertionError("the graph cannot be reached by Tab")
    press(page, BACKWARD[direction])
    assert numbers(page, ".current") == {4}  # it begins at the result
    assert page.get_attribute("#graph", "aria-activedescendant") == "n4"
    press(page, BACKWARD[direction])
    assert numbers(page, ".current") <= {2, 3}
    if numbers(page, ".current") == {3}:
        side = "ArrowLeft" if direction in ("TB", "BT") else "ArrowUp"
        other = "ArrowRight" if direction in ("TB", "BT") else "ArrowDown"
        press(page, side)
        if numbers(page, ".current") == {3}:
            press(page, other)
    assert numbers(page, ".current") == {2}
    assert "data 0.666667" in page.text_content("#status")
    press(page, "Enter")
    assert numbers(page, ".on") == {0, 1, 2, 4}
    press(page, FORWARD[direction])
    assert numbers(page, ".picked") == {4}  # the paths go along
    press(page, "o")
    assert numbers(page, "") == {4}
    press(page, "o", "Escape")
    assert numbers(page, "") == {0, 1, 2, 3, 4}
    assert numbers(page, ".on") == set()
    press(page, "?")
    assert page.locator("#keys").is_visible()
    press(page, "Escape")
    assert page.locator("#keys").is_hidden()


def test_zoom_pan_and_fit(opened):
    page = opened(expression())
    at_first = transform(page)
    assert at_first[0] > 0
    page.mouse.move(500, 300)
    page.mouse.wheel(0, -240)
    frame(page)
    scale, left, top = transform(page)
    assert scale > 1.5 * at_first[0]
    window = page.locator("#graph").bounding_box()
    point = (500 - window["x"], 300 - window["y"])
    for before, after, at in ((at_first[1], left, point[0]), (at_first[2], top, point[1])):
        assert (at - after) / scale == pytest.approx((at - before) / at_first[0], abs=0.5)

    page.mouse.move(20, 200)  # where there is nothing
    page.mouse.down()
    page.mouse.move(70, 260, steps=4)
    page.mouse.up()
    frame(page)
    assert transform(page) == pytest.approx((scale, left + 50, top + 60), abs=0.02)
    page.mouse.wheel(30, 0)
    frame(page)
    assert transform(page) == pytest.approx((scale, left + 20, top + 60), abs=0.02)

    press(page, "f")
    assert transform(page) == at_first
    press(page, "+")
    assert transform(page)[0] == pytest.approx(1.3 * at_first[0], rel=1e-3)
    press(page, "-")
    assert transform(page)[0] == pytest.approx(at_first[0], rel=1e-3)
    page.click("#closer")
    page.click("#fit")
    frame(page)
    assert transform(page) == at_first
    boxes = page.locator(".item").evaluate_all(
        """(items) => items.map((item) => item.getBoundingClientRect())
          .map(({ left, top, right, bottom }) => [left, top, right, bottom])"""
    )
    for box in boxes:
        assert window["x"] <= box[0] <= box[2] <= window["x"] + window["width"]
        assert window["y"] <= box[1] <= box[3] <= window["y"] + window["height"]


def test_two_fingers_zoom(opened):
    page = opened(expression(), size=(390, 800), has_touch=True)
    scale = transform(page)[0]
    page.eval_on_selector(
        "#graph",
        """(graph) => {
          const send = (kind, pointerId, clientX) => graph.dispatchEvent(new PointerEvent(kind,
            { pointerId, clientX, clientY: 400, pointerType: "touch", bubbles: true }));
          graph.setPointerCapture = () => {};
          send("pointerdown", 1, 150); send("pointerdown", 2, 250);
          send("pointermove", 1, 100); send("pointermove", 2, 300);
          send("pointerup", 1, 100); send("pointerup", 2, 300);
        }""",
    )
    frame(page)
    assert transform(page)[0] == pytest.approx(2 * scale, rel=0.01)


def test_text_can_be_selected(opened):
    page = opened(simple())
    box = page.locator(".item[data-number='4'] .text").first.bounding_box()
    page.mouse.move(box["x"] - 1, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + 1, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    assert page.evaluate("String(getSelection())").strip().startswith("2.1")


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_themes(opened, theme):
    page = opened(simple(), theme=theme)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        colour = THEMES[scheme if theme == "auto" else theme].paper
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        script = "(found) => getComputedStyle(found).backgroundColor"
        assert page.eval_on_selector("body", script) == f"rgb({red}, {green}, {blue})"


def test_everything_has_room(opened):
    page = opened(modules())
    for width, height in [(1200, 800), (390, 800), (320, 568), (800, 360)]:
        page.set_viewport_size({"width": width, "height": height})
        press(page, "Escape", "f")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        graph = page.locator("#graph").bounding_box()
        assert graph["height"] > 0.5 * height
        controls = "header button:visible, header input, header select, footer button"
        for control in page.locator(controls).all():
            box = control.bounding_box()
            assert 0 <= box["x"] <= box["x"] + box["width"] <= width
            assert 0 <= box["y"] <= box["y"] + box["height"] <= height
        choose(page, next(iter(numbers(page, ".result"))))
        panel = page.locator("#panel").bounding_box()
        assert 0 <= panel["x"] <= panel["x"] + panel["width"] <= width


def test_everything_has_a_name(opened):
    page = opened(simple())
    unnamed = page.locator("button, input, select, svg[role]").evaluate_all(
        """(found) => found.filter((each) => !each.ariaLabel && !each.textContent.trim())
          .map((each) => each.outerHTML)"""
    )
    assert unnamed == []
    said = page.locator(".item").evaluate_all("(found) => found.map((each) => each.ariaLabel)")
    assert said == [
        "parameter, w, data 0.333333, gradient 2",
        "input, x, data 2",
        "operation, ×, data 0.666667, gradient 1",  # noqa: RUF001
        "constant, 1.5",
        "result, + y, data 2.16667, gradient 1",
    ]


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


def samples() -> Value:
    """Return the loss of a network on three samples, called for one after the other."""
    from autograd.forensics import origins

    model = nn.MLP(2, [3, 1], seed=1)
    with origins():
        errors = [(model([0.5 * place, 1.0 - place]) - 1.0) ** 2 for place in range(3)]
        loss = sum(errors[1:], errors[0])
    loss.backward(retain_grad=True)
    return loss


def shapes_of(page) -> tuple[dict, dict]:
    """Return the rectangles of the frames by path, and those of items by id, with their modules."""
    frames = page.locator(".frame").evaluate_all(
        """(frames) => Object.fromEntries(frames.map((frame) => {
          const { x, y, width, height } = frame.querySelector("rect").getBBox();
          return [frame.querySelector("text").dataset.path, [x, y, x + width, y + height]];
        }))"""
    )
    items = page.locator(".item").evaluate_all(
        """(items) => Object.fromEntries(items.map((item) => {
          const [x, y] = item.getAttribute("transform").match(/-?[\\d.]+/g).map(Number);
          const { width, height } = item.querySelector("rect").getBBox();
          return [item.dataset.number ?? item.ariaLabel, [x, y, x + width, y + height]];
        }))"""
    )
    return frames, items


def holds(outer, inner, pad=0.0):
    return all(outer[k] <= inner[k] - pad and outer[k + 2] >= inner[k + 2] + pad for k in (0, 1))


def is_apart(one, other):
    return any(one[k + 2] < other[k] or other[k + 2] < one[k] for k in (0, 1))


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("make", [modules, samples])
def test_frames_hold_what_is_in_their_modules(opened, make, direction):
    value = make()
    nodes = draw(value).graph.nodes
    paths = {
        str(node.number): [
            " > ".join(node.modules[: depth + 1]) for depth in range(len(node.modules))
        ]
        for node in nodes
    }
    page = opened(value, direction)
    everything = sorted({path for found in paths.values() for path in found})
    closed = None
    for _ in range(2):
        frames, items = shapes_of(page)
        assert sorted(frames) == [path for path in everything if path != closed]
        for path, frame in frames.items():
            for number, item in items.items():
                if path in paths.get(number, ()):
                    assert holds(frame, item, 4)
                elif number in paths or " > " not in path:
                    assert is_apart(frame, item) or closed.startswith(path)
            for other, inner in frames.items():
                if other.startswith(f"{path} > "):
                    assert holds(frame, inner, 4)
                elif other != path and not path.startswith(f"{other} > "):
                    assert is_apart(frame, inner)
        if closed is None:
            # A module that holds no other one is closed by its name; the rest is laid out anew.
            closed = next(path for path in reversed(everything) if path.count(" > "))
            everything = [path for path in everything if not path.startswith(f"{closed} > ")]
            page.locator(f"[data-path='{closed}']").dispatch_event("click")
            frame_count = page.locator(".frame").count()
            assert frame_count == len(frames) - 1
            assert page.locator(".item.module .title").all_text_contents() == [
                closed.rpartition(" > ")[2]
            ]
            for number in list(paths):
                if closed in paths[number]:
                    del paths[number]
    page.click("#unfold")
    assert page.locator(".frame").count() == len(frames) + 1


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_edges_pass_frames_from_border_to_border(opened, direction):
    page = opened(samples(), direction)
    page.locator("[data-path='MLP #2']").dispatch_event("click")
    frame(page)
    axis = 0 if direction in ("LR", "RL") else 1
    sign = 1 if direction in ("TB", "LR") else -1
    boxes = page.locator(".item").evaluate_all(
        """(items) => Object.fromEntries(items.map((item) => {
          const [x, y] = item.getAttribute("transform").match(/-?[\\d.]+/g).map(Number);
          const { width, height } = item.querySelector("rect").getBBox();
          return [item.id, [x, y, x + width, y + height]];
        }))"""
    )
    edges = page.locator(".edge").evaluate_all(
        """(edges) => edges.map((edge) => {
          const step = edge.getTotalLength() / 40;
          const at = Array.from({ length: 41 }, (_, part) => edge.getPointAtLength(step * part));
          return [edge.dataset.from, edge.dataset.to, at.map(({ x, y }) => [x, y])];
        })"""
    )
    assert len(edges) > 30
    for source, target, points in edges:
        leaving = boxes[source][axis + 2 if sign > 0 else axis]
        arriving = boxes[target][axis if sign > 0 else axis + 2]
        assert points[0][axis] == pytest.approx(leaving, abs=1.5)
        assert points[-1][axis] == pytest.approx(arriving, abs=1.5)
        for point in points:
            for number, box in boxes.items():
                if number not in (source, target):
                    assert not all(box[k] + 1 < point[k] < box[k + 2] - 1 for k in (0, 1))
        steps = [b[axis] - a[axis] for a, b in itertools.pairwise(points)]
        assert all(step * sign > -0.5 for step in steps)


def test_calls_close_one_by_one(opened):
    page = opened(samples())
    assert page.locator("#modules option").count() == 3
    page.select_option("#modules select", "1")
    frame(page)
    titles = page.locator(".item.module .title").all_text_contents()
    assert sorted(titles) == ["MLP #1", "MLP #2", "MLP #3"]
    assert page.locator(".frame").count() == 0
    page.locator(".item.module .title", has_text="MLP #2").dblclick()
    frame(page)
    assert sorted(page.locator(".item.module .title").all_text_contents()) == [
        *("MLP #1", "MLP #3", "layers.0", "layers.1"),
    ]
    assert page.locator(".frame .caption").all_text_contents() == ["Close MLP #2MLP #2"]


def test_modules_that_need_each_other_are_shown_without_frames(opened):
    value = Value(1.0, label="x")
    for name in ("a", "b", "a", "b", "c"):
        value = value.tanh()
        _core.set_origin(value, ("net.py", 1, "call", (name,)))
    page = opened(value * 2.0)
    assert page.locator(".frame").count() == 1
    page.locator("[data-path='c']").dispatch_event("click")
    frame(page)
    assert page.locator(".frame").count() == 0
    assert page.locator(".item").count() == 8


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "\"'><script>", "a > b", "\u202eabc"]
)
def test_names_of_modules_are_text(opened, name):
    value = Value(1.0, label="x").tanh()
    _core.set_origin(value, ("net.py", 1, "call", (name, "inner")))
    page = opened(value * 2.0)
    assert page.locator(".caption").count() == 2
    assert page.locator("img, main script").count() == 0
    page.locator(".caption").first.dispatch_event("click")
    frame(page)
    assert page.locator(".item.module").count() == 1


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
