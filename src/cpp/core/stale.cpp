#include "core/stale.hpp"

#include <string>

#include "core/array.hpp"
#include "core/code.hpp"
#include "core/error.hpp"

namespace autograd {

void refuse_stale(const Leaf* leaf, const Node* user, std::uint64_t position) {
  const bool view = leaf->has(is_view);
  if (view && position > leaf->base()->clock) return;
  const std::string change =
      leaf->has(is_array)
          ? "a leaf of shape " + text_of(shape_of(*leaf->array)) + " was changed"
          : "a leaf was changed to " +
                text_of(view ? leaf->base()->array->number_at(leaf->place) : leaf->primal);
  throw StaleValue("[backward] " + change + " after [" + std::string(name_of(user->code)) +
                   "] had used it - the value that was used is needed. Compute the result again, "
                   "or change leaves after backward.");
}

}  // namespace autograd
