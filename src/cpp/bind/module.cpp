// The module autograd._core: only calls what binds each noun.
#include "bind/array.hpp"
#include "bind/backward.hpp"
#include "bind/copies.hpp"
#include "bind/custom.hpp"
#include "bind/errors.hpp"
#include "bind/functions.hpp"
#include "bind/graph.hpp"
#include "bind/indexing.hpp"
#include "bind/notes.hpp"
#include "bind/operand.hpp"
#include "bind/optimize.hpp"
#include "bind/python.hpp"
#include "bind/reductions.hpp"
#include "bind/structural.hpp"
#include "bind/value.hpp"

// The graph is changed without a lock of its own, so the module says that it needs the
// interpreter's: a free-threaded CPython switches it on for the process, with a RuntimeWarning. And
// there is one graph a process, so the module is not for subinterpreters.
PYBIND11_MODULE(_core, module, pybind11::mod_gil_used(),
                pybind11::multiple_interpreters::not_supported()) {
  using namespace autograd::bind;
  module.doc() = "The compiled core of autograd; use it through the package.";
  module.attr("__version__") = AUTOGRAD_VERSION;
  bind_errors(module);
  bind_operand();
  bind_array();
  bind_value(module);
  bind_functions(module);
  bind_reductions(module);
  bind_indexing(module);
  bind_structural(module);
  bind_backward(module);
  bind_optimize(module);
  bind_custom(module);
  bind_graph(module);
  bind_notes(module);
  bind_copies(module);
  module.attr("__all__") = function_names();  // what `from autograd._core import *` gives
}
