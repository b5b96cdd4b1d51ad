// The updates of the optimizers, on lists of Values and NumPy arrays of state.
#pragma once

#include "bind/python.hpp"

namespace autograd::bind {

void bind_optimize(py::module_& module);

}  // namespace autograd::bind
