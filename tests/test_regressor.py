"""Linear regression: exact, by descent, as a module, and with data that does not fit."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from autograd import Value, nn, optim

GENERATOR = np.random.default_rng(0)
X = GENERATOR.normal(size=(40, 3))
Y = X @ [1.0, -2.0, 0.5] + 3.0 + 0.1 * GENERATOR.normal(size=40)


def least_squares(x, y):
    """Return the weights and the bias by a way of their own."""
    solution = np.linalg.lstsq(np.c_[x, np.ones(len(x))], y, rcond=None)[0]
    return solution[:-1], solution[-1]


def test_gradlib_script():
    x = np.arange(0, 100, 1)
    y = np.arange(0, 100, 1) * 2
    sample = np.random.default_rng(0).permutation(y.shape[0])
    x, y = x[sample], y[sample]
    model = nn.Regressor()
    optimizer = optim.SGD(model.parameters, lr=3e-4)
    for _ in range(500):
        prediction = model.forward(x)
        loss = nn.losses.mse(prediction, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.data < 1e-2
    assert model.coef_[0] == pytest.approx(2.0, abs=1e-3)


def test_fit_is_exact():
    model = nn.Regressor(3)
    assert model.fit(X, Y) is model
    weights, bias = least_squares(X, Y)
    np.testing.assert_allclose(model.coef_, weights, rtol=1e-12)
    assert model.intercept_ == pytest.approx(bias, rel=1e-12)
    np.testing.assert_allclose(model.predict(X), X @ weights + bias, rtol=1e-12)
    residual = Y - model.predict(X)
    expected = 1 - residual @ residual / ((Y - Y.mean()) @ (Y - Y.mean()))
    assert model.score(X, Y) == pytest.approx(expected, rel=1e-12)
    nn.losses.mse(model(X), Y).backward()
    np.testing.assert_allclose([*model.weights.grad, model.bias.grad], 0.0, atol=1e-13)


@pytest.mark.parametrize("lr", [None, 0.1])
def test_descent_ends_where_the_exact_solution_is(lr):
    model = nn.Regressor(3).fit(X, Y, epochs=400, lr=lr)
    exact = nn.Regressor(3).fit(X, Y)
    np.testing.assert_allclose(model.coef_, exact.coef_, atol=1e-6)
    assert model.fit(X, Y, epochs=0).coef_.tolist() == model.coef_.tolist()
    before = model.score(X, Y)
    assert model.fit(X, Y, epochs=1).score(X, Y) >= before - 1e-15  # from where it was


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (np.arange(5), np.arange(5) * 2 + 1),
        (np.arange(5)[:, None], np.arange(5.0) * 2 + 1),
        ([0, 1, 2], [1, 3, 5]),
        ([[0], [1], [2]], [1, 3, 5]),
        (Value([0.0, 1.0, 2.0]), Value([1.0, 3.0, 5.0])),
        (np.array([False, True]), np.array([1, 3], np.int8)),
        (np.float32([0, 1]), [1, 3]),
        (np.array([0, 1], object), (1, 3)),
    ],
)
def test_one_feature(x, y):
    model = nn.Regressor().fit(x, y)
    assert model.coef_ == pytest.approx([2.0])
    assert model.intercept_ == pytest.approx(1.0)
    assert model.score(x, y) == pytest.approx(1.0)
    assert model.predict(x).shape == (len(y),)


@pytest.mark.parametrize(
    ("n_features", "shape", "result"),
    [
        (1, (), ()),
        (1, (5,), (5,)),
        (1, (5, 1), (5,)),
        (1, (2, 3, 1), (2, 3)),
        (3, (3,), ()),
        (3, (5, 3), (5,)),
        (3, (2, 5, 3), (2, 5)),
        (1, (0,), (0,)),
    ],
)
def test_shapes_of_a_call(n_features, shape, result):
    model = nn.Regressor(n_features)
    model.weights.data = np.arange(1.0, n_features + 1)
    model.bias.data = 0.5
    x = np.random.default_rng(1).normal(size=shape)
    expected = (x if shape[-1:] == (n_features,) and shape != (1,) else x[..., None]) @ (
        model.weights.data
    ) + 0.5
    for given in (x, Value(x), x.tolist()) if x.size else (x,):
        assert model(given).shape == result
        np.testing.assert_allclose(model(given).data, expected, rtol=1e-14)
        assert isinstance(model.predict(given), np.ndarray)


def test_before_fit_it_predicts_with_the_start():
    assert nn.Regressor(2).predict([[1.0, 2.0]]).tolist() == [0.0]
    assert [name for name, _ in nn.Regressor().named_parameters()] == ["weights", "bias"]


def test_features_without_a_unique_solution_have_the_smallest_weights():
    x = np.c_[np.arange(4.0), np.arange(4.0), np.ones(4)]
    model = nn.Regressor(3).fit(x, 2 * np.arange(4.0))
    np.testing.assert_allclose(model.coef_, [1.0, 1.0, 0.0], atol=1e-12)
    one = nn.Regressor().fit([5.0], [3.0])
    assert (one.coef_.tolist(), one.intercept_) == ([0.0], 3.0)
    assert nn.Regressor().fit([1, 2], [3, 3]).score([1, 2], [3, 3]) == 1.0


def test_copies_and_attributes():
    model = nn.Regressor(3).fit(X, Y)
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert (other.predict(X) == model.predict(X)).all()
    model.coef_[0] = 99.0  # a copy
    assert model.weights.data[0] != 99.0
    state = model.state_dict()
    fresh = nn.Regressor(3)
    fresh.load_state_dict(state)
    assert fresh.intercept_ == model.intercept_
    assert repr(model).startswith("Regressor: 4 parameters")


BAD = [
    (lambda _: nn.Regressor(0), "[Regressor] n_features is 0 - at least 1 is needed"),
    (
        lambda m: m.fit([1, 2], [1]),
        "[Regressor.fit] 2 samples and targets of shape (1,) were given",
    ),
    (lambda m: m.fit([1, 2], [[1], [2]]), "[Regressor.fit] 2 samples and targets of shape (2, 1)"),
    (lambda m: m.fit([], []), "[Regressor.fit] no samples were given - at least one is needed"),
    (lambda m: m.fit([1, np.nan], [1, 2]), "[Regressor.fit] x[1] is nan - a finite number is need"),
    (lambda m: m.fit([1, 2], [np.inf, 2]), "[Regressor.fit] y[0] is inf - a finite number is nee"),
    (lambda m: m.fit([[1, 2]], [1]), "[Regressor.fit] samples of shape (1, 2) were given - a last"),
    (lambda m: m.fit(3.0, [1]), "[Regressor.fit] samples of shape () were given - a last length"),
    (lambda m: m.fit(["a"], [1]), "[Regressor.fit] x is a list that is no array of numbers"),
    (lambda m: m.fit([[1], [1, 2]], [1, 2]), "[Regressor.fit] x is a list that is no array of num"),
    (lambda m: m.fit([1, 2], [1, 2], lr=0.1), "[Regressor.fit] lr=0.1 was given without epochs"),
    (lambda m: m.fit([1, 2], [1, 2], epochs=-1), "[Regressor.fit] epochs is -1 - at least 0 is"),
    (lambda m: m.fit([1, 2], [1, 2], epochs=1.5), "[Regressor.fit] epochs is 1.5, a float - an in"),
    (lambda m: m.fit([1, 2], [1, 2], epochs=1, lr=0), "[Regressor.fit] lr=0 was given - a pos"),
    (lambda m: m.fit([1, 2], [1, 2], epochs=3, lr=9.0), "[Regressor.fit] with lr=9.0 the error we"),
    (lambda m: m.fit([1, 2], [1, 2], epochs=999, lr=9.0), "[Regressor.fit] with lr=9.0 the error "),
    (lambda m: m.score([1, 2], [1]), "[Regressor.score] 2 samples and targets of shape (1,) were"),
    (lambda m: m.predict([[1, 2]]), "[Regressor] samples of shape (1, 2) were given - a last leng"),
    (lambda m: m("a"), "[Regressor] a str was given - an array or a list of numbers or Values is"),
]


@pytest.mark.parametrize(("line", "message"), BAD, ids=[row[1] for row in BAD])
def test_bad_input_changes_nothing(line, message):
    model = nn.Regressor()
    model.weights.data, model.bias.data = [0.75], 0.25
    with pytest.raises((ValueError, TypeError)) as caught:
        line(model)
    assert str(caught.value).startswith(message)
    assert str(caught.value).endswith(".")
    assert (model.coef_.tolist(), model.intercept_) == ([0.75], 0.25)


def test_a_call_names_the_features():
    with pytest.raises(
        ValueError, match=r"samples of shape \(3,\) were given - a last length of 2"
    ):
        nn.Regressor(2)([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"samples of shape \(\) were given - a last length of 2"):
        nn.Regressor(2)(1.0)
