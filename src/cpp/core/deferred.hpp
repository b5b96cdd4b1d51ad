// Deferred arrays: what is to be computed is kept, and computed when somebody reads an element.
//
// Within a product of a Hessian with a vector, most of what the recorded backward pass would
// compute is never read: the derivatives of a sum or of a product with a number do not depend on
// it. An array knows its shape and type from the start, and no place of its elements until it is
// settled.
//
// Only sound while nobody can change a leaf: a Deferring lives within one call of the core.
#pragma once

#include "core/array.hpp"
#include "core/elementwise.hpp"
#include "core/graph.hpp"
#include "core/structure.hpp"

namespace autograd {

// While it lives, what is recorded in this graph is deferred where it can be. Rules that are
// written in Python are called with Deferring off.
class Deferring {
 public:
  Deferring(Graph& graph, bool on) : graph_(graph), before_(graph.defers) { graph.defers = on; }
  Deferring(const Deferring&) = delete;
  Deferring& operator=(const Deferring&) = delete;
  ~Deferring() { graph_.defers = before_; }

 private:
  Graph& graph_;
  bool before_;
};

// An entry of the table on numbers and arrays of doubles that all have one shape; null for others.
// Throws std::bad_alloc.
ArrayReference deferred_elementwise(std::size_t index, std::span<const ArrayOperand> operands);

// `unsliced` of structure.hpp.
ArrayReference deferred_unsliced(Array& array, const Slice& slice, const Shape& shape);

bool is_deferred(const Array& array);

}  // namespace autograd
