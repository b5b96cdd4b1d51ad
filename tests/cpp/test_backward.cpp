#include "core/backward.hpp"

#include <string>
#include <vector>

#include "core/differentiate.hpp"
#include "core/error.hpp"
#include "core/reductions.hpp"
#include "core/topological_order.hpp"
#include "core/walk.hpp"
#include "graph_fixture.hpp"

namespace autograd::test {

TEST_CASE_FIXTURE(GraphFixture, "backward: diamonds add up") {
  const Handle x = leaf(3.0);
  const Handle shared = x * x;
  const Handle left = shared * 2.0;
  const Handle right = 5.0 - shared;
  const Handle root = left * right;  // 2 x^2 (5 - x^2)
  backward(graph, root.node(), 1.0);
  CHECK(x.gradient() == 20.0 * 3.0 - 8.0 * 27.0);
}

TEST_CASE_FIXTURE(GraphFixture, "backward: one operand twice") {
  const Handle x = leaf(3.0);
  const auto gradient = [&](const Handle& root) {
    return numeric_gradients(graph, root.node(), std::vector<Node*>{x.node()}, 1.0).front();
  };
  CHECK(gradient(x + x) == 2.0);
  CHECK(gradient(x - x) == 0.0);
  CHECK(gradient(x * x) == 6.0);
  CHECK(gradient(x / x) == doctest::Approx(0.0).epsilon(1e-15));
  CHECK(gradient(apply<"power">(x, x)) == doctest::Approx(27.0 * (std::log(3.0) + 1.0)));
  CHECK(gradient(apply<"maximum">(x, x)) == 1.0);
  CHECK(gradient(apply<"minimum">(x, x)) == 1.0);
  CHECK(gradient(apply<"clip">(x, x, x)) == 1.0);
  CHECK(gradient(apply<"where">(x, x, x)) == 1.0);
  CHECK(gradient(apply<"hypot">(x, x)) == doctest::Approx(std::sqrt(2.0)));
  const std::vector<Node*> twice{x.node(), x.node()};
  CHECK(gradient(Handle(graph, dot(graph, twice, {twice, {}}, x.node()))) == 13.0);
}

TEST_CASE_FIXTURE(GraphFixture, "backward: leaves accumulate, interiors start from zero") {
  const Handle x = leaf(3.0);
  const Held y(x * x);
  const Handle root = y.value() * 2.0;
  for (int time = 1; time <= 3; ++time) {
    backward(graph, root.node(), 1.0);
    CHECK(x.gradient() == 12.0 * time);
    CHECK(y.gradient() == 2.0);
  }
  backward(graph, root.node(), -0.5);
  CHECK(x.gradient() == 30.0);
  CHECK(y.gradient() == -1.0);
}

TEST_CASE_FIXTURE(GraphFixture, "backward: what is held keeps its adjoint, what is not does not") {
  const Handle x = leaf(2.0);
  const Handle free = x * 3.0;
  const Held held(free * 5.0);
  const Held root(held.value() * 7.0);
  const Held aside(free * 11.0);  // the root does not need it
  backward(graph, root.node(), 1.0);
  CHECK(root.gradient() == 1.0);
  CHECK(held.gradient() == 7.0);
  CHECK(aside.gradient() == 0.0);
  CHECK(graph.kept_gradient(free.node()) == 0.0);
  CHECK(x.gradient() == 105.0);
}

TEST_CASE_FIXTURE(GraphFixture, "backward: on request all interiors keep their adjoints") {
  const Handle x = leaf(2.0);
  const Handle free = x * 3.0;
  const Held held(free * 5.0);
  const Handle root = apply<"clip">(held.value(), 0.0, 100.0);
  backward(graph, root.node(), 2.0, Retain::all);
  CHECK(graph.kept_gradient(root.node()) == 2.0);
  CHECK(graph.kept_gradient(free.node()) == 10.0);
  CHECK(held.gradient() == 2.0);
  CHECK(x.gradient() == 30.0);
  backward(graph, root.node(), 1.0, Retain::all);
  CHECK(graph.kept_gradient(free.node()) == 5.0);
}

TEST_CASE_FIXTURE(GraphFixture,
                  "backward: an adjoint of zero passes zero on, also against infinity") {
  const Handle x = leaf(0.0);
  const Handle z = leaf(3.0);
  SUBCASE("through the branch of a where that was not taken") {
    const Handle root = apply<"where">(0.0, apply<"sqrt">(x), z);
    backward(graph, root.node(), 1.0);
    CHECK(x.gradient() == 0.0);
    CHECK(z.gradient() == 1.0);
  }
  SUBCASE("through a product with zero") {
    const Handle root = apply<"sqrt">(x) * 0.0 + z;
    backward(graph, root.node(), 1.0);
    CHECK(x.gradient() == 0.0);
  }
  SUBCASE("with recording") {
    const Held kept(x);
    const Handle root = apply<"where">(0.0, apply<"sqrt">(x), z);
    differentiate(graph, root.node(), 1.0);
    CHECK(x.gradient() == 0.0);
  }
  SUBCASE("in a reduction") {
    const std::vector<Node*> weights{z.node()};
    const std::vector<double> inputs{infinity};
    const Handle product(graph, dot(graph, weights, {{}, inputs}, nullptr));
    const Handle root = apply<"where">(0.0, product, x);
    backward(graph, root.node(), 1.0);
    CHECK(z.gradient() == 0.0);
    CHECK(x.gradient() == 1.0);
  }
}

TEST_CASE_FIXTURE(GraphFixture, "backward: a choice passes nothing to what it did not choose") {
  const Handle zero = leaf(0.0);
  const Handle other = leaf(5.0);
  const std::vector<Node*> inputs{zero.node(), other.node()};
  // d sqrt at 0 is inf: the adjoint of the chosen one, and of it alone.
  const auto check = [&](const Handle& chosen) {
    const Handle root = apply<"sqrt">(chosen);
    const std::vector<double> found = numeric_gradients(graph, root.node(), inputs, 1.0);
    CHECK(found[0] == infinity);
    CHECK(found[1] == 0.0);
    const std::vector<Reference> recorded = recorded_gradients(graph, root.node(), inputs, 1.0);
    CHECK(recorded[0].get()->primal == infinity);
    CHECK(recorded[1].get()->primal == 0.0);
  };
  check(apply<"where">(1.0, zero, other));
  check(apply<"where">(0.0, other, zero));
  check(apply<"minimum">(zero, other));
  check(apply<"minimum">(other, zero));
  check(apply<"maximum">(zero, 0.0 - other));
  check(apply<"clip">(zero, -1.0, other));
  check(apply<"clip">(other, -1.0, zero));
}

TEST_CASE_FIXTURE(GraphFixture, "backward: a root that is a leaf gets the seed") {
  const Handle x = leaf(2.0);
  backward(graph, x.node(), 1.0);
  CHECK(x.gradient() == 1.0);
  backward(graph, x.node(), 0.25, Retain::all);
  CHECK(x.gradient() == 1.25);
  CHECK(numeric_gradients(graph, x.node(), std::vector<Node*>{x.node()}, 3.0).front() == 3.0);
  CHECK(x.gradient() == 1.25);
  graph.set_primal(x.as_leaf(), 5.0);
  backward(graph, x.node(), 1.0);  // nobody has used the old value
  CHECK(x.gradient() == 2.25);
  CHECK_FALSE(x.node()->has(marked));
}

TEST_CASE_FIXTURE(GraphFixture, "backward: leaves that require no gradient get none") {
  const Handle x = leaf(2.0);
  const Handle c = constant(3.0);
  const Handle root = x * c + c;
  backward(graph, root.node(), 1.0);
  CHECK(x.gradient() == 3.0);
  CHECK(c.gradient() == 0.0);
  CHECK_FALSE(c.node()->has(is_differentiated));

  x.node()->clear(requires_grad);  // changed after the forward pass
  backward(graph, root.node(), 1.0);
  CHECK(x.gradient() == 3.0);
}

TEST_CASE_FIXTURE(GraphFixture, "backward: says which nodes a pass has gone through") {
  const Handle x = leaf(2.0);
  const Handle y = leaf(2.0);
  const Held root(x * x);
  CHECK_FALSE(root.node()->has(is_differentiated));
  backward(graph, root.node(), 1.0);
  CHECK(root.node()->has(is_differentiated));
  CHECK(x.node()->has(is_differentiated));
  CHECK_FALSE(y.node()->has(is_differentiated));
}

TEST_CASE_FIXTURE(GraphFixture, "backward: walks over dead and foreign records") {
  const Handle x = leaf(2.0);
  const Handle foreign = leaf(1.0);
  std::vector<Handle> bystanders;
  Handle y = x * 1.0;
  for (int i = 0; i < 5000; ++i) {
    if (i % 50 == 0) y = y + x;
    static_cast<void>(foreign * 2.0);  // dead at once
    if (i % 3 == 0) bystanders.push_back(foreign * x);
    if (i % 100 == 99) bystanders.erase(bystanders.begin(), bystanders.begin() + 20);
    if (i % 777 == 0) {
      const std::vector<Node*> many(3000, foreign.node());  // longer than a slab
      bystanders.emplace_back(graph, sum(graph, many));
    }
  }
  backward(graph, y.node(), 1.0);
  CHECK(x.gradient() == 101.0);
  CHECK(foreign.gradient() == 0.0);
  bool clear = true;
  for (const Handle& bystander : bystanders) clear = clear && !bystander.node()->has(marked);
  CHECK(clear);
}

TEST_CASE_FIXTURE(GraphFixture, "backward: two roots that share an interior, in both orders") {
  const Handle x = leaf(2.0);
  const Held shared(x * x);
  const Handle older = shared.value() * 3.0;
  const Handle newer = apply<"sin">(shared.value());
  const double through_older = 3.0 * 4.0;
  const double through_newer = std::cos(4.0) * 4.0;
  SUBCASE("the older first") {
    backward(graph, older.node(), 1.0);
    CHECK(shared.gradient() == 3.0);
    CHECK(x.gradient() == through_older);
    backward(graph, newer.node(), 1.0);
    CHECK(shared.gradient() == std::cos(4.0));
  }
  SUBCASE("the newer first") {
    backward(graph, newer.node(), 1.0);
    CHECK(shared.gradient() == std::cos(4.0));
    CHECK(x.gradient() == through_newer);
    backward(graph, older.node(), 1.0);
    CHECK(shared.gradient() == 3.0);
  }
  CHECK(x.gradient() == through_older + through_newer);
}

TEST_CASE_FIXTURE(GraphFixture, "stale: a leaf changed between forward and backward is refused") {
  const Held x(leaf(2.0));
  const Held z(leaf(3.0));
  const Handle& changed = x.value();
  const Held inner(changed * z.value());
  const Handle root = apply<"exp">(z.value()) + inner.value();
  backward(graph, root.node(), 1.0);
  const double gradient_of_x = changed.gradient();
  const double gradient_of_z = z.value().gradient();
  graph.set_primal(changed.as_leaf(), 2.5);
  const LiveCounts before = live_counts(graph);

  const char* message =
      "[backward] a leaf was changed to 2.5 after [multiply] had used it - the value that was used "
      "is needed. Compute the result again, or change leaves after backward.";
  const std::vector<Node*> inputs{x.node(), z.node(), inner.node()};
  CHECK_THROWS_WITH_AS(backward(graph, root.node(), 10.0), message, StaleValue);
  CHECK_THROWS_WITH_AS(backward(graph, root.node(), 10.0, Retain::all), message, StaleValue);
  CHECK_THROWS_WITH_AS(gradients(graph, root.node(), inputs, 10.0), message, StaleValue);
  CHECK_THROWS_WITH_AS(differentiate(graph, root.node(), 10.0), message, StaleValue);
  CHECK_THROWS_WITH_AS(recorded_gradients(graph, root.node(), inputs, 10.0), message, StaleValue);

  // Nothing has changed, and no mark is left.
  CHECK(live_counts(graph) == before);
  CHECK(changed.gradient() == gradient_of_x);
  CHECK(z.value().gradient() == gradient_of_z);
  CHECK(inner.gradient() == 1.0);
  CHECK_FALSE(inner.has_gradient_node());
  CHECK_FALSE(x.has_gradient_node());
  CHECK(graph.kept_gradient(root.node()) == 0.0);
  for (const Node* node : {x.node(), z.node(), inner.node(), root.node()})
    CHECK_FALSE(node->has(marked));

  // Computed again, it is right.
  const Handle again = changed * z.value();
  backward(graph, again.node(), 1.0);
  CHECK(changed.gradient() == gradient_of_x + 3.0);
  CHECK(z.value().gradient() == gradient_of_z + 2.5);
}

TEST_CASE_FIXTURE(GraphFixture, "stale: also where the adjoint is zero") {
  const Handle x = leaf(2.0);
  const Handle z = leaf(-3.0);
  const Handle dead = apply<"relu">(x * z);
  const Handle root = dead + apply<"exp">(z);  // which is visited first, and reaches z
  graph.set_primal(x.as_leaf(), 2.5);
  CHECK_THROWS_AS(backward(graph, root.node(), 1.0), StaleValue);
  for (const Node* node : {x.node(), z.node(), dead.node(), root.node()})
    CHECK_FALSE(node->has(marked));
  CHECK(z.gradient() == 0.0);
}

TEST_CASE_FIXTURE(GraphFixture, "stale: only users that are older than the change") {
  const Handle x = leaf(2.0);
  const Handle older = x * x;
  graph.set_primal(x.as_leaf(), 3.0);
  const Handle newer = x * x;
  CHECK_THROWS_AS(backward(graph, older.node(), 1.0), StaleValue);
  backward(graph, newer.node(), 1.0);
  CHECK(x.gradient() == 6.0);
  const Handle both = older + newer;
  CHECK_THROWS_AS(backward(graph, both.node(), 1.0), StaleValue);
  CHECK(x.gradient() == 6.0);
}

TEST_CASE_FIXTURE(GraphFixture, "stale: in every reduction, and for constants too") {
  const Handle x = leaf(2.0);
  const Handle c = constant(3.0);
  const std::vector<Node*> nodes{x.node(), c.node()};
  const std::vector<double> numbers{1.0, 2.0};
  const auto check = [&](Node* made) {
    const Handle root(graph, made);
    for (const Handle* changed : {&x, &c}) {
      const Handle fresh = *changed;
      const std::uint64_t clock = fresh.as_leaf()->clock;
      graph.set_primal(fresh.as_leaf(), fresh.primal());
      CHECK_THROWS_AS(backward(graph, root.node(), 1.0), StaleValue);
      fresh.as_leaf()->clock = clock;
    }
    CHECK(x.gradient() == 0.0);
  };
  check(sum(graph, nodes));
  check(mean(graph, nodes));
  check(logsumexp(graph, nodes));
  check(dot(graph, nodes, {{}, numbers}, nullptr));
  check(dot(graph, std::vector<Node*>{x.node()}, {std::vector<Node*>{c.node()}, {}}, nullptr));
  check(dot(graph, std::vector<Node*>{x.node()}, {{}, std::vector<double>{1.0}}, c.node()));
  check(neuron(graph, nodes, {{}, numbers}, nullptr, *activation_of("tanh")));
}

TEST_CASE_FIXTURE(GraphFixture, "stale: a clock holds over slab changes and reuse") {
  const Handle x = leaf(1.0);
  for (int step = 0; step < 3000; ++step) {
    const Handle y = x * 2.0;
    const Handle z = y + x;
    if (step % 2 == 0) {
      backward(graph, z.node(), 1.0);
      graph.set_primal(x.as_leaf(), 1.0);
    } else {
      graph.set_primal(x.as_leaf(), 1.0);
      REQUIRE_THROWS_AS(backward(graph, z.node(), 1.0), StaleValue);
    }
  }
  CHECK(x.gradient() == 3.0 * 1500.0);
}

TEST_CASE_FIXTURE(GraphFixture, "backward: from a value that requires no gradient is refused") {
  const char* message =
      "[backward] the root requires no gradient - a result of values that require one is needed. "
      "Make its leaves with requires_grad=True, and compute it outside of no_grad().";
  const Handle c = constant(1.0) * 2.0;
  const std::vector<Node*> inputs{c.node()};
  CHECK_THROWS_WITH_AS(backward(graph, c.node(), 1.0), message, NoGradient);
  CHECK_THROWS_WITH_AS(gradients(graph, c.node(), inputs, 1.0), message, NoGradient);
  CHECK_THROWS_WITH_AS(differentiate(graph, c.node(), 1.0), message, NoGradient);
  CHECK_THROWS_WITH_AS(recorded_gradients(graph, c.node(), inputs, 1.0), message, NoGradient);
  CHECK(c.gradient() == 0.0);
}

TEST_CASE_FIXTURE(GraphFixture, "backward: inside another pass it is refused") {
  const char* message =
      "[backward] a pass was started inside another - one at a time is needed. Start it after the "
      "first has returned.";
  const Handle x = leaf(2.0);
  const Held y(x * x);
  const Held root(y.value() * 3.0);
  const std::vector<Node*> inputs{x.node(), y.node()};
  backward(graph, root.node(), 1.0);
  {
    Pass outer(graph, root.node());
    outer.reach(root.node());
    outer.reach(x.node());
    x.node()->adjoint = 42.0;  // what a sweep has gathered so far
    CHECK_THROWS_WITH_AS(backward(graph, root.node(), 1.0), message, NestedBackward);
    CHECK_THROWS_WITH_AS(gradients(graph, root.node(), inputs, 1.0), message, NestedBackward);
    CHECK(x.node()->adjoint == 42.0);
    CHECK_THROWS_WITH_AS(differentiate(graph, root.node(), 1.0), message, NestedBackward);
    CHECK_THROWS_WITH_AS(recorded_gradients(graph, root.node(), inputs, 1.0), message,
                         NestedBackward);
    CHECK(x.node()->adjoint == 42.0);
    CHECK_THROWS_WITH_AS(topological_order(graph, root.node()), message, NestedBackward);
    // The outer pass is as it was.
    REQUIRE(outer.leaves().size() == 1);
    CHECK(outer.leaves().front() == x.as_leaf());
    CHECK(root.node()->has(marked));
    CHECK(x.node()->has(marked));
  }
  CHECK_FALSE(root.node()->has(marked));
  CHECK_FALSE(x.node()->has(marked));
  CHECK(x.gradient() == 12.0);
  CHECK(y.gradient() == 3.0);
  backward(graph, root.node(), 1.0);
  CHECK(x.gradient() == 24.0);
}

TEST_CASE_FIXTURE(GraphFixture, "gradients: returns them and touches none") {
  const Held x(leaf(2.0));
  const Held z(leaf(5.0));
  const Held inner(x.value() * x.value());
  const Held root(inner.value() * z.value());
  const Held aside(x.value() * 7.0);
  const Handle c = constant(1.0);
  backward(graph, root.node(), 1.0);
  const std::vector<Node*> inputs{z.node(),    x.node(), inner.node(), aside.node(),
                                  root.node(), x.node(), c.node()};
  CHECK(numeric_gradients(graph, root.node(), inputs, 2.0) ==
        std::vector<double>{8.0, 40.0, 10.0, 0.0, 2.0, 40.0, 0.0});
  CHECK(x.value().gradient() == 20.0);
  CHECK(z.value().gradient() == 4.0);
  CHECK(inner.gradient() == 5.0);
  CHECK(root.gradient() == 1.0);
  CHECK(aside.gradient() == 0.0);
  CHECK(numeric_gradients(graph, root.node(), {}, 1.0).empty());
}

TEST_CASE_FIXTURE(GraphFixture, "backward: after a recorded pass the gradient is a number again") {
  const Held x(leaf(2.0));
  const Held y(x.value() * x.value());
  const Handle root = y.value() * x.value();
  differentiate(graph, root.node(), 1.0);
  REQUIRE(x.has_gradient_node());
  REQUIRE(y.has_gradient_node());
  backward(graph, root.node(), 1.0);
  CHECK_FALSE(x.has_gradient_node());
  CHECK_FALSE(y.has_gradient_node());
  CHECK(x.value().gradient() == 24.0);
  CHECK(y.gradient() == 2.0);
  CHECK(graph.live_interiors() == 2);
}

TEST_CASE_FIXTURE(GraphFixture, "backward: the derivatives at kinks and ties") {
  struct Case {
    const char* name;
    Handle result;
    double expected;  // derivative to x
  };
  const Handle x = leaf(0.0);
  const Handle y = leaf(0.0);
  const std::vector<Case> cases{
      {"relu", apply<"relu">(x), 0.0},
      {"absolute", apply<"absolute">(x), 0.0},
      {"leaky_relu", apply<"leaky_relu">(x, 0.01), 0.01},
      {"elu", apply<"elu">(x, 1.5), 1.5},
      {"maximum", apply<"maximum">(x, y), 0.5},
      {"minimum", apply<"minimum">(y, x), 0.5},
      {"clip at the lower bound", apply<"clip">(x, 0.0, 1.0), 1.0},
      {"clip at the upper bound", apply<"clip">(x, -1.0, 0.0), 1.0},
      {"clip below", apply<"clip">(x, 0.5, 1.0), 0.0},
      {"hypot", apply<"hypot">(x, y), 0.0},
      {"atan2", apply<"atan2">(x, y), 0.0},
      {"sqrt", apply<"sqrt">(x), infinity},
      {"cbrt", apply<"cbrt">(x), infinity},
      {"0 ** 0 to the base", apply<"power">(x, y), 0.0},
      {"0 ** 0 to the exponent", apply<"power">(y, x), 0.0},
      {"0 ** 1", apply<"power">(x, 1.0), 1.0},
      {"0 ** 2", apply<"power">(x, 2.0), 0.0},
      {"0 ** 0.5", apply<"power">(x, 0.5), infinity},
      {"0 ** 2 to the exponent", apply<"power">(0.0, x + 2.0), 0.0},
      {"(-2) ** 0 to the exponent", apply<"power">(-2.0, x), nan},
      {"sign", apply<"sign">(x), 0.0},
      {"floor", apply<"floor">(x), 0.0},
      {"ceil", apply<"ceil">(x), 0.0},
      {"sigmoid", apply<"sigmoid">(x), 0.25},
      {"softplus", apply<"softplus">(x), 0.5},
      {"silu", apply<"silu">(x), 0.5},
      {"gelu", apply<"gelu">(x), 0.5},
  };
  const std::vector<Node*> inputs{x.node()};
  for (const Case& kink : cases) {
    CAPTURE(kink.name);
    const double found = numeric_gradients(graph, kink.result.node(), inputs, 1.0).front();
    CHECK(is_near(found, kink.expected, 0.0));
  }
}

TEST_CASE_FIXTURE(GraphFixture, "backward: stable where the function is finite, at +-1000") {
  struct Case {
    const char* name;
    double at;
    Handle (*apply)(const Handle&);
    double value;
    double derivative;
  };
  const std::vector<Case> cases{
      {"sigmoid", 1000.0, [](const Handle& x) { return apply<"sigmoid">(x); }, 1.0, 0.0},
      {"sigmoid", -1000.0, [](const Handle& x) { return apply<"sigmoid">(x); }, 0.0, 0.0},
      {"tanh", 1000.0, [](const Handle& x) { return apply<"tanh">(x); }, 1.0, 0.0},
      {"tanh", -1000.0, [](const Handle& x) { return apply<"tanh">(x); }, -1.0, 0.0},
      {"softplus", 1000.0, [](const Handle& x) { return apply<"softplus">(x); }, 1000.0, 1.0},
      {"softplus", -1000.0, [](const Handle& x) { return apply<"softplus">(x); }, 0.0, 0.0},
      {"silu", 1000.0, [](const Handle& x) { return apply<"silu">(x); }, 1000.0, 1.0},
      {"silu", -1000.0, [](const Handle& x) { return apply<"silu">(x); }, 0.0, 0.0},
      {"gelu", 1000.0, [](const Handle& x) { return apply<"gelu">(x); }, 1000.0, 1.0},
      {"gelu", -1000.0, [](const Handle& x) { return apply<"gelu">(x); }, 0.0, 0.0},
      {"elu", 1000.0, [](const Handle& x) { return apply<"elu">(x, 1.0); }, 1000.0, 1.0},
      {"elu", -1000.0, [](const Handle& x) { return apply<"elu">(x, 1.0); }, -1.0, 0.0},
      {"erf", -1000.0, [](const Handle& x) { return apply<"erf">(x); }, -1.0, 0.0},
      {"erfc", 1000.0, [](const Handle& x) { return apply<"erfc">(x); }, 0.0, 0.0},
      {"exp", -1000.0, [](const Handle& x) { return apply<"exp">(x); }, 0.0, 0.0},
      {"expm1", -1000.0, [](const Handle& x) { return apply<"expm1">(x); }, -1.0, 0.0},
  };
  for (const Case& extreme : cases) {
    CAPTURE(extreme.name);
    CAPTURE(extreme.at);
    const Handle x = leaf(extreme.at);
    const Handle y = extreme.apply(x);
    CHECK(y.primal() == extreme.value);
    backward(graph, y.node(), 1.0);
    CHECK(x.gradient() == extreme.derivative);
    const std::vector<Reference> recorded =
        recorded_gradients(graph, y.node(), std::vector<Node*>{x.node()}, 1.0);
    CHECK(recorded.front().get()->primal == extreme.derivative);
  }
}

}  // namespace autograd::test
