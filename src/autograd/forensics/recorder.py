"""The recorder: the one observer that the engine has, shared by everybody who listens.

It tells a listener of each value that is made in the listener's thread, with the place in the
user's code, and keeps that place with the value and with the nodes that the same call recorded
without a Value. Nothing is kept alive: what is kept with a node are words. Start reading at `hear`.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from autograd import _core
from autograd.engine import Value
from autograd.forensics import hooks
from autograd.forensics.nodes import read
from autograd.forensics.place import Origin, Places

# While somebody listens, another one stands in its place: the nodes behind objects that are made
# for `value.args` are older, and no news.
_ARGS = Value.__dict__["args"]

_AT_WEIGHTS = -2  # the arguments of a layer end in its weights and its bias


class Made(NamedTuple):
    """A value that was made just now.

    Attributes
    ----------
    value : Value
    args : tuple of Value or float
        What it was made from, as the graph has it.
    inner : tuple of Value
        What the same call recorded on the way, arguments before their users.
    origin : Origin
    """

    value: Value
    args: tuple[Value | float, ...]
    inner: tuple[Value, ...]
    origin: Origin


class Recorder:
    """Those who listen, each in its own thread."""

    def __init__(self) -> None:
        self._listeners: list[tuple[int, Callable[[Made], None]]] = []
        self._previous: Callable[[Value], object] | None = None
        self._places = Places()
        # Threads that are looking at a graph: the objects that are made for it are no news.
        self._looking: dict[int, list[Value]] = {}
        # One bound method, to be known again.
        self._observer = self.hear

    def start(self, listener: Callable[[Made], None]) -> object:
        """Tell a listener of what this thread makes; returns what `stop` wants."""
        entry = (threading.get_ident(), listener)
        self._listeners.append(entry)
        if len(self._listeners) == 1:
            self._previous = _core.set_observer(self._observer)
            setattr(Value, "args", property(_args_of, doc=_ARGS.__doc__))  # noqa: B010 - mypy
            hooks.install(self.hear_gradients)
        return entry

    def stop(self, entry: object) -> None:
        """Tell it no longer; with the last listener the engine has its earlier observer again."""
        place = next(i for i, listener in enumerate(self._listeners) if listener is entry)
        del self._listeners[place]
        if not self._listeners:
            current = _core.set_observer(self._previous)
            if current is not self._observer:  # somebody has put another one in its place
                _core.set_observer(current)
            self._previous = None
            setattr(Value, "args", _ARGS)  # noqa: B010
            hooks.remove()
            self._places.forget()

    def hear(self, value: Value) -> None:
        """Look at a value that was made; the engine calls this."""
        if self._previous is not None:
            self._previous(value)
        thread = threading.get_ident()
        looked_at = self._looking.get(thread)
        if looked_at is not None:
            looked_at.append(value)
            return
        listeners = [listener for owner, listener in self._listeners if owner == thread]
        if not listeners or _core.origin_of(value) is not None:
            return  # an object for a node that is known is nothing new
        fresh = self._looking[thread] = []
        try:
            args, inner, constants = _recorded_with(value, fresh)
            weights = _weights_in((value, *inner))
            origin = self._places.here(sys._getframe(1), weights)  # noqa: SLF001 - there is no other
            words = tuple(origin)
            for node in (value, *inner, *constants):
                _core.set_origin(node, words)
            made = Made(value, args, tuple(inner), origin)
            for listener in listeners:
                listener(made)
        finally:
            del self._looking[thread]

    def hear_gradients(self, root: Value) -> None:
        """Look at the gradients that a backward pass recorded, while its line is running.

        The engine makes their objects when they are read, which may be anywhere.
        """
        thread = threading.get_ident()
        if thread in self._looking or all(owner != thread for owner, _ in self._listeners):
            return
        with self.unseen():
            nodes = read(root)
        for node in nodes:
            node.value.grad  # noqa: B018 - that makes its object

    @contextmanager
    def unseen(self) -> Iterator[None]:
        """Make values, in this thread, of which nobody is told."""
        thread = threading.get_ident()
        if thread in self._looking:
            yield
            return
        self._looking[thread] = _Nothing()
        try:
            yield
        finally:
            del self._looking[thread]


class _Nothing(list[Value]):
    """A list that stays empty."""

    def append(self, value: Value) -> None:
        """Forget the value."""


def _recorded_with(
    value: Value, fresh: list[Value]
) -> tuple[tuple[Value | float, ...], list[Value], list[Value]]:
    """Return the arguments, the results that have no object yet, and the constants among these.

    The arguments of a call are held by whoever calls, so a node that gets its object only now (it
    is told to `fresh`) was recorded by the call itself.
    """
    inner: list[Value] = []
    constants: list[Value] = []
    news: set[int] = set()
    opened: set[int] = set()
    args = _opened(value, fresh, news)
    held: list[Any] = [args]
    stack = [(value, iter(args))]
    while stack:
        node, ahead = stack[-1]
        for argument in ahead:
            if not isinstance(argument, Value) or id(argument) not in news:
                continue
            if id(argument) in opened or _core.origin_of(argument) is not None:
                continue
            opened.add(id(argument))
            if argument.is_leaf:
                if not argument.requires_grad:
                    constants.append(argument)
                continue
            further = _opened(argument, fresh, news)
            held.append(further)
            stack.append((argument, iter(further)))
            break
        else:
            stack.pop()
            if node is not value:
                inner.append(node)
    return args, inner, constants


def _opened(value: Value, fresh: list[Value], news: set[int]) -> tuple[Value | float, ...]:
    """Return the arguments of a value, and note which objects were made for that."""
    before = len(fresh)
    args: tuple[Value | float, ...] = _ARGS.__get__(value)
    news.update(id(argument) for argument in fresh[before:])
    return args


def _weights_in(nodes: tuple[Value, ...]) -> Value | None:
    """Return the weights, if one of the nodes is a layer."""
    for node in nodes:
        if node.op == "layer":
            weights: Any = node.args[_AT_WEIGHTS]
            return weights if isinstance(weights, Value) and weights.is_leaf else None
    return None


def _args_of(value: Value) -> tuple[Value | float, ...]:
    """Return the arguments of a value, in place of its own attribute."""
    with RECORDER.unseen():
        args: tuple[Value | float, ...] = _ARGS.__get__(value)
        return args


RECORDER = Recorder()
