// The marked reverse walk: visits the interior nodes that a root needs, users before arguments,
// without sorting and without a stack.
//
// Creation order is a topological order, so the walk goes through the slabs from the root to ever
// older records and skips what is not marked; whoever walks marks arguments, counts them, and
// stops when no marked record is left. O(records between the root and the oldest node it needs).
#pragma once

#include <limits>
#include <span>

#include "core/require.hpp"

namespace autograd {

// Where a walk is. A small value that compilers keep in registers.
class Walk {
 public:
  // At an interior node.
  explicit Walk(Node* root)
      : slab_(slab_of(root)), cursor_(reinterpret_cast<char*>(root)), origin_(slab_->origin()) {}

  // The next marked record, whose mark is taken away. There must be one.
  Node* next() {
    for (;;) {
      Node* node = step();
      if (node->has(marked)) {
        node->clear(marked);
        return node;
      }
    }
  }

  // Minus the address of a record that was just returned: its position.
  std::uint64_t origin() const { return origin_; }
  // An origin with which a record is newer than any change of a leaf.
  static constexpr std::uint64_t newest_origin = std::numeric_limits<std::uint64_t>::max();

  // As next(), but null after the oldest record of all: for cleaning up.
  Node* next_if_any() {
    while (cursor_ != slab_->end || slab_->older != nullptr) {
      Node* node = step();
      if (node->has(marked)) {
        node->clear(marked);
        return node;
      }
    }
    return nullptr;
  }

 private:
  Node* step() {
    if (cursor_ == slab_->end) [[unlikely]] {
      slab_ = slab_->older;
      cursor_ = slab_->newest;
      origin_ = slab_->origin();
    }
    Node* node = reinterpret_cast<Node*>(cursor_);
    cursor_ += size_of(node);
    return node;
  }

  Slab* slab_;
  char* cursor_;
  std::uint64_t origin_;  // of positions in this slab
};

// One pass over a graph: while it lives, marks are its own. At its end the marks of leaves are
// cleared, and after an exception those of interior nodes too.
class Pass {
 public:
  // Throws NestedBackward when another pass of this graph is under way, std::bad_alloc.
  Pass(Graph& graph, Node* root) : graph_(graph), root_(root) {
    require_no_pass(graph);
    // Room for every leaf there is, and one more, so that listing one is a store.
    if (graph.sweep.leaves.size() <= graph.live_leaves())
      graph.sweep.leaves.resize(graph.live_leaves() + 1);
    leaves_ = graph.sweep.leaves.data();
    leaves_end_ = leaves_;
    graph.sweep.running = true;
    graph.sweep.owner = std::this_thread::get_id();
  }
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;
  ~Pass() {
    for (Leaf* leaf : leaves()) leaf->clear(marked);
    clean([](Node*) {});
    graph_.sweep.running = false;
  }

  // Marks a node that is not marked. Returns 1 for an interior node, which a walk will meet, and 0
  // for a leaf, which is listed at `leaves_end`. Without a branch, which would be a long way round.
  static std::size_t reach(Node* node, Leaf**& leaves_end) {
    const unsigned flags = node->flags;
    node->flags = static_cast<std::uint16_t>(flags | marked);
    const std::size_t leaves = flags / is_leaf & 1U;
    *leaves_end = as_leaf(node);
    leaves_end += leaves;
    return 1 - leaves;
  }
  std::size_t reach(Node* node) { return reach(node, leaves_end_); }

  // The end of the list of leaves, for loops that keep it in a register meanwhile.
  Leaf**& leaves_end() { return leaves_end_; }

  // No marked interior node is left.
  void complete() { completed_ = true; }

  // Visits the marked interior nodes that an exception has left, and takes their marks away.
  template <class Visit>
  void clean(Visit visit) {
    if (completed_ || root_->has(is_leaf)) return;
    Walk walk(root_);
    while (Node* node = walk.next_if_any()) visit(node);
    completed_ = true;
  }

  // Those that were reached.
  std::span<Leaf* const> leaves() const { return {leaves_, leaves_end_}; }
  // They have been visited, and their marks taken away.
  void forget_leaves() { leaves_end_ = leaves_; }

 private:
  Graph& graph_;
  Node* root_;
  Leaf** leaves_;
  Leaf** leaves_end_;
  bool completed_ = false;
};

}  // namespace autograd
