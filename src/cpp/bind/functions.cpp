#include "bind/functions.hpp"

#include <deque>

#include "bind/operand.hpp"
#include "core/error.hpp"

namespace autograd::bind {

namespace {

template <std::size_t Index>
constexpr bool has_default = entry<Index>.default_last == entry<Index>.default_last;

template <std::size_t Index>
constexpr std::size_t required = arity_of<Index> - (has_default<Index> ? 1 : 0);

// `polygamma(n, x)` and `where(condition, a, b)` are functions only.
template <std::size_t Index>
constexpr bool is_method = entry<Index>.arguments[0] == "x" || entry<Index>.arguments[0] == "y";

template <std::size_t Index, std::size_t... I>
PyObject* apply(PyObject* const* given, std::index_sequence<I...>) {
  const auto read = [given](std::size_t i) -> Argument {
    if (given[i] == nullptr) return {nullptr, entry<Index>.default_last};
    return operand_for(entry<Index>.name, given[i]);
  };
  const Argument arguments[] = {read(I)...};
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
  return guarded([&]() -> PyObject* {
    if (is_value(argument)) return wrap_new(record<Index>(graph, node_of(argument)));
    return wrap_new(record_any<Index>(graph, operand_for(entry<Index>.name, argument)));
  });
}

template <std::size_t Index>
PyObject* call_unary_method(PyObject* self, PyObject*) noexcept {
  return guarded([&] { return wrap_new(record<Index>(graph, node_of(self))); });
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

// A point at which the documentation shows an entry at work.
double sample_of(const Domain& domain, std::size_t position) {
  constexpr double samples[] = {0.5, 2.0, 3.0};
  const double sample = samples[position];
  return sample > domain.low && domain.low != 0.0    ? sample
         : domain.low == 0.0 && domain.high == 150.0 ? 1.0
                                                     : 2.0;
}

template <std::size_t Index>
std::string list_of_parameters(std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < arity_of<Index>; ++i) {
    if (i > first) text += ", ";
    text += entry<Index>.arguments[i];
    if (has_default<Index> && i + 1 == arity_of<Index>)
      text += "=" + text_of(entry<Index>.default_last);
  }
  return text;
}

template <std::size_t Index>
std::string example_call(bool as_method) {
  std::string text;
  for (std::size_t i = 0; i < arity_of<Index>; ++i) {
    std::string sample = text_of(sample_of(entry<Index>.domains[i], i));
    const bool first_value = as_method ? i == 0 : i + 1 == arity_of<Index> || i == 0;
    if (first_value && !(Index == index_of("polygamma") && i == 0))
      sample = "Value(" + sample + ")";
    if (as_method && i == 0) {
      text = sample + "." + std::string(entry<Index>.name) + "(";
      continue;
    }
    if (i > (as_method ? 1U : 0U)) text += ", ";
    text += sample;
  }
  return (as_method ? text : "autograd." + std::string(entry<Index>.name) + "(" + text) + ")";
}

// Computed when the module is loaded, and not by the compiler, whose own library may differ from
// the one that the user's call will reach.
template <std::size_t Index, std::size_t... I>
std::string example_result(std::index_sequence<I...>) {
  volatile double samples[] = {sample_of(entry<Index>.domains[I], I)...};
  return text_of(entry<Index>.value(static_cast<double>(samples[I])...));
}

// NumPy's convention. CPython takes the first line, up to "--", as the signature.
template <std::size_t Index>
std::string documentation(bool as_method) {
  const std::string name(entry<Index>.name);
  std::string text = name + "(" + (as_method ? "$self" : "$module") + ", ";
  const std::string list = list_of_parameters<Index>(as_method ? 1 : 0);
  text += (as_method ? "/" + (list.empty() ? "" : ", " + list)
                     : list + (arity_of<Index> == 1 ? ", /" : ""));
  text += ")\n--\n\n";
  std::string summary(entry<Index>.formula);
  const bool word = summary.size() > 1 && summary[1] >= 'a' && summary[1] <= 'z';
  if (word && summary[0] >= 'a' && summary[0] <= 'z')
    summary[0] = static_cast<char>(summary[0] - 'a' + 'A');
  text += summary + ".\n\n";
  if (arity_of<Index> > (as_method ? 1 : 0)) {
    text += "Parameters\n----------\n";
    for (std::size_t i = as_method ? 1 : 0; i < arity_of<Index>; ++i) {
      text += std::string(entry<Index>.arguments[i]) + " : Value or float";
      if (has_default<Index> && i + 1 == arity_of<Index>)
        text += ", default " + text_of(entry<Index>.default_last);
      std::string needed(entry<Index>.domains[i].needed);
      needed[0] = static_cast<char>(needed[0] - 'a' + 'A');
      text += "\n    " + needed + ".\n";
    }
    text += "\n";
  }
  text += "Returns\n-------\nValue\n    Recorded if an argument requires a gradient.\n\n";
  using Faults = typename std::remove_cvref_t<decltype(entry<Index>)>::Faults;
  std::string raises;
  if constexpr (std::is_same_v<Faults, faults::Division>)
    raises = "ZeroDivisionError\n    If the divisor is 0.\n";
  if constexpr (std::is_same_v<Faults, faults::Power>)
    raises =
        "ZeroDivisionError, ValueError, OverflowError\n    For a negative power of 0, a fractional "
        "power of a negative number, a result beyond\n    the floats.\n";
  if constexpr (std::is_same_v<Faults, faults::AsMath<Fault::domain>>)
    raises = "ValueError\n    Outside the domain.\n";
  if constexpr (std::is_same_v<Faults, faults::AsMath<Fault::range>>)
    raises = "OverflowError\n    If the result is beyond the floats.\n";
  if constexpr (std::is_same_v<Faults, faults::Gamma>)
    raises = "ValueError\n    At the poles 0, -1, -2, ...\n";
  if (!raises.empty()) text += "Raises\n------\n" + raises + "\n";
  text += "Examples\n--------\n>>> import autograd\n>>> from autograd import Value\n>>> " +
          example_call<Index>(as_method) + "\nValue(" +
          example_result<Index>(std::make_index_sequence<arity_of<Index>>{}) + ", grad=0.0)\n";
  return text;
}

// Text that CPython keeps a pointer to.
const char* permanent(std::string text) {
  static auto& texts = *new std::deque<std::string>;
  return texts.emplace_back(std::move(text)).c_str();
}

template <class Function>
PyCFunction as_c_function(Function* function) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

constexpr int with_names = METH_FASTCALL | METH_KEYWORDS;

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
                                or_none(one.default_last));
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
