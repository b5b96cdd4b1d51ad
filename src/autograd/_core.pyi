# Written by tools/make_stub.py from the compiled module; do not edit.
"""The compiled core of autograd; use it through the package."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

_Number: TypeAlias = float | np.floating[Any] | np.integer[Any] | np.bool_
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
]

class AutogradError(RuntimeError):
    """What autograd refuses to do, as base of the special cases."""

class GradientLostWarning(UserWarning):
    """A value that requires a gradient was turned into a plain float before any backward pass: what
    is computed from the float has no gradient.
    """

class NestedBackwardError(AutogradError):
    """Backward was called while one was running."""

class NoGradientError(AutogradError):
    """Backward was asked of a value that requires no gradient."""

class StaleValueError(AutogradError):
    """A leaf was changed after an operation had used it and before backward: the gradient would be
    that of another function.
    """

@final
class Value:
    """A number that remembers how it was computed.

    Operators and functions on Values give Values, and record how; `backward` then gives
    the derivative of the result with respect to every Value it was computed from.

    Parameters
    ----------
    data : float
        The number: an int, float, bool, NumPy scalar or 0-dimensional array.
    requires_grad : bool, default True
        Whether derivatives with respect to this value are wanted.
    label : str, optional
        A name, for drawings.

    Raises
    ------
    TypeError
        If `data` is no real number.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> y = x * x + 2.0 * x
    >>> y.backward()
    >>> y.data, x.grad
    (15.0, 8.0)
    """

    def __init__(
        self, data: _Number, requires_grad: bool = True, label: str | None = None
    ) -> None: ...
    def __abs__(self) -> Value: ...
    def __add__(self, value: Value | _Number, /) -> Value: ...
    def __bool__(self) -> bool: ...
    def __eq__(self, value: object, /) -> bool: ...
    def __float__(self) -> float: ...
    def __ge__(self, value: Value | _Number, /) -> bool: ...
    def __gt__(self, value: Value | _Number, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __int__(self) -> int: ...
    def __le__(self, value: Value | _Number, /) -> bool: ...
    def __lt__(self, value: Value | _Number, /) -> bool: ...
    def __mul__(self, value: Value | _Number, /) -> Value: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __neg__(self) -> Value: ...
    def __pos__(self) -> Value: ...
    def __pow__(self, value: Value | _Number, mod: None = None, /) -> Value: ...
    def __radd__(self, value: Value | _Number, /) -> Value: ...
    def __repr__(self) -> str: ...
    def __rmul__(self, value: Value | _Number, /) -> Value: ...
    def __rpow__(self, value: Value | _Number, mod: None = None, /) -> Value: ...
    def __rsub__(self, value: Value | _Number, /) -> Value: ...
    def __rtruediv__(self, value: Value | _Number, /) -> Value: ...
    def __sub__(self, value: Value | _Number, /) -> Value: ...
    def __truediv__(self, value: Value | _Number, /) -> Value: ...
    def __format__(self, specification: str) -> str:
        """Format the data: `f"{value:.4f}"`; without a specification, as repr."""
    def __round__(self, digits: int | None = None) -> float:
        """Round the data; the result is a plain number."""
    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        """Apply a NumPy function element by element: `np.exp(value)`, `array_of_values * value`."""
    def __reduce__(self) -> tuple[Callable[..., Value], tuple[Any, ...]]:
        """Store a value with all that it was computed from; leaves keep their identity."""
    def add(self, y: Value | _Number) -> Value:
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
    def subtract(self, y: Value | _Number) -> Value:
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
    def multiply(self, y: Value | _Number) -> Value:
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
    def divide(self, y: Value | _Number) -> Value:
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
    def power(self, y: Value | _Number) -> Value:
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
    def atan2(self, x: Value | _Number) -> Value:
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
    def hypot(self, y: Value | _Number) -> Value:
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
    def leaky_relu(self, slope: Value | _Number = 0.01) -> Value:
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
    def elu(self, alpha: Value | _Number = 1.0) -> Value:
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
    def maximum(self, y: Value | _Number) -> Value:
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
    def minimum(self, y: Value | _Number) -> Value:
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
    def clip(self, low: Value | _Number, high: Value | _Number) -> Value:
        """x held between low and high; low above high gives high.

        Parameters
        ----------
        low : Value or float
            a finite number.
        high : Value or float
            a finite number.

        Returns
        -------
        Value
            Recorded if an argument requires a gradient.
        """
    def backward(
        self, gradient: _Number | Value = 1.0, create_graph: bool = False, retain_grad: bool = False
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
    @property
    def data(self) -> float:
        """The value. Settable on a leaf; results computed from its old value become stale, and
        backward through them raises StaleValueError.
        """
    @data.setter
    def data(self, value: _Number, /) -> None: ...
    @property
    def grad(self) -> float:
        """What the backward passes have added up, for a leaf; the derivative of the latest root
        with respect to this value, for a result. A Value after backward(create_graph=True).
        """
    @grad.setter
    def grad(self, value: _Number | None, /) -> None: ...
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
    def shape(self) -> tuple[()]:
        """(), for a scalar has no axes."""

def add(x: Value | _Number, y: Value | _Number) -> Value:
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

def subtract(x: Value | _Number, y: Value | _Number) -> Value:
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

def multiply(x: Value | _Number, y: Value | _Number) -> Value:
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

def divide(x: Value | _Number, y: Value | _Number) -> Value:
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

def power(x: Value | _Number, y: Value | _Number) -> Value:
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

def negative(x: Value | _Number, /) -> Value:
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

def positive(x: Value | _Number, /) -> Value:
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

def absolute(x: Value | _Number, /) -> Value:
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

def square(x: Value | _Number, /) -> Value:
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

def reciprocal(x: Value | _Number, /) -> Value:
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

def exp(x: Value | _Number, /) -> Value:
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

def exp2(x: Value | _Number, /) -> Value:
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

def expm1(x: Value | _Number, /) -> Value:
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

def log(x: Value | _Number, /) -> Value:
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

def log2(x: Value | _Number, /) -> Value:
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

def log10(x: Value | _Number, /) -> Value:
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

def log1p(x: Value | _Number, /) -> Value:
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

def sqrt(x: Value | _Number, /) -> Value:
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

def cbrt(x: Value | _Number, /) -> Value:
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

def sin(x: Value | _Number, /) -> Value:
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

def cos(x: Value | _Number, /) -> Value:
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

def tan(x: Value | _Number, /) -> Value:
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

def asin(x: Value | _Number, /) -> Value:
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

def acos(x: Value | _Number, /) -> Value:
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

def atan(x: Value | _Number, /) -> Value:
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

def atan2(y: Value | _Number, x: Value | _Number) -> Value:
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

def hypot(x: Value | _Number, y: Value | _Number) -> Value:
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

def sinh(x: Value | _Number, /) -> Value:
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

def cosh(x: Value | _Number, /) -> Value:
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

def tanh(x: Value | _Number, /) -> Value:
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

def asinh(x: Value | _Number, /) -> Value:
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

def acosh(x: Value | _Number, /) -> Value:
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

def atanh(x: Value | _Number, /) -> Value:
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

def erf(x: Value | _Number, /) -> Value:
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

def erfc(x: Value | _Number, /) -> Value:
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

def lgamma(x: Value | _Number, /) -> Value:
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

def digamma(x: Value | _Number, /) -> Value:
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

def polygamma(n: Value | _Number, x: Value | _Number) -> Value:
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

def sigmoid(x: Value | _Number, /) -> Value:
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

def relu(x: Value | _Number, /) -> Value:
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

def leaky_relu(x: Value | _Number, slope: Value | _Number = 0.01) -> Value:
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

def elu(x: Value | _Number, alpha: Value | _Number = 1.0) -> Value:
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

def silu(x: Value | _Number, /) -> Value:
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

def gelu(x: Value | _Number, /) -> Value:
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

def softplus(x: Value | _Number, /) -> Value:
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

def sign(x: Value | _Number, /) -> Value:
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

def floor(x: Value | _Number, /) -> Value:
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

def ceil(x: Value | _Number, /) -> Value:
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

def maximum(x: Value | _Number, y: Value | _Number) -> Value:
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

def minimum(x: Value | _Number, y: Value | _Number) -> Value:
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

def clip(x: Value | _Number, low: Value | _Number, high: Value | _Number) -> Value:
    """x held between low and high; low above high gives high.

    Parameters
    ----------
    x : Value or float
        a finite number.
    low : Value or float
        a finite number.
    high : Value or float
        a finite number.

    Returns
    -------
    Value
        Recorded if an argument requires a gradient.
    """

def where(condition: Value | _Number, a: Value | _Number, b: Value | _Number) -> Value:
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

def sum(values: Iterable[Value | _Number], /) -> Value:
    """Add up a list of values, from left to right, as one node.

    Parameters
    ----------
    values : iterable of Value or float

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

def mean(values: Iterable[Value | _Number], /) -> Value:
    """The arithmetic mean of a list of values, as one node.

    Parameters
    ----------
    values : iterable of Value or float
        At least one.

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

def dot(
    ws: Iterable[Value | _Number],
    xs: Iterable[Value | _Number],
    bias: Value | _Number | None = None,
) -> Value:
    """bias + w1*x1 + w2*x2 + ..., from left to right, as one node.

    Parameters
    ----------
    ws, xs : iterable of Value or float
        Of one length.
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

def logsumexp(values: Iterable[Value | _Number], /) -> Value:
    """log(exp(x1) + exp(x2) + ...) without overflow, as one node.

    Parameters
    ----------
    values : iterable of Value or float
        At least one.

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

def activation(name: str) -> int:
    """The number by which neuron() knows an activation."""

def adam_step(
    parameters: list[Value],
    mean: NDArray[np.float64],
    variance: NDArray[np.float64],
    step: int,
    lr: float,
    beta1: float,
    beta2: float,
    epsilon: float,
    weight_decay: float,
    decoupled: bool,
) -> None:
    """One step of Adam, or of AdamW when decoupled, in place."""

def flatten(value: Value) -> tuple[tuple[str, ...], bytes, tuple[Value, ...], dict[int, str]]:
    """The graph of a value as (names, words, leaves, labels), for rebuild()."""

def gradients(
    root: Value, inputs: Sequence[Value], gradient: Value | float, create_graph: bool
) -> list[Value | float]:
    """The derivatives of root with respect to each of inputs, times gradient."""

def is_recording() -> bool:
    """Whether operations are recorded in this thread."""

def memory() -> tuple[int, int, int, int]:
    """Live results, live leaves, the bytes in them, the bytes held from the system."""

def neuron(
    weights: Iterable[Value | float],
    inputs: Iterable[Value | float],
    bias: Value | float | None,
    activation: int,
) -> Value:
    """activation(dot(weights, inputs, bias)) as one node; `activation` comes from
    `activation(name)`.
    """

def operations() -> tuple[_Operation, ...]:
    """The table of operations: for each its name, arity, formula, argument names, domains, kink and
    the default of its last argument.
    """

def rebuild(
    names: Sequence[str], words: bytes, leaves: tuple[Value, ...], labels: dict[int, str]
) -> Value:
    """The value that flatten() described, on the given leaves."""

def set_recording(on: bool) -> bool:
    """Switch recording in this thread; returns what it was."""

def sgd_step(
    parameters: list[Value],
    velocity: NDArray[np.float64],
    lr: float,
    momentum: float,
    nesterov: bool,
    weight_decay: float,
) -> None:
    """One step of stochastic gradient descent, in place."""

def zero_grad(parameters: list[Value]) -> None:
    """Set the gradient of each to 0.0."""
