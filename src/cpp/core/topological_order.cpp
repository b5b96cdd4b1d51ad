#include "core/topological_order.hpp"

#include <algorithm>

#include "core/walk.hpp"

namespace autograd {

std::vector<Node*> topological_order(Graph& graph, Node* root) {
  if (root->has(is_leaf)) return {root};  // a leaf has no place in a walk
  std::vector<Node*> order;
  Pass pass(graph, root);
  std::size_t pending = pass.reach(root);
  Walk walk(root);
  for (; pending > 0; --pending) {
    Node* node = walk.next();
    order.push_back(node);
    for_each_argument(node, [&](Node* argument) {
      if (!argument->has(marked)) pending += pass.reach(argument);
    });
  }
  pass.complete();
  const auto leaves = pass.leaves();
  order.insert(order.end(), leaves.rbegin(), leaves.rend());
  std::ranges::reverse(order);
  return order;
}

}  // namespace autograd
