#include "core/code.hpp"

namespace autograd {

std::string_view name_of(Code code) {
  if (is_reduction(code)) return reduction_names[code - form_count];
  static constexpr auto names = std::apply(
      [](const auto&... entries) {
        return std::array<std::string_view, operation_count>{entries.name...};
      },
      operations);
  return names[forms[code].index];
}

}  // namespace autograd
