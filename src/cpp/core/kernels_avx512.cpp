// The kernels for AVX-512.
#include "core/kernels_sets.hpp"

#ifdef AUTOGRAD_HAS_X86_SETS

// GCC would use half of a register. Clang does not know the wish, and would drop all of them for
// it.
#ifdef __clang__
#define AUTOGRAD_TARGET __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw"), flatten))
#else
#define AUTOGRAD_TARGET \
  __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,prefer-vector-width=512"), flatten))
#endif

namespace autograd::kernels_avx512 {

#include "core/kernels_body.hpp"

const Kernels& list() noexcept {
  static const Kernels kernels = list_kernels();
  return kernels;
}

}  // namespace autograd::kernels_avx512

#undef AUTOGRAD_TARGET

#endif
