"""Explaining a gradient: what each use of a parameter adds to it, by which paths, what is lost.

Start reading at `explain`. The search for the largest paths is in `paths.py`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd import _core
from autograd.engine import Value
from autograd.forensics.explanation import Dead, Explanation, Path, Step, Use
from autograd.forensics.nodes import GRADIENTS, Element, Node, read
from autograd.forensics.origins import origin_of
from autograd.forensics.paths import Edge, Ways
from autograd.forensics.quantity import is_zero, norm, number
from autograd.forensics.recorder import RECORDER
from autograd.forensics.rules import Rules
from autograd.inspection.names import named

if TYPE_CHECKING:
    from autograd.inspection.names import Names

_CUTS = 3  # constants that are named where nothing is connected


def explain(
    parameter: Value,
    root: Value,
    *,
    gradient: Any = None,
    paths: int = 5,
    names: Names | None = None,
) -> Explanation:
    """Say by which paths the gradient of a root arrives at a parameter, and how much each carries.

    Parameters
    ----------
    parameter : Value
        A leaf, an element of an array leaf, or a result, on which `root` depends.
    root : Value
        What is differentiated. No gradient changes.
    gradient : float or ndarray, optional
        What the root is seeded with, as in `backward`; an array of more elements needs it.
    paths : int, default 5
        How many paths are listed.
    names : module, or mapping of str to Value, optional
        What values without a label are called, as for `draw`.

    Returns
    -------
    Explanation
        To print, or to read: `total`, the gradient; `uses`, what each operation on the parameter
        adds to it; `paths`, those that carry most; `dead`, operations on the way whose derivative
        is 0; `reason`, why there is no gradient. Values that were made in `origins()` have their
        lines in it. O(nodes), and a rule or two for each.

    Raises
    ------
    TypeError
        If one of both is no Value, or names are none.
    ValueError
        If `paths` is negative, or the root is an array and no gradient is given.
    StaleValueError
        If a leaf was changed after it was used.

    Notes
    -----
    What a path carries is exact, and the paths of a graph of numbers are the largest there are.
    With arrays, which of the paths are listed is decided by an estimate: for each operation, by how
    much it changes the norm of what it is given. Paths may cancel each other, so that one can carry
    more than the whole. An operation that uses a value twice counts as one use.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(3.0, label="x")
    >>> print(explain(x, x * x + 2.0 * x))
    gradient of x, shape (): 8
    from 2 uses:
      6: multiply
      2: multiply
    by 2 paths:
      6: add <- multiply <- leaf 'x'
      2: add <- multiply <- leaf 'x'
    >>> explain(x, (x - 5.0).relu()).dead[0].reason
    'its argument is -2, not positive'
    """
    given: Any
    for name, given in (("parameter", parameter), ("root", root)):
        if not isinstance(given, Value):
            message = f"[explain] {name} is a {type(given).__name__} - a Value is needed."
            raise TypeError(f"{message} Pass e.g. explain(weight, loss).")
    if type(paths) is not int or paths < 0:
        message = f"[explain] paths={paths!r} was given - an int of at least 0 is needed."
        raise ValueError(f"{message} Pass e.g. paths=5.")
    with RECORDER.unseen():
        return _Search(parameter, root, gradient, _Labels(names)).explanation(paths)


class _Target(NamedTuple):
    """A parameter and its element, if it is one of an array."""

    value: Value
    element: Element | None

    def landed(self, node: Node, amount: Any) -> Any:
        """Return what of a contribution to a node is one to the parameter; None for another node.

        Elements of an array leaf are nodes of their own, and so is the array.
        """
        if node.value is self.value:
            return amount
        if self.element is not None:
            array, place = self.element
            if node.value is array:
                return float(amount[place])
            same = node.element is not None and node.element[0] is array
            return amount if same and node.element[1] == place else None  # type: ignore[index]
        if node.element is not None and node.element[0] is self.value:
            whole = np.zeros(self.value.shape, self.value.dtype)
            whole[node.element[1]] = amount
            return whole
        return None

    def is_at(self, node: Node) -> bool:
        """Tell whether a node is the parameter, or has to do with it."""
        shape = node.value.shape
        return self.landed(node, np.zeros(shape) if shape else 0.0) is not None


class _Labels:
    """What values are called."""

    def __init__(self, names: Names | None) -> None:
        # Backwards, so that the first of two names is the one that stays; held, so are the ids.
        self._named = {
            id(value): (name, value) for name, value in reversed(named(names, "explain"))
        }

    def of(self, value: Value, element: Element | None) -> str:
        """Return the label or the name of a value; that of an element has the index."""
        label = self._own(value)
        if label is None and element is not None:
            whole = self._own(element[0])
            label = None if whole is None else f"{whole}[{', '.join(map(str, element[1]))}]"
        return label or ""

    def _own(self, value: Value) -> str | None:
        if value.label is not None:
            return value.label
        name, _ = self._named.get(id(value), (None, value))
        return name

    def step(self, node: Node) -> Step:
        """Return a node as it is on a path."""
        value = node.value
        return Step(value.op, self.of(value, node.element), origin_of(value))


class _Search:
    """What is known of the graph between a root and a parameter."""

    def __init__(self, parameter: Value, root: Value, gradient: Any, labels: _Labels) -> None:
        self.labels = labels
        element = None if parameter.shape or parameter.args else _core.element_of(parameter)
        self.target = _Target(parameter, element)
        self.root = root
        self.nodes = read(root)
        self.rules = Rules(self.nodes)
        self.ends = [self.target.is_at(node) for node in self.nodes]
        self.zero: Any = np.zeros(parameter.shape, parameter.dtype) if parameter.shape else 0.0
        if gradient is None and root.size == 1:
            gradient = np.ones(root.shape, root.dtype) if root.shape else 1.0
        self.seed = gradient.data if isinstance(gradient, Value) else gradient

    def explanation(self, count: int) -> Explanation:
        """Find everything."""
        parameter = self.target.value
        reason = self._unconnected()
        if reason:
            return self._told(self.zero, reason=reason)
        total = GRADIENTS(self.root, [parameter], self.seed, False)[0]
        on_way = self._on_way()
        asked = [place for place, is_on in enumerate(on_way) if is_on]
        values = [self.nodes[place].value for place in asked]
        adjoints = dict(zip(asked, GRADIENTS(self.root, values, self.seed, False), strict=True))
        edges: list[list[Edge]] = [[] for _ in self.nodes]
        uses: list[Use] = []
        dead: list[Dead] = []
        for user in reversed(asked):
            if self.ends[user]:
                continue
            edges[user] = self._edges(user, adjoints[user], on_way)
            for edge in edges[user]:
                self._note(user, edge, adjoints[user], uses, dead)
        if self.ends[-1]:
            uses = []
        uses.sort(key=lambda use: -norm(use.carried))
        dead.sort(key=lambda one: -one.share)
        ways = Ways(edges, self.ends)
        found = tuple(self._path(way, edges) for way in ways.largest(count))
        ordered = tuple(sorted(found, key=lambda path: -norm(path.carried)))
        if is_zero(total):
            cancels = ways.count or any(edge.cancels for out in edges for edge in out)
            reason = "what arrives cancels" if cancels else "every path has a derivative of 0"
        return self._told(total, reason=reason)._replace(
            uses=tuple(uses), paths=ordered, path_count=ways.count, dead=tuple(dead)
        )

    def _told(self, total: Any, *, reason: str) -> Explanation:
        parameter = self.target.value
        name = self.labels.of(parameter, self.target.element)
        return Explanation(name, parameter.shape, total, (), (), 0, (), reason)

    def _unconnected(self) -> str:
        """Return why nothing can arrive, before anything is computed."""
        parameter, root = self.target.value, self.root
        if not parameter.requires_grad:
            return "its requires_grad is False" + (
                "" if parameter.is_leaf else ", for it is computed from constants"
            )
        if not root.requires_grad:
            if root.is_leaf:
                return "the root is a constant: computed under no_grad(), detached, or from .data"
            return "the root requires no gradient"
        if any(self.ends):
            return ""
        cuts = [
            node.value for node in self.nodes if node.value.is_leaf and not node.value.requires_grad
        ]
        cuts = [value for value in cuts if not value.shape or value.dtype != np.int64]  # places
        text = "the root was not computed from it"
        if cuts:
            text += ", unless by way of a constant (detach(), no_grad(), .data): "
            text += ", ".join(_constant(value) for value in cuts[:_CUTS])
            text += f" and {len(cuts) - _CUTS} more" if len(cuts) > _CUTS else ""
        return text

    def _on_way(self) -> list[bool]:
        """Return which nodes lead to the parameter; what lies below it does not."""
        on_way: list[bool] = []
        for number_, node in enumerate(self.nodes):
            leads = any(arg is not None and on_way[arg] for arg in node.args)
            on_way.append(self.ends[number_] or (leads and node.value.requires_grad))
        needed = [False] * len(self.nodes)
        needed[-1] = True
        for number_ in range(len(self.nodes) - 1, -1, -1):
            if needed[number_] and not self.ends[number_]:
                for arg in self.nodes[number_].args:
                    if arg is not None and on_way[arg]:
                        needed[arg] = True
        return [is_on and is_needed for is_on, is_needed in zip(on_way, needed, strict=True)]

    def _edges(self, user: int, adjoint: Any, on_way: list[bool]) -> list[Edge]:
        """Return what a node passes to its arguments on the way, one edge for each of these.

        A number passes on a multiple of its adjoint, whatever that is. Of an array the direction
        counts; where nothing arrives, because contributions cancel, it is all ones.
        """
        node = self.nodes[user]
        is_number = not node.value.shape
        is_plain = is_number and all(
            arg is None or not self.nodes[arg].value.shape for arg in node.args
        )
        probe: Any = 1.0 if is_plain else adjoint
        if is_zero(probe):
            probe = np.ones_like(adjoint) if node.value.shape else 1.0
        amounts: dict[int, Any] = {}
        alive: set[int] = set()
        for arg, amount in zip(node.args, self.rules.contributions(user, probe), strict=True):
            if arg is not None and amount is not None and on_way[arg]:
                amounts[arg] = amounts[arg] + amount if arg in amounts else amount
                if not is_zero(amount):
                    alive.add(arg)
        scale = norm(probe)
        edges = []
        for arg, amount in amounts.items():
            carried = amount * adjoint if is_plain else amount * 0.0 if is_zero(adjoint) else amount
            gain, partial = norm(amount) / scale, amount if is_plain else None
            edges.append(Edge(arg, gain, partial, carried, gain == 0.0 and arg in alive))
        return edges

    def _note(self, user: int, edge: Edge, adjoint: Any, uses: list[Use], dead: list[Dead]) -> None:
        """Add what an edge is worth to the uses of the parameter, or to the losses."""
        node, target = self.nodes[user], self.nodes[edge.argument]
        if self.ends[edge.argument]:
            uses.append(Use(self.labels.step(node), self.target.landed(target, edge.carried)))
        share = 1.0 if edge.gain == 0.0 else 0.0
        shape = target.value.shape
        if edge.gain and shape and node.value.op in _BY_ELEMENT and shape == node.value.shape:
            lost = (np.asarray(edge.carried) == 0.0) & (np.asarray(adjoint) != 0.0)
            share = float(np.mean(lost))
        if share:
            reason = _REASONS.get(node.value.op, "its derivative is 0 there")
            if edge.cancels:
                reason = "what it passes to its arguments, which are the same, cancels"
            if "{}" in reason:
                data: Any = target.value.data
                is_one = not target.value.shape
                reason = reason.format(f" is {number(data)}," if is_one else " is")
            dead.append(Dead(self.labels.step(node), share, reason))

    def _path(self, way: list[int], edges: list[list[Edge]]) -> Path:
        """Return a way from the root with what it carries: the rules along it, one by one."""
        carried: Any = self.seed
        for user, argument in pairwise(way):
            edge = next(one for one in edges[user] if one.argument == argument)
            if edge.partial is not None:
                carried = carried * edge.partial
                continue
            amounts = self.rules.contributions(user, carried)
            places = [place for place, arg in enumerate(self.nodes[user].args) if arg == argument]
            carried = sum(amounts[place] for place in places if amounts[place] is not None)
        landed = self.target.landed(self.nodes[way[-1]], carried)
        return Path(tuple(self.labels.step(self.nodes[place]) for place in way), landed)


# What makes a derivative 0 where an operation often has one, with the argument in the braces.
_REASONS = {
    "relu": "its argument{} not positive",
    "clip": "its argument{} outside of the bounds, or it is a bound that does not hold",
    "where": "the other one was chosen",
    "maximum": "the other one is larger",
    "minimum": "the other one is smaller",
    "max": "another element is larger",
    "min": "another element is smaller",
    "multiply": "the other factor is 0",
    "matmul": "what it is multiplied with is 0",
    "dot": "what it is multiplied with is 0",
    "neuron": "what it is multiplied with is 0, or its activation is flat there",
    "layer": "what it is multiplied with is 0, or its activation is flat there",
    "sign": "its derivative is 0 everywhere",
    "floor": "its derivative is 0 everywhere",
    "ceil": "its derivative is 0 everywhere",
    "sigmoid": "its argument{} so large that it is flat there",
    "tanh": "its argument{} so large that it is flat there",
    "absolute": "its argument is 0",
    "square": "its argument is 0",
}


# Of these a part of the elements may be lost, which is worth saying.
_BY_ELEMENT = frozenset({"relu", "clip", "where", "maximum", "minimum", "multiply"})


def _constant(value: Value) -> str:
    where = origin_of(value)
    name = repr(value.label) if value.label else f"one of shape {value.shape}"
    return name if where is None else f"{name} from line {where.line} of {where.filename}"
