"""Origins: the line of a program that made a value, and the modules that it was made in.

They are there for what was computed within `autograd.forensics.origins`. Start reading at `made`.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from autograd import _core
from autograd.draw import captions
from autograd.inspection import source

if TYPE_CHECKING:
    from autograd.engine import Value

LONGEST = 120  # characters of a line of source


def made(value: Value) -> tuple[str, tuple[str, ...]]:
    """Return where a value was made, in words, and the names of the modules, outermost first.

    Of the file only the name is told: drawings are passed on, and folders are nobody's business.

    Examples
    --------
    >>> from autograd import Value, _core
    >>> x = Value(2.0)
    >>> made(x)
    ('', ())
    >>> _core.set_origin(x, ("/home/me/line.py", 3, "<module>", ("Net", "layers.0")))
    >>> made(x)
    ('line.py:3', ('Net', 'layers.0'))
    """
    match _core.origin_of(value):
        case (str(filename), int(line), str(function), tuple(modules)):
            where = f"{PurePath(filename).name}:{line}"
            if not function.startswith("<"):
                where += f" in {function}"
            if text := source.text_of(filename, line):
                where += f": {captions.shortened(text, LONGEST)}"
            return captions.clean(where), tuple(captions.clean(str(name)) for name in modules)
    return "", ()
