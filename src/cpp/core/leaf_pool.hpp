// The memory of leaves: fixed-size cells with a free list. Leaves have no place in creation order,
// so a cell is used again at once; the memory of the pool itself is kept.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/node.hpp"

namespace autograd {

class LeafPool {
 public:
  // O(1); allocates once per `cells_a_block` leaves. Throws std::bad_alloc.
  Leaf* allocate() {
    if (free_ == nullptr) [[unlikely]]
      grow();
    Node* cell = free_;
    free_ = cell->link;
    return as_leaf(cell);
  }

  void retire(Node* leaf) {
    leaf->link = free_;
    free_ = leaf;
  }

  std::size_t bytes_reserved() const { return blocks_.size() * cells_a_block * sizeof(Leaf); }

 private:
  static constexpr std::size_t cells_a_block = 340;

  void grow();

  Node* free_ = nullptr;
  std::vector<std::unique_ptr<Leaf[]>> blocks_;
};

}  // namespace autograd
