"""The command: ``python -m bench`` measures every figure and prints one table.

Figures are measured one at a time, each in fresh processes; the processes of one figure are
spread over the whole run, so that a busy minute of the machine does not fall on one line.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench import arrays, insight, kit, machine, rounds, scalars, table
from bench.figure import Figure

GROUPS = {
    "scalars": scalars.FIGURES,
    "arrays": arrays.FIGURES,
    "kit": kit.FIGURES,
    "insight": insight.FIGURES,
}
FIGURES = tuple(figure for figures in GROUPS.values() for figure in figures)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the engine.")
    names = [figure.name for figure in FIGURES]
    parser.add_argument(
        "--only",
        metavar="NAME",
        nargs="+",
        choices=[*GROUPS, *names],
        help=f"a group ({', '.join(GROUPS)}) or a figure: {', '.join(names)}",
    )
    parser.add_argument(
        "--quick", action="store_true", help="check every figure in small sizes, clock off"
    )
    parser.add_argument(
        "--processes", type=int, default=3, help="fresh processes a figure (default 3)"
    )
    parser.add_argument("--rounds", type=int, help="rounds a process (default: the figure's own)")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument(
        "--json", metavar="FILE", type=Path, help="write machine, medians and all samples"
    )
    parser.add_argument("--child", metavar="NAME", choices=names, help=argparse.SUPPRESS)
    return parser.parse_args()


def chosen(only: Sequence[str] | None) -> list[Figure]:
    """Return the figures that are asked for, without those that lack a package, and say so."""
    names = {
        figure.name
        for group, figures in GROUPS.items()
        for figure in figures
        if not only or group in only or figure.name in only
    }
    wanted = [figure for figure in FIGURES if figure.name in names]
    for figure in wanted:
        if missing := figure.missing():
            print(f"{figure.name:<28} skipped: {', '.join(missing)} is not installed")
    return [figure for figure in wanted if not figure.missing()]


def check(figures: Sequence[Figure]) -> None:
    """Run each figure once for its results, and say so."""
    for figure in figures:
        contest = figure.prepare(True)
        contest.agree()
        contest.ours()
        if contest.reference is not None:
            contest.reference()
        for side in contest.beside.values():
            side()
        print(f"{figure.name:<28} agrees")


def show(progress: str) -> None:
    """Overwrite the progress line; a log that is no terminal gets none."""
    if sys.stderr.isatty():
        print(f"\r\033[K{progress}", end="", file=sys.stderr, flush=True)


def measure(figures: Sequence[Figure], processes: int, count: int | None) -> list[rounds.Samples]:
    """Return pooled samples of each figure."""
    pooled = [rounds.Samples() for _ in figures]
    for process in range(processes):
        for figure, samples in zip(figures, pooled, strict=True):
            show(f"{process + 1}/{processes} {figure.name}")
            samples.extend(rounds.measure(figure, count))
    show("")
    return pooled


def main() -> None:
    options = arguments()
    if options.child:
        (figure,) = (figure for figure in FIGURES if figure.name == options.child)
        print(json.dumps(asdict(rounds.measure_here(figure, options.rounds or figure.rounds))))
        return
    if options.quick:
        check(chosen(options.only))
        return
    figures = chosen(options.only)
    samples = measure(figures, options.processes, options.rounds)
    records = [table.record(figure, taken) for figure, taken in zip(figures, samples, strict=True)]
    lines = [*machine.describe(), f"command   python -m bench {' '.join(sys.argv[1:])}".rstrip()]
    print("\n".join([*(f"    {line}" if options.markdown else line for line in lines), ""]))
    print(table.render(records, options.markdown))
    if options.json:
        options.json.write_text(json.dumps({"machine": lines, "figures": records}, indent=1) + "\n")


if __name__ == "__main__":
    main()
