"""Layers: how far along each node stands, and which edges reach over more than one layer.

A node stands as close to its nearest user as its arguments allow, so that a leaf is beside the
operation that uses it. Edges that reach further go through *dummies*, one in each layer between,
which keep a way free for them; all edges from one node share their dummies, as a trunk with
branches. Where this would cost more dummies than the graph has nodes, edges are left to `lanes`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

DUMMIES_A_NODE = 6
FREE_DUMMIES = 200


class Pins(NamedTuple):
    """What has its place: leaves in the first layer, nodes without users in the last.

    Attributes
    ----------
    first, last : frozenset of int
    after : frozenset of int
        Nodes that stand in the layer after that of their argument, in line with it.
    results : frozenset of int
        Of the first ones those that stand for results.
    """

    first: frozenset[int] = frozenset()
    last: frozenset[int] = frozenset()
    after: frozenset[int] = frozenset()
    results: frozenset[int] = frozenset()


FREE = Pins()


class Layers(NamedTuple):
    """Vertices (nodes first, then dummies) in layers, and the edges between neighbouring layers.

    Attributes
    ----------
    of : list of int
        The layer of each vertex.
    trunks : dict of int to list of int
        For a node whose edges reach over layers, its dummies, one layer after the other.
    before, after : list of list of int
        For each vertex its neighbours in the layer before and in that after it, in the order of
        the arguments; a neighbour stands there once for each edge.
    places : list of list of int
        For each node, which of its arguments each of `before` leads to.
    lanes : list of (int, int, int)
        Edges without dummies: argument, user, which argument it is.
    results : frozenset of int
        Leaves that stand for results, with their dummies.
    """

    of: list[int]
    trunks: dict[int, list[int]]
    before: list[list[int]]
    after: list[list[int]]
    places: list[list[int]]
    lanes: list[tuple[int, int, int]]
    results: frozenset[int] = frozenset()

    def line(self, node: int) -> int | None:
        """Return which argument the node should stand in line with: the only one that is a result.

        Leaves, and what comes from further away, arrive beside it. None if there are several.
        """
        found = None
        for place, neighbour in zip(self.places[node], self.before[node], strict=True):
            is_result = neighbour < len(self.places) and self.before[neighbour]
            if is_result or neighbour in self.results:
                if found is not None:
                    return None
                found = place
        return found


def layered(args: Sequence[Sequence[int]], pins: Pins = FREE) -> Layers:
    """Return the layers of nodes that are numbered so that arguments precede their users.

    Examples
    --------
    >>> layers = layered([(), (), (0, 1), (2, 0)])
    >>> layers.of, layers.trunks
    ([0, 0, 1, 2, 1], {0: [4]})
    """
    of = _levels(args, pins)
    furthest = list(of)
    for user, given in enumerate(args):
        for argument in given:
            furthest[argument] = max(furthest[argument], of[user])
    # Short trunks first: a few long edges must not use up what many others need.
    wanted = sorted(
        (furthest[node] - level - 1, node)
        for node, level in enumerate(of)
        if furthest[node] > level + 1
    )
    left = DUMMIES_A_NODE * len(args) + FREE_DUMMIES
    trunks: dict[int, list[int]] = {}
    for length, node in wanted:
        left -= length
        if left < 0:
            break
        trunks[node] = list(range(len(of), len(of) + length))
        of.extend(range(of[node] + 1, of[node] + 1 + length))
    before: list[list[int]] = [[] for _ in of]
    after: list[list[int]] = [[] for _ in of]
    places: list[list[int]] = [[] for _ in args]
    lanes = []

    def join(one: int, other: int) -> None:
        after[one].append(other)
        before[other].append(one)

    for node, trunk in trunks.items():
        for one, other in zip([node, *trunk], trunk, strict=False):
            join(one, other)
    for user, given in enumerate(args):
        for place, argument in enumerate(given):
            between = of[user] - of[argument] - 1
            if between and argument not in trunks:
                lanes.append((argument, user, place))
                continue
            join(trunks[argument][between - 1] if between else argument, user)
            places[user].append(place)
    results = {vertex for node in pins.results for vertex in (node, *trunks.get(node, ()))}
    return Layers(of, trunks, before, after, places, lanes, frozenset(results))


def _levels(args: Sequence[Sequence[int]], pins: Pins) -> list[int]:
    """Return the layer of each node."""
    count = len(args)
    users: list[set[int]] = [set() for _ in range(count)]
    for user, given in enumerate(args):
        for argument in given:
            users[argument].add(user)
    # The longest way to a result, counted from the end.
    level = [0] * count
    for node in range(count - 1, -1, -1):
        level[node] = min((level[user] for user in users[node]), default=1) - 1
    # Where more edges come in than go out, and arguments have other users to stay for, the edges
    # are shorter when the node stands early.
    for node, given in enumerate(args):
        if not given or node in pins.last:
            continue
        earliest = 1 + max(level[argument] for argument in given)
        if earliest < level[node]:
            tied = sum(len(users[argument]) > 1 for argument in set(given))
            if node in pins.after or not users[node] or tied > len(users[node]):
                level[node] = earliest
    for node in range(count - 1, -1, -1):
        if users[node] and not args[node]:
            level[node] = min(level[user] for user in users[node]) - 1
    before = [min((level[user] for user in users[node]), default=1) - 1 for node in pins.first]
    first = min([*before, *(each for node, each in enumerate(level) if node not in pins.first)])
    for node in pins.first:
        level[node] = first
    return [each - first for each in level]
