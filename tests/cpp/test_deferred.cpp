// Deferred arrays, what derivatives read, and the product with a Hessian, which is made of both.
#include "core/deferred.hpp"

#include <memory>
#include <vector>

#include "array_fixture.hpp"
#include "core/composed.hpp"
#include "core/differentiate.hpp"
#include "core/kernels.hpp"
#include "core/reads.hpp"
#include "core/structural.hpp"
#include "failing_allocation.hpp"

namespace autograd::test {

namespace {

Term total_of(const Term& x) { return sum(x, all_of(x.shape().rank()), false); }

Slice slice_from(std::size_t start, std::size_t count) {
  Slice slice;
  slice.starts.fill(0);
  slice.steps.fill(1);
  slice.starts[0] = start;
  slice.counts = Shape{count};
  return slice;
}

// Sums of products of neighbours, of tanh, broadcast with a scalar and a shorter array.
struct Function {
  ArrayFixture fixture;
  Graph& graph = fixture.graph;
  Held x{fixture.array_leaf({3, 4}, RandomNumbers(1).list(12))};
  Held y{fixture.array_leaf({4}, RandomNumbers(2).list(4))};
  Held scale{fixture.leaf(0.75)};
  std::vector<Node*> inputs{x.node(), y.node(), scale.node()};
  std::unique_ptr<Handle> root;

  Function() {
    const Term a = call<"tanh">(term_of(x) * term_of(y)) * term_of(scale);
    const Term flat = reshape(a, {12});
    const Term head = slice(flat, slice_from(0, 11));
    const Term tail = slice(flat, slice_from(1, 11));
    const Term miss = tail - call<"square">(head);
    root = std::make_unique<Handle>(handle_of(total_of(100.0 * call<"square">(miss)) +
                                              total_of(matmul(a, term_of(y))) +
                                              term_of(scale) * term_of(scale)));
  }

  std::vector<Term> directions() {
    const Handle first = fixture.array_constant({3, 4}, RandomNumbers(3).list(12));
    const Handle second = fixture.array_constant({4}, RandomNumbers(4).list(4));
    return {term_of(first), term_of(second), 0.5};
  }
};

Numbers numbers_of(const Term& term) {
  return term.is_array() ? test::numbers_of(*term.array()) : Numbers{term.number()};
}

// The gradient of the inner product of recorded gradients with the directions.
std::vector<Term> product_by_hand(Graph& graph, Node* root, std::span<Node* const> inputs,
                                  std::span<const Term> directions) {
  const std::vector<Reference> slopes = recorded_gradients(graph, root, inputs, 1.0);
  Term total = 0.0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Term product = Term(slopes[i]) * directions[i];
    total = total + (product.is_array() ? total_of(product) : product);
  }
  return gradients(graph, total.node(), inputs, 1.0);
}

}  // namespace

TEST_CASE("a deferred array is computed when it is read, and once") {
  ArrayFixture fixture;
  const Handle x = fixture.array_leaf({3}, {1.0, 2.0, 3.0});
  const Handle y = fixture.array_leaf({3}, {4.0, 5.0, 6.0});
  const Deferring deferring(fixture.graph, true);
  const Term product = term_of(x) * term_of(y);
  const Term result = call<"square">(product);
  CHECK(is_deferred(*product.array()));
  CHECK(is_deferred(*result.array()));
  CHECK(test::numbers_of(*result.array()) == Numbers{16.0, 100.0, 324.0});
  CHECK_FALSE(is_deferred(*result.array()));
  CHECK_FALSE(is_deferred(*product.array()));
  CHECK(test::numbers_of(*product.array()) == Numbers{4.0, 10.0, 18.0});
  const Term put = unslice(fixture.graph, product, slice_from(1, 3), {5});
  CHECK(is_deferred(*put.array()));
  CHECK(test::numbers_of(*put.array()) == Numbers{0.0, 4.0, 10.0, 18.0, 0.0});
}

TEST_CASE("what broadcasts or is float32 is not deferred") {
  ArrayFixture fixture;
  const Handle x = fixture.array_leaf({2, 2}, {1.0, 2.0, 3.0, 4.0});
  const Handle row = fixture.array_leaf({2}, {1.0, 10.0});
  const Handle single = fixture.array_leaf({2, 2}, {1.0, 2.0, 3.0, 4.0}, Dtype::float32);
  const Deferring deferring(fixture.graph, true);
  CHECK_FALSE(is_deferred(*(term_of(x) * term_of(row)).array()));
  CHECK_FALSE(is_deferred(*(term_of(single) * 2.0).array()));
  {
    const Deferring at_once(fixture.graph, false);
    CHECK_FALSE(is_deferred(*(term_of(x) * 2.0).array()));
  }
  CHECK(is_deferred(*(term_of(x) * 2.0).array()));
}

TEST_CASE("factors of deferred products are multiplied, where no digit is lost") {
  ArrayFixture fixture;
  const Handle x = fixture.array_leaf({2}, {1.0, -3.0});
  const Deferring deferring(fixture.graph, true);
  const Term product = 5.0 * (term_of(x) * 2.0);
  CHECK(as_interior(product.node())->operands[1].node == x.node());
  CHECK(as_interior(product.node())->operands[0].number == 10.0);
  CHECK(test::numbers_of(*product.array()) == Numbers{10.0, -30.0});
  const Term tiny = 1e-200 * (term_of(x) * 1e-200);
  CHECK(as_interior(tiny.node())->operands[1].node != x.node());
  const Term seen = term_of(x) * 2.0;
  CHECK(test::numbers_of(*seen.array()) == Numbers{2.0, -6.0});
  CHECK(as_interior((5.0 * seen).node())->operands[1].node == seen.node());
}

TEST_CASE("a chain of deferred arrays is as long as memory allows, read or not") {
  for (const bool is_read : {false, true}) {
    ArrayFixture fixture;
    const Handle x = fixture.array_leaf({2}, {0.5, 0.25});
    const Deferring deferring(fixture.graph, true);
    Term y = term_of(x);
    for (int i = 0; i < 100'000; ++i) y = call<"negative">(y * 0.5) + term_of(x) * y;
    if (is_read) {
      CHECK(std::isfinite(test::numbers_of(*y.array())[0]));
      CHECK_FALSE(is_deferred(*y.array()));
    } else {
      CHECK(is_deferred(*y.array()));
    }
  }
}

TEST_CASE("a derivative does not depend on what it is said not to read") {
  ArrayPool pool;
  for (std::size_t index = 0; index < operation_count; ++index) {
    const std::size_t arity = operation_arities[index];
    CAPTURE(operation_names[index]);
    for (std::size_t argument = 0; argument < arity; ++argument) {
      const unsigned reads = reads_of_partial(index, argument);
      CHECK((reads >> (arity + 1)) == 0);
      const auto contribution = [&](bool spoil) {
        std::vector<Numbers> data{{2.0, 1.0}, {0.5, 0.75}, {0.25, 0.125}, {1.5, 1.25}};
        if (spoil) {
          for (std::size_t i = 0; i <= arity; ++i)
            if ((reads >> i & 1U) == 0) data[i] = {nan, nan};
        }
        const double* pointers[] = {data[0].data(), data[1].data(), data[2].data()};
        const Numbers adjoint{3.0, -2.0};
        Numbers out(2);
        kernels().contribution[index][argument](2, out.data(), adjoint.data(), pointers,
                                                data[arity].data());
        return out;
      };
      CHECK(are_same_bits(contribution(true), contribution(false)));
    }
  }
  CHECK(reads_of_partial(index_of("add"), 0) == 0b000U);
  CHECK(reads_of_partial(index_of("multiply"), 0) == 0b010U);
  CHECK(reads_of_partial(index_of("multiply"), 1) == 0b001U);
  CHECK(reads_of_partial(index_of("tanh"), 0) == 0b10U);
  CHECK(reads_of_partial(index_of("relu"), 0) == 0b01U);
}

TEST_CASE("a product with a Hessian is the gradient of the gradient's inner product") {
  Function f;
  const LiveCounts before = live_counts(f.graph);
  {
    const std::vector<Term> directions = f.directions();
    const auto expected = product_by_hand(f.graph, f.root->node(), f.inputs, directions);
    const auto actual = hessian_product(f.graph, f.root->node(), f.inputs, directions);
    REQUIRE(actual.size() == 3);
    for (std::size_t i = 0; i < 3; ++i)
      CHECK(are_near(numbers_of(actual[i]), numbers_of(expected[i]), 1e-11));
    for (std::size_t i = 0; i < 3; ++i) {
      const std::vector<Node*> one{f.inputs[i]};
      const std::vector<Term> direction{directions[i]};
      const auto alone = product_by_hand(f.graph, f.root->node(), one, direction);
      const auto given = hessian_product(f.graph, f.root->node(), one, direction);
      CHECK(are_near(numbers_of(given[0]), numbers_of(alone[0]), 1e-11));
      if (given[0].is_array()) CHECK_FALSE(is_deferred(*given[0].array()));
    }
    CHECK_FALSE(f.graph.defers);
  }
  CHECK(live_counts(f.graph) == before);
}

TEST_CASE("a product with a Hessian of zeros") {
  ArrayFixture fixture;
  const Handle x = fixture.array_leaf({2}, {1.0, 2.0});
  const Handle linear = handle_of(total_of(term_of(x) * 3.0));
  const std::vector<Node*> inputs{x.node()};
  const std::vector<Term> none{0.0};
  const std::vector<Term> some{term_of(fixture.array_constant({2}, {1.0, 1.0}))};
  CHECK(hessian_product(fixture.graph, linear.node(), inputs, none)[0].is_zero());
  CHECK(hessian_product(fixture.graph, linear.node(), inputs, some)[0].is_zero());
}

TEST_CASE("out of memory: a product with a Hessian") {
  struct State {
    Function f;
    std::vector<Term> directions = f.directions();
    LiveCounts counts = live_counts(f.graph);
  };
  const std::size_t allocations = fail_each_allocation(
      [] { return std::make_unique<State>(); },
      [](State& state) {
        hessian_product(state.f.graph, state.f.root->node(), state.f.inputs, state.directions);
      },
      [](State& state, bool) {
        CHECK(live_counts(state.f.graph) == state.counts);
        CHECK_FALSE(state.f.graph.sweep.running);
        CHECK_FALSE(state.f.graph.defers);
        CHECK(is_recording());
      });
  CHECK(allocations > 50);
}

}  // namespace autograd::test
