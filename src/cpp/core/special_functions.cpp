#include "core/special_functions.hpp"

#include <array>

namespace autograd {

double log_gamma(double x) {
#if defined(__GLIBC__) || defined(__APPLE__)
  int sign = 0;
  return ::lgamma_r(x, &sign);
#else
  return std::lgamma(x);
#endif
}

namespace {

// B_2, B_4, ..., B_20: DLMF table 24.2.3.
constexpr std::array<double, 10> bernoulli = {
    1.0 / 6.0,       -1.0 / 30.0, 1.0 / 42.0,      -1.0 / 30.0,     5.0 / 66.0,
    -691.0 / 2730.0, 7.0 / 6.0,   -3617.0 / 510.0, 43867.0 / 798.0, -174611.0 / 330.0};

// For x > 0: shift the argument up by the recurrence psi_n(x) = psi_n(x + 1) - (-1)^n n! / x^(n+1)
// (DLMF 5.15.5), then the asymptotic series (DLMF 5.11.2 and 5.15.8).
double polygamma_of_positive(int n, double x) {
  const double sign = n % 2 == 0 ? -1.0 : 1.0;  // of (-1)^(n+1)
  const double factorial = std::tgamma(n + 1.0);
  // Beyond this the eleventh term of the series is below an ulp of the first.
  const double enough = 9.0 + 1.5 * n;
  double shifted = 0.0;
  while (x < enough) {
    const double inverse = 1.0 / x;
    shifted += n == 0 ? inverse : (n == 1 ? inverse * inverse : 1.0 / std::pow(x, n + 1));
    x += 1.0;
  }
  const double square = 1.0 / (x * x);
  double series = 0.0;
  if (n == 0) {
    double power = square;
    for (std::size_t k = 0; k < bernoulli.size(); ++k, power *= square)
      series += bernoulli[k] / (2.0 * static_cast<double>(k + 1)) * power;
    return std::log(x) - 0.5 / x - series - shifted;
  }
  // (-1)^(n+1) psi_n(x) = (n-1)!/x^n + n!/(2 x^(n+1)) + sum_k B_2k (2k+n-1)!/(2k)! / x^(2k+n)
  double coefficient = factorial / n;  // (2k + n - 1)! / (2k)!, at k = 0
  double power = 1.0;
  for (std::size_t k = 0; k < bernoulli.size(); ++k) {
    const double twice = 2.0 * static_cast<double>(k);
    coefficient *= (twice + n) * (twice + n + 1.0) / ((twice + 1.0) * (twice + 2.0));
    power *= square;
    series += bernoulli[k] * coefficient * power;
  }
  const double scale = std::pow(x, -n);
  return sign * (scale * (factorial / n + 0.5 * factorial / x + series) + factorial * shifted);
}

}  // namespace

double polygamma_of(double n, double x) {
  // Beyond order 150 the factorials leave the doubles.
  if (!(n >= 0.0) || n > 150.0 || n != std::floor(n) || std::isnan(x))
    return std::numeric_limits<double>::quiet_NaN();
  const int order = static_cast<int>(n);
  if (x > 0.0) {
    if (std::isinf(x)) return order == 0 ? x : 0.0;
    return polygamma_of_positive(order, x);
  }
  if (x == std::floor(x)) return std::numeric_limits<double>::quiet_NaN();  // a pole, or -inf
  // Reflection (DLMF 5.15.6): psi_n(x) = (-1)^n psi_n(1 - x) - pi d^n/dx^n cot(pi x). The second
  // term has period 1, and on (0, 1) the same formula gives it from two positive arguments.
  const double sign = order % 2 == 0 ? 1.0 : -1.0;
  const double fraction = x - std::floor(x);
  const double rest = std::ceil(x) - x;  // 1 - fraction, exact also just below a pole
  const double cotangent =
      sign * polygamma_of_positive(order, rest) - polygamma_of_positive(order, fraction);
  return sign * polygamma_of_positive(order, 1.0 - x) - cotangent;
}

}  // namespace autograd
