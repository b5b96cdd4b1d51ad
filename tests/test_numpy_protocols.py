"""NumPy's functions on Values: a Value with its gradient, a plain answer, or a TypeError."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd
from autograd import Value

ROW, MATRIX = np.array([0.5, 0.25, 0.75]), np.array([[2.0, 0.5, 1.0], [0.25, 3.0, 1.5]])
SQUARE = np.array([[2.0, 0.5], [0.25, 3.0]])


def universal_functions() -> dict[str, np.ufunc]:
    """Return NumPy's counterparts of the table of operations, by the operation's name."""
    found = {}
    for operation in autograd.OPERATIONS:
        for name in (operation.name, "arc" + operation.name[1:]):
            if isinstance(getattr(np, name, None), np.ufunc):
                found[operation.name] = getattr(np, name)
    return found


UFUNCS = universal_functions()


def same(result: Value, expected: Value, *leaves: Value) -> None:
    """Hold that both are Values of the same data and gradients, to the last bit."""
    assert type(result) is type(expected) is Value
    assert (result.shape, result.op) == (expected.shape, expected.op)
    assert np.asarray(result.data).dtype == np.asarray(expected.data).dtype
    np.testing.assert_array_equal(result.data, expected.data)
    assert result.requires_grad
    seed = np.random.default_rng(0).normal(size=result.shape)
    gradients = autograd.grad((result * seed).sum(), leaves)
    for got, wanted in zip(gradients, autograd.grad((expected * seed).sum(), leaves), strict=True):
        np.testing.assert_array_equal(got, wanted)


def test_universal_functions_are_found():
    names = """add subtract multiply divide power negative positive absolute square reciprocal exp
    exp2 expm1 log log2 log10 log1p sqrt cbrt sin cos tan asin acos atan atan2 hypot sinh cosh tanh
    asinh acosh atanh sign floor ceil maximum minimum logaddexp
    floor_divide remainder"""
    assert set(UFUNCS) == set(names.split())


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
@pytest.mark.parametrize("name", UFUNCS)
def test_universal_function(name, shape, samples):
    (operation,) = (one for one in autograd.OPERATIONS if one.name == name)
    points = np.array(samples(operation, max(1, math.prod(shape))))
    data = [column.reshape(shape) for column in points.T]
    leaves = [Value(one) for one in data]
    same(UFUNCS[name](*leaves), operation.function(*leaves), *leaves)
    # Over a list NumPy passes the arguments on just as they are.
    for i, leaf in enumerate(leaves[: operation.arity - 1]):
        mixed = [*data[:i], leaf, *(one.tolist() for one in data[i + 1 :])]
        same(UFUNCS[name](*mixed), operation.function(*mixed), leaf)
    if operation.arity == 2:
        same(UFUNCS[name](data[0], leaves[1]), operation.function(data[0], leaves[1]), leaves[1])


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (np.abs, autograd.absolute),
        (np.fabs, autograd.absolute),
        (np.conjugate, autograd.positive),
        (np.true_divide, None),
        (np.matmul, None),
    ],
)
def test_universal_function_under_another_name(theirs, ours):
    x = Value(ROW)
    if ours:
        same(theirs(x), ours(x), x)
    else:
        assert theirs(ROW, x).requires_grad


def test_scipy_is_known_by_name():
    """SciPy need not be there: what counts is the name and the kind of its functions."""

    class Function:
        __name__, nin, nout, types = "erf", 1, 1, ["d->d"]

    x = Value(ROW)
    same(x.__array_ufunc__(Function(), "__call__", x), autograd.erf(x), x)


ANSWERS = """less less_equal equal not_equal greater greater_equal isfinite isinf isnan signbit
logical_and logical_or logical_xor logical_not"""


@pytest.mark.parametrize("name", ANSWERS.split())
@pytest.mark.parametrize("data", [0.5, [0.5, math.nan, -0.0], [[math.inf], [0.0]]])
def test_truths_are_those_of_the_data(name, data):
    ufunc = getattr(np, name)
    data = np.array(data)
    arguments = [data, ROW][: ufunc.nin]
    expected = ufunc(*arguments)
    for given in ([Value(one) for one in arguments], [Value(data), *arguments[1:]]):
        result = ufunc(*given)
        assert result.dtype == bool
        np.testing.assert_array_equal(result, expected)
    written = np.empty(expected.shape, dtype=bool)
    ufunc(*map(Value, arguments), out=written)
    np.testing.assert_array_equal(written, expected)


REDUCTIONS = {
    "add": autograd.sum,
    "maximum": getattr(autograd, "max", None),
    "minimum": getattr(autograd, "min", None),
    "multiply": getattr(autograd, "prod", None),
}


@pytest.mark.parametrize(
    "keywords", [{}, {"axis": 1}, {"axis": -1, "keepdims": True}, {"axis": None}, {"axis": (0, 1)}]
)
@pytest.mark.parametrize("name", REDUCTIONS)
def test_reduction(name, keywords):
    x = Value(MATRIX)
    if REDUCTIONS[name] is None:
        pytest.skip("autograd has no such function yet")
    result = getattr(np, name).reduce(x, **keywords)
    same(result, REDUCTIONS[name](x, **({"axis": 0} | keywords)), x)
    expected = getattr(np, name).reduce(MATRIX, **keywords)
    np.testing.assert_allclose(result.data, expected, rtol=1e-15)


def test_outer():
    x, y = Value(ROW), Value(MATRIX)
    for left, right in [(x, y), (ROW, y), (x, MATRIX), (x, [1.0, 2.0]), (2.0, x), (Value(2.0), x)]:
        result = np.subtract.outer(left, right)
        data = [one.data if isinstance(one, Value) else one for one in (left, right)]
        np.testing.assert_array_equal(result.data, np.subtract.outer(*data))
        assert result.requires_grad
    np.multiply.outer(x, y).sum().backward()
    np.testing.assert_allclose(x.grad, np.full(3, MATRIX.sum()), rtol=1e-15)


# Every function that autograd has under NumPy's name, as (name, arguments, keywords). What is
# called `v` is an array Value; `m` and `q` have two axes, `q` is square.
FUNCTIONS = [
    ("sum", "m", {"axis": 0}),
    ("mean", "m", {"axis": 1, "keepdims": True}),
    ("max", "m", {"axis": -1}),
    ("amax", "m", {}),
    ("min", "m", {"axis": (0, 1)}),
    ("amin", "m", {}),
    ("prod", "m", {"axis": 0}),
    ("std", "m", {"axis": 0}),
    ("var", "m", {"axis": 1, "ddof": 1}),
    ("cumsum", "m", {"axis": 1}),
    ("cumprod", "m", {"axis": 1}),
    ("diff", "m", {"n": 2}),
    ("dot", "q m", {}),
    ("outer", "v v", {}),
    ("einsum", ["ij,jk->ik", "q", "m"], {}),
    ("tensordot", ["q", "m", 1], {}),
    ("trace", "q", {}),
    ("where", [MATRIX > 1, "m", 0.0], {}),
    ("where", [MATRIX > 1, MATRIX, "m"], {}),
    ("clip", ["m", 0.4, 1.2], {}),
    ("reshape", ["m", (3, 2)], {}),
    ("ravel", "m", {}),
    ("transpose", "m", {}),
    ("transpose", ["m", (1, 0)], {}),
    ("swapaxes", ["m", 0, 1], {}),
    ("moveaxis", ["m", 0, 1], {}),
    ("squeeze", "one", {}),
    ("expand_dims", ["m", 1], {}),
    ("broadcast_to", ["v", (2, 3)], {}),
    ("flip", "m", {"axis": 1}),
    ("roll", ["m", 1], {"axis": 1}),
    ("concatenate", [["m", MATRIX]], {"axis": 1}),
    ("concatenate", [[ROW, "v"]], {}),
    ("stack", [["v", "v", ROW]], {"axis": 1}),
    ("vstack", [["m", "v"]], {}),
    ("column_stack", [["v", ROW]], {}),
    ("atleast_1d", "m", {}),
    ("atleast_2d", "v", {}),
    ("take_along_axis", ["m", np.array([[0, 2], [1, 1]]), 1], {}),
    ("inner", "m v", {}),
    ("kron", "m v", {}),
    ("cross", "m v", {}),
    ("cross", ["v", MATRIX, -1, -1, 0], {}),
    ("median", "m", {}),
    ("median", ["m", 1, None, True, True], {}),
    ("median", ["m", (0, 1)], {"overwrite_input": True}),
    ("quantile", ["m", 0.3], {}),
    ("percentile", ["m", 30.0], {}),
    ("quantile", ["m", [0.2, 0.5], 1, None, False, "linear", True], {}),
    ("average", "m", {}),
    ("average", ["m", 1, "v"], {}),
    ("average", [MATRIX, 1, "v", False], {}),
    ("average", "m", {"axis": 0, "weights": [1.0, 3.0], "returned": False}),
    ("cov", "m", {}),
    ("cov", ["m", "v", True, True], {"fweights": None}),
    ("cov", ["m", None, False], {"ddof": 0}),
    ("corrcoef", "m", {}),
    ("corrcoef", "v", {"y": ROW[::-1]}),
    ("nan_to_num", ["m", True, 1.0], {}),
    ("hstack", [["v", ROW]], {}),
    ("take", ["m", [0, 2, 2]], {"axis": 1}),
    ("pad", ["m", 1], {}),
    ("tril", "m", {}),
    ("triu", "m", {}),
    ("diag", "q", {}),
    ("sort", "m", {"axis": 0}),
    ("repeat", ["v", 2], {}),
    ("tile", ["v", 2], {}),
    ("linalg.norm", "v", {}),
    ("linalg.inv", "q", {}),
    ("linalg.det", "q", {}),
    ("linalg.solve", "q m", {}),
    ("linalg.cholesky", "s", {}),
    ("linalg.eigvalsh", "s", {}),
    ("linalg.eigvalsh", ["s", "U"], {}),
    ("linalg.matrix_power", ["q", 3], {}),
    ("linalg.pinv", "m", {}),
    ("linalg.pinv", ["m", 1e-12], {"hermitian": False}),
    ("linalg.svd", ["m", False, False], {}),
]


def theirs(name: str) -> object:
    place = np.linalg if name.startswith("linalg.") else np
    return getattr(place, name.removeprefix("linalg."))


def exists(name: str) -> bool:
    name = {"amax": "max", "amin": "min"}.get(name, name.removeprefix("linalg."))
    places = [autograd, getattr(autograd, "linalg", None)]
    return any(name in getattr(place, "__all__", ()) for place in places)


@pytest.mark.parametrize(("name", "arguments", "keywords"), FUNCTIONS)
def test_function(name, arguments, keywords):
    data = {"v": ROW, "m": MATRIX, "q": SQUARE, "s": SQUARE @ SQUARE.T, "one": ROW.reshape(1, 3, 1)}
    leaves = {key: Value(array) for key, array in data.items()}
    arguments = arguments.split() if isinstance(arguments, str) else arguments

    def filled(given, names):
        if isinstance(given, list):
            return [filled(one, names) for one in given]
        return names.get(given, given) if isinstance(given, str) else given

    if not exists(name):
        short = name.removeprefix("linalg.")
        with pytest.raises(TypeError, match=rf"^\[{short}\] a Value was given - .* has no {short}"):
            theirs(name)(*filled(arguments, leaves), **keywords)
        return
    result = theirs(name)(*filled(arguments, leaves), **keywords)
    assert type(result) is Value
    assert result.requires_grad
    expected = theirs(name)(*filled(arguments, data), **keywords)
    assert result.shape == expected.shape
    np.testing.assert_allclose(result.data, expected, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("name", ["split", "zeros_like", "ones_like"])
def test_function_that_gives_lists_or_constants(name):
    if not exists(name):
        pytest.skip("autograd has no such function yet")
    x = Value(MATRIX)
    if name == "split":
        assert [type(one) for one in np.split(x, 3, axis=1)] == [Value] * 3
    else:
        assert getattr(np, name)(x).data.shape == MATRIX.shape


def test_copy_is_a_result():
    x = Value([1.0, 2.0])
    copied = np.copy(x)
    assert copied is not x
    (copied * 3.0).sum().backward()
    assert x.grad.tolist() == [3.0, 3.0]


@pytest.mark.parametrize(
    ("positions", "names"),
    [
        ((None, 0.5), {}),
        ((0.4, None), {}),
        ((), {"a_min": 0.4, "a_max": None}),
        ((0.4,), {"a_max": 0.5}),
    ],
)
def test_bounds_of_clip(positions, names):
    x = Value(ROW)
    result = np.clip(x, *positions, **names)
    np.testing.assert_array_equal(result.data, np.clip(ROW, *positions, **names))
    assert result.requires_grad


PLAIN = [
    ("ndim", ()),
    ("shape", ()),
    ("size", ()),
    ("allclose", (MATRIX,)),
    ("isclose", (MATRIX,)),
    ("array_equal", (MATRIX,)),
    ("argmax", (1,)),
    ("argmin", (0,)),
    ("argsort", ()),
    ("all", ()),
    ("any", ()),
    ("count_nonzero", ()),
    ("nonzero", ()),
    ("round", (1,)),
    ("isrealobj", ()),
    ("result_type", ()),
    ("array2string", ()),
    ("array_repr", ()),
]


@pytest.mark.parametrize(("name", "more"), PLAIN, ids=[name for name, _ in PLAIN])
def test_plain_answers_about_the_data(name, more):
    function = getattr(np, name)
    for given in (Value(MATRIX), Value(MATRIX) * 1.0):
        result, expected = function(given, *more), function(MATRIX, *more)
        assert type(result) is type(expected)
        np.testing.assert_array_equal(result, expected)
    assert np.allclose(MATRIX, Value(MATRIX))
    assert np.allclose(Value(2.0), 2.0)
    assert np.array_equal(Value(2.0), Value(2.0))
    assert (np.shape(Value(2.0)), np.ndim(Value(2.0)), np.size(Value(2.0))) == ((), 0, 1)


def test_numpy_testing():
    x = Value(MATRIX, requires_grad=False)
    np.testing.assert_allclose(x, MATRIX)
    np.testing.assert_array_equal(MATRIX, x * 1.0)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(x, MATRIX + 1)


def test_functions_that_not_every_numpy_has():
    x = Value(MATRIX)
    name = "trapezoid" if hasattr(np, "trapezoid") else "trapz"  # NumPy 2, NumPy 1
    result = getattr(np, name)(x, ROW[:2], 1.0, 0)
    same(result, autograd.trapezoid(x, ROW[:2], axis=0), x)
    if hasattr(np.linalg, "cross"):
        same(np.linalg.cross(x, ROW, axis=-1), autograd.cross(x, ROW), x)


def test_arguments_by_position_are_numpys():
    x = Value(MATRIX)
    assert np.sum(x, 0, None).shape == (MATRIX.shape[1],)
    assert np.sum(x, 0, None, None, True).shape == (1, MATRIX.shape[1])
    assert np.max(x, 0, None, True).shape == (1, MATRIX.shape[1])
    with pytest.raises(TypeError, match="named 'dtype'"):
        np.sum(x, 0, np.float64)
    with pytest.raises(TypeError, match=r"^\[max\] out=ndarray was given"):
        np.max(x, 0, np.zeros(MATRIX.shape[1]))


def test_arguments_that_ask_for_nothing():
    x = Value(MATRIX)
    np.sort(x, kind="stable").sum().backward()
    assert (x.grad == 1.0).all()
    assert np.einsum("ij,ij", x, x, optimize=True).data == (MATRIX**2).sum()
    with pytest.raises(TypeError, match=r"^\[linspace\] a Value was given as start - a number"):
        np.linspace(Value(0.0), 1.0, 3)


REFUSED = """
np.add(a, x, out=a) -> [add] out=ndarray was given - nothing to write into is needed: an ndarray
np.add(a, x, out=x) -> [add] out=Value was given - nothing to write into is needed: an ndarray
a += x -> [add] out=ndarray was given - nothing to write into is needed: an ndarray holds no graph
np.isnan(a, out=x) -> [isnan] out=Value was given - nothing to write into is needed: an ndarray
np.add(a.astype(object), 1, out=x) -> [add] out=Value was given - nothing to write into is needed
np.sum(x, out=a[0, 0, ...]) -> [sum] out=ndarray was given - nothing to write into is needed
np.add(a, x, where=a > 1) -> [add] where=... was given - no such keyword is needed for Values.
np.add(a.astype(object), a, where=x) -> [add] where=... was given - no such keyword is needed
np.exp(x, dtype=np.float32) -> [exp] dtype=... was given - no such keyword is needed for Values.
np.add.reduce(x, initial=1.0) -> [add] initial=... was given - no such keyword is needed for Values.
np.fmod(x, a) -> [fmod] a Value was given - numbers or ndarrays are needed, for autograd has no fmod
np.modf(x) -> [modf] a Value was given - numbers or ndarrays are needed, for autograd has no modf.
np.nanmedian(x) -> [nanmedian] a Value was given - numbers or ndarrays are needed, for autograd
np.median(x, out=a) -> [median] out=ndarray was given - nothing to write into is needed: an ndarray
np.median(x, 0, a) -> [median] out=ndarray was given - nothing to write into is needed: an ndarray
np.quantile(x, 0.5, method="lower") -> [quantile] method=... was given - no such keyword is needed
np.average(x, 0, None, True) -> [average] returned=... was given - no such keyword is needed for
np.cov(x, fweights=[1, 2, 3]) -> [cov] fweights=... was given - no such keyword is needed for Values
np.nan_to_num(x, copy=False) -> [nan_to_num] copy=... was given - no such keyword is needed for
np.nan_to_num(x, False) -> [nan_to_num] copy=... was given - no such keyword is needed for Values.
np.fft.fft(x) -> [fft] a Value was given - numbers or ndarrays are needed, for autograd has no fft.
np.linalg.eig(x) -> [eig] a Value was given - numbers or ndarrays are needed, for autograd has no
np.linalg.pinv(x, hermitian=True) -> [pinv] hermitian=... was given - no such keyword is needed for
np.add.at(a, [0], x) -> [add.at] a Value was given - numbers or ndarrays are needed, for autograd
np.subtract.reduce(x) -> [subtract.reduce] a Value was given - numbers or ndarrays are needed
"""
REFUSED = [line.split(" -> ") for line in REFUSED.strip().splitlines()]


# Without `balanced`: NumPy 2.4 keeps the arguments of a reduction that raises, for ever.
@pytest.mark.parametrize(("line", "message"), REFUSED, ids=[line for line, _ in REFUSED])
def test_what_would_lose_the_gradient_is_refused(line, message):
    array, x = MATRIX.copy(), Value(MATRIX)
    with pytest.raises(TypeError) as caught:
        exec(line, {"np": np, "a": array, "x": x})
    assert str(caught.value).startswith(message)
    assert str(caught.value).endswith(".")
    np.testing.assert_array_equal(array, MATRIX)
    np.testing.assert_array_equal(x.data, MATRIX)


def test_another_type_may_answer():
    class Other:
        def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
            return f"{ufunc.__name__} of another type"

        def __array_function__(self, function, types, args, keywords):
            return f"{function.__name__} of another type"

    assert np.add(Value(ROW), Other()) == "add of another type"
    assert np.fmod(Value(ROW), Other()) == "fmod of another type"
    assert np.concatenate([Value(ROW), Other()]) == "concatenate of another type"


# Arrays of objects: scalar Values in an ndarray


def objects() -> tuple[Value, Value, np.ndarray]:
    a, b = Value(3.0), Value(4.0)
    return a, b, np.array([a, b])


def test_array_of_values_keeps_the_values():
    a, b, array = objects()
    assert array.dtype == object
    assert array[0] is a
    assert array[1] is b


def test_objects_calculate():
    a, b, array = objects()
    length = (array * array).sum() ** 0.5
    assert type(length) is Value
    assert length.data == 5.0
    length.backward()
    assert (a.grad, b.grad) == pytest.approx((0.6, 0.8), rel=1e-15)
    assert (array @ array).data == 25.0
    assert [value.data for value in 2 * array - 1] == [5.0, 7.0]
    assert [value.data for value in array - np.array([1.0, 2.0])] == [2.0, 2.0]
    assert [value.data for value in np.sqrt(array * array)] == [3.0, 4.0]


@pytest.mark.parametrize("name", ["mean", "var", "std"])
def test_statistics_of_objects(name):
    array = objects()[-1]
    result = getattr(array, name)()
    assert type(result) is Value
    assert result.data == {"mean": 3.5, "var": 0.25, "std": 0.5}[name]
    assert result.requires_grad


OPERATORS = {
    "+": (lambda x, y: x + y, autograd.add),
    "-": (lambda x, y: x - y, autograd.subtract),
    "*": (lambda x, y: x * y, autograd.multiply),
    "/": (lambda x, y: x / y, autograd.divide),
    "**": (lambda x, y: x**y, autograd.power),
    "maximum": (np.maximum, autograd.maximum),
    "arctan2": (np.arctan2, autograd.atan2),
}


@pytest.mark.parametrize("name", OPERATORS)
def test_objects_beside_a_scalar_value(name):
    """Element by element; the result is an array of objects again."""
    calculate, operation = OPERATORS[name]
    a, b, array = objects()
    x = Value(4.0)
    for results, pairs in [
        (calculate(array, x), [(a, x), (b, x)]),
        (calculate(x, array), [(x, a), (x, b)]),
    ]:
        assert results.dtype == object
        for result, pair in zip(results, pairs, strict=True):
            same(result, operation(*pair), a, b, x)


@pytest.mark.parametrize("name", OPERATORS)
def test_objects_beside_an_array_value(name):
    """They become one array Value, and each of them gets its gradient."""
    calculate, operation = OPERATORS[name]
    a, b, array = objects()
    x = Value([[1.5, 2.5], [3.0, 4.0]])
    for result, elements in [
        (
            calculate(array, x),
            [[operation(o, e) for o, e in zip((a, b), r, strict=True)] for r in x],
        ),
        (
            calculate(x, array),
            [[operation(e, o) for o, e in zip((a, b), r, strict=True)] for r in x],
        ),
    ]:
        assert type(result) is Value
        assert result.shape == (2, 2)
        assert result.op == operation.__name__
        flat = [one for row in elements for one in row]
        assert result.data.ravel().tolist() == [one.data for one in flat]
        gradients = autograd.grad(result.sum(), [a, b, x])
        expected = autograd.grad(autograd.sum(flat), [a, b, x])
        for got, wanted in zip(gradients, expected, strict=True):
            np.testing.assert_allclose(got, wanted, rtol=1e-15)


def test_objects_in_other_functions():
    a, b, array = objects()
    x, v = Value(2.0), Value([5.0, 6.0])
    assert np.append(array, x).tolist() == [a, b, x]
    assert np.insert(array, 0, x)[0] is x
    assert np.where([True, False], array, x).tolist() == [a, x]
    chosen = np.where([True, False], array, v)
    assert type(chosen) is Value
    assert chosen.data.tolist() == [3.0, 6.0]
    assert np.allclose(array, Value([3.0, 4.0]))
    assert (array == v).tolist() == [False, False]
    assert (array < Value(3.5)).tolist() == [True, False]
    assert np.add([a, b], x).data.tolist() == [5.0, 6.0]  # a list is no array of objects
    assert (array @ v).data == (v @ array).data == 39.0
    array += x
    assert [one.data for one in array] == [5.0, 6.0]
    with pytest.raises(TypeError, match=r"^\[add\] out=ndarray was given"):
        array += v


def test_python_functions_over_objects():
    double = np.frompyfunc(lambda x: x * 2, 1, 1)
    x = Value(3.0)
    assert double(x).args == (x, 2.0)
    assert [one.data for one in double(np.array([x, x]))] == [6.0, 6.0]
    assert np.vectorize(autograd.relu, otypes=[object])(np.array([x, -x]))[1].data == 0.0


def test_numbers_on_the_left_do_not_become_objects():
    x = Value(ROW)
    for number in (np.float64(2), np.float32(2), np.int64(2), np.array(2.0), np.bool_(True)):
        result = number * x
        assert type(result) is Value
        assert result.args[0] == float(number)
        assert result.args[1] is x
