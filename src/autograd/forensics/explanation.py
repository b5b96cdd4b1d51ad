"""The explanation: what `explain` found, as data and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from autograd.forensics.quantity import norm, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from autograd.forensics.place import Origin

_SHOWN_STEPS = 12  # of a path; a longer one is shown by both ends
_SHOWN = 10  # uses, and places where it dies


class Step(NamedTuple):
    """A node on a path.

    Attributes
    ----------
    operation : str
        Empty for a leaf.
    label : str
        The label of the value, or empty.
    origin : Origin or None
        Where it was made, if that was kept, see `origins`.
    """

    operation: str
    label: str
    origin: Origin | None

    def __str__(self) -> str:
        name = self.operation or "leaf"
        return f"{name} {self.label!r}" if self.label else name


class Use(NamedTuple):
    """An operation that was applied to the parameter, and what comes to it from there.

    Attributes
    ----------
    step : Step
        The operation.
    carried : float or ndarray
        Its contribution to the gradient, in the shape of the parameter.
    """

    step: Step
    carried: float | NDArray[Any]


class Path(NamedTuple):
    """A way from the root to the parameter, and what the gradient has of it.

    Attributes
    ----------
    steps : tuple of Step
        The root first, the parameter last.
    carried : float or ndarray
        The product of the derivatives on the way, in the shape of the parameter.
    """

    steps: tuple[Step, ...]
    carried: float | NDArray[Any]

    def __str__(self) -> str:
        names = [str(step) for step in self.steps]
        if len(names) > _SHOWN_STEPS:
            left = len(names) - _SHOWN_STEPS
            half = _SHOWN_STEPS // 2
            names = [*names[:half], f"... {left} more ...", *names[-half:]]
        return f"{_told(self.carried)}: {' <- '.join(names)}"


class Dead(NamedTuple):
    """An operation that passes on less than it gets.

    Attributes
    ----------
    step : Step
        The operation.
    share : float
        Of the elements of its argument that get exactly 0 although the result has a gradient; 1.0
        if nothing at all is passed on.
    reason : str
        Why.
    """

    step: Step
    share: float
    reason: str

    def __str__(self) -> str:
        much = "nothing passes" if self.share == 1.0 else f"{self.share:.0%} does not pass"
        return f"{self.step}: {much}, {self.reason}"


class Explanation(NamedTuple):
    """How a gradient comes about; print it.

    Attributes
    ----------
    name : str
        The label of the parameter.
    shape : tuple of int
        Of the parameter.
    total : float or ndarray
        The gradient: the sum of all uses.
    uses : tuple of Use
        The operations that were applied to the parameter, the largest contribution first.
    paths : tuple of Path
        Those that carry most, the most first.
    path_count : int
        How many paths there are by which anything may come, at most 10**18.
    dead : tuple of Dead
        Where on the way a derivative is 0, the whole ones first.
    reason : str
        Why there is no gradient; empty if there is one.
    """

    name: str
    shape: tuple[int, ...]
    total: float | NDArray[Any]
    uses: tuple[Use, ...]
    paths: tuple[Path, ...]
    path_count: int
    dead: tuple[Dead, ...]
    reason: str

    def __str__(self) -> str:
        of = self.name or "the parameter"
        lines = [f"gradient of {of}, shape {self.shape}: {_told(self.total)}"]
        if self.reason:
            lines.append(f"none arrives: {self.reason}")
        if self.uses:
            lines.append(f"from {_counted(len(self.uses), 'use')}:")
            lines += _listed([f"{_told(use.carried)}: {use.step}" for use in self.uses], self.uses)
        if self.path_count:
            many = _counted(self.path_count, "path")
            shown = f", {len(self.paths)} shown" if len(self.paths) < self.path_count else ""
            lines.append(f"by {many}{shown}:")
            lines += [f"  {path}" for path in self.paths]
        if self.dead:
            lines.append("where it is lost:")
            lines += _listed([str(dead) for dead in self.dead], self.dead)
        return "\n".join(lines)


def _listed(texts: list[str], of: Sequence[Use | Dead]) -> list[str]:
    """Return the first texts, each with the line that its operation was made in."""
    lines = []
    for text, one in zip(texts[:_SHOWN], of, strict=False):
        lines.append(f"  {text}")
        if one.step.origin is not None:
            lines.append(f"    {one.step.origin}".replace("\n", "\n    "))
    if len(texts) > _SHOWN:
        lines.append(f"  ... {len(texts) - _SHOWN} more")
    return lines


def _told(amount: Any) -> str:
    return number(amount) if isinstance(amount, float) else f"norm {number(norm(amount))}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
