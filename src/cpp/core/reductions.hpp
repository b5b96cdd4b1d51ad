// Operations over lists of values: one long node instead of a chain of short ones. Sums run from
// left to right, so their bits do not depend on how the list was made.
//
// What the records keep after the header (see Long in node.hpp):
//   sum, mean, logsumexp   the arguments
//   dot     words = nodes, then numbers: weights, inputs if they are nodes, bias if there is one,
//           then inputs if they are numbers, then one word of Layout
//   neuron  the same, and before the Layout the pre-activation
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/code.hpp"
#include "core/graph.hpp"

namespace autograd {

// A new reference to the result of each; the arguments stay the caller's.
Node* sum(Graph& graph, std::span<Node* const> values);
Node* mean(Graph& graph, std::span<Node* const> values);       // values is not empty
Node* logsumexp(Graph& graph, std::span<Node* const> values);  // values is not empty

// The inputs of a dot: all nodes or all numbers.
struct Inputs {
  std::span<Node* const> nodes;
  std::span<const double> numbers;

  std::size_t size() const { return nodes.empty() ? numbers.size() : nodes.size(); }
};

// bias + w0 * x0 + w1 * x1 + ...; `bias` may be null. Throws LengthError.
Node* dot(Graph& graph, std::span<Node* const> weights, const Inputs& inputs, Node* bias);

// A function of one argument that can be fused to a dot, by its code: a unary entry, or a binary
// one with its default number (leaky_relu, elu), or the identity.
using Activation = Code;
inline constexpr Activation linear = 0xFFFF;

std::optional<Activation> activation_of(std::string_view name);
bool is_activation(Code code);
// "linear" and every other name that activation_of knows, separated by ", ".
std::string known_activations();

// Calls visitor(integral_constant<Code, activation>) for any but `linear`.
template <class Visitor>
void dispatch_activation(Activation activation, Visitor&& visitor);

// activation(dot(weights, inputs, bias)) as one node. Throws LengthError, DomainError, RangeError.
Node* neuron(Graph& graph, std::span<Node* const> weights, const Inputs& inputs, Node* bias,
             Activation activation);

// The nodes of results that have been computed, as `append` in record.hpp.
Node* append_list(Graph& graph, Reduction reduction, double result, std::span<Node* const> values);
Node* append_dot(Graph& graph, Reduction reduction, double result, std::span<Node* const> weights,
                 const Inputs& inputs, Node* bias, double pre_activation, Activation activation);

// How the words of a dot or neuron are laid out.
struct DotView {
  Node* const* weights;
  Node* const* input_nodes;     // null when the inputs are numbers
  const double* input_numbers;  // null when they are nodes
  std::size_t size;
  Node* bias;  // or null
  // Of a neuron:
  double pre_activation;
  Activation activation;
};
DotView view_of_dot(const Long* record);

namespace detail {

// Whether the entry is a function of one argument, given its default number if it has one.
template <std::size_t Index>
constexpr bool can_activate =
    arity_of<Index> == 1 || (arity_of<Index> == 2 && has_default<Index>(1));

constexpr bool can_activate_in(Form form, auto code) {
  return can_activate<forms[code].index> &&
         form.numbers == (arity_of<forms[code].index> == 1 ? 0 : 2);
}

}  // namespace detail

template <class Visitor>
void dispatch_activation(Activation activation, Visitor&& visitor) {
  dispatch(activation, [&](auto code) {
    if constexpr (!is_reduction(code)) {
      if constexpr (detail::can_activate_in(forms[code], code)) visitor(code);
    }
  });
}

}  // namespace autograd
