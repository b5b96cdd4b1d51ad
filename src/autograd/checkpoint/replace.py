"""Replacing a file as a whole: whenever the program or the machine stops, it is the old or the new.

The new content goes into a file beside, is flushed to the disk, and is renamed over the old file,
which is one step for everybody who looks. A program that is killed on the way leaves a file
``.NAME.*.tmp`` behind, which nobody reads.

When a large file has lost its name, the file system gives its blocks back, and on many that takes
longer than the rename itself. It happens when the last descriptor is closed: so one is kept over
the rename, and closed on a thread of its own, where nobody waits for it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

__all__ = ["replace"]

# What flushing a folder may answer where the system has no such thing.
_UNSUPPORTED = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM)

# Bytes from which on a file is kept; a thread takes 0.1 ms.
LARGE = 1_000_000

# Held while a file is kept. A child that was forked meanwhile keeps none any more.
_letting_go = threading.Lock()


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
    old = _status(target)
    # Cut: the name may be as long as the system allows already.
    temporary = target.with_name(f".{target.name[:32]}.{secrets.token_hex(8)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - it is open already
            file.writelines(pieces)
            file.flush()
            if old is not None:
                temporary.chmod(stat.S_IMODE(old.st_mode))
            os.fsync(descriptor)  # before the new name: a file that is cut short must not get it
        with _kept(target, 0 if old is None else old.st_size):
            temporary.replace(target)
            if os.name == "posix":
                _flush_folder(target.parent)
    except BaseException:  # an interrupt, too
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _status(target: Path) -> os.stat_result | None:
    """Return what the system says of the file to be replaced, None if there is none."""
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(found.st_mode):  # a device, a pipe: whoever reads from it would be cut off
        raise OSError(errno.EINVAL, "It is no regular file")
    return found


@contextlib.contextmanager
def _kept(target: Path, size: int) -> Iterator[None]:
    """Keep the file that bears a name now until the block is over, and a little longer.

    One at a time: who saves more often than the system gives blocks back waits for it, instead of
    gathering descriptors. Where a file that is open keeps its name, as on Windows, and where it
    cannot be read, nothing is kept, and the rename takes the time it takes.
    """
    descriptor = None
    if os.name == "posix" and size >= LARGE and _letting_go.acquire(blocking=False):
        try:
            with contextlib.suppress(OSError):
                descriptor = os.open(target, os.O_RDONLY | os.O_NONBLOCK)
        finally:
            if descriptor is None:
                _letting_go.release()
    try:
        yield
    finally:
        if descriptor is not None:
            # The program may end meanwhile: the system closes what is open.
            thread = threading.Thread(target=_let_go, args=(descriptor,), daemon=True)
            try:
                thread.start()
            except RuntimeError:  # the system has no thread to give, or the interpreter is ending
                _let_go(descriptor)


def _let_go(descriptor: int) -> None:
    """Close what was kept; the interpreter goes on with others meanwhile."""
    try:
        with contextlib.suppress(OSError):  # of a file that nobody wants any more
            os.close(descriptor)
    finally:
        _letting_go.release()


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
