#include "core/record.hpp"

#include "core/deferred.hpp"
#include "core/elementwise.hpp"
#include "core/kernels.hpp"
#include "core/record_array.hpp"

namespace autograd {

namespace {

ArrayOperand operand_of(const Argument& argument) {
  const Node* node = argument.node;
  if (node == nullptr) return {nullptr, argument.number};
  if (node->has(is_array)) return {node->array, 0.0};
  return {nullptr, node->primal};
}

}  // namespace

namespace {

void store(Operand& operand, const Argument& argument) {
  if (argument.node == nullptr) {
    operand.number = argument.number;
  } else {
    detail::store(operand, argument.node);
  }
}

// The node of a result that has been computed, from the flags of its arguments.
Node* append_elementwise(Graph& graph, std::size_t index, ArrayReference result,
                         std::span<const Argument> arguments, unsigned flags) {
  if ((flags & requires_grad) == 0 || !is_recording()) return graph.new_constant(std::move(result));
  const std::size_t arity = arguments.size();
  unsigned numbers = 0;
  for (std::size_t i = 0; i < arity; ++i) numbers |= arguments[i].node == nullptr ? 1U << i : 0U;
  const Code code = array_code_of(index, numbers);
  if (arity <= 2) {
    if (!graph.has_room()) graph.make_room();
    const unsigned absent = arity == 1 ? 2U : 0U;
    const auto kinds = static_cast<std::uint16_t>(
        requires_grad | (((numbers | absent) & 1U) != 0 ? first_is_number : 0) |
        (((numbers | absent) & 2U) != 0 ? second_is_number : 0));
    Interior* node = graph.new_interior(0.0, code, kinds);
    store(node->operands[0], arguments[0]);
    if (arity == 2) store(node->operands[1], arguments[1]);
    Graph::give_array(node, std::move(result));
    return node;
  }
  const auto nodes =
      static_cast<std::uint32_t>(arity) - static_cast<std::uint32_t>(std::popcount(numbers));
  Long* node = graph.new_long(0.0, code, nodes, static_cast<std::uint32_t>(arity));
  for (std::size_t i = 0; i < arity; ++i)
    store(node->operands[place_in_long(numbers, arity, i)], arguments[i]);
  Graph::give_array(node, std::move(result));
  return node;
}

constexpr std::size_t index_of_square = index_of("square");

// x ** 2, which has loops and derivatives of its own.
bool is_square(std::size_t index, std::span<const Argument> arguments) {
  constexpr std::size_t power = index_of("power");
  return index == power && arguments[1].node == nullptr && arguments[1].number == 2.0;
}

// c * (d * x) as (c * d) * x, where nobody has asked for d * x: a rule multiplies an adjoint that
// is one number with a partial that has a factor. Not where that would lose digits.
bool fold_factors(std::size_t index, std::span<const Argument> arguments, std::span<Argument> to) {
  constexpr std::size_t multiply = index_of("multiply");
  if (index != multiply) return false;
  const bool is_first = arguments[0].node == nullptr;
  const Argument& factor = arguments[is_first ? 0 : 1];
  const Node* product = arguments[is_first ? 1 : 0].node;
  if (factor.node != nullptr || !is_deferred(*product->array)) return false;
  const bool first_inside = product->code == array_code_of(multiply, 1);
  if (!first_inside && product->code != array_code_of(multiply, 2)) return false;
  const Operand* operands = as_interior(product)->operands;
  const double both = factor.number * operands[first_inside ? 0 : 1].number;
  if (!std::isnormal(both)) return false;
  to[0] = {nullptr, both};
  to[1] = {operands[first_inside ? 1 : 0].node, 0.0};
  return true;
}

constexpr std::size_t small = std::size_t{1} << 16;

bool are_small_and_alike(const Node* a, const Node* b) {
  return a != nullptr && b != nullptr && (a->flags & b->flags & is_array) != 0 &&
         a->array->dtype == Dtype::float64 && b->array->dtype == Dtype::float64 &&
         same_shape(*a->array, *b->array) && a->array->size <= small;
}

// Of one operand, or of two of one shape: what small arrays are made of. Half of the cost would be
// in the general case.
Node* record_alike(Graph& graph, std::size_t index, Node* first, Node* second) {
  const bool is_binary = second != nullptr;
  const unsigned flags = is_binary ? first->flags | second->flags : first->flags;
  const bool is_wanted = (flags & requires_grad) != 0 && is_recording();
  if (is_wanted && !graph.has_room()) graph.make_room();
  ArrayReference result(graph.arrays().allocate_like(*first->array));
  const double* const pointers[] = {first->array->doubles(),
                                    is_binary ? second->array->doubles() : nullptr};
  kernels().value[index](result->size, result->doubles(), pointers);
  if (!is_wanted) return graph.new_constant(std::move(result));
  Interior* node = graph.new_interior(
      0.0, array_code_of(index, 0),
      static_cast<std::uint16_t>(is_binary ? requires_grad : requires_grad | second_is_number));
  detail::store(node->operands[0], first);
  if (is_binary) detail::store(node->operands[1], second);
  Graph::give_array(node, std::move(result));
  return node;
}

}  // namespace

Node* append_arrays(Graph& graph, std::size_t index, ArrayReference result,
                    std::span<const Argument> arguments) {
  unsigned flags = 0;
  for (const Argument& argument : arguments) {
    if (argument.node != nullptr) flags |= argument.node->flags;
  }
  return append_elementwise(graph, index, std::move(result), arguments, flags);
}

Node* record_arrays(Graph& graph, std::size_t index, std::span<const Argument> arguments) {
  if (arguments.size() <= 2 && !graph.defers) [[likely]] {
    Node* first = arguments[0].node;
    Node* last = arguments.back().node;
    if (are_small_and_alike(first, last)) [[likely]]
      return record_alike(graph, index, first, arguments.size() == 2 ? last : nullptr);
  }
  if (is_square(index, arguments)) {
    index = index_of_square;
    arguments = arguments.first(1);
  }
  Argument folded[2];
  if (graph.defers && fold_factors(index, arguments, folded)) arguments = folded;
  const std::size_t arity = arguments.size();
  ArrayOperand operands[3];
  unsigned flags = 0;
  for (std::size_t i = 0; i < arity; ++i) {
    if (Node* node = arguments[i].node) {
      detail::refresh(node);
      flags |= node->flags;
    }
    operands[i] = operand_of(arguments[i]);
  }
  ArrayReference result;
  if (graph.defers) result = deferred_elementwise(index, {operands, arity});
  if (!result) result = apply_elementwise(graph.arrays(), index, {operands, arity});
  return append_elementwise(graph, index, std::move(result), arguments, flags);
}

namespace {

bool is_wanted(std::span<Node* const> arguments) {
  for (const Node* argument : arguments) {
    if (argument->has(requires_grad)) return is_recording();
  }
  return false;
}

Long* append_structural(Graph& graph, Structural operation, double primal,
                        std::span<Node* const> arguments, std::span<const std::uint64_t> words) {
  const auto count = static_cast<std::uint32_t>(arguments.size());
  Long* node = graph.new_long(primal, code_of(operation), count,
                              count + static_cast<std::uint32_t>(words.size()));
  Operand* place = node->operands;
  for (Node* argument : arguments) detail::store(*place++, argument);
  for (const std::uint64_t word : words) (place++)->word = word;
  return node;
}

}  // namespace

Node* record_structural(Graph& graph, Structural operation, ArrayReference result,
                        std::span<Node* const> arguments, std::span<const std::uint64_t> words) {
  if (result->rank == 0)
    return record_structural(graph, operation, result->number_at(0), arguments, words);
  if (!is_wanted(arguments)) return graph.new_constant(std::move(result));
  Long* node = append_structural(graph, operation, 0.0, arguments, words);
  Graph::give_array(node, std::move(result));
  return node;
}

Node* record_structural(Graph& graph, Structural operation, double result,
                        std::span<Node* const> arguments, std::span<const std::uint64_t> words) {
  if (!is_wanted(arguments)) return graph.new_constant(result);
  return append_structural(graph, operation, result, arguments, words);
}

}  // namespace autograd
