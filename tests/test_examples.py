"""The examples run as a reader would run them, and print what they promise."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"


def run(name, *arguments, cwd, path=(), expect=0):
    """Run an example in a process of its own; return what it printed."""
    search = [*map(str, path), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(search)}
    done = subprocess.run(
        [sys.executable, "-W", "error", EXAMPLES / name, *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == expect, done.stderr
    return done.stdout, done.stderr


@pytest.fixture
def scalar_gpt(monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLES))
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    return importlib.import_module("scalar_gpt")


def test_moons_reaches_every_point_and_writes_a_picture(tmp_path):
    pytest.importorskip("matplotlib")
    pytest.importorskip("tqdm")
    out, bar = run("moons.py", cwd=tmp_path)
    assert "100 points, 337 parameters" in out
    assert re.search(r"100 steps in [\d.]+ s: loss 0\.0\d+, accuracy 100\.0%", out)
    assert "100/100" in bar
    assert (tmp_path / "moons.png").read_bytes().startswith(b"\x89PNG")


def test_moons_options(tmp_path):
    pytest.importorskip("matplotlib")
    pytest.importorskip("tqdm")
    picture = tmp_path / "other.png"
    arguments = ("--steps", 2, "--seed", 3, "--out", picture, "--quiet")
    out, bar = run("moons.py", *arguments, cwd=tmp_path)
    assert "2 steps in" in out
    assert bar == ""
    assert picture.stat().st_size > 10_000
    again, _ = run("moons.py", *arguments, cwd=tmp_path)
    assert re.search("loss .*", out).group() == re.search("loss .*", again).group()
    _, error = run("moons.py", "--steps", 0, cwd=tmp_path, expect=2)
    assert "--steps 0 was given - at least 1 is needed" in error


@pytest.mark.parametrize("missing", ["matplotlib", "tqdm"])
def test_moons_names_the_extra_that_is_missing(tmp_path, missing):
    (tmp_path / f"{missing}.py").write_text(f"raise ImportError('none', name={missing!r})")
    out, error = run("moons.py", cwd=tmp_path, path=[tmp_path], expect=1)
    assert out == ""
    assert f"'{missing}' is missing" in error
    assert 'pip install ".[examples]"' in error
    assert "Traceback" not in error


def test_minimize(tmp_path):
    out, _ = run("minimize.py", cwd=tmp_path)
    first, *_, last, _ = out.splitlines()
    assert len(out.splitlines()) == 12
    assert "f  87.085537" in first
    # the value of the same loop on plain floats, in which the gradients are written out
    assert last.startswith(" 20000 | f  -9.756812 |")


def test_minimize_options(tmp_path):
    out, _ = run("minimize.py", "--iterations", 10, "--lr", 0.01, "--quiet", cwd=tmp_path)
    assert len(out.splitlines()) == 2
    assert out.startswith("    10 | f ")


def test_scalar_gpt_prints_a_loss_a_step_and_samples(tmp_path):
    out, _ = run("scalar_gpt.py", "--steps", 3, "--samples", 2, cwd=tmp_path)
    lines = out.splitlines()
    assert "27 tokens, 4192 parameters, engine autograd:Value" in lines[0]
    assert [line[:12] for line in lines[1:4]] == [f"step    {step} / 3"[:12] for step in (1, 2, 3)]
    assert all(re.search(r"loss \d\.\d{6}$", line) for line in lines[1:4])
    assert [line[:10] for line in lines[5:]] == ["sample  1:", "sample  2:"]


def test_scalar_gpt_runs_on_another_engine_and_prints_the_same(tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("ada\nbob\ncarol\ndan\n")
    arguments = ("--names", names, "--steps", 4, "--samples", 3, "--seed", 5)
    ours, _ = run("scalar_gpt.py", *arguments, cwd=tmp_path)
    theirs, _ = run(
        "scalar_gpt.py",
        *arguments,
        "--engine",
        "pure_value:Value",
        cwd=tmp_path,
        path=[ROOT / "bench"],
    )

    def essence(text):
        return [line for line in text.splitlines() if line.startswith(("step", "sample"))]

    assert len(essence(ours)) == 7
    assert essence(ours) == essence(theirs)


def test_scalar_gpt_losses_agree_to_twelve_digits(scalar_gpt):
    from autograd import Value

    reference = importlib.import_module("pure_value").Value
    letters = "".join(sorted(set(scalar_gpt.NAMES) - {"\n", " "}))
    assert len(letters) == 26
    documents = [[26, *map(letters.index, name), 26] for name in scalar_gpt.NAMES.split()]
    losses = []
    for engine in (Value, reference):
        generator = scalar_gpt.random.Random(1)
        parameters = scalar_gpt.make_parameters(engine, 27, generator)
        losses.append(list(scalar_gpt.train(parameters, documents, 12)))
    assert len(losses[0]) == 12
    assert losses[0] == pytest.approx(losses[1], rel=1e-12)
    assert losses[0][-1] < losses[0][0]


def test_scalar_gpt_has_the_size_it_says():
    assert len((EXAMPLES / "scalar_gpt.py").read_text(encoding="utf-8").splitlines()) < 200
