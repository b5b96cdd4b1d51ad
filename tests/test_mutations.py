"""The tool that changes derivatives on purpose reads all of them, and changes them as it says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import autograd

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "src" / "cpp" / "core"

if not (ROOT / "tools" / "mutation").is_dir() or not CORE.is_dir():
    pytest.skip("needs a checkout", allow_module_level=True)


@pytest.fixture(scope="module", autouse=True)
def tools():
    sys.path.insert(0, str(ROOT / "tools"))
    yield
    sys.path.remove(str(ROOT / "tools"))


def table():
    from mutation.table import partials_in

    return partials_in((CORE / "operations.hpp").read_text(encoding="utf-8"))


def test_each_derivative_of_the_table_is_read():
    found = [(partial.operation, partial.argument) for partial in table()]
    assert found == [(entry.name, i) for entry in autograd.OPERATIONS for i in range(entry.arity)]


@pytest.mark.parametrize(
    ("formula", "variables", "mutants"),
    [
        ("x", "xy", ["-x", "2.0 * x", "0.0", "1.0", "y"]),
        (
            "1.0 - y",
            "y",
            [
                *("-(1.0 - y)", "2.0 * (1.0 - y)", "0.0", "1.0"),
                *("1.0 + y", "1.0", "y", "y - 1.0"),
                *("2.0 - y", "0.5 - y", "-1.0 - y"),
            ],
        ),
        (
            'call<"sin">(x)',
            "x",
            ['-call<"sin">(x)', '2.0 * call<"sin">(x)', "0.0", "1.0", "x", 'call<"cos">(x)'],
        ),
        (
            "when(x > 0.0, y)",
            "xy",
            [
                *("when(true, y)", "when(false, y)", "when(x == 0.0, y)", "when(x != 0.0, y)"),
                *("when(x < 0.0, y)", "when(x <= 0.0, y)", "when(x >= 0.0, y)"),
                *("when(y > 0.0, y)", "when(x > 1.0, y)"),
                *(f"when(x > 0.0, {other})" for other in ("-y", "2.0 * y", "0.0", "1.0", "x")),
                "y",
            ],
        ),
        ("0.0", "", ["0.0", "1.0", "1.0"]),
    ],
    ids=["a name", "a difference", "a call", "a choice", "nothing"],
)
def test_each_change_is_made(formula, variables, mutants):
    from mutation.expression import mutants_of, read

    assert [str(other) for other in mutants_of(read(formula), variables)] == mutants


@pytest.mark.parametrize(
    "formula",
    [
        "a - (b - c)",
        "a - b - c",
        "-(a * b)",
        "-a * b",
        "(a + b) * c",
        "(x >= low) & (x <= high)",
        '1.0 / call<"sqrt">((1.0 - x) * (1.0 + x))',
    ],
)
def test_what_is_written_is_what_was_read(formula):
    from mutation.expression import read

    assert str(read(formula)) == formula


@pytest.mark.parametrize("formula", ["std::sin(x)", "x ? y : z", "x +", "(x", "x y", "x[0]", ""])
def test_what_is_not_known_is_an_error(formula):
    from mutation.expression import UnknownSyntaxError, read

    with pytest.raises(UnknownSyntaxError, match="is needed"):
        read(formula)


def test_each_change_of_a_rule_finds_its_place():
    from mutation.rules import CHANGES, EQUAL, NotFoundError, changed_source

    source = (CORE / "structural_rules.cpp").read_text(encoding="utf-8")
    changed, names = changed_source(source)
    assert changed.count("chosen ==") == len(CHANGES) + 3  # those, and the three of every result
    assert len(names) > len(CHANGES)
    assert set(names) >= EQUAL
    with pytest.raises(NotFoundError, match="Write the change anew"):
        changed_source(source.replace(CHANGES[0].place, ""))
