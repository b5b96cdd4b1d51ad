// The number slots of Value: what `+`, `*`, `-x`, `abs(x)` and comparisons call. No pybind11 on
// these paths; an operation costs about what it costs on a Python float.
#pragma once

#include <vector>

#include "bind/python.hpp"

namespace autograd::bind {

void add_operator_slots(std::vector<PyType_Slot>& slots);

}  // namespace autograd::bind
