// What tests build graphs with: `Handle`, a counted reference with operators, and `GraphFixture`, a
// graph that must be empty again when the test has ended. Start reading at `GraphFixture`.
#pragma once

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/backward.hpp"
#include "core/graph.hpp"
#include "core/record.hpp"

namespace autograd::test {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double smallest = std::numeric_limits<double>::denorm_min();

// Equality that tells 0.0 from -0.0, and has one nan.
inline bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

// Within `tolerance` of the larger of 1 and |expected|.
inline bool is_near(double actual, double expected, double tolerance) {
  if (same_bits(actual, expected)) return true;
  return std::isfinite(expected) &&  // everything is near infinity
         std::abs(actual - expected) <= tolerance * std::max(1.0, std::abs(expected));
}

// Within `tolerance` of |expected|.
inline bool is_relatively_near(double actual, double expected, double tolerance) {
  return actual == expected ||
         (std::isfinite(expected) && std::abs(actual - expected) <= tolerance * std::abs(expected));
}

// A counted reference to a node, as a binding would hold it, but without a Holder.
class Handle {
 public:
  // Takes over the reference that the caller has.
  Handle(Graph& graph, Node* node) : reference_(graph, node) {}
  static Handle sharing(Graph& graph, Node* node) {
    Graph::retain(node);
    return {graph, node};
  }

  Node* node() const { return reference_.get(); }
  Leaf* as_leaf() const { return autograd::as_leaf(node()); }
  Graph& graph() const { return reference_.graph(); }
  double primal() const { return node()->primal; }
  double gradient() const { return as_leaf()->gradient; }
  std::uint32_t references() const { return node()->references; }

 private:
  Reference reference_;
};

inline Node* operand_of(const Handle& value) { return value.node(); }
inline double operand_of(double number) { return number; }

inline Graph* graph_of(const Handle& value) { return &value.graph(); }
inline Graph* graph_of(double) { return nullptr; }

// An entry of the table, by name, on handles and numbers: apply<"tanh">(x).
template <Name name, class... Operands>
Handle apply(const Operands&... operands) {
  Graph* graph = nullptr;
  ((graph = graph == nullptr ? graph_of(operands) : graph), ...);
  return {*graph, record<index_of(name.view())>(*graph, operand_of(operands)...)};
}

template <class A, class B>
concept HandleAmong = std::same_as<A, Handle> || std::same_as<B, Handle>;

template <class A, class B>
  requires HandleAmong<A, B>
Handle operator+(const A& a, const B& b) {
  return apply<"add">(a, b);
}
template <class A, class B>
  requires HandleAmong<A, B>
Handle operator-(const A& a, const B& b) {
  return apply<"subtract">(a, b);
}
template <class A, class B>
  requires HandleAmong<A, B>
Handle operator*(const A& a, const B& b) {
  return apply<"multiply">(a, b);
}
template <class A, class B>
  requires HandleAmong<A, B>
Handle operator/(const A& a, const B& b) {
  return apply<"divide">(a, b);
}

inline std::vector<Node*> nodes_of(const std::vector<Handle>& values) {
  std::vector<Node*> nodes;
  nodes.reserve(values.size());
  for (const Handle& value : values) nodes.push_back(value.node());
  return nodes;
}

// What `gradients` returns of inputs that are numbers.
inline std::vector<double> numeric_gradients(Graph& graph, Node* root,
                                             std::span<Node* const> inputs, double seed) {
  std::vector<double> numbers;
  for (const Term& term : gradients(graph, root, inputs, seed)) numbers.push_back(term.number());
  return numbers;
}

// Somebody outside the graph who looks at a node, as a Python object does: the node's Holder.
class Held {
 public:
  explicit Held(Handle value) : value_(std::move(value)) { value_.node()->holder = &holder_; }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() {
    value_.graph().forget_recorded_gradient(value_.node());
    if (value_.node()->has(is_array) && holder_.gradient_array != nullptr)
      ArrayPool::release(holder_.gradient_array);
    value_.node()->holder = nullptr;
  }

  const Handle& value() const { return value_; }
  Node* node() const { return value_.node(); }
  double gradient() const { return holder_.gradient; }
  bool has_gradient_node() const { return holder_.gradient_node != nullptr; }
  Handle gradient_node() const { return Handle::sharing(value_.graph(), holder_.gradient_node); }

 private:
  Handle value_;
  Holder holder_;
};

struct LiveCounts {
  std::size_t interiors;
  std::size_t leaves;
  std::size_t bytes;
  bool operator==(const LiveCounts&) const = default;
};

inline LiveCounts live_counts(const Graph& graph) {
  return {graph.live_interiors(), graph.live_leaves(), graph.bytes_live()};
}

// A test's graph. The handles of the test are gone when it is destroyed: whatever then lives has
// leaked, and whatever is then marked would spoil the next sweep.
struct GraphFixture {
  Graph graph;

  GraphFixture() = default;
  GraphFixture(const GraphFixture&) = delete;
  GraphFixture& operator=(const GraphFixture&) = delete;
  ~GraphFixture() {
    CHECK(graph.live_interiors() == 0);
    CHECK(graph.live_leaves() == 0);
    CHECK(graph.bytes_live() == 0);
    CHECK_FALSE(graph.sweep.running);
  }

  Handle leaf(double primal) { return {graph, graph.new_leaf(primal, true)}; }
  Handle constant(double primal) { return {graph, graph.new_leaf(primal, false)}; }
  std::vector<Handle> leaves(const std::vector<double>& primals) {
    std::vector<Handle> made;
    made.reserve(primals.size());
    for (const double primal : primals) made.push_back(leaf(primal));
    return made;
  }
};

}  // namespace autograd::test

namespace doctest {

template <>
struct StringMaker<autograd::test::LiveCounts> {
  static String convert(const autograd::test::LiveCounts& counts) {
    const std::string text = std::to_string(counts.interiors) + " interior nodes, " +
                             std::to_string(counts.leaves) + " leaves, " +
                             std::to_string(counts.bytes) + " bytes";
    return text.c_str();
  }
};

}  // namespace doctest
