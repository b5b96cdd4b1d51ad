#include "core/record.hpp"

#include <array>
#include <string>
#include <thread>

#include "core/error.hpp"
#include "core/reductions.hpp"
#include "graph_fixture.hpp"

namespace autograd::test {

TEST_CASE_FIXTURE(GraphFixture, "record: a number operand stands in the node, on either side") {
  const Handle x = leaf(3.0);
  const Handle right = x - 2.5;
  const Handle left = 2.5 - x;
  CHECK(right.primal() == 0.5);
  CHECK(left.primal() == -0.5);
  CHECK(graph.live_leaves() == 1);
  CHECK(graph.live_interiors() == 2);

  CHECK(name_of(right.node()->code) == "subtract");
  CHECK(right.node()->flags == (requires_grad | second_is_number));
  CHECK(as_interior(right.node())->operands[0].node == x.node());
  CHECK(as_interior(right.node())->operands[1].number == 2.5);

  CHECK(name_of(left.node()->code) == "subtract");
  CHECK(left.node()->flags == (requires_grad | first_is_number));
  CHECK(as_interior(left.node())->operands[0].number == 2.5);
  CHECK(as_interior(left.node())->operands[1].node == x.node());
}

namespace {

// Records entry `Index` with the operands of `numbers` as numbers, and looks at what is stored.
template <std::size_t Index>
void check_form(Graph& graph, unsigned numbers) {
  constexpr std::size_t arity = arity_of<Index>;
  const std::string name(entry<Index>.name);
  CAPTURE(name);
  CAPTURE(numbers);
  std::vector<Handle> leaves;
  std::array<Argument, arity> arguments;
  for (std::size_t i = 0; i < arity; ++i) {
    // Within every domain of the table; n of polygamma has to be whole.
    const double number = entry<Index>.domains[i].whole ? 1.0
                          : entry<Index>.domains[i].low == 1.0
                              ? 1.5
                              : 0.75 - 0.25 * static_cast<double>(i);
    if ((numbers >> i & 1U) != 0) {
      arguments[i].number = number;
    } else {
      leaves.emplace_back(graph, graph.new_leaf(number, true));
      arguments[i].node = leaves.back().node();
    }
  }
  const Handle result(
      graph,
      std::apply([&](auto... given) { return record_any<Index>(graph, given...); }, arguments));
  REQUIRE(result.node()->has(requires_grad));
  CHECK_FALSE(result.node()->has(is_leaf));
  CHECK(result.node()->has(is_long) == (arity > 2));
  CHECK(result.node()->code == code_of(Index, numbers));
  CHECK(name_of(result.node()->code) == entry<Index>.name);
  for (std::size_t i = 0; i < arity; ++i) {
    const Operand& stored = operand<arity>(result.node(), numbers, i);
    if (arguments[i].node == nullptr) {
      CHECK(stored.number == arguments[i].number);
    } else {
      CHECK(stored.node == arguments[i].node);
      CHECK(stored.node->references == 2);
    }
  }
}

template <std::size_t... Index>
void check_forms(Graph& graph, std::index_sequence<Index...>) {
  const auto each = [&graph](auto index) {
    for (unsigned numbers = 0; numbers + 1 < (1U << arity_of<index>); ++numbers)
      check_form<index>(graph, numbers);
  };
  (each(std::integral_constant<std::size_t, Index>{}), ...);
}

}  // namespace

TEST_CASE_FIXTURE(GraphFixture, "record: every form of every entry stores its operands") {
  check_forms(graph, std::make_index_sequence<operation_count>{});
}

TEST_CASE("codes: one for each form, and each has a name") {
  std::size_t expected = 0;
  for (Code code = 0; code < form_count; ++code) {
    CHECK(code_of(forms[code].index, forms[code].numbers) == code);
    ++expected;
  }
  CHECK(expected == form_count);
  for (std::size_t i = 0; i < reduction_names.size(); ++i) {
    const Code code = code_of(static_cast<Reduction>(i));
    CHECK(is_reduction(code));
    CHECK(name_of(code) == reduction_names[i]);
    Code dispatched = 0;
    dispatch(code, [&](auto constant) { dispatched = constant; });
    CHECK(dispatched == code);
  }
  CHECK(index_of("no such operation") == operation_count);
}

TEST_CASE_FIXTURE(GraphFixture, "record: what nobody can differentiate has no arguments") {
  const Handle c = constant(2.0);
  const Handle result = c * c;
  CHECK(result.primal() == 4.0);
  CHECK(result.node()->has(is_leaf));
  CHECK_FALSE(result.node()->has(requires_grad));
  CHECK(c.references() == 1);
  CHECK((c + 1.0).node()->has(is_leaf));
  CHECK(apply<"clip">(c, 0.0, c).node()->has(is_leaf));
  const std::vector<Node*> two{c.node(), c.node()};
  CHECK(Handle(graph, sum(graph, two)).node()->has(is_leaf));
  CHECK(Handle(graph, dot(graph, two, {two, {}}, nullptr)).node()->has(is_leaf));
  CHECK(graph.live_interiors() == 0);

  const Handle numbers(
      graph, record_any<index_of("power")>(graph, Argument{nullptr, 2.0}, Argument{nullptr, 10.0}));
  CHECK(numbers.primal() == 1024.0);
  CHECK_FALSE(numbers.node()->has(requires_grad));
}

TEST_CASE_FIXTURE(GraphFixture, "record: one argument that requires a gradient is enough") {
  const Handle c = constant(2.0);
  const Handle x = leaf(3.0);
  const Handle y = c * x;
  CHECK(y.node()->has(requires_grad));
  CHECK_FALSE(y.node()->has(is_leaf));
  CHECK(c.references() == 2);
  CHECK((y + c).node()->has(requires_grad));
}

TEST_CASE_FIXTURE(GraphFixture, "recording: off, no result has arguments") {
  const Handle x = leaf(3.0);
  {
    const RecordingScope outer(false);
    CHECK_FALSE(is_recording());
    const Handle y = x * x;
    CHECK(y.primal() == 9.0);
    CHECK(y.node()->has(is_leaf));
    CHECK_FALSE(y.node()->has(requires_grad));
    const std::vector<Node*> two{x.node(), x.node()};
    CHECK(Handle(graph, mean(graph, two)).node()->has(is_leaf));
    CHECK(Handle(graph, dot(graph, two, {two, {}}, nullptr)).node()->has(is_leaf));
    {
      const RecordingScope inner(false);
      CHECK_FALSE(is_recording());
    }
    CHECK_FALSE(is_recording());
    {
      const RecordingScope inner(true);
      CHECK_FALSE((x * x).node()->has(is_leaf));
    }
    CHECK_FALSE(is_recording());
  }
  CHECK(is_recording());
  CHECK(x.references() == 1);
  CHECK_FALSE((x * x).node()->has(is_leaf));
}

TEST_CASE("recording: who watches hears of each thread that stops") {
  static int stopped = 0;
  stopped = 0;
  set_recording_watcher([] { ++stopped; });
  {
    const RecordingScope outer(false);
    CHECK(stopped == 1);
    const RecordingScope again(false);  // has stopped before
    CHECK(stopped == 1);
    const RecordingScope inner(true);
    CHECK(stopped == 1);
    std::thread([] { set_recording(false); }).join();
    CHECK(stopped == 2);
  }
  CHECK(stopped == 3);  // from `inner` back to `again`
  set_recording_watcher(nullptr);
  set_recording(false);
  set_recording(true);
  CHECK(stopped == 3);
}

TEST_CASE_FIXTURE(GraphFixture,
                  "quick records: numbers without faults while there is an allowance") {
  const auto quick = [this](auto... operands) {
    Node* node = record_quickly<index_of("divide")>(graph, operands...);
    const double result = node == nullptr ? nan : node->primal;
    if (node != nullptr) graph.release(node);
    return result;
  };
  const Handle x = leaf(3.0);
  const Handle zero = leaf(0.0);
  const Handle c = constant(2.0);
  CHECK_FALSE(graph.is_allowed());
  CHECK(same_bits(quick(x.node(), 2.0), nan));
  const Handle y = x * x;  // now there is room
  graph.allow(4);
  CHECK(quick(x.node(), 2.0) == 1.5);
  CHECK(quick(6.0, x.node()) == 2.0);
  CHECK(quick(y.node(), c.node()) == 4.5);
  CHECK(same_bits(quick(c.node(), 2.0), nan));          // nothing to differentiate with
  CHECK(same_bits(quick(x.node(), zero.node()), nan));  // a fault
  const std::size_t shape[] = {2};
  const Handle array(
      graph,
      graph.new_leaf(ArrayReference(graph.arrays().allocate(Dtype::float64, shape, 2)), true));
  CHECK(same_bits(quick(array.node(), x.node()), nan));
  const Handle element(graph, graph.new_view(array.as_leaf(), 1));
  CHECK(same_bits(quick(element.node(), x.node()), nan));
  CHECK(graph.is_allowed());
  CHECK(quick(x.node(), 2.0) == 1.5);  // the fourth
  CHECK_FALSE(graph.is_allowed());
  CHECK(same_bits(quick(x.node(), 2.0), nan));
}

TEST_CASE("recording: a thread's own matter") {
  const RecordingScope here(false);
  bool other_records = false;
  bool still_records = true;
  std::thread([&] {
    other_records = is_recording();
    set_recording(false);
    still_records = is_recording();
  }).join();  // ends while its recording is off
  CHECK(other_records);
  CHECK_FALSE(still_records);
  CHECK_FALSE(is_recording());
  set_recording(true);
  CHECK(is_recording());
  CHECK(detail::threads_not_recording.load() == 0);
  set_recording(false);
}

TEST_CASE_FIXTURE(GraphFixture, "faults: each class, with both values and a way out") {
  const Handle x = leaf(0.0);
  const Handle y = leaf(-2.0);
  const LiveCounts before = live_counts(graph);
  CHECK_THROWS_WITH_AS(
      y / x,
      "[divide] x = -2.0, y = 0.0 was given - for y a number other than 0 is needed. "
      "Guard it, e.g. with autograd.where(y == 0, 1, y).",
      DivisionByZero);
  CHECK_THROWS_WITH_AS(apply<"log">(y),
                       "[log] x = -2.0 was given - for x a positive number is needed. Check the "
                       "argument, or hold it there with autograd.clip.",
                       DomainError);
  CHECK_THROWS_WITH_AS(apply<"exp">(1000.0 - x),
                       "[exp] x = 1000.0 was given - a result below 1.8e308, the largest float, "
                       "is needed. Scale the argument down, or compute with logarithms.",
                       RangeError);
  CHECK(live_counts(graph) == before);
  CHECK(x.references() == 1);
  CHECK(y.references() == 1);
}

TEST_CASE_FIXTURE(GraphFixture, "faults: which results refuse") {
  const Handle zero = leaf(0.0);
  const Handle minus = leaf(-2.0);
  const Handle huge = leaf(1e308);
  const Handle missing = leaf(nan);
  const Handle unbounded = leaf(infinity);

  CHECK_THROWS_AS(1.0 / zero, DivisionByZero);
  CHECK_THROWS_AS(zero / 0.0, DivisionByZero);
  CHECK_THROWS_AS(apply<"reciprocal">(zero), DivisionByZero);
  CHECK_THROWS_AS(apply<"power">(zero, -1.0), DivisionByZero);
  CHECK_THROWS_AS(apply<"power">(minus, 0.5), DomainError);
  CHECK_THROWS_AS(apply<"sqrt">(minus), DomainError);
  CHECK_THROWS_AS(apply<"log">(zero), DomainError);
  CHECK_THROWS_AS(apply<"log1p">(minus), DomainError);
  CHECK_THROWS_AS(apply<"asin">(minus), DomainError);
  CHECK_THROWS_AS(apply<"acosh">(zero), DomainError);
  CHECK_THROWS_AS(apply<"atanh">(minus), DomainError);
  CHECK_THROWS_AS(apply<"lgamma">(minus), DomainError);
  CHECK_THROWS_AS(apply<"digamma">(zero), DomainError);
  CHECK_THROWS_AS(apply<"polygamma">(-1.0, huge), DomainError);
  CHECK_THROWS_AS(apply<"sin">(unbounded), DomainError);
  CHECK_THROWS_AS(apply<"power">(huge, 2.0), RangeError);
  CHECK_THROWS_AS(apply<"exp2">(huge), RangeError);
  CHECK_THROWS_AS(apply<"expm1">(huge), RangeError);
  CHECK_THROWS_AS(apply<"cosh">(huge), RangeError);
  CHECK_THROWS_AS(apply<"hypot">(1.7e308, huge), RangeError);
  CHECK_THROWS_AS(apply<"lgamma">(huge), RangeError);

  // As with Python's floats, sums and products flow, and so does what was not finite before.
  CHECK((huge + huge).primal() == infinity);
  CHECK((huge * huge).primal() == infinity);
  CHECK(std::isnan((unbounded - unbounded).primal()));
  CHECK(std::isnan((missing / 1.0).primal()));
  CHECK(std::isnan(apply<"log">(missing).primal()));
  CHECK(std::isnan(apply<"power">(missing, 0.5).primal()));
  CHECK(apply<"exp">(unbounded).primal() == infinity);
  CHECK(apply<"log">(unbounded).primal() == infinity);
  CHECK(apply<"sqrt">(unbounded).primal() == infinity);
  CHECK(apply<"lgamma">(unbounded).primal() == infinity);
}

TEST_CASE_FIXTURE(GraphFixture, "faults: recording without faults computes the same") {
  const Handle x = leaf(0.0);
  const Handle flowed(graph, record_unchecked<index_of("divide")>(graph, 1.0, x.node()));
  CHECK(flowed.primal() == infinity);
  CHECK(flowed.node()->has(requires_grad));
}

}  // namespace autograd::test
