#include "core/code.hpp"

namespace autograd {

std::string_view name_of(Code code) {
  if (is_structural(code)) return structural_names[code - first_structural_code];
  if (is_array_elementwise(code)) return operation_names[form_of(code).index];
  if (is_reduction(code)) return reduction_names[code - form_count];
  return operation_names[forms[code].index];
}

}  // namespace autograd
