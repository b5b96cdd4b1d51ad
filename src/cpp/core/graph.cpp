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

namespace {

// The nodes that still have to die, linked through themselves, so that nothing is allocated.
class Dead {
 public:
  explicit Dead(Node* first) : first_(first) { first->link = nullptr; }

  Node* next() {
    Node* node = first_;
    if (node != nullptr) first_ = node->link;
    return node;
  }

  // One reference less.
  void drop(Node* argument) {
    if (--argument->references == 0) {
      argument->link = first_;
      first_ = argument;
    }
  }

 private:
  Node* first_;
};

}  // namespace

// Iterative: the depth of a graph is bounded by memory alone, the stack's is not.
void Graph::destroy(Node* root) {
  Dead dead(root);
  while (Node* node = dead.next()) {
    if ((node->flags & (is_leaf | is_long | is_watched)) != 0) [[unlikely]] {
      if (node->has(is_watched)) say_farewell(node);
      if (node->has(is_leaf)) {
        --live_leaves_;
        leaves_.retire(node);
        continue;
      }
      if (node->has(is_long)) {
        Long* record = as_long(node);
        for (std::uint32_t i = 0; i < record->arguments; ++i) dead.drop(record->operands[i].node);
        long_bytes_ -= record->size() - sizeof(Interior);
        slabs_.retire(node);
        continue;
      }
    }
    Interior* record = as_interior(node);
    if (!record->has(first_is_number)) dead.drop(record->operands[0].node);
    if (!record->has(second_is_number)) dead.drop(record->operands[1].node);
    slabs_.retire(node);
  }
}

void Graph::say_farewell(const Node* node) {
  kept_gradients_.erase(node);
  if (watcher_ != nullptr) watcher_(node);
}

}  // namespace autograd
