// What a derivative of the table reads: found by calling it with values that only remember which
// arguments they come from. An array that is not read need not be there.
#pragma once

#include <array>
#include <cstddef>

#include "core/operations.hpp"

namespace autograd {

// A bit for each argument, and after them one for the result.
class Reads {
 public:
  constexpr Reads(double) {}  // NOLINT(google-explicit-constructor): a number reads nothing
  constexpr explicit Reads(unsigned mask) : mask_(mask) {}

  constexpr unsigned mask() const { return mask_; }

  template <std::size_t Index, std::same_as<Reads>... Arguments>
  static constexpr Reads apply(const Arguments&... arguments) {
    return Reads((arguments.mask() | ...));
  }

 private:
  unsigned mask_ = 0;
};

constexpr Reads both(const Reads& a, const Reads& b) { return Reads(a.mask() | b.mask()); }

constexpr Reads operator+(const Reads& a, const Reads& b) { return both(a, b); }
constexpr Reads operator-(const Reads& a, const Reads& b) { return both(a, b); }
constexpr Reads operator*(const Reads& a, const Reads& b) { return both(a, b); }
constexpr Reads operator/(const Reads& a, const Reads& b) { return both(a, b); }
constexpr Reads operator-(const Reads& a) { return a; }

// A condition reads what it compares.
constexpr Reads operator==(const Reads& a, const Reads& b) { return both(a, b); }
constexpr Reads operator!=(const Reads& a, const Reads& b) { return both(a, b); }
constexpr Reads operator<(const Reads& a, const Reads& b) { return both(a, b); }
constexpr Reads operator<=(const Reads& a, const Reads& b) { return both(a, b); }
constexpr Reads operator>(const Reads& a, const Reads& b) { return both(a, b); }
constexpr Reads operator>=(const Reads& a, const Reads& b) { return both(a, b); }
constexpr Reads operator&(const Reads& a, const Reads& b) { return both(a, b); }
constexpr Reads operator|(const Reads& a, const Reads& b) { return both(a, b); }

template <class A, class B>
constexpr Reads select(const Reads& condition, const A& a, const B& b) {
  return both(condition, both(Reads(a), Reads(b)));
}

template <class T>
constexpr Reads when(const Reads& condition, const T& partial) {
  return both(condition, Reads(partial));
}

namespace detail {

template <std::size_t Index, std::size_t Argument, std::size_t... I>
unsigned reads_of(std::index_sequence<I...>) {
  return Reads(std::get<Argument>(entry<Index>.partials)(Reads(1U << I)...,
                                                         Reads(1U << sizeof...(I))))
      .mask();
}

template <std::size_t Index, std::size_t... I>
std::array<unsigned, 3> reads_of_entry(std::index_sequence<I...> arguments) {
  return {reads_of<Index, I>(arguments)...};
}

template <std::size_t... Index>
auto reads_of_all(std::index_sequence<Index...>) {
  return std::array<std::array<unsigned, 3>, operation_count>{
      reads_of_entry<Index>(std::make_index_sequence<arity_of<Index>>{})...};
}

}  // namespace detail

// Of the derivative of an entry with respect to one of its arguments.
inline unsigned reads_of_partial(std::size_t index, std::size_t argument) {
  static const auto reads = detail::reads_of_all(std::make_index_sequence<operation_count>{});
  return reads[index][argument];
}

}  // namespace autograd
