"""Graphs as text: the tree, its width, its characters."""

from __future__ import annotations

import io

import numpy as np
import pytest

from autograd import Value
from autograd.draw import captions, print_graph, to_text


def shared() -> Value:
    x = Value(3.0, label="x")
    part = x * 2.0
    result = (part - x).exp() / part
    result.label = "y"
    result.backward(retain_grad=True)
    return result


TREE = """\
÷ y 3.34759  grad 1
├─ exp 20.0855  grad 0.166667
│  └─ − 3  grad 3.34759
│     ├─ [#1] × 6  grad 2.78966
│     │  ├─ x 3  grad 2.23173
│     │  └─ 2
│     └─ x 3  grad 2.23173
└─ [#1]"""  # noqa: RUF001 - signs as they are written


def test_tree():
    assert to_text(shared()) == TREE


def test_ascii():
    text = to_text(shared(), ascii=True, show_grad=False)
    assert text.splitlines() == [
        "/ y 3.34759",
        "|- exp 20.0855",
        "|  `- - 3",
        "|     |- [#1] * 6",
        "|     |  |- x 3",
        "|     |  `- 2",
        "|     `- x 3",
        "`- [#1]",
    ]
    theta = Value(np.arange(12.0).reshape(3, 4), label="θ🙂")
    text = to_text(theta, ascii=True)
    assert text == r"\u03b8\U0001f642 0 .. 11  shape (3, 4)  grad all 0"


def test_several_results_and_unlabelled_leaves():
    x = Value(1.0)
    y = x + 1.0
    assert to_text([y, x * y], show_grad=False).splitlines() == [
        "[#1] + 2",
        "├─ [#2] 1",
        "└─ 1",
        "× 2",  # noqa: RUF001
        "├─ [#2]",
        "└─ [#1]",
    ]


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("width", [20, 33, 80])
def test_no_line_is_wider(width, ascii_only):
    x = Value(1.0, label="損失 of a very long name, too long for most lines")
    for place in range(200):
        x = x.tanh() if place % 3 else x * x
    text = to_text(x, width=width, ascii=ascii_only)
    assert len(text.splitlines()) == 1 + 200 + 67
    assert max(map(captions.cells, text.splitlines())) <= width
    assert text.isascii() == ascii_only


def test_doubling_is_linear():
    y = Value(1.0, label="y")
    for _ in range(30):
        y = y + y
    assert len(to_text(y).splitlines()) == 61


def test_long_chains_are_linear():
    x = Value(1.0)
    for _ in range(15_000):
        x = x + 1.0
    text = to_text(x)
    assert text.count("\n") == 30_000
    assert len(text) < 30_001 * 60


def test_folding():
    text = to_text(shared(), max_depth=1, show_grad=False)
    assert text.splitlines() == [
        "÷ y 3.34759",
        "├─ exp 20.0855  1 folded",
        "└─ × 6  1 folded",  # noqa: RUF001
        "   └─ 2",
    ]


def test_print_graph(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "24")
    print_graph(shared(), ascii=False)
    printed = capsys.readouterr().out
    assert printed.endswith("└─ [#1]\n")
    assert max(map(len, printed.splitlines())) <= 24
    for encoding, ascii_only in (("ascii", True), ("utf-8", False), ("latin-1", True)):
        out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        print_graph(shared(), file=out)
        out.flush()
        assert out.buffer.getvalue().decode(encoding).isascii() == ascii_only
    out = io.StringIO()
    print_graph(shared(), file=out, width=100)
    assert out.getvalue() == TREE + "\n"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: to_text(1.0), TypeError, r"\[to_text\] float was given"),
        (lambda: to_text(Value(1.0), width=10), ValueError, r"width = 10 .* at least 20"),
        (lambda: to_text(Value(1.0), width="wide"), TypeError, r"width = 'wide' .* whole number"),
        (lambda: to_text(shared(), max_nodes=3), ValueError, r"\[to_text\] .* max_nodes=3"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_the_method_is_the_function():
    y = Value(2.0, label="x") ** 2
    assert y.to_text() == to_text(y)
    assert y.to_text(ascii=True, show_grad=False) == to_text(y, ascii=True, show_grad=False)
