// Memory that runs out at any allocation of anything: std::bad_alloc, and all is as it was. After
// SQLite's tests, https://www.sqlite.org/testing.html, section 3.1.
#include <array>
#include <memory>
#include <vector>

#include "core/backward.hpp"
#include "core/differentiate.hpp"
#include "core/error.hpp"
#include "core/flat_graph.hpp"
#include "core/reductions.hpp"
#include "core/topological_order.hpp"
#include "failing_allocation.hpp"
#include "graph_fixture.hpp"

namespace autograd::test {

namespace {

// A graph with shared nodes, held ones and every kind of record, and gradients from an earlier
// pass.
struct Scene {
  GraphFixture fixture;
  Graph& graph = fixture.graph;
  Held x{fixture.leaf(0.5)};
  Held y{fixture.leaf(-1.25)};
  Handle c = fixture.constant(2.0);
  std::vector<Handle> parameters;
  std::vector<Handle> roots;
  std::vector<std::unique_ptr<Held>> held;
  std::vector<Node*> inputs;

  explicit Scene(std::size_t width = 40) {
    for (std::size_t i = 0; i < width; ++i)
      parameters.push_back(fixture.leaf(0.1 * static_cast<double>(i)));
    build();
    for (const Handle& parameter : parameters) inputs.push_back(parameter.node());
    inputs.push_back(x.node());
    inputs.push_back(y.node());
    inputs.push_back(held.front()->node());
    backward(graph, root(), 1.0);
  }

  Node* root() const { return roots.back().node(); }

  void build() {
    const std::vector<Node*> nodes = nodes_of(parameters);
    Handle z = x.value() * y.value();
    for (const Handle& parameter : parameters) {
      z = apply<"tanh">(z + parameter) * c;
      held.push_back(std::make_unique<Held>(z));
    }
    const std::vector<Node*> pair{x.node(), z.node()};
    const std::vector<Node*> other{z.node(), y.node()};
    const Handle fused(graph,
                       neuron(graph, pair, {other, {}}, c.node(), *activation_of("sigmoid")));
    const Handle softmax(graph, logsumexp(graph, nodes));
    roots.push_back(apply<"clip">(fused + softmax, -100.0, 100.0) / 3.0);
  }

  std::vector<double> all_gradients() const {
    std::vector<double> found{x.value().gradient(), y.value().gradient()};
    for (const Handle& parameter : parameters) found.push_back(parameter.gradient());
    for (const auto& value : held) {
      found.push_back(value->gradient());
      found.push_back(value->has_gradient_node() ? value->gradient_node().primal() : 0.0);
      found.push_back(graph.kept_gradient(value->node()));
    }
    found.push_back(graph.kept_gradient(root()));
    return found;
  }

  bool is_marked() const {
    bool found = x.node()->has(marked) || y.node()->has(marked) || root()->has(marked);
    for (const Handle& parameter : parameters) found = found || parameter.node()->has(marked);
    for (const auto& value : held) found = found || value->node()->has(marked);
    return found;
  }
};

struct Checked {
  Scene scene;
  LiveCounts counts = live_counts(scene.graph);
  std::vector<double> gradients = scene.all_gradients();

  // After a failure: nothing has changed, and the graph still works.
  void check_unchanged() const {
    CHECK(live_counts(scene.graph) == counts);
    CHECK(scene.all_gradients() == gradients);
    CHECK_FALSE(scene.graph.sweep.running);
    CHECK_FALSE(scene.is_marked());
    const double before = scene.x.value().gradient();
    backward(scene.graph, scene.root(), 1.0);
    CHECK(scene.x.value().gradient() == before * 2.0);
  }
};

// Fails each allocation of `action` on a Scene, which must then be as it was.
template <class Action>
std::size_t check_action(Action action) {
  return fail_each_allocation([] { return std::make_unique<Checked>(); },
                              [&](Checked& checked) { action(checked.scene); },
                              [](Checked& checked, bool failed) {
                                if (failed) checked.check_unchanged();
                              });
}

}  // namespace

TEST_CASE("out of memory: slabs") {
  constexpr std::size_t words = 5000;  // longer than a slab
  struct State {
    Slabs slabs;
    std::size_t made = 0;
    std::uint64_t now = 0;
    std::size_t reserved = 0;
  };
  const std::size_t allocations = fail_each_allocation(
      [] { return std::make_unique<State>(); },
      [](State& state) {
        for (std::size_t i = 0; i < 60'000; ++i) {  // some MiB
          state.now = state.slabs.now();
          state.reserved = state.slabs.bytes_reserved();
          if (i % 10'000 == 5000) {
            state.slabs.allocate(Long::size_for(words));
          } else {
            if (!state.slabs.has_room_for_short()) state.slabs.make_room();
            state.slabs.allocate_short_in_room();
          }
          ++state.made;
        }
      },
      [](State& state, bool failed) {
        CHECK(state.slabs.live() == state.made);
        if (!failed) return;
        CHECK(state.slabs.now() == state.now);
        CHECK(state.slabs.bytes_reserved() == state.reserved);
        const void* record = state.slabs.allocate(sizeof(Interior));  // and then there is memory
        CHECK(position_of(static_cast<const Node*>(record)) > state.now);
        CHECK(state.slabs.live() == state.made + 1);
      });
  CHECK(allocations >= 8);
}

TEST_CASE("out of memory: building leaves, short and long records") {
  struct State {
    GraphFixture fixture;
    std::vector<Handle> kept;
    LiveCounts counts{};
  };
  const std::size_t allocations = fail_each_allocation(
      [] {
        auto state = std::make_unique<State>();
        state->kept.reserve(100'000);
        return state;
      },
      [](State& state) {
        Graph& graph = state.fixture.graph;
        const auto keep = [&](Node* made) {
          state.kept.emplace_back(graph, made);
          state.counts = live_counts(graph);
        };
        for (int i = 0; i < 400; ++i) keep(graph.new_leaf(i, true));
        Node* x = state.kept.front().node();
        Node* y = state.kept.back().node();
        std::array<Node*, 3000> many{};
        many.fill(x);
        for (int i = 0; i < 50; ++i) {
          for (int k = 0; k < 500; ++k) keep(record<index_of("multiply")>(graph, x, 2.0));
          keep(record<index_of("clip")>(graph, x, y, x));
          keep(sum(graph, many));
          keep(dot(graph, many, {many, {}}, y));
          keep(record<index_of("subtract")>(graph, 2.0, y));
        }
      },
      [](State& state, bool failed) {
        if (failed) CHECK(live_counts(state.fixture.graph) == state.counts);
        const Handle next = state.fixture.leaf(1.0) * 2.0;
        CHECK(next.primal() == 2.0);
      });
  CHECK(allocations >= 100);
}

TEST_CASE("out of memory: backward") {
  const std::size_t allocations =
      check_action([](Scene& scene) { backward(scene.graph, scene.root(), 1.0); });
  CHECK(allocations == 0);  // the lists of the sweep have their size already
}

TEST_CASE("out of memory: the first backward of a graph") {
  struct State {
    GraphFixture fixture;
    Handle x = fixture.leaf(0.5);
    std::vector<std::unique_ptr<Held>> held;
    std::vector<Handle> aside;

    State() {
      Handle z = x * 1.0;
      for (int i = 0; i < 20; ++i) {
        aside.push_back(fixture.leaf(1.0));
        z = z * aside.back() + x;
        held.push_back(std::make_unique<Held>(z));
      }
    }
  };
  const std::size_t allocations = fail_each_allocation(
      [] { return std::make_unique<State>(); },
      [](State& state) { backward(state.fixture.graph, state.held.back()->node(), 1.0); },
      [](State& state, bool failed) {
        CHECK(state.x.gradient() == (failed ? 0.0 : 21.0));
        CHECK(state.held.front()->gradient() == (failed ? 0.0 : 1.0));
        CHECK_FALSE(state.x.node()->has(marked));
        CHECK(state.x.node()->has(is_differentiated) == !failed);
        for (const auto& value : state.held) CHECK_FALSE(value->node()->has(marked));
      });
  CHECK(allocations >= 2);
}

TEST_CASE("out of memory: backward that keeps all gradients") {
  const std::size_t allocations =
      check_action([](Scene& scene) { backward(scene.graph, scene.root(), 1.0, Retain::all); });
  CHECK(allocations > 40);
}

TEST_CASE("out of memory: backward that keeps all gradients, after one that did") {
  fail_each_allocation(
      [] {
        auto checked = std::make_unique<Checked>();
        Scene& scene = checked->scene;
        backward(scene.graph, scene.held[20]->node(), 1.0, Retain::all);  // a part of the graph
        checked->gradients = scene.all_gradients();
        return checked;
      },
      [](Checked& checked) {
        backward(checked.scene.graph, checked.scene.root(), 3.0, Retain::all);
      },
      [](Checked& checked, bool failed) {
        if (failed) CHECK(checked.scene.all_gradients() == checked.gradients);
      });
}

TEST_CASE("out of memory: gradients") {
  check_action([](Scene& scene) { gradients(scene.graph, scene.root(), scene.inputs, 1.0); });
}

TEST_CASE("out of memory: differentiate") {
  check_action([](Scene& scene) { differentiate(scene.graph, scene.root(), 1.0); });
}

TEST_CASE("out of memory: differentiate that keeps all gradients") {
  check_action([](Scene& scene) { differentiate(scene.graph, scene.root(), 1.0, Retain::all); });
}

TEST_CASE("out of memory: differentiate, in the midst of the sweep") {
  // Records of one pass that fill pieces of slabs, and leaves that fill blocks.
  struct State {
    GraphFixture fixture;
    Held x{fixture.leaf(0.5)};
    Held y{fixture.leaf(0.25)};
    Handle root = x.value() * 1.0;
    std::vector<std::unique_ptr<Held>> held;
    LiveCounts counts{};

    State() {
      for (int i = 0; i < 12'000; ++i) {
        root = apply<"sin">(root) * y.value();
        if (i % 20 == 0) held.push_back(std::make_unique<Held>(root));
      }
      counts = live_counts(fixture.graph);
    }
  };
  const std::size_t allocations = fail_each_allocation(
      [] { return std::make_unique<State>(); },
      [](State& state) { differentiate(state.fixture.graph, state.root.node(), 1.0); },
      [](State& state, bool failed) {
        if (!failed) return;
        CHECK(live_counts(state.fixture.graph) == state.counts);
        CHECK(state.x.value().gradient() == 0.0);
        CHECK_FALSE(state.x.has_gradient_node());
        bool untouched = true;
        for (const auto& value : state.held)
          untouched = untouched && value->gradient() == 0.0 && !value->has_gradient_node() &&
                      !value->node()->has(marked);
        CHECK(untouched);
        backward(state.fixture.graph, state.root.node(), 1.0);
        CHECK(std::isfinite(state.y.value().gradient()));
      });
  CHECK(allocations >= 4);
}

TEST_CASE("out of memory: recorded gradients") {
  check_action(
      [](Scene& scene) { recorded_gradients(scene.graph, scene.root(), scene.inputs, 1.0); });
}

TEST_CASE("out of memory: topological order") {
  const std::size_t allocations =
      check_action([](Scene& scene) { topological_order(scene.graph, scene.root()); });
  CHECK(allocations >= 5);
}

TEST_CASE("out of memory: flatten") {
  const std::size_t allocations =
      check_action([](Scene& scene) { flatten(scene.graph, scene.root()); });
  CHECK(allocations > 40);
}

TEST_CASE("out of memory: rebuild") {
  struct State {
    Checked checked;
    FlatGraph flat = flatten(checked.scene.graph, checked.scene.root());
  };
  const std::size_t allocations =
      fail_each_allocation([] { return std::make_unique<State>(); },
                           [](State& state) {
                             rebuild(state.checked.scene.graph, state.flat.names, state.flat.words,
                                     state.flat.leaves, state.flat.arrays);
                           },
                           [](State& state, bool failed) {
                             CHECK(live_counts(state.checked.scene.graph) == state.checked.counts);
                             CHECK(is_recording());
                             if (failed) state.checked.check_unchanged();
                           });
  CHECK(allocations >= 5);
}

TEST_CASE("out of memory: the messages of errors") {
  struct State {
    GraphFixture fixture;
    Handle x = fixture.leaf(-1.0);
    Handle root = x * x;
    bool refused = false;
  };
  fail_each_allocation([] { return std::make_unique<State>(); },
                       [](State& state) {
                         Graph& graph = state.fixture.graph;
                         try {
                           graph.release(record<index_of("log")>(graph, state.x.node()));
                         } catch (const Error&) {
                           state.refused = true;
                         }
                       },
                       [](State& state, bool failed) {
                         CHECK(state.refused == !failed);
                         CHECK(state.x.references() == 3);
                         CHECK(state.fixture.graph.live_interiors() == 1);
                       });
}

}  // namespace autograd::test
