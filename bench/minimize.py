"""`optim.minimize` on Rosenbrock's function, against SciPy without and with derivatives by hand."""

from typing import Any

import numpy as np

from autograd import optim
from bench import clock, fresh
from bench.figure import Contest, Figure, Goal, assert_arrays_close
from bench.rosenbrock import rosenbrock

MILLISECONDS = 1e-6


def prepare(quick: bool) -> Contest:
    """Minimize over 100 variables by L-BFGS-B. Milliseconds."""
    from scipy import optimize

    start = np.random.default_rng(8).uniform(0.5, 1.5, size=5 if quick else 100)
    mine, other = fresh.copy(rosenbrock), fresh.copy(rosenbrock)

    def ours() -> Any:
        return optim.minimize(mine, start, method="L-BFGS-B")

    def reference() -> Any:
        return optimize.minimize(other, start, method="L-BFGS-B", options={"maxfun": 100_000})

    def by_hand() -> Any:
        return optimize.minimize(optimize.rosen, start, jac=optimize.rosen_der, method="L-BFGS-B")

    def agree() -> None:
        for side in (ours, reference, by_hand):
            assert_arrays_close(side().x, np.ones_like(start), 1e-3)

    return Contest(
        ours=clock.call(ours, 1 if quick else 5, MILLISECONDS),
        reference=clock.call(reference, 1, MILLISECONDS),
        beside={"derivatives by hand": clock.call(by_hand, 1 if quick else 5, MILLISECONDS)},
        agree=agree,
    )


FIGURES = (
    Figure(
        "minimize",
        "`optim.minimize`, Rosenbrock's function of 100 variables",
        "ms",
        prepare,
        "SciPy, differences",
        Goal("speedup", ">=", 5.0),
        checked=True,
        needs=("scipy",),
    ),
)
