#include "core/composed.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace autograd {

Term detached(const Term& x) {
  if (!x.is_array()) return x.number();
  Graph& graph = *x.graph();
  return Reference(graph, graph.new_constant(ArrayReference::sharing(x.array())));
}

namespace {

// What x is shifted by: the largest along the axes, or 0 where that is not finite.
Term shift_of(const Term& x, std::uint64_t axes) {
  const Term largest = extremum(detached(x), axes, true, true);
  if (!largest.is_array()) return std::isfinite(largest.number()) ? largest : Term(0.0);
  ArrayReference shift = ArrayReference::sharing(largest.array());
  make_own(shift);
  for (std::size_t i = 0; i < shift->size; ++i) {
    if (!std::isfinite(shift->number_at(i))) shift->set_number(i, 0.0);
  }
  return Reference(*x.graph(), x.graph()->new_constant(std::move(shift)));
}

}  // namespace

Term logsumexp(const Term& x, std::uint64_t axes, bool keep) {
  if (!x.is_array()) return x;
  const Term shift = shift_of(x, axes);
  const Term total = call<"log">(sum(call<"exp">(x - shift), axes, true)) + shift;
  return keep ? total : reshape(total, without(x.shape(), axes));
}

Term softmax(const Term& x, std::uint64_t axes) {
  if (!x.is_array()) return 1.0;
  const Term exponentials = call<"exp">(x - shift_of(x, axes));
  return exponentials / sum(exponentials, axes, true);
}

Term log_softmax(const Term& x, std::uint64_t axes) {
  if (!x.is_array()) return 0.0;
  const Term shifted = x - shift_of(x, axes);
  return shifted - call<"log">(sum(call<"exp">(shifted), axes, true));
}

Term dot(const Term& a, const Term& b) {
  if (!a.is_array() || !b.is_array()) return a * b;
  if (a.array()->rank > 2 || b.array()->rank > 2)
    throw LengthError("[dot] the shapes " + text_of(a.shape()) + " and " + text_of(b.shape()) +
                      " were given - at most two axes each are needed. Use matmul or tensordot.");
  if (a.array()->rank == 1 && b.array()->rank == 1 && a.array()->size != b.array()->size)
    throw LengthError("[dot] the shapes " + text_of(a.shape()) + " and " + text_of(b.shape()) +
                      " were given - equal lengths are needed. Check the lengths.");
  return matmul(a, b);
}

}  // namespace autograd
