"""Themes: the colours of a drawing.

The hues of the roles, and the vermilion of the signal, are taken from the palette of Okabe and Ito
(Color universal design, 2008), which people with any colour vision tell apart; roles differ in the
outline of the box, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from autograd.draw.graph import Role


class Theme(NamedTuple):
    """The colours of a theme.

    Attributes
    ----------
    paper, ink, pale, edge : str
    signal : str
        Of what is to be seen first: numbers that are not finite, matches of a search.
    roles : dict of str to (str, str)
        For each role that of a box and that of its outline.
    """

    paper: str
    ink: str
    pale: str
    edge: str
    signal: str
    roles: dict[Role, tuple[str, str]]


THEMES = {
    "light": Theme(
        "#ffffff",
        "#1b1f24",
        "#57606a",
        "#7d8894",
        "#b84300",
        {
            "parameter": ("#fff4dd", "#c27a00"),
            "input": ("#faebf4", "#a5467f"),
            "constant": ("#f4f5f7", "#7a838c"),
            "operation": ("#e9f3fb", "#0072b2"),
            "result": ("#dff5ec", "#00805c"),
        },
    ),
    "dark": Theme(
        "#15191e",
        "#e8ecf0",
        "#a3adb8",
        "#768390",
        "#ff8a50",
        {
            "parameter": ("#382a10", "#f0b040"),
            "input": ("#35202e", "#e08fc0"),
            "constant": ("#22272d", "#8d98a3"),
            "operation": ("#10283a", "#56b4e9"),
            "result": ("#0d3228", "#3fcf9f"),
        },
    ),
}

KNOWN_THEMES = (*THEMES, "auto")


def shown(theme: str) -> str:
    """Return the theme of a format that cannot ask the reader's system."""
    return "light" if theme == "auto" else theme
