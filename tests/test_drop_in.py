"""Scripts written for other small engines run here with only their import changed.

Each program below is a text in which ``ENGINE`` stands for the module that `Value` comes from. It
runs once on this package, and once on the pure-Python reference of the benches; both must report
the same.
"""

from __future__ import annotations

import math
import random
import textwrap
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.nn import MLP, Layer, Net, Neuron

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _reference_in_reach(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "bench"))


def execute(program, engine):
    """Run a program with its import pointed at an engine; return what it reports."""
    names: dict[str, object] = {}
    exec(textwrap.dedent(program).replace("ENGINE", engine), names)
    return names["report"]


SANITY = """
    from ENGINE import Value

    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    report = [y.data, x.grad]
"""

MORE_OPERATIONS = """
    from ENGINE import Value

    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    report = [g.data, a.grad, b.grad]
"""

# A whole library on top of the engine, as scripts define it for themselves, trained for 20 steps.
NETWORK = """
    import random
    from ENGINE import Value

    class Module:
        def zero_grad(self):
            for p in self.parameters():
                p.grad = 0

    class Neuron(Module):
        def __init__(self, count, nonlinear):
            self.w = [Value(random.uniform(-1, 1)) for _ in range(count)]
            self.b = Value(0)
            self.nonlinear = nonlinear

        def __call__(self, x):
            total = sum((w * v for w, v in zip(self.w, x)), self.b)
            return total.relu() if self.nonlinear else total

        def parameters(self):
            return self.w + [self.b]

    class Network(Module):
        def __init__(self, *sizes):
            pairs = list(zip(sizes, sizes[1:]))
            self.layers = [
                [Neuron(before, pair < len(pairs) - 1) for _ in range(after)]
                for pair, (before, after) in enumerate(pairs)
            ]

        def __call__(self, x):
            for layer in self.layers:
                x = [neuron(x) for neuron in layer]
            return x[0] if len(x) == 1 else x

        def parameters(self):
            return [p for layer in self.layers for n in layer for p in n.parameters()]

    random.seed(1337)
    points = [(random.uniform(-1, 1), random.uniform(-1, 1)) for _ in range(20)]
    signs = [1 if x * y > 0 else -1 for x, y in points]
    model = Network(2, 8, 8, 1)
    report = []
    for k in range(20):
        inputs = [list(map(Value, point)) for point in points]
        scores = list(map(model, inputs))
        losses = [(1 + -sign * score).relu() for sign, score in zip(signs, scores)]
        data_loss = sum(losses) * (1.0 / len(losses))
        total = data_loss + 1e-4 * sum((p * p for p in model.parameters()))
        model.zero_grad()
        total.backward()
        rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= rate * p.grad
        report.append(total.data)
"""

# What the scalar language models of 2026 use: reflected operators, log, exp, a maximum over data.
LANGUAGE_MODEL = """
    import random
    from ENGINE import Value

    random.seed(42)
    size, width = 6, 4
    matrix = lambda rows, columns: [
        [Value(random.gauss(0, 0.2)) for _ in range(columns)] for _ in range(rows)
    ]
    state = {"in": matrix(size, width), "mid": matrix(width, width), "out": matrix(size, width)}
    params = [p for m in state.values() for row in m for p in row]

    def linear(x, w):
        return [sum(wi * xi for wi, xi in zip(row, x)) for row in w]

    def softmax(logits):
        top = max(v.data for v in logits)
        powers = [(v - top).exp() for v in logits]
        total = sum(powers)
        return [p / total for p in powers]

    def norm(x):
        mean = sum(v * v for v in x) / len(x)
        return [v * (mean + 1e-5) ** -0.5 for v in x]

    tokens = [0, 3, 1, 5, 2, 4, 0]
    m, v = [0.0] * len(params), [0.0] * len(params)
    report = []
    for step in range(12):
        losses = []
        for token, target in zip(tokens, tokens[1:]):
            x = norm(state["in"][token])
            x = [a + b.relu() for a, b in zip(x, linear(x, state["mid"]))]
            losses.append(-softmax(linear(x, state["out"]))[target].log())
        loss = (1 / len(losses)) * sum(losses)
        loss.backward()
        for i, p in enumerate(params):
            m[i] = 0.85 * m[i] + (1 - 0.85) * p.grad
            v[i] = 0.99 * v[i] + (1 - 0.99) * p.grad**2
            corrected = m[i] / (1 - 0.85 ** (step + 1)), v[i] / (1 - 0.99 ** (step + 1))
            p.data -= 0.01 * (1 - step / 12) * corrected[0] / (corrected[1] ** 0.5 + 1e-8)
            p.grad = 0
        report.append(loss.data)
"""

MINIMIZE = """
    import numpy as np
    from ENGINE import Value

    x = Value(7)
    y = Value(3)
    lr = 0.001
    ys = []
    for i in range(2000):
        f = (x - y) ** 3 + y.exp()
        f = f.relu() + y
        ys.append(f.data)
        x.zero_grad()
        y.zero_grad()
        f.backward()
        x.data -= lr * x.grad
        y.data -= lr * y.grad
    report = ys + [x.data, y.data]
"""


@pytest.mark.parametrize(
    "program",
    [SANITY, MORE_OPERATIONS, NETWORK, LANGUAGE_MODEL, MINIMIZE],
    ids=["sanity", "more operations", "network", "language model", "minimize"],
)
@pytest.mark.parametrize("engine", ["autograd", "autograd.engine"])
def test_programs_report_the_same_on_both_engines(program, engine):
    ours = execute(program, engine)
    assert ours == pytest.approx(execute(program, "pure_value"), rel=1e-12)
    assert all(type(number) is float for number in ours)


def test_sanity_against_numbers_worked_out_by_hand():
    # z = -10, q = 0 + 40, h = 100: y = 100 + 40 - 160; dq/dx = 2*3*x + 2 = -22, dh/dx = 2*z*3 = -60
    assert execute(SANITY, "autograd") == [-20.0, -60.0 - 22.0 + 40.0 + -22.0 * -4.0]


def test_network_is_the_one_of_the_package():
    """micrograd's demo, on `autograd.nn.MLP` and on the network above: the same losses."""
    expected = execute(NETWORK, "pure_value")
    random.seed(1337)
    points = [(random.uniform(-1, 1), random.uniform(-1, 1)) for _ in range(20)]
    signs = [1 if x * y > 0 else -1 for x, y in points]
    model = MLP(2, [8, 8, 1])
    assert len(model.parameters()) == 105
    losses = []
    for k in range(20):
        inputs = [list(map(Value, point)) for point in points]
        scores = list(map(model, inputs))
        margins = [(1 + -sign * score).relu() for sign, score in zip(signs, scores, strict=True)]
        total = sum(margins) * (1.0 / len(margins))
        total = total + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        total.backward()
        for p in model.parameters():
            p.data -= (1.0 - 0.9 * k / 100) * p.grad
        losses.append(total.data)
    assert losses == pytest.approx(expected, rel=1e-12)


def test_network_on_micrograd_itself():
    engine = pytest.importorskip("micrograd.engine")
    assert engine.Value(1.0).data == 1.0
    assert execute(NETWORK, "autograd") == pytest.approx(
        execute(NETWORK, "micrograd.engine"), rel=1e-12
    )


# --- the programs of the five ancestors -----------------------------------------------------------


def test_regrad_example():
    a, b = Value(-4.0), Value(2.0)
    c_5 = Value(5, requires_grad=False)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += c_5 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert f"{g:.4f}" == "24.7041"
    assert f"{a.grad:.4f}" == "222.1341"
    assert f"{b.grad:.4f}" == "978.7784"
    assert c_5.grad == 0.0
    reference = execute(MORE_OPERATIONS.replace("3 * d", "5 * d"), "pure_value")
    assert [g.data, a.grad, b.grad] == pytest.approx(reference, rel=1e-14)


def test_micrograd_example():
    g, a, b = execute(MORE_OPERATIONS, "autograd")
    assert [f"{g:.4f}", f"{a:.4f}", f"{b:.4f}"] == ["24.7041", "138.8338", "645.5773"]


def test_regrad_sigmoid():
    x = Value(0.5)
    y = 1 / (1 + (-x).exp())
    y.backward()
    assert y.data == pytest.approx(Value(0.5).sigmoid().data, rel=1e-15)
    assert x.grad == pytest.approx(y.data * (1 - y.data), rel=1e-15)


def test_regrad_network():
    model = MLP(2, [3, 1])
    assert len(model.parameters()) == 13
    x = Value(0.5)
    y = model([x, x**2])
    y.backward()
    assert isinstance(y, Value)


def test_armeetjatyani_expressions():
    x, y = Value(2), Value(2.3)
    assert repr(x) == "Value(2.0, grad=0.0)"
    assert repr(x / y) == "Value(0.8695652173913044, grad=0.0)"
    assert repr(2 + x) == "Value(4.0, grad=0.0)"
    assert repr(x**3) == "Value(8.0, grad=0.0)"
    assert repr(x.exp()) == f"Value({np.exp(2.0)}, grad=0.0)"
    with pytest.raises(ZeroDivisionError):
        x / 0
    z = Value(-3)
    assert repr(z.relu()) == "Value(0.0, grad=0.0)"
    assert z.sigmoid().data == pytest.approx(0.0474258731775668, rel=1e-14)  # their 0.9526 is wrong


def test_armeetjatyani_networks():
    n = Neuron(10)
    assert n.nparams() == 11
    assert len(n.params()) == 11
    assert repr(n.params()[-1]) == "Value(0.0, grad=0.0)"
    assert 0.0 <= n([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).data <= 1.0
    layer = Layer(3, 10)
    assert (repr(layer), layer.nparams(), len(layer([1, 2, 3]))) == (
        "Layer(N_in=3, N_out=10)",
        40,
        10,
    )
    net = Net(3, [100, 200, 2])
    assert net.nparams() == 21002
    outputs = net([1, 2, 3])
    assert len(outputs) == 2
    assert all(0.0 <= output.data <= 1.0 for output in outputs)


def test_armeetjatyani_training_with_step():
    net = Net(2, [4, 1], seed=0)
    losses = []
    for _ in range(50):
        [output] = net([0.5, -0.5])
        loss = (output - 0.1) ** 2
        net.zero_grad()
        loss.backward()
        net.step(1.0)
        losses.append(loss.data)
    assert losses[-1] < 0.1 * losses[0]


def test_gradlib_examples():
    a, b = Value(1337), Value(42)
    c = b * a**2
    d = c + 10
    d.backward()
    assert (d.data, a.grad, b.grad) == (42 * 1337**2 + 10, 2 * 42 * 1337, 1337**2)
    assert c.grad == 1.0

    x, y = Value(12), Value(5)
    z = ((x * 2) ** 2) + (y / 5)
    z.backward()
    assert (z.data, x.grad, y.grad) == (577.0, 96.0, 0.2)


def test_gradlib_linear_regression():
    """Its regressor, on fewer points: y = 2x is found by plain gradient descent."""
    from autograd.nn.losses import mse
    from autograd.optim import SGD

    xs = np.random.default_rng(0).permutation(np.arange(0, 1, 0.05))
    neuron = Neuron(1, "linear", seed=0)
    optimizer = SGD(neuron.parameters, lr=0.5)
    for _ in range(300):
        loss = mse([neuron([x]) for x in xs], 2 * xs)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert [p.data for p in neuron.params()] == pytest.approx([2.0, 0.0], abs=1e-6)


def test_mariosasko_logistic_regression_on_scalars():
    w = [Value(-0.5), Value(0.3), Value(1)]
    b = Value(2)
    model = autograd.sigmoid(autograd.dot(w, [10, 0.4, 3.5], b))
    loss = -autograd.log(model)
    assert loss.data == pytest.approx(0.430446744029496, rel=1e-14)
    autograd.grad(loss)
    gradients = [v.grad for v in (*w, b)]
    # Their document has these digits, which are right to 1.6e-12; the closed form is exact.
    documented = [-3.49781451425635, -0.139912580570254, -1.2242350799897226, -0.349781451425635]
    assert gradients == pytest.approx(documented, rel=2e-12)
    slope = -1 / (1 + math.exp(0.62))
    assert gradients == pytest.approx([10 * slope, 0.4 * slope, 3.5 * slope, slope], rel=1e-14)


def test_toydiff_graph_on_scalars():
    """Its log(matmul(a, b)).sum(), written out, against the closed form of the gradients."""
    generator = random.Random(0)
    a = [[Value(generator.random()) for _ in range(3)] for _ in range(3)]
    b = [[Value(generator.random()) for _ in range(3)] for _ in range(3)]
    c = [[autograd.dot(row, list(column)) for column in zip(*b, strict=True)] for row in a]
    e = autograd.sum([entry.log() for row in c for entry in row])
    e.backward()

    def matrix(rows, attribute):
        return np.array([[getattr(v, attribute) for v in row] for row in rows])

    inverse = 1 / matrix(c, "data")
    np.testing.assert_allclose(matrix(c, "grad"), inverse, rtol=1e-14)
    np.testing.assert_allclose(matrix(a, "grad"), inverse @ matrix(b, "data").T, rtol=1e-14)
    np.testing.assert_allclose(matrix(b, "grad"), matrix(a, "data").T @ inverse, rtol=1e-14)


def test_names_that_micrograds_drawings_ask_for():
    """`trace` and `draw_dot` of micrograd's notebook walk `_prev` and print `_op`."""
    a, b = Value(2.0), Value(3.0)
    c = (a * b).relu()
    nodes, edges, stack = set(), set(), [c]
    while stack:
        node = stack.pop()
        if node not in nodes:
            nodes.add(node)
            for argument in node._prev:
                edges.add((argument, node))
                stack.append(argument)
    assert {node._op for node in nodes} == {"", "multiply", "relu"}
    assert len(edges) == 3
