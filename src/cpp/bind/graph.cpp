#include "bind/graph.hpp"

#include <chrono>
#include <thread>

#include "bind/custom.hpp"
#include "bind/notes.hpp"
#include "bind/value.hpp"
#include "core/recording.hpp"

namespace autograd::bind {

namespace {

// Where Python runs within a pass (the rule of a custom operation, a product of NumPy's), another
// thread may get the interpreter's lock, and come here. Throws when interrupted.
void wait_for_end_of_pass() {
  while (graph.sweep.running) {
    {
      const py::gil_scoped_release released;
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  }
}

}  // namespace

void take_turn() {
  if (!graph.sweep.running || graph.sweep.wait == nullptr) [[likely]]
    return;
  if (graph.sweep.owner != std::this_thread::get_id()) wait_for_end_of_pass();
}

void bind_graph(py::module_& module) {
  graph.sweep.wait = wait_for_end_of_pass;
  // A process that is forked has no thread that would end the pass of another: no waiting there.
  const py::module_ os = py::module_::import("os");
  if (py::hasattr(os, "register_at_fork"))
    os.attr("register_at_fork")(py::arg("after_in_child") = py::cpp_function([] {
                                  if (graph.sweep.running &&
                                      graph.sweep.owner != std::this_thread::get_id())
                                    graph.sweep.wait = nullptr;
                                }));
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
