"""A module as text: the modules and functions in it, one a line, with what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.engine import Value
from autograd.nn.module import Module
from autograd.nn.walk import entries

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Line:
    """One line: a module, a function or a parameter."""

    __slots__ = ("count", "level", "owner", "text")

    def __init__(self, owner: _Line | None, text: str, count: int | None) -> None:
        self.owner = owner  # the line of the module that it belongs to
        self.level: int = 0 if owner is None else owner.level + 1
        self.text = text
        self.count = count  # of numbers; None where there is nothing to count


def tree(root: Module, depth: int) -> str:
    """Return the text; modules more than `depth` levels below the root are counted, not shown.

    Not recursive, and each module is entered once, so neither depth nor cycles do harm.
    """
    if type(depth) is not int or depth < 0:
        message = f"[{type(root).__name__}.tree] depth={depth!r} was given - an int of at least 0"
        raise ValueError(f"{message} is needed. Pass e.g. depth=1.")
    lines = _lines(root)
    for line in reversed(lines):  # the owner of a line stands before it
        if line.owner is not None and line.owner.count is not None and line.count is not None:
            line.owner.count += line.count
    first, *rest = lines
    shown = [f"{type(root).__name__}: {_counted(first.count, 'parameter')}"]
    shown += [
        f"{'  ' * line.level}{line.text}" + (f", {line.count:,}" if line.count else "")
        for line in rest
        if line.level <= depth
    ]
    hidden = sum(line.level > depth for line in rest)
    if hidden:
        shown.append(f"{'  ' * (depth + 1)}... and {_counted(hidden, 'line')} deeper")
    return "\n".join(shown)


def _lines(root: Module) -> list[_Line]:
    """Return the lines, a module before what is in it, each counting its own parameters."""
    left = {id(value): value for _, _, value in root._found()[0]}  # noqa: SLF001 (same family)
    names: dict[int, str] = {id(root): type(root).__name__}
    lines = [_Line(None, "", 0)]
    seen = {id(root)}
    stack: list[tuple[_Line, str, bool, Iterator[tuple[object, object]]]] = [
        (lines[0], "", _shows_parameters(root), iter(entries(root)))
    ]
    while stack:
        owner, prefix, shows, members = stack[-1]
        for key, item in members:
            name = f"{prefix}{key}"
            if isinstance(item, Value):
                if left.pop(id(item), None) is None:
                    continue
                if shows:
                    lines.append(_Line(owner, f"{name}: {item.shape}", item.size))
                elif owner.count is not None:
                    owner.count += item.size
            elif isinstance(item, Module):
                if id(item) in seen:
                    lines.append(_Line(owner, f"{name}: {names[id(item)]}, as above", None))
                    continue
                seen.add(id(item))
                names[id(item)] = text = _described(item)
                lines.append(_Line(owner, f"{name}: {text}", 0))
                stack.append((lines[-1], "", _shows_parameters(item), iter(entries(item))))
                break
            elif isinstance(item, (list, tuple, dict)):
                if id(item) not in seen:
                    seen.add(id(item))
                    stack.append((owner, f"{name}.", shows, iter(entries(item))))
                    break
            elif callable(item):
                function: Any = getattr(item, "__name__", type(item).__name__)
                lines.append(_Line(owner, f"{name}: {function}", None))
        else:
            stack.pop()
    return lines


def _shows_parameters(module: Module) -> bool:
    """Return whether the parameters have lines: a representation of its own says enough."""
    return type(module).__repr__ is Module.__repr__


def _described(module: Module) -> str:
    """Return the representation of a module on one line; the class, if there are modules in it."""
    if _shows_parameters(module) or _holds_modules(module):
        return type(module).__name__
    return " ".join(repr(module).split())


def _holds_modules(module: Module) -> bool:
    seen: set[int] = set()
    left: list[object] = list(vars(module).values())
    while left:
        item = left.pop()
        if isinstance(item, Module):
            return True
        if isinstance(item, (list, tuple, dict)) and id(item) not in seen:
            seen.add(id(item))
            left += item.values() if isinstance(item, dict) else item
    return False


def _counted(count: int | None, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
