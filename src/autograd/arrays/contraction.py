"""Products and sums in Einstein's notation. Start reading at `einsum`.

Labels are the letters of the subscripts; the axes of an ellipsis get numbers, counted from the
last. Each operand is first freed of what it alone has (diagonals, sums), then two at a time are
multiplied: by one matrix product, or element by element where nothing is added up. What to do
depends on labels and shapes alone and is kept for the next call.
"""

from __future__ import annotations

import functools
import string
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd import _core
from autograd.arrays.operand import ArrayLike, as_value, gather, places

if TYPE_CHECKING:
    from autograd.engine import Value

__all__ = ["einsum"]

Label = str | int
Labels = tuple[Label, ...]
Shape = tuple[int, ...]

_LETTERS = frozenset(string.ascii_letters)


def einsum(subscripts: str, *operands: ArrayLike) -> Value:
    """Multiply arrays and add up along axes, as letters for the axes say it.

    Parameters
    ----------
    subscripts : str
        For each operand a letter for each axis; after "->" those of the result, by default the
        letters that stand once, in alphabetical order. A letter that stands twice in one operand
        is a diagonal; "..." stands for all other axes, which are broadcast.
    *operands : array_like
        At least one. Three and more are multiplied two by two, in the order that
        `numpy.einsum_path` proposes.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If the subscripts do not fit the operands.

    Examples
    --------
    >>> import autograd
    >>> a = autograd.Value([[1.0, 2.0], [3.0, 4.0]])
    >>> autograd.einsum("ij,kj->ik", a, a).data
    array([[ 5., 11.],
           [11., 25.]])
    >>> autograd.einsum("ii", a).data
    5.0
    """
    if not isinstance(subscripts, str):
        raise TypeError(
            f"[einsum] {type(subscripts).__name__} was given as subscripts - a str is needed. "
            "Write the letters of the axes, e.g. 'ij,jk->ik'."
        )
    values = [as_value("einsum", operand) for operand in operands]
    shapes = tuple(value.shape for value in values)
    plan = _plan(subscripts, shapes)
    for i, (diagonal, lengths) in enumerate(plan.prepared):
        if diagonal is not None:
            values[i] = gather(values[i], np.einsum(diagonal, places(shapes[i])))  # a view
        if lengths is not None:
            values[i] = values[i].reshape(lengths)
    for step in plan.steps:
        if step.second is None:
            values.append(_reduced(values.pop(step.first), step.reduction))
            continue
        right, left = values.pop(step.second), values.pop(step.first)
        values.append(_multiplied(left, right, step))
    return values[0] if plan.order is None else values[0].transpose(plan.order)


class _Reduction(NamedTuple):
    """An operand is summed along axes, put into another order, given another shape."""

    axes: tuple[int, ...] | None
    order: tuple[int, ...] | None
    shape: Shape | None


class _Step(NamedTuple):
    """Two operands, of places `first` < `second`, become one; or one is reduced."""

    first: int
    second: int | None
    reduction: _Reduction
    other: _Reduction | None = None
    by_matrices: bool = False
    shape: Shape = ()


class _Plan(NamedTuple):
    prepared: tuple[tuple[str | None, Shape | None], ...]
    steps: tuple[_Step, ...]
    order: tuple[int, ...] | None


def _reduced(value: Value, reduction: _Reduction) -> Value:
    axes, order, shape = reduction
    if axes is not None:
        value = value.sum(axes)
    if order is not None:
        value = value.transpose(order)
    return value if shape is None else value.reshape(shape)


def _multiplied(left: Value, right: Value, step: _Step) -> Value:
    assert step.other is not None  # noqa: S101 - our own invariant
    left, right = _reduced(left, step.reduction), _reduced(right, step.other)
    if not step.by_matrices:
        return left * right
    return _core.matmul(left, right).reshape(step.shape)


def _refuse(subscripts: str, shapes: tuple[Shape, ...], needed: str, advice: str) -> ValueError:
    return ValueError(
        f"[einsum] {subscripts!r} and the shapes {', '.join(map(str, shapes))} were given - "
        f"{needed} needed. {advice}"
    )


@functools.lru_cache(maxsize=512)
def _plan(subscripts: str, shapes: tuple[Shape, ...]) -> _Plan:
    """Say what to do with operands of these shapes."""
    given, output = _labels(subscripts, shapes)
    lengths = _lengths(subscripts, given, shapes)
    prepared = []
    labels: list[Labels] = []
    for operand, shape in zip(given, shapes, strict=True):
        distinct = tuple(dict.fromkeys(operand))
        diagonal = None
        if len(distinct) != len(operand):
            letters = {label: chr(ord("a") + i) for i, label in enumerate(distinct)}
            diagonal = "".join(letters[label] for label in operand)
            diagonal += "->" + "".join(letters.values())
        own = tuple(shape[operand.index(label)] for label in distinct)
        # An axis of length 1 that is longer elsewhere is left out: the product repeats it.
        kept = tuple(i for i, label in enumerate(distinct) if own[i] == lengths[label])
        fits = len(kept) == len(distinct)
        prepared.append((diagonal, None if fits else tuple(own[i] for i in kept)))
        labels.append(tuple(distinct[i] for i in kept))
    steps = []
    for first, second in _pairs(labels, output, lengths):
        operands = [labels.pop(place) for place in sorted((first, second), reverse=True)]
        needed = set(output).union(*labels)
        step, product = _pair((first, second), operands[1], operands[0], needed, lengths)
        steps.append(step)
        labels.append(product)
    (last,) = labels
    axes = tuple(i for i, label in enumerate(last) if label not in output)
    left = tuple(label for label in last if label in output)
    if axes:
        steps.append(_Step(0, None, _Reduction(axes, None, None)))
    order = tuple(left.index(label) for label in output)
    return _Plan(
        tuple(prepared), tuple(steps), None if order == tuple(range(len(order))) else order
    )


def _labels(subscripts: str, shapes: tuple[Shape, ...]) -> tuple[list[Labels], Labels]:
    """Return the labels of each operand, and those of the result."""
    text = subscripts.replace(" ", "")
    inputs, arrow, result = text.partition("->")
    parts = inputs.split(",")
    if len(parts) != len(shapes):
        message = f"letters for {len(shapes)} operands, separated by commas, are"
        raise _refuse(subscripts, shapes, message, "Give an operand for each.")
    given: list[Labels] = []
    most = 0
    for part, shape in zip(parts, shapes, strict=True):
        before, dots, after = part.partition("...")
        count = len(shape) - len(before) - len(after)
        if not set(before + after) <= _LETTERS or count < 0 or (count > 0 and not dots):
            message = f"a letter for each axis, not {part!r} for {len(shape)},"
            raise _refuse(subscripts, shapes, message + " is", "Write '...' for other axes.")
        most = max(most, count)
        given.append((*before, *range(-count, 0), *after))
    every: tuple[Label, ...] = tuple(range(-most, 0))
    letters = "".join(parts).replace(".", "")
    if not arrow:
        return given, (*every, *sorted(x for x in set(letters) if letters.count(x) == 1))
    before, dots, after = result.partition("...")
    named = before + after
    if len(set(named)) != len(named) or not set(named) <= set(letters):
        message = f"a result with letters of the operands, each once, not {result!r}, is"
        raise _refuse(subscripts, shapes, message, "Check what follows the arrow.")
    return given, (*before, *(every if dots else ()), *after)


def _lengths(subscripts: str, given: list[Labels], shapes: tuple[Shape, ...]) -> dict[Label, int]:
    """Return the length of each label; 1 is repeated."""
    lengths: dict[Label, int] = {}
    for labels, shape in zip(given, shapes, strict=True):
        own: dict[Label, int] = {}
        for label, length in zip(labels, shape, strict=True):
            known = lengths.setdefault(label, length)
            if known == 1:
                lengths[label] = length
            # A diagonal repeats nothing.
            if own.setdefault(label, length) != length or length not in (1, lengths[label]):
                where = f"one length of {label!r}" if isinstance(label, str) else "like ellipses"
                message = f"{where}, not {own[label]} and {length}, is"
                if own[label] == length:
                    message = f"{where}, not {known} and {length}, is"
                raise _refuse(subscripts, shapes, message, "Check the shapes.")
    return lengths


def _pairs(
    labels: list[Labels], output: Labels, lengths: dict[Label, int]
) -> list[tuple[int, int]]:
    """Return which two operands to multiply next; the product goes to the end."""
    count = len(labels)
    if count < 3:
        return [(0, 1)] * (count - 1)
    names = dict(zip(lengths, string.ascii_letters, strict=False))  # one each: axes are few
    text = ",".join("".join(names[x] for x in operand) for operand in labels)
    text += "->" + "".join(names[label] for label in output)
    shaped: list[Any] = [
        np.broadcast_to(0.0, tuple(lengths[x] for x in operand)) for operand in labels
    ]
    path = np.einsum_path(text, *shaped, optimize="greedy")[0][1:]
    pairs: list[tuple[int, int]] = []
    for chosen in path:
        first, *others = sorted(chosen)
        # More than two at once: one after the other, the product being the last each time.
        left = count
        for i, other in enumerate(others):
            pairs.append((first, other) if i == 0 else (other - i - 1, left - 1))
            left -= 1
        count = left
    return pairs


def _pair(
    chosen: tuple[int, int],
    left: Labels,
    right: Labels,
    needed: set[Label],
    lengths: dict[Label, int],
) -> tuple[_Step, Labels]:
    """Say how to multiply two operands, and which labels the product has."""
    sum_left = tuple(i for i, x in enumerate(left) if x not in needed and x not in right)
    sum_right = tuple(i for i, x in enumerate(right) if x not in needed and x not in left)
    own_left = tuple(x for i, x in enumerate(left) if i not in sum_left)
    own_right = tuple(x for i, x in enumerate(right) if i not in sum_right)
    batch = tuple(x for x in own_left if x in own_right and x in needed)
    # In the order of the operand on the right, whose rows they are.
    inner = tuple(x for x in own_right if x in own_left and x not in needed)
    rows = tuple(x for x in own_left if x not in own_right)
    columns = tuple(x for x in own_right if x not in own_left)
    product = (*batch, *rows, *columns)

    def reduction(axes: tuple[int, ...], own: Labels, wanted: Labels, shape: Shape) -> _Reduction:
        order = tuple(own.index(label) for label in wanted)
        before = tuple(lengths[label] for label in wanted)
        return _Reduction(
            axes or None,
            None if order == tuple(range(len(order))) else order,
            None if shape == before else shape,
        )

    def lengths_of(labels: Labels) -> Shape:
        return tuple(lengths[label] for label in labels)

    if not inner:
        shape_left = lengths_of(batch + rows) + (1,) * len(columns)
        shape_right = lengths_of(batch) + (1,) * len(rows) + lengths_of(columns)
        return (
            _Step(
                *chosen,
                reduction(sum_left, own_left, batch + rows, shape_left),
                reduction(sum_right, own_right, batch + columns, shape_right),
            ),
            product,
        )

    def size(labels: Labels) -> int:
        count = 1
        for label in labels:
            count *= lengths[label]
        return count

    many = (size(batch),) if batch else ()
    shape_left = (*many, size(rows), size(inner))
    shape_right = (*many, size(inner), size(columns))
    step = _Step(
        *chosen,
        reduction(sum_left, own_left, batch + rows + inner, shape_left),
        reduction(sum_right, own_right, batch + inner + columns, shape_right),
        by_matrices=True,
        shape=lengths_of(product),
    )
    return step, product
