#include "core/differentiate.hpp"

#include "core/backward.hpp"
#include "core/deferred.hpp"
#include "core/require.hpp"
#include "core/structural.hpp"
#include "core/sweep.hpp"

namespace autograd {

namespace {

// A gradient is what a backward pass was made for: to read it as a float is no accident. It is no
// leaf of the graph itself, whose data somebody may write to.
Reference as_gradient(Graph& graph, const Term& value) {
  const bool is_given = !value.is_number() && value.node()->has(is_leaf);
  Reference node = (is_given ? call<"positive">(value) : value).as_node(graph);
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

// What a leaf has already, and the adjoint of this sweep.
Term total_for(Graph& graph, const Leaf* leaf) {
  Term adjoint = Adjoint<Recorded>::term(graph, leaf);
  const Holder* holder = leaf->holder;
  if (holder != nullptr && holder->gradient_node != nullptr)
    return Term(Reference::sharing(graph, holder->gradient_node)) + adjoint;
  if (leaf->has(is_array)) {
    if (leaf->gradient_array == nullptr) return adjoint;
    return Term(Reference(graph,
                          graph.new_constant(ArrayReference::sharing(leaf->gradient_array)))) +
           adjoint;
  }
  return leaf->gradient != 0.0 ? Term(leaf->gradient) + adjoint : adjoint;
}

// An array of its own, which later passes may add to.
ArrayReference copy_of(const Node* node) {
  ArrayReference array = ArrayReference::sharing(node->array);
  make_own(array);
  return array;
}

}  // namespace

void differentiate(Graph& graph, Node* root, const Term& seed, Retain retain) {
  require_gradient(graph, root);
  Sweep<Recorded> sweep(graph, root, retain);
  sweep.run(seed);

  // The sums with what the leaves have already may run out of memory: before anything is given.
  std::vector<Reference> totals;
  std::vector<ArrayReference> arrays;
  totals.reserve(sweep.leaves().size());
  arrays.reserve(sweep.leaves().size());
  for (const Leaf* leaf : sweep.leaves()) {
    totals.push_back(leaf->has(is_view) ? Reference() : as_gradient(graph, total_for(graph, leaf)));
    arrays.push_back(leaf->has(is_array) ? copy_of(totals.back().get()) : ArrayReference());
  }

  for (Node* node : sweep.visited()) {
    if (node->holder == nullptr && retain != Retain::all) continue;
    Reference own = as_gradient(graph, Term(Reference::sharing(graph, node->adjoint_node)));
    const Reference replaced(graph, std::exchange(node->adjoint_node, own.hand_over()));
  }
  if (retain == Retain::all) sweep.keep_gradients();

  for (std::size_t i = 0; i < totals.size(); ++i) {
    Leaf* leaf = sweep.leaves()[i];
    leaf->set(is_differentiated);
    if (leaf->has(is_view)) continue;  // its base has it
    if (leaf->has(is_array)) {
      const ArrayReference replaced(std::exchange(leaf->gradient_array, arrays[i].hand_over()));
    } else {
      leaf->gradient = totals[i].get()->primal;
    }
    if (leaf->holder != nullptr) graph.set_recorded_gradient(leaf, totals[i].hand_over());
  }
  for (Node* node : sweep.visited()) {
    node->set(is_differentiated);
    if (node->holder == nullptr) continue;
    if (node->has(is_array)) {
      const ArrayReference replaced(
          std::exchange(node->holder->gradient_array,
                        ArrayReference::sharing(node->adjoint_node->array).hand_over()));
    } else {
      node->holder->gradient = node->adjoint_node->primal;
    }
    graph.set_recorded_gradient(node, Reference::sharing(graph, node->adjoint_node).hand_over());
  }
}

std::vector<Reference> recorded_gradients(Graph& graph, Node* root, std::span<Node* const> inputs,
                                          const Term& seed) {
  require_gradient(graph, root);
  std::vector<Reference> results;
  results.reserve(inputs.size());
  const HeldInputs held(inputs);
  Sweep<Recorded> sweep(graph, root);
  for (Node* input : inputs) {  // of those the root does not need
    input->adjoint_node = nullptr;
    if (input->has(is_view)) as_leaf(input)->base()->adjoint_node = nullptr;
  }
  sweep.run(seed);
  for (const Node* input : inputs) {
    results.push_back(as_gradient(graph, as_array(graph, sweep.adjoint_of(input), input)));
  }
  for (Node* node : sweep.visited()) node->set(is_differentiated);
  for (Leaf* leaf : sweep.leaves()) leaf->set(is_differentiated);
  return results;
}

std::vector<Term> hessian_product(Graph& graph, Node* root, std::span<Node* const> inputs,
                                  std::span<const Term> directions) {
  Reference root_of_product;
  Term seed = 1.0;
  {
    // Of the slopes only their derivative is read, and of what they are made of, less than half.
    const Deferring deferring(graph, true);
    const RecordingScope recording(true);
    const std::vector<Reference> slopes = recorded_gradients(graph, root, inputs, 1.0);
    Term total = 0.0;
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      if (!slopes[i].get()->has(requires_grad) || directions[i].is_zero()) continue;
      if (inputs.size() == 1) {
        root_of_product = slopes[i];
        seed = directions[i];
      } else {  // the adjoint of each slope in their inner product with the directions is right
        const Term product = Term(slopes[i]) * directions[i];
        total = total + sum(product, (std::uint64_t{1} << product.shape().rank()) - 1, false);
      }
    }
    if (!total.is_number()) root_of_product = total.as_node(graph);
  }
  if (root_of_product.get() == nullptr) return std::vector<Term>(inputs.size(), 0.0);
  return gradients(graph, root_of_product.get(), inputs, seed);
}

}  // namespace autograd
