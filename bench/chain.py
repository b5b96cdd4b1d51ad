"""Chain: the longest dependent chain that builds, differentiates and is freed.

It runs in a process of its own, `python -m bench.chain LENGTH`, so that the peak of resident
memory is the chain's and a broken stack costs nobody else.
"""

import json
import resource
import subprocess
import sys
from time import perf_counter

from bench.figure import Contest, Figure, Goal
from bench.rounds import ROOT


def run(length: int) -> dict[str, float]:
    """Build x + 1 and x * 1 in turns, `length` nodes deep; return seconds and memory."""
    import autograd

    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    x = autograd.Value(0.5)
    started = perf_counter()
    y = x
    for _ in range(length // 2):
        y = (y + 1.0) * 1.0
    built = perf_counter()
    nodes = autograd.memory().nodes
    value = y.data
    y.backward()
    swept = perf_counter()
    del y
    freed = perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "nodes": nodes,
        "left": autograd.memory().nodes,
        "value": value,
        "grad": x.grad,
        "build": built - started,
        "backward": swept - built,
        "free": freed - swept,
        "peak_mib": peak / 1024,
        "grown_mib": (peak - resident) / 1024,
    }


def prepare(quick: bool) -> Contest:
    """Length of the chain, once its value, gradient and end are what they must be."""
    length = 100_000 if quick else 10_000_000
    told: dict[str, float] = {}

    def sample() -> float:
        command = [sys.executable, "-m", "bench.chain", str(length)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        told.update(json.loads(done.stdout))
        assert told["nodes"] == length
        assert told["left"] == 0
        assert told["grad"] == 1.0
        assert told["value"] == 0.5 + length / 2
        return told["nodes"]

    def note() -> str:
        phases = ", ".join(
            f"{phase} {told[phase]:.2f} s" for phase in ("build", "backward", "free")
        )
        return f"{phases}, peak RSS {told['peak_mib']:.0f} MiB"

    return Contest(ours=sample, agree=lambda: None, note=note)


FIGURES = (
    Figure(
        "chain",
        "longest chain",
        "nodes",
        prepare,
        goal=Goal("value", ">=", 1e7),
        rounds=1,
        warm=False,
    ),
)

if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]))))
