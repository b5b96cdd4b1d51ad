"""Testing: is a derivative right? `check_grads` compares it with differences of the function.

For those who write custom operations, and for the tests of autograd itself. It knows the public
transforms and nothing below them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, NoReturn

import numpy as np

from autograd.differences import Array, difference
from autograd.engine import Value
from autograd.transforms.products import jvp, vjp
from autograd.transforms.trees import leaves, places, rebuilt
from autograd.transforms.variables import as_plain, passes_untouched

__all__ = ["check_grads"]

# An argument has at most that many elements looked at one by one, to name the one that is wrong.
_LOOKED_AT = 1000


class _Settings(NamedTuple):
    """What stays the same through all orders."""

    modes: tuple[str, ...]
    rtol: float
    atol: float
    step: float
    rounding: float
    generator: np.random.Generator


def check_grads(
    function: Callable[..., Any],
    *args: Any,
    order: int = 2,
    modes: Sequence[str] = ("vjp", "jvp"),
    rtol: float | None = None,
    atol: float | None = None,
    step: float | None = None,
) -> None:
    """Raise an AssertionError unless the derivatives of a function are right.

    For each argument it takes one direction, and one sum of the results to differentiate, with
    random weights that are the same in every run. It compares the derivatives with differences of
    the function, in both modes; and the two modes with each other, to the last digits. For a higher
    order the same is done to the derivative.

    Parameters
    ----------
    function : callable
        A function that returns a Value of any shape, or a tuple, list or dictionary of them.
    *args
        Its arguments, where it is smooth: numbers, arrays, Values, and tuples, lists and
        dictionaries of them.
    order : int, default 2
        The highest order of derivatives to check.
    modes : sequence of {"vjp", "jvp"}
        The modes to check, backward and forward.
    rtol, atol : float, optional
        How far off the differences a derivative may be, as a part of the largest, and at all. 1e-6
        by default, 1e-2 as soon as an argument is an array of type float32.
    step : float, optional
        The largest step of the differences, as a part of each element or, where that is below 1,
        at all. 1e-3 by default, 0.1 for float32. The differences are extrapolated to a step of 0.

    Raises
    ------
    AssertionError
        If a derivative is wrong. The message names the mode, the order, the argument, both numbers,
        and the place where the difference is largest.
    ValueError
        If a mode is unknown, or the order is less than 1.

    Examples
    --------
    >>> import numpy as np
    >>> import autograd
    >>> from autograd.testing import check_grads
    >>> check_grads(lambda x, y: autograd.tanh(x @ y), np.ones((2, 3)), np.array([0.1, 0.2, 0.3]))
    """
    if isinstance(modes, str):
        modes = (modes,)
    for mode in modes:
        if mode not in {"vjp", "jvp"}:
            message = (
                f"[check_grads] mode {mode!r} was given - one of vjp, jvp is needed. "
                "Choose one of these names, or both."
            )
            raise ValueError(message)
    if order < 1:
        message = (
            f"[check_grads] order {order} was given - a positive number is needed. "
            "Pass 1 for first derivatives."
        )
        raise ValueError(message)
    plain = [as_plain(argument) for argument in args]
    coarse = any(getattr(leaf, "dtype", None) == np.float32 for leaf in leaves(plain))
    settings = _Settings(
        modes=tuple(modes),
        rtol=(1e-2 if coarse else 1e-6) if rtol is None else rtol,
        atol=(1e-2 if coarse else 1e-6) if atol is None else atol,
        step=(0.1 if coarse else 1e-3) if step is None else step,
        rounding=1e-4 if coarse else 1e-10,
        generator=np.random.default_rng(0),
    )
    variable = [
        k for k, argument in enumerate(plain) if not all(map(passes_untouched, leaves(argument)))
    ]
    if not variable or not modes:
        message = "[check_grads] no mode" if variable else "[check_grads] nothing that can vary"
        raise ValueError(
            f"{message} was given - numbers or arrays, and one of vjp, jvp, are needed. There "
            "would be nothing to check."
        )

    def of_variables(*given: Any) -> Any:
        arguments = list(plain)
        for position, argument in zip(variable, given, strict=True):
            arguments[position] = _as_values(argument)
        return function(*arguments)

    _check(of_variables, [plain[position] for position in variable], 1, order, settings)


def _check(
    function: Callable[..., Any], args: Sequence[Any], order: int, highest: int, given: _Settings
) -> None:
    """Check the derivative of `function`, which is itself one of an order below `order`."""
    for position in range(len(args)):
        _check_argument(function, args, position, order, given)
    if order == highest:
        return
    value, _ = vjp(function, *args)
    cotangent = _weights(value, given.generator)
    directions = tuple(_random(argument, given.generator) for argument in args)
    derivatives = {
        "vjp": lambda *point: vjp(function, *point)[1](cotangent),
        "jvp": lambda *point: jvp(function, point, directions)[1],
    }
    for mode in given.modes:
        _check(derivatives[mode], args, order + 1, highest, given)


def _check_argument(
    function: Callable[..., Any], args: Sequence[Any], position: int, order: int, given: _Settings
) -> None:
    """Check the derivative by one argument, in one direction, with one cotangent."""

    def along(argument: Any) -> Any:
        return function(*args[:position], argument, *args[position + 1 :])

    argument = args[position]
    direction = _random(argument, given.generator, scaled=True)
    change = difference(along, argument, direction, given.step)
    value, pullback = vjp(along, argument)
    cotangent = _weights(value, given.generator)
    (gradient,) = pullback(cotangent)
    expected = _product(cotangent, rebuilt(value, iter(change)))
    if "vjp" in given.modes:
        found = _product(gradient, direction)
        size = _product(cotangent, rebuilt(value, iter(change)), absolute=True)
        if not _is_close(found, expected, size, given):
            name = f"argument {position}"
            worst = _worst_element(along, argument, cotangent, gradient, given.step)
            if worst is not None:
                found, expected, place = worst
                name = f"at {name}{place}"
            else:
                name = f"along a line of {name}"
            _fail(f"vjp of order {order}", found, expected, name)
    if "jvp" not in given.modes:
        return
    _, tangent = jvp(along, (argument,), (direction,))
    for place, one, other in zip(places(value), leaves(tangent), change, strict=True):
        if one is None:
            continue
        array = np.asarray(one, np.float64)
        if not _is_close(array, other, np.abs(other).max(initial=0.0), given):
            index = _largest(array, other)
            name = f"at result{place}{_brackets(index)}"
            by = f"jvp of order {order} by argument {position}"
            _fail(by, float(array[index]), float(other[index]), name)
    if "vjp" in given.modes:
        forward, backward = _product(cotangent, tangent), _product(gradient, direction)
        terms = _product(cotangent, tangent, absolute=True)
        if not abs(forward - backward) <= given.rounding * (1.0 + terms):
            message = (
                f"[check_grads] order {order} by argument {position}: jvp gives {forward!r}, vjp "
                f"{backward!r}, as the product with a random vector on either side - the same is "
                "needed. One of the two modes is wrong."
            )
            raise AssertionError(message)


def _as_values(argument: Any) -> Any:
    """Return the argument with constants for its numbers, as the function expects Values."""
    parts = (
        part if isinstance(part, Value) or passes_untouched(part) else Value(part, False)
        for part in leaves(argument)
    )
    return rebuilt(argument, parts)


def _worst_element(
    function: Callable[[Any], Any], argument: Any, cotangent: Any, gradient: Any, step: float
) -> tuple[float, float, str] | None:
    """Find the element of the argument where the gradient is farthest from the differences."""
    worst: tuple[float, float, str] | None = None
    looked_at = 0
    parts = leaves(argument)
    for i, (place, slope) in enumerate(zip(places(argument), leaves(gradient), strict=True)):
        if slope is None:
            continue
        for index in np.ndindex(np.shape(slope)):
            looked_at += 1
            if looked_at > _LOOKED_AT:
                return worst
            scale = float(_magnitude(np.asarray(parts[i])[index]))
            unit = np.zeros(np.shape(slope))
            unit[index] = scale
            directions = [unit if k == i else None for k in range(len(parts))]
            direction = rebuilt(argument, iter(directions))
            changes = difference(function, argument, direction, step)
            expected = sum(
                float((np.asarray(weight) * change).sum()) / scale
                for weight, change in zip(leaves(cotangent), changes, strict=True)
                if weight is not None
            )
            found = float(np.asarray(slope)[index])
            off = abs(found - expected)
            if worst is None or not off <= abs(worst[0] - worst[1]):
                worst = found, expected, f"{place}{_brackets(index)}"
    return worst


def _random(tree: Any, generator: np.random.Generator, scaled: bool = False) -> Any:
    """Return a tree of random numbers in the shapes of another one, and perhaps of its sizes."""

    def numbers(leaf: Any) -> Any:
        if passes_untouched(leaf):
            return None
        drawn = generator.normal(size=np.shape(leaf))
        drawn = drawn * _magnitude(leaf) if scaled else drawn
        return drawn if drawn.ndim else float(drawn)

    return rebuilt(tree, iter([numbers(leaf) for leaf in leaves(tree)]))


def _weights(value: Any, generator: np.random.Generator) -> Any:
    """Return a cotangent: random, or 1 for a single number, so that its gradient is the usual."""
    drawn = _random(value, generator)
    if sum(np.size(leaf) for leaf in leaves(drawn) if leaf is not None) > 1:
        return drawn
    ones = (None if leaf is None else np.ones(np.shape(leaf)) for leaf in leaves(drawn))
    return rebuilt(drawn, ones)


def _magnitude(leaf: Any) -> Any:
    return np.maximum(1.0, np.abs(np.asarray(leaf, np.float64)))


def _product(left: Any, right: Any, absolute: bool = False) -> float:
    """Return the inner product of two trees, or the sum of the sizes of its terms."""
    total = 0.0
    for one, other in zip(leaves(left), leaves(right), strict=True):
        if one is not None and other is not None:
            terms = np.asarray(one, np.float64) * np.asarray(other, np.float64)
            total += float((np.abs(terms) if absolute else terms).sum())
    return total


def _is_close(found: Any, expected: Any, size: float, given: _Settings) -> bool:
    """Say whether two numbers or arrays are; where a number is nan, they are not."""
    off = np.abs(np.asarray(found) - np.asarray(expected))
    return bool(np.all(off <= given.atol + given.rtol * size))


def _largest(found: Array, expected: Array) -> tuple[int, ...]:
    off = np.abs(found - expected)
    index = np.unravel_index(np.argmax(np.where(np.isnan(off), np.inf, off)), off.shape)
    return tuple(int(one) for one in index)


def _brackets(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


def _fail(what: str, found: float, expected: float, where: str) -> NoReturn:
    message = (
        f"[check_grads] {what} gives {found!r} {where} - {expected!r} is needed, by "
        "differences. Correct the derivative, or check where the function is smooth."
    )
    raise AssertionError(message)
