// Operations on arrays that are composed of others, so that their derivatives need no rule.
#pragma once

#include "core/structural.hpp"

namespace autograd {

// A value on which nothing depends.
Term detached(const Term& x);

// Along axes of a bit mask; shifted by the largest element, so that no exponential overflows.
Term logsumexp(const Term& x, std::uint64_t axes, bool keep);
Term softmax(const Term& x, std::uint64_t axes);
Term log_softmax(const Term& x, std::uint64_t axes);

// The sum of products of two vectors, or of matrices, as NumPy's dot for up to two axes. Throws
// LengthError.
Term dot(const Term& a, const Term& b);

}  // namespace autograd
