"""Points around a plane, for linear regression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.arguments import checked_count, checked_number, checked_seed
from autograd.data.sampling import checked_noise

if TYPE_CHECKING:
    import numpy.typing as npt


def regression(
    n: int,
    n_features: int = 1,
    *,
    weights: npt.ArrayLike | None = None,
    bias: float = 0.0,
    noise: float = 0.1,
    seed: int | None = None,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return features X and targets y = X @ weights + bias + noise.

    The features are drawn from the standard normal distribution, the noise from a normal one. Who
    wants to compare with the truth passes it: `weights` and `bias`.

    Parameters
    ----------
    n : int
        The number of points, at least 1.
    n_features : int
        The number of features, at least 1.
    weights : array_like of float, shape `(n_features,)`, optional
        The slope along each feature. None draws them from the standard normal distribution.
    bias : float
        The target where all features are 0.
    noise : float
        The standard deviation of the noise of the targets, at least 0.
    seed : int or None
        Of the generator. None draws a fresh one; any number gives the same points each time.

    Returns
    -------
    X : ndarray of float64, shape `(n, n_features)`
        The features.
    y : ndarray of float64, shape `(n,)`
        The targets.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or out of range, or the number of weights is not
        `n_features`.

    Examples
    --------
    >>> X, y = regression(100, 2, weights=[3.0, -1.0], bias=0.5, noise=0.0, seed=0)
    >>> bool(abs(y - (3.0 * X[:, 0] - X[:, 1] + 0.5)).max() < 1e-12)
    True
    """
    count = checked_count("regression", "n", n, advice="Pass the number of points.")
    width = checked_count(
        "regression", "n_features", n_features, advice="Pass the number of features."
    )
    slopes = None if weights is None else _checked_weights(weights, width)
    offset = checked_number("regression", "bias", bias, advice="Pass e.g. bias=1.0.")
    deviation = checked_noise("regression", noise)
    generator = np.random.default_rng(checked_seed("regression", seed))
    # The weights come first, so that more points of one seed lie around the same plane.
    if slopes is None:
        slopes = generator.normal(size=width)
    features = generator.normal(size=(count, width))
    return features, features @ slopes + offset + generator.normal(scale=deviation, size=count)


def _checked_weights(weights: npt.ArrayLike, width: int) -> npt.NDArray[np.float64]:
    """Return the weights as finite numbers, one for each feature."""
    slopes = np.array(weights, dtype=np.float64)
    if slopes.shape != (width,):
        message = f"[regression] weights of shape {slopes.shape} and n_features={width} were given"
        raise ValueError(f"{message} - one weight for each feature is needed. Change either.")
    for index, slope in enumerate(slopes.tolist()):
        checked_number("regression", f"weights[{index}]", slope, advice="Pass numbers.")
    return slopes
