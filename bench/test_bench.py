"""The benches with the clock off: every figure runs and agrees with its reference."""

import gc
from pathlib import Path

import pytest

pytest.importorskip("micrograd")

from bench import fresh, table
from bench.__main__ import FIGURES, GROUPS, chosen
from bench.figure import Contest, Figure, Goal, assert_arrays_close, assert_close
from bench.rounds import Samples, measure_here


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_figure(figure: Figure) -> None:
    for package in figure.missing():
        pytest.skip(f"{package} is not installed")
    contest = figure.prepare(True)
    contest.agree()
    assert isinstance(contest.ours(), float | int)
    assert (contest.reference is None) == (not figure.reference)
    if contest.reference is not None:
        contest.reference()
    for side in contest.beside.values():
        side()
    assert isinstance(contest.note(), str)


def test_names_are_unique() -> None:
    assert len({*GROUPS, *(figure.name for figure in FIGURES)}) == len(GROUPS) + len(FIGURES)


def test_groups_and_names_choose_figures() -> None:
    assert chosen(["arrays"]) == list(GROUPS["arrays"])
    assert [figure.name for figure in chosen(["add-16", "add"])] == ["add", "add-16"]
    assert chosen(None) == list(FIGURES)


def test_a_figure_without_its_package_is_skipped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking = Figure("x", "x", "ns", lambda _: pytest.fail("prepared"), needs=("no_such_package",))
    monkeypatch.setattr("bench.__main__.FIGURES", (lacking,))
    monkeypatch.setattr("bench.__main__.GROUPS", {"all": (lacking,)})
    assert chosen(None) == []
    words = " ".join(capsys.readouterr().out.split())
    assert words == "x skipped: no_such_package is not installed"


def test_rounds_are_interleaved_and_the_first_is_dropped() -> None:
    calls: list[str] = []

    def side(name: str, numbers: list[float]):
        left = iter(numbers)

        def sample() -> float:
            calls.append(name)
            assert not gc.isenabled()
            return next(left)

        return sample

    contest = Contest(
        side("a", [9.0, 1.0, 2.0]),
        lambda: calls.append("agree"),
        side("b", [9.0, 4.0, 2.0]),
        beside={"c": side("c", [9.0, 3.0, 5.0])},
    )
    figure = Figure("x", "x", "ns", lambda _: contest, "b", checked=True)
    samples = measure_here(figure, rounds=2)
    assert "".join(calls) == "agreecbaabccba"
    assert samples == Samples([1.0, 2.0], [4.0, 2.0], beside={"c": [3.0, 5.0]})
    told = table.record(figure, samples)
    assert table.row(told)[-1] == "c 4, 2.75x"
    assert samples.reached("ratio") == 0.625
    assert samples.reached("speedup") == 2.5
    assert samples.reached("excess") == -1.5
    assert gc.isenabled()


@pytest.mark.parametrize(
    ("goal", "cells"),
    [
        (Goal("ratio", "<=", 1.6), ("1.20x", "<= 1.6x", "yes")),
        (Goal("ratio", "<=", 1.1), ("1.20x", "<= 1.1x", "NO")),
        (Goal("speedup", ">=", 30), ("0.833x faster", ">= 30x faster", "NO")),
        (Goal("value", "<=", 12), ("1.20x", "<= 12", "yes")),
        (Goal("excess", "<=", 10), ("+2.0 ns", "<= +10 ns", "yes")),
        (None, ("1.20x", "", "")),
    ],
)
def test_table_states_goals(goal: Goal | None, cells: tuple[str, ...]) -> None:
    figure = Figure("x", "an `x`", "ns", lambda _: pytest.fail("not prepared"), "floats", goal)
    told = table.record(figure, Samples([12.0], [10.0], "a note"))
    assert table.row(told) == ("an `x`", "ns", "12", "10 (floats)", *cells, "a note")
    heading, ruler, line = table.render([told], markdown=True).splitlines()
    assert heading.count("|") == ruler.count("|") == line.count("|") == len(table.HEADINGS) + 1


def test_fresh_modules_share_no_code(tmp_path: Path) -> None:
    source = tmp_path / "source.py"
    source.write_text("def double(x):\n    return x + x\n")
    first, second = fresh.load(source), fresh.load(source, ("x + x", "2 * x"))
    assert first.double(3) == second.double(3) == 6
    assert first.double.__code__ is not second.double.__code__
    copied = fresh.copy(first.double)
    assert copied(3) == 6
    assert copied.__code__ is not first.double.__code__
    with pytest.raises(ValueError, match=r"'x' occurs 3 times in source.py"):
        fresh.load(source, ("x", "y"))


def test_close_is_relative_to_the_largest() -> None:
    assert_close([1e6, 1e-9], [1e6, 0.0])
    with pytest.raises(AssertionError, match="number 1"):
        assert_close([1.0, 2.0], [1.0, 2.1])
    with pytest.raises(AssertionError, match="2 numbers against 1"):
        assert_close([1.0, 2.0], [1.0])


def test_arrays_are_close_in_shape_and_size() -> None:
    assert_arrays_close([[1e6, 1e-9]], [[1e6, 0.0]])
    with pytest.raises(AssertionError, match=r"0\.1 apart"):
        assert_arrays_close([1.0, 2.0], [1.0, 2.1])
    with pytest.raises(AssertionError, match=r"shape \(2,\) against \(2, 1\)"):
        assert_arrays_close([1.0, 2.0], [[1.0], [2.0]])
