"""Fresh: load a file again, as a module of its own, or copy one function with its code.

CPython rewrites bytecode for the types it meets. Code that two engines share would be
specialised for one and deoptimised by the other, so each engine gets its own copy.
"""

import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

_numbers = itertools.count()


def load(path: Path, *rewritten: tuple[str, str]) -> ModuleType:
    """Return a new module made from `path`; two calls share no code object.

    Each pair in `rewritten` replaces a piece of the source, which must occur exactly once.
    """
    source = path.read_text(encoding="utf-8")
    for old, new in rewritten:
        if source.count(old) != 1:
            raise ValueError(
                f"[fresh.load] {old!r} occurs {source.count(old)} times in {path.name} - "
                "one occurrence is needed. Adapt the replacement to the new source."
            )
        source = source.replace(old, new)
    module = ModuleType(f"_fresh_{next(_numbers)}_{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses look a module up by its name
    exec(compile(source, str(path), "exec"), module.__dict__)
    return module


def copy(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function like `function`, which shares no code object with it."""
    assert isinstance(function, FunctionType)
    copied = FunctionType(
        function.__code__.replace(),
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    copied.__kwdefaults__ = function.__kwdefaults__
    return copied
