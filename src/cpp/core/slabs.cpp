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
  std::ptrdiff_t total = current_ == nullptr ? 0 : uncounted();
  for (const Slab* slab = current_; slab != nullptr; slab = slab->older) total += slab->live;
  return static_cast<std::size_t>(total);
}

std::ptrdiff_t Slabs::uncounted() const {
  const std::ptrdiff_t all = current_->end - bump_;
  return (all - static_cast<std::ptrdiff_t>(counted_bytes_)) /
         static_cast<std::ptrdiff_t>(sizeof(Interior));
}

void Slabs::make_room(std::size_t bytes) {
  Slab* previous = current_;
  const bool is_empty = previous != nullptr && previous->live + uncounted() == 0;
  if (is_empty && previous->bytes == slab_bytes && previous->floor() + bytes <= previous->end) {
    start(previous);  // again, at a higher position
    return;
  }
  Slab* slab = pool_.allocate(bytes);  // nothing below can fail
  slab->older = previous;
  slab->newer = nullptr;
  if (previous != nullptr) {
    previous->live += uncounted();
    previous->newest = bump_;
    previous->newer = slab;
  }
  start(slab);
  if (is_empty) recycle(previous);
}

// Records follow in this slab, which has none.
void Slabs::start(Slab* slab) {
  slab->base = now();
  slab->live = 0;
  current_ = slab;
  bump_ = slab->end;
  floor_ = slab->floor();
  counted_bytes_ = 0;
  least_for_short_ = reinterpret_cast<std::uintptr_t>(floor_) + sizeof(Interior);
  least_allowed_ = nothing_allowed;
}

// An empty slab that is not the current one leaves the order.
void Slabs::recycle(Slab* slab) noexcept {
  if (slab->older != nullptr) slab->older->newer = slab->newer;
  slab->newer->older = slab->older;  // the current slab is newer than any other
  pool_.free(slab);
}

}  // namespace autograd
