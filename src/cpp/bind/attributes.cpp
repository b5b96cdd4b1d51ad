#include "bind/attributes.hpp"

#include "bind/backward.hpp"
#include "bind/errors.hpp"
#include "bind/functions.hpp"
#include "bind/labels.hpp"
#include "bind/operand.hpp"
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
        "[" + std::string(attribute) + "] the result of [" + std::string(name_of(node->code)) +
        "] was given - a leaf is needed, which no operation made. Make a new leaf with "
        "value.detach(), or change the leaves and compute the result again.");
  return as_leaf(node);
}

PyObject* get_data(PyObject* self, void*) noexcept {
  return PyFloat_FromDouble(node_of(self)->primal);
}

int set_data(PyObject* self, PyObject* value, void*) noexcept {
  return guarded(-1, [&] {
    refuse_deletion("data", value);
    Leaf* leaf = leaf_for("data", self);
    graph.set_primal(leaf, number_for("data", value));
    return 0;
  });
}

PyObject* get_grad(PyObject* self, void*) noexcept { return gradient_of(as_value(self)); }

int set_grad(PyObject* self, PyObject* value, void*) noexcept {
  return guarded(-1, [&] {
    refuse_deletion("grad", value);
    const double gradient = value == Py_None ? 0.0 : number_for("grad", value);
    set_gradient(as_value(self), gradient);
    return 0;
  });
}

PyObject* get_requires_grad(PyObject* self, void*) noexcept {
  return PyBool_FromLong(node_of(self)->has(requires_grad) ? 1 : 0);
}

int set_requires_grad(PyObject* self, PyObject* value, void*) noexcept {
  return guarded(-1, [&] {
    refuse_deletion("requires_grad", value);
    Leaf* leaf = leaf_for("requires_grad", self);
    const int truth = PyObject_IsTrue(value);
    if (truth < 0) throw py::error_already_set();
    if (truth != 0) {
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
    return py::str(node->has(is_leaf) ? std::string_view() : name_of(node->code)).release().ptr();
  });
}

py::list arguments_of(Node* node) {
  py::list list;
  if (node->has(is_leaf)) return list;
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

PyObject* get_shape(PyObject*, void*) noexcept { return PyTuple_New(0); }

PyObject* represent(PyObject* self) noexcept {
  return guarded([&] {
    const Node* node = node_of(self);
    const ValueObject* value = as_value(self);
    const double gradient = node->has(is_leaf) ? as_leaf(node)->gradient : value->holder.gradient;
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
    {"shape", get_shape, nullptr, "tuple: (), for a scalar has no axes.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

}  // namespace

void add_attribute_slots(std::vector<PyType_Slot>& slots) {
  // CPython keeps pointers to the definitions.
  static auto& methods = *new std::vector<PyMethodDef>;
  add_function_methods(methods);
  add_backward_methods(methods);
  methods.push_back({nullptr, nullptr, 0, nullptr});
  slots.push_back({Py_tp_methods, methods.data()});
  slots.push_back({Py_tp_getset, getters_and_setters});
  slots.push_back({Py_tp_repr, reinterpret_cast<void*>(represent)});
}

}  // namespace autograd::bind
