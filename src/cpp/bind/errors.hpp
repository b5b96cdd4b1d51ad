// Exceptions: the core's become Python's, and a Python error that is set travels through C++.
#pragma once

#include "bind/python.hpp"
#include "core/node.hpp"

namespace autograd::bind {

// Sets the Python error for the C++ exception being handled.
void set_python_error() noexcept;

// Runs f; an exception becomes the Python error, and the result `failed`. Every slot and method
// that Python calls directly goes through this.
template <class Result, class F>
Result guarded(Result failed, F&& f) noexcept {
  try {
    return f();
  } catch (...) {
    set_python_error();
    return failed;
  }
}
template <class F>
PyObject* guarded(F&& f) noexcept {
  return guarded<PyObject*>(nullptr, std::forward<F>(f));
}

// Warns as autograd.GradientLostWarning; throws py::error_already_set where warnings are errors.
void warn_of_lost_gradient(const char* message);
// The same where the data of a node leave the graph, a gradient is wanted and none has come yet.
void warn_if_gradient_lost(const Node* node, const char* message);

// "a str", "an int", "a list of length 3": what was given, for messages.
std::string description_of(PyObject* object);

void bind_errors(py::module_& module);

}  // namespace autograd::bind
