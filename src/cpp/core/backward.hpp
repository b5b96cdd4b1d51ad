// Backward on numbers: the gradients of a root, added to the leaves or returned.
//
// O(nodes the root needs and those made between them); no allocation once the lists of the sweep
// have their size. Throws NoGradient, StaleValue, NestedBackward, std::bad_alloc; every gradient is
// then as it was.
#pragma once

#include <span>
#include <vector>

#include "core/graph.hpp"
#include "core/term.hpp"

namespace autograd {

// Adds seed * d root / d leaf to the gradient of each leaf that requires one. Interior nodes that
// are held keep the adjoint of this sweep; with Retain::all, all of them do. The seed has the shape
// of the root, or is a number for all of its elements.
void backward(Graph& graph, Node* root, const Term& seed, Retain retain = Retain::held);

// seed * d root / d input for each input, 0 where the root does not depend on it; changes no
// gradient. The results are numbers, and constant arrays in the shape of their input.
std::vector<Term> gradients(Graph& graph, Node* root, std::span<Node* const> inputs,
                            const Term& seed);

// The gradient of a leaf, or of a held interior node, for those that are arrays; null for zeros.
Array* gradient_array_of(const Node* node);

}  // namespace autograd
