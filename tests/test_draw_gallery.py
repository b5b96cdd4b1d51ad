"""The gallery: its pictures are those that the example draws, and all of them are shown."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GALLERY = ROOT / "docs/gallery"
LARGEST = 60_000  # bytes


def without_digits(svg: str) -> str:
    """Return a picture without its tooltips: the last of 17 digits depends on the machine."""
    return re.sub(r"<title>.*?</title>", "", svg, flags=re.DOTALL)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gallery")
    subprocess.run(
        [sys.executable, "-W", "error", "drawings.py", "--out", str(folder), "--pages"],
        cwd=ROOT / "examples",
        env={**os.environ},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder


def test_pictures_are_those_of_the_example(drawn):
    made = {path.name: without_digits(path.read_text("utf-8")) for path in drawn.glob("*.svg")}
    kept = {path.name: without_digits(path.read_text("utf-8")) for path in GALLERY.iterdir()}
    assert sorted(made) == sorted(kept)
    old = [name for name in made if made[name] != kept[name]]
    assert not old, "run `python examples/drawings.py --out docs/gallery`"
    assert all(path.stat().st_size <= LARGEST for path in GALLERY.iterdir())


def test_each_has_a_page(drawn):
    names = {path.stem for path in drawn.glob("*.svg")}
    assert {path.stem for path in drawn.glob("*.html")} == names


def test_all_are_shown():
    shown = re.findall(
        r"!\[[^]]+\]\(gallery/(.*?)\)", (ROOT / "docs/gallery.md").read_text("utf-8")
    )
    assert sorted(shown) == sorted(path.name for path in GALLERY.iterdir())
