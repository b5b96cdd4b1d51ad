#include "core/topological_order.hpp"

#include <algorithm>

#include "core/walk.hpp"

namespace autograd {

std::vector<Node*> topological_order(Graph& graph, Node* root) {
  std::vector<Node*> order;
  Walk walk(graph);
  if (!root->has(is_leaf)) walk.start(root);
  walk.reach(root);
  while (Node* node = walk.next()) {
    order.push_back(node);
    for_each_argument(node, [&walk](Node* argument) {
      if (!argument->has(marked)) walk.reach(argument);
    });
  }
  order.insert(order.end(), walk.leaves().rbegin(), walk.leaves().rend());
  std::ranges::reverse(order);
  return order;
}

}  // namespace autograd
