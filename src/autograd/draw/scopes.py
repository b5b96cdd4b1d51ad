"""Scopes: the calls of modules, within which values were computed.

A module that is called several times, for one sample after the other, has a scope for each call.
Start reading at `told_apart`.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autograd.draw.graph import Node

Calls = tuple[tuple[str, int], ...]  # modules by name, each with the number of its call


def told_apart(paths: Sequence[Calls]) -> list[tuple[str, ...]]:
    """Return paths of names; where one module was called several times, the calls have numbers.

    Examples
    --------
    >>> told_apart([(("Net", 4),), (("Net", 9), ("layer", 0)), (("Loss", 2),)])
    [('Net #1',), ('Net #2', 'layer'), ('Loss',)]
    """
    calls: dict[tuple[Calls, str], set[int]] = {}
    for path in set(paths):
        for depth, (name, call) in enumerate(path):
            calls.setdefault((path[:depth], name), set()).add(call)
    names: dict[Calls, str] = {}
    for (parent, name), found in calls.items():
        for rank, call in enumerate(sorted(found), 1):
            numbered = f"{name} #{rank}" if len(found) > 1 else name
            names[(*parent, (name, call))] = numbered
    return [tuple(names[path[: depth + 1]] for depth in range(len(path))) for path in paths]


def with_users(nodes: Sequence[Node], users: Sequence[Sequence[int]]) -> list[tuple[str, ...]]:
    """Return the modules of each node; a leaf that came from elsewhere is in those of its users."""
    modules = [node.modules for node in nodes]
    for node, using in zip(nodes, users, strict=True):
        if node.is_leaf and not node.origin and using:
            levels = zip(*[modules[user] for user in using], strict=False)
            shared = itertools.takewhile(lambda level: len(set(level)) == 1, levels)
            modules[node.number] = tuple(level[0] for level in shared)
    return modules


def grouped(
    lines: Sequence[str],
    modules: Sequence[tuple[str, ...]],
    opening: Callable[[int, str], str],
    closing: str,
) -> list[str]:
    """Return a line for each node with those of its module between an opening and a closing line.

    `opening` is called with the number of the scope and its name.

    Examples
    --------
    >>> grouped(["x", "y"], [(), ("Net",)], lambda number, name: f"begin {name}", "end")
    ['x', 'begin Net', '  y', 'end']
    """
    scopes, of = tree_of(modules)
    inside: list[list[str]] = [[] for _ in scopes]
    blocks: list[list[list[str]]] = [[] for _ in scopes]
    for line, number in zip(lines, of, strict=True):
        inside[number].append(line)
    for number in range(len(scopes) - 1, -1, -1):
        for block in reversed(blocks[number]):
            inside[number] += block
        if number:
            scope = scopes[number]
            held = [f"  {line}" for line in inside[number]]
            blocks[scope.parent].append([opening(number, scope.path[-1]), *held, closing])
    return inside[0]


class Scope(NamedTuple):
    """A call of a module in a tree of them; the first one of the tree is all there is.

    Attributes
    ----------
    path : tuple of str
        The names from the outermost module on.
    parent : int
        Its number; -1 of the first.
    """

    path: tuple[str, ...]
    parent: int


def tree_of(modules: Sequence[tuple[str, ...]]) -> tuple[list[Scope], list[int]]:
    """Return the scopes, parents first, and which of them each node is in.

    Examples
    --------
    >>> scopes, of = tree_of([("Net", "a"), (), ("Net",)])
    >>> [scope.path for scope in scopes], of
    ([(), ('Net',), ('Net', 'a')], [2, 0, 1])
    """
    scopes = [Scope((), -1)]
    numbers: dict[tuple[str, ...], int] = {(): 0}
    for path in modules:
        for depth in range(1, len(path) + 1):
            if path[:depth] not in numbers:
                numbers[path[:depth]] = len(scopes)
                scopes.append(Scope(path[:depth], numbers[path[: depth - 1]]))
    return scopes, [numbers[path] for path in modules]
