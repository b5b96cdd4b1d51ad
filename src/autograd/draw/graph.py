"""The graph as it is drawn and written: a plain list of text and numbers.

It knows nothing of Values, keeps none alive, and stays as it is when they change; `snapshot` makes
it. Nodes are numbered so that arguments come before their users. Start reading at `Node`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograd.draw.settings import Settings

Role = Literal["parameter", "input", "constant", "operation", "result"]
ROLES: tuple[Role, ...] = get_args(Role)

# Either of their arguments may stand first.
COMMUTATIVE = frozenset(
    {"add", "multiply", "maximum", "minimum", "hypot", "sum", "mean", "logsumexp", "dot", "neuron"}
)


class Node(NamedTuple):
    """One node of the graph, or a number that an operation was applied to, as text.

    Attributes
    ----------
    number : int
        Its place in `Graph.nodes`.
    role : str
        ``"parameter"`` (a leaf that the module owns by which values are named; without one, a leaf
        that requires a gradient), ``"input"`` (another leaf that requires one, is labelled, or is
        an array), ``"constant"`` (any other leaf, or a plain number), ``"operation"`` or
        ``"result"`` (an operation that was asked for).
    operation : str
        The name of the operation; empty for leaves and numbers.
    label : str
        The label; of an element of a labelled array, that with the index; empty without one.
    shape : tuple of int
        The length along each axis, () for a scalar.
    data, gradient : str
        Short text; the gradient is empty where there is none.
    full_data, full_gradient : str
        The same with every digit.
    args : tuple of int
        The numbers of the nodes that the operation was applied to, in its order.
    is_plain : bool
        Whether it is a plain number, which no Value holds.
    folded : int
        How many nodes are left out behind this one.
    settings : tuple of (str, object)
        What the operation was told beside its arguments, such as an axis.
    origin : str
        The line of the program that made it; empty where nobody kept it.
    modules : tuple of str
        The modules that were being called there, the outermost first, several calls of one by
        numbers; of a leaf that was made elsewhere, those in which all of its users are.
    """

    number: int
    role: Role
    operation: str
    label: str
    shape: tuple[int, ...]
    data: str
    gradient: str
    full_data: str
    full_gradient: str
    args: tuple[int, ...]
    is_plain: bool = False
    folded: int = 0
    settings: Settings = ()
    origin: str = ""
    modules: tuple[str, ...] = ()

    @property
    def is_leaf(self) -> bool:
        """Whether no operation made it."""
        return not self.operation

    @property
    def is_ordered(self) -> bool:
        """Whether it matters which argument comes first."""
        return len(self.args) > 1 and self.operation not in COMMUTATIVE


class Graph(NamedTuple):
    """What was computed, arguments before their users.

    Attributes
    ----------
    nodes : tuple of Node
    results : tuple of int
        The numbers of the nodes that were asked for.
    folded : int
        How many nodes were left out because they lie too deep; counting stops at a million.
    history : tuple of int
        The numbers of the operations and results, in the order in which they were computed; where
        that is not known, in that of their numbers.
    """

    nodes: tuple[Node, ...]
    results: tuple[int, ...]
    folded: int
    history: tuple[int, ...] = ()

    def edges(self) -> Iterator[tuple[int, int, int]]:
        """Give (argument, user, which argument it is) for each edge."""
        for node in self.nodes:
            for place, argument in enumerate(node.args):
                yield argument, node.number, place

    def users(self) -> list[list[int]]:
        """Return for each node the numbers of its users, one for each use."""
        users: list[list[int]] = [[] for _ in self.nodes]
        for argument, user, _ in self.edges():
            users[argument].append(user)
        return users
