// sum, mean, dot, logsumexp and neuron as functions of Python lists.
#pragma once

#include "bind/python.hpp"

namespace autograd::bind {

void bind_reductions(py::module_& module);

}  // namespace autograd::bind
