// Functions of numbers that the standard library lacks, or computes less well than we need.
// Each is defined for all doubles and lets nan through.
#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/elementary.hpp"

namespace autograd {

// log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)).
inline double log_one_plus_exp(double x) {
  return (x > 0.0 ? x : (x <= 0.0 ? 0.0 : x)) + std::log1p(exponential(-std::abs(x)));
}

inline double log_add_exp(double x, double y) {
  if (x == y) return x + std::numbers::ln2;  // of infinities as well
  return (x > y ? x : y) + std::log1p(exponential(-std::abs(x - y)));
}

// The distribution function of the standard normal. erfc keeps the lower tail, 1 + erf would not.
inline double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

// x**0.5 with signs as C's pow has them: of -0 it is 0, of -inf inf.
inline double power_of_half(double x) {
  return x == -elementary::infinite ? -x : std::sqrt(x) + 0.0;
}

// x**y. Small exponents are products, quotients and roots: within three ulps of libm's, and several
// times faster; the other cases, signs, zeros and infinities included, are C's pow (C11 F.10.4.4).
// Kernels have a loop for each of `quick_exponents`.
inline constexpr std::array quick_exponents{-3.0, -2.0, -1.5, -1.0, -0.5, 0.5,
                                            1.0,  1.5,  2.0,  3.0,  4.0};

inline double power_of(double x, double y) {
  if (y == 2.0) return x * x;
  if (y == 1.0) return x;
  if (y == 3.0) return x * x * x;
  if (y == -1.0) return 1.0 / x;
  if (y == 0.5) return power_of_half(x);
  if (y == 0.0) return 1.0;
  if (y == 4.0) return (x * x) * (x * x);
  if (y == -0.5) return 1.0 / power_of_half(x);
  if (y == 1.5) return std::abs(x) * power_of_half(x);
  if (y == -1.5) return (1.0 / std::abs(x)) * (1.0 / power_of_half(x));
  if (y == -2.0) return (1.0 / x) * (1.0 / x);
  if (y == -3.0) return (1.0 / x) * (1.0 / x) * (1.0 / x);
  return std::pow(x, y);
}

// Python's % and //, for infinities too: what is left has the sign of y, and an exact quotient is
// not rounded down. By 0 they are nan and what x / 0 is.
inline double remainder_of(double x, double y) {
  const double rest = std::fmod(x, y);
  if (rest == 0.0) return std::copysign(0.0, y);
  return (rest < 0.0) != (y < 0.0) ? rest + y : rest;
}
inline double floor_of_quotient(double x, double y) {
  if (y == 0.0) return x / y;
  const double rest = std::fmod(x, y);
  double quotient = (x - rest) / y;  // a whole number, but for rounding
  if (rest != 0.0 && (rest < 0.0) != (y < 0.0)) quotient -= 1.0;
  if (quotient == 0.0) return std::copysign(0.0, x / y);
  const double whole = std::floor(quotient);
  return quotient - whole > 0.5 ? whole + 1.0 : whole;
}

// The larger, the smaller; nan if one of them is.
inline double larger_of(double a, double b) { return a > b || std::isnan(a) ? a : b; }
inline double smaller_of(double a, double b) { return a < b || std::isnan(a) ? a : b; }

// log |gamma(x)|, without the write to the global `signgam` that some libraries' lgamma makes.
double log_gamma(double x);

// The n-th derivative of the digamma function: n = 0 is digamma itself, DLMF 5.15.
// n is a whole number >= 0, otherwise nan; at the poles x = 0, -1, -2, ... nan.
[[gnu::noinline]] double polygamma_of(double n, double x);

}  // namespace autograd
