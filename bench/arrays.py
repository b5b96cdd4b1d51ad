"""Arrays: every figure of arrays, in the order of the table."""

from bench import array_operators, moons, network, peak, rosenbrock

FIGURES = (
    *array_operators.FIGURES,
    *network.FIGURES,
    *moons.FIGURES,
    *rosenbrock.FIGURES,
    *peak.FIGURES,
)
