// How a processor is asked what it can. The compiler's builtins also ask whether the operating
// system saves the wide registers.
#include "core/instruction_set.hpp"

#include <cstdlib>
#include <string_view>

namespace autograd {

#if defined(__x86_64__) && defined(__GNUC__)

namespace {

InstructionSet choose() noexcept {
  constexpr InstructionSet descending[] = {InstructionSet::avx512, InstructionSet::avx2,
                                           InstructionSet::baseline};
  constexpr std::string_view names[] = {"avx512", "avx2", "baseline"};
  // NOLINTNEXTLINE(concurrency-mt-unsafe): asked once, and nothing of ours sets variables
  const char* wanted = std::getenv("AUTOGRAD_INSTRUCTION_SET");
  if (wanted != nullptr) {
    for (int i = 0; i < 3; ++i)
      if (wanted == names[i] && has_instruction_set(descending[i])) return descending[i];
  }
  for (const InstructionSet set : descending)
    if (has_instruction_set(set)) return set;
  return InstructionSet::baseline;
}

}  // namespace

bool has_instruction_set(InstructionSet set) noexcept {
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  switch (set) {
    case InstructionSet::baseline:
      return true;
    case InstructionSet::avx2:
      return avx2;
    case InstructionSet::avx512:
      return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
  }
  return false;
}

InstructionSet instruction_set() noexcept {
  static const InstructionSet chosen = choose();
  return chosen;
}

#else

bool has_instruction_set(InstructionSet set) noexcept { return set == InstructionSet::baseline; }

InstructionSet instruction_set() noexcept { return InstructionSet::baseline; }

#endif

}  // namespace autograd
