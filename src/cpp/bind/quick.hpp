// What an operation on numbers does nearly always, in line and without a call.
//
// Whether it may is one question, of the graph's allowance: it is given for as many results as
// there are objects that wait and room in the slab, while every thread records. Who is told no has
// the allowance renewed, and goes the way that asks for everything.
#pragma once

#include "bind/errors.hpp"
#include "bind/value.hpp"
#include "core/record.hpp"

namespace autograd::bind {

// A result in an object that waits; null where not all goes well, and then nothing has happened.
template <std::size_t Index, OperandType... Operands>
inline PyObject* compute_quickly(Operands... operands) noexcept {
  Node* node = record_quickly<Index>(graph, operands...);
  return node == nullptr ? nullptr : put_in_free_object(node);
}

void renew_allowance_now() noexcept;
inline void renew_allowance() noexcept {
  if (!graph.is_allowed()) renew_allowance_now();
}

// What `compute_quickly` leaves of a function of one Value.
template <std::size_t Index>
[[gnu::noinline]] PyObject* unary_of_any(PyObject* value) noexcept {
  renew_allowance();
  return guarded([&] { return wrap_new(record<Index>(graph, node_of(value))); });
}

// A function of one Value.
template <std::size_t Index>
PyObject* unary(PyObject* value) noexcept {
  PyObject* result = compute_quickly<Index>(node_of(value));
  return result != nullptr ? result : unary_of_any<Index>(value);
}

}  // namespace autograd::bind
