"""The compiled operations on arrays: all of the table, and those that rearrange and reduce."""

from __future__ import annotations

import math

import numpy as np
import pytest
from agreement import check, check_differences

import autograd
from autograd import Value, _core

generator = np.random.default_rng(13)
OPERATIONS = {operation.name: operation for operation in autograd.OPERATIONS}


def points(*shapes):
    """Return an array for each shape, away from zeros and ties."""
    return [np.round(generator.normal(size=shape), 3) + 0.0005 for shape in shapes]


def label(row):
    return " ".join(str(part) for part in row)


# The table of operations -----------------------------------------------------------------------

SHAPES = {
    1: [[(4,)], [(2, 3)], [(2, 1, 3)], [()], [(0, 3)]],
    2: [
        [(2, 3), (2, 3)],
        [(2, 3), (3,)],
        [(3,), (2, 3)],
        [(3, 1), (1, 4)],
        [(3, 3), (3, 1)],
        [(2, 1, 3), (4, 1)],
        [(2, 3), ()],
        [(), (2, 3)],
        [(1,), (3,)],
        [(0, 3), (3,)],
    ],
    3: [
        [(2, 3), (2, 3), (2, 3)],
        [(2, 3), (3,), (2, 1)],
        [(3,), (2, 3), ()],
        [(), (2, 1), (3,)],
        [(2, 3), (), ()],
    ],
}
PLANS = [
    (name, shapes) for name, operation in OPERATIONS.items() for shapes in SHAPES[operation.arity]
]


@pytest.fixture(scope="session")
def arguments(samples):
    """Return arrays of these shapes within the domains of an operation."""

    def drawn(operation, shapes):
        found = []
        for index, shape in enumerate(shapes):
            numbers = [point[index] for point in samples(operation, 24)]
            # Each argument begins elsewhere, lest two of them be equal.
            begin = 5 * index
            array = np.array(numbers[begin : begin + math.prod(shape)]).reshape(shape)
            if operation.name == "clip" and index:
                array = (np.abs(array) + 0.1) * (1 if index == 2 else -1)
            found.append(array)
        return found

    return drawn


@pytest.fixture(scope="session")
def theirs_of(torch_function):
    def polygamma(n, x):
        import torch

        total = 0.0
        for order in range(4):
            total = total + torch.where(n == order, torch.polygamma(order, x), 0.0)
        return total

    def clip(*given):  # PyTorch's own does not repeat its first argument
        import torch

        return torch.clip(*torch.broadcast_tensors(*given))

    own = {"polygamma": polygamma, "clip": clip}
    return lambda name: own.get(name) or torch_function(name)


@pytest.mark.parametrize(("name", "shapes"), PLANS)
def test_operation_against_torch(name, shapes, arguments, theirs_of):
    operation = OPERATIONS[name]
    given = arguments(operation, shapes)
    check(operation.function, theirs_of(name), given, tolerance=1e-8)


# The first arguments of polygamma and where move in steps.
@pytest.mark.parametrize(
    ("name", "shapes"), [plan for plan in PLANS if plan[0] not in ("polygamma", "where")]
)
def test_operation_against_differences(name, shapes, arguments):
    operation = OPERATIONS[name]
    given = arguments(operation, shapes)
    check_differences(operation.function, given, step=1e-5, tolerance=1e-6)


@pytest.mark.parametrize("name", OPERATIONS)
def test_arrays_are_many_scalars(name, samples):
    """Hold that values are the same bits, and derivatives the same, as of scalars."""
    operation = OPERATIONS[name]
    given = list(samples(operation, 24))
    special = (-2.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 2.0, 30.0, -30.0)
    if operation.arity < 3:
        given += [(x,) * operation.arity for x in special]
    if operation.arity == 2:
        given += [(x, y) for x in special for y in (0.0, 1.0, -1.0, 2.0)]
    rows, values, gradients = [], [], []
    for row in given:
        scalars = [Value(x) for x in row]
        try:
            result = operation.function(*scalars)
            result.backward()
        except (ValueError, ArithmeticError):  # arrays flow on
            continue
        rows.append(row)
        values.append(result.data)
        gradients.append([scalar.grad for scalar in scalars])
    arrays = [Value(np.array(column)) for column in zip(*rows, strict=True)]
    result = operation.function(*arrays)
    np.testing.assert_array_equal(result.data, values)
    result.backward(np.ones(len(rows)))
    for array, column in zip(arrays, zip(*gradients, strict=True), strict=True):
        np.testing.assert_allclose(array.grad, column, rtol=1e-14, atol=0.0)


FLOWS = [
    ("divide", (1.0, 0.0), np.inf),
    ("divide", (-1.0, 0.0), -np.inf),
    ("divide", (0.0, 0.0), np.nan),
    ("log", (0.0,), -np.inf),
    ("log", (-1.0,), np.nan),
    ("sqrt", (-1.0,), np.nan),
    ("exp", (1000.0,), np.inf),
    ("reciprocal", (0.0,), np.inf),
    ("power", (0.0, -1.0), np.inf),
    ("power", (-1.0, 0.5), np.nan),
    ("acos", (2.0,), np.nan),
    ("subtract", (np.inf, np.inf), np.nan),
    ("atanh", (1.0,), np.inf),
]


@pytest.mark.parametrize("row", FLOWS, ids=label)
def test_arrays_flow_where_scalars_raise(row):
    name, point, expected = row
    result = OPERATIONS[name].function(*(Value([x, x]) for x in point))
    np.testing.assert_array_equal(result.data, [expected, expected])


@pytest.mark.parametrize(
    "shapes",
    [
        [(1000,), (1000,)],
        [(257, 1), (1, 259)],
        [(300, 7), (7,)],
        [(3, 1000), (3, 1)],
        [(600, 2), ()],
        [(2, 1, 300), (5, 1)],
    ],
)
@pytest.mark.parametrize(
    "name", ["add", "subtract", "multiply", "divide", "power", "maximum", "atan2"]
)
def test_broadcasting_of_large_arrays(name, shapes):
    def theirs(name):
        import torch

        return {"power": torch.pow}.get(name) or getattr(torch, name)

    given = [np.abs(point) + 0.5 for point in points(*shapes)]
    given[1] = given[1] + 0.0001
    check(OPERATIONS[name].function, theirs(name), given, tolerance=1e-9)


TWICE = [
    ("a - a", lambda a: a - a),
    ("a + a", lambda a: a + a),
    ("a * a", lambda a: a * a),
    ("a / a", lambda a: a / a),
    ("a ** a", lambda a: a**a),
    ("a @ a", lambda a: a @ a),
    ("a @ a.T", lambda a: a @ a.T),
    ("a * a.T", lambda a: a * a.T),
    ("a + a[0]", lambda a: a + a[0]),
    ("a * a[:, :1]", lambda a: a * a[:, :1]),
    ("a[0] @ a", lambda a: a[0] @ a),
    ("a[0] @ a[1]", lambda a: a[0] @ a[1]),
    ("2.0 ** a", lambda a: 2.0**a),
    ("1.0 / a", lambda a: 1.0 / a),
    ("3 - a", lambda a: 3 - a),
    ("a ** 3", lambda a: a**3),
    ("-a", lambda a: -a),
    ("abs(a)", abs),
    ("diamond", lambda a: (a * 2.0 + 1.0) * (a * 2.0 - 1.0) + a.T * 2.0),
    ("deep", lambda a: ((a * a).sum(0) * a).sum(1) @ a),
    ("a.sum() * a", lambda a: a.sum() * a),
    ("a / a.sum()", lambda a: a / a.sum()),
    ("a[0, 1] * a", lambda a: a[0, 1] * a),
]


@pytest.mark.parametrize("row", TWICE, ids=lambda row: row[0])
def test_same_operand_twice(row):
    given = [np.abs(point) + 0.1 for point in points((3, 3))]
    check(row[1], row[1], given)
    check_differences(row[1], given)


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_ties_share(name):
    import torch

    (a,) = points((2, 3))
    function = OPERATIONS[name].function
    check(lambda v: function(v, v), lambda t: getattr(torch, name)(t, t), [a])
    check(function, getattr(torch, name), [a, a.copy()])
    check(function, getattr(torch, name), [np.zeros((2, 3)), np.zeros(3)])


@pytest.mark.parametrize(
    "other",
    [
        2,
        2.5,
        True,
        np.float32(2.0),
        np.int64(2),
        np.array(2.0),
        np.ones((2, 3)) * 2,
        np.arange(1, 4),
        Value(2.0),
        Value([1.0, 2.0, 3.0]),
        Value([[2.0]], False),
    ],
    ids=repr,
)
@pytest.mark.parametrize("symbol", ["+", "-", "*", "/", "**"])
def test_operands_of_every_type(other, symbol):
    plain = np.array(other.data) if isinstance(other, Value) else np.asarray(other)
    plain = plain.astype(float)
    x = np.array([[0.5, 1.0, 1.5], [2.0, 2.5, 3.0]])
    for code, expected in [
        (f"a {symbol} b", f"x {symbol} y"),
        (f"b {symbol} a", f"y {symbol} x"),
    ]:
        a = Value(x)
        result = eval(code, {"a": a, "b": other})
        assert type(result) is Value
        # NumPy's power differs by a rounding.
        np.testing.assert_allclose(result.data, eval(expected, {"x": x, "y": plain}), rtol=3e-16)
        result.sum().backward()
        assert a.grad.any() or other is True  # 1 ** a


def test_where_does_not_leak():
    x = Value([0.0, 1.0, 4.0])
    y = autograd.where(x.data > 0, autograd.log(x), 0.0) + autograd.where(
        x.data > 0, autograd.sqrt(x), x
    )
    y.sum().backward()
    np.testing.assert_allclose(x.grad, [1.0, 1.5, 0.5])


def test_zero_adjoint_contributes_zero():
    x = Value([0.0, 4.0])
    (autograd.sqrt(x) * np.array([0.0, 1.0])).sum().backward()
    np.testing.assert_array_equal(x.grad, [0.0, 0.25])
    x = Value([0.0, 4.0])
    autograd.sqrt(x)[1].backward()
    np.testing.assert_array_equal(x.grad, [0.0, 0.25])


# Reductions ------------------------------------------------------------------------------------

AXES = [
    ((3, 3), None),
    ((3, 3), 0),
    ((3, 3), 1),
    ((2, 5), -1),
    ((2, 5), -2),
    ((2, 3, 4), (0, 2)),
    ((2, 3, 4), (1, -3)),
    ((2, 3, 4), 1),
    ((7,), 0),
    ((2, 3), ()),
    ((1, 4), 0),
    ((4, 300), 1),
    ((300, 4), 0),
]


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize(("shape", "axis"), AXES)
@pytest.mark.parametrize("name", ["sum", "mean", "max", "min"])
def test_reduction(name, shape, axis, keep):
    import torch

    (x,) = points(shape)
    x = x + np.linspace(0, 1e-6, x.size).reshape(shape)  # no ties
    ours = [lambda v: getattr(v, name)(axis=axis, keepdims=keep)]
    ours.append(lambda v: getattr(autograd, name)(v, axis=axis, keepdims=keep))

    def theirs(t):
        if axis == ():
            return t * 1.0
        axes = tuple(range(t.ndim)) if axis is None else axis
        function = {"max": torch.amax, "min": torch.amin}.get(name) or getattr(torch, name)
        return function(t, axes, keepdim=keep)

    expected = getattr(np, name)(x, axis=axis, keepdims=keep)
    for function in ours:
        result = function(Value(x))
        assert result.shape == np.shape(expected)
        np.testing.assert_allclose(np.array(result.data), expected, rtol=1e-12)
        check(function, theirs, [x])


@pytest.mark.parametrize("axis", [None, 0, 1])
@pytest.mark.parametrize("name", ["max", "min"])
def test_ties_of_a_reduction_share(name, axis):
    import torch

    x = np.array([[1.0, 3.0, 3.0], [3.0, 3.0, 1.0], [1.0, 1.0, 1.0]])
    function = {"max": torch.amax, "min": torch.amin}[name]
    check(
        lambda v: getattr(v, name)(axis=axis),
        lambda t: function(t, tuple(range(2)) if axis is None else axis),
        [x],
        order=1,
    )


@pytest.mark.parametrize(
    ("shape", "axis"),
    [((5,), 0), ((3, 3), 0), ((3, 3), -1), ((2, 5), 1), ((2, 3, 4), 1), ((5,), -1)],
)
@pytest.mark.parametrize("name", ["softmax", "log_softmax", "logsumexp"])
def test_normalizing(name, shape, axis):
    import torch

    (x,) = points(shape)
    ours = getattr(autograd, name)
    theirs = getattr(torch, name)
    for scale in (1.0, 1000.0):
        check(lambda v: ours(v, axis=axis), lambda t: theirs(t, axis), [x * scale], tolerance=1e-9)
    check_differences(lambda v: ours(v, axis=axis), [x])


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("axis", [None, 0, (0, 2), -1])
def test_logsumexp_along_axes(axis, keep):
    import torch

    (x,) = points((2, 3, 4))
    axes = tuple(range(3)) if axis is None else axis
    check(
        lambda v: autograd.logsumexp(v, axis=axis, keepdims=keep),
        lambda t: torch.logsumexp(t, axes, keepdim=keep),
        [x],
    )


@pytest.mark.parametrize(
    ("a", "axis", "expected"),
    [
        ([-np.inf, 0.0], 0, 0.0),
        ([-np.inf, -np.inf], 0, -np.inf),
        ([np.inf, 0.0], 0, np.inf),
    ],
)
def test_logsumexp_of_infinities(a, axis, expected):
    x = Value(a)
    y = autograd.logsumexp(x, axis=axis)
    assert y.data == expected
    y.backward()
    if expected == 0.0:
        np.testing.assert_array_equal(x.grad, [0.0, 1.0])


# Shapes ----------------------------------------------------------------------------------------

REARRANGED = [
    ("reshape(3, -1)", (2, 3)),
    ("reshape((6,))", (2, 3)),
    ("reshape(-1)", (2, 3)),
    ("reshape(1, 2, 3)", (2, 3)),
    ("reshape(())", (1, 1)),
    ("reshape(1, 1)", ()),
    ("ravel()", (2, 3)),
    ("transpose()", (2, 3)),
    ("transpose()", (2, 3, 4)),
    ("transpose(1, 2, 0)", (2, 3, 4)),
    ("transpose((-1, 0, 1))", (2, 3, 4)),
    ("T", (3, 3)),
    ("T", (2, 3)),
    ("T", (4,)),
    ("astype(float)", (2, 3)),
]


@pytest.mark.parametrize(("code", "shape"), REARRANGED)
def test_rearranged(code, shape):
    import torch

    (x,) = map(np.array, points(shape))

    def theirs(t):
        if code.startswith("reshape"):
            return torch.reshape(t, eval(f"np.zeros({shape}).{code}.shape", {"np": np}))
        if code == "ravel()":
            return t.reshape(-1)
        if code.startswith("astype"):
            return t.double() * 1.0
        axes = eval(code[9:] or "()") if code.startswith("transpose") else ()
        axes = axes if isinstance(axes, tuple) and axes else tuple(range(t.ndim))[::-1]
        return t.permute(axes)

    def ours(v):
        return eval(f"v.{code}", {"v": v})

    assert ours(Value(x)).shape == ours(x).shape
    np.testing.assert_array_equal(np.array(ours(Value(x)).data), ours(x))
    check(ours, theirs, [x])
    check(lambda v: ours(v) * ours(v), lambda t: theirs(t) * theirs(t), [x])


KEYS = [
    "0",
    "-1",
    "1, 2",
    "1, -1",
    "0:2",
    "1:",
    "::-1",
    "::2, ::-2",
    "-1:0:-1, 1",
    "5:",
    "None",
    "None, 0, None",
    "..., 0",
    "0, ...",
    "..., None",
    "...",
    "()",
    ":, 1:3",
    "[0, 0, 1]",
    "[2, -1]",
    "[0, 0, 1], [1, 1, 2]",
    "[[0, 1], [1, 1]]",
    ":, [0, 0, 3]",
    "[[0], [1]], [1, 1, 2]",
    "[0, 1], 1:3",
    "x > 0",
    "x[:, 0] > 0",
    "x > 100",
    "[True, False, True]",
    "np.array([1, 1])",
    "np.int64(1)",
    "np.array(1)",
    "[]",
    "0, [1, 1]",
    "np.array([0, 1]), None, 1",
]


class KeyOf:
    def __getitem__(self, key):
        return key


@pytest.mark.parametrize("code", KEYS)
def test_getitem(code):
    import torch

    (x,) = points((3, 4))
    key = eval(f"key_of[{code}]", {"np": np, "x": x, "key_of": KeyOf()})
    expected = x[key]
    result = Value(x)[key]
    assert result.shape == np.shape(expected)
    np.testing.assert_array_equal(np.array(result.data), expected)
    order = np.array(np.arange(12).reshape(3, 4)[key])

    def theirs(t):
        return t.reshape(-1)[torch.tensor(order)]

    check(lambda v: v[key], theirs, [x])
    check(lambda v: (v * v)[key] * 2.0, lambda t: theirs(t * t) * 2.0, [x])
    check_differences(lambda v: (v * v)[key], [x])


OF_OBJECTS = {
    "exp": autograd.exp,
    "where": lambda x: autograd.where(True, x, 0.0),
    "maximum": lambda x: autograd.maximum(2.5, x),
    "sum": autograd.sum,
    "mean": lambda x: autograd.mean(x, axis=0),
    "max": autograd.max,
    "softmax": autograd.softmax,
    "logsumexp": autograd.logsumexp,
    "dot": lambda x: autograd.dot(x, x),
    "matmul": lambda x: autograd.matmul(x, np.ones(2)),
}


@pytest.mark.parametrize("name", OF_OBJECTS)
@pytest.mark.parametrize("shape", [(2,), (2, 2)])
def test_an_ndarray_of_values_is_an_array(name, shape):
    numbers = np.arange(1.0, 1.0 + math.prod(shape)).reshape(shape)
    values = np.array([Value(number) for number in numbers.flat]).reshape(shape)
    whole = Value(numbers)
    result, expected = OF_OBJECTS[name](values), OF_OBJECTS[name](whole)
    np.testing.assert_array_equal(result.data, expected.data)
    (result * result).sum().backward()
    (expected * expected).sum().backward()
    np.testing.assert_allclose([one.grad for one in values.flat], whole.grad.ravel(), rtol=1e-14)


def test_an_ndarray_of_values_and_numbers_is_an_array():
    x = Value(2.0)
    assert autograd.exp(np.array([x, 1.0])).data.tolist() == np.exp([2.0, 1.0]).tolist()
    assert autograd.exp(np.array(x)).shape == ()
    with pytest.raises(TypeError, match=r"that holds Values was given .* Use autograd.stack"):
        Value(np.array([x, x]))
    for other in (["text"], [None]):
        with pytest.raises(TypeError, match="that holds other things was given"):
            autograd.exp(np.array(other, dtype=object))


@pytest.mark.parametrize(
    ("code", "shape"), [("()", ()), ("...", ()), ("None", (1,)), ("None, ..., None", (1, 1))]
)
def test_scalar_with_new_axes(code, shape):
    key = eval(f"key_of[{code}]", {"key_of": KeyOf()})
    x = Value(2.0)
    for scalar in (x, x * x):
        result = scalar[key]
        assert result.shape == shape
        assert (result is scalar) == (shape == ())
        assert result.requires_grad
    ((x * x)[key] * 3.0).sum().backward()
    assert x.grad == 12.0
    np.testing.assert_array_equal(Value(2.0)[key].data, np.float64(2.0)[key])


@pytest.mark.parametrize("code", ["0", ":", "None, 0", "'a'", "np.array(0)"])
def test_scalar_has_no_elements(code):
    key = eval(f"key_of[{code}]", {"np": np, "key_of": KeyOf()})
    with pytest.raises(TypeError, match=r"\[getitem\] a scalar Value was given"):
        Value(2.0)[key]


MATMUL = [
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 4)),
    ((2, 3), (3, 4)),
    ((3, 3), (3, 3)),
    ((1, 1), (1, 1)),
    ((5, 2, 3), (5, 3, 4)),
    ((5, 2, 3), (3, 4)),
    ((2, 3), (5, 3, 4)),
    ((5, 1, 2, 3), (2, 3, 4)),
    ((1, 2, 3), (5, 3, 1)),
    ((5, 2, 3), (3,)),
    ((3,), (5, 3, 2)),
    ((17, 33), (33, 19)),
    ((64, 65), (65, 3)),
    ((300, 40), (40, 270)),
    ((2, 0), (0, 3)),
    ((0, 2), (2, 3)),
]


@pytest.mark.parametrize(("left", "right"), MATMUL)
def test_matmul(left, right):
    import torch

    given = points(left, right)
    np.testing.assert_allclose(
        np.array((Value(given[0]) @ Value(given[1])).data), given[0] @ given[1], atol=1e-11
    )
    check(lambda a, b: a @ b, torch.matmul, given, tolerance=1e-9)
    check(autograd.matmul, torch.matmul, given, tolerance=1e-9, order=1)
    # One of them a constant, on either side.
    check(lambda a: a @ given[1], lambda a: a @ torch.tensor(given[1]), given[:1], tolerance=1e-9)
    check(lambda b: given[0] @ b, lambda b: torch.tensor(given[0]) @ b, given[1:], tolerance=1e-9)


@pytest.mark.parametrize("left", [(2, 3), (3,)])
@pytest.mark.parametrize("right", [(3, 4), (3,)])
def test_dot(left, right):
    import torch

    check(autograd.dot, torch.matmul, points(left, right))


JOINED = [
    (lambda f, a, b: f([a, b], 0), lambda t, a, b: t.concatenate([a, b], 0)),
    (lambda f, a, b: f([a, b, a], 1), lambda t, a, b: t.concatenate([a, b, a], 1)),
    (lambda f, a, b: f([a * b, b], -1), lambda t, a, b: t.concatenate([a * b, b], -1)),
]


@pytest.mark.parametrize(("ours", "theirs"), JOINED)
def test_concatenate(ours, theirs):
    import torch

    check(
        lambda a, b: ours(_core.concatenate_along, a, b),
        lambda a, b: theirs(torch, a, b),
        points((3, 3), (3, 3)),
    )


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(("shape", "axis"), [((5,), 0), ((3, 4), 0), ((3, 4), 1), ((2, 3, 4), 1)])
def test_cumsum(shape, axis, backwards):
    def theirs(t):
        return t.flip(axis).cumsum(axis).flip(axis) if backwards else t.cumsum(axis)

    check(lambda v: _core.cumsum_along(v, axis, backwards), theirs, points(shape))


@pytest.mark.parametrize(
    ("shape", "places"), [((5,), [0, 0, 4]), ((2, 3), [[5, 0], [0, 5]]), ((2, 3), [])]
)
def test_take_flat(shape, places):
    import torch

    order = np.array(places, dtype=np.int64)
    check(
        lambda v: _core.take_flat(v, order),
        lambda t: t.reshape(-1)[torch.tensor(order)],
        points(shape),
    )


@pytest.mark.parametrize("shape", [(3, 4), (2, 3, 4), (3, 1)])
@pytest.mark.parametrize("given", [(3, 1), (1, 1), (), (1,)])
def test_broadcast_to(given, shape):
    import torch

    check(
        lambda v: _core.broadcast_to(v, shape),
        lambda t: torch.broadcast_to(t, shape),
        [np.array(point) for point in points(given)],
    )


# Types -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OPERATIONS)
def test_float32(name, arguments, theirs_of):
    operation = OPERATIONS[name]
    for shapes in SHAPES[operation.arity][:3]:
        given = [x.astype(np.float32) for x in arguments(operation, shapes)]
        variables = [Value(x) for x in given]
        result = operation.function(*variables)
        assert result.dtype == np.float32
        result.sum().backward()
        assert all(v.grad.dtype == np.float32 for v in variables if v.ndim)
        check(operation.function, theirs_of(name), given, tolerance=2e-3, order=1)


def test_mixed_types_are_float64():
    x, y = Value(np.ones(3, np.float32)), Value(np.ones(3))
    result = x * y
    assert result.dtype == np.float64
    result.sum().backward()
    assert (x.grad.dtype, y.grad.dtype) == (np.float32, np.float64)
    a, b = Value(np.ones((2, 3), np.float32)), Value(np.ones((3, 2)))
    (a @ b).sum().backward()
    assert (a.grad.dtype, b.grad.dtype) == (np.float32, np.float64)
    c = x.astype(np.float64)
    assert c.dtype == np.float64
    (c * c).sum().backward()
    assert x.grad.dtype == np.float32
    np.testing.assert_array_equal(x.grad, [3.0] * 3)


# Backward --------------------------------------------------------------------------------------


def test_gradients_accumulate():
    x = Value([1.0, 2.0])
    y = x * x
    for _ in range(2):
        y.backward(np.array([1.0, 10.0]))
    np.testing.assert_array_equal(x.grad, [4.0, 80.0])
    np.testing.assert_array_equal(y.grad, [1.0, 10.0])
    x.zero_grad()
    np.testing.assert_array_equal(x.grad, [0.0, 0.0])


def test_view_of_a_leaf_is_differentiated_with_it():
    w = Value([[1.0, 2.0], [3.0, 4.0]])
    loss = w[0, 1] * 3.0 + (w * w).sum() + w[0].sum()
    loss.backward()
    np.testing.assert_array_equal(w.grad, [[3.0, 8.0], [6.0, 8.0]])
    assert w[0, 1].grad == 8.0


def test_third_derivative():
    x = Value([1.0, 2.0, 3.0])
    y = (x**4).sum()
    for power in ([4.0, 32.0, 108.0], [12.0, 48.0, 108.0], [24.0, 48.0, 72.0], [24.0] * 3):
        (gradient,) = _core.gradients(y, [x], None, True)
        np.testing.assert_allclose(gradient.data, power)
        y = gradient.sum()


def test_a_random_program_agrees():
    """Hold that programs of random operations agree with PyTorch, to the second derivative."""
    import torch

    steps = [
        (lambda a, b: a * b, None),
        (lambda a, b: a + b, None),
        (lambda a, b: a - b * 0.5, None),
        (lambda a, b: a / (b * b + 1.5), None),
        (lambda a, b: (a @ b) * 0.3, None),
        (lambda a, b: a.T + b, lambda a, b: a.mT + b),
        (lambda a, b: a * b[0], None),
        (lambda a, b: a + b[:, :1], None),
        (lambda a, b: a * b.sum(), None),
        (lambda a, b: a + b.mean(0), None),
        (lambda a, b: a - b.max(1, True), lambda a, b: a - torch.amax(b, 1, keepdim=True)),
        (lambda a, b: a.tanh() + b, None),
        (lambda a, b: a.sigmoid() * b, None),
        (lambda a, b: a[::-1] + b, lambda a, b: a.flip(0) + b),
        (lambda a, b: a[[0, 0, 2]] * b, None),
        (lambda a, b: a.reshape(-1)[3] * b, None),
        (lambda a, b: autograd.maximum(a, b), torch.maximum),
        (
            lambda a, b: autograd.where(a.data > b.data, a, b * b),
            lambda a, b: torch.where(a > b, a, b * b),
        ),
        (
            lambda a, b: _core.concatenate_along([a[:1], b[1:]], 0),
            lambda a, b: torch.concatenate([a[:1], b[1:]]),
        ),
    ]
    for seed in range(60):
        random = np.random.default_rng(seed)
        chosen = [
            (int(random.integers(len(steps))), int(random.integers(99)), int(random.integers(99)))
            for _ in range(12)
        ]

        def run(values, own, chosen=chosen):
            values = list(values)
            for step, i, j in chosen:
                ours, theirs = steps[step]
                function = ours if own or theirs is None else theirs
                values.append(function(values[i % len(values)], values[j % len(values)]))
                values[-1] = values[-1] * 0.7
            total = values[-1] + values[-2] * 0.5
            return total + values[-5]

        given = [random.normal(size=(3, 3)) for _ in range(3)]
        check(
            lambda *v, run=run: run(v, True),
            lambda *t, run=run: run(t, False),
            given,
            tolerance=1e-8,
        )


@pytest.mark.usefixtures("balanced")
def test_nothing_leaks():
    for shapes in SHAPES[2]:
        a, b = (Value(np.ones(shape)) for shape in shapes)
        result = (a * b + a / b) ** 2.0
        result.backward(np.ones(result.shape) if result.ndim else None, create_graph=True)
        a.zero_grad()
        b.zero_grad()
        del a, b, result
