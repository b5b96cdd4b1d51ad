// Arrays rearranged, joined, reduced and multiplied, against loops over indices.
#include "core/structure.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "array_fixture.hpp"
#include "core/elementwise.hpp"
#include "core/error.hpp"

namespace autograd::test {

namespace {

constexpr Dtype both_types[] = {Dtype::float64, Dtype::float32};

Index reordered(const Index& index, AxisOrder order) {
  Index result(index.size());
  for (std::size_t i = 0; i < index.size(); ++i) result[i] = index[axis_at(order, i)];
  return result;
}

// Every order of so many axes.
std::vector<AxisOrder> all_orders(std::size_t rank) {
  Index axes(rank);
  for (std::size_t i = 0; i < rank; ++i) axes[i] = i;
  std::vector<AxisOrder> orders;
  do {
    AxisOrder order = 0;
    for (std::size_t i = 0; i < rank; ++i) order |= AxisOrder{axes[i]} << (4 * i);
    orders.push_back(order);
  } while (std::ranges::next_permutation(axes).found);
  return orders;
}

Slice slice_of(const std::vector<std::array<std::ptrdiff_t, 3>>& axes, std::uint64_t dropped = 0) {
  Slice slice;
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    slice.starts[axis] = static_cast<std::size_t>(axes[axis][0]);
    slice.steps[axis] = axes[axis][1];
    slice.counts.append(static_cast<std::size_t>(axes[axis][2]));
  }
  slice.dropped = dropped;
  return slice;
}

// One that stays within the shape, with steps of both signs.
Slice random_slice(const Shape& shape, RandomNumbers& random) {
  Slice slice;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    const std::size_t length = shape[axis];
    const std::size_t start = random.below(length);
    const bool backwards = random.below(2) == 0;
    const std::size_t step = random.below(3) + 1;
    const std::size_t most = (backwards ? start : length - 1 - start) / step + 1;
    const bool is_dropped = random.below(4) == 0;
    slice.starts[axis] = start;
    slice.steps[axis] = static_cast<std::ptrdiff_t>(step) * (backwards ? -1 : 1);
    slice.counts.append(is_dropped ? 1 : random.below(most + 1));
    if (is_dropped) slice.dropped |= std::uint64_t{1} << axis;
  }
  return slice;
}

// Where the elements of a slice stand in the array.
std::vector<std::size_t> places_of(const Slice& slice, const Shape& shape) {
  std::vector<std::size_t> places;
  for_indices(slice.counts, [&](const Index& at) {
    Index in_array(at.size());
    for (std::size_t axis = 0; axis < at.size(); ++axis)
      in_array[axis] =
          static_cast<std::size_t>(static_cast<std::ptrdiff_t>(slice.starts[axis]) +
                                   static_cast<std::ptrdiff_t>(at[axis]) * slice.steps[axis]);
    places.push_back(place_of(shape, in_array));
  });
  return places;
}

}  // namespace

TEST_CASE("structure: orders of axes") {
  CHECK(reversed_axes(0) == 0);
  CHECK(reversed_axes(3) == 0x012);
  for (std::size_t rank = 1; rank <= 4; ++rank) {
    for (const AxisOrder order : all_orders(rank)) {
      const AxisOrder inverse = inverse_of(order, rank);
      for (std::size_t i = 0; i < rank; ++i) CHECK(axis_at(inverse, axis_at(order, i)) == i);
    }
  }
}

TEST_CASE("structure: transposes, for every order of the axes") {
  ArrayPool pool;
  const std::vector<Shape> shapes{{},     {3},    {2, 3},       {33, 18},    {2, 3, 4},
                                  {0, 3}, {1, 5}, {2, 3, 4, 2}, {3, 1, 2, 1}};
  for (const Shape& shape : shapes) {
    for (const Dtype dtype : both_types) {
      const ArrayReference array = make_array(pool, shape, counted(shape.size()), dtype);
      for (const AxisOrder order : all_orders(shape.rank())) {
        CAPTURE(text_of(shape));
        CAPTURE(order);
        const ArrayReference result = transposed(*array, order);
        Numbers expected(shape.size());
        std::size_t i = 0;
        for_indices(shape, [&](const Index& at) {
          expected[place_of(shape_of(*result), reordered(at, order))] = array->number_at(i++);
        });
        CHECK(result->dtype == dtype);
        CHECK(numbers_of(*result) == expected);
        CHECK(numbers_of(*transposed(*result, inverse_of(order, shape.rank()))) ==
              numbers_of(*array));
      }
    }
  }
}

TEST_CASE("structure: slices that were written out") {
  ArrayPool pool;
  const ArrayReference row = make_array(pool, {5}, counted(5));
  const ArrayReference matrix = make_array(pool, {2, 3}, counted(6));
  CHECK(numbers_of(*sliced(*row, slice_of({{1, 2, 2}}))) == Numbers{2.0, 4.0});
  CHECK(numbers_of(*sliced(*row, slice_of({{4, -1, 5}}))) == Numbers{5.0, 4.0, 3.0, 2.0, 1.0});
  CHECK(numbers_of(*sliced(*row, slice_of({{3, -2, 2}}))) == Numbers{4.0, 2.0});
  CHECK(sliced(*row, slice_of({{0, 1, 0}}))->size == 0);
  const ArrayReference column = sliced(*matrix, slice_of({{0, 1, 2}, {1, 1, 1}}, 0b10));
  CHECK(shape_of(*column) == Shape{2});
  CHECK(numbers_of(*column) == Numbers{2.0, 5.0});
  const ArrayReference element = sliced(*matrix, slice_of({{1, 1, 1}, {2, 1, 1}}, 0b11));
  CHECK(element->rank == 0);
  CHECK(element->number_at(0) == 6.0);
  const Slice upside_down = slice_of({{1, -1, 2}, {2, -2, 2}});
  CHECK(numbers_of(*sliced(*matrix, upside_down)) == Numbers{6.0, 4.0, 3.0, 1.0});
  const ArrayReference four = make_array(pool, {2, 2}, {1.0, 2.0, 3.0, 4.0});
  CHECK(numbers_of(*unsliced(*four, upside_down, {2, 3})) == Numbers{4.0, 0.0, 3.0, 2.0, 0.0, 1.0});
}

TEST_CASE("structure: random slices, and their transposes") {
  ArrayPool pool;
  RandomNumbers random(11);
  const std::vector<Shape> shapes{{7}, {4, 5}, {3, 1, 4}, {2, 3, 2, 3}};
  for (const Shape& shape : shapes) {
    for (int time = 0; time < 100; ++time) {
      const Dtype dtype = both_types[random.below(2)];
      const Slice slice = random_slice(shape, random);
      const std::vector<std::size_t> places = places_of(slice, shape);
      CAPTURE(text_of(shape));
      CAPTURE(text_of(slice.counts));
      const ArrayReference array = make_array(pool, shape, counted(shape.size()), dtype);
      const ArrayReference part = sliced(*array, slice);
      CHECK(shape_of(*part) == slice.shape());
      REQUIRE(part->size == places.size());
      Numbers expected(shape.size(), 0.0);
      for (std::size_t i = 0; i < places.size(); ++i) {
        CHECK(part->number_at(i) == array->number_at(places[i]));
        expected[places[i]] = array->number_at(places[i]);
      }
      CHECK(numbers_of(*unsliced(*part, slice, shape)) == expected);
    }
  }
}

TEST_CASE("structure: taking at places, and adding back there") {
  ArrayPool pool;
  for (const Dtype dtype : both_types) {
    const ArrayReference array = make_array(pool, {2, 3}, counted(6), dtype);
    const ArrayReference places = make_places(pool, {2, 2}, {5, 0, 5, 2});
    const ArrayReference found = taken(*array, *places);
    CHECK(shape_of(*found) == Shape{2, 2});
    CHECK(found->dtype == dtype);
    CHECK(numbers_of(*found) == Numbers{6.0, 1.0, 6.0, 3.0});
    const ArrayReference added = scattered(*found, *places, {2, 3});
    CHECK(numbers_of(*added) == Numbers{1.0, 0.0, 3.0, 0.0, 0.0, 12.0});  // repeated: added up
    const ArrayReference none = make_places(pool, {0}, {});
    CHECK(taken(*array, *none)->size == 0);
    CHECK(numbers_of(*scattered(*taken(*array, *none), *none, {2})) == Numbers{0.0, 0.0});
  }
}

TEST_CASE("structure: places outside of the array are refused") {
  ArrayPool pool;
  const ArrayReference array = make_array(pool, {3}, counted(3));
  const std::size_t live = pool.bytes_live();
  for (const std::int64_t place : {std::int64_t{3}, std::int64_t{-1}, INT64_MAX, INT64_MIN}) {
    const ArrayReference places = make_places(pool, {2}, {0, place});
    const std::string message = "[take] the index " + std::to_string(place) +
                                " was given - one from 0 to 3 is needed, the end excluded. " +
                                "Check the indices.";
    CHECK_THROWS_WITH_AS(taken(*array, *places), message.c_str(), IndexError);
    CHECK_THROWS_AS(scattered(*make_array(pool, {2}, counted(2)), *places, {3}), IndexError);
  }
  CHECK(pool.bytes_live() == live);
}

TEST_CASE("structure: concatenation along every axis") {
  ArrayPool pool;
  struct Case {
    std::vector<Shape> shapes;
    std::size_t axis;
  };
  const std::vector<Case> cases{
      {{{2}, {3}, {1}}, 0},
      {{{2}, {0}, {1}}, 0},
      {{{2, 3}}, 1},
      {{{2, 3}, {1, 3}}, 0},
      {{{2, 3}, {2, 1}, {2, 0}, {2, 2}}, 1},
      {{{2, 3, 2}, {2, 1, 2}}, 1},
      {{{2, 3, 2}, {2, 3, 4}}, 2},
      {{{0, 3}, {0, 2}}, 1},
  };
  for (const Case& example : cases) {
    for (const Dtype dtype : both_types) {
      std::vector<ArrayReference> owned;
      std::vector<const Array*> arrays;
      RandomNumbers random(13);
      for (const Shape& shape : example.shapes) {
        Numbers numbers = counted(shape.size());
        for (double& number : numbers) number += 100.0 * static_cast<double>(arrays.size());
        owned.push_back(make_array(pool, shape, numbers, dtype));
        arrays.push_back(owned.back().get());
      }
      const ArrayReference result = concatenated(arrays, example.axis);
      std::size_t before = 0;
      for (const Array* array : arrays) {
        std::size_t i = 0;
        for_indices(shape_of(*array), [&](const Index& at) {
          Index in_result = at;
          in_result[example.axis] += before;
          CHECK(result->number_at(place_of(shape_of(*result), in_result)) == array->number_at(i++));
        });
        before += array->lengths[example.axis];
      }
      CHECK(result->lengths[example.axis] == before);
    }
  }
  const ArrayReference a = make_array(pool, {2}, {1.0, 2.0});
  const ArrayReference b = make_array(pool, {2}, {3.0, 4.0});
  const Array* const both[] = {a.get(), b.get()};
  const ArrayReference rows = stacked(both);
  CHECK(shape_of(*rows) == Shape{2, 2});
  CHECK(numbers_of(*rows) == Numbers{1.0, 2.0, 3.0, 4.0});
}

TEST_CASE("structure: running sums along every axis, both ways") {
  ArrayPool pool;
  for (const Shape& shape : {Shape{5}, Shape{1}, Shape{3, 4}, Shape{2, 3, 4}, Shape{2, 0}}) {
    for (const Dtype dtype : both_types) {
      const ArrayReference array = make_array(pool, shape, counted(shape.size()), dtype);
      for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
        for (const bool backwards : {false, true}) {
          CAPTURE(text_of(shape));
          CAPTURE(axis);
          CAPTURE(backwards);
          const ArrayReference result = running_sum(*array, axis, backwards);
          for_indices(shape, [&](const Index& at) {
            double expected = 0.0;
            Index summand = at;
            for (summand[axis] = 0; summand[axis] < shape[axis]; ++summand[axis]) {
              if (backwards ? summand[axis] >= at[axis] : summand[axis] <= at[axis])
                expected += array->number_at(place_of(shape, summand));
            }
            CHECK(result->number_at(place_of(shape, at)) == expected);
          });
        }
      }
    }
  }
}

TEST_CASE("structure: extrema over every set of axes, with nan, infinities and ties") {
  ArrayPool pool;
  RandomNumbers random(17);
  for (const Shape& shape : {Shape{}, Shape{9}, Shape{3, 20}, Shape{20, 3}, Shape{2, 3, 4}}) {
    for (const Dtype dtype : both_types) {
      for (int kind = 0; kind < 4; ++kind) {
        Numbers numbers = random.list(shape.size());
        if (kind == 1) numbers[random.below(numbers.size())] = nan;
        if (kind == 2) numbers.assign(numbers.size(), -infinity);
        if (kind == 3) numbers.assign(numbers.size(), 2.0);
        const ArrayReference array = make_array(pool, shape, numbers, dtype);
        for (std::uint64_t axes = 0; axes <= all_of(shape.rank()); ++axes) {
          for (const bool largest : {true, false}) {
            CAPTURE(text_of(shape));
            CAPTURE(axes);
            CAPTURE(kind);
            const Shape kept = with_ones(shape, axes);
            std::vector<Numbers> groups(kept.size());
            std::size_t i = 0;
            for_indices(shape, [&](const Index& at) {
              groups[place_of(kept, at)].push_back(array->number_at(i++));
            });
            Numbers expected;
            for (const Numbers& group : groups) {
              double best = group.front();
              for (const double number : group) {
                if (std::isnan(number) || (largest ? number > best : number < best)) best = number;
                if (std::isnan(best)) break;
              }
              expected.push_back(best);
            }
            const ArrayReference found = extremum(*array, axes, without(shape, axes), largest);
            CHECK(are_same_bits(numbers_of(*found), expected));
          }
        }
      }
    }
  }
}

namespace {

// op(a) op(b) by the definition, with batches that are broadcast.
Numbers expected_product(const Array& a, const Array& b, bool transpose_a, bool transpose_b) {
  const Shape shape_a = shape_of(a);
  const Shape shape_b = shape_of(b);
  const auto matrix_of = [](const Shape& shape, bool transpose) {
    const std::size_t rows = shape[shape.rank() - 2];
    const std::size_t columns = shape[shape.rank() - 1];
    return transpose ? std::pair(columns, rows) : std::pair(rows, columns);
  };
  const auto [m, k] = matrix_of(shape_a, transpose_a);
  const std::size_t n = matrix_of(shape_b, transpose_b).second;
  const Shape batch =
      broadcast("matmul", without(shape_a, std::uint64_t{3} << (shape_a.rank() - 2)),
                without(shape_b, std::uint64_t{3} << (shape_b.rank() - 2)));
  const auto at = [](const Array& array, Index index, std::size_t row, std::size_t column,
                     bool transpose) {
    index.push_back(transpose ? column : row);
    index.push_back(transpose ? row : column);
    return array.number_at(place_of(shape_of(array), index));
  };
  Numbers result;
  for_indices(batch, [&, m = m, k = k](const Index& index) {
    for (std::size_t row = 0; row < m; ++row) {
      for (std::size_t column = 0; column < n; ++column) {
        double sum = 0.0;
        for (std::size_t i = 0; i < k; ++i)
          sum += at(a, index, row, i, transpose_a) * at(b, index, i, column, transpose_b);
        result.push_back(sum);
      }
    }
  });
  return result;
}

Shape with_matrix(const Shape& batch, std::size_t rows, std::size_t columns, bool transpose) {
  Shape shape = batch;
  shape.append(transpose ? columns : rows);
  shape.append(transpose ? rows : columns);
  return shape;
}

}  // namespace

TEST_CASE("structure: products, all transposes, batches that are broadcast") {
  ArrayPool pool;
  struct Case {
    Shape batch_a, batch_b;
    std::size_t m, k, n;
  };
  const std::vector<Case> cases{
      {{}, {}, 2, 3, 4},         {{}, {}, 1, 1, 1},         {{}, {}, 5, 1, 3},
      {{}, {}, 2, 0, 3},         {{}, {}, 0, 3, 2},         {{}, {}, 17, 9, 23},
      {{3}, {3}, 2, 3, 4},       {{3}, {}, 2, 3, 4},        {{}, {3}, 2, 3, 4},
      {{3}, {1}, 2, 3, 4},       {{1}, {3}, 2, 3, 4},       {{2, 3}, {3}, 2, 2, 2},
      {{3}, {2, 1}, 2, 3, 2},    {{2, 1}, {1, 3}, 2, 3, 2}, {{0}, {1}, 2, 3, 2},
      {{2, 1}, {2, 4}, 1, 3, 1},
  };
  for (const Case& example : cases) {
    for (const Dtype dtype : both_types) {
      for (const bool transpose_a : {false, true}) {
        for (const bool transpose_b : {false, true}) {
          const Shape shape_a = with_matrix(example.batch_a, example.m, example.k, transpose_a);
          const Shape shape_b = with_matrix(example.batch_b, example.k, example.n, transpose_b);
          CAPTURE(text_of(shape_a));
          CAPTURE(text_of(shape_b));
          CAPTURE(transpose_a);
          CAPTURE(transpose_b);
          const ArrayReference a =
              make_array(pool, shape_a, RandomNumbers(3).list(shape_a.size()), dtype);
          const ArrayReference b =
              make_array(pool, shape_b, RandomNumbers(4).list(shape_b.size()), dtype);
          const ArrayReference found = product(*a, *b, transpose_a, transpose_b);
          CHECK(found->dtype == dtype);
          CHECK(shape_of(*found) ==
                with_matrix(broadcast("matmul", example.batch_a, example.batch_b), example.m,
                            example.n, false));
          CHECK(are_near(numbers_of(*found), expected_product(*a, *b, transpose_a, transpose_b),
                         dtype == Dtype::float32 ? 1e-5 : 1e-12));
        }
      }
    }
  }
}

TEST_CASE("structure: products of shapes that do not fit") {
  ArrayPool pool;
  const ArrayReference a = make_array(pool, {2, 3}, counted(6));
  const ArrayReference batches = make_array(pool, {2, 3, 1}, counted(6));
  const ArrayReference others = make_array(pool, {3, 1, 1}, counted(3));
  CHECK_THROWS_WITH_AS(product(*a, *a, false, false),
                       "[matmul] the shapes (2, 3) and (2, 3) were given - the last length of the "
                       "first and the last but one of the second must be equal. Transpose or "
                       "reshape one.",
                       LengthError);
  CHECK_THROWS_AS(product(*batches, *others, false, false), LengthError);
  CHECK(numbers_of(*product(*a, *a, false, true)) == Numbers{14.0, 32.0, 32.0, 77.0});
}

namespace {

// The large product that was handed on last, and whether it was taken.
LargeProduct handed_on{};
bool takes = false;

bool multiply_large(const LargeProduct& given) {
  handed_on = given;
  if (takes) std::fill_n(static_cast<float*>(given.c), given.m * given.n, 7.0F);
  return takes;
}

}  // namespace

TEST_CASE("structure: a large product may be handed to somebody, who may decline") {
  ArrayPool pool;
  constexpr std::size_t n = 512;
  const ArrayReference a(pool.allocate(Dtype::float32, Shape{n, n}));
  const ArrayReference b(pool.allocate(Dtype::float32, Shape{n, n}));
  fill(*a, 0.5);
  fill(*b, 2.0);
  set_large_product(multiply_large);
  for (const bool is_taken : {true, false}) {
    takes = is_taken;
    handed_on = {};
    const ArrayReference found = product(*a, *b, false, true);
    CHECK(handed_on.dtype == Dtype::float32);
    CHECK(handed_on.m == n);
    CHECK_FALSE(handed_on.transpose_a);
    CHECK(handed_on.transpose_b);
    CHECK(found->number_at(n * n - 1) == (is_taken ? 7.0 : static_cast<double>(n)));
  }
  handed_on = {};
  const ArrayReference small = make_array(pool, {2, 2}, counted(4));
  product(*small, *small, false, false);
  CHECK(handed_on.m == 0);
  set_large_product(nullptr);
}

}  // namespace autograd::test
