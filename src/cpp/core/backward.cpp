#include "core/backward.hpp"

#include "core/require.hpp"
#include "core/sweep.hpp"

namespace autograd {

namespace {

// Everything in one function: a visit is shorter than the calls it would take, which were measured
// to cost another 60 %.
[[gnu::flatten]] void run(Sweep<double>& sweep, double seed) { sweep.run(seed); }

}  // namespace

void backward(Graph& graph, Node* root, double seed, Retain retain) {
  require_gradient(root);
  Sweep<double> sweep(graph, root, retain);
  run(sweep, seed);
  if (retain == Retain::all) sweep.keep_gradients();  // may throw: before anything is handed out
  sweep.hand_out([&graph](Leaf* leaf) {
    leaf->gradient += leaf->adjoint;
    graph.forget_recorded_gradient(leaf);
  });
  for (Node* node : sweep.visited()) {
    node->set(is_differentiated);
    if (node->holder == nullptr) continue;
    node->holder->gradient = node->adjoint;
    graph.forget_recorded_gradient(node);
  }
}

std::vector<double> gradients(Graph& graph, Node* root, std::span<Node* const> inputs,
                              double seed) {
  require_gradient(root);
  std::vector<double> results;
  results.reserve(inputs.size());
  Sweep<double> sweep(graph, root);
  for (Node* input : inputs) input->adjoint = 0.0;  // of those that the root does not need
  run(sweep, seed);
  for (const Node* input : inputs) results.push_back(input->adjoint);
  for (Node* node : sweep.visited()) node->set(is_differentiated);
  sweep.hand_out([](Leaf*) {});
  return results;
}

}  // namespace autograd
