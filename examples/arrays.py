"""Fit a damped oscillation to noisy points: least squares on whole arrays.

    python examples/arrays.py

The model is a * exp(-b * t) * cos(c * t + d) + e, its five parameters are one vector, and the 200
points are one array. `jacobian` gives the derivative of all residuals, so that each step is the
solution of a small linear system (Levenberg and Marquardt); `hessian`, at the end, tells how
certain the parameters are.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from autograd import Value, hessian, jacobian

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAMES = ("amplitude", "damping", "frequency", "phase", "offset")
TRUE = np.array([2.0, 0.3, 4.0, 0.5, -1.0])
START = np.array([1.0, 0.1, 3.7, 0.0, 0.0])
NOISE = 0.05


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit a damped oscillation to noisy points.")
    parser.add_argument("--steps", type=int, default=20, help="at most so many")
    parser.add_argument("--seed", type=int, default=0, help="of the noise")
    options = parser.parse_args()

    times = np.linspace(0.0, 5.0, 200)
    noise = np.random.default_rng(options.seed).normal(scale=NOISE, size=times.shape)

    def model(parameters: Value) -> Value:
        a, b, c, d, e = parameters
        # NumPy's functions and arrays, and yet it can be differentiated
        curve: Value = a * np.exp(-b * times) * np.cos(c * times + d) + e
        return curve

    points = model(Value(TRUE)).data + noise

    def residuals(parameters: Value) -> Value:
        misfit: Value = (model(parameters) - points) / NOISE
        return misfit

    def cost(parameters: Value) -> Value:
        return (residuals(parameters) ** 2).sum() / 2

    found = fit(residuals, START, options.steps)
    # near the minimum, the inverse of the Hessian is the covariance of the parameters
    errors = np.sqrt(np.diag(np.linalg.inv(hessian(cost)(found))))
    for name, one, error, truth in zip(NAMES, found, errors, TRUE, strict=True):
        print(f"{name:>9} | {one:8.4f} +- {error:.4f} | true {truth:7.4f}")


def fit(
    residuals: Callable[[Value], Value], start: NDArray[np.float64], steps: int
) -> NDArray[np.float64]:
    """Return the parameters with the least sum of squared residuals, and print the way there."""
    slopes_of = jacobian(residuals)  # five columns, forward: fewer than 200 rows
    parameters, damping = start, 1e-3
    misfit = residuals(Value(parameters)).data
    for step in range(steps):
        cost = 0.5 * (misfit @ misfit)
        print(f"{step:9d} | cost {cost:12.4f} | damping {damping:.0e}")
        slopes = slopes_of(parameters)  # (200, 5)
        square = slopes.T @ slopes
        move = np.linalg.solve(square + damping * np.diag(np.diag(square)), -slopes.T @ misfit)
        tried = residuals(Value(parameters + move)).data
        gained = cost - 0.5 * (tried @ tried)
        if gained > 0:
            parameters, misfit, damping = parameters + move, tried, damping / 10
        else:
            damping *= 10
        if abs(gained) < 1e-9 * cost:
            break
    return parameters


if __name__ == "__main__":
    main()
