#include "core/topological_order.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "core/reductions.hpp"
#include "graph_fixture.hpp"

namespace autograd::test {

namespace {

// Each node once, leaves before interiors, arguments before users, the root last.
void check_order(const std::vector<Node*>& order, const Node* root) {
  std::unordered_map<const Node*, std::size_t> places;
  for (std::size_t i = 0; i < order.size(); ++i) places[order[i]] = i;
  CHECK(places.size() == order.size());
  REQUIRE_FALSE(order.empty());
  CHECK(order.back() == root);
  bool sorted = true;
  bool arguments_first = true;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && order[i]->has(is_leaf)) sorted = sorted && order[i - 1]->has(is_leaf);
    CHECK_FALSE(order[i]->has(marked));
    if (order[i]->has(is_leaf)) continue;
    for_each_argument(order[i], [&](Node* argument) {
      const auto place = places.find(argument);
      arguments_first = arguments_first && place != places.end() && place->second < i;
    });
  }
  CHECK(sorted);
  CHECK(arguments_first);
}

}  // namespace

TEST_CASE_FIXTURE(GraphFixture, "topological order: a diamond") {
  const Handle x = leaf(1.0);
  const Handle c = constant(2.0);
  const Handle shared = x * c;
  const Handle left = apply<"exp">(shared);
  const Handle right = shared + 1.0;
  const Handle aside = shared * x;
  const Handle root = left * right;
  const std::vector<Node*> order = topological_order(graph, root.node());
  check_order(order, root.node());
  CHECK(order.size() == 6);
  CHECK(std::ranges::find(order, aside.node()) == order.end());
  // Interior nodes stand as they were made.
  CHECK(std::vector<Node*>(order.begin() + 2, order.end()) ==
        std::vector<Node*>{shared.node(), left.node(), right.node(), root.node()});
}

TEST_CASE_FIXTURE(GraphFixture, "topological order: a leaf is its own") {
  const Handle x = leaf(1.0);
  CHECK(topological_order(graph, x.node()) == std::vector<Node*>{x.node()});
  const Handle c = constant(1.0);
  CHECK(topological_order(graph, c.node()) == std::vector<Node*>{c.node()});
  const Handle y = x * c;  // with slabs in use
  CHECK(topological_order(graph, x.node()) == std::vector<Node*>{x.node()});
  CHECK_FALSE(x.node()->has(marked));
}

TEST_CASE_FIXTURE(GraphFixture, "topological order: random graphs, with dead and foreign records") {
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    std::vector<Handle> pool;
    for (int i = 0; i < 5; ++i) pool.push_back(leaf(0.1 * i));
    const auto any = [&] { return pool[random() % pool.size()]; };
    for (int i = 0; i < 1000; ++i) {
      switch (random() % 5) {
        case 0:
          pool.push_back(any() * 0.5);
          break;
        case 1:
          pool.push_back(any() + any());
          break;
        case 2:
          pool.push_back(apply<"clip">(any(), -1.0, any()));
          break;
        case 3: {
          std::vector<Node*> few;
          for (std::size_t k = random() % 5 + 1; k > 0; --k) few.push_back(any().node());
          pool.emplace_back(graph, mean(graph, few));
          break;
        }
        default:
          pool.erase(pool.begin() + static_cast<std::ptrdiff_t>(random() % pool.size()));
      }
      if (pool.size() < 5) pool.push_back(leaf(1.0));
    }
    const Handle root = pool.back() + 1.0;
    check_order(topological_order(graph, root.node()), root.node());
  }
}

TEST_CASE_FIXTURE(GraphFixture, "topological order: a chain of a million") {
  const Handle x = leaf(1.0);
  Handle y = x * 1.0;
  for (int i = 1; i < 1'000'000; ++i) y = apply<"negative">(y);
  const std::vector<Node*> order = topological_order(graph, y.node());
  CHECK(order.size() == 1'000'001);
  CHECK(order.front() == x.node());
  CHECK(order.back() == y.node());
}

TEST_CASE_FIXTURE(GraphFixture, "for_each_argument: nodes alone, each as often as it is used") {
  const Handle x = leaf(1.0);
  const Handle y = leaf(2.0);
  const auto arguments = [](const Handle& value) {
    std::vector<const Node*> found;
    for_each_argument(value.node(), [&](Node* argument) { found.push_back(argument); });
    return found;
  };
  using Nodes = std::vector<const Node*>;
  CHECK(arguments(x * x) == Nodes{x.node(), x.node()});
  CHECK(arguments(2.0 - y) == Nodes{y.node()});
  CHECK(arguments(y - 2.0) == Nodes{y.node()});
  CHECK(arguments(apply<"sin">(y)) == Nodes{y.node()});
  CHECK(arguments(apply<"clip">(0.0, x, y)) == Nodes{x.node(), y.node()});
  const std::vector<Node*> nodes{x.node(), y.node()};
  const std::vector<double> numbers{3.0, 4.0};
  CHECK(arguments(Handle(graph, dot(graph, nodes, {{}, numbers}, x.node()))) ==
        Nodes{x.node(), y.node(), x.node()});
}

}  // namespace autograd::test
