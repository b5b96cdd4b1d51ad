#include "core/array.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace autograd {

namespace {

// Large blocks are read faster through large pages (as NumPy asks for them too). Advice: whether it
// is taken makes no other difference.
void prefer_huge_pages([[maybe_unused]] void* block, [[maybe_unused]] std::size_t bytes) {
#ifdef __linux__
  constexpr std::size_t page = 4096;
  if (bytes < std::size_t{1} << 22) return;
  const auto start = (reinterpret_cast<std::uintptr_t>(block) + page - 1) / page * page;
  const auto end = (reinterpret_cast<std::uintptr_t>(block) + bytes) / page * page;
  madvise(reinterpret_cast<void*>(start), end - start, MADV_HUGEPAGE);
#endif
}

// How much may wait to be used again; a training step that needs more pays the system for it.
constexpr std::size_t most_cached = std::size_t{256} << 20;

}  // namespace

std::size_t ArrayPool::bucket_of(std::size_t bytes) {
  const std::size_t units = (bytes + unit - 1) / unit;
  if (units <= small_buckets) return units - 1;
  const auto log = static_cast<std::size_t>(std::bit_width(units - 1)) - 1;
  return small_buckets + (log - small_buckets_log) * 16 + ((units - 1) >> (log - 4)) - 16;
}

std::size_t ArrayPool::bytes_of(std::size_t bucket) {
  if (bucket < small_buckets) return (bucket + 1) * unit;
  const std::size_t log = (bucket - small_buckets) / 16 + small_buckets_log;
  return ((bucket - small_buckets) % 16 + 17) * unit << (log - 4);
}

ArrayPool::~ArrayPool() { give_back_cached(); }

void ArrayPool::give_back_cached() {
  for (Block*& first : free_) {
    while (first != nullptr) {
      Block* block = std::exchange(first, first->next);
      ::operator delete(block, std::align_val_t{unit});
    }
  }
  cached_ = 0;
}

std::size_t ArrayPool::size_of(const Shape& shape) {
  std::size_t size = 1;
  for (const std::size_t length : shape) {
    if (length != 0 && size > largest_size / length) throw std::bad_alloc();
    size *= length;
  }
  return size;
}

void* ArrayPool::block_from_system(std::size_t bucket) {
  const std::size_t bytes = bytes_of(bucket);
  void* block = nullptr;
  try {
    block = ::operator new(bytes, std::align_val_t{unit});
  } catch (const std::bad_alloc&) {
    give_back_cached();
    block = ::operator new(bytes, std::align_val_t{unit});
  }
  prefer_huge_pages(block, bytes);
  return block;
}

void ArrayPool::copy_lengths(const Array& from, Array& to) {
  std::ranges::copy(from.shape(), to.lengths);
}

void ArrayPool::throw_bad_alloc() { throw std::bad_alloc(); }

Array* ArrayPool::start_large(std::size_t bytes) {
  const std::size_t bucket = bucket_of(bytes);
  if (bucket >= bucket_count) throw std::bad_alloc();
  void* block = free_[bucket];
  if (block != nullptr) {
    free_[bucket] = free_[bucket]->next;
    cached_ -= bytes_of(bucket);
  } else {
    block = block_from_system(bucket);
  }
  live_ += bytes_of(bucket);
  auto* array = static_cast<Array*>(block);
  array->bucket = static_cast<std::uint16_t>(bucket);
  return array;
}

Array* ArrayPool::adopt(Dtype dtype, const Shape& shape, void* data, void* owner,
                        void (*give_back)(void*)) {
  Array* array = nullptr;
  try {
    const std::size_t size = size_of(shape);
    array = start_large(Array::header_size(shape.rank()));
    describe(array, dtype, {shape.begin(), shape.rank()}, size);
  } catch (...) {
    give_back(owner);
    throw;
  }
  array->place = data;
  array->owner = owner;
  array->give_back = give_back;
  return array;
}

void ArrayPool::retire(Array* array) {
  // An owner may be an array too, but never one that has an owner: this does not go deep.
  if (array->owner != nullptr) array->give_back(array->owner);
  const std::size_t bucket = array->bucket;
  const std::size_t bytes = bytes_of(bucket);
  live_ -= bytes;
  if (cached_ + bytes > most_cached) [[unlikely]] {
    ::operator delete(array, std::align_val_t{unit});
    return;
  }
  auto* block = reinterpret_cast<Block*>(array);
  block->next = free_[bucket];
  free_[bucket] = block;
  cached_ += bytes;
}

namespace {

void release_array(void* owner) { ArrayPool::release(static_cast<Array*>(owner)); }

}  // namespace

ArrayReference part_of(Array& array, const Shape& shape, std::size_t offset) {
  char* const data = static_cast<char*>(array.data()) + offset;  // before anything is held
  // Of a view, the owner of the elements itself, so that views of views form no chain.
  Array* owner = &array;
  while (owner->owner != nullptr && owner->give_back == release_array)
    owner = static_cast<Array*>(owner->owner);
  ArrayPool::retain(owner);
  return ArrayReference(array.pool->adopt(array.dtype, shape, data, owner, release_array));
}

ArrayReference reshaped(Array* array, const Shape& shape) { return part_of(*array, shape, 0); }

}  // namespace autograd
