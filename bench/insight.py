"""Insight: drawings of graphs, and forensics, in the order of the table."""

from bench import drawing, forensics

FIGURES = (*drawing.FIGURES, *forensics.FIGURES)
