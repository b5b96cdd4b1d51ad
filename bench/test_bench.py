"""The benches with the clock off: every figure runs and agrees with its reference."""

import gc
from pathlib import Path

import pytest

pytest.importorskip("micrograd")

from bench import fresh, table
from bench.figure import Contest, Figure, Goal, assert_close
from bench.rounds import Samples, measure_here
from bench.scalars import FIGURES


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_figure(figure: Figure) -> None:
    contest = figure.prepare(True)
    contest.agree()
    assert isinstance(contest.ours(), float | int)
    assert (contest.reference is None) == (not figure.reference)
    if contest.reference is not None:
        contest.reference()
    assert isinstance(contest.note(), str)


def test_names_are_unique() -> None:
    assert len({figure.name for figure in FIGURES}) == len(FIGURES)


def test_rounds_are_interleaved_and_the_first_is_dropped() -> None:
    calls: list[str] = []

    def side(name: str, numbers: list[float]):
        left = iter(numbers)

        def sample() -> float:
            calls.append(name)
            assert not gc.isenabled()
            return next(left)

        return sample

    contest = Contest(side("a", [9.0, 1.0, 2.0]), lambda: None, side("b", [9.0, 4.0, 2.0]))
    samples = measure_here(Figure("x", "x", "ns", lambda _: contest, "b"), rounds=2)
    assert calls == ["b", "a", "a", "b", "b", "a"]
    assert samples == Samples([1.0, 2.0], [4.0, 2.0])
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
    with pytest.raises(ValueError, match=r"'x' occurs 3 times in source.py"):
        fresh.load(source, ("x", "y"))


def test_close_is_relative_to_the_largest() -> None:
    assert_close([1e6, 1e-9], [1e6, 0.0])
    with pytest.raises(AssertionError, match="number 1"):
        assert_close([1.0, 2.0], [1.0, 2.1])
    with pytest.raises(AssertionError, match="2 numbers against 1"):
        assert_close([1.0, 2.0], [1.0])
