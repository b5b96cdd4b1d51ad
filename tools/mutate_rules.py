"""Change the rules of the structural operations, and see that a test notices.

`python tools/mutate_rules.py` compiles the core, with the changes that `mutation/rules.py` lists in
its copy of `structural_rules.cpp`, and the tests in `TESTS`, and runs these once a change.
A change that they pass has survived; it is printed, and the exit code is 1. So it is for a change
that is listed as equal and killed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

from mutation.compiler import compile_program
from mutation.rules import EQUAL, changed_source

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "src" / "cpp" / "core"
TESTS = tuple(
    ROOT / "tests" / "cpp" / name
    for name in ("main.cpp", "test_array_gradients.cpp", "test_structural_rules.cpp")
)
SECONDS = 60  # that one run may take; a change may well loop


def main() -> int:
    """Make, compile and run all changes; 1 if one survives."""
    start = perf_counter()
    rules = CORE / "structural_rules.cpp"
    source, names = changed_source(rules.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        changed = work / "changed_rules.cpp"
        changed.write_text(source, encoding="utf-8")
        core = [path for path in sorted(CORE.glob("*.cpp")) if path != rules]
        program = compile_program([*core, changed, *TESTS], work)

        def passes(number: int) -> bool:
            environment = {**os.environ, "AUTOGRAD_MUTANT": str(number)}
            try:
                done = subprocess.run(
                    [program, "--abort-after=1"],
                    env=environment,
                    capture_output=True,
                    timeout=SECONDS,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return False
            return done.returncode == 0

        if not passes(0):
            print("The tests fail without any change.")
            return 1
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            passed = list(pool.map(passes, range(1, len(names) + 1)))
    complaints = []
    for name, one in zip(names, passed, strict=True):
        if one != (name in EQUAL):
            complaints.append(f"{'survived' if one else 'listed as equal, but killed'}: {name}")
    complaints += [
        f"listed as equal, but not made: {name}" for name in sorted(EQUAL.difference(names))
    ]
    for line in complaints:
        print(line)
    print(
        f"{passed.count(False)} changes of rules killed, {len(EQUAL)} equal to the original,"
        f" {len(complaints)} complaints, {perf_counter() - start:.0f} s"
    )
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
