"""Array functions: value, first and second derivative against PyTorch, value against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from agreement import check, check_differences

import autograd
from autograd import Value, arrays

generator = np.random.default_rng(3)


def points(*shapes):
    """Return an array for each shape, away from zeros and ties."""
    return [np.round(generator.normal(size=shape), 3) + 0.0005 for shape in shapes]


def torch_of(name):
    """Return PyTorch's counterpart, with NumPy's arguments."""
    import torch

    def axes(x, axis):
        return tuple(range(x.ndim)) if axis is None else axis

    def prod(x, axis=None, keepdims=False):
        several = axes(x, axis)
        several = several if isinstance(several, tuple) else (several,)
        for one in sorted((i % x.ndim for i in several), reverse=True):
            x = x.prod(one, keepdim=keepdims)
        return x

    def norm(x, ord=None, axis=None, keepdims=False):  # noqa: A002
        if axis is None and ord is None:
            axis = tuple(range(x.ndim))
            return torch.linalg.vector_norm(x, 2, axis, keepdims)
        return torch.linalg.norm(x, ord, axis, keepdims)

    def pad(x, pad_width, mode="constant", constant_values=0.0):
        widths = np.broadcast_to(pad_width, (x.ndim, 2))
        if mode != "constant":
            order = torch.tensor(
                np.pad(np.arange(x.numel()).reshape(tuple(x.shape)), widths, mode=mode)
            )
            return x.reshape(-1)[order]
        flat = [int(n) for pair in widths[::-1] for n in pair]
        return torch.nn.functional.pad(x, flat, value=constant_values)

    def places(function):
        def chosen(x, *args, **keywords):
            order = np.arange(x.numel()).reshape(tuple(x.shape))
            return x.reshape(-1)[torch.tensor(np.array(function(order, *args, **keywords)))]

        return chosen

    def flat(x, axis):
        return (x.reshape(-1), 0) if axis is None else (x, axis)

    def transpose(x, axes=None):
        return x.permute(tuple(range(x.ndim))[::-1] if axes is None else axes)

    def expand_dims(x, axis):
        count = len(axis) if isinstance(axis, tuple) else 1
        new = {i % (x.ndim + count) for i in (axis if count > 1 else (axis,))}
        lengths = iter(x.shape)
        return x.reshape([1 if i in new else next(lengths) for i in range(x.ndim + count)])

    def variance(x, axis=None, ddof=0, keepdims=False):
        return torch.var(x, axes(x, axis), correction=ddof, keepdim=keepdims)

    own = {
        "prod": prod,
        "var": variance,
        "std": lambda x, **keywords: variance(x, **keywords).sqrt(),
        "cumsum": lambda x, axis=None: torch.cumsum(*flat(x, axis)),
        "cumprod": lambda x, axis=None: torch.cumprod(*flat(x, axis)),
        "diff": lambda x, n=1, axis=-1: torch.diff(x, n, axis),
        "norm": norm,
        "reshape": torch.reshape,
        "ravel": torch.ravel,
        "transpose": transpose,
        "swapaxes": lambda x, axis1, axis2: torch.swapaxes(x, axis1, axis2),
        "moveaxis": torch.moveaxis,
        "expand_dims": expand_dims,
        "squeeze": lambda x, axis=None: x.squeeze() if axis is None else x.squeeze(axis),
        "broadcast_to": lambda x, shape: torch.broadcast_to(x, shape),
        "flip": lambda x, axis=None: torch.flip(
            x, (axis,) if isinstance(axis, int) else axes(x, axis)
        ),
        "roll": lambda x, shift, axis=None: places(np.roll)(x, shift, axis),
        "take": places(np.take),
        "repeat": places(np.repeat),
        "tile": places(np.tile),
        "diagonal": lambda x, offset=0, axis1=0, axis2=1: torch.diagonal(x, offset, axis1, axis2),
        "diag": lambda x, k=0: torch.diag(x, k),
        "tril": lambda x, k=0: torch.tril(x, k),
        "triu": lambda x, k=0: torch.triu(x, k),
        "trace": lambda x, offset=0, axis1=0, axis2=1: torch.diagonal(x, offset, axis1, axis2).sum(
            -1
        ),
        "sort": lambda x, axis=-1: flat(x, axis)[0].sort(dim=flat(x, axis)[1], stable=True)[0],
        "pad": pad,
        "atleast_1d": torch.atleast_1d,
        "atleast_2d": torch.atleast_2d,
        "nan_to_num": torch.nan_to_num,
        "trapezoid": lambda y, dx=1.0, axis=-1: torch.trapezoid(y, dx=dx, dim=axis),
        "take_along_axis": lambda x, indices, axis=-1: torch.take_along_dim(
            *((x, torch.tensor(indices), axis) if axis is not None else (x, torch.tensor(indices)))
        ),
    }
    return own[name]


def numpy_of(name):
    """Return NumPy's function; its arrays of indices are no lists."""
    if name == "norm":
        return np.linalg.norm
    if name == "take_along_axis":
        return lambda x, indices, axis: np.take_along_axis(x, np.array(indices), axis)
    if name == "trapezoid":  # trapz before NumPy 2
        return np.trapezoid if hasattr(np, name) else getattr(np, "trapz")  # noqa: B009
    return getattr(np, name)


# name, shape of the one array, keywords; NumPy has all of them under the same name.
ROWS = [
    *(
        (name, shape, {"axis": axis, "keepdims": keep})
        for name in ("prod", "std", "var")
        for shape, axis in [
            ((3, 3), None),
            ((3, 3), 0),
            ((3, 3), 1),
            ((2, 5), -1),
            ((2, 3, 4), (0, 2)),
            ((2, 3, 4), (-1, 0)),
            ((7,), 0),
            ((2, 3), -2),
        ]
        for keep in (False, True)
    ),
    ("prod", (1,), {}),
    ("prod", (2, 3), {"axis": ()}),
    ("std", (2, 5), {"axis": 1, "ddof": 1}),
    ("var", (2, 5), {"ddof": 2}),
    ("cumsum", (2, 3), {}),
    ("cumsum", (3, 3), {"axis": 0}),
    ("cumsum", (3, 3), {"axis": 1}),
    ("cumsum", (2, 3, 4), {"axis": -2}),
    ("cumprod", (2, 3), {}),
    ("cumprod", (1,), {}),
    ("cumprod", (3, 3), {"axis": 0}),
    ("cumprod", (2, 3, 4), {"axis": -2}),
    ("diff", (4,), {}),
    ("diff", (2, 4), {"n": 2}),
    ("diff", (2, 4), {"n": 0}),
    ("diff", (2, 4), {"n": 5}),
    ("diff", (4, 3, 2), {"axis": 0}),
    ("norm", (3,), {}),
    ("norm", (2, 3), {}),
    ("norm", (2, 3, 2), {}),
    ("norm", (4,), {"ord": 1}),
    ("norm", (4,), {"ord": 2}),
    ("norm", (4,), {"ord": np.inf}),
    ("norm", (4,), {"ord": -np.inf}),
    ("norm", (2, 3), {"axis": 0}),
    ("norm", (2, 3), {"axis": -1, "ord": 1, "keepdims": True}),
    ("norm", (2, 3), {"axis": -1, "ord": np.inf}),
    ("norm", (2, 3), {"ord": "fro"}),
    ("norm", (2, 3), {"ord": 1}),
    ("norm", (2, 3), {"ord": np.inf}),
    ("norm", (4, 2, 3), {"ord": 1, "axis": (0, 2)}),
    ("norm", (4, 2, 3), {"ord": np.inf, "axis": (2, 0), "keepdims": True}),
    ("norm", (4, 2, 3), {"ord": "fro", "axis": (-1, 0)}),
    ("reshape", (2, 3), {"shape": (3, -1)}),
    ("reshape", (2, 3), {"shape": (6,)}),
    ("ravel", (2, 3), {}),
    ("transpose", (2, 3, 4), {}),
    ("transpose", (2, 3, 4), {"axes": (1, 2, 0)}),
    ("transpose", (2, 3, 4), {"axes": (-1, 0, 1)}),
    ("swapaxes", (2, 3, 4), {"axis1": 0, "axis2": -1}),
    ("swapaxes", (3, 3), {"axis1": 0, "axis2": 0}),
    ("moveaxis", (2, 3, 4), {"source": 0, "destination": -1}),
    ("moveaxis", (2, 3, 4, 5), {"source": (0, 1), "destination": (-1, 0)}),
    ("expand_dims", (2, 3), {"axis": 1}),
    ("expand_dims", (2, 3), {"axis": (0, -1)}),
    ("squeeze", (1, 3, 1), {}),
    ("squeeze", (1, 3, 1), {"axis": 0}),
    ("squeeze", (1, 3, 1), {"axis": (0, -1)}),
    ("broadcast_to", (3, 1), {"shape": (2, 3, 4)}),
    ("broadcast_to", (3,), {"shape": (3, 3)}),
    ("flip", (2, 3), {}),
    ("flip", (3, 3), {"axis": 0}),
    ("flip", (2, 3, 4), {"axis": (0, -1)}),
    ("roll", (5,), {"shift": 2}),
    ("roll", (2, 3), {"shift": -1}),
    ("roll", (3, 3), {"shift": 4, "axis": 1}),
    ("roll", (2, 3), {"shift": (1, -1), "axis": (0, 1)}),
    ("roll", (2, 3), {"shift": 1, "axis": (0, 1)}),
    ("roll", (2, 3), {"shift": 0, "axis": 0}),
    ("take", (5,), {"indices": [0, 0, -1]}),
    ("take", (3, 4), {"indices": [[0, 11], [5, 5]]}),
    ("take", (3, 4), {"indices": [2, 2, 0], "axis": 0}),
    ("take", (3, 4), {"indices": [[1, -1], [1, 1]], "axis": 1}),
    ("take", (3, 4), {"indices": np.array([[0, -1], [-1, -3]], np.int8), "axis": 0}),
    ("take", (3, 4), {"indices": np.array([2, 2], np.uint16), "axis": 0}),
    ("take", (2, 3, 4), {"indices": [2, 0], "axis": -2}),
    ("take", (2, 3, 4), {"indices": 1, "axis": 1}),
    ("take", (3, 4), {"indices": 7}),
    ("take", (3, 4), {"indices": [], "axis": 0}),
    ("repeat", (2, 3), {"repeats": 2}),
    ("repeat", (2, 3), {"repeats": [1, 2], "axis": 0}),
    ("repeat", (2, 3), {"repeats": 3, "axis": -1}),
    ("repeat", (2, 3), {"repeats": 0, "axis": 1}),
    ("tile", (2, 3), {"reps": 2}),
    ("tile", (2, 3), {"reps": (2, 1, 2)}),
    ("tile", (3,), {"reps": (2, 2)}),
    ("diagonal", (3, 3), {}),
    ("diagonal", (2, 4), {"offset": 1}),
    ("diagonal", (2, 3, 4), {"offset": -1, "axis1": 1, "axis2": -1}),
    ("diag", (3,), {}),
    ("diag", (3,), {"k": 1}),
    ("diag", (2,), {"k": -2}),
    ("diag", (3, 4), {}),
    ("diag", (3, 4), {"k": -1}),
    ("trace", (3, 3), {}),
    ("trace", (2, 3, 4), {"offset": 1, "axis1": 1, "axis2": 2}),
    ("tril", (3, 3), {}),
    ("tril", (2, 4), {"k": 1}),
    ("tril", (2, 3, 3), {"k": -1}),
    ("triu", (3, 3), {}),
    ("triu", (4, 2), {"k": 1}),
    ("triu", (2, 3, 3), {"k": -1}),
    ("sort", (7,), {}),
    ("sort", (3, 4), {}),
    ("sort", (3, 3), {"axis": 0}),
    ("sort", (2, 3, 4), {"axis": -2}),
    ("sort", (3, 4), {"axis": None}),
    ("take_along_axis", (3, 4), {"indices": [[0, -1], [1, 1], [3, 2]], "axis": -1}),
    ("take_along_axis", (3, 4), {"indices": [[2, 0, 0, 1]], "axis": 0}),
    ("take_along_axis", (3, 4), {"indices": [[1]], "axis": 1}),
    ("take_along_axis", (1, 4), {"indices": [[1], [0], [3]], "axis": 1}),
    ("take_along_axis", (2, 3, 2), {"indices": [[[0, 2]], [[1, 1]]], "axis": -2}),
    ("take_along_axis", (3, 4), {"indices": [11, 0, 0], "axis": None}),
    ("trapezoid", (4,), {}),
    ("trapezoid", (1,), {}),
    ("trapezoid", (3, 4), {"dx": 0.5}),
    ("trapezoid", (3, 4), {"axis": 0}),
    ("trapezoid", (2, 3, 4), {"axis": -2, "dx": 2.0}),
    ("atleast_1d", (2, 3), {}),
    ("atleast_1d", (), {}),
    ("atleast_2d", (3,), {}),
    ("atleast_2d", (), {}),
    ("atleast_2d", (2, 3, 4), {}),
    ("nan_to_num", (2, 3), {}),
    ("pad", (3,), {"pad_width": 1}),
    ("pad", (2, 3), {"pad_width": (1, 2)}),
    ("pad", (2, 3), {"pad_width": ((0, 0), (2, 0)), "constant_values": 1.5}),
    ("pad", (2, 3), {"pad_width": 1, "mode": "edge"}),
    ("pad", (3, 4), {"pad_width": ((1, 2), (0, 3)), "mode": "reflect"}),
    ("pad", (3, 4), {"pad_width": 2, "mode": "wrap"}),
    ("pad", (3, 4), {"pad_width": 2, "mode": "symmetric"}),
]


def label(row):
    return " ".join(str(part) for part in row)


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_function_of_one_array(row):
    name, shape, keywords = row
    (x,) = points(shape)
    ours, theirs = getattr(arrays, name), torch_of(name)
    numpy_function = numpy_of(name)
    result = ours(Value(x), **keywords)
    expected = numpy_function(x, **keywords)
    assert result.shape == np.shape(expected)
    np.testing.assert_allclose(np.array(result.data), expected, rtol=1e-13, atol=1e-13)
    check(lambda v: ours(v, **keywords), lambda t: theirs(t, **keywords), [x])
    check_differences(lambda v: ours(v, **keywords), [x])


JOINED = [
    ("concatenate", {"axis": 0}, (2, 3), (1, 3), (4, 3)),
    ("concatenate", {"axis": -1}, (2, 3), (2, 1)),
    ("concatenate", {"axis": 1}, (2, 2, 3), (2, 0, 3), (2, 1, 3)),
    ("concatenate", {"axis": None}, (2, 3), (4,)),
    ("stack", {"axis": 0}, (2, 3), (2, 3)),
    ("stack", {"axis": 1}, (2, 3), (2, 3), (2, 3)),
    ("stack", {"axis": -1}, (3, 3), (3, 3)),
    ("stack", {"axis": 0}, (), (), ()),
    ("vstack", {}, (2, 3), (1, 3), (3,)),
    ("vstack", {}, (3,), (3,)),
    ("vstack", {}, (2, 3, 2), (1, 3, 2)),
    ("column_stack", {}, (3,), (3, 2), (3,)),
    ("column_stack", {}, (2,), (2,)),
    ("column_stack", {}, (), ()),
    ("column_stack", {}, (2, 1, 2), (2, 3, 2)),
    ("hstack", {}, (2, 3), (2, 1)),
    ("hstack", {}, (3,), (2,), ()),
    ("hstack", {}, (2, 1, 2), (2, 3, 2)),
]


@pytest.mark.parametrize("row", JOINED, ids=label)
def test_joining(row):
    import torch

    name, keywords, *shapes = row
    given = points(*shapes)
    ours = getattr(arrays, name)
    result = ours([Value(x) for x in given], **keywords)
    np.testing.assert_array_equal(result.data, getattr(np, name)(given, **keywords))

    def theirs(*tensors):
        if not keywords:
            return getattr(torch, name)(tensors)
        if keywords["axis"] is None:
            return torch.concatenate([t.ravel() for t in tensors])
        return getattr(torch, name)(tensors, dim=keywords["axis"])

    check(lambda *v: ours(v, **keywords), theirs, given)
    # The same operand twice, and a constant between.
    check(
        lambda *v: ours([v[0], given[0], v[0]], **keywords),
        lambda *t: theirs(t[0], torch.tensor(np.array(given[0])), t[0]),
        given[:1],
    )


def test_stack_of_scalars_is_one_node():
    x = Value(2.0)
    stacked = arrays.stack([x, x, 1.0])
    assert stacked.args[:2] == (x, x)
    (stacked * np.array([1.0, 10.0, 100.0])).sum().backward()
    assert x.grad == 11.0


@pytest.mark.parametrize(
    ("shape", "parts", "axis"),
    [
        ((6,), 3, 0),
        ((4, 3), 2, 0),
        ((2, 6), 3, -1),
        ((5,), [1, 3], 0),
        ((5,), [3, 1, 9], 0),
        ((2, 5), [-1], 1),
        ((0,), 2, 0),
    ],
)
def test_split(shape, parts, axis):
    (x,) = points(shape)
    variable = Value(x)
    found = arrays.split(variable, parts, axis)
    expected = np.split(x, parts, axis)
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one.data, other)
    total = Value(0.0, False)
    for i, part in enumerate(found):
        total = total + (part * part).sum() * (i + 1.0)
    total.backward()
    weights = np.zeros(shape)
    for i, part in enumerate(np.split(np.arange(x.size).reshape(shape), parts, axis)):
        weights.ravel()[part] += i + 1.0
    np.testing.assert_allclose(variable.grad, 2.0 * x * weights)


@pytest.mark.parametrize("zeros", [[], [0], [1, 3], [0, 2, 4]])
@pytest.mark.parametrize("shape", [(5,), (5, 2)])
def test_prod_with_zeros_has_derivatives_of_every_order(zeros, shape):
    import torch

    (x,) = points(shape)
    x[zeros] = 0.0

    def theirs(t):
        product = t[0]
        for row in t[1:]:  # PyTorch's own prod has no second derivative at zeros
            product = product * row
        return product

    check(lambda v: arrays.prod(v, axis=0), theirs, [x])
    check(
        lambda v: arrays.cumprod(v, axis=0),
        lambda t: torch.stack([theirs(t[: i + 1]) for i in range(len(t))]),
        [x],
    )


@pytest.mark.parametrize("function", [arrays.norm, arrays.std])
@pytest.mark.parametrize("shape", [(3,), (2, 3)])
def test_root_at_zero(function, shape):
    x = Value(np.zeros(shape))
    for axis in (None, -1):
        first = _gradient(function(x, axis=axis).sum(), x)
        np.testing.assert_array_equal(first.data, np.zeros(shape))
    mixed = np.zeros((2, 3))
    mixed[1] = 3.0, 4.0, 0.0
    x = Value(mixed)
    arrays.norm(x, axis=1).sum().backward()
    np.testing.assert_allclose(x.grad, mixed / 5.0)


def _gradient(root, x):
    return autograd._core.gradients(root, [x], None, True)[0]


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("name", ["argmax", "argmin", "argsort"])
def test_places(name, axis):
    for x in [*points((3, 4)), np.array([[1.0, 1.0, 0.0, 0.0]] * 3)]:
        found = getattr(arrays, name)(Value(x), axis=axis)
        keywords = {"kind": "stable"} if name == "argsort" else {}
        np.testing.assert_array_equal(found, getattr(np, name)(x, axis=axis, **keywords))
        if axis is None and name != "argsort":
            assert type(found) is int
        if name != "argsort":
            kept = getattr(arrays, name)(x, axis=axis, keepdims=True)
            np.testing.assert_array_equal(kept, getattr(np, name)(x, axis=axis, keepdims=True))


def test_ties_in_sort_go_in_order():
    x = Value([2.0, 1.0, 2.0, 1.0])
    (arrays.sort(x) * np.array([1.0, 2.0, 3.0, 4.0])).sum().backward()
    np.testing.assert_array_equal(x.grad, [3.0, 1.0, 4.0, 2.0])


@pytest.mark.parametrize("name", ["tril", "triu", "diag", "pad"])
def test_what_is_left_out_may_be_infinite(name):
    x = Value(np.full((2, 2) if name != "diag" else 2, np.inf))
    y = getattr(arrays, name)(x, **({"pad_width": 1} if name == "pad" else {}))
    assert not np.isnan(y.data).any()
    y.sum().backward()
    assert not np.isnan(x.grad).any()


@pytest.mark.parametrize("name", ["tril", "triu"])
def test_triangle_of_a_row(name):
    np.testing.assert_array_equal(
        getattr(arrays, name)([1.0, 2.0]).data, getattr(np, name)([1.0, 2.0])
    )


CREATION = [
    ("zeros", ((2, 3),), {}),
    ("zeros", (3,), {}),
    ("zeros", ((),), {}),
    ("zeros", ((0, 2),), {}),
    ("ones", ([2, 3],), {}),
    ("full", ((2,), 2.5), {}),
    ("arange", (3,), {}),
    ("arange", (1, 2, 0.25), {}),
    ("arange", (3, 0, -1), {}),
    ("arange", (0,), {}),
    ("linspace", (0, 1), {}),
    ("linspace", (0, 1, 5), {"endpoint": False}),
    ("eye", (3,), {}),
    ("eye", (2, 3), {"k": 1}),
    ("zeros_like", ([[1.0, 2.0]],), {}),
    ("ones_like", (2.0,), {}),
    ("full_like", ([1.0, 2.0], 7), {}),
]


@pytest.mark.parametrize("dtype", [None, np.float64, "float32"])
@pytest.mark.parametrize("row", CREATION, ids=label)
def test_creation(row, dtype):
    name, args, keywords = row
    value = getattr(arrays, name)(*args, dtype=dtype, **keywords)
    expected = getattr(np, name)(*args, dtype=dtype or np.float64, **keywords)
    assert value.shape == expected.shape
    np.testing.assert_array_equal(np.array(value.data), expected)
    if value.ndim:
        assert value.dtype == expected.dtype
    assert value.is_leaf
    assert not value.requires_grad
    variable = getattr(arrays, name)(*args, dtype=dtype, requires_grad=True, **keywords)
    assert variable.requires_grad


def test_likes_keep_the_type():
    like = Value(np.ones(2, np.float32))
    for name, args in [("zeros_like", ()), ("ones_like", ()), ("full_like", (3.0,))]:
        assert getattr(arrays, name)(like, *args).dtype == np.float32


@pytest.mark.parametrize("row", [row for row in ROWS if row[1]][::3], ids=label)
def test_float32_stays(row):
    name, shape, keywords = row
    (x,) = points(shape)
    x = Value(x.astype(np.float32))
    result = getattr(arrays, name)(x, **keywords)
    if result.ndim:
        assert result.dtype == np.float32
    result.sum().backward()
    assert x.grad.dtype == np.float32


@pytest.mark.parametrize("name", sorted(arrays.METHODS.keys() - {"copy", "flatten", "tolist"}))
def test_methods_are_functions(name):
    (x,) = points((3, 3))
    args = {"swapaxes": (0, 1), "dot": (x,), "take": ([0, 1],), "repeat": (2,)}.get(name, ())
    if name == "dot":
        result = arrays.METHODS[name](Value(x), *args)
        np.testing.assert_allclose(result.data, x @ x)
        return
    if name == "squeeze":
        x = x.reshape(1, 3, 3)
    one, other = arrays.METHODS[name](Value(x), *args), getattr(arrays, name)(x, *args)
    np.testing.assert_array_equal(
        np.array(getattr(one, "data", one)), np.array(getattr(other, "data", other))
    )


@pytest.mark.parametrize("kind", ["int8", "uint8", "int16", "uint16", "uint64"])
@pytest.mark.parametrize("axis", [0, 1, None])
def test_take_by_small_integers(kind, axis):
    x = np.arange(40_000.0).reshape(100, 100, 4)
    indices = np.array([70, 3, 99], kind)
    if kind.startswith("int"):
        indices = np.append(indices, indices.dtype.type(-100))
    value = Value(x)
    result = arrays.take(value, indices, axis)
    np.testing.assert_array_equal(result.data, np.take(x, indices.astype(int), axis))
    result.sum().backward()
    places = np.take(np.arange(x.size).reshape(x.shape), indices.astype(int), axis)
    np.testing.assert_array_equal(np.flatnonzero(value.grad), np.sort(places, axis=None))


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0, 2), (1,)])
def test_methods_of_ndarrays(shape):
    (x,) = points(shape)
    value = Value(x)
    assert value.tolist() == np.array(x).tolist()
    assert type(value.tolist()) is (list if shape else float)
    copied, flat = value.copy(), value.flatten()
    assert copied is not value
    assert not copied.is_leaf
    np.testing.assert_array_equal(copied.data, x)
    np.testing.assert_array_equal(flat.data, np.ravel(x))
    (copied * 2.0 + (flat * 3.0).reshape(shape)).sum().backward()
    np.testing.assert_array_equal(value.grad, np.full(shape, 5.0))


@pytest.mark.parametrize("name", ["atleast_1d", "atleast_2d"])
def test_several_with_axes(name):
    assert getattr(arrays, name)() == ()
    several = getattr(arrays, name)(1.0, Value([1.0, 2.0]), np.ones((2, 1)))
    expected = getattr(np, name)(1.0, [1.0, 2.0], np.ones((2, 1)))
    assert [value.shape for value in several] == [array.shape for array in expected]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("keywords", [{}, {"nan": 1.5}, {"posinf": 7.0, "neginf": -3.0}])
@pytest.mark.parametrize("shape", [(4,), (2, 2), ()])
def test_nan_to_num(shape, keywords, dtype):
    import torch

    for start in range(4 if shape == () else 1):
        x = np.array([np.nan, np.inf, -np.inf, 2.0], dtype)[start:]
        x = x[0] if shape == () else x.reshape(shape)
        result = arrays.nan_to_num(Value(x) if shape else Value(float(x)), **keywords)
        expected = np.nan_to_num(x if shape else float(x), **keywords)
        np.testing.assert_array_equal(np.array(result.data), expected)
        if shape:
            assert result.dtype == dtype
            check(
                lambda v: arrays.nan_to_num(v, **keywords) ** 2,
                lambda t: torch.nan_to_num(t, **keywords) ** 2,
                [np.where(np.abs(x) > 1e30, np.nan, x)],  # whose square is finite
                tolerance=1e-6,
            )


TRAPEZOID = [((4,), (4,), -1), ((3, 4), (4,), -1), ((3, 4), (3,), 0), ((2, 3, 4), (3,), 1)]
TRAPEZOID += [((3, 4), (3, 4), 0), ((3, 4), (1, 4), 1), ((1, 4), (3, 4), -1), ((1,), (1,), 0)]


@pytest.mark.parametrize(("shape", "places", "axis"), TRAPEZOID)
def test_trapezoid_of_places(shape, places, axis):
    import torch

    def theirs(y, x):
        if x.ndim == 1 and y.ndim > 1:
            x = x.reshape([-1 if i == axis % y.ndim else 1 for i in range(y.ndim)])
        return torch.trapezoid(y, x, dim=axis)

    y, x = points(shape, places)
    result = arrays.trapezoid(y, x, axis=axis)
    expected = numpy_of("trapezoid")(y, x, axis=axis)
    assert result.shape == np.shape(expected)
    np.testing.assert_allclose(np.array(result.data), expected, rtol=1e-13, atol=1e-13)
    if shape != (1,):
        check(lambda y, x: arrays.trapezoid(y, x, axis=axis), theirs, [y, x])
    check_differences(lambda y, x: arrays.trapezoid(y, x, axis=axis), [y, x])
    check_differences(lambda y, dx: arrays.trapezoid(y, None, dx, axis), [y, np.array(0.5)])


def test_what_can_be_an_array():
    x, y = Value(1.0), Value(2.0)
    for given in ([x, y], (x, y), [x, 2.0], np.array([x, y])):
        assert arrays.cumsum(given).data.tolist() == [1.0, 3.0]
    nested = arrays.flip([[x, y], [y, x]])
    nested[0, 0].backward()
    assert (x.grad, y.grad) == (1.0, 0.0)
    for given in (3, 3.0, np.float32(3.0), np.array(3), True):
        assert arrays.ravel(given).data.tolist() == [float(given)]
    assert arrays.ravel(np.arange(3)).dtype == np.float64


EMPTY = [
    ("prod", {}),
    ("prod", {"axis": 0}),
    ("prod", {"axis": 1}),
    ("cumsum", {"axis": 0}),
    ("cumprod", {"axis": 0}),
    ("cumprod", {}),
    ("diff", {}),
    ("diff", {"axis": 0}),
    ("norm", {}),
    ("flip", {}),
    ("roll", {"shift": 1}),
    ("roll", {"shift": 1, "axis": 0}),
    ("sort", {}),
    ("argsort", {}),
    ("repeat", {"repeats": 2, "axis": 0}),
    ("tile", {"reps": 2}),
    ("tril", {}),
    ("diagonal", {}),
    ("trace", {}),
    ("pad", {"pad_width": 1}),
    ("squeeze", {}),
    ("transpose", {}),
    ("trapezoid", {}),
    ("trapezoid", {"axis": 0}),
    ("take_along_axis", {"indices": np.zeros((0, 2), int), "axis": 1}),
    ("atleast_2d", {}),
    ("nan_to_num", {}),
    ("median", {"axis": 1}),
    ("quantile", {"axis": 1, "q": [0.5, 0.25]}),
    ("cov", {}),
    ("corrcoef", {}),
]


@pytest.mark.parametrize("row", EMPTY, ids=label)
def test_empty_arrays(row):
    name, keywords = row
    x = np.zeros((0, 3))
    expected = numpy_of(name)(x, **keywords)
    variable = Value(x)
    result = getattr(arrays, name)(variable, **keywords)
    if not isinstance(result, Value):
        np.testing.assert_array_equal(result, expected)
        return
    assert result.shape == np.shape(expected)
    np.testing.assert_array_equal(np.array(result.data), expected)
    if result.requires_grad:
        result.sum().backward()
    assert variable.grad.shape == (0, 3)


def test_empty_product_has_a_gradient_of_no_elements():
    for axis, shape in ((None, ()), (0, (3,))):
        x = Value(np.zeros((0, 3)))
        result = arrays.prod(x, axis=axis)
        assert result.shape == shape
        assert np.all(result.data == 1.0)
        result.sum().backward()
        assert x.grad.shape == (0, 3)
    assert arrays.prod(Value(np.zeros((2, 0), np.float32)), axis=1).dtype == np.float32
    assert arrays.repeat(np.zeros(0), []).shape == (0,)


@pytest.mark.parametrize("kind", [int, np.int64, np.int32, np.array])
def test_reshape_with_an_open_length(kind):
    x = Value(np.arange(6.0))
    assert x.reshape(2, kind(-1)).shape == (2, 3)
    assert x.reshape((kind(-1), kind(2))).shape == (3, 2)
    assert np.reshape(x, kind(-1)).shape == (6,)


ONES = np.ones((2, 3))

ERRORS = [
    ("prod", (ONES, 2), IndexError, "axis 2 was given - one from -2 to 1 is needed"),
    ("prod", (ONES, (0, -2)), ValueError, "the axes (0, -2) were given - each once is needed"),
    ("prod", (ONES, 1.0), TypeError, "float was given as axis - an int is needed"),
    ("prod", ("text",), TypeError, "str was given"),
    ("prod", (None,), TypeError, "NoneType was given"),
    ("std", (np.zeros((0, 3)),), ValueError, "0 elements of the shape (0, 3)"),
    ("argmax", (np.zeros((0, 3)),), ValueError, "shape (0, 3) was given"),
    ("argmax", (np.zeros((0, 3)), 0), ValueError, "shape (0, 3) was given"),
    ("norm", (ONES, 3), ValueError, "ord 3 was given along 2 axes - None, 'fro', 1 or inf"),
    ("norm", (ONES[0], "fro"), ValueError, "ord 'fro' was given along 1 axes"),
    ("outer", ("text", ONES), TypeError, "str was given"),
    ("diff", (ONES, -1), ValueError, "n=-1 was given - none below 0"),
    ("diff", (ONES, 1.0), TypeError, "float was given as n"),
    ("diff", (ONES, 1, 2), IndexError, "axis 2 was given"),
    ("diff", (1.0,), IndexError, "axis -1 was given"),
    ("cumprod", (ONES, 2), IndexError, "axis 2 was given"),
    ("einsum", ("ij,jk->ik", ONES), ValueError, "letters for 1 operands"),
    ("einsum", ("ij,jk->ik", ONES, ONES), ValueError, "one length of 'j', not 3 and 2"),
    ("einsum", ("ijk", ONES), ValueError, "a letter for each axis, not 'ijk' for 2"),
    ("einsum", ("i", ONES), ValueError, "a letter for each axis, not 'i' for 2"),
    ("einsum", ("ii", ONES), ValueError, "one length of 'i', not 2 and 3"),
    ("einsum", ("ij->ik", ONES), ValueError, "not 'ik'"),
    ("einsum", ("ij->ii", ONES), ValueError, "not 'ii'"),
    ("einsum", ("i1", ONES), ValueError, "not 'i1'"),
    ("einsum", (ONES, ONES), TypeError, "ndarray was given as subscripts"),
    ("tensordot", (ONES, ONES, 1), ValueError, "(2, 3) along (1,) and (2, 3) along (0,)"),
    ("tensordot", (ONES, ONES, 3), ValueError, "3 axes of the shapes (2, 3) and (2, 3)"),
    ("tensordot", (ONES, ONES, (0,)), ValueError, "axes (0,) was given - a pair"),
    ("reshape", (ONES, (4,)), ValueError, "(4,) was given - one of 6 elements"),
    ("reshape", (ONES, (-1, -1)), ValueError, "(-1, -1) was given - one length at most may be -1"),
    ("reshape", (np.ones(0), (-1, 0)), ValueError, "(-1, 0) was given - lengths without -1"),
    ("reshape", (ONES, "a"), TypeError, "a str was given as length"),
    ("repeat", (ONES, []), ValueError, "repeats [] was given for a length of 6"),
    ("transpose", (ONES, (0,)), ValueError, "each of the 2 axes"),
    ("swapaxes", (ONES, 0, 2), IndexError, "axis 2 was given - one from -2 to 1"),
    ("moveaxis", (ONES, (0, 1), 0), ValueError, "2 sources and 1 destinations"),
    ("expand_dims", (ONES, 4), IndexError, "axis 4 was given - one from -3 to 2"),
    ("squeeze", (ONES, 0), ValueError, "axis 0 of the shape (2, 3)"),
    ("broadcast_to", (ONES, (3, 3)), ValueError, "(2, 3) was given - one that can be"),
    ("flip", (ONES, 2), IndexError, "axis 2 was given"),
    ("roll", (ONES, (1, 2), (0, 1, 1)), ValueError, "2 shifts and 3 axes"),
    ("roll", (ONES, 1.5), TypeError, "float was given as shift"),
    ("concatenate", ([],), ValueError, "an empty list was given"),
    ("concatenate", (2.0,), TypeError, "float was given - a list"),
    ("concatenate", ([1.0, 2.0],), ValueError, "a scalar was given"),
    ("concatenate", ([ONES, ONES[0]],), ValueError, "(2, 3) and (3,)"),
    ("concatenate", ([ONES, np.ones((3, 2))],), ValueError, "(2, 3) and (3, 2)"),
    ("stack", ([],), ValueError, "an empty list was given"),
    ("vstack", ([],), ValueError, "an empty list was given"),
    ("hstack", (3.0,), TypeError, "a list of arrays is needed"),
    ("stack", ([ONES, ONES.T],), ValueError, "(2, 3) and (3, 2)"),
    ("stack", ([ONES, ONES], 3), IndexError, "axis 3 was given - one from -3 to 2"),
    ("split", (ONES, 2, 1), ValueError, "2 parts of the length 3"),
    ("split", (ONES, 0), ValueError, "0 parts of the length 2"),
    ("split", (Value(1.0), 1), IndexError, "axis 0 was given"),
    ("take", (ONES, 6), IndexError, "the index 6 was given - one from -6 to 5"),
    ("take", (ONES, [0, -4], 1), IndexError, "the index -4 was given - one from -3 to 2"),
    ("take", (ONES, [0, 9], 0), IndexError, "[take] the index 9 was given - one from -2 to 1"),
    ("take", (ONES, 1.0), TypeError, "indices of type float64"),
    ("take_along_axis", (ONES, [0]), ValueError, "(2, 3) and (1,) were given - as many axes"),
    ("take_along_axis", (ONES, [[0]] * 3), ValueError, "(2, 3) and (3, 1) were given"),
    ("take_along_axis", (ONES, [[3], [0]]), IndexError, "the index 3 was given - one from -3 to"),
    ("take_along_axis", (ONES, [[0.5], [0]]), TypeError, "indices of type float64"),
    ("take_along_axis", (ONES, [[0], [0]], 2), IndexError, "axis 2 was given"),
    ("column_stack", ([],), ValueError, "an empty list was given"),
    ("trapezoid", (1.0,), IndexError, "axis -1 was given"),
    ("trapezoid", (ONES, [1.0, 2.0]), ValueError, "x of the shape (2,) was given for the shape (2"),
    ("trapezoid", (ONES, np.ones((1, 2))), ValueError, "a place for each of 3 samples along axis"),
    ("trapezoid", (ONES, np.ones((3, 3)), 1.0, 1), ValueError, "x of the shape (3, 3)"),
    ("trapezoid", (ONES, None, [1.0]), ValueError, "dx of the shape (1,) was given - a number"),
    ("atleast_1d", ("text",), TypeError, "str was given"),
    ("nan_to_num", ("text",), TypeError, "str was given"),
    ("pad", (ONES, -1), ValueError, "pad_width -1 was given"),
    ("pad", (ONES, ((1, 1),) * 3), ValueError, "for each of 2 axes"),
    ("pad", (ONES, 1, "mirror"), ValueError, "mode 'mirror' was given"),
    ("tril", (Value(1.0),), ValueError, "a scalar was given"),
    ("diag", (np.ones((2, 2, 2)),), ValueError, "(2, 2, 2) was given - one or two axes"),
    ("diagonal", (ONES[0],), ValueError, "(3,) was given - at least two axes"),
    ("diagonal", (ONES, 0, 1, 1), ValueError, "the axes (1, 1) were given"),
    ("trace", (ONES[0],), ValueError, "(3,) was given - at least two axes"),
    ("sort", (ONES, 2), IndexError, "axis 2 was given"),
    ("repeat", (ONES, [1, 2, 3], 0), ValueError, "for a length of 2"),
    ("repeat", (ONES, -1), ValueError, "repeats -1 was given"),
    ("tile", (ONES, -1), ValueError, "reps -1 was given"),
    ("zeros", (-1,), ValueError, "the length -1 was given"),
    ("zeros", (2.0,), TypeError, "float was given as length"),
    ("zeros", (2, int), TypeError, "dtype int64 was given - float64 or float32"),
    ("full", (2, Value(1.0)), TypeError, "a Value was given as fill_value"),
    ("arange", (0, 1, 0), ValueError, "step 0 was given"),
]


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: f"{row[0]} {row[3]}")
def test_errors(row):
    name, args, kind, text = row
    with pytest.raises(kind) as caught:
        getattr(arrays, name)(*args)
    message = str(caught.value)
    assert message.startswith(f"[{'diagonal' if name == 'trace' else name}] ")
    assert text in message
    assert " - " in message
    assert message.endswith((".", "'."))


@pytest.mark.parametrize(
    ("name", "given"), [("nan", None), ("nan", Value(1.0)), ("posinf", "1"), ("neginf", Value(1.0))]
)
def test_what_nan_to_num_puts_in_is_a_number(name, given):
    kind = type(given).__name__
    with pytest.raises(TypeError, match=rf"^\[nan_to_num\] {kind} was given as {name} - a number"):
        arrays.nan_to_num(ONES, **{name: given})


@pytest.mark.usefixtures("balanced")
def test_nothing_leaks():
    for name, shape, keywords in ROWS:
        x = Value(np.ones(shape))
        result = getattr(arrays, name)(x, **keywords)
        if result.requires_grad:
            result.sum().backward()
        del x, result


def test_the_places_of_a_selection_have_a_gradient_of_zeros():
    for _ in range(20):
        block = Value(np.full((2, 3), 7.0))  # whose memory is used again
        del block
        places = arrays.take(Value(np.ones((2, 3))), [0, 1], axis=1).args[1]
        assert not places.requires_grad
        assert (places.grad == 0).all()
