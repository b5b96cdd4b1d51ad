// What an entry of the table of operations says: see operations.hpp, which is the table.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <tuple>

namespace autograd {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

// Where an argument may lie. `low` and `high` bound an interval of the domain, for sampling.
struct Domain {
  std::string_view needed;  // as an error says it
  double low = -infinity;
  double high = infinity;
  bool whole = false;
};

inline constexpr Domain everywhere{"a finite number"};
inline constexpr Domain any_bound{"a number; None is no bound"};
inline constexpr Domain positive{"a positive number", 0.0, infinity};
inline constexpr Domain not_negative{"a number that is not negative", 0.0, infinity};
inline constexpr Domain above_minus_one{"a number above -1", -1.0, infinity};
inline constexpr Domain at_least_one{"a number of at least 1", 1.0, infinity};
inline constexpr Domain closed_unit{"a number from -1 to 1", -1.0, 1.0};
inline constexpr Domain open_unit{"a number between -1 and 1", -1.0, 1.0};
inline constexpr Domain not_zero{"a number other than 0", 0.0, infinity};
inline constexpr Domain no_pole{"a number other than 0, -1, -2 and so on", 0.0, infinity};
inline constexpr Domain whole_order{"a whole number from 0 to 150", 0.0, 150.0, true};

// What a result that is not finite means. Python's floats and its `math` module are the measure:
// 1e308 * 10 is inf, but exp(1000) is an OverflowError; nan in, nan out is never an error.
enum class Fault { none, domain, range, division };

namespace faults {

// Sums and products: inf and nan flow.
struct Flows {
  template <class... Arguments>
  constexpr Fault operator()(double, Arguments...) const {
    return Fault::none;
  }
};

// As the `math` module: nan from numbers is a domain error, inf from finite numbers is `Infinite`.
template <Fault Infinite>
struct AsMath {
  template <class... Arguments>
  Fault operator()(double result, Arguments... arguments) const {
    if ((std::isnan(arguments) || ...)) return Fault::none;
    if (std::isnan(result)) return Fault::domain;
    return (std::isfinite(arguments) && ...) ? Infinite : Fault::none;
  }
};

// The last argument divides.
struct Division {
  Fault operator()(double, double divisor) const {
    return divisor == 0.0 ? Fault::division : Fault::none;
  }
  Fault operator()(double result, double /*dividend*/, double divisor) const {
    return (*this)(result, divisor);
  }
};

struct Power {
  Fault operator()(double result, double base, double exponent) const {
    if (base == 0.0 && exponent < 0.0 && std::isfinite(exponent)) return Fault::division;
    return AsMath<Fault::range>{}(result, base, exponent);
  }
};

struct Gamma {  // infinite at the poles of x, and beyond the doubles
  Fault operator()(double result, double x) const {
    const bool pole = x <= 0.0 && x == std::floor(x);
    return pole ? AsMath<Fault::domain>{}(result, x) : AsMath<Fault::range>{}(result, x);
  }
  Fault operator()(double result, double /*order*/, double x) const { return (*this)(result, x); }
};

}  // namespace faults

inline constexpr double no_default = std::numeric_limits<double>::quiet_NaN();

template <std::size_t count>
constexpr std::array<double, count> none_of() {
  std::array<double, count> result{};
  result.fill(no_default);
  return result;
}

// One operation. `Value` computes it; `partials[i]` is its derivative with respect to argument i,
// in terms of the arguments and, last, of the result.
template <class Value, class FaultRule, class... Partials>
struct Entry {
  static constexpr std::size_t arity = sizeof...(Partials);

  std::string_view name;
  std::string_view formula;  // as its documentation says it: domain, kinks, ties
  std::array<std::string_view, arity> arguments;
  std::array<Domain, arity> domains;
  FaultRule fault;
  Value value;
  std::tuple<Partials...> partials;
  double kink = no_default;  // where the derivative jumps, in the first argument
  std::array<double, arity> defaults = none_of<arity>();  // of those that may be left out

  using Faults = FaultRule;
};

template <class FaultRule, class Value, class Partial>
constexpr auto unary(std::string_view name, std::string_view formula, Domain domain,
                     FaultRule fault, Value value, Partial partial, double kink = no_default) {
  return Entry<Value, FaultRule, Partial>{name,  formula, {"x"},     {domain},
                                          fault, value,   {partial}, kink};
}

template <class FaultRule, class Value, class First, class Second>
constexpr auto binary(std::string_view name, std::string_view formula,
                      std::array<std::string_view, 2> arguments, std::array<Domain, 2> domains,
                      FaultRule fault, Value value, First first, Second second,
                      double kink = no_default, double default_last = no_default) {
  return Entry<Value, FaultRule, First, Second>{name,
                                                formula,
                                                arguments,
                                                domains,
                                                fault,
                                                value,
                                                {first, second},
                                                kink,
                                                {no_default, default_last}};
}

template <class FaultRule, class Value, class First, class Second, class Third>
constexpr auto ternary(std::string_view name, std::string_view formula,
                       std::array<std::string_view, 3> arguments, std::array<Domain, 3> domains,
                       FaultRule fault, Value value, First first, Second second, Third third,
                       std::array<double, 3> defaults = none_of<3>()) {
  return Entry<Value, FaultRule, First, Second, Third>{
      name,       formula, arguments, domains, fault, value, {first, second, third},
      no_default, defaults};
}

}  // namespace autograd
