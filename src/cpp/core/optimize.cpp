#include "core/optimize.hpp"

#include <cmath>

namespace autograd {

void sgd_step(Graph& graph, std::span<Leaf* const> parameters, std::span<double> velocity,
              const Sgd& settings) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Leaf* leaf = parameters[i];
    double gradient = leaf->gradient;
    if (settings.weight_decay != 0.0) gradient += settings.weight_decay * leaf->primal;
    if (settings.momentum != 0.0) {
      velocity[i] = settings.momentum * velocity[i] + gradient;
      gradient = settings.nesterov ? gradient + settings.momentum * velocity[i] : velocity[i];
    }
    graph.set_primal(leaf, leaf->primal - settings.learning_rate * gradient);
  }
}

void adam_step(Graph& graph, std::span<Leaf* const> parameters, std::span<double> mean,
               std::span<double> variance, const Adam& settings) {
  const auto step = static_cast<double>(settings.step);
  const double mean_correction = 1.0 - std::pow(settings.beta1, step);
  const double root_correction = std::sqrt(1.0 - std::pow(settings.beta2, step));
  const double rate = settings.learning_rate / mean_correction;
  const double shrink = 1.0 - settings.learning_rate * settings.weight_decay;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Leaf* leaf = parameters[i];
    double primal = leaf->primal;
    double gradient = leaf->gradient;
    if (settings.decoupled) {
      primal *= shrink;
    } else if (settings.weight_decay != 0.0) {
      gradient += settings.weight_decay * primal;
    }
    mean[i] += (1.0 - settings.beta1) * (gradient - mean[i]);
    variance[i] = settings.beta2 * variance[i] + (1.0 - settings.beta2) * gradient * gradient;
    const double spread = std::sqrt(variance[i]) / root_correction + settings.epsilon;
    graph.set_primal(leaf, primal - rate * mean[i] / spread);
  }
}

}  // namespace autograd
