// Arrays: contiguous blocks of numbers in C order with a shape, and the pool they come from.
//
// Header and elements are one block, aligned to 64 bytes, so a small array is one allocation. An
// array is counted; what shares its memory (a reshaped array, an ndarray in Python) holds a
// reference. It knows nothing of the graph. Start reading at `Array`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include "core/shape.hpp"

namespace autograd {

class ArrayPool;
struct Array;

// Computes the elements of a deferred array, see deferred.hpp. Throws std::bad_alloc.
[[gnu::cold, gnu::noinline]] void settle(Array& array);

enum class Dtype : std::uint8_t {
  float64,
  float32,
  int64,  // positions of elements; never of a value
};

constexpr std::size_t item_size(Dtype dtype) { return dtype == Dtype::float32 ? 4 : 8; }

struct alignas(64) Array {
  std::uint32_t references;
  Dtype dtype;
  std::uint8_t rank;
  std::uint16_t bucket;  // the size class of the block
  std::size_t size;      // elements
  void* place;  // of the elements; null for a deferred array, and may be where there are none
  // What the elements belong to when they do not follow the header, and how to give it back.
  void* owner;
  void (*give_back)(void* owner);
  ArrayPool* pool;
  std::size_t lengths[2];  // in truth `rank` of them

  static constexpr std::size_t header_size(std::size_t rank) {
    const std::size_t bytes = offsetof(Array, lengths) + sizeof(std::size_t) * rank;
    return (bytes + 63) / 64 * 64;
  }

  std::span<const std::size_t> shape() const { return {lengths, rank}; }
  std::size_t bytes() const { return size * item_size(dtype); }
  void* data() {  // NOLINT(misc-no-recursion): what is settled has operands that are
    if (place == nullptr) [[unlikely]]
      settle(*this);
    return place;
  }
  // An array that is const has const elements. It does not show whether they are there yet.
  const void* data() const { return const_cast<Array*>(this)->data(); }
  double* doubles() { return static_cast<double*>(data()); }
  const double* doubles() const { return static_cast<const double*>(data()); }
  float* floats() { return static_cast<float*>(data()); }
  const float* floats() const { return static_cast<const float*>(data()); }
  std::int64_t* integers() { return static_cast<std::int64_t*>(data()); }
  const std::int64_t* integers() const { return static_cast<const std::int64_t*>(data()); }

  double number_at(std::size_t i) const {
    return dtype == Dtype::float64 ? doubles()[i] : static_cast<double>(floats()[i]);
  }
  void set_number(std::size_t i, double number) {
    if (dtype == Dtype::float64) {
      doubles()[i] = number;
    } else {
      floats()[i] = static_cast<float>(number);
    }
  }
};
static_assert(sizeof(Array) == 64);

inline Shape shape_of(const Array& array) { return Shape(array.shape()); }

inline bool same_shape(const Array& a, const Array& b) {
  if (a.rank != b.rank || a.size != b.size) return false;
  for (std::size_t axis = 0; axis < a.rank; ++axis) {
    if (a.lengths[axis] != b.lengths[axis]) return false;
  }
  return true;
}

// Blocks by size class: freed ones are used again, newest first, while they are in cache. Not
// synchronised.
class ArrayPool {
 public:
  ArrayPool() = default;
  ArrayPool(const ArrayPool&) = delete;
  ArrayPool& operator=(const ArrayPool&) = delete;
  ~ArrayPool();

  // With one reference, and elements that are not set. O(axes); throws std::bad_alloc.
  Array* allocate(Dtype dtype, std::span<const std::size_t> shape, std::size_t size) {
    const std::size_t header = Array::header_size(shape.size());
    if (size > largest_size) [[unlikely]]
      throw_bad_alloc();
    const std::size_t bytes = header + size * item_size(dtype);
    const std::size_t shift = bytes < shifted_from ? 0 : next_shift();
    Array* array = bytes <= small_bytes ? start_small(bytes) : start_large(bytes + shift);
    describe(array, dtype, shape, size);
    array->place = reinterpret_cast<char*>(array) + header + shift;
    return array;
  }
  Array* allocate(Dtype dtype, const Shape& shape) {
    return allocate(dtype, {shape.begin(), shape.rank()}, size_of(shape));
  }
  Array* allocate_like(const Array& array) {
    if (array.bucket < small_buckets && array.owner == nullptr) [[likely]] {
      if (Block* block = free_[array.bucket]) [[likely]] {
        take(block, array.bucket);
        auto* copy = reinterpret_cast<Array*>(block);
        const auto elements =
            static_cast<const char*>(array.place) - reinterpret_cast<const char*>(&array);
        std::memcpy(block, &array, sizeof(Array));
        if (array.rank > 2) copy_lengths(array, *copy);
        copy->references = 1;
        copy->place = reinterpret_cast<char*>(copy) + elements;
        return copy;
      }
    }
    return allocate(array.dtype, array.shape(), array.size);
  }
  // One that shows elements of another owner, which it takes over, also when it fails.
  Array* adopt(Dtype dtype, const Shape& shape, void* data, void* owner, void (*give_back)(void*));

  static void retain(Array* array) { ++array->references; }
  static void release(Array* array) {
    if (--array->references > 0) return;
    ArrayPool& pool = *array->pool;
    if (array->bucket < small_buckets && array->owner == nullptr) [[likely]] {
      pool.retire_small(array);
    } else {
      pool.retire(array);
    }
  }

  std::size_t bytes_live() const { return live_; }
  std::size_t bytes_reserved() const { return live_ + cached_; }

 private:
  struct Block {
    Block* next;
  };
  // Size classes: 64 of one unit more each, up to 4 KiB, then sixteen to each doubling, so that at
  // most a sixteenth of a block is lost. Blocks are aligned to a unit.
  static constexpr std::size_t bucket_count = 650;
  static constexpr std::size_t unit = 64;
  static constexpr std::size_t small_buckets_log = 6;
  static constexpr std::size_t small_buckets = std::size_t{1} << small_buckets_log;
  static constexpr std::size_t small_bytes = small_buckets * unit;
  static std::size_t bucket_of(std::size_t bytes);
  static std::size_t bytes_of(std::size_t bucket);
  static constexpr std::size_t largest_size = std::size_t{1} << 46;

  // Large arrays would all begin at the same place of a page, and a store would seem to a processor
  // to meet the loads of other arrays that follow it: they begin at different places.
  static constexpr std::size_t shifted_from = std::size_t{1} << 16;
  std::size_t next_shift() { return (shifts_++ & 7U) * 512; }

  static std::size_t size_of(const Shape& shape);  // throws std::bad_alloc when it overflows
  [[noreturn]] static void throw_bad_alloc();

  // A block for so many bytes, of which `bucket` is set.
  Array* start_small(std::size_t bytes) {
    const std::size_t bucket = (bytes - 1) / unit;
    Block* block = free_[bucket];
    if (block == nullptr) [[unlikely]]
      return start_large(bytes);
    take(block, bucket);
    auto* array = reinterpret_cast<Array*>(block);
    array->bucket = static_cast<std::uint16_t>(bucket);
    return array;
  }
  void take(Block* block, std::size_t bucket) {
    free_[bucket] = block->next;
    const std::size_t taken = (bucket + 1) * unit;
    cached_ -= taken;
    live_ += taken;
  }
  Array* start_large(std::size_t bytes);
  void describe(Array* array, Dtype dtype, std::span<const std::size_t> shape, std::size_t size) {
    array->references = 1;
    array->dtype = dtype;
    array->rank = static_cast<std::uint8_t>(shape.size());
    array->size = size;
    array->owner = nullptr;
    array->pool = this;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) array->lengths[axis] = shape[axis];
  }
  [[gnu::noinline]] static void copy_lengths(const Array& from, Array& to);
  void retire_small(Array* array) {
    const std::size_t bucket = array->bucket;
    auto* block = reinterpret_cast<Block*>(array);
    block->next = free_[bucket];
    free_[bucket] = block;
    const std::size_t bytes = (bucket + 1) * unit;
    cached_ += bytes;
    live_ -= bytes;
  }
  void retire(Array* array);
  void* block_from_system(std::size_t bucket);
  void give_back_cached();

  Block* free_[bucket_count] = {};
  std::size_t shifts_ = 0;
  std::size_t live_ = 0;    // bytes in blocks that are used
  std::size_t cached_ = 0;  // bytes in blocks that wait
};

// A counted reference, for code in which an exception may pass.
class ArrayReference {
 public:
  ArrayReference() = default;
  explicit ArrayReference(Array* array) : array_(array) {}  // takes over the caller's reference
  static ArrayReference sharing(Array* array) {
    ArrayPool::retain(array);
    return ArrayReference(array);
  }
  ArrayReference(const ArrayReference& other) : array_(other.array_) {
    if (array_ != nullptr) ArrayPool::retain(array_);
  }
  ArrayReference(ArrayReference&& other) noexcept : array_(std::exchange(other.array_, nullptr)) {}
  ArrayReference& operator=(ArrayReference other) noexcept {
    std::swap(array_, other.array_);
    return *this;
  }
  ~ArrayReference() {
    if (array_ != nullptr) ArrayPool::release(array_);
  }

  Array* get() const { return array_; }
  Array* operator->() const { return array_; }
  Array& operator*() const { return *array_; }
  explicit operator bool() const { return array_ != nullptr; }
  [[nodiscard]] Array* hand_over() { return std::exchange(array_, nullptr); }

 private:
  Array* array_ = nullptr;
};

// The same elements under another shape of the same size: no copy.
ArrayReference reshaped(Array* array, const Shape& shape);

// Some of them, from an offset in bytes on: no copy either.
ArrayReference part_of(Array& array, const Shape& shape, std::size_t offset);

}  // namespace autograd
