// Every derivative of the table by itself, without a graph: what `fault_of` finds, and that its
// rows are of operations that exist. That it finds every wrong derivative shows
// `tools/mutate_operations.py`, which changes each of them in all the ways it knows.
#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "partial_check.hpp"

namespace autograd::test {

namespace {

template <std::size_t Index>
void check_entry() {
  const Rule rule = rule_of<Index>();
  CAPTURE(rule.name);
  std::size_t argument = 0;
  const auto check = [&](const auto& partial) {
    CAPTURE(argument);
    CHECK(fault_of(rule, argument, partial_of<Index>(partial)) == "");
    ++argument;
  };
  std::apply([&](const auto&... partials) { (check(partials), ...); }, entry<Index>.partials);
}

}  // namespace

TEST_CASE("table: each derivative is what differences see, and what is stated at its kinks") {
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    (check_entry<Index>(), ...);
  }(std::make_index_sequence<operation_count>());
}

TEST_CASE("table: what is stated is stated of operations that exist") {
  for (const Stated& row : stated_contributions()) CHECK(index_of(row.name) < operation_count);
  for (const StatedSecond& row : stated_seconds()) CHECK(index_of(row.name) < operation_count);
}

}  // namespace autograd::test
