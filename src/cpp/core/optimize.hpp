// The updates of gradient descent, over a list of leaves, scalars, arrays and elements of arrays.
// The rules are in update_rules.hpp. Nothing is allocated.
#pragma once

#include <span>

#include "core/graph.hpp"
#include "core/update_rules.hpp"

namespace autograd {

// How many numbers the leaves hold.
std::size_t size_of(std::span<Leaf* const> parameters);

// One step of a rule of UpdateRules. Each of `states` has one number for each of the parameters',
// in their order. No gradient counts as zeros.
template <class Rule>
void update(Graph& graph, std::span<Leaf* const> parameters, const Rule& rule,
            std::span<double* const, Rule::states> states);

// The gradients of the leaves, as one long vector.
double largest_gradient(
    std::span<Leaf* const> parameters);  // the maximum norm; nan if there is one
// The Euclidean norm, also where squares would overflow; nan if a gradient is.
double norm_of_gradients(std::span<Leaf* const> parameters);
bool has_gradient(const Leaf* parameter);  // one that is not zero
// Each gradient times `factor`. Throws std::bad_alloc, having changed nothing that can be seen.
void scale_gradients(Graph& graph, std::span<Leaf* const> parameters, double factor);
// Each gradient moved into [-limit, limit].
void clip_gradients(Graph& graph, std::span<Leaf* const> parameters, double limit);

}  // namespace autograd
