// The backward pass that records, over the whole table: its gradients are the numeric ones bit for
// bit, and their own derivatives are those that central differences see.
#include "core/differentiate.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/reductions.hpp"
#include "graph_fixture.hpp"

namespace autograd::test {

namespace {

// Fractions of the interval from which each argument is taken; they differ so that no two arguments
// tie, and nothing falls on a whole number or a kink.
constexpr std::array<std::array<double, 3>, 4> samples{{
    {0.137, 0.713, 0.871},
    {0.319, 0.173, 0.637},
    {0.583, 0.911, 0.377},
    {0.877, 0.431, 0.129},
}};

// A point of the domain; infinite sides are cut so that intervals are 5 long, or 2.5 from a bound.
double point_in(const Domain& domain, double fraction) {
  if (domain.whole) return std::floor(5.0 * fraction);
  const bool open_below = domain.low == -infinity;
  const bool open_above = domain.high == infinity;
  const double low = open_below ? (open_above ? -2.5 : domain.high - 2.5) : domain.low;
  const double high = open_above ? (open_below ? 2.5 : domain.low + 2.5) : domain.high;
  return low + (high - low) * fraction;
}

// f'(x) from values at x -+ h and x -+ 2h: an error of h**4 f^(5)/30.
template <class F>
double central_difference(const F& f, double x) {
  constexpr double h = 1e-3;
  return (8.0 * (f(x + h) - f(x - h)) - (f(x + 2.0 * h) - f(x - 2.0 * h))) / (12.0 * h);
}

// Entry `Index` with the operands of the set `numbers` as numbers and leaves for the others.
template <std::size_t Index>
class Application {
 public:
  static constexpr std::size_t arity = arity_of<Index>;
  using Point = std::array<double, arity>;

  Application(Graph& graph, const Point& point, unsigned numbers) : graph_(graph) {
    std::array<Argument, arity> arguments;
    for (std::size_t i = 0; i < arity; ++i) {
      if ((numbers >> i & 1U) != 0) {
        arguments[i].number = point[i];
      } else {
        leaves_.emplace_back(graph, graph.new_leaf(point[i], true));
        arguments[i].node = leaves_.back().node();
      }
    }
    root_ = Reference(
        graph,
        std::apply([&](auto... given) { return record_any<Index>(graph, given...); }, arguments));
  }

  double value() const { return root_.get()->primal; }
  std::vector<double> numeric(double seed) const {
    return numeric_gradients(graph_, root_.get(), nodes_of(leaves_), seed);
  }
  std::vector<Reference> recorded(double seed) const {
    return recorded_gradients(graph_, root_.get(), nodes_of(leaves_), seed);
  }
  std::vector<Node*> inputs() const { return nodes_of(leaves_); }

 private:
  Graph& graph_;
  std::vector<Handle> leaves_;
  Reference root_;
};

template <std::size_t Index>
void check_derivatives(Graph& graph, const std::array<double, 3>& fractions, unsigned numbers) {
  constexpr std::size_t arity = arity_of<Index>;
  using Point = typename Application<Index>::Point;
  const std::string name(entry<Index>.name);
  CAPTURE(name);
  CAPTURE(numbers);
  Point point;
  for (std::size_t i = 0; i < arity; ++i)
    point[i] = point_in(entry<Index>.domains[i], fractions[i]);
  CAPTURE(point[0]);
  CAPTURE(point[arity - 1]);

  const Application<Index> application(graph, point, numbers);
  const std::vector<double> first = application.numeric(0.75);
  const std::vector<Reference> recorded = application.recorded(0.75);
  std::vector<std::size_t> variables;  // the arguments that are nodes
  for (std::size_t i = 0; i < arity; ++i) {
    if ((numbers >> i & 1U) == 0) variables.push_back(i);
  }
  const auto moved = [&](std::size_t variable, double to) {
    Point other = point;
    other[variables[variable]] = to;
    return Application<Index>(graph, other, numbers);
  };

  REQUIRE(first.size() == variables.size());
  for (std::size_t a = 0; a < variables.size(); ++a) {
    CAPTURE(variables[a]);
    CHECK(same_bits(recorded[a].get()->primal, first[a]));
    // An order that is a whole number has no derivative; we give 0.
    if (entry<Index>.domains[variables[a]].whole) {
      CHECK(first[a] == 0.0);
      continue;
    }
    const double slope = central_difference([&](double to) { return 0.75 * moved(a, to).value(); },
                                            point[variables[a]]);
    CHECK(is_near(first[a], slope, 1e-8));

    const std::vector<double> second =
        recorded[a].get()->has(requires_grad)
            ? numeric_gradients(graph, recorded[a].get(), application.inputs(), 1.0)
            : std::vector<double>(variables.size(), 0.0);
    for (std::size_t b = 0; b < variables.size(); ++b) {
      CAPTURE(variables[b]);
      if (entry<Index>.domains[variables[b]].whole) continue;
      const double bend = central_difference(
          [&](double to) { return moved(b, to).numeric(0.75)[a]; }, point[variables[b]]);
      CHECK(is_near(second[b], bend, 1e-8));
    }
  }
}

template <std::size_t... Index>
void check_table(Graph& graph, const std::array<double, 3>& fractions,
                 std::index_sequence<Index...>) {
  const auto each = [&](auto index) {
    for (unsigned numbers = 0; numbers + 1 < (1U << arity_of<index>); ++numbers)
      check_derivatives<index>(graph, fractions, numbers);
  };
  (each(std::integral_constant<std::size_t, Index>{}), ...);
}

// Both gradients of `root`, equal to the bit.
void check_same(Graph& graph, const Handle& root, const std::vector<Node*>& inputs, double seed) {
  const std::vector<double> numbers = numeric_gradients(graph, root.node(), inputs, seed);
  const std::vector<Reference> recorded = recorded_gradients(graph, root.node(), inputs, seed);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    CAPTURE(i);
    CHECK(same_bits(recorded[i].get()->primal, numbers[i]));
  }
}

// The second derivatives of what `make` makes of leaves, against differences of the first.
template <class Make>
void check_hessian(Graph& graph, const std::vector<double>& point, const Make& make) {
  const auto leaves_at = [&](const std::vector<double>& primals) {
    std::vector<Handle> leaves;
    leaves.reserve(primals.size());
    for (const double primal : primals) leaves.emplace_back(graph, graph.new_leaf(primal, true));
    return leaves;
  };
  const auto first_at = [&](const std::vector<double>& primals) {
    const std::vector<Handle> leaves = leaves_at(primals);
    const std::vector<Node*> nodes = nodes_of(leaves);
    const Handle root(graph, make(nodes));
    return numeric_gradients(graph, root.node(), nodes, 0.75);
  };
  const std::vector<Handle> leaves = leaves_at(point);
  const std::vector<Node*> nodes = nodes_of(leaves);
  const Handle root(graph, make(nodes));
  check_same(graph, root, nodes, 0.75);
  const std::vector<Reference> first = recorded_gradients(graph, root.node(), nodes, 0.75);
  for (std::size_t a = 0; a < point.size(); ++a) {
    const std::vector<double> second = first[a].get()->has(requires_grad)
                                           ? numeric_gradients(graph, first[a].get(), nodes, 1.0)
                                           : std::vector<double>(point.size(), 0.0);
    for (std::size_t b = 0; b < point.size(); ++b) {
      CAPTURE(a);
      CAPTURE(b);
      const double bend = central_difference(
          [&](double to) {
            std::vector<double> other = point;
            other[b] = to;
            return first_at(other)[a];
          },
          point[b]);
      CHECK(is_near(second[b], bend, 1e-8));
    }
  }
}

// The derivative of a recorded gradient, which is again recorded.
Handle derivative(const Handle& of, const Handle& to) {
  std::vector<Reference> found =
      recorded_gradients(of.graph(), of.node(), std::vector<Node*>{to.node()}, 1.0);
  return {of.graph(), found.front().hand_over()};
}

}  // namespace

TEST_CASE_FIXTURE(GraphFixture, "differentiate: every form of every entry, to the second order") {
  for (const std::array<double, 3>& fractions : samples)
    check_table(graph, fractions, std::make_index_sequence<operation_count>{});
  CHECK(live_counts(graph) == LiveCounts{0, 0, 0});
}

TEST_CASE_FIXTURE(GraphFixture, "differentiate: reductions, to the second order") {
  const std::vector<double> point{0.3, -1.1, 0.7, 1.9};
  const std::vector<double> numbers{0.4, -0.8, 1.7, 0.2};
  using Nodes = std::span<Node* const>;
  SUBCASE("sum, mean, logsumexp") {
    check_hessian(graph, point, [&](Nodes nodes) { return sum(graph, nodes); });
    check_hessian(graph, point, [&](Nodes nodes) { return mean(graph, nodes); });
    check_hessian(graph, point, [&](Nodes nodes) { return logsumexp(graph, nodes); });
  }
  SUBCASE("dot of nodes, with a bias that is a weight") {
    check_hessian(graph, point, [&](Nodes nodes) {
      return dot(graph, nodes.first(2), {nodes.last(2), {}}, nodes[0]);
    });
  }
  SUBCASE("dot with itself") {
    check_hessian(graph, point,
                  [&](Nodes nodes) { return dot(graph, nodes, {nodes, {}}, nullptr); });
  }
  SUBCASE("dot of numbers") {
    check_hessian(graph, point,
                  [&](Nodes nodes) { return dot(graph, nodes, {{}, numbers}, nodes[1]); });
  }
}

TEST_CASE_FIXTURE(GraphFixture,
                  "differentiate: a neuron with each activation, to the second order") {
  // The pre-activation is 0.3 * 0.7 + 0.9 * 0.2 + 0.1 = 0.49, with numbers 0.625: within the domain
  // of every activation but acosh, and far from every kink.
  const std::vector<double> point{0.3, 0.9, 0.7, 0.2, 0.1};
  const std::vector<double> numbers{0.25, 0.5};
  using Nodes = std::span<Node* const>;
  std::size_t seen = 0;
  const auto check = [&](const std::string& name, Activation activation) {
    CAPTURE(name);
    const bool shifted = name == "acosh";
    std::vector<double> at = point;
    if (shifted) at[4] = 2.4;
    check_hessian(graph, at, [&](Nodes nodes) {
      return neuron(graph, nodes.first(2), {nodes.subspan(2, 2), {}}, nodes[4], activation);
    });
    check_hessian(graph, at, [&](Nodes nodes) {
      return neuron(graph, nodes.first(2), {{}, numbers}, nodes[4], activation);
    });
    ++seen;
  };
  check("linear", linear);
  for (Code code = 0; code < form_count; ++code) {
    if (is_activation(code)) check(std::string(name_of(code)), code);
  }
  CHECK(seen > 40);
}

TEST_CASE_FIXTURE(GraphFixture, "differentiate: random graphs, the same to the bit") {
  std::mt19937 random(11);
  for (int round = 0; round < 30; ++round) {
    CAPTURE(round);
    const std::vector<Handle> inputs = leaves({0.3, -0.7, 1.1, 0.9});
    std::vector<Handle> pool = inputs;
    const auto any = [&] { return pool[random() % pool.size()]; };
    for (int i = 0; i < 60; ++i) {
      switch (random() % 8) {
        case 0:
          pool.push_back(any() * any());
          break;
        case 1:
          pool.push_back(any() - 0.3 * any());
          break;
        case 2:
          pool.push_back(apply<"tanh">(any()));
          break;
        case 3:
          pool.push_back(apply<"sigmoid">(any() + any()));
          break;
        case 4:
          pool.push_back(any() / (1.5 + apply<"square">(any())));
          break;
        case 5:
          pool.push_back(apply<"hypot">(any(), 0.5));
          break;
        case 6: {
          const std::vector<Node*> few{any().node(), any().node(), any().node()};
          pool.emplace_back(graph, logsumexp(graph, few));
          break;
        }
        default: {
          const std::vector<Node*> weights{any().node(), any().node()};
          const std::vector<Node*> given{any().node(), any().node()};
          pool.emplace_back(
              graph, neuron(graph, weights, {given, {}}, any().node(), *activation_of("tanh")));
        }
      }
    }
    check_same(graph, apply<"tanh">(pool.back()), nodes_of(inputs), 0.6);
  }
}

TEST_CASE_FIXTURE(GraphFixture, "differentiate: derivatives of every order") {
  const Handle x = leaf(0.7);
  SUBCASE("exp is its own") {
    Handle y = apply<"exp">(x);
    for (int order = 0; order < 8; ++order) y = derivative(y, x);
    CHECK(is_near(y.primal(), std::exp(0.7), 1e-15));
  }
  SUBCASE("sin, around twice") {
    Handle y = apply<"sin">(x);
    for (int order = 0; order < 8; ++order) y = derivative(y, x);
    CHECK(is_near(y.primal(), std::sin(0.7), 1e-15));
  }
  SUBCASE("x ** 5 ends") {
    Handle y = apply<"power">(x, 5.0);
    for (const double expected :
         {5.0 * std::pow(0.7, 4), 20.0 * std::pow(0.7, 3), 60.0 * 0.49, 120.0 * 0.7, 120.0}) {
      y = derivative(y, x);
      CHECK(is_near(y.primal(), expected, 1e-14));
    }
  }
  SUBCASE("x ** 2 at 0") {
    const Handle zero = leaf(0.0);
    Handle y = apply<"power">(zero, 2.0);
    for (const double expected : {0.0, 2.0, 0.0}) {
      if (!y.node()->has(requires_grad)) break;
      y = derivative(y, zero);
      CHECK(y.primal() == expected);
    }
  }
  SUBCASE("tanh, three times") {
    Handle y = apply<"tanh">(x);
    const double t = std::tanh(0.7);
    const double u = 1.0 - t * t;
    for (const double expected : {u, -2.0 * t * u, u * (6.0 * t * t - 2.0)}) {
      y = derivative(y, x);
      CHECK(is_near(y.primal(), expected, 1e-14));
    }
  }
  SUBCASE("mixed: x ** y") {
    const Handle y = leaf(3.0);
    const Handle mixed = derivative(derivative(apply<"power">(x, y), x), y);
    CHECK(is_near(mixed.primal(), 0.49 * (1.0 + 3.0 * std::log(0.7)), 1e-14));
    const Handle swapped = derivative(derivative(apply<"power">(x, y), y), x);
    CHECK(is_near(swapped.primal(), mixed.primal(), 1e-14));
  }
  SUBCASE("of a product with an adjoint that is zero") {
    const Handle zero = leaf(0.0);
    const Handle y = zero * x * zero;  // d2/dzero2 is 2 x, though the first derivative is 0
    CHECK(derivative(y, zero).primal() == 0.0);
    CHECK(derivative(derivative(y, zero), zero).primal() == 1.4);
  }
}

TEST_CASE_FIXTURE(GraphFixture,
                  "differentiate: gives leaves and what is held their gradients as nodes") {
  const Held x(leaf(2.0));
  const Held y(x.value() * x.value());
  const Handle free = leaf(5.0);
  const Held root(y.value() * free);
  const Held aside(x.value() + 1.0);
  differentiate(graph, root.node(), 1.0);
  REQUIRE(x.has_gradient_node());
  REQUIRE(y.has_gradient_node());
  REQUIRE(root.has_gradient_node());
  CHECK_FALSE(aside.has_gradient_node());
  CHECK(x.gradient_node().primal() == 20.0);
  CHECK(x.value().gradient() == 20.0);
  CHECK(y.gradient_node().primal() == 5.0);
  CHECK(y.gradient() == 5.0);
  CHECK(root.gradient() == 1.0);
  CHECK(free.gradient() == 4.0);

  // The gradient is a value of the graph: 2 x free.
  const std::vector<Node*> inputs{x.node(), free.node()};
  const Handle gradient = x.gradient_node();
  CHECK(numeric_gradients(graph, gradient.node(), inputs, 1.0) == std::vector<double>{10.0, 4.0});
}

TEST_CASE_FIXTURE(GraphFixture, "differentiate: accumulates, on numbers and on nodes") {
  const Held x(leaf(2.0));
  const Handle square = x.value() * x.value();
  backward(graph, square.node(), 1.0);
  differentiate(graph, square.node(), 1.0);
  CHECK(x.value().gradient() == 8.0);
  CHECK(x.gradient_node().primal() == 8.0);
  differentiate(graph, square.node(), 1.0);
  CHECK(x.value().gradient() == 12.0);
  const Handle total = x.gradient_node();  // 4 + 2 x + 2 x
  CHECK(total.primal() == 12.0);
  const std::vector<Node*> inputs{x.node()};
  CHECK(numeric_gradients(graph, total.node(), inputs, 1.0).front() == 4.0);
}

TEST_CASE_FIXTURE(GraphFixture, "differentiate: a seed that is a value takes part") {
  const Handle x = leaf(2.0);
  const Handle seed = leaf(3.0);
  const Handle square = x * x;
  const std::vector<Node*> inputs{x.node()};
  const std::vector<Reference> found = recorded_gradients(
      graph, square.node(), inputs, Term(Reference::sharing(graph, seed.node())));
  CHECK(found.front().get()->primal == 12.0);
  const std::vector<Node*> both{x.node(), seed.node()};
  CHECK(numeric_gradients(graph, found.front().get(), both, 1.0) == std::vector<double>{6.0, 4.0});
}

TEST_CASE_FIXTURE(GraphFixture,
                  "differentiate: a root that is a leaf, and inputs it does not need") {
  const Held x(leaf(2.0));
  const Held other(leaf(3.0));
  differentiate(graph, x.node(), 1.0);
  CHECK(x.value().gradient() == 1.0);
  REQUIRE(x.has_gradient_node());
  CHECK(x.gradient_node().primal() == 1.0);
  const std::vector<Node*> inputs{other.node(), x.node(), other.node()};
  const std::vector<Reference> found = recorded_gradients(graph, x.node(), inputs, 4.0);
  CHECK(found[0].get()->primal == 0.0);
  CHECK(found[1].get()->primal == 4.0);
  CHECK(found[2].get()->primal == 0.0);
  CHECK_FALSE(found[0].get()->has(requires_grad));
  CHECK(x.value().gradient() == 1.0);
}

TEST_CASE_FIXTURE(GraphFixture, "differentiate: interior inputs, whether or not they are held") {
  const Handle x = leaf(2.0);
  const Handle y = x * x;
  const Handle root = y * y;
  const std::vector<Node*> inputs{y.node(), root.node(), x.node()};
  const auto check = [&] {
    CHECK(numeric_gradients(graph, root.node(), inputs, 1.0) ==
          std::vector<double>{8.0, 1.0, 32.0});
    const std::vector<Reference> found = recorded_gradients(graph, root.node(), inputs, 1.0);
    CHECK(found[0].get()->primal == 8.0);
    CHECK(found[1].get()->primal == 1.0);
    CHECK(found[2].get()->primal == 32.0);
  };
  check();
  const Held held(y);
  check();
}

TEST_CASE_FIXTURE(GraphFixture,
                  "differentiate: on request all interiors keep their adjoints' numbers") {
  const Held x(leaf(2.0));
  const Handle y = x.value() * 3.0;
  const Handle root = y * y;
  differentiate(graph, root.node(), 1.0, Retain::all);
  CHECK(graph.kept_gradient(y.node()) == 12.0);
  CHECK(graph.kept_gradient(root.node()) == 1.0);
  CHECK(x.value().gradient() == 36.0);
}

TEST_CASE_FIXTURE(GraphFixture, "differentiate: without recording the gradients are constants") {
  const Held x(leaf(2.0));
  const Handle y = x.value() * x.value();
  const RecordingScope off(false);
  differentiate(graph, y.node(), 1.0);
  REQUIRE(x.has_gradient_node());
  CHECK(x.gradient_node().primal() == 4.0);
  CHECK_FALSE(x.gradient_node().node()->has(requires_grad));
  CHECK(graph.live_interiors() == 1);
}

TEST_CASE_FIXTURE(GraphFixture,
                  "differentiate: a chain of a hundred thousand, and its gradient's gradient") {
  const Held x(leaf(0.5));
  Handle y = x.value() * 1.0;
  for (int i = 1; i < 100'000; ++i) y = apply<"sin">(y);
  differentiate(graph, y.node(), 1.0);
  const Handle first = x.gradient_node();
  CHECK(first.node()->has(requires_grad));
  const double before = x.value().gradient();
  backward(graph, first.node(), 1.0);
  CHECK(std::isfinite(x.value().gradient()));
  CHECK(x.value().gradient() != before);
}

TEST_CASE_FIXTURE(GraphFixture, "differentiate: leaves nothing behind when its results are gone") {
  const Handle x = leaf(0.4);
  const Handle y = apply<"tanh">(x * x) + apply<"exp">(x);
  const LiveCounts before = live_counts(graph);
  for (int i = 0; i < 10; ++i) {
    const Held held(x);
    differentiate(graph, y.node(), 1.0);
    CHECK(graph.live_interiors() > before.interiors);
  }
  CHECK(live_counts(graph) == before);
}

}  // namespace autograd::test
