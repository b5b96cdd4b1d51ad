"""The formula of a value: what computes it, as Python or LaTeX.

Parts that are used several times get a name and a line of their own, and so do those that are
labelled, and those that would become too long or too deep to read (or for Python to parse). So the
text grows with the graph, not with the number of ways through it. Start reading at `to_formula`.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal

from autograd import _core
from autograd.draw.latex import Latex, latex_name
from autograd.draw.notation import ATOM, Formula, Notation, Python
from autograd.draw.snapshot import MAX_NODES, read
from autograd.engine import Value

if TYPE_CHECKING:
    from autograd.draw.graph import Graph
    from autograd.inspection.names import Names

Style = Literal["python", "latex"]
STYLES = ("python", "latex")

LONGEST = 88  # characters of a part that is not named
DEEPEST = 12  # nested operations of a part that is not named
RESULT = "result"

# What a name in Python must not be: functions that formulas call, and words of the language.
RESERVED = frozenset(
    {*_core.__all__, *dir(builtins), *keyword.kwlist, RESULT}
    | {"stack", "concatenate", "reshape", "broadcast_to", "transpose", "cumsum"}
)


def to_formula(
    value: Value,
    style: Style = "python",
    *,
    max_nodes: int = MAX_NODES,
    names: Names | None = None,
) -> str:
    r"""Return the formula by which a value was computed.

    Parameters
    ----------
    value : Value
    style : {"python", "latex"}
        Python's source, with the functions of `autograd` by their names, computes the same number
        again; LaTeX is for print, without the dollars.
    max_nodes : int, default 20000
        A graph of more Values than this is refused.
    names : module, or mapping of str to Value, optional
        What values without a label are called, as for `draw`.

    Returns
    -------
    str
        One formula; or, where parts have names, lines of assignments, the last one to ``result``
        (in LaTeX an environment ``aligned``). Leaves have their labels as names, as far as these
        can be one, and else are called ``x1``, ``x2``, ...; scalar constants without a label stand
        for themselves.

    Raises
    ------
    TypeError
        If something else than a Value is given.
    ValueError
        If the style is unknown, or the graph is too large.

    Examples
    --------
    >>> from autograd import Value
    >>> a, b = Value(2.0, label="a"), Value(3.0, label="b")
    >>> to_formula((a + b) * a**2 / b)
    '(a + b) * a ** 2.0 / b'
    >>> total = a + b
    >>> print(to_formula(total * total))
    t1 = a + b
    result = t1 * t1
    >>> print(to_formula((a + b) / a, style="latex"))
    \frac{a + b}{a}
    """
    if style not in STYLES:
        raise ValueError(
            f"[to_formula] style {style!r} was given - one of {', '.join(STYLES)} is needed. "
            "Choose one."
        )
    if not isinstance(value, Value):
        raise TypeError(
            f"[to_formula] {type(value).__name__} was given - a Value is needed. Pass one result; "
            "of a list, each in turn."
        )
    graph = read(value, operation="to_formula", show_grad=False, max_nodes=max_nodes, names=names)
    if style == "python":
        lines = _lines(graph, Python(), _Names(_identifier, RESERVED))
        steps = [f"{name} = {text}" for name, text in lines]
        return "\n".join(steps) if len(steps) > 1 else lines[0][1]
    lines = _lines(graph, Latex(), _Names(latex_name, [latex_name(RESULT)]))
    if len(lines) == 1:
        return lines[0][1]
    steps = [f"{name} &= {text}" for name, text in lines]
    return "\\begin{aligned}\n" + " \\\\\n".join(steps) + "\n\\end{aligned}"


class _Names:
    """Names in a style, each given once."""

    def __init__(self, styled: Callable[[str], str], reserved: Iterable[str]) -> None:
        self._styled, self._taken = styled, set(reserved)
        self.result = styled(RESULT)

    def take(self, wanted: str) -> str:
        """Return the name, with a number if others have it."""
        name, count = self._styled(wanted), 1
        while name in self._taken:
            count += 1
            name = self._styled(f"{wanted}_{count}")
        self._taken.add(name)
        return name

    def counted(self, letter: str, first: int) -> tuple[str, int]:
        """Return the letter with the first number that is free, and the number."""
        while (name := self._styled(f"{letter}{first}")) in self._taken:
            first += 1
        self._taken.add(name)
        return name, first


def _identifier(label: str) -> str:
    """Return a name in Python that is like a label."""
    name = re.sub(r"\W+", "_", label).strip("_") or "x"
    name = name if name.isidentifier() else f"_{name}"
    return name if name.isidentifier() else "x"


def _lines(graph: Graph, notation: Notation, names: _Names) -> list[tuple[str, str]]:
    """Return the assignments: a name and a formula each, arguments before their users."""
    uses = [len(users) for users in graph.users()]
    (root,) = graph.results
    given = {node.number: names.take(node.label) for node in graph.nodes if node.label}
    leaves = parts = 0
    formulas: list[Formula] = []
    lines: list[tuple[str, str]] = []
    for node in graph.nodes:
        if node.is_leaf:
            if node.number not in given and (node.role in ("parameter", "input") or node.shape):
                given[node.number], leaves = names.counted("x", leaves + 1)
            name = given.get(node.number)
            formula = Formula(name) if name else notation.number(float(node.full_data))
        else:
            args = [formulas[argument] for argument in node.args]
            shapes = [graph.nodes[argument].shape for argument in node.args]
            formula = notation.apply(node.operation, args, [*shapes, node.shape], node.settings)
            is_large = len(formula.text) > LONGEST or formula.depth > DEEPEST
            if node.number != root and (uses[node.number] > 1 or node.label or is_large):
                name = given.get(node.number)
                if name is None:
                    name, parts = names.counted("t", parts + 1)
                lines.append((name, formula.text))
                formula = Formula(name, ATOM)
        formulas.append(formula)
    return [*lines, (names.result, formulas[root].text)]
