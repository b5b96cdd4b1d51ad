#include "core/deferred.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace autograd {

namespace {

// What is to be computed. It is the owner of the elements until they are there.
struct Recipe {
  std::size_t index = 0;       // of the entry
  std::optional<Slice> slice;  // of `unsliced`, instead
  std::size_t count = 0;
  ArrayReference arrays[3];  // null for numbers
  double numbers[3] = {};
  Recipe* next = nullptr;  // in a list of those that are given up
};

// Gives a recipe up, and the recipes of arrays that die of it: not by recursion, for these form
// chains as long as those of the graph.
void give_up(void* owner) {
  auto* waiting = static_cast<Recipe*>(owner);
  while (waiting != nullptr) {
    Recipe* recipe = waiting;
    waiting = recipe->next;
    for (ArrayReference& operand : recipe->arrays) {
      const ArrayReference last = std::move(operand);
      if (!last || last->references > 1 || !is_deferred(*last)) continue;
      auto* inner = static_cast<Recipe*>(std::exchange(last->owner, nullptr));
      inner->next = waiting;
      waiting = inner;
    }
    delete recipe;
  }
}

// Throws std::bad_alloc.
ArrayReference defer(ArrayPool& pool, const Shape& shape, std::unique_ptr<Recipe> recipe) {
  return ArrayReference(pool.adopt(Dtype::float64, shape, nullptr, recipe.release(), give_up));
}

const Recipe& recipe_of(const Array& array) { return *static_cast<const Recipe*>(array.owner); }

ArrayReference compute(ArrayPool& pool, const Recipe& recipe, const Shape& shape) {
  if (recipe.slice) return unsliced(*recipe.arrays[0], *recipe.slice, shape);
  ArrayOperand operands[3];
  for (std::size_t i = 0; i < recipe.count; ++i)
    operands[i] = {recipe.arrays[i].get(), recipe.numbers[i]};
  return apply_elementwise(pool, recipe.index, {operands, recipe.count});
}

}  // namespace

bool is_deferred(const Array& array) {
  return array.place == nullptr && array.owner != nullptr && array.give_back == give_up;
}

ArrayReference deferred_elementwise(std::size_t index, std::span<const ArrayOperand> operands) {
  const Array* first = nullptr;
  for (const ArrayOperand& operand : operands) {
    if (operand.array == nullptr) continue;
    if (first == nullptr) first = operand.array;
    if (operand.array->dtype != Dtype::float64 || !same_shape(*first, *operand.array)) return {};
  }
  if (first == nullptr) return {};
  auto recipe = std::make_unique<Recipe>();
  recipe->index = index;
  recipe->count = operands.size();
  for (std::size_t i = 0; i < operands.size(); ++i) {
    recipe->numbers[i] = operands[i].number;
    if (operands[i].array != nullptr)
      recipe->arrays[i] = ArrayReference::sharing(const_cast<Array*>(operands[i].array));
  }
  return defer(*first->pool, shape_of(*first), std::move(recipe));
}

ArrayReference deferred_unsliced(Array& array, const Slice& slice, const Shape& shape) {
  if (array.dtype != Dtype::float64) return unsliced(array, slice, shape);
  auto recipe = std::make_unique<Recipe>();
  recipe->slice = slice;
  recipe->count = 1;
  recipe->arrays[0] = ArrayReference::sharing(&array);
  return defer(*array.pool, shape, std::move(recipe));
}

// Operands first, with a stack of its own: to compute reads elements, and what it reads is settled.
void settle(Array& array) {  // NOLINT(misc-no-recursion)
  if (!is_deferred(array)) return;
  std::vector<Array*> stack{&array};
  while (!stack.empty()) {
    Array& next = *stack.back();
    if (!is_deferred(next)) {
      stack.pop_back();
      continue;
    }
    const std::size_t before = stack.size();
    for (const ArrayReference& operand : recipe_of(next).arrays) {
      if (operand && is_deferred(*operand)) stack.push_back(operand.get());
    }
    if (stack.size() > before) continue;
    ArrayReference result = compute(*next.pool, recipe_of(next), shape_of(next));
    void* const recipe = next.owner;
    next.place = result->data();
    next.give_back = [](void* owner) { ArrayPool::release(static_cast<Array*>(owner)); };
    next.owner = result.hand_over();
    give_up(recipe);
    stack.pop_back();
  }
}

}  // namespace autograd
