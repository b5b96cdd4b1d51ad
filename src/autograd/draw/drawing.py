"""The drawing: what `draw` returns, to look at in a notebook or to save.

Start reading at `draw`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd.draw import saving
from autograd.draw.cards import Card, caption_width, card
from autograd.draw.dot import to_dot
from autograd.draw.layout import DIRECTIONS, Direction, Layout, layout
from autograd.draw.mermaid import to_mermaid
from autograd.draw.page import to_html
from autograd.draw.scopes import tree_of
from autograd.draw.snapshot import MAX_NODES, read
from autograd.draw.svg import to_svg
from autograd.draw.themes import KNOWN_THEMES

if TYPE_CHECKING:
    from autograd.draw.graph import Graph
    from autograd.engine import Value
    from autograd.inspection.names import Names

ENDINGS = ("svg", "dot", "gv", "mmd", "html", "png", "pdf")


class Drawing:
    """A picture of a graph; a notebook shows it by itself. Made by `draw`.

    It is a snapshot: it holds no Values, and does not change with them.

    Attributes
    ----------
    graph : Graph
        The nodes as text.
    cards : tuple of Card
        What is written in each box.
    layout : Layout
        Where the boxes and edges are; computed when it is asked for.
    direction, theme, show_legend, show_modules
        As given to `draw`.
    """

    def __init__(
        self,
        graph: Graph,
        direction: Direction,
        theme: str,
        *,
        show_legend: bool = True,
        show_modules: bool = True,
    ) -> None:
        self.graph, self.direction, self.theme = graph, direction, theme
        self.show_legend, self.show_modules = show_legend, show_modules

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        """What is written in each box."""
        return tuple(map(card, self.graph.nodes))

    @cached_property
    def layout(self) -> Layout:
        """Where the boxes and the edges are."""
        scopes, within = tree_of(self._framed)
        return layout(
            [node.args for node in self.graph.nodes],
            [(each.width, each.height) for each in self.cards],
            keeps_order=[node.is_ordered for node in self.graph.nodes],
            direction=self.direction,
            scopes=scopes,
            within=within,
            captions=[caption_width(scope.path) for scope in scopes],
        )

    @property
    def _framed(self) -> list[tuple[str, ...]]:
        """The modules of each node, as far as they are framed."""
        return [node.modules if self.show_modules else () for node in self.graph.nodes]

    def to_svg(self) -> str:
        """Return the drawing as the text of an SVG file, which needs nothing beside itself.

        Examples
        --------
        >>> from autograd import Value
        >>> draw(Value(2.0) * 3.0).to_svg()[:4]
        '<svg'
        """
        return to_svg(self.graph, self.cards, self.layout, self.theme, show_legend=self.show_legend)

    def to_dot(self) -> str:
        """Return the graph in the language of Graphviz, which lays it out itself.

        Examples
        --------
        >>> from autograd import Value
        >>> draw(Value(2.0) * 3.0).to_dot().splitlines()[0]
        'digraph autograd {'
        """
        return to_dot(self.graph, self.cards, self.direction, self.theme, self._framed)

    def to_mermaid(self) -> str:
        """Return the graph as a flowchart of Mermaid, which lays it out itself.

        As it is configured in most places, Mermaid refuses more than 500 edges.

        Examples
        --------
        >>> from autograd import Value
        >>> draw(Value(2.0) * 3.0).to_mermaid().splitlines()[0]
        'flowchart TB'
        """
        return to_mermaid(self.graph, self.cards, self.direction, self.theme, self._framed)

    def to_html(self) -> str:
        """Return a page on which the graph can be moved, searched, folded and played.

        It is one file, which needs nothing beside itself and asks for nothing from elsewhere. What
        was computed within `autograd.forensics.origins` can be folded module by module, too.

        Examples
        --------
        >>> from autograd import Value
        >>> draw(Value(2.0) * 3.0).to_html()[:15]
        '<!DOCTYPE html>'
        """
        return to_html(self.graph, self.cards, self.layout, self.theme)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a file; its ending says which format.

        Parameters
        ----------
        path : str or path
            ``.svg``, ``.dot`` (or ``.gv``), ``.mmd`` (Mermaid), ``.html``, ``.png`` or ``.pdf``.
            The last two need CairoSVG, which the extra "draw" brings, or Graphviz.

        Raises
        ------
        TypeError
            If `path` is none.
        ValueError
            If the ending is none of these.
        OSError
            If the file cannot be written. What stood there before stands there still.
        ImportError
            If what draws a PNG or a PDF is missing.

        Examples
        --------
        >>> from autograd import Value
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     draw(Value(2.0) * 3.0).save(f"{folder}/graph.svg")
        ...     [path.name for path in Path(folder).iterdir()]
        ['graph.svg']
        """
        if not isinstance(path, (str, os.PathLike)):
            raise TypeError(
                f"[Drawing.save] {type(path).__name__} was given - the path of a file is needed. "
                "Pass a str or a pathlib.Path."
            )
        place = Path(path)
        ending = place.suffix[1:].lower()
        if ending not in ENDINGS:
            raise ValueError(
                f"[Drawing.save] {os.fspath(path)!r} was given - a name that ends in one of "
                f"{', '.join(f'.{known}' for known in ENDINGS)} is needed. Rename it."
            )
        if ending in ("png", "pdf"):
            content = saving.rendered(ending, self.to_svg(), self.to_dot())
        else:
            methods = {
                "svg": self.to_svg,
                "dot": self.to_dot,
                "gv": self.to_dot,
                "mmd": self.to_mermaid,
                "html": self.to_html,
            }
            content = methods[ending]().encode()
        saving.write(place, content)

    def _repr_svg_(self) -> str:
        return self.to_svg()

    def _repr_html_(self) -> str:
        return self.to_svg()

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, Any]:
        bundle = {"text/plain": repr(self), "image/svg+xml": self.to_svg()}
        wanted = set(bundle if include is None else include) - set(exclude or ())
        return {kind: content for kind, content in bundle.items() if kind in wanted}

    def __repr__(self) -> str:
        folded = f", {self.graph.folded:,} folded" if self.graph.folded else ""
        return f"<Drawing of {len(self.graph.nodes):,} nodes{folded}>"


def draw(
    values: Value | Iterable[Value],
    direction: Direction = "TB",
    *,
    show_grad: bool = True,
    theme: str = "light",
    max_nodes: int = MAX_NODES,
    max_depth: int | None = None,
    names: Names | None = None,
    show_legend: bool = True,
    show_modules: bool = True,
) -> Drawing:
    """Draw the graph of a value, or of several in one picture.

    Parameters
    ----------
    values : Value or iterable of Value
        The results.
    direction : {"TB", "LR", "BT", "RL"}
        Where the computation leads: from top to bottom, from left to right, or the other way round.
    show_grad : bool, default True
        Whether the gradients are shown. Those of results that nobody held during the backward pass
        were not kept; they are computed again, as the derivative of the one result that is drawn,
        times its own gradient.
    theme : {"light", "dark", "auto"}
        The colours; ``"auto"`` is the one or the other, as the reader's system has it.
    max_nodes : int, default 20000
        A graph of more Values than this is refused. Plain numbers do not count.
    max_depth : int, optional
        What lies more operations than this before the results is left out; each box at that border
        says how many nodes it hides, counting each node once, up to a million in all.
    names : module, or mapping of str to Value, optional
        What values without a label are called: the parameters of a module by their dotted names, or
        as the mapping has it; of an element of an array, that with the index. Of the leaves, those
        of the module are the parameters then, and all others are not.
    show_legend : bool, default True
        Whether a picture says which colour and outline each role has.
    show_modules : bool, default True
        Whether what was computed within a call of a module stands in a frame with its name, in
        every format. It is known of what was computed within `autograd.forensics.origins`.

    Returns
    -------
    Drawing

    Raises
    ------
    TypeError
        If something else than Values is given, or names are none.
    ValueError
        If direction or theme is unknown, or the graph is too large.

    Examples
    --------
    >>> from autograd import Value
    >>> x, y = Value(2.0, label="x"), Value(3.0, label="y")
    >>> draw((x + 1.0) * y, "LR", theme="dark")
    <Drawing of 5 nodes>
    >>> weights = Value([0.5, 2.0])
    >>> drawing = draw(weights[0] * weights[1], names={"weights": weights})
    >>> [node.label for node in drawing.graph.nodes]
    ['weights[0]', 'weights[1]', '']
    """
    _check_known("direction", direction, DIRECTIONS)
    _check_known("theme", theme, KNOWN_THEMES)
    graph = read(
        values,
        operation="draw",
        show_grad=show_grad,
        max_nodes=max_nodes,
        max_depth=max_depth,
        names=names,
    )
    return Drawing(graph, direction, theme, show_legend=show_legend, show_modules=show_modules)


def _check_known(name: str, given: object, known: tuple[str, ...]) -> None:
    if given not in known:
        raise ValueError(
            f"[draw] {name} {given!r} was given - one of {', '.join(known)} is needed. Choose one."
        )
