// What a root must be, checked before anything is touched.
#pragma once

#include "core/error.hpp"
#include "core/graph.hpp"

namespace autograd {

// Where code of others runs within a pass, another thread may come here: it waits.
inline void require_no_pass(const Graph& graph) {
  if (!graph.sweep.running) [[likely]]
    return;
  if (graph.sweep.wait != nullptr && graph.sweep.owner != std::this_thread::get_id()) {
    graph.sweep.wait();
    return;
  }
  throw NestedBackward(
      "[backward] a pass was started inside another - one at a time is needed. Start it after the "
      "first has returned.");
}

// Throws NestedBackward, NoGradient. Within a rule nothing is recorded, so the first is asked
// first.
inline void require_gradient(const Graph& graph, const Node* root) {
  require_no_pass(graph);
  if (root->has(requires_grad)) return;
  throw NoGradient(
      "[backward] the root requires no gradient - a result of values that require one is needed. "
      "Make its leaves with requires_grad=True, and compute it outside of no_grad().");
}

}  // namespace autograd
