#include "core/slab_pool.hpp"

#include <new>

namespace autograd {

struct SlabPiece {
  SlabPiece* next;
  SlabPiece* previous;
  Slab* free;         // slabs that were used and are free again, linked through `older`
  std::size_t used;   // slabs in use
  std::size_t uncut;  // slabs that were never used; they follow the ones that were
  char* uncut_begin;
};

namespace {

constexpr std::align_val_t slab_alignment{slab_bytes};

// The piece's own description takes the place of the first slab.
constexpr std::size_t piece_bytes = std::size_t{1} << 20;
constexpr std::size_t slabs_a_piece = piece_bytes / slab_bytes - 1;
static_assert(sizeof(SlabPiece) <= slab_bytes);

// 64 MiB stay for the next graph (1.4 million records); more goes back.
constexpr std::size_t reserve = 64;

}  // namespace

SlabPool::~SlabPool() {
  while (with_space_ != nullptr) {
    SlabPiece* next = with_space_->next;
    give_back(with_space_);
    with_space_ = next;
  }
}

void SlabPool::link(SlabPiece* piece) {
  piece->previous = nullptr;
  piece->next = with_space_;
  if (with_space_ != nullptr) with_space_->previous = piece;
  with_space_ = piece;
}

void SlabPool::unlink(SlabPiece* piece) {
  (piece->previous != nullptr ? piece->previous->next : with_space_) = piece->next;
  if (piece->next != nullptr) piece->next->previous = piece->previous;
}

void SlabPool::give_back(SlabPiece* piece) {
  reserved_ -= piece_bytes;
  ::operator delete(piece, slab_alignment);
}

Slab* SlabPool::allocate(std::size_t record_bytes) {
  const std::size_t total = sizeof(Slab) + record_bytes;
  if (total > slab_bytes) {  // a very long record starts right after the slab's header
    auto* slab = static_cast<Slab*>(::operator new(total, slab_alignment));
    slab->bytes = total;
    slab->end = reinterpret_cast<char*>(slab) + total;
    slab->piece = nullptr;
    reserved_ += total;
    return slab;
  }
  if (with_space_ == nullptr) {
    auto* piece = static_cast<SlabPiece*>(::operator new(piece_bytes, slab_alignment));
    *piece = {nullptr, nullptr,       nullptr,
              0,       slabs_a_piece, reinterpret_cast<char*>(piece) + slab_bytes};
    reserved_ += piece_bytes;
    ++unused_;
    link(piece);
  }
  SlabPiece* piece = with_space_;
  Slab* slab = piece->free;
  if (slab != nullptr) {
    piece->free = slab->older;
  } else {
    slab = reinterpret_cast<Slab*>(piece->uncut_begin);
    slab->bytes = slab_bytes;
    slab->end = piece->uncut_begin + slab_bytes;
    slab->piece = piece;
    piece->uncut_begin += slab_bytes;
    --piece->uncut;
  }
  if (piece->used++ == 0) --unused_;
  if (piece->free == nullptr && piece->uncut == 0) unlink(piece);
  return slab;
}

void SlabPool::free(Slab* slab) {
  SlabPiece* piece = slab->piece;
  if (piece == nullptr) {
    reserved_ -= slab->bytes;
    ::operator delete(slab, slab_alignment);
    return;
  }
  if (piece->free == nullptr && piece->uncut == 0) link(piece);
  slab->older = piece->free;
  piece->free = slab;
  if (--piece->used > 0) return;
  if (unused_ == reserve) {
    unlink(piece);
    give_back(piece);
  } else {
    ++unused_;
  }
}

}  // namespace autograd
