// The one door to Python: no other file includes Python.h or pybind11.
#pragma once

#include <pybind11/numpy.h>  // before Python.h, as pybind11 asks
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

namespace autograd::bind {

namespace py = pybind11;

// For functions that call themselves on what is in what they are given, which may be itself: a
// RecursionError in place of an overflow of the stack.
class RecursionGuard {
 public:
  RecursionGuard() {
    if (Py_EnterRecursiveCall(" while an argument was read") != 0) throw py::error_already_set();
  }
  RecursionGuard(const RecursionGuard&) = delete;
  RecursionGuard& operator=(const RecursionGuard&) = delete;
  ~RecursionGuard() { Py_LeaveRecursiveCall(); }
};

}  // namespace autograd::bind
