"""What all optimizers share: groups of parameters, the learning rate, `zero_grad`, the state.

An update rule is one loop in C++ (``update_rules.hpp`` has the formulas); its state lives in flat
NumPy arrays of a `Group`. A parameter is a scalar, an array, or a view of one element of an array.
Start reading at `Optimizer.step`.
"""

from __future__ import annotations

import abc
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from autograd.optim.group import Group
from autograd.optim.options import POSITIVE, RATE, Option
from autograd.optim.parameters import collect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.engine import Value
    from autograd.optim.parameters import Parameters

    Groups = Parameters | Sequence[Mapping[str, Any]]


class MissingGradientWarning(UserWarning):
    """A parameter is to be updated that no backward pass has reached.

    It is looked for at the first step of an optimizer: an array without a gradient is named; of
    scalars, which may well be used one by one, only if there is a gradient for none.
    ``warnings.simplefilter("ignore", MissingGradientWarning)`` switches it off.
    """


class Optimizer(abc.ABC):
    """The base class of optimizers.

    A step updates every parameter. One that no backward pass has reached since `zero_grad` has a
    gradient of zeros: plain descent leaves it where it is, but momentum and weight decay go on.
    (PyTorch skips it.) What is not to change is frozen before the optimizer is made.

    Parameters
    ----------
    parameters : module, iterable of Value, or callable that returns one
        What to update: leaves that require a gradient, scalars and arrays. An iterable is read
        once. A parameter that comes twice is taken once, at its first place. Or a list of groups:
        dictionaries with ``"parameters"`` and whatever options differ in the group.
    lr : float
        The learning rate, positive and finite. Set afterwards, as a schedule does, it may be 0: a
        step leaves the parameters as they are then.
    **options : float, bool or pair of float
        Those that the rule declares in `declared`.

    Attributes
    ----------
    groups : list of Group
        The parameters with their options; one group, unless several were given.

    Raises
    ------
    TypeError
        If something is no Value, or an option is of the wrong type or unknown.
    ValueError
        If there are no parameters, one is no leaf or requires no gradient, two have an element in
        common (an array and a view of it, ``[w, w[0, 0]]``), or an option is out of range.

    Examples
    --------
    A rule of one's own implements `update`:

    >>> from autograd import Value
    >>> class SignDescent(Optimizer):
    ...     def update(self, group):
    ...         for p in group.parameters:
    ...             p.data -= group.lr * ((p.grad > 0) - (p.grad < 0))
    >>> x, y = Value(3.0), Value(3.0)
    >>> optimizer = SignDescent([{"parameters": [x]}, {"parameters": [y], "lr": 0.25}], lr=0.5)
    >>> (x * y).backward()
    >>> optimizer.step()
    >>> x.data, y.data
    (2.5, 2.75)
    """

    # The options of a group, by name, and what they may be.
    declared: ClassVar[dict[str, Option]] = {"lr": RATE}
    # The state that every step leaves behind: without it a training would not go on as it was.
    remembers: ClassVar[tuple[str, ...]] = ()

    def __init__(self, parameters: Groups, lr: float, **options: Any) -> None:
        defaults = {"lr": lr, **options}
        self.groups = [
            self._group(given, {**defaults, **differing})
            for given, differing in self._split(parameters)
        ]
        self._is_checked = False  # for missing gradients

    def _split(self, parameters: Groups) -> list[tuple[list[Value], dict[str, Any]]]:
        """Return the parameters of each group, with the options that are its own."""
        name = type(self).__name__
        if not (
            isinstance(parameters, (list, tuple))
            and parameters
            and isinstance(parameters[0], Mapping)
        ):
            return [(collect(name, parameters), {})]  # type: ignore[arg-type]
        parts = []
        for index, group in enumerate(parameters):
            if not isinstance(group, Mapping) or "parameters" not in group:
                what = f"keys {sorted(group)}" if isinstance(group, Mapping) else type(group)
                message = f"[{name}] group {index} has {what} - a dictionary with 'parameters'"
                raise TypeError(f"{message} is needed. Pass e.g. {{'parameters': layer}}.")
            differing = {key: value for key, value in group.items() if key != "parameters"}
            parts.append((collect(name, group["parameters"]), differing))
        together = collect(name, [value for values, _ in parts for value in values])
        if len(together) != sum(len(values) for values, _ in parts):
            message = f"[{name}] a parameter was given in two groups - each in one is needed."
            raise ValueError(f"{message} Leave it out of one of them.")
        return parts

    def _group(self, parameters: list[Value], options: dict[str, Any]) -> Group:
        POSITIVE.checked(type(self).__name__, "lr", options["lr"])
        group = Group(type(self).__name__, self.declared, parameters, options)
        self.check(group)
        group.is_checked = True
        return group

    def check(self, group: Group) -> None:  # noqa: B027 - most have nothing to refuse
        """Refuse options that do not go together; for rules to implement.

        Asked when a group is made, and before the step after an option was set.
        """

    @property
    def parameters(self) -> list[Value]:
        """The parameters of all groups, as a new list."""
        return [parameter for group in self.groups for parameter in group.parameters]

    @property
    def lr(self) -> float:
        """The learning rate of the first group; setting it sets that of every group, also to 0."""
        return self.groups[0].lr  # type: ignore[no-any-return]

    @lr.setter
    def lr(self, lr: float) -> None:
        for group in self.groups:
            group.lr = lr

    def step(self) -> None:
        """Update every parameter from its gradient, once.

        Nothing is changed if a parameter requires no gradient any more, or options were set that do
        not go together; make a new optimizer after a part was frozen. O(numbers in the parameters),
        in C++.

        Raises
        ------
        TypeError
            If a parameter requires no gradient.
        ValueError
            If options do not go together.

        Warns
        -----
        MissingGradientWarning
            At the first step, if parameters have no gradient.
        """
        if not self._is_checked:
            self._warn_of_missing_gradients()
        groups = self.groups
        if len(groups) > 1 or not groups[0].is_checked:
            for group in groups:  # all, before one is updated
                group.leaves.check()
                self.check(group)
                group.is_checked = True
        for group in groups:
            self.update(group)
            group.count_step()  # only now: a refused step does not count

    @abc.abstractmethod
    def update(self, group: Group) -> None:
        """Update the parameters of a group; ``group.steps`` steps were made before."""

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to zero."""
        for group in self.groups:
            group.leaves.zero_grad()

    def state_dict(self) -> dict[str, Any]:
        """Return all that a training that is continued needs: options, steps and state.

        Returns
        -------
        dict
            Nested dictionaries of numbers, lists and ndarrays, all copies.

        Examples
        --------
        >>> from autograd import Value, optim
        >>> state = optim.SGD([Value(1.0)], lr=0.5, momentum=0.9).state_dict()
        >>> state["groups"]["0"]["options"]["lr"]
        0.5
        """
        return {
            "optimizer": type(self).__name__,
            "groups": {str(index): group.state_dict() for index, group in enumerate(self.groups)},
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` of an optimizer of the same kind has returned.

        Parameters
        ----------
        state : dict
            For as many groups, with parameters of the same sizes in the same order.

        Raises
        ------
        ValueError
            If it is of another kind or for other parameters; every mismatch is listed, and nothing
            has changed.
        """
        name = type(self).__name__
        found = []
        given: Any = state
        given = given if isinstance(given, Mapping) else {}
        kind, groups = given.get("optimizer"), given.get("groups")
        if kind != name:
            found.append(f"the state of {kind!r}, that of {name!r} is needed")
        if not isinstance(groups, Mapping) or set(groups) != set(map(str, range(len(self.groups)))):
            count = len(groups) if isinstance(groups, Mapping) else "no"
            found.append(f"{count} groups, {len(self.groups)} are needed")
        else:
            for index, group in enumerate(self.groups):
                mismatches = group.mismatches(groups[str(index)], self.remembers)
                found += [f"group {index}: {mismatch}" for mismatch in mismatches]
        if found:
            listed = "\n  ".join(found)
            message = f"[{name}.load_state_dict] a state that does not fit was given:\n  {listed}\n"
            raise ValueError(
                f"{message}- one of the same optimizer, over the same parameters, is"
                " needed. Make the optimizer as it was when the state was saved."
            )
        for index, group in enumerate(self.groups):
            group.load_state_dict(groups[str(index)])
        self._is_checked = any(group.steps > 0 for group in self.groups)

    def _warn_of_missing_gradients(self) -> None:
        self._is_checked = True
        missing = [
            (f"groups[{number}]." if len(self.groups) > 1 else "", place, group.parameters[place])
            for number, group in enumerate(self.groups)
            for place in group.leaves.without_gradient()
        ]
        name = type(self).__name__
        if len(missing) == sum(len(group.parameters) for group in self.groups):
            warnings.warn(
                f"[{name}.step] no parameter has got a gradient - a backward pass before the step"
                " is needed. Call loss.backward() on a loss that depends on the parameters.",
                MissingGradientWarning,
                stacklevel=3,
            )
            return
        arrays = [
            f"{where}parameters[{place}] of shape {parameter.shape}"
            + (f" ({parameter.label!r})" if parameter.label is not None else "")
            for where, place, parameter in missing
            if parameter.ndim > 0
        ]
        if arrays:
            listed = ", ".join(arrays[:5]) + (", ..." if len(arrays) > 5 else "")
            warnings.warn(
                f"[{name}.step] {listed} got no gradient - a loss that depends on every parameter"
                " is needed. Use it in the model, or leave it out of the optimizer.",
                MissingGradientWarning,
                stacklevel=3,
            )

    def __repr__(self) -> str:
        listed = ", ".join(repr(group).removeprefix("Group") for group in self.groups)
        return (
            f"{type(self).__name__}[{listed}]"
            if len(self.groups) > 1
            else f"{type(self).__name__}{listed}"
        )
