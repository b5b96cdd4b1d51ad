#include "core/fault.hpp"

#include <cmath>
#include <string>

#include "core/error.hpp"

namespace autograd {

namespace {

std::string list_of(std::span<const std::string_view> names, std::span<const double> arguments) {
  std::string text;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (i > 0) text += ", ";
    text += std::string(names[i]) + " = " + text_of(arguments[i]);
  }
  return text;
}

// The argument to blame: the first outside its interval, else the last.
std::size_t culprit(std::span<const Domain> domains, std::span<const double> arguments) {
  for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
    const double argument = arguments[i];
    const bool inside = argument >= domains[i].low && argument <= domains[i].high;
    if (!inside || (domains[i].whole && argument != std::floor(argument))) return i;
  }
  return arguments.size() - 1;
}

}  // namespace

void raise_fault(Fault fault, std::string_view operation, std::span<const std::string_view> names,
                 std::span<const Domain> domains, std::span<const double> arguments) {
  const std::string given =
      "[" + std::string(operation) + "] " + list_of(names, arguments) + " was given - ";
  switch (fault) {
    case Fault::division: {
      // The divisor, or the base of a negative power.
      const std::string name(arguments.back() == 0.0 ? names.back() : names.front());
      throw DivisionByZero(given + "for " + name + " a number other than 0 is needed. Guard it, " +
                           "e.g. with autograd.where(" + name + " == 0, 1, " + name + ").");
    }
    case Fault::range:
      throw RangeError(given +
                       "a result below 1.8e308, the largest float, is needed. Scale the argument "
                       "down, or compute with logarithms.");
    default: {
      const std::size_t blamed = culprit(domains, arguments);
      throw DomainError(given + "for " + std::string(names[blamed]) + " " +
                        std::string(domains[blamed].needed) +
                        " is needed. Check the argument, or hold it there with autograd.clip.");
    }
  }
}

}  // namespace autograd
