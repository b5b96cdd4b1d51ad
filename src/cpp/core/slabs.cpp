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

void Slabs::make_room(std::size_t bytes) {
  Slab* previous = current_;
  const bool empty = previous != nullptr && previous->live == 0;
  if (empty && previous->bytes == slab_bytes && previous->floor() + bytes <= previous->end) {
    previous->base = now();  // start again in place, at a higher position
    bump_ = previous->end;
    return;
  }
  Slab* slab = pool_.allocate(bytes);  // nothing below can fail
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
  least_for_short_ = reinterpret_cast<std::uintptr_t>(floor_) + sizeof(Interior);
  if (empty) recycle(previous);
}

// An empty slab that is not the current one leaves the order.
void Slabs::recycle(Slab* slab) noexcept {
  if (slab->older != nullptr) slab->older->newer = slab->newer;
  slab->newer->older = slab->older;  // the current slab is newer than any other
  pool_.free(slab);
}

}  // namespace autograd
