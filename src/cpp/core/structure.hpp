// Arrays rearranged, joined, reduced and multiplied: what the structural operations compute. Plain
// functions of arrays; recording and derivatives are in structural.hpp. Each throws std::bad_alloc.
#pragma once

#include <span>

#include "core/array.hpp"

namespace autograd {

// The axes of an array in another order, four bits each: axis i of the result is the argument's
// order >> 4 i.
using AxisOrder = std::uint64_t;
inline std::size_t axis_at(AxisOrder order, std::size_t i) { return order >> (4 * i) & 15U; }
AxisOrder reversed_axes(std::size_t rank);
AxisOrder inverse_of(AxisOrder order, std::size_t rank);

// Basic indexing: along each axis of the argument, `counts` elements from `starts`, `steps` apart.
// Along a dropped axis there is one, and the result lacks the axis.
struct Slice {
  std::array<std::size_t, most_axes> starts;
  std::array<std::ptrdiff_t, most_axes> steps;
  Shape counts;
  std::uint64_t dropped = 0;  // axes, as a bit mask

  Shape shape() const { return without(counts, dropped); }
};

ArrayReference transposed(const Array& array, AxisOrder order);
ArrayReference sliced(const Array& array, const Slice& slice);
// The transpose of that: zeros of `shape`, with the array in the place of the slice.
ArrayReference unsliced(const Array& array, const Slice& slice, const Shape& shape);

// Adds to the slice of an array, in place.
void add_to_slice(Array& total, const Array& amount, const Slice& slice);

// array[indices[i]] for flat places, which are checked: throws IndexError.
ArrayReference taken(const Array& array, const Array& indices);
// The transpose: zeros of `shape`, to which each element is added at its place.
ArrayReference scattered(const Array& array, const Array& indices, const Shape& shape);

// Of one type, and of one shape but for the length along `axis`; along a new first axis.
ArrayReference concatenated(std::span<const Array* const> arrays, std::size_t axis);
ArrayReference stacked(std::span<const Array* const> arrays);

// Running sums along an axis, from the last to the first if `backwards`.
ArrayReference running_sum(const Array& array, std::size_t axis, bool backwards);

// The largest or smallest over some axes, in an array of `shape`; nan if there is one. No axis of
// the mask is empty.
ArrayReference extremum(const Array& array, std::uint64_t axes, const Shape& shape, bool largest);

// The product of the last two axes, each read as transposed when told; those before are broadcast.
// Of one type. Throws LengthError in the name of matmul.
ArrayReference product(const Array& a, const Array& b, bool transpose_a, bool transpose_b);

// How a large product of two matrices may be handed to somebody faster: c = op(a) op(b), where
// false says that it was declined. `nullptr` for nobody.
struct LargeProduct {
  Dtype dtype;
  std::size_t m, n, k;
  const void* a;
  const void* b;
  void* c;
  bool transpose_a, transpose_b;
};
void set_large_product(bool (*multiply)(const LargeProduct&));

}  // namespace autograd
