"""Rounds: ours and the reference in turns, so that a slow moment of the machine meets both.

`measure_here` takes the samples of one figure in this process; `measure` does it in fresh
processes, one after the other, and pools them. Everything reported is a median.
"""

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.figure import Figure

ROOT = Path(__file__).resolve().parents[1]

# One thread for everybody who would take more; and idle threads of OpenBLAS spin after the import.
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass
class Samples:
    """Paired samples of one figure: entry k of both lists was taken in round k."""

    ours: list[float] = field(default_factory=list)
    reference: list[float] = field(default_factory=list)
    note: str = ""
    beside: dict[str, list[float]] = field(default_factory=dict)

    def extend(self, other: "Samples") -> None:
        """Append the rounds of another process."""
        self.ours += other.ours
        self.reference += other.reference
        self.note = other.note
        for name, taken in other.beside.items():
            self.beside.setdefault(name, []).extend(taken)

    def reached(self, measure: str) -> float:
        """Return the median over rounds of the quantity a goal is stated in."""
        if measure == "value" or not self.reference:
            return median(self.ours)
        pairs = zip(self.ours, self.reference, strict=True)
        if measure == "ratio":
            return median(a / b for a, b in pairs)
        if measure == "speedup":
            return median(b / a for a, b in pairs)
        return median(a - b for a, b in pairs)


def measure_here(figure: Figure, rounds: int) -> Samples:
    """Take `rounds` paired samples after one round that is thrown away (if the figure is `warm`).

    The sides swap places from round to round. Garbage is collected before each sample, so
    that neither side pays for the cycles the other left, unless the figure is about a
    program that never collects.
    """
    contest = figure.prepare(False)
    if figure.checked:
        contest.agree()
    samples = Samples(beside={name: [] for name in contest.beside})

    def sample(take: Callable[[], float], into: list[float], keep: bool) -> None:
        if figure.collects:
            gc.collect()
        if figure.collector:
            gc.enable()
        taken = take()
        gc.disable()
        if keep:
            into.append(taken)

    was_enabled = gc.isenabled()
    gc.disable()
    try:
        for number in range(0 if figure.warm else 1, rounds + 1):
            sides = [(contest.ours, samples.ours)]
            if contest.reference is not None:
                sides.append((contest.reference, samples.reference))
            sides += [(take, samples.beside[name]) for name, take in contest.beside.items()]
            for take, into in sides if number % 2 else reversed(sides):
                sample(take, into, number > 0)
    finally:
        if was_enabled:
            gc.enable()
    samples.note = contest.note()
    return samples


def measure(figure: Figure, rounds: int | None = None) -> Samples:
    """Measure a figure in one fresh process."""
    command = [sys.executable, "-m", "bench", "--child", figure.name]
    if rounds is not None:
        command += ["--rounds", str(rounds)]
    environment = {**os.environ, **ONE_THREAD, **figure.environment}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"[bench] figure {figure.name} failed:\n{done.stderr}")
    return Samples(**json.loads(done.stdout.splitlines()[-1]))
