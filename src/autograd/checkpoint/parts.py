"""The parts of a checkpoint, each with a name: `save` them, `load` them, list their `contents`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

import numpy as np

from autograd.checkpoint import file
from autograd.checkpoint.state import Arrays, joined, separated
from autograd.extras import load as load_extra

__all__ = ["Contents", "contents", "load", "save"]

AnyPath = str | os.PathLike[str]
T = TypeVar("T")


def save(path: AnyPath, /, **parts: Any) -> None:
    """Write the state of objects, and plain data, into one file.

    Whenever the program is killed or the power fails, the file is the one that was there before, or
    the new one, and whole: the new one is written beside it, flushed, and renamed.

    Parameters
    ----------
    path : str or path
        The file, by custom ``*.safetensors``. A file that exists is replaced and keeps its
        permissions; a symbolic link stays, and what it points to is replaced.
    **parts
        By any name: objects with a ``state_dict()`` (modules, optimizers, schedules, batches,
        `autograd.random` itself), or nested dicts with str keys, lists and tuples of arrays,
        numbers, texts, truths and None. All of it comes back as it is, in type and bits.

    Raises
    ------
    ImportError
        If the package safetensors is missing.
    TypeError, ValueError
        If something cannot be written; the message names it, and nothing was written.
    OSError
        If the system refuses; the old file is unchanged then.

    Notes
    -----
    Arrays stand in the file under their dotted names, ``model.layers.0.weights``, for every program
    that reads safetensors. Everything else is text in its metadata.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy as np
    >>> from autograd import checkpoint
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "training.safetensors")
    ...     checkpoint.save(path, weights=np.ones(2), epoch=3)
    ...     checkpoint.load(path)
    {'weights': array([1., 1.]), 'epoch': 3}
    """
    operation = "checkpoint.save"
    name = _path(operation, path)
    # Whoever cannot read it again should not write it.
    load_extra("safetensors", extra="checkpoint", purpose=operation)
    if not parts:
        message = f"[{operation}] no parts were given - at least one is needed."
        raise ValueError(f"{message} Pass e.g. model=model.")
    states = {key: _state(operation, key, part) for key, part in parts.items()}
    text, arrays = separated(operation, states)
    _ask(operation, name, "written", lambda: file.write(name, text, arrays))


def load(path: AnyPath, /, **parts: Any) -> dict[str, Any]:
    """Read a checkpoint: into the objects that are given, the rest as plain data.

    Everything is checked before anything changes. If one of the objects refuses its state, those
    before it get back the state they had.

    Parameters
    ----------
    path : str or path
        What `save` wrote.
    **parts
        Objects with a ``load_state_dict(state)``, under the names with which they were saved.

    Returns
    -------
    dict
        Every part of the file that was not asked for, by name: the state of an object as nested
        dicts, plain data as it was saved. Arrays are new, and can be written to.

    Raises
    ------
    ImportError
        If the package safetensors is missing.
    OSError
        If the file is missing, or the system refuses.
    TypeError
        If a part cannot take a state.
    ValueError
        If the file is damaged or not one of ours, lacks a part, or does not fit the objects.

    Examples
    --------
    >>> import os, tempfile
    >>> from autograd import checkpoint, random
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "training.safetensors")
    ...     checkpoint.save(path, random=random, epoch=3)
    ...     first = random.normal(3)
    ...     checkpoint.load(path, random=random)
    ...     bool((random.normal(3) == first).all())
    {'epoch': 3}
    True
    """
    operation = "checkpoint.load"
    name = _path(operation, path)
    for key, part in parts.items():
        if isinstance(part, type) or not callable(getattr(part, "load_state_dict", None)):
            what = f"the class {part.__name__}" if isinstance(part, type) else _described(part)
            message = f"[{operation}] part {key!r} is {what} - an object with load_state_dict() is"
            message += " needed. Leave it out: what is not asked for is returned."
            raise TypeError(message)
    text, arrays = _ask(operation, name, "read", lambda: file.read(operation, name))
    states = _joined(operation, name, text, arrays)
    missing = [key for key in parts if key not in states]
    if missing:
        verb = "was" if len(missing) == 1 else "were"
        message = f"[{operation}] {_names(missing)} {verb} asked for"
        message += f" - {name!r} has {_names(states)}."
        raise ValueError(f"{message} Leave out what it lacks.")
    _enter(operation, name, parts, {key: states.pop(key) for key in parts})
    return states


class Contents(NamedTuple):
    """What a checkpoint holds.

    Attributes
    ----------
    version : str
        Of the package that wrote it.
    parts : list of str
        The names of the parts.
    arrays : dict of str to (tuple of int, str)
        Shape and type of each array, as safetensors has it: ``F64``, ``I32``, ``BOOL``.
    """

    version: str
    parts: list[str]
    arrays: dict[str, tuple[tuple[int, ...], str]]


def contents(path: AnyPath, /) -> Contents:
    """Tell what a checkpoint holds, without reading its arrays or comparing its checksum.

    Parameters
    ----------
    path : str or path
        What `save` wrote.

    Returns
    -------
    Contents
        The version of the package that wrote it, names of the parts, shapes and types.

    Raises
    ------
    ImportError, OSError, ValueError
        As `load`.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy as np
    >>> from autograd import checkpoint
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "training.safetensors")
    ...     checkpoint.save(path, model={"w": np.ones((2, 3))}, epoch=3)
    ...     found = checkpoint.contents(path)
    >>> found.parts, found.arrays
    (['model', 'epoch'], {'model.w': ((2, 3), 'F64')})
    """
    operation = "checkpoint.contents"
    name = _path(operation, path)
    head = _ask(operation, name, "read", lambda: file.read_head(operation, name))
    # The structure is read as it always is, with nothing where the arrays belong.
    parts = _joined(operation, name, head.text, dict.fromkeys(head.shapes, np.zeros(())))
    return Contents(head.version, list(parts), head.shapes)


def _path(operation: str, path: object) -> str:
    """Return a path as text."""
    if not isinstance(path, str | bytes | os.PathLike):
        message = f"[{operation}] {_described(path)} was given as the path - a str or a path is"
        raise TypeError(f"{message} needed. Pass e.g. 'training.safetensors'.")
    name = os.fsdecode(path)
    if not name or "\0" in name:
        message = f"[{operation}] {name!r} was given as the path - the name of a file is needed."
        raise ValueError(f"{message} Pass e.g. 'training.safetensors'.")
    return name


def _state(operation: str, key: str, part: Any) -> Any:
    """Return the state of an object, and plain data as it is."""
    if isinstance(part, type):
        message = f"[{operation}] part {key!r} is the class {part.__name__} - an object is needed."
        raise TypeError(f"{message} Pass an instance.")
    state_dict = getattr(part, "state_dict", None)
    return state_dict() if callable(state_dict) else part


def _ask(operation: str, name: str, done: str, request: Callable[[], T]) -> T:
    """Return what the system answers; its errors keep their type and number, and say more."""
    try:
        return request()
    except OSError as error:
        message = f"[{operation}] {name!r} could not be {done}: {error.strerror or error}"
        message += " - a file in an existing folder, the right to it and space for it are needed."
        stated = type(error)(f"{message} Check path and disk.")
        stated.errno = error.errno
        raise stated from error


def _joined(operation: str, name: str, text: str, arrays: Arrays) -> dict[str, Any]:
    """Return the states of the parts. Only a file that somebody forged gets here and fails."""
    try:
        return joined(text, arrays)
    except ValueError as error:
        raise file.damaged(operation, name, f"{error}") from None


def _enter(operation: str, name: str, parts: dict[str, Any], states: dict[str, Any]) -> None:
    """Load every state into its object, or none."""
    # An object refuses a state before it changes, so the last one needs no way back.
    before = [part.state_dict() for part in list(parts.values())[:-1]]
    done: list[tuple[Any, Any]] = []
    for place, (key, part) in enumerate(parts.items()):
        try:
            part.load_state_dict(states[key])
        except BaseException as error:
            for changed, state in reversed(done):
                changed.load_state_dict(state)
            if type(error) is not ValueError:
                raise
            message = f"[{operation}] part {key!r} of {name!r} does not fit - nothing was changed."
            raise ValueError(f"{message} {error}") from error
        if place < len(before):
            done.append((part, before[place]))


def _names(keys: Iterable[str]) -> str:
    return ", ".join(map(repr, keys)) or "no parts"


def _described(given: object) -> str:
    return f"{given!r:.50}, a {type(given).__name__},"
