#include "core/optimize.hpp"

#include <cmath>

namespace autograd {

namespace {

// The numbers of a leaf, and their gradients; null for zeros.
template <class T>
struct Block {
  T* data;
  const T* gradient;
  std::size_t size;
};

template <class T>
Block<T> block_of(Array* array, const Array* gradient, std::size_t first, std::size_t size) {
  const T* slopes = gradient == nullptr ? nullptr : static_cast<const T*>(gradient->data) + first;
  return {static_cast<T*>(array->data) + first, slopes, size};
}

// Calls update(block, place of its first number among all) for each leaf.
template <class Update>
void for_each_block(Graph& graph, std::span<Leaf* const> parameters, const Update& update) {
  std::size_t place = 0;
  const auto update_part = [&](Leaf* leaf, std::size_t first, std::size_t size) {
    if (leaf->array->dtype == Dtype::float64) {
      update(block_of<double>(leaf->array, leaf->gradient_array, first, size), place);
    } else {
      update(block_of<float>(leaf->array, leaf->gradient_array, first, size), place);
    }
    graph.touch(leaf);
    place += size;
  };
  for (Leaf* leaf : parameters) {
    if (!leaf->has_any(is_array | is_view)) [[likely]] {
      update(Block<double>{&leaf->primal, &leaf->gradient, 1}, place++);
      graph.touch(leaf);
    } else if (leaf->has(is_array)) {
      update_part(leaf, 0, leaf->array->size);
    } else {
      update_part(leaf->base(), leaf->place, 1);
    }
  }
}

}  // namespace

std::size_t size_of(std::span<Leaf* const> parameters) {
  std::size_t size = 0;
  for (const Leaf* leaf : parameters) size += leaf->has(is_array) ? leaf->array->size : 1;
  return size;
}

void sgd_step(Graph& graph, std::span<Leaf* const> parameters, std::span<double> velocity,
              const Sgd& settings) {
  const bool has_momentum = settings.momentum != 0.0;
  for_each_block(graph, parameters, [&]<class T>(const Block<T>& block, std::size_t place) {
    if (!has_momentum && settings.weight_decay == 0.0) {
      if (block.gradient == nullptr) return;
      for (std::size_t i = 0; i < block.size; ++i)
        block.data[i] = static_cast<T>(block.data[i] - settings.learning_rate * block.gradient[i]);
      return;
    }
    for (std::size_t i = 0; i < block.size; ++i) {
      double gradient = block.gradient == nullptr ? 0.0 : block.gradient[i];
      if (settings.weight_decay != 0.0) gradient += settings.weight_decay * block.data[i];
      if (has_momentum) {
        double& speed = velocity[place + i];
        speed = settings.momentum * speed + gradient;
        gradient = settings.nesterov ? gradient + settings.momentum * speed : speed;
      }
      block.data[i] = static_cast<T>(block.data[i] - settings.learning_rate * gradient);
    }
  });
}

void adam_step(Graph& graph, std::span<Leaf* const> parameters, std::span<double> mean,
               std::span<double> variance, const Adam& settings) {
  const auto step = static_cast<double>(settings.step);
  const double mean_correction = 1.0 - std::pow(settings.beta1, step);
  const double root_correction = std::sqrt(1.0 - std::pow(settings.beta2, step));
  const double rate = settings.learning_rate / mean_correction;
  const double shrink = 1.0 - settings.learning_rate * settings.weight_decay;
  for_each_block(graph, parameters, [&]<class T>(const Block<T>& block, std::size_t place) {
    for (std::size_t i = 0; i < block.size; ++i) {
      double primal = block.data[i];
      double gradient = block.gradient == nullptr ? 0.0 : block.gradient[i];
      if (settings.decoupled) {
        primal *= shrink;
      } else if (settings.weight_decay != 0.0) {
        gradient += settings.weight_decay * primal;
      }
      double& average = mean[place + i];
      double& square = variance[place + i];
      average += (1.0 - settings.beta1) * (gradient - average);
      square = settings.beta2 * square + (1.0 - settings.beta2) * gradient * gradient;
      const double spread = std::sqrt(square) / root_correction + settings.epsilon;
      block.data[i] = static_cast<T>(primal - rate * average / spread);
    }
  });
}

}  // namespace autograd
