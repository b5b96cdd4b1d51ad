// Gradients: the methods backward, zero_grad, detach and item of Value, and the functions below
// `autograd.grad`.
#pragma once

#include <vector>

#include "bind/value.hpp"

namespace autograd::bind {

// The gradient becomes this number, and is no graph any more.
void set_gradient(ValueObject* value, double gradient) noexcept;

void add_backward_methods(std::vector<PyMethodDef>& methods);
void bind_backward(py::module_& module);

}  // namespace autograd::bind
