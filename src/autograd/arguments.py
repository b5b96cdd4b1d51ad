"""What is asked of arguments in many places: whole numbers, seeds, real numbers within bounds.

Each check names who asks, what was given and what is needed.
"""

from __future__ import annotations

import math
import numbers
import operator

__all__ = ["checked_count", "checked_number", "checked_seed"]


def checked_count(
    owner: str,
    name: str,
    count: object,
    *,
    advice: str,
    at_least: int = 1,
    told: str = "{name}={count} was given",
) -> int:
    """Return a whole number as an int that is not too small.

    Parameters
    ----------
    owner : str
        Who asks, for the message.
    name : str
        Of the argument.
    count : int
        An int, or what stands for one, such as a NumPy integer; True and False do not.
    advice : str
        What to do, for the message.
    at_least : int
        The smallest one.
    told : str
        How a number that is too small is told.

    Returns
    -------
    int

    Raises
    ------
    TypeError, ValueError
        If it is no whole number, or too small.

    Examples
    --------
    >>> checked_count("this example", "epochs", 3, advice="Pass the number of epochs.")
    3
    """
    try:
        if isinstance(count, bool):
            raise TypeError
        number = operator.index(count)  # type: ignore[arg-type]  # that is the question
    except TypeError:
        message = f"[{owner}] {name} is {count!r}, a {type(count).__name__} - an integer is needed."
        raise TypeError(f"{message} {advice}") from None
    if number < at_least:
        message = f"[{owner}] {told.format(name=name, count=number)} - at least {at_least}"
        raise ValueError(f"{message} is needed. {advice}")
    return number


def checked_seed(owner: str, seed: object) -> int | None:
    """Return a seed as an int that is not negative, or None.

    Parameters
    ----------
    owner : str
        Who asks, for the message.
    seed : int or None

    Returns
    -------
    int or None

    Raises
    ------
    TypeError, ValueError
        If it is neither, or negative.

    Examples
    --------
    >>> checked_seed("this example", 5), checked_seed("this example", None)
    (5, None)
    """
    if seed is None:
        return None
    advice = "Pass another int, or None for a fresh one."
    return checked_count(owner, "seed", seed, at_least=0, advice=advice)


def checked_number(
    owner: str,
    name: str,
    number: object,
    *,
    advice: str,
    at_least: float = -math.inf,
    above: float = -math.inf,
    below: float = math.inf,
) -> float:
    """Return a real number as a finite float within its bounds.

    Parameters
    ----------
    owner : str
        Who asks, for the message.
    name : str
        Of the argument.
    number : float
    advice : str
        What to do, for the message.
    at_least, above, below : float
        The bounds.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If it is no real number, or out of bounds.

    Examples
    --------
    >>> checked_number("this example", "test", 0.25, above=0.0, below=1.0, advice="Pass a share.")
    0.25
    """
    bounds = [
        f">= {at_least:g}" if at_least > -math.inf else "",
        f"> {above:g}" if above > -math.inf else "",
        f"< {below:g}" if below < math.inf else "",
    ]
    needed = " ".join(["a finite number", " and ".join(filter(None, bounds))]).rstrip()
    if not isinstance(number, numbers.Real):
        message = f"[{owner}] {name} is {number!r}, a {type(number).__name__}"
        raise TypeError(f"{message} - {needed} is needed. {advice}")
    converted = float(number)
    if not (math.isfinite(converted) and at_least <= converted < below and converted > above):
        message = f"[{owner}] {name}={number!r} was given - {needed} is needed."
        raise ValueError(f"{message} {advice}")
    return converted
