// What an adjoint passes on through a partial derivative: their product, but an adjoint that is
// exactly zero contributes exactly zero, also against inf and nan. A branch on which the root does
// not depend must not poison the ones on which it does: d/dx of where(x > 0, sqrt(x), 0) at 0 is 0.
#pragma once

#include <cmath>

#include "core/recorded.hpp"

namespace autograd {

inline double contribution(double adjoint, double partial) {
  const double product = adjoint * partial;  // first, so that the choice needs no branch
  return adjoint != 0.0 ? product : 0.0;
}

// With recording the product stays a product, even of zero: its own derivative need not be zero.
inline Recorded contribution(const Recorded& adjoint, const Recorded& partial) {
  if (adjoint.primal() == 0.0 && (adjoint.is_number() || !std::isfinite(partial.primal())))
    return 0.0;
  if (partial.is_number() && partial.primal() == 1.0) return adjoint;
  if (adjoint.is_number() && adjoint.primal() == 1.0) return partial;
  return adjoint * partial;
}

}  // namespace autograd
