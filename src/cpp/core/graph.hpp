// The graph: all nodes that live, their memory, their reference counts and their destruction.
//
// It computes nothing: operations are recorded by record.hpp, differentiated by sweep.hpp. One
// graph serves a whole process; nodes of two graphs do not mix. It is not synchronised: the
// bindings use it under the interpreter lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/array.hpp"
#include "core/leaf_pool.hpp"
#include "core/node.hpp"
#include "core/slabs.hpp"

namespace autograd {

// Of which interior nodes a backward pass keeps the adjoints.
enum class Retain { held, all };

class Graph {
 public:
  // A leaf with one reference. Throws std::bad_alloc.
  Leaf* new_leaf(double primal, bool wants_gradient) {
    Leaf* leaf = leaves_.allocate();
    ++live_leaves_;
    leaf->primal = primal;
    leaf->holder = nullptr;
    leaf->references = 1;
    leaf->code = 0;
    leaf->flags = static_cast<std::uint16_t>(is_leaf | (wants_gradient ? requires_grad : 0));
    leaf->clock = 0;
    leaf->gradient = 0.0;
    return leaf;
  }

  // An interior record with one reference; the caller fills the operands in, and counts them.
  // There must be room: that is asked first, so that the common path stays free of calls.
  bool has_room() const { return slabs_.has_room_for_short(); }
  void make_room() { slabs_.make_room(); }  // throws std::bad_alloc
  Interior* new_interior(double primal, Code code, std::uint16_t flags) {
    auto* node = static_cast<Interior*>(slabs_.allocate_short_in_room());
    start(node, primal, code, flags);
    return node;
  }

  // An allowance of records for which there is room, and whatever else the giver has to do with.
  bool is_allowed() const { return slabs_.is_allowed(); }
  void allow(std::size_t records) { slabs_.allow(records); }
  void allow_one_less() { slabs_.allow_one_less(); }

  Long* new_long(double primal, Code code, std::uint32_t arguments, std::uint32_t words) {
    const std::size_t bytes = Long::size_for(words);
    auto* node = static_cast<Long*>(slabs_.allocate(bytes));
    start(node, primal, code, requires_grad | is_long);
    node->arguments = arguments;
    node->words = words;
    long_bytes_ += bytes - sizeof(Interior);
    return node;
  }

  // A constant result: a leaf that requires no gradient. Throws std::bad_alloc.
  [[gnu::noinline]] Node* new_constant(double primal) { return new_leaf(primal, false); }

  // The same for arrays. An interior record becomes one of an array when it gets it.
  Leaf* new_leaf(ArrayReference array, bool wants_gradient);
  Node* new_constant(ArrayReference array) { return new_leaf(std::move(array), false); }
  static void give_array(Node* interior, ArrayReference array) {
    interior->array = array.hand_over();
    interior->set(is_array);
  }
  ArrayPool& arrays() { return arrays_; }

  // An element of an array leaf, as a leaf that shares its memory. Throws std::bad_alloc.
  Leaf* new_view(Leaf* base, std::size_t place);
  // Reads the number of a view from its base again, and whether it requires a gradient.
  static void refresh(Leaf* view) {
    const Leaf* base = view->base();
    view->primal = base->array->number_at(view->place);
    if (base->has(requires_grad)) {
      view->set(requires_grad);
    } else {
      view->clear(requires_grad);
    }
  }

  static void retain(Node* node) { ++node->references; }
  void release(Node* node) noexcept {
    if (--node->references == 0) destroy(node);
  }
  // The same for the reference of a holder, which lets go. What happens at most deaths is in line:
  // a short record, whose arguments live on. Whatever else has to be done is the last call, so that
  // a caller saves no registers.
  void release_held(Node* node) noexcept {
    if (--node->references != 0) {
      node->holder = nullptr;
      return;
    }
    const unsigned flags = node->flags;
    Interior* record = as_interior(node);
    if ((flags & (is_special | is_array | first_is_number)) != 0) [[unlikely]] {
      if ((flags & (is_special | is_array)) != 0) {
        destroy(node);
        return;
      }
    } else if (--record->operands[0].node->references == 0) [[unlikely]] {
      destroy_after_first(record);
      return;
    }
    if ((flags & second_is_number) == 0 && --record->operands[1].node->references == 0)
        [[unlikely]] {
      destroy_after(record, record->operands[1].node);
      return;
    }
    slabs_.retire(record);
  }

  // The same for a node that may be that of an array.
  [[gnu::noinline]] void release_held_array(Node* node) noexcept {
    if (node->references == 1 && (node->flags & (is_special | is_array)) == is_array) [[likely]] {
      ArrayPool::release(node->array);
      node->clear(is_array);
    }
    release_held(node);
  }

  // Change a leaf. Results that were computed from its old value become stale.
  void set_primal(Leaf* leaf, double primal) const {
    leaf->primal = primal;
    if (leaf->has(is_view)) [[unlikely]] {
      leaf->base()->array->set_number(leaf->place, primal);
      leaf = leaf->base();
    }
    touch(leaf);
  }
  // The elements of an array leaf have been changed.
  void touch(Leaf* leaf) const { leaf->clock = now(); }
  // The position of the newest record: the clock of a leaf that changes now.
  std::uint64_t now() const { return slabs_.now(); }

  // The gradient of a held node as a value of the graph. Takes over the reference; null takes the
  // gradient away.
  void set_recorded_gradient(Node* node, Node* gradient);
  void forget_recorded_gradient(Node* node) {
    if (node->has(has_recorded_gradient)) [[unlikely]]
      set_recorded_gradient(node, nullptr);
  }

  // Notes that few nodes have, kept aside and dropped when the node dies.
  void keep_gradient(Node* node, double gradient);  // of an interior node that nobody holds
  double kept_gradient(const Node* node) const;     // 0.0 when none is kept
  void keep_gradient(Node* node, ArrayReference gradient);
  ArrayReference kept_array(const Node* node) const;  // null when none is kept
  // Called at the death of each node that has the flag is_watched.
  using Watcher = void (*)(const Node*);
  void set_watcher(Watcher watcher) { watcher_ = watcher; }

  std::size_t live_interiors() const { return slabs_.live(); }  // O(slabs)
  std::size_t live_leaves() const { return live_leaves_; }
  std::size_t live_views() const { return live_views_; }
  std::size_t bytes_live() const {
    return live_interiors() * sizeof(Interior) + long_bytes_ + live_leaves_ * sizeof(Leaf) +
           arrays_.bytes_live();
  }
  std::size_t bytes_reserved() const {
    return slabs_.bytes_reserved() + leaves_.bytes_reserved() + arrays_.bytes_reserved();
  }

  bool defers = false;  // see deferred.hpp

  // For sweep.hpp alone: one sweep at a time, and memory that it uses again.
  struct SweepState {
    bool running = false;
    std::thread::id owner;       // whose sweep it is
    void (*wait)() = nullptr;    // returns when the sweep of another thread is over; may throw
    std::vector<Leaf*> leaves;   // room for those that are reached
    std::vector<Node*> visited;  // interior nodes that are held, or all on request
  } sweep;

 private:
  static void start(Node* node, double primal, Code code, std::uint16_t flags) {
    node->primal = primal;
    node->holder = nullptr;
    // In one store: compilers do not find that for themselves.
    const struct {
      std::uint32_t references;
      Code code;
      std::uint16_t flags;
    } kind{1, code, flags};
    static_assert(sizeof kind == 8 && offsetof(Node, flags) == offsetof(Node, references) + 6);
    std::memcpy(reinterpret_cast<char*>(node) + offsetof(Node, references), &kind, sizeof kind);
  }
  static constexpr unsigned is_special = is_leaf | is_long | is_watched;

  // One reference less. A node that dies of it is put before the other dead ones, which are linked
  // through themselves, so that nothing is allocated.
  static Node* drop(Node* argument, Node* dead) {
    if (--argument->references > 0) return dead;
    argument->link = dead;
    return argument;
  }
  static Node* drop_operands(Interior* record, Node* dead) {
    if (!record->has(first_is_number)) dead = drop(record->operands[0].node, dead);
    if (!record->has(second_is_number)) dead = drop(record->operands[1].node, dead);
    return dead;
  }

  [[gnu::noinline]] void destroy(Node* node) noexcept;
  [[gnu::noinline]] void destroy_after_first(Interior* record) noexcept;
  [[gnu::noinline]] void destroy_after(Interior* record, Node* last) noexcept;
  [[gnu::noinline]] void destroy_all(Node* dead) noexcept;
  [[nodiscard]] Node* retire_leaf(Node* leaf, Node* dead);
  [[gnu::cold, gnu::noinline]] void say_farewell(const Node* node);

  ArrayPool arrays_;  // first, so that it outlives what has arrays
  Slabs slabs_;
  LeafPool leaves_;
  std::size_t live_leaves_ = 0;
  std::size_t live_views_ = 0;  // among the leaves
  std::size_t long_bytes_ = 0;  // of long records, beyond sizeof(Interior) each
  std::unordered_map<const Node*, double> kept_gradients_;
  std::unordered_map<const Node*, ArrayReference> kept_arrays_;
  Watcher watcher_ = nullptr;
};

// A counted reference, for code in which an exception may pass.
class Reference {
 public:
  Reference() = default;
  // Takes over the reference that the caller has.
  Reference(Graph& graph, Node* node) : graph_(&graph), node_(node) {}
  static Reference sharing(Graph& graph, Node* node) {
    Graph::retain(node);
    return {graph, node};
  }
  Reference(const Reference& other) : graph_(other.graph_), node_(other.node_) {
    if (node_ != nullptr) Graph::retain(node_);
  }
  Reference(Reference&& other) noexcept
      : graph_(other.graph_), node_(std::exchange(other.node_, nullptr)) {}
  Reference& operator=(Reference other) noexcept {
    std::swap(graph_, other.graph_);
    std::swap(node_, other.node_);
    return *this;
  }
  ~Reference() {
    if (node_ != nullptr) graph_->release(node_);
  }

  Node* get() const { return node_; }
  Graph& graph() const { return *graph_; }
  [[nodiscard]] Node* hand_over() { return std::exchange(node_, nullptr); }

 private:
  Graph* graph_ = nullptr;
  Node* node_ = nullptr;
};

}  // namespace autograd
