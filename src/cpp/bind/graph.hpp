// The state of the graph: the recording flag of the thread, and what lives.
#pragma once

#include "bind/python.hpp"

namespace autograd::bind {

// To be called before a pass over the graph, of which there is one at a time. Where Python runs
// within a pass (the rule of a custom operation, a product of NumPy's), another thread may get the
// interpreter's lock: it waits here until the pass is over. Throws when interrupted.
void take_turn();

void bind_graph(py::module_& module);

}  // namespace autograd::bind
