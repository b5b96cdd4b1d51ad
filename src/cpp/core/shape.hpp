// The shape of an array: its length along each axis. Small, and a value: it allocates nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace autograd {

// Few enough that a set of axes is a bit mask, and their order, four bits each, one word.
inline constexpr std::size_t most_axes = 16;

class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<std::size_t> lengths) {
    for (const std::size_t length : lengths) append(length);
  }
  explicit Shape(std::span<const std::size_t> lengths) {
    for (const std::size_t length : lengths) append(length);
  }

  std::size_t rank() const { return rank_; }
  std::size_t operator[](std::size_t axis) const { return lengths_[axis]; }
  std::size_t& operator[](std::size_t axis) { return lengths_[axis]; }
  const std::size_t* begin() const { return lengths_.data(); }
  const std::size_t* end() const { return lengths_.data() + rank_; }

  // Throws LengthError beyond most_axes.
  void append(std::size_t length);

  // The number of elements; 1 without axes.
  std::size_t size() const {
    std::size_t product = 1;
    for (const std::size_t length : *this) product *= length;
    return product;
  }

  friend bool operator==(const Shape& a, const Shape& b) {
    if (a.rank_ != b.rank_) return false;
    for (std::size_t axis = 0; axis < a.rank_; ++axis) {
      if (a.lengths_[axis] != b.lengths_[axis]) return false;
    }
    return true;
  }

 private:
  std::size_t rank_ = 0;
  std::array<std::size_t, most_axes> lengths_;
};

// As Python writes it: "(2, 3)", "(3,)", "()".
std::string text_of(const Shape& shape);

// The shape of an operation on both, by NumPy's rule: aligned at the last axis, a length of 1 is
// repeated. Throws LengthError in the name of the operation.
Shape broadcast(std::string_view operation, const Shape& a, const Shape& b);

// Whether a value of shape `from` can be repeated to `to`.
bool can_broadcast(const Shape& from, const Shape& to);

// The axes, as a bit mask, of `to` along which a value of shape `from` is repeated.
std::uint64_t repeated_axes(const Shape& from, const Shape& to);

// The shape with the length 1 along each axis of the mask; without these axes.
Shape with_ones(const Shape& shape, std::uint64_t axes);
Shape without(const Shape& shape, std::uint64_t axes);

// How many elements lie between neighbours along each axis of a contiguous array.
using Strides = std::array<std::ptrdiff_t, most_axes>;
Strides strides_of(const Shape& shape);

// Those of an array of shape `from` that is read as if it had the shape `to`: 0 where repeated.
Strides broadcast_strides(const Shape& from, const Shape& to);

}  // namespace autograd
