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


@pytest.mark.parametrize("scale", [1e-110, 1e-107, 1e-100, 1.0, 1e100])
def test_det_of_small_and_large_matrices(scale):
    x = Value(np.eye(3) * scale)
    linalg.det(x).backward()
    np.testing.assert_allclose(x.grad, np.eye(3) * scale**2, rtol=1e-13)


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
    more = {"solve": [x], "matrix_power": [-3]}.get(name, [])
    returned = getattr(linalg, name)(x, *more)
    results = returned if isinstance(returned, tuple) else [returned]
    for result in results:
        if not isinstance(result, Value):
            continue  # the signs
        if result.ndim:
            assert result.dtype == np.float32
        (result * result).sum().backward()
        assert x.grad.dtype == np.float32


def symmetric(*shape):
    """Return symmetric matrices with eigenvalues that are far from each other."""
    a = generator.normal(size=shape)
    return a + a.swapaxes(-1, -2) + np.diag(5.0 * np.arange(shape[-1]))


# What does not depend on the side to which a vector points.
EIGEN = {
    "values": lambda w, _v: w,
    "vectors": lambda _w, v: v * v,
    "both": lambda w, v: (v * w[..., None, :] ** 2) @ v.swapaxes(-1, -2),
    "planes": lambda _w, v: v[..., :, :1] * v[..., :1, :1],
}


@pytest.mark.parametrize("function", EIGEN.values(), ids=EIGEN)
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (4, 4), (2, 3, 3), (2, 1, 3, 3)])
def test_eigh(shape, function):
    import torch

    a = symmetric(*shape)
    values, vectors = linalg.eigh(a)
    expected = np.linalg.eigh(a)
    np.testing.assert_array_equal(values.data, expected[0])
    np.testing.assert_array_equal(vectors.data, expected[1])
    check(
        lambda x: function(*linalg.eigh(x)),
        lambda x: function(*torch.linalg.eigh(x)),
        [a],
        tolerance=1e-9,
    )
    (root,) = generator.normal(size=(1, *shape))
    check_differences(
        lambda x: function(*linalg.eigh(x + x.swapaxes(-1, -2) + (a - root))), [root / 2]
    )


@pytest.mark.parametrize("triangle", ["L", "U"])
@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (2, 3, 3), (0, 3, 3), (0, 0)])
def test_eigenvalues_of_a_triangle(shape, triangle):
    import torch

    a = symmetric(*shape)
    above = a + (np.triu(np.ones(shape), 1) if triangle == "L" else np.tril(np.ones(shape), -1))
    result = linalg.eigvalsh(Value(above), triangle)
    np.testing.assert_allclose(result.data, np.linalg.eigvalsh(a), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(linalg.eigh(above, triangle).eigenvalues.data, result.data)
    check(
        lambda x: linalg.eigvalsh(x, triangle),
        lambda x: torch.linalg.eigvalsh(x, UPLO=triangle),
        [a],
        tolerance=1e-9,
    )


def test_third_derivative_of_eigenvalues():
    from autograd import _core

    a, b, c, d = (symmetric(3, 3) for _ in range(4))

    def slope(shift):
        x = Value(a + shift * b)
        (first,) = _core.gradients(linalg.eigvalsh(x)[0], [x], None, True)
        (second,) = _core.gradients((first * c).sum(), [x], None, True)
        return (second * d).sum(), x

    root, x = slope(0.0)
    (third,) = _core.gradients(root, [x], None, False)
    step = 1e-4
    difference = (slope(step)[0].data - slope(-step)[0].data) / (2.0 * step)
    np.testing.assert_allclose((third * b).sum(), difference, rtol=1e-5)


def test_equal_eigenvalues():
    from autograd import _core

    a = Value(np.diag([2.0, 2.0, 1.0]))
    for values in (linalg.eigvalsh(a), linalg.eigh(a).eigenvalues):
        (first,) = _core.gradients(values.sum(), [a], None, False)
        np.testing.assert_allclose(first, np.eye(3), atol=1e-15)
    message = r"^\[eigh\] a matrix with equal eigenvalues was given, of 3 - others are needed"
    with pytest.raises(np.linalg.LinAlgError, match=message):
        linalg.eigh(a).eigenvectors.sum().backward()
    (first,) = _core.gradients(linalg.eigvalsh(a).sum(), [a], None, True)
    with pytest.raises(np.linalg.LinAlgError, match=message):
        first.sum().backward()
    assert not a.grad.any()


def outer(u, _s, v):
    """Return for each singular value the product of its vectors."""
    return u.swapaxes(-1, -2)[..., :, None] * v[..., None, :]


SINGULAR = {
    "values": lambda _u, s, _v: s,
    "left": lambda u, _s, _v: u * u,
    "right": lambda _u, _s, v: v * v,
    "pairs": outer,
    "all": lambda u, s, v: (u * s[..., None, :] ** 2) @ v,
}


def apart(*shape):
    """Return matrices with singular values that are far from each other and from 0."""
    u, _, v = np.linalg.svd(generator.normal(size=shape), full_matrices=False)
    return (u * (1.0 + np.arange(min(shape[-2:])) + generator.uniform(0.1, 0.6))) @ v


@pytest.mark.parametrize("function", SINGULAR.values(), ids=SINGULAR)
@pytest.mark.parametrize(
    "shape", [(1, 1), (3, 3), (4, 2), (2, 4), (1, 3), (3, 1), (2, 4, 3), (2, 1, 2, 3)]
)
def test_svd(shape, function):
    import torch

    a = apart(*shape)
    for one, other in zip(linalg.svd(a, False), np.linalg.svd(a, False), strict=True):
        np.testing.assert_array_equal(one.data, other)
    np.testing.assert_array_equal(
        linalg.svd(a, compute_uv=False).data, linalg.svd(a, full_matrices=False).S.data
    )
    check(
        lambda x: function(*linalg.svd(x, full_matrices=False)),
        lambda x: function(*torch.linalg.svd(x, full_matrices=False)),
        [a],
        tolerance=1e-8,
    )
    check_differences(lambda x: function(*linalg.svd(x, full_matrices=False)), [a])


def test_singular_vectors_that_have_no_derivative():
    equal, zero = Value(np.eye(2)), Value([[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    linalg.svd(equal, compute_uv=False).sum().backward()
    np.testing.assert_allclose(equal.grad, np.eye(2), atol=1e-15)
    for a, name, wrong in [
        (equal, "U", "equal singular values"),
        (equal, "Vh", "equal singular values"),
        (zero, "U", "a singular value of 0"),
        (zero.T, "Vh", "a singular value of 0"),
    ]:
        with pytest.raises(np.linalg.LinAlgError, match=rf"^\[svd\] a matrix with {wrong} was"):
            getattr(linalg.svd(a, full_matrices=False), name).sum().backward()
    result = linalg.svd(zero, full_matrices=False).Vh  # the other side needs no inverse
    (result * result).sum().backward()
    np.testing.assert_allclose(zero.grad, 0.0, atol=1e-15)


def test_svd_of_nothing():
    for shape in [(0, 3), (3, 0), (0, 2, 3)]:
        x = Value(np.zeros(shape))
        for one, other in zip(
            linalg.svd(x, False), np.linalg.svd(x.data, full_matrices=False), strict=True
        ):
            assert one.shape == other.shape
            one.sum().backward()
        assert x.grad.shape == shape


@pytest.mark.parametrize(
    "shape", [(1, 1), (3, 3), (4, 2), (2, 4), (1, 3), (2, 4, 3), (2, 1, 2, 3), (0, 3), (2, 0)]
)
def test_pinv(shape):
    import torch

    a = apart(*shape)
    np.testing.assert_array_equal(linalg.pinv(a).data, np.linalg.pinv(a))
    check(linalg.pinv, torch.linalg.pinv, [a], tolerance=1e-9)
    check_differences(linalg.pinv, [a])


def test_pinv_of_a_lower_rank():
    import torch

    factors = [generator.normal(size=shape) for shape in [(4, 2), (2, 3)]]
    check(
        lambda u, v: linalg.pinv(u @ v, 1e-10),
        lambda u, v: torch.linalg.pinv(u @ v, rtol=1e-10),
        factors,
        tolerance=1e-8,
    )
    check_differences(lambda u, v: linalg.pinv(u @ v, 1e-10), factors)
    small = np.diag([1.0, 1e-3])
    assert linalg.pinv(small).data[1, 1] == pytest.approx(1e3)
    assert linalg.pinv(small, 1e-2).data[1, 1] == 0.0


@pytest.mark.parametrize("power", [0, 1, 2, 3, 6, 7, -1, -2, -5, np.int64(3)])
@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (2, 3, 3), (0, 0)])
def test_matrix_power(shape, power):
    import torch

    a = matrices(*shape)
    result = linalg.matrix_power(Value(a), power)
    np.testing.assert_allclose(result.data, np.linalg.matrix_power(a, power), rtol=1e-11)
    check(
        lambda x: linalg.matrix_power(x, power) * 1.0,
        lambda x: torch.linalg.matrix_power(x, int(power)) * 1.0,
        [a],
        tolerance=1e-8,
    )
    result.sum().backward()


def test_numpy_leads_to_them():
    a = Value(symmetric(3, 3))
    for returned in (np.linalg.eigh(a), np.linalg.eigh(a, "U"), np.linalg.svd(a)):
        assert {type(one) for one in returned} == {Value}
    values, vectors = np.linalg.eigh(a)
    np.testing.assert_allclose((a @ vectors).data, (vectors * values).data, atol=1e-13)


ERRORS = [
    ("eigh", (np.ones((2, 3)),), ValueError, "the shape (2, 3) was given - square matrices"),
    ("eigh", (np.eye(2), "l"), ValueError, "UPLO 'l' was given - 'L' or 'U' is needed"),
    ("eigvalsh", (1.0,), ValueError, "the shape () was given"),
    ("svd", ([1.0, 2.0],), ValueError, "the shape (2,) was given - matrices are needed"),
    ("svd", (np.ones((2, 3)),), ValueError, "full_matrices=True was given for the shape (2, 3)"),
    ("pinv", (1.0,), ValueError, "the shape () was given - matrices are needed"),
    ("matrix_power", (np.ones((2, 3)), 2), ValueError, "the shape (2, 3) was given - square"),
    ("matrix_power", (np.eye(2), 0.5), TypeError, "float was given as n - an int is needed"),
    ("matrix_power", (np.ones((2, 2)), -2), np.linalg.LinAlgError, "for the negative power"),
    ("inv", (np.ones((2, 3)),), ValueError, "the shape (2, 3) was given - square matrices"),
    ("det", (2.0,), ValueError, "the shape () was given"),
    ("inv", (np.ones((2, 2)),), np.linalg.LinAlgError, "invertible ones are needed"),
    ("solve", (np.ones((2, 2)), [1.0, 2.0]), np.linalg.LinAlgError, "invertible ones"),
    ("solve", (np.eye(2), [1.0, 2.0, 3.0]), ValueError, "(2, 2) and (3,)"),
    ("solve", (np.eye(2), 1.0), ValueError, "(2, 2) and ()"),
    ("solve", (np.ones((3, 2, 2)), np.ones((4, 2, 2))), ValueError, "(3, 2, 2) and (4, 2, 2)"),
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
