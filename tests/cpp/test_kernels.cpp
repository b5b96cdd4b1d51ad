// The loops of the kernels: every instruction set that this processor has gives the same bits.
#include "core/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <vector>

#include "array_fixture.hpp"
#include "core/instruction_set.hpp"
#include "core/kernels_sets.hpp"

namespace autograd::test {

namespace {

constexpr std::size_t sizes[] = {1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 255, 256, 257, 1000};

std::vector<const Kernels*> available_kernels() {
  std::vector<const Kernels*> sets{&kernels_baseline::list()};
#ifdef AUTOGRAD_HAS_X86_SETS
  if (has_instruction_set(InstructionSet::avx2)) sets.push_back(&kernels_avx2::list());
  if (has_instruction_set(InstructionSet::avx512)) sets.push_back(&kernels_avx512::list());
#endif
  return sets;
}

// Of all magnitudes and signs, with what is special among them.
Numbers numbers_of_all_kinds(std::size_t size, std::uint64_t seed) {
  RandomNumbers random(seed);
  const Numbers special{0.0, -0.0, infinity, -infinity, nan,   smallest,
                        1.0, -1.0, 0.5,      700.0,     -745.0};
  Numbers numbers;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t kind = random.below(8);
    if (kind == 0) {
      numbers.push_back(special[random.below(special.size())]);
    } else if (kind == 1) {
      numbers.push_back(std::ldexp(random.next(), static_cast<int>(random.below(600)) - 300));
    } else if (kind == 2) {
      numbers.push_back(std::floor(20.0 * random.next()));
    } else {
      numbers.push_back(5.0 * random.next());
    }
  }
  return numbers;
}

double best_of(Kernels::Extremum extremum, const Numbers& numbers) {
  double best = numbers.front();
  extremum(1, numbers.size(), &best, numbers.data());
  return best;
}

}  // namespace

TEST_CASE("kernels: every instruction set gives the same bits, for every entry and partial") {
  const std::vector<const Kernels*> sets = available_kernels();
  constexpr std::size_t size = 203;  // no multiple of any vector
  const Numbers a = numbers_of_all_kinds(size, 1);
  const Numbers b = numbers_of_all_kinds(size, 2);
  const Numbers c = numbers_of_all_kinds(size, 3);
  const Numbers adjoint = numbers_of_all_kinds(size, 4);
  const double* const operands[] = {a.data(), b.data(), c.data()};
  for (std::size_t index = 0; index < operation_count; ++index) {
    CAPTURE(operation_names[index]);
    Numbers expected(size);
    sets.front()->value[index](size, expected.data(), operands);
    for (const Kernels* set : sets) {
      Numbers found(size);
      set->value[index](size, found.data(), operands);
      CHECK(are_same_bits(found, expected));
    }
    for (std::size_t argument = 0; argument < operation_arities[index]; ++argument) {
      CAPTURE(argument);
      Numbers expected_amounts(size);
      sets.front()->contribution[index][argument](size, expected_amounts.data(), adjoint.data(),
                                                  operands, expected.data());
      for (const Kernels* set : sets) {
        Numbers found(size);
        set->contribution[index][argument](size, found.data(), adjoint.data(), operands,
                                           expected.data());
        CHECK(are_same_bits(found, expected_amounts));
      }
    }
  }
}

TEST_CASE("kernels: values do not depend on where in a vector an element stands") {
  const Numbers numbers = numbers_of_all_kinds(64, 5);
  for (const Kernels* set : available_kernels()) {
    for (std::size_t index = 0; index < operation_count; ++index) {
      CAPTURE(operation_names[index]);
      const double* const together[] = {numbers.data(), numbers.data() + 16, numbers.data() + 32};
      Numbers found(16);
      set->value[index](16, found.data(), together);
      for (std::size_t i = 0; i < 16; ++i) {
        const double* const alone[] = {together[0] + i, together[1] + i, together[2] + i};
        double single = 0.0;
        set->value[index](1, &single, alone);
        CHECK(same_bits(single, found[i]));
      }
    }
  }
}

TEST_CASE("kernels: sums, extrema and conversions are the same on every instruction set") {
  const std::vector<const Kernels*> sets = available_kernels();
  for (const std::size_t size : sizes) {
    CAPTURE(size);
    const Numbers numbers = RandomNumbers(size).list(size);
    const Numbers special = numbers_of_all_kinds(size, size);
    double exact = 0.0;
    for (const double number : numbers) exact += number;
    for (const Kernels* set : sets) {
      CHECK(same_bits(set->sum(size, numbers.data()), sets.front()->sum(size, numbers.data())));
      CHECK(is_near(set->sum(size, numbers.data()), exact, 1e-12));
      CHECK(best_of(set->largest, numbers) == *std::ranges::max_element(numbers));
      CHECK(best_of(set->smallest, numbers) == *std::ranges::min_element(numbers));
      CHECK(same_bits(best_of(set->largest, special), best_of(sets.front()->largest, special)));
      bool finite = true;
      for (const double number : special) finite = finite && std::isfinite(number);
      CHECK(set->all_finite(size, special.data()) == finite);
      CHECK(set->all_finite(size, numbers.data()));

      std::vector<float> floats(size);
      set->to_float(size, floats.data(), numbers.data());
      Numbers back(size);
      set->to_double(size, back.data(), floats.data());
      for (std::size_t i = 0; i < size; ++i) {
        CHECK(floats[i] == static_cast<float>(numbers[i]));
        CHECK(back[i] == static_cast<double>(floats[i]));
      }

      Numbers total(size, 1.0);
      set->add(size, total.data(), numbers.data());
      for (std::size_t i = 0; i < size; ++i) CHECK(total[i] == 1.0 + numbers[i]);
    }
  }
}

TEST_CASE("kernels: sums and extrema of many rows are those of each") {
  for (const Kernels* set : available_kernels()) {
    for (const std::size_t columns : sizes) {
      CAPTURE(columns);
      for (const std::size_t rows : std::initializer_list<std::size_t>{0, 1, 5}) {
        CAPTURE(rows);
        const Numbers numbers = RandomNumbers(columns).list(rows * columns);
        const Numbers start = counted(rows);
        Numbers totals = start;
        Numbers highest = start;
        Numbers lowest = start;
        set->sum_rows(rows, columns, totals.data(), numbers.data());
        set->largest(rows, columns, highest.data(), numbers.data());
        set->smallest(rows, columns, lowest.data(), numbers.data());
        for (std::size_t i = 0; i < rows; ++i) {
          const double* row = numbers.data() + i * columns;
          const auto [low, high] = std::minmax_element(row, row + columns);
          CHECK(same_bits(totals[i], start[i] + set->sum(columns, row)));
          CHECK(highest[i] == std::max(start[i], *high));
          CHECK(lowest[i] == std::min(start[i], *low));
        }
      }
    }
  }
}

TEST_CASE("kernels: a nan anywhere is the largest and the smallest") {
  for (const Kernels* set : available_kernels()) {
    for (std::size_t at = 0; at < 21; ++at) {
      Numbers numbers = counted(21);
      numbers[at] = nan;
      CHECK(std::isnan(best_of(set->largest, numbers)));
      CHECK(std::isnan(best_of(set->smallest, numbers)));
      CHECK_FALSE(set->all_finite(21, numbers.data()));
    }
  }
}

}  // namespace autograd::test
