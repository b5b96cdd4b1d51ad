"""Origins: where in the user's code each value was made."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any

from autograd import _core
from autograd.engine import Value
from autograd.forensics.place import Origin
from autograd.forensics.recorder import RECORDER, Made

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Listening", "Origin", "origin_of", "origins"]


class Listening:
    """The base of the context managers that are told of each value.

    Each works in the thread that entered it; what other threads make passes unseen. It can be
    nested, within itself too.
    """

    def __init__(self) -> None:
        self._entries: list[object] = []

    def see(self, made: Made) -> None:
        """Look at a value that was made."""

    def __enter__(self) -> Self:
        self._entries.append(RECORDER.start(self.see))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        RECORDER.stop(self._entries.pop())


class origins(Listening):  # noqa: N801 - a context manager is used like a function
    """Keep with each value that is made, in this thread, where that was; see `origin_of`.

    What is kept are words (file, line, function, names of modules), as long as the value's node
    lives. Drawings show them. What was made before stays without. What a backward pass records for
    gradients that are Values themselves has the line of that pass.

    Examples
    --------
    >>> from autograd import Value
    >>> from autograd.forensics import origin_of, origins
    >>> x = Value(2.0)
    >>> with origins():
    ...     y = x * x + 1.0
    >>> origin_of(y).source, origin_of(y).line
    ('y = x * x + 1.0', 2)
    >>> origin_of(x) is None
    True
    """


def origin_of(value: Value) -> Origin | None:
    """Return where a value was made.

    Parameters
    ----------
    value : Value

    Returns
    -------
    Origin or None
        None for what was made while neither `origins` nor another recorder was active.

    Raises
    ------
    TypeError
        If it is no Value.

    Examples
    --------
    >>> from autograd import nn
    >>> model = nn.MLP(2, [3, 1])
    >>> with origins():
    ...     score = model([0.5, -1.0])
    >>> origin_of(score.args[0]).modules
    ('MLP', 'layers.1')
    """
    given: Any = value
    if not isinstance(given, Value):
        message = f"[origin_of] {type(value).__name__} was given - a Value is needed."
        raise TypeError(f"{message} Pass what a computation on Values returned.")
    words = _core.origin_of(value)
    return None if words is None else Origin(*words)
