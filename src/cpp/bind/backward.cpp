#include "bind/backward.hpp"

#include "bind/arguments.hpp"
#include "bind/array.hpp"
#include "bind/graph.hpp"
#include "bind/operand.hpp"
#include "core/backward.hpp"
#include "core/differentiate.hpp"
#include "core/forward.hpp"
#include "core/structural.hpp"

namespace autograd::bind {

namespace {

// What a root is seeded with: in its shape.
Term seed_for(Node* root, PyObject* gradient) {
  const Shape shape = root->has(is_array) ? shape_of(*root->array) : Shape();
  if (gradient == nullptr || gradient == Py_None) {
    if (!root->has(is_array)) return 1.0;
    if (root->array->size == 1) return 1.0;
    throw py::value_error("[backward] the root has shape " + text_of(shape) +
                          " - a scalar is needed. Pass gradient=..., or reduce it, e.g. with "
                          ".sum().");
  }
  Term seed = term_for("backward", gradient);
  if (seed.shape() == shape) return seed;
  throw py::value_error("[backward] a gradient of shape " + text_of(seed.shape()) +
                        " was given - the shape of the root is needed, " + text_of(shape) +
                        ". Reshape or broadcast it.");
}

PyObject* backward_method(PyObject* self, PyObject* const* arguments, Py_ssize_t count,
                          PyObject* names) noexcept {
  return guarded([&]() -> PyObject* {
    if (count == 0 && names == nullptr && !node_of(self)->has(is_array)) {  // nearly always
      const auto root = Reference::sharing(graph, node_of(self));
      take_turn();
      backward(graph, root.get(), 1.0);
      Py_RETURN_NONE;
    }
    static constexpr const char* parameters[] = {"gradient", "create_graph", "retain_grad"};
    PyObject* given[3] = {nullptr, nullptr, nullptr};
    read_arguments("backward", parameters, 0, arguments, count, names, given);
    const bool create_graph = truth_of("backward", "create_graph", given[1], false);
    const bool retain_all = truth_of("backward", "retain_grad", given[2], false);
    // The root must outlive what a change of its gradient sets free.
    const auto root = Reference::sharing(graph, node_of(self));
    const Term seed = seed_for(root.get(), given[0]);
    const Retain retain = retain_all ? Retain::all : Retain::held;
    take_turn();
    if (create_graph) {
      differentiate(graph, root.get(), seed, retain);
    } else {
      backward(graph, root.get(), seed, retain);
    }
    Py_RETURN_NONE;
  });
}

PyObject* zero_grad_method(PyObject* self, PyObject*) noexcept {
  return guarded([&]() -> PyObject* {
    set_gradient(as_value(self), 0.0);
    Py_RETURN_NONE;
  });
}

PyObject* detach_method(PyObject* self, PyObject*) noexcept {
  return guarded([&] {
    Node* node = node_of(self);
    if (node->has(is_view)) Graph::refresh(as_leaf(node));
    if (!node->has(is_array)) return wrap_new(graph.new_constant(node->primal));
    ArrayReference copy = ArrayReference::sharing(node->array);
    make_own(copy);  // its data can be written to
    return wrap_new(graph.new_constant(std::move(copy)));
  });
}

PyObject* item_method(PyObject* self, PyObject*) noexcept {
  return guarded([&] {
    Node* node = node_of(self);
    if (node->has(is_view)) Graph::refresh(as_leaf(node));
    if (!node->has(is_array)) return PyFloat_FromDouble(node->primal);
    if (node->array->size == 1) return PyFloat_FromDouble(node->array->number_at(0));
    throw py::value_error("[item] an array of shape " + text_of(shape_of(*node->array)) +
                          " was given - one element is needed. Index it first, or use .data.");
  });
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

// A gradient as a float or as an ndarray in the shape of its input.
py::object plain(Term gradient, const Node* input) {
  if (!input->has(is_array)) return py::float_(gradient.number());
  ArrayReference array;
  if (gradient.is_array()) {
    array = ArrayReference::sharing(gradient.array());
    gradient = 0.0;  // which most often had it alone: then there is nothing to copy
    make_own(array);
  } else {
    array = filled_like(*input->array, gradient.number());
  }
  return ndarray_of(array.get(), true);
}

// Below `autograd.grad(root, inputs)`.
py::list gradients_of(py::handle root, const py::sequence& inputs, py::handle seed,
                      bool create_graph) {
  Node* root_node = node_for("grad", root.ptr());
  std::vector<Node*> nodes;
  for (const py::handle& input : inputs) nodes.push_back(node_for("grad", input.ptr()));
  const Term gradient = seed_for(root_node, seed.ptr());
  take_turn();
  py::list results;
  if (create_graph) {
    for (const Reference& result : recorded_gradients(graph, root_node, nodes, gradient))
      results.append(object_of(result.get()));
  } else {
    std::vector<Term> terms = gradients(graph, root_node, nodes, gradient);
    for (std::size_t i = 0; i < terms.size(); ++i)
      results.append(plain(std::move(terms[i]), nodes[i]));
  }
  return results;
}

// An array is read within the call alone, and need not be copied; None is zero.
Term direction_for(PyObject* direction) {
  if (direction == Py_None) return 0.0;
  if (!is_real_array("hvp", direction)) return term_for("hvp", direction);
  ArrayReference array = array_from("hvp", direction, std::nullopt, false);
  if (array->rank == 0) return array->number_at(0);
  return Reference(graph, graph.new_constant(std::move(array)));
}

// Below `autograd.hvp`: the Hessian of root times a vector.
py::list hessian_product_of(py::handle root, const py::sequence& inputs,
                            const py::sequence& directions) {
  Node* root_node = node_for("hvp", root.ptr());
  std::vector<Node*> nodes;
  std::vector<Term> terms;
  for (const py::handle& input : inputs) nodes.push_back(node_for("hvp", input.ptr()));
  for (const py::handle& direction : directions) terms.push_back(direction_for(direction.ptr()));
  if (terms.size() != nodes.size())
    throw py::value_error("[hvp] " + std::to_string(terms.size()) + " directions were given - " +
                          std::to_string(nodes.size()) +
                          " are needed, one for each input. Give one for each.");
  take_turn();
  std::vector<Term> products = hessian_product(graph, root_node, nodes, terms);
  py::list results;
  for (std::size_t i = 0; i < products.size(); ++i)
    results.append(plain(std::move(products[i]), nodes[i]));
  return results;
}

// Of an array: zeros are no array at all. Of an element of a leaf: in the gradient of the leaf.
void set_array_gradient(ValueObject* value, double gradient) {
  Node* node = value->node;
  if (node->has(is_view)) {
    Leaf* base = as_leaf(node)->base();
    if (base->gradient_array == nullptr) {
      if (gradient == 0.0) return;
      base->gradient_array = filled_like(*base->array, 0.0).hand_over();
    }
    base->gradient_array->set_number(as_leaf(node)->place, gradient);
    graph.forget_recorded_gradient(base);
    return;
  }
  give_gradient(value, gradient == 0.0 ? ArrayReference() : filled_like(*node->array, gradient));
}

}  // namespace

void set_gradient(ValueObject* value, double gradient) {
  Node* node = value->node;
  if (node->has_any(is_array | is_view)) [[unlikely]] {
    set_array_gradient(value, gradient);
  } else if (node->has(is_leaf)) {
    as_leaf(node)->gradient = gradient;
  } else {
    value->holder.gradient = gradient;
  }
  graph.forget_recorded_gradient(node);
}

Array* gradient_array_for(ValueObject* value) {
  Node* node = value->node;
  Array*& gradient =
      node->has(is_leaf) ? as_leaf(node)->gradient_array : value->holder.gradient_array;
  if (gradient == nullptr) gradient = filled_like(*node->array, 0.0).hand_over();
  return gradient;
}

void give_gradient(ValueObject* value, ArrayReference gradient) {
  Node* node = value->node;
  Array*& place = node->has(is_leaf) ? as_leaf(node)->gradient_array : value->holder.gradient_array;
  const ArrayReference replaced(std::exchange(place, gradient.hand_over()));
  graph.forget_recorded_gradient(node);
}

void add_backward_methods(std::vector<PyMethodDef>& methods) {
  methods.push_back(
      {"backward", as_c_function(backward_method), with_names, backward_documentation});
  methods.push_back({"zero_grad", zero_grad_method, METH_NOARGS, zero_grad_documentation});
  methods.push_back({"detach", detach_method, METH_NOARGS, detach_documentation});
  methods.push_back({"item", item_method, METH_NOARGS, item_documentation});
}

namespace {

// Below `autograd.jvp`: the derivative of root in the direction of the tangents.
py::object push_forward_of(py::handle root, const py::sequence& inputs,
                           const py::sequence& tangents, bool create_graph) {
  Node* root_node = node_for("jvp", root.ptr());
  std::vector<Node*> nodes;
  std::vector<Term> directions;
  for (const py::handle& input : inputs) nodes.push_back(node_for("jvp", input.ptr()));
  for (const py::handle& tangent : tangents) directions.push_back(term_for("jvp", tangent.ptr()));
  if (nodes.size() != directions.size())
    throw py::value_error("[jvp] " + std::to_string(directions.size()) + " tangents were given - " +
                          std::to_string(nodes.size()) +
                          " are needed, one for each input. Give one for each.");
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Shape shape = nodes[i]->has(is_array) ? shape_of(*nodes[i]->array) : Shape();
    if (directions[i].is_number() || directions[i].shape() == shape) continue;
    throw py::value_error("[jvp] a tangent of shape " + text_of(directions[i].shape()) +
                          " was given - the shape of the input is needed, " + text_of(shape) +
                          ". Reshape it.");
  }
  take_turn();
  const RecordingScope recording(create_graph);
  const Term result = as_array(graph, push_forward(graph, root_node, nodes, directions), root_node);
  if (create_graph) return object_of(result.as_node(graph).get());
  return plain(result, root_node);
}

}  // namespace

void bind_backward(py::module_& module) {
  module.def("push_forward", push_forward_of, py::arg("root"), py::arg("inputs"),
             py::arg("tangents"), py::arg("create_graph"),
             "The derivative of root in the direction in which each input has its tangent.");
  module.def("gradients", gradients_of, py::arg("root"), py::arg("inputs"), py::arg("gradient"),
             py::arg("create_graph"),
             "The derivatives of root with respect to each of inputs, times gradient.");
  module.def("hessian_product", hessian_product_of, py::arg("root"), py::arg("inputs"),
             py::arg("directions"),
             "The Hessian of root with respect to inputs, times directions of their shapes.");
}

}  // namespace autograd::bind
