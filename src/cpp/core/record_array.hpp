// Recording operations on arrays whose result has been computed.
#pragma once

#include <cstdint>
#include <span>

#include "core/array.hpp"
#include "core/code.hpp"
#include "core/graph.hpp"
#include "core/record.hpp"

namespace autograd {

// The node of an elementwise operation; a new reference.
Node* append_arrays(Graph& graph, std::size_t index, ArrayReference result,
                    std::span<const Argument> arguments);

// The node of a structural one; a new reference. Arguments become the record's; `words` is what its
// rule keeps beside them. A result without axes becomes a number.
Node* record_structural(Graph& graph, Structural operation, ArrayReference result,
                        std::span<Node* const> arguments, std::span<const std::uint64_t> words);

// The same for a number.
Node* record_structural(Graph& graph, Structural operation, double result,
                        std::span<Node* const> arguments, std::span<const std::uint64_t> words);

}  // namespace autograd
