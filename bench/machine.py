"""Machine: what the table was measured on. Without it a time is only a rumour."""

import os
import platform
import re
from importlib import import_module, metadata
from pathlib import Path


def processor() -> str:
    """Return the processor's name, as the operating system gives it."""
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found.group(1) if found else platform.processor() or platform.machine()


def compiler() -> str:
    """Return the compiler that built our extension, read from the binary itself."""
    path = import_module("autograd._core").__file__
    binary = Path(path).read_bytes() if path else b""
    found = re.search(rb"(?:GCC: \([^)]*\) [\d.]+|clang version [\d.]+)", binary)
    return found.group(0).decode() if found else "unknown"


def version(name: str) -> str:
    """Return name and version of an installed distribution."""
    try:
        return f"{name} {metadata.version(name)}"
    except metadata.PackageNotFoundError:
        return f"{name} missing"


def describe() -> list[str]:
    """Return the lines that stand above the table."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return [
        f"machine   {platform.system()} {platform.release()} {platform.machine()}",
        f"processor {processor()}, {os.cpu_count()} logical",
        f"python    {python} ({platform.python_compiler()})",
        f"compiler  {compiler()} (autograd._core)",
        f"against   {version('numpy')}, {version('micrograd')}, {version('torch')}",
    ]
