"""What is watched: whether less of it or more of it is better."""

from __future__ import annotations

LESS = ("loss", "error", "mse", "mae")
MORE = ("accuracy", "r2", "precision", "recall", "f1")


def direction(operation: str, name: str, mode: str | None) -> int:
    """Return 1 if less is better, -1 if more is.

    Parameters
    ----------
    operation : str
        Who asks, for the message.
    name : str
        Of a number in a `History`. Its last word decides where there is no mode: ``"val_loss"``.
    mode : {"min", "max"}, optional
        What is better.

    Returns
    -------
    int
        The sign with which less is better.

    Raises
    ------
    ValueError
        If the mode is unknown, or there is none and the name does not tell.

    Examples
    --------
    >>> direction("this example", "val_loss", None), direction("this example", "score", "max")
    (1, -1)
    """
    if mode is None:
        word = name.rpartition("_")[2]
        if word in LESS:
            return 1
        if word in MORE:
            return -1
        message = f'[{operation}] {name!r} was given without a mode - "min" or "max" is needed.'
        raise ValueError(f"{message} The name does not tell what is better: pass mode=.")
    if mode not in ("min", "max"):
        message = f'[{operation}] mode={mode!r} was given - "min" or "max" is needed.'
        raise ValueError(f"{message} It says what is better.")
    return 1 if mode == "min" else -1
