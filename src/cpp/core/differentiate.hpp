// Backward that records: the gradients are values of the graph, and can be differentiated again.
// The same rules as backward.hpp, on recorded values instead of numbers; the same errors.
#pragma once

#include <span>
#include <vector>

#include "core/backward.hpp"
#include "core/term.hpp"

namespace autograd {

// As `backward`; the gradient of each leaf and interior node that is held becomes a node. What
// Retain::all keeps of the others is their number.
void differentiate(Graph& graph, Node* root, const Term& seed, Retain retain = Retain::held);

// As `gradients`, with the results as nodes.
std::vector<Reference> recorded_gradients(Graph& graph, Node* root, std::span<Node* const> inputs,
                                          const Term& seed);

// The Hessian of root with respect to `inputs`, times a vector that has a direction for each: an
// array of its shape, or a number for all its elements. Results and errors as of `gradients`.
std::vector<Term> hessian_product(Graph& graph, Node* root, std::span<Node* const> inputs,
                                  std::span<const Term> directions);

}  // namespace autograd
