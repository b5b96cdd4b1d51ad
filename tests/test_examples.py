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


# Script, arguments, and what has to stand in its output, line by line and in this order.
PRINTS = [
    (
        "drawings.py",
        ("--pages",),
        [r"^squares\.svg: 9 nodes", r"^expression\.svg: 35 nodes", r"^residual\.html: 21 nodes"],
    ),
    (
        "minimize.py",
        (),
        [r" 0 \| f  87\.085537 ", r"^ 20000 \| f  -9\.756812 \|", r"us an iteration$"],
    ),
    ("minimize.py", ("--iterations", 10, "--lr", 0.01, "--quiet"), [r"\A    10 \| f "]),
    (
        "expressions.py",
        (),
        [
            r"^g = 24\.7041, dg/da = 222\.1341, dg/db = 978\.7784$",
            r"^sigmoid\(0\.5\) = 0\.622459331202, its slope 0\.235003712202$",
            r"0\.622459331202, far out 0\.0$",
            r"^y doubled ten times: 3072\.0, slope 1024\.0$",
        ],
    ),
    (
        "neurons.py",
        (),
        [
            r"^Neuron\(N_in=10\): 11 parameters, the last is Value\(0\.0, grad=0\.0\)$",
            r"^Layer\(N_in=3, N_out=10\): 40 parameters, 10 outputs$",
            r"^Net\(\[3, 100, 200, 2\]\): \['Layer\(N_in=3, N_out=100\)', ",
            r"^21002 parameters$",
            r"^derivatives by the inputs:( -?\d\.\d{6}){3}$",
            r"after a step of 0\.1: .* less$",
        ],
    ),
    (
        "logistic_regression.py",
        (),
        [
            r"^loss 0\.430446744029496$",
            r"^w\.grad -3\.4978145143 -0\.1399125806 -1\.2242350800$",
            r"^b\.grad -0\.3497814514$",
            r"^200 steps: loss 0\.4273\d\d, 80\.0% right$",
            # what SciPy's BFGS finds with the same data
            r"^w 1\.004 -1\.971 0\.535 b 0\.247$",
        ],
    ),
    (
        "matmul_log_sum.py",
        ("--seed", 3),
        [r"^e = -?\d+\.\d{8}$", r"^c\.grad is 1 / c: True$", r"^a\.grad is c\.grad @ b\.T: True$"],
    ),
    (
        "linear_regression.py",
        (),
        [
            r"^    0 \| loss 13134$",  # the mean of (2x)**2
            # what the same descent on plain floats finds
            r"^descended to slope 1\.999788, offset 0\.0140816$",
            r"^exactly      slope 2\.000000, offset -?\d\.\d+e-1\d$",
            r"^R\^2 0\.99999998\d and 1\.000000000$",
        ],
    ),
    (
        "linear_regression.py",
        ("--data", "float", "--epochs", 200),
        [
            r"^descended to (slope \d\.\d+, offset -1\.04\d+)\nexactly      \1$",
            r"^R\^2 (0\.96\d+) and \1$",
        ],
    ),
    (
        "linear_layer.py",
        ("--epochs", 4000),
        [r"^4000 epochs in ", r"^weight (\d\.\d+), least squares \1$"],
    ),
    ("sine.py", ("--steps", 500), [r"^  500 \| 0\.0\d\d from the sine"]),
    (
        "digits.py",
        ("--pictures", 600, "--epochs", 5),
        [
            r"^Sequential: 50,890 parameters$",
            r"^    5 .* 0\.9\d+ ",
            r"^accuracy (9\d\.\d|100\.0)% on 150 pictures never seen$",
            r"^perhaps \d \(\d+%\), \d \(\d+%\), \d \(\d+%\)\nand it is \d$",
        ],
    ),
    ("arrays.py", (), [r"^amplitude \|   [12]\.\d+ \+- 0\.\d+ \| true  2\.0000$"]),
]
# Those with tests of their own, below; and how many lines each may have.
SIZES = {
    "arrays.py": 90,
    "drawings.py": 150,
    "gpt.py": 150,
    "moons.py": 140,
    "scalar_gpt.py": 200,
}


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    PRINTS,
    ids=[" ".join(map(str, (name, *arguments))) for name, arguments, _ in PRINTS],
)
def test_what_it_prints(tmp_path, name, arguments, expected):
    out, _ = run(name, *arguments, cwd=tmp_path)
    place = 0
    for pattern in expected:
        found = re.compile(pattern, re.MULTILINE).search(out, place)
        assert found, f"{pattern} is not in {out[place:]}"
        place = found.end()


def test_every_example_is_tested_and_is_short():
    examples = {path.name: path for path in EXAMPLES.glob("*.py")}
    assert {*examples} == {*SIZES, *(name for name, _, _ in PRINTS)}
    for name, path in examples.items():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines < SIZES.get(name, 80), name


@pytest.fixture
def load(monkeypatch):
    """Return a function that imports an example, or what the benches compare with."""
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    monkeypatch.syspath_prepend(str(EXAMPLES))  # first: both have a gpt.py
    return importlib.import_module


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


def letters_and_documents(names):
    letters = "".join(sorted(set("".join(names))))
    return letters, [[len(letters), *map(letters.index, name), len(letters)] for name in names]


def test_scalar_gpt_losses_agree_on_every_engine_with_every_adam(load):
    from autograd import Value, optim

    example, pure = load("scalar_gpt"), load("pure_value")
    letters, documents = letters_and_documents(example.NAMES.split())
    assert len(letters) == 26

    def losses(engine, adam):
        parameters = example.make_parameters(engine, 27, example.random.Random(1))
        return list(example.train(parameters, documents, 12, adam))

    reference = losses(pure.Value, example.Adam)
    assert len(reference) == 12
    assert sum(reference[-4:]) < sum(reference[:4])
    assert losses(Value, example.Adam) == pytest.approx(reference, rel=1e-12)
    assert losses(Value, optim.Adam) == pytest.approx(reference, rel=1e-12)


def test_gpt_on_arrays_has_the_losses_of_that_on_scalars(load):
    from autograd import Value, optim

    scalar, arrays = load("scalar_gpt"), load("gpt")
    letters, documents = letters_and_documents([*scalar.NAMES.split()[:20], "x" * 30])
    tokens, steps = len(letters) + 1, 24
    parameters = scalar.make_parameters(Value, tokens, scalar.random.Random(2))
    one_by_one = list(scalar.train(parameters, documents, steps, optim.Adam))
    at_once = list(arrays.train(arrays.GPT(tokens, arrays.random.Random(2)), documents, steps))
    assert len(at_once) == steps
    assert at_once == pytest.approx(one_by_one, rel=1e-9)


def test_gpt_sees_nothing_of_what_follows(load):
    import numpy as np

    example = load("gpt")
    model = example.GPT(5, example.random.Random(0))
    whole = model([4, 0, 1, 2, 3]).data
    np.testing.assert_allclose(model([4, 0, 1]).data, whole[:3], rtol=1e-13)
    assert not np.allclose(model([4, 0, 2]).data[2], whole[2])


def test_both_gpts_print_the_same(tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("ada\nbob\ncarol\ndan\nabracadabracadabra\n")
    arguments = ("--names", names, "--steps", 30, "--samples", 5, "--seed", 4)
    printed = [run(name, *arguments, cwd=tmp_path)[0] for name in ("gpt.py", "scalar_gpt.py")]
    ours, theirs = (re.findall(r"^(?:step|sample).*", text, re.MULTILINE) for text in printed)
    assert len(ours) == 35
    assert ours == theirs


def test_gpt_has_names_of_its_own(tmp_path):
    out, _ = run("gpt.py", "--steps", 300, "--samples", 3, cwd=tmp_path)
    assert re.match(r"\d+ names, 27 tokens, 4192 parameters\n", out)
    losses = [float(loss) for loss in re.findall(r"loss ([\d.]+)$", out, re.MULTILINE)]
    assert len(losses) == 300
    assert sum(losses[-50:]) / 50 < 2.5 < losses[0]
    assert len(re.findall(r"^sample  [123]: [a-z]*$", out, re.MULTILINE)) == 3


def test_sine_draws_a_picture(tmp_path):
    pytest.importorskip("matplotlib")
    out, _ = run("sine.py", "--steps", 2, "--out", "sine.png", cwd=tmp_path)
    assert out.endswith("wrote sine.png\n")
    assert (tmp_path / "sine.png").read_bytes().startswith(b"\x89PNG")
