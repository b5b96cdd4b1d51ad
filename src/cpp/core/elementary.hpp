// The exponential, the natural logarithm, the hyperbolic tangent and the logistic function of a
// double, for scalars and for arrays. Each is straight-line code: selects in place of branches,
// polynomials in place of tables, integers only as the bits of a double. So a compiler turns a
// plain loop over one of them into vector instructions, whichever the loop is compiled for; and
// since nothing is contracted (-ffp-contract=off), scalars and all vectors have the same bits.
// Needed besides: -fno-trapping-math, and rounding to nearest.
// The largest errors that were seen, in units in the last place: exponential 0.81, logarithm 0.94,
// hyperbolic tangent 1.56, logistic 1.34.
// Every polynomial and quotient of polynomials is a minimax fit by the algorithm of Remez in 60
// digits, its coefficients then rounded to doubles; 2**-58 or the like is its error, relative to
// the function.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

namespace autograd {

namespace elementary {

inline constexpr double infinite = std::numeric_limits<double>::infinity();

// ln(2) in two parts (Cody and Waite). The first has 42 bits, so that its product with a whole
// number below 2**11 is exact: floor(ln(2) * 2**42) / 2**42, and ln(2) minus that.
inline constexpr double ln2_high = 0x1.62e42fefa3800p-1;  // NOLINT(modernize-use-std-numbers)
inline constexpr double ln2_low = 0x1.ef35793c76730p-45;

// A number of magnitude below 2**51 that is added to this is rounded to a whole one, which then
// stands, modulo 2**12, in the lowest bits of the sum.
inline constexpr double rounder = 0x1.8p52;

inline constexpr int mantissa_bits = 52;
inline constexpr std::uint64_t mantissa_mask = (std::uint64_t{1} << mantissa_bits) - 1;
inline constexpr std::uint64_t sign_mask = std::uint64_t{1} << 63;
inline constexpr std::uint64_t bits_of_one = std::bit_cast<std::uint64_t>(1.0);

// 2**(n * step) / unit for the whole number n in the lowest bits of `rounded`; `unit` is a power
// of 2 and keeps the result among the normal numbers.
template <int step>
[[gnu::always_inline]] inline double power_of_two(double rounded, double unit) {
  const auto exponent = std::bit_cast<std::uint64_t>(rounded) << (mantissa_bits + step - 1);
  return std::bit_cast<double>(exponent + (2 * bits_of_one - std::bit_cast<std::uint64_t>(unit)));
}

// e**x = 2**k * mantissa, for |x| <= 1000; nan for nan, and beyond nothing of use.
struct Exponential {
  double mantissa;
  double residue;  // what rounding took from the mantissa
  double rounded;  // has k in its lowest bits
};

// e**x = 2**k e**r with |r| <= ln(2)/2 (Cody and Waite, Software Manual for the Elementary
// Functions, 1980), and e**r = 1 + r + r**2 q(r).
[[gnu::always_inline]] inline Exponential reduced_exponential(double x) {
  const double rounded = x * std::numbers::log2e + rounder;
  const double k = rounded - rounder;
  const double high = x - k * ln2_high;  // exact
  const double low = k * ln2_low;
  const double r = high - low;
  // q of degree 9 on |r| <= 0.3466: 2**-57.9, relative to e**r.
  const double r2 = r * r;
  const double r4 = r2 * r2;
  const double q01 = 0.5000000000000011 + r * 0.16666666666666413;
  const double q23 = 0.04166666666653016 + r * 0.008333333333494465;
  const double q45 = 0.001388888894363005 + r * 0.0001984126950657133;
  const double q67 = 2.480149309892918e-05 + r * 2.7557586380882427e-06;
  const double q89 = 2.7630248379742436e-07 + r * 2.5000059256054842e-08;
  const double q03 = q01 + r2 * q23;
  const double q49 = (q45 + r2 * q67) + r4 * q89;
  // 1 + high is taken apart into its rounded value and the rest of it, exactly.
  const double sum = 1.0 + high;
  const double rest = (1.0 - sum) + high;
  const double tail = ((rest - low) + r2 * q03) + (r2 * r4) * q49;
  const double mantissa = sum + tail;
  return {mantissa, (sum - mantissa) + tail, rounded};
}

}  // namespace elementary

[[gnu::always_inline]] inline double exponential(double x) {
  using namespace elementary;
  const Exponential e = reduced_exponential(x);
  // 2**k in two factors: the first product is exact, the second rounds a subnormal result, once,
  // or overflows. The second factor is 2**512, and for negative x 2**-512: its exponent is less by
  // 1024, which is the sign bit of x moved by one.
  const std::uint64_t sign = std::bit_cast<std::uint64_t>(x) & sign_mask;
  const auto unit = std::bit_cast<double>(std::bit_cast<std::uint64_t>(0x1p512) - (sign >> 1));
  const double result = e.mantissa * power_of_two<1>(e.rounded, unit) * unit;
  // Beyond, k leaves its bits. Were x bounded beforehand instead, g++ would work out the results of
  // both bounds in branches, and not vectorise for SSE2.
  const double limit = x > 0.0 ? infinite : 0.0;
  return std::abs(x) > 1000.0 ? limit : result;
}

// log(x) = k ln(2) + log(1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), and with s = f / (2 + f), of
// magnitude at most 0.1716, log(1 + f) = 2 atanh(s) = f - f**2/2 + s (f**2/2 + s**2 p(s**2)): the
// method of FDLIBM's e_log.c (Sun Microsystems, 1993).
[[gnu::always_inline]] inline double logarithm(double x) {
  using namespace elementary;
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  constexpr double smallest_normal = std::numeric_limits<double>::min();
  constexpr auto bits_of_least = std::bit_cast<std::uint64_t>(0x1.6a09e667f3bcdp-1);
  // A subnormal number is scaled to a normal one first.
  const bool subnormal = x < smallest_normal;
  const double normal = subnormal ? x * 0x1p54 : x;
  const double bias = subnormal ? 0x1p52 + 1023.0 + 54.0 : 0x1p52 + 1023.0;
  // Shifts the numbers from sqrt(1/2) on to where those from 1 on are: the exponent is then k.
  const auto shifted = std::bit_cast<std::uint64_t>(normal) + (bits_of_one - bits_of_least);
  const auto biased =
      std::bit_cast<double>((shifted >> mantissa_bits) | std::bit_cast<std::uint64_t>(0x1p52));
  const double k = biased - bias;
  const double f = std::bit_cast<double>((shifted & mantissa_mask) + bits_of_least) - 1.0;  // exact
  const double s = f / (2.0 + f);
  const double half_square = 0.5 * f * f;
  // p of degree 6 on 0 <= z <= 0.02944: 2**-59.4.
  const double z = s * s;
  const double z2 = z * z;
  const double p01 = 0.6666666666666734 + z * 0.3999999999941432;
  const double p23 = 0.28571428742474725 + z * 0.22222198563497944;
  const double p45 = 0.18183564866130517 + z * 0.15314035847062213;
  const double p = (p01 + z2 * p23) + (z2 * z2) * (p45 + z2 * 0.14796105340634194);
  // k ln(2) + f is taken apart into its rounded value and the rest of it, exactly.
  const double high = k * ln2_high;
  const double sum = high + f;
  const double rest = (high - sum) + f;
  const double tail = ((rest + k * ln2_low) - half_square) + (s * half_square + (s * z) * p);
  const double result = sum + tail;
  const double of_zero = x == 0.0 ? -infinite : undefined;
  const double special = x > 0.0 ? x : of_zero;
  return ((x > 0.0) & (x < infinite)) ? result : special;
}

// |x| = n ln(2) + h with -0.0002 < h < 0.6935, and tanh(h) = s / c with c = Q(h**2) and
// s = h (c + h**2 P(h**2)). For n = 0 that is h + h**3 P / Q: as exact as x for small x. Else
// tanh(|x|) = 1 - 2 / (e**(2|x|) + 1) with e**(2h) = (c + s) / (c - s), at least 0.6, where an
// error of the fraction weighs little. One division serves both.
[[gnu::always_inline]] inline double hyperbolic_tangent(double x) {
  using namespace elementary;
  const double magnitude = std::abs(x);
  // n is 0 up to 0.693, which is 0.3465 + ln(2)/2: 1 - 2 / ... is too rough below.
  const double rounded = (magnitude - 0.3465) * std::numbers::log2e + rounder;
  const double n = rounded - rounder;
  const double h = (magnitude - n * ln2_high) - n * ln2_low;
  // P of degree 2 and Q of degree 3 on 0 <= z <= 0.6935**2: 2**-58.4, relative to tanh(h).
  const double z = h * h;
  const double z2 = z * z;
  const double p = (-1616.0532575150517 + z * -99.35384822937226) + z2 * -0.9644250575902116;
  const double c = (4848.15977254516 + z * 2237.3254537059765) + z2 * (112.88330300786103 + z);
  const double cubic = (h * z) * p;
  const double s = h * c + cubic;
  const double difference = c - s;
  const double power = power_of_two<2>(rounded, 1.0);
  const bool small = n == 0.0;
  const double base = small ? h : 1.0;
  const double numerator = small ? cubic : -2.0 * difference;
  const double denominator = small ? c : power * (c + s) + difference;
  const double result = base + numerator / denominator;
  return std::copysign(magnitude > 22.0 ? 1.0 : result, x);
}

// 1 / (1 + e) with e = e**-|x|, and where x is negative e / (1 + e): small results keep their
// relative accuracy.
[[gnu::always_inline]] inline double logistic(double x) {
  using namespace elementary;
  const Exponential e = reduced_exponential(-std::abs(x));
  // 2**512 too large where it is the numerator: so it is a normal number, and a subnormal result
  // is rounded once, at the end.
  const double power = power_of_two<1>(e.rounded, 0x1p-512);
  const double scaled = e.mantissa * power;
  const double plain = scaled * 0x1p-512;
  const bool lower_half = x < 0.0;
  const double numerator = lower_half ? scaled : 1.0;
  const double residue = lower_half ? e.residue * power : 0.0;
  const double unit = lower_half ? 0x1p-512 : 1.0;
  const double denominator = 1.0 + plain;
  const double quotient = numerator / denominator;
  // To first order, what the numerator and the denominator lost by rounding. 1 / denominator is
  // needed to a few percent only: on [1, 2] this line is within 0.043 of it.
  const double reciprocal = 1.457 - 0.5 * denominator;
  const double gained = residue * reciprocal;
  const double lost = quotient * (((1.0 - denominator) + plain) * reciprocal);
  const double result = (quotient + (gained - lost)) * unit;
  const double limit = x > 0.0 ? 1.0 : 0.0;
  return std::abs(x) > 1000.0 ? limit : result;
}

}  // namespace autograd
