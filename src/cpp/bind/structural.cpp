#include "bind/structural.hpp"

#include <algorithm>
#include <cstring>
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

// A value as a Term with fresh data.
Term term_of(PyObject* value) {
  Node* node = node_of(value);
  if (node->has(is_view)) Graph::refresh(as_leaf(node));
  return Reference::sharing(graph, node);
}

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
  const bool keep = truth_of(keepdims, false);
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
    if (PyLong_Check(length.ptr()) && PyLong_AsLong(length.ptr()) == -1 && open == most_axes) {
      open = shape.rank();
      shape.append(1);
      continue;
    }
    const Shape one = shape_for("reshape", length.ptr());
    shape.append(one[0]);
    product *= one[0];
  }
  if (open != most_axes && product > 0) shape[open] = size / product;
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

// Indexing ------------------------------------------------------------------------------------

// What basic indexing has found so far: see Slice.
struct Reader {
  const Shape shape;
  Slice slice;
  Shape result;  // with the new axes of None
  std::size_t axis = 0;

  explicit Reader(const Shape& given) : shape(given) {}

  void take_all() {
    slice.starts[axis] = 0;
    slice.steps[axis] = 1;
    slice.counts.append(shape[axis]);
    result.append(shape[axis++]);
  }

  void take_one(Py_ssize_t index) {
    const auto length = static_cast<Py_ssize_t>(shape[axis]);
    if (index < -length || index >= length)
      throw IndexError("[getitem] the index " + std::to_string(index) + " was given for axis " +
                       std::to_string(axis) + " - one from " + std::to_string(-length) + " to " +
                       std::to_string(length - 1) + " is needed. The shape is " + text_of(shape) +
                       ".");
    slice.starts[axis] = static_cast<std::size_t>(index < 0 ? index + length : index);
    slice.steps[axis] = 1;
    slice.counts.append(1);
    slice.dropped |= std::uint64_t{1} << axis++;
  }

  void take_slice(PyObject* object) {
    Py_ssize_t start = 0;
    Py_ssize_t stop = 0;
    Py_ssize_t step = 0;
    if (PySlice_Unpack(object, &start, &stop, &step) < 0) throw py::error_already_set();
    const Py_ssize_t count =
        PySlice_AdjustIndices(static_cast<Py_ssize_t>(shape[axis]), &start, &stop, step);
    slice.starts[axis] = count == 0 ? 0 : static_cast<std::size_t>(start);
    slice.steps[axis] = step;
    slice.counts.append(static_cast<std::size_t>(count));
    result.append(static_cast<std::size_t>(count));
    ++axis;
  }
};

bool is_index(PyObject* object) {
  return PyLong_Check(object) ? !PyBool_Check(object)
                              : PyIndex_Check(object) != 0 && !py::isinstance<py::array>(object) &&
                                    !is_value(object);
}

bool is_basic(PyObject* object) {
  return is_index(object) || PySlice_Check(object) || object == Py_None || object == Py_Ellipsis;
}

// Reads ints, slices, None and Ellipsis; false when something else is among them.
bool read_basic(PyObject* const* items, std::size_t count, Reader& reader) {
  std::size_t used = 0;
  bool has_ellipsis = false;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_basic(items[i])) return false;
    if (items[i] == Py_Ellipsis) {
      if (has_ellipsis)
        throw IndexError(
            "[getitem] two ellipses were given - one at most is needed. Write : for "
            "the other axes.");
      has_ellipsis = true;
    } else if (items[i] != Py_None) {
      ++used;
    }
  }
  const std::size_t rank = reader.shape.rank();
  if (used > rank)
    throw IndexError("[getitem] " + std::to_string(used) + " indices were given - at most " +
                     std::to_string(rank) + " are needed, for the shape " + text_of(reader.shape) +
                     ". Leave some out.");
  for (std::size_t i = 0; i < count; ++i) {
    PyObject* item = items[i];
    if (item == Py_None) {
      reader.result.append(1);
    } else if (item == Py_Ellipsis) {
      for (std::size_t left = rank - used; left > 0; --left) reader.take_all();
    } else if (PySlice_Check(item)) {
      reader.take_slice(item);
    } else {
      const Py_ssize_t index = PyNumber_AsSsize_t(item, PyExc_IndexError);
      if (index == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
      reader.take_one(index);
    }
  }
  while (reader.axis < rank) reader.take_all();
  return true;
}

// One element: of a leaf, a live view; else a number of the graph.
PyObject* element_of(PyObject* self, const Slice& slice, const Shape& shape) {
  Node* node = node_of(self);
  const Strides strides = strides_of(shape);
  std::size_t place = 0;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis)
    place += slice.starts[axis] * static_cast<std::size_t>(strides[axis]);
  if (node->has(is_leaf)) return wrap_new(graph.new_view(as_leaf(node), place));
  return wrap_term(element(term_of(self), place));
}

// Whole rows along the first axis by an array of ints, the most common of the other keys: in time
// that does not depend on how many rows there are.
std::optional<Reference> rows_for(PyObject* key, const Shape& shape) {
  if (!py::isinstance<py::array>(key) && !PyList_Check(key)) return std::nullopt;
  const py::array array = py::array::ensure(key);
  if (!array) PyErr_Clear();
  if (!array || array.dtype().kind() != 'i' || array.ndim() == 0) return std::nullopt;
  const py::array_t<std::int64_t, py::array::c_style | py::array::forcecast> rows(array);
  Shape result = shape_of(rows);
  std::size_t inner = 1;
  for (std::size_t axis = 1; axis < shape.rank(); ++axis) {
    result.append(shape[axis]);
    inner *= shape[axis];
  }
  const auto length = static_cast<std::int64_t>(shape[0]);
  ArrayReference places(graph.arrays().allocate(Dtype::int64, result));
  std::int64_t* place = places->integers();
  for (py::ssize_t i = 0; i < rows.size(); ++i) {
    const std::int64_t given = rows.data()[i];
    if (given < -length || given >= length)
      throw IndexError("[getitem] the index " + std::to_string(given) +
                       " was given for axis 0 - one from " + std::to_string(-length) + " to " +
                       std::to_string(length - 1) + " is needed. The shape is " + text_of(shape) +
                       ".");
    const std::int64_t first =
        (given < 0 ? given + length : given) * static_cast<std::int64_t>(inner);
    for (std::size_t j = 0; j < inner; ++j) *place++ = first + static_cast<std::int64_t>(j);
  }
  return Reference(graph, graph.new_constant(std::move(places)));
}

// The places of the elements that any other key selects, as NumPy understands it.
Reference places_for(PyObject* key, const Shape& shape) {
  if (const auto rows = rows_for(key, shape)) return *rows;
  const py::module_ numpy = py::module_::import("numpy");
  const py::object all = numpy.attr("arange")(shape.size()).attr("reshape")(tuple_of(shape));
  py::object chosen = all[py::reinterpret_borrow<py::object>(key)];
  return {graph, graph.new_constant(places_from(chosen))};
}

// An index may be a Value that is a constant, or hold some; NumPy gets their data.
py::object plain_key(PyObject* key) {
  if (is_value(key)) return data_of(node_of(key));
  if (!PyTuple_Check(key)) return py::reinterpret_borrow<py::object>(key);
  py::tuple result(static_cast<std::size_t>(PyTuple_GET_SIZE(key)));
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = plain_key(PyTuple_GET_ITEM(key, static_cast<Py_ssize_t>(i)));
  return result;
}

PyObject* subscript(PyObject* self, PyObject* key) noexcept {
  return guarded([&]() -> PyObject* {
    Node* node = node_of(self);
    if (!node->has(is_array))
      throw py::type_error(
          "[getitem] a scalar Value was given - an array is needed. A scalar has no elements.");
    const Shape shape = shape_of(*node->array);
    Reader reader(shape);
    PyObject* const* items = PyTuple_Check(key) ? &PyTuple_GET_ITEM(key, 0) : &key;
    const auto count = PyTuple_Check(key) ? static_cast<std::size_t>(PyTuple_GET_SIZE(key)) : 1U;
    if (read_basic(items, count, reader)) {
      const bool is_single = reader.slice.dropped == (std::uint64_t{1} << shape.rank()) - 1;
      if (is_single && reader.result.rank() == 0) return element_of(self, reader.slice, shape);
      const Term part = slice(term_of(self), reader.slice);
      return wrap_term(reshape(part, reader.result));
    }
    const Reference places = places_for(plain_key(key).ptr(), shape);
    if (places.get()->array->rank == 0)
      return wrap_term(
          element(term_of(self), static_cast<std::size_t>(places.get()->array->integers()[0])));
    return wrap_term(take(term_of(self), places));
  });
}

Py_ssize_t length(PyObject* self) noexcept {
  return guarded<Py_ssize_t>(-1, [&] {
    const Node* node = node_of(self);
    if (!node->has(is_array))
      throw py::type_error(
          "[len] a scalar Value was given - an array is needed. A scalar has no length.");
    return static_cast<Py_ssize_t>(node->array->lengths[0]);
  });
}

// The elements along the first axis, all at once: whoever iterates wants them all.
PyObject* iterate(PyObject* self) noexcept {
  return guarded([&]() -> PyObject* {
    if (!node_of(self)->has(is_array))
      throw py::type_error(
          "[iter] a scalar Value was given - an array is needed. A scalar has no elements.");
    const Py_ssize_t count = length(self);
    py::list items(static_cast<std::size_t>(count));
    for (Py_ssize_t i = 0; i < count; ++i) {
      const py::int_ index(i);
      auto item = py::reinterpret_steal<py::object>(subscript(self, index.ptr()));
      if (!item) throw py::error_already_set();
      items[static_cast<std::size_t>(i)] = item;
    }
    return PyObject_GetIter(items.ptr());
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

py::object element_of_base(py::handle value) {
  Node* node = node_for("element_of", value.ptr());
  if (!node->has(is_view)) return py::none();
  const Leaf* view = as_leaf(node);
  const Shape shape = shape_of(*view->base()->array);
  const Strides strides = strides_of(shape);
  py::tuple index(shape.rank());
  std::size_t place = view->place;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    index[axis] = place / static_cast<std::size_t>(strides[axis]);
    place %= static_cast<std::size_t>(strides[axis]);
  }
  return py::make_tuple(object_of(view->base()), index);
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

void add_structural_slots(std::vector<PyType_Slot>& slots) {
  slots.push_back({Py_mp_subscript, reinterpret_cast<void*>(subscript)});
  slots.push_back({Py_mp_length, reinterpret_cast<void*>(length)});
  slots.push_back({Py_tp_iter, reinterpret_cast<void*>(iterate)});
}

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
  module.def("element_of", element_of_base, py::arg("value"),
             "The array leaf of which a value is an element, and its place; None for others.");
  module.def("matmul", matmul_of, py::arg("a"), py::arg("b"));
  module.def("broadcast_to", broadcast_of, py::arg("x"), py::arg("shape"));
  module.def("take_flat", take_flat, py::arg("x"), py::arg("places"));
  module.def("concatenate_along", concatenate_of, py::arg("values"), py::arg("axis"));
  module.def("stack_first", stack_of, py::arg("values"));
  module.def("cumsum_along", cumsum_of, py::arg("x"), py::arg("axis"), py::arg("backwards"));
}

}  // namespace autograd::bind
