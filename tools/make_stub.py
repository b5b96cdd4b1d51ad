"""Write `src/autograd/_core.pyi`, the types of the compiled module, from that module itself.

    python tools/make_stub.py            # writes the stub
    python tools/make_stub.py --check    # says how the stub differs, if it does

Names and defaults come from the text signatures, types from the Parameters and Returns sections of
the docstrings, what an operator returns from calling it; no operation is named here. By hand are
only the signatures of the functions below the package's own Python (`INTERNAL`), whose parameters
are compared with the module's. The text is laid out as `ruff format` does it, without ruff, so
that the tests can make it too. Start reading at `stub`.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import inspect
import sys
import textwrap
import types
from pathlib import Path
from typing import Any

from autograd import _core

PATH = Path(__file__).resolve().parent.parent / "src" / "autograd" / "_core.pyi"
WIDTH = 100  # of a line, as in pyproject.toml
OPERATIONS = {operation[0] for operation in _core.operations()}
NUMBER = "_Number"  # what is taken for a float

HEADER = f'''\
# Written by tools/make_stub.py from the compiled module; do not edit.
"""{inspect.getdoc(_core)}"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

{NUMBER}: TypeAlias = float | np.floating[Any] | np.integer[Any] | np.bool_
_Domain: TypeAlias = tuple[float, float]
_Operation: TypeAlias = tuple[
    str, int, str, tuple[str, ...], tuple[_Domain, ...], float | None, float | None
]
'''

# The types of what a docstring calls a parameter, a result or an attribute.
PARAMETER_TYPES = {
    "Value": "Value",
    "float": NUMBER,
    "bool": "bool",
    "str": "str",
}
RESULT_TYPES = {
    "Value": "Value",
    "float": "float",
    "bool": "bool",
    "str": "str",
    "str or None": "str | None",
    "tuple of Value and float": "tuple[Value | float, ...]",
    "tuple": "tuple[()]",
}

# Some attributes take more than they give.
SETTER_TYPES = {
    "data": NUMBER,
    "grad": f"{NUMBER} | None",
}

# Functions for the package itself; pybind11 knows their parameters, but of types only the C++ ones.
INTERNAL = {
    "activation": "(name: str) -> int",
    "adam_step": (
        "(parameters: list[Value], mean: NDArray[np.float64], variance: NDArray[np.float64], "
        "step: int, lr: float, beta1: float, beta2: float, epsilon: float, weight_decay: float, "
        "decoupled: bool) -> None"
    ),
    "flatten": "(value: Value) -> tuple[tuple[str, ...], bytes, tuple[Value, ...], dict[int, str]]",
    "gradients": (
        "(root: Value, inputs: Sequence[Value], gradient: Value | float, create_graph: bool)"
        " -> list[Value | float]"
    ),
    "is_recording": "() -> bool",
    "memory": "() -> tuple[int, int, int, int]",
    "neuron": (
        "(weights: Iterable[Value | float], inputs: Iterable[Value | float], "
        "bias: Value | float | None, activation: int) -> Value"
    ),
    "operations": "() -> tuple[_Operation, ...]",
    "rebuild": (
        "(names: Sequence[str], words: bytes, leaves: tuple[Value, ...], labels: dict[int, str])"
        " -> Value"
    ),
    "set_recording": "(on: bool) -> bool",
    "sgd_step": (
        "(parameters: list[Value], velocity: NDArray[np.float64], lr: float, momentum: float, "
        "nesterov: bool, weight_decay: float) -> None"
    ),
    "zero_grad": "(parameters: list[Value]) -> None",
}


# Docstrings ------------------------------------------------------------------------------------


def sections(text: str) -> dict[str, list[str]]:
    """Split a docstring in NumPy's convention into the lines of its sections, "" for the first."""
    found: dict[str, list[str]] = {}
    current = found.setdefault("", [])
    for line in inspect.cleandoc(text).splitlines():
        previous = current[-1] if current else ""
        if previous and line == "-" * len(previous):
            title = current.pop()
            current = found.setdefault(title, [])
        else:
            current.append(line)
    return found


def documentation(text: str, drop: str | None = None) -> str:
    """Return a docstring without a section."""
    parts = []
    for title, lines in sections(text).items():
        if title != drop:
            heading = [title, "-" * len(title)] if title else []
            parts.append("\n".join(heading + lines).rstrip())
    return "\n\n".join(parts)


def parameter_types(text: str) -> dict[str, str]:
    """Return the type of each parameter that a docstring describes."""
    result = {}
    for line in sections(text).get("Parameters", []):
        if line and not line.startswith(" "):
            names, _, phrase = line.partition(" : ")
            words = phrase.partition(",")[0]
            listed = words.removeprefix("iterable of ")
            union = " | ".join(PARAMETER_TYPES[word] for word in listed.split(" or "))
            for name in names.split(", "):
                result[name] = f"Iterable[{union}]" if listed != words else union
    return result


def result_type(text: str) -> str:
    """Return the type that a docstring promises, None without a Returns section."""
    lines = sections(text).get("Returns")
    return RESULT_TYPES[lines[0]] if lines else "None"


# Signatures ------------------------------------------------------------------------------------


def parsed(signature: str) -> ast.FunctionDef:
    """Read a signature, be it CPython's or one with types."""
    statement = ast.parse(f"def function{signature.replace('$', '')}: ...").body[0]
    assert isinstance(statement, ast.FunctionDef)
    return statement


def parameters(signature: str) -> list[tuple[str, str | None]]:
    """Return the names of a signature with their defaults; "/" stands for itself."""
    given = parsed(signature).args
    named = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(named) - len(given.defaults)) + [*map(ast.unparse, given.defaults)]
    result = [(one.arg, default) for one, default in zip(named, defaults, strict=True)]
    if len(given.posonlyargs) > 1:  # self alone needs no mark
        result.insert(len(given.posonlyargs), ("/", None))
    return [(name, default) for name, default in result if name != "module"]


def typed(signature: str, annotations: dict[str, str]) -> list[str]:
    """Write the parameters of a signature of CPython's with their types."""
    written = []
    for name, default in parameters(signature):
        if name in ("self", "/"):
            written.append(name)
            continue
        annotation = annotations[name]
        if default == "None" and annotation != "None":
            annotation += " | None"
        written.append(f"{name}: {annotation}" + (f" = {default}" if default else ""))
    return written


# Definitions -----------------------------------------------------------------------------------


def definition(
    name: str, written: list[str], result: str, text: str = "", indent: str = ""
) -> list[str]:
    """Lay out a function."""
    end = f") -> {result}:" + ("" if text else " ...")
    lines = [f"{indent}def {name}({', '.join(written)}{end}"]
    if len(lines[0]) > WIDTH:
        middle = f"{indent}    {', '.join(written)}"
        middles = [f"{indent}    {one}," for one in written] if len(middle) > WIDTH else [middle]
        lines = [f"{indent}def {name}(", *middles, indent + end]
    return lines + (quoted(text, indent + "    ") if text else [])


def quoted(text: str, indent: str) -> list[str]:
    """Lay out a docstring; the compiled one may have lines that are too long here."""
    assert "\\" not in text
    assert '"""' not in text
    lines = []
    for line in f'"""{text}'.splitlines():
        within = indent + line[: len(line) - len(line.lstrip())]
        lines += textwrap.wrap(
            line.strip(),
            WIDTH,
            initial_indent=within,
            subsequent_indent=within,
            break_on_hyphens=False,
        ) or [""]
    if len(lines) == 1 and len(lines[0]) + 3 <= WIDTH:
        return [lines[0] + '"""']
    return [*lines, indent + '"""']


def exception(kind: type[Exception]) -> list[str]:
    """Write an exception."""
    text = documentation(kind.__doc__ or "")
    return [f"class {kind.__name__}({kind.__bases__[0].__name__}):", *quoted(text, "    ")]


def compiled(owner: Any, name: str, indent: str = "") -> list[str]:
    """Write a documented function of the module, or a method of Value."""
    function = getattr(owner, name)
    text = function.__doc__
    written = typed(function.__text_signature__, parameter_types(text))
    # The results in the examples of an operation are those of one C library.
    drop = "Examples" if name in OPERATIONS else None
    return definition(name, written, result_type(text), documentation(text, drop), indent)


def internal(name: str) -> list[str]:
    """Write a function below the package's own Python."""
    function = getattr(_core, name)
    signature, text = function.__text_signature__, function.__doc__
    if signature is None:  # pybind11 puts it before the text
        signature, _, text = text.removeprefix(name).partition("\n\n")
    types_by_hand = parsed(INTERNAL[name])
    if parameters(INTERNAL[name]) != parameters(signature):
        message = f"[make_stub] {name}{INTERNAL[name]} is described - {signature} is compiled."
        raise ValueError(message)
    assert types_by_hand.returns is not None
    written = [ast.unparse(one) for one in types_by_hand.args.args]
    return definition(name, written, ast.unparse(types_by_hand.returns), documentation(text))


def operator(name: str) -> list[str]:
    """Write an operator of Value, which returns what it returns for two numbers."""
    slot = getattr(_core.Value, name)
    signature = slot.__text_signature__
    operands = [_core.Value(0.5, requires_grad=False), _core.Value(2.0, requires_grad=False)]
    binary = "value" in dict(parameters(signature))
    result = type(slot(*operands) if binary else slot(operands[0])).__name__
    operand = "object" if name in ("__eq__", "__ne__") else f"Value | {NUMBER}"
    written = typed(signature, {"value": operand, "mod": "None"})
    return definition(name, written, result, indent="    ")


def method_in_python(name: str) -> list[str]:
    """Write a method that `autograd.engine` has attached, with the annotations that stand there."""
    method = getattr(_core.Value, name)
    described = inspect.signature(method)
    stars: dict[object, str] = {
        inspect.Parameter.VAR_POSITIONAL: "*",
        inspect.Parameter.VAR_KEYWORD: "**",
    }
    written = []
    for each in described.parameters.values():
        star = stars.get(each.kind, "")
        default = "" if each.default is each.empty else f" = {each.default!r}"
        annotation = "" if each.name == "self" else f": {each.annotation}"
        written.append(f"{star}{each.name}{annotation}{default}")
    result = described.return_annotation
    return definition(name, written, result, documentation(method.__doc__), indent="    ")


def attribute(name: str) -> list[str]:
    """Write an attribute of Value, as a property with a setter if one can assign to it."""
    described = getattr(_core.Value, name).__doc__
    kind, _, text = described.partition(": ")
    kind = RESULT_TYPES[kind]
    text = documentation(text[0].upper() + text[1:])
    lines = ["    @property", *definition(name, ["self"], kind, text, indent="    ")]
    leaf = _core.Value(0.5)
    try:
        setattr(leaf, name, getattr(leaf, name))
    except AttributeError:
        return lines
    value = f"value: {SETTER_TYPES.get(name, kind)}"
    setter = definition(name, ["self", value, "/"], "None", indent="    ")
    return [*lines, f"    @{name}.setter", *setter]


def value_class() -> list[str]:
    """Write Value: its constructor, operators, methods and attributes."""
    kind: Any = _core.Value
    written = ["self", *typed(kind.__text_signature__, parameter_types(kind.__doc__))]
    lines = ["@final", "class Value:", *quoted(documentation(kind.__doc__), "    "), ""]
    lines += definition("__init__", written, "None", indent="    ")
    members: dict[Any, list[str]] = {}
    for name, member in vars(kind).items():
        members.setdefault(type(member), []).append(name)
    # The order of the operators is CPython's affair; that of the others is ours.
    for name in sorted(members[types.WrapperDescriptorType]):
        lines += operator(name)
    for name in members[types.FunctionType]:
        lines += method_in_python(name)
    for name in members[types.MethodDescriptorType]:
        lines += compiled(kind, name, indent="    ")
    for name in members[types.GetSetDescriptorType]:
        lines += attribute(name)
    return lines


def stub() -> str:
    """Return the text of the stub."""
    exceptions = [
        member
        for member in vars(_core).values()
        if isinstance(member, type) and issubclass(member, Exception)
    ]
    exceptions.sort(key=lambda kind: (len(kind.__mro__), kind.__name__))
    listed = [f'    "{name}",' for name in _core.__all__]
    blocks = ["__version__: str", "\n".join(["__all__ = [", *listed, "]"])]
    blocks += ["\n".join(exception(kind)) for kind in exceptions]
    blocks.append("\n".join(value_class()))
    others = sorted(
        name
        for name, member in vars(_core).items()
        if isinstance(member, types.BuiltinFunctionType) and name not in _core.__all__
    )
    blocks += ["\n".join(compiled(_core, name)) for name in _core.__all__]
    blocks += ["\n".join(internal(name)) for name in others]
    return HEADER + "\n" + "\n\n".join(blocks) + "\n"


def main() -> int:
    """Write or check the stub."""
    parser = argparse.ArgumentParser(description="Write the types of the compiled module.")
    parser.add_argument("--check", action="store_true", help="only say how the stub differs")
    options = parser.parse_args()
    made = stub()
    if not options.check:
        PATH.write_text(made, encoding="utf-8", newline="\n")
        return 0
    found = PATH.read_text(encoding="utf-8") if PATH.exists() else ""
    difference = difflib.unified_diff(
        found.splitlines(keepends=True),
        made.splitlines(keepends=True),
        str(PATH.relative_to(PATH.parents[2])),
        "what the compiled module says",
    )
    sys.stdout.writelines(difference)
    return int(found != made)


if __name__ == "__main__":
    sys.exit(main())
