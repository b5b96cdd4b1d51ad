// What tests of arrays share: arrays made of numbers and read back, and the indices of a shape one
// after another, for loops that are too plain to be wrong. Start reading at `for_indices`.
#pragma once

#include <cstdint>
#include <vector>

#include "core/array.hpp"
#include "core/structure.hpp"
#include "core/term.hpp"
#include "graph_fixture.hpp"

namespace autograd::test {

using Numbers = std::vector<double>;
using Index = std::vector<std::size_t>;

// Numbers in [-2, 2), the same in each run; none is 0 or whole.
class RandomNumbers {
 public:
  explicit RandomNumbers(std::uint64_t seed = 1) : state_(seed) {}

  double next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return (static_cast<double>(state_ >> 44) + 0.5) / 262144.0 - 2.0;
  }
  std::size_t below(std::size_t limit) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(state_ >> 33) % limit;
  }
  Numbers list(std::size_t size) {
    Numbers numbers(size);
    for (double& number : numbers) number = next();
    return numbers;
  }

 private:
  std::uint64_t state_;
};

inline ArrayReference make_array(ArrayPool& pool, const Shape& shape, const Numbers& numbers,
                                 Dtype dtype = Dtype::float64) {
  ArrayReference array(pool.allocate(dtype, shape));
  REQUIRE(array->size == numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) array->set_number(i, numbers[i]);
  return array;
}

inline ArrayReference make_places(ArrayPool& pool, const Shape& shape,
                                  const std::vector<std::int64_t>& places) {
  ArrayReference array(pool.allocate(Dtype::int64, shape));
  REQUIRE(array->size == places.size());
  for (std::size_t i = 0; i < places.size(); ++i) array->integers()[i] = places[i];
  return array;
}

// 1, 2, 3, ...
inline Numbers counted(std::size_t size) {
  Numbers numbers(size);
  for (std::size_t i = 0; i < size; ++i) numbers[i] = static_cast<double>(i + 1);
  return numbers;
}

inline Numbers numbers_of(const Array& array) {
  Numbers numbers(array.size);
  for (std::size_t i = 0; i < array.size; ++i) numbers[i] = array.number_at(i);
  return numbers;
}

inline bool are_same_bits(const Numbers& a, const Numbers& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same_bits(a[i], b[i])) return false;
  }
  return true;
}

inline bool are_near(const Numbers& actual, const Numbers& expected, double tolerance) {
  if (actual.size() != expected.size()) return false;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    if (!is_near(actual[i], expected[i], tolerance)) return false;
  }
  return true;
}

// Calls f(index) for every index of a shape, in the order of the elements.
template <class F>
void for_indices(const Shape& shape, const F& f) {
  Index index(shape.rank(), 0);
  for (std::size_t i = 0; i < shape.size(); ++i) {
    f(index);
    for (std::size_t axis = shape.rank(); axis-- > 0;) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
}

// Where an element stands in a contiguous array of that shape. Of an index with more axes the last
// ones count, and along a length of 1 there is the element 0: NumPy's broadcasting.
inline std::size_t place_of(const Shape& shape, const Index& index) {
  const std::size_t offset = index.size() - shape.rank();
  std::size_t place = 0;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis)
    place = place * shape[axis] + (shape[axis] == 1 ? 0 : index[offset + axis]);
  return place;
}

inline bool is_in(std::uint64_t axes, std::size_t axis) { return (axes >> axis & 1U) != 0; }

// A graph's test with leaves that are arrays, and the gradients that they have.
struct ArrayFixture : GraphFixture {
  Handle array_leaf(const Shape& shape, const Numbers& numbers, Dtype dtype = Dtype::float64) {
    return {graph, graph.new_leaf(make_array(graph.arrays(), shape, numbers, dtype), true)};
  }
  Handle array_constant(const Shape& shape, const Numbers& numbers) {
    return {graph, graph.new_constant(make_array(graph.arrays(), shape, numbers))};
  }
};

inline Term term_of(const Handle& value) { return Reference::sharing(value.graph(), value.node()); }
inline Term term_of(const Held& value) { return term_of(value.value()); }
inline Handle handle_of(const Term& term) { return Handle::sharing(*term.graph(), term.node()); }

// Zeros are null.
inline Numbers array_gradient_of(const Node* node) {
  const Array* gradient = gradient_array_of(node);
  return gradient == nullptr ? Numbers(node->array->size, 0.0) : numbers_of(*gradient);
}
inline Numbers array_gradient_of(const Handle& value) { return array_gradient_of(value.node()); }
inline Numbers array_gradient_of(const Held& value) { return array_gradient_of(value.node()); }

constexpr std::uint64_t all_of(std::size_t rank) { return (std::uint64_t{1} << rank) - 1; }

}  // namespace autograd::test
