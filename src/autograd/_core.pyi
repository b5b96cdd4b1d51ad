# Written by tools/make_stub.py from the compiled module; do not edit.
"""The compiled core of autograd; use it through the package."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from types import EllipsisType
from typing import Any, SupportsIndex, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

_Number: TypeAlias = float | np.floating[Any] | np.integer[Any] | np.bool_
_Array: TypeAlias = NDArray[np.floating[Any] | np.integer[Any] | np.bool_]
_Element: TypeAlias = _Number | _Array
# Lists are nested four deep at most: a recursive type would take a str for a list of its letters.
_ArrayLike: TypeAlias = (
    _Array | Sequence[_Element | Sequence[_Element | Sequence[_Element | Sequence[_Element]]]]
)
_Operand: TypeAlias = Value | _Number | _Array
_Argument: TypeAlias = Value | _Number | _ArrayLike
_Values: TypeAlias = Value | _Array | Iterable[_Argument]
# A float or a bool of a scalar Value, an ndarray of an array; after create_graph a gradient is a
# Value. Which of them it is no checker can tell.
_Data: TypeAlias = Any
_Truth: TypeAlias = Any
_Type: TypeAlias = type[np.float64 | np.float32 | float] | np.dtype[np.floating[Any]] | str
_Axes: TypeAlias = int | Sequence[int]
_Place: TypeAlias = (
    SupportsIndex
    | slice
    | EllipsisType
    | NDArray[np.integer[Any] | np.bool_]
    | Sequence[int]
    | Sequence[Sequence[int]]
    | None
)
_Domain: TypeAlias = tuple[float, float]
_Operation: TypeAlias = tuple[
    str, int, str, tuple[str, ...], tuple[_Domain, ...], float | None, float | None
]

__version__: str

__all__ = [
    "add",
    "subtract",
    "multiply",
    "divide",
    "floor_divide",
    "remainder",
    "power",
    "negative",
    "positive",
    "absolute",
    "square",
    "reciprocal",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log2",
    "log10",
    "log1p",
    "logaddexp",
    "sqrt",
    "cbrt",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "atan2",
    "hypot",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
    "erf",
    "erfc",
    "lgamma",
    "digamma",
    "polygamma",
    "sigmoid",
    "relu",
    "leaky_relu",
    "elu",
    "silu",
    "gelu",
    "softplus",
    "sign",
    "floor",
    "ceil",
    "maximum",
    "minimum",
    "clip",
    "where",
    "sum",
    "mean",
    "dot",
    "logsumexp",
    "max",
    "min",
    "softmax",
    "log_softmax",
    "matmul",
]

class AutogradError(RuntimeError):
    """What autograd refuses to do, as base of the special cases."""

class GradientLostWarning(UserWarning):
    """A value that requires a gradient was turned into plain numbers before any backward pass,
    and what is computed from these has no gradient; or an in-place operator met a leaf where
    nothing is recorded, and trains nothing.
    """

class NestedBackwardError(AutogradError):
    """Backward was called while one was running."""

class NoGradientError(AutogradError):
    """Backward was asked of a value that requires no gradient."""

class StaleValueError(AutogradError):
    """A leaf was changed after an operation had used it and before backward: the gradient would
    be that of another function.
    """

@final
class Value:
    """A number, or an array of numbers, that remembers how it was computed.

    Operators and functions on Values give Values, and record how; `backward` then gives
    the derivative of the result with respect to every Value it was computed from.

    Parameters
    ----------
    data : float or array_like
        A number (an int, float, bool, NumPy scalar or 0-dimensional array), or an array: an ndarray
        or
        nested lists of numbers.
    requires_grad : bool, default True
        Whether derivatives with respect to this value are wanted.
    label : str, optional
        A name, for drawings.
    dtype : numpy.float64 or numpy.float32, optional
        Of an array. Without it float32 stays float32, and everything else becomes float64.
    copy : bool, default True
        Whether an ndarray is copied. Otherwise its memory is used where it is contiguous, writable
        and
        of the right type.

    Raises
    ------
    TypeError
        If `data` holds anything but real numbers.
    ValueError
        If nested lists differ in length.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> y = x * x + 2.0 * x
    >>> y.backward()
    >>> y.data, x.grad
    (15.0, 8.0)
    >>> w = Value([1.0, 2.0])
    >>> (w * w).sum().backward()
    >>> w.grad
    array([2., 4.])
    """

    def __init__(
        self,
        data: _Number | _ArrayLike,
        requires_grad: bool = True,
        label: str | None = None,
        dtype: _Type | None = None,
        copy: bool = True,
    ) -> None: ...
    def __abs__(self) -> Value: ...
    def __add__(self, value: _Operand, /) -> Value: ...
    def __bool__(self) -> bool: ...
    def __eq__(self, value: object, /) -> _Truth: ...
    def __float__(self) -> float: ...
    def __floordiv__(self, value: _Operand, /) -> Value: ...
    def __ge__(self, value: _Operand, /) -> _Truth: ...
    def __getitem__(self, key: _Place | tuple[_Place, ...], /) -> Value: ...
    def __gt__(self, value: _Operand, /) -> _Truth: ...
    def __hash__(self) -> int: ...
    def __iadd__(self, value: _Operand, /) -> Value: ...
    def __ifloordiv__(self, value: _Operand, /) -> Value: ...
    def __imod__(self, value: _Operand, /) -> Value: ...
    def __imul__(self, value: _Operand, /) -> Value: ...
    def __int__(self) -> int: ...
    def __isub__(self, value: _Operand, /) -> Value: ...
    def __iter__(self) -> Iterator[Value]: ...
    def __itruediv__(self, value: _Operand, /) -> Value: ...
    def __le__(self, value: _Operand, /) -> _Truth: ...
    def __len__(self) -> int: ...
    def __lt__(self, value: _Operand, /) -> _Truth: ...
    def __matmul__(self, value: _Operand, /) -> Value: ...
    def __mod__(self, value: _Operand, /) -> Value: ...
    def __mul__(self, value: _Operand, /) -> Value: ...
    def __ne__(self, value: object, /) -> _Truth: ...
    def __neg__(self) -> Value: ...
    def __pos__(self) -> Value: ...
    def __pow__(self, value: _Operand, mod: None = None, /) -> Value: ...
    def __radd__(self, value: _Operand, /) -> Value: ...
    def __repr__(self) -> str: ...
    def __rfloordiv__(self, value: _Operand, /) -> Value: ...
    def __rmatmul__(self, value: _Operand, /) -> Value: ...
    def __rmod__(self, value: _Operand, /) -> Value: ...
    def __rmul__(self, value: _Operand, /) -> Value: ...
    def __rpow__(self, value: _Operand, mod: None = None, /) -> Value: ...
    def __rsub__(self, value: _Operand, /) -> Value: ...
    def __rtruediv__(self, value: _Operand, /) -> Value: ...
    def __sub__(self, value: _Operand, /) -> Value: ...
    def __truediv__(self, value: _Operand, /) -> Value: ...
    def argmax(self, axis: int | None = None, *, keepdims: bool = False) -> Any:
        """Return the index of the largest element, the first one of several.

        Parameters
        ----------
        a : array_like
        axis : int, optional
            By default the elements are counted as if along one axis.
        keepdims : bool, default False
            Keep the axis, with length 1.

        Returns
        -------
        int or numpy.ndarray of int
            It is no Value: an index has no derivative.

        Raises
        ------
        ValueError
            If there are no elements.

        Examples
        --------
        >>> import autograd
        >>> autograd.argmax([1.0, 3.0, 2.0])
        1
        """
    def argmin(self, axis: int | None = None, *, keepdims: bool = False) -> Any:
        """Return the index of the smallest element, the first one of several.

        Parameters
        ----------
        a : array_like
        axis : int, optional
            By default the elements are counted as if along one axis.
        keepdims : bool, default False
            Keep the axis, with length 1.

        Returns
        -------
        int or numpy.ndarray of int
            It is no Value: an index has no derivative.

        Raises
        ------
        ValueError
            If there are no elements.

        Examples
        --------
        >>> import autograd
        >>> autograd.argmin([1.0, 3.0, 2.0])
        0
        """
    def argsort(self, axis: int | None = -1) -> NDArray[np.int64]:
        """Return the indices that sort along an axis; equal elements stay in order.

        Parameters
        ----------
        a : array_like
        axis : int or None, default -1
            None sorts the elements along one axis.

        Returns
        -------
        numpy.ndarray of int
            It is no Value: an order has no derivative.

        Examples
        --------
        >>> import autograd
        >>> autograd.argsort([3.0, 1.0, 2.0])
        array([1, 2, 0])
        """
    def copy(self) -> Value:
        """Return a new result of the same value, as `+x`; the gradient goes through it.

        `copy.deepcopy` copies all that a value was computed from.
        """
    def cumprod(self, axis: int | None = None) -> Value:
        """Return the running products.

        Parameters
        ----------
        a : array_like
        axis : int, optional
            By default the elements are multiplied as if along one axis.

        Returns
        -------
        Value
            Its derivatives are right at zeros too, to any order. It is recorded step by step, one
            product for each place along the axis.

        Examples
        --------
        >>> import autograd
        >>> x = autograd.Value([2.0, 0.0, 3.0])
        >>> products = autograd.cumprod(x)
        >>> products.data
        array([2., 0., 0.])
        >>> products.sum().backward()
        >>> x.grad
        array([1., 8., 0.])
        """
    def cumsum(self, axis: int | None = None) -> Value:
        """Return the running sums.

        Parameters
        ----------
        a : array_like
        axis : int, optional
            By default the elements are added up as if along one axis.

        Returns
        -------
        Value

        Examples
        --------
        >>> import autograd
        >>> autograd.cumsum([1.0, 2.0, 3.0]).data
        array([1., 3., 6.])
        """
    def diagonal(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Value:
        """Return the diagonal of each matrix, along a new last axis.

        Parameters
        ----------
        a : array_like
            At least two axes.
        offset : int, default 0
            How far right of the main diagonal; a negative number is left of it.
        axis1, axis2 : int, default 0 and 1
            The axes of the matrices.

        Returns
        -------
        Value

        Raises
        ------
        ValueError
            If there are less than two axes, or they are the same.

        Examples
        --------
        >>> import autograd
        >>> autograd.diagonal([[1.0, 2.0], [3.0, 4.0]]).data
        array([1., 4.])
        """
    def dot(self, b: Any) -> Value:
        """Return the matrix product with another array, see `autograd.dot`."""
    def flatten(self) -> Value:
        """Return the elements along one axis, as `ravel`."""
    def flip(self, axis: _Axes | None = None) -> Value:
        """Reverse the order of the elements.

        Parameters
        ----------
        a : array_like
        axis : int or sequence of int, optional
            Along which axes; all of them by default.

        Returns
        -------
        Value

        Examples
        --------
        >>> import autograd
        >>> autograd.flip([1.0, 2.0, 3.0]).data
        array([3., 2., 1.])
        """
    def prod(self, axis: _Axes | None = None, keepdims: bool = False) -> Value:
        """Multiply the elements.

        Parameters
        ----------
        a : array_like
        axis : int or sequence of int, optional
            Along which axes; all of them by default.
        keepdims : bool, default False
            Keep these axes, with length 1.

        Returns
        -------
        Value
            A scalar when no axis is left; 1.0 for no elements. Its derivatives are right at zeros
            too, to any order: halves are multiplied with each other, and nothing is divided.

        Examples
        --------
        >>> import autograd
        >>> x = autograd.Value([2.0, 0.0, 3.0])
        >>> autograd.prod(x).backward()
        >>> x.grad
        array([0., 6., 0.])
        """
    def repeat(self, repeats: int | Sequence[int], axis: int | None = None) -> Value:
        """Repeat each element, or each slice along an axis.

        Parameters
        ----------
        a : array_like
        repeats : int or sequence of int
            How often; of a sequence, one number for each.
        axis : int, optional
            By default the elements along one axis.

        Returns
        -------
        Value

        Raises
        ------
        ValueError
            If there are not as many numbers as slices.

        Examples
        --------
        >>> import autograd
        >>> autograd.repeat([1.0, 2.0], 2).data
        array([1., 1., 2., 2.])
        """
    def sort(self, axis: int | None = -1) -> Value:
        """Sort along an axis, nan last; the gradient goes back to where the elements stood.

        Parameters
        ----------
        a : array_like
        axis : int or None, default -1
            None sorts the elements along one axis.

        Returns
        -------
        Value
            The derivative of equal elements goes to each in its order, as PyTorch does it.

        Examples
        --------
        >>> import autograd
        >>> autograd.sort([3.0, 1.0, 2.0]).data
        array([1., 2., 3.])
        """
    def squeeze(self, axis: _Axes | None = None) -> Value:
        """Leave out axes of length 1.

        Parameters
        ----------
        a : array_like
        axis : int or sequence of int, optional
            Which; all of length 1 by default.

        Returns
        -------
        Value
            A scalar when no axis is left.

        Raises
        ------
        ValueError
            If an axis has another length.

        Examples
        --------
        >>> import autograd
        >>> autograd.squeeze([[1.0, 2.0]]).shape
        (2,)
        """
    def std(self, axis: _Axes | None = None, *, ddof: float = 0, keepdims: bool = False) -> Value:
        """Return the standard deviation: the square root of `var`.

        Parameters
        ----------
        a : array_like
        axis : int or sequence of int, optional
            Along which axes; all of them by default.
        ddof : float, default 0
            As in `var`.
        keepdims : bool, default False
            Keep these axes, with length 1.

        Returns
        -------
        Value
            A scalar when no axis is left. Where all elements are equal, its derivative is 0;
            PyTorch's is nan.

        Raises
        ------
        ValueError
            If there are not more elements than `ddof`.

        Examples
        --------
        >>> import autograd
        >>> autograd.std([1.0, 3.0]).data
        1.0
        """
    def swapaxes(self, axis1: int, axis2: int) -> Value:
        """Exchange two axes.

        Parameters
        ----------
        a : array_like
        axis1, axis2 : int

        Returns
        -------
        Value

        Examples
        --------
        >>> import autograd
        >>> autograd.swapaxes(autograd.zeros((2, 3, 4)), 0, -1).shape
        (4, 3, 2)
        """
    def take(self, indices: Any, axis: int | None = None) -> Value:
        """Select slices along an axis, as often as their indices are given.

        Parameters
        ----------
        a : array_like
        indices : int or array_like of int
            Negative ones count from the end.
        axis : int, optional
            By default the elements are taken along one axis.

        Returns
        -------
        Value
            The axis is replaced by those of `indices`.

        Raises
        ------
        IndexError
            If there is no such index.
        TypeError
            If an index is no int.

        Examples
        --------
        >>> import autograd
        >>> autograd.take([[1.0, 2.0], [3.0, 4.0]], [1, 1, 0], axis=0).data
        array([[3., 4.],
               [3., 4.],
               [1., 2.]])
        """
    def tolist(self) -> Any:
        """Return the data as a float, or as nested lists of floats. They have no gradient."""
    def trace(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Value:
        """Add up the diagonal of each matrix.

        Parameters
        ----------
        a : array_like
            At least two axes.
        offset : int, default 0
            How far right of the main diagonal; a negative number is left of it.
        axis1, axis2 : int, default 0 and 1
            The axes of the matrices.

        Returns
        -------
        Value
            A scalar for one matrix.

        Raises
        ------
        ValueError
            If there are less than two axes, or they are the same.

        Examples
        --------
        >>> import autograd
        >>> autograd.trace([[1.0, 2.0], [3.0, 4.0]]).data
        5.0
        """
    def var(self, axis: _Axes | None = None, *, ddof: float = 0, keepdims: bool = False) -> Value:
        """Return the variance: the mean of the squared distances from the mean.

        Parameters
        ----------
        a : array_like
        axis : int or sequence of int, optional
            Along which axes; all of them by default.
        ddof : float, default 0
            Is subtracted from the number of elements, by which the sum is divided; PyTorch's
            default is 1.
        keepdims : bool, default False
            Keep these axes, with length 1.

        Returns
        -------
        Value
            A scalar when no axis is left.

        Raises
        ------
        ValueError
            If there are not more elements than `ddof`.

        Examples
        --------
        >>> import autograd
        >>> autograd.var([1.0, 3.0]).data
        1.0
        """
    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        """Apply a universal function of NumPy: `np.exp(value)`, `array * value`."""
    def __array_function__(
        self,
        function: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...],
        keywords: dict[str, Any],
    ) -> Any:
        """Apply any other function of NumPy: `np.sum(value, axis=0)`, `np.stack([a, b])`."""
    def to_text(
        self,
        *,
        show_grad: bool = True,
        width: int = 100,
        ascii: bool = False,
        max_nodes: int = 20000,
        max_depth: int | None = None,
        names: Any | None = None,
    ) -> str:
        """Return the graph as a tree of lines.

        Parameters
        ----------
        values : Value or iterable of Value
        show_grad : bool, default True
            Whether the gradients are shown.
        width : int, default 100
            How many cells a line may take, at least 20. Longer ones are cut; of what lies very deep
            the
            line begins with its depth in place of its branches.
        ascii : bool, default False
            Whether nothing but ASCII is written.
        max_nodes, max_depth, names
            As for `draw`.

        Returns
        -------
        str

        Raises
        ------
        TypeError, ValueError
            As `draw`; and if the width is too small.

        Examples
        --------
        >>> x = Value(3.0, label="x")
        >>> square = x**2
        >>> print(to_text(square + (square + 1.0), show_grad=False))
        + 19
        ├─ [#1] ** 9
        │  ├─ x 3
        │  └─ 2
        └─ + 10
           ├─ [#1]
           └─ 1
        """
    def __format__(self, specification: str) -> str:
        """Format the data of a scalar: `f"{value:.4f}"`; without a specification, as repr."""
    def __round__(self, digits: int | None = None) -> Any:
        """Round the data; the result is a plain number, or an ndarray."""
    def __dlpack__(
        self,
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
    def __dlpack_device__(self) -> tuple[int, int]:
        """Return the type and number of the device: the CPU."""
    def __reduce__(self) -> tuple[Callable[..., Value], tuple[Any, ...]]:
        """Store a value with all that it was computed from; leaves keep their identity."""
    def conjugate(self) -> Value:
        """Return the value itself, which is real; NumPy asks for it in the variance of objects."""
    def add(self, y: _Argument) -> Value:
        """x + y.

        Parameters
        ----------
        y : Value or float
            a finite number.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def subtract(self, y: _Argument) -> Value:
        """x - y.

        Parameters
        ----------
        y : Value or float
            a finite number.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def multiply(self, y: _Argument) -> Value:
        """x * y.

        Parameters
        ----------
        y : Value or float
            a finite number.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def divide(self, y: _Argument) -> Value:
        """x / y, for y other than 0.

        Parameters
        ----------
        y : Value or float
            a number other than 0.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ZeroDivisionError
            If the divisor is 0.
        """
    def floor_divide(self, y: _Argument) -> Value:
        """The largest whole number not above x / y, with derivative 0.

        Parameters
        ----------
        y : Value or float
            a number other than 0.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ZeroDivisionError
            If the divisor is 0.
        """
    def remainder(self, y: _Argument) -> Value:
        """x - y * floor_divide(x, y), which has the sign of y.

        Parameters
        ----------
        y : Value or float
            a number other than 0.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ZeroDivisionError
            If the divisor is 0.
        """
    def power(self, y: _Argument) -> Value:
        """x ** y, for a positive x or a whole y.

        Parameters
        ----------
        y : Value or float
            a finite number.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ZeroDivisionError
            For a negative power of 0.
        ValueError
            For a fractional power of a negative number.
        OverflowError
            If the result is beyond the floats.
        """
    def negative(self) -> Value:
        """-x.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def positive(self) -> Value:
        """+x, a new node with the value of x.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def absolute(self) -> Value:
        """|x|, with derivative 0 at 0.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def square(self) -> Value:
        """x ** 2.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def reciprocal(self) -> Value:
        """1 / x, for x other than 0.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ZeroDivisionError
            If the divisor is 0.
        """
    def exp(self) -> Value:
        """e ** x.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        OverflowError
            If the result is beyond the floats.
        """
    def exp2(self) -> Value:
        """2 ** x.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        OverflowError
            If the result is beyond the floats.
        """
    def expm1(self) -> Value:
        """e ** x - 1, exact for small x.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        OverflowError
            If the result is beyond the floats.
        """
    def log(self) -> Value:
        """The natural logarithm of x, for x > 0.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def log2(self) -> Value:
        """The logarithm of x to base 2, for x > 0.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def log10(self) -> Value:
        """The logarithm of x to base 10, for x > 0.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def log1p(self) -> Value:
        """log(1 + x), exact for small x, for x > -1.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def logaddexp(self, y: _Argument) -> Value:
        """log(exp(x) + exp(y)) without overflow.

        Parameters
        ----------
        y : Value or float
            a finite number.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def sqrt(self) -> Value:
        """The square root of x, for x >= 0.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def cbrt(self) -> Value:
        """The cube root of x.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def sin(self) -> Value:
        """The sine of x radians.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def cos(self) -> Value:
        """The cosine of x radians.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def tan(self) -> Value:
        """The tangent of x radians.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def asin(self) -> Value:
        """The angle in [-pi/2, pi/2] whose sine is x.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def acos(self) -> Value:
        """The angle in [0, pi] whose cosine is x.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def atan(self) -> Value:
        """The angle in (-pi/2, pi/2) whose tangent is x.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def atan2(self, x: _Argument) -> Value:
        """The angle in [-pi, pi] of the point (x, y), with derivative 0 at the origin.

        Parameters
        ----------
        x : Value or float
            a finite number.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def hypot(self, y: _Argument) -> Value:
        """sqrt(x**2 + y**2) without overflow, with derivative 0 at the origin.

        Parameters
        ----------
        y : Value or float
            a finite number.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        OverflowError
            If the result is beyond the floats.
        """
    def sinh(self) -> Value:
        """The hyperbolic sine of x.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        OverflowError
            If the result is beyond the floats.
        """
    def cosh(self) -> Value:
        """The hyperbolic cosine of x.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        OverflowError
            If the result is beyond the floats.
        """
    def tanh(self) -> Value:
        """The hyperbolic tangent of x.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def asinh(self) -> Value:
        """The inverse of the hyperbolic sine.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def acosh(self) -> Value:
        """The inverse of the hyperbolic cosine, for x >= 1.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def atanh(self) -> Value:
        """The inverse of the hyperbolic tangent, for -1 < x < 1.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def erf(self) -> Value:
        """The error function, 2/sqrt(pi) times the integral of exp(-t**2) from 0 to x.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def erfc(self) -> Value:
        """1 - erf(x), exact for large x.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            Outside the domain.
        """
    def lgamma(self) -> Value:
        """The logarithm of |gamma(x)|.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            At the poles 0, -1, -2 and so on.
        """
    def digamma(self) -> Value:
        """The derivative of lgamma.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.

        Raises
        ------
        ValueError
            At the poles 0, -1, -2 and so on.
        """
    def sigmoid(self) -> Value:
        """1 / (1 + exp(-x)).

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def relu(self) -> Value:
        """x where x > 0, else 0, with derivative 0 at 0.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def leaky_relu(self, slope: _Argument = 0.01) -> Value:
        """x where x > 0, else slope * x, with derivative slope at 0.

        Parameters
        ----------
        slope : Value or float, default 0.01
            a finite number.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def elu(self, alpha: _Argument = 1.0) -> Value:
        """x where x > 0, else alpha * (exp(x) - 1), with derivative alpha at 0.

        Parameters
        ----------
        alpha : Value or float, default 1.0
            a finite number.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def silu(self) -> Value:
        """x * sigmoid(x).

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def gelu(self) -> Value:
        """x times the normal distribution function of x.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def softplus(self) -> Value:
        """log(1 + exp(x)).

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def sign(self) -> Value:
        """-1, 0 or 1 as x is below, at or above 0, with derivative 0.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def floor(self) -> Value:
        """The largest whole number not above x, with derivative 0.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def ceil(self) -> Value:
        """The smallest whole number not below x, with derivative 0.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def maximum(self, y: _Argument) -> Value:
        """The larger of x and y; a tie gives each the derivative 0.5.

        Parameters
        ----------
        y : Value or float
            a finite number.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def minimum(self, y: _Argument) -> Value:
        """The smaller of x and y; a tie gives each the derivative 0.5.

        Parameters
        ----------
        y : Value or float
            a finite number.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def clip(self, low: _Argument | None = None, high: _Argument | None = None) -> Value:
        """x held between low and high; low above high gives high.

        Parameters
        ----------
        low : Value or float, default None
            a number; None is no bound.
        high : Value or float, default None
            a number; None is no bound.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def backward(
        self, gradient: _Argument = 1.0, create_graph: bool = False, retain_grad: bool = False
    ) -> None:
        """Differentiate this value with respect to everything it was computed from.

        Adds to `grad` of each leaf that requires a gradient. Results that somebody holds keep the
        derivative with respect to them in their `grad`, from the latest call.

        Parameters
        ----------
        gradient : float or Value, default 1.0
            The derivative of the final quantity with respect to this value.
        create_graph : bool, default False
            Record the computation of the gradients: they become Values, which can be
            differentiated.
        retain_grad : bool, default False
            Keep the derivative with respect to every result, also those that nobody holds now.

        Raises
        ------
        NoGradientError
            If this value requires no gradient.
        StaleValueError
            If a leaf was changed after it was used. No gradient has changed then.

        Examples
        --------
        >>> from autograd import Value
        >>> x = Value(2.0)
        >>> (x ** 3).backward()
        >>> x.grad
        12.0
        """
    def zero_grad(self) -> None:
        """Set `grad` to 0.0.

        Examples
        --------
        >>> from autograd import Value
        >>> x = Value(2.0)
        >>> (x * x).backward()
        >>> x.zero_grad()
        >>> x
        Value(2.0, grad=0.0)
        """
    def detach(self) -> Value:
        """Return a new leaf with the same data that requires no gradient.

        Returns
        -------
        Value

        Examples
        --------
        >>> from autograd import Value
        >>> x = Value(2.0)
        >>> (x * x).detach().requires_grad
        False
        """
    def item(self) -> float:
        """Return the data as a float.

        Returns
        -------
        float

        Examples
        --------
        >>> from autograd import Value
        >>> Value(2.0).item()
        2.0
        """
    def sum(self, axis: _Axes | None = None, keepdims: bool = False) -> Value:
        """Add up the elements.

        Parameters
        ----------
        axis : int or tuple of int, optional
            Along which axes; all of them by default.
        keepdims : bool, default False
            Keep these axes, with length 1.

        Returns
        -------
        Value
            A scalar when no axis is left.

        Examples
        --------
        >>> from autograd import Value
        >>> Value([[1.0, 2.0], [3.0, 4.0]]).sum(axis=0).data
        array([4., 6.])
        """
    def mean(self, axis: _Axes | None = None, keepdims: bool = False) -> Value:
        """The arithmetic mean of the elements, along axes as in `sum`.

        Raises
        ------
        ValueError
            If there are no elements.

        Examples
        --------
        >>> from autograd import Value
        >>> Value([1.0, 2.0]).mean().data
        1.5
        """
    def max(self, axis: _Axes | None = None, keepdims: bool = False) -> Value:
        """The largest element, along axes as in `sum`; nan if there is one.

        The derivative goes to the largest element; a tie shares it equally.

        Raises
        ------
        ValueError
            If there are no elements.

        Examples
        --------
        >>> from autograd import Value
        >>> Value([1.0, 2.0]).max().data
        2.0
        """
    def min(self, axis: _Axes | None = None, keepdims: bool = False) -> Value:
        """The smallest element, along axes as in `sum`; nan if there is one.

        The derivative goes to the smallest element; a tie shares it equally.

        Raises
        ------
        ValueError
            If there are no elements.

        Examples
        --------
        >>> from autograd import Value
        >>> Value([1.0, 2.0]).min().data
        1.0
        """
    def reshape(self, *shape: _Axes) -> Value:
        """The same elements under another shape, in the same order and memory.

        Parameters
        ----------
        *shape : int, or one tuple of int
            The new lengths; one may be -1, which is what is left.

        Raises
        ------
        ValueError
            If the number of elements differs.

        Examples
        --------
        >>> from autograd import Value
        >>> Value([1.0, 2.0, 3.0, 4.0]).reshape(2, -1).shape
        (2, 2)
        """
    def ravel(self) -> Value:
        """The elements along one axis.

        Examples
        --------
        >>> from autograd import Value
        >>> Value([[1.0, 2.0], [3.0, 4.0]]).ravel().shape
        (4,)
        """
    def transpose(self, *axes: _Axes) -> Value:
        """The axes in another order; reversed by default.

        Parameters
        ----------
        *axes : int, or one tuple of int
            For each axis of the result, which one of this value it is.

        Raises
        ------
        ValueError
            If an axis is missing.

        Examples
        --------
        >>> from autograd import Value
        >>> Value([[1.0, 2.0, 3.0]]).transpose().shape
        (3, 1)
        """
    def astype(self, dtype: _Type, /) -> Value:
        """The elements as numpy.float64 or numpy.float32.

        Examples
        --------
        >>> import numpy as np
        >>> from autograd import Value
        >>> Value([1.0, 2.0]).astype(np.float32).dtype
        dtype('float32')
        """
    @property
    def data(self) -> _Data:
        """The value. Settable on a leaf; results computed from its old value become stale, and
        backward through them raises StaleValueError.
        """
    @data.setter
    def data(self, value: _Number | _ArrayLike, /) -> None: ...
    @property
    def grad(self) -> _Data:
        """What the backward passes have added up, for a leaf; the derivative of the latest root
        with respect to this value, for a result. A Value after backward(create_graph=True).
        """
    @grad.setter
    def grad(self, value: _Number | _ArrayLike | None, /) -> None: ...
    @property
    def requires_grad(self) -> bool:
        """Whether derivatives with respect to this value are wanted. Settable on a leaf."""
    @requires_grad.setter
    def requires_grad(self, value: bool, /) -> None: ...
    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation made this value."""
    @property
    def op(self) -> str:
        """The name of the operation that made this value; '' for a leaf."""
    @property
    def args(self) -> tuple[Value | float, ...]:
        """What the operation was applied to; () for a leaf."""
    @property
    def label(self) -> str | None:
        """A name, for drawings."""
    @label.setter
    def label(self, value: str | None, /) -> None: ...
    @property
    def shape(self) -> tuple[int, ...]:
        """The length along each axis; () for a scalar."""
    @property
    def T(self) -> Value:
        """With its axes reversed."""
    @property
    def ndim(self) -> int:
        """The number of axes; 0 for a scalar."""
    @property
    def size(self) -> int:
        """The number of elements; 1 for a scalar."""
    @property
    def dtype(self) -> np.dtype[np.floating[Any]]:
        """Float64 or float32; arrays only."""

@final
class ParameterList:
    """Leaves that an optimizer updates, looked up once."""
    def __init__(self, owner: str, values: list[Any]) -> None: ...
    def __len__(self) -> int: ...
    @property
    def size(self) -> int:
        """How many numbers they hold."""
    def check(self) -> None:
        """Refuse what requires no gradient."""
    def zero_grad(self) -> None:
        """Set the gradient of each to 0.0."""
    def __reduce__(self) -> Any:
        """For copies and pickles: made again from the same Values."""
    def without_gradient(self) -> list[int]:
        """The places of those that no backward pass has ever reached."""
    def gradient_norm(self) -> float:
        """The Euclidean norm of all gradients as one vector."""
    def largest_gradient(self) -> float:
        """The largest magnitude in all gradients."""
    def scale_gradients(self, factor: float) -> None:
        """Multiply all gradients, in place."""
    def clip_gradients(self, limit: float) -> None:
        """Move all gradients into [-limit, limit], in place."""

def add(x: _Argument, y: _Argument) -> Value:
    """x + y.

    Parameters
    ----------
    x : Value or float
        a finite number.
    y : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def subtract(x: _Argument, y: _Argument) -> Value:
    """x - y.

    Parameters
    ----------
    x : Value or float
        a finite number.
    y : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def multiply(x: _Argument, y: _Argument) -> Value:
    """x * y.

    Parameters
    ----------
    x : Value or float
        a finite number.
    y : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def divide(x: _Argument, y: _Argument) -> Value:
    """x / y, for y other than 0.

    Parameters
    ----------
    x : Value or float
        a finite number.
    y : Value or float
        a number other than 0.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ZeroDivisionError
        If the divisor is 0.
    """

def floor_divide(x: _Argument, y: _Argument) -> Value:
    """The largest whole number not above x / y, with derivative 0.

    Parameters
    ----------
    x : Value or float
        a finite number.
    y : Value or float
        a number other than 0.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ZeroDivisionError
        If the divisor is 0.
    """

def remainder(x: _Argument, y: _Argument) -> Value:
    """x - y * floor_divide(x, y), which has the sign of y.

    Parameters
    ----------
    x : Value or float
        a finite number.
    y : Value or float
        a number other than 0.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ZeroDivisionError
        If the divisor is 0.
    """

def power(x: _Argument, y: _Argument) -> Value:
    """x ** y, for a positive x or a whole y.

    Parameters
    ----------
    x : Value or float
        a positive number.
    y : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ZeroDivisionError
        For a negative power of 0.
    ValueError
        For a fractional power of a negative number.
    OverflowError
        If the result is beyond the floats.
    """

def negative(x: _Argument, /) -> Value:
    """-x.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def positive(x: _Argument, /) -> Value:
    """+x, a new node with the value of x.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def absolute(x: _Argument, /) -> Value:
    """|x|, with derivative 0 at 0.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def square(x: _Argument, /) -> Value:
    """x ** 2.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def reciprocal(x: _Argument, /) -> Value:
    """1 / x, for x other than 0.

    Parameters
    ----------
    x : Value or float
        a number other than 0.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ZeroDivisionError
        If the divisor is 0.
    """

def exp(x: _Argument, /) -> Value:
    """e ** x.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    OverflowError
        If the result is beyond the floats.
    """

def exp2(x: _Argument, /) -> Value:
    """2 ** x.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    OverflowError
        If the result is beyond the floats.
    """

def expm1(x: _Argument, /) -> Value:
    """e ** x - 1, exact for small x.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    OverflowError
        If the result is beyond the floats.
    """

def log(x: _Argument, /) -> Value:
    """The natural logarithm of x, for x > 0.

    Parameters
    ----------
    x : Value or float
        a positive number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def log2(x: _Argument, /) -> Value:
    """The logarithm of x to base 2, for x > 0.

    Parameters
    ----------
    x : Value or float
        a positive number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def log10(x: _Argument, /) -> Value:
    """The logarithm of x to base 10, for x > 0.

    Parameters
    ----------
    x : Value or float
        a positive number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def log1p(x: _Argument, /) -> Value:
    """log(1 + x), exact for small x, for x > -1.

    Parameters
    ----------
    x : Value or float
        a number above -1.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def logaddexp(x: _Argument, y: _Argument) -> Value:
    """log(exp(x) + exp(y)) without overflow.

    Parameters
    ----------
    x : Value or float
        a finite number.
    y : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def sqrt(x: _Argument, /) -> Value:
    """The square root of x, for x >= 0.

    Parameters
    ----------
    x : Value or float
        a number that is not negative.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def cbrt(x: _Argument, /) -> Value:
    """The cube root of x.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def sin(x: _Argument, /) -> Value:
    """The sine of x radians.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def cos(x: _Argument, /) -> Value:
    """The cosine of x radians.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def tan(x: _Argument, /) -> Value:
    """The tangent of x radians.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def asin(x: _Argument, /) -> Value:
    """The angle in [-pi/2, pi/2] whose sine is x.

    Parameters
    ----------
    x : Value or float
        a number from -1 to 1.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def acos(x: _Argument, /) -> Value:
    """The angle in [0, pi] whose cosine is x.

    Parameters
    ----------
    x : Value or float
        a number from -1 to 1.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def atan(x: _Argument, /) -> Value:
    """The angle in (-pi/2, pi/2) whose tangent is x.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def atan2(y: _Argument, x: _Argument) -> Value:
    """The angle in [-pi, pi] of the point (x, y), with derivative 0 at the origin.

    Parameters
    ----------
    y : Value or float
        a finite number.
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def hypot(x: _Argument, y: _Argument) -> Value:
    """sqrt(x**2 + y**2) without overflow, with derivative 0 at the origin.

    Parameters
    ----------
    x : Value or float
        a finite number.
    y : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    OverflowError
        If the result is beyond the floats.
    """

def sinh(x: _Argument, /) -> Value:
    """The hyperbolic sine of x.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    OverflowError
        If the result is beyond the floats.
    """

def cosh(x: _Argument, /) -> Value:
    """The hyperbolic cosine of x.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    OverflowError
        If the result is beyond the floats.
    """

def tanh(x: _Argument, /) -> Value:
    """The hyperbolic tangent of x.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def asinh(x: _Argument, /) -> Value:
    """The inverse of the hyperbolic sine.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def acosh(x: _Argument, /) -> Value:
    """The inverse of the hyperbolic cosine, for x >= 1.

    Parameters
    ----------
    x : Value or float
        a number of at least 1.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def atanh(x: _Argument, /) -> Value:
    """The inverse of the hyperbolic tangent, for -1 < x < 1.

    Parameters
    ----------
    x : Value or float
        a number between -1 and 1.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def erf(x: _Argument, /) -> Value:
    """The error function, 2/sqrt(pi) times the integral of exp(-t**2) from 0 to x.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def erfc(x: _Argument, /) -> Value:
    """1 - erf(x), exact for large x.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        Outside the domain.
    """

def lgamma(x: _Argument, /) -> Value:
    """The logarithm of |gamma(x)|.

    Parameters
    ----------
    x : Value or float
        a number other than 0, -1, -2 and so on.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        At the poles 0, -1, -2 and so on.
    """

def digamma(x: _Argument, /) -> Value:
    """The derivative of lgamma.

    Parameters
    ----------
    x : Value or float
        a number other than 0, -1, -2 and so on.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        At the poles 0, -1, -2 and so on.
    """

def polygamma(n: _Argument, x: _Argument) -> Value:
    """The n-th derivative of digamma; n is no variable: its derivative is 0.

    Parameters
    ----------
    n : Value or float
        a whole number from 0 to 150.
    x : Value or float
        a number other than 0, -1, -2 and so on.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.

    Raises
    ------
    ValueError
        At the poles 0, -1, -2 and so on.
    """

def sigmoid(x: _Argument, /) -> Value:
    """1 / (1 + exp(-x)).

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def relu(x: _Argument, /) -> Value:
    """x where x > 0, else 0, with derivative 0 at 0.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def leaky_relu(x: _Argument, slope: _Argument = 0.01) -> Value:
    """x where x > 0, else slope * x, with derivative slope at 0.

    Parameters
    ----------
    x : Value or float
        a finite number.
    slope : Value or float, default 0.01
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def elu(x: _Argument, alpha: _Argument = 1.0) -> Value:
    """x where x > 0, else alpha * (exp(x) - 1), with derivative alpha at 0.

    Parameters
    ----------
    x : Value or float
        a finite number.
    alpha : Value or float, default 1.0
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def silu(x: _Argument, /) -> Value:
    """x * sigmoid(x).

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def gelu(x: _Argument, /) -> Value:
    """x times the normal distribution function of x.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def softplus(x: _Argument, /) -> Value:
    """log(1 + exp(x)).

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def sign(x: _Argument, /) -> Value:
    """-1, 0 or 1 as x is below, at or above 0, with derivative 0.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def floor(x: _Argument, /) -> Value:
    """The largest whole number not above x, with derivative 0.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def ceil(x: _Argument, /) -> Value:
    """The smallest whole number not below x, with derivative 0.

    Parameters
    ----------
    x : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def maximum(x: _Argument, y: _Argument) -> Value:
    """The larger of x and y; a tie gives each the derivative 0.5.

    Parameters
    ----------
    x : Value or float
        a finite number.
    y : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def minimum(x: _Argument, y: _Argument) -> Value:
    """The smaller of x and y; a tie gives each the derivative 0.5.

    Parameters
    ----------
    x : Value or float
        a finite number.
    y : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def clip(x: _Argument, low: _Argument | None = None, high: _Argument | None = None) -> Value:
    """x held between low and high; low above high gives high.

    Parameters
    ----------
    x : Value or float
        a finite number.
    low : Value or float, default None
        a number; None is no bound.
    high : Value or float, default None
        a number; None is no bound.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def where(condition: _Argument, a: _Argument, b: _Argument) -> Value:
    """a where condition is not 0, else b.

    Parameters
    ----------
    condition : Value or float
        a finite number.
    a : Value or float
        a finite number.
    b : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def sum(values: _Values, axis: _Axes | None = None, keepdims: bool = False) -> Value:
    """Add up a list of values, from left to right, as one node; or the elements of an array.

    Parameters
    ----------
    values : iterable of Value or float, or array_like
    axis : int or tuple of int, optional
        Of an array: along which axes; all of them by default.
    keepdims : bool, default False
        Of an array: keep these axes, with length 1.

    Returns
    -------
    Value
        0.0 for an empty list.

    Examples
    --------
    >>> import autograd
    >>> autograd.sum([autograd.Value(1.0), autograd.Value(2.0), 4.0])
    Value(7.0, grad=0.0)
    """

def mean(values: _Values, axis: _Axes | None = None, keepdims: bool = False) -> Value:
    """The arithmetic mean of a list of values, as one node; or of the elements of an array.

    Parameters
    ----------
    values : iterable of Value or float, or array_like
        At least one.
    axis, keepdims
        As in `sum`.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If the list is empty.

    Examples
    --------
    >>> import autograd
    >>> autograd.mean([autograd.Value(1.0), autograd.Value(2.0)])
    Value(1.5, grad=0.0)
    """

def dot(ws: _Values, xs: _Values, bias: _Argument | None = None) -> Value:
    """bias + w1*x1 + w2*x2 + ..., from left to right, as one node; of arrays the matrix product.

    Parameters
    ----------
    ws, xs : iterable of Value or float, or array_like
        Of one length. Arrays have one or two axes.
    bias : Value or float, optional

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If the lengths differ.

    Examples
    --------
    >>> import autograd
    >>> autograd.dot([autograd.Value(1.0), autograd.Value(2.0)], [3.0, 4.0], bias=0.5)
    Value(11.5, grad=0.0)
    """

def logsumexp(values: _Values, axis: _Axes | None = None, keepdims: bool = False) -> Value:
    """log(exp(x1) + exp(x2) + ...) without overflow, of a list of values or of an array.

    Parameters
    ----------
    values : iterable of Value or float, or array_like
        At least one.
    axis, keepdims
        As in `sum`.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If the list is empty.

    Examples
    --------
    >>> import autograd
    >>> autograd.logsumexp([autograd.Value(1000.0), autograd.Value(0.0)])
    Value(1000.0, grad=0.0)
    """

def max(values: _Argument, axis: _Axes | None = None, keepdims: bool = False) -> Value:
    """The largest element of an array; a tie shares the derivative equally.

    Parameters
    ----------
    values : array_like
        At least one element; nan if one of them is.
    axis, keepdims
        As in `sum`.

    Returns
    -------
    Value

    Examples
    --------
    >>> import autograd
    >>> autograd.max(autograd.Value([[1.0, 4.0], [3.0, 2.0]]), axis=1).data
    array([4., 3.])
    """

def min(values: _Argument, axis: _Axes | None = None, keepdims: bool = False) -> Value:
    """The smallest element of an array; a tie shares the derivative equally.

    Parameters
    ----------
    values : array_like
        At least one element; nan if one of them is.
    axis, keepdims
        As in `sum`.

    Returns
    -------
    Value

    Examples
    --------
    >>> import autograd
    >>> autograd.min(autograd.Value([[1.0, 4.0], [3.0, 2.0]]), axis=1).data
    array([1., 2.])
    """

def softmax(values: _Argument, axis: _Axes = -1) -> Value:
    """exp(x) / sum(exp(x)) along an axis, without overflow.

    Parameters
    ----------
    values : array_like
    axis : int or tuple of int, default -1

    Returns
    -------
    Value
        Of the same shape; it adds up to 1 along the axis.

    Examples
    --------
    >>> import autograd
    >>> autograd.softmax([1000.0, 1000.0]).data
    array([0.5, 0.5])
    """

def log_softmax(values: _Argument, axis: _Axes = -1) -> Value:
    """x - log(sum(exp(x))) along an axis, without overflow: the logarithm of `softmax`.

    Parameters
    ----------
    values : array_like
    axis : int or tuple of int, default -1

    Returns
    -------
    Value
        Of the same shape.

    Examples
    --------
    >>> import autograd
    >>> autograd.log_softmax([1000.0, 0.0]).data
    array([    0., -1000.])
    """

def matmul(a: _Argument, b: _Argument) -> Value:
    """The matrix product of two arrays, as `a @ b`; axes before the last two are broadcast."""

def activation(name: str) -> int:
    """The number by which neuron() knows an activation."""

def adagrad_step(
    parameters: ParameterList,
    sum: NDArray[np.float64],
    lr: float,
    epsilon: float,
    weight_decay: float,
) -> None:
    """One step of Adagrad, in place."""

def adam_step(
    parameters: ParameterList,
    mean: NDArray[np.float64],
    square: NDArray[np.float64],
    step: int,
    lr: float,
    beta1: float,
    beta2: float,
    epsilon: float,
    weight_decay: float,
    decoupled: bool,
) -> None:
    """One step of Adam, or of AdamW when decoupled, in place."""

def broadcast_to(x: _Argument, shape: _Axes) -> Value:
    """The elements of x, repeated along new axes and along those of length 1."""

def concatenate_along(values: Sequence[_Argument], axis: int) -> Value:
    """The arrays one after the other along an axis that they have."""

def cumsum_along(x: _Argument, axis: int, backwards: bool) -> Value:
    """The sums of the elements up to each along an axis, from its end if backwards."""

def element_of(value: Value) -> tuple[Value, tuple[int, ...]] | None:
    """The array leaf of which a value is an element, and its place; None for others."""

def flatten(
    value: Value
) -> tuple[tuple[str, ...], bytes, tuple[Value, ...], dict[int, str], tuple[_Array, ...]]:
    """The graph of a value as (names, words, leaves, labels, arrays), for rebuild()."""

def gradients(
    root: Value, inputs: Sequence[Value], gradient: _Argument | None, create_graph: bool
) -> list[_Data]:
    """The derivatives of root with respect to each of inputs, times gradient."""

def hessian_product(root: Any, inputs: Sequence[Any], directions: Sequence[Any]) -> list[Any]:
    """The Hessian of root with respect to inputs, times directions of their shapes."""

def is_recording() -> bool:
    """Whether operations are recorded in this thread."""

def layer(
    weights: _Argument,
    inputs: _Argument | Sequence[Value | _Number],
    bias: _Argument | None,
    activation: int,
) -> Value | list[Value]:
    """activation(weights . inputs + bias) as one node; `activation` comes from
    `activation(name)`.
    """

def lion_step(
    parameters: ParameterList,
    mean: NDArray[np.float64],
    lr: float,
    beta1: float,
    beta2: float,
    weight_decay: float,
) -> None:
    """One step of Lion, in place."""

def memory() -> tuple[int, int, int, int]:
    """Live results, live leaves, the bytes in them, the bytes held from the system."""

def neuron(
    weights: Iterable[Value | _Number],
    inputs: Iterable[Value | _Number],
    bias: Value | _Number | None,
    activation: int,
) -> Value:
    """activation(dot(weights, inputs, bias)) as one node; `activation` comes from
    `activation(name)`.
    """

def operations() -> tuple[_Operation, ...]:
    """The table of operations: for each its name, arity, formula, argument names, domains, kink
    and the default of its last argument.
    """

def origin_of(value: Any) -> Any:
    """What an observer has kept with a Value."""

def push_forward(
    root: Value, inputs: Sequence[Value], tangents: Sequence[_Argument], create_graph: bool
) -> _Data:
    """The derivative of root in the direction in which each input has its tangent."""

def rebuild(
    names: Sequence[str],
    words: bytes,
    leaves: tuple[Value, ...],
    labels: dict[int, str],
    arrays: tuple[_Array, ...] = (),
) -> Value:
    """The value that flatten() described, on the given leaves."""

def record_custom(operation: Any, result: Any, arguments: Sequence[Any]) -> tuple[Any, ...]:
    """The result of a custom operation as a Value, and the number of its call."""

def rmsprop_step(
    parameters: ParameterList,
    square: NDArray[np.float64],
    mean: NDArray[np.float64] | None,
    velocity: NDArray[np.float64] | None,
    lr: float,
    smoothing: float,
    epsilon: float,
    momentum: float,
    weight_decay: float,
) -> None:
    """One step of RMSprop, in place: centered with a mean, with momentum with a velocity."""

def set_observer(function: Any) -> Any:
    """Call a function with each Value that is made, or None; returns what was set before."""

def set_origin(value: Any, origin: Any) -> None:
    """Keep an object with a Value, as long as its node lives; None takes it away."""

def set_recording(on: bool) -> bool:
    """Switch recording in this thread; returns what it was."""

def sgd_step(
    parameters: ParameterList,
    velocity: NDArray[np.float64] | None,
    lr: float,
    momentum: float,
    nesterov: bool,
    weight_decay: float,
) -> None:
    """One step of stochastic gradient descent, in place."""

def stack_first(values: Sequence[_Argument]) -> Value:
    """Values of one shape as the elements of a new first axis."""

def take_flat(x: _Argument, places: NDArray[np.int64]) -> Value:
    """The elements of x at places in its flat order, in the shape of `places`."""
