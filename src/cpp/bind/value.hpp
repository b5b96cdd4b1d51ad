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
struct Undying {
  union {
    Graph graph;
  };
  Undying() : graph() {}
  Undying(const Undying&) = delete;
  Undying& operator=(const Undying&) = delete;
  ~Undying() {}
};
extern Undying undying;
inline constexpr Graph& graph = undying.graph;
extern PyTypeObject* value_type;

inline bool is_value(PyObject* object) { return Py_TYPE(object) == value_type; }
inline ValueObject* as_value(PyObject* object) { return reinterpret_cast<ValueObject*>(object); }
inline Node* node_of(PyObject* value) { return as_value(value)->node; }

// Objects that died and wait to be used again. They keep their reference to the type, which saves
// counting it twice an operation; what they hold of gradients is zero and null.
class FreeObjects {
 public:
  bool has_any() const { return *top_ != nullptr; }
  std::size_t count() const { return static_cast<std::size_t>(top_ - places_); }
  ValueObject* take() { return *top_--; }
  bool has_room() const { return top_ != limit_; }
  void put(ValueObject* object) { *++top_ = object; }

  void make_some() noexcept;  // so that there are a few, if memory can be had
  void allow(bool any);       // frees what is there when none is allowed

 private:
  // An interpreter without the lock counts references by thread, and gets none of this.
#ifdef Py_GIL_DISABLED
  static constexpr std::size_t most = 0;
#else
  static constexpr std::size_t most = 1024;
#endif
  ValueObject* places_[1 + most] = {};  // the first stays null, and ends the stack
  ValueObject** top_ = places_;
  ValueObject** limit_ = places_ + most;
};

extern FreeObjects free_objects;

// Makes one of the objects that wait that of a node, whose reference it takes over.
inline PyObject* put_in_free_object(Node* node) noexcept {
  ValueObject* object = free_objects.take();
  Py_SET_REFCNT(reinterpret_cast<PyObject*>(object), 1);
  object->node = node;
  object->holder.gradient = 0.0;
  node->holder = &object->holder;
  return reinterpret_cast<PyObject*>(object);
}

// An object for a node that has none; takes over the caller's reference, also when it fails.
// Returns null with MemoryError set.
PyObject* wrap_new(Node* node) noexcept;

// The object of any node, a new reference; the node stays the caller's.
PyObject* wrap(Node* node) noexcept;

// The same; throws py::error_already_set.
py::object object_of(Node* node);

// A Python float, or a Value where there is a recorded gradient.
PyObject* gradient_of(ValueObject* value) noexcept;

void bind_value(py::module_& module);

}  // namespace autograd::bind
