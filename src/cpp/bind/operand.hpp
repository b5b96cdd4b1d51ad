// What may stand beside an operator or in a call: a Value, or a number of Python or NumPy.
#pragma once

#include <vector>

#include "bind/errors.hpp"
#include "bind/small_buffer.hpp"
#include "bind/value.hpp"
#include "core/record.hpp"
#include "core/reductions.hpp"

namespace autograd::bind {

// Reads an operand; false for a foreign type. Throws RangeError for an int that no float can hold.
bool read_other_operand(PyObject* object, Argument& argument);
inline bool read_operand(PyObject* object, Argument& argument) {
  if (is_value(object)) {
    argument.node = node_of(object);
    return true;
  }
  if (PyFloat_CheckExact(object)) {
    argument.number = PyFloat_AS_DOUBLE(object);
    return true;
  }
  return read_other_operand(object, argument);
}

bool is_numpy_bool(PyObject* object);

// Reads an operand or throws TypeError in the name of the operation.
Argument operand_for(std::string_view operation, PyObject* object);

// The node of a Value; throws TypeError in the name of the operation.
Node* node_for(std::string_view operation, PyObject* object);

// A plain number, not a Value; throws TypeError in the name of the operation.
double number_for(std::string_view operation, PyObject* object);

// A list of operands, as nodes where one of them is a Value, else as numbers. It owns what it made.
class OperandList {
 public:
  // Any iterable. Throws TypeError in the name of the operation.
  OperandList(std::string_view operation, PyObject* iterable);

  std::size_t size() const { return nodes_.empty() ? numbers_.size() : nodes_.size(); }
  bool has_nodes() const { return !nodes_.empty(); }
  bool has_arrays() const { return (flags_ & is_array) != 0; }
  // Refuses arrays, in the name of the operation.
  void require_scalars(std::string_view operation) const;
  // Makes constants of numbers when they are needed as nodes.
  std::span<Node* const> as_nodes();
  Inputs as_inputs() const { return {nodes_.view(), numbers_.view()}; }

 private:
  void read_mixed(std::string_view operation, std::size_t first);
  void refresh_views() const;

  py::object items_;  // keeps the Values alive
  SmallBuffer<Node*> nodes_;
  SmallBuffer<double> numbers_;
  std::vector<Reference> made_;
  unsigned flags_ = 0;  // of the Values
};

void bind_operand();

}  // namespace autograd::bind
