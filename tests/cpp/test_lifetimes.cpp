// Lives and deaths of nodes: exact counts, destruction without recursion, memory used again.
#include <algorithm>
#include <vector>

#include "core/backward.hpp"
#include "core/reductions.hpp"
#include "graph_fixture.hpp"

namespace autograd::test {

TEST_CASE_FIXTURE(GraphFixture, "lifetimes: one reference for each handle and each use") {
  const Handle x = leaf(2.0);
  CHECK(x.references() == 1);
  {
    const Handle square = x * x;
    CHECK(x.references() == 3);
    CHECK(square.references() == 1);
    const Handle product = square * 2.5;
    CHECK(square.references() == 2);
    const Handle clipped = apply<"clip">(product, x, 3.0);
    CHECK(product.references() == 2);
    CHECK(x.references() == 4);
    const std::vector<Node*> thrice{square.node(), square.node(), square.node()};
    const Handle total(graph, sum(graph, thrice));
    CHECK(square.references() == 5);
    const Handle copy = total;  // NOLINT(performance-unnecessary-copy-initialization)
    CHECK(total.references() == 2);
    CHECK(live_counts(graph) ==
          LiveCounts{4, 1, 2 * sizeof(Interior) + 2 * Long::size_for(3) + sizeof(Leaf)});
  }
  CHECK(x.references() == 1);
  CHECK(graph.live_interiors() == 0);
}

TEST_CASE_FIXTURE(GraphFixture,
                  "lifetimes: an argument outlives its last handle, not its last user") {
  const Handle x = leaf(2.0);
  Handle y = x * 3.0;
  y = apply<"exp">(y);
  CHECK(graph.live_interiors() == 2);
  y = x + 1.0;
  CHECK(graph.live_interiors() == 1);
}

TEST_CASE_FIXTURE(GraphFixture, "lifetimes: constants keep no arguments alive") {
  Handle y = constant(1.0);
  for (int i = 0; i < 1000; ++i) y = y * 1.5 + y;
  CHECK(graph.live_interiors() == 0);
  CHECK(graph.live_leaves() == 1);
}

TEST_CASE_FIXTURE(GraphFixture, "reference: copies count, moves hand over") {
  Reference first(graph, graph.new_leaf(1.0, true));
  Node* node = first.get();
  {
    const Reference copy = first;
    CHECK(node->references == 2);
    const Reference moved = std::move(first);
    CHECK(node->references == 2);
    first = copy;
    CHECK(node->references == 3);
    Reference& itself = first;
    first = itself;
    CHECK(node->references == 3);
  }
  CHECK(node->references == 1);
  Reference second(graph, first.hand_over());
  CHECK(first.get() == nullptr);
  first = std::move(second);
  CHECK(first.get() == node);
  CHECK(node->references == 1);
}

// The depths below are far beyond what any stack holds.

TEST_CASE_FIXTURE(GraphFixture, "lifetimes: chains of a million are built, swept and freed") {
  constexpr std::size_t depth = 1'000'000;
  const Handle x = leaf(1.0);
  SUBCASE("of one argument") {
    Handle y = x * 1.0;
    for (std::size_t i = 1; i < depth; ++i) y = apply<"negative">(y);
    CHECK(graph.live_interiors() == depth);
    backward(graph, y.node(), 1.0);
    CHECK(x.gradient() == -1.0);
  }
  SUBCASE("on the left") {
    Handle y = x * 1.0;
    for (std::size_t i = 1; i < depth; ++i) y = y + x;
    CHECK(graph.live_interiors() == depth);
    CHECK(x.references() == 1 + depth);
    backward(graph, y.node(), 1.0);
    CHECK(x.gradient() == static_cast<double>(depth));
  }
  SUBCASE("on the right") {
    Handle y = x * 1.0;
    for (std::size_t i = 1; i < depth; ++i) y = x + y;
    backward(graph, y.node(), 1.0);
    CHECK(x.gradient() == static_cast<double>(depth));
  }
  SUBCASE("of long records") {
    Handle y = x * 1.0;
    for (std::size_t i = 1; i < depth / 4; ++i) y = apply<"where">(x, y, x);
    backward(graph, y.node(), 1.0);
    CHECK(x.gradient() == 1.0);
  }
}

TEST_CASE_FIXTURE(GraphFixture, "lifetimes: y = y + y stays linear") {
  const Handle x = leaf(1.0);
  Handle y = x + x;
  for (int i = 1; i < 1000; ++i) y = y + y;
  CHECK(graph.live_interiors() == 1000);
  CHECK(y.primal() == std::ldexp(1.0, 1000));
  backward(graph, y.node(), 1.0);
  CHECK(x.gradient() == std::ldexp(1.0, 1000));
}

TEST_CASE_FIXTURE(GraphFixture, "lifetimes: wide graphs are freed with their root") {
  constexpr std::size_t width = 300'000;
  SUBCASE("one long record over as many nodes") {
    const Handle x = leaf(1.0);
    std::vector<Handle> terms;
    for (std::size_t i = 0; i < width; ++i) terms.push_back(x * static_cast<double>(i));
    Handle total(graph, sum(graph, nodes_of(terms)));
    terms.clear();
    CHECK(graph.live_interiors() == width + 1);
    CHECK(graph.bytes_live() == width * sizeof(Interior) + Long::size_for(width) + sizeof(Leaf));
    backward(graph, total.node(), 1.0);
    CHECK(x.gradient() == static_cast<double>(width) * static_cast<double>(width - 1) / 2.0);
    total = leaf(0.0);
    CHECK(graph.live_interiors() == 0);
    CHECK(x.references() == 1);
  }
  SUBCASE("a tree of as many leaves") {
    std::vector<Handle> level;
    for (std::size_t i = 0; i < width; ++i) level.push_back(leaf(1.0));
    while (level.size() > 1) {
      std::vector<Handle> next;
      for (std::size_t i = 0; i + 1 < level.size(); i += 2) next.push_back(level[i] + level[i + 1]);
      if (level.size() % 2 == 1) next.push_back(level.back());
      level = std::move(next);
    }
    CHECK(graph.live_interiors() == width - 1);
    CHECK(graph.live_leaves() == width);
    CHECK(level.front().primal() == static_cast<double>(width));
  }
}

TEST_CASE_FIXTURE(GraphFixture, "lifetimes: the memory of dead leaves is used again") {
  std::vector<Handle> values;
  for (int i = 0; i < 10'000; ++i) values.push_back(leaf(i));
  const std::size_t reserved = graph.bytes_reserved();
  std::vector<const Node*> places;
  for (const Handle& value : values) places.push_back(value.node());
  values.clear();
  CHECK(graph.live_leaves() == 0);

  for (int i = 0; i < 10'000; ++i) values.push_back(leaf(i));
  std::vector<const Node*> again;
  for (const Handle& value : values) again.push_back(value.node());
  std::ranges::sort(places);
  std::ranges::sort(again);
  CHECK(places == again);
  CHECK(graph.bytes_reserved() == reserved);
}

TEST_CASE_FIXTURE(GraphFixture, "lifetimes: a new leaf keeps nothing of a dead one") {
  {
    const Handle x = leaf(3.0);
    const Handle y = x * x;
    backward(graph, y.node(), 1.0);
    graph.set_primal(x.as_leaf(), 4.0);
    CHECK(x.gradient() == 6.0);
    CHECK(x.as_leaf()->clock > 0);
  }
  const Handle x = leaf(5.0);
  CHECK(x.gradient() == 0.0);
  CHECK(x.as_leaf()->clock == 0);
  CHECK(x.node()->holder == nullptr);
  CHECK(x.node()->flags == (is_leaf | requires_grad));
}

TEST_CASE_FIXTURE(GraphFixture, "lifetimes: repeated steps reserve no more than the first") {
  const Handle x = leaf(0.1);
  std::size_t reserved = 0;
  for (int step = 0; step < 50; ++step) {
    Handle y = x * 1.0;
    for (int i = 0; i < 2000; ++i) y = apply<"tanh">(y) + x;
    backward(graph, y.node(), 1.0);
    if (step == 1) reserved = graph.bytes_reserved();
    graph.set_primal(x.as_leaf(), 0.1);
  }
  CHECK(graph.bytes_reserved() == reserved);
}

namespace {

std::vector<const Node*> deaths;  // a Watcher is a plain function

}  // namespace

TEST_CASE_FIXTURE(GraphFixture, "watcher: hears of each watched node once, at its death") {
  deaths.clear();
  graph.set_watcher([](const Node* node) { deaths.push_back(node); });
  const Node* watched_leaf = nullptr;
  const Node* watched_interior = nullptr;
  {
    const Handle x = leaf(1.0);
    const Handle y = x * x;
    const Handle z = apply<"clip">(y, 0.0, 9.0);
    x.node()->set(is_watched);
    z.node()->set(is_watched);
    watched_leaf = x.node();
    watched_interior = z.node();
    const Handle copy = z;  // NOLINT(performance-unnecessary-copy-initialization)
    CHECK(deaths.empty());
  }
  CHECK(deaths.size() == 2);
  CHECK(std::ranges::count(deaths, watched_leaf) == 1);
  CHECK(std::ranges::count(deaths, watched_interior) == 1);
  const Handle next = leaf(1.0);  // in the same place, and not watched
  CHECK_FALSE(next.node()->has(is_watched));
}

TEST_CASE_FIXTURE(GraphFixture, "kept gradients: a number for a node, gone with it") {
  const Handle x = leaf(1.0);
  const Node* place = nullptr;
  {
    const Handle y = x * 2.0;
    const Handle z = x * 3.0;
    CHECK(graph.kept_gradient(y.node()) == 0.0);
    graph.keep_gradient(y.node(), 7.0);
    graph.keep_gradient(y.node(), 8.0);
    CHECK(graph.kept_gradient(y.node()) == 8.0);
    CHECK(graph.kept_gradient(z.node()) == 0.0);
    place = y.node();
  }
  // Until a record lies in the same place.
  bool found = false;
  for (std::size_t i = 0; i < 2 * slab_bytes / sizeof(Interior) && !found; ++i) {
    const Handle next = x * 2.0;
    found = next.node() == place;
    CHECK(graph.kept_gradient(next.node()) == 0.0);
  }
  CHECK(found);
}

}  // namespace autograd::test
