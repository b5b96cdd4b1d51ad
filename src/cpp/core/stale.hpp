// Stale users: a leaf was changed after an operation had used it, so that what the operation
// computed, and its derivative, belong to another value.
#pragma once

#include <cstdint>

#include "core/node.hpp"
#include "core/slab.hpp"

namespace autograd {

// Throws StaleValue in the name of the operation that made `user`.
[[noreturn, gnu::cold, gnu::noinline]] void refuse_stale(const Leaf* leaf, const Node* user);

// What the comparison of clocks has found is a changed leaf, or a view, whose base has to be asked.
[[gnu::cold, gnu::noinline, gnu::pure]] bool is_stale(const Leaf* leaf, std::uint64_t position);

// Whether clocks alone tell that an argument is what the user at this position was computed from.
inline bool is_surely_current(const Node* argument, std::uint64_t position) {
  if (argument->has(is_leaf)) [[likely]]
    return position > as_leaf(argument)->clock;
  return true;
}

inline void refuse_if_stale(const Node* argument, const Node* user, std::uint64_t position) {
  if (!is_surely_current(argument, position)) [[unlikely]] {
    if (is_stale(as_leaf(argument), position)) refuse_stale(as_leaf(argument), user);
  }
}

inline void refuse_if_stale(const Node* argument, const Node* user) {
  refuse_if_stale(argument, user, position_of(user));
}

}  // namespace autograd
