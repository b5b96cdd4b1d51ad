#include "core/structural.hpp"

#include <algorithm>
#include <bit>
#include <string>
#include <vector>

#include "core/deferred.hpp"
#include "core/error.hpp"
#include "core/record_array.hpp"

namespace autograd {

namespace {

// The array of a value; a number becomes one without axes.
ArrayReference array_of(Graph& graph, const Term& term) {
  if (term.is_array()) return ArrayReference::sharing(term.array());
  ArrayReference array(graph.arrays().allocate(Dtype::float64, Shape()));
  array->doubles()[0] = term.number();
  return array;
}

// The nodes of some values, with those that were made for numbers.
struct Nodes {
  Nodes(Graph& graph, std::span<const Term> terms) {
    nodes.reserve(terms.size());
    for (const Term& term : terms) {
      if (term.is_number()) owned.push_back(term.as_node(graph));
      nodes.push_back(term.is_number() ? owned.back().get() : term.node());
    }
  }
  std::vector<Reference> owned;
  std::vector<Node*> nodes;
};

Term recorded(Graph& graph, Structural operation, ArrayReference result,
              std::span<const Term> terms, std::span<const std::uint64_t> words) {
  return Reference(graph, record_structural(graph, operation, std::move(result),
                                            Nodes(graph, terms).nodes, words));
}

Term recorded(Structural operation, ArrayReference result, const Term& x,
              std::span<const std::uint64_t> words) {
  Node* node = x.node();
  return Reference(*x.graph(),
                   record_structural(*x.graph(), operation, std::move(result), {&node, 1}, words));
}

std::uint64_t all_axes(const Shape& shape) { return (std::uint64_t{1} << shape.rank()) - 1; }

}  // namespace

Term sum(const Term& x, std::uint64_t axes, bool keep) {
  if (!x.is_array()) return x;
  const Shape shape = x.shape();
  const Shape result = keep ? with_ones(shape, axes) : without(shape, axes);
  const std::uint64_t words[] = {axes};
  return recorded(Structural::sum, summed(*x.array(), axes, result), x, words);
}

Term broadcast_along(Graph& graph, const Term& x, std::uint64_t axes, const Shape& shape) {
  const ArrayReference given = array_of(graph, x);
  ArrayReference result = repeated(*reshaped(given.get(), with_ones(shape, axes)), shape);
  const std::uint64_t words[] = {axes};
  return recorded(graph, Structural::broadcast, std::move(result), {&x, 1}, words);
}

Term broadcast_to(const Term& x, const Shape& shape) {
  if (x.is_number()) return x;
  if (x.is_array() && x.shape() == shape) return x;
  return broadcast_along(*x.graph(), x, repeated_axes(x.shape(), shape), shape);
}

namespace {

// A result that shares memory with x. Where nothing is recorded nobody would notice that a leaf was
// changed whose memory it shares: then it gets its own.
ArrayReference own_if_constant(const Term& x, ArrayReference result) {
  const bool is_recorded = x.node()->has(requires_grad) && is_recording();
  if (!is_recorded && x.node()->holder != nullptr && result->owner != nullptr) make_own(result);
  return result;
}

}  // namespace

Term reshape(const Term& x, const Shape& shape) {
  if (x.is_number() || x.shape() == shape) return x;
  Graph& graph = *x.graph();
  const ArrayReference given = array_of(graph, x);
  ArrayReference result = reshaped(given.get(), shape);
  return recorded(Structural::reshape, own_if_constant(x, std::move(result)), x, {});
}

Term transpose(const Term& x, AxisOrder order) {
  const std::uint64_t words[] = {order};
  return recorded(Structural::transpose, transposed(*x.array(), order), x, words);
}

Term record_terms(Graph& graph, Structural operation, const Term& result,
                  std::span<const Term> arguments, std::span<const std::uint64_t> words) {
  if (result.is_array())
    return recorded(graph, operation, ArrayReference::sharing(result.array()), arguments, words);
  return Reference(graph, record_structural(graph, operation, result.number(),
                                            Nodes(graph, arguments).nodes, words));
}

Term as_array(Graph& graph, const Term& term, const Node* like) {
  if (!term.is_number() || !like->has(is_array)) return term;
  return Reference(graph, graph.new_constant(filled_like(*like->array, term.number())));
}

Term as_matrix(Graph& graph, const Term& x, std::size_t rows, std::size_t columns) {
  const Shape shape{rows, columns};
  if (!x.is_number()) return reshape(x, shape);
  ArrayReference array(graph.arrays().allocate(Dtype::float64, shape));
  fill(*array, x.number());
  return Reference(graph, graph.new_constant(std::move(array)));
}

// Of at least two axes each.
Term matmul(const Term& a, const Term& b, bool transpose_a, bool transpose_b) {
  const bool alike = a.array()->dtype == b.array()->dtype;
  const Term terms[] = {alike ? a : convert(a, Dtype::float64),
                        alike ? b : convert(b, Dtype::float64)};
  const std::uint64_t words[] = {(transpose_a ? 1U : 0U) | (transpose_b ? 2U : 0U)};
  return recorded(*a.graph(), Structural::matmul,
                  product(*terms[0].array(), *terms[1].array(), transpose_a, transpose_b), terms,
                  words);
}

Node* multiply_matrices(Graph& graph, Node* a, Node* b) {
  ArrayReference result = product(*a->array, *b->array, false, false);
  if (((a->flags | b->flags) & requires_grad) == 0 || !is_recording())
    return graph.new_constant(std::move(result));
  Long* node = graph.new_long(0.0, code_of(Structural::matmul), 2, 3);
  detail::store(node->operand(0), a);
  detail::store(node->operand(1), b);
  node->operand(2).word = 0;  // neither is transposed
  Graph::give_array(node, std::move(result));
  return node;
}

Term matmul(const Term& a, const Term& b) {
  if (!a.is_array() || !b.is_array())
    throw LengthError("[matmul] a scalar was given - arrays are needed. Multiply a scalar with *.");
  const bool row = a.array()->rank == 1;
  const bool column = b.array()->rank == 1;
  if (!row && !column) return matmul(a, b, false, false);
  const std::size_t inner = b.array()->lengths[column ? 0 : b.array()->rank - 2U];
  if (a.array()->lengths[a.array()->rank - 1U] != inner)
    throw LengthError("[matmul] the shapes " + text_of(a.shape()) + " and " + text_of(b.shape()) +
                      " were given - the last length of the first and the last but one of the " +
                      "second must be equal. Transpose or reshape one.");
  const Term left = row ? reshape(a, Shape{1, a.array()->size}) : a;
  const Term right = column ? reshape(b, Shape{b.array()->size, 1}) : b;
  const Term product = matmul(left, right, false, false);
  const Shape full = product.shape();
  Shape shape;
  for (std::size_t axis = 0; axis < full.rank(); ++axis) {
    const bool is_added = (row && axis + 2 == full.rank()) || (column && axis + 1 == full.rank());
    if (!is_added) shape.append(full[axis]);
  }
  return reshape(product, shape);
}

namespace {

std::vector<std::uint64_t> words_of_slice(const Slice& slice) {
  std::vector<std::uint64_t> words;
  for (std::size_t axis = 0; axis < slice.counts.rank(); ++axis) {
    words.push_back(slice.starts[axis]);
    words.push_back(std::bit_cast<std::uint64_t>(static_cast<std::int64_t>(slice.steps[axis])));
    words.push_back(slice.counts[axis]);
  }
  words.push_back(slice.dropped);
  return words;
}

}  // namespace

Term slice(const Term& x, const Slice& slice) {
  return recorded(Structural::slice, own_if_constant(x, sliced(*x.array(), slice)), x,
                  words_of_slice(slice));
}

Term unslice(Graph& graph, const Term& x, const Slice& slice, const Shape& shape) {
  if (x.is_zero()) return x;
  const ArrayReference given = array_of(graph, x);
  ArrayReference result =
      graph.defers ? deferred_unsliced(*given, slice, shape) : unsliced(*given, slice, shape);
  return recorded(graph, Structural::unslice, std::move(result), {&x, 1}, words_of_slice(slice));
}

namespace {

// With the places as a second argument, a constant.
Term recorded_at(Structural operation, ArrayReference result, const Term& x,
                 const Reference& places) {
  Node* nodes[] = {x.node(), places.get()};
  return Reference(*x.graph(),
                   record_structural(*x.graph(), operation, std::move(result), nodes, {}));
}

}  // namespace

Term take(const Term& x, const Reference& places) {
  return recorded_at(Structural::take, taken(*x.array(), *places.get()->array), x, places);
}

Term scatter(const Term& x, const Reference& places, const Shape& shape) {
  return recorded_at(Structural::scatter, scattered(*x.array(), *places.get()->array, shape), x,
                     places);
}

namespace {

// All as arrays of one type.
std::vector<Term> alike(std::span<const Term> terms) {
  const bool differ = std::ranges::any_of(
      terms, [&](const Term& term) { return term.array()->dtype != terms[0].array()->dtype; });
  std::vector<Term> result;
  result.reserve(terms.size());
  for (const Term& term : terms) result.push_back(differ ? convert(term, Dtype::float64) : term);
  return result;
}

std::vector<const Array*> arrays_of(std::span<const Term> terms) {
  std::vector<const Array*> arrays;
  arrays.reserve(terms.size());
  for (const Term& term : terms) arrays.push_back(term.array());
  return arrays;
}

}  // namespace

Term concatenate(std::span<const Term> terms, std::size_t axis) {
  const std::vector<Term> given = alike(terms);
  const std::uint64_t words[] = {axis};
  return recorded(*given[0].graph(), Structural::concatenate, concatenated(arrays_of(given), axis),
                  given, words);
}

Term stack(Graph& graph, std::span<const Term> terms) {
  if (!terms[0].is_array()) {  // a list of numbers
    ArrayReference result(graph.arrays().allocate(Dtype::float64, Shape{terms.size()}));
    for (std::size_t i = 0; i < terms.size(); ++i) result->doubles()[i] = terms[i].number();
    if (std::ranges::all_of(terms, &Term::is_number))  // on which nothing depends
      return Reference(graph, graph.new_constant(std::move(result)));
    return recorded(graph, Structural::stack, std::move(result), terms, {});
  }
  const std::vector<Term> given = alike(terms);
  return recorded(graph, Structural::stack, stacked(arrays_of(given)), given, {});
}

Term unslice_element(Graph& graph, const Term& x, std::size_t place, const Shape& shape) {
  Slice part;
  part.steps.fill(1);
  const Strides strides = strides_of(shape);
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    part.starts[axis] = place / static_cast<std::size_t>(strides[axis]);
    place %= static_cast<std::size_t>(strides[axis]);
    part.counts.append(1);
  }
  part.dropped = all_axes(shape);
  return unslice(graph, x, part, shape);
}

Term element(const Term& x, std::size_t place) {
  Graph& graph = *x.graph();
  Node* node = x.node();
  const std::uint64_t words[] = {place};
  return Reference(graph, record_structural(graph, Structural::element, x.array()->number_at(place),
                                            {&node, 1}, words));
}

Term cumsum(const Term& x, std::size_t axis, bool backwards) {
  const std::uint64_t words[] = {axis, backwards ? 1U : 0U};
  return recorded(Structural::cumsum, running_sum(*x.array(), axis, backwards), x, words);
}

Term extremum(const Term& x, std::uint64_t axes, bool keep, bool largest) {
  const Shape shape = x.shape();
  const Shape result = keep ? with_ones(shape, axes) : without(shape, axes);
  const std::uint64_t words[] = {axes};
  return recorded(largest ? Structural::max : Structural::min,
                  autograd::extremum(*x.array(), axes, result, largest), x, words);
}

Term convert(const Term& x, Dtype dtype) {
  if (!x.is_array() || x.array()->dtype == dtype) return x;
  return recorded(Structural::convert, converted(x.array(), dtype), x, {});
}

Term sum_to(const Term& x, const Node* argument) {
  const bool to_array = argument->has(is_array);
  if (x.is_number() && (x.is_zero() || !to_array)) return x;
  const Shape shape = to_array ? shape_of(*argument->array) : Shape();
  const Shape from = x.shape();
  Term result = x;
  if (from != shape) {
    if (!can_broadcast(shape, from)) return broadcast_to(x, shape);
    const std::uint64_t axes = repeated_axes(shape, from);
    result = sum(x, axes, false);
    if (result.shape() != shape) result = reshape(result, shape);
  }
  return to_array ? convert(result, argument->array->dtype) : result;
}

}  // namespace autograd
