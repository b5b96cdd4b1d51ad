#include "core/dense.hpp"

#include <string>

#include "core/error.hpp"
#include "core/pull_array.hpp"

namespace autograd {

namespace {

// The index of an activation in the table.
std::size_t index_of_activation(Activation activation) { return forms[activation].index; }

// activation(z), unchecked: of arrays, faults flow.
Term activated(const Term& z, Activation activation) {
  if (activation == linear) return z;
  const std::size_t index = index_of_activation(activation);
  const Term operands[] = {z, default_of(index)};
  return Term::apply(index, {operands, operation_arities[index]});
}

Term activation_contribution(const Term& z, Activation activation, const Term& adjoint,
                             const Term& result) {
  if (activation == linear) return adjoint;
  const std::size_t index = index_of_activation(activation);
  const Term operands[] = {z, default_of(index)};
  return elementwise_contribution(index, 0, adjoint, {operands, operation_arities[index]}, result);
}

// The inputs as one array.
Term joined(Graph& graph, std::span<const Term> inputs) {
  return inputs.size() == 1 && inputs[0].is_array() ? inputs[0] : stack(graph, inputs);
}

// weights . x, for x of any shape that ends in n_in.
Term product_of(const Term& weights, const Term& x) {
  if (weights.array()->rank == 1) return matmul(x, weights);
  if (x.array()->rank == 1) return matmul(weights, x);
  return matmul(x, weights, false, true);
}

void check_inputs(std::span<const Term> inputs, const Term& weights) {
  const std::size_t needed = weights.array()->lengths[weights.array()->rank - 1U];
  const bool is_array = inputs.size() == 1 && inputs[0].is_array();
  if (is_array) {
    const Array& array = *inputs[0].array();
    if (array.lengths[array.rank - 1U] == needed) return;
    throw LengthError("[layer] inputs of shape " + text_of(inputs[0].shape()) +
                      " were given - a last length of " + std::to_string(needed) +
                      " is needed, one for each weight. Check the shape of the input.");
  }
  if (inputs.size() == needed) return;
  throw LengthError("[layer] " + std::to_string(inputs.size()) +
                    (inputs.size() == 1 ? " input was" : " inputs were") + " given - " +
                    std::to_string(needed) + (needed == 1 ? " is" : " are") +
                    " needed, one for each weight. Check the length of the input.");
}

struct View {
  std::span<const Term> inputs;
  const Term& weights;
  const Term& bias;
  Activation activation;
};

View view_of(const Node* node, std::span<const Term> arguments) {
  const std::size_t inputs = arguments.size() - 2;
  const Long* record = as_long(node);
  return {arguments.first(inputs), arguments[inputs], arguments[inputs + 1],
          static_cast<Activation>(record->operands[record->arguments].word)};
}

// One node for all of a layer.
Term record_layer(Graph& graph, std::span<const Term> inputs, const Dense& layer) {
  Term result = 0.0;
  {
    const RecordingScope not_recording(false);
    result =
        activated(product_of(layer.weights, joined(graph, inputs)) + layer.bias, layer.activation);
  }
  std::vector<Term> arguments(inputs.begin(), inputs.end());
  arguments.push_back(layer.weights);
  arguments.push_back(layer.bias);
  const std::uint64_t words[] = {layer.activation};
  return record_terms(graph, Structural::layer, result, arguments, words);
}

}  // namespace

Term dense(Graph& graph, std::span<const Term> inputs, const Dense& layer) {
  check_inputs(inputs, layer.weights);
  if (layer.activation == linear || inputs.size() != 1 || !inputs[0].is_array())
    return record_layer(graph, inputs, layer);
  return activated(record_layer(graph, inputs, {layer.weights, layer.bias, linear}),
                   layer.activation);
}

DenseContributions dense_contributions(Graph& graph, Node* node, const Term& adjoint,
                                       const Term& result, std::span<const Term> arguments,
                                       const DenseWants& wants) {
  const View layer = view_of(node, arguments);
  const Term x = joined(graph, layer.inputs);
  const Term z = layer.activation == linear ? Term(0.0) : product_of(layer.weights, x) + layer.bias;
  const Term slope = activation_contribution(z, layer.activation, adjoint, result);
  const Shape shape = x.shape();
  const Shape weights = layer.weights.shape();
  const std::size_t n_in = shape[shape.rank() - 1];
  const std::size_t rows = n_in == 0 ? 0 : shape.size() / n_in;
  const std::size_t n_out = weights.rank() == 1 ? 1 : weights[0];
  // As matrices: slopes (rows, n_out), inputs (rows, n_in).
  const Term slopes = as_matrix(graph, slope, rows, n_out);
  DenseContributions amounts{0.0, 0.0, 0.0};
  if (wants.inputs)
    amounts.inputs =
        reshape(matmul(slopes, reshape(layer.weights, Shape{n_out, n_in}), false, false), shape);
  if (wants.weights)
    amounts.weights = reshape(matmul(slopes, reshape(x, Shape{rows, n_in}), true, false), weights);
  if (wants.bias) amounts.bias = reshape(sum(slopes, 1, false), layer.bias.shape());
  return amounts;
}

Term dense_tangent(Graph& graph, Node* node, const Term& result, std::span<const Term> arguments,
                   std::span<const Term> tangents) {
  const View layer = view_of(node, arguments);
  const View change = view_of(node, tangents);
  const Term x = joined(graph, layer.inputs);
  Term total = change.bias;
  bool moves = false;
  for (const Term& input : change.inputs) moves = moves || !input.is_zero();
  if (moves) total = total + product_of(layer.weights, joined(graph, change.inputs));
  if (!change.weights.is_zero()) total = total + product_of(change.weights, x);
  const Term z = product_of(layer.weights, x) + layer.bias;
  return activation_contribution(z, layer.activation, total, result);
}

}  // namespace autograd
