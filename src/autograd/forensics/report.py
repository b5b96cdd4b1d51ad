"""The report on the gradients of a model: how large they are beside what they change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from autograd import _core
from autograd.engine import Value
from autograd.forensics.nodes import GRADIENTS, read
from autograd.forensics.quantity import norm
from autograd.forensics.recorder import RECORDER
from autograd.forensics.table import table
from autograd.inspection.names import is_owner, leaves_of


class ReportRow(NamedTuple):
    """What is known of the gradient of one parameter, or of a module.

    Attributes
    ----------
    name : str
    shape : tuple of int
        () of a module.
    gradient : float
        The Euclidean norm of the gradient.
    data : float
        That of the data.
    ratio : float or None
        Of both; None where the data are all 0.
    zeros : float
        The share of elements whose gradient is exactly 0.
    flags : tuple of str
        ``"frozen"`` (it requires no gradient), ``"none"`` (the root does not depend on it),
        ``"zero"`` (all of it is 0), ``"vanishing"``, ``"exploding"``, ``"nan"``, ``"inf"``.
    """

    name: str
    shape: tuple[int, ...]
    gradient: float
    data: float
    ratio: float | None
    zeros: float
    flags: tuple[str, ...]


class GradientReport(NamedTuple):
    """A row for each parameter and for each module that owns some; print it.

    Attributes
    ----------
    rows : tuple of ReportRow
        The parameters, in their order.
    modules : tuple of ReportRow
        What owns them, by the part of their names before the last dot, with norms over all that it
        owns itself; the flags are those of its parameters.
    limits : (float, float)
        Between which gradient / data is well.
    """

    rows: tuple[ReportRow, ...]
    modules: tuple[ReportRow, ...]
    limits: tuple[float, float]

    @property
    def flagged(self) -> tuple[ReportRow, ...]:
        """The parameters that have flags."""
        return tuple(row for row in self.rows if row.flags)

    def __str__(self) -> str:
        lines = []
        for module in self.modules:
            if len(self.modules) > 1:
                lines.append((*_cells(module), module.name or "(the model)"))
            indent = "  " if len(self.modules) > 1 else ""
            lines += [
                (*_cells(row), f"{indent}{row.name} {row.shape}")
                for row in self.rows
                if _owner(row.name) == module.name
            ]
        shown = [(*cells[:4], cells[5], cells[4]) for cells in lines]
        text = table(("gradient", "data", "ratio", "zeros", "name", "flags"), shown, right=4)
        there = {flag for row in self.rows for flag in row.flags}
        low, high = self.limits
        said = [
            f"{flag}: {meaning.format(low=low, high=high)}"
            for flag, meaning in _MEANINGS.items()
            if flag in there
        ]
        return "\n".join([text, *said])


_MEANINGS = {
    "frozen": "it requires no gradient",
    "none": "the root was not computed from it",
    "zero": "all of its gradient is 0; explain() says why",
    "vanishing": "its gradient is smaller than {low:g} of its data",
    "exploding": "its gradient is larger than {high:g} of its data",
    "nan": "there is nan in its gradient; detect_anomaly() says where that begins",
    "inf": "there is an infinity in its gradient; detect_anomaly() says where that begins",
}


def gradient_report(
    model: Any,
    root: Value | None = None,
    *,
    vanishing: float = 1e-7,
    exploding: float = 1e3,
) -> GradientReport:
    """Compare the gradients of a model with its parameters.

    Parameters
    ----------
    model : Module, dict of str to Value, or iterable of Values or of (str, Value)
        What has `named_parameters()`, or parameters with or without names. Of a module, what is
        frozen is reported, too.
    root : Value, optional
        A scalar: its gradients are computed for the report, and no `.grad` changes. Without it the
        `.grad` of the parameters are looked at, as `backward` has left them.
    vanishing : float, default 1e-7
        Where gradient / data is not 0 but smaller, a gradient vanishes: a step with a learning rate
        of 1 would change nothing that float32 can tell.
    exploding : float, default 1e3
        Where it is larger, it explodes: a step with a learning rate of 0.001 would turn the
        parameter around.

    Returns
    -------
    GradientReport

    Raises
    ------
    TypeError
        If `model` is nothing of that, or `root` is no Value.
    ValueError
        If there are no parameters, a name comes twice, the thresholds are not 0 <= vanishing <
        exploding, or the root is an array.
    AutogradError
        If the root requires no gradient, or a leaf was changed after it was used.

    Examples
    --------
    >>> from autograd import Value
    >>> w, b = Value([3.0, 4.0]), Value(1.0)
    >>> report = gradient_report({"w": w, "b": b}, root=w[0] * 1e-9)
    >>> print(report)
    gradient  data  ratio  zeros  name    flags
       1e-09     5  2e-10    50%  w (2,)  vanishing
           0     1      0   100%  b ()    none
    none: the root was not computed from it
    vanishing: its gradient is smaller than 1e-07 of its data
    """
    named = _named(model)
    if not 0.0 <= vanishing < exploding:
        message = f"[gradient_report] vanishing={vanishing} and exploding={exploding} were given"
        raise ValueError(f"{message} - 0 <= vanishing < exploding is needed. Exchange them.")
    values = list(named.values())
    connected: set[int] | None = None
    if root is None:
        gradients = [_plain(value.grad) for value in values]
    else:
        with RECORDER.unseen():
            gradients, connected = _computed(root, values)
    limits = (vanishing, exploding)
    rows = []
    for (name, value), gradient in zip(named.items(), gradients, strict=True):
        is_there = connected is None or id(value) in connected
        rows.append(_row(name, value, gradient, limits, is_there))
    return GradientReport(tuple(rows), tuple(_modules(rows)), limits)


def _named(model: Any) -> dict[str, Value]:
    """Return the parameters by name."""
    given: Any = model
    if is_owner(model):
        given = leaves_of(model)
    elif isinstance(model, Mapping):
        given = model.items()
    elif isinstance(model, (Value, str, np.ndarray)) or not isinstance(model, Iterable):
        message = f"[gradient_report] {type(model).__name__} was given - a module, or parameters,"
        raise TypeError(f"{message} with or without names, are needed. Put one into a list.")
    named: dict[str, Value] = {}
    for place, item in enumerate(given):
        is_pair = isinstance(item, tuple) and len(item) == 2
        name, value = item if is_pair else (getattr(item, "label", None) or str(place), item)
        if not isinstance(value, Value) or not isinstance(name, str):
            message = f"[gradient_report] {type(item).__name__} is parameter {place} - a Value, or"
            raise TypeError(f"{message} a pair of a name and a Value, is needed. Leave it out.")
        if name in named:
            message = f"[gradient_report] {name!r} is the name of two parameters - one each is"
            raise ValueError(f"{message} needed. Pass pairs of names and parameters.")
        named[name] = value
    if not named:
        message = "[gradient_report] no parameters were given - at least one is needed."
        raise ValueError(f"{message} Pass a module that has some.")
    return named


def _computed(root: Any, values: list[Value]) -> tuple[list[Any], set[int]]:
    """Return the gradients of a root, and which of the values it was computed from.

    The graph is walked through only if there is a gradient of 0, which may have either reason.
    """
    if not isinstance(root, Value):
        message = f"[gradient_report] root is a {type(root).__name__} - a Value is needed."
        raise TypeError(f"{message} Pass the loss.")
    gradients = GRADIENTS(root, values, None, False)
    connected = {id(value) for value, grad in zip(values, gradients, strict=True) if np.any(grad)}
    if len(connected) == len(values):
        return gradients, connected
    places = set()
    nodes = read(root)
    for node in nodes:
        connected.add(id(node.value))
        if node.element is not None:
            places.add((id(node.element[0]), node.element[1]))
            connected.add(id(node.element[0]))
    for value in values:
        element = None if value.shape or value.args else _core.element_of(value)
        if element is not None and (
            id(element[0]) in connected or (id(element[0]), element[1]) in places
        ):
            connected.add(id(value))
    return gradients, connected


def _plain(gradient: Any) -> Any:
    return gradient.data if isinstance(gradient, Value) else gradient


def _row(
    name: str, value: Value, gradient: Any, limits: tuple[float, float], is_connected: bool
) -> ReportRow:
    """Return what is known of one parameter."""
    size, of_data = norm(gradient), norm(value.data)
    zeros = float(np.mean(np.asarray(gradient) == 0.0)) if value.size else 0.0
    ratio = size / of_data if of_data else None
    flags = _flags(gradient, ratio, limits)
    if not value.requires_grad:
        flags = ("frozen",)
    elif not is_connected:
        flags = ("none",)
    return ReportRow(name, value.shape, size, of_data, ratio, zeros, flags)


def _flags(gradient: Any, ratio: float | None, limits: tuple[float, float]) -> tuple[str, ...]:
    flags = []
    if np.isnan(gradient).any():
        flags.append("nan")
    if np.isinf(gradient).any():
        flags.append("inf")
    if flags:
        return tuple(flags)
    if not np.any(gradient):
        return ("zero",)
    if ratio is not None and ratio < limits[0]:
        return ("vanishing",)
    return ("exploding",) if ratio is not None and ratio > limits[1] else ()


def _owner(name: str) -> str:
    return name.rpartition(".")[0]


def _modules(rows: list[ReportRow]) -> list[ReportRow]:
    """Return a row for each owner of parameters."""
    owned: dict[str, list[ReportRow]] = {}
    for row in rows:
        owned.setdefault(_owner(row.name), []).append(row)
    modules = []
    for name, parts in owned.items():
        gradient = norm(np.array([part.gradient for part in parts]))
        data = norm(np.array([part.data for part in parts]))
        counts = [int(np.prod(part.shape)) for part in parts]
        zeros = sum(part.zeros * count for part, count in zip(parts, counts, strict=True))
        flags = tuple(dict.fromkeys(flag for part in parts for flag in part.flags))
        ratio = gradient / data if data else None
        share = zeros / max(sum(counts), 1)
        modules.append(ReportRow(name, (), gradient, data, ratio, share, flags))
    return modules


def _cells(row: ReportRow) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.3g}"
    shown = (f"{row.gradient:.3g}", f"{row.data:.3g}", ratio, f"{row.zeros:.0%}")
    return (*shown, ", ".join(row.flags))
