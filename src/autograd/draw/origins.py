"""Origins: the line of a program that made a value, and the modules that it was made in.

They are there for what was computed within `autograd.forensics.origins`. Start reading at `made`.
"""

from __future__ import annotations

import itertools
from pathlib import PurePath
from typing import TYPE_CHECKING

from autograd import _core
from autograd.draw import captions
from autograd.inspection import source

if TYPE_CHECKING:
    from autograd.draw.scopes import Calls
    from autograd.engine import Value

LONGEST = 120  # characters of a line of source


def made(value: Value) -> tuple[str, Calls]:
    """Return where a value was made, in words, and the modules with their calls, outermost first.

    Of the file only the name is told: drawings are passed on, and folders are nobody's business.

    Examples
    --------
    >>> from autograd import Value, _core
    >>> x = Value(2.0)
    >>> made(x)
    ('', ())
    >>> _core.set_origin(x, ("/home/me/line.py", 3, "<module>", ("Net", "layer"), (7, 8)))
    >>> made(x)
    ('line.py:3', (('Net', 7), ('layer', 8)))
    """
    match _core.origin_of(value):
        case (str(filename), int(line), str(function), tuple(modules), *more):
            where = f"{PurePath(filename).name}:{line}"
            if not function.startswith("<"):
                where += f" in {function}"
            if text := source.text_of(filename, line):
                where += f": {captions.shortened(text, LONGEST)}"
            calls = more[0] if more and isinstance(more[0], tuple) else ()
            return captions.clean(where), tuple(
                (captions.clean(str(name)), call if isinstance(call, int) else 0)
                for name, call in itertools.zip_longest(modules, calls[: len(modules)])
            )
    return "", ()
