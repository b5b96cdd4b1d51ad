#include "bind/reductions.hpp"

#include "bind/arguments.hpp"
#include "bind/operand.hpp"

namespace autograd::bind {

namespace {

PyObject* call_sum(PyObject*, PyObject* iterable) noexcept {
  return guarded([&] {
    OperandList values("sum", iterable);
    return wrap_new(sum(graph, values.as_nodes()));
  });
}

void refuse_empty(const char* operation, const OperandList& values) {
  if (values.size() == 0)
    throw py::value_error("[" + std::string(operation) +
                          "] an empty list was given - at least one value is needed. Check the "
                          "list before.");
}

PyObject* call_mean(PyObject*, PyObject* iterable) noexcept {
  return guarded([&] {
    OperandList values("mean", iterable);
    refuse_empty("mean", values);
    return wrap_new(mean(graph, values.as_nodes()));
  });
}

PyObject* call_logsumexp(PyObject*, PyObject* iterable) noexcept {
  return guarded([&] {
    OperandList values("logsumexp", iterable);
    refuse_empty("logsumexp", values);
    return wrap_new(logsumexp(graph, values.as_nodes()));
  });
}

// A bias as a node: a Value's, or a constant made for a number; null for None.
Reference bias_node(const char* operation, PyObject* bias) {
  if (bias == nullptr || bias == Py_None) return {};
  const Argument argument = operand_for(operation, bias);
  if (argument.node != nullptr) return Reference::sharing(graph, argument.node);
  return {graph, graph.new_constant(argument.number)};
}

PyObject* call_dot(PyObject*, PyObject* const* arguments, Py_ssize_t count,
                   PyObject* names) noexcept {
  return guarded([&] {
    static constexpr const char* parameters[] = {"ws", "xs", "bias"};
    PyObject* given[3] = {nullptr, nullptr, nullptr};
    read_arguments("dot", parameters, 2, arguments, count, names, given);
    OperandList weights("dot", given[0]);
    OperandList inputs("dot", given[1]);
    const Reference bias = bias_node("dot", given[2]);
    // Numbers are cheapest as inputs; a product does not mind the order.
    const bool swapped = !weights.has_nodes() && inputs.has_nodes();
    OperandList& first = swapped ? inputs : weights;
    const OperandList& second = swapped ? weights : inputs;
    return wrap_new(dot(graph, first.as_nodes(), second.as_inputs(), bias.get()));
  });
}

Activation activation_at(PyObject* code) {
  const long number = PyLong_AsLong(code);
  if (number == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
  const auto activation = static_cast<Activation>(number);
  if (activation != number || !is_activation(activation))
    throw py::value_error("[neuron] " + std::to_string(number) +
                          " was given as activation - a number from activation(name) is needed. "
                          "Call activation() with its name.");
  return activation;
}

PyObject* call_neuron(PyObject*, PyObject* const* arguments, Py_ssize_t count,
                      PyObject* names) noexcept {
  return guarded([&] {
    static constexpr const char* parameters[] = {"weights", "inputs", "bias", "activation"};
    PyObject* given[4] = {nullptr, nullptr, nullptr, nullptr};
    read_arguments("neuron", parameters, 4, arguments, count, names, given);
    OperandList weights("neuron", given[0]);
    const OperandList inputs("neuron", given[1]);
    const Reference bias = bias_node("neuron", given[2]);
    return wrap_new(
        neuron(graph, weights.as_nodes(), inputs.as_inputs(), bias.get(), activation_at(given[3])));
  });
}

constexpr const char* sum_documentation = R"(sum($module, values, /)
--

Add up a list of values, from left to right, as one node.

Parameters
----------
values : iterable of Value or float

Returns
-------
Value
    0.0 for an empty list.

Examples
--------
>>> import autograd
>>> autograd.sum([autograd.Value(1.0), autograd.Value(2.0), 4.0])
Value(7.0, grad=0.0)
)";

constexpr const char* mean_documentation = R"(mean($module, values, /)
--

The arithmetic mean of a list of values, as one node.

Parameters
----------
values : iterable of Value or float
    At least one.

Returns
-------
Value

Raises
------
ValueError
    If the list is empty.

Examples
--------
>>> import autograd
>>> autograd.mean([autograd.Value(1.0), autograd.Value(2.0)])
Value(1.5, grad=0.0)
)";

constexpr const char* logsumexp_documentation = R"(logsumexp($module, values, /)
--

log(exp(x1) + exp(x2) + ...) without overflow, as one node.

Parameters
----------
values : iterable of Value or float
    At least one.

Returns
-------
Value

Raises
------
ValueError
    If the list is empty.

Examples
--------
>>> import autograd
>>> autograd.logsumexp([autograd.Value(1000.0), autograd.Value(0.0)])
Value(1000.0, grad=0.0)
)";

constexpr const char* dot_documentation = R"(dot($module, ws, xs, bias=None)
--

bias + w1*x1 + w2*x2 + ..., from left to right, as one node.

Parameters
----------
ws, xs : iterable of Value or float
    Of one length.
bias : Value or float, optional

Returns
-------
Value

Raises
------
ValueError
    If the lengths differ.

Examples
--------
>>> import autograd
>>> autograd.dot([autograd.Value(1.0), autograd.Value(2.0)], [3.0, 4.0], bias=0.5)
Value(11.5, grad=0.0)
)";

constexpr const char* neuron_documentation =
    R"(neuron($module, weights, inputs, bias, activation)
--

activation(dot(weights, inputs, bias)) as one node; `activation` comes from `activation(name)`.
)";

PyMethodDef functions[] = {
    {"sum", call_sum, METH_O, sum_documentation},
    {"mean", call_mean, METH_O, mean_documentation},
    {"logsumexp", call_logsumexp, METH_O, logsumexp_documentation},
    {"dot", as_c_function(call_dot), METH_FASTCALL | METH_KEYWORDS, dot_documentation},
    {"neuron", as_c_function(call_neuron), METH_FASTCALL | METH_KEYWORDS, neuron_documentation},
    {nullptr, nullptr, 0, nullptr}};

Activation activation_code(const std::string& name) {
  if (const auto found = activation_of(name)) return *found;
  throw py::value_error("[activation] '" + name + "' was given - one of " + known_activations() +
                        " is needed. Choose one of these names.");
}

}  // namespace

void bind_reductions(py::module_& module) {
  if (PyModule_AddFunctions(module.ptr(), functions) != 0) throw py::error_already_set();
  module.def("activation", activation_code, py::arg("name"),
             "The number by which neuron() knows an activation.");
}

}  // namespace autograd::bind
