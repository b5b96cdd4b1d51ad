#include "bind/errors.hpp"

#include "core/error.hpp"
#include "core/recording.hpp"

namespace autograd::bind {

namespace {

// Owned by the module and never released: they outlive every object that raises them.
PyObject* autograd_error = nullptr;
PyObject* stale_value_error = nullptr;
PyObject* no_gradient_error = nullptr;
PyObject* nested_backward_error = nullptr;
PyObject* gradient_lost_warning = nullptr;

PyObject* new_exception(py::module_& module, const char* name, PyObject* base,
                        const char* documentation) {
  const std::string qualified = std::string("autograd.engine.") + name;
  PyObject* type = PyErr_NewExceptionWithDoc(qualified.c_str(), documentation, base, nullptr);
  if (type == nullptr) throw py::error_already_set();
  module.add_object(name, type);
  return type;
}

}  // namespace

void set_python_error() noexcept {
  try {
    throw;
  } catch (py::error_already_set& error) {
    error.restore();
  } catch (const DomainError& error) {
    PyErr_SetString(PyExc_ValueError, error.what());
  } catch (const LengthError& error) {
    PyErr_SetString(PyExc_ValueError, error.what());
  } catch (const IndexError& error) {
    PyErr_SetString(PyExc_IndexError, error.what());
  } catch (const RangeError& error) {
    PyErr_SetString(PyExc_OverflowError, error.what());
  } catch (const DivisionByZero& error) {
    PyErr_SetString(PyExc_ZeroDivisionError, error.what());
  } catch (const StaleValue& error) {
    PyErr_SetString(stale_value_error, error.what());
  } catch (const NoGradient& error) {
    PyErr_SetString(no_gradient_error, error.what());
  } catch (const NestedBackward& error) {
    PyErr_SetString(nested_backward_error, error.what());
  } catch (const py::builtin_exception& error) {  // py::type_error, py::value_error, ...
    error.set_error();
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::exception& error) {
    PyErr_SetString(autograd_error, error.what());
  }
}

void warn_of_lost_gradient(const char* message) {
  if (PyErr_WarnEx(gradient_lost_warning, message, 1) != 0) throw py::error_already_set();
}

void warn_if_gradient_lost(const Node* node, const char* message) {
  if (node->has(requires_grad) && !node->has(is_differentiated) && is_recording())
    warn_of_lost_gradient(message);
}

std::string description_of(PyObject* object) {
  const std::string name = Py_TYPE(object)->tp_name;
  if (object == Py_None) return "None";
  const std::string article =
      std::string("aeiou").find(name[0]) != std::string::npos ? "an " : "a ";
  const bool sized = PyList_Check(object) || PyTuple_Check(object);
  return article + name +
         (sized ? " of length " + std::to_string(PyObject_Size(object)) : std::string());
}

void bind_errors(py::module_& module) {
  autograd_error = new_exception(module, "AutogradError", PyExc_RuntimeError,
                                 "What autograd refuses to do, as base of the special cases.");
  stale_value_error = new_exception(
      module, "StaleValueError", autograd_error,
      "A leaf was changed after an operation had used it and before backward: the gradient would "
      "be that of another function.");
  no_gradient_error = new_exception(module, "NoGradientError", autograd_error,
                                    "Backward was asked of a value that requires no gradient.");
  nested_backward_error = new_exception(module, "NestedBackwardError", autograd_error,
                                        "Backward was called while one was running.");
  gradient_lost_warning = new_exception(
      module, "GradientLostWarning", PyExc_UserWarning,
      "A value that requires a gradient was turned into plain numbers before any "
      "backward pass, and what is computed from these has no gradient; or an in-place "
      "operator met a leaf where nothing is recorded, and trains nothing.");
  py::register_local_exception_translator([](std::exception_ptr pointer) {
    if (!pointer) return;
    try {
      std::rethrow_exception(pointer);
    } catch (const Error&) {
      set_python_error();
    }
  });
}

}  // namespace autograd::bind
