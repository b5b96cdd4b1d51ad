"""Gradients that are values, and functions that give derivatives, of scalars, arrays and trees."""

from __future__ import annotations

import collections
import contextlib
import math
import operator
import threading
from typing import NamedTuple

import numpy as np
import pytest

import autograd
from autograd import (
    Value,
    elementwise_grad,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    value_and_grad,
    vjp,
)

torch = pytest.importorskip("torch")


def test_create_graph_makes_the_gradient_a_value():
    x = Value(3.0)
    root = x**3
    root.backward(create_graph=True)
    first = x.grad
    assert type(first) is Value
    assert first.data == 27.0
    assert first.requires_grad
    x.zero_grad()
    first.backward()
    assert x.grad == 18.0


def test_create_graph_again_and_again():
    x = Value(2.0)
    derivative = x**5
    found = []
    for _ in range(6):
        x.zero_grad()
        derivative.backward(create_graph=True)
        derivative = x.grad
        found.append(derivative.data)
        if not derivative.requires_grad:
            break
    assert found[:5] == [80.0, 160.0, 240.0, 240.0, 120.0]


def test_create_graph_adds_to_a_number():
    x = Value(3.0)
    (x * x).backward()
    (x * x).backward(create_graph=True)
    assert type(x.grad) is Value
    assert x.grad.data == 12.0
    (x * 2).backward(create_graph=True)
    assert x.grad.data == 14.0


def test_number_sweep_after_create_graph():
    x = Value(3.0)
    (x * x).backward(create_graph=True)
    (x * x).backward()
    total = x.grad if isinstance(x.grad, float) else x.grad.data
    assert total == 12.0


def test_create_graph_with_interiors_and_a_value_as_seed():
    x, seed = Value(3.0), Value(2.0)
    inner = x * x
    root = inner.exp() * 0.0 + inner * 5
    root.backward(create_graph=True)
    assert inner.grad.data == 5.0
    x.zero_grad()
    inner.backward(gradient=seed, create_graph=True)
    assert x.grad.data == 12.0
    x.grad.backward()
    assert seed.grad == 6.0


def test_create_graph_inside_no_grad():
    x = Value(3.0)
    root = x * x * x
    with autograd.no_grad():
        root.backward()
    assert x.grad == 27.0


@pytest.mark.parametrize("ending", ["zero_grad", "number", "nothing"])
@pytest.mark.usefixtures("balanced")
def test_create_graph_gives_its_memory_back(ending):
    for _ in range(50):
        x, y = Value(3.0), Value(2.0)
        root = (x * y).exp() * x
        root.backward(create_graph=True)
        (x.grad * x.grad + y.grad).backward(create_graph=True)
        if ending == "zero_grad":
            x.zero_grad()
            y.zero_grad()
        elif ending == "number":
            x.grad = y.grad = 0.0
        del x, y, root


@pytest.mark.usefixtures("balanced")
def test_gradient_penalty_training_gives_its_memory_back():
    x = Value(3.0)
    before = autograd.memory().nodes
    for _ in range(100):
        (slope,) = grad(x**3, [x], create_graph=True)
        (slope * slope).backward()
        x.data -= 1e-6 * x.grad
        x.zero_grad()
        del slope
        assert autograd.memory().nodes == before


def test_grad_of_a_root_fills_the_leaves():
    x, y = Value(2.0), Value(3.0)
    grad(x * y + x)
    assert (x.grad, y.grad) == (4.0, 2.0)
    grad(x * y + x)
    assert (x.grad, y.grad) == (8.0, 4.0)


def test_grad_with_inputs_returns_and_touches_nothing():
    x, y, z = Value(2.0), Value(3.0), Value(4.0)
    x.grad = 7.0
    root = x * y + z
    found = grad(root, [y, x])
    assert found == [2.0, 3.0]
    assert all(type(one) is float for one in found)
    assert (x.grad, y.grad, z.grad, root.grad) == (7.0, 0.0, 0.0, 0.0)


def test_grad_with_one_value_returns_one():
    x = Value(3.0)
    assert grad(x * x, x) == 6.0
    second = grad(x * x, x, create_graph=True)
    assert type(second) is Value
    assert grad(second, x) == 2.0


def test_grad_to_an_interior_value():
    x = Value(3.0)
    inner = x * x
    root = inner * inner + x
    assert grad(root, [inner, x]) == [18.0, 18.0 * 6.0 + 1.0]
    assert grad(root, root) == 1.0


def test_grad_to_the_same_value_twice_and_to_an_uninvolved_one():
    x, other = Value(3.0), Value(1.0)
    assert grad(x * x, [x, x]) == [6.0, 6.0]
    assert grad(x * x, [other]) == [0.0]
    (zero,) = grad(x * x, [other], create_graph=True)
    assert type(zero) is Value
    assert zero.data == 0.0


def test_grad_takes_any_sequence():
    x, y = Value(2.0), Value(3.0)
    assert list(grad(x * y, (x, y))) == [3.0, 2.0]
    assert list(grad(x * y, [])) == []


def test_grad_keeps_interior_gradients_of_earlier_sweeps():
    x = Value(2.0)
    inner = x * x
    (inner * 3).backward()
    grad(inner * 5, [x])
    assert (x.grad, inner.grad) == (12.0, 3.0)


def test_grad_of_a_function():
    assert grad(lambda x: x**3)(2.0) == 12.0
    assert type(grad(lambda x: x**3)(2)) is float
    assert grad(autograd.tanh)(0.0) == 1.0


def test_grad_of_a_function_nested_three_times():
    assert grad(grad(grad(lambda x: x**4)))(2.0) == 48.0
    third = grad(grad(grad(autograd.sin)))
    assert third(0.5) == pytest.approx(-math.cos(0.5), rel=1e-15)


def test_perturbation_confusion():
    """d/dx x * (d/dy (x + y)) = 1, not 2: the inner derivative must not see the outer variable."""
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(1.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: x + y)(x))(1.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: x * y)(x))(3.0) == 6.0


def test_argnums():
    def function(x, y):
        return x * x * y

    assert grad(function)(3.0, 2.0) == 12.0
    assert grad(function, argnums=1)(3.0, 2.0) == 9.0
    assert grad(function, argnums=(0, 1))(3.0, 2.0) == (12.0, 9.0)
    assert value_and_grad(function, argnums=(1, 0))(3.0, 2.0) == (18.0, (9.0, 12.0))


def test_keyword_arguments_pass_through():
    assert grad(lambda x, scale=1.0: x * x * scale)(3.0, scale=2.0) == 12.0


def test_value_and_grad():
    value, slope = value_and_grad(lambda x: x**3)(2.0)
    assert (value, slope) == (8.0, 12.0)
    assert type(value) is type(slope) is float


def test_values_in_values_out():
    x = Value(2.0)
    slope = grad(lambda v: v**3)(x)
    assert type(slope) is Value
    assert slope.data == 12.0
    slope.backward()
    assert x.grad == 12.0
    value, slope = value_and_grad(lambda v: v**3)(x)
    assert type(value) is type(slope) is Value
    assert grad(slope, x) == 12.0


@pytest.mark.usefixtures("balanced")
def test_grad_of_a_function_touches_no_gradient():
    x, weight = Value(2.0), Value(5.0)
    slope = grad(lambda v: v * v * weight)(x)
    assert slope.data == 20.0
    assert (x.grad, weight.grad) == (0.0, 0.0)
    del slope
    grad(lambda v: v * v * weight)(2.0)
    assert weight.grad == 0.0


def test_grad_of_a_function_that_ignores_its_argument():
    assert grad(lambda _: Value(3.0))(2.0) == 0.0
    assert grad(grad(lambda x: 3.0 * x))(2.0) == 0.0


def test_grad_of_a_function_inside_no_grad():
    """The gradient of a function depends on what stands in it, not on what stands around it."""
    with autograd.no_grad():
        assert grad(lambda x: x**3)(2.0) == 12.0
        assert not autograd.is_grad_enabled()


def test_grad_keeps_name_and_docstring():
    def cube(x):
        """Return x * x * x."""
        return x**3

    assert "cube" in grad(cube).__name__
    assert grad(cube).__doc__


@pytest.mark.usefixtures("balanced")
def test_an_exception_in_the_function_passes():
    def broken(x):
        x * x
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        grad(broken)(2.0)
    assert autograd.is_grad_enabled()
    assert grad(lambda x: x * x)(2.0) == 4.0


# Arrays and trees ------------------------------------------------------------------------------

VECTOR = np.array([0.5, -1.0, 2.0])
MATRIX = np.array([[0.5, -1.0, 2.0], [1.0, 3.0, -0.3]])


class Pair(NamedTuple):
    w: object
    b: object


def same(found, expected):
    """Say whether two trees have one structure, the same types, and nearly the same numbers."""
    if isinstance(expected, dict):
        return found.keys() == expected.keys() and all(
            same(found[key], expected[key]) for key in expected
        )
    if isinstance(expected, tuple | list):
        return (
            type(found) is type(expected)
            and len(found) == len(expected)
            and all(map(same, found, expected))
        )
    if isinstance(expected, np.ndarray):
        return type(found) is np.ndarray and np.allclose(found, expected, rtol=1e-12, atol=1e-14)
    if expected is None or found is None:
        return found is expected
    return type(found) is float and found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("function", "argument", "expected"),
    [
        (lambda x: (x * x).sum(), VECTOR, 2.0 * VECTOR),
        (lambda x: (x @ VECTOR).sum(), MATRIX, np.array([VECTOR, VECTOR])),
        (lambda x: x[0] * x[1], [2.0, 3], [3.0, 2.0]),
        (lambda x: x[0] * x[1].sum(), (2.0, VECTOR), (1.5, np.full(3, 2.0))),
        (
            lambda p: (p["w"] * p["b"]).sum(),
            {"w": VECTOR, "b": 2.0},
            {"w": VECTOR * 0 + 2, "b": 1.5},
        ),
        (lambda p: (p.w * p.b).sum(), Pair(VECTOR, 2.0), Pair(np.full(3, 2.0), 1.5)),
        (
            lambda p: p[0]["a"][0] ** 2,
            [{"a": (3.0, None)}, "x", True],
            [{"a": (6.0, None)}, None, None],
        ),
        (lambda x: x[0] * 2.0, [1.0, MATRIX], [2.0, 0.0 * MATRIX]),
        (lambda _: Value(3.0), {"w": MATRIX, "b": 1}, {"w": 0.0 * MATRIX, "b": 0.0}),
        (lambda _: Value(3.0), [], []),
        (lambda x: (x * x).sum(), np.array([1, 2]), np.array([2.0, 4.0])),
        (lambda x: x.sum(), np.zeros((0, 2)), np.zeros((0, 2))),
        (lambda x: x[0:1] ** 2, VECTOR, np.array([1.0, 0.0, 0.0])),
    ],
)
@pytest.mark.usefixtures("balanced")
def test_gradients_have_the_structure_of_the_argument(function, argument, expected):
    assert same(grad(function)(argument), expected)
    value, slopes = value_and_grad(function, argnums=(0,))(argument)
    assert same(slopes, (expected,))
    assert type(value) in {float, np.ndarray}


def test_kinds_of_dictionaries_are_kept():
    argument = collections.defaultdict(float, w=2.0)
    found = grad(lambda p: p["w"] ** 2)(argument)
    assert type(found) is collections.defaultdict
    assert (found["w"], argument["w"]) == (4.0, 2.0)


def test_dtype_is_kept():
    assert grad(lambda x: (x * x).sum())(VECTOR.astype("f")).dtype == np.float32


def test_argument_is_not_shared():
    argument = VECTOR.copy()

    def function(x):
        x.data[:] = 7.0
        return x.sum()

    grad(function)(argument)
    assert np.array_equal(argument, VECTOR)
    _, pullback = vjp(lambda x: x * x, argument)
    argument[:] = 0.0
    cotangent = np.ones(3)
    assert same(pullback(cotangent), (2.0 * VECTOR,))
    (slope,) = vjp(lambda x: x, VECTOR)[1](cotangent)
    slope[:] = 5.0
    assert np.array_equal(cotangent, np.ones(3))


def test_values_in_a_tree_give_values():
    weights = {"w": Value(VECTOR), "b": 2.0}
    slopes = grad(lambda p: (p["w"] ** 2 * p["b"]).sum())(weights)
    assert type(slopes["w"]) is type(slopes["b"]) is Value
    slopes["b"].backward()
    np.testing.assert_allclose(weights["w"].grad, 2.0 * VECTOR)


@pytest.mark.parametrize("create_graph", [False, True])
def test_grad_of_a_root_with_respect_to_trees(create_graph):
    x, y = Value(VECTOR), Value(2.0)
    found = grad((x * y).sum(), {"x": x, "rest": [y]}, create_graph)
    assert found.keys() == {"x", "rest"}
    plain = [found["x"], *found["rest"]]
    assert all(isinstance(one, Value) is create_graph for one in plain)
    assert float(np.sum(plain[0].data if create_graph else plain[0])) == 6.0


def test_grad_of_an_array_is_that_of_its_sum():
    x = Value(VECTOR)
    assert same(grad(x * x, x), 2.0 * VECTOR)
    assert same(grad(x * x, [x]), [2.0 * VECTOR])
    grad(x * x)
    assert same(x.grad, 2.0 * VECTOR)
    (second,) = grad(grad(x**3, x, create_graph=True), [x])
    assert same(second, 6.0 * VECTOR)


@pytest.mark.parametrize("nested", [False, True])
def test_aux(nested):
    seen = {}

    def function(x):
        return x * x, {"double": 2.0 * x, "text": "t"}

    if nested:
        grad(lambda x: seen.update(both=value_and_grad(function, has_aux=True)(x)) or x)(3.0)
        (value, aux), slope = seen["both"]
        assert type(value) is type(aux["double"]) is type(slope) is Value
        return
    (value, aux), slope = value_and_grad(function, has_aux=True)(3.0)
    assert (value, aux, slope) == (9.0, {"double": 6.0, "text": "t"}, 6.0)
    assert grad(function, has_aux=True)(3.0) == (6.0, {"double": 6.0, "text": "t"})


# Products and matrices ---------------------------------------------------------------------------


def test_vjp_can_be_pulled_again():
    calls = []
    value, pullback = vjp(lambda x, y: calls.append(1) or x * y, VECTOR, 3.0)
    assert same(value, 3.0 * VECTOR)
    for factor in (1.0, 2.0):
        assert same(pullback(np.full(3, factor)), (np.full(3, 3.0 * factor), 1.5 * factor))
    assert len(calls) == 1


def test_vjp_of_trees():
    value, pullback = vjp(lambda p: {"a": p[0] * p[1], "b": [p[1].sum(), None]}, [2.0, VECTOR])
    assert same(value, {"a": 2.0 * VECTOR, "b": [1.5, None]})
    assert same(
        pullback({"a": [1.0, 0.0, 0.0], "b": [10.0, None]}), ([0.5, np.array([12.0, 10.0, 10.0])],)
    )
    assert same(pullback({"a": None, "b": [1.0, None]}), ([0.0, np.ones(3)],))
    assert same(pullback(None), ([0.0, np.zeros(3)],))


def test_jvp_of_trees():
    def function(p, scale):
        return {"a": p["w"] * scale, "b": [p["w"].sum(), None, Value(1.0)]}

    value, tangent = jvp(
        function, ({"w": VECTOR, "t": "x"}, 2.0), ({"w": np.ones(3), "t": None}, 1.0)
    )
    assert same(value, {"a": 2.0 * VECTOR, "b": [1.5, None, 1.0]})
    assert same(tangent, {"a": 2.0 + VECTOR, "b": [3.0, None, 0.0]})


def test_jvp_without_a_tangent():
    assert jvp(lambda x, power: x**power, (3.0, 2), (1.0, None)) == (9.0, 6.0)
    assert jvp(lambda x, name: getattr(x, name)(), (0.0, "sin"), (2.0, None)) == (0.0, 2.0)
    assert same(jvp(lambda p: p[0] * p[1], ([2.0, 3.0],), ([1.0, None],)), (6.0, 3.0))


def quadratic(x):
    return autograd.tanh(x @ x) + (x[0] * x[1] * x[2]).exp()


def rosenbrock(x):
    return (100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2).sum()


SCALAR_FUNCTIONS = [quadratic, rosenbrock, lambda x: autograd.logsumexp(x * x)]


@pytest.mark.parametrize("function", SCALAR_FUNCTIONS)
@pytest.mark.usefixtures("balanced")
def test_second_derivatives_agree(function):
    direction = np.array([1.0, 0.3, -2.0])
    matrix = hessian(function)(VECTOR)
    expected = matrix @ direction
    np.testing.assert_allclose(matrix, matrix.T, rtol=1e-12)
    ways = {
        "hvp": hvp(function)(VECTOR, direction),
        "forward over backward": jvp(grad(function), (VECTOR,), (direction,))[1],
        "backward over backward": vjp(grad(function), VECTOR)[1](direction)[0],
        "backward over forward": grad(lambda x: jvp(function, (x,), (direction,))[1])(VECTOR),
        "forward over forward": jacobian(lambda x: jvp(function, (x,), (direction,))[1])(VECTOR),
        "jacobian of grad": jacobian(grad(function))(VECTOR) @ direction,
    }
    for way, found in ways.items():
        np.testing.assert_allclose(found, expected, rtol=1e-11, err_msg=way)
    third = jacobian(hessian(function))(VECTOR)
    assert third.shape == (3, 3, 3)
    np.testing.assert_allclose(third, third.transpose(2, 1, 0), rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(
        third @ direction, jvp(hessian(function), (VECTOR,), (direction,))[1], rtol=1e-11
    )


def test_against_torch():
    def ours(x):
        return quadratic(x) * rosenbrock(x)

    def theirs(x):
        return (torch.tanh(x @ x) + (x[0] * x[1] * x[2]).exp()) * (
            100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2
        ).sum()

    point = torch.tensor(VECTOR)
    expected = torch.autograd.functional.hessian(theirs, point)
    np.testing.assert_allclose(hessian(ours)(VECTOR), expected, rtol=1e-11)


@pytest.mark.parametrize(
    ("function", "argument", "shape"),
    [
        (lambda x: x**3, 2.0, ()),
        (lambda x: x**3, VECTOR, (3, 3)),
        (lambda x: x.sum(), VECTOR, (3,)),
        (lambda x: x * VECTOR, 2.0, (3,)),
        (lambda x: x @ VECTOR, MATRIX, (2, 2, 3)),
        (lambda x: x[:, None] * x, VECTOR, (3, 3, 3)),
        (lambda x: (x[:2] ** 2)[:, None] * VECTOR, VECTOR, (2, 3, 3)),
        (lambda _: Value(MATRIX), VECTOR, (2, 3, 3)),
        (lambda x: x[0:0], VECTOR, (0, 3)),
        (lambda x: autograd.exp(x), np.zeros((0,)), (0, 0)),
    ],
)
@pytest.mark.parametrize("nested", [False, True])
def test_jacobian(function, argument, shape, nested):
    if nested:
        found = jacobian(function)(Value(argument))
        assert type(found) is Value
        found = found.data
    else:
        found = jacobian(function)(argument)
    assert np.shape(found) == shape
    assert isinstance(found, float) is (shape == ())
    size = int(np.size(argument))
    for place in range(size):
        unit = np.zeros(size)
        unit[place] = 1.0
        unit = unit.reshape(np.shape(argument))
        _, expected = jvp(function, (argument,), (unit if unit.ndim else 1.0,))
        column = np.reshape(found, (*np.shape(expected), size))[..., place]
        np.testing.assert_allclose(column, expected, rtol=1e-12)


def test_jacobian_goes_the_shorter_way(monkeypatch):
    swept = []
    for name in ("gradients", "push_forward"):
        original = getattr(autograd._core, name)
        monkeypatch.setattr(
            autograd._core,
            name,
            lambda *args, name=name, original=original: swept.append(name) or original(*args),
        )
    jacobian(lambda x: x * VECTOR)(2.0)
    assert swept == ["push_forward"]
    swept.clear()
    jacobian(lambda x: x @ VECTOR)(MATRIX)
    assert swept == ["gradients"] * 2


def test_jacobian_of_trees():
    def function(p, scale):
        return [p["w"] * scale, p["b"] ** 2]

    found = jacobian(function)({"w": np.array([1.0, 2.0]), "b": 3.0, "n": None}, 2.0)
    zero = np.zeros(2)
    assert same(
        found,
        [{"w": 2.0 * np.eye(2), "b": zero, "n": None}, {"w": zero, "b": 6.0, "n": None}],
    )
    found = jacobian(function, argnums=(1, 0))({"w": np.array([1.0, 2.0]), "b": 3.0}, 2.0)
    assert same(found[0][0], np.array([1.0, 2.0]))
    many = jacobian(lambda x: [x * np.ones(9), x * 2.0])(3.0)  # forward
    assert same(many, [np.ones(9), 2.0])


def test_hessian_of_several_arguments():
    found = hessian(lambda x, y: (x * x).sum() * y, argnums=(0, 1))(VECTOR, 2.0)
    assert same(found, ((4.0 * np.eye(3), 2.0 * VECTOR), (2.0 * VECTOR, 0.0)))
    product = hvp(lambda x, y: (x * x).sum() * y, argnums=(0, 1))(VECTOR, 2.0, (np.ones(3), 1.0))
    assert same(product, (4.0 + 2.0 * VECTOR, 3.0))
    assert hvp(lambda a, x: a * x**3, argnums=1)(2.0, 3.0, 1.0) == 36.0
    assert same(
        hvp(lambda p: p["a"] * p["b"])({"a": 2.0, "b": 3.0}, {"a": 1.0, "b": None}),
        {"a": 0.0, "b": 1.0},
    )


def test_hvp_gives_memory_of_its_own():
    direction = VECTOR.copy()
    product = hvp(lambda x: 0.5 * (x * x).sum())(VECTOR, direction)
    assert same(product, direction)
    product[:] = 0.0
    assert same(direction, VECTOR)


def test_hvp_through_a_rule_that_keeps_what_it_is_given():
    kept = []

    def pull(gradient, result, x):
        kept.append((gradient, result, x))
        return gradient * 3.0 * x * x

    cube = autograd.custom_operation(lambda x: x**3, pull)
    product = hvp(lambda x: (2.0 * cube(3.0 * x)).sum())(VECTOR, np.ones(3))
    np.testing.assert_allclose(product, 324.0 * VECTOR, rtol=1e-12)
    gradient, result, x = kept[0]
    assert same(gradient.data, np.full(3, 2.0))
    np.testing.assert_allclose(result.data, (3.0 * VECTOR) ** 3, rtol=1e-12)
    assert same(x.data, 3.0 * VECTOR)


def test_hvp_leaves_nothing_behind():
    before = autograd.memory()
    hvp(rosenbrock)(VECTOR, np.ones(3))
    with pytest.raises(ZeroDivisionError):
        hvp(lambda x: x.sum() / 0.0)(VECTOR, np.ones(3))
    assert autograd.memory() == before


def test_linear_functions_have_zero_hessians():
    assert same(hessian(lambda x: x.sum())(VECTOR), np.zeros((3, 3)))
    assert hvp(lambda x: 2.0 * x)(3.0, 1.0) == 0.0


def test_argnums_may_stand_second():
    def function(x, y):
        return (x * y + y**2).sum()

    x, y = VECTOR, VECTOR + 1.0
    for transform in (grad, value_and_grad, elementwise_grad, jacobian, hessian):
        named = transform(function, argnums=(1, 0))(x, y)
        assert str(transform(function, (1, 0))(x, y)) == str(named)
    assert same(hvp(function, 1)(x, y, x), hvp(function, argnums=1)(x, y, x))


@pytest.mark.parametrize("transform", [jacobian, hessian])
def test_matrices_with_something_beside(transform):
    def function(x):
        return (x**3).sum(), {"double": x * 2.0, "text": "t"}

    seen = {}
    plain, aux = transform(function, has_aux=True)(VECTOR)
    assert same(plain, transform(lambda x: function(x)[0])(VECTOR))
    assert same(aux["double"], VECTOR * 2.0)
    assert aux["text"] == "t"
    assert type(transform(function, has_aux=True)(Value(VECTOR))[1]["double"]) is Value
    grad(lambda x: seen.update(both=transform(function, has_aux=True)(x)) or x.sum())(VECTOR)
    assert [type(one) for one in (seen["both"][0], seen["both"][1]["double"])] == [Value, Value]
    with pytest.raises(TypeError, match="a pair of the Value and of what comes beside it"):
        transform(lambda x: (x**3).sum(), has_aux=True)(VECTOR)


def test_an_ndarray_of_values_is_a_result():
    def rows(x):
        return np.array([x[0] * x[1], x[2] ** 2])

    def stacked(x):
        return autograd.stack([x[0] * x[1], x[2] ** 2])

    assert same(jacobian(rows)(VECTOR), jacobian(stacked)(VECTOR))
    (product,) = vjp(rows, VECTOR)[1](np.ones(2))
    assert same(product, grad(lambda x: stacked(x).sum())(VECTOR))
    for value in (vjp(rows, VECTOR)[0], jvp(rows, (VECTOR,), (VECTOR,))[0]):
        assert value.dtype == np.float64
        assert same(value, stacked(VECTOR).data)
    assert same(jvp(rows, (VECTOR,), (VECTOR,))[1], jvp(stacked, (VECTOR,), (VECTOR,))[1])
    assert grad(lambda x: np.array(x * x))(3.0) == 6.0
    for transform in (grad, jacobian):
        with pytest.raises(TypeError, match="the function returned ndarray - a Value is needed"):
            transform(lambda x: x.data * 2.0)(VECTOR)


def test_elementwise_grad():
    slope = elementwise_grad(lambda x: x**4)
    assert same(slope(VECTOR), 4.0 * VECTOR**3)
    assert slope(2.0) == 32.0
    assert same(elementwise_grad(elementwise_grad(lambda x: x**4))(VECTOR), 12.0 * VECTOR**2)
    assert same(elementwise_grad(lambda a, x: a * x, argnums=1)(2.0, VECTOR), np.full(3, 2.0))


@pytest.mark.parametrize(
    "inner",
    [
        lambda f, x: grad(f)(x),
        lambda f, x: jvp(f, (x,), (1.0,))[1],
        lambda f, x: vjp(f, x)[1](1.0)[0],
        lambda f, x: jacobian(f)(x),
        lambda f, x: elementwise_grad(f)(x),
    ],
    ids=["grad", "jvp", "vjp", "jacobian", "elementwise_grad"],
)
@pytest.mark.parametrize(
    "outer",
    [
        lambda f, x: grad(f)(x),
        lambda f, x: jvp(f, (x,), (1.0,))[1],
        lambda f, x: vjp(f, x)[1](1.0)[0],
        lambda f, x: jacobian(f)(x),
    ],
    ids=["grad", "jvp", "vjp", "jacobian"],
)
@pytest.mark.usefixtures("balanced")
def test_transforms_of_transforms(outer, inner):
    assert outer(lambda x: inner(lambda y: y**3, x), 2.0) == pytest.approx(12.0)
    # The inner derivative does not see the outer variable, and the outer one sees it.
    assert outer(lambda x: x * inner(lambda y: x + y, 1.0), 1.0) == 1.0
    assert outer(lambda x: x * inner(lambda y: x * y, x), 3.0) == 6.0
    assert outer(lambda x: inner(lambda y: inner(lambda z: x * y * z, y), x), 3.0) == 1.0
    with autograd.no_grad():
        assert outer(lambda x: inner(lambda y: y**3, x), 2.0) == pytest.approx(12.0)
        assert not autograd.is_grad_enabled()


def test_tangents_and_cotangents_that_are_values():
    direction = Value(3.0)
    value, tangent = jvp(lambda x: x**2, (2.0,), (direction,))
    assert type(value) is type(tangent) is Value
    tangent.backward()
    assert direction.grad == 4.0
    (slope,) = vjp(lambda x: x**2, 2.0)[1](direction)
    assert grad(slope, direction) == 4.0
    assert grad(lambda c: vjp(lambda x: x * x, 2.0)[1](c)[0])(1.0) == 4.0


TRANSFORMS = {
    "grad": lambda f: grad(f)(2.0),
    "value_and_grad": lambda f: value_and_grad(f)(2.0),
    "elementwise_grad": lambda f: elementwise_grad(f)(2.0),
    "vjp": lambda f: vjp(f, 2.0),
    "jvp": lambda f: jvp(f, (2.0,), (1.0,)),
    "hvp": lambda f: hvp(f)(2.0, 1.0),
    "jacobian": lambda f: jacobian(f)(2.0),
    "hessian": lambda f: hessian(f)(2.0),
}


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS.keys())
@pytest.mark.usefixtures("balanced")
def test_an_exception_restores_all(transform):
    def broken(x):
        x * x
        raise KeyError("mine")

    for enabled in (True, False):
        with contextlib.nullcontext() if enabled else autograd.no_grad():
            with pytest.raises(KeyError, match="mine"):
                transform(broken)
            assert autograd.is_grad_enabled() is enabled
    assert type(grad(lambda x: x * x)(2.0)) is float  # not nested


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS.keys())
def test_threads(transform):
    expected = transform(lambda x: x**3)
    wrong = []

    def work():
        for _ in range(50):
            found = transform(lambda x: x**3)
            if callable(found[1]) if isinstance(found, tuple) else False:
                found = expected
            if found != expected:
                wrong.append(found)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


SQUARE = operator.methodcaller("square")

ERRORS = [
    (
        lambda: grad(SQUARE)(VECTOR),
        ValueError,
        (
            "[grad] the function returned an array of shape (3,) - a scalar is needed. Reduce it, "
            "e.g. with .sum(), or use jacobian, vjp or elementwise_grad."
        ),
    ),
    (
        lambda: value_and_grad(lambda x: [x, x])(1.0),
        TypeError,
        (
            "[grad] the function returned list - a Value is needed. Compute with operators and "
            "functions of autograd."
        ),
    ),
    (
        lambda: value_and_grad(lambda x: x, has_aux=True)(1.0),
        TypeError,
        (
            "[grad] the function returned a Value - a pair of the Value and of what comes beside "
            "it is needed. Return both, or leave has_aux out."
        ),
    ),
    (
        lambda: grad(lambda x: (x, 1, 2), has_aux=True)(1.0),
        TypeError,
        (
            "[grad] the function returned a tuple of length 3 - a pair of the Value and of what "
            "comes beside it is needed. Return both, or leave has_aux out."
        ),
    ),
    (
        lambda: grad(SQUARE, argnums="x"),
        TypeError,
        (
            "[grad] argnums 'x' was given - the position of an argument, or several, is needed. "
            "Pass an int or a tuple of ints, and the arguments to what is returned."
        ),
    ),
    (
        lambda: grad(lambda x, y: x * y, argnums=(0, -2))(1.0, 2.0),
        ValueError,
        (
            "[grad] argnums names argument -2 twice - each argument once is needed. Leave the "
            "second out."
        ),
    ),
    (
        lambda: jacobian(SQUARE, argnums=2)(1.0),
        IndexError,
        (
            "[jacobian] argnums 2 was given - the position of one of the 1 positional arguments is "
            "needed. Pass the argument by position."
        ),
    ),
    (
        lambda: jacobian(lambda x: [x, 1.0])(2.0),
        TypeError,
        (
            "[jacobian] the function returned float - a Value is needed. Compute with operators "
            "and functions of autograd."
        ),
    ),
    (
        lambda: vjp(lambda _: None, 2.0),
        TypeError,
        (
            "[vjp] the function returned NoneType - a Value is needed. Compute with operators and "
            "functions of autograd."
        ),
    ),
    (
        lambda: vjp(SQUARE, VECTOR)[1](1.0),
        ValueError,
        (
            "[vjp] a cotangent of shape () was given for value - the shape (3,) is needed. Reshape "
            "or broadcast it."
        ),
    ),
    (
        lambda: vjp(SQUARE, VECTOR)[1](Value([1.0])),
        ValueError,
        (
            "[vjp] a cotangent of shape (1,) was given for value - the shape (3,) is needed. "
            "Reshape or broadcast it."
        ),
    ),
    (
        lambda: vjp(lambda x: [x, x], 2.0)[1](1.0),
        ValueError,
        (
            "[vjp] a float was given as the cotangent - a list of length 2 is needed. Give it the "
            "structure of what it belongs to."
        ),
    ),
    (
        lambda: vjp(SQUARE, 2.0)[1]("1"),
        TypeError,
        (
            "[vjp] a str of type <U1 was given as a cotangent - real numbers are needed. Pass a "
            "float, an array or a Value."
        ),
    ),
    (
        lambda: jvp(SQUARE, 2.0, 1.0),
        TypeError,
        (
            "[jvp] a float was given as arguments - a tuple is needed, of one entry for each "
            "argument. Write (x,) for a single one."
        ),
    ),
    (
        lambda: jvp(SQUARE, (2.0,), ()),
        ValueError,
        (
            "[jvp] 0 tangents were given - 1 are needed, one for each argument. Pass None for what "
            "does not change."
        ),
    ),
    (
        lambda: jvp(lambda p: p["a"][0], ({"a": [VECTOR]},), ({"a": [1.0]},)),
        ValueError,
        (
            "[jvp] a tangent of shape () was given for argument 0['a'][0] - the shape (3,) is "
            "needed. Reshape or broadcast it."
        ),
    ),
    (
        lambda: jvp(lambda p: p["a"], ({"a": 1.0},), ({"b": 1.0},)),
        ValueError,
        (
            "[jvp] a dict with the keys 'b' was given as tangents - a dict with the keys 'a' is "
            "needed. Give it the structure of what it belongs to."
        ),
    ),
    (
        lambda: hvp(SQUARE)(VECTOR, VECTOR),
        ValueError,
        (
            "[hvp] the function returned an array of shape (3,) - a scalar is needed. Reduce it, "
            "e.g. with .sum(), or use jacobian and jvp."
        ),
    ),
    (
        lambda: hvp(SQUARE)(),
        TypeError,
        (
            "[hvp] no arguments were given - those of the function and a vector are needed. Pass "
            "the vector last."
        ),
    ),
    (
        lambda: hvp(SQUARE)(2.0),
        TypeError,
        (
            "[hvp] one argument was given - those of the function and a vector are needed. Pass "
            "the vector last."
        ),
    ),
    (
        lambda: hvp(SQUARE)(2.0, VECTOR),
        ValueError,
        (
            "[hvp] a vector of shape (3,) was given for argument 0 - the shape () is needed. "
            "Reshape or broadcast it."
        ),
    ),
    *(
        (
            lambda transform=transform, rest=rest: transform(3.0, *rest),
            TypeError,
            f"[{transform.__name__}] float was given - a function is needed. {advice}",
        )
        for transform, rest, advice in [
            (vjp, (), "Pass the function first, then its arguments."),
            (jvp, ((), ()), "Pass the function, its arguments, and their tangents."),
            (hvp, (), "Pass the function first; then call what is returned."),
            (jacobian, (), "Pass the function, not its result."),
            (hessian, (), "Pass the function, not its result."),
            (elementwise_grad, (), "Pass the function, not its result."),
            (value_and_grad, (), "For a Value, use autograd.grad(root, inputs)."),
        ]
    ),
]


@pytest.mark.parametrize(("attempt", "error", "message"), ERRORS, ids=[row[2] for row in ERRORS])
@pytest.mark.usefixtures("balanced")
def test_error(attempt, error, message):
    with pytest.raises(error) as caught:
        attempt()
    assert str(caught.value) == message
    del caught
    assert autograd.is_grad_enabled()
    assert type(grad(lambda x: x * x)(2.0)) is float


def test_second_argument_of_grad_beside_a_function():
    def f(x, y):
        return x * y**2

    assert autograd.grad(f, 1)(2.0, 3.0) == 12.0
    assert autograd.grad(f, (0, 1))(2.0, 3.0) == (9.0, 12.0)
    with pytest.raises(TypeError, match=r"^\[grad\] argnums was given twice"):
        autograd.grad(f, 1, argnums=1)
    with pytest.raises(TypeError, match=r"^\[grad\] create_graph was given with a function"):
        autograd.grad(f, create_graph=True)
    x = Value(2.0)
    with pytest.raises(TypeError, match=r"^\[grad\] argnums or has_aux was given with a Value"):
        autograd.grad(x * x, x, has_aux=True)
