// A list that lives on the stack while it is short: most lists that operations are applied to are.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace autograd::bind {

template <class T>
class SmallBuffer {
 public:
  SmallBuffer() = default;
  SmallBuffer(const SmallBuffer&) = delete;
  SmallBuffer& operator=(const SmallBuffer&) = delete;

  // Room for so many elements in all. Before the first is appended. Throws std::bad_alloc.
  void reserve(std::size_t capacity) {
    if (capacity <= local_capacity) return;
    heap_ = std::make_unique_for_overwrite<T[]>(capacity);
    data_ = heap_.get();
  }

  void append(T element) { data_[size_++] = element; }  // within what was reserved
  // For loops that keep where they are in registers: the elements, and how many of them count.
  T* data() { return data_; }
  void set_size(std::size_t size) { size_ = size; }  // within what was reserved
  void clear() { size_ = 0; }
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  std::span<const T> view() const { return {data_, size_}; }

 private:
  static constexpr std::size_t local_capacity = 128;

  T local_[local_capacity];
  std::unique_ptr<T[]> heap_;
  T* data_ = local_;
  std::size_t size_ = 0;
};

}  // namespace autograd::bind
