"""Where boxes stand and edges go: nothing overlaps, in any graph and direction."""

from __future__ import annotations

import math
import random
import time

import pytest
from boxes import check, sizes
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograd.draw import crossings
from autograd.draw.layers import layered
from autograd.draw.layout import DIRECTIONS, layout

CHAIN = [(), *((number,) for number in range(40))]
DIAMOND = [(), (0,), (0,), (1, 2)]
DOUBLES = [(), *((number, number) for number in range(30))]
FAN = [(), *((0,) for _ in range(12)), tuple(range(1, 13))]
SKIPS = [(), *((number, 0) for number in range(20))]
TWO_RESULTS = [(), (0,), (), (2,), (3, 0)]
EACH_TO_THE_LAST = [(), *((number,) for number in range(30)), tuple(range(30))]
GRAPHS = {
    "one": [()],
    "chain": CHAIN,
    "diamond": DIAMOND,
    "doubles": DOUBLES,
    "fan": FAN,
    "skips": SKIPS,
    "two results": TWO_RESULTS,
    "each to the last": EACH_TO_THE_LAST,
    "apart": [(), (), ()],
}


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("name", GRAPHS)
def test_nothing_overlaps(name, direction):
    args = GRAPHS[name]
    boxes = sizes(args)
    check(args, boxes, layout(args, boxes, direction=direction))


@st.composite
def graphs(draw):
    count = draw(st.integers(1, 16))
    args = [
        draw(st.lists(st.integers(0, number - 1), max_size=4).map(tuple)) if number else ()
        for number in range(count)
    ]
    keeps_order = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    return args, keeps_order, draw(st.integers(0, 9)), draw(st.sampled_from(DIRECTIONS))


@given(graphs())
@example(([(), (0,), (1,), (), (1, 2, 0), (4, 0, 1, 2), (0,), (6,)], [False] * 8, 3, "LR"))
@settings(max_examples=60, deadline=None)
def test_nothing_overlaps_in_any_graph(drawn):
    args, keeps_order, seed, direction = drawn
    boxes = sizes(args, seed)
    found = layout(args, boxes, keeps_order=keeps_order, direction=direction)
    check(args, boxes, found)
    across = 1 if direction in ("LR", "RL") else 0
    for node, given_args in enumerate(args):
        if keeps_order[node] and given_args:
            arrive = [r.points[-1][across] for r in found.routes if r.target == node]
            assert arrive == sorted(arrive)


@given(graphs())
@settings(max_examples=30, deadline=None)
def test_nothing_overlaps_where_edges_go_round(drawn):
    """With no dummies at all, every long edge takes a lane."""
    args, keeps_order, seed, direction = drawn
    boxes = sizes(args, seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograd.draw.layers.DUMMIES_A_NODE", 0)
        patch.setattr("autograd.draw.layers.FREE_DUMMIES", 0)
        assert not layered(args).trunks
        check(args, boxes, layout(args, boxes, keeps_order=keeps_order, direction=direction))


@pytest.mark.parametrize("name", GRAPHS)
def test_arguments_stand_before_their_users(name):
    args = GRAPHS[name]
    layers = layered(args)
    assert min(layers.of) == 0
    for user, given_args in enumerate(args):
        assert all(layers.of[argument] < layers.of[user] for argument in given_args)
        if not given_args:
            users = [layers.of[u] for u, those in enumerate(args) if user in those]
            assert not users or layers.of[user] == min(users) - 1


def test_a_tree_has_no_crossing():
    draw = random.Random(1)
    args, roots = [], []
    for _ in range(40):
        args.append(())
        roots.append(len(args) - 1)
        while len(roots) > 1 and draw.random() < 0.6:
            args.append((roots.pop(-2), roots.pop()))
            roots.append(len(args) - 1)
    while len(roots) > 1:
        args.append((roots.pop(-2), roots.pop()))
        roots.append(len(args) - 1)
    layers = layered(args)
    assert crossings._crossings(layers, crossings.ordered(layers)) == 0


def test_crossings_are_counted_and_reduced():
    """Three against three, each to each: nine crossings of which none can go; a twist can."""
    full = [(), (), (), (0, 1, 2), (0, 1, 2), (0, 1, 2)]
    layers = layered(full)
    assert crossings._crossings(layers, crossings.ordered(layers)) == 9
    twisted = [(), (), (0,), (1,), (3,), (2,), (4, 5)]
    layers = layered(twisted)
    assert crossings._crossings(layers, [[0, 1], [3, 2], [4, 5], [6]]) == 1
    assert crossings._crossings(layers, crossings.ordered(layers)) == 0


def test_a_chain_is_straight():
    """What is in line with one argument stands right below it, whatever else arrives."""
    args = [()]
    for _ in range(30):
        args += [(), (len(args) - 1, len(args))]
    found = layout(args, [(80.0, 30.0)] * len(args))
    line = {found.centers[node][0] for node in range(2, len(args), 2)}
    assert max(line) - min(line) < 1.0


def test_a_trunk_is_straight_and_shared():
    found = layout(SKIPS, [(60.0, 30.0)] * len(SKIPS))
    bends = {
        point[0] for route in found.routes if route.source == 0 for point in route.points[1:-1]
    }
    long = [route for route in found.routes if route.source == 0 and route.target > 1]
    assert len({route.points[1] for route in long}) == 1
    assert len(bends) <= 5


def test_the_same_graph_gives_the_same_layout():
    boxes = sizes(SKIPS)
    assert layout(SKIPS, boxes) == layout(SKIPS, boxes)


@pytest.mark.parametrize(
    "args",
    [
        [(), *((number,) for number in range(10_000))],
        [(), *((number, 0) for number in range(5_000))],
        [(), *((number, number // 2) for number in range(5_000))],
    ],
    ids=["chain", "one to all", "half way back"],
)
def test_thousands_of_nodes(args):
    """Neither recursion nor dummies without end; the time is a generous bound on the order."""
    started = time.process_time()
    found = layout(args, [(80.0, 30.0)] * len(args))
    assert time.process_time() - started < 10.0
    assert len(layered(args).of) <= 8 * len(args) + 200
    assert all(math.isfinite(x) and math.isfinite(y) for x, y in found.centers)
