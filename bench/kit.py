"""The kit: what surrounds a model in training, in the order of the table."""

from bench import checkpoint, fit, minimize, optimizers

FIGURES = (*optimizers.FIGURES, *fit.FIGURES, *minimize.FIGURES, *checkpoint.FIGURES)
