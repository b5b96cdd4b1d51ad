// A slab: a piece of memory for interior nodes, in creation order.
//
// A slab is filled from its end downwards, so the newest record has the lowest address, and a
// walk to ever older records steps upwards by the size that each record states.
//
// Every record has a position, a count of bytes that only grows; a leaf's clock compares to it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/node.hpp"

namespace autograd {

// 16 KiB: 340 records. One survivor pins at most this much.
inline constexpr std::size_t slab_bytes = std::size_t{1} << 14;

struct SlabPiece;

struct Slab {
  Slab* older;
  Slab* newer;
  char* newest;         // lowest record, once the slab is full
  char* end;            // past the oldest record
  std::uint64_t base;   // position before its first record
  std::ptrdiff_t live;  // records that are not dead; the short ones count once the slab is full
  std::size_t bytes;    // of the whole slab; more than slab_bytes for one very long record
  SlabPiece* piece;     // from which the slab was cut; null for the slab of a very long record

  char* floor() { return reinterpret_cast<char*>(this) + sizeof(Slab); }
  // origin() - address is the position of a record: that of the bytes up to and with it.
  std::uint64_t origin() const { return base + reinterpret_cast<std::uintptr_t>(end); }
};

// Slabs are aligned to slab_bytes, and a record starts within the first slab_bytes of its slab.
inline Slab* slab_of(const void* record) {
  return reinterpret_cast<Slab*>(reinterpret_cast<std::uintptr_t>(record) & ~(slab_bytes - 1));
}

inline std::uint64_t position_of(const Node* interior) {
  return slab_of(interior)->origin() - reinterpret_cast<std::uintptr_t>(interior);
}

}  // namespace autograd
