#include "bind/arguments.hpp"

#include "bind/errors.hpp"
#include "bind/operand.hpp"

namespace autograd::bind {

namespace {

std::string signature_of(std::string_view operation, std::span<const char* const> parameters) {
  std::string text = std::string(operation) + "(";
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (i > 0) text += ", ";
    text += parameters[i];
  }
  return text + ")";
}

std::string given_arguments(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " argument was given" : " arguments were given");
}

[[noreturn]] void refuse(std::string_view operation, std::span<const char* const> parameters,
                         const std::string& given, const std::string& needed) {
  throw py::type_error("[" + std::string(operation) + "] " + given + " - " + needed +
                       ". Call it as " + signature_of(operation, parameters) + ".");
}

}  // namespace

bool truth_of(std::string_view operation, const char* parameter, PyObject* object, bool absent) {
  if (object == nullptr) return absent;
  if (object == Py_True) return true;
  if (object == Py_False) return false;
  if (is_numpy_bool(object)) return PyObject_IsTrue(object) == 1;
  if (PyLong_Check(object)) {
    int overflow = 0;
    const long number = PyLong_AsLongAndOverflow(object, &overflow);
    if (overflow == 0 && (number == 0 || number == 1)) return number == 1;
  }
  throw py::type_error("[" + std::string(operation) + "] " + description_of(object) +
                       " was given as " + parameter +
                       " - True or False is needed. Check the order of the arguments.");
}

void read_arguments(std::string_view operation, std::span<const char* const> parameters,
                    std::size_t required, PyObject* const* arguments, Py_ssize_t positional,
                    PyObject* names, std::span<PyObject*> given) {
  const auto count = static_cast<std::size_t>(positional);
  if (count > parameters.size())
    refuse(operation, parameters, given_arguments(count),
           "at most " + std::to_string(parameters.size()) + " can be taken");
  for (std::size_t i = 0; i < count; ++i) given[i] = arguments[i];
  const Py_ssize_t named = names == nullptr ? 0 : PyTuple_GET_SIZE(names);
  for (Py_ssize_t i = 0; i < named; ++i) {
    PyObject* name = PyTuple_GET_ITEM(names, i);
    std::size_t place = 0;
    while (place < parameters.size() &&
           PyUnicode_CompareWithASCIIString(name, parameters[place]) != 0)
      ++place;
    const std::string quoted = "'" + std::string(py::str(py::handle(name))) + "'";
    if (place == parameters.size())
      refuse(operation, parameters, "an argument named " + quoted + " was given",
             "there is none of that name");
    if (given[place] != nullptr)
      refuse(operation, parameters, quoted + " was given twice", "once is needed");
    given[place] = arguments[positional + i];
  }
  for (std::size_t i = 0; i < required; ++i) {
    if (given[i] == nullptr)
      refuse(operation, parameters, given_arguments(count + static_cast<std::size_t>(named)),
             "'" + std::string(parameters[i]) + "' is needed");
  }
}

}  // namespace autograd::bind
