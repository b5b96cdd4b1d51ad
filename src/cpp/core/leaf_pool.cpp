#include "core/leaf_pool.hpp"

namespace autograd {

void LeafPool::grow() {
  blocks_.push_back(std::make_unique<Leaf[]>(cells_a_block));
  Leaf* cells = blocks_.back().get();
  for (std::size_t i = cells_a_block; i-- > 0;) retire(&cells[i]);
}

}  // namespace autograd
