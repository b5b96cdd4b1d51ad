// The structural operations on values of the graph, recorded. Their derivatives are in
// structural_rules.hpp.
//
// What a record keeps in its words after its arguments is said beside each; shapes need no words,
// for the arrays have them.
#pragma once

#include <span>

#include "core/structure.hpp"
#include "core/term.hpp"

namespace autograd {

// Axes are a bit mask. With `keep` the result has them with length 1, else it lacks them.
Term sum(const Term& x, std::uint64_t axes, bool keep);  // axes
// x with new axes of the mask, then repeated along these and where x has length 1.
Term broadcast_to(const Term& x, const Shape& shape);  // axes of the result
// x, of one element along the axes of the mask or without them, repeated along these to the shape.
Term broadcast_along(Graph& graph, const Term& x, std::uint64_t axes, const Shape& shape);
Term reshape(const Term& x, const Shape& shape);                                // -
Term transpose(const Term& x, AxisOrder order);                                 // order
Term matmul(const Term& a, const Term& b, bool transpose_a, bool transpose_b);  // transposed
Term matmul(const Term& a, const Term& b);  // as NumPy's, with one axis too
// The same of two nodes of matrices of one type, with less on the way. A new reference.
Node* multiply_matrices(Graph& graph, Node* a, Node* b);
Term slice(const Term& x, const Slice& slice);  // 3 an axis, dropped
Term unslice(Graph& graph, const Term& x, const Slice& slice, const Shape& shape);  // the same
Term take(const Term& x, const Reference& places);                                  // -
Term scatter(const Term& x, const Reference& places, const Shape& shape);           // -
Term concatenate(std::span<const Term> terms, std::size_t axis);                    // axis
Term stack(Graph& graph, std::span<const Term> terms);
// -
Term element(const Term& x, std::size_t place);  // place
Term unslice_element(Graph& graph, const Term& x, std::size_t place, const Shape& shape);
Term cumsum(const Term& x, std::size_t axis, bool backwards);  // axis, backwards
// A tie shares the derivative among all that are largest.
Term extremum(const Term& x, std::uint64_t axes, bool keep, bool largest);  // axes
Term convert(const Term& x, Dtype dtype);                                   // -

// The sum of a result of broadcasting that has the shape, and the type, of an argument.
Term sum_to(const Term& x, const Node* argument);

// The node of an operation whose result, a number or an array, has been computed.
Term record_terms(Graph& graph, Structural operation, const Term& result,
                  std::span<const Term> arguments, std::span<const std::uint64_t> words);

// A number as an array like that of a node, where it is one; any other term as it is.
Term as_array(Graph& graph, const Term& term, const Node* like);

// A value of that many elements as a matrix; a number fills it.
Term as_matrix(Graph& graph, const Term& x, std::size_t rows, std::size_t columns);

}  // namespace autograd
