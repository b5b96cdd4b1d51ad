"""Random numbers: what a seed determines, shapes, types, and what has a gradient."""

from __future__ import annotations

import copy
import json
import random as python_random

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


# --- where the sequence stands --------------------------------------------------------------------


def drawn():
    """Draw some of everything: of an odd number of 32-bit words, and one of a pair of normals."""
    return (
        random.normal((2, 3)).data.tolist(),
        random.integers(10, shape=3).tolist(),
        random.permutation(5).tolist(),
        python_random.random(),
        python_random.gauss(0.0, 1.0),
    )


@pytest.mark.parametrize("seed", [0, 7, None])
@pytest.mark.parametrize("times", [0, 1, 2])
def test_a_state_brings_back_what_is_drawn(seed, times):
    random.seed(seed)
    for _ in range(times):
        random.integers(10, shape=1)
        python_random.gauss(0.0, 1.0)
    state = random.state_dict()
    text = json.dumps(state)
    first = drawn()
    assert json.dumps(state) == text  # it does not move on
    for kept in (state, json.loads(text), copy.deepcopy(state)):
        random.seed(3)
        drawn()
        random.load_state_dict(kept)
        assert random.state_dict() == state
        assert drawn() == first


def changed(state, way, value):
    """Return a state with something else in one place; nothing there for the value `...`."""
    other = json.loads(json.dumps(state))
    *owners, last = way
    owner = other
    for key in owners:
        owner = owner[key]
    if value is ...:
        del owner[last]
    else:
        owner[last] = value
    return other


NUMPY, PYTHON = "the part 'numpy' is no state", "the part 'python' is no state"


@pytest.mark.parametrize(
    ("way", "value", "message"),
    [
        (("numpy",), ..., "the state lacks 'numpy' - 'numpy' and 'python' are needed"),
        (("python",), ..., "the state lacks 'python' - "),
        (("torch",), 1, "the state has 'torch' - "),
        (("numpy",), None, NUMPY),
        (("numpy",), {}, NUMPY),
        (("numpy", "bit_generator"), "MT19937", NUMPY),
        (("numpy", "state"), {}, NUMPY),
        (("numpy", "state", "state"), -1, NUMPY),
        (("numpy", "state", "state"), 2**128, NUMPY),
        (("numpy", "state", "state"), 1.0, NUMPY),
        (("numpy", "state", "inc"), 2, NUMPY),
        (("numpy", "state", "inc"), ..., NUMPY),
        (("numpy", "has_uint32"), 2, NUMPY),
        (("numpy", "has_uint32"), True, NUMPY),
        (("numpy", "uinteger"), 2**32, NUMPY),
        (("numpy", "more"), 1, NUMPY),
        (("python",), [], PYTHON),
        (("python", "version"), 2, PYTHON),
        (("python", "version"), ..., PYTHON),
        (("python", "words"), None, PYTHON),
        (("python", "words"), [1], PYTHON),
        (("python", "words"), [0] * 625, PYTHON),
        (("python", "words"), [1] * 624 + [625], PYTHON),
        (("python", "words"), [2**32] * 624 + [1], PYTHON),
        (("python", "words"), [-1] * 625, PYTHON),
        (("python", "words"), [1.0] * 625, PYTHON),
        (("python", "words"), ["1"] * 625, PYTHON),
        (("python", "gauss"), "0.5", PYTHON),
        (("python", "gauss"), 1, PYTHON),
        (("python", "more"), 1, PYTHON),
    ],
    ids=str,
)
def test_what_is_no_state_is_refused_and_changes_nothing(way, value, message):
    before = random.state_dict()
    random.seed(1)
    other = changed(random.state_dict(), way, value)
    random.load_state_dict(before)
    with pytest.raises(ValueError, match=rf"^\[random.load_state_dict\] {message}"):
        random.load_state_dict(other)
    assert random.state_dict() == before


@pytest.mark.parametrize("bad", [None, [], "state", 3])
def test_a_state_is_a_dict(bad):
    with pytest.raises(TypeError, match=r"^\[random.load_state_dict\] a \w+ was given - a dict is"):
        random.load_state_dict(bad)
