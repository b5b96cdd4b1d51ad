#include "bind/copies.hpp"

#include <cstring>

#include "bind/array.hpp"
#include "bind/errors.hpp"
#include "bind/graph.hpp"
#include "bind/notes.hpp"
#include "bind/operand.hpp"
#include "bind/value.hpp"
#include "core/flat_graph.hpp"

namespace autograd::bind {

namespace {

// (names, words as bytes, leaves, labels of interior nodes by number, primals that are arrays)
py::tuple flatten_value(py::handle root) {
  Node* node = node_for("pickle", root.ptr());
  take_turn();
  const FlatGraph flat = flatten(graph, node);
  py::list leaves;
  for (Node* leaf : flat.leaves) leaves.append(object_of(leaf));
  py::dict labels;
  for (std::size_t i = 0; i < flat.interiors.size(); ++i) {
    if (PyObject* label = label_of(flat.interiors[i])) labels[py::int_(i)] = py::handle(label);
  }
  const py::bytes words(reinterpret_cast<const char*>(flat.words.data()),
                        flat.words.size() * sizeof(std::uint64_t));
  py::list arrays;
  for (const ArrayReference& array : flat.arrays) arrays.append(ndarray_of(array.get(), false));
  return py::make_tuple(py::tuple(py::cast(flat.names)), words, py::tuple(leaves), labels,
                        py::tuple(arrays));
}

py::object rebuild_value(const std::vector<std::string>& names, const py::bytes& data,
                         const py::tuple& leaves, const py::dict& labels,
                         const py::tuple& ndarrays) {
  const std::string_view bytes = data;
  std::vector<std::uint64_t> words(bytes.size() / sizeof(std::uint64_t));
  if (!words.empty()) std::memcpy(words.data(), bytes.data(), words.size() * sizeof(std::uint64_t));
  std::vector<Node*> nodes;
  for (const py::handle& leaf : leaves) nodes.push_back(node_for("unpickle", leaf.ptr()));
  std::vector<ArrayReference> arrays;
  for (const py::handle& array : ndarrays) arrays.push_back(stored_array(array.ptr()));
  const std::vector<Reference> made = rebuild(graph, names, words, nodes, arrays);
  if (made.empty())
    throw py::value_error(
        "[unpickle] an empty graph was given - at least one node is needed. Store it again.");
  for (const auto& [number, label] : labels) {
    const auto place = number.cast<std::size_t>();
    if (place < made.size()) set_label(made[place].get(), label.ptr());
  }
  return object_of(made.back().get());
}

}  // namespace

void bind_copies(py::module_& module) {
  module.def("flatten", flatten_value, py::arg("value"),
             "The graph of a value as (names, words, leaves, labels, arrays), for rebuild().");
  module.def("rebuild", rebuild_value, py::arg("names"), py::arg("words"), py::arg("leaves"),
             py::arg("labels"), py::arg("arrays") = py::tuple(),
             "The value that flatten() described, on the given leaves.");
}

}  // namespace autograd::bind
