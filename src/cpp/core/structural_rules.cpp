#include "core/structural_rules.hpp"

#include <bit>
#include <vector>

namespace autograd {

namespace {

// The words that follow the arguments of a record.
const Operand* words_of(const Node* node) {
  return as_long(node)->operands + as_long(node)->arguments;
}

}  // namespace

std::size_t axis_of_concatenated(const Long* node) { return words_of(node)[0].word; }

Slice read_slice(const Operand* words, std::size_t rank) {
  Slice slice;
  for (std::size_t axis = 0; axis < rank; ++axis, words += 3) {
    slice.starts[axis] = words[0].word;
    slice.steps[axis] = static_cast<std::ptrdiff_t>(std::bit_cast<std::int64_t>(words[1].word));
    slice.counts.append(words[2].word);
  }
  slice.dropped = words[0].word;
  return slice;
}

namespace {

// Whether a result of this shape kept the axes that were reduced.
bool keeps_axes(const Term& x, const Shape& result) { return x.shape().rank() == result.rank(); }

// x along the axes of a mask of `shape`, of which it has length 1 or none.
Term spread(const Term& x, std::uint64_t axes, const Shape& shape) {
  if (x.is_number()) return x;
  return broadcast_along(*x.graph(), x, axes, shape);
}

Term matmul_contribution(std::size_t argument, const Term& g, const Term& a, const Term& b,
                         bool transpose_a, bool transpose_b) {
  // C = A B: dA = dC B', dB = A' dC, and the transposes of these.
  if (argument == 0)
    return transpose_a ? matmul(b, g, transpose_b, true) : matmul(g, b, false, !transpose_b);
  return transpose_b ? matmul(g, a, true, transpose_a) : matmul(a, g, !transpose_a, false);
}

}  // namespace

Term structural_contribution(Graph& graph, Node* node, std::size_t argument, const Term& adjoint,
                             const Term& result, std::span<const Term> arguments) {
  const Term& x = arguments[argument];
  const Operand* words = words_of(node);
  const Node* target = as_long(node)->operands[argument].node;
  const Shape shape = target->has(is_array) ? shape_of(*target->array) : Shape();
  switch (structural_of(node->code)) {
    case Structural::sum:
      return spread(adjoint, words[0].word, shape);
    case Structural::broadcast: {
      const Term total = sum(adjoint, words[0].word, false);
      return total.shape() == shape ? total : reshape(total, shape);
    }
    case Structural::reshape:
      return reshape(adjoint, shape);
    case Structural::transpose:
      return transpose(adjoint, inverse_of(words[0].word, shape.rank()));
    case Structural::matmul:
      return sum_to(matmul_contribution(argument, adjoint, arguments[0], arguments[1],
                                        (words[0].word & 1U) != 0, (words[0].word & 2U) != 0),
                    target);
    case Structural::slice:
      return unslice(graph, adjoint, read_slice(words, shape.rank()), shape);
    case Structural::unslice: {
      const Slice region = read_slice(words, node->array->rank);
      return reshape(slice(adjoint, region), shape);
    }
    case Structural::take:
      return argument == 0
                 ? scatter(adjoint, Reference::sharing(graph, as_long(node)->operand(1).node),
                           shape)
                 : Term(0.0);
    case Structural::scatter:
      return argument == 0
                 ? take(adjoint, Reference::sharing(graph, as_long(node)->operand(1).node))
                 : Term(0.0);
    case Structural::stack: {
      if (!target->has(is_array)) return element(adjoint, argument);
      Slice part;
      part.counts = adjoint.shape();
      part.starts.fill(0);
      part.steps.fill(1);
      part.starts[0] = argument;
      part.counts[0] = 1;
      part.dropped = 1;
      return convert(slice(adjoint, part), target->array->dtype);
    }
    case Structural::element:
      return unslice_element(graph, adjoint, words[0].word, shape);
    case Structural::cumsum:
      return cumsum(adjoint, words[0].word, words[1].word == 0);
    case Structural::max:
    case Structural::min: {
      const Term best = spread(Term(result), words[0].word, shape);
      const Term mask = (x == best).holds;
      const Term share = mask / spread(sum(mask, words[0].word, true), words[0].word, shape);
      return contribution(spread(adjoint, words[0].word, shape), share);
    }
    case Structural::convert:
      return convert(adjoint, target->array->dtype);
    case Structural::concatenate:  // below
    case Structural::layer:        // dense.hpp
    case Structural::custom:       // custom.hpp
      break;
  }
  return 0.0;
}

Term part_of_concatenated(const Long* node, const Term& adjoint, const Array& part,
                          std::size_t start) {
  Slice region;
  region.counts = shape_of(part);
  region.starts.fill(0);
  region.steps.fill(1);
  region.starts[axis_of_concatenated(node)] = start;
  return convert(slice(adjoint, region), part.dtype);
}

Term apply_structural(Graph& graph, Structural operation, const Operand* words,
                      std::span<const Term> arguments, const Shape& shape, Dtype dtype) {
  const Term& x = arguments[0];
  switch (operation) {
    case Structural::sum:
      return sum(x, words[0].word, keeps_axes(x, shape));
    case Structural::broadcast:
      return broadcast_along(graph, x, words[0].word, shape);
    case Structural::reshape:
      return reshape(x, shape);
    case Structural::transpose:
      return transpose(x, words[0].word);
    case Structural::matmul:
      return matmul(x, arguments[1], (words[0].word & 1U) != 0, (words[0].word & 2U) != 0);
    case Structural::slice:
      return slice(x, read_slice(words, x.array()->rank));
    case Structural::unslice:
      return unslice(graph, x, read_slice(words, shape.rank()), shape);
    case Structural::take:
      return take(x, Reference::sharing(graph, arguments[1].node()));
    case Structural::scatter:
      return scatter(x, Reference::sharing(graph, arguments[1].node()), shape);
    case Structural::concatenate:
      return concatenate(arguments, words[0].word);
    case Structural::stack:
      return stack(graph, arguments);  // numbers alone have no graph
    case Structural::element:
      return element(x, words[0].word);
    case Structural::cumsum:
      return cumsum(x, words[0].word, words[1].word != 0);
    case Structural::convert:
      return convert(x, dtype);
    case Structural::max:
    case Structural::min:
      return extremum(x, words[0].word, keeps_axes(x, shape), operation == Structural::max);
    case Structural::layer:   // dense.hpp
    case Structural::custom:  // custom.hpp
      break;
  }
  return 0.0;
}

namespace {

// The operation of a node on tangents in place of some arguments.
Term applied(Graph& graph, Node* node, std::span<const Term> arguments) {
  const bool is_number = !node->has(is_array);
  return apply_structural(graph, structural_of(node->code), words_of(node), arguments,
                          is_number ? Shape() : shape_of(*node->array),
                          is_number ? Dtype::float64 : node->array->dtype);
}

}  // namespace

Term structural_tangent(Graph& graph, Node* node, const Term& result,
                        std::span<const Term> arguments, std::span<const Term> tangents) {
  const Structural operation = structural_of(node->code);
  std::vector<Term> filled;
  filled.reserve(tangents.size());
  for (std::size_t i = 0; i < tangents.size(); ++i)
    filled.push_back(as_array(graph, tangents[i], as_long(node)->operands[i].node));
  if (operation == Structural::max || operation == Structural::min) {
    // The mean of the tangents of those that are largest: the transpose of the derivative.
    const std::uint64_t axes = words_of(node)[0].word;
    const Shape shape = arguments[0].shape();
    const Term mask = (arguments[0] == spread(result, axes, shape)).holds;
    const Term total = sum(contribution(filled[0], mask), axes, false);
    const Term tangent = total / sum(mask, axes, false);
    return node->has(is_array) ? reshape(tangent, shape_of(*node->array)) : tangent;
  }
  if (operation == Structural::matmul) {
    const Term first[] = {filled[0], arguments[1]};
    const Term second[] = {arguments[0], filled[1]};
    if (tangents[1].is_zero()) return applied(graph, node, first);
    if (tangents[0].is_zero()) return applied(graph, node, second);
    return applied(graph, node, first) + applied(graph, node, second);
  }
  if (operation == Structural::take || operation == Structural::scatter)
    filled[1] = arguments[1];  // places do not move
  return applied(graph, node, filled);
}

}  // namespace autograd
