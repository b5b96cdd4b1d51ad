"""DLPack: arrays that are shared with NumPy and PyTorch, in both directions."""

from __future__ import annotations

import gc

import numpy as np
import pytest

import autograd
from autograd import Value


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 0)])
def test_tensor_there_and_back(dtype, shape):
    torch = pytest.importorskip("torch")
    tensor = torch.ones(shape, dtype=getattr(torch, dtype))
    value = autograd.from_dlpack(tensor, label="x", copy=False)
    assert (value.shape, value.dtype, value.label) == (shape, np.dtype(dtype), "x")
    assert value.requires_grad
    assert value.is_leaf
    tensor *= 3.0
    np.testing.assert_array_equal(value.data, tensor.numpy())

    back = torch.from_dlpack(value)
    assert back.dtype == tensor.dtype
    assert back.shape == tensor.shape
    back -= 1.0
    np.testing.assert_array_equal(value.data, np.full(shape, 2.0))
    assert torch.equal(tensor, back)
    (value * value).sum().backward()
    np.testing.assert_array_equal(value.grad, np.full(shape, 4.0))


def test_memory_lives_as_long_as_anybody_has_it():
    torch = pytest.importorskip("torch")
    value = Value(np.arange(1000.0))
    tensor = torch.from_dlpack(value)
    del value
    gc.collect()
    _ = [Value(np.zeros(1000)) for _ in range(10)]
    assert tensor.sum() == 499500.0

    value = autograd.from_dlpack(tensor)
    del tensor
    gc.collect()
    _ = [torch.zeros(1000, dtype=torch.float64) for _ in range(10)]
    assert value.sum().data == 499500.0


@pytest.mark.usefixtures("balanced")
def test_memory_is_given_back():
    for _ in range(10):
        autograd.from_dlpack(np.from_dlpack(Value(np.zeros(1000))))


def test_a_result_is_copied():
    result = Value([1.0, 2.0]) * 2
    array = np.from_dlpack(result)
    assert array.tolist() == [2.0, 4.0]
    assert not np.shares_memory(array, result.data)
    with pytest.raises(BufferError, match=r"^\[__dlpack__\] the result of \[multiply\] was given"):
        result.__dlpack__(copy=False)


def test_copies_on_demand():
    leaf = Value([1.0, 2.0])
    assert np.shares_memory(np.from_dlpack(leaf), leaf.data)
    capsule = leaf.__dlpack__(copy=True)
    assert "dltensor" in repr(capsule)
    array = np.array([1.0, 2.0])
    assert not np.shares_memory(autograd.from_dlpack(array, copy=True).data, array)
    assert np.shares_memory(autograd.from_dlpack(array).data, array)


def test_device_is_the_cpu():
    assert Value([1.0]).__dlpack_device__() == (1, 0)


@pytest.mark.parametrize(
    "array",
    [np.array([1, 2]), np.array([True]), np.arange(4.0)[::2], np.ones((2, 3)).T, np.array(2.0)],
    ids=["int", "bool", "strided", "transposed", "scalar"],
)
def test_what_cannot_be_shared_is_copied_unless_that_is_forbidden(array):
    value = autograd.from_dlpack(array, requires_grad=False)
    np.testing.assert_array_equal(value.data, array)
    assert not value.requires_grad
    with pytest.raises(BufferError, match=r"^\[from_dlpack\] an array of dtype .* cannot be share"):
        autograd.from_dlpack(array, copy=False)


@pytest.mark.parametrize("other", [[1.0], 2.0, None, "array"])
def test_other_types_are_refused(other):
    with pytest.raises(TypeError, match=r"^\[from_dlpack\] \w+ was given - an object with"):
        autograd.from_dlpack(other)


def test_scalars_are_refused():
    scalar = Value(2.0)
    for method in (scalar.__dlpack__, scalar.__dlpack_device__):
        with pytest.raises(TypeError, match=r"^\[__dlpack__\] a scalar was given - an array is ne"):
            method()
    assert np.from_dlpack(scalar.reshape(1)).tolist() == [2.0]


def test_a_tensor_with_a_graph_of_its_own_is_refused():
    torch = pytest.importorskip("torch")
    with pytest.raises(BufferError):
        autograd.from_dlpack(torch.ones(2, requires_grad=True))
