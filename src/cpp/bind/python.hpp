// The one door to Python: no other file includes Python.h or pybind11.
#pragma once

#include <pybind11/numpy.h>  // before Python.h, as pybind11 asks
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

namespace autograd::bind {

namespace py = pybind11;

}  // namespace autograd::bind
