// Functions and methods: what the table of operations becomes in Python.
#pragma once

#include <vector>

#include "bind/arguments.hpp"
#include "bind/python.hpp"

namespace autograd::bind {

// A method of Value for every entry whose first argument is the value.
void add_function_methods(std::vector<PyMethodDef>& methods);

// A function of the module for every entry, and `operations()`, which describes them all.
void bind_functions(py::module_& module);

// The names of the functions for users: those of the table, and those over lists.
py::list function_names();

}  // namespace autograd::bind
