"""A progress bar in the terminal, by the package tqdm."""

from __future__ import annotations

import importlib.util
import sys
from time import perf_counter
from typing import TYPE_CHECKING, Any

from autograd import extras
from autograd.training.callback import Callback

if TYPE_CHECKING:
    from autograd.training.callback import Run

# Seconds between two looks of the bar: it is for eyes.
INTERVAL = 0.1


class ProgressBar(Callback):
    """Show how far the training is, and the numbers of the latest epoch.

    `fit` makes one by itself, see its argument `progress`. It is drawn ten times a second at most.

    Parameters
    ----------
    **options : object
        For `tqdm.tqdm`, such as ``file`` or ``ncols``.

    Raises
    ------
    ImportError
        If the package tqdm is missing.

    Examples
    --------
    >>> import io
    >>> from autograd import Value, optim
    >>> from autograd.training import fit
    >>> w, file = Value(1.0), io.StringIO()
    >>> data = ([1.0, 2.0], [2.0, 4.0])
    >>> _ = fit(
    ...     lambda x: w * x,
    ...     "mse",
    ...     optim.SGD([w], lr=0.1),
    ...     data,
    ...     3,
    ...     callbacks=ProgressBar(file=file),
    ...     progress=False,
    ... )
    >>> "3/3" in file.getvalue()
    True
    """

    def __init__(self, **options: Any) -> None:
        module = extras.load("tqdm", extra="progress", purpose="training.ProgressBar")
        self._make, self._options = module.tqdm, options
        self._bar: Any = None

    def on_start(self, run: Run) -> None:
        """Open the bar."""
        self._first = run.epoch
        # In batches, where an epoch has several and it is known how many.
        self._batches = len(run.data) if hasattr(run.data, "__len__") else 1
        total = (run.epochs - run.epoch) * self._batches
        unit = "epoch" if self._batches == 1 else "batch"
        self._bar = self._make(total=total, unit=unit, **self._options)
        self._next = 0.0

    def on_batch_end(self, run: Run) -> None:
        """Move the bar, if it has not been for a while."""
        if perf_counter() >= self._next:
            done = (run.epoch - self._first - 1) * self._batches
            self._move(run, done + min(run.batch, self._batches))

    def on_epoch_end(self, run: Run) -> None:
        """Move the bar, if it has not been for a while; after the last epoch in any case."""
        if run.epoch == run.epochs or run.stopped or perf_counter() >= self._next:
            self._move(run, (run.epoch - self._first) * self._batches)

    def on_end(self, run: Run) -> None:  # noqa: ARG002
        """Close the bar, and leave it where it is."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _move(self, run: Run, done: int) -> None:
        shown = [f"epoch {run.epoch}/{run.epochs}"] if self._batches > 1 else []
        shown += [
            f"{name} {number:.4g}"
            for name, number in run.history.last.items()
            if name not in ("lr", "seconds")
        ]
        self._bar.set_postfix_str(", ".join(shown), refresh=False)
        self._bar.update(done - self._bar.n)
        self._next = perf_counter() + INTERVAL


def bar_is_welcome() -> bool:
    """Tell whether a bar can be shown, and somebody is there to see it."""
    stream = sys.stderr
    # Without a console there may be no stream at all.
    is_terminal = stream is not None and stream.isatty()
    return is_terminal and importlib.util.find_spec("tqdm") is not None
