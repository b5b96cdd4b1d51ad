#include "bind/value.hpp"

#include "bind/attributes.hpp"
#include "bind/errors.hpp"
#include "bind/functions.hpp"
#include "bind/labels.hpp"
#include "bind/operand.hpp"
#include "bind/operators.hpp"

namespace autograd::bind {

Graph& graph = *new Graph;
PyTypeObject* value_type = nullptr;

namespace {

// Objects that died and wait to be used again. They keep their reference to the type, which saves
// counting it twice an operation. An interpreter without the lock counts references by thread, and
// gets none of this.
#ifdef Py_GIL_DISABLED
constexpr std::size_t free_limit = 0;
#else
constexpr std::size_t free_limit = 1024;
#endif
ValueObject* free_objects[free_limit + 1];
std::size_t free_count = 0;

inline PyObject* put_in(ValueObject* object, Node* node) {
  object->node = node;
  object->holder = Holder{};
  node->holder = &object->holder;
  return reinterpret_cast<PyObject*>(object);
}

[[gnu::cold, gnu::noinline]] PyObject* wrap_in_new_object(Node* node) noexcept {
  ValueObject* object = PyObject_New(ValueObject, value_type);
  if (object != nullptr) return put_in(object, node);
  graph.release(node);
  return nullptr;
}

[[gnu::cold, gnu::noinline]] void free_object(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  PyObject_Free(self);
  Py_DECREF(type);
}

void deallocate(PyObject* self) noexcept {
  ValueObject* object = as_value(self);
  Node* node = object->node;
  graph.forget_recorded_gradient(node);
  node->holder = nullptr;
  if (free_count < free_limit) [[likely]] {
    free_objects[free_count++] = object;
  } else {
    free_object(self);
  }
  graph.release(node);
}

PyObject* construct(PyObject*, PyObject* const* arguments, std::size_t flagged_count,
                    PyObject* names) noexcept {
  return guarded([&]() -> PyObject* {
    static constexpr const char* parameters[] = {"data", "requires_grad", "label"};
    PyObject* given[3] = {nullptr, nullptr, nullptr};
    read_arguments("Value", parameters, 1, arguments, PyVectorcall_NARGS(flagged_count), names,
                   given);
    const double data = number_for("Value", given[0]);
    bool wants_gradient = true;
    if (given[1] != nullptr) {
      const int truth = PyObject_IsTrue(given[1]);
      if (truth < 0) throw py::error_already_set();
      wants_gradient = truth != 0;
    }
    auto value = py::reinterpret_steal<py::object>(wrap_new(graph.new_leaf(data, wants_gradient)));
    if (!value) throw py::error_already_set();
    if (given[2] != nullptr) set_label(node_of(value.ptr()), given[2]);
    return value.release().ptr();
  });
}

constexpr const char* documentation =
    R"(Value(data, requires_grad=True, label=None)
--

A number that remembers how it was computed.

Operators and functions on Values give Values, and record how; `backward` then gives
the derivative of the result with respect to every Value it was computed from.

Parameters
----------
data : float
    The number: an int, float, bool, NumPy scalar or 0-dimensional array.
requires_grad : bool, default True
    Whether derivatives with respect to this value are wanted.
label : str, optional
    A name, for drawings.

Raises
------
TypeError
    If `data` is no real number.

Examples
--------
>>> from autograd import Value
>>> x = Value(3.0)
>>> y = x * x + 2.0 * x
>>> y.backward()
>>> y.data, x.grad
(15.0, 8.0)
)";

}  // namespace

PyObject* wrap_new(Node* node) noexcept {
  if (free_count == 0) [[unlikely]]
    return wrap_in_new_object(node);
  ValueObject* object = free_objects[--free_count];
  Py_SET_REFCNT(reinterpret_cast<PyObject*>(object), 1);
  return put_in(object, node);
}

PyObject* wrap(Node* node) noexcept {
  if (node->holder != nullptr) {
    char* holder = reinterpret_cast<char*>(node->holder);
    return Py_NewRef(reinterpret_cast<PyObject*>(holder - offsetof(ValueObject, holder)));
  }
  Graph::retain(node);
  PyObject* value = wrap_new(node);
  if (value != nullptr && node->has(is_watched))
    as_value(value)->holder.gradient = graph.kept_gradient(node);
  return value;
}

py::object object_of(Node* node) {
  auto value = py::reinterpret_steal<py::object>(wrap(node));
  if (!value) throw py::error_already_set();
  return value;
}

PyObject* gradient_of(ValueObject* value) noexcept {
  if (value->holder.gradient_node != nullptr) return wrap(value->holder.gradient_node);
  const Node* node = value->node;
  return PyFloat_FromDouble(node->has(is_leaf) ? as_leaf(node)->gradient : value->holder.gradient);
}

void bind_value(py::module_& module) {
  std::vector<PyType_Slot> slots;
  add_operator_slots(slots);
  add_attribute_slots(slots);
  slots.push_back({Py_tp_dealloc, reinterpret_cast<void*>(deallocate)});
  slots.push_back({Py_tp_doc, const_cast<char*>(documentation)});
  slots.push_back({0, nullptr});
  PyType_Spec spec{"autograd.engine.Value", sizeof(ValueObject), 0, Py_TPFLAGS_DEFAULT,
                   slots.data()};
  PyObject* type = PyType_FromSpec(&spec);
  if (type == nullptr) throw py::error_already_set();
  value_type = reinterpret_cast<PyTypeObject*>(type);
  // There is no slot id for it before Python 3.14.
  value_type->tp_vectorcall = construct;
  value_type->tp_new = nullptr;
  module.add_object("Value", type);
}

}  // namespace autograd::bind
