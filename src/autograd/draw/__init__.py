"""Drawings of graphs: as pictures, as text for a terminal, as formulas.

`draw` gives a picture for notebooks and files, `print_graph` and `to_text` a tree of lines,
`to_formula` Python or LaTeX. All of them look at a value and what it was computed from, and at
nothing else: they record nothing and change nothing.

Examples
--------
>>> from autograd import Value
>>> from autograd.draw import draw, print_graph
>>> x = Value(2.0, label="x")
>>> y = x**2 + 1.0
>>> y.backward()
>>> print_graph(y)
+ 5  grad 1
├─ ** 4  grad 1
│  ├─ x 2  grad 4
│  └─ 2
└─ 1
>>> draw(y).to_svg().startswith("<svg")
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.draw.drawing import Drawing, draw
from autograd.draw.formula import to_formula
from autograd.draw.text import print_graph, to_text
from autograd.engine import Value

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Drawing", "draw", "print_graph", "to_formula", "to_text"]

METHODS: dict[str, Callable[..., Any]] = {"to_text": to_text}
for _name, _method in METHODS.items():
    setattr(Value, _name, _method)  # in the place of those that load this module
