"""Training a model: the checks of what is given; the loop itself is in ``loop.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from autograd import _core
from autograd.arguments import checked_count, checked_number
from autograd.data import Batches
from autograd.nn import Module
from autograd.optim import Optimizer, clip_grad_norm
from autograd.training.callback import Hooks, Run, callback_list
from autograd.training.evaluate import checked_model
from autograd.training.feed import feed
from autograd.training.history import History
from autograd.training.loop import Loop
from autograd.training.measures import checked_loss, checked_metrics
from autograd.training.progress_bar import ProgressBar, bar_is_welcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from autograd.engine import Value
    from autograd.training.callback import Callback, Hook
    from autograd.training.measures import Loss, Metric


def fit(
    model: Callable[[Any], Any],
    loss: Loss | str,
    optimizer: Any,
    data: Any,
    epochs: int,
    *,
    batch_size: int | None = None,
    seed: int | None = None,
    validation: Any = None,
    metrics: Mapping[str, Metric] | None = None,
    schedule: Any = None,
    schedule_every: Literal["epoch", "batch"] = "epoch",
    clip: float | None = None,
    callbacks: Callback | Hook | Iterable[Callback | Hook] = (),
    on_nan: Literal["raise", "ignore"] = "raise",
    history: History | None = None,
    progress: bool | Literal["auto"] = "auto",
) -> History:
    """Train a model: for each batch the loss, its gradients, and a step of the optimizer.

    A module trains meanwhile (`Module.train`) and is put back into its mode. Everything is checked
    before the first step. An error or an interrupt that ends the training passes through, after
    `on_end` of the callbacks: the parameters are as they were at that moment, and a `history` that
    was given has the epochs that are over.

    Parameters
    ----------
    model : callable
        Takes the inputs of a batch and returns predictions.
    loss : str or callable
        A name in `autograd.nn.losses`, or a function of predictions and targets that returns a
        scalar Value, the mean over the batch.
    optimizer : Optimizer
        Or whatever has `zero_grad` and `step`. Of a module with parameters an `Optimizer` has to
        hold at least one.
    data : (array_like, array_like), Batches, or iterable of pairs
        A tuple is inputs and targets of all samples, with the same length. Of anything else, each
        entry is a batch, (inputs, targets), and it can be gone through once an epoch. A model that
        takes two inputs gets both from (a, b, targets).
    epochs : int
        How often to go through the data, at least 0. What `history` has already comes on top.
    batch_size : int, optional
        How many samples of a tuple make a batch, in a new random order each epoch. None is all, in
        their order.
    seed : int, optional
        Of that order. The n-th epoch of a `history` has the same order each time, so that training
        that goes on does what it would have done.
    validation : (array_like, array_like), Batches, or iterable of pairs, optional
        Evaluated after each epoch, see `evaluate`; a tuple in batches of `batch_size`.
    metrics : dict of str to callable, optional
        Functions of predictions and targets, as ndarrays, that are computed once an epoch, on the
        predictions as they were made in training.
    schedule : object, optional
        Has a `step`, which changes the learning rate; a `Schedule` has to be one of the optimizer.
    schedule_every : {"epoch", "batch"}
        After what the schedule steps.
    clip : float, optional
        The largest norm of all gradients together, see `optim.clip_grad_norm`.
    callbacks : Callback, callable, or iterable of them
        See `Callback`. A function is called at the end of each epoch.
    on_nan : {"raise", "ignore"}
        What to do about a loss that is nan or inf: raise before it reaches the parameters, or go
        on.
    history : History, optional
        Of an earlier training, which is continued: it gets the new epochs, and is returned.
    progress : {"auto"} or bool
        Whether to show a progress bar, for which the package tqdm is needed. ``"auto"`` does if it
        is installed and a terminal is there to see it.

    Returns
    -------
    History
        For each epoch ``"loss"``, the mean over samples as they were trained on, the metrics, the
        same of the validation after ``"val_"``, the learning rate ``"lr"`` (if the optimizer has
        one), and the time it took, ``"seconds"``.

    Raises
    ------
    TypeError, ValueError
        If an argument will not do, or the data have no batch.
    FloatingPointError
        If the loss of a batch is nan or inf, unless it is to be ignored.
    ImportError
        If a progress bar is demanded and tqdm is missing.

    Examples
    --------
    >>> from autograd import nn, optim
    >>> from autograd.data import moons
    >>> points, classes = moons(100, seed=0)
    >>> model = nn.Net(2, [16, 1], "tanh", output_activation="linear", seed=0)
    >>> history = fit(
    ...     model,
    ...     "binary_cross_entropy_with_logits",
    ...     optim.Adam(model, lr=0.1),
    ...     (points, classes[:, None]),
    ...     epochs=20,
    ...     batch_size=10,
    ...     seed=0,
    ...     metrics={"accuracy": lambda scores, targets: ((scores > 0) == targets).mean()},
    ... )
    >>> history.epochs, history.last["loss"] < 0.1, history.last["accuracy"] > 0.95
    (20, True, True)
    """
    checked_model("fit", model)
    computed = checked_loss("fit", loss)
    if optimizer is model:
        message = "[fit] the optimizer is the model itself - an optimizer is needed."
        raise TypeError(f"{message} Pass e.g. autograd.optim.Adam(model).")
    _check_methods("optimizer", optimizer, "zero_grad", "step")
    _check_parameters(model, optimizer)
    if schedule is not None:
        _check_methods("schedule", schedule, "step")
        _check_schedule(schedule, optimizer)
    count = checked_count("fit", "epochs", epochs, advice="Pass the number of epochs.", at_least=0)
    if clip is not None:
        checked_number("fit", "clip", clip, above=0.0, advice="Pass the largest norm, e.g. 1.0.")
    _check_choice("schedule_every", schedule_every, ("epoch", "batch"))
    _check_choice("on_nan", on_nan, ("raise", "ignore"))
    _check_choice("progress", progress, ("auto", True, False))
    chosen = checked_metrics("fit", metrics)
    told: Any = History() if history is None else history
    if not isinstance(told, History):
        message = f"[fit] history is a {type(told).__name__} - a History is needed."
        raise TypeError(f"{message} Pass what fit returned.")
    pairs = feed("fit", data, batch_size=batch_size, seed=seed)
    if isinstance(pairs, Batches) and pairs is not data and seed is not None:
        pairs.epoch = told.epochs
    held = None
    if validation is not None:
        size = batch_size if isinstance(validation, tuple) else None
        held = feed("fit", validation, batch_size=size, seed=None, shuffle=False, name="validation")
    measured = ("loss", *chosen)
    if held is not None:
        measured += tuple([f"val_{name}" for name in measured])
    measured += ("lr", "seconds") if hasattr(optimizer, "lr") else ("seconds",)
    columns = told.columns("fit", measured)
    listed = callback_list("fit", callbacks)
    if progress is True or (progress == "auto" and bar_is_welcome()):
        listed.insert(0, ProgressBar())
    hooks = Hooks("fit", listed)
    if schedule is not None:
        after = hooks.on_epoch_end if schedule_every == "epoch" else hooks.on_batch_end
        after.insert(0, lambda _: schedule.step())
    if clip is not None:
        hooks.on_backward_end.insert(0, lambda _: clip_grad_norm(optimizer, clip))
    run = Run(
        model=model,
        optimizer=optimizer,
        schedule=schedule,
        data=pairs,
        history=told,
        columns=columns,
        epoch=told.epochs,
        epochs=told.epochs + count,
    )
    Loop(
        run=run,
        loss=computed,
        metrics=chosen,
        measured=measured,
        held=held,
        hooks=hooks,
        refuses_nan=on_nan == "raise",
    ).go()
    return told


def _check_methods(name: str, given: Any, *methods: str) -> None:
    missing = [method for method in methods if not callable(getattr(given, method, None))]
    if isinstance(given, type):
        message = f"[fit] the {name} is the class {given.__name__} - an instance is needed."
        raise TypeError(f"{message} Call it.")
    if missing:
        message = f"[fit] the {name} is a {type(given).__name__} without {' and '.join(missing)}"
        needed = f"{' and '.join(methods)} {'is' if len(methods) == 1 else 'are'} needed"
        raise TypeError(f"{message} - {needed}. Look at autograd.optim.")


def _check_parameters(model: Any, optimizer: Any) -> None:
    """Refuse an optimizer that would leave the module as it is."""
    if not (isinstance(model, Module) and isinstance(optimizer, Optimizer)):
        return
    blocks = type(model).blocks(model)  # many a network has a list of this name
    owners = [_owner(parameter) for parameter in optimizer.parameters]  # their ids stay theirs
    held = {id(owner) for owner in owners}
    if not blocks or any(id(_owner(block)) in held for block in blocks):
        return
    count = f"{len(blocks)} parameter{'s' * (len(blocks) > 1)}"
    name = type(optimizer).__name__
    message = f"[fit] an optimizer that holds none of the model's {count} was given - one of this"
    raise ValueError(
        f"{message} model is needed. Make it with the model as it is now, e.g. optim.{name}(model,"
        " lr=...)."
    )


def _owner(parameter: Value) -> Value:
    """Return the array of which a parameter is an element, or the parameter itself."""
    element = _core.element_of(parameter) if parameter.ndim == 0 else None
    return parameter if element is None else element[0]


def _check_schedule(schedule: Any, optimizer: Any) -> None:
    """Refuse a schedule that would change the rates of another optimizer."""
    other = getattr(schedule, "optimizer", None)
    if isinstance(other, Optimizer) and isinstance(optimizer, Optimizer) and other is not optimizer:
        message = f"[fit] the schedule is a {type(schedule).__name__} of another optimizer - one of"
        raise ValueError(f"{message} this optimizer is needed. Make it with the same object.")


def _check_choice(name: str, given: Any, known: tuple[Any, ...]) -> None:
    if not any(given is choice or (isinstance(given, str) and given == choice) for choice in known):
        listed = ", ".join(map(repr, known))
        message = f"[fit] {name}={given!r} was given - one of {listed} is needed."
        raise ValueError(f"{message} Choose one of them.")
