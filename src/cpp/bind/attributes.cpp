#include "bind/attributes.hpp"

#include <cstring>
#include <utility>

#include "bind/arguments.hpp"
#include "bind/array.hpp"
#include "bind/backward.hpp"
#include "bind/custom.hpp"
#include "bind/errors.hpp"
#include "bind/functions.hpp"
#include "bind/indexing.hpp"
#include "bind/notes.hpp"
#include "bind/operand.hpp"
#include "bind/structural.hpp"
#include "core/error.hpp"

namespace autograd::bind {

namespace {

void refuse_deletion(const char* name, PyObject* value) {
  if (value == nullptr)
    throw py::attribute_error("[" + std::string(name) +
                              "] a deletion was asked for - a Value always has this attribute. "
                              "Assign to it instead.");
}

Leaf* leaf_for(const char* attribute, PyObject* self) {
  Node* node = node_of(self);
  if (!node->has(is_leaf))
    throw py::attribute_error(
        "[" + std::string(attribute) + "] the result of [" + name_of_operation(node) +
        "] was given - a leaf is needed, which no operation made. Make a new leaf with "
        "value.detach(), or change the leaves and compute the result again.");
  return as_leaf(node);
}

PyObject* get_data(PyObject* self, void*) noexcept {
  Node* node = node_of(self);
  if (!node->has_any(is_array | is_view)) return PyFloat_FromDouble(node->primal);
  return guarded([&] { return data_of(node).release().ptr(); });
}

// The memory of a leaf to write other numbers to. Whoever else has the old one keeps it as it is:
// `old = w.data; w.data = new; w.data = old` says what it does.
Array* memory_of_its_own(Leaf* leaf) {
  if (leaf->array->references > 1 || leaf->array->owner != nullptr) {
    Array* fresh = graph.arrays().allocate_like(*leaf->array);
    const ArrayReference old(std::exchange(leaf->array, fresh));
  }
  return leaf->array;
}

void set_array_data(Leaf* leaf, PyObject* value) {
  Argument number;
  if (is_value(value) ||
      (!read_operand(value, number) && !PyList_Check(value) && !is_real_array("data", value)))
    throw py::type_error("[data] " + description_of(value) +
                         " was given - an array or a number is needed. Pass e.g. value.data.");
  if (number.node == nullptr && read_operand(value, number)) {
    fill(*memory_of_its_own(leaf), number.number);
  } else {
    const ArrayReference given = array_from("data", value, leaf->array->dtype, false);
    if (!same_shape(*given, *leaf->array))
      throw py::value_error("[data] an array of shape " + text_of(shape_of(*given)) +
                            " was given - the shape " + text_of(shape_of(*leaf->array)) +
                            " is needed. Reshape it, or make a new Value.");
    if (given->size > 0 && given->data() != leaf->array->data())
      std::memcpy(memory_of_its_own(leaf)->data(), given->data(), given->bytes());
  }
  graph.touch(leaf);
}

int set_data(PyObject* self, PyObject* value, void*) noexcept {
  return guarded(-1, [&] {
    refuse_deletion("data", value);
    Leaf* leaf = leaf_for("data", self);
    if (leaf->has(is_array)) {
      set_array_data(leaf, value);
      return 0;
    }
    graph.set_primal(leaf, number_for("data", value));
    return 0;
  });
}

PyObject* get_grad(PyObject* self, void*) noexcept { return gradient_of(as_value(self)); }

void set_array_gradient_attribute(ValueObject* self, PyObject* value) {
  Argument number;
  if (!is_value(value) && read_operand(value, number)) {
    set_gradient(self, number.number);
    return;
  }
  const Array& data = *self->node->array;
  if (is_value(value))
    throw py::type_error(
        "[grad] a Value was given - an array or a number is needed. Pass value.data.");
  ArrayReference given = array_from("grad", value, data.dtype);
  if (!same_shape(*given, data))
    throw py::value_error("[grad] an array of shape " + text_of(shape_of(*given)) +
                          " was given - the shape " + text_of(shape_of(data)) +
                          " is needed. Reshape it.");
  give_gradient(self, std::move(given));
}

int set_grad(PyObject* self, PyObject* value, void*) noexcept {
  return guarded(-1, [&] {
    refuse_deletion("grad", value);
    if (node_of(self)->has(is_array) && value != Py_None) {
      set_array_gradient_attribute(as_value(self), value);
      return 0;
    }
    const double gradient = value == Py_None ? 0.0 : number_for("grad", value);
    set_gradient(as_value(self), gradient);
    return 0;
  });
}

PyObject* get_requires_grad(PyObject* self, void*) noexcept {
  const Node* node = node_of(self);
  if (node->has(is_view)) node = as_leaf(node)->base();
  return PyBool_FromLong(node->has(requires_grad) ? 1 : 0);
}

int set_requires_grad(PyObject* self, PyObject* value, void*) noexcept {
  return guarded(-1, [&] {
    refuse_deletion("requires_grad", value);
    Leaf* leaf = leaf_for("requires_grad", self);
    if (leaf->has(is_view))
      throw py::attribute_error(
          "[requires_grad] an element of an array was given - the array is needed, which decides "
          "for all of its elements. Set it there.");
    if (truth_of("Value", "requires_grad", value, true)) {
      leaf->set(requires_grad);
    } else {
      leaf->clear(requires_grad);
    }
    return 0;
  });
}

PyObject* get_is_leaf(PyObject* self, void*) noexcept {
  return PyBool_FromLong(node_of(self)->has(is_leaf) ? 1 : 0);
}

PyObject* get_op(PyObject* self, void*) noexcept {
  return guarded([&] {
    const Node* node = node_of(self);
    return py::str(node->has(is_leaf) ? std::string() : name_of_operation(node)).release().ptr();
  });
}

py::list arguments_of(Node* node) {
  py::list list;
  if (node->has(is_leaf)) return list;
  if (is_structural(node->code)) {
    const Long* record = as_long(node);
    for (std::uint32_t i = 0; i < record->arguments; ++i)
      list.append(object_of(record->operands[i].node));
    return list;
  }
  if (is_of_arrays(node->code)) {
    const Form form = form_of(node->code);
    const std::size_t arity = operation_arities[form.index];
    for (std::size_t i = 0; i < arity; ++i) {
      const Operand& given = operand(node, form.numbers, arity, i);
      if ((form.numbers >> i & 1U) != 0) {
        list.append(given.number);
      } else {
        list.append(object_of(given.node));
      }
    }
    return list;
  }
  dispatch(node->code, [&](auto code) {
    if constexpr (!is_reduction(code)) {
      constexpr Form form = forms[code];
      constexpr std::size_t arity = arity_of<form.index>;
      for (std::size_t i = 0; i < arity; ++i) {
        const Operand& given = operand<arity>(node, form.numbers, i);
        if ((form.numbers >> i & 1U) != 0) {
          list.append(given.number);
        } else {
          list.append(object_of(given.node));
        }
      }
    } else if constexpr (reduction_of(code) == Reduction::dot ||
                         reduction_of(code) == Reduction::neuron) {
      const DotView dot = view_of_dot(as_long(node));
      for (std::size_t i = 0; i < dot.size; ++i) list.append(object_of(dot.weights[i]));
      for (std::size_t i = 0; i < dot.size; ++i) {
        if (dot.input_nodes != nullptr) {
          list.append(object_of(dot.input_nodes[i]));
        } else {
          list.append(dot.input_numbers[i]);
        }
      }
      if (dot.bias != nullptr) list.append(object_of(dot.bias));
    } else {
      const Long* record = as_long(node);
      for (std::uint32_t i = 0; i < record->arguments; ++i)
        list.append(object_of(record->operands[i].node));
    }
  });
  return list;
}

PyObject* get_args(PyObject* self, void*) noexcept {
  return guarded([&] { return py::tuple(arguments_of(node_of(self))).release().ptr(); });
}

PyObject* get_label(PyObject* self, void*) noexcept {
  PyObject* label = label_of(node_of(self));
  return Py_NewRef(label == nullptr ? Py_None : label);
}

int set_label_attribute(PyObject* self, PyObject* value, void*) noexcept {
  return guarded(-1, [&] {
    set_label(node_of(self), value);
    return 0;
  });
}

PyObject* get_shape(PyObject* self, void*) noexcept {
  const Node* node = node_of(self);
  if (!node->has(is_array)) return PyTuple_New(0);
  return guarded([&] { return tuple_of(shape_of(*node->array)).release().ptr(); });
}

PyObject* get_transposed(PyObject* self, void*) noexcept {
  return PyObject_CallMethod(self, "transpose", nullptr);
}

// Only arrays have `__array__`: where a scalar had one, np.array([values]) would hold floats
// without a gradient instead of the values.
PyObject* as_ndarray(PyObject* self, PyObject* const* arguments, Py_ssize_t count,
                     PyObject* names) noexcept {
  return guarded([&]() -> PyObject* {
    static constexpr const char* parameters[] = {"dtype", "copy"};
    PyObject* given[2] = {};
    read_arguments("__array__", parameters, 0, arguments, count, names, given);
    Node* node = node_of(self);
    warn_if_gradient_lost(
        node,
        "[asarray] a Value that requires a gradient was given - the ndarray that is made of it "
        "has none. Use autograd's functions, autograd.stack for lists, or value.data where only "
        "the numbers are wanted.");
    const py::object data = data_of(node);
    const bool copies = given[1] == Py_True;
    if ((given[0] == nullptr || given[0] == Py_None) && !copies)
      return py::object(data).release().ptr();
    const py::object dtype = given[0] == nullptr || given[0] == Py_None
                                 ? py::object(data.attr("dtype"))
                                 : py::reinterpret_borrow<py::object>(given[0]);
    if (given[1] == Py_False && !py::dtype::from_args(dtype).equal(data.attr("dtype")))
      throw py::value_error(
          "[asarray] copy=False was given with another dtype - the dtype of the data is needed. "
          "Leave copy out.");
    return data.attr("astype")(dtype, py::arg("copy") = copies).release().ptr();
  });
}

PyMethodDef as_ndarray_definition{"__array__", as_c_function(as_ndarray), with_names,
                                  "The data as an ndarray."};

PyObject* get_array(PyObject* self, void*) noexcept {
  if (!node_of(self)->has(is_array)) {
    PyErr_SetString(PyExc_AttributeError, "a scalar Value is no array");
    return nullptr;
  }
  return PyCFunction_New(&as_ndarray_definition, self);
}

PyObject* get_ndim(PyObject* self, void*) noexcept {
  const Node* node = node_of(self);
  return PyLong_FromLong(node->has(is_array) ? node->array->rank : 0);
}

PyObject* get_size(PyObject* self, void*) noexcept {
  const Node* node = node_of(self);
  return PyLong_FromSize_t(node->has(is_array) ? node->array->size : 1);
}

// Only arrays have a dtype: NumPy would convert the elements of an array of scalar Values to it.
PyObject* get_dtype(PyObject* self, void*) noexcept {
  const Node* node = node_of(self);
  if (!node->has(is_array)) {
    PyErr_SetString(PyExc_AttributeError, "a scalar Value has no dtype: it is a Python float");
    return nullptr;
  }
  return guarded([&] { return dtype_object(node->array->dtype).release().ptr(); });
}

// As NumPy prints it; a large gradient is left out.
PyObject* represent_array(const Node* node, ValueObject* value) {
  const py::object print = py::module_::import("numpy").attr("array2string");
  const auto text_of_array = [&print](Array* array, const char* prefix) {
    return std::string(py::str(
        print(ndarray_of(array, false), py::arg("separator") = ", ", py::arg("prefix") = prefix)));
  };
  std::string text = "Value(" + text_of_array(node->array, "Value(");
  if (node->array->size <= 16) {
    text += ", grad=" + text_of_array(gradient_array_for(value), "Value(");
  } else {
    text += ", shape=" + text_of(shape_of(*node->array));
  }
  return py::str(text + ")").release().ptr();
}

PyObject* represent(PyObject* self) noexcept {
  return guarded([&]() -> PyObject* {
    const Node* node = node_of(self);
    if (node->has(is_array)) return represent_array(node, as_value(self));
    const ValueObject* value = as_value(self);
    double gradient = node->has(is_leaf) ? as_leaf(node)->gradient : value->holder.gradient;
    if (node->has(is_view)) {
      const Leaf* view = as_leaf(node);
      Graph::refresh(as_leaf(node_of(self)));
      const Array* whole = view->base()->gradient_array;
      gradient = whole == nullptr ? 0.0 : whole->number_at(view->place);
    }
    const std::string text = "Value(" + text_of(node->primal) + ", grad=" + text_of(gradient) + ")";
    return py::str(text).release().ptr();
  });
}

PyGetSetDef getters_and_setters[] = {
    {"data", get_data, set_data,
     "float: the value. Settable on a leaf; results computed from its old value become stale, and "
     "backward through them raises StaleValueError.",
     nullptr},
    {"grad", get_grad, set_grad,
     "float: what the backward passes have added up, for a leaf; the derivative of the latest root "
     "with respect to this value, for a result. A Value after backward(create_graph=True).",
     nullptr},
    {"requires_grad", get_requires_grad, set_requires_grad,
     "bool: whether derivatives with respect to this value are wanted. Settable on a leaf.",
     nullptr},
    {"is_leaf", get_is_leaf, nullptr, "bool: whether no recorded operation made this value.",
     nullptr},
    {"op", get_op, nullptr, "str: the name of the operation that made this value; '' for a leaf.",
     nullptr},
    {"args", get_args, nullptr,
     "tuple of Value and float: what the operation was applied to; () for a leaf.", nullptr},
    {"label", get_label, set_label_attribute, "str or None: a name, for drawings.", nullptr},
    {"shape", get_shape, nullptr, "tuple of int: the length along each axis; () for a scalar.",
     nullptr},
    {"T", get_transposed, nullptr, "Value: with its axes reversed.", nullptr},
    {"__array__", get_array, nullptr, "callable: for NumPy, of arrays only.", nullptr},
    {"ndim", get_ndim, nullptr, "int: the number of axes; 0 for a scalar.", nullptr},
    {"size", get_size, nullptr, "int: the number of elements; 1 for a scalar.", nullptr},
    {"dtype", get_dtype, nullptr, "numpy.dtype: float64 or float32; arrays only.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

}  // namespace

void add_attribute_slots(std::vector<PyType_Slot>& slots) {
  // CPython keeps pointers to the definitions.
  static auto& methods = *new std::vector<PyMethodDef>;
  add_function_methods(methods);
  add_backward_methods(methods);
  add_structural_methods(methods);
  methods.push_back({nullptr, nullptr, 0, nullptr});
  add_indexing_slots(slots);
  slots.push_back({Py_tp_methods, methods.data()});
  slots.push_back({Py_tp_getset, getters_and_setters});
  slots.push_back({Py_tp_repr, reinterpret_cast<void*>(represent)});
}

}  // namespace autograd::bind
