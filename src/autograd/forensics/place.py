"""The place: which line of the user's code is running, and which modules are being called.

Start reading at `Places.here`.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from autograd.engine import Value
from autograd.inspection import source

# What stands here is not the user's: the operation was asked for further out.
_FOREIGN = (
    f"{Path(__file__).parents[1]}{os.sep}",
    f"{Path(np.__file__).parent}{os.sep}",
    "<__array_function__",
    "<frozen",
)
_CALLS = frozenset({"__call__", "forward"})


class Origin(NamedTuple):
    """Where a value was made.

    Attributes
    ----------
    filename : str
        As Python knows the file.
    line : int
        Counted from 1.
    function : str
        The name of the function that the line is in.
    modules : tuple of str
        The modules that were being called, the outermost first: by its class, and those in it by
        the names under which it has them, ``("MLP", "layers.0")``.
    calls : tuple of int
        For each of them which call it was, a number that no other call has; 0 for a layer that its
        network applies without calling it.
    """

    filename: str
    line: int
    function: str
    modules: tuple[str, ...] = ()
    calls: tuple[int, ...] = ()

    @property
    def source(self) -> str:
        """The text of the line, empty where there is no source."""
        return source.text_of(self.filename, self.line)

    def __str__(self) -> str:
        where = f'File "{self.filename}", line {self.line}, in {self.function}'
        within = f", module {' > '.join(self.modules)}" if self.modules else ""
        return f"{where}{within}" + (f"\n    {self.source}" if self.source else "")


class Places:
    """The way from a frame to an origin; remembers files, and the names in modules."""

    def __init__(self) -> None:
        self._foreign: dict[str, bool] = {}
        # For each outermost module what is in it, with its name, by id. It is held here, so that no
        # id is used twice.
        self._names: dict[int, dict[int, tuple[Any, str]]] = {}

    def forget(self) -> None:
        """Let go of the modules."""
        self._names.clear()

    def here(self, frame: FrameType | None, weights: Value | None = None) -> Origin:
        """Return where the user's code is that runs in a frame, or called it.

        `weights` are those of a layer that is being applied: a network may apply the layers that it
        has without calling them.
        """
        place: FrameType | None = None
        outermost = frame
        modules: list[Any] = []
        calls: list[int] = []
        kind = getattr(sys.modules.get("autograd.nn.module"), "Module", None)
        while frame is not None:
            code = frame.f_code
            if place is None and not self._is_foreign(code.co_filename):
                place = frame
            if kind is not None and code.co_name in _CALLS and code.co_argcount:
                given = frame.f_locals.get(code.co_varnames[0])
                if isinstance(given, kind):
                    if modules and modules[-1] is given:  # `__call__` and `forward` of one module
                        calls.pop()
                    else:
                        modules.append(given)
                    calls.append(_number_of(frame))
            outermost, frame = frame, frame.f_back
        found = place or outermost
        if found is None:
            return Origin("<unknown>", 0, "<unknown>")
        names = self._named(modules[::-1], weights) if modules else ()
        numbers = (*reversed(calls), *[0] * (len(names) - len(calls)))
        code = found.f_code
        return Origin(code.co_filename, found.f_lineno, code.co_name, names, numbers)

    def _is_foreign(self, filename: str) -> bool:
        known = self._foreign.get(filename)
        if known is None:
            known = filename.startswith(_FOREIGN)
            self._foreign[filename] = known
        return known

    def _named(self, modules: list[Any], weights: Value | None) -> tuple[str, ...]:
        """Return the names of modules, the outermost first, and of the one that owns weights."""
        outermost, *others = modules
        names = self._names.setdefault(id(outermost), {id(outermost): (outermost, "")})
        asked = others if weights is None else [*others, weights]
        if not all(id(one) in names for one in asked):
            names.update(_names_in(outermost))
            for one in asked:  # what is not in the outermost module is not looked for again
                names.setdefault(id(one), (one, "" if one is weights else type(one).__name__))
        found = [type(outermost).__name__, *(names[id(module)][1] for module in others)]
        owner = "" if weights is None else names[id(weights)][1]
        return (*found, owner) if owner and owner != found[-1] else tuple(found)


_NUMBERS = itertools.count(1)


class _Call:
    """The number of a call, kept where a debugger keeps what traces the frame.

    That place lives exactly as long as the call, and nobody else sees it. If something traces the
    frame, now or later, it is asked as ever.
    """

    def __init__(self, tracer: Any) -> None:
        self.number, self.tracer = next(_NUMBERS), tracer

    def __call__(self, frame: FrameType, event: str, argument: object) -> _Call:
        if self.tracer is not None:
            self.tracer = self.tracer(frame, event, argument) or self.tracer
        return self


def _number_of(frame: FrameType) -> int:
    """Return the number of a call, a new one when it is asked for first."""
    tracer: Any = frame.f_trace
    if not isinstance(tracer, _Call):
        tracer = frame.f_trace = _Call(tracer)
    number: int = tracer.number
    return number


def _names_in(root: Any) -> dict[int, tuple[Any, str]]:
    """Return the modules in one with their dotted names, by identity; Values with their owner's."""
    from autograd.nn.module import Module  # noqa: PLC0415 - somebody has one, so it is loaded
    from autograd.nn.walk import entries  # noqa: PLC0415

    names: dict[int, tuple[Any, str]] = {}
    seen = {id(root)}
    # What is reached twice has the name by which parameters have it: the first one, in depth.
    stack = [("", "", iter(entries(root)))]
    while stack:
        prefix, module, members = stack[-1]
        for key, item in members:
            if id(item) in seen:
                continue
            if isinstance(item, Value):
                seen.add(id(item))
                names[id(item)] = (item, module)
            elif isinstance(item, (Module, list, tuple, dict)):
                seen.add(id(item))
                name = f"{prefix}{key}"
                is_module = isinstance(item, Module)
                if is_module:
                    names[id(item)] = (item, name)
                stack.append((f"{name}.", name if is_module else module, iter(entries(item))))
                break
        else:
            stack.pop()
    return names
