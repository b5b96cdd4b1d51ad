"""Write `src/autograd/_core.pyi`, the types of the compiled module, from that module itself.

    python tools/make_stub.py            # writes the stub
    python tools/make_stub.py --check    # says how the stub differs, if it does

Names and defaults come from the text signatures, types from the Parameters and Returns sections of
the docstrings, what an operator returns from calling it; no operation is named here. By hand are
only better types of the functions that pybind11 binds (`BY_HAND`), most of them below the
package's own Python; their parameters are compared with the module's. The text is laid out as
`ruff format` does it, without ruff, so that the tests can make it too. Start reading at `stub`.

A type checker cannot tell a Value that holds a float from one that holds an array. What depends on
it, `data`, `grad` and comparisons, has the type Any: with a union every line of arithmetic on
data would need a cast, for one or the other use. `item()` is a float to every checker.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import importlib
import inspect
import re
import sys
import textwrap
import types
from pathlib import Path
from typing import Any

import numpy as np

from autograd import _core

# They put the real methods in the place of those that load them.
for _module in ("autograd.arrays", "autograd.draw", "autograd.numpy_protocols"):
    importlib.import_module(_module)

PATH = Path(__file__).resolve().parent.parent / "src" / "autograd" / "_core.pyi"
WIDTH = 100  # of a line, as in pyproject.toml
OPERATIONS = {operation[0] for operation in _core.operations()}

HEADER = f'''\
# Written by tools/make_stub.py from the compiled module; do not edit.
"""{inspect.getdoc(_core)}"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from types import EllipsisType
from typing import Any, SupportsIndex, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

_Number: TypeAlias = float | np.floating[Any] | np.integer[Any] | np.bool_
_Array: TypeAlias = NDArray[np.floating[Any] | np.integer[Any] | np.bool_]
_Element: TypeAlias = _Number | _Array
# Lists are nested four deep at most: a recursive type would take a str for a list of its letters.
_ArrayLike: TypeAlias = (
    _Array | Sequence[_Element | Sequence[_Element | Sequence[_Element | Sequence[_Element]]]]
)
_Operand: TypeAlias = Value | _Number | _Array
_Argument: TypeAlias = Value | _Number | _ArrayLike
_Values: TypeAlias = Value | _Array | Iterable[_Argument]
# A float or a bool of a scalar Value, an ndarray of an array; after create_graph a gradient is a
# Value. Which of them it is no checker can tell.
_Data: TypeAlias = Any
_Truth: TypeAlias = Any
_Type: TypeAlias = type[np.float64 | np.float32 | float] | np.dtype[np.floating[Any]] | str
_Axes: TypeAlias = int | Sequence[int]
_Place: TypeAlias = (
    SupportsIndex
    | slice
    | EllipsisType
    | NDArray[np.integer[Any] | np.bool_]
    | Sequence[int]
    | Sequence[Sequence[int]]
    | None
)
_Domain: TypeAlias = tuple[float, float]
_Operation: TypeAlias = tuple[
    str, int, str, tuple[str, ...], tuple[_Domain, ...], float | None, float | None
]
'''

# The types of what a docstring calls a parameter, a result or an attribute.
PARAMETER_TYPES = {
    "Value": "Value",
    "float": "_Number",
    "bool": "bool",
    "int": "int",
    "str": "str",
    "array_like": "_ArrayLike",
    "argument": "_Argument",
}
PHRASE_TYPES = {
    "numpy.float64 or numpy.float32": "_Type",
    "int or tuple of int": "_Axes",
    "int or one tuple of int": "_Axes",
}
RESULT_TYPES = {
    "Value": "Value",
    "float": "float",
    "int": "int",
    "bool": "bool",
    "str": "str",
    "str or None": "str | None",
    "tuple of int": "tuple[int, ...]",
    "tuple of Value and float": "tuple[Value | float, ...]",
    "numpy.dtype": "np.dtype[np.floating[Any]]",
}

# The types of pybind11 that strict checkers do not take as they are.
BOUND_TYPES = {
    "SupportsFloat | SupportsIndex": "float",
    "SupportsInt | SupportsIndex": "int",
    "object": "Any",
    "Sequence": "Sequence[Any]",
    "list": "list[Any]",
    "tuple": "tuple[Any, ...]",
    "dict": "dict[Any, Any]",
}

# Attributes that are a float or an ndarray, and take more than they give.
DATA_TYPES = {
    "data": "_Number | _ArrayLike",
    "grad": "_Number | _ArrayLike | None",
}

# What an operator takes, by the name of its parameter.
OPERAND_TYPES = {
    "value": "_Operand",
    "key": "_Place | tuple[_Place, ...]",
    "mod": "None",
}

# What annotations in the package call the types of the stub.
PACKAGE_TYPES = {
    "ArrayLike": "_Argument",
    "Axes": "_Axes | None",
    "Names": "Any",
    "npt.NDArray": "NDArray",
}

# With the first NumPy's stubs would take a Value for an array, and `array * value` for an ndarray.
# The others do nothing but refuse.
HIDDEN = {"__array__", "__setitem__", "__delitem__"}

# What is better than pybind11's own types, `object` mostly. A text that follows stands in for that
# of a function which has none.
BY_HAND = {
    "activation": "(name: str) -> int",
    "broadcast_to": (
        "(x: _Argument, shape: _Axes) -> Value\n\n"
        "The elements of x, repeated along new axes and along those of length 1."
    ),
    "concatenate_along": (
        "(values: Sequence[_Argument], axis: int) -> Value\n\n"
        "The arrays one after the other along an axis that they have."
    ),
    "cumsum_along": (
        "(x: _Argument, axis: int, backwards: bool) -> Value\n\n"
        "The sums of the elements up to each along an axis, from its end if backwards."
    ),
    "element_of": "(value: Value) -> tuple[Value, tuple[int, ...]] | None",
    "flatten": (
        "(value: Value) -> tuple[tuple[str, ...], bytes, tuple[Value, ...], dict[int, str], "
        "tuple[_Array, ...]]"
    ),
    "gradients": (
        "(root: Value, inputs: Sequence[Value], gradient: _Argument | None, create_graph: bool)"
        " -> list[_Data]"
    ),
    "is_recording": "() -> bool",
    "layer": (
        "(weights: _Argument, inputs: _Argument | Sequence[Value | _Number], "
        "bias: _Argument | None, activation: int) -> Value | list[Value]"
    ),
    "matmul": (
        "(a: _Argument, b: _Argument) -> Value\n\n"
        "The matrix product of two arrays, as `a @ b`; axes before the last two are broadcast."
    ),
    "memory": "() -> tuple[int, int, int, int]",
    "neuron": (
        "(weights: Iterable[Value | _Number], inputs: Iterable[Value | _Number], "
        "bias: Value | _Number | None, activation: int) -> Value"
    ),
    "operations": "() -> tuple[_Operation, ...]",
    "push_forward": (
        "(root: Value, inputs: Sequence[Value], tangents: Sequence[_Argument], create_graph: bool)"
        " -> _Data"
    ),
    "rebuild": (
        "(names: Sequence[str], words: bytes, leaves: tuple[Value, ...], labels: dict[int, str], "
        "arrays: tuple[_Array, ...] = ()) -> Value"
    ),
    "set_recording": "(on: bool) -> bool",
    "stack_first": (
        "(values: Sequence[_Argument]) -> Value\n\n"
        "Values of one shape as the elements of a new first axis."
    ),
    "take_flat": (
        "(x: _Argument, places: NDArray[np.int64]) -> Value\n\n"
        "The elements of x at places in its flat order, in the shape of `places`."
    ),
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


def parameter_type(phrase: str, constructs: bool = False) -> str:
    """Return the type that a phrase of a docstring means: "Value or float, optional".

    Where a Value and a number are taken, or what is like an array, all of these are taken; only
    the constructor wants plain data.
    """
    parts = [
        part
        for part in re.split(r", (?:or )?", phrase)
        if part != "optional" and not part.startswith("default ")
    ]
    whole = " or ".join(parts)
    if whole.startswith("iterable of Value or float"):
        return "_Values"
    if whole in PHRASE_TYPES:
        return PHRASE_TYPES[whole]
    words = set(whole.split(" or "))
    if not constructs and (words >= {"Value", "float"} or "array_like" in words):
        words = words - {"Value", "float", "array_like"} | {"argument"}
    if not words <= PARAMETER_TYPES.keys():
        message = (
            f"[make_stub] the phrase {phrase!r} was found - a known one is needed. Name a type."
        )
        raise ValueError(message)
    return " | ".join(kind for word, kind in PARAMETER_TYPES.items() if word in words)


def parameter_types(text: str, constructs: bool = False) -> dict[str, str]:
    """Return the type of each parameter that a docstring describes."""
    result = {}
    for line in sections(text).get("Parameters", []):
        if line and not line.startswith(" "):
            names, described, phrase = line.partition(" : ")
            for name in names.split(", ") if described else []:
                result[name.lstrip("*")] = parameter_type(phrase, constructs)
    return result


def shared_types() -> dict[str, str]:
    """Return the types of parameters that have one meaning, for texts that say "as in `sum`"."""
    kind: Any = _core.Value
    constructor = parameter_types(kind.__doc__)
    return {"dtype": constructor["dtype"], **parameter_types(kind.sum.__doc__)}


def result_type(text: str, function: Any, arguments: list[Any]) -> str:
    """Return the type that a docstring promises; without a Returns section, that of a result."""
    lines = sections(text).get("Returns")
    if lines:
        return RESULT_TYPES[lines[0]]
    result = function(*arguments)
    return "None" if result is None else type(result).__name__


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
    if given.vararg:
        result.append((f"*{given.vararg.arg}", None))
    return [(name, default) for name, default in result if name != "module"]


def is_described(signature: str, annotations: dict[str, str]) -> bool:
    """Return whether each parameter of a signature of CPython's has a type."""
    names = {name.lstrip("*") for name, _ in parameters(signature)}
    return names <= {"self", "/"} | annotations.keys()


def typed(signature: str, annotations: dict[str, str]) -> list[str]:
    """Write the parameters of a signature of CPython's with their types."""
    written = []
    for name, default in parameters(signature):
        if name in ("self", "/"):
            written.append(name)
            continue
        annotation = annotations[name.lstrip("*")]
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
    given = f'"""{text}'.splitlines()
    ending = '"""' if len(given) == 1 else ""  # else on a line of its own
    lines = []
    for line in given:
        within = indent + line[: len(line) - len(line.lstrip())]
        lines += textwrap.wrap(
            line.strip(),
            WIDTH - len(ending),
            initial_indent=within,
            subsequent_indent=within,
            break_on_hyphens=False,
        ) or [""]
    return [lines[0] + ending] if len(lines) == 1 else [*lines, indent + '"""']


def exception(kind: type[Exception]) -> list[str]:
    """Write an exception."""
    text = documentation(kind.__doc__ or "")
    return [f"class {kind.__name__}({kind.__bases__[0].__name__}):", *quoted(text, "    ")]


def compiled(owner: Any, name: str, indent: str = "") -> list[str]:
    """Write a documented function of the module, or a method of Value."""
    function = getattr(owner, name)
    signature, text = function.__text_signature__, function.__doc__
    annotations = shared_types() | parameter_types(text)
    if not is_described(signature, annotations):
        message = (
            f"[make_stub] {name} is compiled without the types of its parameters - they are needed "
            "in its docstring or in BY_HAND. Describe them."
        )
        raise ValueError(message)
    written = typed(signature, annotations)
    # Called, where the text does not say what is returned: with what `astype` needs, or nothing.
    needed = [np.float32] if "dtype" in dict(parameters(signature)) else []
    result = result_type(text, function, [_core.Value([0.5]), *needed])
    # The results in the examples of an operation are those of one C library.
    drop = "Examples" if name in OPERATIONS else None
    return definition(name, written, result, documentation(text, drop), indent)


def bound(name: str, owner: Any = _core, indent: str = "") -> list[str]:
    """Write a function that pybind11 binds, or whose types are described above."""
    function = getattr(owner, name)
    # Of methods it finds one that fits any function.
    signature = function.__text_signature__ if owner is _core else None
    text = function.__doc__
    if signature is None:  # pybind11 puts it before the text
        signature, _, text = text.removeprefix(name).strip().partition("\n\n")
    by_hand = BY_HAND if owner is _core else {}
    described, _, explained = by_hand.get(name, signature).partition("\n\n")
    if parameters(described) != parameters(signature):
        message = f"[make_stub] {name}{described} is described - {signature} is compiled."
        raise ValueError(message)
    statement = parsed(described)
    assert statement.returns is not None
    types_of = {one.arg: annotation(one.annotation) for one in statement.args.args}
    written = [
        "self"
        if one == "self"
        else f"{one}: {types_of[one]}" + (f" = {default}" if default else "")
        for one, default in parameters(described)
    ]
    text = documentation(text) if text else explained
    return definition(name, written, annotation(statement.returns), text, indent)


def bound_class(kind: type) -> list[str]:
    """Write a class that pybind11 binds."""
    lines = [
        "@final",
        f"class {kind.__name__}:",
        *quoted(documentation(kind.__doc__ or ""), "    "),
    ]
    for name, member in vars(kind).items():
        if isinstance(member, property):
            getter: Any = member.fget
            _, _, result = getter.__doc__.strip().partition(" -> ")
            described = definition(name, ["self"], result, member.__doc__ or "", "    ")
            lines += ["    @property", *described]
        elif type(member).__name__ == "instancemethod" and not name.startswith("_pybind11"):
            lines += bound(name, kind, "    ")
    return lines


def annotation(expression: ast.expr | None) -> str:
    """Write a type; of pybind11's those without their modules, and with their parameters."""
    assert expression is not None
    modules = r"(collections\.abc|numpy\.typing|typing|autograd\._core)\."
    text = re.sub(modules, "", ast.unparse(expression))
    return BOUND_TYPES.get(text, text.replace("numpy.", "np."))


def operator(name: str) -> list[str]:
    """Write an operator of Value, which returns what it returns for a scalar and for an array."""
    slot = getattr(_core.Value, name)
    signature = slot.__text_signature__
    found = set()
    for data in (0.5, [0.5]):
        value = _core.Value(data, requires_grad=False)
        given = {"value": value, "key": 0}
        arguments = [given[one] for one, _ in parameters(signature) if one in given]
        try:
            result = slot(value, *arguments)
        except (TypeError, ValueError):  # a scalar has no elements and no matrix product
            continue
        iterates = hasattr(result, "__next__")
        kind = type(next(result) if iterates else result).__name__
        found.add(f"Iterator[{kind}]" if iterates else kind)
    result = "_Truth" if found == {"bool", "ndarray"} else found.pop()
    compares = {"value": "object"} if name in ("__eq__", "__ne__") else {}
    return definition(name, typed(signature, OPERAND_TYPES | compares), result, indent="    ")


def method_in_python(name: str) -> list[str]:
    """Write a method that the package has attached, with the annotations that stand there."""
    method = getattr(_core.Value, name)
    described = inspect.signature(method)
    stars: dict[object, str] = {
        inspect.Parameter.VAR_POSITIONAL: "*",
        inspect.Parameter.VAR_KEYWORD: "**",
    }
    written = ["self"]
    for each in list(described.parameters.values())[1:]:
        if each.kind is each.KEYWORD_ONLY and not any(one.startswith("*") for one in written):
            written.append("*")
        default = "" if each.default is each.empty else f" = {each.default!r}"
        star = stars.get(each.kind, "")
        written.append(f"{star}{each.name}: {in_stub(each.annotation)}{default}")
    result = in_stub(described.return_annotation)
    return definition(name, written, result, documentation(method.__doc__), indent="    ")


def in_stub(expression: str) -> str:
    """Write an annotation of the package with the names that the stub has."""
    for name, own in PACKAGE_TYPES.items():
        expression = re.sub(rf"\b{re.escape(name)}\b", own, expression)
    return expression.replace("None | None", "None")


def attribute(name: str) -> list[str]:
    """Write an attribute of Value, as a property with a setter if one can assign to it."""
    described = getattr(_core.Value, name).__doc__
    kind, _, text = described.partition(": ")
    result = "_Data" if name in DATA_TYPES else RESULT_TYPES[kind]
    text = documentation(text[0].upper() + text[1:])
    lines = ["    @property", *definition(name, ["self"], result, text, indent="    ")]
    leaf = _core.Value(0.5)
    try:
        setattr(leaf, name, getattr(leaf, name))
    except AttributeError:
        return lines
    value = f"value: {DATA_TYPES.get(name, result)}"
    setter = definition(name, ["self", value, "/"], "None", indent="    ")
    return [*lines, f"    @{name}.setter", *setter]


def value_class() -> list[str]:
    """Write Value: its constructor, operators, methods and attributes."""
    kind: Any = _core.Value
    written = [
        "self",
        *typed(kind.__text_signature__, parameter_types(kind.__doc__, constructs=True)),
    ]
    lines = ["@final", "class Value:", *quoted(documentation(kind.__doc__), "    "), ""]
    lines += definition("__init__", written, "None", indent="    ")
    members: dict[Any, list[str]] = {}
    for name, member in vars(kind).items():
        members.setdefault(type(member), []).append(name)
    # The order of the operators is CPython's affair; that of the others is ours.
    for name in sorted(members[types.WrapperDescriptorType]):
        if name not in HIDDEN:
            lines += operator(name)
    for name in members[types.FunctionType]:
        lines += method_in_python(name)
    for name in members[types.MethodDescriptorType]:
        lines += compiled(kind, name, indent="    ")
    for name in members[types.GetSetDescriptorType]:
        if name not in HIDDEN:
            lines += attribute(name)
    return lines


def bound_classes() -> list[type]:
    """Return the classes that pybind11 binds."""
    return [kind for kind in vars(_core).values() if type(kind).__name__ == "pybind11_type"]


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
    functions = {
        name
        for name, member in vars(_core).items()
        if isinstance(member, types.BuiltinFunctionType)
    }
    blocks += ["\n".join(bound_class(kind)) for kind in bound_classes()]
    others = sorted(functions - set(_core.__all__))
    for name in [*_core.__all__, *others]:
        is_bound = name in BY_HAND or getattr(_core, name).__text_signature__ is None
        lines = bound(name) if is_bound else compiled(_core, name)
        blocks.append("\n".join(lines))
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
