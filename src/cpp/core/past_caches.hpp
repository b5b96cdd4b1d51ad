// Results that are too large for the caches. A store into memory that no cache holds reads it
// first, and drives out what may be needed; stores that go past the caches do neither (a + b of
// 1,000,000 doubles takes five sixths of the time), but whoever reads the result next has to
// wait for memory. So they are for what the caches would not keep.
#pragma once

#include <cstddef>
#include <span>

namespace autograd {

// Whether so many bytes, read and written by one operation, are more than a cache keeps: from there
// on, chains of operations become faster too. False where there are no such stores.
bool are_past_caches(std::size_t bytes) noexcept;

// Copies doubles from a cache past the caches, and asks meanwhile for as many of each of `ahead`,
// which are read next. `to` is aligned to 16 bytes.
void store_past_caches(std::size_t size, double* to, const double* from,
                       std::span<const double* const> ahead) noexcept;
// To be called after the last one, so that other threads see them.
void end_stores_past_caches() noexcept;

}  // namespace autograd
