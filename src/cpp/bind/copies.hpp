// Copies: a value with all that it was computed from, as plain data for pickle and deepcopy.
#pragma once

#include "bind/python.hpp"

namespace autograd::bind {

void bind_copies(py::module_& module);

}  // namespace autograd::bind
