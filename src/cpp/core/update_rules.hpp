// The rules of gradient descent: what becomes of one number, from its gradient and the state that
// is kept for it. optimize.hpp applies them to leaves, kernels_body.hpp has the loops.
//
// A rule has as many numbers of state as its last parameters; they are 0 before the first step,
// unless it says otherwise. `weight_decay` adds the gradient of weight_decay / 2 * primal^2 where
// it is not decoupled, and shrinks the primal by rate * weight_decay where it is.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>

namespace autograd {

namespace detail {

inline double with_decay(double gradient, double weight_decay, double primal) {
  return weight_decay == 0.0 ? gradient : gradient + weight_decay * primal;
}

inline double squared(double x) { return x * x; }

}  // namespace detail

struct GradientDescent {
  double rate;
  double weight_decay;

  static constexpr std::size_t states = 0;
  double operator()(double primal, double gradient) const {
    return primal - rate * detail::with_decay(gradient, weight_decay, primal);
  }
};

// torch.optim.SGD with dampening 0.
struct Momentum {
  double rate;
  double weight_decay;
  double momentum;
  bool nesterov;

  static constexpr std::size_t states = 1;
  double operator()(double primal, double gradient, double& velocity) const {
    gradient = detail::with_decay(gradient, weight_decay, primal);
    velocity = momentum * velocity + gradient;
    return primal - rate * (nesterov ? gradient + momentum * velocity : velocity);
  }
};

// Adam: D. P. Kingma, J. Ba, arXiv:1412.6980, algorithm 1. AdamW, where the decay is decoupled:
// I. Loshchilov, F. Hutter, arXiv:1711.05101, algorithm 2.
struct Adam {
  Adam(std::uint64_t step, double rate_, double beta1_, double beta2_, double epsilon_,
       double weight_decay_, bool decoupled)
      : rate(rate_ / (1.0 - std::pow(beta1_, static_cast<double>(step)))),
        beta1(beta1_),
        beta2(beta2_),
        root_scale(1.0 / std::sqrt(1.0 - std::pow(beta2_, static_cast<double>(step)))),
        epsilon(epsilon_),
        weight_decay(decoupled ? 0.0 : weight_decay_),
        shrinkage(decoupled ? 1.0 - rate_ * weight_decay_ : 1.0) {}

  double rate;  // with the correction for the bias of the mean
  double beta1;
  double beta2;
  double root_scale;  // the correction for the bias of the square
  double epsilon;
  double weight_decay;
  double shrinkage;

  static constexpr std::size_t states = 2;
  double operator()(double primal, double gradient, double& mean, double& square) const {
    gradient = detail::with_decay(gradient, weight_decay, primal);
    mean += (1.0 - beta1) * (gradient - mean);
    square = beta2 * square + (1.0 - beta2) * detail::squared(gradient);
    return primal * shrinkage - rate * mean / (std::sqrt(square) * root_scale + epsilon);
  }
};

// T. Tieleman, G. Hinton, Lecture 6.5 of Neural networks for machine learning, 2012; centered: A.
// Graves, arXiv:1308.0850, equations 38 to 45. The formulas of torch.optim.RMSprop.
template <bool is_centered, bool has_momentum>
struct RmsProp {
  double rate;
  double weight_decay;
  double smoothing;
  double epsilon;
  double momentum;

  static constexpr std::size_t states = 1 + is_centered + has_momentum;
  template <class... Rest>  // the mean if it is centered, then the velocity if it has momentum
  double operator()(double primal, double gradient, double& square, Rest&... rest) const {
    const auto state = std::tie(rest...);
    gradient = detail::with_decay(gradient, weight_decay, primal);
    square = smoothing * square + (1.0 - smoothing) * detail::squared(gradient);
    const auto spread = [&] {
      if constexpr (is_centered) {
        double& mean = std::get<0>(state);
        mean += (1.0 - smoothing) * (gradient - mean);
        const double variance = square - detail::squared(mean);
        return variance > 0.0 ? variance : 0.0;  // below zero only by rounding
      } else {
        return square;
      }
    };
    const double change = gradient / (std::sqrt(spread()) + epsilon);
    if constexpr (has_momentum) {
      double& velocity = std::get<is_centered ? 1 : 0>(state);
      velocity = momentum * velocity + change;
      return primal - rate * velocity;
    } else {
      return primal - rate * change;
    }
  }
};

// J. Duchi, E. Hazan, Y. Singer, JMLR 12, 2011. The sum of squares may begin above 0.
struct Adagrad {
  double rate;
  double weight_decay;
  double epsilon;

  static constexpr std::size_t states = 1;
  double operator()(double primal, double gradient, double& sum) const {
    gradient = detail::with_decay(gradient, weight_decay, primal);
    sum += detail::squared(gradient);
    return primal - rate * gradient / (std::sqrt(sum) + epsilon);
  }
};

// X. Chen et al., Symbolic discovery of optimization algorithms, arXiv:2302.06675, algorithm 2: a
// step of the size of the rate, in the direction of the sign. The decay is decoupled.
struct Lion {
  double rate;
  double weight_decay;
  double beta1;
  double beta2;

  static constexpr std::size_t states = 1;
  double operator()(double primal, double gradient, double& mean) const {
    const double direction = beta1 * mean + (1.0 - beta1) * gradient;
    mean = beta2 * mean + (1.0 - beta2) * gradient;
    const double up = direction > 0.0 ? 1.0 : 0.0;
    const double down = direction < 0.0 ? 1.0 : 0.0;  // nan gives no step, and stays in the mean
    return primal * (1.0 - rate * weight_decay) - rate * (up - down);
  }
};

using UpdateRules =
    std::tuple<GradientDescent, Momentum, Adam, RmsProp<false, false>, RmsProp<false, true>,
               RmsProp<true, false>, RmsProp<true, true>, Adagrad, Lion>;
inline constexpr std::size_t update_rule_count = std::tuple_size_v<UpdateRules>;

template <class Rule, std::size_t Index = 0>
constexpr std::size_t index_of_rule() {
  if constexpr (std::is_same_v<Rule, std::tuple_element_t<Index, UpdateRules>>) {
    return Index;
  } else {
    return index_of_rule<Rule, Index + 1>();
  }
}

}  // namespace autograd
