// Gradients: the methods backward, zero_grad, detach and item of Value, and the functions below
// `autograd.grad`.
#pragma once

#include <vector>

#include "bind/value.hpp"

namespace autograd::bind {

// The gradient becomes this number, of each element, and is no graph any more.
void set_gradient(ValueObject* value, double gradient);

// Of an array. The array of its gradient, of zeros if it had none, stays the value's.
Array* gradient_array_for(ValueObject* value);
void give_gradient(ValueObject* value, ArrayReference gradient);

void add_backward_methods(std::vector<PyMethodDef>& methods);
void bind_backward(py::module_& module);

}  // namespace autograd::bind
