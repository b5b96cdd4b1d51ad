"""C++ files to a program, as fast as that goes: no optimization, several at once."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = (f"-I{ROOT / 'src' / 'cpp'}", f"-I{ROOT / 'tests' / 'cpp'}")
# Inline functions that nobody calls name what is not linked; with sections they are dropped.
FLAGS = ("-std=c++20", "-O0", "-w", "-ffunction-sections", "-fdata-sections", "-ffp-contract=off")


def compile_program(sources: Sequence[Path], folder: Path) -> str:
    """Compile and link, in a folder that is the caller's; leave with what the compiler says."""
    compiler = os.environ.get("CXX", "c++")

    def compiled(source: Path) -> str:
        target = str(folder / f"{source.stem}.o")
        run([compiler, *FLAGS, *FOLDERS, "-c", str(source), "-o", target])
        return target

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        objects = list(pool.map(compiled, sources))
    program = str(folder / "program")
    strip = "-Wl,-dead_strip" if sys.platform == "darwin" else "-Wl,--gc-sections"
    run([compiler, *objects, strip, "-o", program])
    return program


def run(command: Sequence[str]) -> str:
    """Run a command and give what it prints; show its errors and leave if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"[{Path(command[0]).name}] exit code {done.returncode}\n{done.stderr[:8000]}")
    return done.stdout
