#include "core/forward.hpp"

#include <unordered_map>
#include <vector>

#include "core/custom.hpp"
#include "core/dense.hpp"
#include "core/pull_array.hpp"
#include "core/stale.hpp"
#include "core/structural_rules.hpp"
#include "core/topological_order.hpp"

namespace autograd {

namespace {

class Forward {
 public:
  explicit Forward(Graph& graph) : graph_(graph) {}

  void set(const Node* node, const Term& tangent) {
    if (!tangent.is_zero()) tangents_.insert_or_assign(node, tangent);
  }

  bool has(const Node* node) const { return tangents_.contains(node); }

  Term tangent(const Node* node) const {
    if (!node->has(is_view) || has(node)) return kept(node);
    const Term whole = kept(as_leaf(node)->base());
    return whole.is_array() ? element(whole, as_leaf(node)->place) : whole;
  }

  // The tangent of an interior node from those of its arguments.
  Term push(Node* node) const {
    if (is_reduction(node->code) && !is_of_arrays(node->code)) return push_list(as_long(node));
    if (is_structural(node->code)) return push_structural(as_long(node));
    return push_elementwise(node);
  }

 private:
  Term kept(const Node* node) const {
    const auto found = tangents_.find(node);
    return found == tangents_.end() ? Term(0.0) : found->second;
  }

  Term value(Node* node) const { return Reference::sharing(graph_, node); }

  Term push_elementwise(Node* node) const {
    const Form form = form_of(node->code);
    const std::size_t arity = operation_arities[form.index];
    std::vector<Term> arguments;
    std::vector<Term> changes;
    bool moves = false;
    for (std::size_t i = 0; i < arity; ++i) {
      const Operand& given = operand(node, form.numbers, arity, i);
      const bool is_number = (form.numbers >> i & 1U) != 0;
      arguments.push_back(is_number ? Term(given.number) : value(given.node));
      changes.push_back(is_number ? Term(0.0) : tangent(given.node));
      moves = moves || !changes.back().is_zero();
    }
    Term total = 0.0;
    if (!moves) return total;
    const Term result = value(node);
    for (std::size_t i = 0; i < arity; ++i) {
      if (changes[i].is_zero()) continue;
      const Term amount = elementwise_contribution(form.index, i, changes[i], arguments, result);
      total = total.is_zero() ? amount : total + amount;
    }
    // What a smaller operand changes by, a scalar among them, is a change of the result. A plain
    // number stands for all elements.
    return node->has(is_array) && !total.is_number() ? broadcast_to(total, shape_of(*node->array))
                                                     : total;
  }

  Term push_structural(Long* node) const {
    std::vector<Term> arguments;
    std::vector<Term> changes;
    bool moves = false;
    for (std::uint32_t i = 0; i < node->arguments; ++i) {
      arguments.push_back(value(node->operands[i].node));
      changes.push_back(tangent(node->operands[i].node));
      moves = moves || !changes.back().is_zero();
    }
    if (!moves) return 0.0;
    const Structural operation = structural_of(node->code);
    // These compute with arrays of the shapes of their arguments; zero they ask for themselves.
    if (operation == Structural::layer || operation == Structural::custom) {
      for (std::uint32_t i = 0; i < node->arguments; ++i) {
        if (!changes[i].is_zero())
          changes[i] = as_array(graph_, changes[i], node->operands[i].node);
      }
    }
    if (operation == Structural::layer)
      return dense_tangent(graph_, node, value(node), arguments, changes);
    if (operation == Structural::custom)
      return custom_tangent(graph_, node, value(node), arguments, changes);
    return structural_tangent(graph_, node, value(node), arguments, changes);
  }

  Term push_list(Long* node) const {
    const Reduction reduction = reduction_of(node->code);
    if (reduction == Reduction::dot || reduction == Reduction::neuron) return push_dot(node);
    Term total = 0.0;
    for (std::uint32_t i = 0; i < node->arguments; ++i) {
      Node* argument = node->operands[i].node;
      const Term change = tangent(argument);
      if (change.is_zero()) continue;
      total = total + (reduction == Reduction::logsumexp
                           ? call<"exp">(value(argument) - value(node)) * change
                           : change);
    }
    return reduction == Reduction::mean ? total / static_cast<double>(node->arguments) : total;
  }

  Term push_dot(Long* node) const {
    const DotView dot = view_of_dot(node);
    Term total = dot.bias == nullptr ? Term(0.0) : tangent(dot.bias);
    Term z = dot.bias == nullptr ? Term(0.0) : value(dot.bias);
    const bool needs_z = dot.activation != linear && reduction_of(node->code) == Reduction::neuron;
    for (std::size_t i = 0; i < dot.size; ++i) {
      const Term weight = value(dot.weights[i]);
      const bool is_node = dot.input_nodes != nullptr;
      const Term input = is_node ? value(dot.input_nodes[i]) : Term(dot.input_numbers[i]);
      total = total + input * tangent(dot.weights[i]);
      if (is_node) total = total + weight * tangent(dot.input_nodes[i]);
      if (needs_z) z = z + weight * input;
    }
    if (!needs_z) return total;
    const std::size_t index = forms[dot.activation].index;
    const Term arguments[] = {z, default_of(index)};
    return elementwise_contribution(index, 0, total, {arguments, operation_arities[index]},
                                    value(node));
  }

  Graph& graph_;
  std::unordered_map<const Node*, Term> tangents_;
};

}  // namespace

Term push_forward(Graph& graph, Node* root, std::span<Node* const> inputs,
                  std::span<const Term> tangents) {
  Forward forward(graph);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Term tangent = tangents[i];
    if (forward.has(inputs[i])) tangent = tangent + forward.tangent(inputs[i]);
    forward.set(inputs[i], tangent);
  }
  const std::vector<Node*> order = topological_order(graph, root);
  for (Node* node : order) {
    if (node->has(is_leaf) || forward.has(node)) continue;
    for_each_argument(node, [node](Node* argument) { refuse_if_stale(argument, node); });
    forward.set(node, forward.push(node));
  }
  return forward.tangent(root);
}

}  // namespace autograd
