"""What every layout must keep: boxes apart, edges from box to box and round the others."""

from __future__ import annotations

import itertools
import random

import pytest


def sizes(args, seed=0):
    draw = random.Random(seed)
    return [(draw.uniform(30, 150), draw.uniform(20, 80)) for _ in args]


def between(start, end, flat, steps=10):
    """Give points on the way of one part of a route, as it is drawn."""
    along = 0 if flat else 1
    if abs(start[1 - along] - end[1 - along]) < 0.5:
        controls = [start, start, end, end]
    else:
        middle = (start[along] + end[along]) / 2
        one, other = list(start), list(end)
        one[along] = other[along] = middle
        controls = [start, one, other, end]
    for step in range(steps + 1):
        t = step / steps
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        yield tuple(
            sum(w * point[axis] for w, point in zip(weights, controls, strict=True))
            for axis in (0, 1)
        )


def check(args, boxes, found):
    rectangles = []
    for (x, y), (width, height) in zip(found.centers, boxes, strict=True):
        rectangle = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        assert rectangle[0] > 0 < rectangle[1]
        assert rectangle[2] < found.width
        assert rectangle[3] < found.height
        rectangles.append(rectangle)
    for one, other in itertools.combinations(rectangles, 2):
        apart = max(other[0] - one[2], one[0] - other[2], other[1] - one[3], one[1] - other[3])
        assert apart > 5
    flat = found.direction in ("LR", "RL")
    ways = [(route.source, route.target, route.place) for route in found.routes]
    assert ways == [
        (source, target, place)
        for target, given in enumerate(args)
        for place, source in enumerate(given)
    ]
    for route in found.routes:
        ends = {"TB": (3, 1), "BT": (1, 3), "LR": (2, 0), "RL": (0, 2)}[found.direction]
        along = 0 if flat else 1
        assert route.points[0][along] == pytest.approx(rectangles[route.source][ends[0]], abs=0.02)
        assert route.points[-1][along] == pytest.approx(rectangles[route.target][ends[1]], abs=0.02)
        for number, point in ((route.source, route.points[0]), (route.target, route.points[-1])):
            low, high = rectangles[number][1 - along], rectangles[number][3 - along]
            assert low + 3 <= point[1 - along] <= high - 3
        steps = [end[along] - start[along] for start, end in itertools.pairwise(route.points)]
        assert all(step > 0 for step in steps) or all(step < 0 for step in steps)
        for start, end in itertools.pairwise(route.points):
            for x, y in between(start, end, flat):
                assert 0 <= x <= found.width
                assert 0 <= y <= found.height
                for number, (left, top, right, bottom) in enumerate(rectangles):
                    if number not in (route.source, route.target):
                        assert not (left - 1 < x < right + 1 and top - 1 < y < bottom + 1)
