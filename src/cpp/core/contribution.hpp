// What an adjoint passes on through a partial derivative: their product, but an adjoint that is
// exactly zero contributes exactly zero, also against inf and nan, and so does a choice that was
// not taken. A branch on which the root does not depend must not poison the ones on which it does:
// d/dx of where(x > 0, sqrt(x), 0) at 0 is 0.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "core/recorded.hpp"

namespace autograd {

// The number where the condition holds, else 0. By masking: choices depend on data, and a branch
// that is guessed wrong costs more than the rest of a visit. (Zero adjoints come in runs, below the
// choice that made them, and are guessed well; there a mask would only lengthen the chain.)
inline double masked(bool condition, double number) {
  const std::uint64_t mask = -static_cast<std::uint64_t>(condition);
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(number) & mask);
}

inline double contribution(double adjoint, double partial) {
  return adjoint == 0.0 ? 0.0 : adjoint * partial;
}

inline double contribution(double adjoint, const When<double>& choice) {
  return masked(choice.condition, contribution(adjoint, choice.partial));
}

// With recording the product stays a product, even of zero: its own derivative need not be zero.
inline Recorded contribution(const Recorded& adjoint, const Recorded& partial) {
  if (adjoint.primal() == 0.0 && (adjoint.is_number() || !std::isfinite(partial.primal())))
    return 0.0;
  if (partial.is_number() && partial.primal() == 1.0) return adjoint;
  if (adjoint.is_number() && adjoint.primal() == 1.0) return partial;
  return adjoint * partial;
}

template <class Partial>
Recorded contribution(const Recorded& adjoint, const When<Partial>& choice) {
  return choice.condition ? contribution(adjoint, Recorded(choice.partial)) : Recorded(0.0);
}

// The contribution of a partial as the table gives it: a number, a T, or a choice.
template <class T, class Partial>
T pass_on(const T& adjoint, const Partial& partial) {
  if constexpr (std::is_convertible_v<Partial, T>) {
    return contribution(adjoint, static_cast<T>(partial));
  } else {
    return contribution(adjoint, partial);
  }
}

// The same where somebody has seen to it that a number is not zero.
template <class Partial>
double pass_on_nonzero(double adjoint, const Partial& partial) {
  if constexpr (std::is_convertible_v<Partial, double>) {
    return adjoint * static_cast<double>(partial);
  } else {
    return masked(partial.condition, adjoint * partial.partial);
  }
}
template <class Partial>
Recorded pass_on_nonzero(const Recorded& adjoint, const Partial& partial) {
  return pass_on(adjoint, partial);
}

// For a loop over many partials of one adjoint: runs it with the function of a partial that
// `contribution(adjoint, partial)` is, and asks only once whether the adjoint is zero.
template <class Loop>
void with_contributions(double adjoint, const Loop& loop) {
  if (adjoint == 0.0) {
    loop([](double) { return 0.0; });
  } else {
    loop([adjoint](double partial) { return adjoint * partial; });
  }
}
template <class Loop>
void with_contributions(const Recorded& adjoint, const Loop& loop) {
  loop([&adjoint](const Recorded& partial) { return contribution(adjoint, partial); });
}

}  // namespace autograd
