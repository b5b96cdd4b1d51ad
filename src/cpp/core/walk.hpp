// The marked reverse walk: visits the interior nodes that a root needs, users before arguments,
// without sorting and without a stack.
//
// Creation order is a topological order, so the walk goes through the slabs from the root to ever
// older records, skips what is not marked, and stops when nothing marked is left. Marks are
// cleared as the walk passes, and by the destructor if an exception ends it early. O(records
// between the root and the oldest node it needs); allocates nothing once `leaves` has its size.
#pragma once

#include <cassert>

#include "core/error.hpp"
#include "core/graph.hpp"

namespace autograd {

class Walk {
 public:
  // Throws NestedBackward when another walk of this graph is under way.
  explicit Walk(Graph& graph) : graph_(graph), leaves_(graph.sweep.leaves) {
    if (graph.sweep.running)
      throw NestedBackward(
          "[backward] a pass was started inside another - one at a time is needed. Start it after "
          "the first has returned.");
    graph.sweep.running = true;
    leaves_.clear();
  }
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;
  ~Walk() {
    for (Leaf* leaf : leaves_) leaf->clear(marked);
    while (next() != nullptr) {
    }
    graph_.sweep.running = false;
  }

  // Begin at an interior node; reach() it first.
  void start(Node* root) {
    slab_ = slab_of(root);
    cursor_ = reinterpret_cast<char*>(root);
  }

  // Mark a node, so that next() will return it, or leaves() will list it. The node is not marked.
  void reach(Node* node) {
    assert(!node->has(marked));
    if (node->has(is_leaf)) {
      leaves_.push_back(as_leaf(node));  // may throw: before the mark
    } else {
      ++pending_;
    }
    node->set(marked);
  }

  // The newest node that is marked, which it is no more; null when none is left.
  Node* next() {
    if (pending_ == 0) return nullptr;
    for (;;) {
      if (cursor_ == slab_->end) [[unlikely]] {
        slab_ = slab_->older;
        cursor_ = slab_->newest;
      }
      Node* node = reinterpret_cast<Node*>(cursor_);
      cursor_ += size_of(node);
      if (node->has(marked)) {
        node->clear(marked);
        --pending_;
        return node;
      }
    }
  }

  const std::vector<Leaf*>& leaves() const { return leaves_; }

 private:
  Graph& graph_;
  std::vector<Leaf*>& leaves_;
  Slab* slab_ = nullptr;
  char* cursor_ = nullptr;
  std::size_t pending_ = 0;
};

}  // namespace autograd
