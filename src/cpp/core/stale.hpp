// Stale users: a leaf was changed after an operation had used it, so that what the operation
// computed, and its derivative, belong to another value.
#pragma once

#include <cstdint>

#include "core/node.hpp"
#include "core/slab.hpp"

namespace autograd {

// What the comparison of clocks has found: a changed leaf, or a view, whose base it has to ask.
// Throws StaleValue in the name of the operation that made `user`.
[[gnu::cold, gnu::noinline]] void refuse_stale(const Leaf* leaf, const Node* user,
                                               std::uint64_t position);

inline void refuse_if_stale(const Node* argument, const Node* user, std::uint64_t position) {
  if (argument->has(is_leaf) && position <= as_leaf(argument)->clock) [[unlikely]]
    refuse_stale(as_leaf(argument), user, position);
}

inline void refuse_if_stale(const Node* argument, const Node* user) {
  refuse_if_stale(argument, user, position_of(user));
}

}  // namespace autograd
