// Arrays in the graph: what is recorded and freed, gradients against differences, elements of
// leaves that share their memory, and gradients that are values of the graph.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "array_fixture.hpp"
#include "core/backward.hpp"
#include "core/composed.hpp"
#include "core/dense.hpp"
#include "core/differentiate.hpp"
#include "core/flat_graph.hpp"
#include "core/forward.hpp"
#include "core/structural.hpp"

namespace autograd::test {

namespace {

using Terms = std::vector<Term>;

Term total_of(const Term& x) { return sum(x, all_of(x.shape().rank()), false); }

Slice every_second(const Shape& shape) {
  Slice slice;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    slice.starts[axis] = shape[axis] - 1;
    slice.steps[axis] = -2;
    slice.counts.append((shape[axis] + 1) / 2);
  }
  return slice;
}

Reference places_in(const Term& x, const std::vector<std::int64_t>& places) {
  Graph& graph = *x.graph();
  return {graph, graph.new_constant(make_places(graph.arrays(), {places.size()}, places))};
}

// A function of arrays (or, of shape (), numbers) to a value of any shape.
struct Formula {
  std::string name;
  std::vector<Shape> shapes;
  std::function<Term(const Terms&)> apply;
};

const std::vector<Formula>& formulas() {
  static const std::vector<Formula> all{
      {"elementwise", {{3}, {3}}, [](const Terms& x) { return x[0] * x[1] + call<"sin">(x[0]); }},
      {"broadcasting", {{2, 3}, {3}}, [](const Terms& x) { return x[0] * x[1] - x[1] / 2.0; }},
      {"both broadcast",
       {{2, 1}, {1, 3}},
       [](const Terms& x) { return call<"hypot">(x[0], x[1]); }},
      {"a number and an array", {{}, {2, 2}}, [](const Terms& x) { return x[0] * x[1] + x[0]; }},
      {"three operands",
       {{2, 3}, {3}, {2, 1}},
       [](const Terms& x) {
         return call<"where">((x[0] > Term(0.1)).holds, x[1] * x[0], x[2] * x[2]);
       }},
      {"sum", {{2, 3, 2}}, [](const Terms& x) { return sum(x[0] * x[0], 0b101, false); }},
      {"sum, kept axes", {{2, 3}}, [](const Terms& x) { return x[0] * sum(x[0], 0b10, true); }},
      {"sum of a product", {{2, 3}}, [](const Terms& x) { return total_of(x[0] * x[0] * x[0]); }},
      {"broadcast_to",
       {{3, 1}},
       [](const Terms& x) { return broadcast_to(x[0] * x[0], {2, 3, 4}) * 0.5; }},
      {"broadcast_to of a number",
       {{}},
       [](const Terms& x) { return broadcast_to(x[0] * x[0], {2, 2}); }},
      {"reshape", {{2, 3}, {6}}, [](const Terms& x) { return reshape(x[0] * x[0], {6}) * x[1]; }},
      {"reshape to a number", {{1, 1}}, [](const Terms& x) { return reshape(x[0] * x[0], {}); }},
      {"reshape of a number", {{}}, [](const Terms& x) { return reshape(x[0] * x[0], {1, 1}); }},
      {"transpose",
       {{2, 3}, {3, 2}},
       [](const Terms& x) { return transpose(x[0] * x[0], reversed_axes(2)) * x[1]; }},
      {"transpose of three",
       {{2, 3, 2}},
       [](const Terms& x) {
         return transpose(x[0] * x[0], 0x102) * call<"exp">(transpose(x[0], 0x102));
       }},
      {"matmul", {{2, 3}, {3, 2}}, [](const Terms& x) { return matmul(x[0], x[1]); }},
      {"matmul with itself", {{2, 2}}, [](const Terms& x) { return matmul(x[0], x[0]); }},
      {"matmul of vectors", {{3}, {3}}, [](const Terms& x) { return matmul(x[0], x[1]); }},
      {"matmul, a row", {{3}, {3, 2}}, [](const Terms& x) { return matmul(x[0], x[1]); }},
      {"matmul, a column", {{2, 3}, {3}}, [](const Terms& x) { return matmul(x[0], x[1]); }},
      {"matmul, transposed",
       {{3, 2}, {4, 3}},
       [](const Terms& x) { return matmul(x[0], x[1], true, true); }},
      {"matmul, one transposed",
       {{2, 3}, {4, 3}},
       [](const Terms& x) { return matmul(x[0], x[1], false, true); }},
      {"matmul, batches",
       {{2, 2, 3}, {2, 3, 2}},
       [](const Terms& x) { return matmul(x[0], x[1]); }},
      {"matmul, one matrix for all",
       {{2, 2, 3}, {3, 2}},
       [](const Terms& x) { return matmul(x[0], x[1]); }},
      {"matmul, broadcast batches",
       {{2, 1, 2, 3}, {3, 3, 2}},
       [](const Terms& x) { return matmul(x[0], x[1]); }},
      {"slice", {{5, 4}}, [](const Terms& x) { return slice(x[0] * x[0], every_second({5, 4})); }},
      {"take, places repeated",
       {{2, 3}},
       [](const Terms& x) { return take(x[0] * x[0], places_in(x[0], {5, 0, 5, 1})); }},
      {"scatter",
       {{4}},
       [](const Terms& x) { return scatter(x[0] * x[0], places_in(x[0], {1, 0, 1, 2}), {2, 2}); }},
      {"concatenate",
       {{2, 3}, {2, 1}},
       [](const Terms& x) {
         const Term parts[] = {x[0] * x[0], x[1], x[0]};
         return call<"sin">(concatenate(parts, 1));
       }},
      {"stack",
       {{2, 3}, {2, 3}},
       [](const Terms& x) {
         const Term parts[] = {x[0], x[1] * x[0], x[1]};
         return call<"sin">(stack(*parts[0].graph(), parts));
       }},
      {"stack of numbers",
       {{}, {}},
       [](const Terms& x) {
         const Term parts[] = {x[0], x[1] * x[0], x[1], x[0]};
         return call<"sin">(stack(*parts[0].graph(), parts));
       }},
      {"element",
       {{2, 3}},
       [](const Terms& x) {
         return element(x[0] * x[0], 4) * element(x[0], 1) + element(x[0], 4);
       }},
      {"cumsum", {{2, 3}}, [](const Terms& x) { return cumsum(x[0] * x[0], 1, false); }},
      {"cumsum, backwards", {{3, 2}}, [](const Terms& x) { return cumsum(x[0] * x[0], 0, true); }},
      {"max", {{2, 3}}, [](const Terms& x) { return extremum(x[0] * x[0], 0b10, false, true); }},
      {"min, kept axes",
       {{2, 3}},
       [](const Terms& x) { return x[0] * extremum(x[0], 0b01, true, false); }},
      {"max of all", {{2, 3}}, [](const Terms& x) { return extremum(x[0], 0b11, false, true); }},
      {"logsumexp", {{2, 3}}, [](const Terms& x) { return logsumexp(x[0], 0b10, false); }},
      {"softmax", {{2, 3}}, [](const Terms& x) { return softmax(x[0], 0b10); }},
      {"layer",
       {{2, 3}, {3}, {2}},
       [](const Terms& x) {
         const Term inputs[] = {x[1]};
         return dense(*x[0].graph(), inputs, {x[0], x[2], *activation_of("tanh")});
       }},
      {"layer, a batch",
       {{2, 3}, {4, 3}, {2}},
       [](const Terms& x) {
         const Term inputs[] = {x[1]};
         return dense(*x[0].graph(), inputs, {x[0], x[2], *activation_of("sigmoid")});
       }},
      {"layer of numbers",
       {{2, 2}, {}, {}, {2}},
       [](const Terms& x) {
         const Term inputs[] = {x[1], x[2]};
         return dense(*x[0].graph(), inputs, {x[0], x[3], *activation_of("linear")});
       }},
      {"a value used twice",
       {{2, 2}},
       [](const Terms& x) {
         const Term y = call<"tanh">(x[0]);
         return y * y + reshape(reshape(y, {4}) * reshape(y, {4}), {2, 2});
       }},
  };
  return all;
}

// Leaves for a formula, and its value weighted by fixed numbers and added up.
struct Setting {
  ArrayFixture fixture;
  const Formula& formula;
  std::vector<std::unique_ptr<Held>> leaves;
  std::vector<Node*> inputs;

  explicit Setting(const Formula& given) : formula(given) {
    RandomNumbers random(23);
    for (const Shape& shape : formula.shapes) {
      leaves.push_back(std::make_unique<Held>(
          shape.rank() == 0 ? fixture.leaf(random.next())
                            : fixture.array_leaf(shape, random.list(shape.size()))));
      inputs.push_back(leaves.back()->node());
    }
  }

  Term value() const {
    Terms terms;
    for (const auto& leaf : leaves) terms.push_back(term_of(*leaf));
    const Term result = formula.apply(terms);
    if (!result.is_array()) return result * 0.75;
    const Shape shape = result.shape();
    const Reference weights(*result.graph(), result.graph()->new_constant(
                                                 make_array(result.graph()->arrays(), shape,
                                                            RandomNumbers(29).list(shape.size()))));
    return total_of(result * Term(weights));
  }

  // The sum of the gradients, weighted too, as a value of the graph.
  Term slope() const {
    Graph& graph = fixture_graph();
    const Term root = value();
    Term total = 0.0;
    RandomNumbers random(31);
    for (const Reference& gradient : recorded_gradients(graph, root.node(), inputs, 1.0)) {
      const Term term = gradient;
      const Shape shape = term.shape();
      if (!term.is_array()) {
        total = total + term * random.next();
        continue;
      }
      const Reference weights(
          graph, graph.new_constant(make_array(graph.arrays(), shape, random.list(shape.size()))));
      total = total + total_of(term * Term(weights));
    }
    return total;
  }

  Graph& fixture_graph() const { return const_cast<ArrayFixture&>(fixture).graph; }

  double element_of(std::size_t leaf, std::size_t i) const {
    const Node* node = inputs[leaf];
    return node->has(is_array) ? node->array->number_at(i) : node->primal;
  }
  void set_element(std::size_t leaf, std::size_t i, double number) {
    Leaf* node = as_leaf(inputs[leaf]);
    if (node->has(is_array)) {
      node->array->set_number(i, number);
      fixture.graph.touch(node);
    } else {
      fixture.graph.set_primal(node, number);
    }
  }

  // The derivatives of a function of the leaves, by differences: an error of h**4.
  template <class F>
  std::vector<Numbers> differences(const F& f) {
    constexpr double h = 1e-3;
    std::vector<Numbers> found(inputs.size());
    for (std::size_t leaf = 0; leaf < inputs.size(); ++leaf) {
      for (std::size_t i = 0; i < formula.shapes[leaf].size(); ++i) {
        const double x = element_of(leaf, i);
        const auto at = [&](double shift) {
          set_element(leaf, i, x + shift);
          return f();
        };
        found[leaf].push_back((8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h));
        set_element(leaf, i, x);
      }
    }
    return found;
  }
};

Numbers flat_numbers(const Term& term, const Shape& shape) {
  return term.is_array() ? numbers_of(*term.array()) : Numbers(shape.size(), term.number());
}

}  // namespace

TEST_CASE("array gradients: gradients are those of differences, in each way to ask for them") {
  for (const Formula& formula : formulas()) {
    CAPTURE(formula.name);
    Setting setting(formula);
    Graph& graph = setting.fixture.graph;
    const std::vector<Numbers> expected =
        setting.differences([&] { return setting.value().number(); });
    const Term root = setting.value();
    const std::vector<Term> found = gradients(graph, root.node(), setting.inputs, 1.0);
    const std::vector<Reference> recorded =
        recorded_gradients(graph, root.node(), setting.inputs, 1.0);
    backward(graph, root.node(), 1.0);
    backward(graph, root.node(), 0.5);
    for (std::size_t i = 0; i < setting.inputs.size(); ++i) {
      CAPTURE(i);
      const Shape& shape = formula.shapes[i];
      CHECK(found[i].shape() == shape);
      CHECK(are_near(flat_numbers(found[i], shape), expected[i], 1e-9));
      CHECK(are_near(flat_numbers(recorded[i], shape), expected[i], 1e-9));
      Numbers added = expected[i];
      for (double& number : added) number *= 1.5;
      const Numbers gradient = shape.rank() == 0 ? Numbers{as_leaf(setting.inputs[i])->gradient}
                                                 : array_gradient_of(setting.inputs[i]);
      CHECK(are_near(gradient, added, 1e-9));
    }
  }
}

TEST_CASE("array gradients: second derivatives are those of differences") {
  for (const Formula& formula : formulas()) {
    CAPTURE(formula.name);
    Setting setting(formula);
    const Term slope = setting.slope();
    if (slope.is_number()) continue;  // of a linear formula
    const std::vector<Numbers> expected =
        setting.differences([&] { return setting.slope().number(); });
    const Term again = setting.slope();
    const std::vector<Term> found =
        gradients(setting.fixture.graph, again.node(), setting.inputs, 1.0);
    for (std::size_t i = 0; i < found.size(); ++i)
      CHECK(are_near(flat_numbers(found[i], formula.shapes[i]), expected[i], 1e-8));
  }
}

TEST_CASE("array gradients: backward that records leaves the same gradients") {
  for (const Formula& formula : formulas()) {
    CAPTURE(formula.name);
    Setting numeric(formula);
    Setting recorded(formula);
    backward(numeric.fixture.graph, numeric.value().node(), 1.0);
    for (int time = 1; time <= 2; ++time) {
      differentiate(recorded.fixture.graph, recorded.value().node(), 1.0);
      for (std::size_t i = 0; i < numeric.inputs.size(); ++i) {
        const Held& leaf = *recorded.leaves[i];
        REQUIRE(leaf.has_gradient_node());
        if (formula.shapes[i].rank() == 0) {
          CHECK(is_near(leaf.value().gradient(), time * numeric.leaves[i]->value().gradient(),
                        1e-12));
          continue;
        }
        Numbers expected = array_gradient_of(*numeric.leaves[i]);
        for (double& number : expected) number *= time;
        CHECK(are_near(array_gradient_of(leaf), expected, 1e-12));
        CHECK(are_near(numbers_of(*leaf.gradient_node().node()->array), expected, 1e-12));
      }
    }
  }
}

TEST_CASE("array gradients: the forward mode is the transpose of the backward mode") {
  for (const Formula& formula : formulas()) {
    for (const bool records : {false, true}) {
      for (const bool fills : {false, true}) {  // a number as the tangent of all elements
        CAPTURE(formula.name);
        CAPTURE(records);
        CAPTURE(fills);
        Setting setting(formula);
        Graph& graph = setting.fixture.graph;
        const Term root = setting.value();
        const std::vector<Term> found = gradients(graph, root.node(), setting.inputs, 1.0);
        RandomNumbers random(37);
        Terms tangents;
        double expected = 0.0;
        for (std::size_t i = 0; i < found.size(); ++i) {
          const Shape& shape = formula.shapes[i];
          Numbers tangent = random.list(shape.size());
          if (fills) tangent.assign(tangent.size(), 0.5);
          const Numbers gradient = flat_numbers(found[i], shape);
          for (std::size_t k = 0; k < tangent.size(); ++k) expected += tangent[k] * gradient[k];
          if (fills || shape.rank() == 0) {
            tangents.emplace_back(tangent.front());
          } else {
            tangents.emplace_back(
                Reference(graph, graph.new_constant(make_array(graph.arrays(), shape, tangent))));
          }
        }
        const RecordingScope scope(records);
        const Term tangent = push_forward(graph, root.node(), setting.inputs, tangents);
        CHECK(is_near(tangent.number(), expected, 1e-11));
      }
    }
  }
}

TEST_CASE("array gradients: a graph that was stored flat and built again has the same") {
  for (const Formula& formula : formulas()) {
    CAPTURE(formula.name);
    Setting setting(formula);
    Graph& graph = setting.fixture.graph;
    const Term root = setting.value();
    const FlatGraph flat = flatten(graph, root.node());
    const std::vector<Reference> made =
        rebuild(graph, flat.names, flat.words, flat.leaves, flat.arrays);
    REQUIRE(made.size() == flat.interiors.size());
    const std::vector<Term> expected = gradients(graph, root.node(), setting.inputs, 1.0);
    const std::vector<Term> found = gradients(graph, made.back().get(), setting.inputs, 1.0);
    for (std::size_t i = 0; i < found.size(); ++i)
      CHECK(are_same_bits(flat_numbers(found[i], formula.shapes[i]),
                          flat_numbers(expected[i], formula.shapes[i])));
  }
}

}  // namespace autograd::test
