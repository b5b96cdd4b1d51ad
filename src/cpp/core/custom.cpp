#include "core/custom.hpp"

#include <algorithm>

#include "core/composed.hpp"
#include "core/deferred.hpp"
#include "core/differentiate.hpp"
#include "core/structural.hpp"

namespace autograd {

namespace {

CustomRule custom_rule = nullptr;

// An adjoint, to differentiate a rule by, which is linear in it. Not of zeros, of which a rule that
// takes it apart would make zeros that nobody could tell from none.
Reference variable_like(Graph& graph, const Node* node) {
  if (!node->has(is_array)) return {graph, graph.new_leaf(1.0, true)};
  return {graph, graph.new_leaf(filled_like(*node->array, 1.0), true)};
}

}  // namespace

void set_custom_rule(CustomRule rule) { custom_rule = rule; }

Term record_custom(Graph& graph, std::uint64_t call, const Term& result,
                   std::span<const Term> arguments) {
  const std::uint64_t words[] = {call};
  return record_terms(graph, Structural::custom, result, arguments, words);
}

std::uint64_t call_of(const Node* node) {
  return as_long(node)->operands[as_long(node)->arguments].word;
}

std::vector<Term> custom_contributions(Node* node, const Term& adjoint, const Term& result,
                                       std::span<const Term> arguments) {
  // Whoever wrote the rule may keep what it is given.
  const Deferring at_once(*result.graph(), false);
  const auto settle_term = [](const Term& term) {
    if (term.is_array()) settle(*term.array());
  };
  settle_term(adjoint);
  std::ranges::for_each(arguments, settle_term);
  return custom_rule(call_of(node), adjoint, result, arguments);
}

Term custom_tangent(Graph& graph, Node* node, const Term& result, std::span<const Term> arguments,
                    std::span<const Term> tangents) {
  const Reference adjoint = variable_like(graph, node);
  Reference product;
  {
    const RecordingScope recording(true);
    const std::vector<Term> amounts = custom_rule(call_of(node), adjoint, result, arguments);
    Term total = 0.0;
    for (std::size_t i = 0; i < amounts.size(); ++i) {
      if (tangents[i].is_zero() || amounts[i].is_zero()) continue;
      const Term product_of_both = amounts[i] * tangents[i];
      total = total +
              sum(product_of_both, (std::uint64_t{1} << product_of_both.shape().rank()) - 1, false);
    }
    if (total.is_number()) return 0.0;  // it depends on no adjoint
    product = total.as_node(graph);
  }
  Node* const inputs[] = {adjoint.get()};
  if (is_recording()) return recorded_gradients(graph, product.get(), inputs, 1.0).front();
  return gradients(graph, product.get(), inputs, 1.0).front();
}

}  // namespace autograd
