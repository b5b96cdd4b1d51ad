"""Minimizing a function as a whole: `scipy.optimize.minimize`, with exact derivatives."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd import extras
from autograd.engine import NoGradientError
from autograd.optim.layout import Layout
from autograd.optim.objective import Constraint, Objective
from autograd.transforms.variables import refuse_uncallable

__all__ = ["minimize"]


class _Method(NamedTuple):
    """What a method of SciPy's uses."""

    name: str
    gradient: bool = True
    hessian: str = ""  # "hessp": its products with vectors; "hess": all of it
    bounds: bool = False
    constraints: bool = False


# In the order of SciPy's documentation.
_METHODS = {
    method.name.lower(): method
    for method in (
        _Method("Nelder-Mead", gradient=False, bounds=True),
        _Method("Powell", gradient=False, bounds=True),
        _Method("CG"),
        _Method("BFGS"),
        _Method("Newton-CG", hessian="hessp"),
        _Method("L-BFGS-B", bounds=True),
        _Method("TNC", bounds=True),
        _Method("COBYLA", gradient=False, bounds=True, constraints=True),
        _Method("COBYQA", gradient=False, bounds=True, constraints=True),
        _Method("SLSQP", bounds=True, constraints=True),
        _Method("trust-constr", hessian="hessp", bounds=True, constraints=True),
        _Method("dogleg", hessian="hess"),
        _Method("trust-ncg", hessian="hessp"),
        _Method("trust-exact", hessian="hess"),
        _Method("trust-krylov", hessian="hessp"),
    )
}


def minimize(
    function: Callable[[Any], Any],
    x0: Any,
    *,
    method: str | None = None,
    bounds: Any = None,
    constraints: Any = (),
    tol: float | None = None,
    options: Mapping[str, Any] | None = None,
    callback: Callable[..., Any] | None = None,
) -> Any:
    """Find a minimum of a function by one of the methods of `scipy.optimize.minimize`.

    Gradients are exact, and so are the products with the Hessian for the methods that use them
    (Newton-CG, trust-ncg, trust-krylov, trust-constr) and the Hessian for dogleg and trust-exact.
    The function is recorded once a point, for all of them.

    Parameters
    ----------
    function : callable
        Takes one argument, `x0` with Values in the place of its numbers and arrays, and returns a
        scalar Value; for the methods without derivatives (Nelder-Mead, Powell, COBYLA, COBYQA) a
        plain number will do. What it raises is passed on.
    x0 : number, array, Value, or tuple, list or dict of them, nested as you like
        Where to start; it is not changed. Everything is computed in float64. None, strings and
        truths in a tree pass untouched.
    method : str, optional
        By default SLSQP with constraints, L-BFGS-B with bounds, else BFGS.
    bounds : sequence of (low, high), or scipy.optimize.Bounds, optional
        For the numbers of `x0` one after the other; None is no bound.
    constraints : dict, or sequence of dicts, optional
        ``{"type": "eq" or "ineq", "fun": f}``: f takes what the function takes, and returns what
        has to be zero, or not negative, as a Value of any shape or several. Its derivatives are
        exact.
        A dict with a ``"jac"``, and constraints that are objects of SciPy's, go to SciPy as they
        are: their functions take the flat vector.
    tol : float, optional
        When to stop; which quantity is meant depends on the method.
    options : dict, optional
        Of the method: ``maxiter``, ``disp``, ...
    callback : callable, optional
        ``callback(x)``, after each iteration, with x as floats and arrays in the structure of `x0`;
        it stops the search by raising StopIteration. If its one parameter is called
        ``intermediate_result``, it gets what SciPy reports, with such an x.

    Returns
    -------
    scipy.optimize.OptimizeResult
        ``x``, as floats and arrays in the structure of `x0`, and ``x_flat``, the same as one
        vector; ``fun``, ``success``, ``message``, ``nit``, ``nfev`` and what else the method
        reports, in terms of the vector.

    Raises
    ------
    ImportError
        If SciPy is missing.
    TypeError
        If `function` cannot be called or returns no Value, or `x0` holds no numbers.
    ValueError
        If the method is unknown or does not take bounds or constraints that are given, or the
        function returns an array, or is not finite where it starts.
    NoGradientError
        If the result does not depend on the variables, at the start.

    Notes
    -----
    On numbers, what is not defined raises (``log`` of a negative one); on arrays it gives nan, at
    which most methods shorten their step. The minimum itself cannot be differentiated.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import optim
    >>> rosenbrock = lambda x: (100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2).sum()
    >>> result = optim.minimize(rosenbrock, np.zeros(5), method="trust-ncg", tol=1e-8)
    >>> bool(np.abs(result.x - 1.0).max() < 1e-6)
    True
    >>> line = lambda p: (p["slope"] - 2.0) ** 2 + (p["offset"] + 1.0) ** 2
    >>> found = optim.minimize(line, {"slope": 0.0, "offset": 0.0}).x
    >>> {name: round(number, 6) for name, number in found.items()}
    {'slope': 2.0, 'offset': -1.0}
    """
    operation = "minimize"
    refuse_uncallable(operation, function, "Pass the function first, then where to start.")
    given = [constraints] if not isinstance(constraints, Sequence) else list(constraints)
    chosen = _chosen(operation, method, bounds, given)
    layout = Layout(operation, x0)
    limits = _checked_bounds(operation, bounds, layout.start.size)
    scipy = extras.load("scipy.optimize", extra="scipy", purpose=f"optim.{operation}")
    # A method that compares two points may come back to the first.
    kept = (2 if chosen.hessian else 1) if chosen.gradient else 0
    objective = Objective(operation, function, layout, kept)
    _check_start(operation, objective, layout, chosen)
    more: dict[str, Any] = {"jac": objective.gradient} if chosen.gradient else {}
    if chosen.hessian:
        more[chosen.hessian] = objective.product if chosen.hessian == "hessp" else objective.hessian
    result = scipy.minimize(
        objective.value,
        layout.start.copy(),
        method=chosen.name,
        bounds=limits,
        constraints=[_constraint(operation, layout, one, chosen, scipy) for one in given],
        tol=tol,
        options=None if options is None else dict(options),
        callback=None if callback is None else _callback(layout, callback),
        **more,
    )
    result.x_flat = result.x
    result.x = layout.tree(result.x_flat)
    return result


def _chosen(operation: str, name: Any, bounds: Any, constraints: list[Any]) -> _Method:
    """Return the method that was asked for, if it can do what it is to do."""
    if name is None:
        return _METHODS["slsqp" if constraints else "bfgs" if bounds is None else "l-bfgs-b"]
    known = ", ".join(method.name for method in _METHODS.values())
    if not isinstance(name, str) or name.lower() not in _METHODS:
        message = f"[{operation}] method {name!r} was given - one of {known} is needed."
        raise ValueError(f"{message} Choose one of them.")
    method = _METHODS[name.lower()]
    for what, is_given in (("bounds", bounds is not None), ("constraints", bool(constraints))):
        if is_given and not getattr(method, what):
            able = ", ".join(one.name for one in _METHODS.values() if getattr(one, what))
            message = f"[{operation}] {what} were given to {method.name} - a method that takes them"
            raise ValueError(f"{message} is needed. Choose one of {able}.")
    return method


def _checked_bounds(operation: str, bounds: Any, size: int) -> Any:
    """Return bounds as SciPy takes them: its own, or pairs, one for each number."""
    if bounds is None or hasattr(bounds, "lb"):
        return bounds
    needed = f"a pair (low, high) for each of {size} numbers is needed"
    advice = "None is no bound: pass e.g. [(0.0, None)] * n, in the order of the numbers in x0."
    if isinstance(bounds, (str, Mapping)) or not hasattr(bounds, "__iter__"):
        message = f"[{operation}] bounds is a {type(bounds).__name__} - {needed}."
        raise TypeError(f"{message} {advice}")
    pairs = list(bounds)
    for index, pair in enumerate(pairs):
        if not hasattr(pair, "__len__") or isinstance(pair, str) or len(pair) != 2:
            raise ValueError(f"[{operation}] bounds[{index}] is {pair!r} - {needed}. {advice}")
    if len(pairs) != size:
        raise ValueError(f"[{operation}] {len(pairs)} bounds were given - {needed}. {advice}")
    return pairs


def _check_start(operation: str, objective: Objective, layout: Layout, method: _Method) -> None:
    """Raise an error if a search from here cannot go anywhere."""
    value = objective.value(layout.start)
    if math.isnan(value) or (method.gradient and not math.isfinite(value)):
        message = f"[{operation}] the function is {value} at x0 - a finite value is needed."
        raise ValueError(f"{message} Start somewhere else.")
    if not method.gradient:
        return
    if not objective.depends(layout.start):
        message = f"[{operation}] the result does not depend on the variables - it must be computed"
        message += " from them. Use no .data, no float() and no copies of numbers on the way."
        raise NoGradientError(message)
    slope = objective.gradient(layout.start)
    if not np.isfinite(slope).all():
        index = int(np.flatnonzero(~np.isfinite(slope))[0])
        message = (
            f"[{operation}] the gradient is {slope[index]} at {layout.place(index)} - a finite"
        )
        raise ValueError(f"{message} one is needed. Start somewhere else.")


def _constraint(
    operation: str, layout: Layout, given: Any, method: _Method, scipy: Any
) -> dict[str, Any] | Any:
    """Return a constraint as the method takes it."""
    if not isinstance(given, dict) or "jac" in given or not callable(given.get("fun")):
        return given
    function, args, kind = given["fun"], given.get("args", ()), given.get("type")
    recorded = Constraint(operation, lambda tree: function(tree, *args), layout)
    if kind not in ("eq", "ineq"):
        message = f"[{operation}] a constraint of type {kind!r} was given - 'eq' or 'ineq' is"
        raise ValueError(f"{message} needed: f(x) = 0, or f(x) >= 0.")
    if not method.hessian:
        derivative = {"jac": recorded.jacobian} if method.gradient else {}
        return {"type": kind, "fun": recorded.values, **derivative}
    return scipy.NonlinearConstraint(
        recorded.values,
        0.0,
        0.0 if kind == "eq" else math.inf,
        jac=recorded.jacobian,
        hess=recorded.hessian,
    )


def _callback(layout: Layout, callback: Callable[..., Any]) -> Callable[..., Any]:
    """Return a callback that takes what SciPy gives, and hands x on in its structure."""
    try:
        names = set(inspect.signature(callback).parameters)
    except ValueError:  # of something that is compiled
        names = set()
    if names != {"intermediate_result"}:
        # trust-constr gives its state as well.
        return lambda vector, *_: callback(layout.tree(vector))

    def report(intermediate_result: Any) -> Any:
        told = type(intermediate_result)(intermediate_result)
        told.x_flat, told.x = told.x, layout.tree(told.x)
        return callback(intermediate_result=told)

    return report
