#include "bind/operand.hpp"

#include "bind/array.hpp"
#include "core/error.hpp"

namespace autograd::bind {

namespace {

// NumPy's abstract scalar types and its array; never released.
PyTypeObject* numpy_floating = nullptr;
PyTypeObject* numpy_integer = nullptr;
PyTypeObject* numpy_bool = nullptr;
PyTypeObject* numpy_array = nullptr;

double as_double(PyObject* object) {
  const double number = PyFloat_AsDouble(object);
  if (number == -1.0 && PyErr_Occurred() != nullptr) throw py::error_already_set();
  return number;
}

// A 0-dimensional array of real numbers.
bool is_array_of_one_number(PyObject* object) {
  if (PyObject_TypeCheck(object, numpy_array) == 0) return false;
  const auto array = py::reinterpret_borrow<py::array>(object);
  return array.ndim() == 0 &&
         std::string_view("fiub").find(array.dtype().kind()) != std::string_view::npos;
}

PyTypeObject* numpy_type(const py::module_& numpy, const char* name) {
  return reinterpret_cast<PyTypeObject*>(py::object(numpy.attr(name)).release().ptr());
}

}  // namespace

bool is_numpy_bool(PyObject* object) { return PyObject_TypeCheck(object, numpy_bool) != 0; }

bool read_other_operand(PyObject* object, Argument& argument) {
  if (PyLong_Check(object)) {  // bool too
    argument.number = PyLong_AsDouble(object);
    if (argument.number == -1.0 && PyErr_Occurred() != nullptr) {
      PyErr_Clear();
      throw RangeError(
          "[float] an int beyond 1.8e308 was given - one that a float can hold is needed. Scale it "
          "down first.");
    }
    return true;
  }
  if (PyFloat_Check(object) || PyObject_TypeCheck(object, numpy_floating) != 0 ||
      PyObject_TypeCheck(object, numpy_integer) != 0 || is_numpy_bool(object) ||
      is_array_of_one_number(object)) {
    argument.number = as_double(object);
    return true;
  }
  return false;
}

Argument operand_for(std::string_view operation, PyObject* object) {
  Argument argument;
  if (read_operand(object, argument)) return argument;
  throw py::type_error(
      "[" + std::string(operation) + "] " + description_of(object) +
      " was given - a number or a Value is needed. Pass an int, a float or a Value.");
}

Node* node_for(std::string_view operation, PyObject* object) {
  if (is_value(object)) return node_of(object);
  throw py::type_error("[" + std::string(operation) + "] " + description_of(object) +
                       " was given - a Value is needed. Pass the Value itself, not its data.");
}

double number_for(std::string_view operation, PyObject* object) {
  Argument argument;
  if (read_operand(object, argument) && argument.node == nullptr) return argument.number;
  if (argument.node != nullptr)
    throw py::type_error("[" + std::string(operation) +
                         "] a Value was given - a plain number is needed. Pass value.data, or "
                         "value.detach() where a Value is wanted.");
  throw py::type_error("[" + std::string(operation) + "] " + description_of(object) +
                       " was given - a number is needed. Pass an int or a float.");
}

OperandList::OperandList(std::string_view operation, PyObject* iterable) {
  items_ = py::reinterpret_steal<py::object>(PySequence_Fast(iterable, ""));
  if (!items_) {
    if (PyErr_ExceptionMatches(PyExc_TypeError) == 0) throw py::error_already_set();
    PyErr_Clear();
    throw py::type_error("[" + std::string(operation) + "] " + description_of(iterable) +
                         " was given - a list of numbers or Values is needed. Put it in a list.");
  }
  const auto size = static_cast<std::size_t>(PySequence_Fast_GET_SIZE(items_.ptr()));
  PyObject** items = PySequence_Fast_ITEMS(items_.ptr());
  nodes_.reserve(size);
  numbers_.reserve(size);
  std::size_t i = 0;
  if (size > 0 && is_value(items[0])) {  // the common lists: only Values, or only floats
    const PyTypeObject* const type = value_type;
    Node** const nodes = nodes_.data();
    const auto read = [=](std::size_t place) {
      if (Py_TYPE(items[place]) != type) return false;
      nodes[place] = node_of(items[place]);
      return true;
    };
    // Four at a time: the loop itself would be a third of the work.
    while (i + 4 <= size && read(i) && read(i + 1) && read(i + 2) && read(i + 3)) i += 4;
    while (i < size && read(i)) ++i;
    nodes_.set_size(i);
    // Where no array lives, there is neither one here nor an element of one.
    if (graph.arrays().bytes_live() > 0) [[unlikely]] {
      for (const Node* node : nodes_.view()) flags_ |= node->flags;
    }
  } else {
    double* const numbers = numbers_.data();
    for (; i < size && PyFloat_CheckExact(items[i]); ++i) numbers[i] = PyFloat_AS_DOUBLE(items[i]);
    numbers_.set_size(i);
  }
  if (i < size) read_mixed(operation, i);
  if ((flags_ & is_view) != 0) [[unlikely]]
    refresh_views();
}

void OperandList::refresh_views() const {
  for (Node* node : nodes_.view()) {
    if (node->has(is_view)) Graph::refresh(as_leaf(node));
  }
}

void OperandList::require_scalars(std::string_view operation) const {
  if (!has_arrays()) return;
  for (const Node* node : nodes_.view()) {
    if (node->has(is_array))
      throw py::type_error("[" + std::string(operation) + "] a Value of shape " +
                           text_of(shape_of(*node->array)) +
                           " was given in a list - scalars are needed there. Pass the array "
                           "itself, or stack the list.");
  }
}

void OperandList::read_mixed(std::string_view operation, std::size_t i) {
  // What is converted may run code that changes the list: from here on, a tuple.
  items_ = py::reinterpret_steal<py::object>(PySequence_Tuple(items_.ptr()));
  if (!items_) throw py::error_already_set();
  const auto size = static_cast<std::size_t>(PyTuple_GET_SIZE(items_.ptr()));
  for (; i < size; ++i) {
    const Argument argument =
        operand_for(operation, PyTuple_GET_ITEM(items_.ptr(), static_cast<Py_ssize_t>(i)));
    if (argument.node != nullptr) {
      as_nodes();  // from the first Value on, all are nodes
      flags_ |= argument.node->flags;
      nodes_.append(argument.node);
    } else if (nodes_.empty()) {
      numbers_.append(argument.number);
    } else {
      made_.emplace_back(graph, graph.new_constant(argument.number));
      nodes_.append(made_.back().get());
    }
  }
}

std::span<Node* const> OperandList::as_nodes() {
  for (const double number : numbers_.view()) {
    made_.emplace_back(graph, graph.new_constant(number));
    nodes_.append(made_.back().get());
  }
  numbers_.clear();
  return nodes_.view();
}

void bind_operand() {
  const py::module_ numpy = py::module_::import("numpy");
  numpy_floating = numpy_type(numpy, "floating");
  numpy_integer = numpy_type(numpy, "integer");
  numpy_bool = numpy_type(numpy, "bool_");
  numpy_array = numpy_type(numpy, "ndarray");
}

}  // namespace autograd::bind
