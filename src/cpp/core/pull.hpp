// Pull: pass the adjoint of a node back to its arguments, by the rule of its operation.
//
// The rules are generic in T: on `double` they are the numeric backward pass, on `Recorded` the
// one whose gradients are graphs. `Sink` says what to do with a contribution:
//   sink.template value<T>(node)   the primal of an argument or of the node itself, as T
//   sink.wants(argument)           whether its adjoint is needed at all
//   sink.add(argument, amount)     add to its adjoint
#pragma once

#include <utility>

#include "core/code.hpp"
#include "core/contribution.hpp"
#include "core/reductions.hpp"

namespace autograd {

namespace detail {

template <class T, Code code, class Sink, std::size_t... I>
void pull_elementwise(Sink& sink, Node* node, const T& adjoint, std::index_sequence<I...>) {
  constexpr Form form = forms[code];
  constexpr std::size_t arity = sizeof...(I);
  const auto argument = [&](auto i) -> T {
    const Operand& given = operand<arity>(node, form.numbers, i);
    if constexpr ((form.numbers >> i & 1U) != 0) {
      return given.number;
    } else {
      return sink.value(given.node);
    }
  };
  const std::tuple arguments{argument(std::integral_constant<std::size_t, I>{})...};
  const T result = sink.value(node);
  const auto pass = [&](auto i) {
    if constexpr ((form.numbers >> i & 1U) == 0) {
      Node* target = operand<arity>(node, form.numbers, i).node;
      if (!sink.wants(target)) return;
      sink.add(target, pass_on(adjoint, std::get<i>(entry<form.index>.partials)(
                                            std::get<I>(arguments)..., result)));
    }
  };
  (pass(std::integral_constant<std::size_t, I>{}), ...);
}

template <class T, class Sink>
void pull_dot(Sink& sink, const DotView& dot, const T& adjoint) {
  Node* const* const weights = dot.weights;
  Node* const* const inputs = dot.input_nodes;
  const double* const numbers = dot.input_numbers;
  with_contributions(adjoint, [&, size = dot.size](const auto& contribution_of) {
    for (std::size_t i = 0; i < size; ++i) {
      if (inputs == nullptr) {
        if (sink.wants(weights[i])) sink.add(weights[i], contribution_of(numbers[i]));
        continue;
      }
      if (sink.wants(weights[i])) sink.add(weights[i], contribution_of(sink.value(inputs[i])));
      if (sink.wants(inputs[i])) sink.add(inputs[i], contribution_of(sink.value(weights[i])));
    }
  });
  if (dot.bias != nullptr && sink.wants(dot.bias)) sink.add(dot.bias, adjoint);
}

// The adjoint of a neuron's pre-activation.
template <class T, class Sink>
T pull_activation(Sink& sink, Long* node, const DotView& view, const T& adjoint) {
  if (view.activation == linear) return adjoint;
  const T z = sink.pre_activation(view);
  const T result = sink.value(node);
  T passed = 0.0;
  dispatch_activation(view.activation, [&](auto code) {
    constexpr std::size_t index = forms[code].index;
    if constexpr (arity_of<index> == 1) {
      passed = pass_on(adjoint, std::get<0>(entry<index>.partials)(z, result));
    } else {
      const T parameter = entry<index>.default_last;
      passed = pass_on(adjoint, std::get<0>(entry<index>.partials)(z, parameter, result));
    }
  });
  return passed;
}

template <class T, Reduction reduction, class Sink>
void pull_reduction(Sink& sink, Long* node, const T& adjoint) {
  if constexpr (reduction == Reduction::dot) {
    pull_dot(sink, view_of_dot(node), adjoint);
  } else if constexpr (reduction == Reduction::neuron) {
    const DotView view = view_of_dot(node);
    pull_dot(sink, view, pull_activation(sink, node, view, adjoint));
  } else {
    const auto share = [&]() -> T {
      if constexpr (reduction == Reduction::mean) {
        return adjoint / static_cast<double>(node->arguments);
      } else {
        return adjoint;
      }
    }();
    for (std::uint32_t i = 0; i < node->arguments; ++i) {
      Node* argument = node->operands[i].node;
      if (!sink.wants(argument)) continue;
      if constexpr (reduction == Reduction::logsumexp) {
        sink.add(argument,
                 contribution(share, T(call<"exp">(sink.value(argument) - sink.value(node)))));
      } else {
        sink.add(argument, share);
      }
    }
  }
}

}  // namespace detail

// For the elementwise operations.
template <class T, class Sink>
void pull(Sink& sink, Node* node, const T& adjoint) {
  dispatch(node->code, [&](auto code) {
    if constexpr (!is_reduction(code))
      detail::pull_elementwise<T, code>(sink, node, adjoint,
                                        std::make_index_sequence<arity_of<forms[code].index>>{});
  });
}

// For the others.
template <class T, class Sink>
void pull_reduction(Sink& sink, Node* node, const T& adjoint) {
  dispatch(node->code, [&](auto code) {
    if constexpr (is_reduction(code))
      detail::pull_reduction<T, reduction_of(code)>(sink, as_long(node), adjoint);
  });
}

}  // namespace autograd
