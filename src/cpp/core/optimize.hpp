// The updates of gradient descent, over a list of leaves, scalars, arrays and elements of arrays:
// one loop each, no allocation.
//
// The formulas are PyTorch's: SGD as in torch.optim.SGD (dampening 0), Adam as in Kingma and Ba,
// arXiv:1412.6980, algorithm 1, AdamW as in Loshchilov and Hutter, arXiv:1711.05101, algorithm 2.
#pragma once

#include <cstdint>
#include <span>

#include "core/graph.hpp"

namespace autograd {

struct Sgd {
  double learning_rate;
  double momentum;
  bool nesterov;
  double weight_decay;
};

// How many numbers the leaves hold.
std::size_t size_of(std::span<Leaf* const> parameters);

// `velocity` has one number for each of theirs; it is 0 before the first step.
void sgd_step(Graph& graph, std::span<Leaf* const> parameters, std::span<double> velocity,
              const Sgd& settings);

struct Adam {
  std::uint64_t step;  // 1 at the first
  double learning_rate;
  double beta1;
  double beta2;
  double epsilon;
  double weight_decay;
  bool decoupled;  // AdamW: the decay acts on the parameter, not on the gradient
};

// `mean` and `variance` have one number for each of theirs; they are 0 before the first step.
void adam_step(Graph& graph, std::span<Leaf* const> parameters, std::span<double> mean,
               std::span<double> variance, const Adam& settings);

}  // namespace autograd
