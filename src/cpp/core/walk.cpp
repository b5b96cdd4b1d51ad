#include "core/walk.hpp"

namespace autograd {

void Pass::list(Leaf* leaf) {
  leaves().push_back(leaf);  // may throw: before the mark
  leaf->set(marked);
}

}  // namespace autograd
