// Labels: names that a user gives to values, kept beside the graph so that no node and no Value
// owns a Python object. A label lives as long as its node.
#pragma once

#include "bind/python.hpp"
#include "core/node.hpp"

namespace autograd::bind {

PyObject* label_of(const Node* node);         // borrowed; null when it has none
void set_label(Node* node, PyObject* label);  // a str; null or None takes it away

void forget_label(const Node* node);  // the node is dying

}  // namespace autograd::bind
