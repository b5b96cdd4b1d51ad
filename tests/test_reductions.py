"""Operations over lists of values: sum, mean, dot, logsumexp; and Python's own sum and max."""

from __future__ import annotations

import pytest

import autograd
from autograd import Value

torch = pytest.importorskip("torch")


def gradient(root: Value, arguments: list[Value]) -> list[Value]:
    """Return d root / d arguments as Values, zeros where the root depends on none."""
    if not root.requires_grad:
        return [Value(0.0, requires_grad=False) for _ in arguments]
    return autograd.grad(root, arguments, create_graph=True)


N_ARY = {
    "sum": (autograd.sum, torch.sum),
    "mean": (autograd.mean, torch.mean),
    "logsumexp": (autograd.logsumexp, lambda xs: torch.logsumexp(xs, 0)),
    "dot": (lambda xs: autograd.dot(xs[:3], xs[3:]), lambda xs: torch.dot(xs[:3], xs[3:])),
    "dot with bias": (
        lambda xs: autograd.dot(xs[:2], xs[2:4], xs[5]),
        lambda xs: torch.dot(xs[:2], xs[2:4]) + xs[5],
    ),
}


@pytest.mark.parametrize("name", N_ARY)
def test_n_ary_matches_torch(name):
    ours, theirs = N_ARY[name]
    point = [0.3, -1.2, 2.0, 0.7, -0.4, 1.1]
    arguments = [Value(number) for number in point]
    root = ours(arguments)
    other_point = torch.tensor(point, dtype=torch.float64, requires_grad=True)
    other = theirs(other_point)
    assert type(root) is Value
    assert root.data == pytest.approx(other.item(), rel=1e-15)

    (expected,) = torch.autograd.grad(other, other_point, create_graph=True)
    first = gradient(root, arguments)
    assert [one.data for one in first] == pytest.approx(expected.tolist(), rel=1e-14)
    for row, other_row in zip(first, expected, strict=True):
        second = torch.zeros(6)
        if other_row.requires_grad:
            (second,) = torch.autograd.grad(other_row, other_point, retain_graph=True)
        found = [one.data for one in gradient(row, arguments)]
        assert found == pytest.approx(second.tolist(), rel=1e-13, abs=1e-16)


def test_n_ary_takes_numbers_iterators_and_nothing():
    x = Value(2.0)
    assert autograd.sum(number for number in (x, 1, 0.5)).data == 3.5
    assert autograd.sum([]).data == 0.0
    assert autograd.mean([x, 4]).data == 3.0
    assert autograd.dot([x, 2], [3, x], 1).data == 11.0
    assert autograd.logsumexp([x]).data == 2.0
    assert type(autograd.sum([1, 2])) is Value
    total = autograd.sum([x] * 1000)
    total.backward()
    assert x.grad == 1000.0


def test_builtin_sum_and_max():
    values = [Value(1.0), Value(3.0), Value(2.0)]
    total = sum(values)
    total.backward()
    assert total.data == 6.0
    assert [value.grad for value in values] == [1.0, 1.0, 1.0]
    assert max(values) is values[1]
    assert max(value.data for value in values) == 3.0
