"""The documentation: its Python prints what it says, its tables answer, its site is whole."""

from __future__ import annotations

import functools
import gc
import http.server
import importlib
import importlib.util
import inspect
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import autograd

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def load(path):
    specification = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(specification)
    sys.modules[path.stem] = module  # a NamedTuple looks for its module
    specification.loader.exec_module(module)
    return module


pages = load(DOCS / "pages.py")
PAGES = {path.relative_to(DOCS).as_posix(): path.read_text("utf-8") for path in pages.pages()}
PROGRAMS = [name for name, text in PAGES.items() if pages.parts(text)]
OPTIONAL = {"checkpoint.save": "safetensors", "optim.minimize": "scipy"}

SAMPLE = """\
```python
x = 1
print(x)
```

```text
1
```

```py
of_another_package
```

| expression | result | |
| --- | --- | --- |
| `x / 0` | `ZeroDivisionError` | a note |

| function | at | value | derivative |
| --- | --- | --- | --- |
| `maximum` | `2.0, 2.0` | `2` | `0.5, 0.5` |

| another | table |
| --- | --- |
| `1` | `2` |

```python
import warnings
warnings.warn("shown")
```
"""


def test_parts_of_a_page():
    block, expression, function, warns = pages.parts(SAMPLE)
    assert [part.line for part in (block, expression, function, warns)] == [1, 16, 20, 26]
    namespace = {}
    assert pages.run(block, namespace) == block.expected == ("1\n",)
    assert pages.run(expression, namespace) == ("ZeroDivisionError",)
    assert expression.expected[0] == "ZeroDivisionError"
    assert pages.run(function, {}) == function.expected == ("2.0, 2.0", "2", "0.5, 0.5")
    assert pages.run(function._replace(source="add"), {}) == ("2.0, 2.0", "4", "1, 1")
    assert warns.expected == ()
    with pytest.raises(UserWarning, match="shown"):
        pages.run(warns, namespace)


def test_all_pages_are_found():
    assert len(PROGRAMS) >= 20
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    named = set(re.findall(r"[\w/.-]+\.md$", settings, re.MULTILINE))
    assert named == set(PAGES)


@pytest.mark.parametrize("name", PROGRAMS)
def test_page_runs(name, tmp_path, monkeypatch):
    for mention, package in OPTIONAL.items():
        if f"{mention}(" in PAGES[name]:
            pytest.importorskip(package)
    monkeypatch.chdir(tmp_path)
    gc.collect()  # pages count what lives: what earlier tests left must not die meanwhile
    namespace = {}
    for part in pages.parts(PAGES[name]):
        came = pages.run(part, namespace)
        said = part.expected or ("",)
        assert came == said[: len(came)], f"docs/{name}, line {part.line}: {part.source}"
    for drawn in tmp_path.glob("*.svg"):
        kept = DOCS / "images" / drawn.name
        assert kept.read_text("utf-8") == drawn.read_text("utf-8"), (
            f"docs/{name} draws {drawn.name} otherwise: run `python docs/pages.py`"
        )


def test_figures_are_those_of_the_readme():
    figures = PAGES["performance.md"].partition("## How to read this")[0]
    readme = (ROOT / "README.md").read_text("utf-8")
    rows = [line for line in figures.splitlines() if line.startswith("|")]
    assert len(rows) >= 30
    assert [row for row in rows if row not in readme.splitlines()] == []
    (sentence,) = re.findall(r"`exp`, `log` and `tanh` of .* on AVX2", figures)
    assert sentence in readme.replace("\n", " ")


@pytest.mark.skipif(not (ROOT / "src").exists(), reason="the table is in a checkout")
def test_entry_is_one_of_the_table():
    (entry,) = re.findall(r"```cpp\n(.*?)\n```", PAGES["adding-an-operation.md"], re.DOTALL)

    def squeezed(text):
        return re.sub(r"\s+", "", text)

    table = (ROOT / "src/cpp/core/operations.hpp").read_text("utf-8")
    assert squeezed(entry) in squeezed(table)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build the site, where what it takes is installed; any warning is an error."""
    for package in ("mkdocs", "material", "mkdocstrings_handlers.python"):
        pytest.importorskip(package)
    folder = tmp_path_factory.mktemp("site")
    # Not --quiet: what is not written is not counted either, and --strict passes.
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    subprocess.run(
        [*command, "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        check=True,
    )
    return folder


@pytest.fixture(scope="module")
def site(built):
    """Return the pages."""
    return {path.relative_to(built): path.read_text("utf-8") for path in built.rglob("*.html")}


MODULES = """
    autograd autograd.linalg autograd.random autograd.nn autograd.nn.losses autograd.nn.metrics
    autograd.nn.initializers autograd.optim autograd.data autograd.training autograd.checkpoint
    autograd.plotting autograd.draw autograd.forensics autograd.testing
"""
ELSEWHERE = {"__version__", "abs", "pow", "OPERATIONS"}  # told in prose


def test_reference_has_every_public_name(site):
    anchors = {
        anchor.rpartition(".")[2]
        for path, text in site.items()
        if path.parts[0] == "api"
        for anchor in re.findall(r' id="(autograd\.[\w.]+)"', text)
    }
    text = "".join(text for path, text in site.items() if path.name == "nn.html")
    anchors |= set(re.findall(r"<td><code>(\w+)\(", text))  # activations stand in a table
    for name in MODULES.split():
        module = importlib.import_module(name)
        public = {one for one in module.__all__ if not inspect.ismodule(getattr(module, one))}
        assert public - anchors - ELSEWHERE == set(), name
    methods = {name for name in dir(autograd.Value) if not name.startswith("_")}
    assert methods - anchors == set()


def test_site_fetches_nothing(site):
    for path, text in site.items():
        fetched = re.findall(r'<(?:script|img|iframe)\b[^>]*\bsrc="([^"]*)"', text)
        fetched += re.findall(r'<link\b[^>]*\brel="(?:stylesheet|icon|preconnect)"[^>]*>', text)
        assert [one for one in fetched if "//" in one] == [], path


MEASURE = """() => {
  const room = document.documentElement.clientWidth;
  const scrolls = (element) => {
    for (let outer = element; outer; outer = outer.parentElement)
      if (getComputedStyle(outer).overflowX !== "visible") return true;
    return false;
  };
  const found = [];
  if (document.documentElement.scrollWidth > room) found.push("the page is wider than the window");
  for (const element of document.querySelectorAll(".md-content *")) {
    const { width, right } = element.getBoundingClientRect();
    if (width && right > room + 1 && !scrolls(element))
      found.push(`${element.tagName} reaches to ${right}: ${element.textContent.slice(0, 40)}`);
  }
  for (const image of document.querySelectorAll(".md-content img")) {
    const { width } = image.getBoundingClientRect();
    if (!image.naturalWidth) found.push(`${image.src} does not load`);
    else if (image.src.endsWith(".svg") && width < 0.6 * image.naturalWidth)
      found.push(`${image.src} is drawn at ${width} of ${image.naturalWidth} pixels`);
  }
  for (const table of document.querySelectorAll(".md-typeset__scrollwrap"))
    if (innerWidth > 1000 && table.scrollWidth > 1.1 * table.clientWidth)
      found.push(`a table has to be scrolled: ${table.textContent.trim().slice(0, 40)}`);
  return found;
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address(built):
    """Serve the site."""
    handler = functools.partial(Quiet, directory=str(built))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 900, "light"), (390, 844, "dark")])
def test_site_in_a_browser(built, address, browser, width, height, scheme):
    """On a desk and on a phone: all fits, all loads, nothing is fetched, nobody complains."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    noticed = []
    page.on("pageerror", lambda error: noticed.append(str(error)))
    page.on("console", lambda message: noticed.append(message.text))
    page.on("request", lambda request: noticed.append(request.url))
    wrong = {}
    for path in sorted(built.rglob("*.html")):
        noticed.clear()
        page.goto(address + path.relative_to(built).as_posix())
        found = [one for one in noticed if not one.startswith((address, f"blob:{address}"))]
        found += page.evaluate(MEASURE)
        if found:
            wrong[path.relative_to(built).as_posix()] = found
    context.close()
    assert wrong == {}


def test_search_finds(address, browser):
    page = browser.new_page()
    page.goto(address + "index.html")
    field = page.locator("input[name=query]")
    field.fill("logistic regression")
    found = page.locator(".md-search-result__link", has_text="Logistic regression").first
    for _ in range(60):  # it is searched for when a key is let go, once somebody listens
        field.press("Shift")
        page.wait_for_timeout(500)
        if found.is_visible():
            break
    found.click()
    assert page.url.partition("?")[0].startswith(address + "recipes/logistic-regression.html")
    page.close()
