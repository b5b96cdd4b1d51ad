"""Replacing a file as a whole: whenever the program or the machine stops, it is the old or the new.

The new content goes into a file beside, is flushed to the disk, and is renamed over the old file,
which is one step for everybody who looks. A program that is killed on the way leaves a file
``.NAME.*.tmp`` behind, which nobody reads.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

__all__ = ["replace"]

# What flushing a folder may answer where the system has no such thing.
_UNSUPPORTED = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM)


def replace(path: str, pieces: Iterable[Any]) -> None:
    """Write a file, or replace one: all of it, or nothing.

    A symbolic link stays, and the file that it points to is replaced. The mode of an existing file
    is kept; a new one has that of any new file.

    Parameters
    ----------
    path : str
        In a folder that exists.
    pieces : iterable of bytes or contiguous arrays of bytes
        What to write, one after the other.

    Raises
    ------
    OSError
        If the system refuses; what was there before is unchanged, and nothing is left beside it.
        Only if the folder cannot be flushed at the end, the new file stands already.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "greeting")
    ...     replace(str(path), [b"good ", b"day"])
    ...     path.read_bytes()
    b'good day'
    """
    target = Path(os.path.realpath(path))
    mode = _mode(target)
    # Cut: the name may be as long as the system allows already.
    temporary = target.with_name(f".{target.name[:32]}.{secrets.token_hex(8)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - it is open already
            file.writelines(pieces)
            file.flush()
            if mode is not None:
                temporary.chmod(mode)
            os.fsync(descriptor)  # before the new name: a file that is cut short must not get it
        temporary.replace(target)
    except BaseException:  # an interrupt, too
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    if os.name == "posix":
        _flush_folder(target.parent)


def _mode(target: Path) -> int | None:
    """Return the permissions of the file to be replaced, None if there is none."""
    try:
        found = target.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(found):  # a device, a pipe: whoever reads from it would be cut off
        raise OSError(errno.EINVAL, "It is no regular file")
    return stat.S_IMODE(found)


def _flush_folder(folder: Path) -> None:
    """Wait until the new name of a file is on the disk."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
