#include "bind/backward.hpp"

#include "bind/arguments.hpp"
#include "bind/operand.hpp"
#include "core/backward.hpp"
#include "core/differentiate.hpp"

namespace autograd::bind {

namespace {

bool truth_of(PyObject* object, bool absent) {
  if (object == nullptr) return absent;
  const int truth = PyObject_IsTrue(object);
  if (truth < 0) throw py::error_already_set();
  return truth != 0;
}

Recorded recorded(const Argument& argument) {
  if (argument.node == nullptr) return argument.number;
  return Reference::sharing(graph, argument.node);
}

PyObject* backward_method(PyObject* self, PyObject* const* arguments, Py_ssize_t count,
                          PyObject* names) noexcept {
  return guarded([&]() -> PyObject* {
    static constexpr const char* parameters[] = {"gradient", "create_graph", "retain_grad"};
    PyObject* given[3] = {nullptr, nullptr, nullptr};
    read_arguments("backward", parameters, 0, arguments, count, names, given);
    Argument seed{nullptr, 1.0};
    if (given[0] != nullptr && given[0] != Py_None) seed = operand_for("backward", given[0]);
    const bool create_graph = truth_of(given[1], false);
    const bool retain_all = truth_of(given[2], false);
    // The root must outlive what a change of its gradient sets free.
    const auto root = Reference::sharing(graph, node_of(self));
    const Retain retain = retain_all ? Retain::all : Retain::held;
    if (create_graph) {
      differentiate(graph, root.get(), recorded(seed), retain);
    } else {
      backward(graph, root.get(), seed.node == nullptr ? seed.number : seed.node->primal, retain);
    }
    Py_RETURN_NONE;
  });
}

PyObject* zero_grad_method(PyObject* self, PyObject*) noexcept {
  set_gradient(as_value(self), 0.0);
  Py_RETURN_NONE;
}

PyObject* detach_method(PyObject* self, PyObject*) noexcept {
  return guarded([&] { return wrap_new(graph.new_constant(node_of(self)->primal)); });
}

PyObject* item_method(PyObject* self, PyObject*) noexcept {
  return PyFloat_FromDouble(node_of(self)->primal);
}

constexpr const char* backward_documentation =
    R"(backward($self, /, gradient=1.0, create_graph=False, retain_grad=False)
--

Differentiate this value with respect to everything it was computed from.

Adds to `grad` of each leaf that requires a gradient. Results that somebody holds keep the
derivative with respect to them in their `grad`, from the latest call.

Parameters
----------
gradient : float or Value, default 1.0
    The derivative of the final quantity with respect to this value.
create_graph : bool, default False
    Record the computation of the gradients: they become Values, which can be differentiated.
retain_grad : bool, default False
    Keep the derivative with respect to every result, also those that nobody holds now.

Raises
------
NoGradientError
    If this value requires no gradient.
StaleValueError
    If a leaf was changed after it was used. No gradient has changed then.

Examples
--------
>>> from autograd import Value
>>> x = Value(2.0)
>>> (x ** 3).backward()
>>> x.grad
12.0
)";

constexpr const char* zero_grad_documentation = R"(zero_grad($self, /)
--

Set `grad` to 0.0.

Examples
--------
>>> from autograd import Value
>>> x = Value(2.0)
>>> (x * x).backward()
>>> x.zero_grad()
>>> x
Value(2.0, grad=0.0)
)";

constexpr const char* detach_documentation = R"(detach($self, /)
--

Return a new leaf with the same data that requires no gradient.

Returns
-------
Value

Examples
--------
>>> from autograd import Value
>>> x = Value(2.0)
>>> (x * x).detach().requires_grad
False
)";

constexpr const char* item_documentation = R"(item($self, /)
--

Return the data as a float.

Returns
-------
float

Examples
--------
>>> from autograd import Value
>>> Value(2.0).item()
2.0
)";

// Below `autograd.grad(root, inputs)`.
py::list gradients_of(py::handle root, const py::sequence& inputs, py::handle seed,
                      bool create_graph) {
  Node* root_node = node_for("grad", root.ptr());
  std::vector<Node*> nodes;
  for (const py::handle input : inputs) nodes.push_back(node_for("grad", input.ptr()));
  const Argument gradient = operand_for("grad", seed.ptr());
  py::list results;
  if (create_graph) {
    for (const Reference& result : recorded_gradients(graph, root_node, nodes, recorded(gradient)))
      results.append(object_of(result.get()));
  } else {
    const double number = gradient.node == nullptr ? gradient.number : gradient.node->primal;
    for (const double result : gradients(graph, root_node, nodes, number)) results.append(result);
  }
  return results;
}

}  // namespace

void set_gradient(ValueObject* value, double gradient) noexcept {
  if (value->node->has(is_leaf)) {
    as_leaf(value->node)->gradient = gradient;
  } else {
    value->holder.gradient = gradient;
  }
  graph.forget_recorded_gradient(value->node);
}

void add_backward_methods(std::vector<PyMethodDef>& methods) {
  methods.push_back({"backward", as_c_function(backward_method), METH_FASTCALL | METH_KEYWORDS,
                     backward_documentation});
  methods.push_back({"zero_grad", zero_grad_method, METH_NOARGS, zero_grad_documentation});
  methods.push_back({"detach", detach_method, METH_NOARGS, detach_documentation});
  methods.push_back({"item", item_method, METH_NOARGS, item_documentation});
}

void bind_backward(py::module_& module) {
  module.def("gradients", gradients_of, py::arg("root"), py::arg("inputs"), py::arg("gradient"),
             py::arg("create_graph"),
             "The derivatives of root with respect to each of inputs, times gradient.");
}

}  // namespace autograd::bind
