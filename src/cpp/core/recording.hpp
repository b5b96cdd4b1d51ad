// Whether operations are recorded: the one state of the core that is not in a graph. It belongs to
// the thread, so that `no_grad()` in one thread leaves the others alone.
#pragma once

#include <atomic>

namespace autograd {

namespace detail {

// Threads in which recording is off. While there is none, the answer needs no thread-local look-up,
// which costs a call in a shared library.
extern std::atomic<int> threads_not_recording;
bool this_thread_records();

}  // namespace detail

// True when recording is on in every thread; false says nothing.
inline bool everybody_records() {
  return detail::threads_not_recording.load(std::memory_order_relaxed) == 0;
}

inline bool is_recording() { return everybody_records() || detail::this_thread_records(); }

// Returns what it was.
bool set_recording(bool on);

// Called whenever a thread stops recording: for who relies on what everybody_records() has said.
void set_recording_watcher(void (*watcher)());

// Recording on or off for a scope.
class RecordingScope {
 public:
  explicit RecordingScope(bool on) : previous_(set_recording(on)) {}
  RecordingScope(const RecordingScope&) = delete;
  RecordingScope& operator=(const RecordingScope&) = delete;
  ~RecordingScope() { set_recording(previous_); }

 private:
  bool previous_;
};

}  // namespace autograd
