// Reading an array as if it had a larger shape: the elements, in the order of that shape, come in
// runs of neighbours or in runs of one that is repeated.
#pragma once

#include "core/shape.hpp"

namespace autograd {

struct Run {
  std::size_t place;  // of the first element in the array
  std::size_t count;
  bool repeats;  // all are the first one
};

class Runs {
 public:
  Runs() = default;  // of nothing; not all is set

  // `from` can be broadcast to `to`.
  Runs(const Shape& from, const Shape& to) {
    const Strides strides = broadcast_strides(from, to);
    for (std::size_t axis = 0; axis < to.rank(); ++axis) {
      const std::size_t length = to[axis];
      if (length == 1) continue;
      const std::ptrdiff_t stride = strides[axis];
      // Neighbouring axes that are walked as one.
      if (rank_ > 0 && strides_[rank_ - 1] == stride * static_cast<std::ptrdiff_t>(length)) {
        lengths_[rank_ - 1] *= length;
        strides_[rank_ - 1] = stride;
      } else {
        lengths_[rank_] = length;
        strides_[rank_++] = stride;
      }
    }
    if (rank_ == 0) {
      lengths_[rank_] = 1;
      strides_[rank_++] = 1;
    }
    for (std::size_t axis = 0; axis < rank_; ++axis) index_[axis] = 0;
    inner_ = lengths_[rank_ - 1];
    repeats_ = strides_[rank_ - 1] == 0;
  }

  // The next elements, at most `limit` of them; there must be one.
  Run next(std::size_t limit) {
    const std::size_t left = inner_ - within_;
    const std::size_t count = left < limit ? left : limit;
    const Run run{place_ + (repeats_ ? 0 : within_), count, repeats_};
    within_ += count;
    if (within_ == inner_) {
      within_ = 0;
      advance();
    }
    return run;
  }

 private:
  void advance() {
    for (std::size_t axis = rank_ - 1; axis-- > 0;) {
      place_ += static_cast<std::size_t>(strides_[axis]);
      if (++index_[axis] < lengths_[axis]) return;
      place_ -= static_cast<std::size_t>(strides_[axis]) * lengths_[axis];
      index_[axis] = 0;
    }
  }

  std::size_t rank_ = 0;
  std::size_t inner_;
  bool repeats_;
  std::size_t within_ = 0;
  std::size_t place_ = 0;
  std::array<std::size_t, most_axes> lengths_;
  Strides strides_;
  std::array<std::size_t, most_axes> index_;
};

}  // namespace autograd
