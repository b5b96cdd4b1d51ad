"""Gradients that are values, functions that give gradients: create_graph, grad, value_and_grad."""

from __future__ import annotations

import math

import pytest

import autograd
from autograd import Value, grad, value_and_grad


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
