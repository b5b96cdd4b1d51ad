// Backward on numbers: the gradients of a root, added to the leaves or returned.
//
// O(nodes the root needs and those made between them); no allocation once the lists of the sweep
// have their size. Throws NoGradient, StaleValue, NestedBackward, std::bad_alloc; every gradient is
// then as it was.
#pragma once

#include <span>
#include <vector>

#include "core/graph.hpp"

namespace autograd {

// Adds seed * d root / d leaf to the gradient of each leaf that requires one. Interior nodes that
// are held keep the adjoint of this sweep; with Retain::all, all of them do.
void backward(Graph& graph, Node* root, double seed, Retain retain = Retain::held);

// seed * d root / d input for each input, 0 where the root does not depend on it; changes no
// gradient.
std::vector<double> gradients(Graph& graph, Node* root, std::span<Node* const> inputs, double seed);

}  // namespace autograd
