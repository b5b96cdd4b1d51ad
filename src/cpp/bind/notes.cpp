#include "bind/notes.hpp"

#include <unordered_map>

#include "bind/errors.hpp"
#include "bind/operand.hpp"
#include "bind/value.hpp"

namespace autograd::bind {

namespace {

struct Notes {
  py::object label;
  py::object origin;
};

using Table = std::unordered_map<const Node*, Notes>;
Table& table = *new Table;  // never destroyed: nodes may die after static objects

PyObject* observer = nullptr;

Notes* notes_of(const Node* node) {
  if (!node->has(is_watched)) return nullptr;
  const auto found = table.find(node);
  return found == table.end() ? nullptr : &found->second;
}

// Puts a note where there may be none yet; a null one takes it away.
void put(Node* node, py::object Notes::* which, py::object note) {
  if (note) {
    table[node].*which = std::move(note);
    node->set(is_watched);
  } else if (Notes* notes = notes_of(node)) {
    std::swap(notes->*which, note);
    if (!notes->label && !notes->origin) table.erase(node);
  }
}

py::object set_observer(const py::object& function) {
  if (!function.is_none() && PyCallable_Check(function.ptr()) == 0)
    throw py::type_error("[set_observer] " + description_of(function.ptr()) +
                         " was given - a function or None is needed. Pass a function of a Value.");
  auto previous = py::reinterpret_steal<py::object>(
      std::exchange(observer, function.is_none() ? nullptr : Py_NewRef(function.ptr())));
  free_objects.allow(observer == nullptr);
  return previous ? previous : py::none();
}

py::object origin_of(py::handle value) {
  const Notes* notes = notes_of(node_for("origin_of", value.ptr()));
  return notes == nullptr || !notes->origin ? py::none() : notes->origin;
}

void set_origin(py::handle value, const py::object& origin) {
  put(node_for("set_origin", value.ptr()), &Notes::origin,
      origin.is_none() ? py::object() : origin);
}

}  // namespace

void forget_notes(const Node* node) {
  const auto found = table.find(node);
  if (found == table.end()) return;
  const Notes dying = std::move(found->second);  // destroyed when the table is in order again
  table.erase(found);
}

PyObject* label_of(const Node* node) {
  const Notes* notes = notes_of(node);
  return notes == nullptr ? nullptr : notes->label.ptr();
}

void set_label(Node* node, PyObject* label) {
  if (label != nullptr && label != Py_None && PyUnicode_Check(label) == 0)
    throw py::type_error("[label] " + description_of(label) +
                         " was given - a str or None is needed. Convert it with str().");
  const bool is_none = label == nullptr || label == Py_None;
  put(node, &Notes::label, is_none ? py::object() : py::reinterpret_borrow<py::object>(label));
}

bool observe(PyObject* value) noexcept {
  if (observer == nullptr) return true;
  PyObject* function = Py_NewRef(observer);  // it may unset itself
  PyObject* result = PyObject_CallOneArg(function, value);
  Py_DECREF(function);
  Py_XDECREF(result);
  return result != nullptr;
}

void bind_notes(py::module_& module) {
  module.def("set_observer", set_observer, py::arg("function"),
             "Call a function with each Value that is made, or None; returns what was set before.");
  module.def("origin_of", origin_of, py::arg("value"), "What an observer has kept with a Value.");
  module.def("set_origin", set_origin, py::arg("value"), py::arg("origin"),
             "Keep an object with a Value, as long as its node lives; None takes it away.");
}

}  // namespace autograd::bind
