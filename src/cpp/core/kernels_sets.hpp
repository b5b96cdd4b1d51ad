// The sets of kernels that there are, and what their bodies need.
#pragma once

#include <bit>
#include <cstddef>
#include <utility>

#include "core/contribution.hpp"
#include "core/kernels.hpp"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define AUTOGRAD_HAS_X86_SETS
#endif

#ifdef _MSC_VER
#define AUTOGRAD_RESTRICT __restrict
#else
#define AUTOGRAD_RESTRICT __restrict__
#endif

namespace autograd {

namespace kernels_baseline {
const Kernels& list() noexcept;
}
namespace kernels_avx2 {
const Kernels& list() noexcept;
}
namespace kernels_avx512 {
const Kernels& list() noexcept;
}

}  // namespace autograd
