"""Linear algebra of NumPy with derivatives, which are made of the same functions.

Matrices are the last two axes; those before count them, as in `numpy.linalg`. The derivatives are
those of M. B. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008); for `cholesky` of I. Murray, "Differentiation of the Cholesky
decomposition" (arXiv:1602.07527); for `pinv` of G. H. Golub and V. Pereyra, "The differentiation
of pseudo-inverses and nonlinear least squares problems whose variables separate" (1973); for
singular vectors of J. Townsend, "Differentiating the singular value decomposition" (2016). Start
reading at `matrices`.
"""

from __future__ import annotations

from autograd.arrays import norm
from autograd.linalg.determinants import det, slogdet
from autograd.linalg.equations import inv, matrix_power, pinv, solve
from autograd.linalg.factors import cholesky, eigh, eigvalsh, svd

__all__ = [
    "cholesky",
    "det",
    "eigh",
    "eigvalsh",
    "inv",
    "matrix_power",
    "norm",
    "pinv",
    "slogdet",
    "solve",
    "svd",
]
