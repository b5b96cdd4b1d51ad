#include "core/past_caches.hpp"

#include <algorithm>

#if defined(__x86_64__) || defined(_M_X64)
#define AUTOGRAD_STORES_PAST_CACHES
#include <emmintrin.h>
#endif

namespace autograd {

#ifdef AUTOGRAD_STORES_PAST_CACHES

// Half of a cache of 32 MiB. (What the system says of it may be that of a whole rack.)
bool are_past_caches(std::size_t bytes) noexcept { return bytes > std::size_t{16} << 20; }

// NOLINTBEGIN(portability-simd-intrinsics): no portable vector is stored in this way
void store_past_caches(std::size_t size, double* to, const double* from,
                       std::span<const double* const> ahead) noexcept {
  constexpr std::size_t line = 64 / sizeof(double);
  std::size_t i = 0;
  for (; i + line <= size; i += line) {
    for (const double* data : ahead)
      _mm_prefetch(reinterpret_cast<const char*>(data + i), _MM_HINT_T0);
    for (std::size_t k = i; k < i + line; k += 2) _mm_stream_pd(to + k, _mm_loadu_pd(from + k));
  }
  std::copy_n(from + i, size - i, to + i);
}

void end_stores_past_caches() noexcept { _mm_sfence(); }
// NOLINTEND(portability-simd-intrinsics)

#else

bool are_past_caches(std::size_t) noexcept { return false; }

void store_past_caches(std::size_t size, double* to, const double* from,
                       std::span<const double* const>) noexcept {
  std::copy_n(from, size, to);
}

void end_stores_past_caches() noexcept {}

#endif

}  // namespace autograd
