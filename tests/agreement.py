"""What the tests of array functions share: one comparison with PyTorch, and with differences.

`check` holds, for one function at one point: the value, the derivative of a random projection of
it, and the derivative of a random projection of that derivative; the same of the plain sum, whose
derivative is one number for all elements; and that all ways to a second derivative lead to the
same one. `check_differences` holds that a step along a random direction changes the value as the
derivative says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import Value, _core

Arrays = Sequence[Any]


def projection(values: Sequence[Any], weights: Sequence[Any]) -> Any:
    """Return the sum of all elements times weights, of ours or of PyTorch's."""
    total = 0.0
    for value, weight in zip(values, weights, strict=True):
        total = total + (value * weight).sum()
    return total


def ours_at(
    function: Callable[..., Value], points: Arrays, order: int = 2, *, weighted: bool = True
) -> list[Any]:
    """Return value, gradients, and gradients of a projection of the gradients, as NumPy's."""
    generator = np.random.default_rng(7)
    variables = [Value(point) for point in points]
    result = function(*variables)
    value = np.array(result.data)
    weight = generator.normal(size=value.shape)
    root = projection([result], [weight]) if weighted else result.sum()
    found = [value]
    if not root.requires_grad:
        return found
    first = _core.gradients(root, variables, None, order > 1)
    found += [np.array(gradient.data if order > 1 else gradient) for gradient in first]
    if order > 1:
        weights = [generator.normal(size=np.shape(point)) for point in points]
        second = projection(first, weights)
        if second.requires_grad:
            seconds = [np.array(g) for g in _core.gradients(second, variables, None, False)]
        else:
            seconds = [np.zeros(np.shape(point)) for point in points]
        _check_other_ways(root, variables, weights, second, seconds)
        found += seconds
    return found


def _check_other_ways(
    root: Value, variables: list[Value], weights: Arrays, second: Value, seconds: Arrays
) -> None:
    """Hold that the product of the Hessian with the weights is the same on all ways."""
    single = any(gradient.dtype == np.float32 for gradient in seconds)
    tolerance = {"rtol": 1e-4, "atol": 1e-4} if single else {"rtol": 1e-9, "atol": 1e-11}
    # In one call, which computes no more than it needs; backward through the forward mode; and
    # forward through the backward pass.
    products = _core.hessian_product(root, variables, weights)
    tangent = _core.push_forward(root, variables, weights, True)
    pulled = (
        _core.gradients(tangent, variables, None, False)
        if isinstance(tangent, Value) and tangent.requires_grad
        else [np.zeros(np.shape(gradient)) for gradient in seconds]
    )
    for product, back, gradient in zip(products, pulled, seconds, strict=True):
        np.testing.assert_allclose(product, gradient, **tolerance)
        np.testing.assert_allclose(back, gradient, **tolerance)
    if second.requires_grad:
        along = _core.push_forward(second, variables, weights, False)
        expected = sum(np.sum(g * w) for g, w in zip(seconds, weights, strict=True))
        scale = 1.0 + sum(np.sum(abs(g * w)) for g, w in zip(seconds, weights, strict=True))
        assert abs(along - expected) <= tolerance["rtol"] * scale


def torch_at(
    function: Callable[..., Any], points: Arrays, order: int = 2, *, weighted: bool = True
) -> list[Any]:
    """Return the same from PyTorch."""
    import torch

    generator = np.random.default_rng(7)

    def tensor(array: Any) -> Any:
        return torch.tensor(np.array(array))

    variables = [tensor(point).requires_grad_() for point in points]
    result = function(*variables)
    weight = tensor(generator.normal(size=tuple(result.shape)))
    root = projection([result], [weight]) if weighted else result.sum()
    found = [result.detach().numpy()]
    if not root.requires_grad:
        return found

    def gradients(of: Any, create_graph: bool) -> list[Any]:
        if not of.requires_grad:
            return [torch.zeros_like(variable) for variable in variables]
        given = torch.autograd.grad(of, variables, create_graph=create_graph, allow_unused=True)
        return [
            torch.zeros_like(variable) if gradient is None else gradient
            for variable, gradient in zip(variables, given, strict=True)
        ]

    first = gradients(root, order > 1)
    found += [gradient.numpy(force=True) for gradient in first]
    if order > 1:
        weights = [tensor(generator.normal(size=np.shape(point))) for point in points]
        second = projection(first, weights)
        found += [gradient.numpy(force=True) for gradient in gradients(second, False)]
    return found


def check(
    ours: Callable[..., Value],
    theirs: Callable[..., Any],
    points: Arrays,
    *,
    tolerance: float = 1e-10,
    order: int = 2,
) -> None:
    """Hold that ours agrees with PyTorch's: value, first and second derivatives."""
    count = len(points)
    names = ["value"] + [f"gradient {i}" for i in range(count)]
    names += [f"second gradient {i}" for i in range(count)]
    for weighted in (True, False):
        found = ours_at(ours, points, order, weighted=weighted)
        expected = torch_at(theirs, points, order, weighted=weighted)
        if len(found) == 1:
            expected = expected[:1]
        assert len(found) == len(expected)
        for name, one, other in zip(names, found, expected, strict=False):
            assert one.shape == other.shape, name
            np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance, err_msg=name)


def check_differences(
    ours: Callable[..., Value], points: Arrays, *, step: float = 1e-4, tolerance: float = 1e-6
) -> None:
    """Hold that a step along a random direction changes the value as the derivative says."""
    generator = np.random.default_rng(11)
    directions = [generator.normal(size=np.shape(point)) for point in points]
    variables = [Value(point) for point in points]
    result = ours(*variables)
    weight = generator.normal(size=result.shape)
    root = projection([result], [weight])
    slopes = _core.gradients(root, variables, None, False)
    slope = sum(float(np.sum(s * d)) for s, d in zip(slopes, directions, strict=True))

    def at(shift: float) -> float:
        moved = [
            Value(np.asarray(point) + shift * step * direction, False)
            for point, direction in zip(points, directions, strict=True)
        ]
        return float(np.sum(np.array(ours(*moved).data) * weight))

    difference = (8.0 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12.0 * step)
    assert abs(slope - difference) <= tolerance * max(1.0, abs(slope))
