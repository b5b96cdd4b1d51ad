// The product of two matrices of numbers, as dense layers need it forwards and backwards.
//
// Matrices are row-major with any distance between rows, and each factor may be the transpose of
// what is stored. Sums are taken in one order, which depends on the instruction set and on k alone;
// only a product with a vector (m or n is 1) has an order of its own. Zeros are not skipped: 0 *
// inf is nan. Start reading in gemm_body.hpp.
#pragma once

#include <cstddef>

#include "core/instruction_set.hpp"

namespace autograd {

// A matrix as it is stored, `stride` elements from row to row, and whether its transpose is meant.
template <class T>
struct Factor {
  const T* data;
  std::ptrdiff_t stride;
  bool transposed;
};

// c = a b, or c += a b if `accumulate`, where a has m x k elements, b k x n and c m x n. c overlaps
// neither factor. std::bad_alloc comes before c is touched. For double and float.
template <class T>
void gemm(std::size_t m, std::size_t n, std::size_t k, const Factor<T>& a, const Factor<T>& b, T* c,
          std::ptrdiff_t c_stride, bool accumulate);

// The same with an instruction set that the processor must have.
template <class T>
void gemm_for(InstructionSet set, std::size_t m, std::size_t n, std::size_t k, const Factor<T>& a,
              const Factor<T>& b, T* c, std::ptrdiff_t c_stride, bool accumulate);

}  // namespace autograd
