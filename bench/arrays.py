"""Arrays: every figure of arrays, in the order of the table."""

from bench import array_gpt, array_operators, moons, network, peak, rosenbrock

FIGURES = (
    *array_operators.FIGURES,
    *network.FIGURES,
    *moons.FIGURES,
    *array_gpt.FIGURES,
    *rosenbrock.FIGURES,
    *peak.FIGURES,
)
