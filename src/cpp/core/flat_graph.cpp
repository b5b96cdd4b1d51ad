#include "core/flat_graph.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <unordered_map>

#include "core/composed.hpp"
#include "core/dense.hpp"
#include "core/error.hpp"
#include "core/record.hpp"
#include "core/record_array.hpp"
#include "core/reductions.hpp"
#include "core/stale.hpp"
#include "core/structural_rules.hpp"
#include "core/topological_order.hpp"

namespace autograd {

namespace {

// A node is a head, its primal, and its operands: numbers of nodes, or the bits of a number.
struct Head {
  std::uint16_t name;
  std::uint16_t numbers;  // which operands of an elementwise operation are numbers
  std::uint32_t count;    // of operands that follow
};
static_assert(sizeof(Head) == sizeof(std::uint64_t));

// A dot or neuron has its shape in front of its operands, with the activation by name.
struct DotHead {
  std::uint32_t size;
  std::uint16_t activation;
  std::uint8_t inputs_are_nodes;  // 0 or 1; bytes, for what is read may be damaged
  std::uint8_t has_bias;
};
static_assert(sizeof(DotHead) == sizeof(std::uint64_t));

constexpr std::string_view identity = "linear";

// Operations on arrays are stored under names that those on numbers do not have.
constexpr std::string_view elementwise = "elementwise ";
constexpr std::string_view structure = "structure ";
constexpr std::string_view places_name = "places";  // of elements, a leaf that no user made

constexpr std::array<std::string_view, 18> structural_keys{
    "sum",     "broadcast", "reshape", "transpose",   "matmul", "slice",
    "unslice", "take",      "scatter", "concatenate", "stack",  "element",
    "cumsum",  "max",       "min",     "convert",     "layer",  "custom"};
static_assert(structural_keys.size() == structural_names.size());

bool is_places(const Node* node) {
  return node->has(is_leaf) && node->has(is_array) && node->array->dtype == Dtype::int64;
}

class Writer {
 public:
  explicit Writer(FlatGraph& flat) : flat_(flat) {}

  void number(const Node* node) {
    const auto next = numbers_.size();
    numbers_[node] = next;
  }

  void write(Node* node) {
    if (is_places(node)) {
      put(Head{name(places_name), 0, 0});
      put_primal(node);
    } else if (is_structural(node->code)) {
      write_structural(as_long(node));
    } else if (is_of_arrays(node->code)) {
      write_array_elementwise(node);
    } else if (is_reduction(node->code)) {
      write_reduction(as_long(node));
    } else {
      dispatch(node->code, [&](auto code) {
        if constexpr (!is_reduction(code)) write_elementwise<code>(node);
      });
    }
  }

 private:
  template <Code code>
  void write_elementwise(Node* node) {
    constexpr Form form = forms[code];
    constexpr std::size_t arity = arity_of<form.index>;
    head(node, form.numbers, arity);
    for (std::size_t i = 0; i < arity; ++i) {
      const Operand& given = operand<arity>(node, form.numbers, i);
      if ((form.numbers >> i & 1U) != 0) {
        put(given.number);
      } else {
        put(given.node);
      }
    }
  }

  void write_array_elementwise(Node* node) {
    const Form form = form_of(node->code);
    const std::size_t arity = operation_arities[form.index];
    put(Head{name(std::string(elementwise).append(operation_names[form.index])),
             static_cast<std::uint16_t>(form.numbers), static_cast<std::uint32_t>(arity)});
    put_primal(node);
    for (std::size_t i = 0; i < arity; ++i) {
      const Operand& given = operand(node, form.numbers, arity, i);
      if ((form.numbers >> i & 1U) != 0) {
        put(given.number);
      } else {
        put(given.node);
      }
    }
  }

  // With the number of its arguments first, and an activation by name.
  void write_structural(Long* node) {
    const Structural operation = structural_of(node->code);
    if (operation == Structural::custom)
      throw Error(
          "[pickle] the result of a custom operation was given - operations of autograd are "
          "needed, whose rules are known wherever it is read. Store its data instead.");
    put(Head{
        name(std::string(structure).append(structural_keys[static_cast<std::size_t>(operation)])),
        static_cast<std::uint16_t>(node->has(is_array)), node->words + 1});
    put_primal(node);
    put(std::uint64_t{node->arguments});
    for (std::uint32_t i = 0; i < node->arguments; ++i) put(node->operands[i].node);
    for (std::uint32_t i = node->arguments; i < node->words; ++i) {
      std::uint64_t word = node->operands[i].word;
      if (operation == Structural::layer)
        word = name(word == linear ? identity : name_of(static_cast<Activation>(word)));
      put(word);
    }
  }

  void put_primal(const Node* node) {
    if (node->has(is_array)) {
      put(std::uint64_t{flat_.arrays.size()});
      flat_.arrays.push_back(ArrayReference::sharing(node->array));
    } else {
      put(node->primal);
    }
  }

  void write_reduction(Long* node) {
    const Reduction reduction = reduction_of(node->code);
    if (reduction != Reduction::dot && reduction != Reduction::neuron) {
      head(node, 0, node->arguments);
      for (std::uint32_t i = 0; i < node->arguments; ++i) put(node->operands[i].node);
      return;
    }
    const DotView dot = view_of_dot(node);
    const std::uint32_t numbers =
        dot.input_numbers == nullptr ? 0 : static_cast<std::uint32_t>(dot.size);
    head(node, 0, node->arguments + numbers + 2);
    put(DotHead{static_cast<std::uint32_t>(dot.size),
                name(dot.activation == linear ? identity : name_of(dot.activation)),
                static_cast<std::uint8_t>(dot.input_nodes != nullptr),
                static_cast<std::uint8_t>(dot.bias != nullptr)});
    put(dot.pre_activation);
    for (std::uint32_t i = 0; i < node->arguments; ++i) put(node->operands[i].node);
    for (std::uint32_t i = 0; i < numbers; ++i) put(dot.input_numbers[i]);
  }

  void head(const Node* node, unsigned numbers, std::size_t count) {
    put(Head{name(name_of(node->code)), static_cast<std::uint16_t>(numbers),
             static_cast<std::uint32_t>(count)});
    put(node->primal);
  }

  std::uint16_t name(std::string_view text) {
    const auto [found, added] =
        names_.try_emplace(std::string(text), static_cast<std::uint16_t>(flat_.names.size()));
    if (added) flat_.names.emplace_back(text);
    return found->second;
  }

  void put(const Node* node) { flat_.words.push_back(numbers_.at(node)); }
  template <class T>
  void put(T value)
    requires(!std::is_pointer_v<T>)
  {
    flat_.words.push_back(std::bit_cast<std::uint64_t>(value));
  }

  FlatGraph& flat_;
  std::unordered_map<const Node*, std::uint64_t> numbers_;
  std::unordered_map<std::string, std::uint16_t> names_;
};

class Reader {
 public:
  Reader(Graph& graph, std::span<const std::string> names, std::span<const std::uint64_t> words,
         std::span<Node* const> leaves, std::span<const ArrayReference> arrays)
      : graph_(graph), names_(names), words_(words), leaves_(leaves), arrays_(arrays) {
    for (const std::string& name : names) codes_.push_back(first_code_of(name));
  }

  std::vector<Reference> read() {
    while (at_ < words_.size()) {
      const auto head = take<Head>();
      const auto primal = take<std::uint64_t>();
      require(head.name < names_.size() && head.count <= words_.size() - at_);
      Reference node(graph_, read_node(head, primal));  // first: the list may find no memory
      made_.push_back(std::move(node));
    }
    require(made_.empty() || !is_places(made_.back().get()));
    return std::move(made_);
  }

 private:
  [[noreturn]] static void refuse() {
    throw LengthError(
        "[unpickle] a damaged graph was given - one that autograd has stored is needed. Store it "
        "again.");
  }

  static void require(bool condition) {
    if (!condition) refuse();
  }

  // The first of an operation's codes, all of its operands nodes; `unknown` for no operation.
  static constexpr Code unknown = code_count;
  static Code first_code_of(std::string_view name) {
    Code code = 0;
    while (code < code_count && name_of(code) != name) ++code;
    return code;
  }

  Node* read_node(const Head& head, std::uint64_t word) {
    const std::string& name = names_[head.name];
    if (name == places_name) return read_places(word);
    if (name.starts_with(elementwise))
      return read_array_elementwise(name.substr(elementwise.size()), head, word);
    if (name.starts_with(structure))
      return read_structural(name.substr(structure.size()), head, word);
    const auto primal = std::bit_cast<double>(word);
    const Code first = codes_[head.name];
    require(first != unknown);
    if (is_reduction(first)) return read_reduction(reduction_of(first), head, primal);
    const auto code = static_cast<Code>(first + head.numbers);  // forms follow each other
    require(code < form_count && forms[code].index == forms[first].index);
    Node* node = nullptr;
    dispatch(code, [&](auto constant) {
      if constexpr (!is_reduction(constant)) node = read_elementwise<constant>(head, primal);
    });
    return node;
  }

  template <Code code>
  Node* read_elementwise(const Head& head, double primal) {
    constexpr Form form = forms[code];
    constexpr std::size_t arity = arity_of<form.index>;
    require(head.count == arity);
    std::array<Operand, arity> operands;
    for (std::size_t i = 0; i < arity; ++i) {
      if ((form.numbers >> i & 1U) != 0) {
        operands[i].number = take<double>();
      } else {
        operands[i].node = take_scalar();
      }
    }
    return append_operands<code>(primal, operands, std::make_index_sequence<arity>{});
  }

  template <Code code, std::size_t Arity, std::size_t... I>
  Node* append_operands(double primal, const std::array<Operand, Arity>& operands,
                        std::index_sequence<I...>) {
    constexpr Form form = forms[code];
    const auto typed = [&](auto i) {
      if constexpr ((form.numbers >> i & 1U) != 0) {
        return operands[i].number;
      } else {
        return operands[i].node;
      }
    };
    return append<form.index>(graph_, primal, typed(std::integral_constant<std::size_t, I>{})...);
  }

  ArrayReference array_at(std::uint64_t number) const {
    require(number < arrays_.size());
    return arrays_[number];
  }

  Node* read_places(std::uint64_t number) {
    const ArrayReference array = array_at(number);
    require(array->dtype == Dtype::int64);
    return graph_.new_constant(array);
  }

  Node* read_array_elementwise(std::string_view name, const Head& head, std::uint64_t number) {
    const std::size_t index = index_of(name);
    require(index < operation_count);
    const std::size_t arity = operation_arities[index];
    require(head.count == arity && head.numbers + 1U < (1U << arity));
    const ArrayReference array = array_at(number);
    Argument arguments[3];
    Shape shape;
    for (std::size_t i = 0; i < arity; ++i) {
      if ((head.numbers >> i & 1U) != 0) {
        arguments[i].number = take<double>();
        continue;
      }
      arguments[i].node = take_node();
      require(!is_places(arguments[i].node));
      if (arguments[i].node->has(is_array))
        shape = broadcast("unpickle", shape, shape_of(*arguments[i].node->array));
    }
    require(shape == shape_of(*array) && shape.rank() > 0);
    ArrayOperand operands[3];
    for (std::size_t i = 0; i < arity; ++i) {
      const Node* node = arguments[i].node;
      operands[i].number = node == nullptr ? arguments[i].number : 0.0;
      if (node != nullptr && node->has(is_array)) operands[i].array = node->array;
    }
    require(apply_elementwise(graph_.arrays(), index, {operands, arity})->dtype == array->dtype);
    return append_arrays(graph_, index, array, {arguments, arity});
  }

  // The operation is applied once more, which checks all that it keeps, and then gets the bits that
  // were stored.
  Node* read_structural(std::string_view key, const Head& head, std::uint64_t word) {
    const auto place = std::ranges::find(structural_keys, key) - structural_keys.begin();
    require(place != std::ssize(structural_keys) && head.count >= 1);
    const auto operation = static_cast<Structural>(place);
    require(operation != Structural::custom);
    const auto count = take<std::uint64_t>();
    require(count >= 1 && count < head.count);
    std::vector<Node*> nodes;
    std::vector<Term> terms;
    for (std::uint64_t i = 0; i < count; ++i) {
      nodes.push_back(take_node());
      terms.emplace_back(Reference::sharing(graph_, nodes.back()));
    }
    std::vector<std::uint64_t> words;
    while (words.size() + count + 1 < head.count) words.push_back(take<std::uint64_t>());
    const bool is_number = head.numbers == 0;
    const ArrayReference array = is_number ? ArrayReference() : array_at(word);
    const Shape shape = is_number ? Shape() : shape_of(*array);
    require(is_number ? may_be_number(operation)
                      : shape.rank() > 0 && array->dtype != Dtype::int64);
    check_again(operation, nodes, terms, words, shape, is_number ? Dtype::float64 : array->dtype);
    return is_number
               ? record_structural(graph_, operation, std::bit_cast<double>(word), nodes, words)
               : record_structural(graph_, operation, array, nodes, words);
  }

  void check_again(Structural operation, std::span<Node* const> nodes, std::span<const Term> terms,
                   std::vector<std::uint64_t>& words, const Shape& shape, Dtype dtype) {
    const RecordingScope not_recording(false);
    if (operation == Structural::layer) {
      require(words.size() == 1 && words[0] < names_.size() && terms.size() >= 3);
      const std::optional<Activation> activation = activation_of(names_[words[0]]);
      if (!activation.has_value()) refuse();
      require(terms[terms.size() - 2].is_array());
      words[0] = *activation;
      require(std::ranges::none_of(nodes, is_places));
      const bool is_list = std::ranges::none_of(terms.first(terms.size() - 2), &Term::is_array);
      require(is_list || terms.size() == 3);
      const Dense layer{terms[terms.size() - 2], terms[terms.size() - 1], *activation};
      require(is_like(dense(graph_, terms.first(terms.size() - 2), layer), shape, dtype));
      return;
    }
    require(have_sense(operation, nodes, words, shape));
    std::vector<Operand> operands(words.size() + 1);
    for (std::size_t i = 0; i < words.size(); ++i) operands[i].word = words[i];
    require(is_like(apply_structural(graph_, operation, operands.data(), terms, shape, dtype),
                    shape, dtype));
  }

  // Whether there are results without axes, which are numbers.
  static bool may_be_number(Structural operation) {
    return operation == Structural::sum || operation == Structural::max ||
           operation == Structural::min || operation == Structural::element ||
           operation == Structural::reshape || operation == Structural::layer;
  }

  static bool is_like(const Term& term, const Shape& shape, Dtype dtype) {
    return term.shape() == shape && (!term.is_array() || term.array()->dtype == dtype);
  }

  // Whether the words of an operation are such that it may be applied.
  static bool have_sense(Structural operation, std::span<Node* const> nodes,
                         std::span<const std::uint64_t> words, const Shape& shape) {
    const bool takes_numbers = operation == Structural::broadcast ||
                               operation == Structural::stack || operation == Structural::unslice ||
                               operation == Structural::reshape;
    const bool are_arrays =
        std::ranges::all_of(nodes, [](const Node* node) { return node->has(is_array); });
    if (!takes_numbers && !are_arrays) return false;
    const bool takes_places = operation == Structural::take || operation == Structural::scatter;
    const std::size_t values = takes_places ? 1 : nodes.size();
    if (std::ranges::any_of(nodes.first(values), is_places)) return false;
    const Shape given = nodes[0]->has(is_array) ? shape_of(*nodes[0]->array) : Shape();
    const auto count = [&](std::size_t arguments, std::size_t needed) {
      return nodes.size() == arguments && words.size() == needed;
    };
    switch (operation) {
      case Structural::sum:
        return count(1, 1) && is_reduced(given, words[0], shape);
      case Structural::max:
      case Structural::min:
        return count(1, 1) && is_reduced(given, words[0], shape) && given.size() > 0;
      case Structural::broadcast:
        return count(1, 1) && words[0] >> shape.rank() == 0 &&
               with_ones(shape, words[0]).size() == given.size();
      case Structural::reshape:
        return count(1, 0) && given.size() == shape.size();
      case Structural::transpose:
        return count(1, 1) && is_order(words[0], given.rank());
      case Structural::matmul:
        return count(2, 1) && words[0] < 4 && given.rank() >= 2 && nodes[1]->array->rank >= 2;
      case Structural::slice:
        return count(1, 3 * given.rank() + 1) && fits(words, given);
      case Structural::unslice:
        return count(1, 3 * shape.rank() + 1) && fits(words, shape) &&
               size_of_slice(words, shape.rank()) == given.size();
      case Structural::take:
        return count(2, 0) && is_places(nodes[1]);
      case Structural::scatter:
        return count(2, 0) && is_places(nodes[1]) && nodes[1]->array->size == given.size();
      case Structural::concatenate:
        return words.size() == 1 && words[0] < given.rank() && are_alike(nodes, words[0]);
      case Structural::stack:
        return words.empty() && are_alike(nodes, most_axes);
      case Structural::element:
        return count(1, 1) && words[0] < given.size();
      case Structural::cumsum:
        return count(1, 2) && words[0] < given.rank() && words[1] < 2;
      case Structural::convert:
        return count(1, 0);
      case Structural::layer:
      case Structural::custom:
        break;
    }
    return false;
  }

  // Whether a shape has as many elements as are left of another without some axes.
  static bool is_reduced(const Shape& given, std::uint64_t axes, const Shape& shape) {
    return axes >> given.rank() == 0 && with_ones(given, axes).size() == shape.size();
  }

  static bool is_order(std::uint64_t order, std::size_t rank) {
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < rank; ++i) seen |= std::uint64_t{1} << axis_at(order, i);
    return seen == (std::uint64_t{1} << rank) - 1;
  }

  // Whether all have the shape of the first, but for one axis.
  static bool are_alike(std::span<Node* const> nodes, std::size_t free_axis) {
    const auto shape = [&](const Node* node) {
      Shape result = node->has(is_array) ? shape_of(*node->array) : Shape();
      if (free_axis < result.rank()) result[free_axis] = 0;
      return result;
    };
    return std::ranges::all_of(nodes,
                               [&](const Node* node) { return shape(node) == shape(nodes[0]); });
  }

  static std::uint64_t size_of_slice(std::span<const std::uint64_t> words, std::size_t rank) {
    std::uint64_t size = 1;
    for (std::size_t axis = 0; axis < rank; ++axis) size *= words[3 * axis + 2];
    return size;
  }

  // Whether a slice stays within a shape, and drops only axes of one element.
  static bool fits(std::span<const std::uint64_t> words, const Shape& shape) {
    for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
      const auto start = std::bit_cast<std::int64_t>(words[3 * axis]);
      const auto step = std::bit_cast<std::int64_t>(words[3 * axis + 1]);
      const auto count = std::bit_cast<std::int64_t>(words[3 * axis + 2]);
      const auto length = static_cast<std::int64_t>(shape[axis]);
      const bool is_dropped = (words.back() >> axis & 1U) != 0;
      if (is_dropped && count != 1) return false;
      if (count == 0) continue;
      if (count < 0 || count > length || start < 0 || start >= length) return false;
      if (step > length || step < -length) return false;
      const std::int64_t last = start + (count - 1) * step;
      if (last < 0 || last >= length) return false;
    }
    return words.back() >> shape.rank() == 0;
  }

  Node* read_reduction(Reduction reduction, const Head& head, double primal) {
    const std::size_t end = at_ + head.count;
    std::vector<Node*> nodes;
    if (reduction != Reduction::dot && reduction != Reduction::neuron) {
      while (at_ < end) nodes.push_back(take_scalar());
      return append_list(graph_, reduction, primal, nodes);
    }
    require(head.count >= 2);
    const auto shape = take<DotHead>();
    const auto pre_activation = take<double>();
    require(shape.inputs_are_nodes <= 1 && shape.has_bias <= 1);
    const std::size_t expected = std::size_t{shape.size} * 2 + shape.has_bias + 2;
    require(head.count == expected && shape.activation < names_.size());
    const std::optional<Activation> activation = activation_of(names_[shape.activation]);
    if (!activation.has_value()) refuse();
    std::vector<double> numbers;
    const std::size_t count =
        shape.size * (std::size_t{1} + shape.inputs_are_nodes) + shape.has_bias;
    while (nodes.size() < count) nodes.push_back(take_scalar());
    while (at_ < end) numbers.push_back(take<double>());
    const std::span<Node* const> all(nodes);
    Inputs inputs{{}, numbers};
    if (shape.inputs_are_nodes == 1) inputs.nodes = all.subspan(shape.size, shape.size);
    return append_dot(graph_, reduction, primal, all.first(shape.size), inputs,
                      shape.has_bias == 1 ? nodes.back() : nullptr, pre_activation, *activation);
  }

  template <class T>
  T take() {
    require(at_ < words_.size());
    return std::bit_cast<T>(words_[at_++]);
  }

  Node* take_node() {
    const auto number = take<std::uint64_t>();
    if (number < leaves_.size()) return leaves_[number];
    require(number - leaves_.size() < made_.size());
    return made_[number - leaves_.size()].get();
  }

  Node* take_scalar() {
    Node* node = take_node();
    require(!node->has(is_array));
    return node;
  }

  Graph& graph_;
  std::span<const std::string> names_;
  std::vector<Code> codes_;  // of the names
  std::span<const std::uint64_t> words_;
  std::span<Node* const> leaves_;
  std::span<const ArrayReference> arrays_;
  std::size_t at_ = 0;
  std::vector<Reference> made_;
};

}  // namespace

FlatGraph flatten(Graph& graph, Node* root) {
  FlatGraph flat;
  for (Node* node : topological_order(graph, root)) {
    const bool is_users = node->has(is_leaf) && !is_places(node);
    (is_users ? flat.leaves : flat.interiors).push_back(node);
    if (node->has(is_leaf)) continue;
    for_each_argument(node, [node](Node* argument) { refuse_if_stale(argument, node); });
  }
  Writer writer(flat);
  for (const Node* leaf : flat.leaves) writer.number(leaf);
  for (const Node* interior : flat.interiors) writer.number(interior);
  for (Node* interior : flat.interiors) writer.write(interior);
  return flat;
}

std::vector<Reference> rebuild(Graph& graph, std::span<const std::string> names,
                               std::span<const std::uint64_t> words, std::span<Node* const> leaves,
                               std::span<const ArrayReference> arrays) {
  const RecordingScope recording(true);  // a copy has a graph wherever it is made
  return Reader(graph, names, words, leaves, arrays).read();
}

}  // namespace autograd
