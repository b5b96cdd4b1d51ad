#include "bind/custom.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "bind/array.hpp"
#include "bind/notes.hpp"
#include "core/code.hpp"
#include "core/custom.hpp"
#include "core/error.hpp"
#include "core/structural.hpp"

namespace autograd::bind {

namespace {

// Weak references, owned, by the number of a call. Never destroyed: nodes may die after it.
std::unordered_map<std::uint64_t, PyObject*>& calls =
    *new std::unordered_map<std::uint64_t, PyObject*>;
std::uint64_t last_call = 0;

// The operation, or nothing when it is gone. Calling a weak reference gives its object.
py::object operation_of(std::uint64_t call) {
  const auto found = calls.find(call);
  if (found == calls.end()) return py::none();
  auto operation = py::reinterpret_steal<py::object>(PyObject_CallNoArgs(found->second));
  if (!operation) throw py::error_already_set();
  return operation;
}

[[noreturn]] void refuse_contribution(const std::string& name, std::size_t i,
                                      const std::string& given, const std::string& needed) {
  throw py::value_error("[" + name + "] vjp returned " + given + " for argument " +
                        std::to_string(i) + " - " + needed + " is needed. Correct the vjp.");
}

bool is_zero(const Term& term) {
  if (!term.is_array()) return term.is_zero();
  for (std::size_t i = 0; i < term.array()->size; ++i) {
    if (term.array()->number_at(i) != 0.0) return false;
  }
  return true;
}

std::vector<Term> contributions(std::uint64_t call, const Term& adjoint, const Term& result,
                                std::span<const Term> arguments) {
  const py::object operation = operation_of(call);
  if (operation.is_none())
    throw Error(
        "[backward] a custom operation is gone whose result was differentiated - it must live as "
        "long as its results. Keep it in a variable, best in a module.");
  py::list values;
  for (const Term& argument : arguments) values.append(object_of(argument));
  const py::object returned =
      operation.attr("_pull")(call, object_of(adjoint), object_of(result), py::tuple(values));
  const std::string name = py::str(operation.attr("name"));
  const auto amounts = py::reinterpret_borrow<py::sequence>(returned);
  if (amounts.size() != arguments.size())
    throw py::value_error("[" + name + "] vjp returned " + std::to_string(amounts.size()) +
                          " contributions - " + std::to_string(arguments.size()) +
                          " are needed, one for each argument. Return None where there is none.");
  std::vector<Term> terms;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const py::object amount = amounts[i];
    if (amount.is_none()) {
      terms.emplace_back(0.0);
      continue;
    }
    const Term term = term_for(name, amount.ptr());
    if (term.is_array() && !(term.shape() == arguments[i].shape()))
      refuse_contribution(name, i, "a value of shape " + text_of(term.shape()),
                          "the shape of the argument, " + text_of(arguments[i].shape()));
    if (is_recording() && !is_value(amount.ptr()) && !is_zero(term))
      refuse_contribution(name, i, "plain numbers, which have no derivative,",
                          "a Value of g and the arguments, which are not taken apart with .data, "
                          "where the pass is differentiated itself or goes forward");
    // A number is for all elements.
    terms.push_back(term.is_array() ? term : broadcast_to(term, arguments[i].shape()));
  }
  return terms;
}

// (result, number of the call), or (result, None) where nothing was recorded.
py::tuple record(const py::object& reference, const py::object& result,
                 const py::sequence& arguments) {
  const Term value = term_for("custom_operation", result.ptr());
  std::vector<Term> terms;
  for (const py::handle& argument : arguments)
    terms.push_back(term_for("custom_operation", argument.ptr()));
  const std::uint64_t call = last_call + 1;
  const Reference node = record_custom(graph, call, value, terms).as_node(graph);
  const py::object wrapped = object_of(node.get());
  if (node.get()->has(is_leaf)) return py::make_tuple(wrapped, py::none());
  calls.emplace(call, Py_NewRef(reference.ptr()));
  last_call = call;
  node.get()->set(is_watched);
  return py::make_tuple(wrapped, call);
}

}  // namespace

std::string name_of_operation(const Node* interior) {
  if (interior->code != code_of(Structural::custom)) return std::string(name_of(interior->code));
  const py::object operation = operation_of(call_of(interior));
  const std::string name = operation.is_none() ? "custom" : py::str(operation.attr("name"));
  const bool is_taken = index_of(name) < operation_count ||
                        std::ranges::find(reduction_names, name) != reduction_names.end() ||
                        std::ranges::find(structural_names, name) != structural_names.end();
  return is_taken ? "custom" : name;
}

void forget_call(const Node* node) {
  if (node->has(is_leaf) || node->code != code_of(Structural::custom)) return;
  const std::uint64_t call = call_of(node);
  const auto found = calls.find(call);
  if (found == calls.end()) return;
  const auto reference = py::reinterpret_steal<py::object>(found->second);
  calls.erase(found);
  // This runs inside of a deallocation: an error that is set stays set, and none is added.
  const py::error_scope scope;
  const auto operation = py::reinterpret_steal<py::object>(PyObject_CallNoArgs(reference.ptr()));
  if (!operation || operation.is_none()) {
    PyErr_Clear();
    return;
  }
  const auto number = py::reinterpret_steal<py::object>(PyLong_FromUnsignedLongLong(call));
  const auto done = py::reinterpret_steal<py::object>(
      PyObject_CallMethod(operation.ptr(), "_forget", "O", number.ptr()));
  if (!done) PyErr_WriteUnraisable(operation.ptr());
}

void bind_custom(py::module_& module) {
  set_custom_rule(contributions);
  module.def("record_custom", record, py::arg("operation"), py::arg("result"), py::arg("arguments"),
             "The result of a custom operation as a Value, and the number of its call.");
}

}  // namespace autograd::bind
