// How a sweep keeps the adjoint of a node: a number or an array, or with recording a node.
#pragma once

#include <utility>

#include "core/elementwise.hpp"
#include "core/recorded.hpp"
#include "core/structural.hpp"

namespace autograd {

// For each kind of number.
template <class T>
struct Adjoint;

// A constant array like another, of one number.
inline Reference filled(Graph& graph, double number, const Array& like) {
  return {graph, graph.new_constant(filled_like(like, number))};
}

// Every adjoint of an array is owned by its node until somebody takes it.
inline ArrayReference take_array(Node* node) {
  return ArrayReference(std::exchange(node->adjoint_array, nullptr));
}

template <>
struct Adjoint<double> {
  static void set(Graph&, Node* node, double amount) { node->adjoint = amount; }
  static void add(Graph&, Node* node, double amount) { node->adjoint += amount; }
  static double take(Graph&, Node* node) { return node->adjoint; }
  static double number(const Node* node) { return node->adjoint; }
  static void drop(Graph&, Node* node) {
    if (node->has(is_array)) take_array(node);
  }

  // Of arrays.
  static void add(Graph&, Node* node, const Term& amount) {
    ArrayReference total = take_array(node);
    if (amount.is_array()) {
      accumulate(total, converted(amount.array(), node->array->dtype).get());
    } else {
      accumulate(total, filled_like(*node->array, amount.number()).get());
    }
    node->adjoint_array = total.hand_over();
  }
  static Array* array(const Node* node) { return node->adjoint_array; }
  static void fill_out(Graph&, Node*) {}
  static Term term(Graph& graph, const Node* node) {
    if (!node->has(is_array)) return node->adjoint;
    if (node->adjoint_array == nullptr) return 0.0;
    return Reference(graph, graph.new_constant(ArrayReference::sharing(node->adjoint_array)));
  }
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
  static void drop(Graph& graph, Node* node) {
    if (node->adjoint_node != nullptr) graph.release(std::exchange(node->adjoint_node, nullptr));
  }

  // Of arrays.
  static void add(Graph& graph, Node* node, const Term& amount) {
    const Reference earlier(graph, std::exchange(node->adjoint_node, nullptr));
    const Term typed = convert(amount, node->array->dtype);
    const Term total = earlier.get() == nullptr ? typed : Term(earlier) + typed;
    node->adjoint_node = total.as_node(graph).hand_over();
    // A number that a graph depends on has to be an array for its elements to be told apart.
    if (!total.is_number()) fill_out(graph, node);
  }
  // An adjoint that is one number for all elements stays that while it can: the products of the
  // rules are then cheaper. Here it becomes an array.
  static void fill_out(Graph& graph, Node* node) {
    if (node->adjoint_node == nullptr || node->adjoint_node->has(is_array)) return;
    const Reference number(graph, std::exchange(node->adjoint_node, nullptr));
    const Term value(number);
    if (value.is_number()) {
      node->adjoint_node = filled(graph, value.number(), *node->array).hand_over();
    } else {
      node->adjoint_node = broadcast_to(value, shape_of(*node->array)).as_node(graph).hand_over();
    }
  }
  static Array* array(const Node* node) { return node->adjoint_node->array; }
  static Term term(Graph& graph, const Node* node) {
    if (node->adjoint_node == nullptr) return 0.0;
    return Reference::sharing(graph, node->adjoint_node);
  }
};

}  // namespace autograd
