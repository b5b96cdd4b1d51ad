#include "core/recording.hpp"

namespace autograd {

namespace detail {

std::atomic<int> threads_not_recording{0};

namespace {

void (*stop_watcher)() = nullptr;

// A thread that ends while its recording is off must not be counted for ever.
struct ThreadState {
  bool recording = true;
  ThreadState() = default;
  ThreadState(const ThreadState&) = delete;
  ThreadState& operator=(const ThreadState&) = delete;
  ~ThreadState() {
    if (!recording) threads_not_recording.fetch_sub(1, std::memory_order_relaxed);
  }
};

thread_local ThreadState this_thread;

}  // namespace

bool this_thread_records() { return this_thread.recording; }

}  // namespace detail

bool set_recording(bool on) {
  const bool previous = detail::this_thread.recording;
  if (on != previous) {
    detail::this_thread.recording = on;
    detail::threads_not_recording.fetch_add(on ? -1 : 1, std::memory_order_relaxed);
    if (!on && detail::stop_watcher != nullptr) detail::stop_watcher();
  }
  return previous;
}

void set_recording_watcher(void (*watcher)()) { detail::stop_watcher = watcher; }

}  // namespace autograd
