// The derivatives of the structural operations, each once, in terms of the operations themselves:
// run without recording they are the numeric backward pass, with recording the one whose gradients
// are graphs; and applied to tangents, the forward mode.
#pragma once

#include <span>

#include "core/structural.hpp"

namespace autograd {

// What the adjoint of a node passes to one of its arguments: an amount in the shape of the
// argument, or a number for an array filled with it.
Term structural_contribution(Graph& graph, Node* node, std::size_t argument, const Term& adjoint,
                             const Term& result, std::span<const Term> arguments);

// The same for one part of what was concatenated, which begins at `start` along the axis. Where it
// begins is for the caller to add up: there may be many.
Term part_of_concatenated(const Long* node, const Term& adjoint, const Array& part,
                          std::size_t start);
std::size_t axis_of_concatenated(const Long* node);

// The tangent of a node, from those of its arguments: 0.0 for none.
Term structural_tangent(Graph& graph, Node* node, const Term& result,
                        std::span<const Term> arguments, std::span<const Term> tangents);

// The operation with what its record keeps, on arguments like those of the record; `shape` and
// `dtype` are those of its result.
Term apply_structural(Graph& graph, Structural operation, const Operand* words,
                      std::span<const Term> arguments, const Shape& shape, Dtype dtype);

// The slice that a record over so many axes keeps.
Slice read_slice(const Operand* words, std::size_t rank);

}  // namespace autograd
