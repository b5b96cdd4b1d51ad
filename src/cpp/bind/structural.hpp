// The structural operations of arrays in Python, as methods and functions.
#pragma once

#include <vector>

#include "bind/python.hpp"

namespace autograd::bind {

void add_structural_methods(std::vector<PyMethodDef>& methods);
void bind_structural(py::module_& module);

// The same sum, mean, largest and smallest as the methods, of anything that can be an array.
PyObject* reduce_array(const char* operation, PyObject* x, PyObject* axis, PyObject* keepdims);

}  // namespace autograd::bind
