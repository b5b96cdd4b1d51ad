"""`optim.minimize`: known minima, exact derivatives, and what is refused."""

from __future__ import annotations

import math
import sys
from itertools import pairwise

import numpy as np
import pytest

import autograd
from autograd import NoGradientError, Value
from autograd.optim import minimize
from autograd.optim.layout import Layout
from autograd.optim.minimize import _METHODS
from autograd.optim.objective import Constraint, Objective

scipy_optimize = pytest.importorskip("scipy.optimize")

METHODS = list(_METHODS.values())
EXACT = [method for method in METHODS if method.gradient]
SECOND = [method for method in METHODS if method.hessian]


def rosenbrock(x):
    """The minimum is 0 at (1, ..., 1); H. H. Rosenbrock, The Computer Journal 3 (1960), 175."""
    return (100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2).sum()


def bowl(x):
    """Strictly convex, its minimum 3 at (1, -2); nowhere quadratic."""
    u, v = x[0] - 1.0, x[1] + 2.0
    return 3.0 + u * u + 0.1 * u**4 + 2.0 * v * v + 0.2 * v**4 + u * v


class Counted:
    """A function that knows at which points it was called."""

    def __init__(self, function):
        self.function, self.points = function, []

    def __call__(self, x):
        self.points.append(
            autograd.stack(list(x)).data.tobytes() if type(x) is list else x.data.tobytes()
        )
        return self.function(x)


# --- known minima ---------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_each_method_finds_the_minimum(method):
    function = Counted(bowl)
    result = minimize(function, np.array([0.0, 0.0]), method=method.name, tol=1e-9)
    np.testing.assert_allclose(result.x, [1.0, -2.0], atol=2e-4)
    np.testing.assert_array_equal(result.x, result.x_flat)
    assert not np.shares_memory(result.x, result.x_flat)
    assert math.isclose(result.fun, 3.0, rel_tol=1e-7)
    # Recorded once for value, gradient and Hessian; SciPy counts the values that it asked for.
    assert len(function.points) <= result.nfev
    assert all(one != other for one, other in pairwise(function.points))
    if method.gradient:
        assert np.abs(np.atleast_1d(result.get("grad", result.jac))).max() < 1e-3


@pytest.mark.parametrize("method", SECOND, ids=lambda method: method.name)
@pytest.mark.parametrize("size", [2, 10])
def test_rosenbrock(method, size):
    function = Counted(rosenbrock)
    result = minimize(function, np.full(size, -0.5), method=method.name, tol=1e-8)
    np.testing.assert_allclose(result.x, np.ones(size), atol=1e-5)
    assert len(function.points) == len(set(function.points))


@pytest.mark.parametrize("method", ["CG", "BFGS", "L-BFGS-B", "TNC", "SLSQP", None, "bfgs"])
def test_the_same_steps_as_with_derivatives_by_hand(method):
    """SciPy's own Rosenbrock function and its derivative, in the formulas of a textbook."""
    start = np.array([-1.2, 1.0, 0.7, 1.1])
    ours = minimize(rosenbrock, start, method=method)
    theirs = scipy_optimize.minimize(
        scipy_optimize.rosen, start, jac=scipy_optimize.rosen_der, method=method
    )
    np.testing.assert_allclose(ours.x, theirs.x, rtol=1e-3)
    assert ours.success == theirs.success
    assert abs(ours.nfev - theirs.nfev) <= 0.25 * theirs.nfev  # CG wanders with the last bit


def test_logistic_regression():
    """The gradient of a convex loss is zero at its only minimum: checked by hand."""
    generator = np.random.default_rng(0)
    x = generator.normal(size=(200, 3))
    y = (generator.uniform(size=200) < 1 / (1 + np.exp(-(x @ [1.0, -2.0, 0.5] + 0.3)))).astype(
        float
    )

    def loss(p):
        scores = x @ p["w"] + p["b"]
        return (autograd.softplus(scores) - y * scores).mean()

    found = {
        method: minimize(loss, {"w": np.zeros(3), "b": 0.0}, method=method, tol=1e-10)
        for method in ("BFGS", "Newton-CG", "trust-exact")
    }
    for result in found.values():
        w, b = result.x["w"], result.x["b"]
        assert (type(w), type(b)) == (np.ndarray, float)
        residual = 1 / (1 + np.exp(-(x @ w + b))) - y
        np.testing.assert_allclose(x.T @ residual / 200, 0.0, atol=1e-6)
        assert abs(residual.mean()) < 1e-6
        np.testing.assert_array_equal(result.x_flat, [*w, b])


@pytest.mark.parametrize("method", ["SLSQP", "trust-constr", "COBYLA", "COBYQA", None])
def test_constraints(method):
    """The point of the unit circle that is nearest to (3, 4), and of a half plane as well."""
    if method == "COBYLA":  # before, it takes no equations
        pytest.importorskip("scipy", minversion="1.16")

    def distance(p):
        return (p["x"] - 3.0) ** 2 + (p["y"] - 4.0) ** 2

    circle = {"type": "eq", "fun": lambda p: p["x"] ** 2 + p["y"] ** 2 - 1.0}
    start = {"x": 0.5, "y": 0.5}
    result = minimize(distance, start, method=method, constraints=circle, tol=1e-8)
    np.testing.assert_allclose([result.x["x"], result.x["y"]], [0.6, 0.8], atol=1e-4)
    half = {"type": "ineq", "fun": lambda p, low: [p["x"] - low, 1.0 - p["y"]], "args": (0.8,)}
    result = minimize(distance, start, method=method, constraints=[circle, half], tol=1e-8)
    np.testing.assert_allclose([result.x["x"], result.x["y"]], [0.8, 0.6], atol=1e-4)


@pytest.mark.filterwarnings("ignore:delta_grad == 0")  # SciPy's guess of a Hessian that is zero
@pytest.mark.parametrize("method", ["SLSQP", "trust-constr"])
def test_constraints_of_scipys_get_the_vector(method):
    seen = []

    def total(vector):
        seen.append(type(vector))
        return vector.sum() - 1.0

    function = lambda x: (x * x).sum()  # noqa: E731
    ones = {"type": "eq", "fun": total, "jac": lambda vector: np.ones((1, vector.size))}
    linear = scipy_optimize.LinearConstraint(np.ones((1, 3)), 1.0, 1.0)
    for constraint in (ones, linear, [linear]):
        result = minimize(
            function, np.array([1.0, 0.0, 0.0]), method=method, constraints=constraint
        )
        np.testing.assert_allclose(result.x, np.full(3, 1 / 3), atol=1e-5)
    assert set(seen) == {np.ndarray}


@pytest.mark.parametrize(
    "method", [None, *(method.name for method in METHODS if method.bounds)], ids=str
)
def test_bounds(method):
    pairs = [(None, 0.0), (-1.0, 3.0)]
    for bounds in (pairs, iter(pairs), scipy_optimize.Bounds([-9, -1], [0.0, 3])):
        result = minimize(bowl, [-1.0, 0.0], method=method, bounds=bounds, tol=1e-8)
        np.testing.assert_allclose(result.x, [0.0, -1.0], atol=1e-3)


# --- structure ------------------------------------------------------------------------------------

STARTS = [
    3.0,
    3,
    np.float32(3.0),
    np.array(3.0),
    Value(3.0),
    [3.0],
    (3.0, [2.0, 4]),
    np.arange(3.0),
    np.arange(3),
    np.ones((2, 3), np.float32),
    Value(np.ones((2, 3))),
    {
        "w": np.ones((1, 2)),
        "b": (Value(1.0), [Value([2.0, 3.0])]),
        "name": "x",
        "no": None,
        "t": True,
    },
]


@pytest.mark.parametrize("start", STARTS, ids=str)
@pytest.mark.parametrize("method", ["BFGS", "Nelder-Mead", "Newton-CG", "trust-exact"])
def test_the_result_has_the_structure_of_the_start(start, method):
    from autograd.transforms.trees import leaves, places

    seen = []

    def function(x):
        parts = [leaf for leaf in leaves(x) if isinstance(leaf, Value)]
        seen.append(places(x))
        return sum(
            ((part - 0.25) ** 2).sum() if part.ndim else (part - 0.25) ** 2 for part in parts
        )

    result = minimize(function, start, method=method, tol=1e-8, options={"maxiter": 2000})
    assert all(place == places(start) for place in seen)
    assert places(result.x) == places(start)
    for one, other in zip(leaves(start), leaves(result.x), strict=True):
        if one is None or isinstance(one, str | bool):
            assert other is one
        else:
            assert type(other) is (np.ndarray if np.ndim(getattr(one, "data", one)) else float)
            assert np.shape(other) == np.shape(one)
            np.testing.assert_allclose(other, 0.25, atol=1e-3)
    assert result.x_flat.ndim == 1


def test_the_start_is_not_changed():
    array, value = np.ones(2), Value([3.0, 4.0])
    minimize(lambda p: (p[0] ** 2).sum() + (p[1] ** 2).sum(), [array, value])
    np.testing.assert_array_equal(array, [1.0, 1.0])
    np.testing.assert_array_equal(value.data, [3.0, 4.0])
    np.testing.assert_array_equal(value.grad, [0.0, 0.0])


def test_what_the_function_does_with_its_argument_stays_there():
    def function(x):
        result = ((x - 1.0) ** 2).sum()
        x.data = x.data * 0.0
        return result

    with pytest.raises(autograd.StaleValueError):
        minimize(function, np.zeros(2))


def test_inside_of_no_grad_and_of_a_transform():
    with autograd.no_grad():
        assert abs(minimize(lambda x: (x - 2.0) ** 2, 0.0).x - 2.0) < 1e-6

    def outer(a):
        return a * minimize(lambda x: (x - a) ** 2, 0.0).x

    assert abs(autograd.grad(outer)(3.0) - 3.0) < 1e-6  # the minimum is a number


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_callback_gets_the_structure(method):
    seen = []
    result = minimize(
        lambda p: (p["x"] - 1.0).cosh() + (p["y"] ** 2).sum(),
        {"x": 0.0, "y": np.ones(2)},
        method=method.name,
        callback=seen.append,
    )
    assert seen
    assert all(set(x) == {"x", "y"} and type(x["x"]) is float for x in seen)
    assert seen[-1]["y"].shape == result.x["y"].shape == (2,)


def test_callback_of_what_scipy_reports():
    values = []

    def report(intermediate_result):
        values.append((intermediate_result.x, intermediate_result.fun))
        if len(values) == 3:
            raise StopIteration

    result = minimize(bowl, [0.0, 0.0], callback=report)
    assert len(values) == 3
    assert not result.success
    assert all(type(x) is list for x, _ in values)
    assert [value for _, value in values] == sorted((value for _, value in values), reverse=True)


# --- derivatives ----------------------------------------------------------------------------------


def test_derivatives_are_exact():
    start = {"w": np.array([[0.5, -1.0], [0.25, 2.0]]), "b": 0.75}

    def function(p):
        return (autograd.tanh(p["w"]) * p["b"]).sum() + p["b"] ** 3 * (p["w"] ** 2).sum()

    layout = Layout("minimize", start)
    objective = Objective("minimize", function, layout, 1)
    flat = layout.start
    gradient = autograd.grad(function)(start)
    np.testing.assert_array_equal(objective.gradient(flat), [*gradient["w"].ravel(), gradient["b"]])
    objective.gradient(flat)[:] = math.nan  # what SciPy does with it stays there
    assert np.isfinite(objective.gradient(flat)).all()
    whole = objective.hessian(flat)
    np.testing.assert_allclose(whole, whole.T, rtol=1e-14)
    direction = np.arange(5.0) - 2.0
    product = autograd.hvp(function)(start, layout.tree(direction))
    expected = [*product["w"].ravel(), product["b"]]
    np.testing.assert_allclose(objective.product(flat, direction), expected, rtol=1e-14)
    np.testing.assert_allclose(whole @ direction, expected, rtol=1e-13)


def test_the_hessian_where_nothing_is_curved():
    layout = Layout("minimize", [1.0, np.ones(2)])
    for function in (lambda x: x[0] + x[1].sum(), lambda x: 2.0 * x[0]):
        objective = Objective("minimize", function, layout, 1)
        np.testing.assert_array_equal(objective.hessian(layout.start), np.zeros((3, 3)))


def test_jacobian_of_a_constraint():
    layout = Layout("minimize", [2.0, np.array([3.0, 5.0])])
    constraint = Constraint("minimize", lambda x: (x[0] * x[1], x[1].sum(), Value(1.0)), layout)
    np.testing.assert_array_equal(constraint.values(layout.start), [6.0, 10.0, 8.0, 1.0])
    np.testing.assert_array_equal(
        constraint.jacobian(layout.start),
        [[3.0, 2.0, 0.0], [5.0, 0.0, 2.0], [0.0, 1.0, 1.0], [0.0, 0.0, 0.0]],
    )
    weights = np.array([2.0, -1.0, 7.0, 5.0])
    np.testing.assert_array_equal(
        constraint.hessian(layout.start, weights), [[0, 2, -1], [2, 0, 0], [-1, 0, 0]]
    )


@pytest.mark.usefixtures("balanced")
def test_graphs_are_given_back():
    for method in ("trust-ncg", "L-BFGS-B", "Nelder-Mead"):
        minimize(bowl, [0.0, 0.0], method=method)


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
@pytest.mark.parametrize("kind", [ZeroDivisionError, KeyboardInterrupt, RuntimeError])
def test_what_the_function_raises_passes(method, kind):
    calls = []
    error = kind("of the function")

    def function(x):
        calls.append(1)
        if len(calls) > 3:
            raise error
        return rosenbrock(x)

    with pytest.raises(kind) as caught:
        minimize(function, np.zeros(3), method=method.name)
    assert caught.value is error


def quadratic(x):
    return (x * x).sum()


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: minimize(3.0, 1.0), TypeError, "float was given - a function is needed"),
        (
            lambda: minimize(quadratic, np.ones(2), method="Adam"),
            ValueError,
            "method 'Adam' was given - one of Nelder-Mead, Powell, CG, .*, trust-krylov is needed",
        ),
        (lambda: minimize(quadratic, np.ones(2), method=3), ValueError, "method 3 was given - one"),
        (
            lambda: minimize(quadratic, np.ones(2), method="bfgs", bounds=[(0, 1)] * 2),
            ValueError,
            r"bounds were given to BFGS - a method that takes .* of Nelder-Mead, .* trust-constr\.",
        ),
        (
            lambda: minimize(quadratic, np.ones(2), bounds=[(0, 1)]),
            ValueError,
            r"1 bounds were given - a pair \(low, high\) for each of 2 numbers is needed\. None",
        ),
        (
            lambda: minimize(quadratic, np.ones(2), bounds=(0, 1)),
            ValueError,
            r"bounds\[0\] is 0 - a pair \(low, high\) for each of 2 numbers is needed\.",
        ),
        (
            lambda: minimize(quadratic, np.ones(2), bounds={"x": (0, 1)}),
            TypeError,
            r"bounds is a dict - a pair \(low, high\) for each of 2 numbers is needed\.",
        ),
        (
            lambda: minimize(quadratic, np.ones(2), method="TNC", constraints={"type": "eq"}),
            ValueError,
            r"constraints were given to TNC - .* of COBYLA, COBYQA, SLSQP, trust-constr\.",
        ),
        (lambda: minimize(quadratic, []), ValueError, "x0 holds no numbers - at least one"),
        (lambda: minimize(quadratic, {"a": None}), ValueError, "x0 holds no numbers"),
        (lambda: minimize(quadratic, np.ones((0, 2))), ValueError, "x0 holds no numbers"),
        (
            lambda: minimize(quadratic, {"a": [1.0, np.array([0.0, math.nan])]}),
            ValueError,
            r"x0\['a'\]\[1\] has an element that is nan - finite numbers are needed",
        ),
        (lambda: minimize(quadratic, math.inf), ValueError, "x0 has an element that is inf"),
        (lambda: minimize(lambda _: 3.0, 1.0), TypeError, "the function returned float - a Value"),
        (lambda: minimize(lambda _: None, 1.0), TypeError, "the function returned NoneType - a V"),
        (
            lambda: minimize(lambda _: None, 1.0, method="Powell"),
            TypeError,
            "the function returned NoneType - a number is needed",
        ),
        (
            lambda: minimize(lambda x: x, np.ones(2)),
            ValueError,
            r"the function returned an array of shape \(2,\) - a scalar is needed",
        ),
        (
            lambda: minimize(lambda x: x, np.ones(2), method="Nelder-Mead"),
            ValueError,
            r"the function returned an array of shape \(2,\) - a scalar is needed",
        ),
        (
            lambda: minimize(lambda x: x.sum() * math.nan, np.ones(2)),
            ValueError,
            "the function is nan at x0 - a finite value is needed",
        ),
        (
            lambda: minimize(lambda _: math.nan, 1.0, method="Powell"),
            ValueError,
            "the function is nan at x0",
        ),
        (
            lambda: minimize(lambda x: np.log(x).sum(), np.zeros(2)),
            ValueError,
            "the function is -inf at x0",
        ),
        (
            lambda: minimize(
                lambda p: p["a"] + np.sqrt(p["b"]).sum(), {"a": 1.0, "b": np.zeros(2)}
            ),
            ValueError,
            r"the gradient is inf at x0\['b'\] - a finite one is needed",
        ),
        (
            lambda: minimize(lambda _: autograd.exp(Value(3.0)) * 2.0, np.ones(2)),
            NoGradientError,
            "the result does not depend on the variables",
        ),
        (
            lambda: minimize(lambda x: Value(x.data**2, requires_grad=False), 1.0),
            NoGradientError,
            "the result does not depend on the variables",
        ),
        (
            lambda: minimize(
                quadratic, np.ones(2), constraints={"type": "eq", "fun": lambda _: 1.0}
            ),
            TypeError,
            "constraint] the function returned float - a Value is needed",
        ),
        (
            lambda: minimize(quadratic, 1.0, constraints={"type": "le", "fun": lambda x: x}),
            ValueError,
            "a constraint of type 'le' was given - 'eq' or 'ineq' is needed",
        ),
    ],
)
def test_errors(call, kind, message):
    with pytest.raises(
        kind, match=rf"^\[minimize(: constraint)?\] {message}|^\[minimize: {message}"
    ):
        call()


def test_a_plain_number_will_do_without_derivatives():
    result = minimize(lambda x: float(((x.data - 1.0) ** 2).sum()), np.zeros(2), method="Powell")
    np.testing.assert_allclose(result.x, 1.0, atol=1e-6)


def test_a_variable_that_does_not_count_stays():
    result = minimize(lambda p: (p[0] - 2.0) ** 2, [0.0, np.array([5.0, 6.0])])
    assert abs(result.x[0] - 2.0) < 1e-6
    np.testing.assert_array_equal(result.x[1], [5.0, 6.0])


def test_a_start_that_is_a_minimum_is_one():
    """The gradient is zero there, but the result does depend on the variables."""
    result = minimize(quadratic, np.zeros(2))
    assert result.success
    assert result.nit == 0


def test_options_are_passed_on():
    assert minimize(rosenbrock, np.zeros(5), options={"maxiter": 2}).nit == 2
    with pytest.warns(scipy_optimize.OptimizeWarning, match="Unknown solver options: steps"):
        minimize(rosenbrock, np.zeros(5), options={"steps": 2})


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    message = r"^\[optim.minimize\] the package 'scipy' is missing - .*autograd-core\[scipy\]"
    with pytest.raises(ImportError, match=message):
        minimize(quadratic, np.ones(2))
