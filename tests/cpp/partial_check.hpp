// What holds of every partial derivative of the table: within the domain it is what central
// differences see, at its kinks and ends what is stated here, and on Dual, a number with a tangent,
// it is differentiable in its turn. Start at `fault_of`; the rows are in test_operations_table.cpp.
#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/contribution.hpp"
#include "core/operations.hpp"

namespace autograd::test {

inline constexpr std::size_t most_arguments = 3;

template <class T>
using Arguments = std::array<T, most_arguments>;
using Point = Arguments<double>;

// A number and its derivative in one direction. The derivatives of the table compute on it, and so
// give their own derivative.
struct Dual {
  double primal = 0.0;
  double tangent = 0.0;

  Dual() = default;
  // Implicit: in a formula a number is a value that does not move.
  Dual(double number, double rate = 0.0)  // NOLINT(google-explicit-constructor)
      : primal(number), tangent(rate) {}

  // An entry of the table.
  template <std::size_t Index, std::same_as<Dual>... Operands>
  static Dual apply(const Operands&... operands);

  friend Dual operator+(const Dual& a, const Dual& b) {
    return {a.primal + b.primal, a.tangent + b.tangent};
  }
  friend Dual operator-(const Dual& a, const Dual& b) {
    return {a.primal - b.primal, a.tangent - b.tangent};
  }
  friend Dual operator*(const Dual& a, const Dual& b) {
    return {a.primal * b.primal, a.tangent * b.primal + a.primal * b.tangent};
  }
  friend Dual operator/(const Dual& a, const Dual& b) {
    const double ratio = a.primal / b.primal;
    return {ratio, (a.tangent - ratio * b.tangent) / b.primal};
  }
  friend Dual operator-(const Dual& a) { return {-a.primal, -a.tangent}; }
  friend bool operator==(const Dual& a, const Dual& b) { return a.primal == b.primal; }
  friend bool operator!=(const Dual& a, const Dual& b) { return a.primal != b.primal; }
  friend bool operator<(const Dual& a, const Dual& b) { return a.primal < b.primal; }
  friend bool operator<=(const Dual& a, const Dual& b) { return a.primal <= b.primal; }
  friend bool operator>(const Dual& a, const Dual& b) { return a.primal > b.primal; }
  friend bool operator>=(const Dual& a, const Dual& b) { return a.primal >= b.primal; }
};

// What a tangent passes through a partial: the rules of `contribution`, for either type.
inline double passed(double adjoint, double partial) { return contribution(adjoint, partial); }
inline double passed(double adjoint, const When<double>& partial) {
  return contribution(adjoint, partial);
}
inline Dual passed(double adjoint, const Dual& partial) {
  return {contribution(adjoint, partial.primal), contribution(adjoint, partial.tangent)};
}
inline Dual passed(double adjoint, const When<Dual>& partial) {
  return partial.condition ? passed(adjoint, partial.partial) : Dual();
}

template <std::size_t Index, std::same_as<Dual>... Operands>
Dual Dual::apply(const Operands&... operands) {
  const double result = entry<Index>.value(operands.primal...);
  const std::array<double, sizeof...(Operands)> tangents{operands.tangent...};
  double tangent = 0.0;
  std::apply(
      [&](const auto&... partials) {
        std::size_t i = 0;
        ((tangent += passed(tangents[i++], partials(operands.primal..., result))), ...);
      },
      entry<Index>.partials);
  return {result, tangent};
}

// A derivative whose type is out of the way: what it passes on of an adjoint.
struct Partial {
  double (*on_numbers)(double adjoint, const Point& point);
  Dual (*on_duals)(double adjoint, const Arguments<Dual>& point);
};

// An entry whose type is out of the way.
struct Rule {
  std::string_view name;
  std::size_t arity;
  std::span<const Domain> domains;
  double (*value)(const Point& point);
};

namespace detail {

template <class T, class Function, std::size_t... I>
auto applied(const Function& function, const Arguments<T>& point, std::index_sequence<I...>) {
  return function(point[I]...);
}

template <std::size_t Index>
double value_at(const Point& point) {
  return applied([](auto... x) { return entry<Index>.value(x...); }, point,
                 std::make_index_sequence<arity_of<Index>>());
}

template <std::size_t Index>
Dual dual_at(const Arguments<Dual>& point) {
  return applied([](const auto&... x) { return Dual::apply<Index>(x...); }, point,
                 std::make_index_sequence<arity_of<Index>>());
}

}  // namespace detail

template <std::size_t Index>
Rule rule_of() {
  return {entry<Index>.name, arity_of<Index>, entry<Index>.domains, detail::value_at<Index>};
}

// `Function` is a derivative of entry `Index`, as the table writes it: a lambda without captures.
template <std::size_t Index, class Function>
Partial partial_of(Function /*derivative*/) {
  return {[](double adjoint, const Point& point) -> double {
            const double result = detail::value_at<Index>(point);
            return detail::applied(
                [&](const auto&... x) { return passed(adjoint, Function{}(x..., result)); }, point,
                std::make_index_sequence<arity_of<Index>>());
          },
          [](double adjoint, const Arguments<Dual>& point) -> Dual {
            const Dual result = detail::dual_at<Index>(point);
            return detail::applied(
                [&](const auto&... x) -> Dual { return passed(adjoint, Function{}(x..., result)); },
                point, std::make_index_sequence<arity_of<Index>>());
          }};
}

// What is stated of an operation at one point: what an adjoint contributes to each argument.
struct Stated {
  std::string_view name;
  double adjoint;
  Point point;
  Point contributions;
};

// What is stated of a partial at one point: its own derivative in the direction of one argument.
struct StatedSecond {
  std::string_view name;
  std::size_t argument;
  std::size_t direction;
  Point point;
  double expected;
};

const std::vector<Stated>& stated_contributions();
const std::vector<StatedSecond>& stated_seconds();

// What is wrong with a derivative with respect to one argument, in words; nothing if it is right.
std::string fault_of(const Rule& rule, std::size_t argument, const Partial& partial);

}  // namespace autograd::test
