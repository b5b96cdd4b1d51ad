"""The formulas of the table as trees: read from C++, written as C++, and changed in one place.

What is read is the little C++ of derivatives: numbers, names, calls, unary minus, arithmetic,
comparisons, `&` and `|`. Anything else is an error, so that a formula nobody changes cannot hide.
Start at `mutants_of`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# How tightly C++ binds, from the loosest; within a row from the left.
LEVELS = (("|",), ("&",), ("==", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/"))
BINDING = {symbol: level for level, row in enumerate(LEVELS) for symbol in row}
COMPARISONS = (*LEVELS[2], *LEVELS[3])
UNARY = len(LEVELS)
TOKEN = re.compile(
    r'\s*(call<"\w+">|\d+\.\d*(?:e[-+]?\d+)?|\w+|==|!=|<=|>=|[-+*/<>&|(),])', re.ASCII
)

# What a function is taken for when it is replaced by its neighbour.
NEIGHBOURS = {
    "sin": "cos",
    "cos": "sin",
    "sinh": "cosh",
    "cosh": "sinh",
    "exp": "expm1",
    "expm1": "exp",
    "log": "log1p",
    "sqrt": "cbrt",
    "sigmoid": "tanh",
    "sign": "absolute",
    "erfc": "erf",
    "digamma": "lgamma",
    "power": "atan2",
    "hypot": "maximum",
    "floor_divide": "divide",
    "polygamma": "multiply",
}
SYMMETRIC = ("hypot",)


class UnknownSyntaxError(Exception):
    """A formula is written in C++ that is not read here."""


@dataclass(frozen=True)
class Expression:
    """A formula: a number or name without parts, `-` of one part, an operator of two, a call."""

    head: str
    parts: tuple[Expression, ...] = ()
    is_call: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is a number as it is written, without a sign."""
        return self.head[0].isdigit()

    def __str__(self) -> str:
        if self.is_call:
            return f"{self.head}({', '.join(map(str, self.parts))})"
        if not self.parts:
            return self.head
        if len(self.parts) == 1:
            return "-" + bracketed(self.parts[0], UNARY)
        level = BINDING[self.head]
        left, right = self.parts
        return f"{bracketed(left, level)} {self.head} {bracketed(right, level + 1)}"


def bracketed(part: Expression, least: int) -> str:
    """Write a part, in parentheses where it binds more loosely than `least`."""
    if part.is_call or not part.parts:
        return str(part)
    binds = UNARY - 1 if len(part.parts) == 1 else BINDING[part.head]  # so that -(-x) is no --x
    # C++ reads `a < b & c` as meant; people do not.
    return f"({part})" if binds < least or part.head in COMPARISONS else str(part)


def number(value: float) -> Expression:
    """Write a number that has no sign."""
    return Expression(repr(float(value)))


def binary(head: str, left: Expression, right: Expression) -> Expression:
    """Write an operator between two formulas."""
    return Expression(head, (left, right))


def read(text: str) -> Expression:
    """Read one formula; UnknownSyntaxError where there is more in it than is known here."""
    tokens: list[str] = []
    place = 0
    while text[place:].strip():
        match = TOKEN.match(text, place)
        if match is None:
            message = f"[read] {text[place:].strip()!r} - a formula of the table is needed."
            raise UnknownSyntaxError(message)
        tokens.append(match[1])
        place = match.end()
    reader = Reader(tokens)
    found = reader.operators(0)
    if reader.place != len(tokens):
        message = f"[read] {tokens[reader.place]!r} after {found} - an operator is needed."
        raise UnknownSyntaxError(message)
    return found


class Reader:
    """Reads tokens, one function for each level of binding."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = tokens
        self.place = 0

    def next(self) -> str:
        """Give the token here, "" at the end."""
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, wanted: str | None = None) -> str:
        """Give the token here and go on; it has to be `wanted`."""
        token = self.next()
        if not token or (wanted is not None and token != wanted):
            message = f"[read] {token or 'the end'!r} - {wanted or 'a formula'} is needed."
            raise UnknownSyntaxError(message)
        self.place += 1
        return token

    def operators(self, level: int) -> Expression:
        """Read what binds at least as tightly as the operators of a level."""
        if level == UNARY:
            return self.unary()
        left = self.operators(level + 1)
        while self.next() in LEVELS[level]:
            left = binary(self.take(), left, self.operators(level + 1))
        return left

    def unary(self) -> Expression:
        """Read a number, a name, a call, or what stands in parentheses, and signs before it."""
        if self.next() == "-":
            self.take()
            return Expression("-", (self.unary(),))
        token = self.take()
        if token == "(":
            inner = self.operators(0)
            self.take(")")
            return inner
        if not (token[0].isalnum() or token[0] == "_"):
            message = f"[read] {token!r} - a number, a name or a call is needed."
            raise UnknownSyntaxError(message)
        if self.next() != "(":
            return Expression(token)
        self.take("(")
        parts = [self.operators(0)]
        while self.next() == ",":
            self.take()
            parts.append(self.operators(0))
        self.take(")")
        return Expression(token, tuple(parts), is_call=True)


def mutants_of(formula: Expression, variables: Sequence[str]) -> Iterator[Expression]:
    """Give the formula with one change, for each change that is known; some are given twice.

    `variables` are the names that a name can be taken for. The sign, a factor and a constant in
    place of all of it belong to the whole; under a `when`, to the partial that it lets through.
    """
    if formula.head == "when":
        condition, partial = formula.parts
        yield from (
            Expression("when", (other, partial), is_call=True)
            for other in (Expression("true"), Expression("false"), *changes(condition, variables))
        )
        yield from (
            Expression("when", (condition, other), is_call=True)
            for other in mutants_of(partial, variables)
        )
        yield partial
        return
    if str(formula) != "0.0":
        yield Expression("-", (formula,))
        yield binary("*", number(2), formula)
    yield number(0)
    yield number(1)
    yield from changes(formula, variables)


def changes(formula: Expression, variables: Sequence[str]) -> Iterator[Expression]:
    """Change the formula here, or in one of its parts."""
    yield from here(formula, variables)
    for place, part in enumerate(formula.parts):
        for other in changes(part, variables):
            parts = (*formula.parts[:place], other, *formula.parts[place + 1 :])
            yield Expression(formula.head, parts, formula.is_call)


def here(formula: Expression, variables: Sequence[str]) -> Iterator[Expression]:
    """Change the head of a formula."""
    head, parts = formula.head, formula.parts
    if formula.is_call:
        yield from other_calls(formula)
    elif formula.is_number:
        value = float(head)
        yield number(value + 1)
        if value != 0:
            yield number(value / 2)
            yield Expression("-", (formula,))
    elif not parts and head in variables:
        yield from (Expression(name) for name in variables if name != head)
    elif not parts:  # a constant
        yield number(1)
        if head != "infinity":  # which is its own double
            yield binary("*", number(2), formula)
    elif len(parts) == 1:
        yield parts[0]
    else:
        yield from other_operators(formula)


def other_calls(formula: Expression) -> Iterator[Expression]:
    """Take one function for another, its arguments for each other, or one of them for all."""
    head, parts = formula.head, formula.parts
    if head == "select":
        condition, yes, no = parts
        yield yes
        yield no
        yield Expression(head, (condition, no, yes), is_call=True)
        return
    name = head.split('"')[1]
    yield from parts
    yield Expression(f'call<"{NEIGHBOURS[name]}">', parts, is_call=True)
    if len(parts) == 2 and name not in SYMMETRIC:
        yield Expression(head, parts[::-1], is_call=True)


def other_operators(formula: Expression) -> Iterator[Expression]:
    """Take one operator for another, drop a side, or change the sides."""
    head, (left, right) = formula.head, formula.parts
    if head in COMPARISONS:
        yield from (binary(other, left, right) for other in COMPARISONS if other != head)
        return
    yield binary({"+": "-", "-": "+", "*": "/", "/": "*", "&": "|", "|": "&"}[head], left, right)
    yield left
    yield right
    if head in "-/":
        yield binary(head, right, left)
