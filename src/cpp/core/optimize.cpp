#include "core/optimize.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/elementwise.hpp"
#include "core/kernels.hpp"

namespace autograd {

namespace {

constexpr std::size_t numbers_at_once = 256;  // all that a loop touches fits the first cache

constexpr double zeros[numbers_at_once] = {};

// Applies one rule to what the leaves hold, in order.
class Step {
 public:
  Step(Graph& graph, std::size_t rule_index, const void* rule, double* const* states,
       std::size_t state_count)
      : graph_(graph), loop_(kernels().update[rule_index]), rule_(rule) {
    std::copy_n(states, state_count, states_.begin());
    state_count_ = state_count;
  }

  void apply_to_array(Leaf* leaf) {
    Array& array = *leaf->array;
    const Array* gradient = leaf->gradient_array;
    for (std::size_t first = 0; first < array.size;) {
      const bool is_direct = array.dtype == Dtype::float64 && gradient != nullptr;
      const std::size_t size =
          is_direct ? array.size : std::min(numbers_at_once, array.size - first);
      if (array.dtype == Dtype::float64) {
        run(size, array.doubles() + first, is_direct ? gradient->doubles() + first : zeros);
      } else {
        kernels().to_double(size, primals_.data(), array.floats() + first);
        if (gradient != nullptr)
          kernels().to_double(size, gradients_.data(), gradient->floats() + first);
        run(size, primals_.data(), gradient == nullptr ? zeros : gradients_.data());
        kernels().to_float(size, array.floats() + first, primals_.data());
      }
      first += size;
    }
    graph_.touch(leaf);
  }

  // Numbers that lie apart, at most `numbers_at_once` of them, are brought together and back.
  template <bool has_views>
  void apply_to_numbers(std::span<Leaf* const> leaves) {
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      const Leaf* leaf = leaves[i];
      if (has_views && leaf->has(is_view)) {
        const Leaf* base = leaf->base();
        const Array* gradients = base->gradient_array;
        primals_[i] = base->array->number_at(leaf->place);
        gradients_[i] = gradients == nullptr ? 0.0 : gradients->number_at(leaf->place);
      } else {
        primals_[i] = leaf->primal;
        gradients_[i] = leaf->gradient;
      }
    }
    run(leaves.size(), primals_.data(), gradients_.data());
    const std::uint64_t now = graph_.now();
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      Leaf* leaf = leaves[i];
      if (has_views && leaf->has(is_view)) {
        graph_.set_primal(leaf, primals_[i]);
      } else {
        leaf->primal = primals_[i];
        leaf->clock = now;
      }
    }
  }

 private:
  void run(std::size_t size, double* primals, const double* gradients) {
    loop_(size, primals, gradients, states_.data(), rule_);
    for (std::size_t k = 0; k < state_count_; ++k) states_[k] += size;
  }

  Graph& graph_;
  Kernels::Update loop_;
  const void* rule_;
  std::array<double*, 3> states_{};
  std::size_t state_count_;
  alignas(64) std::array<double, numbers_at_once> primals_;
  alignas(64) std::array<double, numbers_at_once> gradients_;
};

// Calls change(numbers, how many) for each gradient that there is, of whatever type.
template <class Change>
void for_each_gradient(std::span<Leaf* const> parameters, const Change& change) {
  for (Leaf* leaf : parameters) {
    if (!leaf->has_any(is_array | is_view)) {
      change(&leaf->gradient, 1);
      continue;
    }
    const bool is_element = leaf->has(is_view);
    Array* gradient = is_element ? leaf->base()->gradient_array : leaf->gradient_array;
    if (gradient == nullptr) continue;
    const std::size_t first = is_element ? leaf->place : 0;
    const std::size_t size = is_element ? 1 : gradient->size;
    if (gradient->dtype == Dtype::float64) {
      change(gradient->doubles() + first, size);
    } else {
      change(gradient->floats() + first, size);
    }
  }
}

// Gives each its own numbers: leaves of one sum share the array of their gradient.
void make_gradients_own(Graph& graph, std::span<Leaf* const> parameters) {
  for (Leaf* leaf : parameters) {
    if (!leaf->has_any(is_array | is_view)) continue;
    Leaf* owner = owner_of(leaf);
    if (owner->gradient_array == nullptr) continue;
    ArrayReference own = ArrayReference::sharing(owner->gradient_array);
    ArrayPool::release(std::exchange(owner->gradient_array, nullptr));
    try {
      make_own(own);
    } catch (...) {
      owner->gradient_array = own.hand_over();
      throw;
    }
    owner->gradient_array = own.hand_over();
  }
  for (Leaf* leaf : parameters) graph.forget_recorded_gradient(leaf);
}

}  // namespace

Census census_of(std::span<Leaf* const> parameters) {
  unsigned any = 0;
  unsigned all = ~0U;
  for (const Leaf* leaf : parameters) {
    any |= leaf->flags;
    all &= leaf->flags;
  }
  Census census{parameters.size(), (any & (is_array | is_view)) == 0, (all & requires_grad) != 0};
  if ((any & is_view) != 0) {  // what a view knows of its base may be out of date
    census.all_require_grad = std::ranges::all_of(
        parameters, [](const Leaf* leaf) { return owner_of(leaf)->has(requires_grad); });
  }
  if ((any & is_array) != 0) {
    for (const Leaf* leaf : parameters) {
      if (leaf->has(is_array)) census.numbers += leaf->array->size - 1;
    }
  }
  return census;
}

template <class Rule>
void update(Graph& graph, std::span<Leaf* const> parameters, const Census& census, const Rule& rule,
            std::span<double* const, Rule::states> states) {
  Step step(graph, index_of_rule<Rule>(), &rule, states.data(), Rule::states);
  while (!parameters.empty()) {
    auto next = parameters.first(std::min(parameters.size(), numbers_at_once));
    if (census.are_scalars) {
      step.apply_to_numbers<false>(next);
    } else if (parameters.front()->has(is_array)) {
      next = parameters.first(1);
      step.apply_to_array(next.front());
    } else {
      const auto array =
          std::ranges::find_if(next, [](const Leaf* leaf) { return leaf->has(is_array); });
      next = {next.begin(), array};
      step.apply_to_numbers<true>(next);
    }
    parameters = parameters.subspan(next.size());
  }
}

#define AUTOGRAD_INSTANTIATE(...)                                                         \
  template void update(Graph&, std::span<Leaf* const>, const Census&, const __VA_ARGS__&, \
                       std::span<double* const, __VA_ARGS__::states>)
AUTOGRAD_INSTANTIATE(GradientDescent);
AUTOGRAD_INSTANTIATE(Momentum);
AUTOGRAD_INSTANTIATE(Adam);
AUTOGRAD_INSTANTIATE(RmsProp<false, false>);
AUTOGRAD_INSTANTIATE(RmsProp<false, true>);
AUTOGRAD_INSTANTIATE(RmsProp<true, false>);
AUTOGRAD_INSTANTIATE(RmsProp<true, true>);
AUTOGRAD_INSTANTIATE(Adagrad);
AUTOGRAD_INSTANTIATE(Lion);
#undef AUTOGRAD_INSTANTIATE

double largest_gradient(std::span<Leaf* const> parameters) {
  double largest = 0.0;
  for_each_gradient(parameters, [&](const auto* numbers, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      const double magnitude = std::abs(static_cast<double>(numbers[i]));
      if (magnitude > largest || magnitude != magnitude) largest = magnitude;
    }
  });
  return largest;
}

double norm_of_gradients(std::span<Leaf* const> parameters) {
  const double largest = largest_gradient(parameters);
  if (largest == 0.0 || !std::isfinite(largest)) return largest;
  // A power of two, so that nothing is rounded; far from it squares could overflow or vanish.
  const double unit = std::ldexp(1.0, std::ilogb(largest));
  double total = 0.0;
  for_each_gradient(parameters, [&](const auto* numbers, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
      total += detail::squared(static_cast<double>(numbers[i]) / unit);
  });
  return std::sqrt(total) * unit;
}

bool has_gradient(const Leaf* parameter) {
  Leaf* const parameters[] = {const_cast<Leaf*>(parameter)};
  return largest_gradient(parameters) != 0.0;
}

void scale_gradients(Graph& graph, std::span<Leaf* const> parameters, double factor) {
  make_gradients_own(graph, parameters);
  for_each_gradient(parameters, [&]<class T>(T* numbers, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) numbers[i] = static_cast<T>(numbers[i] * factor);
  });
}

void clip_gradients(Graph& graph, std::span<Leaf* const> parameters, double limit) {
  make_gradients_own(graph, parameters);
  for_each_gradient(parameters, [&]<class T>(T* numbers, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      const auto bound = static_cast<T>(limit);
      if (numbers[i] > bound) numbers[i] = bound;
      if (numbers[i] < -bound) numbers[i] = -bound;
    }
  });
}

}  // namespace autograd
