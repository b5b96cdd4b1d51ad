// The operations of the table on arrays: broadcasting, mixed types, and what their adjoints pass
// on. The loops are in kernels.hpp; this file feeds them, a chunk that fits the first cache at a
// time, so that no operand is ever written out at the size of the result.
#pragma once

#include <span>

#include "core/array.hpp"

namespace autograd {

// An operand: an array, or when that is null a number.
struct ArrayOperand {
  const Array* array = nullptr;
  double number = 0.0;
};

// The value of an entry; one operand at least is an array. float32 if all arrays are, else float64.
// Throws LengthError in its name, std::bad_alloc.
ArrayReference apply_elementwise(ArrayPool& pool, std::size_t index,
                                 std::span<const ArrayOperand> operands);

// What a result's adjoint passes on to its operands.
struct Backward {
  std::size_t index;
  std::span<const ArrayOperand> operands;
  const Array& result;
  Array* adjoint;  // of the result; may be shared with what is passed on
};

// To operand `argument`, an array: added to `total`, which is null at first.
void add_contribution(const Backward& backward, std::size_t argument, ArrayReference& total);

// To operand `argument`, a number: the sum of all.
double sum_of_contributions(const Backward& backward, std::size_t argument);

// total += amount, of one shape; `total` is null at first. Shares `amount` where that saves a copy.
void accumulate(ArrayReference& total, Array* amount);

// The same into an array whoever shares it; allocates nothing.
void add_in_place(Array& total, const Array& amount);

// Makes the array one that nobody else has.
void make_own(ArrayReference& array);

// Conversion, and repetition to a larger shape.
ArrayReference converted(Array* array, Dtype dtype);
ArrayReference repeated(const Array& array, const Shape& shape);
void fill(Array& array, double number);
// An array like another, all of one number.
ArrayReference filled_like(const Array& array, double number);

// The sum over some axes, as an array of `shape`, which has as many elements as are left.
ArrayReference summed(const Array& array, std::uint64_t axes, const Shape& shape);

}  // namespace autograd
