"""The page's modules: frames round those that are open, boxes of those that are closed."""

from __future__ import annotations

import itertools

import pytest
from browser import frame, numbers
from shown import modules, samples

from autograd import Value, _core
from autograd.draw import draw
from autograd.draw.layout import DIRECTIONS


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
        for path, outer in frames.items():
            for number, item in items.items():
                if path in paths.get(number, ()):
                    assert holds(outer, item, 4)
                elif number in paths or " > " not in path:
                    assert is_apart(outer, item) or closed.startswith(path)
            for other, inner in frames.items():
                if other.startswith(f"{path} > "):
                    assert holds(outer, inner, 4)
                elif other != path and not path.startswith(f"{other} > "):
                    assert is_apart(outer, inner)
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
