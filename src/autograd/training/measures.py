"""What is measured: the loss, and further metrics on plain arrays.

A metric is computed once, on the predictions of all batches put together: a mean over batches would
be another number for most of them.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.engine import Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Loss = Callable[[Any, Any], Value]
    Metric = Callable[[NDArray[Any], NDArray[Any]], float]

RESERVED = ("loss", "lr", "seconds")


def checked_loss(operation: str, loss: Any) -> Loss:
    """Return a loss that was given by its name, or as a callable.

    Parameters
    ----------
    operation : str
        Who asks, for the message.
    loss : str or callable
        A name in `autograd.nn.losses`, or a function of predictions and targets.

    Returns
    -------
    callable

    Raises
    ------
    TypeError, ValueError
        If it is neither, or the name is unknown.

    Examples
    --------
    >>> checked_loss("this example", "mse")([1.0], [3.0]).data
    4.0
    """
    if isinstance(loss, str):
        from autograd.nn import losses  # noqa: PLC0415 - who passes a function needs no modules

        named: Loss = losses.named(loss)
        return named
    if not callable(loss):
        message = f"[{operation}] the loss is a {type(loss).__name__} - a function of predictions"
        raise TypeError(f"{message} and targets, or a name, is needed. Pass e.g. nn.losses.mse.")
    return loss  # type: ignore[no-any-return]


def checked_metrics(operation: str, metrics: Any) -> dict[str, Metric]:
    """Return the metrics as a dictionary.

    Parameters
    ----------
    operation : str
        Who asks, for the message.
    metrics : mapping of str to callable, optional
        Functions of predictions and targets by the names under which they are recorded.

    Returns
    -------
    dict

    Raises
    ------
    TypeError, ValueError
        If it is no mapping, or a name or a function will not do.

    Examples
    --------
    >>> checked_metrics("this example", None)
    {}
    """
    if metrics is None:
        return {}
    if not isinstance(metrics, Mapping):
        message = f"[{operation}] metrics is a {type(metrics).__name__} - a dictionary is needed."
        raise TypeError(f'{message} Pass e.g. metrics={{"accuracy": nn.metrics.accuracy}}.')
    for name, metric in metrics.items():
        if not isinstance(name, str) or name in RESERVED or name.startswith("val_"):
            message = f"[{operation}] the metric {name!r} was given - a name that is none of"
            raise ValueError(
                f'{message} {", ".join(RESERVED)}, and begins not with "val_", is needed.'
                " These have a meaning in the history: choose another one."
            )
        if not callable(metric):
            message = f"[{operation}] the metric {name!r} is a {type(metric).__name__}"
            raise TypeError(
                f"{message} - a function of predictions and targets is needed. Pass a function."
            )
    return dict(metrics)


class Gathered:
    """The predictions and targets of several batches, as plain arrays.

    Examples
    --------
    >>> gathered = Gathered()
    >>> gathered.add(Value([[1.0], [2.0]]), [1, 2])
    >>> gathered.add(Value([[3.0]]), [3])
    >>> gathered.measured({"largest": lambda predictions, targets: predictions.max()})
    {'largest': 3.0}
    """

    def __init__(self) -> None:
        self._predictions: list[NDArray[Any]] = []
        self._targets: list[NDArray[Any]] = []

    def before(self, loss: Loss) -> Loss:
        """Return a function that is the loss, and adds to what is gathered first."""

        def gathering(predictions: Any, targets: Any) -> Value:
            self.add(predictions, targets)
            return loss(predictions, targets)

        return gathering

    def add(self, predictions: Any, targets: Any) -> None:
        """Append a copy of a batch; where the target is a number, it is one sample."""
        left, right = np.array(_plain(predictions)), np.array(_plain(targets))
        if right.ndim == 0:
            left, right = left[np.newaxis], right[np.newaxis]
        self._predictions.append(left)
        self._targets.append(right)

    def measured(self, metrics: Mapping[str, Metric]) -> dict[str, float]:
        """Return the metrics of all batches together, by their names, and begin anew."""
        if not metrics:
            return {}
        predictions, targets = np.concatenate(self._predictions), np.concatenate(self._targets)
        self._predictions, self._targets = [], []
        measured: dict[str, Any] = {
            name: metric(predictions, targets) for name, metric in metrics.items()
        }
        for name, number in measured.items():
            is_array = isinstance(number, np.ndarray)
            if not (isinstance(number, numbers.Real) or (is_array and number.ndim == 0)):
                what = f"of shape {number.shape} " if is_array else ""
                message = f"[metrics] {name!r} gave a {type(number).__name__} {what}- a number is"
                raise TypeError(f"{message} needed. Return a float, e.g. value.data.")
        return {name: float(number) for name, number in measured.items()}


def refused_loss(operation: str, value: Any, where: str) -> Exception:
    """Return the error about a loss that is no finite scalar Value.

    Parameters
    ----------
    operation : str
        Who asks.
    value : object
        What the loss has returned.
    where : str
        Epoch and batch.

    Returns
    -------
    Exception

    Examples
    --------
    >>> print(refused_loss("this example", 1.0, "batch 3"))
    [this example] the loss of batch 3 is a float - a scalar Value is needed. Return what the...
    """
    if not isinstance(value, Value):
        message = f"[{operation}] the loss of {where} is a {type(value).__name__} - a scalar Value"
        return TypeError(f"{message} is needed. Return what the operations give, not its data.")
    if value.ndim:
        message = f"[{operation}] the loss of {where} has shape {value.shape} - a scalar is needed."
        return ValueError(f"{message} Reduce it, e.g. with .mean().")
    message = f"[{operation}] the loss of {where} is {value.data} - a finite number is needed."
    return FloatingPointError(message)


def nan_in(name: str, given: Any) -> str | None:
    """Return where there is the first nan or inf in an array, in words, or None.

    Examples
    --------
    >>> nan_in("targets", [1.0, float("nan")])
    'targets[1] is nan'
    """
    array = _plain(given)
    if array.dtype.kind not in "fc" or np.isfinite(array).all():
        return None
    place = tuple(int(index) for index in np.argwhere(~np.isfinite(array))[0])
    where = f"[{', '.join(map(str, place))}]" if place else ""
    return f"{name}{where} is {float(array[place])}"


def _plain(given: Any) -> NDArray[Any]:
    """Return a Value, a list of Values, or numbers, as an ndarray."""
    if isinstance(given, Value):
        return np.asarray(given.data)
    if isinstance(given, Iterable) and not isinstance(given, np.ndarray):
        given = [entry.data if isinstance(entry, Value) else entry for entry in given]
    return np.asarray(given)
