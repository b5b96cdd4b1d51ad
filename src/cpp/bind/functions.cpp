#include "bind/functions.hpp"

#include <algorithm>
#include <deque>

#include "bind/arguments.hpp"
#include "bind/array.hpp"
#include "bind/documentation.hpp"
#include "bind/operand.hpp"
#include "bind/quick.hpp"

namespace autograd::bind {

namespace {

// Those without a default stand first.
template <std::size_t Index>
constexpr std::size_t required = static_cast<std::size_t>(
    std::ranges::count_if(entry<Index>.defaults, [](double number) { return number != number; }));

// `polygamma(n, x)` and `where(condition, a, b)` are functions only.
template <std::size_t Index>
constexpr bool is_method = entry<Index>.arguments[0] == "x" || entry<Index>.arguments[0] == "y";

// Where one of them is an array, or a list. Null is left out.
[[gnu::noinline]] PyObject* apply_to_arrays(std::size_t index, PyObject* const* given,
                                            std::span<const double> defaults) {
  Term terms[] = {0.0, 0.0, 0.0};
  for (std::size_t i = 0; i < defaults.size(); ++i)
    terms[i] = given[i] == nullptr ? defaults[i] : term_for(operation_names[index], given[i]);
  return wrap_term(Term::apply(index, {terms, defaults.size()}));
}

template <std::size_t Index, std::size_t... I>
PyObject* apply(PyObject** given, std::index_sequence<I...>) {
  Argument arguments[arity_of<Index>];
  bool are_scalars = true;
  const auto read = [&](auto i) {
    if constexpr (has_default<Index>(i)) {
      if (given[i] == Py_None) given[i] = nullptr;
      if (given[i] == nullptr) {
        arguments[i].number = entry<Index>.defaults[i];
        return;
      }
    }
    are_scalars = are_scalars && read_operand(given[i], arguments[i]);
  };
  (read(std::integral_constant<std::size_t, I>{}), ...);
  if (!are_scalars) return apply_to_arrays(Index, given, entry<Index>.defaults);
  return wrap_new(record_any<Index>(graph, arguments[I]...));
}

// The null-terminated names of an entry's parameters.
template <std::size_t Index>
const std::array<const char*, arity_of<Index>>& parameters() {
  static const auto names = [] {
    std::array<const char*, arity_of<Index>> result{};
    // The names in the table are literals, so they end in a null.
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = entry<Index>.arguments[i].data();
    return result;
  }();
  return names;
}

template <std::size_t Index>
PyObject* call_function(PyObject*, PyObject* const* arguments, Py_ssize_t count,
                        PyObject* names) noexcept {
  return guarded([&] {
    std::array<PyObject*, arity_of<Index>> given{};
    read_arguments(entry<Index>.name, parameters<Index>(), required<Index>, arguments, count, names,
                   given);
    return apply<Index>(given.data(), std::make_index_sequence<arity_of<Index>>{});
  });
}

template <std::size_t Index>
PyObject* call_unary_function(PyObject*, PyObject* argument) noexcept {
  if (is_value(argument)) [[likely]]
    return unary<Index>(argument);
  return guarded([&] { return apply<Index>(&argument, std::index_sequence<0>{}); });
}

template <std::size_t Index>
PyObject* call_unary_method(PyObject* self, PyObject*) noexcept {
  return unary<Index>(self);
}

template <std::size_t Index>
PyObject* call_method(PyObject* self, PyObject* const* arguments, Py_ssize_t count,
                      PyObject* names) noexcept {
  return guarded([&] {
    std::array<PyObject*, arity_of<Index>> given{self};
    read_arguments(entry<Index>.name, std::span(parameters<Index>()).subspan(1),
                   required<Index> - 1, arguments, count, names, std::span(given).subspan(1));
    return apply<Index>(given.data(), std::make_index_sequence<arity_of<Index>>{});
  });
}

// The section "Raises" for a rule of faults.
constexpr std::string_view raises_of(faults::Flows) { return ""; }
constexpr std::string_view raises_of(faults::AsMath<Fault::domain>) {
  return "ValueError\n    Outside the domain.";
}
constexpr std::string_view raises_of(faults::AsMath<Fault::range>) {
  return "OverflowError\n    If the result is beyond the floats.";
}
constexpr std::string_view raises_of(faults::Division) {
  return "ZeroDivisionError\n    If the divisor is 0.";
}
constexpr std::string_view raises_of(faults::Power) {
  return "ZeroDivisionError\n    For a negative power of 0.\n"
         "ValueError\n    For a fractional power of a negative number.\n"
         "OverflowError\n    If the result is beyond the floats.";
}
constexpr std::string_view raises_of(faults::Gamma) {
  return "ValueError\n    At the poles 0, -1, -2 and so on.";
}

template <std::size_t Index, std::size_t... I>
double value_at(std::span<const double> arguments, std::index_sequence<I...>) {
  return entry<Index>.value(arguments[I]...);
}

template <std::size_t Index>
std::string documentation(bool as_method) {
  const Description description{entry<Index>.name,
                                entry<Index>.formula,
                                entry<Index>.arguments,
                                entry<Index>.domains,
                                entry<Index>.defaults,
                                raises_of(entry<Index>.fault),
                                [](std::span<const double> arguments) {
                                  return value_at<Index>(
                                      arguments, std::make_index_sequence<arity_of<Index>>{});
                                }};
  return documentation_of(description, as_method);
}

// Text that CPython keeps a pointer to.
const char* permanent(std::string text) {
  static auto& texts = *new std::deque<std::string>;
  return texts.emplace_back(std::move(text)).c_str();
}

template <std::size_t Index>
PyMethodDef function_definition() {
  const char* text = permanent(documentation<Index>(false));
  if constexpr (arity_of<Index> == 1)
    return {entry<Index>.name.data(), call_unary_function<Index>, METH_O, text};
  else
    return {entry<Index>.name.data(), as_c_function(call_function<Index>), with_names, text};
}

template <std::size_t Index>
PyMethodDef method_definition() {
  const char* text = permanent(documentation<Index>(true));
  if constexpr (arity_of<Index> == 1)
    return {entry<Index>.name.data(), call_unary_method<Index>, METH_NOARGS, text};
  else
    return {entry<Index>.name.data(), as_c_function(call_method<Index>), with_names, text};
}

template <std::size_t... Index>
void add_methods(std::vector<PyMethodDef>& methods, std::index_sequence<Index...>) {
  const auto add = [&](auto index) {
    if constexpr (is_method<index>) methods.push_back(method_definition<index>());
  };
  (add(std::integral_constant<std::size_t, Index>{}), ...);
}

template <std::size_t... Index>
PyMethodDef* function_definitions(std::index_sequence<Index...>) {
  static PyMethodDef definitions[] = {function_definition<Index>()...,
                                      {nullptr, nullptr, 0, nullptr}};
  return definitions;
}

// (name, arity, formula, argument names, domains, kink or None, default of the last or None)
py::tuple describe_operations() {
  return std::apply(
      [](const auto&... entries) {
        const auto describe = [](const auto& one) {
          py::list domains;
          for (const Domain& domain : one.domains)
            domains.append(py::make_tuple(domain.low, domain.high));
          const auto or_none = [](double number) -> py::object {
            if (number != number) return py::none();
            return py::float_(number);
          };
          py::list names;
          for (const std::string_view argument : one.arguments) names.append(py::str(argument));
          return py::make_tuple(py::str(one.name), one.arity, py::str(one.formula),
                                py::tuple(names), py::tuple(domains), or_none(one.kink),
                                or_none(one.defaults.back()));
        };
        return py::make_tuple(describe(entries)...);
      },
      operations);
}

}  // namespace

py::list function_names() {
  py::list names;
  std::apply([&names](const auto&... entries) { (names.append(py::str(entries.name)), ...); },
             operations);
  for (const std::string_view name : reduction_names) {
    if (name != "neuron") names.append(py::str(name));  // that is for autograd.nn
  }
  for (const char* name : {"max", "min", "softmax", "log_softmax", "matmul"})
    names.append(py::str(name));
  return names;
}

void add_function_methods(std::vector<PyMethodDef>& methods) {
  add_methods(methods, std::make_index_sequence<operation_count>{});
}

void bind_functions(py::module_& module) {
  if (PyModule_AddFunctions(module.ptr(),
                            function_definitions(std::make_index_sequence<operation_count>{})) != 0)
    throw py::error_already_set();
  module.def("operations", describe_operations,
             "The table of operations: for each its name, arity, formula, argument names, domains, "
             "kink and the default of its last argument.");
}

}  // namespace autograd::bind
