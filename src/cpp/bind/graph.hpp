// The state of the graph: the recording flag of the thread, and what lives.
#pragma once

#include "bind/python.hpp"

namespace autograd::bind {

void bind_graph(py::module_& module);

}  // namespace autograd::bind
