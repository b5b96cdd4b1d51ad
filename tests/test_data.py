"""The generated data sets, and batches of any data."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest

import autograd
from autograd import data, nn, optim
from autograd.data import Batches, circles, digits, moons, names, regression, spirals
from autograd.training import fit

# Generators of points with a class, and the number of classes.
CLASSIFIED = {
    "moons": (moons, 2),
    "circles": (circles, 2),
    "spirals": (spirals, 2),
    "digits": (digits, 10),
}
GENERATORS = {**{name: make for name, (make, _) in CLASSIFIED.items()}, "regression": regression}


@pytest.mark.parametrize("n", [1, 2, 7, 23])
@pytest.mark.parametrize("name", CLASSIFIED)
def test_shapes_types_and_balance(name, n):
    make, count = CLASSIFIED[name]
    points, classes = make(n, seed=0)
    assert points.shape == ((n, 28, 28) if name == "digits" else (n, 2))
    assert points.dtype == np.float64
    assert classes.shape == (n,)
    assert classes.dtype == np.int64
    sizes = np.bincount(classes, minlength=count)
    assert sizes.tolist() == [(n + place) // count for place in range(count)]


@pytest.mark.parametrize("name", GENERATORS)
def test_a_seed_gives_the_same_points_each_time(name):
    make = GENERATORS[name]
    for left, right in zip(make(50, seed=3), make(50, seed=3), strict=True):
        np.testing.assert_array_equal(left, right)
    assert not np.array_equal(make(50, seed=3)[0], make(50, seed=4)[0])
    assert not np.array_equal(make(50)[0], make(50)[0])


@pytest.mark.parametrize("name", CLASSIFIED)
def test_the_points_are_shuffled(name):
    make, count = CLASSIFIED[name]
    _, classes = make(100, seed=0)
    expected = 99 * (1 - 1 / count)
    assert abs(np.count_nonzero(np.diff(classes)) - expected) < 25


def test_without_noise_moons_are_two_half_circles():
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


def test_moons_stay_what_they_were():
    points, classes = moons(5, noise=0.1, seed=0)
    assert classes.tolist() == [1, 1, 1, 0, 0]
    first, last = (
        [0.010490011715303971, 0.4464330626838889],
        [-0.9958674020652757, -0.23250307746388332],
    )
    np.testing.assert_allclose(points[[0, -1]], [first, last], rtol=1e-14)


def test_without_noise_circles_have_their_radii():
    points, classes = circles(41, noise=0.0, factor=0.3, seed=1)
    np.testing.assert_allclose(np.hypot(*points.T), np.where(classes == 0, 1.0, 0.3), rtol=1e-14)
    angles = np.sort(np.arctan2(*points[classes == 0].T[::-1]) % (2 * np.pi))
    np.testing.assert_allclose(np.diff(angles), 2 * np.pi / 20, rtol=1e-9)


def test_without_noise_spirals_have_their_angles():
    points, classes = spirals(90, arms=3, turns=-1.5, noise=0.0, seed=1)
    radii = np.hypot(*points.T)
    angles = np.arctan2(points[:, 1], points[:, 0])
    expected = 2 * np.pi * (-1.5 * radii + classes / 3)
    np.testing.assert_allclose(np.exp(1j * angles), np.exp(1j * expected), atol=1e-12)
    for arm in range(3):
        np.testing.assert_allclose(np.sort(radii[classes == arm]), np.linspace(0.1, 1, 30))


@pytest.mark.parametrize("make", [moons, circles, spirals, regression])
def test_noise_has_the_deviation_that_was_asked_for(make):
    noisy, clean = (make(20_000, noise=noise, seed=2) for noise in (0.25, 0.0))
    difference = noisy[1] - clean[1] if make is regression else noisy[0] - clean[0]
    assert np.abs(difference.mean(axis=0)).max() < 0.01
    np.testing.assert_allclose(difference.std(axis=0), 0.25, rtol=0.02)


@pytest.mark.parametrize("width", [1, 3])
def test_regression_is_found_again_by_least_squares(width):
    weights = [2.0, -1.0, 0.5][:width]
    x, y = regression(5_000, width, weights=weights, bias=4.0, noise=0.01, seed=0)
    assert (x.shape, y.shape, x.dtype, y.dtype) == ((5_000, width), (5_000,), float, float)
    found = np.linalg.lstsq(np.column_stack([x, np.ones(len(x))]), y, rcond=None)[0]
    np.testing.assert_allclose(found, [*weights, 4.0], atol=2e-3)


def test_regression_draws_the_same_plane_for_any_number_of_points():
    planes = []
    for n in (10, 100):
        x, y = regression(n, 2, noise=0.0, seed=6)
        planes.append(np.linalg.lstsq(x, y, rcond=None)[0])
    np.testing.assert_allclose(*planes, rtol=1e-9)


def test_digits_are_pictures_that_a_small_network_learns():
    pictures, classes = digits(900, seed=0)
    assert pictures.min() == 0.0
    assert pictures.max() == 1.0
    # No two are equal, also without noise; and there is a frame of paper.
    clean, _ = digits(60, noise=0.0, seed=1)
    assert len({picture.tobytes() for picture in clean}) == 60
    assert 0.05 < clean.mean() < 0.3
    assert clean[:, [0, -1]].mean() + clean[:, :, [0, -1]].mean() < 0.01
    x, x_test, y, y_test = data.train_test_split(pictures.reshape(-1, 784), classes, seed=0)
    model = nn.Net(784, [32, 10], "tanh", output_activation="linear", seed=0)
    for layer in model.layers:  # not U(-1, 1): 784 inputs would saturate every tanh
        layer.weights.data *= layer.n_in**-0.5
    fit(model, "cross_entropy", optim.Adam(model, lr=3e-3), (x, y), 8, batch_size=16, seed=0)
    assert (model(x_test).data.argmax(axis=1) == y_test).mean() > 0.95


def test_names_of_the_package():
    given = names()
    assert 80 <= len(given) <= 200
    assert given == sorted(set(given))
    assert all(re.fullmatch("[a-z]{3,8}", name) for name in given)
    given.clear()
    assert names()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"ada\nbob\n", ["ada", "bob"]),
        (b"\xef\xbb\xbf ada \r\n\r\n\tmary ann\r\n", ["ada", "mary ann"]),
        ("zoë\nada".encode(), ["zoë", "ada"]),
    ],
)
@pytest.mark.parametrize("as_path", [str, lambda path: path])
def test_names_of_a_file(tmp_path, raw, expected, as_path):
    path = tmp_path / "names.txt"
    path.write_bytes(raw)
    assert names(as_path(path)) == expected


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", r"names\.txt has no names - at least one is needed"),
        (b" \n\n", r"names\.txt has no names - at least one is needed"),
        (b"ada\nbob\nzo\xeb\n", r"line 3 of .*names\.txt is not UTF-8 - text in UTF-8 is needed"),
    ],
)
def test_a_file_without_names_is_refused(tmp_path, raw, message):
    path = tmp_path / "names.txt"
    path.write_bytes(raw)
    with pytest.raises(ValueError, match=rf"^\[names\] .*{message}"):
        names(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.txt"):
        names(tmp_path / "nowhere.txt")


@pytest.mark.parametrize("name", GENERATORS)
@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"n": 0}, ValueError, "n=0 was given - at least 1 is needed"),
        ({"n": -3}, ValueError, "n=-3 was given - at least 1 is needed"),
        ({"n": 1.5}, TypeError, "n is 1.5, a float - an integer is needed"),
        ({"n": "3"}, TypeError, "n is '3', a str - an integer is needed"),
        ({"n": None}, TypeError, "n is None, a NoneType - an integer is needed"),
        ({"noise": -0.1}, ValueError, "noise=-0.1 was given - a finite number >= 0 is needed"),
        ({"noise": math.nan}, ValueError, "noise=nan was given - a finite number >= 0 is needed"),
        ({"noise": math.inf}, ValueError, "noise=inf was given - a finite number >= 0 is needed"),
        ({"noise": "1"}, TypeError, "noise is '1', a str - a finite number >= 0 is needed"),
        ({"seed": -1}, ValueError, "seed=-1 was given - at least 0 is needed"),
        ({"seed": 0.5}, TypeError, "seed is 0.5, a float - an integer is needed"),
    ],
)
def test_bad_arguments_of_all_generators(name, given, error, message):
    with pytest.raises(error, match=rf"^\[{name}\] {re.escape(message)}"):
        GENERATORS[name](**{"n": 10, **given})


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: circles(9, factor=1.0), ValueError, "[circles] factor=1.0 was given - a finite"),
        (lambda: circles(9, factor=0), ValueError, "[circles] factor=0 was given - a finite numb"),
        (lambda: spirals(9, arms=0), ValueError, "[spirals] arms=0 was given - at least 1 is"),
        (lambda: spirals(9, turns=math.inf), ValueError, "[spirals] turns=inf was given - a fin"),
        (lambda: regression(9, 0), ValueError, "[regression] n_features=0 was given - at least 1"),
        (
            lambda: regression(9, 2, weights=[1.0]),
            ValueError,
            "[regression] weights of shape (1,) and n_features=2 were given - one weight for each",
        ),
        (
            lambda: regression(9, 2, weights=[1.0, math.nan]),
            ValueError,
            "[regression] weights[1]=nan was given - a finite number is needed",
        ),
        (lambda: regression(9, bias=math.nan), ValueError, "[regression] bias=nan was given - a f"),
    ],
)
def test_bad_arguments_of_one_generator(call, error, message):
    with pytest.raises(error, match=rf"^{re.escape(message)}"):
        call()


# Batches


def listed(batches):
    return [tuple(part.tolist() for part in batch) for batch in batches]


@pytest.mark.parametrize(
    ("n", "size", "drop_last", "sizes"),
    [
        (10, 4, False, [4, 4, 2]),
        (10, 4, True, [4, 4]),
        (8, 4, False, [4, 4]),
        (8, 4, True, [4, 4]),
        (3, 5, False, [3]),
        (3, 3, True, [3]),
        (1, 1, True, [1]),
    ],
)
@pytest.mark.parametrize("shuffle", [True, False])
def test_batches_cover_each_epoch_once(n, size, drop_last, sizes, shuffle):
    x, y = np.arange(2.0 * n).reshape(n, 2), np.arange(n)
    batches = Batches(x, y, size=size, seed=1, shuffle=shuffle, drop_last=drop_last)
    assert len(batches) == len(sizes)
    for epoch in range(3):
        order = np.random.default_rng([1, epoch]).permutation(n) if shuffle else np.arange(n)
        seen = list(batches)
        assert [len(left) for left, _ in seen] == [len(right) for _, right in seen] == sizes
        taken = order[: sum(sizes)]
        np.testing.assert_array_equal(np.concatenate([left for left, _ in seen]), x[taken])
        np.testing.assert_array_equal(np.concatenate([right for _, right in seen]), y[taken])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
        (["ada", "bob"], ["ada", "bob"]),
        (range(2), [0, 1]),
        (np.array([True, False]), [True, False]),
    ],
)
def test_what_batches_take(given, expected):
    (batch,) = Batches(given, size=2, shuffle=False)
    assert type(batch) is tuple
    assert len(batch) == 1
    assert batch[0].tolist() == expected


def test_without_a_seed_one_is_drawn_and_kept():
    first, second = (Batches(np.arange(50), size=50) for _ in range(2))
    assert first.seed != second.seed
    assert listed(first) != listed(second)
    again = Batches(np.arange(50), size=50, seed=first.seed)
    assert listed(again) == listed(Batches(np.arange(50), size=50, seed=first.seed))
    assert 0 <= first.seed < 2**48  # any JSON has room for it


@pytest.mark.parametrize("epochs", [0, 1, 3])
@pytest.mark.parametrize("position", [0, 1, 2, 3])
def test_a_state_goes_on_at_its_place(epochs, position):
    def make(seed):
        return Batches(np.arange(10), np.arange(10) * 2, size=3, seed=seed)

    batches = make(5)
    for _ in range(epochs):
        list(batches)
    going = iter(batches)
    for _ in range(position):
        next(going)
    state = json.loads(json.dumps(batches.state_dict()))
    assert state == {"seed": 5, "epoch": epochs, "position": position}
    rest = [listed(going), listed(batches), listed(batches)]
    resumed = make(99)
    resumed.load_state_dict(state)
    assert resumed.state_dict() == state
    assert [listed(resumed) for _ in range(3)] == rest


def test_after_the_last_batch_the_state_is_that_of_the_next_epoch():
    batches = Batches(np.arange(4), size=2, seed=0)
    states = [batches.state_dict() for _ in batches]
    assert [(state["epoch"], state["position"]) for state in states] == [(0, 1), (1, 0)]


def test_an_epoch_that_is_broken_off_is_over():
    batches = Batches(np.arange(6), size=2, seed=0)
    next(iter(batches))
    assert batches.state_dict()["position"] == 1
    other = Batches(np.arange(6), size=2, seed=0)
    list(other)
    assert listed(batches) == listed(other)
    assert batches.state_dict() == other.state_dict()


def test_two_iterators_do_not_disturb_each_other():
    batches, alone = (Batches(np.arange(6), size=2, seed=0) for _ in range(2))
    expected = [listed(alone), listed(alone)]
    first = iter(batches)
    head = [next(first)]
    second = iter(batches)
    # The state is that of the latest one.
    assert listed(second) == expected[1]
    assert listed(head + list(first)) == expected[0]
    assert batches.state_dict() == alone.state_dict()


def test_without_shuffling_batches_are_views():
    x = np.arange(6.0)
    for (part,) in Batches(x, size=4, shuffle=False):
        assert np.shares_memory(part, x)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({}, "'seed' is missing, 'epoch' is missing, 'position' is missing"),
        ({"seed": 1, "epoch": 1}, "'position' is missing"),
        ({"seed": 1, "epoch": 1, "position": 0, "x": 1}, "'x' is unexpected"),
        ({"seed": -1, "epoch": -2, "position": 0}, "'seed' is -1, 'epoch' is -2"),
        ({"seed": 1, "epoch": 1.5, "position": "0"}, "'epoch' is 1.5, 'position' is '0'"),
        ({"seed": 1, "epoch": 1, "position": True}, "'position' is True"),
        ({"seed": 1, "epoch": 1, "position": 3}, "'position' is 3 of 3 batches"),
    ],
)
def test_a_bad_state_changes_nothing(state, message):
    batches = Batches(np.arange(6), size=2, seed=7)
    next(iter(batches))
    before = batches.state_dict()
    with pytest.raises(
        ValueError, match=rf"^\[Batches\.load_state_dict\] {re.escape(message)} - .* are needed"
    ):
        batches.load_state_dict(state)
    assert batches.state_dict() == before


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Batches(size=1), ValueError, "[Batches] no arrays were given - at least one is"),
        (
            lambda: Batches([1, 2], [1, 2, 3], size=1),
            ValueError,
            "[Batches] arrays of lengths 2, 3 were given - one length is needed",
        ),
        (
            lambda: Batches([], [], size=1),
            ValueError,
            "[Batches] arrays of length 0 were given - at least one sample is needed",
        ),
        (lambda: Batches([1], size=0), ValueError, "[Batches] size=0 was given - at least 1 is n"),
        (lambda: Batches([1], size=1.0), TypeError, "[Batches] size is 1.0, a float - an integer"),
        (lambda: Batches([1], size=1, seed="a"), TypeError, "[Batches] seed is 'a', a str - an in"),
        (
            lambda: Batches([1], size=2, drop_last=True),
            ValueError,
            "[Batches] size=2 with drop_last=True and 1 samples were given - a full batch",
        ),
        (
            lambda: Batches([1], [[1, 2], [3]], size=1),
            TypeError,
            "[Batches] array 1 is a list that is no array of numbers or text - an ndarray",
        ),
        (lambda: Batches(1.0, size=1), TypeError, "[Batches] array 0 is a float that is no array"),
        (
            lambda: Batches(autograd.Value([1.0]), size=1),
            TypeError,
            "[Batches] array 0 is a Value - an ndarray or a list is needed",
        ),
        (
            lambda: data.train_test_split([1, 2], [1, 2, 3]),
            ValueError,
            "[train_test_split] arrays of lengths 2, 3 were given - one length is needed",
        ),
        (
            lambda: data.train_test_split([1]),
            ValueError,
            "[train_test_split] 1 sample was given - at least 2 are needed",
        ),
        (
            lambda: data.train_test_split([1, 2], test=1.0),
            ValueError,
            "[train_test_split] test=1.0 was given - a finite number > 0 and < 1 is needed",
        ),
        (
            lambda: data.train_test_split([1, 2], seed=-1),
            ValueError,
            "[train_test_split] seed=-1 was given - at least 0 is needed",
        ),
    ],
)
def test_bad_arguments_of_batches_and_splits(call, error, message):
    with pytest.raises(error, match=rf"^{re.escape(message)}"):
        call()


@pytest.mark.parametrize(
    ("n", "test", "size"), [(100, 0.25, 25), (2, 0.01, 1), (2, 0.99, 1), (3, 0.5, 2), (7, 0.3, 2)]
)
def test_a_split_puts_each_sample_into_one_part(n, test, size):
    x, y = np.arange(2 * n).reshape(n, 2), list(range(n))
    x_train, x_test, y_train, y_test = data.train_test_split(x, y, test=test, seed=0)
    assert (len(x_test), len(y_test)) == (size, size)
    assert sorted([*y_train, *y_test]) == y
    np.testing.assert_array_equal(x_train[:, 0], 2 * y_train)
    np.testing.assert_array_equal(x_test[:, 0], 2 * y_test)


def test_a_split_depends_on_the_seed():
    def parts(seed):
        return data.train_test_split(range(50), seed=seed)[1].tolist()

    assert parts(1) == parts(1)
    assert len({str(parts(seed)) for seed in (0, 1, None, None)}) == 4
