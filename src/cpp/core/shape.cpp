#include "core/shape.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace autograd {

void Shape::append(std::size_t length) {
  if (rank_ == most_axes)
    throw LengthError("[shape] more than " + std::to_string(most_axes) +
                      " axes were given - at most that many are needed. Join some of them.");
  lengths_[rank_++] = length;
}

std::string text_of(const Shape& shape) {
  std::string text = "(";
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    if (axis > 0) text += ", ";
    text += std::to_string(shape[axis]);
  }
  return text + (shape.rank() == 1 ? ",)" : ")");
}

Shape broadcast(std::string_view operation, const Shape& a, const Shape& b) {
  const Shape& longer = a.rank() >= b.rank() ? a : b;
  const Shape& shorter = a.rank() >= b.rank() ? b : a;
  Shape result = longer;
  const std::size_t offset = longer.rank() - shorter.rank();
  for (std::size_t axis = 0; axis < shorter.rank(); ++axis) {
    std::size_t& length = result[offset + axis];
    if (length == shorter[axis] || shorter[axis] == 1) continue;
    if (length != 1)
      throw LengthError("[" + std::string(operation) + "] the shapes " + text_of(a) + " and " +
                        text_of(b) +
                        " were given - lengths that are equal or 1 are needed, from the last axis "
                        "on. Reshape one of them.");
    length = shorter[axis];
  }
  return result;
}

bool can_broadcast(const Shape& from, const Shape& to) {
  if (from.rank() > to.rank()) return false;
  const std::size_t offset = to.rank() - from.rank();
  for (std::size_t axis = 0; axis < from.rank(); ++axis) {
    if (from[axis] != 1 && from[axis] != to[offset + axis]) return false;
  }
  return true;
}

std::uint64_t repeated_axes(const Shape& from, const Shape& to) {
  const std::size_t offset = to.rank() - from.rank();
  std::uint64_t axes = (std::uint64_t{1} << offset) - 1;
  for (std::size_t axis = 0; axis < from.rank(); ++axis) {
    if (from[axis] != to[offset + axis]) axes |= std::uint64_t{1} << (offset + axis);
  }
  return axes;
}

Shape with_ones(const Shape& shape, std::uint64_t axes) {
  Shape result = shape;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    if ((axes >> axis & 1U) != 0) result[axis] = 1;
  }
  return result;
}

Shape without(const Shape& shape, std::uint64_t axes) {
  Shape result;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    if ((axes >> axis & 1U) == 0) result.append(shape[axis]);
  }
  return result;
}

Strides strides_of(const Shape& shape) {
  Strides strides{};
  std::ptrdiff_t step = 1;
  for (std::size_t axis = shape.rank(); axis-- > 0;) {
    strides[axis] = step;
    step *= static_cast<std::ptrdiff_t>(shape[axis]);
  }
  return strides;
}

Strides broadcast_strides(const Shape& from, const Shape& to) {
  Strides strides{};
  const Strides own = strides_of(from);
  const std::size_t offset = to.rank() - from.rank();
  for (std::size_t axis = 0; axis < from.rank(); ++axis) {
    if (from[axis] == to[offset + axis]) strides[offset + axis] = own[axis];
  }
  return strides;
}

}  // namespace autograd
