#include "core/slabs.hpp"

namespace autograd {

Slabs::~Slabs() {
  while (current_ != nullptr) {
    Slab* older = current_->older;
    pool_.free(current_);
    current_ = older;
  }
}

std::size_t Slabs::live() const {
  std::size_t total = 0;
  for (const Slab* slab = current_; slab != nullptr; slab = slab->older) total += slab->live;
  return total;
}

void Slabs::next_slab(std::size_t bytes) {
  Slab* slab = pool_.allocate(bytes);  // nothing below can fail
  Slab* previous = current_;
  slab->older = previous;
  slab->newer = nullptr;
  slab->base = now();
  slab->live = 0;
  if (previous != nullptr) {
    previous->newest = bump_;
    previous->newer = slab;
  }
  current_ = slab;
  bump_ = slab->end;
  floor_ = slab->floor();
  if (previous != nullptr && previous->live == 0) recycle(previous);
}

void Slabs::recycle(Slab* slab) {
  if (slab == current_) {
    // Start again in place, at a higher position; but the slab of one very long record has no place
    // for others, and goes when the next slab comes.
    if (slab->bytes == slab_bytes) {
      slab->base = now();
      bump_ = slab->end;
    }
    return;
  }
  if (slab->older != nullptr) slab->older->newer = slab->newer;
  slab->newer->older = slab->older;  // the current slab is newer than any other
  pool_.free(slab);
}

}  // namespace autograd
