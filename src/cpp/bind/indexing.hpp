// Elements and parts of arrays in Python: indices, length and iteration.
#pragma once

#include <vector>

#include "bind/python.hpp"

namespace autograd::bind {

void add_indexing_slots(std::vector<PyType_Slot>& slots);
void bind_indexing(py::module_& module);

}  // namespace autograd::bind
