// The updates against loops that follow the formulas step by step, as PyTorch documents them.
#include "core/optimize.hpp"

#include <functional>
#include <memory>
#include <vector>

#include "array_fixture.hpp"
#include "core/backward.hpp"
#include "core/elementwise.hpp"
#include "core/error.hpp"
#include "core/instruction_set.hpp"
#include "core/kernels_sets.hpp"
#include "failing_allocation.hpp"

namespace autograd::test {

namespace {

constexpr std::size_t count = 7;
constexpr int steps = 12;
constexpr double rate = 0.05;

// Any gradient will do, if it depends on the parameter and on the step.
double gradient_at(double primal, std::size_t i, int step) {
  return std::sin(3.0 * primal + static_cast<double>(i)) + 0.1 * step;
}

double start_at(std::size_t i) { return 0.3 * static_cast<double>(i) - 1.0; }

// The formula as it is written in a paper, for one number: its state is the caller's.
using Formula = std::function<double(int step, double primal, double gradient, double* state)>;

// Makes some steps with the rule of each step, and compares with the formula.
template <class MakeRule>
void check_rule(Graph& graph, const MakeRule& rule_at, const Formula& formula) {
  using Rule = decltype(rule_at(1));
  std::vector<Handle> values;
  std::vector<Leaf*> leaves;
  for (std::size_t i = 0; i < count; ++i) {
    values.emplace_back(graph, graph.new_leaf(start_at(i), true));
    leaves.push_back(values.back().as_leaf());
  }
  std::vector<std::vector<double>> states(Rule::states, std::vector<double>(count, 0.0));
  std::array<double*, Rule::states> pointers{};
  for (std::size_t k = 0; k < Rule::states; ++k) pointers[k] = states[k].data();
  std::vector<double> expected;
  for (std::size_t i = 0; i < count; ++i) expected.push_back(start_at(i));
  std::vector<std::array<double, 3>> memory(count, std::array<double, 3>{});
  for (int step = 1; step <= steps; ++step) {
    for (std::size_t i = 0; i < count; ++i) {
      const double gradient = gradient_at(expected[i], i, step);
      expected[i] = formula(step, expected[i], gradient, memory[i].data());
      leaves[i]->gradient = gradient_at(leaves[i]->primal, i, step);
    }
    update(graph, leaves, census_of(leaves), rule_at(step),
           std::span<double* const, Rule::states>(pointers));
  }
  for (std::size_t i = 0; i < count; ++i) CHECK(is_near(leaves[i]->primal, expected[i], 1e-13));
}

template <class Rule>
void update_once(Graph& graph, std::span<Leaf* const> leaves, const Rule& rule,
                 std::vector<std::vector<double>>& states) {
  std::array<double*, Rule::states> pointers{};
  for (std::size_t k = 0; k < Rule::states; ++k) pointers[k] = states[k].data();
  update(graph, leaves, census_of(leaves), rule, std::span<double* const, Rule::states>(pointers));
}

}  // namespace

TEST_CASE_FIXTURE(GraphFixture, "gradient descent: as torch.optim.SGD") {
  for (const double weight_decay : {0.0, 0.01}) {
    check_rule(
        graph, [&](int) { return GradientDescent{rate, weight_decay}; },
        [&](int, double primal, double gradient, double*) {
          return primal - rate * (gradient + weight_decay * primal);
        });
    for (const bool nesterov : {false, true}) {
      check_rule(
          graph, [&](int) { return Momentum{rate, weight_decay, 0.9, nesterov}; },
          [&](int step, double primal, double gradient, double* buffer) {
            gradient += weight_decay * primal;
            *buffer = step == 1 ? gradient : 0.9 * *buffer + gradient;
            return primal - rate * (nesterov ? gradient + 0.9 * *buffer : *buffer);
          });
    }
  }
}

TEST_CASE_FIXTURE(GraphFixture, "adam and adamw: as in their papers") {
  for (const bool decoupled : {false, true}) {
    for (const double weight_decay : {0.0, 0.02}) {
      check_rule(
          graph,
          [&](int step) {
            return Adam(static_cast<std::uint64_t>(step), rate, 0.9, 0.99, 1e-8, weight_decay,
                        decoupled);
          },
          [&](int step, double primal, double gradient, double* state) {
            if (!decoupled) gradient += weight_decay * primal;
            if (decoupled) primal -= rate * weight_decay * primal;
            state[0] = 0.9 * state[0] + 0.1 * gradient;
            state[1] = 0.99 * state[1] + 0.01 * gradient * gradient;
            const double mean = state[0] / (1.0 - std::pow(0.9, step));
            const double square = state[1] / (1.0 - std::pow(0.99, step));
            return primal - rate * mean / (std::sqrt(square) + 1e-8);
          });
    }
  }
}

TEST_CASE_FIXTURE(GraphFixture, "rmsprop: as torch.optim.RMSprop") {
  const auto formula = [](bool centered, double momentum, double weight_decay) {
    return [=](int, double primal, double gradient, double* state) {
      gradient += weight_decay * primal;
      state[0] = 0.9 * state[0] + 0.1 * gradient * gradient;
      state[1] = 0.9 * state[1] + 0.1 * gradient;
      const double spread = centered ? state[0] - state[1] * state[1] : state[0];
      const double change = gradient / (std::sqrt(spread) + 1e-8);
      state[2] = momentum * state[2] + change;
      return primal - rate * state[2];
    };
  };
  check_rule(
      graph, [](int) { return RmsProp<false, false>{rate, 0.0, 0.9, 1e-8, 0.0}; },
      formula(false, 0.0, 0.0));
  check_rule(
      graph, [](int) { return RmsProp<false, true>{rate, 0.01, 0.9, 1e-8, 0.5}; },
      formula(false, 0.5, 0.01));
  check_rule(
      graph, [](int) { return RmsProp<true, false>{rate, 0.0, 0.9, 1e-8, 0.0}; },
      formula(true, 0.0, 0.0));
  check_rule(
      graph, [](int) { return RmsProp<true, true>{rate, 0.01, 0.9, 1e-8, 0.5}; },
      formula(true, 0.5, 0.01));
}

TEST_CASE_FIXTURE(GraphFixture, "rmsprop: a variance below zero, by rounding, counts as zero") {
  const Handle x = leaf(1.0);
  x.as_leaf()->gradient = 1.0 / 3.0;
  std::vector<Leaf*> leaves{x.as_leaf()};
  std::vector<std::vector<double>> states(2, std::vector<double>(1, 0.0));
  for (int step = 0; step < 2000; ++step) {
    update_once(graph, leaves, RmsProp<true, false>{1e-9, 0.0, 0.5, 1e-3, 0.0}, states);
    REQUIRE(std::isfinite(x.primal()));
  }
}

TEST_CASE_FIXTURE(GraphFixture, "adagrad and lion: as in their papers") {
  for (const double weight_decay : {0.0, 0.02}) {
    check_rule(
        graph, [&](int) { return Adagrad{rate, weight_decay, 1e-10}; },
        [&](int, double primal, double gradient, double* sum) {
          gradient += weight_decay * primal;
          *sum += gradient * gradient;
          return primal - rate * gradient / (std::sqrt(*sum) + 1e-10);
        });
    check_rule(
        graph, [&](int) { return Lion{rate, weight_decay, 0.9, 0.99}; },
        [&](int, double primal, double gradient, double* mean) {
          const double direction = 0.9 * *mean + 0.1 * gradient;
          *mean = 0.99 * *mean + 0.01 * gradient;
          const double sign = direction > 0.0 ? 1.0 : direction < 0.0 ? -1.0 : 0.0;
          return primal * (1.0 - rate * weight_decay) - rate * sign;
        });
  }
}

TEST_CASE("update: every instruction set gives the same bits, for every rule") {
  constexpr std::size_t size = 203;
  RandomNumbers random(3);
  const auto numbers = [&](double scale) {
    Numbers result(size);
    for (double& number : result) number = scale * random.next();
    return result;
  };
  const Numbers primal = numbers(4.0);
  const Numbers gradient = numbers(2.0);
  Numbers first = numbers(1.0);
  for (double& number : first) number *= number;  // squares are not negative
  const Numbers second = numbers(0.1);
  const auto check = [&](const auto& rule) {
    using Rule = std::decay_t<decltype(rule)>;
    Numbers expected;
    const auto run = [&](const Kernels& set) {
      Numbers result = primal;
      Numbers states[3] = {first, second, second};
      double* const pointers[] = {states[0].data(), states[1].data(), states[2].data()};
      set.update[index_of_rule<Rule>()](size, result.data(), gradient.data(), pointers, &rule);
      for (const Numbers& state : states) result.insert(result.end(), state.begin(), state.end());
      return result;
    };
    expected = run(kernels_baseline::list());
#ifdef AUTOGRAD_HAS_X86_SETS
    if (has_instruction_set(InstructionSet::avx2))
      CHECK(are_same_bits(run(kernels_avx2::list()), expected));
    if (has_instruction_set(InstructionSet::avx512))
      CHECK(are_same_bits(run(kernels_avx512::list()), expected));
#endif
    for (std::size_t i = 0; i < size; ++i) CHECK(expected[i] != primal[i]);
  };
  check(GradientDescent{0.1, 0.01});
  check(Momentum{0.1, 0.01, 0.9, true});
  check(Adam(3, 0.1, 0.9, 0.99, 1e-8, 0.01, true));
  check(RmsProp<false, false>{0.1, 0.01, 0.9, 1e-8, 0.5});
  check(RmsProp<false, true>{0.1, 0.01, 0.9, 1e-8, 0.5});
  check(RmsProp<true, false>{0.1, 0.01, 0.9, 1e-8, 0.5});
  check(RmsProp<true, true>{0.1, 0.01, 0.9, 1e-8, 0.5});
  check(Adagrad{0.1, 0.01, 1e-10});
  check(Lion{0.1, 0.01, 0.9, 0.99});
}

TEST_CASE_FIXTURE(ArrayFixture, "update: numbers, elements and arrays of both types, mixed") {
  // More numbers than a chunk has, arrays before, between and behind them.
  constexpr std::size_t scalars = 700;
  RandomNumbers random(5);
  std::vector<Handle> values;
  std::vector<Leaf*> leaves;
  const auto add_array = [&](std::size_t size, Dtype dtype, bool has_gradient) {
    Numbers data(size);
    for (double& number : data) number = random.next();
    values.push_back(array_leaf(Shape{size}, data, dtype));
    Leaf* array = values.back().as_leaf();
    if (has_gradient) {
      array->gradient_array = filled_like(*array->array, 0.25).hand_over();
      for (std::size_t i = 0; i < size; ++i) array->gradient_array->set_number(i, random.next());
    }
    return array;
  };
  leaves.push_back(add_array(1300, Dtype::float64, true));
  for (std::size_t i = 0; i < scalars; ++i) {
    values.push_back(leaf(random.next()));
    values.back().as_leaf()->gradient = random.next();
    leaves.push_back(values.back().as_leaf());
  }
  Leaf* base = add_array(3, Dtype::float32, true);
  values.emplace_back(graph, graph.new_view(base, 2));
  leaves.push_back(values.back().as_leaf());
  leaves.push_back(add_array(1030, Dtype::float32, true));
  leaves.push_back(add_array(600, Dtype::float64, false));
  leaves.push_back(add_array(513, Dtype::float32, false));

  const auto primals = [&] {
    Numbers result;
    for (Leaf* each : leaves) {
      if (each->has(is_array)) {
        for (std::size_t i = 0; i < each->array->size; ++i)
          result.push_back(each->array->number_at(i));
      } else if (each->has(is_view)) {
        result.push_back(each->base()->array->number_at(each->place));
      } else {
        result.push_back(each->primal);
      }
    }
    return result;
  };
  const auto gradient_of = [&](const Leaf* each, std::size_t i) {
    if (each->has(is_view)) return each->base()->gradient_array->number_at(each->place);
    if (!each->has(is_array)) return each->gradient;
    return each->gradient_array == nullptr ? 0.0 : each->gradient_array->number_at(i);
  };
  const Numbers before = primals();
  REQUIRE(before.size() == census_of(leaves).numbers);
  std::vector<std::vector<double>> states(1, std::vector<double>(before.size(), 0.5));
  update_once(graph, leaves, Momentum{0.1, 0.01, 0.5, false}, states);
  const Numbers after = primals();
  std::size_t place = 0;
  for (const Leaf* each : leaves) {
    const bool is_float =
        each->has(is_view) || (each->has(is_array) && each->array->dtype == Dtype::float32);
    const std::size_t size = each->has(is_array) ? each->array->size : 1;
    for (std::size_t i = 0; i < size; ++i, ++place) {
      const double velocity = 0.5 * 0.5 + (gradient_of(each, i) + 0.01 * before[place]);
      double expected = before[place] - 0.1 * velocity;
      if (is_float) expected = static_cast<double>(static_cast<float>(expected));
      REQUIRE(states[0][place] == velocity);
      REQUIRE(after[place] == expected);
    }
  }
}

TEST_CASE_FIXTURE(GraphFixture, "update: is a change, and older users are stale") {
  const Handle x = leaf(2.0);
  const Handle loss = x * x;
  backward(graph, loss.node(), 1.0);
  std::vector<Leaf*> parameters{x.as_leaf()};
  std::vector<std::vector<double>> states(2, std::vector<double>(1, 0.0));
  SUBCASE("gradient descent") {
    update_once(graph, parameters, GradientDescent{0.25, 0.0}, states);
    CHECK(x.primal() == 1.0);
  }
  SUBCASE("adam") {
    update_once(graph, parameters, Adam(1, 0.25, 0.9, 0.999, 0.0, 0.0, false), states);
    CHECK(x.primal() == doctest::Approx(1.75));
  }
  CHECK(x.gradient() == 4.0);  // an update leaves gradients alone
  CHECK_THROWS_AS(backward(graph, loss.node(), 1.0), StaleValue);
  const Handle again = x * x;
  backward(graph, again.node(), 1.0);
  CHECK(x.gradient() == 4.0 + 2.0 * x.primal());
}

TEST_CASE_FIXTURE(GraphFixture, "update: no parameters is no work") {
  std::vector<std::vector<double>> states(2);
  update_once(graph, {}, Momentum{0.1, 0.1, 0.9, true}, states);
  update_once(graph, {}, Adam(1, 0.1, 0.9, 0.999, 1e-8, 0.1, true), states);
  CHECK(graph.live_leaves() == 0);
}

TEST_CASE_FIXTURE(ArrayFixture, "gradients: norm, largest, scaled and clipped, on all kinds") {
  const Handle number = leaf(1.0);
  number.as_leaf()->gradient = -2.0;
  const Handle array = array_leaf(Shape{2}, {1.0, 2.0});
  array.as_leaf()->gradient_array = filled_like(*array.as_leaf()->array, 4.0).hand_over();
  const Handle small = array_leaf(Shape{2}, {1.0, 2.0}, Dtype::float32);
  small.as_leaf()->gradient_array = filled_like(*small.as_leaf()->array, 0.0).hand_over();
  small.as_leaf()->gradient_array->set_number(1, -8.0);
  const Handle view(graph, graph.new_view(small.as_leaf(), 1));
  const Handle without = array_leaf(Shape{1}, {1.0});
  const Leaf* const silent = without.as_leaf();
  std::vector<Leaf*> leaves{number.as_leaf(), array.as_leaf(), view.as_leaf(), without.as_leaf()};

  CHECK(largest_gradient(leaves) == 8.0);
  CHECK(norm_of_gradients(leaves) == 10.0);  // 2, 4, 4, 8
  CHECK(has_gradient(number.as_leaf()));
  CHECK(!has_gradient(silent));

  const ArrayReference shared = ArrayReference::sharing(array.as_leaf()->gradient_array);
  SUBCASE("scaled") {
    scale_gradients(graph, leaves, 0.5);
    CHECK(norm_of_gradients(leaves) == 5.0);
  }
  SUBCASE("clipped") {
    clip_gradients(graph, leaves, 3.0);
    CHECK(number.gradient() == -2.0);
    CHECK(array.as_leaf()->gradient_array->number_at(1) == 3.0);
    CHECK(small.as_leaf()->gradient_array->number_at(1) == -3.0);
  }
  CHECK(shared->number_at(0) == 4.0);  // whoever shared it keeps what it was
  CHECK(silent->gradient_array == nullptr);
}

TEST_CASE_FIXTURE(GraphFixture, "gradients: norms of numbers whose squares overflow or vanish") {
  const Handle x = leaf(1.0);
  const Handle y = leaf(1.0);
  std::vector<Leaf*> leaves{x.as_leaf(), y.as_leaf()};
  const auto norm = [&](double first, double second) {
    x.as_leaf()->gradient = first;
    y.as_leaf()->gradient = second;
    return norm_of_gradients(leaves);
  };
  CHECK(norm(3e200, -4e200) == doctest::Approx(5e200).epsilon(1e-15));
  CHECK(norm(3e-320, 0.0) == 3e-320);
  CHECK(norm(3e-200, 4e-200) == doctest::Approx(5e-200).epsilon(1e-15));
  CHECK(norm(0.0, 0.0) == 0.0);
  CHECK(norm(infinity, 1.0) == infinity);
  CHECK(std::isnan(norm(1.0, nan)));
  CHECK(std::isnan(norm(nan, infinity)));
}

TEST_CASE("gradients: out of memory changes nothing") {
  struct State {
    ArrayFixture fixture;
    std::vector<Handle> values;
    std::vector<Leaf*> leaves;
    std::vector<ArrayReference> shared;

    State() {
      for (int i = 0; i < 3; ++i) {
        values.push_back(fixture.array_leaf(Shape{4000}, Numbers(4000, 1.0)));
        leaves.push_back(values.back().as_leaf());
        leaves.back()->gradient_array = filled_like(*leaves.back()->array, 2.0).hand_over();
        shared.push_back(ArrayReference::sharing(leaves.back()->gradient_array));
      }
    }
  };
  const std::size_t allocations = fail_each_allocation(
      [] { return std::make_unique<State>(); },
      [](State& state) { scale_gradients(state.fixture.graph, state.leaves, 0.5); },
      [](State& state, bool failed) {
        for (const Leaf* each : state.leaves)
          CHECK(each->gradient_array->number_at(3) == (failed ? 2.0 : 1.0));
      });
  CHECK(allocations == 3);
}

}  // namespace autograd::test
