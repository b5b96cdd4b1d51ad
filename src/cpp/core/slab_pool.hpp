// The memory below the slabs: aligned blocks, cut from large pieces.
//
// One aligned allocation a slab would leave a gap of a slab's size beside each (measured: half as
// much memory again), so slabs are cut from pieces of 1 MiB. A piece goes back to the system when
// all its slabs are free, but for a reserve that serves the next graph.
#pragma once

#include <cstddef>

#include "core/slab.hpp"

namespace autograd {

class SlabPool {
 public:
  SlabPool() = default;
  SlabPool(const SlabPool&) = delete;
  SlabPool& operator=(const SlabPool&) = delete;
  ~SlabPool();

  // A slab of slab_bytes, or one for a single record of `record_bytes` when that needs more. Only
  // `end`, `bytes` and `piece` are set. Throws std::bad_alloc.
  Slab* allocate(std::size_t record_bytes);
  void free(Slab* slab);

  std::size_t bytes_reserved() const { return reserved_; }

 private:
  void unlink(SlabPiece* piece);
  void link(SlabPiece* piece);
  void give_back(SlabPiece* piece);

  SlabPiece* with_space_ = nullptr;  // pieces that have a free slab
  std::size_t unused_ = 0;           // pieces of which no slab is used
  std::size_t reserved_ = 0;
};

}  // namespace autograd
