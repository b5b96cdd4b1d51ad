"""The file of a checkpoint: safetensors, with a text beside the arrays and a checksum over all.

The layout is that of safetensors: eight bytes with the length of a header in JSON, the header, the
arrays. In the header's ``__metadata__`` stand the version of this format, that of the package, the
text, and the checksum. It is read through the library. It is written here: so equal states give
equal bytes, errors of the system arrive as they are, and it is the same file that is flushed.

The checksum is CRC-32: it finds every error of up to 32 bits in a row, and any other but one in
four thousand million, at several times the speed of a disk. Whoever forges a file on purpose can
forge the checksum; nothing that is loaded is ever executed.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd._core import __version__
from autograd.checkpoint.replace import replace
from autograd.checkpoint.state import RESERVED, Arrays
from autograd.extras import load as load_extra

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["FORMAT", "Head", "read", "read_head", "write"]

FORMAT = 1
LARGEST_HEADER = 100_000_000  # bytes; the library refuses to read more

_FORMAT, _VERSION, _STATE, _CHECKSUM = (
    f"autograd.{name}" for name in ("format", "version", "state", "checksum")
)
_CODES = {"f8": "F64", "f4": "F32", "f2": "F16", "b1": "BOOL"} | {
    f"{kind}{size}": f"{kind.upper()}{8 * size}" for kind in "iu" for size in (1, 2, 4, 8)
}
_TYPES = {code: np.dtype(kind) for kind, code in _CODES.items()}

Shapes = dict[str, tuple[tuple[int, ...], str]]


class Head(NamedTuple):
    """What stands before the arrays."""

    version: str
    text: str
    checksum: str
    shapes: Shapes


def write(path: str, text: str, arrays: Arrays) -> None:
    """Write a checkpoint, or replace one.

    Raises
    ------
    OSError
        See `replace`.
    ValueError
        If the text is too long to be read again.
    """
    # The largest elements first, so that every array begins at a multiple of their size.
    names = sorted(arrays, key=lambda name: (-arrays[name].itemsize, name))
    header: dict[str, Any] = {}
    shapes: Shapes = {}
    end = 0
    for name in names:
        array = arrays[name]
        begin, end = end, end + array.nbytes
        code = _CODES[array.dtype.str[1:]]
        shapes[name] = array.shape, code
        header[name] = {"dtype": code, "shape": array.shape, "data_offsets": (begin, end)}
    blocks = {name: _bytes(arrays[name]) for name in names}
    metadata = {_FORMAT: str(FORMAT), _VERSION: __version__, _STATE: text}
    metadata[_CHECKSUM] = _checksum(Head(__version__, text, "", shapes), blocks)
    encoded = json.dumps({RESERVED: metadata, **header}, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % 8)
    if len(encoded) > LARGEST_HEADER:
        message = f"[checkpoint.save] everything but the arrays takes {len(encoded):,} bytes - at"
        message += f" most {LARGEST_HEADER:,} are allowed. Turn long lists of numbers into arrays."
        raise ValueError(message)
    replace(path, [len(encoded).to_bytes(8, "little") + encoded, *blocks.values()])


def read(operation: str, path: str) -> tuple[str, Arrays]:
    """Return the text and the arrays of a checkpoint, after the checksum has been compared.

    Raises
    ------
    OSError
        If the system refuses.
    ValueError
        If it is no checkpoint, or damaged.
    """
    with _opened(operation, path) as file:
        head = _head(operation, path, file)
        arrays = {name: file.get_tensor(name) for name in head.shapes}
    found = _checksum(head, {name: _bytes(array) for name, array in arrays.items()})
    if found != head.checksum:
        raise damaged(operation, path, f"its checksum is {found}, not {head.checksum}")
    return head.text, arrays


def read_head(operation: str, path: str) -> Head:
    """Return what stands before the arrays, without a look at these."""
    with _opened(operation, path) as file:
        return _head(operation, path, file)


def damaged(operation: str, path: str, how: str) -> ValueError:
    """Return the error that says that a file is not what was written."""
    message = (
        f"[{operation}] {path!r} is damaged, or no checkpoint: {how} - a whole file is needed."
    )
    return ValueError(f"{message} Take an earlier one.")


def _opened(operation: str, path: str) -> Any:
    """Open a file with the library, if it is one."""
    library = load_extra("safetensors", extra="checkpoint", purpose=operation)
    with open(path, "rb") as file:  # noqa: PTH123 - the system says what is wrong with the path
        status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "It is no regular file")
    try:
        return library.safe_open(path, framework="np")
    except library.SafetensorError as error:
        raise damaged(operation, path, f"{error} ({status.st_size:,} bytes)") from None


def _head(operation: str, path: str, file: Any) -> Head:
    metadata = file.metadata() or {}
    if _FORMAT not in metadata:
        known = ", ".join(metadata) or "none"
        message = f"[{operation}] {path!r} was not written by autograd.checkpoint (its metadata:"
        message += f" {known}) - a checkpoint is needed. For the weights of another program, use"
        raise ValueError(f"{message} model.load_state_dict(safetensors.numpy.load_file(path)).")
    version = metadata.get(_VERSION, "")
    if metadata[_FORMAT] != str(FORMAT):
        message = (
            f"[{operation}] {path!r} has the format {metadata[_FORMAT]}, of autograd {version}"
        )
        message += f" - format {FORMAT} is needed by this version, {__version__}."
        raise ValueError(f"{message} Update the package.")
    if _STATE not in metadata or _CHECKSUM not in metadata:
        raise damaged(operation, path, "its metadata is incomplete")
    shapes: Shapes = {}
    for name in file.keys():  # noqa: SIM118 - it is no dictionary
        view = file.get_slice(name)
        code = view.get_dtype()
        if code not in _TYPES:
            raise damaged(operation, path, f"{name!r} is of the type {code}")
        shapes[name] = tuple(view.get_shape()), code
    return Head(version, metadata[_STATE], metadata[_CHECKSUM], shapes)


def _checksum(head: Head, blocks: dict[str, memoryview]) -> str:
    """Return the checksum of everything but itself."""
    names = sorted(head.shapes)
    shapes = [[name, *head.shapes[name]] for name in names]
    total = zlib.crc32(json.dumps([FORMAT, head.version, head.text, shapes]).encode())
    for name in names:
        total = zlib.crc32(blocks[name], total)
    return f"crc32:{total:08x}"


def _bytes(array: NDArray[Any]) -> memoryview:
    """Return the bytes of a contiguous array, little-endian as in the file; not a copy, mostly."""
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return little.reshape(-1).view(np.uint8).data
