// Which nodes a root needs, arguments before users.
#pragma once

#include <vector>

#include "core/graph.hpp"

namespace autograd {

// The arguments of an interior node that are nodes, each as often as it is used.
template <class Visit>
void for_each_argument(Node* interior, Visit visit) {
  if (interior->has(is_long)) {
    Long* record = as_long(interior);
    for (std::uint32_t i = 0; i < record->arguments; ++i) visit(record->operands[i].node);
  } else {
    Interior* record = as_interior(interior);
    if (!record->has(first_is_number)) visit(record->operands[0].node);
    if (!record->has(second_is_number)) visit(record->operands[1].node);
  }
}

// Leaves first, in the order in which a sweep meets them, then interior nodes as they were made;
// the root is last. O(nodes), not recursive. Throws NestedBackward, std::bad_alloc.
std::vector<Node*> topological_order(Graph& graph, Node* root);

}  // namespace autograd
