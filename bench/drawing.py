"""Drawing: what it takes from a graph to the text of its picture, layout and all; and its page.

The scalar graphs are networks written out with `*`, `+` and `tanh`, where each input of a layer is
shared by all of its neurons; the chain is deep and thin; the network on arrays has few nodes, each
with an array to sum up. The page is opened in a Chromium without a window, driven by Playwright.
"""

import random
import shutil
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from autograd import Value, nn
from autograd.draw import draw
from bench import clock
from bench.figure import Contest, Figure, Goal


def network(sizes: Sequence[int]) -> Value:
    """Return the output of a network of scalars, after its backward pass."""
    generator = random.Random(0)
    values = [Value(generator.uniform(-1, 1), label=f"x{place}") for place in range(sizes[0])]
    for count in sizes[1:]:
        layer = []
        for _ in range(count):
            total = Value(0.0)
            for value in values:
                total = total + Value(generator.uniform(-1, 1)) * value
            layer.append(total.tanh())
        values = layer
    (output,) = values
    output.backward(retain_grad=True)
    return output


def chain(length: int) -> Value:
    """Return the end of a chain."""
    value = Value(1.0)
    for _ in range(length):
        value = value * 0.5
    return value


def arrays(layers: int) -> Value:
    """Return the loss of a network on arrays."""
    model = nn.MLP(8, [8] * layers + [1])
    loss = (model(np.ones((32, 8))) ** 2).mean()
    loss.backward()
    return loss


def picture(make: Callable[[bool], Value]) -> Callable[[bool], Contest]:
    """Return the contest of drawing a graph; it has no reference."""

    def prepare(quick: bool) -> Contest:
        value = make(quick)
        nodes = len(draw(value).graph.nodes)

        def agree() -> None:
            drawn = ET.fromstring(draw(value).to_svg()).iter()
            assert sum("data-number" in element.attrib for element in drawn) == nodes

        return Contest(
            ours=clock.call(lambda: draw(value).to_svg(), 1, 1e-6),
            agree=agree,
            note=lambda: f"{nodes:,} boxes",
        )

    return prepare


def size(make: Callable[[bool], Value]) -> Callable[[bool], Contest]:
    """Return the contest of how large the page of a graph is, beyond that of a single node."""

    def prepare(quick: bool) -> Contest:
        drawing, smallest = draw(make(quick)), len(draw(Value(1.0)).to_html().encode())
        nodes = len(drawing.graph.nodes)

        def agree() -> None:
            assert drawing.to_html().count("<script") == 2

        return Contest(
            ours=lambda: (len(drawing.to_html().encode()) - smallest) / (nodes - 1),
            agree=agree,
            note=lambda: f"{nodes:,} nodes; beside them {smallest:,} bytes",
        )

    return prepare


CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
IN_BROWSER = ("playwright",) if CHROMIUM else ("playwright", "chromium")


def ready(make: Callable[[bool], Value]) -> Callable[[bool], Contest]:
    """Return the contest of how long it takes until a page can be used, from when it is opened."""

    def prepare(quick: bool) -> Contest:
        drawing = draw(make(quick))
        nodes = len(drawing.graph.nodes)

        def opened() -> tuple[float, int]:
            from playwright.sync_api import sync_playwright

            with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
                path = Path(folder) / "graph.html"
                drawing.save(path)
                browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": 1200, "height": 800})
                page.goto(path.as_uri())
                page.wait_for_selector("body[data-ready]")
                milliseconds = float(page.get_attribute("body", "data-ready") or "nan")
                shown = page.locator(".item").count()
                browser.close()
            return milliseconds, shown

        def agree() -> None:
            assert opened()[1] == nodes

        return Contest(
            ours=lambda: opened()[0],
            agree=agree,
            note=lambda: f"{nodes:,} nodes, all in view",
        )

    return prepare


FIGURES = (
    Figure(
        "draw-1000",
        "drawing a network of 1,000 scalars",
        "ms",
        picture(lambda quick: network([2, 2, 1] if quick else [3, 12, 12, 6, 1])),
        goal=Goal("value", "<=", 300),
        rounds=5,
    ),
    Figure(
        "draw-10000",
        "drawing a network of 10,000 scalars",
        "ms",
        picture(lambda quick: network([2, 3, 1] if quick else [16, 48, 48, 1])),
        goal=Goal("value", "<=", 4_000),
        rounds=3,
    ),
    Figure(
        "draw-chain",
        "drawing a chain of 10,000",
        "ms",
        picture(lambda quick: chain(10 if quick else 10_000)),
        goal=Goal("value", "<=", 4_000),
        rounds=3,
    ),
    Figure(
        "draw-arrays",
        "drawing 100 layers on arrays",
        "ms",
        picture(lambda quick: arrays(2 if quick else 100)),
        rounds=5,
    ),
    Figure(
        "page-bytes",
        "page of a network of 1,000 scalars, a node",
        "bytes",
        size(lambda quick: network([2, 2, 1] if quick else [8, 14, 10, 7, 1])),
        goal=Goal("value", "<=", 400),
        rounds=1,
        warm=False,
    ),
    Figure(
        "page-ready",
        "the same page in a browser, until it can be used",
        "ms",
        ready(lambda quick: network([2, 2, 1] if quick else [8, 14, 10, 7, 1])),
        goal=Goal("value", "<=", 2_000),
        rounds=3,
        needs=IN_BROWSER,
    ),
    Figure(
        "page-ready-10000",
        "the page of 10,000 scalars, likewise",
        "ms",
        ready(lambda quick: network([2, 3, 1] if quick else [16, 48, 48, 1])),
        rounds=3,
        needs=IN_BROWSER,
    ),
)
