"""Captions: numbers, arrays and labels as short text that every format can carry.

Nothing here knows of a format: quoting for XML, DOT and Mermaid is done where each is written.
Start reading at `clean`, for what a label may hold.
"""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np

SHOWN = 4  # elements of a vector that are written one by one
LISTED = 64  # elements that the full caption of an array writes one by one
LONGEST = 28  # characters of a label

# What XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets), and marks that would reverse the text
# around them. Control characters get the pictures that Unicode has for them.
_PICTURES = {code: 0x2400 + code for code in range(0x20)}
_PICTURES[0x7F] = 0x2421
_PICTURES[0x2028] = _PICTURES[0x2029] = 0x2424  # they end a line, or a paragraph
_REVERSING = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_REPLACED = dict.fromkeys((*range(128, 160), *_REVERSING, 65534, 65535), 65533)
_TABLE = {**_PICTURES, **_REPLACED}


def clean(text: str) -> str:
    r"""Replace what no format can show: control characters, lone surrogates, marks of direction.

    Examples
    --------
    >>> clean("two\nlines")
    'two␊lines'
    """
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_TABLE).encode("utf-8", "replace").decode("utf-8")


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return the text, or its beginning and an ellipsis.

    Examples
    --------
    >>> shortened("weights", 5)
    'weig…'
    """
    return text if len(text) <= longest else text[: longest - 1] + "…"


def abbreviated(name: str) -> str:
    """Return the name, or its ends around an ellipsis: dotted names differ at the end.

    Examples
    --------
    >>> abbreviated("encoder.layers.0.attention.query.weights")
    'encoder.l…tion.query.weights'
    """
    if len(name) <= LONGEST:
        return name
    head = (LONGEST - 1) // 3
    return f"{name[:head]}…{name[head + 1 - LONGEST :]}"


def cells(text: str) -> int:
    """Return how many cells of a terminal, or of a monospaced font, the text takes.

    Examples
    --------
    >>> cells("loss"), cells("損失")
    (4, 4)
    """
    if text.isascii():
        return len(text)
    taken = 0
    for character in text:
        if unicodedata.east_asian_width(character) in "WF":
            taken += 2
        elif not unicodedata.combining(character):
            taken += 1
    return taken


def of(data: Any) -> str:
    """Return a number with six digits, or what there is to say of an array in a few words.

    Parameters
    ----------
    data : float or numpy.ndarray

    Returns
    -------
    str
        A vector of up to four elements is written out; of any other array the smallest and the
        largest finite element, and how many are not finite.

    Examples
    --------
    >>> import numpy as np
    >>> of(2 / 3), of(np.array([1.0, 2.0])), of(np.arange(6.0).reshape(2, 3))
    ('0.666667', '[1, 2]', '0 … 5')
    """
    if not isinstance(data, np.ndarray):
        return f"{data:.6g}"
    if data.ndim == 1 and data.size <= SHOWN:
        return f"[{', '.join(f'{element:.4g}' for element in data.tolist())}]"
    if data.size == 0:
        return "no elements"
    low, high = data.min(), data.max()
    missing = ""
    if not (np.isfinite(low) and np.isfinite(high)):
        finite = data[np.isfinite(data)]
        if finite.size == 0:
            return "nothing finite"
        low, high = finite.min(), finite.max()
        missing = f", {data.size - finite.size} not finite"
    return (f"all {low:.4g}" if low == high else f"{low:.4g} … {high:.4g}") + missing


def is_finite(text: str) -> bool:
    """Return whether what `of` says is that of finite numbers alone.

    Examples
    --------
    >>> is_finite("[1, 2]"), is_finite("[1, -inf]"), is_finite("0 … 5, 1 not finite")
    (True, False, False)
    """
    return not ("n" in text and any(word in text for word in ("nan", "inf", "finite")))


def in_full(data: Any) -> str:
    """Return every digit of a number, and the elements of an array that is not large.

    Examples
    --------
    >>> in_full(2 / 3)
    '0.6666666666666666'
    """
    if not isinstance(data, np.ndarray):
        return repr(data)
    return repr(data.tolist()) if data.size <= LISTED else of(data)
