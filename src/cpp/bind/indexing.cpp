#include "bind/indexing.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "bind/array.hpp"
#include "bind/operand.hpp"
#include "core/error.hpp"
#include "core/structural.hpp"

namespace autograd::bind {

namespace {

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
    slice.steps[axis] = count > 1 ? step : 1;
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
  auto chosen = py::reinterpret_steal<py::object>(PyObject_GetItem(all.ptr(), key));
  if (!chosen) {
    if (PyErr_ExceptionMatches(PyExc_IndexError) == 0) throw py::error_already_set();
    const py::error_already_set error;
    throw IndexError(
        "[getitem] an index that NumPy refuses was given - ints, slices, None, ..., or arrays of "
        "ints or truths are needed, for the shape " +
        text_of(shape) + ". NumPy says: " + std::string(py::str(error.value())));
  }
  return {graph, graph.new_constant(places_from(chosen))};
}

// An index may be a Value that is a constant, or hold some; NumPy gets their data.
py::object plain_key(PyObject* key) {
  if (is_value(key)) return data_of(node_of(key));
  if (!PyTuple_Check(key)) return py::reinterpret_borrow<py::object>(key);
  const RecursionGuard guard;
  py::tuple result(static_cast<std::size_t>(PyTuple_GET_SIZE(key)));
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = plain_key(PyTuple_GET_ITEM(key, static_cast<Py_ssize_t>(i)));
  return result;
}

// `v[()]` and `v[...]` are the scalar itself; `v[None]` is an array of it.
PyObject* index_scalar(PyObject* self, PyObject* const* items, std::size_t count) {
  const auto is_shape = [](PyObject* item) { return item == Py_None || item == Py_Ellipsis; };
  Reader reader{Shape()};
  if (!std::all_of(items, items + count, is_shape) || !read_basic(items, count, reader))
    throw py::type_error(
        "[getitem] a scalar Value was given - an array is needed. A scalar has no elements.");
  if (reader.result.rank() == 0) return Py_NewRef(self);
  return wrap_term(reshape(term_of(self), reader.result));
}

PyObject* subscript(PyObject* self, PyObject* key) noexcept {
  return guarded([&]() -> PyObject* {
    Node* node = node_of(self);
    PyObject* const* items = PyTuple_Check(key) ? &PyTuple_GET_ITEM(key, 0) : &key;
    const auto count = PyTuple_Check(key) ? static_cast<std::size_t>(PyTuple_GET_SIZE(key)) : 1U;
    if (!node->has(is_array)) return index_scalar(self, items, count);
    const Shape shape = shape_of(*node->array);
    Reader reader(shape);
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

int assign(PyObject*, PyObject*, PyObject*) noexcept {
  return guarded(-1, []() -> int {
    throw py::type_error(
        "[setitem] an item was to be set or deleted - a Value does not change through indices. "
        "Choose with autograd.where(condition, new, value). Of a leaf, assign to the data of an "
        "element, value[i].data = new, or a changed copy to value.data.");
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

}  // namespace

void add_indexing_slots(std::vector<PyType_Slot>& slots) {
  slots.push_back({Py_mp_subscript, reinterpret_cast<void*>(subscript)});
  slots.push_back({Py_mp_ass_subscript, reinterpret_cast<void*>(assign)});
  slots.push_back({Py_mp_length, reinterpret_cast<void*>(length)});
  slots.push_back({Py_tp_iter, reinterpret_cast<void*>(iterate)});
}

void bind_indexing(py::module_& module) {
  module.def("element_of", element_of_base, py::arg("value"),
             "The array leaf of which a value is an element, and its place; None for others.");
}

}  // namespace autograd::bind
