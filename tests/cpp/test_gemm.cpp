// Products of matrices against sums in long double, for each instruction set of the processor.
//
// The error of a sum of k products in any order is at most about k rounding errors of the sum of
// their magnitudes (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd edition, 3.1).
#include "core/gemm.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <limits>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include "failing_allocation.hpp"

namespace autograd::test {

namespace {

std::vector<InstructionSet> available_sets() {
  std::vector<InstructionSet> sets;
  for (const InstructionSet set :
       {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512})
    if (has_instruction_set(set)) sets.push_back(set);
  return sets;
}

// Numbers in [-1, 1), the same in each run.
class Numbers {
 public:
  template <class T>
  T next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<T>(static_cast<double>(state_ >> 40) / 8388608.0 - 1.0);
  }

 private:
  std::uint64_t state_ = 20;
};

// A matrix in a buffer that ends with its last element, so that a sanitizer sees a read beyond it;
// between its rows lies what must not be read as part of it.
template <class T>
struct Matrix {
  std::size_t rows;
  std::size_t columns;
  std::size_t gap;
  bool transposed;
  std::vector<T> stored;

  Matrix(std::size_t m, std::size_t n, bool as_transpose, std::size_t gap_of_rows, T fill)
      : rows(m), columns(n), gap(gap_of_rows), transposed(as_transpose) {
    const std::size_t stored_rows = transposed ? n : m;
    const std::size_t width = transposed ? m : n;
    const std::size_t size = stored_rows == 0 ? 0 : (stored_rows - 1) * (width + gap) + width;
    stored.assign(size, fill);
  }
  std::size_t stride() const { return (transposed ? rows : columns) + gap; }
  T& at(std::size_t i, std::size_t j) {
    return stored[transposed ? j * stride() + i : i * stride() + j];
  }
  T at(std::size_t i, std::size_t j) const {
    return stored[transposed ? j * stride() + i : i * stride() + j];
  }
  void set_random(Numbers& numbers) {
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) at(i, j) = numbers.next<T>();
  }
  Factor<T> factor() const {
    return {stored.data(), static_cast<std::ptrdiff_t>(stride()), transposed};
  }
};

using Sizes = std::initializer_list<std::size_t>;

struct Shape {
  std::size_t m;
  std::size_t n;
  std::size_t k;
};

template <class T>
Matrix<T> multiply(InstructionSet set, const Matrix<T>& a, const Matrix<T>& b, Matrix<T> c,
                   bool accumulate) {
  gemm_for<T>(set, a.rows, b.columns, a.columns, a.factor(), b.factor(), c.stored.data(),
              static_cast<std::ptrdiff_t>(c.stride()), accumulate);
  return c;
}

// The product of the first numbers of a sequence, which is the same however they are stored: so the
// slow sums are made once for all ways.
template <class T>
struct Expected {
  std::vector<long double> sums;
  std::vector<long double> magnitudes;  // sums of the magnitudes of the terms

  explicit Expected(Shape shape) : sums(shape.m * shape.n), magnitudes(sums.size()) {
    Numbers numbers;
    Matrix<T> a(shape.m, shape.k, false, 0, T{0});
    Matrix<T> b(shape.k, shape.n, false, 0, T{0});
    a.set_random(numbers);
    b.set_random(numbers);
    for (std::size_t i = 0; i < shape.m; ++i) {
      for (std::size_t j = 0; j < shape.n; ++j) {
        long double sum = 0.0L;
        long double magnitude = 0.0L;
        for (std::size_t l = 0; l < shape.k; ++l) {
          const long double term = static_cast<long double>(a.at(i, l)) * b.at(l, j);
          sum += term;
          magnitude += std::fabs(term);
        }
        sums[i * shape.n + j] = sum;
        magnitudes[i * shape.n + j] = magnitude;
      }
    }
  }
};

template <class T>
void check_product(InstructionSet set, Shape shape, const Expected<T>& expected, bool a_transposed,
                   bool b_transposed, bool accumulate, std::size_t gap) {
  constexpr T nan = std::numeric_limits<T>::quiet_NaN();
  Numbers numbers;
  Matrix<T> a(shape.m, shape.k, a_transposed, gap, nan);
  Matrix<T> b(shape.k, shape.n, b_transposed, gap, nan);
  Matrix<T> before(shape.m, shape.n, false, gap, T{7});
  a.set_random(numbers);
  b.set_random(numbers);
  if (accumulate) before.set_random(numbers);
  const Matrix<T> c = multiply(set, a, b, before, accumulate);

  bool close = true;
  for (std::size_t i = 0; i < shape.m; ++i) {
    for (std::size_t j = 0; j < shape.n; ++j) {
      const long double first = accumulate ? static_cast<long double>(before.at(i, j)) : 0.0L;
      const long double sum = first + expected.sums[i * shape.n + j];
      const long double magnitude = std::fabs(first) + expected.magnitudes[i * shape.n + j];
      const long double bound =
          static_cast<long double>(shape.k + 1) * std::numeric_limits<T>::epsilon() * magnitude;
      close = close && std::fabs(c.at(i, j) - sum) <= bound;  // not with nan
    }
  }
  bool kept = true;  // what lies between the rows of c
  for (std::size_t i = 0; i < c.stored.size(); ++i)
    if (i % c.stride() >= shape.n) kept = kept && c.stored[i] == T{7};
  if (close && kept) return;  // one check for each product, not each element, with its context
  CAPTURE(static_cast<int>(set));
  CAPTURE(shape.m);
  CAPTURE(shape.n);
  CAPTURE(shape.k);
  CAPTURE(a_transposed);
  CAPTURE(b_transposed);
  CAPTURE(accumulate);
  CAPTURE(gap);
  CHECK(close);
  CHECK(kept);
}

template <class T>
void check_all_ways(Shape shape, std::size_t gap) {
  const Expected<T> expected(shape);
  for (const InstructionSet set : available_sets())
    for (const bool a_transposed : {false, true})
      for (const bool b_transposed : {false, true})
        for (const bool accumulate : {false, true})
          check_product<T>(set, shape, expected, a_transposed, b_transposed, accumulate, gap);
}

}  // namespace

TEST_CASE_TEMPLATE("gemm: sizes around the borders of tiles", T, double, float) {
  const std::size_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 16, 17, 25, 33, 49};
  for (const std::size_t m : sizes)
    for (const std::size_t n : sizes)
      for (const std::size_t k : Sizes{1, 3, 4, 8, 21})
        check_all_ways<T>({m, n, k}, (m + n + k) % 3);
}

TEST_CASE_TEMPLATE("gemm: a few rows and wide panels", T, double, float) {
  for (std::size_t m = 1; m <= 6; ++m)
    for (const std::size_t n : Sizes{31, 63, 64, 65, 100, 127, 128, 129, 200, 257})
      check_all_ways<T>({m, n, 10}, 1);
}

TEST_CASE_TEMPLATE("gemm: products with a vector", T, double, float) {
  for (const std::size_t k : Sizes{1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 64, 100, 255, 257, 600}) {
    for (const std::size_t other : Sizes{1, 2, 3, 4, 5, 8, 11, 70}) {
      for (const std::size_t gap : Sizes{0, 3}) {
        check_all_ways<T>({other, 1, k}, gap);
        check_all_ways<T>({1, other, k}, gap);
      }
    }
  }
}

TEST_CASE_TEMPLATE("gemm: sizes around the borders of blocks", T, double, float) {
  // k beyond one block; strides of 2 KiB, where factors are packed; blocks of rows and of columns.
  const Shape shapes[] = {{5, 70, 255},  {5, 70, 256},   {13, 33, 257},  {30, 20, 520},
                          {50, 512, 65}, {245, 260, 70}, {256, 130, 64}, {49, 515, 66}};
  for (const Shape& shape : shapes) check_all_ways<T>(shape, 0);
  check_all_ways<T>({512, 129, 72}, 0);
  check_all_ways<T>({61, 1024, 64}, 0);
  check_all_ways<T>({60, 256, 512}, 0);
}

TEST_CASE_TEMPLATE("gemm: nothing to add", T, double, float) {
  for (const InstructionSet set : available_sets()) {
    for (const bool accumulate : {false, true}) {
      T c[] = {1, 2, 3, 4, 5};
      gemm_for<T>(set, 2, 2, 0, {nullptr, 0, false}, {nullptr, 2, false}, c, 3, accumulate);
      const std::vector<T> expected =
          accumulate ? std::vector<T>{1, 2, 3, 4, 5} : std::vector<T>{0, 0, 3, 0, 0};
      CHECK(std::vector<T>(c, c + 5) == expected);
      gemm_for<T>(set, 0, 2, 3, {nullptr, 3, false}, {nullptr, 2, false}, c, 2, accumulate);
      gemm_for<T>(set, 2, 0, 3, {nullptr, 3, false}, {nullptr, 0, false}, c, 0, accumulate);
      CHECK(std::vector<T>(c, c + 5) == expected);
    }
  }
}

TEST_CASE_TEMPLATE("gemm: infinities and nans flow, also through zeros", T, double, float) {
  constexpr T inf = std::numeric_limits<T>::infinity();
  constexpr T nan = std::numeric_limits<T>::quiet_NaN();
  const Shape shapes[] = {{1, 1, 9}, {5, 1, 9}, {1, 5, 9}, {5, 6, 9}, {30, 40, 50}, {60, 256, 70}};
  for (const InstructionSet set : available_sets()) {
    for (const Shape& shape : shapes) {
      for (const bool transposed : {false, true}) {
        for (const std::size_t l : {std::size_t{0}, shape.k - 1}) {
          Matrix<T> a(shape.m, shape.k, transposed, 0, T{0});
          Matrix<T> b(shape.k, shape.n, transposed, 0, T{1});
          Matrix<T> c(shape.m, shape.n, false, 0, T{0});
          const std::size_t i = shape.m - 1;
          const std::size_t j = shape.n - 1;
          // In a row of a: all of that row of c, and no other.
          for (const T special : {inf, -inf, nan}) {
            a.at(i, l) = special;
            c = multiply(set, a, b, c, false);
            CHECK((std::isnan(special) ? std::isnan(c.at(i, 0)) : c.at(i, 0) == special));
            CHECK((std::isnan(special) ? std::isnan(c.at(i, j)) : c.at(i, j) == special));
            if (i > 0) CHECK(c.at(0, j) == T{0});
          }
          // In a column of b, times the zeros of a.
          a.at(i, l) = T{0};
          b.at(l, j) = inf;
          c = multiply(set, a, b, c, false);
          CHECK(std::isnan(c.at(i, j)));
          CHECK(std::isnan(c.at(0, j)));
          if (j > 0) CHECK(c.at(i, 0) == T{0});
        }
      }
    }
  }
}

TEST_CASE_TEMPLATE("gemm: an element's sum does not depend on what is computed beside it", T,
                   double, float) {
  constexpr std::size_t k = 300;
  constexpr std::size_t most = 60;
  Numbers numbers;
  Matrix<T> a(most, k, false, 0, T{0});
  Matrix<T> b(k, most, false, 0, T{0});
  a.set_random(numbers);
  b.set_random(numbers);
  Matrix<T> a_transposed(most, k, true, 0, T{0});
  Matrix<T> b_transposed(k, most, true, 0, T{0});
  for (std::size_t i = 0; i < most; ++i) {
    for (std::size_t l = 0; l < k; ++l) {
      a_transposed.at(i, l) = a.at(i, l);
      b_transposed.at(l, i) = b.at(l, i);
    }
  }
  for (const InstructionSet set : available_sets()) {
    const Matrix<T> zero(most, most, false, 0, T{0});
    const Matrix<T> whole = multiply(set, a, b, zero, false);
    CHECK(multiply(set, a, b, zero, false).stored == whole.stored);
    CHECK(multiply(set, a_transposed, b, zero, false).stored == whole.stored);
    CHECK(multiply(set, a, b_transposed, zero, false).stored == whole.stored);
    CHECK(multiply(set, a_transposed, b_transposed, zero, false).stored == whole.stored);
    for (const std::size_t m : Sizes{2, 3, 7, 40}) {
      for (const std::size_t n : Sizes{2, 9, 31}) {
        std::vector<T> part(m * n);
        gemm_for<T>(set, m, n, k, a.factor(), b.factor(), part.data(),
                    static_cast<std::ptrdiff_t>(n), false);
        bool same = true;
        for (std::size_t i = 0; i < m; ++i)
          for (std::size_t j = 0; j < n; ++j) same = same && part[i * n + j] == whole.at(i, j);
        CHECK(same);
      }
    }
  }
}

TEST_CASE("gemm: memory that runs out leaves c as it was") {
  struct State {
    Matrix<double> a{500, 400, false, 0, 1.0};
    Matrix<double> b{400, 600, true, 0, 2.0};
    Matrix<double> c{500, 600, false, 0, 3.0};
  };
  std::size_t allocations = 0;
  // A thread of its own has not allocated a workspace yet.
  std::thread([&allocations] {
    allocations =
        fail_each_allocation([] { return std::make_unique<State>(); },
                             [](State& state) {
                               gemm<double>(500, 600, 400, state.a.factor(), state.b.factor(),
                                            state.c.stored.data(), 600, false);
                             },
                             [](const State& state, bool failed) {
                               const double expected = failed ? 3.0 : 800.0;
                               CHECK(state.c.at(0, 0) == expected);
                               CHECK(state.c.at(499, 599) == expected);
                             });
  }).join();
  CHECK(allocations == 1);
}

TEST_CASE("gemm: uses the best instruction set, or the one that is asked for") {
  const InstructionSet set = instruction_set();
  CHECK(has_instruction_set(set));
  CHECK(has_instruction_set(InstructionSet::baseline));
  const char* wanted = std::getenv("AUTOGRAD_INSTRUCTION_SET");
  if (wanted == nullptr) CHECK(set == available_sets().back());
  if (wanted != nullptr && std::string_view(wanted) == "baseline")
    CHECK(set == InstructionSet::baseline);

  Numbers numbers;
  Matrix<double> a(20, 30, false, 0, 0.0);
  Matrix<double> b(30, 40, false, 0, 0.0);
  a.set_random(numbers);
  b.set_random(numbers);
  const Matrix<double> zero(20, 40, false, 0, 0.0);
  Matrix<double> c = zero;
  gemm<double>(20, 40, 30, a.factor(), b.factor(), c.stored.data(), 40, false);
  CHECK(c.stored == multiply(set, a, b, zero, false).stored);
}

}  // namespace autograd::test
