// Documentation of the operations: what the table says of an entry, as a docstring.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/entry.hpp"

namespace autograd::bind {

// What is documented. The views and the function belong to the table.
struct Description {
  std::string_view name;
  std::string_view formula;
  std::span<const std::string_view> arguments;
  std::span<const Domain> domains;
  std::span<const double> defaults;  // nan for none, an infinity for None
  std::string_view raises;           // the section "Raises", or nothing
  double (*value)(std::span<const double>);
};

// In NumPy's convention, with an example that runs. The first line, up to "--", is the signature,
// for CPython.
std::string documentation_of(const Description& operation, bool as_method);

}  // namespace autograd::bind
