#include "core/elementwise.hpp"

#include <algorithm>
#include <cstring>

#include "core/broadcast.hpp"
#include "core/kernels.hpp"
#include "core/past_caches.hpp"
#include "core/reads.hpp"

namespace autograd {

namespace {

// Elements a chunk: 4 KiB an operand, so that all that a kernel touches fits the first cache.
constexpr std::size_t chunk = 512;
// For results that go past the caches: smaller, since what is read next is asked for meanwhile.
constexpr std::size_t chunk_past_caches = 256;

// An operand as a sequence of doubles in the order of the result. Nothing is set before begin(),
// for most of it is a buffer.
class Stream {
 public:
  void begin(const ArrayOperand& operand, const Shape& shape) {
    begin(operand, shape.size());
    is_repeated_ = array_ != nullptr && array_->size != shape.size();
    if (is_repeated_) runs_ = Runs(shape_of(*array_), shape);
  }
  // One that has the shape of the result, or is a number.
  void begin(const ArrayOperand& operand, std::size_t size) {
    array_ = operand.array;
    place_ = 0;
    is_repeated_ = false;
    if (array_ == nullptr) std::fill_n(buffer_, std::min(chunk, size), operand.number);
  }

  // The next `count` elements, at most a chunk.
  const double* next(std::size_t count) {
    if (array_ == nullptr) return buffer_;
    if (is_repeated_) {
      gather(count);
      return buffer_;
    }
    const std::size_t place = place_;
    place_ += count;
    if (array_->dtype == Dtype::float64) return array_->doubles() + place;
    kernels().to_double(count, buffer_, array_->floats() + place);
    return buffer_;
  }

  // What comes after these, where that lies side by side in memory; else null.
  const double* ahead(std::size_t count) const {
    const bool is_direct = array_ != nullptr && !is_repeated_ && array_->dtype == Dtype::float64;
    return is_direct && place_ + count <= array_->size ? array_->doubles() + place_ : nullptr;
  }

 private:
  void gather(std::size_t count) {
    for (std::size_t done = 0; done < count;) {
      const Run run = runs_.next(count - done);
      double* out = buffer_ + done;
      if (run.repeats) {
        std::fill_n(out, run.count, array_->number_at(run.place));
      } else if (array_->dtype == Dtype::float64) {
        std::copy_n(array_->doubles() + run.place, run.count, out);
      } else {
        kernels().to_double(run.count, out, array_->floats() + run.place);
      }
      done += run.count;
    }
  }

  const Array* array_;
  std::size_t place_;
  bool is_repeated_;
  Runs runs_;
  alignas(64) double buffer_[chunk];
};

// A place for the next doubles of an array.
class Output {
 public:
  explicit Output(Array& array, bool is_past_caches = false)
      : array_(array), is_past_caches_(is_past_caches) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() {
    if (is_past_caches_) end_stores_past_caches();
  }

  double* next() {
    const bool is_direct = array_.dtype == Dtype::float64 && !is_past_caches_;
    return is_direct ? array_.doubles() + place_ : buffer_;
  }
  void advance(std::size_t count, std::span<const double* const> ahead = {}) {
    if (is_past_caches_) {
      store_past_caches(count, array_.doubles() + place_, buffer_, ahead);
    } else if (array_.dtype == Dtype::float32) {
      kernels().to_float(count, array_.floats() + place_, buffer_);
    }
    place_ += count;
  }

 private:
  Array& array_;
  bool is_past_caches_;
  std::size_t place_ = 0;
  alignas(64) double buffer_[chunk];
};

// Calls f(count) for one chunk after another.
template <class F>
void in_chunks(std::size_t size, const F& f, std::size_t most = chunk) {
  for (std::size_t done = 0; done < size; done += most) f(std::min(most, size - done));
}

// The operands of an operation as streams, as many as there are.
class Streams {
 public:
  Streams(std::span<const ArrayOperand> operands, const Array& result) : count_(operands.size()) {
    bool all_alike = true;
    for (const ArrayOperand& operand : operands)
      all_alike = all_alike && (operand.array == nullptr || same_shape(*operand.array, result));
    if (all_alike) {
      for (std::size_t i = 0; i < count_; ++i) streams_[i].begin(operands[i], result.size);
    } else {
      const Shape shape = shape_of(result);
      for (std::size_t i = 0; i < count_; ++i) streams_[i].begin(operands[i], shape);
    }
  }

  const double* const* next(std::size_t count) {
    for (std::size_t i = 0; i < count_; ++i) pointers_[i] = streams_[i].next(count);
    return pointers_;
  }
  // Those of them that have as many elements more, side by side in memory.
  std::span<const double* const> ahead(std::size_t count) {
    std::size_t found = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      const double* data = streams_[i].ahead(count);
      if (data != nullptr) ahead_[found++] = data;
    }
    return {ahead_, found};
  }

 private:
  Stream streams_[3];
  std::size_t count_;
  const double* pointers_[3];
  const double* ahead_[3];
};

bool are_plain(std::span<const ArrayOperand> operands, const Array& result) {
  return std::ranges::all_of(operands, [&](const ArrayOperand& operand) {
    return operand.array != nullptr && operand.array->dtype == Dtype::float64 &&
           same_shape(*operand.array, result);
  });
}

// Whether the result is stored past the caches. One of float32 is converted on its way, and is not.
bool goes_past_caches(std::span<const ArrayOperand> operands, const Array& result) {
  if (result.dtype != Dtype::float64) return false;
  std::size_t bytes = result.bytes();
  for (const ArrayOperand& operand : operands)
    bytes += operand.array == nullptr ? 0 : operand.array->bytes();
  return are_past_caches(bytes);
}

// The array of the result, not computed yet.
ArrayReference new_result(ArrayPool& pool, std::size_t index,
                          std::span<const ArrayOperand> operands) {
  const Array* first = nullptr;
  bool differ = false;
  bool any_single = false;
  bool any_double = false;
  const auto& kinds = partial_kinds[index];
  const bool is_step = kinds[operands.size() - 1] == PartialKind::zero;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const ArrayOperand& operand = operands[i];
    if (operand.array == nullptr) continue;
    // An operand that nothing depends on smoothly, where there are others, only chooses.
    const bool chooses = !is_step && kinds[i] == PartialKind::zero;
    if (!chooses) (operand.array->dtype == Dtype::float32 ? any_single : any_double) = true;
    if (first == nullptr) first = operand.array;
    differ = differ || !same_shape(*first, *operand.array);
  }
  const Dtype dtype = any_single && !any_double ? Dtype::float32 : Dtype::float64;
  if (first != nullptr && !differ)
    return ArrayReference(pool.allocate(dtype, first->shape(), first->size));
  Shape shape;
  for (const ArrayOperand& operand : operands) {
    if (operand.array != nullptr)
      shape = broadcast(operation_names[index], shape, shape_of(*operand.array));
  }
  return ArrayReference(pool.allocate(dtype, shape));
}

}  // namespace

ArrayReference apply_elementwise(ArrayPool& pool, std::size_t index,
                                 std::span<const ArrayOperand> operands) {
  ArrayReference result = new_result(pool, index, operands);
  const Kernels::Value value = kernels().value[index];
  const bool is_past_caches = goes_past_caches(operands, *result);
  if (are_plain(operands, *result) && !is_past_caches) {
    const double* pointers[3];
    for (std::size_t i = 0; i < operands.size(); ++i) pointers[i] = operands[i].array->doubles();
    value(result->size, result->doubles(), pointers);
    return result;
  }
  Streams streams(operands, *result);
  Output output(*result, is_past_caches);
  in_chunks(
      result->size,
      [&](std::size_t count) {
        value(count, output.next(), streams.next(count));
        output.advance(count, streams.ahead(count));
      },
      is_past_caches ? chunk_past_caches : chunk);
  return result;
}

namespace {

// The operands as the derivative needs them: what it does not read is a number, whatever it is.
struct ReadOperands {
  ArrayOperand operands[3];
  ArrayOperand result;

  ReadOperands(const Backward& backward, std::size_t argument) {
    const unsigned reads = reads_of_partial(backward.index, argument);
    const std::size_t arity = backward.operands.size();
    for (std::size_t i = 0; i < arity; ++i) {
      if ((reads >> i & 1U) != 0) operands[i] = backward.operands[i];
    }
    if ((reads >> arity & 1U) != 0) result = {&backward.result, 0.0};
  }
};

// Computes contributions a chunk at a time, each into the place that `place(count)` gives for it,
// and then calls done(count, place).
template <class Place, class Done>
void for_contributions(const Backward& backward, std::size_t argument, const Place& place,
                       const Done& done) {
  const auto contribution = kernels().contribution[backward.index][argument];
  const ReadOperands read(backward, argument);
  Streams streams({read.operands, backward.operands.size()}, backward.result);
  Stream results;
  Stream adjoints;
  results.begin(read.result, backward.result.size);
  adjoints.begin({backward.adjoint, 0.0}, backward.result.size);
  in_chunks(backward.result.size, [&](std::size_t count) {
    double* amounts = place();
    contribution(count, amounts, adjoints.next(count), streams.next(count), results.next(count));
    done(count, amounts);
  });
}

// The same through a buffer: f(count, amounts).
template <class F>
void for_contributions(const Backward& backward, std::size_t argument, const F& f) {
  alignas(64) double buffer[chunk];
  for_contributions(backward, argument, [&buffer] { return buffer; }, f);
}

// Adds a sequence of doubles, in the order of `from`, up to an array of the shape `to`.
class Collector {
 public:
  Collector(const Shape& from, const Shape& to, double* totals) : runs_(to, from), totals_(totals) {
    const std::uint64_t axes = repeated_axes(to, from);
    // Rows that are added up are common enough (a bias) for a loop of their own.
    if ((axes & (axes + 1)) == 0) columns_ = to.size();
    // And so are rows that become one number each.
    const std::uint64_t all = (std::uint64_t{1} << from.rank()) - 1;
    const std::uint64_t others = all & ~axes;
    if (axes != 0 && (others & (others + 1)) == 0)
      length_ = to.size() == 0 ? 0 : from.size() / to.size();
  }

  void add(std::size_t count, const double* amounts) {
    if (columns_ > 1 && columns_ < chunk) {
      add_rows(count, amounts);
      return;
    }
    if (length_ > 1 && length_ < chunk) {
      sum_rows(count, amounts);
      return;
    }
    for (std::size_t done = 0; done < count;) {
      const Run run = runs_.next(count - done);
      if (run.repeats) {
        totals_[run.place] += kernels().sum(run.count, amounts + done);
      } else {
        kernels().add(run.count, totals_ + run.place, amounts + done);
      }
      done += run.count;
    }
  }

 private:
  void add_rows(std::size_t count, const double* amounts) {
    while (count > 0) {
      if (column_ == 0 && count >= columns_) {
        const std::size_t rows = count / columns_;
        kernels().add_rows(rows, columns_, totals_, amounts);
        amounts += rows * columns_;
        count -= rows * columns_;
        continue;
      }
      const std::size_t part = std::min(count, columns_ - column_);
      kernels().add(part, totals_ + column_, amounts);
      column_ = (column_ + part) % columns_;
      amounts += part;
      count -= part;
    }
  }

  void sum_rows(std::size_t count, const double* amounts) {
    while (count > 0) {
      if (column_ == 0 && count >= length_) {
        const std::size_t rows = count / length_;
        kernels().sum_rows(rows, length_, totals_, amounts);
        totals_ += rows;
        amounts += rows * length_;
        count -= rows * length_;
        continue;
      }
      const std::size_t part = std::min(count, length_ - column_);
      *totals_ += kernels().sum(part, amounts);
      column_ += part;
      if (column_ == length_) {
        column_ = 0;
        ++totals_;
      }
      amounts += part;
      count -= part;
    }
  }

  Runs runs_;
  double* totals_;
  std::size_t columns_ = 0;  // of the rows that are added up, or 0
  std::size_t length_ = 0;   // of the rows that become one number each, or 0
  std::size_t column_ = 0;
};

// An array of doubles in the shape of `like`, all 0.
ArrayReference zero_doubles(const Array& like) {
  ArrayReference zeros(like.pool->allocate(Dtype::float64, like.shape(), like.size));
  std::fill_n(zeros->doubles(), zeros->size, 0.0);
  return zeros;
}

void accumulate_owned(ArrayReference& total, ArrayReference amount) {
  if (total) {
    accumulate(total, amount.get());
  } else {
    total = std::move(amount);
  }
}

}  // namespace

void add_contribution(const Backward& backward, std::size_t argument, ArrayReference& total) {
  const Array& target = *backward.operands[argument].array;
  const Array& result = backward.result;
  const PartialKind kind = partial_kinds[backward.index][argument];
  const bool alike = same_shape(target, result);
  if (kind == PartialKind::one && alike && target.dtype == backward.adjoint->dtype) {
    accumulate(total, backward.adjoint);
    return;
  }
  if (!alike) {
    ArrayReference sums = zero_doubles(target);
    if (kind == PartialKind::one && backward.adjoint->dtype == Dtype::float64) {
      Collector collector(shape_of(result), shape_of(target), sums->doubles());
      collector.add(result.size, backward.adjoint->doubles());
    } else {
      Collector collector(shape_of(result), shape_of(target), sums->doubles());
      for_contributions(backward, argument, [&](std::size_t count, const double* amounts) {
        collector.add(count, amounts);
      });
    }
    if (target.dtype != Dtype::float64) sums = converted(sums.get(), target.dtype);
    accumulate_owned(total, std::move(sums));
    return;
  }
  if (total && total->references == 1 && total->owner == nullptr &&
      total->dtype == Dtype::float64) {
    double* place = total->doubles();
    for_contributions(backward, argument, [&](std::size_t count, const double* amounts) {
      kernels().add(count, place, amounts);
      place += count;
    });
    return;
  }
  ArrayReference amounts(target.pool->allocate_like(target));
  if (target.dtype == Dtype::float64 && backward.adjoint->dtype == Dtype::float64 &&
      result.dtype == Dtype::float64 && are_plain(backward.operands, result)) {
    const double* const adjoint = backward.adjoint->doubles();
    const unsigned reads = reads_of_partial(backward.index, argument);
    const std::size_t arity = backward.operands.size();
    const double* pointers[3];  // what is not read may be any numbers
    for (std::size_t i = 0; i < arity; ++i)
      pointers[i] = (reads >> i & 1U) != 0 ? backward.operands[i].array->doubles() : adjoint;
    kernels().contribution[backward.index][argument](
        result.size, amounts->doubles(), adjoint, pointers,
        (reads >> arity & 1U) != 0 ? result.doubles() : adjoint);
  } else {
    Output output(*amounts);
    for_contributions(
        backward, argument, [&output] { return output.next(); },
        [&output](std::size_t count, const double*) { output.advance(count); });
  }
  accumulate_owned(total, std::move(amounts));
}

double sum_of_contributions(const Backward& backward, std::size_t argument) {
  double total = 0.0;
  for_contributions(backward, argument, [&](std::size_t count, const double* amounts) {
    total += kernels().sum(count, amounts);
  });
  return total;
}

void accumulate(ArrayReference& total, Array* amount) {
  if (!total) {
    total = ArrayReference::sharing(amount);
    return;
  }
  if (total->references > 1 || total->owner != nullptr) {
    constexpr std::size_t add = index_of("add");
    const ArrayOperand operands[] = {{total.get(), 0.0}, {amount, 0.0}};
    total = apply_elementwise(*amount->pool, add, operands);
    return;
  }
  add_in_place(*total, *amount);
}

void add_in_place(Array& total, const Array& amount) {
  if (total.dtype == Dtype::float64 && amount.dtype == Dtype::float64) {
    kernels().add(total.size, total.doubles(), amount.doubles());
    return;
  }
  for (std::size_t i = 0; i < total.size; ++i)
    total.set_number(i, total.number_at(i) + amount.number_at(i));
}

void make_own(ArrayReference& array) {
  if (array->references == 1 && array->owner == nullptr) return;
  ArrayReference copy(array->pool->allocate_like(*array));
  std::memcpy(copy->data(), array->data(), array->bytes());
  array = std::move(copy);
}

ArrayReference converted(Array* array, Dtype dtype) {
  if (array->dtype == dtype) return ArrayReference::sharing(array);
  ArrayReference result(array->pool->allocate(dtype, array->shape(), array->size));
  if (dtype == Dtype::float64) {
    kernels().to_double(array->size, result->doubles(), array->floats());
  } else {
    kernels().to_float(array->size, result->floats(), array->doubles());
  }
  return result;
}

namespace {

template <class T>
void repeat_into(const T* from, T* to, Runs runs, std::size_t size) {
  for (std::size_t done = 0; done < size;) {
    const Run run = runs.next(size);
    if (run.repeats) {
      std::fill_n(to + done, run.count, from[run.place]);
    } else {
      std::copy_n(from + run.place, run.count, to + done);
    }
    done += run.count;
  }
}

}  // namespace

ArrayReference repeated(const Array& array, const Shape& shape) {
  ArrayReference result(array.pool->allocate(array.dtype, shape));
  if (result->size == 0) return result;
  const Runs runs(shape_of(array), shape);
  if (array.dtype == Dtype::float64) {
    repeat_into(array.doubles(), result->doubles(), runs, result->size);
  } else {
    repeat_into(array.floats(), result->floats(), runs, result->size);
  }
  return result;
}

void fill(Array& array, double number) {
  switch (array.dtype) {
    case Dtype::float64:
      std::fill_n(array.doubles(), array.size, number);
      break;
    case Dtype::float32:
      std::fill_n(array.floats(), array.size, static_cast<float>(number));
      break;
    case Dtype::int64:  // places, which have a gradient of zeros like any constant
      std::fill_n(array.integers(), array.size, static_cast<std::int64_t>(number));
      break;
  }
}

ArrayReference filled_like(const Array& array, double number) {
  ArrayReference filled(array.pool->allocate_like(array));
  fill(*filled, number);
  return filled;
}

ArrayReference summed(const Array& array, std::uint64_t axes, const Shape& shape) {
  const Shape from = shape_of(array);
  ArrayReference sums(array.pool->allocate(Dtype::float64, shape));
  std::fill_n(sums->doubles(), sums->size, 0.0);
  Collector collector(from, with_ones(from, axes), sums->doubles());
  if (array.dtype == Dtype::float64) {
    collector.add(array.size, array.doubles());
    return sums;
  }
  Stream stream;
  stream.begin({&array, 0.0}, array.size);
  in_chunks(array.size, [&](std::size_t count) { collector.add(count, stream.next(count)); });
  return converted(sums.get(), array.dtype);
}

}  // namespace autograd
