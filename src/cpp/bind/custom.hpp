// Custom operations: rules written in Python, by the number of their call.
//
// Nothing here owns an operation: it is a Python object that the garbage collector sees, and it
// keeps what its calls need. This table has weak references, and the graph has numbers.
#pragma once

#include <string>

#include "bind/python.hpp"
#include "core/node.hpp"

namespace autograd::bind {

// Of an interior node: that of a custom operation is its own, unless another operation has it.
std::string name_of_operation(const Node* interior);

// The record is dying: its call is forgotten.
void forget_call(const Node* node);

void bind_custom(py::module_& module);

}  // namespace autograd::bind
