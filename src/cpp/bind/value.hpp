// Value as a Python object: an exact heap type around one node.
//
// An object holds one reference to its node, and its node knows it (through the holder), so that
// a node has at most one object and `is` means what it says. The type is not a GC type, cannot be
// subclassed and owns no Python object, so nothing of it can take part in a cycle.
#pragma once

#include "bind/python.hpp"
#include "core/graph.hpp"

namespace autograd::bind {

struct ValueObject {
  PyObject_HEAD Node* node;
  Holder holder;
};

// The graph of the process, and the type. Neither is ever destroyed.
extern Graph& graph;
extern PyTypeObject* value_type;

inline bool is_value(PyObject* object) { return Py_TYPE(object) == value_type; }
inline ValueObject* as_value(PyObject* object) { return reinterpret_cast<ValueObject*>(object); }
inline Node* node_of(PyObject* value) { return as_value(value)->node; }

// An object for a node that has none; takes over the caller's reference, also when it fails.
// Returns null with MemoryError set.
PyObject* wrap_new(Node* node) noexcept;

// Whether objects that died are used again; those that are new are shown to the observer.
void reuse_objects(bool whether) noexcept;

// The object of any node, a new reference; the node stays the caller's.
PyObject* wrap(Node* node) noexcept;

// The same; throws py::error_already_set.
py::object object_of(Node* node);

// A Python float, or a Value where there is a recorded gradient.
PyObject* gradient_of(ValueObject* value) noexcept;

void bind_value(py::module_& module);

}  // namespace autograd::bind
