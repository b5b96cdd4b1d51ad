#include "bind/value.hpp"

#include "bind/array.hpp"
#include "bind/attributes.hpp"
#include "bind/backward.hpp"
#include "bind/errors.hpp"
#include "bind/functions.hpp"
#include "bind/notes.hpp"
#include "bind/operand.hpp"
#include "bind/operators.hpp"
#include "bind/quick.hpp"
#include "core/recording.hpp"

namespace autograd::bind {

Undying undying;
PyTypeObject* value_type = nullptr;
constinit FreeObjects free_objects;

namespace {

[[gnu::cold, gnu::noinline]] PyObject* wrap_in_new_object(Node* node) noexcept {
  ValueObject* object = PyObject_New(ValueObject, value_type);
  if (object == nullptr) {
    graph.release(node);
    return nullptr;
  }
  object->node = node;
  object->holder = Holder{};
  node->holder = &object->holder;
  auto* value = reinterpret_cast<PyObject*>(object);
  if (observe(value)) [[likely]]
    return value;
  Py_DECREF(value);
  return nullptr;
}

[[gnu::cold, gnu::noinline]] void free_object(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  PyObject_Free(self);
  Py_DECREF(type);
}

// Of an array, or of a node whose gradient is a node.
void forget_gradients(ValueObject* object) {
  Node* node = object->node;
  graph.forget_recorded_gradient(node);
  if (node->has(is_array) && object->holder.gradient_array != nullptr)
    ArrayPool::release(object->holder.gradient_array);
}

[[gnu::noinline]] void deallocate_any(PyObject* self) {
  ValueObject* object = as_value(self);
  Node* node = object->node;
  forget_gradients(object);
  if (free_objects.has_room()) {
    free_objects.put(object);
  } else {
    free_object(self);
  }
  graph.release_held_array(node);
}

void deallocate(PyObject* self) noexcept {
  ValueObject* object = as_value(self);
  Node* node = object->node;
  if (node->has_any(has_recorded_gradient | is_array) || !free_objects.has_room()) [[unlikely]] {
    deallocate_any(self);
    return;
  }
  free_objects.put(object);
  graph.release_held(node);
}

double number_from(PyObject* data) {
  Argument argument;
  if (read_operand(data, argument)) return number_for("Value", data);
  const bool is_tensor = py::hasattr(data, "__dlpack__");
  throw py::type_error("[Value] " + description_of(data) +
                       " was given - a number or an array of numbers is needed. " +
                       (is_tensor ? "Take it over with autograd.from_dlpack."
                                  : "Pass an int, a float, an ndarray or a list of them."));
}

Leaf* new_leaf_for(PyObject* data, PyObject* dtype, bool copy, bool wants_gradient) {
  const std::optional<Dtype> kind = dtype_for("Value", dtype);
  const bool is_list = PyList_Check(data) || PyTuple_Check(data);
  if (!is_list && !py::isinstance<py::array>(data))
    return graph.new_leaf(number_from(data), wants_gradient);
  ArrayReference array = array_from("Value", data, kind, copy);
  if (array->rank == 0) return graph.new_leaf(array->number_at(0), wants_gradient);
  return graph.new_leaf(std::move(array), wants_gradient);
}

PyObject* construct(PyObject*, PyObject* const* arguments, std::size_t flagged_count,
                    PyObject* names) noexcept {
  return guarded([&]() -> PyObject* {
    static constexpr const char* parameters[] = {"data", "requires_grad", "label", "dtype", "copy"};
    PyObject* given[5] = {};
    read_arguments("Value", parameters, 1, arguments, PyVectorcall_NARGS(flagged_count), names,
                   given);
    const bool wants_gradient = truth_of("Value", "requires_grad", given[1], true);
    const bool copy = truth_of("Value", "copy", given[4], true);
    Leaf* leaf = new_leaf_for(given[0], given[3], copy, wants_gradient);
    auto value = py::reinterpret_steal<py::object>(wrap_new(leaf));
    if (!value) throw py::error_already_set();
    if (given[2] != nullptr) set_label(node_of(value.ptr()), given[2]);
    return value.release().ptr();
  });
}

constexpr const char* value_documentation =
    R"(Value(data, requires_grad=True, label=None, dtype=None, copy=True)
--

A number, or an array of numbers, that remembers how it was computed.

Operators and functions on Values give Values, and record how; `backward` then gives
the derivative of the result with respect to every Value it was computed from.

Parameters
----------
data : float or array_like
    A number (an int, float, bool, NumPy scalar or 0-dimensional array), or an array: an ndarray or
    nested lists of numbers.
requires_grad : bool, default True
    Whether derivatives with respect to this value are wanted.
label : str, optional
    A name, for drawings.
dtype : numpy.float64 or numpy.float32, optional
    Of an array. Without it float32 stays float32, and everything else becomes float64.
copy : bool, default True
    Whether an ndarray is copied. Otherwise its memory is used where it is contiguous, writable and
    of the right type.

Raises
------
TypeError
    If `data` holds anything but real numbers.
ValueError
    If nested lists differ in length.

Examples
--------
>>> from autograd import Value
>>> x = Value(3.0)
>>> y = x * x + 2.0 * x
>>> y.backward()
>>> y.data, x.grad
(15.0, 8.0)
>>> w = Value([1.0, 2.0])
>>> (w * w).sum().backward()
>>> w.grad
array([2., 4.])
)";

}  // namespace

PyObject* wrap_new(Node* node) noexcept {
  if (!free_objects.has_any()) [[unlikely]]
    return wrap_in_new_object(node);
  graph.allow_one_less();
  return put_in_free_object(node);
}

void renew_allowance_now() noexcept {
  if (!everybody_records()) return;
  free_objects.make_some();
  graph.allow(free_objects.count());
}

void FreeObjects::make_some() noexcept {
  constexpr std::size_t few = 64;
  while (count() < few && has_room()) {
    auto* object = static_cast<ValueObject*>(PyObject_Malloc(sizeof(ValueObject)));
    if (object == nullptr) return;
    PyObject_Init(reinterpret_cast<PyObject*>(object), value_type);
    object->holder = Holder{};
    put(object);
  }
}

void FreeObjects::allow(bool any) {
  graph.allow(0);
  limit_ = any ? places_ + most : places_;
  while (!any && has_any()) free_object(reinterpret_cast<PyObject*>(take()));
}

PyObject* wrap(Node* node) noexcept {
  if (node->holder != nullptr) {
    char* holder = reinterpret_cast<char*>(node->holder);
    return Py_NewRef(reinterpret_cast<PyObject*>(holder - offsetof(ValueObject, holder)));
  }
  Graph::retain(node);
  PyObject* value = wrap_new(node);
  if (value != nullptr && node->has(is_watched)) {
    if (node->has(is_array)) {
      as_value(value)->holder.gradient_array = graph.kept_array(node).hand_over();
    } else {
      as_value(value)->holder.gradient = graph.kept_gradient(node);
    }
  }
  return value;
}

py::object object_of(Node* node) {
  auto value = py::reinterpret_steal<py::object>(wrap(node));
  if (!value) throw py::error_already_set();
  return value;
}

namespace {

// Of an array, or of an element of a leaf.
PyObject* array_gradient_of(ValueObject* value) noexcept {
  return guarded([&]() -> PyObject* {
    Node* node = value->node;
    if (node->has(is_view)) {
      const Array* whole = as_leaf(node)->base()->gradient_array;
      return PyFloat_FromDouble(whole == nullptr ? 0.0 : whole->number_at(as_leaf(node)->place));
    }
    return ndarray_of(gradient_array_for(value), node->has(is_leaf)).release().ptr();
  });
}

}  // namespace

PyObject* gradient_of(ValueObject* value) noexcept {
  if (value->holder.gradient_node != nullptr) return wrap(value->holder.gradient_node);
  const Node* node = value->node;
  if (node->has_any(is_array | is_view)) return array_gradient_of(value);
  return PyFloat_FromDouble(node->has(is_leaf) ? as_leaf(node)->gradient : value->holder.gradient);
}

void bind_value(py::module_& module) {
  set_recording_watcher([] { graph.allow(0); });
  std::vector<PyType_Slot> slots;
  add_operator_slots(slots);
  add_attribute_slots(slots);
  slots.push_back({Py_tp_dealloc, reinterpret_cast<void*>(deallocate)});
  slots.push_back({Py_tp_doc, const_cast<char*>(value_documentation)});
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
