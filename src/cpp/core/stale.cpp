#include "core/stale.hpp"

#include <string>

#include "core/code.hpp"
#include "core/error.hpp"

namespace autograd {

void refuse_stale(const Leaf* leaf, const Node* user) {
  throw StaleValue("[backward] a leaf was changed to " + text_of(leaf->primal) + " after [" +
                   std::string(name_of(user->code)) +
                   "] had used it - the value that was used is needed. Compute the result again, "
                   "or change leaves after backward.");
}

}  // namespace autograd
