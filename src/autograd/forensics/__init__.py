"""Forensics: what happened in a graph, and where in your code.

`detect_anomaly` raises at the first nan or infinity, forward or backward; `explain` says by which
paths a gradient arrives at a parameter, or where it died; `gradient_report` compares the gradients
of a whole model; `trace` counts what each line records; `origins` keeps with each value where it
was made. While none of them is in use, nothing is slower.

Examples
--------
>>> import autograd
>>> from autograd.forensics import AnomalyError, detect_anomaly
>>> x = autograd.Value([1.0, 0.0])
>>> try:
...     with detect_anomaly():
...         y = autograd.log(x).sum()
... except AnomalyError as error:
...     print(error.operation, error.result.where, error.origin.source)
log (1,) y = autograd.log(x).sum()
"""

from autograd.forensics.anomaly import AnomalyError, detect_anomaly
from autograd.forensics.explain import explain
from autograd.forensics.explanation import Dead, Explanation, Path, Step, Use
from autograd.forensics.origins import Origin, origin_of, origins
from autograd.forensics.quantity import Quantity
from autograd.forensics.report import GradientReport, ReportRow, gradient_report
from autograd.forensics.trace import TraceRow, trace

__all__ = [
    "AnomalyError",
    "Dead",
    "Explanation",
    "GradientReport",
    "Origin",
    "Path",
    "Quantity",
    "ReportRow",
    "Step",
    "TraceRow",
    "Use",
    "detect_anomaly",
    "explain",
    "gradient_report",
    "origin_of",
    "origins",
    "trace",
]
