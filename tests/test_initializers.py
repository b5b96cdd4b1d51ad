"""Initial weights have the size that their formulas promise."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from autograd import Value, nn
from autograd.nn import initializers

SHAPE = (60, 40)  # fan_in 40, fan_out 60
DEVIATIONS = {
    "uniform": (initializers.uniform, {}, 1 / math.sqrt(3)),
    "uniform in an interval": (initializers.uniform, {"low": -3.0, "high": 3.0}, math.sqrt(3)),
    "normal": (initializers.normal, {}, 1.0),
    "normal, small": (initializers.normal, {"scale": 0.02}, 0.02),
    "xavier uniform": (initializers.xavier_uniform, {}, math.sqrt(2 / 100)),
    "xavier uniform, tanh": (
        initializers.xavier_uniform,
        {"gain": "tanh"},
        5 / 3 * math.sqrt(2 / 100),
    ),
    "xavier normal": (initializers.xavier_normal, {"gain": 2.0}, 2 * math.sqrt(2 / 100)),
    "kaiming uniform": (initializers.kaiming_uniform, {}, math.sqrt(2 / 40)),
    "kaiming uniform, out": (initializers.kaiming_uniform, {"mode": "fan_out"}, math.sqrt(2 / 60)),
    "kaiming normal": (initializers.kaiming_normal, {}, math.sqrt(2 / 40)),
    "kaiming normal, linear": (initializers.kaiming_normal, {"gain": 1.0}, math.sqrt(1 / 40)),
    "orthogonal": (initializers.orthogonal, {}, math.sqrt(1 / 60)),
}


@pytest.mark.parametrize(("function", "options", "deviation"), DEVIATIONS.values(), ids=DEVIATIONS)
def test_mean_and_deviation(function, options, deviation):
    weights = function(SHAPE, **options, seed=0)
    assert (weights.shape, weights.dtype) == (SHAPE, np.float64)
    # 2,400 numbers: three deviations of the estimates.
    assert weights.std() == pytest.approx(deviation, rel=0.05)
    assert abs(weights.mean()) < 0.07 * deviation
    if "uniform" in function.__name__:
        assert abs(weights).max() <= math.sqrt(3) * deviation * (1 + 1e-12)
    elif "normal" in function.__name__:
        assert abs(weights).max() > 2.5 * deviation


@pytest.mark.parametrize("name", ["xavier_uniform", "xavier_normal", "kaiming_uniform"])
@pytest.mark.parametrize("shape", [(30, 20), (10, 8, 5)])
def test_sizes_as_in_pytorch(name, shape):
    import torch

    theirs = torch.empty(shape, dtype=torch.float64)
    torch.manual_seed(0)
    options = {"nonlinearity": "relu"} if name == "kaiming_uniform" else {}
    getattr(torch.nn.init, name + "_")(theirs, **options)
    ours = getattr(initializers, name)(shape, seed=0)
    assert ours.std() == pytest.approx(float(theirs.std()), rel=0.15)
    if "uniform" in name:
        assert abs(ours).max() == pytest.approx(float(theirs.abs().max()), rel=0.02)


def test_one_axis_is_a_neuron():
    weights = initializers.kaiming_normal(5000, "linear", seed=0)
    assert weights.shape == (5000,)
    assert weights.std() == pytest.approx(1 / math.sqrt(5000), rel=0.05)


@pytest.mark.parametrize("shape", [(4, 7), (7, 4), (5, 5), (3, 2, 4), (6,), (1, 1)])
@pytest.mark.parametrize("gain", [1.0, 2.5])
def test_orthogonal(shape, gain):
    weights = initializers.orthogonal(shape, gain, seed=1)
    assert weights.shape == shape
    matrix = weights.reshape(shape[0] if len(shape) > 1 else 1, -1)
    product = matrix @ matrix.T if matrix.shape[0] <= matrix.shape[1] else matrix.T @ matrix
    np.testing.assert_allclose(product, gain**2 * np.eye(len(product)), atol=1e-12)


def test_orthogonal_matrices_have_both_orientations():
    # Without the signs of R, LAPACK's reflections would favour one.
    drawn = [initializers.orthogonal((3, 3), seed=seed) for seed in range(200)]
    assert abs(np.mean([np.linalg.det(matrix) for matrix in drawn])) < 0.25
    assert abs(np.mean([matrix[0, 0] for matrix in drawn])) < 0.15


def test_constants():
    assert initializers.zeros((2, 3)).tolist() == [[0.0] * 3] * 2
    assert initializers.ones(2).tolist() == [1.0, 1.0]
    assert initializers.constant((1, 2), 0.25).tolist() == [[0.25, 0.25]]


@pytest.mark.parametrize("activation", ["linear", "sigmoid", "tanh", "relu", "leaky_relu"])
def test_gains_as_in_pytorch(activation):
    import torch

    assert initializers.gain(activation) == torch.nn.init.calculate_gain(activation)
    if activation == "leaky_relu":
        expected = torch.nn.init.calculate_gain(activation, 0.2)
        assert initializers.gain(activation, slope=0.2) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "elu", "silu", "gelu"])
def test_gains_keep_the_second_moment(activation):
    nodes, weights = np.polynomial.hermite_e.hermegauss(200)
    outputs = getattr(Value(nodes), activation)().data
    moment = float(weights @ outputs**2) / math.sqrt(2 * math.pi)
    # relu, elu: a kink at 0 limits the quadrature.
    assert initializers.gain(activation) == pytest.approx(moment**-0.5, rel=1e-3)
    if activation in ("silu", "gelu"):
        assert initializers.gain(activation) == pytest.approx(moment**-0.5, rel=1e-9)


@pytest.mark.parametrize("name", ["uniform", "kaiming_normal", "orthogonal"])
def test_seeds(name):
    function = getattr(initializers, name)
    first = function(SHAPE, seed=4)
    assert (function(SHAPE, seed=4) == first).all()
    assert (function(SHAPE, seed=np.random.default_rng(4)) == first).all()
    assert (function(SHAPE, seed=5) != first).any()
    other = function(SHAPE, seed=random.Random(4))
    random.seed(4)
    assert (function(SHAPE) == other).all()  # from Python's global generator
    assert (function(SHAPE) != other).any()


def test_names():
    assert initializers.named("zeros") is initializers.zeros
    assert initializers.named(initializers.constant) is initializers.constant
    for name in set(initializers.__all__) - {"constant", "gain", "named"}:
        assert initializers.named(name)((3, 2), seed=0).shape == (3, 2)


def test_a_deep_network_keeps_the_size_of_its_values():
    x = np.random.default_rng(0).normal(size=(50, 100))
    for initializer, low, high in (("kaiming_normal", 0.2, 5.0), ("xavier_normal", 0.0, 0.01)):
        net = nn.Net(100, [100] * 20, "relu", initializer=initializer, seed=0)
        assert low <= net(x).data.std() <= high


BAD = [
    (lambda: initializers.gain("swoosh"), "[gain] 'swoosh' was given - one of linear, sigmoid, ta"),
    (lambda: initializers.xavier_normal((3, 2), "x"), "[gain] 'x' was given - one of linear, sigm"),
    (
        lambda: initializers.xavier_normal((3, 2), 0),
        "[xavier_normal] gain=0 was given - a positive",
    ),
    (lambda: initializers.kaiming_normal((3, 2), math.nan), "[kaiming_normal] gain=nan was given"),
    (
        lambda: initializers.kaiming_normal((3, 2), mode="in"),
        "[kaiming_normal] mode='in' was given",
    ),
    (
        lambda: initializers.orthogonal(()),
        "[orthogonal] the shape () was given - at least one axis",
    ),
    (
        lambda: initializers.zeros((2, 0)),
        "[zeros] the shape (2, 0) was given - lengths of at least",
    ),
    (lambda: initializers.normal(-1), "[normal] the shape (-1,) was given - lengths of at least 1"),
    (lambda: initializers.normal((2, 1.5)), "[normal] the shape (2, 1.5) was given - ints are nee"),
    (lambda: initializers.normal(None), "[normal] the shape None was given - ints are needed"),
    (
        lambda: initializers.uniform(2, 1.0, 0.0),
        "[uniform] low=1.0 and high=0.0 were given - low <",
    ),
    (lambda: initializers.uniform(2, 0.0, math.inf), "[uniform] low=0.0 and high=inf were given"),
    (lambda: initializers.normal(2, scale=-1.0), "[normal] loc=0.0 and scale=-1.0 were given - fi"),
    (
        lambda: initializers.named("x"),
        "[initializers] initializer='x' was given - one of uniform, n",
    ),
    (lambda: initializers.named(None), "[initializers] initializer is None - a name or a function"),
]


@pytest.mark.parametrize(("line", "message"), BAD, ids=[row[1] for row in BAD])
def test_bad_input(line, message):
    with pytest.raises((ValueError, TypeError)) as caught:
        line()
    assert str(caught.value).startswith(message)
    assert str(caught.value).endswith(".")
