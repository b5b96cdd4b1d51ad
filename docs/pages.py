"""The pages as programs: their Python runs in order, and prints what stands below it.

    python docs/pages.py          # run all pages, and write the pictures that they save anew

Each page is one namespace. What it says and how it is held:

- a block ```` ```python ```` runs; a block ```` ```text ```` right below it is its output. Programs
  for other packages stand in blocks ```` ```py ````, which do not run;
- a table with the columns *expression* and *result*: the one evaluates to the other, or raises it;
- a table with the columns *function*, *at*, *value* and *derivative*: autograd answers so there;
- a file .svg that a block saves is the one of that name in ``images``.

Start reading at `parts`. The tests run the same.
"""

from __future__ import annotations

import ast
import contextlib
import io
import math
import os
import re
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent
IMAGES = FOLDER / "images"

_BLOCK = re.compile(r"```(\w*)[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_TABLE = re.compile(r"(?:^\|[^\n]*\n)+", re.MULTILINE)


class Part(NamedTuple):
    """Something on a page that is held: a block, or the row of a table.

    Attributes
    ----------
    kind : {"block", "expression", "function"}
    line : int
        Where it stands.
    source : str
        What runs.
    expected : tuple of str
        What has to come of it; empty if nothing is said.
    """

    kind: str
    line: int
    source: str
    expected: tuple[str, ...]


def pages() -> list[Path]:
    """Return all pages."""
    return sorted(FOLDER.rglob("*.md"))


def parts(text: str) -> list[Part]:
    """Take the text of a page apart."""
    found: list[Part] = []
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if match[1] == "python":
            output = _BLOCK.match(text, match.end() + len("\n\n"))
            said = (output[2],) if output and output[1] == "text" else ()
            found.append(Part("block", line, match[2], said))
    # What looks like a table in a block is none.
    prose = _BLOCK.sub(lambda block: "\n" * block[0].count("\n"), text)
    for match in _TABLE.finditer(prose):
        line = prose.count("\n", 0, match.start()) + 1
        found.extend(_rows(match[0], line))
    return sorted(found, key=lambda part: part.line)


def _rows(table: str, line: int) -> Iterator[Part]:
    rows = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in table.splitlines()]
    kind = rows[0][0]
    if rows[0][:2] not in (["expression", "result"], ["function", "at"]):
        return
    for number, cells in enumerate(rows[2:], start=2):
        source, *expected = (cell.strip("`") for cell in cells)
        yield Part(kind, line + number, source, tuple(expected))


def run(part: Part, namespace: dict[str, Any]) -> tuple[str, ...]:
    """Run a part in the namespace of its page, and return what came of it; warnings are errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return _came_of(part, namespace)


def _came_of(part: Part, namespace: dict[str, Any]) -> tuple[str, ...]:
    if part.kind == "block":
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(part.source, f"<line {part.line}>", "exec"), namespace)  # noqa: S102
        return (re.sub(r" +$", "", printed.getvalue(), flags=re.MULTILINE),)
    if part.kind == "expression":
        try:
            return (repr(eval(part.source, namespace)),)  # noqa: S307
        except Exception as error:  # noqa: BLE001 - which one, the page says
            return (type(error).__name__,)
    return _answered(part.source, part.expected[0])


def _answered(name: str, at: str) -> tuple[str, ...]:
    """Return where a function was asked, its value and its derivatives, as the table says them."""
    import autograd  # noqa: PLC0415 - to take a page apart it is not needed

    point = ast.literal_eval(f"({at},)")
    function = getattr(autograd, name)
    value, slopes = autograd.value_and_grad(function, argnums=tuple(range(len(point))))(*point)
    written = ", ".join(map(_written, slopes))
    return (at, _written(value), written)


def _written(number: float) -> str:
    return f"{number:g}" if math.isfinite(number) else str(number)


def write_pictures() -> None:
    """Run all pages, and put the pictures that they save into ``images``."""
    here = Path.cwd()
    for page in pages():
        namespace: dict[str, Any] = {}
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                for part in parts(page.read_text(encoding="utf-8")):
                    run(part, namespace)
            finally:
                os.chdir(here)
            for picture in Path(folder).glob("*.svg"):
                (IMAGES / picture.name).write_bytes(picture.read_bytes())
                print(f"{page.relative_to(FOLDER)}: {picture.name}")  # noqa: T201


if __name__ == "__main__":
    write_pictures()
