#include "bind/reductions.hpp"

#include "bind/arguments.hpp"
#include "bind/array.hpp"
#include "bind/operand.hpp"
#include "bind/structural.hpp"
#include "core/composed.hpp"
#include "core/dense.hpp"

namespace autograd::bind {

namespace {

bool is_array_like(PyObject* object) {
  if (PyList_CheckExact(object) || PyTuple_CheckExact(object)) return false;
  return is_value(object) || py::isinstance<py::array>(object);
}

// The axis and whether to keep it, in a call of a function that takes lists too.
struct Along {
  const char* operation;
  PyObject* values = nullptr;
  PyObject* axis = nullptr;
  PyObject* keepdims = nullptr;

  Along(const char* given_operation, PyObject* const* arguments, Py_ssize_t count, PyObject* names)
      : operation(given_operation) {
    static constexpr const char* parameters[] = {"values", "axis", "keepdims"};
    PyObject* given[3] = {};
    read_arguments(operation, parameters, 1, arguments, count, names, given);
    values = given[0];
    axis = given[1];
    keepdims = given[2];
  }

  // A list, or another iterable, whose elements are meant one by one.
  bool is_list() const { return axis == nullptr && keepdims == nullptr && !is_array_like(values); }
  bool keeps() const { return truth_of(operation, "keepdims", keepdims, false); }
};

void refuse_empty(const char* operation, const OperandList& values) {
  if (values.size() == 0)
    throw py::value_error("[" + std::string(operation) +
                          "] an empty list was given - at least one value is needed. Check the "
                          "list before.");
}

// Of a list of arrays: along a new first axis.
Term stacked(const char* operation, OperandList& values) {
  std::vector<Term> terms;
  for (Node* node : values.as_nodes()) terms.emplace_back(Reference::sharing(graph, node));
  return stack_terms(operation, terms);
}

std::uint64_t axes_of(const char* operation, const Along& along, const Term& x) {
  return axes_for(operation, along.axis, x.shape().rank());
}

PyObject* call_sum(PyObject*, PyObject* const* arguments, Py_ssize_t count,
                   PyObject* names) noexcept {
  return guarded([&]() -> PyObject* {
    const Along along("sum", arguments, count, names);
    if (along.is_list()) {
      OperandList values("sum", along.values);
      if (values.has_arrays()) return wrap_term(sum(stacked("sum", values), 1, false));
      return wrap_new(sum(graph, values.as_nodes()));
    }
    return reduce_array("sum", along.values, along.axis, along.keepdims);
  });
}

PyObject* call_mean(PyObject*, PyObject* const* arguments, Py_ssize_t count,
                    PyObject* names) noexcept {
  return guarded([&]() -> PyObject* {
    const Along along("mean", arguments, count, names);
    if (along.is_list()) {
      OperandList values("mean", along.values);
      refuse_empty("mean", values);
      if (values.has_arrays())
        return wrap_term(sum(stacked("mean", values), 1, false) /
                         static_cast<double>(values.size()));
      return wrap_new(mean(graph, values.as_nodes()));
    }
    return reduce_array("mean", along.values, along.axis, along.keepdims);
  });
}

template <bool largest>
PyObject* call_extremum(PyObject*, PyObject* const* arguments, Py_ssize_t count,
                        PyObject* names) noexcept {
  constexpr const char* name = largest ? "max" : "min";
  return guarded([&]() -> PyObject* {
    const Along along(name, arguments, count, names);
    return reduce_array(name, along.values, along.axis, along.keepdims);
  });
}

PyObject* call_logsumexp(PyObject*, PyObject* const* arguments, Py_ssize_t count,
                         PyObject* names) noexcept {
  return guarded([&]() -> PyObject* {
    const Along along("logsumexp", arguments, count, names);
    if (along.is_list()) {
      OperandList values("logsumexp", along.values);
      refuse_empty("logsumexp", values);
      if (values.has_arrays()) return wrap_term(logsumexp(stacked("logsumexp", values), 1, false));
      return wrap_new(logsumexp(graph, values.as_nodes()));
    }
    const Term x = term_for("logsumexp", along.values);
    return wrap_term(logsumexp(x, axes_of("logsumexp", along, x), along.keeps()));
  });
}

template <Term (*function)(const Term&, std::uint64_t)>
PyObject* call_normalizing(const char* name, PyObject* const* arguments, Py_ssize_t count,
                           PyObject* names) noexcept {
  return guarded([&]() -> PyObject* {
    static constexpr const char* parameters[] = {"values", "axis"};
    PyObject* given[2] = {};
    read_arguments(name, parameters, 1, arguments, count, names, given);
    const Term x = term_for(name, given[0]);
    const py::int_ last(-1);
    PyObject* axis = given[1] == nullptr && x.is_array() ? last.ptr() : given[1];
    return wrap_term(function(x, axes_for(name, axis, x.shape().rank())));
  });
}

PyObject* call_softmax(PyObject*, PyObject* const* arguments, Py_ssize_t count,
                       PyObject* names) noexcept {
  return call_normalizing<softmax>("softmax", arguments, count, names);
}

PyObject* call_log_softmax(PyObject*, PyObject* const* arguments, Py_ssize_t count,
                           PyObject* names) noexcept {
  return call_normalizing<log_softmax>("log_softmax", arguments, count, names);
}

// A bias as a node: a Value's, or a constant made for a number; null for None.
Reference bias_node(const char* operation, PyObject* bias) {
  if (bias == nullptr || bias == Py_None) return {};
  const Argument argument = operand_for(operation, bias);
  if (argument.node != nullptr) return Reference::sharing(graph, argument.node);
  return {graph, graph.new_constant(argument.number)};
}

PyObject* dot_of_arrays(PyObject* a, PyObject* b, PyObject* bias) {
  const Term product = dot(term_for("dot", a), term_for("dot", b));
  if (bias == nullptr || bias == Py_None) return wrap_term(product);
  return wrap_term(product + term_for("dot", bias));
}

PyObject* call_dot(PyObject*, PyObject* const* arguments, Py_ssize_t count,
                   PyObject* names) noexcept {
  return guarded([&] {
    static constexpr const char* parameters[] = {"ws", "xs", "bias"};
    PyObject* given[3] = {nullptr, nullptr, nullptr};
    read_arguments("dot", parameters, 2, arguments, count, names, given);
    if (is_array_like(given[0]) || is_array_like(given[1]))
      return dot_of_arrays(given[0], given[1], given[2]);
    OperandList weights("dot", given[0]);
    OperandList inputs("dot", given[1]);
    weights.require_scalars("dot");
    inputs.require_scalars("dot");
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
    weights.require_scalars("neuron");
    inputs.require_scalars("neuron");
    const Reference bias = bias_node("neuron", given[2]);
    return wrap_new(
        neuron(graph, weights.as_nodes(), inputs.as_inputs(), bias.get(), activation_at(given[3])));
  });
}

// activation(weights . inputs + bias) for an array of inputs, or for a list of numbers, which gives
// a list.
PyObject* call_layer(PyObject*, PyObject* const* arguments, Py_ssize_t count,
                     PyObject* names) noexcept {
  return guarded([&]() -> PyObject* {
    static constexpr const char* parameters[] = {"weights", "inputs", "bias", "activation"};
    PyObject* given[4] = {};
    read_arguments("layer", parameters, 4, arguments, count, names, given);
    const Dense layer{term_for("layer", given[0]), term_for("layer", given[2]),
                      activation_at(given[3])};
    if (!layer.weights.is_array())
      throw py::type_error("[layer] " + description_of(given[0]) +
                           " was given as weights - an array is needed. Pass a Value of an array.");
    if (is_array_like(given[1])) {
      const Term input = term_for("layer", given[1]);
      return wrap_term(dense(graph, {&input, 1}, layer));
    }
    OperandList list("layer", given[1]);
    list.require_scalars("layer");
    std::vector<Term> inputs;
    inputs.reserve(list.size());
    for (Node* node : list.as_nodes()) inputs.emplace_back(Reference::sharing(graph, node));
    const Term result = dense(graph, inputs, layer);
    if (!result.is_array()) return wrap_term(result);
    py::list outputs(result.array()->size);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      outputs[i] = object_of(element(result, i));
    }
    return outputs.release().ptr();
  });
}

constexpr const char* layer_documentation =
    R"(layer($module, weights, inputs, bias, activation)
--

activation(weights . inputs + bias) as one node; `activation` comes from `activation(name)`.
)";

constexpr const char* sum_documentation = R"(sum($module, values, axis=None, keepdims=False)
--

Add up a list of values, from left to right, as one node; or the elements of an array.

Parameters
----------
values : iterable of Value or float, or array_like
axis : int or tuple of int, optional
    Of an array: along which axes; all of them by default.
keepdims : bool, default False
    Of an array: keep these axes, with length 1.

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

constexpr const char* mean_documentation = R"(mean($module, values, axis=None, keepdims=False)
--

The arithmetic mean of a list of values, as one node; or of the elements of an array.

Parameters
----------
values : iterable of Value or float, or array_like
    At least one.
axis, keepdims
    As in `sum`.

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

constexpr const char* logsumexp_documentation =
    R"(logsumexp($module, values, axis=None, keepdims=False)
--

log(exp(x1) + exp(x2) + ...) without overflow, of a list of values or of an array.

Parameters
----------
values : iterable of Value or float, or array_like
    At least one.
axis, keepdims
    As in `sum`.

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

constexpr const char* max_documentation = R"(max($module, values, axis=None, keepdims=False)
--

The largest element of an array; a tie shares the derivative equally.

Parameters
----------
values : array_like
    At least one element; nan if one of them is.
axis, keepdims
    As in `sum`.

Returns
-------
Value

Examples
--------
>>> import autograd
>>> autograd.max(autograd.Value([[1.0, 4.0], [3.0, 2.0]]), axis=1).data
array([4., 3.])
)";

constexpr const char* min_documentation = R"(min($module, values, axis=None, keepdims=False)
--

The smallest element of an array; a tie shares the derivative equally.

Parameters
----------
values : array_like
    At least one element; nan if one of them is.
axis, keepdims
    As in `sum`.

Returns
-------
Value

Examples
--------
>>> import autograd
>>> autograd.min(autograd.Value([[1.0, 4.0], [3.0, 2.0]]), axis=1).data
array([1., 2.])
)";

constexpr const char* softmax_documentation = R"(softmax($module, values, axis=-1)
--

exp(x) / sum(exp(x)) along an axis, without overflow.

Parameters
----------
values : array_like
axis : int or tuple of int, default -1

Returns
-------
Value
    Of the same shape; it adds up to 1 along the axis.

Examples
--------
>>> import autograd
>>> autograd.softmax([1000.0, 1000.0]).data
array([0.5, 0.5])
)";

constexpr const char* log_softmax_documentation = R"(log_softmax($module, values, axis=-1)
--

x - log(sum(exp(x))) along an axis, without overflow: the logarithm of `softmax`.

Parameters
----------
values : array_like
axis : int or tuple of int, default -1

Returns
-------
Value
    Of the same shape.

Examples
--------
>>> import autograd
>>> autograd.log_softmax([1000.0, 0.0]).data
array([    0., -1000.])
)";

constexpr const char* dot_documentation = R"(dot($module, ws, xs, bias=None)
--

bias + w1*x1 + w2*x2 + ..., from left to right, as one node; of arrays the matrix product.

Parameters
----------
ws, xs : iterable of Value or float, or array_like
    Of one length. Arrays have one or two axes.
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
    {"sum", as_c_function(call_sum), with_names, sum_documentation},
    {"mean", as_c_function(call_mean), with_names, mean_documentation},
    {"logsumexp", as_c_function(call_logsumexp), with_names, logsumexp_documentation},
    {"max", as_c_function(call_extremum<true>), with_names, max_documentation},
    {"min", as_c_function(call_extremum<false>), with_names, min_documentation},
    {"softmax", as_c_function(call_softmax), with_names, softmax_documentation},
    {"log_softmax", as_c_function(call_log_softmax), with_names, log_softmax_documentation},
    {"dot", as_c_function(call_dot), with_names, dot_documentation},
    {"layer", as_c_function(call_layer), with_names, layer_documentation},
    {"neuron", as_c_function(call_neuron), with_names, neuron_documentation},
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
