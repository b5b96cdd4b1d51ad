#include "core/flat_graph.hpp"

#include <array>
#include <string>
#include <vector>

#include "core/backward.hpp"
#include "core/error.hpp"
#include "core/reductions.hpp"
#include "graph_fixture.hpp"

namespace autograd::test {

namespace {

std::vector<Handle> copies_of(Graph& graph, const std::vector<Node*>& leaves) {
  std::vector<Handle> copies;
  for (const Node* leaf : leaves)
    copies.emplace_back(graph, graph.new_leaf(leaf->primal, leaf->has(requires_grad)));
  return copies;
}

// The copy has the same bits: values, gradients, and the words it is stored as.
void check_round_trip(Graph& graph, const Handle& root) {
  const FlatGraph flat = flatten(graph, root.node());
  REQUIRE_FALSE(flat.interiors.empty());
  CHECK(flat.interiors.back() == root.node());
  const std::vector<Handle> leaves = copies_of(graph, flat.leaves);
  const std::vector<Node*> leaf_nodes = nodes_of(leaves);
  std::vector<Reference> made = rebuild(graph, flat.names, flat.words, leaf_nodes, flat.arrays);
  REQUIRE(made.size() == flat.interiors.size());
  for (std::size_t i = 0; i < made.size(); ++i) {
    const Node* copy = made[i].get();
    CHECK(copy->code == flat.interiors[i]->code);
    CHECK(copy->has(is_long) == flat.interiors[i]->has(is_long));
    CHECK(same_bits(copy->primal, flat.interiors[i]->primal));
  }

  Node* const copied_root = made.back().get();
  const FlatGraph again = flatten(graph, copied_root);
  CHECK(again.names == flat.names);
  CHECK(again.words == flat.words);
  CHECK(again.leaves == leaf_nodes);

  const std::vector<double> expected = numeric_gradients(graph, root.node(), flat.leaves, 0.75);
  const std::vector<double> found = numeric_gradients(graph, copied_root, leaf_nodes, 0.75);
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(same_bits(found[i], expected[i]));
}

template <std::size_t Index>
void check_entry(Graph& graph) {
  const std::string name(entry<Index>.name);
  CAPTURE(name);
  constexpr std::size_t arity = arity_of<Index>;
  for (unsigned numbers = 0; numbers + 1 < (1U << arity); ++numbers) {
    CAPTURE(numbers);
    std::vector<Handle> leaves;
    std::array<Argument, arity> arguments;
    for (std::size_t i = 0; i < arity; ++i) {
      const Domain& domain = entry<Index>.domains[i];
      const double number = domain.whole        ? 1.0
                            : domain.low == 1.0 ? 1.5
                                                : 0.75 - 0.25 * static_cast<double>(i);
      if ((numbers >> i & 1U) != 0) {
        arguments[i].number = number;
      } else {
        leaves.emplace_back(graph, graph.new_leaf(number, true));
        arguments[i].node = leaves.back().node();
      }
    }
    const Handle root(
        graph,
        std::apply([&](auto... given) { return record_any<Index>(graph, given...); }, arguments));
    leaves.clear();
    check_round_trip(graph, root);
  }
}

template <std::size_t... Index>
void check_table(Graph& graph, std::index_sequence<Index...>) {
  (check_entry<Index>(graph), ...);
}

// One of each kind of record: numbers on either side, three operands, every reduction.
Handle sampler(GraphFixture& fixture) {
  Graph& graph = fixture.graph;
  const Handle x = fixture.leaf(0.5);
  const Handle y = fixture.leaf(-1.25);
  const Handle c = fixture.constant(2.0);
  const std::vector<double> numbers{0.25, 4.0};
  const Handle a = 2.0 - x * y;
  const Handle b = apply<"clip">(a, -3.0, c);
  const std::vector<Node*> pair{a.node(), b.node()};
  const std::vector<Node*> leaves{x.node(), y.node()};
  const Handle d(graph, sum(graph, pair));
  const Handle e(graph, dot(graph, pair, {leaves, {}}, c.node()));
  const Handle f(graph, dot(graph, leaves, {{}, numbers}, nullptr));
  const std::vector<Node*> three{d.node(), e.node(), f.node()};
  const Handle g(graph, mean(graph, three));
  const Handle h(graph, logsumexp(graph, three));
  const Handle i(graph, neuron(graph, pair, {leaves, {}}, g.node(), *activation_of("leaky_relu")));
  const Handle j(graph, neuron(graph, pair, {{}, numbers}, nullptr, linear));
  return apply<"hypot">(h, i) / (apply<"exp">(j * 0.01) + g);
}

// Reads damaged words. They may be refused, or make another graph; nothing else may happen.
struct Outcome {
  std::size_t refused = 0;
  std::size_t harmless = 0;
};

void read_damaged(Graph& graph, const std::vector<std::string>& names,
                  const std::vector<std::uint64_t>& words, const std::vector<Node*>& leaves,
                  Outcome& outcome) {
  const LiveCounts before = live_counts(graph);
  try {
    const std::vector<Reference> made = rebuild(graph, names, words, leaves, {});
    for (const Reference& node : made) {
      if (node.get()->has(requires_grad)) numeric_gradients(graph, node.get(), leaves, 1.0);
    }
    if (!made.empty()) {
      // What was made can be stored, and read again.
      Node* last = made.back().get();
      if (!last->has(is_leaf)) {
        const FlatGraph flat = flatten(graph, last);
        CHECK(rebuild(graph, flat.names, flat.words, flat.leaves, flat.arrays).size() ==
              flat.interiors.size());
      }
    }
    ++outcome.harmless;
  } catch (const LengthError&) {
    ++outcome.refused;
  }
  REQUIRE(live_counts(graph) == before);
}

}  // namespace

TEST_CASE_FIXTURE(GraphFixture, "flat graph: every form of every entry, there and back") {
  check_table(graph, std::make_index_sequence<operation_count>{});
}

TEST_CASE_FIXTURE(GraphFixture, "flat graph: every reduction and activation, there and back") {
  const std::vector<Handle> weights = leaves({0.5, 0.25});
  const std::vector<Handle> inputs = leaves({0.75, 1.0});
  const Handle bias = leaf(0.125);
  const std::vector<Node*> weight_nodes = nodes_of(weights);
  const std::vector<Node*> input_nodes = nodes_of(inputs);
  const std::vector<double> numbers{0.3, 0.6};
  const auto check = [&](Node* made) { check_round_trip(graph, Handle(graph, made)); };
  check(sum(graph, weight_nodes));
  check(mean(graph, weight_nodes));
  check(logsumexp(graph, weight_nodes));
  for (Node* given_bias : {static_cast<Node*>(nullptr), bias.node()}) {
    check(dot(graph, weight_nodes, {input_nodes, {}}, given_bias));
    check(dot(graph, weight_nodes, {{}, numbers}, given_bias));
    check(neuron(graph, weight_nodes, {input_nodes, {}}, given_bias, linear));
    for (Code code = 0; code < form_count; ++code) {
      if (!is_activation(code) || name_of(code) == "acosh") continue;
      check(neuron(graph, weight_nodes, {input_nodes, {}}, given_bias, code));
      check(neuron(graph, weight_nodes, {{}, numbers}, given_bias, code));
    }
  }
  check(dot(graph, {}, {}, bias.node()));
  check(neuron(graph, {}, {}, bias.node(), *activation_of("tanh")));
}

TEST_CASE_FIXTURE(GraphFixture, "flat graph: a graph of all kinds of records, there and back") {
  check_round_trip(graph, sampler(*this));
}

TEST_CASE_FIXTURE(GraphFixture, "flat graph: numbers keep their bits") {
  const Handle x = leaf(1.0);
  for (const double number : {nan, infinity, -infinity, -0.0, smallest, 0.1}) {
    CAPTURE(number);
    check_round_trip(graph, x * number);
    const FlatGraph flat = flatten(graph, (x * number).node());
    CHECK(std::bit_cast<std::uint64_t>(number) == flat.words.back());
  }
}

TEST_CASE_FIXTURE(GraphFixture, "flat graph: onto another graph") {
  const Handle root = sampler(*this);
  const FlatGraph flat = flatten(graph, root.node());
  Graph other;
  {
    const std::vector<Handle> leaves = copies_of(other, flat.leaves);
    const std::vector<Reference> made =
        rebuild(other, flat.names, flat.words, nodes_of(leaves), flat.arrays);
    CHECK(other.live_interiors() == graph.live_interiors());
    CHECK(other.bytes_live() == graph.bytes_live());
    CHECK(same_bits(made.back().get()->primal, root.primal()));
  }
  CHECK(other.bytes_live() == 0);
}

TEST_CASE_FIXTURE(GraphFixture, "flat graph: a chain of a hundred thousand") {
  const Handle x = leaf(1.0);
  Handle y = x * 1.0;
  for (int i = 1; i < 100'000; ++i) y = apply<"negative">(y);
  const FlatGraph flat = flatten(graph, y.node());
  CHECK(flat.leaves == std::vector<Node*>{x.node()});
  CHECK(flat.interiors.size() == 100'000);
  const std::vector<Handle> leaves = copies_of(graph, flat.leaves);
  const std::vector<Reference> made =
      rebuild(graph, flat.names, flat.words, nodes_of(leaves), flat.arrays);
  CHECK(made.size() == 100'000);
  CHECK(made.back().get()->primal == -1.0);
}

TEST_CASE_FIXTURE(GraphFixture, "flat graph: a copy is recorded wherever it is made") {
  const Handle x = leaf(3.0);
  const Handle y = x * x;
  const FlatGraph flat = flatten(graph, y.node());
  const RecordingScope off(false);
  const std::vector<Reference> made =
      rebuild(graph, flat.names, flat.words, flat.leaves, flat.arrays);
  CHECK(made.back().get()->has(requires_grad));
  CHECK_FALSE(is_recording());
}

TEST_CASE_FIXTURE(GraphFixture,
                  "flat graph: onto leaves that require no gradient it is a constant") {
  const Handle x = leaf(3.0);
  const Handle y = apply<"exp">(x * x);
  const FlatGraph flat = flatten(graph, y.node());
  const Handle c = constant(3.0);
  const std::vector<Reference> made =
      rebuild(graph, flat.names, flat.words, std::vector<Node*>{c.node()}, {});
  CHECK(made.back().get()->primal == y.primal());
  CHECK_FALSE(made.back().get()->has(requires_grad));
}

TEST_CASE_FIXTURE(GraphFixture,
                  "flat graph: a stale graph is refused, for its copy would look sound") {
  const Handle x = leaf(3.0);
  const Handle y = apply<"exp">(x * 0.5);
  graph.set_primal(x.as_leaf(), 4.0);
  CHECK_THROWS_AS(flatten(graph, y.node()), StaleValue);
  CHECK_FALSE(x.node()->has(marked));
  CHECK_FALSE(y.node()->has(marked));
}

TEST_CASE_FIXTURE(GraphFixture, "flat graph: nothing makes nothing") {
  CHECK(rebuild(graph, {}, {}, {}, {}).empty());
}

TEST_CASE_FIXTURE(GraphFixture,
                  "damaged words: every bit of every word, and far too large numbers") {
  const Handle root = sampler(*this);
  const FlatGraph flat = flatten(graph, root.node());
  Outcome outcome;
  for (std::size_t at = 0; at < flat.words.size(); ++at) {
    CAPTURE(at);
    std::vector<std::uint64_t> words = flat.words;
    const auto replace = [&](std::uint64_t word) {
      words[at] = word;
      read_damaged(graph, flat.names, words, flat.leaves, outcome);
      words[at] = flat.words[at];
    };
    for (int bit = 0; bit < 64; ++bit) replace(flat.words[at] ^ (std::uint64_t{1} << bit));
    for (const std::uint64_t word :
         {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}, ~std::uint64_t{0} - 7,
          std::uint64_t{1} << 32, flat.words[at] + 1, flat.words[at] - 1})
      replace(word);
  }
  CHECK(outcome.refused > 0);
  CHECK(outcome.harmless > 0);
}

TEST_CASE_FIXTURE(GraphFixture, "damaged words: cut, doubled, shuffled") {
  const Handle root = sampler(*this);
  const FlatGraph flat = flatten(graph, root.node());
  Outcome outcome;
  for (std::size_t length = 0; length < flat.words.size(); ++length) {
    const std::vector<std::uint64_t> head(flat.words.begin(),
                                          flat.words.begin() + static_cast<std::ptrdiff_t>(length));
    read_damaged(graph, flat.names, head, flat.leaves, outcome);
    const std::vector<std::uint64_t> tail(flat.words.begin() + static_cast<std::ptrdiff_t>(length),
                                          flat.words.end());
    read_damaged(graph, flat.names, tail, flat.leaves, outcome);
  }
  std::vector<std::uint64_t> twice = flat.words;
  twice.insert(twice.end(), flat.words.begin(), flat.words.end());
  read_damaged(graph, flat.names, twice, flat.leaves, outcome);
  CHECK(outcome.harmless > 0);

  std::mt19937_64 random(3);
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::uint64_t> words = flat.words;
    for (std::size_t k = random() % 4 + 1; k > 0; --k)
      std::swap(words[random() % words.size()], words[random() % words.size()]);
    read_damaged(graph, flat.names, words, flat.leaves, outcome);
  }
  CHECK(outcome.refused > 0);
}

TEST_CASE_FIXTURE(GraphFixture, "damaged words: other names, other leaves") {
  const Handle root = sampler(*this);
  const FlatGraph flat = flatten(graph, root.node());
  Outcome outcome;
  for (std::size_t at = 0; at < flat.names.size(); ++at) {
    for (const char* name : {"", "no such operation", "linear", "sum", "dot", "neuron", "exp",
                             "add", "where", "polygamma", "logsumexp"}) {
      std::vector<std::string> names = flat.names;
      names[at] = name;
      read_damaged(graph, names, flat.words, flat.leaves, outcome);
    }
  }
  read_damaged(graph, {}, flat.words, flat.leaves, outcome);
  for (std::size_t count = 0; count < flat.leaves.size(); ++count) {
    const std::vector<Node*> few(flat.leaves.begin(),
                                 flat.leaves.begin() + static_cast<std::ptrdiff_t>(count));
    read_damaged(graph, flat.names, flat.words, few, outcome);
  }
  CHECK(outcome.refused > 0);
  CHECK(outcome.harmless > 0);
  CHECK_THROWS_WITH_AS(rebuild(graph, {}, flat.words, flat.leaves, {}),
                       "[unpickle] a damaged graph was given - one that autograd has stored is "
                       "needed. Store it again.",
                       LengthError);
}

}  // namespace autograd::test
