// Pull: pass the adjoint of a node back to its arguments, by the rule of its operation.
//
// The rules are generic in T: on `double` they are the numeric backward pass, on `Recorded` the
// one whose gradients are graphs. `Sink` says what to do with a contribution:
//   sink.value(node)                  the primal of an argument or of the node itself, as T
//   sink.is_current<usual>(argument)  whether it is what the node was computed from; true, false
//                                     where that takes a closer look, or throws StaleValue
//   sink.wants_number(argument)       whether the adjoint of a scalar is needed at all
//   sink.add<usual>(argument, amount) add to its adjoint
//   sink.pass(argument, amount)       all of these, with the closer look, where amount() is wanted
#pragma once

#include <utility>

#include "core/code.hpp"
#include "core/contribution.hpp"
#include "core/reductions.hpp"

namespace autograd {

// What an argument mostly is, for which the way should be straight: a leaf or what has been reached
// already, as the factors of a product, or a result with one user, as what is added up.
enum class Usual { shared, single };

namespace detail {

template <std::size_t Index, std::size_t Argument>
inline constexpr Usual usual =
    partial_kinds[Index][Argument] == PartialKind::one ? Usual::single : Usual::shared;

template <class T, Code code, class Sink, std::size_t... I>
bool pull_elementwise(Sink& sink, Node* node, const T& adjoint, std::index_sequence<I...>) {
  constexpr Form form = forms[code];
  constexpr std::size_t arity = sizeof...(I);
  const auto is_current = [&](auto i) {
    if constexpr ((form.numbers >> i & 1U) != 0) {
      return true;
    } else {
      return sink.template is_current<usual<form.index, i>>(
          operand<arity>(node, form.numbers, i).node);
    }
  };
  if (!(is_current(std::integral_constant<std::size_t, I>{}) && ...)) [[unlikely]]
    return false;
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
      if (!sink.wants_number(target)) return;
      sink.template add<usual<form.index, i>>(
          target, pass_on_nonzero(adjoint, std::get<i>(entry<form.index>.partials)(
                                               std::get<I>(arguments)..., result)));
    }
  };
  (pass(std::integral_constant<std::size_t, I>{}), ...);
  return true;
}

template <class T, class Sink>
void pull_dot(Sink& sink, const DotView& dot, const T& adjoint) {
  Node* const* const weights = dot.weights;
  Node* const* const inputs = dot.input_nodes;
  const double* const numbers = dot.input_numbers;
  with_contributions(adjoint, [&, size = dot.size](const auto& contribution_of) {
    if (inputs == nullptr) {
      for (std::size_t i = 0; i < size; ++i)
        sink.pass(weights[i], [&] { return contribution_of(numbers[i]); });
      return;
    }
    for (std::size_t i = 0; i < size; ++i) {
      Node* weight = weights[i];
      Node* input = inputs[i];
      sink.pass(weight, [&] { return contribution_of(sink.value(input)); });
      sink.pass(input, [&] { return contribution_of(sink.value(weight)); });
    }
  });
  if (dot.bias != nullptr) sink.pass(dot.bias, [&]() -> const T& { return adjoint; });
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
      const T parameter = entry<index>.defaults.back();
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
      sink.pass(argument, [&]() -> T {
        if constexpr (reduction == Reduction::logsumexp) {
          return contribution(share, T(call<"exp">(sink.value(argument) - sink.value(node))));
        } else {
          return T(share);
        }
      });
    }
  }
}

}  // namespace detail

// For the elementwise operations. An adjoint that is a number must not be zero. False, and nothing
// has happened, where an argument is not surely current.
template <class T, class Sink>
bool pull(Sink& sink, Node* node, Code code, const T& adjoint) {
  bool done = true;
  dispatch_elementwise(code, [&](auto constant) {
    done = detail::pull_elementwise<T, constant>(
        sink, node, adjoint, std::make_index_sequence<arity_of<forms[constant].index>>{});
  });
  return done;
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
