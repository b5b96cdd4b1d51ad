// Memory that runs out at any allocation of anything that has to do with arrays: std::bad_alloc,
// and all is as it was. As test_out_of_memory.cpp, which does the same for numbers.
#include <memory>
#include <vector>

#include "array_fixture.hpp"
#include "core/backward.hpp"
#include "core/composed.hpp"
#include "core/dense.hpp"
#include "core/differentiate.hpp"
#include "core/elementwise.hpp"
#include "core/forward.hpp"
#include "core/structural.hpp"
#include "failing_allocation.hpp"

namespace autograd::test {

namespace {

Term total_of(const Term& x) { return sum(x, all_of(x.shape().rank()), false); }

// A graph with most of the operations on arrays: broadcasting, a shared node, held ones, elements
// of a leaf, float32, and gradients from an earlier pass if wanted.
struct Scene {
  ArrayFixture fixture;
  Graph& graph = fixture.graph;
  Held x{fixture.array_leaf({4, 6}, RandomNumbers(1).list(24))};
  Held w{fixture.array_leaf({6, 5}, RandomNumbers(2).list(30))};
  Held bias{fixture.array_leaf({5}, RandomNumbers(3).list(5), Dtype::float32)};
  Held offset{fixture.array_leaf({6}, RandomNumbers(4).list(6))};
  Held scale{fixture.leaf(0.5)};
  Held first{Handle(graph, graph.new_view(x.value().as_leaf(), 7))};
  std::vector<std::unique_ptr<Held>> held;
  std::vector<Handle> roots;
  std::vector<Node*> inputs;

  explicit Scene(bool has_gradients) {
    build();
    inputs = {x.node(),     w.node(),     bias.node(),    offset.node(),
              scale.node(), first.node(), held[1]->node()};
    if (has_gradients) backward(graph, root(), 1.0);
  }

  Node* root() const { return roots.back().node(); }

  // What stays is held or a root.
  void build() {
    const Term z = matmul(term_of(x), term_of(w)) + term_of(bias);
    const Term y = call<"tanh">(z * term_of(scale));
    hold(y);
    const Term flat = reshape(y, {20});
    hold(flat);
    const Term turned = transpose(y, reversed_axes(2));
    const Term parts[] = {turned, turned * 2.0};
    const Term joined = concatenate(parts, 1);
    hold(joined);
    Slice slice_of_all;
    slice_of_all.starts.fill(0);
    slice_of_all.steps.fill(1);
    slice_of_all.counts = Shape{5, 3};
    const Term part = slice(joined, slice_of_all);
    const Reference places(graph, graph.new_constant(make_places(graph.arrays(), {3}, {0, 7, 7})));
    const Term taken = take(flat, places);
    const Term rows[] = {taken, taken * taken};
    const Term largest =
        extremum(cumsum(stack(*rows[0].graph(), rows), 1, true), 0b10, false, true);
    const Term numbers[] = {term_of(first), element(flat, 3), term_of(scale)};
    const Term batch[] = {y};
    const Term layer = dense(graph, batch, {term_of(w), term_of(offset), *activation_of("tanh")});
    const Term total =
        total_of(part * part) + total_of(largest) + total_of(layer) +
        total_of(logsumexp(y, 0b10, false)) + total_of(stack(*numbers[0].graph(), numbers)) +
        total_of(broadcast_to(term_of(bias), {2, 5})) + term_of(first) * term_of(scale);
    roots.push_back(handle_of(total));
  }
  void hold(const Term& term) { held.push_back(std::make_unique<Held>(handle_of(term))); }

  // Of everything, where no gradient is the same as zeros.
  std::vector<Numbers> all_gradients() const {
    std::vector<Numbers> found;
    for (const Held* leaf : {&x, &w, &bias, &offset}) {
      found.push_back(array_gradient_of(*leaf));
      found.push_back({leaf->has_gradient_node() ? 1.0 : 0.0});
    }
    found.push_back({scale.value().gradient()});
    for (const auto& value : held) {
      found.push_back(array_gradient_of(*value));
      found.push_back({value->has_gradient_node() ? 1.0 : 0.0});
      const ArrayReference kept = graph.kept_array(value->node());
      found.push_back(kept ? numbers_of(*kept) : Numbers{});
    }
    found.push_back({graph.kept_gradient(root())});
    return found;
  }

  bool is_marked() const {
    bool found = root()->has(marked);
    for (const Node* input : inputs) found = found || input->has(marked);
    for (const auto& value : held) found = found || value->node()->has(marked);
    return found;
  }
};

struct Checked {
  Scene scene;
  LiveCounts counts = live_counts(scene.graph);
  std::vector<Numbers> gradients = scene.all_gradients();

  explicit Checked(bool has_gradients) : scene(has_gradients) {}

  // After a failure: nothing has changed, nothing is lost, and the graph still works.
  void check_unchanged() const {
    CHECK(live_counts(scene.graph) == counts);
    CHECK(scene.all_gradients() == gradients);
    CHECK_FALSE(scene.graph.sweep.running);
    CHECK_FALSE(scene.is_marked());
    CHECK(is_recording());
    const std::vector<Node*> leaf{scene.scale.node()};
    const double slope = autograd::gradients(scene.graph, scene.root(), leaf, 1.0)[0].number();
    const double before = scene.scale.value().gradient();
    backward(scene.graph, scene.root(), 1.0);
    CHECK(scene.scale.value().gradient() == before + slope);
  }
};

// Fails each allocation of `action` on a Scene, with and without gradients from before, which must
// then be as it was.
template <class Action>
std::size_t check_action(Action action) {
  std::size_t allocations = 0;
  for (const bool has_gradients : {false, true}) {
    CAPTURE(has_gradients);
    allocations += fail_each_allocation([&] { return std::make_unique<Checked>(has_gradients); },
                                        [&](Checked& checked) { action(checked.scene); },
                                        [](Checked& checked, bool failed) {
                                          if (failed) checked.check_unchanged();
                                        });
  }
  return allocations;
}

}  // namespace

TEST_CASE("out of memory: building a graph of arrays") {
  const std::size_t allocations = fail_each_allocation(
      [] { return std::make_unique<Checked>(false); },
      [](Checked& checked) {
        Scene& scene = checked.scene;
        const std::size_t roots = scene.roots.size();
        const std::size_t held = scene.held.size();
        try {
          scene.build();
        } catch (...) {
          scene.roots.erase(scene.roots.begin() + static_cast<std::ptrdiff_t>(roots),
                            scene.roots.end());
          scene.held.resize(held);
          throw;
        }
      },
      [](Checked& checked, bool failed) {
        if (failed) checked.check_unchanged();
      });
  CHECK(allocations > 10);
}

TEST_CASE("out of memory: leaves, constants and elements of leaves") {
  struct State {
    ArrayFixture fixture;
    std::vector<Handle> made;
    LiveCounts counts{};
  };
  fail_each_allocation(
      [] {
        auto state = std::make_unique<State>();
        state->made.reserve(10'000);
        return state;
      },
      [](State& state) {
        Graph& graph = state.fixture.graph;
        const auto keep = [&](Node* node) {
          state.made.emplace_back(graph, node);
          state.counts = live_counts(graph);
        };
        for (std::size_t length = 1; length <= 300; ++length) {
          ArrayReference array(graph.arrays().allocate(Dtype::float64, Shape{length}));
          fill(*array, 1.0);
          keep(graph.new_leaf(std::move(array), true));
          keep(graph.new_view(state.made.front().as_leaf(), 0));
        }
      },
      [](State& state, bool failed) {
        if (failed) CHECK(live_counts(state.fixture.graph) == state.counts);
      });
}

TEST_CASE("out of memory: backward through arrays") {
  const std::size_t allocations =
      check_action([](Scene& scene) { backward(scene.graph, scene.root(), 1.0); });
  CHECK(allocations > 10);
}

TEST_CASE("out of memory: backward through arrays that keeps all gradients") {
  const std::size_t allocations =
      check_action([](Scene& scene) { backward(scene.graph, scene.root(), 1.0, Retain::all); });
  CHECK(allocations > 10);
}

TEST_CASE("out of memory: gradients through arrays") {
  const std::size_t allocations =
      check_action([](Scene& scene) { gradients(scene.graph, scene.root(), scene.inputs, 1.0); });
  CHECK(allocations > 10);
}

TEST_CASE("out of memory: differentiate through arrays") {
  const std::size_t allocations =
      check_action([](Scene& scene) { differentiate(scene.graph, scene.root(), 1.0); });
  CHECK(allocations > 10);
}

TEST_CASE("out of memory: differentiate through arrays that keeps all gradients") {
  check_action([](Scene& scene) { differentiate(scene.graph, scene.root(), 1.0, Retain::all); });
}

TEST_CASE("out of memory: recorded gradients through arrays") {
  check_action(
      [](Scene& scene) { recorded_gradients(scene.graph, scene.root(), scene.inputs, 1.0); });
}

TEST_CASE("out of memory: the forward mode through arrays") {
  for (const bool records : {false, true}) {
    check_action([records](Scene& scene) {
      const RecordingScope scope(records);
      std::vector<Term> tangents;
      for (const Node* input : scene.inputs) {
        if (input->has(is_array)) {
          const Shape shape = shape_of(*input->array);
          tangents.emplace_back(
              Reference(scene.graph, scene.graph.new_constant(make_array(
                                         scene.graph.arrays(), shape, counted(shape.size())))));
        } else {
          tangents.emplace_back(1.0);
        }
      }
      push_forward(scene.graph, scene.root(), scene.inputs, tangents);
    });
  }
}

TEST_CASE("out of memory: backward from an array") {
  check_action([](Scene& scene) { backward(scene.graph, scene.held[2]->node(), 0.5); });
  check_action([](Scene& scene) {
    const Handle seed(scene.graph, scene.graph.new_constant(
                                       make_array(scene.graph.arrays(), {4, 6}, counted(24))));
    backward(scene.graph, scene.x.node(), term_of(seed));
  });
}

}  // namespace autograd::test
