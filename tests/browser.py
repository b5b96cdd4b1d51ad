"""A browser for tests: pages that are opened in it, and what is done there.

Chromium is driven by Playwright; without one of them what needs a browser is skipped.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from autograd.draw import draw


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
