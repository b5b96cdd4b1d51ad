"""Nesting: what is in a scope is arranged by itself, and is one box in the scope around it.

The deepest scopes come first. In the arrangement of a scope there are, beside its nodes and the
boxes of the scopes in it, points without size: an entry in the first layer for each value that
comes from outside, an exit in the last for each that leads there, and below the box of a scope an
outlet for each of its exits. The way of an edge is put together from the pieces through all of
these. So frames overlap nothing that is not in them. Start reading at `nested`.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from autograd.draw.arrangement import Arrangement, Point, Route, arranged, compressed
from autograd.draw.layers import Pins

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.draw.scopes import Scope

Kind = str  # "node", "scope", "entry", "exit" or "outlet"
# What stands in the arrangement of a scope: of a node and a scope its number, of an entry and an
# exit that of the value, of an outlet that of the value with the scope that it comes out of.
Item = tuple[Kind, int, int]

POINT = (0.0, 0.0)


class Rules(NamedTuple):
    """How large frames are.

    Attributes
    ----------
    pads : (float, float, float, float)
        How far a frame is from what it holds: before and behind it, and on either side.
    least : sequence of (float, float)
        How wide and high the frame of each scope is at least.
    """

    pads: tuple[float, float, float, float]
    least: Sequence[Point]

    def without(self, gone: set[int]) -> Rules:
        """Return the rules for fewer scopes."""
        least = [size for number, size in enumerate(self.least) if number not in gone]
        return self._replace(least=least)


class Frame(NamedTuple):
    """The frame of a scope.

    Attributes
    ----------
    path : tuple of str
        The names of the modules, the outermost first.
    center, size : (float, float)
        Its middle; its width and height.
    entered, left : tuple of float
        How far across edges come in and go out.
    """

    path: tuple[str, ...]
    center: Point
    size: Point
    entered: tuple[float, ...]
    left: tuple[float, ...]


class _Nest:
    """The scopes of a graph, and what of it each of them holds, takes and gives."""

    def __init__(
        self, args: Sequence[Sequence[int]], scopes: Sequence[Scope], within: Sequence[int]
    ) -> None:
        self.args, self.scopes, self.within = args, scopes, list(within)
        self.chains: list[tuple[int, ...]] = []
        for number, scope in enumerate(scopes):
            above = self.chains[scope.parent] if number else ()
            self.chains.append((*above, number))
        # By scope, values with their rank, in the order in which they are met.
        self.entries: list[dict[int, int]] = [{} for _ in scopes]
        self.exits: list[dict[int, int]] = [{} for _ in scopes]
        for user, given in enumerate(args):
            for argument in given:
                left, entered = self.chains[within[argument]], self.chains[within[user]]
                shared = _shared(left, entered)
                for inside in left[shared:]:
                    self.exits[inside].setdefault(argument, len(self.exits[inside]))
                for inside in entered[shared:]:
                    self.entries[inside].setdefault(argument, len(self.entries[inside]))
        self.held: list[list[Item]] = [[] for _ in scopes]
        for node, of in enumerate(self.within):
            self.held[of].append(("node", node, -1))
        for number, scope in enumerate(scopes):
            if number:
                self.held[scope.parent].append(("scope", number, -1))

    def standing_for(self, value: int, scope: int) -> Item:
        """Return what stands for a value in the arrangement of a scope."""
        home = self.chains[self.within[value]]
        depth = len(self.chains[scope])
        if home[:depth] != self.chains[scope]:
            return ("entry", value, -1)
        return ("node", value, -1) if len(home) == depth else ("outlet", value, home[depth])

    def args_of(self, item: Item, scope: int) -> list[Item]:
        """Return what leads to something in the arrangement of a scope."""
        kind, number, out_of = item
        if kind == "node":
            return [self.standing_for(value, scope) for value in self.args[number]]
        if kind == "scope":
            return [self.standing_for(value, scope) for value in self.entries[number]]
        if kind == "exit":
            return [self.standing_for(number, scope)]
        return [("scope", out_of, -1)] if kind == "outlet" else []

    def items(self, scope: int) -> tuple[list[Item], dict[Item, list[Item]]]:
        """Return what stands in the arrangement of a scope, and what leads to each of it.

        What leads somewhere comes before it; what is in a circle is left out.
        """
        entries: list[Item] = [("entry", value, -1) for value in self.entries[scope]]
        exits: list[Item] = [("exit", value, -1) for value in self.exits[scope]]
        outlets: list[Item] = [
            ("outlet", value, number)
            for kind, number, _ in self.held[scope]
            if kind == "scope"
            for value in self.exits[number]
        ]
        everything = [*entries, *self.held[scope], *outlets, *exits]
        args = {item: self.args_of(item, scope) for item in everything}
        users: dict[Item, list[Item]] = {item: [] for item in everything}
        missing = {item: len(given) for item, given in args.items()}
        for item, given in args.items():
            for argument in given:
                users[argument].append(item)
        waiting = deque(item for item in everything if not missing[item])
        ordered: list[Item] = []
        while waiting:
            item = waiting.popleft()
            ordered.append(item)
            for user in users[item]:
                missing[user] -= 1
                if not missing[user]:
                    waiting.append(user)
        return ordered, args

    def circles(self) -> set[int]:
        """Return scopes that need each other, of which no box can come first."""
        found: set[int] = set()
        for scope in range(len(self.scopes)):
            ordered, args = self.items(scope)
            left = set(args).difference(ordered)
            while left:  # what only comes behind a circle is in none
                needed = {argument for item in left for argument in args[item]}
                if needed >= left:
                    break
                left &= needed
            found.update(number for kind, number, _ in left if kind == "scope")
        return found


class _Part(NamedTuple):
    """A scope that is arranged."""

    items: list[Item]
    numbers: dict[Item, int]
    arrangement: Arrangement
    routes: dict[tuple[int, int], Route]  # by the number of the target, and which argument it is
    size: Point
    corner: Point  # of its frame, from the origin of the arrangement

    def place(self, item: Item) -> Point:
        """Return where the middle of something is."""
        return self.arrangement.centers[self.numbers[item]]

    def beside(self, item: Item) -> float:
        """Return how far across from the middle of the frame something stands."""
        return self.place(item)[0] - self.corner[0] - self.size[0] / 2


def nested(
    args: Sequence[Sequence[int]],
    boxes: Sequence[Point],
    keeps_order: Sequence[bool],
    tree: tuple[Sequence[Scope], Sequence[int]],
    rules: Rules,
) -> tuple[list[Point], list[Route], list[Frame]]:
    """Return the middles of the boxes, the routes of the edges, and the frames of the scopes.

    Parameters
    ----------
    args, boxes, keeps_order
        As for `arranged`.
    tree : (sequence of Scope, sequence of int)
        The scopes, and which of them each box is in.
    rules : Rules
        How large frames are.
    """
    nest = _Nest(args, *tree)
    while circles := nest.circles():
        rules = rules.without(circles)
        nest = _Nest(args, *_dissolved(nest.scopes, nest.within, circles))
    parts: dict[int, _Part] = {}
    for number in range(len(nest.scopes) - 1, -1, -1):  # parents have smaller numbers
        parts[number] = _part(nest, number, (boxes, keeps_order), parts, rules)
    origins = [POINT]
    frames = []
    for number, scope in enumerate(nest.scopes[1:], 1):
        part, above = parts[number], parts[scope.parent]
        center = _moved(above.place(("scope", number, -1)), origins[scope.parent])
        origins.append(
            (
                center[0] - part.size[0] / 2 - part.corner[0],
                center[1] - part.size[1] / 2 - part.corner[1],
            )
        )
        entered, left = (
            tuple(center[0] + part.beside((kind, value, -1)) for value in values)
            for kind, values in (("entry", nest.entries[number]), ("exit", nest.exits[number]))
        )
        frames.append(Frame(scope.path, center, part.size, entered, left))
    centers = [
        _moved(parts[home].place(("node", node, -1)), origins[home])
        for node, home in enumerate(nest.within)
    ]
    routes = [
        Route(argument, user, place, _way(nest, parts, origins, (argument, user, place)))
        for user, given in enumerate(args)
        for place, argument in enumerate(given)
    ]
    return centers, routes, frames


def _moved(point: Point, origin: Point) -> Point:
    return point[0] + origin[0], point[1] + origin[1]


def _shared(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """Return how many scopes are round both."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _dissolved(
    scopes: Sequence[Scope], within: Sequence[int], gone: set[int]
) -> tuple[list[Scope], list[int]]:
    """Return the tree without some scopes; what they hold is in the scope around them."""
    kept: list[Scope] = []
    renamed: list[int] = []
    for number, scope in enumerate(scopes):
        parent = renamed[scope.parent] if number else -1
        renamed.append(parent if number in gone else len(kept))
        if number not in gone:
            kept.append(scope._replace(parent=parent))
    return kept, [renamed[scope] for scope in within]


def _part(
    nest: _Nest,
    scope: int,
    nodes: tuple[Sequence[Point], Sequence[bool]],
    inner: dict[int, _Part],
    rules: Rules,
) -> _Part:
    """Arrange a scope, of which all that is in it is arranged already."""
    boxes, keeps_order = nodes
    items, given = nest.items(scope)
    numbers = {item: number for number, item in enumerate(items)}
    ports: dict[int, list[float]] = {}
    for (kind, number, out_of), place in numbers.items():
        if kind == "scope":
            part = inner[number]
            ports[place] = [part.beside(("entry", value, -1)) for value in nest.entries[number]]
        elif kind == "outlet":
            # It wants to stand below the exit, so the box comes to it from there.
            ports[place] = [-inner[out_of].beside(("exit", number, -1))]
    sizes = [
        boxes[number] if kind == "node" else inner[number].size if kind == "scope" else POINT
        for kind, number, _ in items
    ]
    arrangement = arranged(
        [[numbers[argument] for argument in given[item]] for item in items],
        sizes,
        keeps_order=[kind == "node" and keeps_order[number] for kind, number, _ in items],
        pins=Pins(
            first=_of_kind(items, "entry"),
            last=_of_kind(items, "exit"),
            after=_of_kind(items, "outlet"),
            results=frozenset(
                place
                for place, (kind, value, _) in enumerate(items)
                if kind == "entry" and nest.args[value]
            ),
        ),
        ports=ports,
    )
    edges = [
        (x - width / 2, x + width / 2)
        for (x, _), (width, _) in zip(arrangement.centers, sizes, strict=True)
    ]
    edges += [(x, x) for route in arrangement.routes for x, _ in route.points]
    start, end, low, high = rules.pads
    low = min((left for left, _ in edges), default=0.0) - low
    high = max((right for _, right in edges), default=0.0) + high
    across, along = rules.least[scope]
    size = (max(high - low, across), max(start + arrangement.height + end, along))
    routes = {(route.target, route.place): route for route in arrangement.routes}
    return _Part(items, numbers, arrangement, routes, size, (low, -start))


def _of_kind(items: Sequence[Item], kind: Kind) -> frozenset[int]:
    return frozenset(number for number, item in enumerate(items) if item[0] == kind)


def _way(
    nest: _Nest, parts: dict[int, _Part], origins: Sequence[Point], edge: tuple[int, int, int]
) -> tuple[Point, ...]:
    """Return the way of an edge out of scopes and into others."""
    argument, user, place = edge
    left, entered = nest.chains[nest.within[argument]], nest.chains[nest.within[user]]
    shared = _shared(left, entered)
    pieces: list[tuple[int, Item, int]] = []  # the scope, the target there, which argument it is
    for depth in range(len(left) - 1, shared - 1, -1):
        pieces.append((left[depth], ("exit", argument, -1), 0))
        pieces.append((left[depth - 1], ("outlet", argument, left[depth]), 0))
    for depth in range(shared, len(entered)):
        rank = nest.entries[entered[depth]][argument]
        pieces.append((entered[depth - 1], ("scope", entered[depth], -1), rank))
    pieces.append((entered[-1], ("node", user, -1), place))
    points: list[Point] = []
    for scope, target, which in pieces:
        part, (x, y) = parts[scope], origins[scope]
        route = part.routes[part.numbers[target], which]
        # The box of a scope is left at the exit, not in the middle.
        shift = parts[target[2]].beside(("exit", argument, -1)) if target[0] == "outlet" else 0.0
        for across, along in route.points:
            points.append((round(across + x + shift, 3), round(along + y, 3)))
    return compressed(points)
