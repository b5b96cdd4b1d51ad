#include "core/code.hpp"

namespace autograd {

std::string_view name_of(Code code) {
  if (is_reduction(code)) return reduction_names[code - form_count];
  return std::apply(
      [code](const auto&... entries) {
        const std::array<std::string_view, operation_count> names{entries.name...};
        return names[forms[code].index];
      },
      operations);
}

}  // namespace autograd
