// What the instruction sets do not share: vectors of each, and the choice among them. The method is
// in gemm_body.hpp, which is compiled here once for each.
//
// Targets are attributes of functions, not flags of a file: so nothing that a header defines inline
// is compiled for a processor that may not be there, and the linker cannot pick such a copy. FMA is
// asked for by name, for contraction is off everywhere.
#include "core/gemm.hpp"

#include <cstdint>
#include <cstring>
#include <memory>

#if defined(__x86_64__) && defined(__GNUC__)
#define AUTOGRAD_X86 1
#include <immintrin.h>
#endif

#ifdef __GNUC__
#define AUTOGRAD_INLINE [[gnu::always_inline]] inline
#else
#define AUTOGRAD_INLINE __forceinline
#endif
#ifdef __clang__
#define AUTOGRAD_UNROLL _Pragma("unroll")
#elif defined(__GNUC__)
#define AUTOGRAD_UNROLL _Pragma("GCC unroll 16")
#else
#define AUTOGRAD_UNROLL
#endif

namespace autograd {

namespace {

// Memory for packed factors: it grows to what the largest product needed, is bounded by the block
// sizes, and stays with the thread.
class Workspace {
 public:
  static constexpr std::size_t alignment = 64;

  template <class T>
  T* of(std::size_t count) {
    const std::size_t size = count * sizeof(T) + alignment;
    if (size > size_) {
      memory_.reset();
      size_ = 0;
      memory_ = std::make_unique_for_overwrite<std::byte[]>(size);
      size_ = size;
    }
    const auto address = reinterpret_cast<std::uintptr_t>(memory_.get());
    return reinterpret_cast<T*>(memory_.get() + (alignment - address % alignment) % alignment);
  }

 private:
  std::unique_ptr<std::byte[]> memory_;
  std::size_t size_ = 0;
};

Workspace& workspace() {
  static thread_local Workspace own;
  return own;
}

// Compiled for what every processor has: 16 bytes are a register of SSE2 and of NEON. Without the
// compiler's vectors it is an array, which compilers turn into the same instructions, or not.
namespace baseline {

#define AUTOGRAD_TARGET

template <class T>
struct Vector {
  static constexpr int lanes = 16 / sizeof(T);
#ifdef __GNUC__
  using type [[gnu::vector_size(16)]] = T;
#else
  struct type {
    T lane[lanes];
    T& operator[](int i) { return lane[i]; }
    const T& operator[](int i) const { return lane[i]; }
  };
#endif
  using Mask = int;
  static constexpr bool masks_are_free = false;
  static constexpr bool masked_loads = false;  // an element at a time
  static constexpr int registers = 16;
  static constexpr int most_rows = 4;  // 4 x 2 sums, 2 of b, 1 of a, 1 product: 12 of 16 registers

  AUTOGRAD_INLINE static type zero() { return type{}; }
  AUTOGRAD_INLINE static type load(const T* from) {
    type result;
    std::memcpy(&result, from, sizeof(result));
    return result;
  }
  AUTOGRAD_INLINE static void store(T* to, type x) { std::memcpy(to, &x, sizeof(x)); }
  AUTOGRAD_INLINE static Mask mask(int count) { return count; }
  AUTOGRAD_INLINE static type load(const T* from, Mask count) {
    type result{};
    for (int i = 0; i < count; ++i) result[i] = from[i];
    return result;
  }
  AUTOGRAD_INLINE static void store(T* to, type x, Mask count) {
    for (int i = 0; i < count; ++i) to[i] = x[i];
  }
#ifdef __GNUC__
  AUTOGRAD_INLINE static type broadcast(const T* from) { return *from - type{}; }
  AUTOGRAD_INLINE static type add(type x, type y) { return x + y; }
  AUTOGRAD_INLINE static type multiply_add(type x, type y, type z) { return x * y + z; }
#else
  AUTOGRAD_INLINE static type broadcast(const T* from) {
    type result;
    for (int i = 0; i < lanes; ++i) result[i] = *from;
    return result;
  }
  AUTOGRAD_INLINE static type add(type x, type y) {
    for (int i = 0; i < lanes; ++i) x[i] += y[i];
    return x;
  }
  AUTOGRAD_INLINE static type multiply_add(type x, type y, type z) {
    for (int i = 0; i < lanes; ++i) z[i] += x[i] * y[i];
    return z;
  }
#endif
  // The sum of the lanes of each of four.
  AUTOGRAD_INLINE static void sums(const type (&of)[4], T* to) {
    for (int r = 0; r < 4; ++r) {
      to[r] = of[r][0];
      for (int i = 1; i < lanes; ++i) to[r] += of[r][i];
    }
  }
  AUTOGRAD_INLINE static void transpose(const T* from, std::ptrdiff_t from_stride, T* to,
                                        std::ptrdiff_t to_stride) {
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j < 4; ++j) to[j * to_stride + i] = from[i * from_stride + j];
  }
};

#include "core/gemm_body.hpp"

#undef AUTOGRAD_TARGET

}  // namespace baseline

#ifdef AUTOGRAD_X86

#define AUTOGRAD_FUNCTION AUTOGRAD_TARGET AUTOGRAD_INLINE
#define AUTOGRAD_VECTOR AUTOGRAD_FUNCTION static

// NOLINTBEGIN(portability-simd-intrinsics): the portable vectors are those of `baseline`

namespace avx2 {

#define AUTOGRAD_TARGET [[gnu::target("avx2,fma")]]

AUTOGRAD_FUNCTION void sums_of_four(__m256d a, __m256d b, __m256d c, __m256d d, double* to) {
  const __m256d low = _mm256_hadd_pd(a, b);
  const __m256d high = _mm256_hadd_pd(c, d);
  _mm256_storeu_pd(to, _mm256_add_pd(_mm256_permute2f128_pd(low, high, 0x20),
                                     _mm256_permute2f128_pd(low, high, 0x31)));
}

AUTOGRAD_FUNCTION void sums_of_four(__m128 a, __m128 b, __m128 c, __m128 d, float* to) {
  _mm_storeu_ps(to, _mm_hadd_ps(_mm_hadd_ps(a, b), _mm_hadd_ps(c, d)));
}

AUTOGRAD_FUNCTION void transpose_four(const double* from, std::ptrdiff_t from_stride, double* to,
                                      std::ptrdiff_t to_stride) {
  const __m256d a = _mm256_loadu_pd(from);
  const __m256d b = _mm256_loadu_pd(from + from_stride);
  const __m256d c = _mm256_loadu_pd(from + 2 * from_stride);
  const __m256d d = _mm256_loadu_pd(from + 3 * from_stride);
  const __m256d even_ab = _mm256_unpacklo_pd(a, b);
  const __m256d odd_ab = _mm256_unpackhi_pd(a, b);
  const __m256d even_cd = _mm256_unpacklo_pd(c, d);
  const __m256d odd_cd = _mm256_unpackhi_pd(c, d);
  _mm256_storeu_pd(to, _mm256_permute2f128_pd(even_ab, even_cd, 0x20));
  _mm256_storeu_pd(to + to_stride, _mm256_permute2f128_pd(odd_ab, odd_cd, 0x20));
  _mm256_storeu_pd(to + 2 * to_stride, _mm256_permute2f128_pd(even_ab, even_cd, 0x31));
  _mm256_storeu_pd(to + 3 * to_stride, _mm256_permute2f128_pd(odd_ab, odd_cd, 0x31));
}

AUTOGRAD_FUNCTION void transpose_four(const float* from, std::ptrdiff_t from_stride, float* to,
                                      std::ptrdiff_t to_stride) {
  __m128 a = _mm_loadu_ps(from);
  __m128 b = _mm_loadu_ps(from + from_stride);
  __m128 c = _mm_loadu_ps(from + 2 * from_stride);
  __m128 d = _mm_loadu_ps(from + 3 * from_stride);
  _MM_TRANSPOSE4_PS(a, b, c, d);
  _mm_storeu_ps(to, a);
  _mm_storeu_ps(to + to_stride, b);
  _mm_storeu_ps(to + 2 * to_stride, c);
  _mm_storeu_ps(to + 3 * to_stride, d);
}

template <class T>
struct Vector;

// The last lanes are left out by reading `count` lanes before the end of these ones.
alignas(32) constexpr std::int32_t ones_then_zeros[16] = {-1, -1, -1, -1, -1, -1, -1, -1};

template <>
struct Vector<double> {
  using type = __m256d;
  using Mask = __m256i;
  static constexpr int lanes = 4;
  static constexpr bool masks_are_free = false;  // storing is slow on some processors
  static constexpr bool masked_loads = true;
  static constexpr int registers = 16;
  static constexpr int most_rows = 6;  // 6 x 2 sums, 2 of b, 1 of a: 15 of 16 registers

  AUTOGRAD_VECTOR type zero() { return _mm256_setzero_pd(); }
  AUTOGRAD_VECTOR type load(const double* from) { return _mm256_loadu_pd(from); }
  AUTOGRAD_VECTOR void store(double* to, type x) { _mm256_storeu_pd(to, x); }
  AUTOGRAD_VECTOR Mask mask(int count) {
    return _mm256_loadu_si256(
        reinterpret_cast<const __m256i*>(ones_then_zeros + std::ptrdiff_t{2} * (lanes - count)));
  }
  AUTOGRAD_VECTOR type load(const double* from, Mask mask) {
    return _mm256_maskload_pd(from, mask);
  }
  AUTOGRAD_VECTOR void store(double* to, type x, Mask mask) { _mm256_maskstore_pd(to, mask, x); }
  AUTOGRAD_VECTOR type broadcast(const double* from) { return _mm256_broadcast_sd(from); }
  AUTOGRAD_VECTOR type add(type x, type y) { return _mm256_add_pd(x, y); }
  AUTOGRAD_VECTOR type multiply_add(type x, type y, type z) { return _mm256_fmadd_pd(x, y, z); }
  AUTOGRAD_VECTOR void sums(const type (&of)[4], double* to) {
    sums_of_four(of[0], of[1], of[2], of[3], to);
  }
  AUTOGRAD_VECTOR void transpose(const double* from, std::ptrdiff_t from_stride, double* to,
                                 std::ptrdiff_t to_stride) {
    transpose_four(from, from_stride, to, to_stride);
  }
};

template <>
struct Vector<float> {
  using type = __m256;
  using Mask = __m256i;
  static constexpr int lanes = 8;
  static constexpr bool masks_are_free = false;  // storing is slow on some processors
  static constexpr bool masked_loads = true;
  static constexpr int registers = 16;
  static constexpr int most_rows = 6;

  AUTOGRAD_VECTOR type zero() { return _mm256_setzero_ps(); }
  AUTOGRAD_VECTOR type load(const float* from) { return _mm256_loadu_ps(from); }
  AUTOGRAD_VECTOR void store(float* to, type x) { _mm256_storeu_ps(to, x); }
  AUTOGRAD_VECTOR Mask mask(int count) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(ones_then_zeros + (lanes - count)));
  }
  AUTOGRAD_VECTOR type load(const float* from, Mask mask) { return _mm256_maskload_ps(from, mask); }
  AUTOGRAD_VECTOR void store(float* to, type x, Mask mask) { _mm256_maskstore_ps(to, mask, x); }
  AUTOGRAD_VECTOR type broadcast(const float* from) { return _mm256_broadcast_ss(from); }
  AUTOGRAD_VECTOR type add(type x, type y) { return _mm256_add_ps(x, y); }
  AUTOGRAD_VECTOR type multiply_add(type x, type y, type z) { return _mm256_fmadd_ps(x, y, z); }
  AUTOGRAD_VECTOR __m128 half(type x) {
    return _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
  }
  AUTOGRAD_VECTOR void sums(const type (&of)[4], float* to) {
    sums_of_four(half(of[0]), half(of[1]), half(of[2]), half(of[3]), to);
  }
  AUTOGRAD_VECTOR void transpose(const float* from, std::ptrdiff_t from_stride, float* to,
                                 std::ptrdiff_t to_stride) {
    transpose_four(from, from_stride, to, to_stride);
  }
};

#include "core/gemm_body.hpp"

#undef AUTOGRAD_TARGET

}  // namespace avx2

namespace avx512 {

#define AUTOGRAD_TARGET [[gnu::target("avx2,fma,avx512f,avx512dq,avx512vl,avx512bw")]]

template <class T>
struct Vector;

template <>
struct Vector<double> {
  using type = __m512d;
  using Mask = __mmask8;
  static constexpr int lanes = 8;
  static constexpr bool masks_are_free = true;
  static constexpr bool masked_loads = true;
  static constexpr int registers = 32;
  static constexpr int most_rows = 12;  // 12 x 2 sums, 2 of b, 1 of a: 27 of 32 registers

  AUTOGRAD_VECTOR type zero() { return _mm512_setzero_pd(); }
  AUTOGRAD_VECTOR type load(const double* from) { return _mm512_loadu_pd(from); }
  AUTOGRAD_VECTOR void store(double* to, type x) { _mm512_storeu_pd(to, x); }
  AUTOGRAD_VECTOR Mask mask(int count) { return static_cast<Mask>((1U << count) - 1U); }
  AUTOGRAD_VECTOR type load(const double* from, Mask mask) {
    return _mm512_maskz_loadu_pd(mask, from);
  }
  AUTOGRAD_VECTOR void store(double* to, type x, Mask mask) { _mm512_mask_storeu_pd(to, mask, x); }
  AUTOGRAD_VECTOR type broadcast(const double* from) { return _mm512_set1_pd(*from); }
  AUTOGRAD_VECTOR type add(type x, type y) { return _mm512_add_pd(x, y); }
  AUTOGRAD_VECTOR type multiply_add(type x, type y, type z) { return _mm512_fmadd_pd(x, y, z); }
  AUTOGRAD_VECTOR __m256d half(type x) {
    return _mm256_add_pd(_mm512_maskz_extractf64x4_pd(0xFF, x, 0),
                         _mm512_maskz_extractf64x4_pd(0xFF, x, 1));
  }
  AUTOGRAD_VECTOR void sums(const type (&of)[4], double* to) {
    avx2::sums_of_four(half(of[0]), half(of[1]), half(of[2]), half(of[3]), to);
  }
  AUTOGRAD_VECTOR void transpose(const double* from, std::ptrdiff_t from_stride, double* to,
                                 std::ptrdiff_t to_stride) {
    avx2::transpose_four(from, from_stride, to, to_stride);
  }
};

template <>
struct Vector<float> {
  using type = __m512;
  using Mask = __mmask16;
  static constexpr int lanes = 16;
  static constexpr bool masks_are_free = true;
  static constexpr bool masked_loads = true;
  static constexpr int registers = 32;
  static constexpr int most_rows = 12;

  AUTOGRAD_VECTOR type zero() { return _mm512_setzero_ps(); }
  AUTOGRAD_VECTOR type load(const float* from) { return _mm512_loadu_ps(from); }
  AUTOGRAD_VECTOR void store(float* to, type x) { _mm512_storeu_ps(to, x); }
  AUTOGRAD_VECTOR Mask mask(int count) { return static_cast<Mask>((1U << count) - 1U); }
  AUTOGRAD_VECTOR type load(const float* from, Mask mask) {
    return _mm512_maskz_loadu_ps(mask, from);
  }
  AUTOGRAD_VECTOR void store(float* to, type x, Mask mask) { _mm512_mask_storeu_ps(to, mask, x); }
  AUTOGRAD_VECTOR type broadcast(const float* from) { return _mm512_set1_ps(*from); }
  AUTOGRAD_VECTOR type add(type x, type y) { return _mm512_add_ps(x, y); }
  AUTOGRAD_VECTOR type multiply_add(type x, type y, type z) { return _mm512_fmadd_ps(x, y, z); }
  AUTOGRAD_VECTOR __m128 quarter(type x) {
    const __m256 half = _mm256_add_ps(_mm512_maskz_extractf32x8_ps(0xFF, x, 0),
                                      _mm512_maskz_extractf32x8_ps(0xFF, x, 1));
    return _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
  }
  AUTOGRAD_VECTOR void sums(const type (&of)[4], float* to) {
    avx2::sums_of_four(quarter(of[0]), quarter(of[1]), quarter(of[2]), quarter(of[3]), to);
  }
  AUTOGRAD_VECTOR void transpose(const float* from, std::ptrdiff_t from_stride, float* to,
                                 std::ptrdiff_t to_stride) {
    avx2::transpose_four(from, from_stride, to, to_stride);
  }
};

#include "core/gemm_body.hpp"

#undef AUTOGRAD_TARGET

}  // namespace avx512

// NOLINTEND(portability-simd-intrinsics)

#endif  // AUTOGRAD_X86

template <class T>
using Product = void (*)(std::size_t m, std::size_t n, std::size_t k, const Factor<T>& a,
                         const Factor<T>& b, T* c, std::ptrdiff_t c_stride, bool accumulate);

template <class T>
Product<T> product_of(InstructionSet set) noexcept {
#ifdef AUTOGRAD_X86
  if (set == InstructionSet::avx512) return avx512::product<T>;
  if (set == InstructionSet::avx2) return avx2::product<T>;
#endif
  static_cast<void>(set);
  return baseline::product<T>;
}

}  // namespace

template <class T>
void gemm(std::size_t m, std::size_t n, std::size_t k, const Factor<T>& a, const Factor<T>& b, T* c,
          std::ptrdiff_t c_stride, bool accumulate) {
  static const Product<T> product = product_of<T>(instruction_set());
  product(m, n, k, a, b, c, c_stride, accumulate);
}

template <class T>
void gemm_for(InstructionSet set, std::size_t m, std::size_t n, std::size_t k, const Factor<T>& a,
              const Factor<T>& b, T* c, std::ptrdiff_t c_stride, bool accumulate) {
  product_of<T>(set)(m, n, k, a, b, c, c_stride, accumulate);
}

#define AUTOGRAD_INSTANTIATE(T)                                                                   \
  template void gemm(std::size_t, std::size_t, std::size_t, const Factor<T>&, const Factor<T>&,   \
                     T*, std::ptrdiff_t, bool);                                                   \
  template void gemm_for(InstructionSet, std::size_t, std::size_t, std::size_t, const Factor<T>&, \
                         const Factor<T>&, T*, std::ptrdiff_t, bool);
AUTOGRAD_INSTANTIATE(double)
AUTOGRAD_INSTANTIATE(float)
#undef AUTOGRAD_INSTANTIATE

}  // namespace autograd
