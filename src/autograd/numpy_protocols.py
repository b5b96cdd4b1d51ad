"""NumPy's protocols: what `array * value`, `np.exp(value)` and `np.sum(value, axis=0)` mean.

NumPy hands its operators and universal functions to `__array_ufunc__`, everything else to
`__array_function__`. Nothing is computed here; it is decided who computes:

- autograd's function of the same name, where there is one (looked up when it is called);
- NumPy itself, on the data, where the answer has no derivative: truths, places, shapes, text;
- NumPy itself, on objects, where scalar Values stand beside an ndarray of Values (dtype object);
- nobody: all else is a TypeError, for a number without its gradient would be a wrong one.

`engine` makes these two functions methods of `Value`. Start reading at `array_ufunc`.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import numpy as np

from autograd import _core
from autograd._core import Value
from autograd.object_arrays import boxed, data_of, holds_objects, stacked

__all__ = ["array_function", "array_ufunc"]

# The package imports this module: its functions are there only when they are called.
_PACKAGE = sys.modules[__name__.partition(".")[0]]

# What SciPy calls otherwise. It is not imported: its functions are known by their names.
_NAMES_IN_SCIPY = {"expit": "sigmoid", "gammaln": "lgamma", "psi": "digamma"}

_OPERATIONS: dict[str, Callable[..., Value]] = {
    name: getattr(_core, name) for name, *_ in _core.operations()
}


def _universal_functions() -> dict[np.ufunc, Callable[..., Value]]:
    """Find what NumPy has under the same name, or as `arcsin` for `asin`."""
    found: dict[np.ufunc, Callable[..., Value]] = {np.matmul: _core.matmul}
    for name, operation in _OPERATIONS.items():
        ufunc = getattr(np, name, None)
        if ufunc is None and name.startswith("a"):
            ufunc = getattr(np, "arc" + name[1:], None)
        if isinstance(ufunc, np.ufunc):
            found[ufunc] = operation
    found[np.fabs] = _core.absolute
    found[np.conjugate] = _core.positive  # of real numbers
    return found


# Looked up by identity, once for each `ndarray + value`.
_COMPILED = _universal_functions()

# The answer has no derivative: truths,
_UFUNCS_OF_DATA = """
less less_equal equal not_equal greater greater_equal isfinite isinf isnan signbit
logical_and logical_or logical_xor logical_not
"""
_TRUTHS: frozenset[np.ufunc] = frozenset(getattr(np, name) for name in _UFUNCS_OF_DATA.split())

# and truths, places, shapes, types, text, or steps, as of round(value).
_FUNCTIONS_OF_DATA = """
all any allclose isclose array_equal array_equiv isin isreal isrealobj iscomplex iscomplexobj
isneginf isposinf argmax argmin argsort argpartition argwhere nonzero flatnonzero count_nonzero
lexsort searchsorted digitize ndim shape size can_cast common_type min_scalar_type result_type
may_share_memory shares_memory array2string array_repr array_str save savetxt savez
savez_compressed round round_ around
"""
_ANSWERS = frozenset(_FUNCTIONS_OF_DATA.split())

_NAMES_BEFORE_NUMPY_2 = {"amax": "max", "amin": "min", "trapz": "trapezoid"}

# They take the last two axes, and those of numpy the first two.
_OTHER_IN_LINALG = frozenset({"diagonal", "trace"})

# Arguments of NumPy's that change nothing about a Value, with the values that ask for nothing.
_IDLE: dict[str, tuple[Any, ...]] = {
    "dtype": (None,),
    "out": (None,),
    "order": (None, "C", "K", "A"),
    "kind": (None, "quicksort", "mergesort", "heapsort", "stable"),
    "stable": (None, False, True),
    "optimize": (None, False, True, "greedy", "optimal"),
    "mode": ("raise",),
    "subok": (False, True),
    "copy": (True,),
    "method": ("linear",),
    "overwrite_input": (False, True),
    "returned": (False,),
    "fweights": (None,),
    "aweights": (None,),
    "hermitian": (False,),
    "weights": (None,),
}

_REDUCTIONS: dict[tuple[np.ufunc, str], str] = {
    (np.add, "reduce"): "sum",
    (np.multiply, "reduce"): "prod",
    (np.maximum, "reduce"): "max",
    (np.minimum, "reduce"): "min",
    (np.logaddexp, "reduce"): "logsumexp",
    (np.add, "accumulate"): "cumsum",
    (np.multiply, "accumulate"): "cumprod",
}


def array_ufunc(_self: Value, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
    """Apply a universal function of NumPy: `np.exp(value)`, `array * value`."""
    operation = _COMPILED.get(ufunc)
    if operation is not None and not keywords and method == "__call__":
        for given in inputs:
            if type(given) is np.ndarray and given.dtype.hasobject:
                break  # to NumPy, that objects stay objects
        else:
            try:
                return operation(*inputs)
            except TypeError:
                # The compiled functions know no types of other packages.
                if not any(_is_foreign(given) or holds_objects(given) for given in inputs):
                    raise
    elif ufunc in _TRUTHS and not any(
        isinstance(given, Value) for given in keywords.get("out", ())
    ):
        # Objects may stay what they are: Values compare with numbers.
        data = [given.data if isinstance(given, Value) else given for given in inputs]
        return getattr(ufunc, method)(*data, **_changed(keywords, data_of))
    return _rarely(ufunc, method, inputs, keywords)


def _rarely(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Apply what is no plain call of a function that autograd has."""
    out = keywords.get("out", ())
    if any(_is_foreign(given) for given in (*inputs, *out)):
        return NotImplemented  # it is the other's turn
    if any(isinstance(given, Value) for given in out):
        _refuse_out(ufunc.__name__, out)
    if isinstance(keywords.get("where"), Value):
        _refuse_keywords(ufunc, keywords)
    if _is_of_objects(ufunc) or any(holds_objects(given) for given in (*inputs, *out)):
        return _among_objects(ufunc, method, inputs, keywords)
    if any(given is not None for given in out):
        _refuse_out(ufunc.__name__, out)
    if method in {"reduce", "accumulate"}:
        return _along(ufunc, method, inputs, keywords)
    operation = _COMPILED.get(ufunc) or _of_name(ufunc)
    if operation is None or method not in {"__call__", "outer"}:
        _refuse(ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}")
    _refuse_keywords(ufunc, keywords)
    if method == "outer":
        left, right = inputs
        ones = (1,) * np.ndim(right)
        return operation(_reshaped(left, (*np.shape(left), *ones)), right)
    return operation(*inputs)


def _along(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Reduce or accumulate along an axis, the first unless another is given."""
    name = _REDUCTIONS.get((ufunc, method))
    if name is None:
        _refuse(f"{ufunc.__name__}.{method}")
    named = {"axis": 0} | {
        key: keywords.pop(key) for key in ("axis", "keepdims") if key in keywords
    }
    _refuse_keywords(ufunc, keywords)
    return _function(name)(*inputs, **named)


def array_function(
    _self: Value,
    function: Callable[..., Any],
    types: Iterable[type],
    args: tuple[Any, ...],
    keywords: dict[str, Any],
) -> Any:
    """Apply any other function of NumPy: `np.sum(value, axis=0)`, `np.stack([a, b])`."""
    beside = [one for one in types if one is not Value]
    if not all(issubclass(one, np.ndarray) for one in beside):
        return NotImplemented
    if function.__name__ in _ANSWERS:
        return function(*_changed(args, data_of), **_changed(keywords, data_of))
    given = _arrays_in((args, keywords)) if beside else []
    if any(holds_objects(one) for one in given):
        if not any(isinstance(one, Value) and one.ndim > 0 for one in given):
            return function(*_changed(args, boxed), **_changed(keywords, boxed))
        args, keywords = _changed(args, stacked), _changed(keywords, stacked)
    args, keywords = _named(function, args, keywords)
    if keywords.get("out") is not None:
        _refuse_out(function.__name__, (keywords["out"],))
    implementation = _counterpart(function)
    if implementation is None:
        _refuse(function.__name__)
    keywords = {name: given for name, given in keywords.items() if not _is_idle(name, given)}
    # The compiled functions say it themselves.
    if inspect.isfunction(implementation) and implementation is not _clip:
        for name in keywords.keys() - _parameters(implementation):
            _refuse_argument(function.__name__, name)
    return implementation(*args, **keywords)


def _is_idle(name: str, given: Any) -> bool:
    """Whether an argument asks for nothing; other code passes such along."""
    return isinstance(given, str | bool | None) and given in _IDLE.get(name, ())


def _named(
    function: Callable[..., Any], args: tuple[Any, ...], keywords: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Give names to what follows `axis`, or begins with `copy`: NumPy's order is its own."""
    names = _parameters(function)
    place = len(args)
    if "axis" in names:
        place = names.index("axis") + 1
    elif "copy" in names:
        place = names.index("copy")
    if place >= len(args):
        return args, keywords
    return args[:place], {**dict(zip(names[place:], args[place:], strict=False)), **keywords}


@functools.cache
def _parameters(function: Callable[..., Any]) -> list[str]:
    """List the names of a function of NumPy's; none where it does not tell."""
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return []


def _clip(x: Any, *bounds: Any, **named: Any) -> Value:
    """Clip as NumPy does, where the bounds have other names."""
    low, high, *_ = (*bounds, None, None)
    low = named.pop("a_min", named.pop("min", low))
    high = named.pop("a_max", named.pop("max", high))
    return _core.clip(x, low, high, **named)


def _copy(a: Any, order: str | None = "K", subok: bool = False) -> Value:
    """Copy as NumPy does: there is one order here, and one class."""
    del order, subok
    return _core.positive(a)


_IN_OTHER_WORDS: dict[str, Callable[..., Any]] = {"clip": _clip, "copy": _copy}


def _function(name: str) -> Callable[..., Any]:
    """Return a function of autograd; a TypeError if there is none."""
    function: Callable[..., Any] | None = getattr(_PACKAGE, name, None)
    if function is None:
        _refuse(name)
    return function


def _counterpart(function: Callable[..., Any]) -> Callable[..., Any] | None:
    """Find autograd's function for one of NumPy's, by its name."""
    name = _NAMES_BEFORE_NUMPY_2.get(function.__name__, function.__name__)
    if name in _IN_OTHER_WORDS:
        return _IN_OTHER_WORDS[name]
    places: tuple[Any, ...] = ()
    if function.__module__ == "numpy":
        places = (_PACKAGE,)
    elif function.__module__ == "numpy.linalg" and name not in _OTHER_IN_LINALG:
        places = (getattr(_PACKAGE, "linalg", None), _PACKAGE)
    for place in places:
        if name in getattr(place, "__all__", ()):
            found: Callable[..., Any] = getattr(place, name)
            return found
    return None


def _of_name(ufunc: np.ufunc) -> Callable[..., Value] | None:
    """Find the operation for a universal function that is not NumPy's, such as SciPy's erf."""
    operation = _OPERATIONS.get(_NAMES_IN_SCIPY.get(ufunc.__name__, ufunc.__name__))
    return operation if operation is not None and ufunc.nout == 1 else None


def _refuse(name: str) -> NoReturn:
    message = (
        f"[{name}] a Value was given - numbers or ndarrays are needed, for autograd has no {name}. "
        "Use value.data where no gradient is wanted, or autograd's functions."
    )
    raise TypeError(message)


def _refuse_out(name: str, out: tuple[Any, ...]) -> NoReturn:
    kinds = ", ".join(type(one).__name__ for one in out)
    message = (
        f"[{name}] out={kinds} was given - nothing to write into is needed: an ndarray holds no "
        "graph, a Value does not change. Write `array = array + value`, not `array += value`."
    )
    raise TypeError(message)


def _refuse_keywords(ufunc: np.ufunc, keywords: dict[str, Any]) -> None:
    for name, given in keywords.items():
        if name == "out" or (name == "dtype" and given is None):
            continue  # the empty ones
        advice = {
            "where": "Choose with autograd.where(condition, a, b).",
            "dtype": "Convert with value.astype(dtype).",
        }
        _refuse_argument(ufunc.__name__, name, advice.get(name, "Leave it out."))


def _refuse_argument(function: str, name: str, advice: str = "Leave it out.") -> NoReturn:
    message = f"[{function}] {name}=... was given - no such keyword is needed for Values. {advice}"
    raise TypeError(message)


def _is_foreign(given: object) -> bool:
    """Whether the type has an own opinion on universal functions."""
    protocol = getattr(type(given), "__array_ufunc__", None)
    return protocol is not None and protocol not in {
        getattr(Value, "__array_ufunc__", None),
        np.ndarray.__array_ufunc__,
    }


def _is_of_objects(ufunc: np.ufunc) -> bool:
    """Whether it is a Python function of the elements, from np.frompyfunc."""
    return ufunc.types == ["O" * ufunc.nin + "->" + "O" * ufunc.nout]


def _among_objects(
    ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]
) -> Any:
    """Apply it element by element; beside an array Value, the objects become one themselves."""
    is_of_objects = _is_of_objects(ufunc)
    if not is_of_objects and any(isinstance(one, Value) and one.ndim > 0 for one in inputs):
        if any(given is not None for given in keywords.get("out", ())):
            _refuse_out(ufunc.__name__, keywords["out"])
        return getattr(ufunc, method)(*map(stacked, inputs), **keywords)
    objects = [
        np.asarray(given) if isinstance(given, list | tuple) else boxed(given) for given in inputs
    ]
    operation = _COMPILED.get(ufunc)
    if operation is not None and operation is not _core.matmul:
        ufunc = _elementwise(operation, ufunc.nin) if method == "__call__" else ufunc
    return getattr(ufunc, method)(*objects, **keywords)


@functools.cache
def _elementwise(operation: Callable[..., Value], arity: int) -> np.ufunc:
    """Return NumPy's loop over objects around an operation: its own knows no ties, no sqrt."""
    loop: np.ufunc = np.frompyfunc(operation, arity, 1)
    return loop


def _reshaped(given: Any, shape: tuple[int, ...]) -> Any:
    return given.reshape(shape) if isinstance(given, Value) else np.reshape(given, shape)


def _changed(given: Any, change: Callable[[Any], Any]) -> Any:
    """Apply `change` to what stands in arguments, lists and dictionaries of arguments."""
    if isinstance(given, list):
        return [_changed(one, change) for one in given]
    if isinstance(given, tuple):
        return tuple(_changed(one, change) for one in given)
    if isinstance(given, dict):
        return {name: _changed(one, change) for name, one in given.items()}
    return change(given)


def _arrays_in(given: Any) -> list[Any]:
    """List the Values and the ndarrays among arguments."""
    found: list[Any] = []

    def note(one: Any) -> None:
        if isinstance(one, Value | np.ndarray):
            found.append(one)

    _changed(given, note)
    return found


METHODS: dict[str, Callable[..., Any]] = {
    "__array_ufunc__": array_ufunc,
    "__array_function__": array_function,
}
for _name, _method in METHODS.items():
    _method.__name__ = _name
    _method.__qualname__ = f"Value.{_name}"
    setattr(Value, _name, _method)  # in the place of those that load this module
