// A dense layer as one operation: activation(weights . inputs + bias).
//
// weights has shape (n_out, n_in), or (n_in,) for a single output; the inputs are n_in numbers, or
// an array whose last axis has that length. The bias has the shape of weights without its last
// axis.
#pragma once

#include <span>
#include <vector>

#include "core/reductions.hpp"
#include "core/structural.hpp"

namespace autograd {

struct Dense {
  Term weights;
  Term bias;
  Activation activation;
};

// The inputs are numbers, or one array, for which the activation is a node of its own: its
// derivative then has the pre-activation at hand. Throws LengthError.
Term dense(Graph& graph, std::span<const Term> inputs, const Dense& layer);

// What the adjoint of such a node passes on, where it is wanted: to the inputs, as one array (or a
// number, when there is one input and it is a number), to the weights and to the bias.
struct DenseContributions {
  Term inputs;
  Term weights;
  Term bias;
};
struct DenseWants {
  bool inputs;
  bool weights;
  bool bias;
};
DenseContributions dense_contributions(Graph& graph, Node* node, const Term& adjoint,
                                       const Term& result, std::span<const Term> arguments,
                                       const DenseWants& wants);

Term dense_tangent(Graph& graph, Node* node, const Term& result, std::span<const Term> arguments,
                   std::span<const Term> tangents);

}  // namespace autograd
