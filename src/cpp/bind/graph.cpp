#include "bind/graph.hpp"

#include <chrono>
#include <thread>

#include "bind/custom.hpp"
#include "bind/notes.hpp"
#include "bind/value.hpp"
#include "core/recording.hpp"

namespace autograd::bind {

namespace {

std::thread::id turn;  // of the thread that was the last to begin a pass

[[gnu::cold, gnu::noinline]] void wait_for_turn() {
  while (graph.sweep.running && turn != std::this_thread::get_id()) {
    {
      const py::gil_scoped_release released;
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  }
}

}  // namespace

void take_turn() {
  if (graph.sweep.running) [[unlikely]]
    wait_for_turn();
  turn = std::this_thread::get_id();
}

void bind_graph(py::module_& module) {
  graph.set_watcher([](const Node* node) {
    forget_notes(node);
    forget_call(node);
  });
  module.def("set_recording", &set_recording, py::arg("on"),
             "Switch recording in this thread; returns what it was.");
  module.def("is_recording", &is_recording, "Whether operations are recorded in this thread.");
  module.def(
      "memory",
      [] {
        return py::make_tuple(graph.live_interiors(), graph.live_leaves(), graph.bytes_live(),
                              graph.bytes_reserved());
      },
      "Live results, live leaves, the bytes in them, the bytes held from the system.");
}

}  // namespace autograd::bind
