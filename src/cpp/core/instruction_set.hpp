// The vector instructions that this process uses, chosen once, from what the processor can.
//
// The environment variable AUTOGRAD_INSTRUCTION_SET, read at the first call, can lower the choice
// to `baseline`, `avx2` or `avx512`, to test or to compare; a name that is unknown or more than the
// processor can is ignored. Only x86-64 under GCC and clang has a choice, elsewhere there is the
// baseline: what the compiler takes for granted of every processor.
#pragma once

namespace autograd {

enum class InstructionSet {
  baseline,
  avx2,    // AVX2 and FMA
  avx512,  // AVX-512 F, DQ, VL and BW
};

// In ascending order: what has one has those before it.
bool has_instruction_set(InstructionSet set) noexcept;

InstructionSet instruction_set() noexcept;

}  // namespace autograd
