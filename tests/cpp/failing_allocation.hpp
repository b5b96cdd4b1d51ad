// Memory that runs out on purpose. The test executable replaces the global operator new; while a
// FailingAllocation lives, it lets so many allocations of this thread pass and refuses the rest.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <new>

namespace autograd::test {

class FailingAllocation {
 public:
  explicit FailingAllocation(std::size_t successes);
  FailingAllocation(const FailingAllocation&) = delete;
  FailingAllocation& operator=(const FailingAllocation&) = delete;
  ~FailingAllocation();

  bool happened() const;
};

// Runs `action` on a new state for each allocation that it makes, which then fails, and at last
// with none that fails. Each time verify(state, failed) says whether all is as it has to be.
// Returns how many allocations `action` makes.
template <class Make, class Action, class Verify>
std::size_t fail_each_allocation(Make make, Action action, Verify verify) {
  for (std::size_t successes = 0;; ++successes) {
    auto state = make();  // a pointer: a graph cannot be moved
    bool refused = false;
    bool thrown = false;
    {
      const FailingAllocation failing(successes);
      try {
        action(*state);
      } catch (const std::bad_alloc&) {
        thrown = true;
      }
      refused = failing.happened();
    }
    CAPTURE(successes);
    CHECK(thrown == refused);  // no failure is swallowed
    verify(*state, thrown);
    if (!refused) return successes;
  }
}

}  // namespace autograd::test
