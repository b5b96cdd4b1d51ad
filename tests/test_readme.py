"""The README: its Python runs, and says what it says."""

import pathlib
import re
import struct

import pytest

README = pathlib.Path(__file__).parents[1] / "README.md"


def blocks() -> list[str]:
    text = README.read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def test_there_are_blocks():
    assert len(blocks()) >= 2


@pytest.mark.parametrize("block", blocks())
def test_block_runs(block, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if "checkpoint" in block:
        pytest.importorskip("safetensors")
    exec(block, {})
    for line in capsys.readouterr().out.splitlines():
        assert "nan" not in line


def test_picture_is_there():
    (path,) = re.findall(r"!\[.*?\]\((.*?)\)", README.read_text(encoding="utf-8"))
    picture = (README.parent / path).read_bytes()
    width, height = struct.unpack(">II", picture[16:24])  # of a PNG's header
    assert picture[1:4] == b"PNG"
    assert width > height > 400
