"""Instructions: how many one operation executes, counted by valgrind, the same on a busy machine.

    python -m bench.instructions "a + b"                        # a = Value(1.25), b = Value(2.75)
    python -m bench.instructions "(a * 2.5 + b).backward()" --count 2000
    python -m bench.instructions "a + b" --floats               # the same on floats
    python -m bench.instructions "a @ b" --shape 4 4            # a and b are arrays of this shape

The statement runs COUNT and 3 COUNT times under callgrind in two processes; the difference,
over 2 COUNT, is the cost of one turn of the loop, with start-up and imports cancelled. The
functions that account for it are listed, the most expensive first.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from itertools import repeat
from pathlib import Path

from bench.rounds import ONE_THREAD, ROOT

LINE = re.compile(r"^\s*([\d,]+) \([ \d.]+%\)\s+(?:.*?:)?(.+?)(?:'\d+)?(?: \[[^\]]*\])?$")


def execute(statement: str, count: int, floats: bool, shape: Sequence[int]) -> None:
    """Run the loop. This is what callgrind observes."""
    import gc

    import numpy as np

    import autograd

    gc.disable()
    plain = [np.full(shape, number) if shape else number for number in (1.25, 2.75)]
    a, b = plain if floats else map(autograd.Value, plain)
    scope: dict[str, object] = {"a": a, "b": b, "autograd": autograd}
    source = f"def loop(count, a, b):\n    for _ in count:\n        {statement}\n"
    exec(source, scope)
    scope["loop"](repeat(None, count), scope["a"], scope["b"])  # type: ignore[operator]


def profile(statement: str, count: int, floats: bool, shape: Sequence[int]) -> Counter[str]:
    """Return instructions by function for `count` turns."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind.out"
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"]
        command += [sys.executable, "-m", "bench.instructions", statement]
        command += ["--execute", "--count", str(count), *(["--floats"] if floats else [])]
        command += ["--shape", *map(str, shape)]
        alone = {**os.environ, **ONE_THREAD}  # waiting threads count instructions too
        done = subprocess.run(
            command, cwd=ROOT, env=alone, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"[bench.instructions] valgrind failed:\n{done.stderr}")
        command = ["callgrind_annotate", "--threshold=100", "--auto=no", str(out)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    counts: Counter[str] = Counter()
    for line in told.splitlines():
        if (found := LINE.match(line)) and "PROGRAM TOTALS" not in line:
            counts[found.group(2)] += int(found.group(1).replace(",", ""))
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.instructions")
    parser.add_argument("statement", help="on `a`, `b` and `autograd`")
    parser.add_argument("--count", type=int, default=20_000, help="turns of the loop")
    parser.add_argument("--floats", action="store_true", help="a and b are floats or ndarrays")
    parser.add_argument(
        "--shape", type=int, nargs="*", default=[], help="a and b are arrays of this shape"
    )
    parser.add_argument("--top", type=int, default=15, help="functions to list")
    parser.add_argument("--execute", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.execute:
        execute(options.statement, options.count, options.floats, options.shape)
        return
    few, many = (
        profile(options.statement, times * options.count, options.floats, options.shape)
        for times in (1, 3)
    )
    many.subtract(few)
    turns = 2 * options.count
    print(f"{many.total() / turns:10.1f}  {options.statement}, instructions a turn")
    for function, spent in many.most_common(options.top):
        if spent >= turns / 10:
            print(f"{spent / turns:10.1f}  {function}")


if __name__ == "__main__":
    main()
