"""Quantiles, means and covariances: value, first and second derivative against PyTorch."""

from __future__ import annotations

import numpy as np
import pytest
from agreement import check, check_differences

from autograd import Value, arrays

generator = np.random.default_rng(23)


def points(*shapes):
    """Return an array for each shape, without ties."""
    return [generator.permutation(np.arange(np.prod(s))).reshape(s) * 0.7 + 0.3 for s in shapes]


def label(row):
    return " ".join(str(part) for part in row)


AXES = [
    ((7,), None),
    ((8,), None),
    ((1,), 0),
    ((2,), -1),
    ((), None),
    ((3, 4), None),
    ((3, 4), 0),
    ((3, 4), 1),
    ((2, 3, 4), -2),
    ((2, 3, 4), (0, 2)),
    ((2, 3, 4), (-1, 1)),
    ((2, 3, 4), (2, 0, 1)),
    ((5, 0), 0),
    ((3, 1), 1),
]


def torch_rows(x, axis, keepdims):
    """Return PyTorch's tensor with the elements that belong together in front, and the shape."""
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = [i % x.ndim for i in axes]
    others = [i for i in range(x.ndim) if i not in axes]
    left = [x.shape[i] for i in others]
    kept = [1 if i in axes else n for i, n in enumerate(x.shape)]
    count = int(np.prod([x.shape[i] for i in axes]))
    return x.permute((*axes, *others)).reshape(count, *left), kept if keepdims else left


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize(("shape", "axis"), AXES, ids=str)
def test_median(shape, axis, keepdims):
    import torch

    (x,) = points(shape)
    result = arrays.median(Value(x), axis, keepdims)
    expected = np.median(x, axis, keepdims=keepdims)
    assert result.shape == np.shape(expected)
    np.testing.assert_allclose(np.array(result.data), expected, rtol=1e-15)

    def theirs(t):
        rows, left = torch_rows(t, axis, keepdims)
        return torch.quantile(rows, 0.5, dim=0).reshape(left)

    if x.size:
        check(lambda v: arrays.median(v * v, axis, keepdims), lambda t: theirs(t * t), [x])
        check_differences(lambda v: arrays.median(v * v, axis, keepdims), [x])


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("q", [0.0, 0.5, 1, 0.3, [0.0, 0.25, 0.9], [0.5], []])
@pytest.mark.parametrize(("shape", "axis"), AXES, ids=str)
def test_quantile(shape, axis, q, keepdims):
    import torch

    (x,) = points(shape)
    result = arrays.quantile(Value(x), q, axis, keepdims)
    expected = np.quantile(x, q, axis, keepdims=keepdims)
    assert result.shape == np.shape(expected)
    np.testing.assert_allclose(np.array(result.data), expected, rtol=1e-14)

    def theirs(t):
        rows, left = torch_rows(t, axis, keepdims)
        given = torch.tensor(q, dtype=t.dtype)
        return torch.quantile(rows, given, dim=0).reshape([*given.shape, *left])

    if x.size and q != []:
        check(lambda v: arrays.quantile(v * v, q, axis, keepdims), lambda t: theirs(t * t), [x])
        check_differences(lambda v: arrays.quantile(v * v, q, axis, keepdims), [x])


@pytest.mark.parametrize("q", [0, 12.5, 50, 100, [25.0, 75.0]])
@pytest.mark.parametrize("axis", [None, 0, (0, 1)])
def test_percentile(axis, q):
    (x,) = points((3, 4))
    one, other = Value(x), Value(x)
    result = arrays.percentile(one, q, axis)
    np.testing.assert_allclose(np.array(result.data), np.percentile(x, q, axis), rtol=1e-14)
    result.sum().backward()
    arrays.quantile(other, np.asarray(q) / 100.0, axis).sum().backward()
    np.testing.assert_array_equal(one.grad, other.grad)


def test_quantiles_do_not_depend_on_each_other():
    x = Value([-np.inf, 1.0, np.inf, np.inf])
    shares = [0.0, 0.5, 1.0 / 3.0, 1.0]
    several = arrays.quantile(x, shares)
    assert several.data.tolist() == [arrays.quantile(x, share).data for share in shares]
    assert several.data.tolist() == [-np.inf, np.inf, 1.0, np.inf]


def test_quantiles_of_equal_elements():
    import torch

    for x in ([2.0, 2.0, 2.0, 2.0], [1.0, 2.0, 2.0, 2.0, 5.0], [3.0, 1.0, 1.0, 3.0]):
        variable = Value(x)
        assert arrays.quantile(variable, 0.4).data == np.quantile(x, 0.4)
        arrays.median(variable).backward()
        tensor = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        order = torch.sort(tensor, stable=True)[0]
        (0.5 * (order[len(x) // 2] + order[(len(x) - 1) // 2])).backward()
        np.testing.assert_array_equal(variable.grad, tensor.grad)


@pytest.mark.parametrize("function", [arrays.median, lambda x, axis: arrays.quantile(x, 0.4, axis)])
def test_nan_among_the_elements(function):
    x = Value([[1.0, np.nan, 2.0, 0.0], [4.0, 1.0, 3.0, 2.0], [0.0, np.nan, np.nan, 1.0]])
    result = function(x, 1)
    assert np.isnan(result.data).tolist() == [True, False, True]
    result.sum().backward()
    assert (x.grad.sum(axis=1) == 1.0).all()
    assert np.isnan(function(x, None).data)


def test_infinite_elements():
    x = [-np.inf, 1.0, np.inf, np.inf]
    assert arrays.median(x[:3]).data == 1.0
    assert arrays.median(x[2:]).data == np.inf
    assert [arrays.quantile(x, q).data for q in (0.0, 1.0)] == [-np.inf, np.inf]


AVERAGE = [
    ((4,), None, None),
    ((3, 4), (0, 1), None),
    ((2, 3, 4), 1, None),
    ((), None, None),
    ((), None, ()),
    ((4,), None, (4,)),
    ((4,), 0, (4,)),
    ((3, 4), None, (3, 4)),
    ((3, 4), 0, (3, 4)),
    ((3, 4), 0, (3,)),
    ((3, 4), -1, (4,)),
    ((3, 3), 0, (3,)),
    ((2, 3, 4), 1, (3,)),
    ((2, 3, 4), (0, 2), (2, 3, 4)),
    ((2, 3, 4), (0, 2), (2, 4)),
    ((2, 3, 4), (2, 0), (4, 2)),
    ((1,), 0, (1,)),
    ((3, 0), 0, (3, 0)),
    ((3, 0), 0, (3,)),
]


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("row", AVERAGE, ids=label)
def test_average(row, keepdims):
    shape, axis, lengths = row
    (x,) = points(shape)
    if lengths is None:
        result = arrays.average(Value(x), axis, keepdims=keepdims)
        expected = np.average(x, axis) if not x.ndim else np.average(x, axis, keepdims=keepdims)
        assert result.shape == np.shape(expected)
        np.testing.assert_allclose(np.array(result.data), expected, rtol=1e-14)
        check_differences(lambda v: arrays.average(v, axis, keepdims=keepdims), [x])
        return
    (weights,) = points(lengths)
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = [i % x.ndim for i in axes]
    full = weights
    if shape != lengths:  # NumPy before 2.3 knows one axis alone
        order = [axes.index(i) for i in sorted(axes)]
        full = np.transpose(weights, order)
        full = full.reshape([n if i in axes else 1 for i, n in enumerate(shape)])

    def ours(v, w):
        return arrays.average(v, axis, w, keepdims=keepdims)

    def theirs(t, w):
        if shape != lengths:
            w = w.permute(order).reshape([n if i in axes else 1 for i, n in enumerate(shape)])
        w = w.expand(t.shape)
        return (t * w).sum(tuple(axes), keepdims) / w.sum(tuple(axes), keepdims)

    expected = np.average(x, axis, np.broadcast_to(full, shape), keepdims=keepdims)
    result = ours(Value(x), Value(weights))
    assert result.shape == np.shape(expected)
    np.testing.assert_allclose(np.array(result.data), expected, rtol=1e-14)
    if shape:
        check(ours, theirs, [x, weights])
        check(lambda w: ours(x, w), lambda w: theirs(w.new_tensor(x), w), [weights])
        check(lambda v: ours(v, weights), lambda t: theirs(t, t.new_tensor(weights)), [x])
    check_differences(ours, [x, weights])


COV = [
    ((3, 5), None, {}),
    ((3, 5), None, {"ddof": 0}),
    ((3, 5), None, {"bias": True}),
    ((3, 5), None, {"bias": True, "ddof": 3}),
    ((5, 2), None, {"rowvar": False}),
    ((5,), None, {}),
    ((5,), None, {"rowvar": False}),
    ((1, 5), None, {}),
    ((5, 1), None, {"rowvar": False}),
    ((5,), (5,), {}),
    ((2, 5), (5,), {"ddof": 2}),
    ((5,), (3, 5), {}),
    ((5, 2), (5, 3), {"rowvar": False}),
]


@pytest.mark.parametrize("name", ["cov", "corrcoef"])
@pytest.mark.parametrize("row", COV, ids=label)
def test_covariance(name, row):
    import torch

    *shapes, keywords = row
    keywords = keywords if name == "cov" else {k: v for k, v in keywords.items() if k == "rowvar"}
    given = [generator.normal(size=shape) for shape in shapes if shape is not None]
    ours = getattr(arrays, name)
    result = ours(*map(Value, given), **keywords)
    expected = getattr(np, name)(*given, **keywords)
    assert result.shape == np.shape(expected)
    np.testing.assert_allclose(np.array(result.data), expected, rtol=1e-12, atol=1e-14)

    def theirs(*tensors):
        rows = [t if t.ndim > 1 else t[None] for t in tensors]
        if not keywords.get("rowvar", True):
            rows = [t.T if x.ndim > 1 else t for t, x in zip(rows, given, strict=True)]
        rows = torch.concatenate(rows)
        if name == "corrcoef":
            return torch.corrcoef(rows)
        correction = keywords.get("ddof", 0 if keywords.get("bias") else 1)
        return torch.cov(rows, correction=correction)

    check(lambda *v: ours(*v, **keywords), theirs, given, tolerance=1e-9)
    check_differences(lambda *v: ours(*v, **keywords), given)
    if len(given) == 2 and given[0].shape == given[1].shape:
        check(lambda v: ours(v, given[0]), lambda t: theirs(t, t.new_tensor(given[0])), given[1:])


def test_correlations_stay_within_one():
    x = generator.normal(size=(40, 7))
    for row in x:
        found = arrays.corrcoef(Value(row), row * 3.0)
        assert np.abs(found.data).max() <= 1.0
    curved = Value(x[0])  # a correlation of 1 is the largest: its first derivative is 0
    arrays.corrcoef(curved, x[0])[0, 1].backward()
    np.testing.assert_allclose(curved.grad, 0.0, atol=1e-15)


def test_correlation_of_what_does_not_vary():
    x = Value([[1.0, 2.0, 4.0], [3.0, 3.0, 3.0]])
    found = arrays.corrcoef(x)
    assert np.isnan(found.data).tolist() == [[False, True], [True, True]]
    found.sum().backward()
    assert np.isnan(x.grad[1]).all()
    assert np.isnan(arrays.corrcoef([2.0, 2.0]).data)


SINGLE = [
    ("median", {}),
    ("median", {"axis": 0}),
    ("quantile", {"q": 0.3}),
    ("quantile", {"q": [0.3, 0.5], "axis": 1}),
    ("average", {"axis": 0}),
    ("average", {"axis": 0, "weights": np.array([1.0, 2.0], np.float32)}),
    ("cov", {}),
    ("corrcoef", {}),
]


@pytest.mark.parametrize("row", SINGLE, ids=label)
def test_float32_stays(row):
    name, keywords = row
    x = Value(generator.normal(size=(2, 3)).astype(np.float32))
    result = getattr(arrays, name)(x, **keywords)
    if result.ndim:
        assert result.dtype == np.float32
    expected = getattr(np, name)(x.data, **keywords)
    np.testing.assert_allclose(np.array(result.data), expected, rtol=1e-5, atol=1e-6)
    result.sum().backward()
    assert x.grad.dtype == np.float32


def test_no_variables_and_no_rows():
    assert arrays.cov(np.zeros((0, 3))).shape == arrays.corrcoef(np.zeros((0, 3))).shape == (0, 0)
    assert arrays.average(np.zeros((0, 3)), 1).shape == (0,)
    assert arrays.average(np.zeros((0, 3)), 1, [1.0, 2.0, 3.0]).shape == (0,)
    x = Value(np.zeros((0, 3)))
    arrays.quantile(x, [0.2, 0.5], 1).sum().backward()
    assert x.grad.shape == (0, 3)


ONES = np.ones((2, 3))

ERRORS = [
    ("median", (np.zeros((0, 3)),), ValueError, "0 elements of the shape (0, 3)"),
    ("median", (np.zeros((0, 3)), 0), ValueError, "0 elements of the shape (0, 3)"),
    ("median", (ONES, 2), IndexError, "axis 2 was given"),
    ("median", (ONES, (0, 0)), ValueError, "the axes (0, 0) were given"),
    ("median", ("text",), TypeError, "str was given"),
    ("quantile", ([], 0.5), ValueError, "0 elements of the shape (0,)"),
    ("quantile", (ONES, 1.5), ValueError, "q 1.5 was given - a number from 0 to 1"),
    ("percentile", (ONES, 101), ValueError, "q 101 was given - a number from 0 to 100"),
    ("quantile", (ONES, [0.5, -0.1]), ValueError, "q [0.5, -0.1] was given"),
    ("quantile", (ONES, np.nan), ValueError, "q nan was given"),
    ("quantile", (ONES, [[0.5]]), ValueError, "q [[0.5]] was given"),
    ("quantile", (ONES, "half"), ValueError, "q 'half' was given"),
    ("quantile", (ONES, Value(0.5)), TypeError, "a Value was given as q"),
    ("quantile", (ONES, [Value(0.5)]), TypeError, "a Value was given as q"),
    ("quantile", (ONES, 0.5, 2), IndexError, "axis 2 was given"),
    ("average", (np.zeros((0, 3)), 0), ValueError, "0 elements of the shape (0, 3)"),
    ("average", ([],), ValueError, "0 elements of the shape (0,)"),
    ("average", (ONES, 2), IndexError, "axis 2 was given"),
    ("average", (ONES, None, [1.0, 2.0]), ValueError, "weights of the shape (2,) were given for"),
    ("average", (ONES, 1, [1.0, 2.0]), ValueError, "(2, 3) or (3,) is needed"),
    ("average", (ONES, 0, [1.0, -1.0]), ZeroDivisionError, "weights with a sum of 0 were given"),
    ("average", ([], None, []), ZeroDivisionError, "weights with a sum of 0 were given"),
    ("cov", (np.ones((2, 2, 2)),), ValueError, "(2, 2, 2) was given - at most two axes"),
    ("cov", (ONES, np.ones(2)), ValueError, "3 and 2 samples were given"),
    ("cov", (2.0,), ValueError, "1 samples and ddof 1 were given"),
    ("cov", (ONES, None, True, False, 3), ValueError, "3 samples and ddof 3 were given"),
    ("cov", (np.zeros((2, 0)), None, True, True), ValueError, "0 samples and ddof 0 were given"),
    ("cov", (ONES, None, True, False, 0.5), TypeError, "float was given as ddof"),
    ("corrcoef", (np.ones((2, 1)),), ValueError, "1 samples and ddof 1 were given"),
    ("corrcoef", (ONES, ONES.T), ValueError, "3 and 2 samples were given"),
]


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: f"{row[0]} {row[3]}")
def test_errors(row):
    name, args, kind, text = row
    with pytest.raises(kind) as caught:
        getattr(arrays, name)(*args)
    message = str(caught.value)
    assert message.startswith(f"[{name}] ")
    assert text in message
    assert " - " in message
    assert message.endswith(".")


@pytest.mark.usefixtures("balanced")
def test_nothing_leaks():
    for name, keywords in SINGLE:
        x = Value(np.array([[1.0, 5.0, 3.0], [2.0, 1.0, 7.0]]))
        getattr(arrays, name)(x, **keywords).sum().backward()
        del x
