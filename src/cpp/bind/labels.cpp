#include "bind/labels.hpp"

#include <unordered_map>

#include "bind/errors.hpp"
#include "bind/value.hpp"

namespace autograd::bind {

namespace {

using Labels = std::unordered_map<const Node*, PyObject*>;
Labels& labels = *new Labels;  // never destroyed: nodes may die after static objects

}  // namespace

void forget_label(const Node* node) {
  const auto found = labels.find(node);
  if (found == labels.end()) return;
  Py_DECREF(found->second);
  labels.erase(found);
}

PyObject* label_of(const Node* node) {
  if (!node->has(is_watched)) return nullptr;
  const auto found = labels.find(node);
  return found == labels.end() ? nullptr : found->second;
}

void set_label(Node* node, PyObject* label) {
  if (label == nullptr || label == Py_None) {
    forget_label(node);
    return;
  }
  if (PyUnicode_Check(label) == 0)
    throw py::type_error("[label] " + description_of(label) +
                         " was given - a str or None is needed. Convert it with str().");
  PyObject*& place = labels[node];
  PyObject* replaced = std::exchange(place, Py_NewRef(label));
  Py_XDECREF(replaced);
  node->set(is_watched);
}

}  // namespace autograd::bind
