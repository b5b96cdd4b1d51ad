#include "core/flat_graph.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <unordered_map>

#include "core/error.hpp"
#include "core/record.hpp"
#include "core/reductions.hpp"
#include "core/stale.hpp"
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

class Writer {
 public:
  explicit Writer(FlatGraph& flat) : flat_(flat) {}

  void number(const Node* node) {
    const auto next = numbers_.size();
    numbers_[node] = next;
  }

  void write(Node* node) {
    if (is_reduction(node->code)) {
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
        names_.try_emplace(text, static_cast<std::uint16_t>(flat_.names.size()));
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
  std::unordered_map<std::string_view, std::uint16_t> names_;  // views of the table's literals
};

class Reader {
 public:
  Reader(Graph& graph, std::span<const std::string> names, std::span<const std::uint64_t> words,
         std::span<Node* const> leaves)
      : graph_(graph), names_(names), words_(words), leaves_(leaves) {
    for (const std::string& name : names) codes_.push_back(first_code_of(name));
  }

  std::vector<Reference> read() {
    while (at_ < words_.size()) {
      const auto head = take<Head>();
      const auto primal = take<double>();
      require(head.name < names_.size() && head.count <= words_.size() - at_);
      Reference node(graph_, read_node(head, primal));  // first: the list may find no memory
      made_.push_back(std::move(node));
    }
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

  Node* read_node(const Head& head, double primal) {
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
        operands[i].node = take_node();
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

  Node* read_reduction(Reduction reduction, const Head& head, double primal) {
    const std::size_t end = at_ + head.count;
    std::vector<Node*> nodes;
    if (reduction != Reduction::dot && reduction != Reduction::neuron) {
      while (at_ < end) nodes.push_back(take_node());
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
    while (nodes.size() < count) nodes.push_back(take_node());
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

  Graph& graph_;
  std::span<const std::string> names_;
  std::vector<Code> codes_;  // of the names
  std::span<const std::uint64_t> words_;
  std::span<Node* const> leaves_;
  std::size_t at_ = 0;
  std::vector<Reference> made_;
};

}  // namespace

FlatGraph flatten(Graph& graph, Node* root) {
  FlatGraph flat;
  for (Node* node : topological_order(graph, root)) {
    (node->has(is_leaf) ? flat.leaves : flat.interiors).push_back(node);
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
                               std::span<const std::uint64_t> words,
                               std::span<Node* const> leaves) {
  const RecordingScope recording(true);  // a copy has a graph wherever it is made
  return Reader(graph, names, words, leaves).read();
}

}  // namespace autograd
