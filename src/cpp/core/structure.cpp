#include "core/structure.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "core/broadcast.hpp"
#include "core/error.hpp"
#include "core/gemm.hpp"
#include "core/kernels.hpp"

namespace autograd {

AxisOrder reversed_axes(std::size_t rank) {
  AxisOrder order = 0;
  for (std::size_t i = 0; i < rank; ++i) order |= AxisOrder{rank - 1 - i} << (4 * i);
  return order;
}

AxisOrder inverse_of(AxisOrder order, std::size_t rank) {
  AxisOrder inverse = 0;
  for (std::size_t i = 0; i < rank; ++i) inverse |= AxisOrder{i} << (4 * axis_at(order, i));
  return inverse;
}

namespace {

// Calls f with a pointer to the elements of the array, of its type.
template <class F>
void with_elements(const Array& array, const F& f) {
  if (array.dtype == Dtype::float32) {
    f(array.floats());
  } else if (array.dtype == Dtype::float64) {
    f(array.doubles());
  } else {
    f(array.integers());
  }
}

// Elements anywhere in memory, `strides` apart along each axis of a shape. Visits them in order,
// a row along the last axis at a time: f(place of the first, distance, how many).
template <class F>
void for_rows(const Shape& shape, const Strides& strides, std::ptrdiff_t first, const F& f) {
  if (shape.size() == 0) return;
  if (shape.rank() == 0) {
    f(first, std::ptrdiff_t{1}, std::size_t{1});
    return;
  }
  const std::size_t last = shape.rank() - 1;
  std::array<std::size_t, most_axes> index{};
  for (std::ptrdiff_t place = first;;) {
    f(place, strides[last], shape[last]);
    std::size_t axis = last;
    for (;;) {
      if (axis-- == 0) return;
      place += strides[axis];
      if (++index[axis] < shape[axis]) break;
      place -= strides[axis] * static_cast<std::ptrdiff_t>(shape[axis]);
      index[axis] = 0;
    }
  }
}

template <class T>
void read_rows(const T* from, T* to, const Shape& shape, const Strides& strides,
               std::ptrdiff_t first) {
  for_rows(shape, strides, first, [&](std::ptrdiff_t place, std::ptrdiff_t step, std::size_t n) {
    const T* row = from + place;
    if (step == 1) {
      std::copy_n(row, n, to);
    } else {
      for (std::size_t i = 0; i < n; ++i) to[i] = row[static_cast<std::ptrdiff_t>(i) * step];
    }
    to += n;
  });
}

// A matrix in squares that stay in the first cache, whichever side is walked along.
template <class T>
void transpose_matrix(const T* from, T* to, std::size_t rows, std::size_t columns) {
  constexpr std::size_t side = 16;
  for (std::size_t row = 0; row < rows; row += side) {
    const std::size_t row_end = std::min(row + side, rows);
    for (std::size_t column = 0; column < columns; column += side) {
      const std::size_t column_end = std::min(column + side, columns);
      for (std::size_t c = column; c < column_end; ++c) {
        for (std::size_t r = row; r < row_end; ++r) to[c * rows + r] = from[r * columns + c];
      }
    }
  }
}

}  // namespace

ArrayReference transposed(const Array& array, AxisOrder order) {
  const Strides own = strides_of(shape_of(array));
  Shape shape;
  Strides strides{};
  for (std::size_t i = 0; i < array.rank; ++i) {
    shape.append(array.lengths[axis_at(order, i)]);
    strides[i] = own[axis_at(order, i)];
  }
  ArrayReference result(array.pool->allocate(array.dtype, shape));
  with_elements(array, [&]<class T>(const T* from) {
    T* to = static_cast<T*>(result->data());
    if (array.rank == 2 && axis_at(order, 0) == 1) {
      transpose_matrix(from, to, array.lengths[0], array.lengths[1]);
    } else {
      read_rows(from, to, shape, strides, 0);
    }
  });
  return result;
}

namespace {

// From so many elements on, a slice that is a block shares memory instead of copying it.
constexpr std::size_t shared_from = 1024;

struct Region {
  Strides strides{};
  std::ptrdiff_t first = 0;
};

Region region_of(const Slice& slice, const Shape& shape) {
  const Strides own = strides_of(shape);
  Region region;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    region.first += static_cast<std::ptrdiff_t>(slice.starts[axis]) * own[axis];
    region.strides[axis] = slice.steps[axis] * own[axis];
  }
  return region;
}

}  // namespace

namespace {

// The elements of a slice that lie side by side: how many, from `first` on, or 0.
std::size_t size_of_block(const Slice& slice, const Shape& shape) {
  std::size_t block = 1;
  bool is_whole = true;  // of all axes behind this one
  for (std::size_t axis = shape.rank(); axis-- > 0;) {
    if (slice.counts[axis] > 1 && (slice.steps[axis] != 1 || !is_whole)) return 0;
    is_whole = is_whole && slice.counts[axis] == shape[axis];
    block *= slice.counts[axis];
  }
  return block;
}

}  // namespace

ArrayReference sliced(const Array& array, const Slice& slice) {
  const Shape shape = shape_of(array);
  const Region region = region_of(slice, shape);
  // Large ones share memory where they begin as arrays do, at the beginning of a cache line.
  const std::size_t offset = static_cast<std::size_t>(region.first) * item_size(array.dtype);
  const std::size_t block = size_of_block(slice, shape);
  if (block >= shared_from && offset % alignof(Array) == 0)
    return part_of(const_cast<Array&>(array), slice.shape(), offset);
  ArrayReference result(array.pool->allocate(array.dtype, slice.shape()));
  with_elements(array, [&]<class T>(const T* from) {
    read_rows(from, static_cast<T*>(result->data()), slice.counts, region.strides, region.first);
  });
  return result;
}

ArrayReference unsliced(const Array& array, const Slice& slice, const Shape& shape) {
  const Region region = region_of(slice, shape);
  ArrayReference result(array.pool->allocate(array.dtype, shape));
  if (const std::size_t block = size_of_block(slice, shape); block > 0) {
    const std::size_t item = item_size(array.dtype);
    char* to = static_cast<char*>(result->data());
    const std::size_t before = static_cast<std::size_t>(region.first) * item;
    std::memset(to, 0, before);
    std::memcpy(to + before, array.data(), block * item);
    std::memset(to + before + block * item, 0, result->bytes() - before - block * item);
    return result;
  }
  if (result->size > 0) std::memset(result->data(), 0, result->bytes());
  with_elements(array, [&]<class T>(const T* from) {
    T* to = static_cast<T*>(result->data());
    for_rows(slice.counts, region.strides, region.first,
             [&](std::ptrdiff_t place, std::ptrdiff_t step, std::size_t n) {
               T* row = to + place;
               if (step == 1) {
                 std::copy_n(from, n, row);
                 from += n;
                 return;
               }
               for (std::size_t i = 0; i < n; ++i)
                 row[static_cast<std::ptrdiff_t>(i) * step] = from[i];
               from += n;
             });
  });
  return result;
}

void add_to_slice(Array& total, const Array& amount, const Slice& slice) {
  const Region region = region_of(slice, shape_of(total));
  with_elements(amount, [&]<class T>(const T* from) {
    T* to = static_cast<T*>(total.data());
    for_rows(slice.counts, region.strides, region.first,
             [&](std::ptrdiff_t place, std::ptrdiff_t step, std::size_t n) {
               T* row = to + place;
               if constexpr (std::is_same_v<T, double>) {
                 if (step == 1) {
                   kernels().add(n, row, from);
                   from += n;
                   return;
                 }
               }
               for (std::size_t i = 0; i < n; ++i)
                 row[static_cast<std::ptrdiff_t>(i) * step] += from[i];
               from += n;
             });
  });
}

namespace {

void check_places(const Array& indices, std::size_t size) {
  for (std::size_t i = 0; i < indices.size; ++i) {
    const std::int64_t place = indices.integers()[i];
    if (place < 0 || static_cast<std::size_t>(place) >= size)
      throw IndexError("[take] the index " + std::to_string(place) + " was given - one from 0 to " +
                       std::to_string(size) + " is needed, the end excluded. Check the indices.");
  }
}

}  // namespace

ArrayReference taken(const Array& array, const Array& indices) {
  check_places(indices, array.size);
  ArrayReference result(array.pool->allocate(array.dtype, indices.shape(), indices.size));
  with_elements(array, [&]<class T>(const T* from) {
    T* to = static_cast<T*>(result->data());
    for (std::size_t i = 0; i < indices.size; ++i) to[i] = from[indices.integers()[i]];
  });
  return result;
}

ArrayReference scattered(const Array& array, const Array& indices, const Shape& shape) {
  check_places(indices, shape.size());
  ArrayReference result(array.pool->allocate(array.dtype, shape));
  std::memset(result->data(), 0, result->bytes());
  with_elements(array, [&]<class T>(const T* from) {
    T* to = static_cast<T*>(result->data());
    for (std::size_t i = 0; i < indices.size; ++i) to[indices.integers()[i]] += from[i];
  });
  return result;
}

namespace {

// An array as a block of `outer` x `length` x `inner` elements around one axis.
struct Around {
  Around(const Shape& shape, std::size_t axis) : length(shape[axis]) {
    for (std::size_t i = 0; i < axis; ++i) outer *= shape[i];
    for (std::size_t i = axis + 1; i < shape.rank(); ++i) inner *= shape[i];
  }
  std::size_t outer = 1;
  std::size_t length;
  std::size_t inner = 1;
};

}  // namespace

ArrayReference concatenated(std::span<const Array* const> arrays, std::size_t axis) {
  Shape shape = shape_of(*arrays[0]);
  shape[axis] = 0;
  for (const Array* array : arrays) shape[axis] += array->lengths[axis];
  ArrayReference result(arrays[0]->pool->allocate(arrays[0]->dtype, shape));
  const Around whole(shape, axis);
  const std::size_t item = item_size(result->dtype);
  char* to = static_cast<char*>(result->data());
  for (std::size_t outer = 0; outer < whole.outer; ++outer) {
    for (const Array* array : arrays) {
      const std::size_t bytes = array->lengths[axis] * whole.inner * item;
      if (bytes > 0)
        std::memcpy(to, static_cast<const char*>(array->data()) + outer * bytes, bytes);
      to += bytes;
    }
  }
  return result;
}

ArrayReference stacked(std::span<const Array* const> arrays) {
  Shape shape{arrays.size()};
  for (const std::size_t length : arrays[0]->shape()) shape.append(length);
  ArrayReference result(arrays[0]->pool->allocate(arrays[0]->dtype, shape));
  char* to = static_cast<char*>(result->data());
  for (const Array* array : arrays) {
    if (array->size > 0) std::memcpy(to, array->data(), array->bytes());
    to += array->bytes();
  }
  return result;
}

ArrayReference running_sum(const Array& array, std::size_t axis, bool backwards) {
  const Around around(shape_of(array), axis);
  ArrayReference result(array.pool->allocate_like(array));
  with_elements(array, [&]<class T>(const T* all_from) {
    T* all_to = static_cast<T*>(result->data());
    for (std::size_t outer = 0; outer < around.outer; ++outer) {
      for (std::size_t i = 0; i < around.length; ++i) {
        const std::size_t row = backwards ? around.length - 1 - i : i;
        const T* from = all_from + (outer * around.length + row) * around.inner;
        T* to = all_to + (outer * around.length + row) * around.inner;
        const T* before = backwards ? to + around.inner : to - around.inner;
        for (std::size_t j = 0; j < around.inner; ++j)
          to[j] = i == 0 ? from[j] : before[j] + from[j];
      }
    }
  });
  return result;
}

namespace {

// The better of two; nan is better than all.
template <class T>
T better(T a, T b, bool largest) {
  return (largest ? a > b : a < b) || std::isnan(a) ? a : b;
}

// Compares best[i] with row i.
template <class T>
void compare_rows(std::size_t rows, std::size_t columns, T* best, const T* data, bool largest) {
  if constexpr (std::is_same_v<T, double>) {
    (largest ? kernels().largest : kernels().smallest)(rows, columns, best, data);
  } else {
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < columns; ++j)
        best[i] = better(data[i * columns + j], best[i], largest);
    }
  }
}

}  // namespace

ArrayReference extremum(const Array& array, std::uint64_t axes, const Shape& shape, bool largest) {
  const Shape from = shape_of(array);
  ArrayReference result(array.pool->allocate(array.dtype, shape));
  with_elements(array, [&]<class T>(const T* data) {
    T* best = static_cast<T*>(result->data());
    std::fill_n(best, result->size, static_cast<T>(largest ? -infinity : infinity));
    const std::uint64_t all = (std::uint64_t{1} << from.rank()) - 1;
    const std::uint64_t others = all & ~axes;
    if (array.size > 0 && (others & (others + 1)) == 0) {  // the last axes go: rows, one by one
      compare_rows(result->size, array.size / result->size, best, data, largest);
      return;
    }
    Runs runs(with_ones(from, axes), from);
    for (std::size_t done = 0; done < array.size;) {
      const Run run = runs.next(array.size);
      if (run.repeats) {
        compare_rows(1, run.count, best + run.place, data + done, largest);
      } else {
        for (std::size_t i = 0; i < run.count; ++i)
          best[run.place + i] = better(data[done + i], best[run.place + i], largest);
      }
      done += run.count;
    }
  });
  return result;
}

namespace {

bool (*large_product)(const LargeProduct&) = nullptr;

// From about this many multiply-adds on, a BLAS with threads is worth the way to it. (One thread of
// OpenBLAS was never faster than gemm.hpp on AVX-512, and as fast on AVX2.)
constexpr std::size_t large = std::size_t{512} * 512 * 512;

template <class T>
void multiply(std::size_t m, std::size_t n, std::size_t k, const T* a, bool transpose_a, const T* b,
              bool transpose_b, T* c) {
  const auto stride_a = static_cast<std::ptrdiff_t>(transpose_a ? m : k);
  const auto stride_b = static_cast<std::ptrdiff_t>(transpose_b ? k : n);
  gemm<T>(m, n, k, {a, stride_a, transpose_a}, {b, stride_b, transpose_b}, c,
          static_cast<std::ptrdiff_t>(n), false);
}

}  // namespace

void set_large_product(bool (*multiply)(const LargeProduct&)) { large_product = multiply; }

namespace {

void multiply_or_hand_over(const LargeProduct& product) {
  if (large_product != nullptr && product.m * product.n * product.k >= large &&
      large_product(product))
    return;
  if (product.dtype == Dtype::float64) {
    multiply(product.m, product.n, product.k, static_cast<const double*>(product.a),
             product.transpose_a, static_cast<const double*>(product.b), product.transpose_b,
             static_cast<double*>(product.c));
  } else {
    multiply(product.m, product.n, product.k, static_cast<const float*>(product.a),
             product.transpose_a, static_cast<const float*>(product.b), product.transpose_b,
             static_cast<float*>(product.c));
  }
}

// Two matrices: what most products are, with no batch to work out.
ArrayReference product_of_matrices(const Array& a, const Array& b, std::size_t m, std::size_t n,
                                   std::size_t k, bool transpose_a, bool transpose_b) {
  const std::size_t shape[] = {m, n};
  ArrayReference result(a.pool->allocate(a.dtype, shape, m * n));
  if (m * n == 0) return result;
  if (a.dtype == Dtype::float64 && m * n * k < large) [[likely]] {
    multiply(m, n, k, a.doubles(), transpose_a, b.doubles(), transpose_b, result->doubles());
  } else {
    multiply_or_hand_over(
        {a.dtype, m, n, k, a.data(), b.data(), result->data(), transpose_a, transpose_b});
  }
  return result;
}

}  // namespace

ArrayReference product(const Array& a, const Array& b, bool transpose_a, bool transpose_b) {
  const auto rows_of = [](const Array& x, bool t) { return x.lengths[x.rank - (t ? 1 : 2)]; };
  const auto columns_of = [](const Array& x, bool t) { return x.lengths[x.rank - (t ? 2 : 1)]; };
  const std::size_t m = rows_of(a, transpose_a);
  const std::size_t k = columns_of(a, transpose_a);
  const std::size_t n = columns_of(b, transpose_b);
  if (k != rows_of(b, transpose_b))
    throw LengthError("[matmul] the shapes " + text_of(shape_of(a)) + " and " +
                      text_of(shape_of(b)) + " were given - the last length of the first and the " +
                      "last but one of the second must be equal. Transpose or reshape one.");
  if (a.rank == 2 && b.rank == 2)
    return product_of_matrices(a, b, m, n, k, transpose_a, transpose_b);
  const Shape batch_a(a.shape().first(a.rank - 2U));
  const Shape batch_b(b.shape().first(b.rank - 2U));
  const Shape batch = broadcast("matmul", batch_a, batch_b);
  Shape shape = batch;
  shape.append(m);
  shape.append(n);
  ArrayReference result(a.pool->allocate(a.dtype, shape));
  if (result->size == 0) return result;
  const auto multiply_all = [&]<class T>(const T* all_a, const T* all_b, T* to) {
    // A matrix for all of a batch of rows is one product of them.
    if (batch_b.size() == 1 && !transpose_a && batch_a == batch) {
      const std::size_t rows = batch.size() * m;
      multiply(rows, n, k, all_a, false, all_b, transpose_b, to);
      return;
    }
    Runs runs_a(batch_a, batch);
    Runs runs_b(batch_b, batch);
    for (std::size_t i = 0; i < batch.size(); ++i, to += m * n)
      multiply_or_hand_over({a.dtype, m, n, k, all_a + runs_a.next(1).place * m * k,
                             all_b + runs_b.next(1).place * k * n, to, transpose_a, transpose_b});
  };
  if (a.dtype == Dtype::float64) {
    multiply_all(a.doubles(), b.doubles(), result->doubles());
  } else {
    multiply_all(a.floats(), b.floats(), result->floats());
  }
  return result;
}

}  // namespace autograd
