// The operations of the table on arrays, and what their adjoints pass on, against loops over
// indices.
#include "core/elementwise.hpp"

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "array_fixture.hpp"
#include "core/error.hpp"
#include "core/kernels.hpp"
#include "core/past_caches.hpp"

namespace autograd::test {

namespace {

// An operation on one element each, as a chunk of one.
double value_of(std::size_t index, const Numbers& arguments) {
  const double* pointers[3];
  for (std::size_t i = 0; i < arguments.size(); ++i) pointers[i] = &arguments[i];
  double result = 0.0;
  kernels().value[index](1, &result, pointers);
  return result;
}

double contribution_of(std::size_t index, std::size_t argument, double adjoint,
                       const Numbers& arguments, double result) {
  const double* pointers[3];
  for (std::size_t i = 0; i < arguments.size(); ++i) pointers[i] = &arguments[i];
  double amount = 0.0;
  kernels().contribution[index][argument](1, &amount, &adjoint, pointers, &result);
  return amount;
}

// Operands as tests state them: a shape and a type, or a number.
struct Given {
  Shape shape;
  Dtype dtype = Dtype::float64;
  bool is_number = false;
};
const Given number{{}, Dtype::float64, true};

std::string text_of(const std::vector<Given>& given) {
  std::string text;
  for (const Given& one : given) {
    text += one.is_number ? "number " : autograd::text_of(one.shape) + " ";
    text += one.dtype == Dtype::float32 ? "float32; " : "; ";
  }
  return text;
}

// An operation on random operands, and its result as a loop over the indices computes it.
struct Example {
  ArrayPool pool;
  std::size_t index;
  std::vector<ArrayReference> arrays;
  std::vector<ArrayOperand> operands;
  Shape shape;
  Dtype dtype = Dtype::float32;

  Example(std::string_view operation, const std::vector<Given>& given, std::uint64_t seed = 1)
      : index(index_of(operation)) {
    RandomNumbers random(seed);
    for (const Given& one : given) {
      if (one.is_number) {
        operands.push_back({nullptr, random.next()});
        continue;
      }
      arrays.push_back(make_array(pool, one.shape, random.list(one.shape.size()), one.dtype));
      operands.push_back({arrays.back().get(), 0.0});
      shape = broadcast(operation, shape, one.shape);
      if (one.dtype == Dtype::float64) dtype = Dtype::float64;
    }
  }

  Numbers arguments_at(const Index& at) const {
    Numbers found;
    for (const ArrayOperand& operand : operands)
      found.push_back(operand.array == nullptr
                          ? operand.number
                          : operand.array->number_at(place_of(shape_of(*operand.array), at)));
    return found;
  }
  double rounded(double value) const {
    return dtype == Dtype::float32 ? static_cast<double>(static_cast<float>(value)) : value;
  }
  Numbers expected() const {
    Numbers results;
    for_indices(shape, [&](const Index& at) {
      results.push_back(rounded(value_of(index, arguments_at(at))));
    });
    return results;
  }
  // The sums, over all elements that share it, of what is passed to each element of an operand.
  Numbers expected_contributions(std::size_t argument, const Array& result,
                                 const Array& adjoint) const {
    const Array* target = operands[argument].array;
    const Shape to = target == nullptr ? Shape() : shape_of(*target);
    Numbers sums(to.size(), 0.0);
    std::size_t i = 0;
    for_indices(shape, [&](const Index& at) {
      sums[place_of(to, at)] += contribution_of(index, argument, adjoint.number_at(i),
                                                arguments_at(at), result.number_at(i));
      ++i;
    });
    return sums;
  }
};

const std::vector<std::pair<std::string_view, std::vector<Given>>>& examples() {
  constexpr Dtype single = Dtype::float32;
  static const std::vector<std::pair<std::string_view, std::vector<Given>>> all{
      {"sin", {{{}}}},
      {"tanh", {{{7}}}},
      {"tanh", {{{7}, single}}},
      {"exp", {{{2, 300}}}},
      {"subtract", {{{5}}, {{5}}}},
      {"subtract", {{{3, 5}}, {{5}}}},
      {"subtract", {{{5}}, {{3, 5}}}},
      {"subtract", {{{3, 1}}, {{1, 5}}}},
      {"subtract", {{{3, 1}}, {{4, 1, 5}}}},
      {"subtract", {{{5}}, number}},
      {"subtract", {number, {{2, 2}}}},
      {"subtract", {{{5}, single}, number}},
      {"multiply", {{{3, 5}, single}, {{5}, single}}},
      {"multiply", {{{3, 5}, single}, {{5}}}},
      {"multiply", {{{3, 5}}, {{3, 1}, single}}},
      {"multiply", {{{1}}, {{}}}},
      {"divide", {{{300}}, {{300}, single}}},
      {"divide", {{{2, 3, 100}}, {{3, 1}}}},
      {"divide", {{{2, 300}}, {{300}}}},
      {"divide", {{{300, 2}}, {{2}}}},
      {"divide", {{{1, 300}}, {{3, 1}}}},
      {"hypot", {{{2, 1, 3}}, {{4, 1}}}},
      {"multiply", {{{0}}, {{1}}}},
      {"add", {{{2, 0, 3}}, {{3}}}},
      {"where", {{{4}}, {{4}}, {{4}}}},
      {"where", {{{4, 1}}, {{3}}, number}},
      {"where", {number, {{3}, single}, {{2, 3}, single}}},
      {"clip", {{{2, 3}}, number, number}},
      {"clip", {{{2, 3}, single}, {{3}}, {{2, 1}}}},
  };
  return all;
}

constexpr std::size_t sizes_around_chunks[] = {1,   2,   7,   8,   15,  16,  17,  31,
                                               255, 256, 257, 511, 512, 513, 1000};

}  // namespace

TEST_CASE("elementwise: values against a loop over the indices, bit for bit") {
  for (const auto& [operation, given] : examples()) {
    Example example(operation, given);
    CAPTURE(operation);
    CAPTURE(text_of(given));
    const ArrayReference result = apply_elementwise(example.pool, example.index, example.operands);
    CHECK(shape_of(*result) == example.shape);
    CHECK(result->dtype == example.dtype);
    CHECK(are_same_bits(numbers_of(*result), example.expected()));
  }
}

TEST_CASE("elementwise: results that go past the caches") {
  constexpr Dtype single = Dtype::float32;
  constexpr std::size_t many = 1'500'003;
  const std::pair<const char*, std::vector<Given>> all[] = {
      {"square", {{{many}}}},
      {"subtract", {{{many}}, {{many}}}},
      {"subtract", {{{many}}, number}},
      {"subtract", {{{many}}, {{many}, single}}},
      {"subtract", {{{many}, single}, {{many}, single}}},
      {"subtract", {{{3, many / 3}}, {{many / 3}}}},
      {"subtract", {{{3, many / 3}}, {{3, 1}}}},
      {"where", {{{many}}, {{many}}, {{many}}}},
  };
  for (const auto& [operation, given] : all) {
    Example example(operation, given);
    CAPTURE(operation);
    CAPTURE(text_of(given));
    std::size_t bytes = 0;
    for (const ArrayOperand& operand : example.operands)
      bytes += operand.array == nullptr ? 0 : operand.array->bytes();
    const ArrayReference result = apply_elementwise(example.pool, example.index, example.operands);
#ifdef __x86_64__
    CHECK(are_past_caches(bytes + result->bytes()));
#endif
    std::size_t i = 0;
    bool are_right = true;
    for_indices(example.shape, [&](const Index& at) {
      if (i < 600 || i % 997 == 0 || i + 600 > many) {
        const double expected = value_of(example.index, example.arguments_at(at));
        are_right = are_right && same_bits(result->number_at(i), example.rounded(expected));
      }
      ++i;
    });
    CHECK(i == many);
    CHECK(are_right);
  }
}

TEST_CASE("elementwise: contributions against a loop over the indices") {
  for (const auto& [operation, given] : examples()) {
    Example example(operation, given, 7);
    CAPTURE(operation);
    CAPTURE(text_of(given));
    const ArrayReference result = apply_elementwise(example.pool, example.index, example.operands);
    const ArrayReference adjoint =
        make_array(example.pool, example.shape, RandomNumbers(3).list(result->size), result->dtype);
    const Backward backward{example.index, example.operands, *result, adjoint.get()};
    for (std::size_t argument = 0; argument < given.size(); ++argument) {
      CAPTURE(argument);
      const Numbers expected = example.expected_contributions(argument, *result, *adjoint);
      const Array* target = example.operands[argument].array;
      if (target == nullptr) {
        CHECK(is_near(sum_of_contributions(backward, argument), expected.front(), 1e-12));
        continue;
      }
      const double tolerance = target->dtype == Dtype::float32 ? 1e-6 : 1e-12;
      ArrayReference total;
      add_contribution(backward, argument, total);
      REQUIRE(total);
      CHECK(same_shape(*total, *target));
      CHECK(total->dtype == target->dtype);
      CHECK(are_near(numbers_of(*total), expected, tolerance));
      // Once more on top of it: alone, and while somebody shares it, who must not notice.
      const ArrayReference shared = total;
      const Numbers before = numbers_of(*shared);
      add_contribution(backward, argument, total);
      CHECK(numbers_of(*shared) == before);
      add_contribution(backward, argument, total);
      Numbers thrice = expected;
      for (double& sum : thrice) sum *= 3.0;
      CHECK(are_near(numbers_of(*total), thrice, 4.0 * tolerance));
    }
    CHECK(are_same_bits(numbers_of(*result), example.expected()));  // nothing was written to it
    CHECK(numbers_of(*adjoint) ==
          numbers_of(*make_array(example.pool, example.shape, RandomNumbers(3).list(result->size),
                                 result->dtype)));
  }
}

TEST_CASE("elementwise: all sizes around vectors and chunks") {
  for (const std::size_t size : sizes_around_chunks) {
    for (const Dtype dtype : {Dtype::float64, Dtype::float32}) {
      CAPTURE(size);
      const std::vector<std::pair<std::string_view, std::vector<Given>>> cases{
          {"exp", {{{size}, dtype}}},
          {"maximum", {{{size}, dtype}, number}},
          {"subtract", {{{size}, dtype}, {{1}, dtype}}},
          {"where", {{{size}, dtype}, {{size}, dtype}, {{2, 1}, dtype}}},
      };
      for (const auto& [operation, given] : cases) {
        CAPTURE(operation);
        Example example(operation, given, size);
        const ArrayReference result =
            apply_elementwise(example.pool, example.index, example.operands);
        CHECK(are_same_bits(numbers_of(*result), example.expected()));
        const ArrayReference adjoint = make_array(
            example.pool, example.shape, RandomNumbers(3).list(result->size), result->dtype);
        const Backward backward{example.index, example.operands, *result, adjoint.get()};
        ArrayReference total;
        add_contribution(backward, 0, total);
        CHECK(are_near(numbers_of(*total), example.expected_contributions(0, *result, *adjoint),
                       dtype == Dtype::float32 ? 1e-6 : 1e-12));
      }
    }
  }
}

TEST_CASE("elementwise: an adjoint of zero passes zero on, also against infinity") {
  ArrayPool pool;
  const ArrayReference x = make_array(pool, {4}, {0.0, 0.0, 4.0, -1.0});
  const ArrayOperand operands[] = {{x.get(), 0.0}};
  constexpr std::size_t sqrt = index_of("sqrt");
  const ArrayReference result = apply_elementwise(pool, sqrt, operands);
  CHECK(std::isnan(result->number_at(3)));  // arrays flow
  const ArrayReference adjoint = make_array(pool, {4}, {0.0, 1.0, 2.0, 0.0});
  const Backward backward{sqrt, operands, *result, adjoint.get()};
  ArrayReference total;
  add_contribution(backward, 0, total);
  CHECK(are_same_bits(numbers_of(*total), {0.0, infinity, 0.5, 0.0}));
  const Backward of_zeros{sqrt, operands, *result,
                          make_array(pool, {4}, {0.0, 0.0, 0.0, 0.0}).hand_over()};
  CHECK(sum_of_contributions(of_zeros, 0) == 0.0);
  ArrayPool::release(of_zeros.adjoint);
}

TEST_CASE("elementwise: shapes that do not fit are refused in the name of the operation") {
  ArrayPool pool;
  const ArrayReference a = make_array(pool, {2}, counted(2));
  const ArrayReference b = make_array(pool, {3}, counted(3));
  const std::size_t live = pool.bytes_live();
  const ArrayOperand operands[] = {{a.get(), 0.0}, {b.get(), 0.0}};
  CHECK_THROWS_WITH_AS(apply_elementwise(pool, index_of("power"), operands),
                       "[power] the shapes (2,) and (3,) were given - lengths that are equal or 1 "
                       "are needed, from the last axis on. Reshape one of them.",
                       LengthError);
  CHECK(pool.bytes_live() == live);
}

TEST_CASE("elementwise: accumulating shares, copies what is shared, and adds to what is its own") {
  ArrayPool pool;
  for (const Dtype dtype : {Dtype::float64, Dtype::float32}) {
    const ArrayReference amount = make_array(pool, {3}, {1.0, 2.0, 3.0}, dtype);
    ArrayReference total;
    accumulate(total, amount.get());
    CHECK(total.get() == amount.get());  // no copy
    accumulate(total, amount.get());
    CHECK(total.get() != amount.get());
    CHECK(numbers_of(*amount) == Numbers{1.0, 2.0, 3.0});
    CHECK(numbers_of(*total) == Numbers{2.0, 4.0, 6.0});
    const Array* own = total.get();
    accumulate(total, amount.get());
    CHECK(total.get() == own);
    CHECK(numbers_of(*total) == Numbers{3.0, 6.0, 9.0});
    CHECK(total->dtype == dtype);
  }
}

TEST_CASE("elementwise: what shares the memory of another array is never added to") {
  ArrayPool pool;
  const ArrayReference base = make_array(pool, {2, 2}, {1.0, 2.0, 3.0, 4.0});
  const ArrayReference amount = make_array(pool, {4}, {10.0, 20.0, 30.0, 40.0});
  SUBCASE("by accumulate") {
    ArrayReference total = reshaped(base.get(), Shape{4});
    accumulate(total, amount.get());
    CHECK(numbers_of(*total) == Numbers{11.0, 22.0, 33.0, 44.0});
  }
  SUBCASE("by add_contribution") {
    ArrayReference total = reshaped(base.get(), Shape{4});
    const ArrayOperand operands[] = {{amount.get(), 0.0}, {amount.get(), 0.0}};
    constexpr std::size_t multiply = index_of("multiply");
    const ArrayReference result = apply_elementwise(pool, multiply, operands);
    const ArrayReference ones = make_array(pool, {4}, {1.0, 1.0, 1.0, 1.0});
    add_contribution({multiply, operands, *result, ones.get()}, 0, total);
    CHECK(numbers_of(*total) == Numbers{11.0, 22.0, 33.0, 44.0});
  }
  SUBCASE("by make_own") {
    ArrayReference own = reshaped(base.get(), Shape{4});
    make_own(own);
    CHECK(own->owner == nullptr);
    own->set_number(0, 100.0);
  }
  CHECK(numbers_of(*base) == Numbers{1.0, 2.0, 3.0, 4.0});
}

TEST_CASE("elementwise: conversion, repetition and filling") {
  ArrayPool pool;
  const Numbers numbers = RandomNumbers(5).list(300);
  const ArrayReference doubles = make_array(pool, {300}, numbers);
  const ArrayReference floats = converted(doubles.get(), Dtype::float32);
  CHECK(converted(floats.get(), Dtype::float32).get() == floats.get());
  for (std::size_t i = 0; i < numbers.size(); ++i)
    CHECK(floats->floats()[i] == static_cast<float>(numbers[i]));
  CHECK(numbers_of(*converted(floats.get(), Dtype::float64)) == numbers_of(*floats));
  for (const Dtype dtype : {Dtype::float64, Dtype::float32}) {
    const std::vector<std::pair<Shape, Shape>> shapes{
        {{}, {3}}, {{3}, {2, 3}}, {{2, 1}, {2, 3}}, {{2, 1, 2}, {2, 4, 2}}, {{1}, {0}}, {{}, {}}};
    for (const auto& [from, to] : shapes) {
      const ArrayReference array = make_array(pool, from, counted(from.size()), dtype);
      Numbers expected;
      for_indices(to, [&, &from = from](const Index& at) {
        expected.push_back(array->number_at(place_of(from, at)));
      });
      const ArrayReference result = repeated(*array, to);
      CHECK(shape_of(*result) == to);
      CHECK(numbers_of(*result) == expected);
    }
    const ArrayReference filled(pool.allocate(dtype, Shape{3}));
    fill(*filled, 0.5);
    CHECK(numbers_of(*filled) == Numbers{0.5, 0.5, 0.5});
  }
}

TEST_CASE("elementwise: sums over every set of axes, against a loop over the indices") {
  ArrayPool pool;
  const std::vector<Shape> shapes{{},       {5},       {1},       {700},     {3, 4},
                                  {4, 300}, {300, 4},  {2, 3, 4}, {1, 3, 1}, {2, 3, 2, 3},
                                  {0},      {2, 0, 3}, {3, 1, 5}, {16, 16},  {2, 256}};
  for (const Shape& shape : shapes) {
    for (const Dtype dtype : {Dtype::float64, Dtype::float32}) {
      const ArrayReference array =
          make_array(pool, shape, RandomNumbers(9).list(shape.size()), dtype);
      for (std::uint64_t axes = 0; axes <= all_of(shape.rank()); ++axes) {
        CAPTURE(autograd::text_of(shape));
        CAPTURE(axes);
        const Shape kept = with_ones(shape, axes);
        Numbers expected(kept.size(), 0.0);
        std::size_t i = 0;
        for_indices(
            shape, [&](const Index& at) { expected[place_of(kept, at)] += array->number_at(i++); });
        const ArrayReference sums = summed(*array, axes, without(shape, axes));
        CHECK(shape_of(*sums) == without(shape, axes));
        CHECK(sums->dtype == dtype);
        CHECK(are_near(numbers_of(*sums), expected, dtype == Dtype::float32 ? 1e-5 : 1e-12));
      }
    }
  }
}

}  // namespace autograd::test
