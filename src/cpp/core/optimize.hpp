// The updates of gradient descent, over a list of leaves, scalars, arrays and elements of arrays.
// The rules are in update_rules.hpp. Nothing is allocated.
#pragma once

#include <span>

#include "core/graph.hpp"
#include "core/update_rules.hpp"

namespace autograd {

// What leaves have in common. O(leaves): an update looks at each of them once before the first is
// changed, and goes by this then.
struct Census {
  std::size_t numbers;  // that they hold
  bool are_scalars;     // and none of them is an element of an array
  bool all_require_grad;
};
Census census_of(std::span<Leaf* const> parameters);

// One step of a rule of UpdateRules. Each of `states` has one number for each of the parameters',
// in their order. No gradient counts as zeros.
template <class Rule>
void update(Graph& graph, std::span<Leaf* const> parameters, const Census& census, const Rule& rule,
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
