#include "core/reductions.hpp"

#include <numeric>
#include <string>
#include <vector>

#include "core/backward.hpp"
#include "core/error.hpp"
#include "graph_fixture.hpp"

namespace autograd::test {

namespace {

const std::vector<double> weights_at{0.5, -1.25, 2.0, 1e-3, -7.5};
const std::vector<double> inputs_at{1.1, 0.3, -0.7, 1e3, 0.2};

}  // namespace

TEST_CASE_FIXTURE(GraphFixture, "sum and mean: from left to right") {
  // 1e16 + 1 is 1e16: the order shows.
  const std::vector<Handle> values = leaves({1e16, 1.0, 1.0, -1e16, 3.0});
  const std::vector<Node*> nodes = nodes_of(values);
  const Handle total(graph, sum(graph, nodes));
  CHECK(total.primal() == 3.0);
  const Handle average(graph, mean(graph, nodes));
  CHECK(average.primal() == 3.0 / 5.0);
  Handle chain = values[0] + values[1];
  for (std::size_t i = 2; i < values.size(); ++i) chain = chain + values[i];
  CHECK(chain.primal() == total.primal());

  backward(graph, total.node(), 2.0);
  for (const Handle& value : values) CHECK(value.gradient() == 2.0);
  CHECK(numeric_gradients(graph, average.node(), nodes, 2.0) == std::vector<double>(5, 2.0 / 5.0));
}

TEST_CASE_FIXTURE(GraphFixture, "sum: of nothing, of one, of the same one") {
  const Handle empty(graph, sum(graph, {}));
  CHECK(same_bits(empty.primal(), 0.0));
  CHECK(empty.node()->has(is_leaf));
  const Handle x = leaf(-0.0);
  const Handle one(graph, sum(graph, std::vector<Node*>{x.node()}));
  CHECK(same_bits(one.primal(), -0.0));
  const Handle thrice(graph, sum(graph, std::vector<Node*>(3, x.node())));
  backward(graph, thrice.node(), 1.0);
  CHECK(x.gradient() == 3.0);
}

TEST_CASE_FIXTURE(GraphFixture, "logsumexp: stable, and its gradient is the softmax") {
  struct Case {
    std::vector<double> values;
    double expected;
    std::vector<double> softmax;
  };
  const double ln2 = std::log(2.0);
  const std::vector<Case> cases{
      {{0.0, 0.0}, ln2, {0.5, 0.5}},
      {{1000.0, 1000.0}, 1000.0 + ln2, {0.5, 0.5}},
      {{-1000.0, -1000.0}, -1000.0 + ln2, {0.5, 0.5}},
      {{1000.0, -1000.0}, 1000.0, {1.0, 0.0}},
      {{3.5}, 3.5, {1.0}},
      {{-infinity, 2.0}, 2.0, {0.0, 1.0}},
      {{std::log(1.0), std::log(2.0), std::log(5.0)}, std::log(8.0), {0.125, 0.25, 0.625}},
  };
  for (const Case& known : cases) {
    const std::vector<Handle> values = leaves(known.values);
    const std::vector<Node*> nodes = nodes_of(values);
    const Handle result(graph, logsumexp(graph, nodes));
    CHECK(is_near(result.primal(), known.expected, 1e-15));
    const std::vector<double> found = numeric_gradients(graph, result.node(), nodes, 1.0);
    for (std::size_t i = 0; i < found.size(); ++i)
      CHECK(is_near(found[i], known.softmax[i], 1e-13));
  }
  const auto value_at = [&](const std::vector<double>& primals) {
    const std::vector<Handle> values = leaves(primals);
    return Handle(graph, logsumexp(graph, nodes_of(values))).primal();
  };
  CHECK(value_at({infinity, 0.0}) == infinity);
  CHECK(value_at({-infinity, -infinity}) == -infinity);
  CHECK(std::isnan(value_at({0.0, nan})));
  CHECK(std::isnan(value_at({nan, infinity})));
}

TEST_CASE_FIXTURE(GraphFixture, "dot: bias + w0 * x0 + w1 * x1 + ..., in this order") {
  const std::vector<Handle> weights = leaves(weights_at);
  const std::vector<Handle> inputs = leaves(inputs_at);
  const Handle bias = leaf(0.125);
  const std::vector<Node*> weight_nodes = nodes_of(weights);
  const std::vector<Node*> input_nodes = nodes_of(inputs);
  for (const bool with_bias : {false, true}) {
    for (const bool with_numbers : {false, true}) {
      CAPTURE(with_bias);
      CAPTURE(with_numbers);
      double expected = with_bias ? bias.primal() : weights_at[0] * inputs_at[0];
      for (std::size_t i = with_bias ? 0 : 1; i < weights_at.size(); ++i)
        expected += weights_at[i] * inputs_at[i];
      Inputs given;
      if (with_numbers) {
        given.numbers = inputs_at;
      } else {
        given.nodes = input_nodes;
      }
      const Handle result(graph,
                          dot(graph, weight_nodes, given, with_bias ? bias.node() : nullptr));
      CHECK(same_bits(result.primal(), expected));

      const DotView view = view_of_dot(as_long(result.node()));
      CHECK(view.size == weights_at.size());
      CHECK(view.weights[1] == weight_nodes[1]);
      CHECK(view.bias == (with_bias ? bias.node() : nullptr));
      if (with_numbers) {
        CHECK(view.input_nodes == nullptr);
        CHECK(view.input_numbers[4] == inputs_at[4]);
      } else {
        CHECK(view.input_numbers == nullptr);
        CHECK(view.input_nodes[4] == input_nodes[4]);
      }

      CHECK(numeric_gradients(graph, result.node(), weight_nodes, 1.0) == inputs_at);
      const std::vector<double> to_inputs =
          numeric_gradients(graph, result.node(), input_nodes, 1.0);
      CHECK(to_inputs == (with_numbers ? std::vector<double>(5, 0.0) : weights_at));
      const std::vector<Node*> one{bias.node()};
      CHECK(numeric_gradients(graph, result.node(), one, 3.0).front() == (with_bias ? 3.0 : 0.0));
    }
  }
}

TEST_CASE_FIXTURE(GraphFixture, "dot: of nothing, of zeros, and longer than a slab") {
  const Handle empty(graph, dot(graph, {}, {}, nullptr));
  CHECK(same_bits(empty.primal(), 0.0));
  const Handle bias = leaf(3.0);
  const Handle only_bias(graph, dot(graph, {}, {}, bias.node()));
  CHECK(only_bias.primal() == 3.0);
  backward(graph, only_bias.node(), 2.0);
  CHECK(bias.gradient() == 2.0);

  const Handle zero = leaf(-0.0);
  const std::vector<Node*> one{zero.node()};
  const Handle product(graph, dot(graph, one, {{}, std::vector<double>{1.0}}, nullptr));
  CHECK(same_bits(product.primal(), -0.0));

  std::vector<double> many(5000);
  std::iota(many.begin(), many.end(), 0.0);
  const std::vector<Handle> weights = leaves(std::vector<double>(many.size(), 2.0));
  const std::vector<Node*> nodes = nodes_of(weights);
  const Handle root = Handle(graph, dot(graph, nodes, {{}, many}, nullptr)) * 1.0;
  CHECK(root.primal() == 2.0 * 4999.0 * 5000.0 / 2.0);
  CHECK(numeric_gradients(graph, root.node(), nodes, 1.0) == many);
}

TEST_CASE_FIXTURE(GraphFixture, "dot and neuron: lengths that differ are refused with both") {
  const std::vector<Handle> weights = leaves({1.0, 2.0, 3.0});
  const std::vector<Node*> nodes = nodes_of(weights);
  const std::vector<double> four{1.0, 2.0, 3.0, 4.0};
  const std::vector<Node*> one{nodes[0]};
  const LiveCounts before = live_counts(graph);
  CHECK_THROWS_WITH_AS(dot(graph, nodes, {{}, four}, nullptr),
                       "[dot] 4 inputs were given - 3 are needed, one for each weight. Check the "
                       "length of the input.",
                       LengthError);
  CHECK_THROWS_WITH_AS(neuron(graph, nodes, {one, {}}, nullptr, linear),
                       "[neuron] 1 input was given - 3 are needed, one for each weight. Check the "
                       "length of the input.",
                       LengthError);
  CHECK_THROWS_WITH_AS(dot(graph, one, {}, nullptr),
                       "[dot] 0 inputs were given - 1 is needed, one for each weight. Check the "
                       "length of the input.",
                       LengthError);
  CHECK(live_counts(graph) == before);
  for (const Handle& weight : weights) CHECK(weight.references() == 1);
}

namespace {

std::vector<std::string> split(const std::string& names) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = names.find(", ", begin);
    parts.push_back(names.substr(begin, end - begin));
    if (end == std::string::npos) return parts;
    begin = end + 2;
  }
}

}  // namespace

TEST_CASE_FIXTURE(GraphFixture, "neuron: its activation of the dot, bit for bit, for each") {
  const std::vector<Handle> weights = leaves({0.5, -0.25, 0.75});
  const std::vector<Handle> inputs = leaves({1.1, 0.3, 0.4});
  const Handle bias = leaf(0.0625);
  std::vector<Node*> all = nodes_of(weights);
  const std::vector<Node*> weight_nodes = all;
  const std::vector<Node*> input_nodes = nodes_of(inputs);
  all.insert(all.end(), input_nodes.begin(), input_nodes.end());
  all.push_back(bias.node());

  const std::vector<std::string> names = split(known_activations());
  CHECK(names.front() == "linear");
  CHECK(names.size() > 40);
  for (const std::string& name : names) {
    CAPTURE(name);
    const std::optional<Activation> activation = activation_of(name);
    REQUIRE(activation.has_value());
    CHECK(is_activation(*activation));
    if (name == "acosh") continue;  // not defined at this pre-activation
    const Handle fused(graph,
                       neuron(graph, weight_nodes, {input_nodes, {}}, bias.node(), *activation));
    CHECK(graph.live_interiors() == 1);

    const Handle z(graph, dot(graph, weight_nodes, {input_nodes, {}}, bias.node()));
    Node* applied = nullptr;
    dispatch_activation(*activation, [&](auto code) {
      constexpr std::size_t index = forms[code].index;
      if constexpr (arity_of<index> == 1) {
        applied = record<index>(graph, z.node());
      } else {
        applied = record<index>(graph, z.node(), entry<index>.defaults.back());
      }
    });
    const Handle separate = applied == nullptr ? z : Handle(graph, applied);
    CHECK(same_bits(fused.primal(), separate.primal()));
    const std::vector<double> fused_gradients = numeric_gradients(graph, fused.node(), all, 0.75);
    const std::vector<double> separate_gradients =
        numeric_gradients(graph, separate.node(), all, 0.75);
    for (std::size_t i = 0; i < all.size(); ++i)
      CHECK(same_bits(fused_gradients[i], separate_gradients[i]));
  }
  CHECK_FALSE(activation_of("no such activation").has_value());
  CHECK_FALSE(activation_of("add").has_value());
  CHECK_FALSE(activation_of("maximum").has_value());
  CHECK_FALSE(activation_of("").has_value());
}

TEST_CASE_FIXTURE(GraphFixture, "neuron: a fault of its activation leaves nothing behind") {
  const std::vector<Handle> weights = leaves({1.0});
  const std::vector<Node*> nodes = nodes_of(weights);
  const LiveCounts before = live_counts(graph);
  const auto at = [&](const char* activation, double input) {
    return neuron(graph, nodes, {{}, std::vector<double>{input}}, nullptr,
                  *activation_of(activation));
  };
  CHECK_THROWS_AS(at("log", -1.0), DomainError);
  CHECK_THROWS_AS(at("exp", 1000.0), RangeError);
  CHECK_THROWS_AS(at("reciprocal", 0.0), DivisionByZero);
  CHECK(live_counts(graph) == before);
  CHECK(weights.front().references() == 1);
}

TEST_CASE_FIXTURE(GraphFixture, "neuron: keeps what it needs in its record") {
  const std::vector<Handle> weights = leaves({2.0, 3.0});
  const std::vector<Node*> nodes = nodes_of(weights);
  const std::vector<double> inputs{5.0, -7.0};
  const Handle result(graph,
                      neuron(graph, nodes, {{}, inputs}, nullptr, *activation_of("leaky_relu")));
  CHECK(result.primal() == 0.01 * -11.0);
  CHECK(name_of(result.node()->code) == "neuron");
  const DotView view = view_of_dot(as_long(result.node()));
  CHECK(view.pre_activation == -11.0);
  CHECK(view.activation == *activation_of("leaky_relu"));
  CHECK(as_long(result.node())->arguments == 2);
  CHECK(as_long(result.node())->words == 6);
  backward(graph, result.node(), 1.0);
  CHECK(weights[0].gradient() == 5.0 * 0.01);
  CHECK(weights[1].gradient() == -7.0 * 0.01);
}

}  // namespace autograd::test
