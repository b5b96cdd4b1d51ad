"""Scalars: every figure of the scalar engine, in the order of the table."""

from bench import chain, fused, gpt, graph, layer, operators, startup, training

FIGURES = (
    *operators.FIGURES,
    *training.FIGURES,
    *graph.FIGURES,
    *chain.FIGURES,
    *fused.FIGURES,
    *layer.FIGURES,
    *gpt.FIGURES,
    *startup.FIGURES,
)
