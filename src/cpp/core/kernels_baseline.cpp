// The kernels for the instructions that the compiler takes for granted of every processor.
#include "core/kernels_sets.hpp"

#ifdef _MSC_VER
#define AUTOGRAD_TARGET
#else
#define AUTOGRAD_TARGET __attribute__((flatten))
#endif

namespace autograd::kernels_baseline {

#include "core/kernels_body.hpp"

const Kernels& list() noexcept {
  static const Kernels kernels = list_kernels();
  return kernels;
}

}  // namespace autograd::kernels_baseline

#undef AUTOGRAD_TARGET
