"""Linear algebra: value, first and second derivative against PyTorch, and the differences."""

from __future__ import annotations

import numpy as np
import pytest
from agreement import check, check_differences

from autograd import Value, linalg

generator = np.random.default_rng(5)


def matrices(*shape):
    """Return matrices that are far from singular."""
    return generator.normal(size=shape) + 3.0 * np.eye(shape[-1])


SOLVE = [
    ((3, 3), (3,)),
    ((3, 3), (3, 2)),
    ((3, 3), (3, 1)),
    ((1, 1), (1,)),
    ((2, 3, 3), (2, 3, 4)),
    ((2, 3, 3), (3, 4)),
    ((3, 3), (2, 3, 4)),
    ((5, 1, 3, 3), (2, 3, 3)),
    ((2, 3, 3), (3,)),
]


@pytest.mark.parametrize(("left", "right"), SOLVE)
def test_solve(left, right):
    import torch

    a, b = matrices(*left), generator.normal(size=right)
    np.testing.assert_allclose(linalg.solve(a, b).data, np.linalg.solve(a, b), rtol=1e-13)

    def theirs(a, b):
        return torch.linalg.solve(a, b, left=True)

    if len(left) == 3 and right == (3,):  # PyTorch takes this for a batch of other shape
        check(linalg.solve, lambda a, b: theirs(a, b[:, None])[..., 0], [a, b])
    else:
        check(linalg.solve, theirs, [a, b])
    check_differences(linalg.solve, [a, b])
    check(lambda b: linalg.solve(a, b), lambda b: theirs(torch.tensor(a), b), [matrices(*left)])


ONE = [
    (name, shape)
    for name in ("inv", "det")
    for shape in [(1, 1), (2, 2), (3, 3), (2, 3, 3), (2, 1, 3, 3)]
]


@pytest.mark.parametrize(("name", "shape"), ONE)
def test_function_of_matrices(name, shape):
    import torch

    a = matrices(*shape)
    ours = getattr(linalg, name)
    np.testing.assert_allclose(np.array(ours(a).data), getattr(np.linalg, name)(a), rtol=1e-13)
    check(ours, getattr(torch.linalg, name), [a], tolerance=1e-9)
    check_differences(ours, [a])


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (2, 3, 3), (2, 1, 3, 3)])
def test_slogdet(shape):
    import torch

    a = matrices(*shape)
    a[..., 0, :] *= -1.0
    sign, logarithm = linalg.slogdet(a)
    expected = np.linalg.slogdet(a)
    np.testing.assert_array_equal(sign, expected[0])
    np.testing.assert_allclose(np.array(logarithm.data), expected[1], rtol=1e-13)
    check(
        lambda a: linalg.slogdet(a).logabsdet,
        lambda a: torch.linalg.slogdet(a).logabsdet,
        [a],
        tolerance=1e-9,
    )
    check_differences(lambda a: linalg.slogdet(a).logabsdet, [a])
    assert isinstance(np.linalg.slogdet(Value(a)).logabsdet, Value)


def test_slogdet_far_out():
    a = Value(np.diag([1e200, 1e200, -1e-300]))
    sign, logarithm = linalg.slogdet(a)
    assert type(sign) is float
    assert sign == -1.0
    logarithm.backward()
    np.testing.assert_allclose(np.diag(a.grad), [1e-200, 1e-200, -1e300])


def test_slogdet_of_a_singular_matrix():
    a = Value(np.ones((2, 2)))
    sign, logarithm = linalg.slogdet(a)
    assert sign == 0.0
    assert logarithm.data == -np.inf
    with pytest.raises(
        np.linalg.LinAlgError, match=r"\[slogdet\] a singular matrix of shape \(2, 2"
    ):
        logarithm.backward()
    assert not a.grad.any()


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (2, 3, 3), (2, 1, 4, 4)])
def test_cholesky(shape):
    import torch

    root = matrices(*shape)

    def symmetric(x):
        return x @ x.swapaxes(-1, -2)

    a = symmetric(root)
    np.testing.assert_allclose(linalg.cholesky(a).data, np.linalg.cholesky(a), rtol=1e-13)
    check(linalg.cholesky, torch.linalg.cholesky, [a], tolerance=1e-9)
    order = (*range(len(shape) - 2), len(shape) - 1, len(shape) - 2)
    check_differences(lambda x: linalg.cholesky(x @ x.transpose(order)), [root])


@pytest.mark.parametrize(
    "a",
    [
        [[1.0, 2.0], [2.0, 4.0]],
        [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]],
        [[0.0, 1.0, 2.0], [0.0, 3.0, 5.0], [0.0, 7.0, 11.0]],
        np.zeros((2, 2)),
        [[0.0]],
    ],
)
def test_det_of_a_singular_matrix_has_a_derivative(a):
    matrix = Value(a)
    linalg.det(matrix).backward()
    size = len(a)
    cofactors = np.empty((size, size))
    for i in range(size):
        for j in range(size):
            minor = np.delete(np.delete(np.array(a), i, 0), j, 1)
            cofactors[i, j] = (-1) ** (i + j) * np.linalg.det(minor)
    np.testing.assert_allclose(matrix.grad, cofactors, atol=1e-13)


@pytest.mark.parametrize("name", linalg.__all__)
def test_float32_stays(name):
    a = matrices(3, 3).astype(np.float32)
    x = Value(a @ a.T)
    result = getattr(linalg, name)(*([x, x] if name == "solve" else [x]))
    result = result.logabsdet if name == "slogdet" else result
    if result.ndim:
        assert result.dtype == np.float32
    result.sum().backward()
    assert x.grad.dtype == np.float32


ERRORS = [
    ("inv", (np.ones((2, 3)),), ValueError, "the shape (2, 3) was given - square matrices"),
    ("det", (2.0,), ValueError, "the shape () was given"),
    ("inv", (np.ones((2, 2)),), np.linalg.LinAlgError, "invertible ones are needed"),
    ("solve", (np.ones((2, 2)), [1.0, 2.0]), np.linalg.LinAlgError, "invertible ones"),
    ("solve", (np.eye(2), [1.0, 2.0, 3.0]), ValueError, "(2, 2) and (3,)"),
    ("solve", (np.eye(2), 1.0), ValueError, "(2, 2) and ()"),
    ("solve", (np.ones((3, 2, 2)), np.ones((4, 2, 2))), ValueError, "(3, 2, 2) and (4, 2, 2)"),
    ("cholesky", (-np.eye(2),), np.linalg.LinAlgError, "positive definite ones are needed"),
    ("cholesky", ("text",), TypeError, "str was given"),
]


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: f"{row[0]} {row[3]}")
def test_errors(row):
    name, args, kind, text = row
    with pytest.raises(kind) as caught:
        getattr(linalg, name)(*args)
    message = str(caught.value)
    assert message.startswith(f"[{name}] ")
    assert text in message
    assert message.endswith(".")


def test_second_derivative_of_det_needs_the_inverse():
    from autograd import _core

    a = Value([[1.0, 2.0], [2.0, 4.0]])
    (first,) = _core.gradients(linalg.det(a), [a], None, True)
    with pytest.raises(
        np.linalg.LinAlgError, match=r"^\[det\] a singular .* for the second derivative"
    ):
        first.sum().backward()
