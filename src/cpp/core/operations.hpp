// THE TABLE of operations. To add an operation is to add one entry here: its code, its recording,
// its backward rule, its method, its function in Python with documentation, its place in
// `autograd.OPERATIONS` and so its tests are derived.
//
// An entry gives name, formula, domain, what an infinite or undefined result means, the value, and
// the derivative in terms of arguments and result. The lambdas are generic: the derivatives serve
// on doubles (backward) and on recorded values (backward with create_graph, so that every order of
// derivative exists). Within them
//   call<"cos">(x)      applies another entry of the table,
//   select(c, a, b)     is a where c holds, else b,
//   when(c, p)          is the derivative p where c holds, and nothing at all elsewhere: an
//   argument
//                       that was not chosen gets 0 also from an infinite adjoint.
// Where a derivative does not exist the comment says what we give, and whether PyTorch agrees.
#pragma once

#include <cmath>
#include <numbers>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "core/entry.hpp"
#include "core/special_functions.hpp"

namespace autograd {

// A name as a template argument.
template <std::size_t N>
struct Name {
  char text[N];
  // Implicit: `call<"cos">` reads as the formula it is.
  constexpr Name(const char (&characters)[N]) {  // NOLINT(google-explicit-constructor)
    for (std::size_t i = 0; i < N; ++i) text[i] = characters[i];
  }
  constexpr std::string_view view() const { return {text, N - 1}; }
};

// The entry of that name, applied: to doubles, at the end of this file; to recorded values, in
// recorded.hpp.
template <Name name, class... Arguments>
auto call(const Arguments&... arguments);

template <class A, class B>
constexpr std::common_type_t<A, B> select(bool condition, const A& a, const B& b) {
  return condition ? std::common_type_t<A, B>(a) : std::common_type_t<A, B>(b);
}

template <class T>
struct When {
  bool condition;
  T partial;
};

template <class T>
constexpr When<T> when(bool condition, const T& partial) {
  return {condition, partial};
}

namespace table {

using std::numbers::inv_pi;
using std::numbers::inv_sqrtpi;
using std::numbers::ln10;
using std::numbers::ln2;
using std::numbers::sqrt2;

inline constexpr double inv_sqrt_2pi = inv_sqrtpi / sqrt2;  // the normal density at 0

inline constexpr faults::Flows flows;
inline constexpr faults::AsMath<Fault::domain> as_math;
inline constexpr faults::AsMath<Fault::range> overflows;
inline constexpr faults::Division divides;

inline constexpr auto zero = [](const auto&...) { return 0.0; };
inline constexpr auto one = [](const auto&...) { return 1.0; };
inline constexpr auto minus_one = [](const auto&...) { return -1.0; };

// clang-format off
inline constexpr auto operations = std::tuple{
    // Arithmetic.
    binary("add", "x + y", {"x", "y"}, {everywhere, everywhere}, flows,
           [](auto x, auto y) { return x + y; }, one, one),
    binary("subtract", "x - y", {"x", "y"}, {everywhere, everywhere}, flows,
           [](auto x, auto y) { return x - y; }, one, minus_one),
    binary("multiply", "x * y", {"x", "y"}, {everywhere, everywhere}, flows,
           [](auto x, auto y) { return x * y; },
           [](const auto&, const auto& y, const auto&) { return y; },
           [](const auto& x, const auto&, const auto&) { return x; }),
    binary("divide", "x / y, for y other than 0", {"x", "y"}, {everywhere, not_zero}, divides,
           [](auto x, auto y) { return x / y; },
           [](const auto&, const auto& y, const auto&) { return 1.0 / y; },
           [](const auto&, const auto& y, const auto& result) { return -result / y; }),
    // As Python's. The remainder jumps where the quotient is whole; there it has the derivative of
    // either side (PyTorch agrees).
    binary("floor_divide", "the largest whole number not above x / y, with derivative 0", {"x", "y"},
           {everywhere, not_zero}, divides, [](auto x, auto y) { return floor_of_quotient(x, y); }, zero, zero),
    binary("remainder", "x - y * floor_divide(x, y), which has the sign of y", {"x", "y"},
           {everywhere, not_zero}, divides, [](auto x, auto y) { return remainder_of(x, y); }, one,
           [](const auto& x, const auto& y, const auto&) { return -call<"floor_divide">(x, y); }),
    // 0**0 is 1. There, and for x = 0 with a positive exponent, the derivative to the exponent is 0
    // and no factor 0 * log(0) or 0 * 0**-1 is formed (PyTorch agrees). A negative base has a
    // derivative to its exponent nowhere: nan (PyTorch agrees).
    binary("power", "x ** y, for a positive x or a whole y", {"x", "y"}, {positive, everywhere}, faults::Power{},
           [](auto x, auto y) { return power_of(x, y); },
           [](const auto& x, const auto& y, const auto&) {
             const auto lower = call<"power">(x, y - 1.0);
             return when((y != 0.0) | ((lower > -infinity) & (lower < infinity)), y * lower);
           },
           [](const auto& x, const auto& y, const auto& result) {
             return when((x != 0.0) | (y < 0.0), result * call<"log">(x));
           }),
    unary("negative", "-x", everywhere, flows, [](auto x) { return -x; }, minus_one),
    unary("positive", "+x, a new node with the value of x", everywhere, flows,
          [](auto x) { return x; }, one),
    // Derivative 0 at 0 (PyTorch agrees).
    unary("absolute", "|x|, with derivative 0 at 0", everywhere, flows,
          [](auto x) { return std::abs(x); },
          [](const auto& x, const auto&) { return call<"sign">(x); }, 0.0),
    unary("square", "x ** 2", everywhere, flows, [](auto x) { return x * x; },
          [](const auto& x, const auto&) { return 2.0 * x; }),
    unary("reciprocal", "1 / x, for x other than 0", not_zero, divides, [](auto x) { return 1.0 / x; },
          [](const auto&, const auto& y) { return -(y * y); }),

    // Exponentials, logarithms, roots. The derivative of a root at 0 is inf.
    unary("exp", "e ** x", everywhere, overflows, [](auto x) { return exponential(x); },
          [](const auto&, const auto& y) { return y; }),
    unary("exp2", "2 ** x", everywhere, overflows, [](auto x) { return std::exp2(x); },
          [](const auto&, const auto& y) { return y * ln2; }),
    unary("expm1", "e ** x - 1, exact for small x", everywhere, overflows, [](auto x) { return std::expm1(x); },
          [](const auto&, const auto& y) { return y + 1.0; }),
    unary("log", "the natural logarithm of x, for x > 0", positive, as_math, [](auto x) { return logarithm(x); },
          [](const auto& x, const auto&) { return 1.0 / x; }),
    unary("log2", "the logarithm of x to base 2, for x > 0", positive, as_math, [](auto x) { return std::log2(x); },
          [](const auto& x, const auto&) { return 1.0 / (x * ln2); }),
    unary("log10", "the logarithm of x to base 10, for x > 0", positive, as_math, [](auto x) { return std::log10(x); },
          [](const auto& x, const auto&) { return 1.0 / (x * ln10); }),
    unary("log1p", "log(1 + x), exact for small x, for x > -1", above_minus_one, as_math, [](auto x) { return std::log1p(x); },
          [](const auto& x, const auto&) { return 1.0 / (1.0 + x); }),
    // The derivatives at twice the same infinity are nan (PyTorch agrees).
    binary("logaddexp", "log(exp(x) + exp(y)) without overflow", {"x", "y"}, {everywhere, everywhere}, flows,
           [](auto x, auto y) { return log_add_exp(x, y); },
           [](const auto& x, const auto& y, const auto&) { return call<"sigmoid">(x - y); },
           [](const auto& x, const auto& y, const auto&) { return call<"sigmoid">(y - x); }),
    unary("sqrt", "the square root of x, for x >= 0", not_negative, as_math, [](auto x) { return std::sqrt(x); },
          [](const auto&, const auto& y) { return 0.5 / y; }),
    unary("cbrt", "the cube root of x", everywhere, as_math, [](auto x) { return std::cbrt(x); },
          [](const auto&, const auto& y) { return 1.0 / (3.0 * y * y); }),

    // Trigonometry, in radians.
    unary("sin", "the sine of x radians", everywhere, as_math, [](auto x) { return std::sin(x); },
          [](const auto& x, const auto&) { return call<"cos">(x); }),
    unary("cos", "the cosine of x radians", everywhere, as_math, [](auto x) { return std::cos(x); },
          [](const auto& x, const auto&) { return -call<"sin">(x); }),
    unary("tan", "the tangent of x radians", Domain{everywhere.needed, -0.5 / inv_pi, 0.5 / inv_pi}, as_math,
          [](auto x) { return std::tan(x); },
          [](const auto&, const auto& y) { return 1.0 + y * y; }),
    unary("asin", "the angle in [-pi/2, pi/2] whose sine is x", closed_unit, as_math, [](auto x) { return std::asin(x); },
          [](const auto& x, const auto&) { return 1.0 / call<"sqrt">((1.0 - x) * (1.0 + x)); }),
    unary("acos", "the angle in [0, pi] whose cosine is x", closed_unit, as_math, [](auto x) { return std::acos(x); },
          [](const auto& x, const auto&) { return -1.0 / call<"sqrt">((1.0 - x) * (1.0 + x)); }),
    unary("atan", "the angle in (-pi/2, pi/2) whose tangent is x", everywhere, as_math, [](auto x) { return std::atan(x); },
          [](const auto& x, const auto&) { return 1.0 / (1.0 + x * x); }),
    // At the origin both derivatives are 0 (PyTorch agrees).
    binary("atan2", "the angle in [-pi, pi] of the point (x, y), with derivative 0 at the origin", {"y", "x"},
           {everywhere, everywhere}, flows, [](auto y, auto x) { return std::atan2(y, x); },
           [](const auto& y, const auto& x, const auto&) {
             const auto r = call<"hypot">(y, x);
             return select(r == 0.0, 0.0, x / r / r);
           },
           [](const auto& y, const auto& x, const auto&) {
             const auto r = call<"hypot">(y, x);
             return select(r == 0.0, 0.0, -y / r / r);
           }),
    // At the origin both derivatives are 0, a subgradient (PyTorch gives nan).
    binary("hypot", "sqrt(x**2 + y**2) without overflow, with derivative 0 at the origin", {"x", "y"},
           {everywhere, everywhere}, overflows, [](auto x, auto y) { return std::hypot(x, y); },
           [](const auto& x, const auto&, const auto& r) { return select(r == 0.0, 0.0, x / r); },
           [](const auto&, const auto& y, const auto& r) { return select(r == 0.0, 0.0, y / r); }),

    // Hyperbolic functions.
    unary("sinh", "the hyperbolic sine of x", everywhere, overflows, [](auto x) { return std::sinh(x); },
          [](const auto& x, const auto&) { return call<"cosh">(x); }),
    unary("cosh", "the hyperbolic cosine of x", everywhere, overflows, [](auto x) { return std::cosh(x); },
          [](const auto& x, const auto&) { return call<"sinh">(x); }),
    unary("tanh", "the hyperbolic tangent of x", everywhere, as_math, [](auto x) { return hyperbolic_tangent(x); },
          [](const auto&, const auto& y) { return 1.0 - y * y; }),
    unary("asinh", "the inverse of the hyperbolic sine", everywhere, as_math, [](auto x) { return std::asinh(x); },
          [](const auto& x, const auto&) { return 1.0 / call<"hypot">(x, 1.0); }),
    unary("acosh", "the inverse of the hyperbolic cosine, for x >= 1", at_least_one, as_math, [](auto x) { return std::acosh(x); },
          [](const auto& x, const auto&) { return 1.0 / (call<"sqrt">(x - 1.0) * call<"sqrt">(x + 1.0)); }),
    unary("atanh", "the inverse of the hyperbolic tangent, for -1 < x < 1", open_unit, as_math, [](auto x) { return std::atanh(x); },
          [](const auto& x, const auto&) { return 1.0 / ((1.0 - x) * (1.0 + x)); }),

    // Error and gamma functions: DLMF 7.2 and 5.2.
    unary("erf", "the error function, 2/sqrt(pi) times the integral of exp(-t**2) from 0 to x", everywhere, as_math,
          [](auto x) { return std::erf(x); },
          [](const auto& x, const auto&) { return 2.0 * inv_sqrtpi * call<"exp">(-(x * x)); }),
    unary("erfc", "1 - erf(x), exact for large x", everywhere, as_math, [](auto x) { return std::erfc(x); },
          [](const auto& x, const auto&) { return -2.0 * inv_sqrtpi * call<"exp">(-(x * x)); }),
    unary("lgamma", "the logarithm of |gamma(x)|", no_pole, faults::Gamma{}, [](auto x) { return log_gamma(x); },
          [](const auto& x, const auto&) { return call<"digamma">(x); }),
    unary("digamma", "the derivative of lgamma", no_pole, faults::Gamma{}, [](auto x) { return polygamma_of(0.0, x); },
          [](const auto& x, const auto&) { return call<"polygamma">(1.0, x); }),
    binary("polygamma", "the n-th derivative of digamma; n is no variable: its derivative is 0", {"n", "x"},
           {whole_order, no_pole}, faults::Gamma{}, [](auto n, auto x) { return polygamma_of(n, x); }, zero,
           [](const auto& n, const auto& x, const auto&) { return call<"polygamma">(n + 1.0, x); }),

    // Activations.
    unary("sigmoid", "1 / (1 + exp(-x))", everywhere, flows, [](auto x) { return logistic(x); },
          [](const auto&, const auto& y) { return y * (1.0 - y); }),
    // Derivative 0 at 0 (PyTorch agrees).
    unary("relu", "x where x > 0, else 0, with derivative 0 at 0", everywhere, flows,
          [](auto x) { return larger_of(x, 0.0); },
          [](const auto& x, const auto&) { return when(x > 0.0, 1.0); }, 0.0),
    // Derivative `slope` at 0 (PyTorch agrees).
    binary("leaky_relu", "x where x > 0, else slope * x, with derivative slope at 0", {"x", "slope"},
           {everywhere, everywhere}, flows,
           [](auto x, auto slope) { return select(x > 0.0, x, slope * x); },
           [](const auto& x, const auto& slope, const auto&) { return select(x > 0.0, 1.0, slope); },
           [](const auto& x, const auto&, const auto&) { return when(x <= 0.0, x); }, 0.0, 0.01),
    // Derivative `alpha` at 0 (PyTorch agrees).
    binary("elu", "x where x > 0, else alpha * (exp(x) - 1), with derivative alpha at 0", {"x", "alpha"},
           {everywhere, everywhere}, flows,
           [](auto x, auto alpha) { return select(x > 0.0, x, alpha * std::expm1(x)); },
           [](const auto& x, const auto& alpha, const auto& y) { return select(x > 0.0, 1.0, y + alpha); },
           [](const auto& x, const auto&, const auto&) {
             return when(x <= 0.0, call<"expm1">(select(x > 0.0, 0.0, x)));
           }, 0.0, 1.0),
    unary("silu", "x * sigmoid(x)", everywhere, flows,
          [](auto x) { return select(x == -infinity, 0.0, x * logistic(x)); },
          [](const auto& x, const auto&) {
            const auto s = call<"sigmoid">(x);
            return s * (1.0 + x * (1.0 - s));
          }),
    // Exact, not the approximation by tanh. Hendrycks and Gimpel, arXiv:1606.08415, section 2.
    unary("gelu", "x times the normal distribution function of x", everywhere, flows,
          [](auto x) { return select(x == -infinity, 0.0, x * normal_cdf(x)); },
          [](const auto& x, const auto&) {
            return 0.5 * call<"erfc">(-x / sqrt2) + inv_sqrt_2pi * x * call<"exp">(-0.5 * x * x);
          }),
    unary("softplus", "log(1 + exp(x))", everywhere, flows, [](auto x) { return log_one_plus_exp(x); },
          [](const auto& x, const auto&) { return call<"sigmoid">(x); }),

    // Steps: their derivative is 0 everywhere, at the jumps too (PyTorch agrees).
    unary("sign", "-1, 0 or 1 as x is below, at or above 0, with derivative 0", everywhere, flows,
          [](auto x) { return x > 0.0 ? 1.0 : (x < 0.0 ? -1.0 : x); }, zero, 0.0),
    unary("floor", "the largest whole number not above x, with derivative 0", everywhere, flows,
          [](auto x) { return std::floor(x); }, zero, 0.0),
    unary("ceil", "the smallest whole number not below x, with derivative 0", everywhere, flows,
          [](auto x) { return std::ceil(x); }, zero, 0.0),

    // Choices. A tie gives each argument half of the derivative (PyTorch agrees).
    binary("maximum", "the larger of x and y; a tie gives each the derivative 0.5", {"x", "y"},
           {everywhere, everywhere}, flows, [](auto x, auto y) { return larger_of(x, y); },
           [](const auto& x, const auto& y, const auto&) { return when(x >= y, select(x == y, 0.5, 1.0)); },
           [](const auto& x, const auto& y, const auto&) { return when(y >= x, select(x == y, 0.5, 1.0)); }),
    binary("minimum", "the smaller of x and y; a tie gives each the derivative 0.5", {"x", "y"},
           {everywhere, everywhere}, flows, [](auto x, auto y) { return smaller_of(x, y); },
           [](const auto& x, const auto& y, const auto&) { return when(x <= y, select(x == y, 0.5, 1.0)); },
           [](const auto& x, const auto& y, const auto&) { return when(y <= x, select(x == y, 0.5, 1.0)); }),
    // Derivative 1 on the closed interval, and none to a bound that is only touched (PyTorch agrees).
    ternary("clip", "x held between low and high; low above high gives high", {"x", "low", "high"},
            {everywhere, any_bound, any_bound}, flows,
            [](auto x, auto low, auto high) {
              const auto raised = select(x < low, low, x);
              return select(raised > high, high, raised);
            },
            [](const auto& x, const auto& low, const auto& high, const auto&) {
              return when((x >= low) & (x <= high), 1.0);
            },
            [](const auto& x, const auto& low, const auto& high, const auto&) {
              return when((x < low) & (low <= high), 1.0);
            },
            [](const auto& x, const auto& low, const auto& high, const auto&) {
              return when((x > high) | (low > high), 1.0);
            }, {no_default, -infinity, infinity}),
    // The branch that is not taken gets exactly 0, whatever its own derivative is.
    ternary("where", "a where condition is not 0, else b", {"condition", "a", "b"},
            {everywhere, everywhere, everywhere}, flows,
            [](auto condition, auto a, auto b) { return select(condition != 0.0, a, b); }, zero,
            [](const auto& condition, const auto&, const auto&, const auto&) {
              return when(condition != 0.0, 1.0);
            },
            [](const auto& condition, const auto&, const auto&, const auto&) {
              return when(condition == 0.0, 1.0);
            }),
};
// clang-format on

}  // namespace table

using table::operations;

inline constexpr std::size_t operation_count = std::tuple_size_v<decltype(operations)>;

template <std::size_t Index>
inline constexpr const auto& entry = std::get<Index>(operations);

template <std::size_t Index>
inline constexpr std::size_t arity_of =
    std::remove_cvref_t<std::tuple_element_t<Index, std::remove_cv_t<decltype(operations)>>>::arity;

template <std::size_t Index>
constexpr bool has_default(std::size_t argument) {
  const double number = entry<Index>.defaults[argument];
  return number == number;
}

inline constexpr auto operation_names = std::apply(
    [](const auto&... entries) {
      return std::array<std::string_view, operation_count>{entries.name...};
    },
    operations);

inline constexpr auto operation_arities = std::apply(
    [](const auto&... entries) {
      return std::array<std::size_t, operation_count>{
          std::remove_cvref_t<decltype(entries)>::arity...};
    },
    operations);

// What a derivative is, where that is known when compiling, so that some need no loop.
enum class PartialKind { general, zero, one };

namespace detail {

template <class Partial>
constexpr PartialKind kind_of_partial() {
  if (std::is_same_v<Partial, std::remove_cv_t<decltype(table::zero)>>) return PartialKind::zero;
  if (std::is_same_v<Partial, std::remove_cv_t<decltype(table::one)>>) return PartialKind::one;
  return PartialKind::general;
}

template <class Value, class FaultRule, class... Partials>
constexpr std::array<PartialKind, 3> kinds_of_partials(
    const Entry<Value, FaultRule, Partials...>&) {
  return {kind_of_partial<Partials>()...};
}

}  // namespace detail

inline constexpr auto partial_kinds = std::apply(
    [](const auto&... entries) {
      return std::array<std::array<PartialKind, 3>, operation_count>{
          detail::kinds_of_partials(entries)...};
    },
    operations);

// Of the last argument of an entry; nan where there is none.
inline double default_of(std::size_t index) {
  static constexpr auto defaults = std::apply(
      [](const auto&... entries) {
        return std::array<double, operation_count>{entries.defaults.back()...};
      },
      operations);
  return defaults[index];
}

// The place of a name in the table; operation_count when it has none.
constexpr std::size_t index_of(std::string_view name) {
  return std::apply(
      [name](const auto&... entries) {
        std::size_t index = 0;
        const bool found = ((entries.name == name || (++index, false)) || ...);
        return found ? index : operation_count;
      },
      operations);
}

namespace detail {

// How an entry is applied to arguments that are not all numbers: by their type, which is Recorded
// (recorded.hpp) or Term (term.hpp).
template <std::size_t Index, class... Arguments>
auto call_recorded(const Arguments&... arguments) {
  using Number = std::common_type_t<Arguments...>;
  return Number::template apply<Index>(Number(arguments)...);
}

}  // namespace detail

template <Name name, class... Arguments>
auto call(const Arguments&... arguments) {
  constexpr std::size_t index = index_of(name.view());
  static_assert(index < operation_count, "no operation has this name");
  if constexpr ((std::is_arithmetic_v<Arguments> && ...)) {
    return entry<index>.value(arguments...);
  } else {
    return detail::call_recorded<index>(arguments...);
  }
}

}  // namespace autograd
