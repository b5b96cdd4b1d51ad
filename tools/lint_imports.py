"""Check the import contracts of pyproject.toml, the compiled module included.

import-linter reads sources and so does not see `autograd._core`: it takes an import from there for
an import of the package itself. It is shown a copy of the package in which `_core` is an empty
Python module.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run lint-imports on the copy and return its exit code."""
    with tempfile.TemporaryDirectory() as view:
        package = Path(view) / "autograd"
        shutil.copytree(ROOT / "src" / "autograd", package, ignore=shutil.ignore_patterns("_core*"))
        (package / "_core.py").touch()
        return subprocess.run(
            ["lint-imports", "--no-cache"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": view},
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
