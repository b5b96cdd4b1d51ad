"""LaTeX: how an operation on formulas is printed.

Start reading at `Latex.apply`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from autograd.draw.notation import (
    ATOM,
    OPERATORS,
    POWER,
    PRODUCT,
    SIGN,
    SIGNS,
    SUM,
    Formula,
    deeper,
    is_list,
    joined,
    weighted,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.draw.settings import Settings

LATEX_FUNCTIONS = {
    "exp": r"\exp",
    "log": r"\ln",
    "log2": r"\log_{2}",
    "log10": r"\log_{10}",
    "sin": r"\sin",
    "cos": r"\cos",
    "tan": r"\tan",
    "asin": r"\arcsin",
    "acos": r"\arccos",
    "atan": r"\arctan",
    "sinh": r"\sinh",
    "cosh": r"\cosh",
    "tanh": r"\tanh",
    "digamma": r"\psi",
    "sigmoid": r"\sigma",
    "maximum": r"\max",
    "minimum": r"\min",
    "max": r"\max",
    "min": r"\min",
}
# Written with % in the place of the argument, within braces or bars of its own.
LATEX_FORMS: dict[str, tuple[str, int]] = {
    "sqrt": (r"\sqrt{%}", ATOM),
    "cbrt": (r"\sqrt[3]{%}", ATOM),
    "reciprocal": (r"\frac{1}{%}", PRODUCT),
    "absolute": (r"\left|%\right|", ATOM),
    "floor": (r"\left\lfloor %\right\rfloor", ATOM),
    "ceil": (r"\left\lceil %\right\rceil", ATOM),
    "exp2": (r"2^{%}", POWER),
    "lgamma": (r"\ln\left|\Gamma\left(%\right)\right|", PRODUCT),
    "mean": (r"\overline{%}", ATOM),
    "hypot": (r"\operatorname{hypot}\left(%\right)", ATOM),
}


class Latex:
    r"""LaTeX, with the commands of amsmath such as ``\operatorname``."""

    def number(self, value: float) -> Formula:
        """Return a number with every digit, its exponent as a power of ten."""
        sign = "-" if math.copysign(1.0, value) < 0 else ""
        digits, _, exponent = repr(abs(value)).partition("e")
        if math.isinf(value):
            return Formula(rf"{sign}\infty", SIGN if sign else ATOM)
        if math.isnan(value):
            return Formula(r"\mathrm{nan}")
        digits = digits.removesuffix(".0")
        if not exponent:
            return Formula(sign + digits, SIGN if sign else ATOM)
        return Formula(rf"{sign}{digits} \times 10^{{{int(exponent)}}}", SIGN if sign else PRODUCT)

    def apply(  # noqa: PLR0911 - a line for each kind
        self,
        operation: str,
        args: Sequence[Formula],
        shapes: Sequence[tuple[int, ...]],
        settings: Settings,
    ) -> Formula:
        """Return an operation as it is printed."""
        told = dict(settings)
        if operation == "divide":
            return deeper(rf"\frac{{{args[0].text}}}{{{args[1].text}}}", PRODUCT, args)
        if operation in ("power", "square"):
            power = args[1].text if operation == "power" else "2"
            return deeper(f"{_fenced(args[0], ATOM)}^{{{power}}}", POWER, args)
        if operation in ("add", "subtract", "multiply", "matmul"):
            return self._operator(operation, args, told)
        if operation in SIGNS:
            return deeper(f"{SIGNS[operation]}{_fenced(args[0], PRODUCT)}", SIGN, args)
        if operation in LATEX_FORMS and not is_list(operation, args, shapes):
            form, binds = LATEX_FORMS[operation]
            return deeper(form.replace("%", joined(args)), binds, args)
        if operation == "polygamma":
            text = rf"\psi^{{\left({args[0].text}\right)}}\left({args[1].text}\right)"
            return deeper(text, ATOM, args)
        if operation == "getitem":
            index = str(told.get("index", r"\ldots")).replace(":", "{:}")
            return deeper(f"{_fenced(args[0], ATOM)}_{{{index}}}", ATOM, args)
        if operation in ("dot", "neuron"):
            return self._activated(told, self._dot(args), args)
        if operation == "layer":
            return self._activated(told, self._layer(args, shapes), args)
        if operation == "sum" and not is_list(operation, args, shapes):
            axes = told.get("axis")
            below = "" if axes is None else rf"_{{{str(axes).strip('(,)')}}}"
            return deeper(rf"\sum{below} {_fenced(args[0], PRODUCT)}", PRODUCT, args)
        if is_list(operation, args, shapes) and operation == "sum":
            return deeper(" + ".join(_fenced(given, SUM) for given in args), SUM, args)
        name = LATEX_FUNCTIONS.get(operation, rf"\operatorname{{{_escaped(operation)}}}")
        return deeper(rf"{name}\left({joined(args)}\right)", ATOM, args)

    def _operator(self, operation: str, args: Sequence[Formula], told: dict[str, Any]) -> Formula:
        sign = {"add": "+", "subtract": "-", "multiply": r"\cdot", "matmul": r"\,"}[operation]
        _, binds, left, right = OPERATORS[operation]
        flips = told.get("transposed", 0)
        if flips:
            args = [
                Formula(rf"{_fenced(given, ATOM)}^{{\top}}", POWER, given.depth)
                if flips >> place & 1
                else given
                for place, given in enumerate(args)
            ]
        if args[1].binds == SIGN:
            right = ATOM  # two signs in a row are no formula
        return deeper(f"{_fenced(args[0], left)} {sign} {_fenced(args[1], right)}", binds, args)

    def _dot(self, args: Sequence[Formula]) -> str:
        weights, inputs, bias = weighted(args)
        terms = [
            rf"{_fenced(weight, PRODUCT)} \cdot {_fenced(given, SIGN)}"
            for weight, given in zip(weights, inputs, strict=True)
        ]
        return " + ".join([*(_fenced(given, PRODUCT) for given in bias), *terms])

    def _layer(self, args: Sequence[Formula], shapes: Sequence[tuple[int, ...]]) -> str:
        *inputs, weights, bias = args
        given = (
            _fenced(inputs[0], PRODUCT) if len(inputs) == 1 else rf"\left[{joined(inputs)}\right]"
        )
        flip = r"^{\top}" if len(shapes[len(inputs)]) > 1 else ""
        return rf"{given} \, {_fenced(weights, ATOM)}{flip} + {_fenced(bias, PRODUCT)}"

    def _activated(self, told: dict[str, Any], text: str, args: Sequence[Formula]) -> Formula:
        activation = told.get("activation", "linear")
        if activation == "linear":
            return deeper(text, SUM, args)
        name = LATEX_FUNCTIONS.get(activation, rf"\operatorname{{{_escaped(activation)}}}")
        return deeper(rf"{name}\left({text}\right)", ATOM, args)


def _fenced(given: Formula, binds: int) -> str:
    """Return the text, in parentheses as high as it if it would fall apart."""
    return given.text if given.binds >= binds else rf"\left({given.text}\right)"


_SPECIAL = {
    " ": r"\ ",  # in a formula a space by itself is nothing
    "\\": r"\backslash{}",
    "~": r"\sim{}",
    "^": r"\hat{}",
    **{character: f"\\{character}" for character in "#$%&_{}"},
}


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in text)


def latex_name(label: str) -> str:
    r"""Return a label as a name in a formula, what stands behind ``_`` or at its end as an index.

    Examples
    --------
    >>> latex_name("w_10"), latex_name("x1"), latex_name("loss"), latex_name("50%")
    ('w_{10}', 'x_{1}', '\\mathrm{loss}', '\\mathrm{50\\%}')
    """
    body, underscore, index = label.partition("_")
    if not underscore:
        body = label.rstrip("0123456789")
        index = label[len(body) :]
    if not body or not index or not body.isalnum() or not index.isalnum():
        body, index = label, ""
    name = body if len(body) == 1 and body.isalpha() else ""
    name = name or _upright(body)
    if not index:
        return name
    return f"{name}_{{{index if index.isdigit() or len(index) == 1 else _upright(index)}}}"


def _upright(text: str) -> str:
    return rf"\mathrm{{{_escaped(text)}}}"
