// The updates against loops that follow the formulas step by step, as PyTorch documents them.
#include "core/optimize.hpp"

#include <vector>

#include "core/backward.hpp"
#include "core/error.hpp"
#include "graph_fixture.hpp"

namespace autograd::test {

namespace {

constexpr std::size_t count = 7;
constexpr int steps = 12;

// Any gradient will do, if it depends on the parameter and on the step.
double gradient_at(double primal, std::size_t i, int step) {
  return std::sin(3.0 * primal + static_cast<double>(i)) + 0.1 * step;
}

double start_at(std::size_t i) { return 0.3 * static_cast<double>(i) - 1.0; }

struct Parameters {
  std::vector<Handle> values;
  std::vector<Leaf*> leaves;

  explicit Parameters(Graph& graph) {
    for (std::size_t i = 0; i < count; ++i) {
      values.emplace_back(graph, graph.new_leaf(start_at(i), true));
      leaves.push_back(values.back().as_leaf());
    }
  }
  void set_gradients(int step) {
    for (std::size_t i = 0; i < count; ++i)
      leaves[i]->gradient = gradient_at(leaves[i]->primal, i, step);
  }
};

}  // namespace

TEST_CASE_FIXTURE(GraphFixture, "sgd: as torch.optim.SGD") {
  for (const double momentum : {0.0, 0.9}) {
    for (const bool nesterov : {false, true}) {
      for (const double weight_decay : {0.0, 0.01}) {
        CAPTURE(momentum);
        CAPTURE(nesterov);
        CAPTURE(weight_decay);
        Parameters parameters(graph);
        std::vector<double> velocity(count, 0.0);
        std::vector<double> expected;
        for (std::size_t i = 0; i < count; ++i) expected.push_back(start_at(i));
        std::vector<double> buffer(count, 0.0);
        for (int step = 1; step <= steps; ++step) {
          for (std::size_t i = 0; i < count; ++i) {
            double g = gradient_at(expected[i], i, step) + weight_decay * expected[i];
            if (momentum != 0.0) {
              buffer[i] = step == 1 ? g : momentum * buffer[i] + g;
              g = nesterov ? g + momentum * buffer[i] : buffer[i];
            }
            expected[i] -= 0.1 * g;
          }
          parameters.set_gradients(step);
          sgd_step(graph, parameters.leaves, velocity, {0.1, momentum, nesterov, weight_decay});
        }
        for (std::size_t i = 0; i < count; ++i)
          CHECK(is_near(parameters.leaves[i]->primal, expected[i], 1e-14));
      }
    }
  }
}

TEST_CASE_FIXTURE(GraphFixture, "adam and adamw: as in their papers") {
  constexpr double rate = 0.05;
  constexpr double beta1 = 0.9;
  constexpr double beta2 = 0.99;
  constexpr double epsilon = 1e-8;
  for (const bool decoupled : {false, true}) {
    for (const double weight_decay : {0.0, 0.02}) {
      CAPTURE(decoupled);
      CAPTURE(weight_decay);
      Parameters parameters(graph);
      std::vector<double> mean(count, 0.0);
      std::vector<double> variance(count, 0.0);
      std::vector<double> expected;
      for (std::size_t i = 0; i < count; ++i) expected.push_back(start_at(i));
      std::vector<double> m(count, 0.0);
      std::vector<double> v(count, 0.0);
      for (int step = 1; step <= steps; ++step) {
        for (std::size_t i = 0; i < count; ++i) {
          double g = gradient_at(expected[i], i, step);
          if (decoupled) {
            expected[i] -= rate * weight_decay * expected[i];
          } else {
            g += weight_decay * expected[i];
          }
          m[i] = beta1 * m[i] + (1.0 - beta1) * g;
          v[i] = beta2 * v[i] + (1.0 - beta2) * g * g;
          const double m_hat = m[i] / (1.0 - std::pow(beta1, step));
          const double v_hat = v[i] / (1.0 - std::pow(beta2, step));
          expected[i] -= rate * m_hat / (std::sqrt(v_hat) + epsilon);
        }
        parameters.set_gradients(step);
        adam_step(graph, parameters.leaves, mean, variance,
                  {static_cast<std::uint64_t>(step), rate, beta1, beta2, epsilon, weight_decay,
                   decoupled});
      }
      for (std::size_t i = 0; i < count; ++i) {
        CHECK(is_near(parameters.leaves[i]->primal, expected[i], 1e-13));
        CHECK(is_near(mean[i], m[i], 1e-14));
        CHECK(is_near(variance[i], v[i], 1e-14));
      }
    }
  }
}

TEST_CASE_FIXTURE(GraphFixture, "optimize: an update is a change, and older users are stale") {
  const Handle x = leaf(2.0);
  const Handle loss = x * x;
  backward(graph, loss.node(), 1.0);
  std::vector<Leaf*> parameters{x.as_leaf()};
  SUBCASE("sgd") {
    std::vector<double> velocity(1, 0.0);
    sgd_step(graph, parameters, velocity, {0.25, 0.0, false, 0.0});
    CHECK(x.primal() == 1.0);
  }
  SUBCASE("adam") {
    std::vector<double> mean(1, 0.0);
    std::vector<double> variance(1, 0.0);
    adam_step(graph, parameters, mean, variance, {1, 0.25, 0.9, 0.999, 0.0, 0.0, false});
    CHECK(x.primal() == doctest::Approx(1.75));
  }
  CHECK(x.gradient() == 4.0);  // an update leaves gradients alone
  CHECK_THROWS_AS(backward(graph, loss.node(), 1.0), StaleValue);
  const Handle again = x * x;
  backward(graph, again.node(), 1.0);
  CHECK(x.gradient() == 4.0 + 2.0 * x.primal());
}

TEST_CASE_FIXTURE(GraphFixture, "optimize: no parameters is no work") {
  sgd_step(graph, {}, {}, {0.1, 0.9, true, 0.1});
  adam_step(graph, {}, {}, {}, {1, 0.1, 0.9, 0.999, 1e-8, 0.1, true});
  CHECK(graph.live_leaves() == 0);
}

}  // namespace autograd::test
