"""Options of optimizers: what a learning rate, a pair of betas or a switch may be."""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Number:
    """A finite number within a range."""

    above: float = -math.inf
    at_least: float = -math.inf
    below: float = math.inf

    def checked(self, operation: str, name: str, number: object) -> float:
        """Return the number as a float, or refuse it."""
        if not isinstance(number, numbers.Real):  # a Value is none: an option is not differentiated
            message = f"[{operation}] {name} is a {type(number).__name__} - a number is needed."
            raise TypeError(f"{message} Pass a float.")
        converted = float(number)
        inside = converted > self.above and self.at_least <= converted < self.below
        if not (math.isfinite(converted) and inside):
            bounds = [
                f"> {self.above:g}" if self.above > -math.inf else "",
                f">= {self.at_least:g}" if self.at_least > -math.inf else "",
                f"< {self.below:g}" if self.below < math.inf else "",
            ]
            needed = " and ".join(bound for bound in bounds if bound)
            message = (
                f"[{operation}] {name}={number!r} was given - a finite number {needed} is needed."
            )
            raise ValueError(f"{message} Change {name}.")
        return converted


@dataclass(frozen=True)
class Pair:
    """Two numbers, each within the same range."""

    each: Number

    def checked(self, operation: str, name: str, pair: Any) -> tuple[float, float]:
        """Return the pair as floats, or refuse it."""
        try:
            first, second = pair
        except (TypeError, ValueError):
            message = f"[{operation}] {name}={pair!r} was given - two numbers are needed."
            raise TypeError(f"{message} Pass e.g. (0.9, 0.999).") from None
        return (
            self.each.checked(operation, f"{name}[0]", first),
            self.each.checked(operation, f"{name}[1]", second),
        )


@dataclass(frozen=True)
class Switch:
    """True or False."""

    def checked(self, operation: str, name: str, switch: object) -> bool:
        """Return the switch, or refuse what is none."""
        if not isinstance(switch, (bool, int)) or switch not in (0, 1):
            message = f"[{operation}] {name}={switch!r} was given - True or False is needed."
            raise TypeError(f"{message} Change {name}.")
        return bool(switch)


Option = Number | Pair | Switch
SHARE = Number(at_least=0.0, below=1.0)  # of what is kept from one step to the next
AT_LEAST_0 = Number(at_least=0.0)
POSITIVE = Number(above=0.0)
RATE = AT_LEAST_0  # a schedule may end at 0; an optimizer begins with a positive rate
