// The kernels for AVX2.
#include "core/kernels_sets.hpp"

#ifdef AUTOGRAD_HAS_X86_SETS

#define AUTOGRAD_TARGET __attribute__((target("avx2"), flatten))

namespace autograd::kernels_avx2 {

#include "core/kernels_body.hpp"

const Kernels& list() noexcept {
  static const Kernels kernels = list_kernels();
  return kernels;
}

}  // namespace autograd::kernels_avx2

#undef AUTOGRAD_TARGET

#endif
