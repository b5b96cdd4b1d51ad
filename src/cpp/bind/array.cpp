#include "bind/array.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "bind/operand.hpp"
#include "core/deferred.hpp"
#include "core/error.hpp"
#include "core/structural.hpp"

namespace autograd::bind {

namespace {

// Never released: they live as long as the module.
PyObject* numpy_matmul = nullptr;
PyObject* numpy_asarray = nullptr;

py::dtype numpy_dtype(Dtype dtype) {
  switch (dtype) {
    case Dtype::float64:
      return py::dtype::of<double>();
    case Dtype::float32:
      return py::dtype::of<float>();
    case Dtype::int64:
      break;
  }
  return py::dtype::of<std::int64_t>();
}

py::array view_of(Dtype dtype, const Shape& shape, const void* data, const py::object& owner) {
  const std::vector<py::ssize_t> lengths(shape.begin(), shape.end());
  return py::array(numpy_dtype(dtype), lengths, {}, data, owner);
}

std::string description_of_array(const py::array& array) {
  return "an array of dtype " + std::string(py::str(py::object(array.dtype())));
}

[[noreturn]] void refuse_numbers(std::string_view operation, const std::string& given) {
  throw py::type_error("[" + std::string(operation) + "] " + given +
                       " was given - real numbers are needed. Convert it to float first.");
}

// By number and byte order: an unpickled dtype is not the object that NumPy made first.
bool is_of(const py::dtype& given, Dtype dtype) {
  const char order = given.byteorder();
  return given.num() == numpy_dtype(dtype).num() && (order == '=' || order == '|');
}

bool is_real(const py::array& array) {
  return std::string_view("fiub").find(array.dtype().kind()) != std::string_view::npos;
}

}  // namespace

bool is_plain(const py::array& array, Dtype dtype) {
  return (array.flags() & py::array::c_style) != 0 && is_of(array.dtype(), dtype);
}

py::object ndarray_of(Array* array, bool writable) {
  ArrayPool::retain(array);
  const py::capsule owner(array,
                          [](void* pointer) { ArrayPool::release(static_cast<Array*>(pointer)); });
  py::array view = view_of(array->dtype, shape_of(*array), array->data(), owner);
  if (!writable)
    py::detail::array_proxy(view.ptr())->flags &= ~py::detail::npy_api::NPY_ARRAY_WRITEABLE_;
  return view;
}

py::object data_of(Node* node) {
  if (node->has(is_array)) return ndarray_of(node->array, node->has(is_leaf));
  if (node->has(is_view)) Graph::refresh(as_leaf(node));
  return py::float_(node->primal);
}

bool is_real_array(std::string_view operation, PyObject* object) {
  if (!py::isinstance<py::array>(object)) return false;
  const auto array = py::reinterpret_borrow<py::array>(object);
  if (is_real(array)) return true;
  if (array.dtype().kind() == 'O') return false;
  refuse_numbers(operation, description_of_array(array));
}

namespace {

bool holds_value(const py::array& objects) {
  for (const py::handle& object : objects.attr("flat")) {
    if (is_value(object.ptr())) return true;
  }
  return false;
}

// Shares the memory of an ndarray where it is contiguous, aligned, ours to write, and of our type.
ArrayReference adopted(const py::array& array, Dtype dtype, const Shape& shape) {
  const bool fits = is_plain(array, dtype) && array.writeable() &&
                    (array.flags() & py::detail::npy_api::NPY_ARRAY_ALIGNED_) != 0 &&
                    Py_TYPE(array.ptr())->tp_dictoffset == 0;  // no subclass, which may form cycles
  if (!fits) return {};
  PyObject* owner = Py_NewRef(array.ptr());
  return ArrayReference(
      graph.arrays().adopt(dtype, shape, const_cast<void*>(array.data()), owner,
                           [](void* object) { Py_DECREF(static_cast<PyObject*>(object)); }));
}

}  // namespace

ArrayReference array_from(std::string_view operation, PyObject* object, std::optional<Dtype> dtype,
                          bool copy) {
  auto converted = py::reinterpret_steal<py::object>(PyObject_CallOneArg(numpy_asarray, object));
  if (!converted) {
    if (PyErr_ExceptionMatches(PyExc_ValueError) == 0) throw py::error_already_set();
    PyErr_Clear();
    throw py::value_error("[" + std::string(operation) + "] " + description_of(object) +
                          " with parts of different lengths was given - a regular array is "
                          "needed. Pad the parts, or keep a list of Values.");
  }
  const auto array = py::reinterpret_borrow<py::array>(converted);
  if (!is_real(array)) {
    if (array.dtype().kind() == 'O' && holds_value(array))
      throw py::type_error("[" + std::string(operation) + "] " + description_of(object) +
                           " that holds Values was given - real numbers are needed. Use "
                           "autograd.stack, which keeps their gradients, or value.data.");
    refuse_numbers(operation, array.ptr() == object
                                  ? description_of_array(array)
                                  : description_of(object) + " that holds other things");
  }
  const Shape shape = shape_of(array);
  const bool is_single = is_of(array.dtype(), Dtype::float32);
  const Dtype kind = dtype.value_or(is_single ? Dtype::float32 : Dtype::float64);
  if (!copy) {
    if (ArrayReference shared = adopted(array, kind, shape)) return shared;
  }
  ArrayReference result(graph.arrays().allocate(kind, shape));
  if (is_plain(array, kind)) {
    if (result->size > 0) std::memcpy(result->data(), array.data(), result->bytes());
  } else {
    ndarray_of(result.get(), true)[py::ellipsis()] = array;
  }
  return result;
}

Shape shape_of(const py::array& array) {
  Shape shape;
  for (py::ssize_t axis = 0; axis < array.ndim(); ++axis)
    shape.append(static_cast<std::size_t>(array.shape(axis)));
  return shape;
}

ArrayReference places_from(const py::object& ndarray) {
  const py::array_t<std::int64_t, py::array::c_style | py::array::forcecast> places(ndarray);
  ArrayReference result(graph.arrays().allocate(Dtype::int64, shape_of(places)));
  if (result->size > 0) std::memcpy(result->data(), places.data(), result->bytes());
  return result;
}

ArrayReference stored_array(PyObject* ndarray) {
  const auto array = py::cast<py::array>(py::handle(ndarray));
  if (array.dtype().kind() != 'i') return array_from("unpickle", ndarray);
  return places_from(array);
}

bool read_term(std::string_view operation, PyObject* object, Term& term) {
  if (is_value(object)) {
    Node* node = node_of(object);
    if (node->has(is_view)) Graph::refresh(as_leaf(node));
    term = Reference::sharing(graph, node);
    return true;
  }
  Argument argument;
  if (read_operand(object, argument)) {
    term = argument.number;
    return true;
  }
  if (is_real_array(operation, object)) {
    term = Reference(graph, graph.new_constant(array_from(operation, object)));
    return true;
  }
  return false;
}

namespace {

// Whether there are Values in nested lists.
bool holds_values(const py::sequence& items) {
  const RecursionGuard guard;
  return std::any_of(items.begin(), items.end(), [](py::handle item) {
    if (is_value(item.ptr())) return true;
    return (PyList_Check(item.ptr()) || PyTuple_Check(item.ptr())) &&
           holds_values(py::reinterpret_borrow<py::sequence>(item));
  });
}

Term stacked_term(std::string_view operation, const py::sequence& items) {
  const RecursionGuard guard;
  std::vector<Term> terms;
  for (const py::handle& item : items) terms.push_back(term_for(operation, item.ptr()));
  return stack_terms(operation, terms);
}

}  // namespace

Term stack_terms(std::string_view operation, std::span<const Term> terms) {
  if (terms.empty())
    throw py::value_error("[" + std::string(operation) +
                          "] an empty list was given - at least one value is needed. Check the "
                          "list before.");
  for (const Term& term : terms) {
    if (term.shape() == terms[0].shape()) continue;
    throw py::value_error("[" + std::string(operation) + "] the shapes " +
                          text_of(terms[0].shape()) + " and " + text_of(term.shape()) +
                          " were given - equal ones are needed. Reshape one of them.");
  }
  return stack(graph, terms);
}

Term term_of(PyObject* value) {
  Node* node = node_of(value);
  if (node->has(is_view)) Graph::refresh(as_leaf(node));
  return Reference::sharing(graph, node);
}

Term term_for(std::string_view operation, PyObject* object) {
  Term term = 0.0;
  if (read_term(operation, object, term)) return term;
  if (PyList_Check(object) || PyTuple_Check(object)) {
    const auto items = py::reinterpret_borrow<py::sequence>(object);
    if (holds_values(items)) return stacked_term(operation, items);
    ArrayReference array = array_from(operation, object);
    if (array->rank == 0) return array->number_at(0);
    return Reference(graph, graph.new_constant(std::move(array)));
  }
  if (py::isinstance<py::array>(object)) {  // of objects, as np.array([a, b]) makes them
    const RecursionGuard guard;
    const py::object items = py::handle(object).attr("tolist")();
    return term_for(operation, items.ptr());
  }
  throw py::type_error("[" + std::string(operation) + "] " + description_of(object) +
                       " was given - a Value, a number or an array is needed. Convert it first.");
}

PyObject* wrap_term(const Term& term) {
  const Reference node = term.as_node(graph);
  return wrap(node.get());  // it may be a value that somebody has, and then it has an object
}

py::object object_of(const Term& term) {
  auto value = py::reinterpret_steal<py::object>(wrap_term(term));
  if (!value) throw py::error_already_set();
  return value;
}

namespace {

std::size_t checked_axis(std::string_view operation, long axis, std::size_t rank) {
  const long count = static_cast<long>(rank);
  if (rank == 0)
    throw IndexError("[" + std::string(operation) + "] axis " + std::to_string(axis) +
                     " was given - no axis is needed for a scalar. Leave it out.");
  if (axis < -count || axis >= count)
    throw IndexError("[" + std::string(operation) + "] axis " + std::to_string(axis) +
                     " was given - one from " + std::to_string(-count) + " to " +
                     std::to_string(count - 1) + " is needed, for " + std::to_string(count) +
                     (count == 1 ? " axis" : " axes") + ". Check the shape.");
  return static_cast<std::size_t>(axis < 0 ? axis + count : axis);
}

long integer_for(std::string_view operation, PyObject* object, const char* what) {
  const auto index = py::reinterpret_steal<py::object>(PyNumber_Index(object));
  if (!index) {
    PyErr_Clear();
    throw py::type_error("[" + std::string(operation) + "] " + description_of(object) +
                         " was given as " + what + " - an int is needed. Pass an int.");
  }
  const long number = PyLong_AsLong(index.ptr());
  if (number == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
  return number;
}

}  // namespace

std::size_t axis_for(std::string_view operation, PyObject* axis, std::size_t rank) {
  return checked_axis(operation, integer_for(operation, axis, "axis"), rank);
}

std::uint64_t axes_for(std::string_view operation, PyObject* axis, std::size_t rank) {
  if (axis == nullptr || axis == Py_None) return (std::uint64_t{1} << rank) - 1;
  if (!PyTuple_Check(axis) && !PyList_Check(axis))
    return std::uint64_t{1} << axis_for(operation, axis, rank);
  std::uint64_t axes = 0;
  for (const py::handle& one : py::reinterpret_borrow<py::sequence>(axis)) {
    const std::uint64_t bit = std::uint64_t{1} << axis_for(operation, one.ptr(), rank);
    if ((axes & bit) != 0)
      throw py::value_error("[" + std::string(operation) + "] axis " + std::string(py::str(one)) +
                            " was given twice - each once is needed. Leave one out.");
    axes |= bit;
  }
  return axes;
}

Shape shape_for(std::string_view operation, PyObject* object) {
  Shape shape;
  const auto append = [&](PyObject* length) {
    const long number = integer_for(operation, length, "length");
    if (number < 0)
      throw py::value_error("[" + std::string(operation) + "] the length " +
                            std::to_string(number) +
                            " was given - none below 0 is needed. Check the shape.");
    shape.append(static_cast<std::size_t>(number));
  };
  if (PyTuple_Check(object) || PyList_Check(object)) {
    for (const py::handle& length : py::reinterpret_borrow<py::sequence>(object))
      append(length.ptr());
  } else {
    append(object);
  }
  return shape;
}

py::tuple tuple_of(const Shape& shape) {
  py::tuple tuple(shape.rank());
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) tuple[axis] = shape[axis];
  return tuple;
}

std::optional<Dtype> dtype_for(std::string_view operation, PyObject* object) {
  if (object == nullptr || object == Py_None) return std::nullopt;
  const py::dtype dtype = py::dtype::from_args(py::reinterpret_borrow<py::object>(object));
  if (is_of(dtype, Dtype::float64)) return Dtype::float64;
  if (is_of(dtype, Dtype::float32)) return Dtype::float32;
  throw py::type_error("[" + std::string(operation) + "] dtype " +
                       std::string(py::str(py::object(dtype))) +
                       " was given - float64 or float32 is needed. Leave it out for float64.");
}

py::object dtype_object(Dtype dtype) { return numpy_dtype(dtype); }

namespace {

// Large products go to NumPy, which brings a BLAS and its threads.
bool multiply_by_numpy(const LargeProduct& product) {
  const Deferring at_once(graph, false);  // NumPy lets other threads run meanwhile
  const py::object nobody = py::none();   // views of memory that outlives them
  const auto matrix = [&](const void* data, std::size_t rows, std::size_t columns,
                          bool transposed) -> py::object {
    const Shape shape = transposed ? Shape{columns, rows} : Shape{rows, columns};
    py::object view = view_of(product.dtype, shape, data, nobody);
    return transposed ? view.attr("T") : view;
  };
  const py::object out = matrix(product.c, product.m, product.n, false);
  const py::handle multiply(numpy_matmul);
  multiply(matrix(product.a, product.m, product.k, product.transpose_a),
           matrix(product.b, product.k, product.n, product.transpose_b), py::arg("out") = out);
  return true;
}

PyObject* attribute_of(const py::module_& module, const char* name) {
  return py::object(module.attr(name)).release().ptr();
}

}  // namespace

void bind_array() {
  const py::module_ numpy = py::module_::import("numpy");
  numpy_matmul = attribute_of(numpy, "matmul");
  numpy_asarray = attribute_of(numpy, "asarray");
  set_large_product(multiply_by_numpy);
}

}  // namespace autograd::bind
