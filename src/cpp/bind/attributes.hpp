// Attributes and methods of Value that are not operations: data, grad, args, repr, ...
#pragma once

#include <vector>

#include "bind/python.hpp"

namespace autograd::bind {

void add_attribute_slots(std::vector<PyType_Slot>& slots);

}  // namespace autograd::bind
