// A graph as a flat list of words, to be stored and built again: for copies and pickles.
//
// Operations go by name, so that a stored graph survives a change of the table. Values are stored,
// not computed again, so a copy has the same bits. Not recursive; O(nodes).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/graph.hpp"

namespace autograd {

struct FlatGraph {
  std::vector<std::string> names;    // of the operations
  std::vector<std::uint64_t> words;  // the interior nodes, arguments before users, the root last
  std::vector<Node*> leaves;         // numbered from 0; interior nodes are numbered after them
  std::vector<Node*> interiors;
  std::vector<ArrayReference> arrays;  // the primals that are arrays
};

// Throws StaleValue: a copy of a stale graph would not know that it is one. Throws Error for a
// custom operation, whose rule is not of the graph.
FlatGraph flatten(Graph& graph, Node* root);

// The nodes, in the order of `words`, on the given leaves. Throws LengthError when the words are
// not what `flatten` wrote.
std::vector<Reference> rebuild(Graph& graph, std::span<const std::string> names,
                               std::span<const std::uint64_t> words, std::span<Node* const> leaves,
                               std::span<const ArrayReference> arrays);

}  // namespace autograd
