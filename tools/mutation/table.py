"""The derivatives of the table, read from `operations.hpp`: who they belong to, what they say.

Start at `partials_in`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mutation.expression import Expression, UnknownSyntaxError, mutants_of, read

if TYPE_CHECKING:
    from collections.abc import Iterator

ARITY = {"unary": 1, "binary": 2, "ternary": 3}
NAMED = {"zero": "0.0", "one": "1.0", "minus_one": "-1.0"}
BRACKETS = {"(": ")", "{": "}", "[": "]"}
LAMBDA = re.compile(r"\[\]\((?P<parameters>[^)]*)\) \{(?P<body>.*)\}", re.DOTALL)
LOCAL = re.compile(r"const auto (?P<name>\w+) = (?P<formula>.*)", re.DOTALL)


@dataclass(frozen=True)
class Partial:
    """The derivative of an operation with respect to one argument, as the table has it."""

    operation: str
    argument: int
    parameters: tuple[str, ...]
    locals: tuple[tuple[str, Expression], ...]
    formula: Expression

    def __str__(self) -> str:
        steps = [f"{name} = {formula}" for name, formula in self.locals]
        return "; ".join((*steps, str(self.formula)))

    @property
    def code(self) -> str:
        """A lambda of C++ that computes it."""
        parameters = ", ".join(
            f"[[maybe_unused]] const auto& {parameter}" for parameter in self.parameters
        )
        steps = "".join(
            f"[[maybe_unused]] const auto {name} = {formula}; " for name, formula in self.locals
        )
        return f"[]({parameters}) {{ {steps}return {self.formula}; }}"

    def mutants(self) -> Iterator[Partial]:
        """Give every other partial that is one change away, each once."""
        seen = {str(self)}
        for other in self._changed():
            if str(other) not in seen:
                seen.add(str(other))
                yield other

    def _changed(self) -> Iterator[Partial]:
        names = (*self.parameters, *(name for name, _ in self.locals))
        for formula in mutants_of(self.formula, names):
            yield self._with(self.locals, formula)
        for place, (name, step) in enumerate(self.locals):
            known = (*self.parameters, *(earlier for earlier, _ in self.locals[:place]))
            for formula in mutants_of(step, known):
                changed = (*self.locals[:place], (name, formula), *self.locals[place + 1 :])
                yield self._with(changed, self.formula)

    def _with(self, steps: tuple[tuple[str, Expression], ...], formula: Expression) -> Partial:
        return Partial(self.operation, self.argument, self.parameters, steps, formula)


def partials_in(source: str) -> list[Partial]:
    """Read all derivatives of the table; UnknownSyntaxError where one is not understood."""
    source = re.sub(r"//[^\n]*", "", source)
    _, _, after = source.partition("operations = std::tuple{")
    table = "{" + after
    table = table[1 : end_of(table, 0)]
    found: list[Partial] = []
    for entry in split(table):
        kind, _, inside = entry.partition("(")
        if kind not in ARITY:
            message = (
                f"[partials_in] the entry begins {entry[:40]!r} - one of {[*ARITY]} is needed."
            )
            raise UnknownSyntaxError(message)
        fields = split(inside.removesuffix(")"))
        arity = ARITY[kind]
        operation = fields[0].strip('"')
        names = ["x"] if arity == 1 else [name.strip('"') for name in split(fields[2].strip("{}"))]
        first = 5 if arity == 1 else 6
        found.extend(
            partial_of(operation, argument, names, fields[first + argument])
            for argument in range(arity)
        )
    return found


def partial_of(operation: str, argument: int, names: list[str], text: str) -> Partial:
    """Read one derivative: a lambda, or the name of a constant one."""
    if text in NAMED:
        parameters = (*names, "result")
        return Partial(operation, argument, parameters, (), read(NAMED[text]))
    match = LAMBDA.fullmatch(text)
    if match is None:
        message = f"[partial_of] {operation} has the derivative {text!r} - a lambda is needed."
        raise UnknownSyntaxError(message)
    given = [
        part.strip().removeprefix("const auto&").strip() for part in split(match["parameters"])
    ]
    usual = [*names, "result"]
    parameters = tuple(
        own or (other if other not in given else f"{other}_{place}")
        for place, (own, other) in enumerate(zip(given, usual, strict=True))
    )
    *steps, last = [step.strip() for step in match["body"].split(";") if step.strip()]
    local = []
    for step in steps:
        parts = LOCAL.fullmatch(step)
        if parts is None:
            message = (
                f"[partial_of] {operation} has the step {step!r} - `const auto name =` is needed."
            )
            raise UnknownSyntaxError(message)
        local.append((parts["name"], read(parts["formula"])))
    return Partial(
        operation, argument, parameters, tuple(local), read(last.removeprefix("return "))
    )


def end_of(text: str, start: int) -> int:
    """Find the bracket that closes the one at `start`."""
    depth, quoted = 0, False
    for place in range(start, len(text)):
        character = text[place]
        if character == '"':
            quoted = not quoted
        elif not quoted and character in "({[":
            depth += 1
        elif not quoted and character in ")}]":
            depth -= 1
            if depth == 0:
                return place
    message = f"[end_of] {text[start : start + 40]!r} has no end - brackets have to be closed."
    raise UnknownSyntaxError(message)


def split(text: str) -> list[str]:
    """Split at the commas that stand in no bracket and no text."""
    parts, begin, place, quoted = [], 0, 0, False
    while place < len(text):
        character = text[place]
        if character == '"':
            quoted = not quoted
        elif not quoted and character in BRACKETS:
            place = end_of(text, place)
        elif not quoted and character == ",":
            parts.append(text[begin:place].strip())
            begin = place + 1
        place += 1
    parts.append(text[begin:].strip())
    return [part for part in parts if part]
