// The reverse sweep: a walk that carries adjoints from the root to the leaves.
//
// It changes nothing that can be seen: adjoints gather in fields that only a sweep uses, and
// backward.cpp and differentiate.cpp hand them out when the sweep has come to its end. An error on
// the way (a stale leaf, no memory) therefore leaves every gradient as it was.
#pragma once

#include "core/pull.hpp"
#include "core/stale.hpp"
#include "core/walk.hpp"

namespace autograd {

// How a sweep keeps the adjoint of a node, for each kind of number.
template <class T>
struct Adjoint;

template <>
struct Adjoint<double> {
  static void set(Graph&, Node* node, double amount) { node->adjoint = amount; }
  static void add(Graph&, Node* node, double amount) { node->adjoint += amount; }
  static double take(Graph&, Node* node) { return node->adjoint; }
  static double number(const Node* node) { return node->adjoint; }
  static void keep(Graph&, Node*, double) {}  // it stays in the node
};

template <>
struct Adjoint<Recorded> {
  static void set(Graph& graph, Node* node, const Recorded& amount) {
    node->adjoint_node = amount.as_node(graph).hand_over();
  }
  static void add(Graph& graph, Node* node, const Recorded& amount) {
    const Recorded total = Recorded(Reference::sharing(graph, node->adjoint_node)) + amount;
    Node* replaced = node->adjoint_node;
    set(graph, node, total);
    graph.release(replaced);
  }
  static Recorded take(Graph& graph, Node* node) {
    return Reference(graph, std::exchange(node->adjoint_node, nullptr));
  }
  static double number(const Node* node) { return node->adjoint_node->primal; }
  static void keep(Graph& graph, Node* node, const Recorded& adjoint) { set(graph, node, adjoint); }
  static void drop(Graph& graph, Node* node) {
    if (node->adjoint_node != nullptr) graph.release(std::exchange(node->adjoint_node, nullptr));
  }
};

template <class T>
class Sweep {
 public:
  // At the end the adjoints of the nodes that `retain` says are still there.
  Sweep(Graph& graph, Node* root, Retain retain = Retain::held)
      : graph_(graph), root_(root), retain_(retain), pass_(graph, root) {
    visited().clear();
  }
  Sweep(const Sweep&) = delete;
  Sweep& operator=(const Sweep&) = delete;
  ~Sweep() {
    if constexpr (std::is_same_v<T, Recorded>) {
      for (Node* node : visited()) Adjoint<T>::drop(graph_, node);
      for (Leaf* leaf : leaves()) Adjoint<T>::drop(graph_, leaf);
      pass_.clean([this](Node* node) { Adjoint<T>::drop(graph_, node); });
    }
  }

  // From the root to the leaves. Throws StaleValue, std::bad_alloc.
  void run(const T& seed) {
    if (root_->has(is_leaf)) {
      Sink(graph_, root_, 0, pass_.leaves_end()).add(root_, seed);
      return;
    }
    Walk walk(root_);
    Sink start(graph_, root_, 0, pass_.leaves_end());
    start.add(root_, seed);
    std::size_t pending = start.reached;
    const bool keeps_all = retain_ == Retain::all;
    do {
      Node* node = walk.next();
      const T adjoint = Adjoint<T>::take(graph_, node);
      if (node->holder != nullptr || keeps_all) keep(node, adjoint);
      if (is_reduction(node->code)) {
        if constexpr (std::is_same_v<T, double>) {
          pending += pull_apart_flat(node, walk.position(node), adjoint);
        } else {
          pending += pull_apart(node, walk.position(node), adjoint);
        }
      } else {
        Sink sink(graph_, node, walk.position(node), pass_.leaves_end());
        pull(sink, node, adjoint);
        pending += sink.reached;
      }
    } while (--pending > 0);
    pass_.complete();
  }

  // The leaves that the root needs; their adjoints are in place.
  std::span<Leaf* const> leaves() const { return pass_.leaves(); }
  // Visits each for the last time: nothing may fail any more.
  template <class Visit>
  void hand_out(Visit visit) {
    for (Leaf* leaf : leaves()) {
      visit(leaf);
      leaf->flags = static_cast<std::uint16_t>((leaf->flags & ~marked) | is_differentiated);
    }
    pass_.forget_leaves();
  }
  // The graph keeps the adjoint of each visited node, as a number. All or, without memory, none.
  void keep_gradients() {
    for (Node* node : visited()) graph_.keep_gradient(node, graph_.kept_gradient(node));
    for (Node* node : visited()) graph_.keep_gradient(node, Adjoint<T>::number(node));
  }
  // The interior nodes it needs, as far as they are kept.
  std::vector<Node*>& visited() const { return graph_.sweep.visited; }

 private:
  // What the rules of one node see, see pull.hpp. A small value, kept in registers.
  class Sink {
   public:
    Sink(Graph& graph, Node* node, std::uint64_t position, Leaf**& leaves_end)
        : graph_(graph), node_(node), position_(position), leaves_end_(leaves_end) {}

    T value(Node* node) const {
      if constexpr (std::is_same_v<T, double>) {
        return node->primal;
      } else {
        return Reference::sharing(graph_, node);
      }
    }

    T pre_activation(const DotView& view) const {
      if constexpr (std::is_same_v<T, double>) {
        return view.pre_activation;
      } else {  // once more, as a node: its own derivatives are wanted
        Inputs inputs;
        if (view.input_nodes != nullptr) {
          inputs.nodes = {view.input_nodes, view.size};
        } else {
          inputs.numbers = {view.input_numbers, view.size};
        }
        return Reference(graph_, dot(graph_, {view.weights, view.size}, inputs, view.bias));
      }
    }

    bool wants(Node* argument) const {
      if (!argument->has(is_leaf)) return true;  // it was recorded because it requires a gradient
      refuse_if_stale(argument, node_, position_);
      return argument->has(requires_grad);
    }

    void add(Node* argument, const T& amount) {
      if (argument->has(marked)) {
        Adjoint<T>::add(graph_, argument, amount);
      } else {
        if constexpr (std::is_same_v<T, Recorded>) argument->adjoint_node = nullptr;
        reached += Pass::reach(argument, leaves_end_);
        Adjoint<T>::set(graph_, argument, amount);
      }
    }

    std::size_t reached = 0;  // interior nodes that were marked

   private:
    Graph& graph_;
    Node* node_;
    std::uint64_t position_;  // of the node
    Leaf**& leaves_end_;
  };

  // As a parameter: a number in a register, or a reference.
  using Passed = std::conditional_t<std::is_same_v<T, double>, double, const T&>;

  // The reductions have loops of their own; out of line, so that the common rules stay in
  // registers, and with the end of the list of leaves in one too (a cursor in memory costs 2 ns an
  // argument).
  [[gnu::noinline, gnu::flatten]] std::size_t pull_apart_flat(Node* node, std::uint64_t position,
                                                              Passed adjoint) {
    return pull_apart(node, position, adjoint);
  }

  std::size_t pull_apart(Node* node, std::uint64_t position, Passed adjoint) {
    Leaf** leaves_end = pass_.leaves_end();
    Sink sink(graph_, node, position, leaves_end);
    try {
      pull_reduction<T>(sink, node, adjoint);
    } catch (...) {
      pass_.leaves_end() = leaves_end;
      throw;
    }
    pass_.leaves_end() = leaves_end;
    return sink.reached;
  }

  [[gnu::noinline]] void keep(Node* node, Passed adjoint) {
    visited().push_back(node);
    Adjoint<T>::keep(graph_, node, adjoint);
  }

  Graph& graph_;
  Node* root_;
  Retain retain_;
  Pass pass_;
};

}  // namespace autograd
