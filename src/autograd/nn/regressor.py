"""Linear regression, by the exact solution or by gradient descent."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _core
from autograd.engine import Value
from autograd.nn import losses, metrics
from autograd.nn.arraywise import as_array
from autograd.nn.dense import checked_size
from autograd.nn.module import Module

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from typing_extensions import Self

    Samples = Any  # what NumPy makes an array of, or a Value


class Regressor(Module):
    """y = X . weights + bias, fitted to samples by least squares.

    Called, it is a module like others, to be trained with any loss and any optimizer. `fit`,
    `predict`, `score`, `coef_` and `intercept_` are named as in scikit-learn.

    Parameters
    ----------
    n_features : int
        The number of features of a sample, at least 1.

    Attributes
    ----------
    weights : Value
        Of shape (n_features,), zeros at first: there is one minimum, wherever one starts.
    bias : Value
        A scalar, 0 at first.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.arange(0, 100)
    >>> model = Regressor().fit(x, 2 * x + 1)
    >>> model.coef_.round(9), round(model.intercept_, 9)
    (array([2.]), 1.0)
    >>> model.predict([1.0, 10.0]).round(9)
    array([ 3., 21.])
    """

    def __init__(self, n_features: int = 1) -> None:
        advice = "Pass the number of columns of X."
        self.n_features = checked_size("Regressor", "n_features", n_features, advice=advice)
        self.weights = Value(np.zeros(self.n_features))
        self.bias = Value(0.0)

    @property
    def coef_(self) -> NDArray[np.float64]:
        """The weights as an ndarray, a copy of shape (n_features,)."""
        return np.array(self.weights.data)

    @property
    def intercept_(self) -> float:
        """The bias as a float."""
        return float(self.bias.data)

    def __call__(self, x: Samples) -> Value:
        """Return the prediction for each sample.

        Parameters
        ----------
        x : array, Value, list or float
            Samples, of shape (..., n_features); with one feature (n,), or a number, will do. A list
            is read as an array.

        Returns
        -------
        Value
            One prediction a sample, of shape (...).

        Raises
        ------
        ValueError
            If the last axis has not `n_features` numbers.
        """
        samples, _ = as_array("Regressor", x)
        if not isinstance(samples, (Value, np.ndarray)):
            samples = np.asarray(samples)
        if self.n_features == 1 and samples.ndim < 2:
            samples = samples.reshape(*samples.shape, 1)
        elif samples.ndim == 0 or samples.shape[-1] != self.n_features:
            raise _wrong_features("Regressor", samples.shape, self.n_features)
        code = _core.activation("linear")
        # Of an array no list.
        return _core.layer(self.weights, samples, self.bias, code)  # type: ignore[return-value]

    def fit(
        self, x: Samples, y: Samples, *, epochs: int | None = None, lr: float | None = None
    ) -> Self:
        """Fit the parameters to samples and their targets.

        Parameters
        ----------
        x : array_like
            Samples, of shape (n, n_features), or (n,) where there is one feature.
        y : array_like
            Targets, of shape (n,).
        epochs : int, optional
            The number of steps of gradient descent on the mean squared error of all samples, from
            the parameters as they are. By default there are none, but the exact solution: the one
            with the smallest weights, if there are several.
        lr : float, optional
            The learning rate of these steps; by default 1 / L with the largest curvature L of the
            error, which never diverges.

        Returns
        -------
        Regressor
            The model itself.

        Raises
        ------
        ValueError
            If shapes do not fit, there is no sample, a number is nan or infinite, or the rate was
            too large. The parameters have not changed then.

        Examples
        --------
        >>> model = Regressor(2).fit([[0, 0], [1, 0], [0, 1]], [1, 3, 0], epochs=500)
        >>> model.coef_.round(3), round(model.intercept_, 3)
        (array([ 2., -1.]), 1.0)
        """
        samples, targets = self._checked("fit", x, y)
        if epochs is not None:
            advice = "Leave it out for the exact solution."
            epochs = checked_size("Regressor.fit", "epochs", epochs, at_least=0, advice=advice)
            self._descend(samples, targets, epochs, lr)
            return self
        if lr is not None:
            message = f"[Regressor.fit] lr={lr!r} was given without epochs - both are needed."
            raise ValueError(f"{message} Pass e.g. epochs=1000, or leave both out.")
        # Centred, so that the bias is not among the unknowns whose squares are made small.
        middle, mean = samples.mean(0), targets.mean()
        weights = np.linalg.lstsq(samples - middle, targets - mean, rcond=None)[0]
        self.weights.data = weights
        self.bias.data = float(mean - middle @ weights)
        return self

    def predict(self, x: Samples) -> NDArray[np.float64]:
        """Return the predictions as numbers, one a sample; before `fit` those of the start.

        Parameters
        ----------
        x : array_like
            Samples, as for a call.

        Returns
        -------
        ndarray
            Of shape (n,); () for a single sample.
        """
        samples = x.data if isinstance(x, Value) else x
        return np.array(self(samples).data)

    def score(self, x: Samples, y: Samples) -> float:
        """Return R^2 of the predictions, see `autograd.nn.metrics.r2`: 1 is perfect.

        Parameters
        ----------
        x, y : array_like
            Samples and targets, as for `fit`.

        Examples
        --------
        >>> Regressor().fit([0, 1, 2], [1, 3, 5]).score([0, 1, 2], [1, 3, 5])
        1.0
        """
        samples, targets = self._checked("score", x, y)
        return metrics.r2(self.predict(samples), targets)

    def _descend(
        self, x: NDArray[np.float64], y: NDArray[np.float64], epochs: int, lr: float | None
    ) -> None:
        if lr is None:
            # The Hessian of the error is 2/n [X 1]^T [X 1].
            lr = len(x) / (2.0 * float(np.linalg.norm(np.c_[x, np.ones(len(x))], 2)) ** 2)
        elif not (math.isfinite(lr) and lr > 0.0):
            message = f"[Regressor.fit] lr={lr!r} was given - a positive finite number is needed."
            raise ValueError(f"{message} Pass e.g. lr=0.01, or leave it out.")
        start = self.state_dict()
        first = last = self._error(x, y)
        for _ in range(epochs):
            self.zero_grad()
            losses.mse(self(x), y).backward()
            self.step(lr)
        if epochs:
            last = self._error(x, y)
        # A rate below 2 / L never makes the error larger, but for rounding.
        if not last <= first * (1.0 + 1e-9) + 1e-15 * float(np.square(y).mean()):  # nan is not
            self.load_state_dict(start)
            message = (
                f"[Regressor.fit] with lr={lr!r} the error went from {first:.6g} to {last:.6g}"
            )
            raise ValueError(
                f"{message} - a smaller rate is needed. Leave it out, or scale the features."
            )

    def _error(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
        with np.errstate(all="ignore"):
            return float(np.square(self.predict(x) - y).mean())

    def _checked(
        self, verb: str, x: Samples, y: Samples
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return samples of shape (n, n_features) and targets of shape (n,)."""
        operation = f"Regressor.{verb}"
        samples, targets = _finite(operation, "x", x), _finite(operation, "y", y)
        if samples.ndim == 1 and self.n_features == 1:
            samples = samples[:, None]
        if samples.ndim != 2 or samples.shape[1] != self.n_features:
            raise _wrong_features(operation, samples.shape, self.n_features)
        if targets.ndim != 1 or len(targets) != len(samples):
            message = f"[{operation}] {len(samples)} samples and targets of shape {targets.shape}"
            needed = f"targets of shape ({len(samples)},) are needed"
            raise ValueError(f"{message} were given - {needed}. Pass one number for each sample.")
        if len(targets) == 0:
            message = f"[{operation}] no samples were given - at least one is needed."
            raise ValueError(f"{message} Check what was selected.")
        return samples, targets


def _finite(operation: str, name: str, given: Samples) -> NDArray[np.float64]:
    try:
        array = np.asarray(given.data if isinstance(given, Value) else given)
        if array.dtype.kind not in "biuf":
            array = np.asarray(array, dtype=np.float64)  # of objects, perhaps
    except (TypeError, ValueError):
        message = f"[{operation}] {name} is a {type(given).__name__} that is no array of numbers"
        raise TypeError(f"{message} - numbers are needed. Convert it first.") from None
    array = array.astype(np.float64, copy=False)
    wrong = ~np.isfinite(array)
    if wrong.any():
        place = tuple(int(index) for index in np.argwhere(wrong)[0])
        where = ", ".join(map(str, place))
        message = f"[{operation}] {name}[{where}] is {float(array[place])!r} - a finite number"
        raise ValueError(f"{message} is needed. Leave the sample out.")
    return array


def _wrong_features(operation: str, shape: tuple[int, ...], needed: int) -> ValueError:
    message = f"[{operation}] samples of shape {shape} were given - a last length of {needed} is"
    return ValueError(f"{message} needed, one for each feature. Check n_features, or reshape.")
