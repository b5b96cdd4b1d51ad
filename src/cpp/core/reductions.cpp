#include "core/reductions.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include "core/error.hpp"
#include "core/fault.hpp"
#include "core/record.hpp"

namespace autograd {

namespace {

bool any_requires_grad(std::span<Node* const> nodes) {
  return std::ranges::any_of(nodes, [](const Node* node) { return node->has(requires_grad); });
}

Operand* store_nodes(Operand* place, std::span<Node* const> nodes) {
  for (Node* node : nodes) detail::store(*place++, node);
  return place;
}

double sum_of(std::span<Node* const> values) {
  if (values.empty()) return 0.0;
  double total = values.front()->primal;
  for (const Node* value : values.subspan(1)) total += value->primal;
  return total;
}

}  // namespace

Node* append_list(Graph& graph, Reduction reduction, double result, std::span<Node* const> values) {
  if (!any_requires_grad(values) || !is_recording()) return graph.new_constant(result);
  const auto count = static_cast<std::uint32_t>(values.size());
  Long* record = graph.new_long(result, code_of(reduction), count, count);
  store_nodes(record->operands, values);
  return record;
}

Node* sum(Graph& graph, std::span<Node* const> values) {
  return append_list(graph, Reduction::sum, sum_of(values), values);
}

Node* mean(Graph& graph, std::span<Node* const> values) {
  return append_list(graph, Reduction::mean, sum_of(values) / static_cast<double>(values.size()),
                     values);
}

// Shifted by the largest term, so that no exponential overflows.
Node* logsumexp(Graph& graph, std::span<Node* const> values) {
  double largest = -infinity;
  for (const Node* value : values) largest = larger_of(largest, value->primal);
  double result = largest;
  if (std::isfinite(largest)) {
    double total = 0.0;
    for (const Node* value : values) total += exponential(value->primal - largest);
    result = largest + logarithm(total);
  }
  return append_list(graph, Reduction::logsumexp, result, values);
}

namespace {

// The last word of a dot or neuron.
struct Layout {
  std::uint32_t size;
  Activation activation;
  bool inputs_are_nodes;
  bool has_bias;
};
static_assert(sizeof(Layout) == sizeof(Operand));

void check_lengths(Reduction operation, std::size_t weights, std::size_t inputs) {
  if (weights == inputs) return;
  throw LengthError("[" + std::string(reduction_names[static_cast<std::size_t>(operation)]) + "] " +
                    std::to_string(inputs) + (inputs == 1 ? " input was" : " inputs were") +
                    " given - " + std::to_string(weights) + (weights == 1 ? " is" : " are") +
                    " needed, one for each weight. Check the length of the input.");
}

// bias + w0 * x0 + w1 * x1 + ...; without a bias there is no leading 0.0, which would turn -0.0
// into 0.0. Calls store(i) after each product: the sum waits for each addition, and what `store`
// does takes place meanwhile.
template <class Store>
double sum_of_products(std::span<Node* const> weights, const Inputs& inputs, const Node* bias,
                       const Store& store) {
  const std::size_t size = weights.size();
  const auto sum_up = [&](const auto& product) {
    std::size_t i = 0;
    double total = bias == nullptr ? 0.0 : bias->primal;
    if (bias == nullptr && size > 0) {
      total = product(0);
      store(i++);
    }
    for (; i + 2 <= size; i += 2) {  // the loop itself would be a fifth of the work
      total += product(i);
      store(i);
      total += product(i + 1);
      store(i + 1);
    }
    if (i < size) {
      total += product(i);
      store(i);
    }
    return total;
  };
  if (inputs.nodes.empty())
    return sum_up([&](std::size_t i) { return weights[i]->primal * inputs.numbers[i]; });
  return sum_up([&](std::size_t i) { return weights[i]->primal * inputs.nodes[i]->primal; });
}

double value_of_dot(std::span<Node* const> weights, const Inputs& inputs, const Node* bias) {
  return sum_of_products(weights, inputs, bias, [](std::size_t) {});
}

bool is_wanted(std::span<Node* const> weights, const Inputs& inputs, const Node* bias) {
  const bool any = any_requires_grad(weights) || any_requires_grad(inputs.nodes) ||
                   (bias != nullptr && bias->has(requires_grad));
  return any && is_recording();
}

// The record with all but the weights and inputs, which must be stored before anything can fail.
Long* new_dot(Graph& graph, Reduction reduction, std::size_t size, const Inputs& inputs, Node* bias,
              Activation activation) {
  const std::size_t nodes = size + inputs.nodes.size() + (bias != nullptr ? 1 : 0);
  const std::size_t extra = reduction == Reduction::neuron ? 2 : 1;
  Long* record = graph.new_long(0.0, code_of(reduction), static_cast<std::uint32_t>(nodes),
                                static_cast<std::uint32_t>(nodes + inputs.numbers.size() + extra));
  if (bias != nullptr) detail::store(record->operands[nodes - 1], bias);
  record->operands[record->words - 1].word = std::bit_cast<std::uint64_t>(
      Layout{static_cast<std::uint32_t>(size), activation, !inputs.nodes.empty(), bias != nullptr});
  return record;
}

void store_results(Long* record, double result, double pre_activation) {
  record->primal = result;
  if (reduction_of(record->code) == Reduction::neuron)
    record->operands[record->words - 2].number = pre_activation;
}

// Stores weights and inputs while it adds their products up.
double store_and_sum(Long* record, std::span<Node* const> weights, const Inputs& inputs,
                     const Node* bias) {
  Operand* first = record->operands;
  if (inputs.nodes.empty()) {
    Operand* second = first + record->arguments;
    return sum_of_products(weights, inputs, bias, [&](std::size_t i) {
      detail::store(first[i], weights[i]);
      detail::store(second[i], inputs.numbers[i]);
    });
  }
  Operand* second = first + weights.size();
  return sum_of_products(weights, inputs, bias, [&](std::size_t i) {
    detail::store(first[i], weights[i]);
    detail::store(second[i], inputs.nodes[i]);
  });
}

}  // namespace

Node* append_dot(Graph& graph, Reduction reduction, double result, std::span<Node* const> weights,
                 const Inputs& inputs, Node* bias, double pre_activation, Activation activation) {
  if (!is_wanted(weights, inputs, bias)) return graph.new_constant(result);
  Long* record = new_dot(graph, reduction, weights.size(), inputs, bias, activation);
  store_and_sum(record, weights, inputs, bias);
  store_results(record, result, pre_activation);
  return record;
}

DotView view_of_dot(const Long* record) {
  const auto layout = std::bit_cast<Layout>(record->operands[record->words - 1].word);
  const Operand* nodes = record->operands;
  const Operand* numbers = nodes + record->arguments;
  DotView view{};
  view.size = layout.size;
  view.weights = &nodes->node;
  view.input_nodes = layout.inputs_are_nodes ? &nodes[layout.size].node : nullptr;
  view.input_numbers = layout.inputs_are_nodes ? nullptr : &numbers->number;
  view.bias = layout.has_bias ? nodes[record->arguments - 1].node : nullptr;
  view.activation = layout.activation;
  view.pre_activation = reduction_of(record->code) == Reduction::neuron
                            ? record->operands[record->words - 2].number
                            : record->primal;
  return view;
}

Node* dot(Graph& graph, std::span<Node* const> weights, const Inputs& inputs, Node* bias) {
  check_lengths(Reduction::dot, weights.size(), inputs.size());
  if (!is_wanted(weights, inputs, bias))
    return graph.new_constant(value_of_dot(weights, inputs, bias));
  Long* record = new_dot(graph, Reduction::dot, weights.size(), inputs, bias, linear);
  record->primal = store_and_sum(record, weights, inputs, bias);
  return record;
}

namespace {

double activate(Activation activation, double z) {
  double result = z;
  dispatch_activation(activation, [&](auto code) {
    constexpr std::size_t index = forms[code].index;
    if constexpr (arity_of<index> == 1) {
      result = value_of<index>(z);
    } else {
      result = value_of<index>(z, entry<index>.defaults.back());
    }
  });
  return result;
}

}  // namespace

bool is_activation(Code code) {
  bool found = code == linear;
  dispatch_activation(code, [&found](auto) { found = true; });
  return found;
}

std::optional<Activation> activation_of(std::string_view name) {
  if (name == "linear") return linear;
  for (Code code = 0; code < form_count; ++code) {
    if (name_of(code) == name && is_activation(code)) return code;
  }
  return std::nullopt;
}

std::string known_activations() {
  std::string names = "linear";
  std::apply(
      [&](const auto&... entries) {
        ((activation_of(entries.name) ? names.append(", ").append(entries.name) : names), ...);
      },
      operations);
  return names;
}

Node* neuron(Graph& graph, std::span<Node* const> weights, const Inputs& inputs, Node* bias,
             Activation activation) {
  check_lengths(Reduction::neuron, weights.size(), inputs.size());
  if (!is_wanted(weights, inputs, bias))
    return graph.new_constant(activate(activation, value_of_dot(weights, inputs, bias)));
  Long* record = new_dot(graph, Reduction::neuron, weights.size(), inputs, bias, activation);
  const double z = store_and_sum(record, weights, inputs, bias);
  Reference owner(graph, record);  // the activation may refuse
  store_results(record, activate(activation, z), z);
  return owner.hand_over();
}

}  // namespace autograd
