// Arrays and the pool they come from: sizes, reuse, views, memory of other owners.
#include "core/array.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "array_fixture.hpp"
#include "failing_allocation.hpp"

namespace autograd::test {

namespace {

bool is_aligned(const void* data) { return reinterpret_cast<std::uintptr_t>(data) % 64 == 0; }

// Memory of somebody else, who counts how often it was given back.
struct Lender {
  Numbers memory;
  int returned = 0;
  static void give_back(void* owner) { ++static_cast<Lender*>(owner)->returned; }
};

}  // namespace

TEST_CASE("array: headers and elements are aligned, for every rank and type") {
  ArrayPool pool;
  for (const Dtype dtype : {Dtype::float64, Dtype::float32, Dtype::int64}) {
    Shape shape;
    for (std::size_t rank = 0; rank <= most_axes; ++rank) {
      CAPTURE(rank);
      const ArrayReference array(pool.allocate(dtype, shape));
      CHECK(is_aligned(array.get()));
      CHECK(is_aligned(array->data()));
      CHECK(array->rank == rank);
      CHECK(shape_of(*array) == shape);
      CHECK(array->size == shape.size());
      CHECK(array->bytes() == shape.size() * item_size(dtype));
      CHECK(array->references == 1);
      if (rank < most_axes) shape.append(rank == 3 ? 5 : 1);
    }
  }
  CHECK(pool.bytes_live() == 0);
}

TEST_CASE("array: every size has room, and little is lost") {
  ArrayPool pool;
  std::vector<std::size_t> sizes{0, 1};
  for (std::size_t size = 2; size < 200'000; size += size / 7 + 1) sizes.push_back(size);
  for (const std::size_t size : sizes) {
    CAPTURE(size);
    const ArrayReference array(pool.allocate(Dtype::float64, Shape{size}));
    for (std::size_t i = 0; i < size; ++i) array->doubles()[i] = 1.0;  // a sanitizer would see
    const std::size_t needed = Array::header_size(1) + array->bytes();
    CHECK(pool.bytes_live() >= needed);
    CHECK(pool.bytes_live() <= needed + std::max<std::size_t>(63, needed / 4));
  }
}

TEST_CASE("array: a freed block serves the next array of its size, newest first") {
  ArrayPool pool;
  const Shape shape{3, 5};
  Array* first = pool.allocate(Dtype::float64, shape);
  Array* second = pool.allocate(Dtype::float64, shape);
  const std::size_t live = pool.bytes_live();
  const std::size_t reserved = pool.bytes_reserved();
  ArrayPool::release(first);
  ArrayPool::release(second);
  CHECK(pool.bytes_live() == 0);
  CHECK(pool.bytes_reserved() == reserved);
  CHECK(pool.allocate(Dtype::float32, Shape{30}) == second);  // as many bytes
  CHECK(pool.allocate(Dtype::float64, shape) == first);
  CHECK(pool.bytes_live() == live);
  ArrayPool::release(first);
  ArrayPool::release(second);
}

TEST_CASE("array: cached blocks are given back before memory is refused") {
  ArrayPool pool;
  ArrayPool::release(pool.allocate(Dtype::float64, Shape{1000}));
  const std::size_t cached = pool.bytes_reserved();
  REQUIRE(cached > 0);
  {
    const FailingAllocation failing(0);
    CHECK_THROWS_AS(pool.allocate(Dtype::float64, Shape{100'000}), std::bad_alloc);
  }
  CHECK(pool.bytes_reserved() == 0);
  CHECK(pool.bytes_live() == 0);
}

TEST_CASE("array: what no memory can hold is refused, also where a size overflows") {
  ArrayPool pool;
  const std::size_t huge = std::size_t{1} << 40;
  CHECK_THROWS_AS(pool.allocate(Dtype::float64, Shape{huge, huge}), std::bad_alloc);
  CHECK_THROWS_AS(pool.allocate(Dtype::float32, Shape{huge, huge, huge, huge}), std::bad_alloc);
  CHECK_THROWS_AS(pool.allocate(Dtype::float64, Shape{huge, 1024}), std::bad_alloc);
  const ArrayReference none(pool.allocate(Dtype::float64, Shape{huge, 0, huge}));
  CHECK(none->size == 0);
}

TEST_CASE("array: a reshaped array shares memory and keeps the owner alive") {
  ArrayPool pool;
  ArrayReference array = make_array(pool, {2, 3}, counted(6));
  ArrayReference view = reshaped(array.get(), Shape{6});
  CHECK(view->data() == array->data());
  CHECK(shape_of(*view) == Shape{6});
  CHECK(array->references == 2);
  ArrayReference again = reshaped(view.get(), Shape{3, 2});
  CHECK(again->owner == array.get());  // no chain of views
  CHECK(array->references == 3);
  view = ArrayReference();
  array = ArrayReference();
  CHECK(numbers_of(*again) == counted(6));
  again = ArrayReference();
  CHECK(pool.bytes_live() == 0);
}

TEST_CASE("array: memory of another owner is given back once, with the last view of it") {
  ArrayPool pool;
  Lender lender{counted(6)};
  ArrayReference array(
      pool.adopt(Dtype::float64, Shape{6}, lender.memory.data(), &lender, Lender::give_back));
  ArrayReference view = reshaped(array.get(), Shape{2, 3});
  array = ArrayReference();
  CHECK(lender.returned == 0);
  view->doubles()[5] = 60.0;
  CHECK(lender.memory[5] == 60.0);
  view = ArrayReference();
  CHECK(lender.returned == 1);
  CHECK(pool.bytes_live() == 0);
}

TEST_CASE("array: memory of another owner is given back also when it cannot be adopted") {
  ArrayPool pool;
  Lender lender{counted(6)};
  {
    const FailingAllocation failing(0);
    CHECK_THROWS_AS(
        pool.adopt(Dtype::float64, Shape{6}, lender.memory.data(), &lender, Lender::give_back),
        std::bad_alloc);
  }
  CHECK(lender.returned == 1);
  const std::size_t huge = std::size_t{1} << 40;
  CHECK_THROWS_AS(pool.adopt(Dtype::float64, Shape{huge, huge}, lender.memory.data(), &lender,
                             Lender::give_back),
                  std::bad_alloc);
  CHECK(lender.returned == 2);
  CHECK(pool.bytes_live() == 0);
}

TEST_CASE("array: references count") {
  ArrayPool pool;
  ArrayReference array(pool.allocate(Dtype::float64, Shape{2}));
  {
    const ArrayReference copy = array;
    const ArrayReference shared = ArrayReference::sharing(array.get());
    CHECK(array->references == 3);
  }
  ArrayReference moved = std::move(array);
  CHECK(moved->references == 1);
  Array* handed_over = moved.hand_over();
  CHECK_FALSE(moved);
  ArrayPool::release(handed_over);
  CHECK(pool.bytes_live() == 0);
}

}  // namespace autograd::test
