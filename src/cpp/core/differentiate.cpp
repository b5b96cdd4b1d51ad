#include "core/differentiate.hpp"

#include "core/require.hpp"
#include "core/sweep.hpp"

namespace autograd {

namespace {

// A gradient is what a backward pass was made for: to read it as a float is no accident.
Reference as_gradient(Graph& graph, const Recorded& value) {
  Reference node = value.as_node(graph);
  node.get()->set(is_differentiated);
  return node;
}

// A sweep keeps the adjoint of what is held: while this lives, all inputs are.
class HeldInputs {
 public:
  explicit HeldInputs(std::span<Node* const> inputs) : inputs_(inputs) {
    for (Node* input : inputs_) {
      if (input->holder == nullptr) input->holder = &holder_;
    }
  }
  HeldInputs(const HeldInputs&) = delete;
  HeldInputs& operator=(const HeldInputs&) = delete;
  ~HeldInputs() {
    for (Node* input : inputs_) {
      if (input->holder == &holder_) input->holder = nullptr;
    }
  }

 private:
  std::span<Node* const> inputs_;
  Holder holder_;
};

}  // namespace

void differentiate(Graph& graph, Node* root, const Recorded& seed, Retain retain) {
  require_gradient(root);
  Sweep<Recorded> sweep(graph, root, retain);
  sweep.run(seed);

  // The sums with what the leaves have already may run out of memory: before anything is given.
  std::vector<Reference> totals;
  totals.reserve(sweep.leaves().size());
  for (Leaf* leaf : sweep.leaves()) {
    Recorded total = Reference::sharing(graph, leaf->adjoint_node);
    const Holder* holder = leaf->holder;
    if (holder != nullptr && holder->gradient_node != nullptr) {
      total = Recorded(Reference::sharing(graph, holder->gradient_node)) + total;
    } else if (leaf->gradient != 0.0) {
      total = leaf->gradient + total;
    }
    totals.push_back(as_gradient(graph, total));
  }

  if (retain == Retain::all) sweep.keep_gradients();

  for (std::size_t i = 0; i < totals.size(); ++i) {
    Leaf* leaf = sweep.leaves()[i];
    leaf->gradient = totals[i].get()->primal;
    leaf->set(is_differentiated);
    if (leaf->holder != nullptr) graph.set_recorded_gradient(leaf, totals[i].hand_over());
  }
  for (Node* node : sweep.visited()) {
    node->set(is_differentiated);
    if (node->holder == nullptr) continue;
    node->holder->gradient = node->adjoint_node->primal;
    node->adjoint_node->set(is_differentiated);
    graph.set_recorded_gradient(node, Reference::sharing(graph, node->adjoint_node).hand_over());
  }
}

std::vector<Reference> recorded_gradients(Graph& graph, Node* root, std::span<Node* const> inputs,
                                          const Recorded& seed) {
  require_gradient(root);
  std::vector<Reference> results;
  results.reserve(inputs.size());
  const HeldInputs held(inputs);
  Sweep<Recorded> sweep(graph, root);
  for (Node* input : inputs) input->adjoint_node = nullptr;  // of those the root does not need
  sweep.run(seed);
  for (const Node* input : inputs) {
    const Recorded gradient = input->adjoint_node == nullptr
                                  ? Recorded(0.0)
                                  : Recorded(Reference::sharing(graph, input->adjoint_node));
    results.push_back(as_gradient(graph, gradient));
  }
  for (Node* node : sweep.visited()) node->set(is_differentiated);
  for (Leaf* leaf : sweep.leaves()) leaf->set(is_differentiated);
  return results;
}

}  // namespace autograd
