// The node: one value of the graph. Three records share a header of 32 bytes:
//
//   Interior  an operation of one or two operands          48 bytes, in a slab
//   Long      any other number of operands, and words      40 bytes + 8 a word, in a slab
//   Leaf      a value the user made, or a constant result  48 bytes, in the leaf pool
//
// A value is a number, or an array when the flag is_array says so: then the fields for primal,
// adjoint and gradient hold counted arrays instead. A leaf with the flag is_view is an element of
// an array leaf: its `base`, and where in it.
//
// A node knows nothing of Python. It is counted: one reference for its holder's object, one for
// each use as an argument. Interior records lie in creation order (see slabs.hpp), which is why
// nothing here stores a topological order. Start reading at `Node`.
#pragma once

#include <cstddef>
#include <cstdint>

namespace autograd {

struct Array;
struct Node;

// What is kept for a node while somebody outside the graph holds it. It belongs to the holder and
// dies with it, so that a gradient that is itself a graph cannot keep its own primal alive.
struct Holder {
  union {
    double gradient = 0.0;  // of an interior node: the adjoint of the latest sweep
    Array* gradient_array;  // of an array: owned, or null for zeros
  };
  Node* gradient_node = nullptr;  // the gradient as a value of the graph, owned, or null
};

// An operand of an operation is a node, or a plain number stored in its place.
union Operand {
  Node* node;
  double number;
  std::uint64_t word;
};

using Code = std::uint16_t;  // the operation and which of its operands are numbers, see code.hpp

enum Flag : std::uint16_t {
  // What operations ask of their operands: of a number, requires_grad alone, nearly always.
  requires_grad = 1 << 0,
  is_array = 1 << 1,
  is_view = 1 << 2,                // a leaf whose number lies in an array leaf
  has_recorded_gradient = 1 << 3,  // its holder has a gradient_node
  marked = 1 << 4,                 // reached by the sweep that runs, not visited yet
  asked_of_operands = 0xFF,
  // The rest.
  is_leaf = 1 << 8,
  is_long = 1 << 9,
  first_is_number = 1 << 10,    // Interior: operands[0] holds a number
  second_is_number = 1 << 11,   // Interior: operands[1] holds a number, or nothing
  is_watched = 1 << 12,         // somebody keeps a note on this node and wants to hear of its death
  is_differentiated = 1 << 13,  // a backward pass has gone through it
};

struct Node {
  union {  // the forward value
    double primal;
    Array* array;  // owned
  };
  union {  // what one sweep needs, or the free lists
    double adjoint;
    Array* adjoint_array;  // owned
    Node* adjoint_node;    // owned, in a sweep that records
    Node* link;            // the next dead node
  };
  Holder* holder;  // null when nobody outside the graph holds this node
  std::uint32_t references;
  Code code;
  std::uint16_t flags;

  bool has(Flag flag) const { return (flags & flag) != 0; }
  bool has_any(unsigned of) const { return (flags & of) != 0; }
  void set(Flag flag) { flags = static_cast<std::uint16_t>(flags | flag); }
  void clear(Flag flag) { flags = static_cast<std::uint16_t>(flags & ~flag); }
};
static_assert(sizeof(Node) == 32);

struct Interior : Node {
  Operand operands[2];
};
static_assert(sizeof(Interior) == 48);

struct Leaf : Node {
  std::uint64_t clock;  // position of the last change of its primal; users before it are stale
  union {               // what the backward passes have added up
    double gradient;
    Array* gradient_array;  // owned, or null for zeros
    std::uint64_t place;    // of a view: which element of its base it is
  };

  // A view has, in place of a clock, the leaf that owns its memory, with a bit that no position
  // reaches: whoever compares clocks looks closer then. The base is owned.
  static constexpr std::uint64_t base_tag = std::uint64_t{1} << 63;
  Leaf* base() const { return reinterpret_cast<Leaf*>(clock & ~base_tag); }
};
static_assert(sizeof(Leaf) == 48);

struct Long : Node {
  std::uint32_t arguments;  // operands[0 .. arguments) are nodes
  std::uint32_t words;      // operands[arguments .. words) are numbers and what the rule keeps
  Operand operands[1];      // in truth `words` of them

  static constexpr std::size_t header = 40;
  static constexpr std::size_t size_for(std::size_t words) {
    const std::size_t bytes = header + sizeof(Operand) * words;
    return (bytes + 15) / 16 * 16;
  }
  std::size_t size() const { return size_for(words); }
  Operand& operand(std::size_t i) { return static_cast<Operand*>(operands)[i]; }
};
static_assert(sizeof(Long) == Long::header + sizeof(Operand));

// The leaf that has the number: that of a view is its base.
inline Leaf* owner_of(Leaf* leaf) { return leaf->has(is_view) ? leaf->base() : leaf; }
inline const Leaf* owner_of(const Leaf* leaf) { return leaf->has(is_view) ? leaf->base() : leaf; }

inline Interior* as_interior(Node* node) { return static_cast<Interior*>(node); }
inline Leaf* as_leaf(Node* node) { return static_cast<Leaf*>(node); }
inline Long* as_long(Node* node) { return static_cast<Long*>(node); }
inline const Interior* as_interior(const Node* node) { return static_cast<const Interior*>(node); }
inline const Leaf* as_leaf(const Node* node) { return static_cast<const Leaf*>(node); }
inline const Long* as_long(const Node* node) { return static_cast<const Long*>(node); }

inline std::size_t size_of(const Node* interior) {
  return interior->has(is_long) ? as_long(interior)->size() : sizeof(Interior);
}

}  // namespace autograd
