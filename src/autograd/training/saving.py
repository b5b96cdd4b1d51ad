"""Saving a training as it goes, so that it can be continued as if it had not been interrupted."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd.arguments import checked_count
from autograd.extras import load as load_extra
from autograd.training.callback import Callback
from autograd.training.monitor import direction

if TYPE_CHECKING:
    from autograd.training.callback import Run


class Checkpoint(Callback):
    """Save everything that has a state: all some epochs, or whenever a number is the best yet.

    The parts are ``model``, ``optimizer``, ``schedule``, ``data`` and ``history``, as far as they
    have a `state_dict`, and ``random``, the generators that dropout and new modules draw from.
    `autograd.checkpoint.load` puts them back; training that goes on from there gives the same bits
    as if it had never been interrupted. So the file has the parameters of the last epoch, also
    where `EarlyStopping` goes back to the best ones at the end; for these pass `monitor`.

    Parameters
    ----------
    path : str or path
        The file; each save replaces it as a whole.
    every : int
        After how many epochs to save, at least 1. The last epoch is saved in any case.
    monitor : str, optional
        Save only after epochs in which this number of the history is better than ever, such as
        ``"val_loss"``; `every` does not matter then.
    mode : {"min", "max"}, optional
        What is better. None knows it of losses and errors, and of accuracies.
    **parts : object
        Further parts, by name: what has a `state_dict` and a `load_state_dict`, such as an
        `EarlyStopping`, which stands before this one in the list of callbacks then.

    Raises
    ------
    TypeError, ValueError
        If an argument will not do. `fit` refuses a number that is not recorded.

    Examples
    --------
    >>> Checkpoint("training.safetensors", every=10)
    Checkpoint('training.safetensors', every=10)
    >>> Checkpoint("best.safetensors", monitor="val_loss")
    Checkpoint('best.safetensors', monitor='val_loss')
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        every: int = 1,
        *,
        monitor: str | None = None,
        mode: str | None = None,
        **parts: Any,
    ) -> None:
        self.every = checked_count(
            "Checkpoint", "every", every, advice="Pass the number of epochs."
        )
        self.path, self.monitor = Path(path), monitor
        if monitor is not None:
            direction("Checkpoint", monitor, mode)  # asks for a mode where it is needed
        self._mode = mode
        for name, part in parts.items():
            if not callable(getattr(part, "state_dict", None)):
                message = f"[Checkpoint] the part {name!r} is a {type(part).__name__}"
                raise TypeError(f"{message} - an object with a state_dict is needed. Leave it out.")
        self._parts = parts

    def on_start(self, run: Run) -> None:
        """Refuse a number that will not be recorded, and a folder that is not there."""
        self._saved = run.epoch  # nothing is new yet
        if self.monitor is not None and self.monitor not in run.columns:
            message = f"[Checkpoint] monitor={self.monitor!r} was given"
            listed = ", ".join(run.columns)
            raise ValueError(
                f"{message} - one of what is recorded is needed: {listed}. Choose one of them, or"
                " pass validation= or metrics= to fit."
            )
        load_extra("safetensors", extra="checkpoint", purpose="Checkpoint")
        if self.path.is_dir():
            message = f"[Checkpoint] the folder {os.fspath(self.path)!r} was given - a file is"
            raise ValueError(f"{message} needed. Add a name to it.")
        if not self.path.absolute().parent.is_dir():
            message = f"[Checkpoint] the path {os.fspath(self.path)!r} was given - a folder that"
            raise ValueError(f"{message} exists is needed. Make it first.")

    def on_epoch_end(self, run: Run) -> None:
        """Save, if it is time."""
        if self.monitor is None:
            # The last epoch now, if it is known: `on_end` may be after EarlyStopping's.
            is_last = run.stopped or run.epoch == run.epochs
            due = is_last or run.history.epochs % self.every == 0
        else:
            # Better than all before, also those of an earlier run; nan never is.
            due = not math.isnan(run.history.last[self.monitor]) and (
                run.history.best(self.monitor, self._mode)[0] == run.history.epochs
            )
        if due:
            self._save(run)

    def on_end(self, run: Run) -> None:
        """Save the last epoch, unless the training ended within one."""
        if self.monitor is None and run.epoch == run.history.epochs > self._saved:
            self._save(run)

    def _save(self, run: Run) -> None:
        from autograd import checkpoint, random  # noqa: PLC0415 - here they are used

        parts = {
            "model": run.model,
            "optimizer": run.optimizer,
            "schedule": run.schedule,
            "data": run.data,
            "history": run.history,
            "random": random,
        }
        found = {
            name: part
            for name, part in parts.items()
            if callable(getattr(part, "state_dict", None))
        }
        checkpoint.save(self.path, **{**found, **self._parts})
        self._saved = run.history.epochs

    def __repr__(self) -> str:
        how = f"every={self.every}" if self.monitor is None else f"monitor={self.monitor!r}"
        return f"Checkpoint({os.fspath(self.path)!r}, {how})"
