// The reverse sweep: a walk that carries adjoints from the root to the leaves.
//
// It changes nothing that can be seen: adjoints gather in fields that only a sweep uses, and
// backward.cpp and differentiate.cpp hand them out when the sweep has come to its end. An error on
// the way (a stale leaf, no memory) therefore leaves every gradient as it was.
#pragma once

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <vector>

#include "core/adjoint.hpp"
#include "core/custom.hpp"
#include "core/dense.hpp"
#include "core/kernels.hpp"
#include "core/pull.hpp"
#include "core/pull_array.hpp"
#include "core/stale.hpp"
#include "core/structural_rules.hpp"
#include "core/topological_order.hpp"
#include "core/walk.hpp"

namespace autograd {

// The same as a number that a graph depends on, or not.
inline Recorded as_recorded(const Term& term) {
  if (term.is_number()) return term.number();
  return Reference::sharing(*term.graph(), term.node());
}

template <class T>
class Sweep {
 public:
  // At the end the adjoints of the nodes that `retain` says are still there.
  Sweep(Graph& graph, Node* root, Retain retain = Retain::held)
      : graph_(graph), root_(root), retain_(retain), pass_(graph, root) {
    visited().clear();
  }
  Sweep(const Sweep&) = delete;
  Sweep& operator=(const Sweep&) = delete;
  ~Sweep() {
    if (std::is_same_v<T, Recorded> || has_arrays_) {
      for (Node* node : visited()) Adjoint<T>::drop(graph_, node);
      for (Leaf* leaf : leaves()) Adjoint<T>::drop(graph_, leaf);
      pass_.clean([this](Node* node) { Adjoint<T>::drop(graph_, node); });
    }
  }

  // From the root to the leaves. The seed of an array is one too, or fills it. Throws StaleValue,
  // std::bad_alloc.
  void run(const Term& seed) {
    if (root_->has(is_array)) {
      has_arrays_ = true;
      run_from([&seed](Sink& sink, Node* root) { sink.add(root, seed); });
    } else {
      run(as_seed(seed));
    }
  }
  void run(const T& seed) {
    run_from([&seed](Sink& sink, Node* root) { sink.add(root, seed); });
  }

  // The leaves that the root needs; their adjoints are in place.
  std::span<Leaf* const> leaves() const { return pass_.leaves(); }
  // Visits each that requires a gradient for the last time: nothing may fail any more. Most are
  // plain: numbers about which there is nothing to know but that.
  template <class VisitPlain, class VisitOther>
  void hand_out(VisitPlain visit_plain, VisitOther visit_other) {
    constexpr unsigned plain = is_leaf | requires_grad | marked;
    for (Leaf* leaf : leaves()) {
      const unsigned flags = leaf->flags;
      if ((flags & ~unsigned{is_differentiated}) == plain) [[likely]] {
        leaf->flags = is_leaf | requires_grad | is_differentiated;
        visit_plain(leaf);
      } else {
        leaf->clear(marked);
        if ((flags & requires_grad) == 0) continue;
        leaf->set(is_differentiated);
        visit_other(leaf);
      }
    }
    if (has_arrays_) {
      for (Leaf* leaf : leaves()) Adjoint<T>::drop(graph_, leaf);
    }
    pass_.forget_leaves();
  }
  // The graph keeps the adjoint of each visited node, as a number. All or, without memory, none.
  void keep_gradients() {
    for (Node* node : visited()) {
      if (node->has(is_array)) {
        graph_.keep_gradient(node, graph_.kept_array(node));
      } else {
        graph_.keep_gradient(node, graph_.kept_gradient(node));
      }
    }
    for (Node* node : visited()) {
      if (node->has(is_array)) {
        graph_.keep_gradient(node, ArrayReference::sharing(Adjoint<T>::array(node)));
      } else {
        graph_.keep_gradient(node, Adjoint<T>::number(node));
      }
    }
  }
  bool has_arrays() const { return has_arrays_; }
  // The interior nodes it needs, as far as they are kept.
  std::vector<Node*>& visited() const { return graph_.sweep.visited; }

  // The adjoint of a node that was asked for, after the sweep: of an interior node that is held, or
  // of a leaf; of an element of a leaf, its share.
  Term adjoint_of(const Node* node) const {
    if (!node->has(is_view)) return Adjoint<T>::term(graph_, node);
    const Leaf* view = as_leaf(node);
    const Term whole = Adjoint<T>::term(graph_, view->base());
    return whole.is_array() ? element(whole, view->place) : whole;
  }

 private:
  class Sink;

  static T as_seed(const Term& seed) {
    if constexpr (std::is_same_v<T, double>) {
      return seed.number();
    } else {
      return as_recorded(seed);
    }
  }

  template <class Start>
  void run_from(const Start& begin) {
    if (root_->has(is_leaf)) {
      Sink sink(graph_, root_, 0, pass_.leaves_end());
      begin(sink, root_);
      fold_views();
      fill_out_all();
      return;
    }
    Walk walk(root_);
    Sink start(graph_, root_, 0, pass_.leaves_end());
    begin(start, root_);
    std::size_t pending = start.reached;
    const bool keeps_all = retain_ == Retain::all;
    const std::uintptr_t keeps = keeps_all ? 1 : 0;  // a holder's address or this: one question
    // Of numbers, a copy that stays in a register; the pass is told before anything throws.
    std::conditional_t<std::is_same_v<T, double>, Leaf**, Leaf**&> leaves_end = pass_.leaves_end();
    do {
      Node* node = walk.next();
      const Code code = node->code;
      if (!is_elementwise(code)) [[unlikely]] {
        pass_.leaves_end() = leaves_end;
        pending += pull_others(node, walk.origin(), keeps_all);
        leaves_end = pass_.leaves_end();
        continue;
      }
      const bool is_kept = (reinterpret_cast<std::uintptr_t>(node->holder) | keeps) != 0;
      if constexpr (std::is_same_v<T, double>) {
        // Nothing but what the walk needs is alive over a call: it would be in memory all the time.
        if (is_kept) [[unlikely]] {
          pass_.leaves_end() = leaves_end;
          note(node);
        }
        pending += pull_number(node, code, walk.origin(), leaves_end);
      } else {
        const T adjoint = Adjoint<T>::take(graph_, node);
        if (is_kept) {
          note(node);
          Adjoint<T>::set(graph_, node, adjoint);
        }
        Sink sink(graph_, node, walk.origin(), leaves_end);
        pull(sink, node, code, adjoint);
        pending += sink.reached;
      }
    } while (--pending > 0);
    pass_.leaves_end() = leaves_end;
    pass_.complete();
    fold_views();
    fill_out_all();
  }

  // What the rules of one node see, see pull.hpp. A small value, kept in registers.
  class Sink {
   public:
    Sink(Graph& graph, Node* node, std::uint64_t origin, Leaf**& leaves_end)
        : graph_(&graph), node_(node), origin_(origin), leaves_end_(&leaves_end) {}

    T value(Node* node) const {
      if constexpr (std::is_same_v<T, double>) {
        return node->primal;
      } else {
        return Reference::sharing(*graph_, node);
      }
    }

    T pre_activation(const DotView& view) const {
      if constexpr (std::is_same_v<T, double>) {
        return view.pre_activation;
      } else {  // once more, as a node: its own derivatives are wanted
        Inputs inputs;
        if (view.input_nodes != nullptr) {
          inputs.nodes = {view.input_nodes, view.size};
        } else {
          inputs.numbers = {view.input_numbers, view.size};
        }
        return Reference(*graph_, dot(*graph_, {view.weights, view.size}, inputs, view.bias));
      }
    }

    void require_current(const Node* argument) const {
      refuse_if_stale(argument, node_, position());
    }
    template <Usual usual>
    bool is_current(const Node* argument) const {
      if constexpr (std::is_same_v<T, double>) {
        if (usual == Usual::single && !argument->has(is_leaf)) [[likely]]
          return true;
        return is_surely_current(argument, position());
      } else {
        require_current(argument);
        return true;
      }
    }
    // What is no leaf was recorded because it requires a gradient.
    bool wants(const Node* argument) const {
      return (argument->flags & (is_leaf | requires_grad)) != is_leaf;
    }
    // To add a number costs less than to ask: a leaf that wants none is passed over at the end.
    bool wants_number(const Node* argument) const {
      return std::is_same_v<T, double> || wants(argument);
    }

    template <Usual usual = Usual::shared>
    void add(Node* argument, const T& amount) {
      if constexpr (std::is_same_v<T, double> && usual == Usual::single) {
        if (!argument->has_any(is_leaf | marked)) [[likely]] {
          argument->set(marked);
          argument->adjoint = amount;
          ++reached;
          return;
        }
      }
      if (argument->has(marked)) [[likely]] {
        Adjoint<T>::add(*graph_, argument, amount);
      } else {
        if constexpr (std::is_same_v<T, Recorded>) argument->adjoint_node = nullptr;
        reached += Pass::reach(argument, *leaves_end_);
        Adjoint<T>::set(*graph_, argument, amount);
      }
    }

    // Of many arguments most are leaves that are met for the first time.
    template <class Amount>
    void pass(Node* argument, const Amount& amount) {
      if constexpr (std::is_same_v<T, double>) {
        constexpr unsigned seen = is_leaf | marked;
        const unsigned flags = argument->flags;
        if ((flags & seen) == is_leaf && position() > as_leaf(argument)->clock) {
          argument->flags = static_cast<std::uint16_t>(flags | marked);
          *(*leaves_end_)++ = as_leaf(argument);
          argument->adjoint = amount();
          return;
        }
      }
      require_current(argument);
      if (wants_number(argument)) add(argument, amount());
    }

    // The same where one of both is an array.
    void add(Node* argument, const Term& amount) {
      if (!argument->has(is_array)) {
        add(argument, as_seed(amount));
        return;
      }
      if (!argument->has(marked)) reach(argument);
      Adjoint<T>::add(*graph_, argument, amount);
    }

    void reach(Node* array) {
      array->adjoint_array = nullptr;
      reached += Pass::reach(array, *leaves_end_);
    }

    Term term(Node* node) const { return Reference::sharing(*graph_, node); }

    std::size_t reached = 0;  // interior nodes that were marked

   private:
    Graph* graph_;
    Node* node_;
    // Few arguments are leaves: the position is computed when it is asked for.
    std::uint64_t position() const { return origin_ - reinterpret_cast<std::uintptr_t>(node_); }

    std::uint64_t origin_;  // of positions, in the node's slab
    Leaf*** leaves_end_;
  };

  // As a parameter: a number in a register, or a reference.
  using Passed = std::conditional_t<std::is_same_v<T, double>, double, const T&>;

  // The reductions have loops of their own; out of line, so that the common rules stay in
  // registers, and with the end of the list of leaves in one too (a cursor in memory costs 2 ns an
  // argument).
  [[gnu::noinline, gnu::flatten]] std::size_t pull_apart_flat(Node* node, std::uint64_t origin,
                                                              Passed adjoint) {
    return pull_apart(node, origin, adjoint);
  }

  std::size_t pull_apart(Node* node, std::uint64_t origin, Passed adjoint) {
    Leaf** leaves_end = pass_.leaves_end();
    Sink sink(graph_, node, origin, leaves_end);
    try {
      pull_reduction<T>(sink, node, adjoint);
    } catch (...) {
      pass_.leaves_end() = leaves_end;
      throw;
    }
    pass_.leaves_end() = leaves_end;
    return sink.reached;
  }

  // An elementwise operation on numbers. Returns how many interior nodes it has reached.
  std::size_t pull_number(Node* node, Code code, std::uint64_t origin, Leaf**& leaves_end) {
    Sink sink(graph_, node, origin, leaves_end);
    // Of -0.0 and 0.0 all bits but one are zero. Whatever the operation, zeros are passed on.
    if ((std::bit_cast<std::uint64_t>(node->adjoint) << 1) == 0) [[unlikely]] {
      pass_.leaves_end() = leaves_end;
      for_each_argument(node, [&sink](Node* argument) { sink.require_current(argument); });
      for_each_argument(node, [&sink](Node* argument) { sink.add(argument, 0.0); });
      return sink.reached;
    }
    while (!pull(sink, node, code, node->adjoint)) {
      pass_.leaves_end() = leaves_end;
      require_all_current(node, origin);
      sink = Sink(graph_, node, Walk::newest_origin, leaves_end);
    }
    return sink.reached;
  }

  [[gnu::cold, gnu::noinline]] static void require_all_current(Node* node, std::uint64_t origin) {
    const std::uint64_t position = origin - reinterpret_cast<std::uintptr_t>(node);
    for_each_argument(node,
                      [=](const Node* argument) { refuse_if_stale(argument, node, position); });
  }

  // What is no elementwise operation on numbers.
  [[gnu::noinline]] std::size_t pull_others(Node* node, std::uint64_t origin, bool keeps_all) {
    if (is_of_arrays(node->code)) return pull_arrays(node, origin, keeps_all);
    const T adjoint = Adjoint<T>::take(graph_, node);
    if (node->holder != nullptr || keeps_all) {
      note(node);
      Adjoint<T>::set(graph_, node, adjoint);
    }
    if constexpr (std::is_same_v<T, double>) {
      return pull_apart_flat(node, origin, adjoint);
    } else {
      return pull_apart(node, origin, adjoint);
    }
  }

  // The operations on arrays. The adjoint of a node that nobody holds goes when this is done.
  std::size_t pull_arrays(Node* node, std::uint64_t origin, bool keeps_all) {
    has_arrays_ = true;
    Sink sink(graph_, node, origin, pass_.leaves_end());
    DropAtEnd drop(graph_, node);
    for_each_argument(node, [&sink](const Node* argument) { sink.require_current(argument); });
    if (node->holder != nullptr || keeps_all) {
      visited().push_back(node);
      drop.leave();  // to the end of the sweep
    }
    if (is_array_elementwise(node->code)) {
      if constexpr (std::is_same_v<T, double>) {
        pull_elementwise_numbers(sink, node);
      } else {
        pull_elementwise_terms(sink, node);
      }
    } else {
      if constexpr (std::is_same_v<T, double>) {
        if (pull_element(sink, node)) return sink.reached;
        if (!not_recording_) not_recording_.emplace(false);
      }
      pull_structural(sink, node);
    }
    return sink.reached;
  }

  class DropAtEnd {
   public:
    DropAtEnd(Graph& graph, Node* node) : graph_(graph), node_(node) {}
    DropAtEnd(const DropAtEnd&) = delete;
    DropAtEnd& operator=(const DropAtEnd&) = delete;
    ~DropAtEnd() {
      if (node_ != nullptr) Adjoint<T>::drop(graph_, node_);
    }
    void leave() { node_ = nullptr; }

   private:
    Graph& graph_;
    Node* node_;
  };

  void pull_elementwise_numbers(Sink& sink, Node* node) {
    const Form form = form_of(node->code);
    const std::size_t arity = operation_arities[form.index];
    ArrayOperand operands[3];
    for (std::size_t i = 0; i < arity; ++i) {
      const Operand& given = operand(node, form.numbers, arity, i);
      if ((form.numbers >> i & 1U) != 0) {
        operands[i] = {nullptr, given.number};
      } else {
        operands[i] = given.node->has(is_array) ? ArrayOperand{given.node->array, 0.0}
                                                : ArrayOperand{nullptr, given.node->primal};
      }
    }
    const Backward backward{form.index, {operands, arity}, *node->array, node->adjoint_array};
    for (std::size_t i = 0; i < arity; ++i) {
      if ((form.numbers >> i & 1U) != 0) continue;
      Node* target = operand(node, form.numbers, arity, i).node;
      if (!sink.wants(target)) continue;
      if (partial_kinds[form.index][i] == PartialKind::zero) continue;
      if (!target->has(is_array)) {
        sink.add(target, sum_of_contributions(backward, i));
        continue;
      }
      if (!target->has(marked)) sink.reach(target);
      ArrayReference total = take_array(target);
      add_contribution(backward, i, total);
      target->adjoint_array = total.hand_over();
    }
  }

  void pull_elementwise_terms(Sink& sink, Node* node) {
    const Form form = form_of(node->code);
    const std::size_t arity = operation_arities[form.index];
    std::vector<Term> arguments;
    for (std::size_t i = 0; i < arity; ++i) {
      const Operand& given = operand(node, form.numbers, arity, i);
      arguments.push_back((form.numbers >> i & 1U) != 0 ? Term(given.number)
                                                        : sink.term(given.node));
    }
    const Term adjoint = Adjoint<T>::term(graph_, node);
    const Term result = sink.term(node);
    for (std::size_t i = 0; i < arity; ++i) {
      if ((form.numbers >> i & 1U) != 0) continue;
      Node* target = operand(node, form.numbers, arity, i).node;
      if (!sink.wants(target)) continue;
      Term amount = elementwise_contribution(form.index, i, adjoint, arguments, result);
      if (amount.is_zero()) continue;
      // One number for all elements, or what the other operand has, for all along an axis: an
      // operand of another shape gets the sum of all.
      const bool is_alike = target->has(is_array) && same_shape(*target->array, *node->array);
      if (!is_alike) {
        amount = amount.is_number() ? filled(graph_, amount.number(), *node->array)
                                    : broadcast_to(amount, shape_of(*node->array));
      }
      sink.add(target, sum_to(amount, target));
    }
  }

  // To one element of the adjoint of an array.
  static void add_to_element(Sink& sink, Node* target, std::size_t place, double amount) {
    if (!target->has(marked)) sink.reach(target);
    ArrayReference total = take_array(target);
    if (!total) {
      total = filled_like(*target->array, 0.0);
    } else {
      make_own(total);
    }
    total->set_number(place, total->number_at(place) + amount);
    target->adjoint_array = total.hand_over();
  }

  // What comes in great number, without Terms: elements, slices, lists of numbers.
  bool pull_element(Sink& sink, Node* node) {
    const Structural operation = structural_of(node->code);
    Long* record = as_long(node);
    if (operation == Structural::element) {
      Node* target = record->operands[0].node;
      if (sink.wants(target)) add_to_element(sink, target, record->operand(1).word, node->adjoint);
      return true;
    }
    if (operation == Structural::slice && node->has(is_array)) {
      Node* target = record->operands[0].node;
      if (!sink.wants(target)) return true;
      if (!target->has(marked)) sink.reach(target);
      ArrayReference total = take_array(target);
      const Slice part = read_slice(record->operands + 1, target->array->rank);
      if (!total) {
        total = unsliced(*node->adjoint_array, part, shape_of(*target->array));
      } else {
        make_own(total);
        add_to_slice(*total, *node->adjoint_array, part);
      }
      target->adjoint_array = total.hand_over();
      return true;
    }
    if (operation == Structural::stack && !record->operands[0].node->has(is_array)) {
      const Array& adjoint = *node->adjoint_array;
      for (std::uint32_t i = 0; i < record->arguments; ++i) {
        Node* target = record->operands[i].node;
        if (sink.wants(target)) sink.add(target, adjoint.number_at(i));
      }
      return true;
    }
    return false;
  }

  void pull_structural(Sink& sink, Node* node) {
    const Long* record = as_long(node);
    std::vector<Term> arguments;
    arguments.reserve(record->arguments);
    for (std::uint32_t i = 0; i < record->arguments; ++i)
      arguments.push_back(sink.term(record->operands[i].node));
    if (node->has(is_array)) Adjoint<T>::fill_out(graph_, node);
    const Term adjoint = Adjoint<T>::term(graph_, node);
    const Term result = sink.term(node);
    if (structural_of(node->code) == Structural::layer) {
      const auto is_wanted = [&sink](const Operand& argument) { return sink.wants(argument.node); };
      const Operand* end = record->operands + record->arguments;
      const DenseWants wants{std::any_of(record->operands, end - 2, is_wanted), is_wanted(end[-2]),
                             is_wanted(end[-1])};
      pull_layer(sink, record,
                 dense_contributions(graph_, node, adjoint, result, arguments, wants));
      return;
    }
    if (structural_of(node->code) == Structural::custom) {
      const std::vector<Term> amounts = custom_contributions(node, adjoint, result, arguments);
      for (std::uint32_t i = 0; i < record->arguments; ++i) {
        Node* target = record->operands[i].node;
        if (sink.wants(target) && !amounts[i].is_zero()) sink.add(target, amounts[i]);
      }
      return;
    }
    if (structural_of(node->code) == Structural::concatenate) {
      std::size_t start = 0;
      for (std::uint32_t i = 0; i < record->arguments; ++i) {
        Node* target = record->operands[i].node;
        const Array& part = *target->array;
        if (sink.wants(target))
          sink.add(target, part_of_concatenated(record, adjoint, part, start));
        start += part.lengths[axis_of_concatenated(record)];
      }
      return;
    }
    for (std::uint32_t i = 0; i < record->arguments; ++i) {
      Node* target = record->operands[i].node;
      if (!sink.wants(target)) continue;
      sink.add(target, structural_contribution(graph_, node, i, adjoint, result, arguments));
    }
  }

  void pull_layer(Sink& sink, const Long* record, const DenseContributions& amounts) {
    const std::uint32_t inputs = record->arguments - 2;
    Node* first = record->operands[0].node;
    if (inputs == 1 && first->has(is_array)) {
      if (sink.wants(first)) sink.add(first, amounts.inputs);
    } else {
      for (std::uint32_t i = 0; i < inputs; ++i) {
        Node* target = record->operands[i].node;
        if (!sink.wants(target)) continue;
        if constexpr (std::is_same_v<T, double>) {
          sink.add(target, amounts.inputs.array()->number_at(i));
        } else {
          sink.add(target, element(amounts.inputs, i));
        }
      }
    }
    Node* weights = record->operands[inputs].node;
    if (sink.wants(weights)) sink.add(weights, amounts.weights);
    Node* bias = record->operands[inputs + 1].node;
    if (sink.wants(bias)) sink.add(bias, amounts.bias);
  }

  void fill_out_all() {
    if constexpr (std::is_same_v<T, Recorded>) {
      for (Node* node : visited()) {
        if (node->has(is_array)) Adjoint<T>::fill_out(graph_, node);
      }
      for (Leaf* leaf : leaves()) {
        if (leaf->has(is_array)) Adjoint<T>::fill_out(graph_, leaf);
      }
    }
  }

  // Elements of leaves hand their adjoints on to the whole.
  void fold_views() {
    if (graph_.live_views() == 0) return;
    Sink sink(graph_, root_, 0, pass_.leaves_end());
    for (std::size_t i = 0; i < leaves().size(); ++i) {
      Leaf* view = leaves()[i];
      if (!view->has(is_view) || !view->has(requires_grad)) continue;
      has_arrays_ = true;
      Leaf* base = view->base();
      if constexpr (std::is_same_v<T, double>) {
        add_to_element(sink, base, view->place, view->adjoint);
      } else {
        sink.add(base, unslice_element(graph_, Adjoint<T>::term(graph_, view), view->place,
                                       shape_of(*base->array)));
      }
    }
  }

  [[gnu::noinline]] void note(Node* node) { visited().push_back(node); }

  Graph& graph_;
  Node* root_;
  Retain retain_;
  Pass pass_;
  bool has_arrays_ = false;                      // whose adjoints have to be given back
  std::optional<RecordingScope> not_recording_;  // while rules compute numbers
};

}  // namespace autograd
