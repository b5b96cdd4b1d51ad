"""Fresh: load a file again, as a module of its own.

CPython rewrites bytecode for the types it meets. Code that two engines share would be
specialised for one and deoptimised by the other, so each engine gets its own copy.
"""

import itertools
import sys
from pathlib import Path
from types import ModuleType

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
