// Notes on nodes, kept beside the graph so that no node and no Value owns a Python object: the
// label that a user gives to a value, and its origin, what an observer wants to remember about it.
// A note lives as long as its node.
//
// An observer is a Python function that is called with each Value that is made, while it is set.
// It costs nothing while there is none.
#pragma once

#include "bind/python.hpp"
#include "core/node.hpp"

namespace autograd::bind {

PyObject* label_of(const Node* node);         // borrowed; null when it has none
void set_label(Node* node, PyObject* label);  // a str; null or None takes it away

void forget_notes(const Node* node);  // the node is dying

// Tells the observer of a new Value. False, with an exception set, if it raised one.
bool observe(PyObject* value) noexcept;

void bind_notes(py::module_& module);

}  // namespace autograd::bind
