#include "core/graph.hpp"

namespace autograd {

Leaf* Graph::new_leaf(ArrayReference array, bool wants_gradient) {
  Leaf* leaf = new_leaf(0.0, wants_gradient);
  leaf->array = array.hand_over();
  leaf->gradient_array = nullptr;
  leaf->set(is_array);
  return leaf;
}

Leaf* Graph::new_view(Leaf* base, std::size_t place) {
  Leaf* view = new_leaf(0.0, false);
  view->set(is_view);
  ++live_views_;
  retain(base);
  view->clock = reinterpret_cast<std::uintptr_t>(base) | Leaf::base_tag;
  view->place = place;
  refresh(view);
  return view;
}

void Graph::set_recorded_gradient(Node* node, Node* gradient) {
  Node* replaced = std::exchange(node->holder->gradient_node, gradient);
  if (gradient != nullptr) {
    node->set(has_recorded_gradient);
  } else {
    node->clear(has_recorded_gradient);
  }
  if (replaced != nullptr) release(replaced);
}

void Graph::keep_gradient(Node* node, double gradient) {
  kept_gradients_[node] = gradient;
  node->set(is_watched);
}

double Graph::kept_gradient(const Node* node) const {
  const auto found = kept_gradients_.find(node);
  return found == kept_gradients_.end() ? 0.0 : found->second;
}

void Graph::keep_gradient(Node* node, ArrayReference gradient) {
  kept_arrays_[node] = std::move(gradient);
  node->set(is_watched);
}

ArrayReference Graph::kept_array(const Node* node) const {
  const auto found = kept_arrays_.find(node);
  return found == kept_arrays_.end() ? ArrayReference() : found->second;
}

void Graph::destroy(Node* node) noexcept {
  node->link = nullptr;
  destroy_all(node);
}

// A record without references, of which the first operand has died; the other has not been dropped.
void Graph::destroy_after_first(Interior* record) noexcept {
  Node* first = record->operands[0].node;
  first->link = nullptr;
  Node* dead = record->has(second_is_number) ? first : drop(record->operands[1].node, first);
  slabs_.retire(record);
  destroy_all(dead);
}

// A record without references, of whose operands all have been dropped and this one has died.
void Graph::destroy_after(Interior* record, Node* last) noexcept {
  slabs_.retire(record);
  destroy(last);
}

// Iterative: the depth of a graph is bounded by memory alone, the stack's is not.
void Graph::destroy_all(Node* dead) noexcept {
  while (dead != nullptr) {
    Node* node = dead;
    dead = node->link;
    if ((node->flags & (is_special | is_array)) == 0) [[likely]] {
      dead = drop_operands(as_interior(node), dead);
      slabs_.retire(node);
      continue;
    }
    if (node->has(is_watched)) say_farewell(node);
    if (node->has(is_leaf)) {
      dead = retire_leaf(node, dead);
      continue;
    }
    if (node->has(is_array)) ArrayPool::release(node->array);
    if (node->has(is_long)) {
      Long* record = as_long(node);
      const Operand* const end = record->operands + record->arguments;
      for (const Operand* argument = record->operands; argument != end; ++argument)
        dead = drop(argument->node, dead);
      long_bytes_ -= record->size() - sizeof(Interior);
    } else {
      dead = drop_operands(as_interior(node), dead);
    }
    slabs_.retire(node);
  }
}

Node* Graph::retire_leaf(Node* leaf, Node* dead) {
  if (leaf->has(is_array)) {
    ArrayPool::release(leaf->array);
    if (as_leaf(leaf)->gradient_array != nullptr) ArrayPool::release(as_leaf(leaf)->gradient_array);
  } else if (leaf->has(is_view)) {
    --live_views_;
    dead = drop(as_leaf(leaf)->base(), dead);
  }
  --live_leaves_;
  leaves_.retire(leaf);
  return dead;
}

void Graph::say_farewell(const Node* node) {
  kept_gradients_.erase(node);
  kept_arrays_.erase(node);
  if (watcher_ != nullptr) watcher_(node);
}

}  // namespace autograd
