// The measure of accuracy is the `long double` function of the C library, in units in the last
// place of the double nearest to it. The bounds are a little above the largest errors that were
// seen in many more points.
#include "core/elementary.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

namespace autograd::test {

namespace {

using Limits = std::numeric_limits<double>;

enum class Function { exponential, logarithm, hyperbolic_tangent, logistic };

template <Function function>
[[gnu::always_inline]] inline double apply(double x) {
  if constexpr (function == Function::exponential) return exponential(x);
  if constexpr (function == Function::logarithm) return logarithm(x);
  if constexpr (function == Function::hyperbolic_tangent) return hyperbolic_tangent(x);
  if constexpr (function == Function::logistic) return logistic(x);
}

template <Function function>
long double reference(long double x) {
  if constexpr (function == Function::exponential) return std::exp(x);
  if constexpr (function == Function::logarithm) return std::log(x);
  if constexpr (function == Function::hyperbolic_tangent) return std::tanh(x);
  if constexpr (function == Function::logistic) {
    const long double e = std::exp(-std::abs(x));
    return (x < 0.0L ? e : 1.0L) / (1.0L + e);
  }
}

// Of a number, nan is one; 0.0 and -0.0 are two.
bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

double error_in_ulps(double actual, long double expected) {
  int exponent = 0;
  static_cast<void>(std::frexp(expected, &exponent));
  const long double ulp =
      std::ldexp(1.0L, std::max(exponent, Limits::min_exponent) - Limits::digits);
  return static_cast<double>(std::abs(static_cast<long double>(actual) - expected) / ulp);
}

struct Range {
  double low;
  double high;
  bool of_exponents = false;  // then x is 2**u for u in the range
};

// Whether the functions of long double say more than those of double: with MSVC they have no bits
// for it, and musl's for ARM return the numbers that those of double do.
bool references_are_finer() {
  const volatile long double one = 1.0L;  // for the library, not the compiler, to work out
  const long double e = reference<Function::exponential>(one);
  return e != static_cast<long double>(static_cast<double>(e));
}

template <Function function>
void check_accuracy(const std::vector<Range>& ranges, double bound) {
  // Otherwise the reference is off by up to an ulp itself.
  const double allowed = bound + (references_are_finer() ? 0.0 : 1.0);
  std::mt19937_64 generator{20240229};
  for (const Range& range : ranges) {
    double largest = 0.0;
    double where = 0.0;
    for (int i = 0; i < 200'000; ++i) {
      const double fraction = static_cast<double>(generator() >> 11) * 0x1p-53;
      const double u = range.low + (range.high - range.low) * fraction;
      const double x = range.of_exponents ? std::exp2(u) : u;
      const double error = error_in_ulps(apply<function>(x), reference<function>(x));
      if (error <= largest) continue;  // which nan is not
      largest = error;
      where = x;
    }
    CAPTURE(range.low);
    CAPTURE(range.high);
    CAPTURE(where);
    CHECK(largest <= allowed);
  }
}

// Numbers of every kind: the special ones, then pseudo-random bits, then moderate ones.
std::vector<double> samples() {
  std::vector<double> numbers{0.0,
                              -0.0,
                              1.0,
                              -1.0,
                              Limits::infinity(),
                              -Limits::infinity(),
                              Limits::quiet_NaN(),
                              Limits::min(),
                              -Limits::min(),
                              Limits::denorm_min(),
                              -Limits::denorm_min(),
                              Limits::max(),
                              Limits::lowest(),
                              709.782712893384,
                              -745.1332191019412,
                              -1000.0,
                              1000.0};
  std::mt19937_64 generator{1};
  for (int i = 0; i < 10'000; ++i) numbers.push_back(std::bit_cast<double>(generator()));
  for (int i = 0; i < 10'003; ++i)
    numbers.push_back(1600.0 * (static_cast<double>(generator() >> 11) * 0x1p-53 - 0.5));
  for (int i = 0; i < 10'000; ++i)
    numbers.push_back(8.0 * (static_cast<double>(generator() >> 11) * 0x1p-53 - 0.5));
  return numbers;
}

template <Function function>
[[gnu::noinline]] double apply_to_one(double x) {
  return apply<function>(x);
}

template <Function function>
[[gnu::noinline]] void apply_to_array(const double* x, double* result, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) result[i] = apply<function>(x[i]);
}

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
template <Function function>
[[gnu::noinline, gnu::target("avx2,fma")]] void apply_to_array_avx2(const double* x, double* result,
                                                                    std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) result[i] = apply<function>(x[i]);
}

template <Function function>
[[gnu::noinline, gnu::target("avx512f,avx512dq,avx512vl")]] void apply_to_array_avx512(
    const double* x, double* result, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) result[i] = apply<function>(x[i]);
}
#endif

using OverArray = void (*)(const double*, double*, std::size_t);

void check_same(OverArray over_array, const std::vector<double>& x,
                const std::vector<double>& expected) {
  std::vector<double> result(x.size());
  over_array(x.data(), result.data(), x.size());
  std::vector<double> differing;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!same(result[i], expected[i])) differing.push_back(x[i]);
  const double first = differing.empty() ? 0.0 : differing.front();
  CAPTURE(first);
  CHECK(differing.empty());
}

template <Function function>
void check_arrays() {
  const std::vector<double> x = samples();
  std::vector<double> expected(x.size());
  std::ranges::transform(x, expected.begin(), apply_to_one<function>);
  check_same(apply_to_array<function>, x, expected);
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    check_same(apply_to_array_avx2<function>, x, expected);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    check_same(apply_to_array_avx512<function>, x, expected);
#endif
}

struct Point {
  double x;
  double expected;
};

template <Function function>
void check_exact(const std::vector<Point>& points) {
  for (const Point& point : points) {
    const double result = apply<function>(point.x);
    CAPTURE(point.x);
    CAPTURE(result);
    CHECK(same(result, point.expected));
  }
}

constexpr double infinity = Limits::infinity();
constexpr double nan = Limits::quiet_NaN();
constexpr double smallest = Limits::denorm_min();
constexpr double smallest_normal = Limits::min();
constexpr double largest = Limits::max();

}  // namespace

TEST_CASE("exponential: special values, overflow, gradual underflow") {
  check_exact<Function::exponential>({{0.0, 1.0},
                                      {-0.0, 1.0},
                                      {smallest, 1.0},
                                      {-smallest, 1.0},
                                      {1e-17, 1.0},
                                      {infinity, infinity},
                                      {-infinity, 0.0},
                                      {nan, nan},
                                      {-nan, nan},
                                      {largest, infinity},
                                      {-largest, 0.0},
                                      {1000.0, infinity},
                                      {1000.5, infinity},
                                      {-1000.5, 0.0},
                                      {709.7827128933841, infinity},
                                      {-745.1332191019411, smallest},
                                      {-745.1332191019412, 0.0},
                                      {-746.0, 0.0},
                                      {-740.0, 4.2e-322},
                                      {1.0, std::numbers::e},
                                      {-1.0, 0.36787944117144233}});
  // The last that does not overflow.
  const double last = 709.782712893384;
  CHECK(std::isfinite(exponential(last)));
  CHECK(exponential(last) > 1.797693134862e308);
}

TEST_CASE("logarithm: special values, subnormal arguments") {
  check_exact<Function::logarithm>({{1.0, 0.0},
                                    {0.0, -infinity},
                                    {-0.0, -infinity},
                                    {infinity, infinity},
                                    {-infinity, nan},
                                    {nan, nan},
                                    {-1.0, nan},
                                    {-smallest, nan},
                                    {-largest, nan},
                                    {smallest, -744.4400719213812},
                                    {smallest_normal, -708.3964185322641},
                                    {largest, 709.782712893384},
                                    {2.0, std::numbers::ln2},
                                    {0.5, -std::numbers::ln2},
                                    {10.0, std::numbers::ln10}});
}

TEST_CASE("hyperbolic_tangent: special values, small arguments") {
  check_exact<Function::hyperbolic_tangent>({{0.0, 0.0},
                                             {-0.0, -0.0},
                                             {infinity, 1.0},
                                             {-infinity, -1.0},
                                             {nan, nan},
                                             {1000.0, 1.0},
                                             {-1000.0, -1.0},
                                             {largest, 1.0},
                                             {-largest, -1.0},
                                             {22.0, 1.0},
                                             {-22.5, -1.0},
                                             {smallest, smallest},
                                             {-smallest, -smallest},
                                             {smallest_normal, smallest_normal},
                                             {1e-300, 1e-300},
                                             {-1e-300, -1e-300},
                                             {1e-9, 1e-9}});
}

TEST_CASE("logistic: special values, the lower tail") {
  check_exact<Function::logistic>({{0.0, 0.5},
                                   {-0.0, 0.5},
                                   {smallest, 0.5},
                                   {-smallest, 0.5},
                                   {infinity, 1.0},
                                   {-infinity, 0.0},
                                   {nan, nan},
                                   {1000.0, 1.0},
                                   {-1000.0, 0.0},
                                   {1000.5, 1.0},
                                   {-1000.5, 0.0},
                                   {750.0, 1.0},
                                   {-750.0, 0.0},
                                   {largest, 1.0},
                                   {-largest, 0.0},
                                   {-740.0, 4.2e-322},
                                   {-745.1332191019411, smallest},
                                   {-745.1332191019412, 0.0}});
}

TEST_CASE("exponential: accuracy") {
  check_accuracy<Function::exponential>({{-0.4, 0.4},
                                         {-2.0, 2.0},
                                         {-40.0, 40.0},
                                         {-708.0, 709.78},
                                         {-745.1, -708.0},
                                         {-1074.0, 9.4, true}},
                                        0.85);
}

TEST_CASE("logarithm: accuracy") {
  check_accuracy<Function::logarithm>({{-1074.0, -1022.0, true},
                                       {-1022.0, 1023.9, true},
                                       {0.5, 2.0},
                                       {0.69, 0.72},
                                       {1.4, 1.43},
                                       {0.999, 1.001},
                                       {0.0, 1000.0}},
                                      0.96);
}

TEST_CASE("hyperbolic_tangent: accuracy") {
  check_accuracy<Function::hyperbolic_tangent>({{-1074.0, -1022.0, true},
                                                {-1022.0, -1.0, true},
                                                {-30.0, 5.0, true},
                                                {-1.0, 1.0},
                                                {0.68, 0.75},
                                                {-23.0, 23.0}},
                                               1.65);
}

TEST_CASE("logistic: accuracy") {
  check_accuracy<Function::logistic>(
      {{-2.0, 2.0}, {-40.0, 40.0}, {-708.0, -1.0}, {-745.1, -708.0}, {-1074.0, 9.5, true}}, 1.45);
}

TEST_CASE("elementary functions: an array has the bits of single calls, on every instruction set") {
  check_arrays<Function::exponential>();
  check_arrays<Function::logarithm>();
  check_arrays<Function::hyperbolic_tangent>();
  check_arrays<Function::logistic>();
}

}  // namespace autograd::test
