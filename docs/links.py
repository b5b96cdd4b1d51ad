"""A hook of MkDocs: files beside the folder of the documentation are pages of the site.

CONTRIBUTING.md and CHANGELOG.md are read in the checkout, too, where links go from folder to
folder; on the site all pages are in one. A page takes such a file in by `{{ "CHANGELOG.md" }}`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "](../CONTRIBUTING.md": "](contributing.md",
    "](../CHANGELOG.md": "](changelog.md",
    "](../README.md": "](index.md",
    "](docs/": "](",
}


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Return the text of a page, with what it takes in, and with links as the site needs them."""
    text = re.sub(
        r'^\{\{ "([\w.]+)" \}\}$',
        lambda match: (ROOT / match[1]).read_text("utf-8"),
        markdown,
        flags=re.MULTILINE,
    )
    for outside, page in PAGES.items():
        text = text.replace(outside, page)
    return text
