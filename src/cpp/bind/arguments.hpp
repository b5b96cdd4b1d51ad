// Reading the arguments of a call in CPython's vectorcall convention.
#pragma once

#include <span>
#include <string_view>

#include "bind/python.hpp"

namespace autograd::bind {

// Puts the arguments, given by position or by name, into `given`, borrowed, null where left out.
// Throws TypeError, in the name of the operation, for too many, missing, unknown or repeated ones.
void read_arguments(std::string_view operation, std::span<const char* const> parameters,
                    std::size_t required, PyObject* const* arguments, Py_ssize_t positional,
                    PyObject* names, std::span<PyObject*> given);

// Whether an argument is true; `absent` where it was left out. Throws TypeError, in the name of the
// operation, for what is neither a bool of Python or NumPy, nor 0 or 1.
bool truth_of(std::string_view operation, const char* parameter, PyObject* object, bool absent);

// The convention in which `read_arguments` finds them, for a PyMethodDef.
inline constexpr int with_names = METH_FASTCALL | METH_KEYWORDS;

// A function of any of CPython's calling conventions, as a PyMethodDef stores it.
template <class Function>
PyCFunction as_c_function(Function* function) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

}  // namespace autograd::bind
