// The reverse sweep: a walk that carries adjoints from the root to the leaves.
//
// It changes nothing that can be seen: adjoints gather in fields that only a sweep uses, and
// backward.cpp and differentiate.cpp hand them out when the sweep has come to its end. An error on
// the way (a stale leaf, no memory) therefore leaves every gradient as it was.
#pragma once

#include <string>

#include "core/pull.hpp"
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
  static void keep(Graph&, Node*, double) {}  // it stays in the node
  static void drop(Graph&, Node*) {}
};

template <>
struct Adjoint<Recorded> {
  static void set(Graph& graph, Node* node, const Recorded& amount) {
    node->adjoint_node = amount.as_node(graph).hand_over();
  }
  static void add(Graph& graph, Node* node, const Recorded& amount) {
    Recorded total = Recorded(Reference::sharing(graph, node->adjoint_node)) + amount;
    Node* replaced = node->adjoint_node;
    set(graph, node, total);
    graph.release(replaced);
  }
  static Recorded take(Graph& graph, Node* node) {
    return Reference(graph, std::exchange(node->adjoint_node, nullptr));
  }
  static void keep(Graph& graph, Node* node, const Recorded& adjoint) {
    set(graph, node, adjoint);
  }
  static void drop(Graph& graph, Node* node) {
    if (node->adjoint_node != nullptr)
      graph.release(std::exchange(node->adjoint_node, nullptr));
  }
};

template <class T>
class Sweep {
 public:
  enum class Keep { held, all };  // whose adjoints are still there at the end

  Sweep(Graph& graph, Keep keep = Keep::held) : graph_(graph), keep_(keep), walk_(graph) {
    graph.sweep.visited.clear();
  }
  Sweep(const Sweep&) = delete;
  Sweep& operator=(const Sweep&) = delete;
  ~Sweep() {
    if constexpr (std::is_same_v<T, Recorded>) {
      for (Node* node : visited()) Adjoint<T>::drop(graph_, node);
      for (Leaf* leaf : leaves()) Adjoint<T>::drop(graph_, leaf);
      while (Node* node = walk_.next()) Adjoint<T>::drop(graph_, node);
    }
  }

  // From the root to the leaves. Throws StaleValue, std::bad_alloc.
  void run(Node* root, const T& seed) {
    if (!root->has(is_leaf)) walk_.start(root);
    add(root, seed);
    while (Node* node = walk_.next()) {
      node_ = node;
      const T adjoint = Adjoint<T>::take(graph_, node);
      if (node->holder != nullptr || keep_ == Keep::all) {
        visited().push_back(node);
        Adjoint<T>::keep(graph_, node, adjoint);
      }
      pull(*this, node, adjoint);
    }
  }

  // The leaves that the root needs; their adjoints are in place.
  const std::vector<Leaf*>& leaves() const { return walk_.leaves(); }
  // The interior nodes it needs, as far as they are kept.
  std::vector<Node*>& visited() const { return graph_.sweep.visited; }

  // For the rules.
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
    if (argument->has(is_leaf) && position_of(node_) <= as_leaf(argument)->clock) [[unlikely]]
      refuse_stale(as_leaf(argument));
    return argument->has(requires_grad);
  }

  void add(Node* argument, const T& amount) {
    if (argument->has(marked)) {
      Adjoint<T>::add(graph_, argument, amount);
    } else {
      if constexpr (std::is_same_v<T, Recorded>) argument->adjoint_node = nullptr;
      walk_.reach(argument);
      Adjoint<T>::set(graph_, argument, amount);
    }
  }

 private:
  [[noreturn, gnu::cold, gnu::noinline]] void refuse_stale(const Leaf* leaf) const {
    throw StaleValue("[backward] a leaf was changed to " + text_of(leaf->primal) + " after [" +
                     std::string(name_of(node_->code)) +
                     "] had used it - the value that was used is needed. Compute the result "
                     "again, or change leaves after backward.");
  }

  Graph& graph_;
  Keep keep_;
  Walk walk_;
  Node* node_ = nullptr;  // whose adjoint is passed on
};

}  // namespace autograd
