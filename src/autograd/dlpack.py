"""DLPack: arrays that are shared with other packages, PyTorch's tensors among them.

`export` and `device` are methods of `Value`, under their names in the protocol
(https://dmlc.github.io/dlpack/latest/python_spec.html); `from_dlpack` is the way in. Data crosses,
gradients do not. NumPy does the work.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd._core import Value

__all__ = ["device", "export", "from_dlpack"]


def from_dlpack(
    x: Any, requires_grad: bool = True, label: str | None = None, *, copy: bool | None = None
) -> Value:
    """Make a Value of an array of another package, in the same memory where possible.

    Parameters
    ----------
    x : object
        An array in the memory of the CPU with the methods `__dlpack__` and `__dlpack_device__`,
        such as a tensor of PyTorch.
    requires_grad : bool, default True
        Whether derivatives with respect to this value are wanted.
    label : str, optional
        A name, for drawings.
    copy : bool, optional
        True copies, False shares the memory or raises. Without it the memory is shared if it is
        contiguous, writable and of float64 or float32, and copied otherwise.

    Returns
    -------
    Value
        A leaf. Who writes into shared memory between an operation and `backward` gets the gradient
        of another function, since nobody notices.

    Raises
    ------
    TypeError
        If `x` does not have these methods.
    BufferError
        If the memory cannot be shared and `copy` is False, or `x` refuses.

    Examples
    --------
    >>> import autograd
    >>> import numpy as np
    >>> array = np.array([1.0, 2.0])
    >>> x = autograd.from_dlpack(array)
    >>> array[0] = 5.0
    >>> x.data
    array([5., 2.])
    """
    if not (hasattr(x, "__dlpack__") and hasattr(x, "__dlpack_device__")):
        message = (
            f"[from_dlpack] {type(x).__name__} was given - an object with __dlpack__ and "
            "__dlpack_device__ is needed. Use Value(data) for numbers and lists."
        )
        raise TypeError(message)
    array: Any = np.from_dlpack(x)
    value = Value(array, requires_grad, label, copy=bool(copy))
    if copy is False and not (value.ndim > 0 and _address(value.data) == _address(array)):
        message = (
            f"[from_dlpack] an array of dtype {array.dtype} and shape {array.shape} was given, "
            "which cannot be shared - a contiguous, writable one of float64 or float32 is needed. "
            "Leave copy=False out."
        )
        raise BufferError(message)
    return value


def export(
    self: Value,
    *,
    stream: Any = None,
    max_version: tuple[int, int] | None = None,
    dl_device: tuple[int, int] | None = None,
    copy: bool | None = None,
) -> Any:
    """Export the data for `torch.from_dlpack(value)`: a leaf's shared, a result's copied.

    What others read of a result must not be written: its data is what the derivatives are
    computed from, and the protocol's older versions cannot say so.
    """
    array = _array_of(self)
    is_result = not array.flags.writeable
    if copy or is_result:
        if copy is False:
            message = (
                f"[__dlpack__] the result of [{self.op}] was given, and copy=False - a leaf is "
                "needed, whose data may be written by others. Leave copy=False out."
            )
            raise BufferError(message)
        array = array.copy()
    given = {"stream": stream, "max_version": max_version, "dl_device": dl_device}
    # What was not given older versions of NumPy do not know.
    return array.__dlpack__(**{name: one for name, one in given.items() if one is not None})


def device(self: Value) -> tuple[int, int]:
    """Return the type and number of the device: the CPU."""
    kind, number = _array_of(self).__dlpack_device__()
    return int(kind), number


def _array_of(value: Value) -> Any:
    if value.ndim == 0:
        message = (
            "[__dlpack__] a scalar was given - an array is needed. Pass the number value.data, or "
            "value.reshape(1)."
        )
        raise TypeError(message)
    return value.data


def _address(array: Any) -> int:
    address: int = array.__array_interface__["data"][0]
    return address
