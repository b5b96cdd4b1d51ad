"""The generated data sets."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograd.data import moons


@pytest.mark.parametrize("n", [1, 2, 7, 100])
def test_shapes_types_and_balance(n):
    points, classes = moons(n, seed=0)
    assert points.shape == (n, 2)
    assert points.dtype == np.float64
    assert classes.shape == (n,)
    assert classes.dtype == np.int64
    assert np.bincount(classes, minlength=2).tolist() == [n // 2, n - n // 2]


def test_without_noise_the_points_lie_on_two_half_circles():
    points, classes = moons(41, noise=0.0, seed=1)
    upper, lower = points[classes == 0], points[classes == 1]
    np.testing.assert_allclose(np.hypot(*upper.T), 1.0, rtol=1e-15)
    np.testing.assert_allclose(np.hypot(*(lower - [1.0, 0.5]).T), 1.0, rtol=1e-15)
    assert upper[:, 1].min() >= 0.0
    assert lower[:, 1].max() <= 0.5
    # evenly spaced from end to end
    np.testing.assert_allclose(
        np.sort(np.arctan2(upper[:, 1], upper[:, 0])), np.linspace(0, math.pi, 20), atol=1e-15
    )


def test_noise_has_the_deviation_that_was_asked_for():
    noisy, _ = moons(20_000, noise=0.25, seed=2)
    clean, _ = moons(20_000, noise=0.0, seed=2)
    difference = noisy - clean
    assert np.abs(difference.mean(axis=0)).max() < 0.01
    np.testing.assert_allclose(difference.std(axis=0), 0.25, rtol=0.02)


def test_a_seed_gives_the_same_points_each_time():
    for left, right in zip(moons(50, seed=3), moons(50, seed=3), strict=True):
        np.testing.assert_array_equal(left, right)
    assert not np.array_equal(moons(50, seed=3)[0], moons(50, seed=4)[0])
    assert not np.array_equal(moons(50)[0], moons(50)[0])


def test_the_points_are_shuffled():
    _, classes = moons(100, seed=0)
    assert 20 < np.count_nonzero(np.diff(classes)) < 80


@pytest.mark.parametrize("n", [0, -3])
def test_too_few_points_are_refused(n):
    with pytest.raises(ValueError, match=rf"^\[moons\] n={n} was given - at least 1 is needed"):
        moons(n)


@pytest.mark.parametrize("n", [1.5, "3", None])
def test_a_count_that_is_no_integer_is_refused(n):
    with pytest.raises(TypeError, match=r"^\[moons\] n is .* - an integer is needed"):
        moons(n)


@pytest.mark.parametrize("noise", [-0.1, math.nan, math.inf])
def test_bad_noise_is_refused(noise):
    with pytest.raises(ValueError, match=r"^\[moons\] noise=.* - a finite number >= 0 is needed"):
        moons(10, noise=noise)
