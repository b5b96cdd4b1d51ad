"""Saving: a drawing as a file, whole or not at all.

Start reading at `write`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

from autograd import extras


def write(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there: nobody ever sees half of it."""
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"[Drawing.save] {os.fspath(path)!r} was given - a file in a folder that exists is "
            f"needed. Make the folder {os.fspath(path.parent)!r} first."
        )
    if path.is_dir():
        raise IsADirectoryError(
            f"[Drawing.save] {os.fspath(path)!r}, a folder, was given - the name of a file is "
            "needed. Add one."
        )
    part = path.with_name(f".{os.getpid()}-{id(content):x}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise type(error)(
            f"[Drawing.save] {os.fspath(path)!r} was given, and there: {error.strerror or error} - "
            "a place that can be written is needed. Choose another one."
        ) from error
    finally:
        with contextlib.suppress(OSError):  # what went wrong before is said already
            part.unlink(missing_ok=True)


def rendered(ending: str, svg: str, dot: str) -> bytes:
    """Return a PNG or a PDF, made by CairoSVG or, without it, by Graphviz.

    Parameters
    ----------
    ending : {"png", "pdf"}
    svg, dot : str
        The drawing as either takes it.

    Raises
    ------
    ImportError
        If neither is installed.
    RuntimeError
        If Graphviz fails.
    """
    try:
        cairo = extras.load("cairosvg", extra="draw", purpose="Drawing.save")
    except (ImportError, OSError):  # OSError: it is there, but not the library that it loads
        program = shutil.which("dot")
        if program is None:
            raise ImportError(
                f"[Drawing.save] a file .{ending} was asked for - CairoSVG, or Graphviz's program "
                "dot on the PATH, is needed for it. Install the former with: python -m pip install"
                ' "autograd-core[draw]", or save an .svg.'
            ) from None
        return _by_graphviz(program, ending, dot)
    if ending == "png":
        picture: bytes = cairo.svg2png(bytestring=svg.encode(), scale=2.0)
    else:
        picture = cairo.svg2pdf(bytestring=svg.encode())
    return picture


def _by_graphviz(program: str, ending: str, dot: str) -> bytes:
    done = subprocess.run(  # noqa: S603 - the program is Graphviz's, the text our own
        [program, f"-T{ending}"], input=dot.encode(), capture_output=True, check=False
    )
    if done.returncode != 0:
        told = done.stderr.decode(errors="replace").strip()
        raise RuntimeError(
            f"[Drawing.save] Graphviz's {program} returned {done.returncode} and said {told!r} - a "
            "picture was needed. Save an .svg, or install CairoSVG."
        )
    return done.stdout
