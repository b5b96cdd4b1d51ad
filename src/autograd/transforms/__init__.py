"""Transforms: functions of functions, and derivatives that are returned instead of stored.

`gradients` has what goes backward once, `products` the products of a derivative with a vector, in
both modes, `matrices` the derivatives written out. All of them take numbers, arrays and Values, and
tuples, lists and dictionaries of them, and can be applied to what another one returns.
"""

from __future__ import annotations

from autograd.transforms import gradients, matrices, products
from autograd.transforms.gradients import *  # noqa: F403
from autograd.transforms.matrices import *  # noqa: F403
from autograd.transforms.products import *  # noqa: F403

__all__: list[str] = []
__all__ += gradients.__all__
__all__ += matrices.__all__
__all__ += products.__all__
