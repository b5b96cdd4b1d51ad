"""Products of arrays: value, first and second derivative against PyTorch, value against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from agreement import check, check_differences

from autograd import Value, arrays

generator = np.random.default_rng(17)


def points(*shapes):
    """Return an array for each shape."""
    return [generator.normal(size=shape) for shape in shapes]


def label(row):
    return " ".join(str(part) for part in row)


EINSUM = [
    ("ij,jk->ik", (2, 3), (3, 4)),
    ("ij,jk", (2, 3), (3, 4)),
    ("ij,jk->ki", (2, 3), (3, 4)),
    ("ij,kj->ik", (2, 3), (4, 3)),
    ("ji,jk->ik", (3, 2), (3, 4)),
    ("ji,kj->ik", (3, 2), (4, 3)),
    ("ba", (2, 3)),
    ("i,i->", (3,), (3,)),
    ("i,i", (3,), (3,)),
    ("i,j->ij", (3,), (2,)),
    ("i,j->ji", (3,), (2,)),
    ("i,j->", (3,), (2,)),
    ("ij,ij->", (2, 3), (2, 3)),
    ("ij,ij->ij", (2, 3), (2, 3)),
    ("ij,ij->i", (2, 3), (2, 3)),
    ("ij,ji->ij", (2, 3), (3, 2)),
    ("ij,j->i", (2, 3), (3,)),
    ("j,ij->i", (3,), (2, 3)),
    ("bij,bjk->bik", (5, 2, 3), (5, 3, 4)),
    ("bij,bkj->bki", (5, 2, 3), (5, 4, 3)),
    ("bhqd,bhkd->bhqk", (2, 2, 3, 4), (2, 2, 5, 4)),
    ("bqhd,bkhd->bhqk", (2, 3, 2, 4), (2, 5, 2, 4)),
    ("bhqk,bkhd->bqhd", (2, 2, 3, 5), (2, 5, 2, 4)),
    ("ijk,jkl->il", (2, 3, 4), (3, 4, 5)),
    ("ijk,kjl->il", (2, 3, 4), (4, 3, 5)),
    ("ijk,l->jl", (2, 3, 4), (2,)),
    ("ii", (3, 3)),
    ("ii->i", (3, 3)),
    ("ij->", (2, 3)),
    ("ij->j", (2, 3)),
    ("ijk->ki", (2, 3, 4)),
    ("iji->j", (3, 2, 3)),
    ("ijij->ij", (2, 3, 2, 3)),
    ("iii->i", (3, 3, 3)),
    ("ii,ij->j", (3, 3), (3, 2)),
    ("iij,jk->ik", (3, 3, 2), (2, 4)),
    ("...ij,...jk->...ik", (5, 2, 3), (5, 3, 4)),
    ("...ij,...jk->...ik", (5, 2, 3), (3, 4)),
    ("...ij,...jk", (2, 1, 2, 3), (5, 3, 4)),
    ("...ii->...i", (2, 3, 3)),
    ("i...->...", (2, 3)),
    ("...->...", (2, 3)),
    ("i...,i...->...", (3, 2), (3, 2)),
    (" i j , j k -> i k ", (2, 3), (3, 4)),
    ("ij,jk,kl->il", (2, 3), (3, 4), (4, 2)),
    ("ij,kj,kl->il", (2, 3), (4, 3), (4, 2)),
    ("i,j,k->ijk", (2,), (3,), (4,)),
    ("i,i,i->i", (3,), (3,), (3,)),
    ("ij,jk,ki->", (2, 3), (3, 4), (4, 2)),
    ("ij,j,kj,k->i", (2, 3), (3,), (4, 3), (4,)),
    ("bd,dkn,n->bkd", (2, 3), (3, 4, 5), (5,)),
]


@pytest.mark.parametrize("row", EINSUM, ids=label)
def test_einsum(row):
    import torch

    subscripts, *shapes = row
    given = points(*shapes)
    result = arrays.einsum(subscripts, *map(Value, given))
    np.testing.assert_allclose(np.array(result.data), np.einsum(subscripts, *given), atol=1e-12)
    check(lambda *v: arrays.einsum(subscripts, *v), lambda *t: torch.einsum(subscripts, *t), given)
    check_differences(lambda *v: arrays.einsum(subscripts, *v), given)


@pytest.mark.parametrize(
    "row",
    [
        ("ij,jk->ik", (2, 1), (3, 4)),
        ("ij,ij->ij", (1, 3), (2, 3)),
        ("ij,ij->j", (1, 3), (2, 3)),
        ("ij,jk->ik", (2, 0), (0, 4)),
        ("ij,ij->i", (2, 0), (2, 0)),
        ("ij,jk->ik", (0, 3), (3, 4)),
        (",", (), ()),
        (",i->i", (), (3,)),
    ],
    ids=label,
)
def test_einsum_repeats_and_empty_arrays(row):
    subscripts, *shapes = row
    given = [np.array(point) for point in points(*shapes)]
    result = arrays.einsum(subscripts, *map(Value, given))
    expected = np.einsum(subscripts, *given)
    assert result.shape == expected.shape
    np.testing.assert_allclose(np.array(result.data), expected, atol=1e-12)
    check_differences(lambda *v: arrays.einsum(subscripts, *v), given)


def test_einsum_of_one_operand_twice():
    import torch

    (x,) = points((3, 3))
    check(
        lambda v: arrays.einsum("ij,jk->ik", v, v), lambda t: torch.einsum("ij,jk->ik", t, t), [x]
    )


TENSORDOT = [
    ((2, 3), (3, 4), 1),
    ((2, 3), (4, 5), 0),
    ((2, 3, 4), (3, 4, 5), 2),
    ((2, 3, 4), (4, 3, 5), ((1, 2), (1, 0))),
    ((3, 2), (3, 4), (0, 0)),
    ((2, 3), (4, 3), (-1, -1)),
    ((3,), (3,), 1),
    ((2, 3), (2, 3), 2),
]


@pytest.mark.parametrize("row", TENSORDOT, ids=label)
def test_tensordot(row):
    import torch

    *shapes, axes = row
    given = points(*shapes)
    result = arrays.tensordot(*map(Value, given), axes)
    np.testing.assert_allclose(np.array(result.data), np.tensordot(*given, axes), atol=1e-12)
    listed = axes
    if not isinstance(axes, int):
        listed = [list(one) if isinstance(one, tuple) else [one] for one in axes]
    check(
        lambda a, b: arrays.tensordot(a, b, axes),
        lambda a, b: torch.tensordot(a, b, dims=listed),
        given,
    )


def test_outer():
    import torch

    check(arrays.outer, torch.outer, points((3,), (2,)))
    check(
        arrays.outer,
        lambda a, b: torch.outer(a.ravel(), b.ravel()),
        points((2, 3), (2, 1)),
    )
    assert arrays.outer(Value(2.0), [3.0, 4.0]).shape == (1, 2)


PAIRS = [
    ("inner", (3,), (3,), {}),
    ("inner", (2, 3), (3,), {}),
    ("inner", (3,), (4, 3), {}),
    ("inner", (2, 3), (4, 3), {}),
    ("inner", (2, 1, 3), (4, 5, 3), {}),
    ("inner", (), (2, 3), {}),
    ("inner", (2, 3), (), {}),
    ("inner", (), (), {}),
    ("inner", (2, 0), (3, 0), {}),
    ("kron", (3,), (2,), {}),
    ("kron", (2, 3), (3, 2), {}),
    ("kron", (2, 3), (4,), {}),
    ("kron", (4,), (2, 3), {}),
    ("kron", (2, 1, 3), (2, 2), {}),
    ("kron", (), (2, 3), {}),
    ("kron", (3,), (), {}),
    ("kron", (), (), {}),
    ("kron", (0, 2), (3, 2), {}),
    ("cross", (3,), (3,), {}),
    ("cross", (4, 3), (4, 3), {}),
    ("cross", (4, 3), (3,), {}),
    ("cross", (3,), (2, 4, 3), {}),
    ("cross", (2, 1, 3), (4, 3), {}),
    ("cross", (3, 4), (3, 4), {"axis": 0}),
    ("cross", (2, 3, 4), (2, 3, 4), {"axis": -2}),
    ("cross", (3, 4), (4, 3), {"axisa": 0, "axisb": 1}),
    ("cross", (3, 2, 4), (3, 2, 4), {"axisa": 0, "axisb": 0, "axisc": 1}),
    ("cross", (0, 3), (0, 3), {}),
]


@pytest.mark.parametrize("row", PAIRS, ids=label)
def test_product_of_two(row):
    import torch

    name, *shapes, keywords = row
    ours = getattr(arrays, name)
    a, b = points(*shapes)
    expected = getattr(np, name)(a, b, **keywords)
    result = ours(Value(a), Value(b), **keywords)
    assert result.shape == np.shape(expected)
    np.testing.assert_allclose(np.array(result.data), expected, rtol=1e-13, atol=1e-13)

    def theirs(a, b):
        if name != "cross":
            return getattr(torch, name)(a, b)
        if "axisa" not in keywords:
            return torch.linalg.cross(*torch.broadcast_tensors(a, b), dim=keywords.get("axis", -1))
        a, b = a.moveaxis(keywords["axisa"], -1), b.moveaxis(keywords["axisb"], -1)
        return torch.linalg.cross(a, b).moveaxis(-1, keywords.get("axisc", -1))

    def on_both(a, b):
        return ours(a, b, **keywords)

    check(on_both, theirs, [a, b])
    check_differences(on_both, [a, b])
    check(lambda a: on_both(a, b), lambda a: theirs(a, torch.tensor(b)), [a])
    if shapes[0] == shapes[1]:
        check(lambda a: on_both(a, a), lambda a: theirs(a, a), [a])


@pytest.mark.parametrize("row", [row for row in PAIRS if () not in row], ids=label)
def test_float32_stays(row):
    name, *shapes, keywords = row
    variables = [Value(point.astype(np.float32)) for point in points(*shapes)]
    result = getattr(arrays, name)(*variables, **keywords)
    if result.ndim:
        assert result.dtype == np.float32
    result.sum().backward()
    assert [x.grad.dtype for x in variables] == [np.float32] * 2


ERRORS = [
    ("inner", ([1.0, 2.0], np.ones((2, 3))), ValueError, "(2,) and (2, 3) were given - last axes"),
    ("inner", ("text", 1.0), TypeError, "str was given"),
    ("kron", (None, 1.0), TypeError, "NoneType was given"),
    ("cross", ([1.0, 2.0], [1.0, 2.0]), ValueError, "with 2 components along axis 0 - three are"),
    ("cross", (np.ones((3, 4)), np.ones((3, 4))), ValueError, "with 4 components along axis 1"),
    ("cross", (np.ones((2, 3)), np.ones((4, 3))), ValueError, "(2, 3) and (4, 3) were given"),
    ("cross", (1.0, [1.0, 2.0, 3.0]), IndexError, "axis -1 was given"),
    ("cross", ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], -1, -1, 1), IndexError, "axis 1 was given"),
    ("cross", (np.ones((3, 3)), np.ones((3, 3)), -1, -1, -1, 2), IndexError, "axis 2 was given"),
]


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: f"{row[0]} {row[3]}")
def test_errors(row):
    name, args, kind, text = row
    with pytest.raises(kind) as caught:
        getattr(arrays, name)(*args)
    message = str(caught.value)
    assert message.startswith(f"[{name}] ")
    assert text in message
    assert message.endswith(".")
