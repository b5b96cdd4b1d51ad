#include "failing_allocation.hpp"

#include <cstdlib>
#ifdef _WIN32
#include <malloc.h>
#endif

namespace autograd::test {

namespace {

constexpr std::size_t unlimited = static_cast<std::size_t>(-1);

thread_local std::size_t remaining = unlimited;
thread_local bool refused = false;

// malloc and free are the ones that the address sanitizer watches. In Windows' library, memory that
// is aligned further goes back another way.
#ifdef _WIN32
void* allocate_aligned(std::size_t bytes, std::size_t alignment) noexcept {
  return _aligned_malloc(bytes == 0 ? 1 : bytes, alignment);
}
void free_aligned(void* memory) noexcept { _aligned_free(memory); }
#else
void* allocate_aligned(std::size_t bytes, std::size_t alignment) noexcept {
  void* memory = nullptr;
  return posix_memalign(&memory, alignment, bytes) == 0 ? memory : nullptr;
}
void free_aligned(void* memory) noexcept { std::free(memory); }
#endif

void* allocate(std::size_t bytes, std::size_t alignment) noexcept {
  if (remaining != unlimited) {
    if (remaining == 0) {
      refused = true;
      return nullptr;
    }
    --remaining;
  }
  if (alignment > alignof(std::max_align_t)) return allocate_aligned(bytes, alignment);
  return std::malloc(bytes == 0 ? 1 : bytes);
}

void* allocate_or_throw(std::size_t bytes, std::size_t alignment) {
  void* memory = allocate(bytes, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

constexpr std::size_t usual = alignof(std::max_align_t);

}  // namespace

FailingAllocation::FailingAllocation(std::size_t successes) {
  refused = false;
  remaining = successes;
}

FailingAllocation::~FailingAllocation() { remaining = unlimited; }

bool FailingAllocation::happened() const { return refused; }

}  // namespace autograd::test

// Every form, or the sanitizer's own would serve some and not recognize our memory.
// NOLINTBEGIN(misc-new-delete-overloads)
using namespace autograd::test;

void* operator new(std::size_t bytes) { return allocate_or_throw(bytes, usual); }
void* operator new[](std::size_t bytes) { return allocate_or_throw(bytes, usual); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate_or_throw(bytes, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment) {
  return allocate_or_throw(bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  return allocate(bytes, usual);
}
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept {
  return allocate(bytes, usual);
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { free_aligned(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { free_aligned(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { free_aligned(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  free_aligned(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
// NOLINTEND(misc-new-delete-overloads)
