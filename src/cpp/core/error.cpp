#include "core/error.hpp"

#include <charconv>
#include <cmath>

namespace autograd {

std::string text_of(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number > 0.0 ? "inf" : "-inf";
  char buffer[32];  // the longest has 24 characters
  char* const limit = buffer + sizeof buffer;
  // Python's rule: an exponent for less than 0.0001 and from 1e16 on.
  const double magnitude = std::abs(number);
  const bool plain = magnitude == 0.0 || (magnitude >= 1e-4 && magnitude < 1e16);
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  std::string text(buffer, std::to_chars(buffer, limit, number, format).ptr);
  if (plain && text.find('.') == std::string::npos) text += ".0";
  return text;
}

}  // namespace autograd
