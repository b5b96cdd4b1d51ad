#include "partial_check.hpp"

#include <algorithm>

namespace autograd::test {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double adjoint = 0.75;  // no power of a partial, and exact

// A point of the domain at a fraction of it; infinite sides are cut so that intervals are 5 long,
// or 2.5 from a bound.
double point_in(const Domain& domain, double fraction) {
  if (domain.whole) return std::floor(5.0 * fraction);
  const bool open_below = domain.low == -infinity;
  const bool open_above = domain.high == infinity;
  const double low = open_below ? (open_above ? -2.5 : domain.high - 2.5) : domain.low;
  const double high = open_above ? (open_below ? 2.5 : domain.low + 2.5) : domain.high;
  return low + (high - low) * (0.1 + 0.8 * fraction);  // where differences are exact enough
}

// Points of which no two arguments tie and none lies on a kink: multiples of the powers of the
// root of x**4 = x + 1, modulo 1, which fill a cube evenly.
std::vector<Point> samples_of(const Rule& rule) {
  constexpr std::array steps{0.8191725133961645, 0.6710436067037893, 0.5497004779019703};
  constexpr std::size_t count = 16;
  std::vector<Point> samples;
  for (std::size_t k = 1; k <= count; ++k) {
    Point point{};
    for (std::size_t i = 0; i < rule.arity; ++i) {
      const double multiple = 0.5 + static_cast<double>(k) * steps[i];
      point[i] = point_in(rule.domains[i], multiple - std::floor(multiple));
    }
    samples.push_back(point);
  }
  return samples;
}

// The derivative of f in one argument, from values at x -+ h and x -+ 2h: an error of h**4
// f^(5)/30.
template <class F>
double central_difference(const F& f, Point point, std::size_t argument) {
  constexpr double h = 2.5e-4;
  const double x = point[argument];
  const auto at = [&](double shift) {
    point[argument] = x + shift;
    return f(point);
  };
  return (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h);
}

bool agrees(double found, double expected, double tolerance) {
  if (std::isnan(expected)) return std::isnan(found);
  if (found == expected) return true;  // or both are infinite, and nothing else is near that
  return std::isfinite(expected) && std::abs(found - expected) <= tolerance * std::abs(expected);
}

bool agrees_with_difference(double found, double expected) {
  return std::abs(found - expected) <= 1e-7 * std::max(1.0, std::abs(expected));
}

std::string sentence(std::string_view what, const Rule& rule, const Point& point, double found,
                     double needed) {
  std::string text(what);
  text += " at (";
  for (std::size_t i = 0; i < rule.arity; ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(point[i]);
  return text + "): " + std::to_string(found) + ", but " + std::to_string(needed) + " is needed";
}

double second(const Partial& partial, const Point& point, std::size_t direction, double weight) {
  Arguments<Dual> duals;
  for (std::size_t i = 0; i < most_arguments; ++i)
    duals[i] = {point[i], i == direction ? 1.0 : 0.0};
  return partial.on_duals(weight, duals).tangent;
}

// Inside the domain. An order that is a whole number has no differences; its derivative is 0.
std::string fault_inside(const Rule& rule, std::size_t argument, const Partial& partial) {
  for (const Point& point : samples_of(rule)) {
    const double found = partial.on_numbers(adjoint, point);
    const double needed = rule.domains[argument].whole
                              ? 0.0
                              : adjoint * central_difference(rule.value, point, argument);
    if (!agrees_with_difference(found, needed))
      return sentence("the derivative", rule, point, found, needed);
    for (std::size_t direction = 0; direction < rule.arity; ++direction) {
      if (rule.domains[direction].whole) continue;
      const double rate = second(partial, point, direction, adjoint);
      const double seen = central_difference(
          [&](const Point& moved) { return partial.on_numbers(adjoint, moved); }, point, direction);
      if (!agrees_with_difference(rate, seen))
        return sentence("the second derivative", rule, point, rate, seen);
    }
  }
  return {};
}

}  // namespace

// By the comments of the table; where PyTorch gives something else, it says so there.
const std::vector<Stated>& stated_contributions() {
  static const std::vector<Stated> rows{
      // Quotients and powers at 0.
      {"divide", 1.0, {1.0, 0.0}, {infinity, -infinity}},
      {"divide", 1.0, {-6.0, -2.0}, {-0.5, 1.5}},
      {"reciprocal", 1.0, {0.0}, {-infinity}},
      {"reciprocal", 1.0, {-2.0}, {-0.25}},
      {"power", 1.0, {0.0, 0.0}, {0.0, 0.0}},
      {"power", 1.0, {-0.0, 0.0}, {0.0, 0.0}},
      {"power", infinity, {0.0, 0.0}, {0.0, 0.0}},
      {"power", 1.0, {nan, 0.0}, {0.0, nan}},
      {"power", 1.0, {0.0, 1.0}, {1.0, 0.0}},
      {"power", 1.0, {0.0, 2.0}, {0.0, 0.0}},
      {"power", 1.0, {0.0, 0.5}, {infinity, 0.0}},
      {"power", 1.0, {0.0, -1.0}, {-infinity, -infinity}},
      {"power", 1.0, {-2.0, 3.0}, {12.0, nan}},
      {"power", 1.0, {-2.0, -1.0}, {-0.25, nan}},
      {"power", 1.0, {2.0, 0.0}, {0.0, 0.6931471805599453}},
      {"sqrt", 1.0, {0.0}, {infinity}},
      {"cbrt", 1.0, {0.0}, {infinity}},
      {"log", 1.0, {0.0}, {infinity}},
      {"asin", 1.0, {1.0}, {infinity}},
      {"acos", 1.0, {-1.0}, {-infinity}},
      {"acosh", 1.0, {1.0}, {infinity}},
      {"atanh", 1.0, {-1.0}, {infinity}},

      // Kinks and steps.
      {"absolute", 1.0, {0.0}, {0.0}},
      {"sign", 1.0, {0.0}, {0.0}},
      {"floor", 1.0, {2.0}, {0.0}},
      {"ceil", 1.0, {2.0}, {0.0}},
      {"relu", 1.0, {0.0}, {0.0}},
      {"leaky_relu", 1.0, {0.0, 0.01}, {0.01, 0.0}},
      {"elu", 1.0, {0.0, 1.5}, {1.5, 0.0}},

      // The origin, and points where a square would overflow or vanish.
      {"hypot", 1.0, {0.0, 0.0}, {0.0, 0.0}},
      {"hypot", 1.0, {2.0, 0.0}, {1.0, 0.0}},
      {"hypot", 1.0, {0.0, 2.0}, {0.0, 1.0}},
      {"hypot", 1.0, {3e200, 4e200}, {0.6, 0.8}},
      {"hypot", 1.0, {-3e-200, 4e-200}, {-0.6, 0.8}},
      {"atan2", 1.0, {0.0, 0.0}, {0.0, 0.0}},
      {"atan2", 1.0, {0.0, -1.0}, {-1.0, 0.0}},
      {"atan2", 1.0, {0.0, 2.0}, {0.5, 0.0}},
      {"atan2", 1.0, {2.0, 0.0}, {0.0, -0.5}},
      {"atan2", 1.0, {1e200, 1e200}, {5e-201, -5e-201}},
      {"atan2", 1.0, {1e-200, 1e-200}, {5e199, -5e199}},
      {"asinh", 1.0, {1e200}, {1e-200}},
      {"acosh", 1.0, {1e200}, {1e-200}},

      // Far out.
      {"sigmoid", 1.0, {1000.0}, {0.0}},
      {"sigmoid", 1.0, {-1000.0}, {0.0}},
      {"softplus", 1.0, {1000.0}, {1.0}},
      {"softplus", 1.0, {-1000.0}, {0.0}},
      {"silu", 1.0, {1000.0}, {1.0}},
      {"silu", 1.0, {-1000.0}, {0.0}},
      {"gelu", 1.0, {1000.0}, {1.0}},
      {"gelu", 1.0, {-1000.0}, {0.0}},
      {"elu", 1.0, {1000.0, 1.0}, {1.0, 0.0}},
      {"tanh", 1.0, {1000.0}, {0.0}},

      // Ties, and both orders.
      {"maximum", 1.0, {2.0, 2.0}, {0.5, 0.5}},
      {"minimum", 1.0, {2.0, 2.0}, {0.5, 0.5}},
      {"clip", 1.0, {1.0, 1.0, 3.0}, {1.0, 0.0, 0.0}},
      {"clip", 1.0, {3.0, 1.0, 3.0}, {1.0, 0.0, 0.0}},
      {"clip", 1.0, {2.0, 2.0, 2.0}, {1.0, 0.0, 0.0}},
      {"clip", 1.0, {1.0, 2.0, 2.0}, {0.0, 1.0, 0.0}},
      {"clip", 1.0, {3.0, 2.0, 2.0}, {0.0, 0.0, 1.0}},
      {"clip", 1.0, {0.0, 3.0, 1.0}, {0.0, 0.0, 1.0}},  // low above high gives high
      {"clip", 1.0, {1.0, 3.0, 1.0}, {0.0, 0.0, 1.0}},
      {"clip", 1.0, {2.0, 3.0, 1.0}, {0.0, 0.0, 1.0}},
      {"clip", 1.0, {3.0, 3.0, 1.0}, {0.0, 0.0, 1.0}},
      {"clip", 1.0, {5.0, 3.0, 1.0}, {0.0, 0.0, 1.0}},
      {"where", 1.0, {0.0, 2.0, 3.0}, {0.0, 0.0, 1.0}},
      {"where", 1.0, {-0.0, 2.0, 3.0}, {0.0, 0.0, 1.0}},
      {"where", 1.0, {1.0, 2.0, 3.0}, {0.0, 1.0, 0.0}},
      {"where", 1.0, {-1.0, 2.0, 3.0}, {0.0, 1.0, 0.0}},
      {"where", 1.0, {nan, 2.0, 3.0}, {0.0, 1.0, 0.0}},

      // What was not chosen gets 0, not 0 times infinity.
      {"relu", infinity, {-1.0}, {0.0}},
      {"relu", infinity, {1.0}, {infinity}},
      {"leaky_relu", infinity, {1.0, 0.01}, {infinity, 0.0}},
      {"elu", infinity, {1.0, 1.5}, {infinity, 0.0}},
      {"maximum", infinity, {1.0, 2.0}, {0.0, infinity}},
      {"maximum", infinity, {2.0, 1.0}, {infinity, 0.0}},
      {"minimum", infinity, {1.0, 2.0}, {infinity, 0.0}},
      {"minimum", infinity, {2.0, 1.0}, {0.0, infinity}},
      {"clip", infinity, {2.0, 1.0, 3.0}, {infinity, 0.0, 0.0}},
      {"clip", infinity, {0.0, 1.0, 3.0}, {0.0, infinity, 0.0}},
      {"clip", infinity, {4.0, 1.0, 3.0}, {0.0, 0.0, infinity}},
  };
  return rows;
}

const std::vector<StatedSecond>& stated_seconds() {
  static const std::vector<StatedSecond> rows{
      // d2/dx dy x**y = x**(y - 1) (1 + y log x), which is 1 / x at y = 0; nan for a negative x.
      {"power", 0, 1, {2.0, 0.0}, 0.5},
      {"power", 0, 1, {0.5, 0.0}, 2.0},
      {"power", 1, 0, {2.0, 0.0}, 0.5},
      {"power", 0, 1, {-0.5, 0.0}, nan},
      {"power", 0, 0, {0.0, 2.0}, 2.0},
      // On the axes one derivative of the first order is 0, and its own is not.
      {"atan2", 0, 1, {2.0, 0.0}, 0.25},
      {"atan2", 1, 0, {0.0, 2.0}, -0.25},
      {"hypot", 0, 0, {0.0, 2.0}, 0.5},
      {"hypot", 1, 1, {2.0, 0.0}, 0.5},
      // At the kink the derivative belongs to the side below, and so does its own.
      {"leaky_relu", 1, 0, {0.0, 0.01}, 1.0},
      {"elu", 1, 0, {0.0, 1.5}, 1.0},
      {"elu", 1, 0, {1000.0, 1.5}, 0.0},
  };
  return rows;
}

std::string fault_of(const Rule& rule, std::size_t argument, const Partial& partial) {
  for (const Stated& row : stated_contributions()) {
    if (row.name != rule.name) continue;
    const double found = partial.on_numbers(row.adjoint, row.point);
    if (!agrees(found, row.contributions[argument], 1e-12))
      return sentence("what is stated", rule, row.point, found, row.contributions[argument]);
  }
  for (const StatedSecond& row : stated_seconds()) {
    if (row.name != rule.name || row.argument != argument) continue;
    const double found = second(partial, row.point, row.direction, 1.0);
    if (!agrees(found, row.expected, 1e-12))
      return sentence("what is stated of the second derivative", rule, row.point, found,
                      row.expected);
  }
  return fault_inside(rule, argument, partial);
}

}  // namespace autograd::test
