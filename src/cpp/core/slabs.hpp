// The slabs of a graph, linked in creation order.
//
// A record's memory is not used again before its whole slab is empty; the slab then moves to the
// end of the order. So creation order is always a topological order: whatever a record has as
// argument is older. Cost of the scheme: one long-lived record keeps one slab, which is why slabs
// are small.
#pragma once

#include <algorithm>
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
    if (static_cast<std::size_t>(bump_ - floor_) < bytes) [[unlikely]]
      make_room(bytes);
    bump_ -= bytes;
    counted_bytes_ += bytes;
    ++current_->live;
    return bump_;
  }

  // The same for an Interior, in parts, for callers that keep the rare one out of their way.
  bool has_room_for_short() const { return newest() >= least_for_short_; }
  void make_room(std::size_t bytes = sizeof(Interior));
  void* allocate_short_in_room() { return bump_ -= sizeof(Interior); }

  // An allowance: so many Interiors may follow for which nothing needs to be asked. It lasts no
  // longer than the room for them.
  bool is_allowed() const { return newest() >= least_allowed_; }
  void allow(std::size_t count) {
    const auto room = static_cast<std::size_t>(bump_ - floor_) / sizeof(Interior);
    count = std::min(count, room);
    least_allowed_ = count == 0 ? nothing_allowed : newest() - (count - 1) * sizeof(Interior);
  }
  void allow_one_less() { least_allowed_ += sizeof(Interior); }

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
  static constexpr std::uintptr_t nothing_allowed = ~std::uintptr_t{0} / 2;  // above any address

  std::uintptr_t newest() const { return reinterpret_cast<std::uintptr_t>(bump_); }
  // Of the current slab, the records that are not in `live` yet.
  std::ptrdiff_t uncounted() const;
  void start(Slab* slab);
  [[gnu::cold, gnu::noinline]] void recycle(Slab* slab) noexcept;

  char* bump_ = nullptr;                // lowest used byte of the current slab
  char* floor_ = nullptr;               // lowest usable byte of the current slab
  std::uintptr_t least_for_short_ = 1;  // below this, `bump_` leaves no room for an Interior
  std::uintptr_t least_allowed_ = nothing_allowed;  // below this, the allowance is used up
  std::size_t counted_bytes_ = 0;                   // in the current slab, of records in `live`
  Slab* current_ = nullptr;
  SlabPool pool_;
};

}  // namespace autograd
