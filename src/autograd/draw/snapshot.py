"""The snapshot: the graph of values as it is now, in text and numbers.

Start reading at `read`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core
from autograd.draw import captions
from autograd.draw.graph import Graph, Node, Role
from autograd.draw.origins import made
from autograd.draw.scopes import told_apart, with_users
from autograd.draw.settings import WITH_SETTINGS, Settings, history_of, settings_of
from autograd.draw.walk import Found, Key, Walk
from autograd.engine import AutogradError, Value
from autograd.inspection.names import named

if TYPE_CHECKING:
    from autograd.draw.scopes import Calls
    from autograd.inspection.names import Names

MAX_NODES = 20_000


def read(
    values: Value | Iterable[Value],
    *,
    operation: str = "draw",
    show_grad: bool = True,
    max_nodes: int = MAX_NODES,
    max_depth: int | None = None,
    names: Names | None = None,
) -> Graph:
    """Take a picture of the graph of one value or of several.

    Parameters
    ----------
    values : Value or iterable of Value
    operation : str
        Who asks, for messages.
    show_grad : bool, default True
        Whether gradients are read. Those of results that nobody held during the backward pass were
        not kept; they are computed again, as the derivative of the one result that was asked for,
        times its own gradient.
    max_nodes : int, default 20000
        More Values than this are refused.
    max_depth : int, optional
        What lies more operations than this before the results is left out and counted.
    names : module, or mapping of str to Value, optional
        What values without a label are called, as the module or the mapping has it.

    Returns
    -------
    Graph

    Raises
    ------
    TypeError
        If something else than Values is given, or than names.
    ValueError
        If there are no values, or too many.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(3.0, label="x")
    >>> [node.operation or node.data for node in read(x * x + 2.0).nodes]
    ['3', 'multiply', '2', 'add']
    """
    roots = _checked(values, operation)
    check_count(operation, "max_nodes", max_nodes, 1)
    if max_depth is not None:
        check_count(operation, "max_depth", max_depth, 0)
    pairs = named(names, operation)
    walk = Walk(operation, max_nodes)
    if max_depth is not None:
        walk.fold(roots, max_depth)
    for root in roots:
        walk.visit(root)
    gradients = _gradients(roots, walk) if show_grad else {}
    # Backwards, so that the first of two names is the one that stays.
    labels = {walk.key(value): name for name, value in reversed(pairs)}
    is_owner = names is not None and not isinstance(names, Mapping)
    return _described(roots, walk, gradients, labels, set(labels) if is_owner else None)


def _checked(values: object, operation: str) -> list[Value]:
    """Return the values as a list, each once."""
    given = [values] if isinstance(values, Value) else values
    if isinstance(given, (str, bytes, np.ndarray)) or not isinstance(given, Iterable):
        raise TypeError(
            f"[{operation}] {type(values).__name__} was given - a Value or a list of Values is "
            "needed. Pass what a computation on Values returned."
        )
    roots: list[Value] = []
    for place, value in enumerate(given):
        if not isinstance(value, Value):
            raise TypeError(
                f"[{operation}] {type(value).__name__} was given at place {place} of "
                f"{type(values).__name__} - Values are needed. Leave out what has no graph."
            )
        if not any(value is root for root in roots):
            roots.append(value)
    if not roots:
        raise ValueError(
            f"[{operation}] no values were given - at least one is needed. Pass the result whose "
            "graph is wanted."
        )
    return roots


def check_count(operation: str, name: str, given: object, least: int) -> None:
    """Refuse what is no whole number from `least` on."""
    if isinstance(given, bool) or not isinstance(given, (int, np.integer)):
        raise TypeError(
            f"[{operation}] {name} = {given!r} was given - a whole number is needed. Pass an int."
        )
    if given < least:
        raise ValueError(
            f"[{operation}] {name} = {given} was given - at least {least} is needed. Raise it."
        )


def _gradients(roots: list[Value], walk: Walk) -> dict[Key, Any]:
    """Return the gradient of everything that requires one, as a number or an ndarray."""
    gradients: dict[Key, Any] = {}
    for key in walk.order:
        value = walk.found[key].value
        if value.requires_grad:
            grad: Any = value.grad
            gradients[key] = grad.data if isinstance(grad, Value) else grad
    root = roots[0]
    seed = gradients.get(walk.key(root))
    if len(roots) > 1 or seed is None or _is_zero(seed):
        return gradients
    lost = [key for key, found in gradients.items() if walk.found[key].args and _is_zero(found)]
    try:
        again = _core.gradients(root, [walk.found[key].value for key in lost], seed, False)
    except AutogradError:  # a leaf has changed, or the rule of an operation is gone
        for key in lost:
            del gradients[key]
    else:
        gradients.update(zip(lost, again, strict=True))
    return gradients


def _is_zero(gradient: Any) -> bool:
    return not gradient.any() if isinstance(gradient, np.ndarray) else gradient == 0.0


def _described(
    roots: list[Value],
    walk: Walk,
    gradients: dict[Key, Any],
    labels: dict[Key, str],
    owned: set[Key] | None,
) -> Graph:
    """Put what was found into words."""
    nodes: list[Node] = []
    numbers: dict[Key, int] = {}
    calls: dict[int, Calls] = {}
    asked = {walk.key(root) for root in roots}
    operations = {key: walk.found[key].value.op for key in walk.order}
    told: dict[Key, Settings] = {}
    if not WITH_SETTINGS.isdisjoint(operations.values()):
        for root in roots:
            told |= settings_of(root, walk.key)
    for key in walk.order:
        args: list[int] = []
        for argument in walk.args(key):
            if isinstance(argument, float):
                args.append(len(nodes))
                nodes.append(_plain(len(nodes), argument))
            else:
                args.append(numbers[argument])
        numbers[key] = len(nodes)
        label = _label(key, walk.found[key], labels)
        node = _node(len(nodes), walk.found[key].value, operations[key], label, gradients.get(key))
        origin, calls[len(nodes)] = made(walk.found[key].value)
        nodes.append(
            node._replace(
                role=_role(key, walk.found[key], node.label, key in asked, owned),
                args=tuple(args),
                folded=walk.folded.get(key, 0),
                settings=told.get(key, ()),
                origin=origin,
            )
        )
    nodes = _within_modules(nodes, calls)
    results = tuple(numbers[walk.key(root)] for root in roots)
    # What lies behind a fold may be large, and has no place in the history of what is shown.
    whole = len(roots) == 1 and walk.depths is None
    known = [numbers[key] for key in history_of(roots[0], walk.key)] if whole else []
    history = known or [node.number for node in nodes if node.operation]
    return Graph(tuple(nodes), results, sum(walk.folded.values()), tuple(history))


def _plain(number: int, value: float) -> Node:
    """Describe a plain number."""
    short, full = captions.of(value), captions.in_full(value)
    return Node(number, "constant", "", "", (), short, "", full, "", (), is_plain=True)


def _label(key: Key, found: Found, labels: dict[Key, str]) -> str:
    """Return what a value is called: by itself, by the names that were given, by its array."""
    label = found.value.label
    if label is None:
        label = labels.get(key)
    if label is None and found.element is not None:
        base, index = found.element
        whole = base.label if base.label is not None else labels.get(id(base))
        label = None if whole is None else f"{whole}[{', '.join(map(str, index))}]"
    return captions.clean(label or "")


def _role(key: Key, found: Found, label: str, is_asked: bool, owned: set[Key] | None) -> Role:
    """Return the role of a Value; `owned` are those of the module that was given, if one was."""
    value = found.value
    if value.op:
        return "result" if is_asked else "operation"
    whole = key if found.element is None else id(found.element[0])
    if value.requires_grad if owned is None else key in owned or whole in owned:
        return "parameter"
    is_data = bool(value.shape) and value.dtype != np.int64  # that would be places
    return "input" if value.requires_grad or label or is_data else "constant"


def _node(number: int, value: Value, operation: str, label: str, gradient: Any) -> Node:
    """Describe a Value by itself."""
    data: Any = value.data
    return Node(
        number,
        "operation",
        operation,
        label,
        value.shape,
        captions.of(data),
        "" if gradient is None else captions.of(gradient),
        captions.in_full(data),
        "" if gradient is None else captions.in_full(gradient),
        (),
    )


def _within_modules(nodes: list[Node], calls: dict[int, Calls]) -> list[Node]:
    """Return the nodes with the modules that they are in."""
    if not any(calls.values()):
        return nodes
    paths = told_apart([calls.get(node.number, ()) for node in nodes])
    known = [node._replace(modules=path) for node, path in zip(nodes, paths, strict=True)]
    users: list[list[int]] = [[] for _ in nodes]
    for node in nodes:
        for argument in node.args:
            users[argument].append(node.number)
    return [
        node._replace(modules=path)
        for node, path in zip(known, with_users(known, users), strict=True)
    ]
