// Pull for arrays: what the adjoint of an elementwise operation passes to one operand, as the
// table's derivative on Terms. (On plain numbers the kernels do it, see elementwise.hpp.)
#pragma once

#include <span>

#include "core/term.hpp"

namespace autograd {

// In the shape of the result. The derivative is linear in the adjoint, so with a tangent in its
// place this is the forward mode.
Term elementwise_contribution(std::size_t index, std::size_t argument, const Term& adjoint,
                              std::span<const Term> arguments, const Term& result);

}  // namespace autograd
