// The state of the graph: the recording flag of the thread, and what lives.
#pragma once

#include "bind/python.hpp"

namespace autograd::bind {

// Waits until no other thread is within a pass over the graph, of which there is one at a time. The
// core does so itself where a pass begins; this is for what has to be as it was when that happens.
// Throws when interrupted.
void take_turn();

void bind_graph(py::module_& module);

}  // namespace autograd::bind
