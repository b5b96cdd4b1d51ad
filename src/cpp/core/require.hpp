// What a root must be, checked before anything is touched.
#pragma once

#include "core/error.hpp"
#include "core/node.hpp"

namespace autograd {

inline void require_gradient(const Node* root) {
  if (root->has(requires_grad)) return;
  throw NoGradient(
      "[backward] the root requires no gradient - a result of values that require one is needed. "
      "Make its leaves with requires_grad=True, and compute it outside of no_grad().");
}

}  // namespace autograd
