// Rules of structural operations where the formulas of test_array_gradients.cpp do not lead: ties,
// conversions, and products of which one factor moves. Each row says gradient and tangent in
// numbers.
#include "core/structural_rules.hpp"

#include <functional>
#include <string>
#include <vector>

#include "array_fixture.hpp"
#include "core/differentiate.hpp"
#include "core/forward.hpp"
#include "core/structural.hpp"

namespace autograd::test {

namespace {

constexpr std::uint64_t last_axis = 1;  // of a vector

// A function of one vector, at a point and in a direction.
struct Row {
  std::string name;
  Numbers point;
  Numbers direction;
  std::function<Term(Graph&, const Term&)> apply;  // its result is added up
  Numbers gradient;
  double tangent;
};

Term matrix(Graph& graph, const Shape& shape, const Numbers& numbers) {
  return Reference(graph, graph.new_constant(make_array(graph.arrays(), shape, numbers)));
}

// Two zeros in front, then x.
Term behind_zeros(Graph& graph, const Term& x) {
  Slice region;
  region.starts.fill(0);
  region.steps.fill(1);
  region.starts[0] = 2;
  region.counts.append(x.shape()[0]);
  return unslice(graph, x, region, {2 + x.shape()[0]});
}

const std::vector<Row>& rows() {
  static const std::vector<Row> all{
      {"max, two tie",
       {2.0, 1.0, 2.0},
       {1.0, 5.0, 4.0},
       [](Graph&, const Term& x) { return extremum(x, last_axis, true, true); },
       {0.5, 0.0, 0.5},
       2.5},
      {"min, three tie",
       {1.0, 1.0, 2.0, 1.0},
       {3.0, 6.0, 7.0, 9.0},
       [](Graph&, const Term& x) { return extremum(x, last_axis, true, false); },
       {1.0 / 3.0, 1.0 / 3.0, 0.0, 1.0 / 3.0},
       6.0},
      {"to float32",
       {1.0, 2.0},
       {0.5, 3.0},
       [](Graph&, const Term& x) { return 3.0 * convert(x, Dtype::float32); },
       {3.0, 3.0},
       10.5},
      {"unslice",
       {1.0, 2.0},
       {0.5, 3.0},
       [](Graph& graph, const Term& x) {
         return matrix(graph, {4}, {7.0, 7.0, 2.0, 5.0}) * behind_zeros(graph, x);
       },
       {2.0, 5.0},
       16.0},
      {"matmul, the first factor moves",
       {1.0, 2.0},
       {0.5, 3.0},
       [](Graph& graph, const Term& x) {
         return matmul(reshape(x, {1, 2}), matrix(graph, {2, 2}, {1.0, 2.0, 3.0, 4.0}));
       },
       {3.0, 7.0},
       22.5},
      {"matmul, the second factor moves",
       {1.0, 2.0},
       {0.5, 3.0},
       [](Graph& graph, const Term& x) {
         return matmul(matrix(graph, {2, 2}, {1.0, 2.0, 3.0, 4.0}), reshape(x, {2, 1}));
       },
       {4.0, 6.0},
       20.0},
  };
  return all;
}

}  // namespace

TEST_CASE_FIXTURE(ArrayFixture, "structural rules: gradients and tangents are those stated") {
  for (const Row& row : rows()) {
    CAPTURE(row.name);
    const Handle leaf = array_leaf({row.point.size()}, row.point);
    Node* const inputs[] = {leaf.node()};
    const Term result = row.apply(graph, term_of(leaf));
    const Term root = sum(result, all_of(result.shape().rank()), false);
    for (const bool records : {false, true}) {
      CAPTURE(records);
      const RecordingScope scope(records);
      const Term direction = matrix(graph, {row.direction.size()}, row.direction);
      const Term tangents[] = {direction};
      CHECK(
          is_near(push_forward(graph, root.node(), inputs, tangents).number(), row.tangent, 1e-15));
    }
    const std::vector<Term> numeric = gradients(graph, root.node(), inputs, 1.0);
    CHECK(are_near(numbers_of(*numeric[0].array()), row.gradient, 1e-15));
    CHECK(numeric[0].array()->dtype == Dtype::float64);
    const std::vector<Reference> recorded = recorded_gradients(graph, root.node(), inputs, 1.0);
    CHECK(are_near(numbers_of(*recorded[0].get()->array), row.gradient, 1e-15));
  }
}

}  // namespace autograd::test
