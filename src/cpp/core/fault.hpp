// The error of an operation whose result is no number: the cold side of record.hpp.
#pragma once

#include <span>
#include <string_view>

#include "core/entry.hpp"

namespace autograd {

// Throws the exception for `fault`; `domains` and `arguments` name what is needed and was given.
[[noreturn]] void raise_fault(Fault fault, std::string_view operation,
                              std::span<const std::string_view> names,
                              std::span<const Domain> domains, std::span<const double> arguments);

}  // namespace autograd
