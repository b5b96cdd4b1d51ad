// The forward mode: tangents from the inputs to a root, by the derivatives of the same table.
//
// O(nodes the root needs). With recording on, tangents are values of the graph and can be
// differentiated again. Throws StaleValue, NestedBackward, std::bad_alloc.
#pragma once

#include <span>

#include "core/term.hpp"

namespace autograd {

// The derivative of the root in the direction in which each input has the tangent of the same
// place: of the input's shape, or a number for all of its elements. In the shape of the root, or a
// number for all of its elements (0.0 where it depends on none of them).
Term push_forward(Graph& graph, Node* root, std::span<Node* const> inputs,
                  std::span<const Term> tangents);

}  // namespace autograd
