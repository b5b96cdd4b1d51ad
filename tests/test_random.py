"""Random numbers: what a seed determines, shapes, types, and what has a gradient."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import Value, random

DRAWS = [
    ("normal", (), {}),
    ("normal", ((2, 3),), {"loc": 5.0, "scale": 0.1}),
    ("normal", (4,), {"dtype": np.float32}),
    ("uniform", (), {}),
    ("uniform", (-1.0, 1.0, (2, 3)), {}),
    ("uniform", (0.0, 2.0, 5), {"dtype": "float32"}),
    ("integers", (10,), {}),
    ("integers", (-5, 5, (2, 3)), {}),
    ("permutation", (10,), {}),
    ("permutation", (np.arange(10.0),), {}),
    ("permutation", (np.arange(12.0).reshape(2, 6), 1), {}),
]


@pytest.mark.parametrize("row", DRAWS, ids=str)
def test_a_seed_determines_what_is_drawn(row):
    name, args, keywords = row

    def draw(**more):
        drawn = getattr(random, name)(*args, **keywords, **more)
        return np.array(drawn.data) if isinstance(drawn, Value) else np.array(drawn)

    random.seed(7)
    first, second = draw(), draw()
    random.seed(7)
    np.testing.assert_array_equal(draw(), first)
    own = np.random.default_rng(7)
    np.testing.assert_array_equal(draw(generator=own), first)
    np.testing.assert_array_equal(draw(), second)
    random.seed()


@pytest.mark.parametrize("requires_grad", [False, True])
@pytest.mark.parametrize("draw", [random.normal, random.uniform])
def test_constants_by_default(draw, requires_grad):
    assert not draw().requires_grad
    value = draw(shape=(2, 3), requires_grad=requires_grad)
    assert value.shape == (2, 3)
    assert value.is_leaf
    assert value.requires_grad is requires_grad
    assert draw(shape=2, dtype=np.float32).dtype == np.float32


def test_moments_and_bounds():
    own = np.random.default_rng(1)
    x = random.normal(100_000, 3.0, 2.0, generator=own)
    assert abs(x.data.mean() - 3.0) < 0.03
    assert abs(x.data.std() - 2.0) < 0.03
    y = random.uniform(-1.0, 2.0, 100_000, generator=own).data
    assert y.min() >= -1.0
    assert y.max() < 2.0
    assert type(random.integers(3)) is int


def test_gradient_follows_a_permutation():
    x = Value(np.arange(6.0).reshape(3, 2))
    y = random.permutation(x)
    (y * np.array([[1.0], [10.0], [100.0]])).sum().backward()
    order = (y.data[:, 0] / 2).astype(int)
    np.testing.assert_array_equal(x.grad[order], [[1.0, 1.0], [10.0, 10.0], [100.0, 100.0]])


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda: random.normal(2, dtype=int), TypeError, "dtype int64 was given"),
        (lambda: random.permutation(np.ones(2), 1), IndexError, "axis 1 was given"),
        (lambda: random.permutation("text"), TypeError, "str was given"),
    ],
)
def test_errors(call, kind, text):
    with pytest.raises(kind, match=text):
        call()
