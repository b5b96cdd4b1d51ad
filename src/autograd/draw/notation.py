"""Notations: how an operation on formulas is written; here, in Python.

A formula is its text, how tightly its outermost operator binds, and how deep its parentheses are
nested. Start reading at `Notation`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from autograd.draw.settings import Settings

# How tightly operators bind: what binds less must stand in parentheses.
SUM, PRODUCT, SIGN, POWER, ATOM = range(5)


class Formula(NamedTuple):
    """The text of a formula, how tightly it binds, how deep it is nested."""

    text: str
    binds: int = ATOM
    depth: int = 0


class Notation(Protocol):
    """A way to write formulas; the other one is `Latex`."""

    def number(self, value: float) -> Formula:
        """Return a number with every digit."""

    def apply(
        self,
        operation: str,
        args: Sequence[Formula],
        shapes: Sequence[tuple[int, ...]],
        settings: Settings,
    ) -> Formula:
        """Return an operation on formulas; `shapes` has those of the arguments and the result."""


def deeper(text: str, binds: int, args: Sequence[Formula]) -> Formula:
    """Return the formula of an operation on others."""
    return Formula(text, binds, 1 + max((given.depth for given in args), default=0))


def weighted(args: Sequence[Formula]) -> tuple[Sequence[Formula], ...]:
    """Return the weights, the inputs, and the bias if there is one, of a dot or a neuron."""
    count = len(args) // 2
    return args[:count], args[count : 2 * count], args[2 * count :]


# The sign, how tightly it binds, and how tightly what stands left and right of it has to bind.
# Floats are not associative, so that a + (b + c) keeps its parentheses.
OPERATORS = {
    "add": ("+", SUM, SUM, PRODUCT),
    "subtract": ("-", SUM, SUM, PRODUCT),
    "multiply": ("*", PRODUCT, PRODUCT, SIGN),
    "divide": ("/", PRODUCT, PRODUCT, SIGN),
    "matmul": ("@", PRODUCT, PRODUCT, SIGN),
    "power": ("**", POWER, ATOM, SIGN),
}
SIGNS = {"negative": "-", "positive": "+"}
RENAMED = {"absolute": "abs"}


class Python:
    """The source of Python, with the functions of `autograd` by their names."""

    def number(self, value: float) -> Formula:
        """Return a number that Python reads back with the same bits."""
        sign = "-" if math.copysign(1.0, value) < 0 else ""
        text = repr(abs(value)) if math.isfinite(value) else f'float("{abs(value)}")'
        return Formula(sign + text, SIGN if sign else ATOM)

    def apply(
        self,
        operation: str,
        args: Sequence[Formula],
        shapes: Sequence[tuple[int, ...]],
        settings: Settings,
    ) -> Formula:
        """Return an operation as an operator, a method or a call."""
        told = dict(settings)
        if operation == "matmul":
            flips = told.get("transposed", 0)
            args = [
                Formula(f"{_held(given, ATOM)}.T", ATOM, given.depth)
                if flips >> place & 1
                else given
                for place, given in enumerate(args)
            ]
        if operation in OPERATORS:
            sign, binds, left, right = OPERATORS[operation]
            text = f"{_held(args[0], left)} {sign} {_held(args[1], right)}"
            return deeper(text, binds, args)
        if operation in SIGNS:
            return deeper(f"{SIGNS[operation]}{_held(args[0], SIGN)}", SIGN, args)
        if operation == "getitem":
            text = f"{_held(args[0], ATOM)}[{told.get('index', '...')}]"
        elif operation in ("dot", "neuron"):
            text = self._dot(args, told.get("activation", "linear"))
        elif operation == "layer":
            return self._layer(args, shapes, told.get("activation", "linear"))
        elif operation in ("stack", "concatenate") or is_list(operation, args, shapes):
            text = _call(operation, [f"[{joined(args)}]", *_keywords(told)])
        elif operation in ("reshape", "broadcast_to"):
            text = _call(operation, [args[0].text, str(shapes[-1])])
        elif operation == "astype":
            text = f"{_held(args[0], ATOM)}.astype({told.get('dtype', 'float64')!r})"
        elif operation == "take":
            text = _call(f"{_held(args[0], ATOM)}.ravel().take", [args[1].text])
        else:
            name = RENAMED.get(operation, operation)
            text = _call(name, [*(given.text for given in args), *_keywords(told)])
        return deeper(text, ATOM, args)

    def _dot(self, args: Sequence[Formula], activation: str) -> str:
        weights, inputs, bias = weighted(args)
        given = [f"[{joined(weights)}]", f"[{joined(inputs)}]", *(each.text for each in bias)]
        text = _call("dot", given)
        return text if activation == "linear" else _call(activation, [text])

    def _layer(
        self, args: Sequence[Formula], shapes: Sequence[tuple[int, ...]], activation: str
    ) -> Formula:
        *inputs, weights, bias = args
        given = _held(inputs[0], PRODUCT) if len(inputs) == 1 else f"stack([{joined(inputs)}])"
        flip = ".T" if len(shapes[len(inputs)]) > 1 else ""
        text = f"{given} @ {_held(weights, ATOM)}{flip} + {_held(bias, PRODUCT)}"
        if activation == "linear":
            return deeper(text, SUM, args)
        return deeper(_call(activation, [text]), ATOM, args)


def is_list(operation: str, args: Sequence[Formula], shapes: Sequence[tuple[int, ...]]) -> bool:
    """Return whether an operation was applied to a list of scalars."""
    return operation in ("sum", "mean", "logsumexp") and (len(args) > 1 or not shapes[0])


def _keywords(told: dict[str, Any]) -> list[str]:
    return [f"{name}={value!r}" for name, value in told.items()]


def joined(args: Sequence[Formula]) -> str:
    """Return formulas as a list of arguments."""
    return ", ".join(given.text for given in args)


def _call(name: str, args: Sequence[str]) -> str:
    return f"{name}({', '.join(args)})"


def _held(given: Formula, binds: int) -> str:
    """Return the text, in parentheses if it would fall apart."""
    return given.text if given.binds >= binds else f"({given.text})"
