"""State: nested dictionaries, taken apart into a text and named arrays, and put together again.

The text is JSON and has the structure; where it says ``{"#array": "model.layers.0.weights"}``, the
array of this name stands. Names are the dotted ways to the arrays, so that other programs find
them. They are labels: should two arrays come to the same one (``{"a.b": x, "a": {"b": y}}``), the
second gets ``#2`` appended, and the text tells them apart. What JSON lacks is written as an object
with a single key of `_TAGS`; the key of a user's that begins with ``#`` gets another one in front.
"""

from __future__ import annotations

import json
import math
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.engine import Value

__all__ = ["joined", "separated"]

Arrays = dict[str, NDArray[Any]]

# Recursion ends here, whatever is given: a dictionary that holds itself as well as a text of "[[[".
DEEPEST = 100
# The types that every version of safetensors has, as NumPy writes them without their byte order.
KINDS = frozenset(["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "b1"])
RESERVED = "__metadata__"  # no array of a safetensors file can have this name

_TAGS = frozenset(["#array", "#float", "#int", "#scalar", "#tuple"])
_NUMBERS = {int, float, bool}
_WORDLESS = {int, float, bool, type(None)}
# Python refuses to write an int of more than some 4,300 digits in decimal.
_LONG = 1_000

_ADVICE = "Save numbers, texts, truths, None, arrays, and lists, tuples and dictionaries of these."


def separated(operation: str, parts: dict[str, Any]) -> tuple[str, Arrays]:
    """Return the structure of a state as a text, and its arrays by name.

    Parameters
    ----------
    operation : str
        Who asks, for messages.
    parts : dict
        Nested dicts with str keys, lists and tuples; in them arrays and numbers of NumPy's, int,
        float, bool, str and None.

    Returns
    -------
    text : str
        In ASCII.
    arrays : dict of str to ndarray
        Contiguous and little-endian, not copied if they were so before.

    Raises
    ------
    TypeError, ValueError
        If there is anything else; the message names the place.

    Examples
    --------
    >>> text, arrays = separated("save", {"model": {"w": np.ones(2), "rate": 0.5}})
    >>> text
    '{"model":{"w":{"#array":"model.w"},"rate":0.5}}'
    >>> arrays
    {'model.w': array([1., 1.])}
    """
    arrays: Arrays = {}
    encoded = _Separation(operation, arrays).encoded(parts, ())
    return json.dumps(encoded, separators=(",", ":"), allow_nan=False), arrays


def joined(text: str, arrays: Arrays) -> dict[str, Any]:
    """Return the state that `separated` took apart.

    Raises
    ------
    ValueError
        If text and arrays do not belong together.

    Examples
    --------
    >>> joined('{"model":{"w":{"#array":"model.w"},"rate":0.5}}', {"model.w": np.ones(2)})
    {'model': {'w': array([1., 1.]), 'rate': 0.5}}
    """
    left = dict(arrays)
    try:
        parts = _decoded(json.loads(text), left, 0)
    except RecursionError:
        message = "it is nested too deeply"
        raise ValueError(message) from None
    if not isinstance(parts, dict):
        message = f"it has a {type(parts).__name__} where its parts should be"
        raise ValueError(message)
    if left:
        message = f"nothing refers to the array {next(iter(left))!r}"
        raise ValueError(message)
    return parts


class _Separation:
    """One call of `separated`: the arrays that it has found so far."""

    def __init__(self, operation: str, arrays: Arrays) -> None:
        self._operation = operation
        self._arrays = arrays

    def encoded(self, node: Any, path: tuple[str, ...]) -> Any:
        """Return what stands for a node in the text."""
        kind = type(node)
        if kind is list or kind is tuple or isinstance(node, dict):
            return self._branch(node, path)
        if kind is str:
            return self._text(node, path)
        if kind is np.ndarray:
            return {"#array": self._named(node, path)}
        if isinstance(node, np.generic):
            return {"#scalar": self._named(np.asarray(node), path)}
        if node is None or kind in _NUMBERS:
            return _number(node)
        if kind is Value:
            message = f"{self._at(path)} is a Value - numbers without a graph are needed."
            raise TypeError(f"{message} Save value.data.")
        what = f"a {kind.__module__}.{kind.__qualname__}".replace("builtins.", "")
        message = f"{self._at(path)} is {what} - it cannot be written as numbers and text."
        raise TypeError(f"{message} {_ADVICE}")

    def _branch(self, node: Any, path: tuple[str, ...]) -> Any:
        if len(path) >= DEEPEST:
            message = f"{self._at(path[:3])}... is nested more than {DEEPEST} levels deep"
            raise ValueError(f"{message} - fewer are needed. Does something hold itself?")
        if isinstance(node, dict):
            return {
                self._key(key, path): self.encoded(value, (*path, key))
                for key, value in node.items()
            }
        items = (
            list(node)
            if _is_plain(node)
            else [self.encoded(item, (*path, str(index))) for index, item in enumerate(node)]
        )
        return items if type(node) is list else {"#tuple": items}

    def _key(self, key: object, path: tuple[str, ...]) -> str:
        if type(key) is not str:
            message = f"{self._at(path)} has the key {key!r}, a {type(key).__name__}"
            raise TypeError(f"{message} - a str is needed. Convert the keys, e.g. by str(key).")
        text = self._text(key, path)
        return f"#{text}" if text.startswith("#") else text

    def _text(self, text: str, path: tuple[str, ...]) -> str:
        try:
            text.encode()
        except UnicodeEncodeError:  # half of a surrogate pair: two of them would come back as one
            message = f"{self._at(path)} has the text {text!r}, which is no valid Unicode"
            raise ValueError(f"{message} - characters are needed. Leave it out.") from None
        return text

    def _named(self, array: NDArray[Any], path: tuple[str, ...]) -> str:
        """Keep an array, and return the name that it got."""
        if array.dtype.str[1:] not in KINDS:
            message = f"{self._at(path)} is an array of type {array.dtype} - floats of 16, 32 or 64"
            raise TypeError(f"{message} bits, integers or truths are needed. Convert it first.")
        label = ".".join(path)
        name, count = label, 1
        while name in self._arrays or name == RESERVED:
            count += 1
            name = f"{label}#{count}"
        little = array.dtype.newbyteorder("<")
        self._arrays[name] = np.asarray(array, dtype=little, order="C")
        return name

    def _at(self, path: tuple[str, ...]) -> str:
        return f"[{self._operation}] {'.'.join(path) or 'the whole'}"


def _number(node: Any) -> Any:
    if type(node) is float and not math.isfinite(node):
        return {"#float": struct.pack(">d", node).hex()}  # there are many nan
    if type(node) is int and node.bit_length() > _LONG:
        return {"#int": hex(node)}
    return node


def _is_plain(items: list[Any] | tuple[Any, ...]) -> bool:
    """Return whether there is nothing but what JSON can write: for long lists, without a walk."""
    if not set(map(type, items)) <= _NUMBERS:
        return False
    try:
        return all(map(math.isfinite, items))
    except OverflowError:  # an int beyond all floats
        return False


def _decoded(node: Any, left: Arrays, depth: int) -> Any:
    """Return what stands for a node of the text; arrays are taken out of those that are left."""
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(node, list):
        if set(map(type, node)) <= _WORDLESS:
            return node
        return [_decoded(item, left, depth + 1) for item in node]
    if not isinstance(node, dict):
        return node
    if len(node) == 1:
        ((tag, content),) = node.items()
        if tag in _TAGS:
            return _untagged(tag, content, left, depth)
    found = {}
    for key, value in node.items():
        if key.startswith("#") and not key.startswith("##"):
            message = f"it has the unknown mark {key!r}"
            raise ValueError(message)
        found[key.removeprefix("#")] = _decoded(value, left, depth + 1)
    return found


def _untagged(tag: str, content: Any, left: Arrays, depth: int) -> Any:
    if tag == "#tuple" and isinstance(content, list):
        return tuple(_decoded(content, left, depth))
    if isinstance(content, str):
        if tag == "#float" and len(content) == 16:
            return struct.unpack(">d", bytes.fromhex(content))[0]
        if tag == "#int":
            return int(content, 16)
        if tag in ("#array", "#scalar") and content in left:
            array = left.pop(content)
            if tag == "#array":
                return array
            if array.ndim == 0:
                return array[()]
    message = f"it has the mark {tag!r} with {str(content)[:50]!r}"
    raise ValueError(message)
