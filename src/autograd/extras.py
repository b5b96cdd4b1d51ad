"""Packages that are no requirement: imported when they are used; missing ones are named."""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["load"]


def load(module: str, *, extra: str, purpose: str) -> Any:
    """Import a module of an optional package.

    Parameters
    ----------
    module : str
        Its full name, e.g. ``"scipy.optimize"``.
    extra : str
        The extra of this package that brings it.
    purpose : str
        Who needs it, for the message, e.g. ``"optim.minimize"``.

    Returns
    -------
    module
        The module.

    Raises
    ------
    ImportError
        If the package is missing; the message names the extra.

    Examples
    --------
    >>> load("json", extra="none", purpose="this example").loads("[1]")
    [1]
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != package:
            raise  # it is there, but lacks something itself
        message = (
            f"[{purpose}] the package {package!r} is missing - it is needed for this alone. Install"
            f' it with: python -m pip install "autograd-core[{extra}]"'
        )
        raise ImportError(message, name=package) from None
