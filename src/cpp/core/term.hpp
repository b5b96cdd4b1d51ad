// Term: a value of the graph of any shape, or a plain number, on which the table's derivatives and
// the rules of structural operations compute. What it computes is recorded where recording is on,
// so one rule serves the numeric backward pass, the one that records, and the forward mode.
//
// Recorded (recorded.hpp) is the same for numbers alone, and faster. Nothing raises but for memory:
// derivatives flow through inf and nan.
#pragma once

#include "core/elementwise.hpp"
#include "core/graph.hpp"
#include "core/operations.hpp"
#include "core/record.hpp"

namespace autograd {

class Term {
 public:
  // Implicit, both: in a formula a number is a value.
  Term(double number) : number_(number) {}  // NOLINT(google-explicit-constructor)
  Term(Reference node)                      // NOLINT(google-explicit-constructor)
      : number_(0.0), node_(std::move(node)) {
    if (is_array()) return;
    number_ = node_.get()->primal;
    if (!node_.get()->has(requires_grad)) node_ = Reference();
  }

  bool is_array() const { return node_.get() != nullptr && node_.get()->has(autograd::is_array); }
  bool is_number() const { return node_.get() == nullptr; }  // on which nothing depends
  bool is_zero() const { return is_number() && number_ == 0.0; }
  double number() const { return number_; }            // not of an array
  Node* node() const { return node_.get(); }           // null for a number
  Array* array() const { return node_.get()->array; }  // of an array
  Shape shape() const { return is_array() ? shape_of(*array()) : Shape(); }
  Graph* graph() const { return is_number() ? nullptr : &node_.graph(); }

  // The value as a node with a reference of its own.
  Reference as_node(Graph& graph) const {
    return is_number() ? Reference(graph, graph.new_constant(number_)) : node_;
  }

  // An entry of the table.
  template <std::size_t Index, std::same_as<Term>... Terms>
  static Term apply(const Terms&... terms) {
    const Term given[] = {terms...};
    return apply(Index, given);
  }
  static Term apply(std::size_t index, std::span<const Term> terms);

 private:
  double number_;
  Reference node_;
};

inline ArrayOperand operand_of(const Term& term) {
  if (term.is_array()) return {term.array(), 0.0};
  return {nullptr, term.number()};
}

inline Term operator+(const Term& a, const Term& b) { return call<"add">(a, b); }
inline Term operator-(const Term& a, const Term& b) { return call<"subtract">(a, b); }
inline Term operator*(const Term& a, const Term& b) { return call<"multiply">(a, b); }
inline Term operator/(const Term& a, const Term& b) { return call<"divide">(a, b); }
inline Term operator-(const Term& a) { return call<"negative">(a); }

// Where a comparison holds: 1.0 and 0.0, as a number or as a constant array. No derivative passes.
struct Choice {
  Term holds;

  bool is_single() const { return !holds.is_array(); }
};

enum class Comparison { equal, not_equal, less, less_equal, greater, greater_equal };
Choice compare(Comparison comparison, const Term& a, const Term& b);

inline Choice operator==(const Term& a, const Term& b) { return compare(Comparison::equal, a, b); }
inline Choice operator!=(const Term& a, const Term& b) {
  return compare(Comparison::not_equal, a, b);
}
inline Choice operator<(const Term& a, const Term& b) { return compare(Comparison::less, a, b); }
inline Choice operator<=(const Term& a, const Term& b) {
  return compare(Comparison::less_equal, a, b);
}
inline Choice operator>(const Term& a, const Term& b) { return compare(Comparison::greater, a, b); }
inline Choice operator>=(const Term& a, const Term& b) {
  return compare(Comparison::greater_equal, a, b);
}
Choice operator&(const Choice& a, const Choice& b);
Choice operator|(const Choice& a, const Choice& b);

template <class A, class B>
Term select(const Choice& choice, const A& a, const B& b) {
  if (choice.is_single()) return choice.holds.number() != 0.0 ? Term(a) : Term(b);
  return call<"where">(choice.holds, Term(a), Term(b));
}

template <class T>
struct WhenTerm {
  Choice choice;
  T partial;
};

template <class T>
WhenTerm<T> when(const Choice& choice, const T& partial) {
  return {choice, partial};
}

// As in contribution.hpp.
Term contribution(const Term& adjoint, const Term& partial);

template <class Partial>
Term contribution(const Term& adjoint, const WhenTerm<Partial>& when) {
  if (when.choice.is_single()) {
    return when.choice.holds.number() != 0.0 ? contribution(adjoint, Term(when.partial))
                                             : Term(0.0);
  }
  return call<"where">(when.choice.holds, contribution(adjoint, Term(when.partial)), Term(0.0));
}

}  // namespace autograd
