// Recording: apply an operation, compute its value, and append a node to the graph, or none.
//
// Operands are `Node*` or `double`, and which they are is known when compiling, so that `x * 2.5`
// is one node with the number in it. O(1); allocates nothing but the node.
#pragma once

#include <cmath>
#include <concepts>
#include <span>
#include <tuple>

#include "core/code.hpp"
#include "core/fault.hpp"
#include "core/graph.hpp"
#include "core/recording.hpp"

namespace autograd {

template <class T>
concept OperandType = std::same_as<T, Node*> || std::same_as<T, double>;

inline double primal_of(const Node* node) { return node->primal; }
inline double primal_of(double number) { return number; }

namespace detail {

inline unsigned flags_of(const Node* node) { return node->flags; }
inline unsigned flags_of(double) { return 0; }

inline void store(Operand& operand, Node* node) {
  Graph::retain(node);
  operand.node = node;
}
inline void store(Operand& operand, double number) { operand.number = number; }

template <class... Operands>
constexpr unsigned numbers_among() {
  unsigned numbers = 0;
  unsigned i = 0;
  ((numbers |= std::same_as<Operands, double> ? 1U << i : 0U, ++i), ...);
  return numbers;
}

template <std::size_t Index, class... Operands>
[[gnu::cold, gnu::noinline]] void check_result(double result, Operands... operands) {
  const Fault fault = entry<Index>.fault(result, operands...);
  if (fault == Fault::none) return;
  const double arguments[] = {operands...};
  raise_fault(fault, entry<Index>.name, entry<Index>.arguments, entry<Index>.domains, arguments);
}

}  // namespace detail

namespace detail {

template <std::size_t Index, OperandType... Operands>
Node* append_node(Graph& graph, double result, Operands... operands) {
  constexpr std::size_t arity = sizeof...(Operands);
  constexpr unsigned numbers = numbers_among<Operands...>();
  constexpr Code code = code_of(Index, numbers);
  std::size_t i = 0;
  if constexpr (arity <= 2) {
    // A unary operation has no second operand, and says so as if it were a number.
    constexpr unsigned absent = arity == 1 ? 2U : 0U;
    constexpr auto kinds = static_cast<std::uint16_t>(
        requires_grad | (((numbers | absent) & 1U) != 0 ? first_is_number : 0) |
        (((numbers | absent) & 2U) != 0 ? second_is_number : 0));
    Interior* node = graph.new_interior(result, code, kinds);
    (store(node->operands[i++], operands), ...);
    return node;
  } else {
    constexpr auto nodes =
        static_cast<std::uint32_t>((std::size_t{std::same_as<Operands, Node*>} + ...));
    Long* node = graph.new_long(result, code, nodes, arity);
    (store(node->operands[place_in_long(numbers, arity, i++)], operands), ...);
    return node;
  }
}

template <std::size_t Index, OperandType... Operands>
[[gnu::cold, gnu::noinline]] Node* append_slowly(Graph& graph, double result,
                                                 Operands... operands) {
  if (!is_recording()) return graph.new_constant(result);
  if (!graph.has_room()) graph.make_room();
  return append_node<Index>(graph, result, operands...);
}

}  // namespace detail

// The node of a result that has been computed. When nobody can ask for a derivative (no argument
// requires a gradient, or recording is off) it is a constant without arguments.
template <std::size_t Index, OperandType... Operands>
Node* append(Graph& graph, double result, Operands... operands) {
  const unsigned flags = (detail::flags_of(operands) | ...);
  if ((flags & requires_grad) == 0) [[unlikely]]
    return graph.new_constant(result);
  if (!everybody_records() || !graph.has_room()) [[unlikely]]
    return detail::append_slowly<Index>(graph, result, operands...);
  return detail::append_node<Index>(graph, result, operands...);
}

// Whether a value that is not finite may be a fault.
template <std::size_t Index>
inline constexpr bool has_faults =
    !std::same_as<typename std::remove_cvref_t<decltype(entry<Index>)>::Faults, faults::Flows>;

// The value of an entry. Throws what its fault rule says.
template <std::size_t Index>
double value_of(std::same_as<double> auto... arguments) {
  static_assert(sizeof...(arguments) == arity_of<Index>);
  const double result = entry<Index>.value(arguments...);
  if constexpr (has_faults<Index>) {
    if (!std::isfinite(result)) [[unlikely]]
      detail::check_result<Index>(result, arguments...);
  }
  return result;
}

// An operand whose kind is known at run time only: a node or, when that is null, a number.
struct Argument {
  Node* node = nullptr;
  double number = 0.0;
};

namespace detail {

// Whatever `record_quickly` leaves.
template <std::size_t Index, OperandType... Operands>
[[gnu::cold, gnu::noinline]] Node* record_carefully(Graph& graph, Operands... operands);

}  // namespace detail

// `record` where that is a computation and a few stores: of numbers, without a fault, while there
// is an allowance, which is given when everybody records. Else null, and nothing has happened. It
// calls nothing but what the value does, and nothing throws, so that a caller whose other ways are
// last calls has no registers to save.
template <std::size_t Index, OperandType... Operands>
  requires(sizeof...(Operands) <= 2)
Node* record_quickly(Graph& graph, Operands... operands) noexcept {
  const unsigned flags = (detail::flags_of(operands) | ...);
  if ((flags & asked_of_operands) != requires_grad || !graph.is_allowed()) [[unlikely]]
    return nullptr;
  const double result = entry<Index>.value(primal_of(operands)...);
  if constexpr (has_faults<Index>) {
    if (!std::isfinite(result)) [[unlikely]]
      return nullptr;
  }
  return detail::append_node<Index>(graph, result, operands...);
}

// A new reference to the result. Throws as `value_of`, or std::bad_alloc; the graph is then as it
// was. Of arrays, faults flow, as they do in NumPy, but shapes may not fit: LengthError.
template <std::size_t Index, OperandType... Operands>
Node* record(Graph& graph, Operands... operands) {
  const unsigned flags = (detail::flags_of(operands) | ...);
  if ((flags & (is_array | is_view)) == 0) [[likely]]
    return append<Index>(graph, value_of<Index>(primal_of(operands)...), operands...);
  return detail::record_carefully<Index>(graph, operands...);
}

// The same for operands of which one at least is an array.
Node* record_arrays(Graph& graph, std::size_t index, std::span<const Argument> arguments);

namespace detail {

inline void refresh(Node* node) {
  if (node->has(is_view)) Graph::refresh(as_leaf(node));
}
inline void refresh(double) {}

inline Argument argument_of(Node* node) { return {node, 0.0}; }
inline Argument argument_of(double number) { return {nullptr, number}; }

template <std::size_t Index, OperandType... Operands>
Node* record_carefully(Graph& graph, Operands... operands) {
  if (((flags_of(operands) | ...) & is_array) != 0) {
    const Argument arguments[] = {argument_of(operands)...};
    return record_arrays(graph, Index, arguments);
  }
  (refresh(operands), ...);
  return append<Index>(graph, value_of<Index>(primal_of(operands)...), operands...);
}

}  // namespace detail

// Calls f with each Argument as the Node* or double that it is.
template <class F, class... Done>
auto resolve(const F& f, std::tuple<Done...> done) {
  return std::apply(f, done);
}
template <class F, class... Done, class... Rest>
auto resolve(const F& f, std::tuple<Done...> done, Argument next, Rest... rest) {
  if (next.node == nullptr)
    return resolve(f, std::tuple_cat(done, std::tuple(next.number)), rest...);
  return resolve(f, std::tuple_cat(done, std::tuple(next.node)), rest...);
}

// The same as `record` for operands of any kind, all numbers included.
template <std::size_t Index, std::same_as<Argument>... Arguments>
Node* record_any(Graph& graph, Arguments... arguments) {
  return resolve(
      [&graph](auto... operands) -> Node* {
        if constexpr ((std::same_as<decltype(operands), double> && ...)) {
          return graph.new_constant(value_of<Index>(operands...));
        } else {
          return record<Index>(graph, operands...);
        }
      },
      std::tuple<>(), arguments...);
}

// `record` without faults: derivatives are computed in IEEE arithmetic, where inf and nan flow.
template <std::size_t Index, OperandType... Operands>
Node* record_unchecked(Graph& graph, Operands... operands) {
  return append<Index>(graph, entry<Index>.value(primal_of(operands)...), operands...);
}

}  // namespace autograd
