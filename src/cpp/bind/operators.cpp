#include "bind/operators.hpp"

#include <cmath>

#include "bind/array.hpp"
#include "bind/operand.hpp"
#include "bind/quick.hpp"
#include "core/structural.hpp"

namespace autograd::bind {

namespace {

template <Name name>
constexpr std::size_t index = index_of(name.view());

PyObject* binary_of_arrays(std::size_t index, PyObject* left, PyObject* right) {
  Term terms[] = {0.0, 0.0};
  if (!read_term(operation_names[index], left, terms[0]) ||
      !read_term(operation_names[index], right, terms[1]))
    Py_RETURN_NOTIMPLEMENTED;
  return wrap_term(Term::apply(index, terms));
}

// The rare pairs: ints, NumPy's numbers and arrays, and what we do not know.
template <std::size_t Index>
[[gnu::noinline]] PyObject* binary_of_others(PyObject* left, PyObject* right) {
  Argument a;
  Argument b;
  if (!read_operand(left, a) || !read_operand(right, b))
    return binary_of_arrays(Index, left, right);
  return wrap_new(record_any<Index>(graph, a, b));
}

// What `compute_quickly` below leaves.
template <std::size_t Index>
[[gnu::noinline]] PyObject* binary_of_any(PyObject* left, PyObject* right) noexcept {
  renew_allowance();
  return guarded([&]() -> PyObject* {
    if (is_value(left)) {
      if (is_value(right))
        return wrap_new(detail::record_carefully<Index>(graph, node_of(left), node_of(right)));
      if (PyFloat_CheckExact(right))
        return wrap_new(
            detail::record_carefully<Index>(graph, node_of(left), PyFloat_AS_DOUBLE(right)));
    } else if (PyFloat_CheckExact(left)) {  // then the right is a Value, or we were not asked
      return wrap_new(
          detail::record_carefully<Index>(graph, PyFloat_AS_DOUBLE(left), node_of(right)));
    }
    return binary_of_others<Index>(left, right);
  });
}

// What a slot does nearly always is here, without a call; anything else is one last call. A float
// on the right goes straight on: CPython's own way to here is longer then.
template <std::size_t Index>
PyObject* binary(PyObject* left, PyObject* right) noexcept {
  PyObject* result = nullptr;
  if (is_value(left)) [[likely]] {
    if (PyFloat_CheckExact(right)) [[likely]] {
      result = compute_quickly<Index>(node_of(left), PyFloat_AS_DOUBLE(right));
    } else if (is_value(right)) [[likely]] {
      result = compute_quickly<Index>(node_of(left), node_of(right));
    }
  } else if (PyFloat_CheckExact(left)) {
    result = compute_quickly<Index>(PyFloat_AS_DOUBLE(left), node_of(right));
  }
  return result != nullptr ? result : binary_of_any<Index>(left, right);
}

// `p -= step` binds a name to a new result. Where nothing is recorded that trains nothing, and no
// error would follow.
[[gnu::cold, gnu::noinline]] int check_in_place(PyObject* left) noexcept {
  return guarded(-1, [&] {
    const Node* node = node_of(left);
    if (node->has(is_leaf) && node->has(requires_grad))
      warn_of_lost_gradient(
          "[in-place] a leaf that requires a gradient was given while nothing is recorded - its "
          "data are needed: the leaf stays as it is, the name stands for a new constant. Write "
          "`p.data -= step`, not `p -= step`; let a sum begin with 0.0.");
    return 0;
  });
}

template <std::size_t Index>
PyObject* in_place(PyObject* left, PyObject* right) noexcept {
  if (!is_recording() && check_in_place(left) != 0) [[unlikely]]
    return nullptr;
  return binary<Index>(left, right);
}

PyObject* power(PyObject* base, PyObject* exponent, PyObject* modulus) noexcept {
  if (modulus != Py_None) Py_RETURN_NOTIMPLEMENTED;
  return binary<index<"power">>(base, exponent);
}

bool is_matrix(PyObject* object) {
  return is_value(object) && node_of(object)->has(is_array) && node_of(object)->array->rank == 2;
}

PyObject* matrix_multiply(PyObject* left, PyObject* right) noexcept {
  return guarded([&]() -> PyObject* {
    if (is_matrix(left) && is_matrix(right) &&
        node_of(left)->array->dtype == node_of(right)->array->dtype)
      return wrap_new(multiply_matrices(graph, node_of(left), node_of(right)));
    Term a = 0.0;
    Term b = 0.0;
    if (!read_term("matmul", left, a) || !read_term("matmul", right, b)) Py_RETURN_NOTIMPLEMENTED;
    return wrap_term(matmul(a, b));
  });
}

// Of arrays, or of a number and an array: as NumPy compares.
PyObject* compare_data(PyObject* left, PyObject* right, int operation) {
  const py::object a = data_of(node_of(left));
  const py::object b =
      is_value(right) ? data_of(node_of(right)) : py::reinterpret_borrow<py::object>(right);
  return PyObject_RichCompare(a.ptr(), b.ptr(), operation);
}

// As floats compare, huge ints included.
PyObject* compare(PyObject* left, PyObject* right, int operation) noexcept {
  return guarded([&]() -> PyObject* {
    const unsigned flags = node_of(left)->flags | (is_value(right) ? node_of(right)->flags : 0U);
    if ((flags & (is_array | is_view)) != 0) [[unlikely]]
      return compare_data(left, right, operation);
    const double a = node_of(left)->primal;
    if (is_value(right)) Py_RETURN_RICHCOMPARE(a, node_of(right)->primal, operation);
    if (PyFloat_CheckExact(right)) Py_RETURN_RICHCOMPARE(a, PyFloat_AS_DOUBLE(right), operation);
    if (PyLong_Check(right)) {
      const auto number = py::reinterpret_steal<py::object>(PyFloat_FromDouble(a));
      if (!number) throw py::error_already_set();
      return PyObject_RichCompare(number.ptr(), right, operation);
    }
    Argument other;
    if (!read_operand(right, other)) {
      if (is_real_array("compare", right)) return compare_data(left, right, operation);
      Py_RETURN_NOTIMPLEMENTED;
    }
    Py_RETURN_RICHCOMPARE(a, other.number, operation);
  });
}

// By identity: values that compare equal are still different variables.
Py_hash_t hash(PyObject* value) noexcept {
  // Objects are aligned to 16 bytes; rotating puts those zeros last, as CPython does for pointers.
  const auto address = reinterpret_cast<std::uintptr_t>(value);
  const auto rotated =
      static_cast<Py_hash_t>((address >> 4) | (address << (8 * sizeof address - 4)));
  return rotated == -1 ? -2 : rotated;
}

// The number of a scalar, or of an array of one element.
double number_of(const char* conversion, PyObject* value) {
  Node* node = node_of(value);
  if (node->has(is_view)) Graph::refresh(as_leaf(node));
  if (!node->has(is_array)) return node->primal;
  if (node->array->size == 1) return node->array->number_at(0);
  throw py::type_error("[" + std::string(conversion) + "] an array of shape " +
                       text_of(shape_of(*node->array)) +
                       " was given - a single number is needed. Reduce it, e.g. with .sum(), or "
                       "use .data.");
}

int as_bool(PyObject* value) noexcept {
  return guarded(-1, [&] {
    Node* node = node_of(value);
    if (!node->has(is_array)) return number_of("bool", value) != 0.0 ? 1 : 0;
    if (node->array->size == 1) return node->array->number_at(0) != 0.0 ? 1 : 0;
    throw py::value_error("[bool] an array of shape " + text_of(shape_of(*node->array)) +
                          " was given - a single truth is needed. Say which with "
                          "(value.data != 0).any() or .all().");
  });
}

// float(v), and so math.exp(v) and "%f" % v, leave the graph without a trace. That is welcome for
// a number to print, and an error in a formula. A value through which a backward pass has gone is
// taken for the first, any other for the second.
PyObject* as_float(PyObject* value) noexcept {
  return guarded([&] {
    const double number = number_of("float", value);
    const Node* node = node_of(value);
    warn_if_gradient_lost(
        node,
        "[float] a Value that requires a gradient was given - the float that is returned has "
        "none. Use autograd's functions (autograd.exp, not math.exp), or value.data where only "
        "the number is wanted.");
    return PyFloat_FromDouble(number);
  });
}

// int(v) is a step function: its derivative is zero where it has one, so nothing is lost.
PyObject* as_int(PyObject* value) noexcept {
  return guarded([&] { return PyLong_FromDouble(number_of("int", value)); });
}

template <class Function>
PyType_Slot slot(int id, Function* function) {
  return {id, reinterpret_cast<void*>(function)};
}

}  // namespace

void add_operator_slots(std::vector<PyType_Slot>& slots) {
  slots.insert(slots.end(), {
                                slot(Py_nb_add, binary<index<"add">>),
                                slot(Py_nb_subtract, binary<index<"subtract">>),
                                slot(Py_nb_multiply, binary<index<"multiply">>),
                                slot(Py_nb_true_divide, binary<index<"divide">>),
                                slot(Py_nb_remainder, binary<index<"remainder">>),
                                slot(Py_nb_floor_divide, binary<index<"floor_divide">>),
                                slot(Py_nb_inplace_add, in_place<index<"add">>),
                                slot(Py_nb_inplace_subtract, in_place<index<"subtract">>),
                                slot(Py_nb_inplace_multiply, in_place<index<"multiply">>),
                                slot(Py_nb_inplace_true_divide, in_place<index<"divide">>),
                                slot(Py_nb_inplace_remainder, in_place<index<"remainder">>),
                                slot(Py_nb_inplace_floor_divide, in_place<index<"floor_divide">>),
                                slot(Py_nb_matrix_multiply, matrix_multiply),
                                slot(Py_nb_power, power),
                                slot(Py_nb_negative, unary<index<"negative">>),
                                slot(Py_nb_positive, unary<index<"positive">>),
                                slot(Py_nb_absolute, unary<index<"absolute">>),
                                slot(Py_nb_bool, as_bool),
                                slot(Py_nb_float, as_float),
                                slot(Py_nb_int, as_int),
                                slot(Py_tp_richcompare, compare),
                                slot(Py_tp_hash, hash),
                            });
}

}  // namespace autograd::bind
