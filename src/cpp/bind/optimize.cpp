#include "bind/optimize.hpp"

#include "bind/backward.hpp"
#include "bind/errors.hpp"
#include "core/optimize.hpp"

namespace autograd::bind {

namespace {

using State = py::array_t<double, py::array::c_style>;

// Checks all before the first is changed.
std::vector<Leaf*> parameters_for(const char* operation, const py::list& values) {
  std::vector<Leaf*> leaves;
  leaves.reserve(values.size());
  for (const py::handle value : values) {
    const auto refuse = [&](const std::string& given, const char* advice) {
      throw py::type_error("[" + std::string(operation) + "] " + given +
                           " was given as parameter " + std::to_string(leaves.size()) +
                           " - a leaf Value that requires a gradient is needed. " + advice);
    };
    if (!is_value(value.ptr()))
      refuse(description_of(value.ptr()), "Make it a parameter with Value(data).");
    Node* node = node_of(value.ptr());
    if (!node->has(is_leaf))
      refuse("the result of an operation", "Optimize the leaves it was computed from.");
    if (!node->has(requires_grad))
      refuse("a Value with requires_grad=False", "Set requires_grad to True, or leave it out.");
    leaves.push_back(as_leaf(node));
  }
  return leaves;
}

std::span<double> state_for(const char* operation, State& state, std::size_t size) {
  if (state.ndim() != 1 || static_cast<std::size_t>(state.size()) != size)
    throw py::value_error(
        "[" + std::string(operation) + "] a state of " + std::to_string(state.size()) +
        " numbers was given - " + std::to_string(size) +
        " are needed, one for each number of the parameters. Make a new optimizer.");
  return {state.mutable_data(), size};
}

void sgd(const py::list& parameters, State velocity, double lr, double momentum, bool nesterov,
         double weight_decay) {
  const std::vector<Leaf*> leaves = parameters_for("SGD", parameters);
  sgd_step(graph, leaves, state_for("SGD", velocity, size_of(leaves)),
           {lr, momentum, nesterov, weight_decay});
}

void adam(const py::list& parameters, State mean, State variance, std::uint64_t step, double lr,
          double beta1, double beta2, double epsilon, double weight_decay, bool decoupled) {
  const char* name = decoupled ? "AdamW" : "Adam";
  const std::vector<Leaf*> leaves = parameters_for(name, parameters);
  const std::span<double> first = state_for(name, mean, size_of(leaves));
  adam_step(graph, leaves, first, state_for(name, variance, size_of(leaves)),
            {step, lr, beta1, beta2, epsilon, weight_decay, decoupled});
}

void zero_grad(const py::list& parameters) {
  for (const py::handle value : parameters) {
    if (!is_value(value.ptr()))
      throw py::type_error("[zero_grad] " + description_of(value.ptr()) +
                           " was given - a Value is needed. Leave it out of the list.");
  }
  for (const py::handle value : parameters) set_gradient(as_value(value.ptr()), 0.0);
}

}  // namespace

void bind_optimize(py::module_& module) {
  // noconvert: the state is changed in place, a converted copy would lose the change.
  module.def("sgd_step", sgd, py::arg("parameters"), py::arg("velocity").noconvert(), py::arg("lr"),
             py::arg("momentum"), py::arg("nesterov"), py::arg("weight_decay"),
             "One step of stochastic gradient descent, in place.");
  module.def("adam_step", adam, py::arg("parameters"), py::arg("mean").noconvert(),
             py::arg("variance").noconvert(), py::arg("step"), py::arg("lr"), py::arg("beta1"),
             py::arg("beta2"), py::arg("epsilon"), py::arg("weight_decay"), py::arg("decoupled"),
             "One step of Adam, or of AdamW when decoupled, in place.");
  module.def("zero_grad", zero_grad, py::arg("parameters"), "Set the gradient of each to 0.0.");
}

}  // namespace autograd::bind
