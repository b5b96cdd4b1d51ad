"""Functions of trees, seen as functions of one flat vector, as `scipy.optimize` sees them.

An `Objective` has value, gradient and Hessian, a `Constraint` values, Jacobian and the Hessian of a
sum of them. A function is recorded once a point, whatever is asked for there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core
from autograd.engine import Value, no_grad
from autograd.transforms.variables import Scope, gradients_of, results

if TYPE_CHECKING:
    from autograd.optim.layout import Layout, Vector

__all__ = ["Constraint", "Objective"]


class _Point:
    """Where a function was recorded."""

    __slots__ = ("at", "gradient", "nodes", "roots", "slopes")

    def __init__(self, at: Vector, roots: list[Value], nodes: list[Value]) -> None:
        self.at, self.roots, self.nodes = at, roots, nodes
        self.gradient: Vector | None = None
        self.slopes: list[Value] | None = None  # the gradient as a part of the graph


class Objective:
    """A function that returns a scalar: its value, its gradient, its Hessian.

    Parameters
    ----------
    operation : str
        Who asks, for messages.
    function : callable
        From a tree of Values to a scalar Value.
    layout : Layout
    kept : int
        At how many points, the latest, the graph is kept for further questions; 0 records nothing,
        and lets the function return a plain number.

    Examples
    --------
    >>> from autograd.optim.layout import Layout
    >>> layout = Layout("minimize", np.array([1.0, 2.0]))
    >>> objective = Objective("minimize", lambda x: (x**3).sum(), layout, 1)
    >>> objective.value(layout.start), objective.gradient(layout.start)
    (9.0, array([ 3., 12.]))
    >>> objective.hessian(layout.start)
    array([[ 6.,  0.],
           [ 0., 12.]])
    """

    def __init__(
        self, operation: str, function: Callable[[Any], Any], layout: Layout, kept: int
    ) -> None:
        self._operation, self._function = operation, function
        self._layout, self._kept = layout, kept
        self._points: list[_Point] = []
        self._latest: tuple[Vector, float] | None = None  # where nothing is recorded

    def value(self, vector: Vector) -> float:
        """Return the value at a point."""
        if self._kept == 0:
            if self._latest is None or not np.array_equal(self._latest[0], vector):
                with no_grad():
                    tree, _ = self._layout.variables(vector)
                    self._latest = vector.copy(), self._plain(self._function(tree))
            return self._latest[1]
        return float(self._point(vector).roots[0].item())

    def depends(self, vector: Vector) -> bool:
        """Return whether the value at a point is computed from the variables at all."""
        if self.gradient(vector).any():
            return True
        point = self._point(vector)
        variables = set(map(id, point.nodes))
        seen = {id(point.roots[0]): point.roots[0]}  # held: an id is that of one Value only
        waiting = [point.roots[0]]
        while waiting:
            value = waiting.pop()
            if id(value) in variables:
                return True
            fresh = [one for one in value.args if isinstance(one, Value) and id(one) not in seen]
            seen.update((id(one), one) for one in fresh)
            waiting += fresh
        return False

    def gradient(self, vector: Vector) -> Vector:
        """Return the gradient at a point: one sweep."""
        point = self._point(vector)
        if point.gradient is None:
            with Scope():
                point.gradient = _flat(gradients_of(point.roots[0], point.nodes, None, False))
        return point.gradient.copy()

    def product(self, vector: Vector, direction: Vector) -> Vector:
        """Return the Hessian at a point times a direction: one sweep, the first time two."""
        point = self._point(vector)
        with Scope():
            if point.slopes is None:
                point.slopes = gradients_of(point.roots[0], point.nodes, None, True)
            return _pulled(point.slopes, point.nodes, self._layout.cut(direction))

    def hessian(self, vector: Vector) -> Vector:
        """Return the Hessian at a point, a row for each variable."""
        return np.array([self.product(vector, row) for row in np.eye(len(vector))])

    def _point(self, vector: Vector) -> _Point:
        """Return the record of a point: one of those that are kept, or a new one."""
        for place, point in enumerate(self._points):
            if np.array_equal(point.at, vector):
                if place > 0:
                    self._points.insert(0, self._points.pop(place))
                return point
        del self._points[self._kept - 1 :]  # first: two graphs at a time are enough
        with Scope():
            tree, nodes = self._layout.variables(vector)
            root = self._function(tree)
            if not isinstance(root, Value):
                message = f"[{self._operation}] the function returned {type(root).__name__} - a"
                message += " Value is needed. Compute with operators and functions of autograd, or"
                raise TypeError(f"{message} choose a method without derivatives (Nelder-Mead).")
            self._plain(root)
        point = _Point(vector.copy(), [root], nodes)
        self._points.insert(0, point)
        return point

    def _plain(self, returned: Any) -> float:
        """Return what a function returned as a float, if it is a scalar."""
        data = returned.data if isinstance(returned, Value) else returned
        if np.size(data) != 1:
            message = f"[{self._operation}] the function returned an array of shape"
            message += f" {np.shape(data)} - a scalar is needed. Reduce it, e.g. with .sum()."
            raise ValueError(message)
        if np.asarray(data).dtype.kind not in "biuf":
            message = f"[{self._operation}] the function returned {type(returned).__name__} - a"
            raise TypeError(f"{message} number is needed. Return the value to minimize.")
        return float(np.asarray(data).reshape(()))


class Constraint:
    """A function that returns one number or several: their values, and the Jacobian.

    Parameters
    ----------
    operation : str
        Who asks, for messages.
    function : callable
        From a tree of Values to a Value of any shape, or a tuple or list of them.
    layout : Layout

    Examples
    --------
    >>> from autograd.optim.layout import Layout
    >>> constraint = Constraint("minimize", lambda x: x * x, Layout("minimize", np.ones(2)))
    >>> constraint.jacobian(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """

    def __init__(self, operation: str, function: Callable[[Any], Any], layout: Layout) -> None:
        self._operation, self._function, self._layout = operation, function, layout
        self._point: _Point | None = None

    def values(self, vector: Vector) -> Vector:
        """Return all values at a point, one after the other."""
        return np.concatenate([np.ravel(root.data) for root in self._recorded(vector).roots])

    def jacobian(self, vector: Vector) -> Vector:
        """Return a row for each value: one sweep each."""
        point = self._recorded(vector)
        rows: list[Vector] = []
        with Scope():
            for root in point.roots:
                for one in np.eye(root.size):
                    seed = one.reshape(root.shape).astype(root.dtype) if root.ndim else 1.0
                    rows.append(_flat(gradients_of(root, point.nodes, seed, False)))
        return np.array(rows)

    def hessian(self, vector: Vector, weights: Vector) -> Vector:
        """Return the Hessian of the sum of the values, each with its weight."""
        point = self._recorded(vector)
        shares = iter(np.split(weights, np.cumsum([root.size for root in point.roots])[:-1]))
        with Scope():
            terms = [
                (root * share.reshape(root.shape)).sum() if root.ndim else root * float(share[0])
                for root, share in zip(point.roots, shares, strict=True)
            ]
            slopes = gradients_of(_core.sum(terms), point.nodes, None, True)
            rows = [
                _pulled(slopes, point.nodes, self._layout.cut(row)) for row in np.eye(len(vector))
            ]
        return np.array(rows)

    def _recorded(self, vector: Vector) -> _Point:
        if self._point is None or not np.array_equal(self._point.at, vector):
            with Scope():
                tree, nodes = self._layout.variables(vector)
                found = results(f"{self._operation}: constraint", self._function(tree))
            roots = [root for root in found if root is not None]
            self._point = _Point(vector.copy(), roots, nodes)
        return self._point


def _pulled(slopes: list[Value], nodes: list[Value], directions: list[Any]) -> Vector:
    """Return the gradient of the inner product of recorded gradients with directions."""
    pairs = zip(slopes, directions, strict=True)
    terms = [(slope * one).sum() for slope, one in pairs if slope.requires_grad]
    if not terms:  # nowhere curved
        return np.concatenate([np.zeros(node.size) for node in nodes])
    return _flat(_core.gradients(_core.sum(terms), nodes, None, False))


def _flat(amounts: list[Any]) -> Vector:
    return np.concatenate([np.ravel(amount) for amount in amounts]).astype(float, copy=False)
