"""Products of 512**3 multiply-adds and more are NumPy's: forward, and both factors backward."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd import Value

ROWS, COMMON, COLUMNS = 512, 256, 1024  # no two alike; just large enough


@pytest.fixture(scope="module")
def factors():
    generator = np.random.default_rng(0)
    shapes = (ROWS, COMMON), (COMMON, COLUMNS), (ROWS, COLUMNS)
    return tuple(generator.normal(size=shape) for shape in shapes)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-11), (np.float32, 1e-2)])
def test_product_and_gradients(factors, dtype, tolerance):
    a, b, weights = (array.astype(dtype) for array in factors)
    first, second = Value(a), Value(b)
    product = first @ second
    assert product.dtype == dtype
    np.testing.assert_allclose(product.data, a @ b, rtol=0, atol=tolerance)
    product.backward(weights)
    np.testing.assert_allclose(first.grad, weights @ b.T, rtol=0, atol=tolerance)
    np.testing.assert_allclose(second.grad, a.T @ weights, rtol=0, atol=tolerance)


def test_gradients_are_values(factors):
    a, b, weights = factors
    first, second = Value(a), Value(b)
    root = ((first @ second) * weights).sum()
    (slope,) = autograd.grad(root, [first], create_graph=True)
    np.testing.assert_allclose(slope.data, weights @ b.T, rtol=0, atol=1e-11)
    (mixed,) = autograd.grad((slope * a).sum(), [second])  # <weights @ b.T, a> by b
    np.testing.assert_allclose(mixed, a.T @ weights, rtol=0, atol=1e-11)


def test_product_with_a_hessian(factors):
    a, b, weights = factors  # of sum((a @ b)**2), which is quadratic in a
    product = autograd.hvp(lambda x: ((x @ b) ** 2).sum())(weights @ b.T, a)
    np.testing.assert_allclose(product, 2.0 * a @ b @ b.T, rtol=1e-9, atol=1e-9)
