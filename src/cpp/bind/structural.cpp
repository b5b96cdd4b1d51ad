#include "bind/structural.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "bind/arguments.hpp"
#include "bind/array.hpp"
#include "bind/operand.hpp"
#include "core/error.hpp"
#include "core/structural.hpp"

namespace autograd::bind {

namespace {

std::size_t count_along(const Shape& shape, std::uint64_t axes) {
  std::size_t count = 1;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    if ((axes >> axis & 1U) != 0) count *= shape[axis];
  }
  return count;
}

enum class Reducer { sum, mean, max, min };

template <Reducer reducer>
constexpr const char* name_of_reducer() {
  switch (reducer) {
    case Reducer::sum:
      return "sum";
    case Reducer::mean:
      return "mean";
    case Reducer::max:
      return "max";
    case Reducer::min:
      break;
  }
  return "min";
}

template <Reducer reducer>
Term reduce(const Term& x, PyObject* axis, PyObject* keepdims) {
  constexpr const char* name = name_of_reducer<reducer>();
  const Shape shape = x.shape();
  const std::uint64_t axes = axes_for(name, axis, shape.rank());
  const bool keep = truth_of(name, "keepdims", keepdims, false);
  if (!x.is_array()) return x;
  if constexpr (reducer == Reducer::sum) {
    return sum(x, axes, keep);
  } else {
    const std::size_t count = count_along(shape, axes);
    if (count == 0)
      throw py::value_error("[" + std::string(name) + "] an array of shape " + text_of(shape) +
                            " was given - at least one element is needed. Check the array before.");
    if constexpr (reducer == Reducer::mean) {
      return sum(x, axes, keep) / static_cast<double>(count);
    } else {
      return extremum(x, axes, keep, reducer == Reducer::max);
    }
  }
}

template <Reducer reducer>
PyObject* reduce_method(PyObject* self, PyObject* const* arguments, Py_ssize_t count,
                        PyObject* names) noexcept {
  return guarded([&] {
    static constexpr const char* parameters[] = {"axis", "keepdims"};
    PyObject* given[2] = {};
    read_arguments(name_of_reducer<reducer>(), parameters, 0, arguments, count, names, given);
    return wrap_term(reduce<reducer>(term_of(self), given[0], given[1]));
  });
}

}  // namespace

PyObject* reduce_array(const char* operation, PyObject* x, PyObject* axis, PyObject* keepdims) {
  const std::string_view name(operation);
  const Term term = term_for(name, x);
  if (name == "sum") return wrap_term(reduce<Reducer::sum>(term, axis, keepdims));
  if (name == "mean") return wrap_term(reduce<Reducer::mean>(term, axis, keepdims));
  if (name == "max") return wrap_term(reduce<Reducer::max>(term, axis, keepdims));
  return wrap_term(reduce<Reducer::min>(term, axis, keepdims));
}

namespace {

bool is_minus_one(PyObject* object) {
  if (PyIndex_Check(object) == 0) return false;
  const Py_ssize_t number = PyNumber_AsSsize_t(object, nullptr);
  if (PyErr_Occurred() == nullptr) return number == -1;
  PyErr_Clear();  // what it is instead is told by who wants a length
  return false;
}

// A shape of which one length may be -1: what is left.
Shape filled_shape(PyObject* const* arguments, Py_ssize_t count, std::size_t size) {
  py::object lengths;
  if (count == 1 && (PyTuple_Check(arguments[0]) || PyList_Check(arguments[0]))) {
    lengths = py::reinterpret_borrow<py::object>(arguments[0]);
  } else {
    py::tuple tuple(static_cast<std::size_t>(count));
    for (Py_ssize_t i = 0; i < count; ++i)
      tuple[static_cast<std::size_t>(i)] = py::handle(arguments[i]);
    lengths = tuple;
  }
  Shape shape;
  std::size_t product = 1;
  std::size_t open = most_axes;
  for (const py::handle& length : lengths) {
    if (is_minus_one(length.ptr())) {
      if (open != most_axes)
        throw py::value_error("[reshape] the shape " + std::string(py::str(lengths)) +
                              " was given - one length at most may be -1. Write the others out.");
      open = shape.rank();
      shape.append(1);
      continue;
    }
    const Shape one = shape_for("reshape", length.ptr());
    shape.append(one[0]);
    product *= one[0];
  }
  if (open != most_axes && product > 0) shape[open] = size / product;
  if (open != most_axes && product == 0)
    throw py::value_error("[reshape] the shape " + std::string(py::str(lengths)) +
                          " was given - lengths without -1 are needed: beside a 0 it may be any. "
                          "Write it out.");
  if (shape.size() != size)
    throw py::value_error("[reshape] the shape " + std::string(py::str(lengths)) +
                          " was given - one of " + std::to_string(size) +
                          " elements is needed. Check the lengths; one may be -1.");
  return shape;
}

PyObject* reshape_method(PyObject* self, PyObject* const* arguments, Py_ssize_t count) noexcept {
  return guarded([&] {
    const Term x = term_of(self);
    const Shape shape = filled_shape(arguments, count, x.shape().size());
    if (x.is_number() && shape.rank() > 0)
      return wrap_term(reshape(Reference(graph, graph.new_constant([&] {
                                 ArrayReference one(graph.arrays().allocate(Dtype::float64, shape));
                                 fill(*one, x.number());
                                 return one;
                               }())),
                               shape));
    return wrap_term(reshape(x, shape));
  });
}

PyObject* ravel_method(PyObject* self, PyObject*) noexcept {
  return guarded([&] {
    PyObject* const minus_one = PyLong_FromLong(-1);
    const auto owner = py::reinterpret_steal<py::object>(minus_one);
    return reshape_method(self, &minus_one, 1);
  });
}

AxisOrder order_for(PyObject* const* arguments, Py_ssize_t count, std::size_t rank) {
  if (count == 0 || (count == 1 && arguments[0] == Py_None)) return reversed_axes(rank);
  py::tuple axes;
  if (count == 1 && (PyTuple_Check(arguments[0]) || PyList_Check(arguments[0]))) {
    axes = py::tuple(py::reinterpret_borrow<py::object>(arguments[0]));
  } else {
    axes = py::tuple(static_cast<std::size_t>(count));
    for (Py_ssize_t i = 0; i < count; ++i)
      axes[static_cast<std::size_t>(i)] = py::handle(arguments[i]);
  }
  AxisOrder order = 0;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::size_t axis = axis_for("transpose", py::object(axes[i]).ptr(), rank);
    seen |= std::uint64_t{1} << axis;
    order |= AxisOrder{axis} << (4 * i);
  }
  if (axes.size() != rank || seen != (std::uint64_t{1} << rank) - 1)
    throw py::value_error("[transpose] the axes " + std::string(py::str(py::object(axes))) +
                          " were given - each of the " + std::to_string(rank) +
                          " axes once is needed. Leave them out to reverse all.");
  return order;
}

PyObject* transpose_method(PyObject* self, PyObject* const* arguments, Py_ssize_t count) noexcept {
  return guarded([&]() -> PyObject* {
    const Term x = term_of(self);
    const AxisOrder order = order_for(arguments, count, x.shape().rank());
    if (x.shape().rank() < 2) return Py_NewRef(self);
    return wrap_term(transpose(x, order));
  });
}

PyObject* astype_method(PyObject* self, PyObject* dtype) noexcept {
  return guarded([&] {
    const std::optional<Dtype> kind = dtype_for("astype", dtype);
    return wrap_term(convert(term_of(self), kind.value_or(Dtype::float64)));
  });
}

// Below the functions of autograd.arrays -------------------------------------------------------

// Functions that Python completes; they take anything that can be an array.
std::vector<Term> terms_of(const char* operation, const py::sequence& values) {
  std::vector<Term> terms;
  for (const py::handle& value : values) terms.push_back(term_for(operation, value.ptr()));
  return terms;
}

py::object matmul_of(py::handle a, py::handle b) {
  return object_of(matmul(term_for("matmul", a.ptr()), term_for("matmul", b.ptr())));
}

py::object broadcast_of(py::handle x, py::handle shape) {
  const Term term = term_for("broadcast_to", x.ptr());
  const Shape to = shape_for("broadcast_to", shape.ptr());
  if (!can_broadcast(term.shape(), to))
    throw py::value_error("[broadcast_to] the shape " + text_of(term.shape()) +
                          " was given - one that can be repeated to " + text_of(to) +
                          " is needed. Reshape it first.");
  if (term.is_number()) {
    ArrayReference array(graph.arrays().allocate(Dtype::float64, to));
    fill(*array, term.number());
    return object_of(Reference(graph, graph.new_constant(std::move(array))));
  }
  return object_of(broadcast_to(term, to));
}

py::object take_flat(py::handle x, const py::array_t<std::int64_t>& places) {
  const Term term = term_for("take", x.ptr());
  if (!term.is_array())
    throw py::type_error(
        "[take] a scalar was given - an array is needed. A scalar has no elements to take.");
  const Reference indices(graph, graph.new_constant(places_from(places)));
  return object_of(take(term, indices));
}

py::object concatenate_of(const py::sequence& values, py::handle axis) {
  const std::vector<Term> terms = terms_of("concatenate", values);
  if (terms.empty())
    throw py::value_error(
        "[concatenate] an empty list was given - at least one array is needed. Check the list "
        "before.");
  if (!std::ranges::all_of(terms, &Term::is_array))
    throw py::value_error(
        "[concatenate] a scalar was given - arrays are needed. Use stack for scalars.");
  const Shape first = terms[0].shape();
  const std::size_t along = axis_for("concatenate", axis.ptr(), first.rank());
  for (const Term& term : terms) {
    Shape shape = term.shape();
    if (shape.rank() == first.rank()) shape[along] = first[along];
    if (shape == first) continue;
    throw py::value_error("[concatenate] the shapes " + text_of(first) + " and " +
                          text_of(term.shape()) +
                          " were given - equal ones are needed, but for the axis that is joined. "
                          "Reshape one of them.");
  }
  return object_of(concatenate(terms, along));
}

py::object stack_of(const py::sequence& values) {
  return object_of(stack_terms("stack", terms_of("stack", values)));
}

py::object cumsum_of(py::handle x, py::handle axis, bool backwards) {
  const Term term = term_for("cumsum", x.ptr());
  return object_of(cumsum(term, axis_for("cumsum", axis.ptr(), term.shape().rank()), backwards));
}

constexpr const char* sum_method_documentation = R"(sum($self, /, axis=None, keepdims=False)
--

Add up the elements.

Parameters
----------
axis : int or tuple of int, optional
    Along which axes; all of them by default.
keepdims : bool, default False
    Keep these axes, with length 1.

Returns
-------
Value
    A scalar when no axis is left.

Examples
--------
>>> from autograd import Value
>>> Value([[1.0, 2.0], [3.0, 4.0]]).sum(axis=0).data
array([4., 6.])
)";

constexpr const char* mean_method_documentation = R"(mean($self, /, axis=None, keepdims=False)
--

The arithmetic mean of the elements, along axes as in `sum`.

Raises
------
ValueError
    If there are no elements.

Examples
--------
>>> from autograd import Value
>>> Value([1.0, 2.0]).mean().data
1.5
)";

constexpr const char* max_method_documentation = R"(max($self, /, axis=None, keepdims=False)
--

The largest element, along axes as in `sum`; nan if there is one.

The derivative goes to the largest element; a tie shares it equally.

Raises
------
ValueError
    If there are no elements.

Examples
--------
>>> from autograd import Value
>>> Value([1.0, 2.0]).max().data
2.0
)";

constexpr const char* min_method_documentation = R"(min($self, /, axis=None, keepdims=False)
--

The smallest element, along axes as in `sum`; nan if there is one.

The derivative goes to the smallest element; a tie shares it equally.

Raises
------
ValueError
    If there are no elements.

Examples
--------
>>> from autograd import Value
>>> Value([1.0, 2.0]).min().data
1.0
)";

constexpr const char* reshape_documentation = R"(reshape($self, /, *shape)
--

The same elements under another shape, in the same order and memory.

Parameters
----------
*shape : int, or one tuple of int
    The new lengths; one may be -1, which is what is left.

Raises
------
ValueError
    If the number of elements differs.

Examples
--------
>>> from autograd import Value
>>> Value([1.0, 2.0, 3.0, 4.0]).reshape(2, -1).shape
(2, 2)
)";

constexpr const char* ravel_documentation = R"(ravel($self, /)
--

The elements along one axis.

Examples
--------
>>> from autograd import Value
>>> Value([[1.0, 2.0], [3.0, 4.0]]).ravel().shape
(4,)
)";

constexpr const char* transpose_documentation = R"(transpose($self, /, *axes)
--

The axes in another order; reversed by default.

Parameters
----------
*axes : int, or one tuple of int
    For each axis of the result, which one of this value it is.

Raises
------
ValueError
    If an axis is missing.

Examples
--------
>>> from autograd import Value
>>> Value([[1.0, 2.0, 3.0]]).transpose().shape
(3, 1)
)";

constexpr const char* astype_documentation = R"(astype($self, dtype, /)
--

The elements as numpy.float64 or numpy.float32.

Examples
--------
>>> import numpy as np
>>> from autograd import Value
>>> Value([1.0, 2.0]).astype(np.float32).dtype
dtype('float32')
)";

}  // namespace

void add_structural_methods(std::vector<PyMethodDef>& methods) {
  methods.push_back(
      {"sum", as_c_function(reduce_method<Reducer::sum>), with_names, sum_method_documentation});
  methods.push_back(
      {"mean", as_c_function(reduce_method<Reducer::mean>), with_names, mean_method_documentation});
  methods.push_back(
      {"max", as_c_function(reduce_method<Reducer::max>), with_names, max_method_documentation});
  methods.push_back(
      {"min", as_c_function(reduce_method<Reducer::min>), with_names, min_method_documentation});
  methods.push_back(
      {"reshape", as_c_function(reshape_method), METH_FASTCALL, reshape_documentation});
  methods.push_back({"ravel", ravel_method, METH_NOARGS, ravel_documentation});
  methods.push_back(
      {"transpose", as_c_function(transpose_method), METH_FASTCALL, transpose_documentation});
  methods.push_back({"astype", astype_method, METH_O, astype_documentation});
}

void bind_structural(py::module_& module) {
  module.def("matmul", matmul_of, py::arg("a"), py::arg("b"));
  module.def("broadcast_to", broadcast_of, py::arg("x"), py::arg("shape"));
  module.def("take_flat", take_flat, py::arg("x"), py::arg("places"));
  module.def("concatenate_along", concatenate_of, py::arg("values"), py::arg("axis"));
  module.def("stack_first", stack_of, py::arg("values"));
  module.def("cumsum_along", cumsum_of, py::arg("x"), py::arg("axis"), py::arg("backwards"));
}

}  // namespace autograd::bind
