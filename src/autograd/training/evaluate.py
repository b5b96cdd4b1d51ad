"""Evaluating a model: loss and metrics on data, with nothing recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.engine import Value, no_grad
from autograd.nn import Module
from autograd.training.feed import feed, parts
from autograd.training.measures import Gathered, checked_loss, checked_metrics, refused_loss
from autograd.training.mode import mode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from autograd.training.feed import Feed
    from autograd.training.measures import Loss, Metric


def evaluate(
    model: Callable[[Any], Any],
    loss: Loss | str,
    data: Any,
    *,
    metrics: Mapping[str, Metric] | None = None,
    batch_size: int | None = None,
) -> dict[str, float]:
    """Return the loss and the metrics of a model.

    A module evaluates meanwhile (`Module.eval`) and is put back into its mode.

    Parameters
    ----------
    model : callable
        Takes the inputs of a batch.
    loss : str or callable
        A name in `autograd.nn.losses`, or a function of predictions and targets that returns a
        scalar Value, the mean over the batch.
    data : (array_like, array_like), Batches, or iterable of pairs
        As in `fit`.
    metrics : dict of str to callable, optional
        Functions of predictions and targets, as ndarrays, each computed once on all of them.
    batch_size : int, optional
        How many samples of a tuple go through the model at once; None is all.

    Returns
    -------
    dict of str to float
        ``"loss"``, the mean over all samples, and each metric. nan and inf are returned as such.

    Raises
    ------
    TypeError, ValueError
        If an argument will not do, or the data have no batch.

    Examples
    --------
    >>> from autograd import nn
    >>> from autograd.data import moons
    >>> model = nn.Net(2, [1], "linear", seed=0)
    >>> points, classes = moons(10, seed=0)
    >>> told = evaluate(model, "mse", (points, classes[:, None]), batch_size=4)
    >>> sorted(told)
    ['loss']
    """
    checked_model("evaluate", model)
    computed = checked_loss("evaluate", loss)
    chosen = checked_metrics("evaluate", metrics)
    pairs = feed("evaluate", data, batch_size=batch_size, shuffle=False)
    return evaluated("evaluate", model, computed, pairs, chosen)


def evaluated(
    operation: str,
    model: Callable[[Any], Any],
    loss: Loss,
    data: Feed,
    metrics: Mapping[str, Metric],
) -> dict[str, float]:
    """Do the work of `evaluate`, on arguments that are checked."""
    total, count, gathered = 0.0, 0, Gathered()
    with no_grad(), mode(model, training=False):
        for number, batch in enumerate(data, start=1):
            *inputs, targets = parts(operation, batch, f"batch {number}")
            predictions = model(*inputs)
            if metrics:
                gathered.add(predictions, targets)
            value: Any = loss(predictions, targets)
            if not isinstance(value, Value) or value.ndim:
                raise refused_loss(operation, value, f"batch {number}")
            weight = sample_count(targets)
            total += value.data * weight
            count += weight
    if not count:
        message = f"[{operation}] the data gave no samples - at least one is needed."
        raise ValueError(f"{message} Check where they come from.")
    return {"loss": total / count, **gathered.measured(metrics)}


def sample_count(targets: Any) -> int:
    """Return how many samples a batch has; one, if its target is a number."""
    try:
        return len(targets)
    except TypeError:
        return 1


def checked_model(operation: str, model: Any) -> None:
    """Refuse a model that cannot be called."""
    if not callable(model) or type(model).__call__ is Module.__call__:
        message = f"[{operation}] the model is a {type(model).__name__}, which cannot be called"
        raise TypeError(
            f"{message} - a module or a function of the inputs is needed. Give it a __call__."
        )
    if isinstance(model, type):
        message = f"[{operation}] the model is the class {model.__name__} - an instance is needed."
        raise TypeError(f"{message} Call it.")
