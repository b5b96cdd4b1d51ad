"""A hook of MkDocs: links to files beside the folder of the documentation lead to its pages.

`design.md` is read in the checkout as well, where CONTRIBUTING.md is one folder up; the site has
that file as a page of its own.
"""

from __future__ import annotations

from typing import Any

PAGES = {
    "](../CONTRIBUTING.md": "](contributing.md",
    "](../CHANGELOG.md": "](changelog.md",
    "](../README.md": "](index.md",
}


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Return the text of a page with its links as the site needs them."""
    for outside, page in PAGES.items():
        markdown = markdown.replace(outside, page)
    return markdown
