// Arrays at the border to NumPy: memory goes both ways without a copy.
#pragma once

#include "bind/errors.hpp"
#include "bind/value.hpp"
#include "core/array.hpp"
#include "core/term.hpp"

namespace autograd::bind {

// An ndarray that shares the elements of an array and keeps it alive.
py::object ndarray_of(Array* array, bool writable);

// The value of a node: a float, or an ndarray, which is writable for a leaf.
py::object data_of(Node* node);

// Whether an object is an ndarray of real numbers; throws TypeError, in the name of the operation,
// for one of anything else but objects.
bool is_real_array(std::string_view operation, PyObject* object);

// The numbers of an ndarray, or of what NumPy makes one from (lists, nested ones too). Throws
// TypeError for what are no real numbers and ValueError for ragged lists. float32 stays that, and
// all else becomes float64 unless a `dtype` is given. With `copy` false the memory of the ndarray
// is shared where that is possible.
ArrayReference array_from(std::string_view operation, PyObject* object,
                          std::optional<Dtype> dtype = std::nullopt, bool copy = true);

Shape shape_of(const py::array& array);

// The places of elements that an ndarray of integers holds.
ArrayReference places_from(const py::object& ndarray);

// The same for an ndarray that was stored with a graph: integers are places, and stay so.
ArrayReference stored_array(PyObject* ndarray);

// What may be given to an operation: a Value, a number, an ndarray, nested lists of numbers.
Term term_for(std::string_view operation, PyObject* object);
// A Value as a Term with fresh data.
Term term_of(PyObject* value);
// The same; false for a foreign type.
bool read_term(std::string_view operation, PyObject* object, Term& term);

// Values of one shape along a new first axis. Throws ValueError in the name of the operation.
Term stack_terms(std::string_view operation, std::span<const Term> terms);

// A Value for a result.
PyObject* wrap_term(const Term& term);
// The same; throws py::error_already_set.
py::object object_of(const Term& term);

// The axes of a Python argument (None, an int, a tuple) as a bit mask. Throws IndexError.
std::uint64_t axes_for(std::string_view operation, PyObject* axis, std::size_t rank);
std::size_t axis_for(std::string_view operation, PyObject* axis, std::size_t rank);

// A shape from a tuple, a list or an int.
Shape shape_for(std::string_view operation, PyObject* object);
py::tuple tuple_of(const Shape& shape);

// Whether the elements lie side by side in C order, of just this type.
bool is_plain(const py::array& array, Dtype dtype);
std::optional<Dtype> dtype_for(std::string_view operation, PyObject* object);
py::object dtype_object(Dtype dtype);

void bind_array();

}  // namespace autograd::bind
