#include "core/slabs.hpp"

#include <new>

namespace autograd {

namespace {

constexpr std::align_val_t alignment{slab_bytes};

// 64 MiB of empty slabs stay for the next graph (1.4 million records); more goes back.
constexpr std::size_t cache_limit = (std::size_t{64} << 20) / slab_bytes;

}  // namespace

Slabs::~Slabs() {
  while (current_ != nullptr) {
    Slab* older = current_->older;
    free(current_);
    current_ = older;
  }
  while (cache_ != nullptr) {
    Slab* next = cache_->older;
    free(cache_);
    cache_ = next;
  }
}

std::size_t Slabs::live() const {
  std::size_t total = 0;
  for (const Slab* slab = current_; slab != nullptr; slab = slab->older) total += slab->live;
  return total;
}

void Slabs::free(Slab* slab) noexcept {
  reserved_ -= slab->bytes;
  ::operator delete(slab, alignment);
}

void Slabs::next_slab(std::size_t bytes) {
  Slab* slab = cache_;
  if (sizeof(Slab) + bytes <= slab_bytes && slab != nullptr) {
    cache_ = slab->older;
    --cached_;
  } else {
    // A very long record has a slab to itself, and starts right after the slab's header.
    const std::size_t total = sizeof(Slab) + bytes <= slab_bytes ? slab_bytes : sizeof(Slab) + bytes;
    slab = static_cast<Slab*>(::operator new(total, alignment));
    slab->bytes = total;
    slab->end = reinterpret_cast<char*>(slab) + total;
    reserved_ += total;
  }
  // Nothing below can fail. A current slab whose records have all died leaves the order.
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
  if (slab == current_) {  // start again in place, at a higher position
    slab->base = now();
    bump_ = slab->end;
    return;
  }
  if (slab->older != nullptr) slab->older->newer = slab->newer;
  slab->newer->older = slab->older;  // the current slab is newer than any other
  if (slab->bytes != slab_bytes || cached_ == cache_limit) {
    free(slab);
    return;
  }
  slab->older = cache_;
  cache_ = slab;
  ++cached_;
}

}  // namespace autograd
