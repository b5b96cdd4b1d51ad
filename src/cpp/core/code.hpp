// Codes: what a node stores to say which operation made it.
//
// An elementwise entry of the table has one code for each way in which its operands can be nodes
// or plain numbers (a unary entry 1, a binary 3, a ternary 7: all but "only numbers"). The
// reductions over lists follow; `dispatch` turns either back into compile-time facts. Last come the
// codes of arrays: the elementwise ones again, and the structural operations.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <string_view>
#include <utility>

#include "core/node.hpp"
#include "core/operations.hpp"

namespace autograd {

// Operations over lists; their records are long. See reductions.hpp for what each keeps.
enum class Reduction : Code { sum, mean, dot, neuron, logsumexp };
inline constexpr std::array<std::string_view, 5> reduction_names{"sum", "mean", "dot", "neuron",
                                                                 "logsumexp"};

// An elementwise code: the entry, and a bit set for each operand that is a number.
struct Form {
  std::size_t index;
  unsigned numbers;
};

namespace detail {

template <std::size_t... Index>
constexpr std::size_t count_forms(std::index_sequence<Index...>) {
  return (((std::size_t{1} << arity_of<Index>)-1) + ...);
}

}  // namespace detail

inline constexpr std::size_t form_count =
    detail::count_forms(std::make_index_sequence<operation_count>{});

namespace detail {

template <std::size_t... Index>
constexpr auto list_forms(std::index_sequence<Index...>) {
  std::array<Form, form_count> forms{};
  std::size_t code = 0;
  const auto list = [&](std::size_t index, std::size_t arity) {
    for (unsigned numbers = 0; numbers + 1 < (1U << arity); ++numbers)
      forms[code++] = {index, numbers};
  };
  (list(Index, arity_of<Index>), ...);
  return forms;
}

}  // namespace detail

inline constexpr std::array<Form, form_count> forms =
    detail::list_forms(std::make_index_sequence<operation_count>{});

namespace detail {

constexpr auto list_first_codes() {
  std::array<Code, operation_count> codes{};
  for (std::size_t code = form_count; code-- > 0;)
    codes[forms[code].index] = static_cast<Code>(code);
  return codes;
}

}  // namespace detail

// The forms of an operation follow each other.
inline constexpr std::array<Code, operation_count> first_codes = detail::list_first_codes();

constexpr Code code_of(std::size_t index, unsigned numbers) {
  return static_cast<Code>(first_codes[index] + numbers);
}

constexpr Code code_of(Reduction reduction) {
  return static_cast<Code>(form_count + static_cast<std::size_t>(reduction));
}

inline constexpr std::size_t code_count = form_count + reduction_names.size();

// Operations on the structure of arrays, see structural.hpp.
enum class Structural : Code {
  sum,
  broadcast,
  reshape,
  transpose,
  matmul,
  slice,
  unslice,
  take,
  scatter,
  concatenate,
  stack,
  element,
  cumsum,
  max,
  min,
  convert,
  layer,
  custom
};
inline constexpr std::array<std::string_view, 18> structural_names{
    "sum",     "broadcast_to", "reshape",     "transpose",   "matmul", "getitem",
    "unslice", "take",         "scatter_add", "concatenate", "stack",  "getitem",
    "cumsum",  "max",          "min",         "astype",      "layer",  "custom"};

inline constexpr Code first_array_code = code_count;
inline constexpr Code first_structural_code = first_array_code + form_count;

constexpr Code code_of(Structural structural) {
  return static_cast<Code>(first_structural_code + static_cast<Code>(structural));
}
constexpr bool is_structural(Code code) { return code >= first_structural_code; }
constexpr Structural structural_of(Code code) {
  return static_cast<Structural>(code - first_structural_code);
}

// The elementwise code of an operation on arrays that has the same operands on numbers.
constexpr Code array_code_of(std::size_t index, unsigned numbers) {
  return static_cast<Code>(first_array_code + code_of(index, numbers));
}

constexpr bool is_elementwise(Code code) { return code < form_count; }
constexpr bool is_of_arrays(Code code) { return code >= first_array_code; }
constexpr bool is_array_elementwise(Code code) {
  return is_of_arrays(code) && !is_structural(code);
}
// The form of an elementwise operation, on numbers or on arrays.
constexpr Form form_of(Code code) {
  return forms[is_of_arrays(code) ? code - first_array_code : code];
}
constexpr bool is_reduction(Code code) { return code >= form_count; }
constexpr Reduction reduction_of(Code code) { return static_cast<Reduction>(code - form_count); }

// Where operand `i` of an elementwise form stands in a long record: nodes first, then numbers.
constexpr std::size_t place_in_long(unsigned numbers, std::size_t arity, std::size_t i) {
  const unsigned before = (1U << i) - 1;
  const auto numbers_before = static_cast<std::size_t>(std::popcount(numbers & before));
  if ((numbers >> i & 1U) == 0) return i - numbers_before;
  return arity - static_cast<std::size_t>(std::popcount(numbers)) + numbers_before;
}

// Operand `i` of an elementwise record, short or long.
template <std::size_t Arity>
Operand& operand(Node* node, unsigned numbers, std::size_t i) {
  if constexpr (Arity <= 2) {
    return as_interior(node)->operands[i];
  } else {
    return as_long(node)->operands[place_in_long(numbers, Arity, i)];
  }
}

// The same for an arity that is known at run time only.
inline Operand& operand(Node* node, unsigned numbers, std::size_t arity, std::size_t i) {
  return arity <= 2 ? as_interior(node)->operands[i]
                    : as_long(node)->operands[place_in_long(numbers, arity, i)];
}

namespace detail {

template <class Visitor, std::size_t... Number>
void dispatch_among(Code code, Visitor&& visitor, std::index_sequence<Number...>) {
  // An early-exit fold over constants: compilers make it a jump table.
  static_cast<void>(
      ((code == Number && (visitor(std::integral_constant<Code, Number>{}), true)) || ...));
}

}  // namespace detail

// Calls visitor(integral_constant<Code, code>).
template <class Visitor>
void dispatch(Code code, Visitor&& visitor) {
  detail::dispatch_among(code, std::forward<Visitor>(visitor),
                         std::make_index_sequence<code_count>{});
}
// The same for an elementwise operation on numbers. Most of a graph is made of a few, which are
// asked for first: what a branch does is foreseen more surely than a jump through a table.
template <class Visitor>
void dispatch_elementwise(Code code, Visitor&& visitor) {
  constexpr Code sum = code_of(index_of("add"), 0);
  constexpr Code product = code_of(index_of("multiply"), 0);
  constexpr Code product_with_number = code_of(index_of("multiply"), 2);
  if (code == sum) return visitor(std::integral_constant<Code, sum>{});
  if (code == product) return visitor(std::integral_constant<Code, product>{});
  if (code == product_with_number)
    return visitor(std::integral_constant<Code, product_with_number>{});
  detail::dispatch_among(code, std::forward<Visitor>(visitor),
                         std::make_index_sequence<form_count>{});
}

// The name in the table of the operation that made an interior node.
std::string_view name_of(Code code);

}  // namespace autograd
