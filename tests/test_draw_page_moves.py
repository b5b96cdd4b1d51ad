"""What moves on the page: time, the view, the keyboard's focus; and that all can follow."""

from __future__ import annotations

import re

import pytest
from browser import choose, frame, numbers, press, slide, transform
from shown import expression, modules, simple

from autograd import Value
from autograd.draw.layout import DIRECTIONS
from autograd.draw.themes import THEMES

FORWARD = {"TB": "ArrowDown", "BT": "ArrowUp", "LR": "ArrowRight", "RL": "ArrowLeft"}
BACKWARD = {"TB": "ArrowUp", "BT": "ArrowDown", "LR": "ArrowLeft", "RL": "ArrowRight"}


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
