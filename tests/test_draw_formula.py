"""Formulas: what they compute is what was computed, to the last bit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import autograd.arrays
from autograd import Value, _core, nn
from autograd.draw import to_formula

FUNCTIONS = {
    name: getattr(autograd, name) for name in (*_core.__all__, *autograd.arrays.__all__, "abs")
}


def computed(text: str, **leaves: Value) -> Value:
    names = dict(FUNCTIONS, **leaves)
    if "\n" in text:
        exec(text, names)
    else:
        names["result"] = eval(text, names)
    result = names["result"]
    return result if isinstance(result, Value) else Value(result)  # of a constant: a number


def same(one: Value, other: Value) -> None:
    np.testing.assert_array_equal(np.asarray(one.data), np.asarray(other.data))
    assert np.array_equal(np.signbit(one.data), np.signbit(other.data))


@pytest.mark.parametrize("operation", autograd.OPERATIONS, ids=lambda operation: operation.name)
@pytest.mark.parametrize("plain", ["none", "first", "last"])
def test_every_operation(operation, plain, samples):
    """With Values, and with a plain number in the first or the last place."""
    for point in samples(operation, 3):
        leaves = {f"v{place}": Value(x, label=f"v{place}") for place, x in enumerate(point)}
        given_args: list[Value | float] = list(leaves.values())
        if plain != "none" and len(point) > 1:
            place = 0 if plain == "first" else -1
            given_args[place] = given_args[place].data
        result = operation.function(*given_args)
        same(computed(to_formula(result), **leaves), result)
        assert to_formula(result, "latex")


def lists():
    a, b, c = (Value(x, label=name) for name, x in zip("abc", (1.5, -2.0, 0.25), strict=True))
    neuron = nn.Neuron(3, "tanh", seed=1)
    for weight, name in zip(neuron.w, "uvw", strict=True):
        weight.label = name
    neuron.b.label = "bias"
    leaves = {"a": a, "b": b, "c": c, **dict(zip("uvw", neuron.w, strict=True)), "bias": neuron.b}
    return leaves, {
        "sum": autograd.sum([a, b, 2.0]),
        "sum of one": autograd.sum([a]),
        "mean": autograd.mean([a, b, c]),
        "logsumexp": autograd.logsumexp([a, b, c]),
        "dot of numbers": autograd.dot([a, b], [0.1, -0.2]),
        "dot with a bias": autograd.dot([a, b], [b, c], c),
        "neuron": neuron([1.0, 2.0, 3.0]),
        "neuron of Values": neuron([a, b, c]),
        "max of a list": autograd.max([a, b, c]),
    }


@pytest.mark.parametrize("name", lists()[1])
def test_lists(name):
    leaves, results = lists()
    same(computed(to_formula(results[name]), **leaves), results[name])


def arrays():
    random = np.random.default_rng(0)
    w = Value(random.normal(size=(3, 4)), label="W")
    c = Value(random.normal(size=(2, 3, 3)), label="C")
    x = Value(2.0, label="x")
    return {"W": w, "C": c, "x": x}, {
        "sum": w.sum(),
        "sum along": w.sum(axis=1),
        "sum keeping": w.sum(axis=0, keepdims=True),
        "sum keeping all": w.sum(keepdims=True),
        "sum along two": c.sum(axis=(0, 2)),
        "square sum along the first": c.sum(axis=1),
        "max": c.max(axis=(1, 2)),
        "min": c.min(axis=-1, keepdims=True),
        "reshape": w.reshape(2, 6),
        "transpose": c.transpose(1, 0, 2),
        "T": c.T,
        "matmul": w.T @ w,
        "batched": c @ w,
        "index": c[1, :, ::-1],
        "index from the end": c[..., -2:],
        "element": (w * 2.0)[1, 2],
        "concatenate": autograd.concatenate([w, w * x], axis=1),
        "stack": autograd.stack([w, w * x]),
        "cumsum": autograd.cumsum(w, axis=1),
        "broadcast": autograd.broadcast_to(x, (2, 2)),
        "where": autograd.where(Value(w.data > 0, label="W2", requires_grad=False), w, x),
        "astype": w.astype("float32"),
        "softmax": autograd.softmax(w),
        "mean": w.mean(axis=0) * x,
    }


@pytest.mark.parametrize("name", arrays()[1])
def test_arrays(name):
    leaves, results = arrays()
    result = results[name]
    text = to_formula(result)
    missing = {word for word in ("x1", "W2") if word in text}
    # Constants that the operation made itself: they have no label, and appear as x1.
    constants = {}
    if missing:
        waiting = [result]
        while waiting:
            value = waiting.pop()
            if value.is_leaf and not value.requires_grad:
                constants[value.label or "x1"] = value
            waiting.extend(each for each in value.args if isinstance(each, Value))
    again = computed(text, **leaves, **constants)
    same(again, result)
    assert again.data.dtype == result.data.dtype if result.shape else True


def test_layer():
    layer = nn.Layer(3, 2, activation="tanh", seed=0)
    points = Value(np.ones((4, 3)), requires_grad=False, label="points")
    result = layer(points)
    w, b = (each for each in result.args[1:]) if result.op == "layer" else result.args[0].args[1:]
    assert to_formula(result) == "tanh(points @ x1.T + x2)"
    again = computed(to_formula(result), points=points, x1=w, x2=b)
    np.testing.assert_allclose(again.data, result.data, rtol=1e-14)


LEAF = st.integers(0, 3).map(lambda place: ("leaf", place))
NUMBER = st.floats(-4, 4, allow_nan=False).map(lambda x: ("number", x))
BINARY = ("add", "subtract", "multiply", "maximum", "power", "divide", "hypot")
UNARY = ("negative", "positive", "absolute", "square", "tanh", "sigmoid", "exp")


def grow(parts):
    return st.one_of(
        st.tuples(st.sampled_from(BINARY), parts, parts),
        st.tuples(st.sampled_from(UNARY), parts),
        st.tuples(st.just("twice"), parts),
    )


@given(st.recursive(st.one_of(LEAF, NUMBER), grow, max_leaves=24))
@settings(max_examples=200, deadline=None)
def test_any_expression(tree):
    leaves = [Value(x, label=f"v{place}") for place, x in enumerate((1.5, -0.75, 3.0, 0.0))]

    def value(part):
        kind, *rest = part
        if kind == "leaf":
            return leaves[rest[0]]
        if kind == "number":
            return rest[0]
        args = [value(each) for each in rest]
        if kind == "twice":
            return args[0] * args[0] if isinstance(args[0], Value) else args[0]
        return getattr(autograd, kind)(*args)

    try:
        result = value(tree)
    except ArithmeticError:
        return
    except ValueError:
        return
    if not isinstance(result, Value):
        result = leaves[0] + result
    text = to_formula(result)
    same(computed(text, **{leaf.label: leaf for leaf in leaves}), result)
    latex = to_formula(result, "latex")
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\left(") == latex.count(r"\right)")


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, -0.0, 1e300, 5e-324, 1e16, -2.5])
def test_any_number(value):
    x = Value([1.0, 2.0], label="x")
    same(computed(to_formula(x * value), x=x), x * value)
    constant = Value(value, requires_grad=False)
    same(computed(to_formula(x - constant), x=x), x - constant)


a, b, c = Value(2.0, label="a"), Value(3.0, label="b"), Value(5.0, label="c")
FORMULAS = {
    "a + b + c": ((a + b) + c, r"a + b + c"),
    "a + (b + c)": (a + (b + c), r"a + \left(b + c\right)"),
    "a - (b - c)": (a - (b - c), r"a - \left(b - c\right)"),
    "a / (b * c)": (a / (b * c), r"\frac{a}{b \cdot c}"),
    "a / b * c": (a / b * c, r"\frac{a}{b} \cdot c"),
    "(a + b) * c": ((a + b) * c, r"\left(a + b\right) \cdot c"),
    "-a ** b": (-(a**b), r"-a^{b}"),
    "(-a) ** 2.0": ((-a) ** 2, r"\left(-a\right)^{2}"),
    "a ** -b": (a**-b, r"a^{-b}"),
    "a ** b ** c": (a ** (b**c), r"a^{b^{c}}"),
    "(a ** b) ** c": ((a**b) ** c, r"\left(a^{b}\right)^{c}"),
    "-(a * b)": (-(a * b), r"-a \cdot b"),
    "a - -b": (a - -b, r"a - \left(-b\right)"),
    "a * -2.0": (a * -2.0, r"a \cdot \left(-2\right)"),
    "2.0 ** a": (2.0**a, r"2^{a}"),
    "a * 1e-07": (a * 1e-07, r"a \cdot \left(1 \times 10^{-7}\right)"),
    "sqrt(abs(a))": (abs(a).sqrt(), r"\sqrt{\left|a\right|}"),
    "exp(a)": (a.exp(), r"\exp\left(a\right)"),
    "log2(a)": (a.log2(), r"\log_{2}\left(a\right)"),
    "leaky_relu(a, 0.01)": (
        autograd.leaky_relu(a),
        r"\operatorname{leaky\_relu}\left(a, 0.01\right)",
    ),
    "sum([a, b])": (autograd.sum([a, b]), "a + b"),
    "dot([a], [b], c)": (autograd.dot([a], [b], c), r"c + a \cdot b"),
    "a": (a, "a"),
}


@pytest.mark.parametrize("python", FORMULAS)
def test_parentheses(python):
    value, latex = FORMULAS[python]
    assert to_formula(value) == python
    assert to_formula(value, style="latex") == latex


LABELS = [
    ("x", "x", "x"),
    ("two words", "two_words", r"\mathrm{two\ words}"),
    ("w_1", "w_1", "w_{1}"),
    ("w12", "w12", "w_{12}"),
    ("h_out", "h_out", r"h_{\mathrm{out}}"),
    ("loss", "loss", r"\mathrm{loss}"),
    ("exp", "exp_2", r"\mathrm{exp}"),
    ("lambda", "lambda_2", r"\mathrm{lambda}"),
    ("float", "float_2", r"\mathrm{float}"),
    ("result", "result_2", r"\mathrm{result}_{2}"),
    ("1st", "_1st", r"\mathrm{1st}"),
    ("", "x1", "x_{1}"),
    ("θ", "θ", "θ"),
    ("🙂", "x", r"\mathrm{🙂}"),
    ("50%", "50", r"\mathrm{50\%}"),
    ("{x}\\", "x", r"\mathrm{\{x\}\backslash{}}"),
    ("__import__('os')", "import___os", None),
    ("a; b\n= 1", "a_b_1", None),
]


@pytest.mark.parametrize(("label", "name", "latex"), LABELS)
def test_labels_become_names(label, name, latex):
    value = Value(3.0, label=label or None)
    name = f"_{name}" if name[0].isdigit() else name
    assert to_formula(value + 1.0) == f"{name} + 1.0"
    if latex is not None:
        assert to_formula(value + 1.0, "latex") == f"{latex} + 1"


def test_equal_labels_become_different_names():
    one, other = Value(1.0, label="w"), Value(2.0, label="w")
    assert to_formula(one - other) == "w - w_2"
    assert to_formula(one - other, "latex") == "w - w_{2}"
    assert to_formula(Value(1.0, label="x1") - Value(2.0)) == "x1 - x2"


def test_shared_parts_have_names():
    x = Value(2.0, label="x")
    part = x + 1.0
    total = part * part
    assert to_formula(total) == "t1 = x + 1.0\nresult = t1 * t1"
    part.label = "shift"
    assert to_formula(total) == "shift = x + 1.0\nresult = shift * shift"
    assert to_formula(total, "latex").splitlines() == [
        r"\begin{aligned}",
        r"\mathrm{shift} &= x + 1 \\",
        r"\mathrm{result} &= \mathrm{shift} \cdot \mathrm{shift}",
        r"\end{aligned}",
    ]


@pytest.mark.parametrize("length", [100, 3000])
def test_long_chains_grow_linearly(length):
    x = Value(1.0, label="x")
    value = x
    for place in range(length):
        value = (value + 0.5).tanh() if place % 2 else value * value
    text = to_formula(value)
    assert len(text) < 60 * length
    same(computed(text, x=x), value)


def test_doubling_thirty_times():
    y = Value(1.0, label="y")
    for _ in range(30):
        y = y + y
    assert len(to_formula(y).splitlines()) == 30


def test_custom_operation():
    cube = autograd.custom_operation(lambda x: x**3, lambda g, _, x: g * 3 * x**2)
    assert to_formula(cube(Value(2.0, label="x"))) == "custom(x)"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: to_formula(2.0), TypeError, r"\[to_formula\] float was given - a Value"),
        (lambda: to_formula([a, b]), TypeError, r"\[to_formula\] list was given"),
        (lambda: to_formula(a, "C"), ValueError, r"'C' was given - one of python, latex"),
        (lambda: to_formula(a + b, max_nodes=2), ValueError, r"max_nodes=2 are taken"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
