"""Table: the figures as aligned text or as Markdown."""

from collections.abc import Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from bench.figure import Figure
from bench.rounds import Samples

HEADINGS = ("figure", "unit", "ours", "reference", "ratio", "goal", "met?", "note")
NUMERIC = (2, 3, 4)


def number(value: float) -> str:
    """Return three significant digits, or every digit before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def record(figure: Figure, samples: Samples) -> dict[str, Any]:
    """Return all that is known about a measured figure, ready for JSON."""
    goal = figure.goal
    reached = samples.reached(goal.measure) if goal else None
    return {
        "name": figure.name,
        "title": figure.title,
        "unit": figure.unit,
        "ours": median(samples.ours),
        "reference": median(samples.reference) if samples.reference else None,
        "against": figure.reference,
        "ratio": samples.reached("ratio") if samples.reference else None,
        "speedup": samples.reached("speedup") if samples.reference else None,
        "goal": asdict(goal) if goal else None,
        "reached": reached,
        "met": goal.is_met(reached) if goal and reached is not None else None,
        "beside": {
            name: {
                "median": median(taken),
                "speedup": median(b / a for a, b in zip(samples.ours, taken, strict=True)),
            }
            for name, taken in samples.beside.items()
        },
        "note": samples.note,
        "samples": {
            "ours": samples.ours,
            "reference": samples.reference,
            "beside": samples.beside,
        },
    }


def beside(side: tuple[str, dict[str, float]]) -> str:
    """Return what a side without a goal took, and how much faster ours is."""
    name, told = side
    return f"{name} {number(told['median'])}, {number(told['speedup'])}x"


def row(told: dict[str, Any]) -> tuple[str, ...]:
    """Return the cells of one record. The ratio stands in the direction of its goal."""
    goal = told["goal"]
    measure = goal["measure"] if goal else "ratio"
    compared = told["reference"] is not None
    ratio = ""
    if compared and measure == "speedup":
        ratio = f"{number(told['speedup'])}x faster"
    elif compared and measure == "excess":
        ratio = f"{told['reached']:+.1f} {told['unit']}"
    elif compared:
        ratio = f"{told['ratio']:.2f}x"
    aim = ""
    if goal:
        limit = {
            "ratio": f"{goal['limit']:g}x",
            "speedup": f"{goal['limit']:g}x faster",
            "value": number(goal["limit"]),
            "excess": f"{goal['limit']:+g} {told['unit']}",
        }[measure]
        aim = f"{goal['relation']} {limit}"
    return (
        told["title"],
        told["unit"],
        number(told["ours"]),
        f"{number(told['reference'])} ({told['against']})" if compared else "",
        ratio,
        aim,
        {True: "yes", False: "NO", None: ""}[told["met"]],
        "; ".join(filter(None, [*map(beside, told["beside"].items()), told["note"]])),
    )


def render(records: Sequence[dict[str, Any]], markdown: bool = False) -> str:
    """Return the table of `records`."""
    rows = [HEADINGS, *(row(told) for told in records)]
    widths = [max(len(cells[column]) for cells in rows) for column in range(len(HEADINGS))]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.rjust(width) if column in NUMERIC else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |" if markdown else "  ".join(padded).rstrip()

    ruler = [
        "-" * (width - 1) + ":" if markdown and column in NUMERIC else "-" * width
        for column, width in enumerate(widths)
    ]
    return "\n".join([line(rows[0]), line(ruler), *(line(cells) for cells in rows[1:])])
