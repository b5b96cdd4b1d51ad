"""Peak: by how much resident memory grows in one training step of a deep network on arrays.

Each side runs in a process of its own, `python -m bench.peak SIDE BATCH`: a step of a few samples
first, so that everything is loaded, then one step of the whole batch, whose peak is told.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from bench.figure import Contest, Figure, assert_arrays_close
from bench.rounds import ROOT

SIZES = (784, *[256] * 8, 10)
RATE = 1e-3
MIB = 2.0**20


def problem(batch: int) -> tuple[np.ndarray[Any, Any], list[np.ndarray[Any, Any]]]:
    """Return inputs, and weights and biases in turns."""
    generator = np.random.default_rng(8)
    parameters = []
    for before, after in pairwise(SIZES):
        weights = generator.normal(size=(before, after)) / before**0.5
        parameters += [weights, np.zeros(after)]
    return generator.normal(size=(batch, SIZES[0])), parameters


def loss(x: Any, parameters: list[Any]) -> Any:
    """Return the mean square of the outputs of Values or tensors."""
    for weights, bias in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
        x = (x @ weights + bias).tanh()
    outputs = x @ parameters[-2] + parameters[-1]
    return (outputs * outputs).mean()


def step_of_ours(x: Any, parameters: list[Any]) -> float:
    """Train once."""
    total = loss(x, parameters)
    for parameter in parameters:
        parameter.zero_grad()
    total.backward()
    for parameter in parameters:
        parameter.data -= RATE * parameter.grad
    return total.data  # type: ignore[no-any-return]


def step_of_pytorch(x: Any, parameters: list[Any]) -> float:
    """Train once."""
    import torch

    total = loss(x, parameters)
    for parameter in parameters:
        parameter.grad = None
    total.backward()
    with torch.no_grad():
        for parameter in parameters:
            parameter.sub_(parameter.grad, alpha=RATE)
    return float(total.detach())


def resident() -> tuple[float, float]:
    """Return what is resident and the most that was, in MiB.

    The kernel's status is asked where there is one: what `getrusage` says of a process may be the
    peak of the process that started it.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        unit = MIB if sys.platform == "darwin" else 1024
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
        return most, most
    told = dict(line.split(":", 1) for line in status.read_text().splitlines())
    now, peak = (float(told[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    return now, peak


def forget_peak() -> None:
    """Let the peak start anew from what is resident, where the system can."""
    switch = Path("/proc/self/clear_refs")
    if switch.exists():
        switch.write_text("5")


def growth(step: Callable[[], float]) -> tuple[float, float]:
    """Return by how many MiB the peak of `step` exceeds what was resident, and its result."""
    forget_peak()
    start, _ = resident()
    total = step()
    _, peak = resident()
    return peak - start, total


def run(side: str, batch: int) -> dict[str, Any]:
    """Train once with a few samples, then with all; return growth, loss and a gradient."""
    x, arrays = problem(batch)
    few = x[:4].copy()
    before = after = 0
    slope: np.ndarray[Any, Any]
    if side == "ours":
        from autograd import Value, memory

        given, warm = (Value(each, requires_grad=False) for each in (x, few))
        parameters = [Value(each) for each in arrays]
        step_of_ours(warm, parameters)
        before = memory().bytes
        grown, total = growth(lambda: step_of_ours(given, parameters))
        after = memory().bytes
        slope = parameters[0].grad
    else:
        from bench import pytorch

        theirs, warm_theirs = (pytorch.tensor(each, requires_grad=False) for each in (x, few))
        tensors = [pytorch.tensor(each) for each in arrays]
        step_of_pytorch(warm_theirs, tensors)
        grown, total = growth(lambda: step_of_pytorch(theirs, tensors))
        slope = pytorch.plain(tensors[0].grad)
    return {
        "grown": grown,
        "loss": total,
        "slope": slope[::97, ::31].tolist(),
        "before": before,
        "after": after,
    }


def prepare(quick: bool) -> Contest:
    """MiB of growth."""
    batch = 16 if quick else 1024
    told: dict[str, dict[str, Any]] = {}

    def sample(side: str) -> float:
        command = [sys.executable, "-m", "bench.peak", side, str(batch)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        told[side] = json.loads(done.stdout)
        assert told[side]["before"] == told[side]["after"], "the step left memory behind"
        return float(told[side]["grown"])

    def agree() -> None:
        for side in ("ours", "PyTorch"):
            sample(side)
        assert_arrays_close(told["ours"]["loss"], told["PyTorch"]["loss"])
        assert_arrays_close(told["ours"]["slope"], told["PyTorch"]["slope"])

    return Contest(
        ours=lambda: sample("ours"),
        reference=lambda: sample("PyTorch"),
        agree=agree,
        note=lambda: f"our {told['ours']['after'] / MIB:.1f} MiB after the step are those before",
    )


FIGURES = (
    Figure(
        "peak",
        "growth of memory in a step of 784-8x256-10, batch 1,024",
        "MiB",
        prepare,
        "PyTorch",
        rounds=2,
        warm=False,
        checked=True,
        needs=("torch",),
    ),
)

if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], int(sys.argv[2]))))
