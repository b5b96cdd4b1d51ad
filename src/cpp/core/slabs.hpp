// The slabs of a graph, linked in creation order.
//
// A record's memory is not used again before its whole slab is empty; the slab then moves to the
// end of the order. So creation order is always a topological order: whatever a record has as
// argument is older. Cost of the scheme: one long-lived record keeps one slab, which is why slabs
// are small.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/slab.hpp"
#include "core/slab_pool.hpp"

namespace autograd {

class Slabs {
 public:
  Slabs() = default;
  Slabs(const Slabs&) = delete;
  Slabs& operator=(const Slabs&) = delete;
  ~Slabs();

  // Memory for the newest record. O(1); allocates once a slab. Throws std::bad_alloc.
  void* allocate(std::size_t bytes) {
    if (!has_room(bytes)) [[unlikely]]
      make_room(bytes);
    return allocate_in_room(bytes);
  }

  // The same in parts, for callers that keep the rare one out of their way.
  bool has_room(std::size_t bytes) const {
    return static_cast<std::size_t>(bump_ - floor_) >= bytes;
  }
  bool has_room_for_short() const {
    return reinterpret_cast<std::uintptr_t>(bump_) >= least_for_short_;
  }
  void make_room(std::size_t bytes);
  void* allocate_in_room(std::size_t bytes) {
    bump_ -= bytes;
    ++current_->live;
    return bump_;
  }

  // The record is dead; its header stays readable for the walk.
  void retire(const void* record) noexcept {
    Slab* slab = slab_of(record);
    if (--slab->live == 0 && slab != current_) [[unlikely]]
      recycle(slab);
  }

  // The position that the newest record has: everything made from now on lies above it.
  std::uint64_t now() const {
    return current_ == nullptr ? 0
                               : current_->base + static_cast<std::uint64_t>(current_->end - bump_);
  }

  std::size_t bytes_reserved() const { return pool_.bytes_reserved(); }
  std::size_t live() const;  // O(slabs): counting is not worth a write for every record

 private:
  [[gnu::cold, gnu::noinline]] void recycle(Slab* slab) noexcept;

  char* bump_ = nullptr;                // lowest used byte of the current slab
  char* floor_ = nullptr;               // lowest usable byte of the current slab
  std::uintptr_t least_for_short_ = 1;  // below this, `bump_` leaves no room for an Interior
  Slab* current_ = nullptr;
  SlabPool pool_;
};

}  // namespace autograd
