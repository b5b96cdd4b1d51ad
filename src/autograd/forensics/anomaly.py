"""Anomalies: the first operation, forward or backward, that made nan or an infinity.

Start reading at `detect_anomaly`. Values are looked at here, the backward pass in `adjoints.py`,
the forward mode in `tangents.py`.
"""

from __future__ import annotations

import threading
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from autograd.engine import OPERATIONS, AutogradError, Value
from autograd.forensics import adjoints, hooks, tangents
from autograd.forensics.origins import Listening, origin_of
from autograd.forensics.quantity import Quantity, is_finite, number, quantity

if TYPE_CHECKING:
    from typing_extensions import Self

    from autograd.forensics.place import Origin
    from autograd.forensics.recorder import Made

__all__ = ["AnomalyError", "detect_anomaly"]

Inputs = Literal["raise", "ignore"]

_ELEMENTWISE = frozenset(operation.name for operation in OPERATIONS)


class AnomalyError(AutogradError):
    """A nan or an infinity was made; see `detect_anomaly`.

    Attributes
    ----------
    phase : str
        ``"forward"``, ``"backward"``, or ``"tangent"`` in the forward mode.
    operation : str
        The operation that made it.
    operands : tuple of Quantity
        What it was applied to.
    result : Quantity or None
        What came out; in the forward mode, the tangent of that. Backward, what it passed on to one
        of the operands.
    adjoint : Quantity or None
        Backward, the derivative with respect to the result of the operation, which it was given.
    tangents : tuple of Quantity
        In the forward mode, those of the operands.
    origin : Origin or None
        The line of the operation. None if it was made while nobody looked.
    """

    phase: str = ""
    operation: str = ""
    operands: tuple[Quantity, ...] = ()
    result: Quantity | None = None
    adjoint: Quantity | None = None
    tangents: tuple[Quantity, ...] = ()
    origin: Origin | None = None


class detect_anomaly(Listening):  # noqa: N801 - a context manager is used like a function
    """Raise `AnomalyError` at the first operation that makes nan or an infinity.

    Forward, at the line that does it: at an operation whose result is nan though no operand is, or
    infinite though all operands are finite; element by element where it works element by element.
    An infinity that comes in, such as that of a mask, may pass. Numbers, other than arrays, raise
    by themselves in most cases (``ZeroDivisionError``, ``ValueError``, ``OverflowError``).

    Backward, before any gradient has changed: at the operation that was given a finite adjoint and
    passes on one that is not. The error has the line where the operation was made, if that was in
    here too. `backward`, `grad`, `vjp` and all that is made of them are watched. So is the forward
    mode (`jvp`), where what comes out is not finite: at the operation that made its tangent so.

    It works in the thread that entered it, also for what the package does in it, e.g. `fit`; other
    threads are a little slower meanwhile. It can be nested; the latest `inputs` counts. Afterwards
    everything is as it was, and as fast. Meanwhile an operation takes some microseconds, and a
    backward pass some times as long. Results have the same bits as without.

    Parameters
    ----------
    inputs : "raise" or "ignore"
        What to do when an operand is nan already, which was made before, under `no_grad()`, or by
        you: say which one came in so, or pass over it and look for what is made anew.

    Raises
    ------
    AnomalyError
        Out of the operation, or out of the backward pass.
    ValueError
        If `inputs` is something else.

    Examples
    --------
    >>> import autograd
    >>> x = autograd.Value([4.0, 0.0])
    >>> with detect_anomaly():
    ...     root = autograd.sqrt(x).sum()
    ...     root.backward()
    Traceback (most recent call last):
        ...
    autograd.forensics.anomaly.AnomalyError: [sqrt] backward, it passed on inf, given a finite ...
    >>> x.grad
    array([0., 0.])
    """

    def __init__(self, inputs: Inputs = "raise") -> None:
        super().__init__()
        if inputs not in get_args(Inputs):
            message = f"[detect_anomaly] inputs={inputs!r} was given - one of"
            raise ValueError(f"{message} {', '.join(map(repr, get_args(Inputs)))} is needed.")
        self.inputs = inputs

    def __enter__(self) -> Self:
        super().__enter__()
        _ACTIVE.append((threading.get_ident(), self))
        if len(_ACTIVE) == 1:
            hooks.look(_look_back, _look_ahead)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        mine = [place for place, (_, one) in enumerate(_ACTIVE) if one is self]
        del _ACTIVE[mine[-1]]
        if not _ACTIVE:
            hooks.look(None, None)
        super().__exit__(kind, error, traceback)

    def see(self, made: Made) -> None:
        """Raise an error if the value, or what was recorded on the way to it, is an anomaly."""
        if not made.args or is_finite(made.value.data) or _latest() is not self:
            return
        for node in made.inner:
            _refuse_if_new(node, node.args, made.origin)
        _refuse_if_new(made.value, made.args, made.origin)
        if self.inputs == "raise":
            _refuse_if_passed(made)


_ACTIVE: list[tuple[int, detect_anomaly]] = []


def _latest() -> detect_anomaly | None:
    """Return what this thread entered last."""
    thread = threading.get_ident()
    return next((one for owner, one in reversed(_ACTIVE) if owner == thread), None)


def _look_back(root: Value, seed: Any) -> None:
    """Raise an error if a backward pass from a root makes an anomaly."""
    if _latest() is None:
        return
    found = adjoints.first_anomaly(root, seed)
    if found is None:
        return
    where = origin_of(found.value)
    operation = found.value.op
    args = found.value.args
    if found.passed is None:
        what = f"[{operation or 'leaf'}] backward, "
        if found.value is root:
            what += f"the gradient that was given to start with is {_kind(found.adjoint)}"
        else:
            what += f"the contributions of all its uses add up to {_kind(found.adjoint)}"
        error = _error(what, "backward", operation, _told(args), where)
        error.adjoint = quantity("its adjoint", found.adjoint)
        raise _with_details(error)
    what = f"[{operation}] backward, it passed on {_kind(found.passed)}, given a finite adjoint"
    error = _error(what, "backward", operation, _told(args), where)
    error.adjoint = quantity("adjoint of its result", found.adjoint)
    error.result = quantity(f"passed on to operand {found.place}", found.passed)
    raise _with_details(error)


def _look_ahead(root: Value, inputs: Any, given: Any) -> None:
    """Raise an error if a forward pass from inputs makes an anomaly."""
    if _latest() is None:
        return
    found = tangents.first_anomaly(root, inputs, given)
    if found is None:
        return
    operation = found.value.op
    what = f"[{operation or 'leaf'}] in the forward mode, its tangent is {_kind(found.tangent)}"
    if not found.tangents:
        what = f"[{operation or 'leaf'}] the tangent that was given is {_kind(found.tangent)}"
    args = found.value.args if found.tangents else ()
    error = _error(what, "tangent", operation, _told(args), origin_of(found.value))
    error.tangents = tuple(
        quantity(f"tangent of operand {place}", tangent)
        for place, tangent in enumerate(found.tangents)
        if isinstance(args[place], Value)
    )
    error.result = quantity(f"tangent of the {'result' if args else 'input'}", found.tangent)
    raise _with_details(error)


def _refuse_if_new(value: Value, args: tuple[Value | float, ...], origin: Origin) -> None:
    """Raise an error if a result is nan or infinite, and its operands are no reason for that."""
    result = np.asarray(value.data)
    if is_finite(value.data):
        return
    operands = [np.asarray(arg.data if isinstance(arg, Value) else arg) for arg in args]
    if value.op in _ELEMENTWISE:
        has_nan = _any_of([np.isnan(one) for one in operands], result.shape)
        has_any = _any_of([~np.isfinite(one) for one in operands], result.shape)
    else:
        has_nan = np.asarray(any(np.isnan(one).any() for one in operands))
        has_any = np.asarray(any(not np.isfinite(one).all() for one in operands))
    new = (np.isnan(result) & ~has_nan) | (np.isinf(result) & ~has_any)
    if not new.any():
        return
    place = tuple(int(along) for along in np.unravel_index(int(np.argmax(new)), new.shape))
    what = f"[{value.op}] it made {number(result[place])}"
    what += "" if has_any.any() else " out of finite operands"
    error = _error(what, "forward", value.op, _told(args), origin)
    looked = quantity("result", value.data)
    error.result = looked._replace(where=place, wrong=int(np.count_nonzero(new)))
    raise _with_details(error)


def _any_of(masks: list[Any], shape: tuple[int, ...]) -> Any:
    """Return where one of the masks holds, each broadcast to a shape."""
    found = np.zeros(shape, bool)
    for mask in masks:
        found |= mask
    return found


def _refuse_if_passed(made: Made) -> None:
    """Raise an error if an operand is nan: of the first node that has one, from outside."""
    for node in (*made.inner, made.value):
        operands = _told(made.args if node is made.value else node.args)
        for place, operand in enumerate(operands):
            if np.isnan(operand.data).any():
                what = f"[{node.op}] operand {place} came in as nan"
                error = _error(what, "forward", node.op, operands, made.origin)
                error.result = quantity("result", node.data)
                raise _with_details(error)


def _told(args: tuple[Value | float, ...]) -> tuple[Quantity, ...]:
    """Look at operands."""
    operands = []
    for place, arg in enumerate(args):
        if not isinstance(arg, Value):
            operands.append(quantity(f"operand {place}", arg, "a plain number"))
            continue
        notes = [repr(arg.label)] if arg.label else []
        where = origin_of(arg)
        if arg.is_leaf:
            notes.append("a leaf" if arg.requires_grad else "a constant")
            if where is not None:
                notes.append(f"made in line {where.line} of {where.filename}")
        operands.append(quantity(f"operand {place}", arg.data, ", ".join(notes)))
    return tuple(operands)


def _kind(data: Any) -> str:
    looked = quantity("", data)
    return number(looked.first)


def _error(
    what: str,
    phase: str,
    operation: str,
    operands: tuple[Quantity, ...],
    origin: Origin | None,
) -> AnomalyError:
    error = AnomalyError(what)
    error.phase, error.operation, error.operands, error.origin = phase, operation, operands, origin
    return error


_ADVICE = {
    "forward": "finite results are needed. Keep its operands in the domain, or change the formula.",
    "tangent": "finite tangents are needed. Keep its operands where the derivative is finite, or "
    "choose with `where` before the operation too.",
    "backward": "finite gradients are needed. Keep its operands where the derivative is finite, or "
    "choose with `where` before the operation too.",
}
_SHOWN = 8  # operands, of which a sum may have thousands


def _with_details(error: AnomalyError) -> AnomalyError:
    """Return the error with the whole message."""
    place = None if error.result is None else error.result.where
    lines = [f"{error.args[0]} - {_ADVICE[error.phase]}"]
    if error.origin is None:
        lines.append("It was made while nobody looked: compute in `detect_anomaly()` too.")
    else:
        lines.append(str(error.origin))
    shown = error.operands[:_SHOWN]
    lines += [operand.told(place) for operand in shown]
    if len(error.operands) > len(shown):
        lines.append(f"and {len(error.operands) - len(shown)} more operands")
    lines += [tangent.told(place) for tangent in error.tangents[:_SHOWN]]
    lines += [looked.told(place) for looked in (error.adjoint, error.result) if looked is not None]
    error.args = ("\n  ".join(lines),)
    return error
