// Slabs: the memory of interior nodes, in creation order.
//
// A slab is filled from its end downwards, so the newest record has the lowest address, and a
// walk to ever older records steps upwards by the size that each record states. Slabs are linked
// in creation order. A record's memory is not used again before its whole slab is empty; the slab
// then moves to the end of the order. So creation order is always a topological order: whatever a
// record has as argument is older.
//
// Every record has a position, a count of bytes that only grows; a leaf's clock compares to it.
// Cost of the scheme: one long-lived record keeps one slab. Slabs are small to bound that (see
// `slab_bytes`), and the cache of empty slabs is bounded too.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/node.hpp"

namespace autograd {

// 16 KiB: 340 records. A survivor pins at most this much; at 4 KiB the walk pays 3 % more for
// changing slabs, beyond 16 KiB it gains nothing that can be measured.
inline constexpr std::size_t slab_bytes = std::size_t{1} << 14;

struct Slab {
  Slab* older;
  Slab* newer;
  char* newest;        // lowest record, once the slab is full
  char* end;           // past the oldest record
  std::uint64_t base;  // position before its first record
  std::size_t live;    // records that are not dead
  std::size_t bytes;   // of the whole allocation; more than slab_bytes for one very long record

  char* floor() { return reinterpret_cast<char*>(this) + sizeof(Slab); }
  // Position of a record: that of the bytes up to and with it.
  std::uint64_t origin() const { return base + reinterpret_cast<std::uintptr_t>(end); }
};

// Slabs are aligned to slab_bytes, and a record starts within the first slab_bytes of its slab.
inline Slab* slab_of(const void* record) {
  return reinterpret_cast<Slab*>(reinterpret_cast<std::uintptr_t>(record) & ~(slab_bytes - 1));
}

inline std::uint64_t position_of(const Node* interior) {
  return slab_of(interior)->origin() - reinterpret_cast<std::uintptr_t>(interior);
}

class Slabs {
 public:
  Slabs() = default;
  Slabs(const Slabs&) = delete;
  Slabs& operator=(const Slabs&) = delete;
  ~Slabs();

  // Memory for the newest record. O(1); allocates once a slab. Throws std::bad_alloc.
  void* allocate(std::size_t bytes) {
    if (static_cast<std::size_t>(bump_ - floor_) < bytes) [[unlikely]]
      next_slab(bytes);
    bump_ -= bytes;
    ++current_->live;
    return bump_;
  }

  // The record is dead; its header stays readable for the walk.
  void retire(const void* record) {
    Slab* slab = slab_of(record);
    if (--slab->live == 0) [[unlikely]]
      recycle(slab);
  }

  // The position that the newest record has: everything made from now on lies above it.
  std::uint64_t now() const {
    return current_ == nullptr ? 0
                               : current_->base + static_cast<std::uint64_t>(current_->end - bump_);
  }

  std::size_t bytes_reserved() const { return reserved_; }
  std::size_t live() const;  // O(slabs): counting is not worth a write for every record

 private:
  [[gnu::cold, gnu::noinline]] void next_slab(std::size_t bytes);
  [[gnu::cold, gnu::noinline]] void recycle(Slab* slab);
  void free(Slab* slab) noexcept;

  char* bump_ = nullptr;   // lowest used byte of the current slab
  char* floor_ = nullptr;  // lowest usable byte of the current slab
  Slab* current_ = nullptr;
  Slab* cache_ = nullptr;  // empty slabs of slab_bytes, linked through `older`
  std::size_t cached_ = 0;
  std::size_t reserved_ = 0;
};

}  // namespace autograd
