// Arrays in the graph: what is recorded and freed, whose memory is shared, elements of leaves, and
// gradients that are values of the graph. (That they are right: test_array_gradients.cpp.)
#include <string>
#include <vector>

#include "array_fixture.hpp"
#include "core/backward.hpp"
#include "core/differentiate.hpp"
#include "core/elementwise.hpp"
#include "core/error.hpp"
#include "core/structural.hpp"

namespace autograd::test {

namespace {

Term total_of(const Term& x) { return sum(x, all_of(x.shape().rank()), false); }

}  // namespace

TEST_CASE_FIXTURE(ArrayFixture, "array graph: what nobody can differentiate is not recorded") {
  const Handle x = array_leaf({2}, {1.0, 2.0});
  const Handle c = array_constant({2}, {3.0, 4.0});
  const Handle product = c * c;
  CHECK(product.node()->has(is_leaf));
  CHECK_FALSE(product.node()->has(requires_grad));
  {
    const RecordingScope not_recording(false);
    CHECK((x * c).node()->has(is_leaf));
    CHECK(transpose(term_of(x), 0).node()->has(is_leaf));
  }
  CHECK(graph.live_interiors() == 0);
  const Handle recorded = x * c;
  CHECK(recorded.node()->has(is_array));
  CHECK(numbers_of(*recorded.node()->array) == Numbers{3.0, 8.0});
  CHECK(graph.live_interiors() == 1);
}

TEST_CASE_FIXTURE(ArrayFixture, "array graph: values live as long as their users") {
  const Handle x = array_leaf({100}, RandomNumbers().list(100));
  const std::size_t before = graph.bytes_live();
  {
    Handle y = x * x;
    const std::size_t one = graph.bytes_live() - before;
    y = y * 2.0;
    CHECK(graph.bytes_live() - before == 2 * one);  // the square is an argument
    const Handle again = y;
    CHECK(graph.bytes_live() - before == 2 * one);
  }
  CHECK(graph.bytes_live() == before);
}

TEST_CASE_FIXTURE(ArrayFixture, "array graph: a long chain of arrays is freed without a stack") {
  Handle x = array_leaf({2}, {1.0, 2.0});
  const Handle leaf = x;
  for (int i = 0; i < 100'000; ++i) x = i % 2 == 0 ? x * 1.0 : handle_of(reshape(term_of(x), {2}));
  backward(graph, handle_of(total_of(term_of(x))).node(), 1.0);
  CHECK(array_gradient_of(leaf) == Numbers{1.0, 1.0});
}

TEST_CASE_FIXTURE(ArrayFixture, "array graph: backward keeps the gradients of leaves and no more") {
  const Handle x = array_leaf({1000}, RandomNumbers().list(1000));
  const Handle c = array_constant({1000}, RandomNumbers(2).list(1000));
  Handle y = x * c;
  for (int i = 0; i < 20; ++i) y = apply<"sin">(y) * c + x;
  const Handle root = handle_of(total_of(term_of(y)));
  const std::size_t before = graph.arrays().bytes_live();
  backward(graph, root.node(), 1.0);
  const std::size_t gradient = graph.arrays().bytes_live() - before;
  CHECK(gradient >= 8000);
  CHECK(gradient < 16'000);
  const Array* first = gradient_array_of(x.node());
  backward(graph, root.node(), 1.0);
  CHECK(gradient_array_of(x.node()) == first);  // added in place
  CHECK(graph.arrays().bytes_live() - before == gradient);
  gradients(graph, root.node(), std::vector<Node*>{x.node()}, 1.0);
  recorded_gradients(graph, root.node(), std::vector<Node*>{x.node()}, 1.0);
  CHECK(graph.arrays().bytes_live() - before == gradient);
}

TEST_CASE_FIXTURE(ArrayFixture, "array graph: seeds are arrays, or numbers that fill") {
  const Handle x = array_leaf({3}, {1.0, 2.0, 3.0});
  const Handle y = x * x;
  const Handle seed = array_constant({3}, {1.0, 10.0, 100.0});
  backward(graph, y.node(), term_of(seed));
  CHECK(array_gradient_of(x) == Numbers{2.0, 40.0, 600.0});
  backward(graph, y.node(), 0.5);
  CHECK(array_gradient_of(x) == Numbers{3.0, 42.0, 603.0});
  backward(graph, x.node(), term_of(seed));  // a root that is a leaf
  CHECK(array_gradient_of(x) == Numbers{4.0, 52.0, 703.0});
  CHECK(numbers_of(*seed.node()->array) == Numbers{1.0, 10.0, 100.0});
  const std::vector<Node*> inputs{x.node()};
  CHECK(numbers_of(*gradients(graph, x.node(), inputs, term_of(seed)).front().array()) ==
        Numbers{1.0, 10.0, 100.0});
}

TEST_CASE_FIXTURE(ArrayFixture, "array graph: what is held keeps its adjoint of the latest pass") {
  const Handle x = array_leaf({2}, {1.0, 2.0});
  const Handle free = x * 3.0;
  const Held held(free * 5.0);
  const Held aside(free * 11.0);
  const Held root(handle_of(total_of(term_of(held.value() * 7.0))));
  for (const double seed : {1.0, 2.0}) {
    backward(graph, root.node(), seed);
    CHECK(array_gradient_of(held) == Numbers{7.0 * seed, 7.0 * seed});
    CHECK(gradient_array_of(aside.node()) == nullptr);
    CHECK(root.gradient() == seed);
  }
}

TEST_CASE_FIXTURE(ArrayFixture, "array graph: on request all keep their adjoints") {
  const Handle x = array_leaf({2}, {1.0, 2.0});
  const Handle free = x * 3.0;
  const Handle flat = handle_of(reshape(term_of(free), {2, 1}));
  const Handle root = handle_of(total_of(term_of(flat)));
  backward(graph, root.node(), 2.0, Retain::all);
  CHECK(numbers_of(*graph.kept_array(free.node())) == Numbers{2.0, 2.0});
  CHECK(shape_of(*graph.kept_array(flat.node())) == Shape{2, 1});
  CHECK(graph.kept_gradient(root.node()) == 2.0);
  differentiate(graph, root.node(), 3.0, Retain::all);
  CHECK(numbers_of(*graph.kept_array(free.node())) == Numbers{3.0, 3.0});
  CHECK(array_gradient_of(x) == Numbers{15.0, 15.0});
}

TEST_CASE_FIXTURE(ArrayFixture,
                  "array graph: adjoints that share memory do not disturb each other") {
  // The adjoint of `flat` is handed to `y` as a view, and then `y` gets more of the square.
  const Handle x = array_leaf({2, 2}, {1.0, 2.0, 3.0, 4.0});
  const Handle y = x * 1.0;
  const Handle square = y * y;
  const Held flat(handle_of(reshape(term_of(y), {4})));
  const Handle weighted = flat.value() * array_constant({4}, {1.0, 2.0, 3.0, 4.0});
  const Handle root = handle_of(total_of(term_of(square)) + total_of(term_of(weighted)));
  backward(graph, root.node(), 1.0);
  CHECK(array_gradient_of(flat) == Numbers{1.0, 2.0, 3.0, 4.0});
  CHECK(array_gradient_of(x) == Numbers{3.0, 6.0, 9.0, 12.0});

  // One adjoint for both summands, and more for one of them.
  const Handle a = array_leaf({2}, {1.0, 2.0});
  const Handle b = array_leaf({2}, {3.0, 4.0});
  const Handle seed = array_constant({2}, {1.0, 10.0});
  const Handle both = (a * a) + (a + b);
  backward(graph, both.node(), term_of(seed));
  CHECK(array_gradient_of(a) == Numbers{3.0, 50.0});
  CHECK(array_gradient_of(b) == Numbers{1.0, 10.0});
  CHECK(gradient_array_of(a.node()) != gradient_array_of(b.node()));
  CHECK(numbers_of(*seed.node()->array) == Numbers{1.0, 10.0});
}

TEST_CASE_FIXTURE(ArrayFixture, "array graph: float32 stays float32, and meets float64 as itself") {
  const Handle single = array_leaf({2}, {1.5, 2.5}, Dtype::float32);
  const Handle other = array_leaf({2}, {3.0, 4.0});
  const Handle alone = single * single;
  CHECK(alone.node()->array->dtype == Dtype::float32);
  const Handle mixed = single * other;
  CHECK(mixed.node()->array->dtype == Dtype::float64);
  const Term parts[] = {term_of(alone), term_of(mixed)};
  const Handle root = handle_of(total_of(concatenate(parts, 0)));
  for (int time = 1; time <= 2; ++time) {
    if (time == 1) {
      backward(graph, root.node(), 1.0);
    } else {
      differentiate(graph, root.node(), 1.0);
    }
    CHECK(gradient_array_of(single.node())->dtype == Dtype::float32);
    CHECK(gradient_array_of(other.node())->dtype == Dtype::float64);
    CHECK(array_gradient_of(single) == Numbers{6.0 * time, 9.0 * time});
    CHECK(array_gradient_of(other) == Numbers{1.5 * time, 2.5 * time});
  }
}

TEST_CASE_FIXTURE(ArrayFixture, "array graph: an adjoint of zero passes zero on") {
  const Handle x = array_leaf({3}, {0.0, 4.0, 0.0});
  const Term positive = (term_of(x) > Term(0.0)).holds;
  const Term root = total_of(call<"where">(positive, call<"sqrt">(term_of(x)), Term(1.0)));
  backward(graph, root.node(), 1.0);
  CHECK(array_gradient_of(x) == Numbers{0.0, 0.25, 0.0});
  const std::vector<Reference> recorded =
      recorded_gradients(graph, root.node(), std::vector<Node*>{x.node()}, 1.0);
  CHECK(numbers_of(*recorded.front().get()->array) == Numbers{0.0, 0.25, 0.0});
}

TEST_CASE_FIXTURE(ArrayFixture, "array graph: a tie shares the derivative") {
  const Handle x = array_leaf({2, 3}, {1.0, 5.0, 5.0, 2.0, 2.0, 2.0});
  const Term largest = extremum(term_of(x), 0b10, false, true);
  backward(graph, total_of(largest).node(), 6.0);
  CHECK(array_gradient_of(x) == Numbers{0.0, 3.0, 3.0, 2.0, 2.0, 2.0});
}

TEST_CASE_FIXTURE(ArrayFixture, "array graph: a changed leaf makes its users stale") {
  const Handle x = array_leaf({2}, {1.0, 2.0});
  const Handle y = array_leaf({2}, {3.0, 4.0});
  const Handle root = handle_of(total_of(term_of(apply<"exp">(x) * y)));
  const Handle other = y * y;
  x.node()->array->set_number(0, 10.0);
  graph.touch(x.as_leaf());
  const char* message =
      "[backward] a leaf of shape (2,) was changed after [exp] had used it - the value that was "
      "used is needed. Compute the result again, or change leaves after backward.";
  const LiveCounts counts = live_counts(graph);
  const std::vector<Node*> inputs{x.node(), y.node()};
  CHECK_THROWS_WITH_AS(backward(graph, root.node(), 1.0), message, StaleValue);
  CHECK_THROWS_WITH_AS(differentiate(graph, root.node(), 1.0), message, StaleValue);
  CHECK_THROWS_WITH_AS(gradients(graph, root.node(), inputs, 1.0), message, StaleValue);
  CHECK_THROWS_WITH_AS(recorded_gradients(graph, root.node(), inputs, 1.0), message, StaleValue);
  CHECK(live_counts(graph) == counts);
  CHECK(gradient_array_of(x.node()) == nullptr);
  CHECK(gradient_array_of(y.node()) == nullptr);
  backward(graph, other.node(), 1.0);
  CHECK(array_gradient_of(y) == Numbers{6.0, 8.0});
}

TEST_CASE_FIXTURE(ArrayFixture, "array graph: elements of leaves share their memory") {
  const Handle x = array_leaf({2, 2}, {1.0, 2.0, 3.0, 4.0});
  const Handle view(graph, graph.new_view(x.as_leaf(), 2));
  CHECK(view.node()->has(is_view));
  CHECK(view.primal() == 3.0);
  CHECK(view.node()->has(requires_grad));

  SUBCASE("both ways") {
    graph.set_primal(view.as_leaf(), 30.0);
    CHECK(x.node()->array->number_at(2) == 30.0);
    x.node()->array->set_number(2, 5.0);
    graph.touch(x.as_leaf());
    CHECK((view * 2.0).primal() == 10.0);  // read anew when it is used
  }
  SUBCASE("and keep the whole alive") {
    const Handle alone = [&] {
      const Handle whole = array_leaf({2}, {7.0, 8.0});
      return Handle(graph, graph.new_view(whole.as_leaf(), 1));
    }();
    CHECK((alone * 2.0).primal() == 16.0);
  }
  SUBCASE("whose flag they follow") {
    x.node()->clear(requires_grad);
    CHECK((view * 2.0).node()->has(is_leaf));
    x.node()->set(requires_grad);
    CHECK_FALSE((view * 2.0).node()->has(is_leaf));
  }
}

TEST_CASE_FIXTURE(ArrayFixture, "array graph: gradients of elements are part of the whole's") {
  const Handle x = array_leaf({2, 2}, {1.0, 2.0, 3.0, 4.0});
  const Handle a(graph, graph.new_view(x.as_leaf(), 0));
  const Handle b(graph, graph.new_view(x.as_leaf(), 3));
  const Handle again(graph, graph.new_view(x.as_leaf(), 3));
  const Handle scalars = a * b + again;  // 1 * 4 + 4
  SUBCASE("when only elements are used") {
    backward(graph, scalars.node(), 1.0);
    CHECK(array_gradient_of(x) == Numbers{4.0, 0.0, 0.0, 2.0});
    backward(graph, scalars.node(), 1.0);
    CHECK(array_gradient_of(x) == Numbers{8.0, 0.0, 0.0, 4.0});
  }
  SUBCASE("when the whole is used too") {
    const Handle root = scalars + handle_of(total_of(term_of(x * x)));
    backward(graph, root.node(), 1.0);
    CHECK(array_gradient_of(x) == Numbers{6.0, 4.0, 6.0, 10.0});
  }
  SUBCASE("when the root is one of them") {
    backward(graph, b.node(), 5.0);
    CHECK(array_gradient_of(x) == Numbers{0.0, 0.0, 0.0, 5.0});
  }
  SUBCASE("with recording") {
    const Held held(x);
    const Handle root = scalars + handle_of(total_of(term_of(x * x)));
    differentiate(graph, root.node(), 1.0);
    CHECK(array_gradient_of(x) == Numbers{6.0, 4.0, 6.0, 10.0});
    // d/dx of the first entry, 4th element + 2 * 1st.
    const Term first = element(term_of(held.gradient_node()), 0);
    const std::vector<Node*> inputs{x.node()};
    CHECK(numbers_of(*gradients(graph, first.node(), inputs, 1.0).front().array()) ==
          Numbers{2.0, 0.0, 0.0, 1.0});
  }
  SUBCASE("when they are asked for") {
    const Handle root = scalars + handle_of(total_of(term_of(x * x)));
    const std::vector<Node*> inputs{a.node(), x.node(), again.node()};
    const std::vector<Term> found = gradients(graph, root.node(), inputs, 1.0);
    CHECK(found[0].number() == 6.0);
    CHECK(numbers_of(*found[1].array()) == Numbers{6.0, 4.0, 6.0, 10.0});
    CHECK(found[2].number() == 10.0);
    const std::vector<Reference> recorded = recorded_gradients(graph, root.node(), inputs, 1.0);
    CHECK(recorded[0].get()->primal == 6.0);
    CHECK(numbers_of(*recorded[1].get()->array) == Numbers{6.0, 4.0, 6.0, 10.0});
    CHECK(gradient_array_of(x.node()) == nullptr);
  }
  SUBCASE("when the root does not need them") {
    const Handle other = leaf(2.0);
    const Handle root = other * other;
    const std::vector<Node*> inputs{a.node(), x.node()};
    CHECK(gradients(graph, root.node(), inputs, 1.0)[0].number() == 0.0);
    CHECK(recorded_gradients(graph, root.node(), inputs, 1.0)[0].get()->primal == 0.0);
  }
}

TEST_CASE_FIXTURE(ArrayFixture, "array graph: a changed element makes users of the whole stale") {
  const Handle x = array_leaf({2}, {1.0, 2.0});
  const Handle first(graph, graph.new_view(x.as_leaf(), 0));
  const Handle second(graph, graph.new_view(x.as_leaf(), 1));
  const Handle of_whole = x * x;
  const Handle of_first = first * first;
  graph.set_primal(second.as_leaf(), 20.0);
  CHECK_THROWS_AS(backward(graph, of_whole.node(), 1.0), StaleValue);
  CHECK_THROWS_WITH_AS(
      backward(graph, of_first.node(), 1.0),
      "[backward] a leaf was changed to 1.0 after [multiply] had used it - the value that was used "
      "is needed. Compute the result again, or change leaves after backward.",
      StaleValue);
  const Handle new_one = second * first;
  backward(graph, new_one.node(), 1.0);
  CHECK(array_gradient_of(x) == Numbers{20.0, 1.0});
}

TEST_CASE_FIXTURE(ArrayFixture, "array graph: gradients of what the root does not need are zero") {
  const Handle x = array_leaf({2}, {1.0, 2.0});
  const Handle other = array_leaf({3}, {1.0, 2.0, 3.0});
  const Held between(x * 2.0);
  const Handle root = handle_of(total_of(term_of(between.value())));
  const std::vector<Node*> inputs{x.node(), other.node(), between.node()};
  const std::vector<Term> found = gradients(graph, root.node(), inputs, 3.0);
  CHECK(numbers_of(*found[0].array()) == Numbers{6.0, 6.0});
  CHECK(found[1].is_zero());
  CHECK(numbers_of(*found[2].array()) == Numbers{3.0, 3.0});
  const std::vector<Reference> recorded = recorded_gradients(graph, root.node(), inputs, 3.0);
  CHECK(numbers_of(*recorded[1].get()->array) == Numbers{0.0, 0.0, 0.0});
  CHECK(gradient_array_of(x.node()) == nullptr);
  CHECK(gradient_array_of(between.node()) == nullptr);
}

TEST_CASE_FIXTURE(ArrayFixture, "array graph: what gradients return belongs to nobody else") {
  const Handle a = array_leaf({2}, {1.0, 2.0});
  const Held between(a + 1.0);
  const Handle seed = array_constant({2}, {1.0, 1.0});
  const Handle root = between.value() + 1.0;
  backward(graph, root.node(), term_of(seed));
  backward(graph, root.node(), term_of(seed));  // adds in place to the gradient of the leaf
  CHECK(array_gradient_of(a) == Numbers{2.0, 2.0});
  CHECK(array_gradient_of(between) == Numbers{1.0, 1.0});
  CHECK(numbers_of(*seed.node()->array) == Numbers{1.0, 1.0});
}

}  // namespace autograd::test
