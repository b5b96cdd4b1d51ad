// Shapes, and reading an array as if it had a larger one.
#include "core/shape.hpp"

#include <string>
#include <vector>

#include "array_fixture.hpp"
#include "core/broadcast.hpp"
#include "core/error.hpp"

namespace autograd::test {

TEST_CASE("shape: lengths, size, text") {
  struct Case {
    Shape shape;
    std::size_t size;
    std::string text;
  };
  const std::vector<Case> cases{
      {{}, 1, "()"},
      {{0}, 0, "(0,)"},
      {{3}, 3, "(3,)"},
      {{2, 3}, 6, "(2, 3)"},
      {{2, 0, 5}, 0, "(2, 0, 5)"},
  };
  for (const Case& example : cases) {
    CHECK(example.shape.size() == example.size);
    CHECK(text_of(example.shape) == example.text);
    CHECK(example.shape ==
          Shape(std::vector<std::size_t>(example.shape.begin(), example.shape.end())));
  }
  CHECK_FALSE(Shape{2, 3} == Shape{3, 2});
  CHECK_FALSE(Shape{2} == Shape{2, 1});
}

TEST_CASE("shape: no more than sixteen axes") {
  Shape shape;
  for (std::size_t i = 0; i < most_axes; ++i) shape.append(1);
  CHECK_THROWS_WITH_AS(shape.append(1),
                       "[shape] more than 16 axes were given - at most that many are needed. Join "
                       "some of them.",
                       LengthError);
  CHECK(shape.rank() == most_axes);
}

TEST_CASE("shape: broadcasting is NumPy's") {
  struct Case {
    Shape a;
    Shape b;
    Shape result;
  };
  const std::vector<Case> cases{
      {{}, {}, {}},
      {{}, {3}, {3}},
      {{3}, {3}, {3}},
      {{1}, {3}, {3}},
      {{3}, {2, 3}, {2, 3}},
      {{2, 1}, {3}, {2, 3}},
      {{2, 1}, {1, 3}, {2, 3}},
      {{4, 1, 3}, {2, 1}, {4, 2, 3}},
      {{0}, {1}, {0}},
      {{2, 0}, {2, 1}, {2, 0}},
      {{5, 1, 1}, {1}, {5, 1, 1}},
  };
  for (const Case& example : cases) {
    CAPTURE(text_of(example.a));
    CAPTURE(text_of(example.b));
    CHECK(broadcast("add", example.a, example.b) == example.result);
    CHECK(broadcast("add", example.b, example.a) == example.result);
    CHECK(can_broadcast(example.a, example.result));
    CHECK(can_broadcast(example.b, example.result));
  }
}

TEST_CASE("shape: what cannot be broadcast names both") {
  const std::vector<std::pair<Shape, Shape>> cases{
      {{2}, {3}}, {{2, 3}, {2}}, {{0}, {2}}, {{2, 2}, {3, 1}}};
  for (const auto& [a, b] : cases) {
    const std::string message = "[add] the shapes " + text_of(a) + " and " + text_of(b) +
                                " were given - lengths that are equal or 1 are needed, from the " +
                                "last axis on. Reshape one of them.";
    CHECK_THROWS_WITH_AS(broadcast("add", a, b), message.c_str(), LengthError);
  }
  CHECK_FALSE(can_broadcast({2, 3}, {3}));
  CHECK_FALSE(can_broadcast({2}, {3}));
  CHECK_FALSE(can_broadcast({3}, {1}));
}

TEST_CASE("shape: axes that are repeated, replaced and left out") {
  CHECK(repeated_axes({}, {}) == 0);
  CHECK(repeated_axes({3}, {2, 3}) == 0b01);
  CHECK(repeated_axes({1, 3}, {2, 3}) == 0b01);
  CHECK(repeated_axes({2, 1}, {2, 3}) == 0b10);
  CHECK(repeated_axes({2, 1}, {4, 2, 3}) == 0b101);
  CHECK(repeated_axes({1}, {1}) == 0);
  CHECK(with_ones({2, 3, 4}, 0b101) == Shape{1, 3, 1});
  CHECK(without({2, 3, 4}, 0b101) == Shape{3});
  CHECK(without({2, 3}, 0b11) == Shape{});
  CHECK(without({2, 3}, 0) == Shape{2, 3});
}

TEST_CASE("shape: strides") {
  const Strides strides = strides_of({2, 3, 4});
  CHECK(strides[0] == 12);
  CHECK(strides[1] == 4);
  CHECK(strides[2] == 1);
  const Strides repeated = broadcast_strides({3, 1}, {2, 3, 4});
  CHECK(repeated[0] == 0);
  CHECK(repeated[1] == 1);
  CHECK(repeated[2] == 0);
}

TEST_CASE("broadcast: runs visit the elements in the order of the larger shape") {
  const std::vector<std::pair<Shape, Shape>> cases{
      {{}, {}},
      {{}, {5}},
      {{5}, {5}},
      {{1}, {5}},
      {{3}, {2, 3}},
      {{2, 1}, {2, 3}},
      {{1, 3}, {2, 3}},
      {{2, 1, 4}, {2, 3, 4}},
      {{2, 3, 1}, {2, 3, 4}},
      {{1, 3, 1}, {2, 3, 4}},
      {{3, 1, 1}, {2, 3, 1, 4}},
      {{2, 1, 2, 1}, {2, 3, 2, 3}},
      {{1, 1}, {7, 1}},
  };
  for (const auto& [from, to] : cases) {
    for (const std::size_t limit : {std::size_t{1}, std::size_t{2}, std::size_t{5}, to.size()}) {
      CAPTURE(text_of(from));
      CAPTURE(text_of(to));
      CAPTURE(limit);
      std::vector<std::size_t> expected;
      for_indices(to, [&](const Index& index) { expected.push_back(place_of(from, index)); });
      std::vector<std::size_t> found;
      Runs runs(from, to);
      while (found.size() < expected.size()) {
        const Run run = runs.next(limit);
        REQUIRE(run.count > 0);
        CHECK(run.count <= limit);
        for (std::size_t i = 0; i < run.count; ++i)
          found.push_back(run.place + (run.repeats ? 0 : i));
      }
      CHECK(found == expected);
    }
  }
}

}  // namespace autograd::test
