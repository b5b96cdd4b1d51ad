#include "core/kernels.hpp"

#include "core/instruction_set.hpp"
#include "core/kernels_sets.hpp"

namespace autograd {

namespace {

const Kernels& choose_kernels() noexcept {
#ifdef AUTOGRAD_HAS_X86_SETS
  if (instruction_set() == InstructionSet::avx512) return kernels_avx512::list();
  if (instruction_set() == InstructionSet::avx2) return kernels_avx2::list();
#endif
  return kernels_baseline::list();
}

}  // namespace

const Kernels* const detail::chosen_kernels = &choose_kernels();

}  // namespace autograd
