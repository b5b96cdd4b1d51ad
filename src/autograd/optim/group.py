"""A group: parameters that share options, and what an optimizer remembers about them."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from autograd.engine import Value
    from autograd.optim.options import Option

_set_directly = object.__setattr__


class Group:
    """Parameters with options of their own: an attribute each, checked when it is set.

    Attributes
    ----------
    parameters : list of Value
        The parameters; fixed from construction on.
    lr : float
        The learning rate. The other options are those of the optimizer, by its names.
    steps : int
        How many steps were made.
    is_checked : bool
        Whether the options as they are go together; setting one makes it False.
    state : dict of str to ndarray
        What is remembered between steps: flat, one number for each number of the parameters, in
        their order. An array is there from the first step on that needs it.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> group = optim.SGD([Value(1.0)], lr=0.1, momentum=0.9).groups[0]
    >>> group.lr = 0.05
    >>> group
    Group(1 parameter, lr=0.05, momentum=0.9, nesterov=False, weight_decay=0.0)
    """

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def __init__(
        self,
        owner: str,
        declared: Mapping[str, Option],
        parameters: list[Value],
        options: Mapping[str, Any],
    ) -> None:
        _set_directly(self, "_owner", owner)
        _set_directly(self, "_declared", declared)
        _set_directly(self, "parameters", parameters)
        _set_directly(self, "leaves", _core.ParameterList(owner, parameters))
        _set_directly(self, "steps", 0)
        _set_directly(self, "state", {})
        for name in options:
            if name not in declared:
                message = f"[{owner}] the option {name!r} was given - one of"
                raise TypeError(f"{message} {', '.join(declared)} is needed. Check the name.")
        for name in declared:
            setattr(self, name, options[name])

    def __setattr__(self, name: str, value: object) -> None:
        if name in self._declared:
            value = self._declared[name].checked(self._owner, name, value)
            _set_directly(self, "is_checked", False)
        elif name not in ("steps", "is_checked"):
            message = f"[{self._owner}] {name!r} cannot be set - one of {', '.join(self._declared)}"
            raise AttributeError(f"{message} is needed. Check the name.")
        _set_directly(self, name, value)

    @property
    def options(self) -> dict[str, Any]:
        """The options, as a new dictionary."""
        return {name: getattr(self, name) for name in self._declared}

    def count_step(self) -> None:
        """Add one to `steps`, more quickly than by setting it."""
        self.__dict__["steps"] += 1

    def remembered(self, name: str, start: float = 0.0) -> NDArray[np.float64]:
        """Return an array of the state, made when it is first asked for."""
        array = self.state.get(name)
        if array is None:
            self.state[name] = array = np.full(self.leaves.size, start)
        return array  # type: ignore[no-any-return]

    def state_dict(self) -> dict[str, Any]:
        """Return options, number of steps and state, as copies."""
        return {
            "options": {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in self.options.items()
            },
            "steps": self.steps,
            "sizes": [parameter.size for parameter in self.parameters],
            "state": {name: array.copy() for name, array in self.state.items()},
        }

    def mismatches(self, state: Any, remembered: Collection[str]) -> list[str]:
        """Return what keeps a state, of arrays with these names, from being loaded."""
        try:
            options, steps, sizes, arrays = (
                dict(state["options"]),
                operator.index(state["steps"]),
                [int(size) for size in state["sizes"]],
                {name: np.asarray(array) for name, array in state["state"].items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            return [f"options, steps, sizes or state are missing or damaged ({error!r})"]
        found = []
        if missing := [name for name in self._declared if name not in options]:
            found.append(f"missing options: {', '.join(missing)}")
        for name, value in options.items():
            if name not in self._declared:
                found.append(f"unexpected option: {name}")
                continue
            try:
                self._declared[name].checked(self._owner, name, value)
            except (TypeError, ValueError) as error:
                found.append(str(error))
        if steps > 0 and (missing := [name for name in remembered if name not in arrays]):
            found.append(f"missing state: {', '.join(missing)}")
        if steps < 0:
            found.append(f"steps: {steps}, at least 0 is needed")
        expected = [parameter.size for parameter in self.parameters]
        if sizes != expected:
            found.append(
                f"parameters of {_shortened(sizes)} numbers, {_shortened(expected)} are needed"
            )
        found += [
            f"state {name!r}: {array.dtype} of shape {array.shape}, float64 of shape"
            f" ({sum(sizes)},) is needed"
            for name, array in arrays.items()
            if array.shape != (sum(sizes),) or array.dtype != np.float64
        ]
        return found

    def load_state_dict(self, state: Any) -> None:
        """Take over a state in which there are no mismatches."""
        for name, value in state["options"].items():
            setattr(self, name, value)
        self.steps = operator.index(state["steps"])
        self.state.clear()
        self.state.update({name: np.array(array) for name, array in state["state"].items()})

    def __repr__(self) -> str:
        count = len(self.parameters)
        options = ", ".join(f"{name}={value!r}" for name, value in self.options.items())
        return f"Group({count} parameter{'s' * (count != 1)}, {options})"


def _shortened(sizes: list[int]) -> str:
    listed = ", ".join(map(str, sizes[:8]))
    return f"{listed}, ... ({len(sizes)} in all)" if len(sizes) > 8 else listed
