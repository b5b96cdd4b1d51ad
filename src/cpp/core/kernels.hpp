// Kernels: the loops over numbers, one for each entry of the table and each of its derivatives,
// compiled once for each instruction set. kernels_body.hpp has the loops; nothing else has any that
// depends on an operation.
#pragma once

#include <cstddef>

#include "core/operations.hpp"
#include "core/update_rules.hpp"

namespace autograd {

struct Kernels {
  // out[i] = value(operands[0][i], operands[1][i], ...). `out` lies apart from the operands.
  using Value = void (*)(std::size_t size, double* out, const double* const* operands);
  Value value[operation_count];

  // out[i] = what adjoint[i] passes on to one operand; see contribution.hpp.
  using Contribution = void (*)(std::size_t size, double* out, const double* adjoint,
                                const double* const* operands, const double* result);
  Contribution contribution[operation_count][3];

  void (*add)(std::size_t size, double* total, const double* amount);
  // total[j] += the sum of column j.
  void (*add_rows)(std::size_t rows, std::size_t columns, double* total, const double* data);
  // Sixteen running totals, added up as a tree, and what is left over as a tree of its own: the
  // same order on every instruction set.
  double (*sum)(std::size_t size, const double* data);
  // totals[i] += the sum of row i.
  void (*sum_rows)(std::size_t rows, std::size_t columns, double* totals, const double* data);
  // best[i] becomes the largest, the smallest of itself and row i; nan if there is one.
  using Extremum = void (*)(std::size_t rows, std::size_t columns, double* best,
                            const double* data);
  Extremum largest;
  Extremum smallest;
  bool (*all_finite)(std::size_t size, const double* data);
  void (*to_double)(std::size_t size, double* out, const float* data);
  void (*to_float)(std::size_t size, float* out, const double* data);

  // One step of a rule of UpdateRules, which `rule` points to; states[k] has one number for each.
  using Update = void (*)(std::size_t size, double* primal, const double* gradient,
                          double* const* states, const void* rule);
  Update update[update_rule_count];
};

namespace detail {

extern const Kernels* const chosen_kernels;

}  // namespace detail

// Those of the processor's instruction set, chosen when the program is loaded.
inline const Kernels& kernels() { return *detail::chosen_kernels; }

}  // namespace autograd
