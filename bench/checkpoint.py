"""Checkpoints: a model of 1,000,000 parameters, 8 MB, saved and loaded.

A saved file counts when it is flushed to the disk, so that the disk is part of the figure; beside
it stands what remains without that. A new file and one that takes the place of another are told
apart: the system has to give back the old one's blocks, which ours leaves to another thread and the
reference does before the rename is done. Five saves follow each other at once, so what is left over
of one is in the time of the next. The reference is the library's own writer and reader, which know
no checksum and no model, flushed and renamed likewise. Files lie in the system's temporary folder
and in its page cache.
"""

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path
from time import perf_counter_ns

import numpy as np

from autograd import Value, checkpoint, nn
from bench import clock
from bench.figure import Contest, Figure, Goal, assert_arrays_close

MILLISECONDS = 1e-6
# 8 MB at 500 MB/s.
GOAL = Goal("value", "<=", 16.0)


class Blocks(nn.Module):
    """Four arrays."""

    def __init__(self, side: int, seed: int) -> None:
        generator = np.random.default_rng(seed)
        self.weights = [Value(generator.normal(size=(side, side))) for _ in range(4)]


class Folder:
    """A folder that lasts as long as its contest."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp()
        weakref.finalize(self, shutil.rmtree, self._folder)

    def path(self, name: str) -> Path:
        return Path(self._folder, name)

    def note(self) -> str:
        """Say where it lies; held by the contest, this keeps it there."""
        return f"files in {Path(self._folder).parent}"


def unflushed(function: Callable[[], object]) -> Callable[[], None]:
    """Return the function without the flushes of the system."""

    def call() -> None:
        flush = os.fsync
        os.fsync = lambda _: None
        try:
            function()
        finally:
            os.fsync = flush

    return call


def saving(anew: bool) -> Callable[[bool], Contest]:
    """Return the preparation of a figure, for new files or one over the last. Milliseconds."""

    def prepare(quick: bool) -> Contest:
        import safetensors.numpy

        folder, model = Folder(), Blocks(20 if quick else 500, 1)
        ours, reference = folder.path("ours"), folder.path("reference")
        state = model.state_dict()

        def save() -> None:
            checkpoint.save(ours, model=model)

        def save_by_library() -> None:
            beside = reference.with_suffix(".tmp")
            safetensors.numpy.save_file(state, beside)
            with beside.open("rb") as file:
                os.fsync(file.fileno())
            beside.replace(reference)

        def sample(function: Callable[[], object]) -> Callable[[], float]:
            def milliseconds() -> float:
                spent = 0
                for _ in range(1 if quick else 5):
                    if anew:
                        ours.unlink(missing_ok=True)
                        reference.unlink(missing_ok=True)
                    started = perf_counter_ns()
                    function()
                    spent += perf_counter_ns() - started
                return spent / (1 if quick else 5) * MILLISECONDS

            return milliseconds

        def agree() -> None:
            save()
            save_by_library()
            mine, theirs = (safetensors.numpy.load_file(path) for path in (ours, reference))
            for name, array in theirs.items():
                assert_arrays_close(mine[f"model.{name}"], array, 0.0)

        return Contest(
            ours=sample(save),
            reference=sample(save_by_library),
            beside={"not flushed": sample(unflushed(save))},
            agree=agree,
            note=folder.note,
        )

    return prepare


def prepare_load(quick: bool) -> Contest:
    """Load into a model. Milliseconds."""
    import safetensors.numpy

    folder, side = Folder(), 20 if quick else 500
    path, saved, model = folder.path("model"), Blocks(side, 1), Blocks(side, 2)
    checkpoint.save(path, model=saved)

    def load() -> None:
        checkpoint.load(path, model=model)

    def agree() -> None:
        load()
        theirs = safetensors.numpy.load_file(path)
        for name, block in model.named_parameters():
            assert_arrays_close(block.data, theirs[f"model.{name}"], 0.0)

    return Contest(
        ours=clock.call(load, 1 if quick else 20, MILLISECONDS),
        reference=clock.call(
            lambda: safetensors.numpy.load_file(path), 1 if quick else 20, MILLISECONDS
        ),
        agree=agree,
        note=folder.note,
    )


FIGURES = (
    Figure(
        "checkpoint-save",
        "`checkpoint.save` of 1,000,000 parameters, flushed",
        "ms",
        saving(anew=True),
        "safetensors alone",
        GOAL,
        checked=True,
        needs=("safetensors",),
    ),
    Figure(
        "checkpoint-replace",
        "the same over the last checkpoint",
        "ms",
        saving(anew=False),
        "safetensors alone",
        GOAL,
        checked=True,
        needs=("safetensors",),
    ),
    Figure(
        "checkpoint-load",
        "`checkpoint.load` of them into the model",
        "ms",
        prepare_load,
        "safetensors alone",
        GOAL,
        checked=True,
        needs=("safetensors",),
    ),
)
