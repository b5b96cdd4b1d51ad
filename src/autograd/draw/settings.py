"""Settings: what operations were told beside their arguments: axes, places, activations.

The engine says it in the list in which it stores a graph. Start reading at `settings_of`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograd.engine import Value
from autograd.inspection.stored import Record, stored

Settings = tuple[tuple[str, Any], ...]

# Operations without settings are not worth the list.
WITH_SETTINGS = frozenset(
    {"neuron", "layer", "sum", "max", "min", "transpose", "matmul", "getitem", "concatenate"}
    | {"cumsum", "astype"}
)


def settings_of(root: Value, key: Callable[[Value], Any]) -> dict[Any, Settings]:
    """Return the settings in the graph of a value, by the key of each value that has some.

    There are none where the graph cannot be stored: a leaf has changed, or an operation is the
    user's own.

    Examples
    --------
    >>> total = Value([[1.0, 2.0]]).sum(axis=0)
    >>> settings_of(total, id)[id(total)]
    (('axis', 0),)
    """
    return {key(value): settings for _, value, settings in _results(root) if settings}


def history_of(root: Value, key: Callable[[Value], Any]) -> list[Any]:
    """Return the keys of the results in the graph of a value, in the order they were computed in.

    There are none where the graph cannot be stored, as for `settings_of`.

    Examples
    --------
    >>> x = Value(2.0)
    >>> first, second = x * 3.0, x + 1.0
    >>> last = second * first
    >>> history_of(last, id) == [id(first), id(second), id(last)]
    True
    """
    found = [(number, key(value)) for number, value, _ in _results(root)]
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def _results(root: Value) -> Iterator[tuple[int, Value, Settings]]:
    """Give each result in the graph with its number and its settings; numbers grow with time."""
    graph = stored(root)
    if graph is None:
        return
    for number, value, record in graph.matched(root, _nodes_in):
        yield number, value, _read(record, graph.names, value)


def _nodes_in(value: Value) -> list[Value]:
    return [argument for argument in value.args if isinstance(argument, Value)]


def _read(record: Record, names: Sequence[str], value: Value) -> Settings:
    """Return the settings of a result."""
    kind, _, name = record.name.rpartition(" ")
    if kind == "structure":
        return _SETTINGS.get(name, _none)(record.settings(), names, value, _nodes_in(value))
    if name == "neuron":
        return (("activation", names[record.body[0] >> 32 & 0xFFFF]),)
    return ()


def _axes(mask: int, value: Value, args: Sequence[Value]) -> Settings:
    """Return the axes of a mask, as the user may have given them."""
    axes = [axis for axis in range(args[0].ndim) if mask >> axis & 1]
    keepdims: Settings = (("keepdims", True),) if axes and value.ndim == args[0].ndim else ()
    if axes and len(axes) == args[0].ndim:
        return keepdims
    return (("axis", axes[0] if len(axes) == 1 else tuple(axes)), *keepdims)


def _index(words: Sequence[int], args: Sequence[Value]) -> Settings:
    """Return a basic index as it is written."""
    parts = []
    signed = np.array(words, dtype=np.uint64).astype(np.int64).tolist()
    for axis, length in enumerate(args[0].shape):
        start, step, count = signed[3 * axis : 3 * axis + 3]
        stop: int | None = start + count * step
        if signed[-1] >> axis & 1:
            parts.append(str(start))
        elif (start, step, count) == (0, 1, length):
            parts.append(":")
        else:
            bound = "" if stop is None or stop < 0 else str(stop)
            parts.append(f"{start}:{bound}" + ("" if step == 1 else f":{step}"))
    while len(parts) > 1 and parts[-1] == ":":
        parts.pop()
    return (("index", ", ".join(parts)),)


def _element(place: int, args: Sequence[Value]) -> Settings:
    index = np.unravel_index(place, args[0].shape)
    return (("index", ", ".join(str(int(along)) for along in index)),)


def _order(word: int, ndim: int) -> Settings:
    axes = tuple(word >> 4 * axis & 15 for axis in range(ndim))
    return () if axes == tuple(range(ndim))[::-1] else (("axes", axes),)


def _none(*_: object) -> Settings:
    return ()


_SETTINGS: dict[str, Callable[..., Settings]] = {
    "sum": lambda words, _, value, args: _axes(words[0], value, args),
    "max": lambda words, _, value, args: _axes(words[0], value, args),
    "min": lambda words, _, value, args: _axes(words[0], value, args),
    "transpose": lambda words, _, value, __: _order(words[0], value.ndim),
    "matmul": lambda words, *_: (("transposed", words[0]),) if words[0] else (),
    "slice": lambda words, _, __, args: _index(words, args),
    "element": lambda words, _, __, args: _element(words[0], args),
    "concatenate": lambda words, *_: (("axis", words[0]),),
    "cumsum": lambda words, *_: (("axis", words[0]), *([("backwards", True)] if words[1] else [])),
    "convert": lambda _, __, value, ___: (("dtype", str(value.dtype)),),
    "layer": lambda words, names, *_: (("activation", names[words[0]]),),
}


def written(operation: str, settings: Settings) -> str:
    """Return an operation with its settings in a few words.

    Examples
    --------
    >>> written("sum", (("axis", 0),)), written("getitem", (("index", "0, 1:"),))
    ('sum(axis=0)', 'getitem[0, 1:]')
    """
    if operation == "getitem":
        return "".join([operation, *(f"[{text}]" for _, text in settings)])
    said = [
        str(text) if name in ("activation", "dtype") else f"{name}={text}"
        for name, text in settings
        if name != "transposed" and text != "linear"
    ]
    return f"{operation}({', '.join(said)})" if said else operation
