#include "core/stale.hpp"

#include <string>

#include "core/array.hpp"
#include "core/code.hpp"
#include "core/error.hpp"

namespace autograd {

bool is_stale(const Leaf* leaf, std::uint64_t position) {
  return !leaf->has(is_view) || position <= leaf->base()->clock;
}

void refuse_stale(const Leaf* leaf, const Node* user) {
  const bool view = leaf->has(is_view);
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
