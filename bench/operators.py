"""Operators: what one `+`, one `*` and one neuron written with them cost."""

import random
from pathlib import Path

import autograd
from bench import clock, fresh
from bench.figure import Contest, Figure, Goal, assert_close

INPUTS = 16


def operator(expression: str, **numbers: float) -> Figure:
    """Return the figure of one expression on Values `a`, `b` against the same on floats."""

    def prepare(quick: bool) -> Contest:
        count = 1_000 if quick else 1_000_000
        values = {name: autograd.Value(number) for name, number in numbers.items()}

        def agree() -> None:
            ours = eval(expression, {}, dict(values)).data
            assert_close(ours, eval(expression, {}, dict(numbers)), 0.0)

        return Contest(
            ours=clock.operation(expression, count, **values),
            reference=clock.operation(expression, count, **numbers),
            agree=agree,
        )

    name = "add" if "+" in expression else "multiply"
    return Figure(name, f"`{expression}`", "ns", prepare, "float", Goal("ratio", "<=", 1.6))


def prepare_neuron(quick: bool) -> Contest:
    """One neuron of 16 inputs, forward; its graph is dropped at once. Nanoseconds an operation."""
    count = 50 if quick else 20_000
    source = random.Random(7)
    x = [source.uniform(-1, 1) for _ in range(INPUTS)]
    mine, plain = (fresh.load(Path(__file__).with_name("demo.py")) for _ in range(2))
    neuron = mine.Neuron(autograd.Value, INPUTS, True, random.Random(8))
    float_neuron = plain.FloatNeuron(float, INPUTS, True, random.Random(8))
    values = [autograd.Value(number) for number in x]

    def agree() -> None:
        assert_close(neuron(values).data, float_neuron(x), 0.0)

    operations = 2 * INPUTS + 1
    return Contest(
        ours=clock.call(lambda: neuron(values), count, 1 / operations),
        reference=clock.call(lambda: float_neuron(x), count, 1 / operations),
        agree=agree,
    )


FIGURES = (
    operator("a + b", a=1.25, b=2.75),
    operator("a * 2.5", a=1.25),
    Figure(
        "neuron",
        "neuron of 16 inputs, forward, an operation",
        "ns",
        prepare_neuron,
        "float",
        Goal("ratio", "<=", 1.35),
    ),
)
