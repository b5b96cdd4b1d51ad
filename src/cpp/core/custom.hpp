// Custom operations: nodes whose rule is somebody else's, who is not of the graph.
//
// A record keeps the number of its call, nothing else; whoever made it looks the rule up by that
// number, and hears of the record's death through the graph's watcher. So no node owns anything of
// the language in which the rule is written.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/term.hpp"

namespace autograd {

// What gives the contributions to all arguments of a call: one each, in the argument's shape, or a
// number.
using CustomRule = std::vector<Term> (*)(std::uint64_t call, const Term& adjoint,
                                         const Term& result, std::span<const Term> arguments);
void set_custom_rule(CustomRule rule);

// The result of a call, which is recorded as such if an argument requires it.
Term record_custom(Graph& graph, std::uint64_t call, const Term& result,
                   std::span<const Term> arguments);

// The number of the call of a custom record.
std::uint64_t call_of(const Node* node);

std::vector<Term> custom_contributions(Node* node, const Term& adjoint, const Term& result,
                                       std::span<const Term> arguments);

// By transposing the rule: it is linear in the adjoint, and its own derivative with respect to
// that, in the direction of the tangents, is the tangent.
Term custom_tangent(Graph& graph, Node* node, const Term& result, std::span<const Term> arguments,
                    std::span<const Term> tangents);

}  // namespace autograd
