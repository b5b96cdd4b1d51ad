#include "bind/documentation.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/error.hpp"

namespace autograd::bind {

namespace {

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

// A formula as a sentence: words begin with a capital, `x + y` and `log(x)` stay what they are.
std::string sentence_of(std::string_view formula) {
  std::string text(formula);
  const auto word_end = std::ranges::find_if_not(text, is_letter);
  const bool is_word = word_end - text.begin() > 1 && (word_end == text.end() || *word_end != '(');
  if (is_word) text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + ".\n\n";
}

std::string default_text(double number) { return std::isinf(number) ? "None" : text_of(number); }

std::string parameter_list(const Description& operation, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < operation.arguments.size(); ++i) {
    if (i > first) text += ", ";
    text += operation.arguments[i];
    if (const double number = operation.defaults[i]; !std::isnan(number))
      text += "=" + default_text(number);
  }
  return text;
}

std::string signature_of(const Description& operation, bool as_method) {
  const std::string list = parameter_list(operation, as_method ? 1 : 0);
  std::string text(operation.name);
  if (as_method) {
    text += "($self, /" + (list.empty() ? "" : ", " + list);
  } else {
    text += "($module, " + list + (operation.arguments.size() == 1 ? ", /" : "");
  }
  return text + ")\n--\n\n";
}

std::string parameters_section(const Description& operation, std::size_t first) {
  if (first == operation.arguments.size()) return "";
  std::string text = "Parameters\n----------\n";
  for (std::size_t i = first; i < operation.arguments.size(); ++i) {
    text += std::string(operation.arguments[i]) + " : Value or float";
    if (const double number = operation.defaults[i]; !std::isnan(number))
      text += ", default " + default_text(number);
    text += "\n    " + sentence_of(operation.domains[i].needed);
    text.pop_back();
  }
  return text + "\n";
}

// A point at which an entry is shown at work.
double sample_of(const Domain& domain, std::size_t position) {
  if (domain.whole) return 1.0;
  constexpr double samples[] = {0.5, 2.0, 3.0};
  const double sample = samples[position];
  return sample > domain.low && domain.low != 0.0 ? sample : 2.0;
}

std::string example_section(const Description& operation, bool as_method) {
  std::vector<double> samples;
  for (std::size_t i = 0; i < operation.domains.size(); ++i)
    samples.push_back(sample_of(operation.domains[i], i));
  const auto variable = static_cast<std::size_t>(
      std::ranges::find(operation.domains, false, &Domain::whole) - operation.domains.begin());
  std::string call = as_method ? "" : "autograd." + std::string(operation.name) + "(";
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::string sample = text_of(samples[i]);
    if (i > (as_method ? 1U : 0U)) call += ", ";
    call += i == variable ? "Value(" + sample + ")" : sample;
    if (as_method && i == 0) call += "." + std::string(operation.name) + "(";
  }
  return "Examples\n--------\n>>> import autograd\n>>> from autograd import Value\n>>> " + call +
         ")\nValue(" + text_of(operation.value(samples)) + ", grad=0.0)\n";
}

}  // namespace

std::string documentation_of(const Description& operation, bool as_method) {
  std::string text =
      signature_of(operation, as_method) + sentence_of(operation.formula) +
      parameters_section(operation, as_method ? 1 : 0) +
      "Returns\n-------\nValue\n    Recorded if an argument requires a gradient.\n\n";
  if (!operation.raises.empty())
    text += "Raises\n------\n" + std::string(operation.raises) + "\n\n";
  return text + example_section(operation, as_method);
}

}  // namespace autograd::bind
