#include "core/term.hpp"

#include <cmath>

#include "core/broadcast.hpp"
#include "core/kernels.hpp"

namespace autograd {

namespace {

// Calls f(integral_constant<std::size_t, index>).
template <class F, std::size_t... Index>
Term with_index(std::size_t index, const F& f, std::index_sequence<Index...>) {
  Term result = 0.0;
  static_cast<void>((
      (index == Index && (result = f(std::integral_constant<std::size_t, Index>{}), true)) || ...));
  return result;
}

template <std::size_t Index, std::size_t... I>
Node* record_numbers(Graph& graph, std::span<const Argument> arguments, std::index_sequence<I...>) {
  return resolve(
      [&graph](auto... operands) -> Node* {
        if constexpr ((std::same_as<decltype(operands), double> && ...)) {
          return nullptr;
        } else {
          return record_unchecked<Index>(graph, operands...);
        }
      },
      std::tuple<>(), arguments[I]...);
}

}  // namespace

Term Term::apply(std::size_t index, std::span<const Term> terms) {
  Graph* graph = nullptr;
  bool any_array = false;
  Argument arguments[3];
  double numbers[3] = {};
  const double* pointers[3] = {&numbers[0], &numbers[1], &numbers[2]};
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const Term& term = terms[i];
    if (graph == nullptr) graph = term.graph();
    any_array = any_array || term.is_array();
    arguments[i] = {term.node(), term.number()};
    numbers[i] = term.number();
  }
  if (graph == nullptr) {
    double result = 0.0;
    kernels().value[index](1, &result, pointers);
    return result;
  }
  const std::span given(arguments, terms.size());
  constexpr std::size_t power = index_of("power");
  if (index == power && terms[1].is_number() && terms[1].number() == 1.0) return terms[0];
  if (any_array) return Reference(*graph, record_arrays(*graph, index, given));
  return with_index(
      index,
      [&](auto constant) -> Term {
        return Reference(*graph,
                         record_numbers<constant>(*graph, given,
                                                  std::make_index_sequence<arity_of<constant>>{}));
      },
      std::make_index_sequence<operation_count>{});
}

namespace {

bool holds(Comparison comparison, double a, double b) {
  switch (comparison) {
    case Comparison::equal:
      return a == b;
    case Comparison::not_equal:
      return a != b;
    case Comparison::less:
      return a < b;
    case Comparison::less_equal:
      return a <= b;
    case Comparison::greater:
      return a > b;
    case Comparison::greater_equal:
      return a >= b;
  }
  return false;
}

// The elements of a value that is broadcast to a shape, one after another.
class Elements {
 public:
  Elements(const Term& term, const Shape& shape)
      : array_(term.is_array() ? term.array() : nullptr),
        number_(array_ == nullptr ? term.number() : 0.0),
        runs_(term.shape(), shape) {}

  double next() { return array_ == nullptr ? number_ : array_->number_at(runs_.next(1).place); }

 private:
  const Array* array_;
  double number_;
  Runs runs_;
};

// What needs no Runs: a number, or doubles of the shape that is asked for.
bool is_plain(const Term& term, const Shape& shape) {
  return !term.is_array() ||
         (term.array()->dtype == Dtype::float64 && term.array()->size == shape.size());
}

// The same as choose_broadcast, at five times the speed.
template <class F>
void choose_plain(Array& mask, const Term& a, const Term& b, const F& f) {
  const double number_a = a.is_array() ? 0.0 : a.number();
  const double number_b = b.is_array() ? 0.0 : b.number();
  const double* from_a = a.is_array() ? a.array()->doubles() : &number_a;
  const double* from_b = b.is_array() ? b.array()->doubles() : &number_b;
  const std::size_t step_a = a.is_array() ? 1 : 0;
  const std::size_t step_b = b.is_array() ? 1 : 0;
  for (std::size_t i = 0; i < mask.size; ++i)
    mask.doubles()[i] = f(from_a[i * step_a], from_b[i * step_b]) ? 1.0 : 0.0;
}

template <class F>
void choose_broadcast(Array& mask, const Term& a, const Term& b, const Shape& shape, const F& f) {
  Elements first(a, shape);
  Elements second(b, shape);
  for (std::size_t i = 0; i < mask.size; ++i)
    mask.doubles()[i] = f(first.next(), second.next()) ? 1.0 : 0.0;
}

template <class F>
Choice choose(const Term& a, const Term& b, const F& f) {
  if (!a.is_array() && !b.is_array()) return {f(a.number(), b.number()) ? 1.0 : 0.0};
  Graph& graph = a.is_array() ? *a.graph() : *b.graph();
  const Shape shape = broadcast("compare", a.shape(), b.shape());
  ArrayReference mask(graph.arrays().allocate(Dtype::float64, shape));
  if (is_plain(a, shape) && is_plain(b, shape)) {
    choose_plain(*mask, a, b, f);
  } else {
    choose_broadcast(*mask, a, b, shape, f);
  }
  return {Reference(graph, graph.new_constant(std::move(mask)))};
}

}  // namespace

Choice compare(Comparison comparison, const Term& a, const Term& b) {
  return choose(a, b, [comparison](double x, double y) { return holds(comparison, x, y); });
}

Choice operator&(const Choice& a, const Choice& b) {
  if (a.is_single()) return a.holds.number() != 0.0 ? b : a;
  return choose(a.holds, b.holds, [](double x, double y) { return x != 0.0 && y != 0.0; });
}

Choice operator|(const Choice& a, const Choice& b) {
  if (a.is_single()) return a.holds.number() != 0.0 ? a : b;
  return choose(a.holds, b.holds, [](double x, double y) { return x != 0.0 || y != 0.0; });
}

// With recording a product stays a product, even of zero: its own derivative need not be zero. Only
// where zero meets inf or nan it is left out.
Term contribution(const Term& adjoint, const Term& partial) {
  if (adjoint.is_zero()) return 0.0;
  if (partial.is_number() && partial.number() == 1.0) return adjoint;
  if (adjoint.is_number() && adjoint.number() == 1.0) return partial;
  if (adjoint.is_number() && std::isfinite(adjoint.number())) return adjoint * partial;
  const bool all_finite = partial.is_array() ? partial.array()->dtype == Dtype::float64 &&
                                                   kernels().all_finite(partial.array()->size,
                                                                        partial.array()->doubles())
                                             : std::isfinite(partial.number());
  if (all_finite) return adjoint * partial;
  const Choice harmless =
      choose(adjoint, partial, [](double x, double y) { return x != 0.0 || std::isfinite(y); });
  Term product = adjoint * partial;
  if (!harmless.holds.is_array()) return harmless.holds.number() == 0.0 ? Term(0.0) : product;
  const Array& mask = *harmless.holds.array();
  for (std::size_t i = 0; i < mask.size; ++i) {
    if (mask.doubles()[i] == 0.0) return call<"where">(harmless.holds, product, Term(0.0));
  }
  return product;
}

}  // namespace autograd
