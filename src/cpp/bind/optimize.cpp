#include "bind/optimize.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "bind/array.hpp"
#include "bind/backward.hpp"
#include "bind/errors.hpp"
#include "core/optimize.hpp"

namespace autograd::bind {

namespace {

// An array_t asks NumPy whether the types are equivalent, and takes three times as long.
bool is_state(PyObject* object) {
  return py::isinstance<py::array>(object) &&
         is_plain(py::reinterpret_borrow<py::array>(object), Dtype::float64);
}

class State : public py::array {
 public:
  PYBIND11_OBJECT(State, py::array, is_state)
};

// Parameters whose leaves have been looked up, once for all steps of an optimizer.
class ParameterList {
 public:
  ParameterList(std::string owner, const py::list& values)
      : owner_(std::move(owner)), values_(py::tuple(values)) {
    leaves_.reserve(values_.size());
    for (const py::handle& value : values_) {
      if (!is_value(value.ptr())) refuse(description_of(value.ptr()), "Pass Values.");
      Node* node = node_of(value.ptr());
      if (!node->has(is_leaf))
        refuse("the result of an operation", "Pass the leaves it was computed from.");
      leaves_.push_back(as_leaf(node));
    }
  }

  // What it was made from.
  py::tuple arguments() const { return py::make_tuple(owner_, py::list(values_)); }
  std::size_t length() const { return leaves_.size(); }
  std::size_t size() const { return census_of(leaves_).numbers; }
  std::span<Leaf* const> leaves() const { return leaves_; }

  // Before the first is changed: requires_grad can be set at any time, and data be replaced.
  Census check() const {
    const Census census = census_of(leaves_);
    if (census.all_require_grad) return census;
    const auto first = std::ranges::find_if_not(
        leaves_, [](const Leaf* leaf) { return owner_of(leaf)->has(requires_grad); });
    throw py::type_error("[" + owner_ + "] a Value with requires_grad=False is parameter " +
                         std::to_string(first - leaves_.begin()) +
                         " - a leaf Value that requires a gradient is needed. Set requires_grad "
                         "to True, or leave it out.");
  }

  template <class Rule>
  void step(const Rule& rule, const std::array<State*, Rule::states>& states) const {
    const Census census = check();
    std::array<double*, Rule::states> pointers{};
    for (std::size_t k = 0; k < Rule::states; ++k)
      pointers[k] = numbers_of(*states[k], census.numbers);
    update(graph, leaves(), census, rule, std::span<double* const, Rule::states>(pointers));
  }

  void zero_grad() const {
    for (const py::handle& value : values_) set_gradient(as_value(value.ptr()), 0.0);
  }

  // Those that no backward pass has ever reached, and that have been given no gradient either.
  std::vector<std::size_t> without_gradient() const {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
      const Leaf* leaf = leaves_[i];
      if (!leaf->has(is_differentiated) && !owner_of(leaf)->has(is_differentiated) &&
          !has_gradient(leaf))
        places.push_back(i);
    }
    return places;
  }

 private:
  [[noreturn]] void refuse(const std::string& given, const char* advice) const {
    throw py::type_error("[" + owner_ + "] " + given + " was given as parameter " +
                         std::to_string(leaves_.size()) + " - a leaf Value is needed. " + advice);
  }

  double* numbers_of(State& state, std::size_t needed) const {
    if (state.ndim() != 1 || static_cast<std::size_t>(state.size()) != needed)
      throw py::value_error("[" + owner_ + "] a state of " + std::to_string(state.size()) +
                            " numbers was given - " + std::to_string(needed) +
                            " are needed, one for each number of the parameters. Make a new "
                            "optimizer.");
    return static_cast<double*>(state.mutable_data());
  }

  std::string owner_;
  py::tuple values_;  // keeps the leaves alive
  std::vector<Leaf*> leaves_;
};

void sgd(const ParameterList& parameters, std::optional<State> velocity, double lr, double momentum,
         bool nesterov, double weight_decay) {
  if (velocity) {
    parameters.step(Momentum{lr, weight_decay, momentum, nesterov}, {&*velocity});
  } else {
    parameters.step(GradientDescent{lr, weight_decay}, {});
  }
}

void adam(const ParameterList& parameters, State mean, State square, std::uint64_t step, double lr,
          double beta1, double beta2, double epsilon, double weight_decay, bool decoupled) {
  parameters.step(Adam(step, lr, beta1, beta2, epsilon, weight_decay, decoupled), {&mean, &square});
}

void rmsprop(const ParameterList& parameters, State square, std::optional<State> mean,
             std::optional<State> velocity, double lr, double smoothing, double epsilon,
             double momentum, double weight_decay) {
  const auto step = [&]<bool centered, bool has_momentum>(
                        const std::array<State*, 1 + centered + has_momentum>& states) {
    parameters.step(RmsProp<centered, has_momentum>{lr, weight_decay, smoothing, epsilon, momentum},
                    states);
  };
  if (mean && velocity) {
    step.operator()<true, true>({&square, &*mean, &*velocity});
  } else if (mean) {
    step.operator()<true, false>({&square, &*mean});
  } else if (velocity) {
    step.operator()<false, true>({&square, &*velocity});
  } else {
    step.operator()<false, false>({&square});
  }
}

void adagrad(const ParameterList& parameters, State sum, double lr, double epsilon,
             double weight_decay) {
  parameters.step(Adagrad{lr, weight_decay, epsilon}, {&sum});
}

void lion(const ParameterList& parameters, State mean, double lr, double beta1, double beta2,
          double weight_decay) {
  parameters.step(Lion{lr, weight_decay, beta1, beta2}, {&mean});
}

}  // namespace

}  // namespace autograd::bind

template <>
struct pybind11::detail::handle_type_name<autograd::bind::State> {
  static constexpr auto name = const_name("numpy.typing.NDArray[numpy.float64]");
};

namespace autograd::bind {

void bind_optimize(py::module_& module) {
  py::class_<ParameterList>(module, "ParameterList",
                            "Leaves that an optimizer updates, looked up once.")
      .def(py::init<std::string, const py::list&>(), py::arg("owner"), py::arg("values"))
      .def("__len__", &ParameterList::length)
      .def_property_readonly("size", &ParameterList::size, "How many numbers they hold.")
      .def(
          "check", [](const ParameterList& list) { list.check(); },
          "Refuse what requires no gradient.")
      .def("zero_grad", &ParameterList::zero_grad, "Set the gradient of each to 0.0.")
      .def(
          "__reduce__",
          [](const py::object& self) -> py::object {
            return py::make_tuple(py::type::of(self),
                                  self.cast<const ParameterList&>().arguments());
          },
          "For copies and pickles: made again from the same Values.")
      .def("without_gradient", &ParameterList::without_gradient,
           "The places of those that no backward pass has ever reached.")
      .def(
          "gradient_norm",
          [](const ParameterList& list) { return norm_of_gradients(list.leaves()); },
          "The Euclidean norm of all gradients as one vector.")
      .def(
          "largest_gradient",
          [](const ParameterList& list) { return largest_gradient(list.leaves()); },
          "The largest magnitude in all gradients.")
      .def(
          "scale_gradients",
          [](const ParameterList& list, double factor) {
            scale_gradients(graph, list.leaves(), factor);
          },
          py::arg("factor"), "Multiply all gradients, in place.")
      .def(
          "clip_gradients",
          [](const ParameterList& list, double limit) {
            clip_gradients(graph, list.leaves(), limit);
          },
          py::arg("limit"), "Move all gradients into [-limit, limit], in place.");

  // noconvert: the state is changed in place, a converted copy would lose the change.
  module.def("sgd_step", sgd, py::arg("parameters"), py::arg("velocity").noconvert(), py::arg("lr"),
             py::arg("momentum"), py::arg("nesterov"), py::arg("weight_decay"),
             "One step of stochastic gradient descent, in place.");
  module.def("adam_step", adam, py::arg("parameters"), py::arg("mean").noconvert(),
             py::arg("square").noconvert(), py::arg("step"), py::arg("lr"), py::arg("beta1"),
             py::arg("beta2"), py::arg("epsilon"), py::arg("weight_decay"), py::arg("decoupled"),
             "One step of Adam, or of AdamW when decoupled, in place.");
  module.def("rmsprop_step", rmsprop, py::arg("parameters"), py::arg("square").noconvert(),
             py::arg("mean").noconvert(), py::arg("velocity").noconvert(), py::arg("lr"),
             py::arg("smoothing"), py::arg("epsilon"), py::arg("momentum"), py::arg("weight_decay"),
             "One step of RMSprop, in place: centered with a mean, with momentum with a velocity.");
  module.def("adagrad_step", adagrad, py::arg("parameters"), py::arg("sum").noconvert(),
             py::arg("lr"), py::arg("epsilon"), py::arg("weight_decay"),
             "One step of Adagrad, in place.");
  module.def("lion_step", lion, py::arg("parameters"), py::arg("mean").noconvert(), py::arg("lr"),
             py::arg("beta1"), py::arg("beta2"), py::arg("weight_decay"),
             "One step of Lion, in place.");
}

}  // namespace autograd::bind
