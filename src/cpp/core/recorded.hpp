// Recorded: a number of the graph, on which the table's derivatives compute as on doubles, while
// each step is recorded. This is what makes a gradient a graph, and every order of it exist.
//
// It is a counted reference to a node, or a plain number when no graph depends on it. Nothing
// raises: derivatives flow through inf and nan in either sweep.
#pragma once

#include <type_traits>

#include "core/operations.hpp"
#include "core/record.hpp"

namespace autograd {

class Recorded {
 public:
  // Implicit, both: in a formula a number is a value.
  Recorded(double number) : number_(number) {}  // NOLINT(google-explicit-constructor)
  Recorded(Reference node)                      // NOLINT(google-explicit-constructor)
      : number_(node.get()->primal), node_(std::move(node)) {
    if (!node_.get()->has(requires_grad)) node_ = Reference();
  }

  double primal() const { return number_; }
  Node* node() const { return node_.get(); }  // null for a number
  Graph& graph() const { return node_.graph(); }
  bool is_number() const { return node_.get() == nullptr; }

  // An entry of the table.
  template <std::size_t Index, std::same_as<Recorded>... Arguments>
  static Recorded apply(const Arguments&... arguments);

  // The value as a node with a reference of its own.
  Reference as_node(Graph& graph) const {
    return is_number() ? Reference(graph, graph.new_constant(number_)) : node_;
  }

 private:
  double number_;
  Reference node_;
};

inline double primal_of(const Recorded& value) { return value.primal(); }

namespace detail {

inline Argument argument_of(const Recorded& value) { return {value.node(), value.primal()}; }

inline Graph* graph_of(const Recorded& value) {
  return value.is_number() ? nullptr : &value.graph();
}

}  // namespace detail

template <std::size_t Index, std::same_as<Recorded>... Arguments>
Recorded Recorded::apply(const Arguments&... arguments) {
  Graph* graph = nullptr;
  ((graph = graph == nullptr ? detail::graph_of(arguments) : graph), ...);
  return resolve(
      [graph](auto... operands) -> Recorded {
        if constexpr ((std::same_as<decltype(operands), double> && ...)) {
          return entry<Index>.value(operands...);
        } else {
          return Reference(*graph, record_unchecked<Index>(*graph, operands...));
        }
      },
      std::tuple<>(), detail::argument_of(arguments)...);
}

inline Recorded operator+(const Recorded& a, const Recorded& b) { return call<"add">(a, b); }
inline Recorded operator-(const Recorded& a, const Recorded& b) { return call<"subtract">(a, b); }
inline Recorded operator*(const Recorded& a, const Recorded& b) { return call<"multiply">(a, b); }
inline Recorded operator/(const Recorded& a, const Recorded& b) { return call<"divide">(a, b); }
inline Recorded operator-(const Recorded& a) { return call<"negative">(a); }

// Comparisons choose; no derivative passes through them.
inline bool operator==(const Recorded& a, const Recorded& b) { return a.primal() == b.primal(); }
inline bool operator!=(const Recorded& a, const Recorded& b) { return a.primal() != b.primal(); }
inline bool operator<(const Recorded& a, const Recorded& b) { return a.primal() < b.primal(); }
inline bool operator<=(const Recorded& a, const Recorded& b) { return a.primal() <= b.primal(); }
inline bool operator>(const Recorded& a, const Recorded& b) { return a.primal() > b.primal(); }
inline bool operator>=(const Recorded& a, const Recorded& b) { return a.primal() >= b.primal(); }

}  // namespace autograd
