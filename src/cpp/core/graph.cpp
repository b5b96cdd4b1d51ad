#include "core/graph.hpp"

namespace autograd {

void Graph::keep_gradient(Node* node, double gradient) {
  kept_gradients_[node] = gradient;
  node->set(is_watched);
}

double Graph::kept_gradient(const Node* node) const {
  const auto found = kept_gradients_.find(node);
  return found == kept_gradients_.end() ? 0.0 : found->second;
}

// Iterative: the depth of a graph is bounded by memory alone, the stack's is not. The nodes that
// still have to die are linked through themselves, so nothing is allocated.
void Graph::destroy(Node* node) {
  node->link = nullptr;
  Node* dead = node;
  const auto drop = [&dead](Node* argument) {
    if (--argument->references == 0) {
      argument->link = dead;
      dead = argument;
    }
  };
  while (dead != nullptr) {
    node = dead;
    dead = node->link;
    if (node->has(is_watched)) [[unlikely]] {
      kept_gradients_.erase(node);
      if (watcher_ != nullptr) watcher_(node);
    }
    if (node->has(is_leaf)) {
      --live_leaves_;
      leaves_.retire(node);
      continue;
    }
    if (node->has(is_long)) {
      Long* record = as_long(node);
      for (std::uint32_t i = 0; i < record->arguments; ++i) drop(record->operands[i].node);
      long_bytes_ -= record->size() - sizeof(Interior);
    } else {
      Interior* record = as_interior(node);
      if (!record->has(first_is_number)) drop(record->operands[0].node);
      if (!record->has(second_is_number)) drop(record->operands[1].node);
    }
    slabs_.retire(node);
  }
}

}  // namespace autograd
