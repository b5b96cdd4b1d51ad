"""Source: the text of a line of a program."""

from __future__ import annotations

import linecache


def text_of(filename: str, line: int) -> str:
    """Return a line without the space around it, empty where there is no source.

    Examples
    --------
    >>> text_of(__file__, 1)
    '\"\"\"Source: the text of a line of a program.\"\"\"'
    >>> text_of("<nowhere>", 1)
    ''
    """
    try:
        return linecache.getline(filename, line).strip()
    except ValueError:  # code may bear names that no file can have
        return ""
