// The loops of kernels.hpp. Included once for each instruction set, inside a namespace of its own
// and with AUTOGRAD_TARGET naming the set: no include guard, and no includes.
//
// Plain loops over plain functions, which compilers turn into vector instructions. Everything is
// inlined (flatten), since a call in a loop ends that.

template <std::size_t Index, std::size_t... I>
struct EntryLoops {
  AUTOGRAD_TARGET static void value(std::size_t size, double* AUTOGRAD_RESTRICT out,
                                    const double* const* operands) {
    const double* const pointers[] = {operands[I]...};
    for (std::size_t i = 0; i < size; ++i) out[i] = entry<Index>.value(pointers[I][i]...);
  }

  template <std::size_t Argument>
  struct To {
    AUTOGRAD_TARGET static void contribution(std::size_t size, double* AUTOGRAD_RESTRICT out,
                                             const double* adjoint, const double* const* operands,
                                             const double* result) {
      const double* const pointers[] = {operands[I]...};
      for (std::size_t i = 0; i < size; ++i)
        out[i] = pass_on(adjoint[i],
                         std::get<Argument>(entry<Index>.partials)(pointers[I][i]..., result[i]));
    }
  };
};

AUTOGRAD_TARGET inline void add(std::size_t size, double* AUTOGRAD_RESTRICT total,
                                const double* AUTOGRAD_RESTRICT amount) {
  for (std::size_t i = 0; i < size; ++i) total[i] += amount[i];
}

AUTOGRAD_TARGET inline void add_scaled(std::size_t size, double* AUTOGRAD_RESTRICT total,
                                       const double* AUTOGRAD_RESTRICT amount, double factor) {
  for (std::size_t i = 0; i < size; ++i) total[i] += factor * amount[i];
}

AUTOGRAD_TARGET inline void add_rows(std::size_t rows, std::size_t columns,
                                     double* AUTOGRAD_RESTRICT total,
                                     const double* AUTOGRAD_RESTRICT data) {
  for (std::size_t row = 0; row < rows; ++row, data += columns) {
    for (std::size_t i = 0; i < columns; ++i) total[i] += data[i];
  }
}

AUTOGRAD_TARGET inline double sum(std::size_t size, const double* data) {
  double totals[16] = {};
  std::size_t i = 0;
  for (; i + 16 <= size; i += 16) {
    for (std::size_t lane = 0; lane < 16; ++lane) totals[lane] += data[i + lane];
  }
  for (std::size_t lane = 0; i < size; ++i, ++lane) totals[lane] += data[i];
  for (std::size_t width = 8; width > 0; width /= 2) {
    for (std::size_t lane = 0; lane < width; ++lane) totals[lane] += totals[lane + width];
  }
  return totals[0];
}

// Lanes that compare, for maxima and minima: `better(a, b)` is the one to keep, nan before all.
template <class Better>
AUTOGRAD_TARGET inline double extremum(std::size_t size, const double* data, const Better& better) {
  double best[8];
  for (double& lane : best) lane = data[0];
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) best[lane] = better(data[i + lane], best[lane]);
  }
  for (; i < size; ++i) best[0] = better(data[i], best[0]);
  for (std::size_t lane = 1; lane < 8; ++lane) best[0] = better(best[lane], best[0]);
  return best[0];
}

AUTOGRAD_TARGET inline double largest(std::size_t size, const double* data) {
  return extremum(size, data, [](double a, double b) { return a > b || a != a ? a : b; });
}

AUTOGRAD_TARGET inline double smallest(std::size_t size, const double* data) {
  return extremum(size, data, [](double a, double b) { return a < b || a != a ? a : b; });
}

AUTOGRAD_TARGET inline bool all_finite(std::size_t size, const double* data) {
  double total = 0.0;  // of zeros, and of a nan for what is not finite
  double totals[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) totals[lane] += data[i + lane] * 0.0;
  }
  for (; i < size; ++i) total += data[i] * 0.0;
  for (const double lane : totals) total += lane;
  return total == 0.0;
}

AUTOGRAD_TARGET inline void to_double(std::size_t size, double* AUTOGRAD_RESTRICT out,
                                      const float* AUTOGRAD_RESTRICT data) {
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<double>(data[i]);
}

AUTOGRAD_TARGET inline void to_float(std::size_t size, float* AUTOGRAD_RESTRICT out,
                                     const double* AUTOGRAD_RESTRICT data) {
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<float>(data[i]);
}

template <class Rule>
struct UpdateLoop {
  template <class... State>
  AUTOGRAD_TARGET static void over(std::size_t size, double* AUTOGRAD_RESTRICT primal,
                                   const double* AUTOGRAD_RESTRICT gradient, const Rule rule,
                                   State* AUTOGRAD_RESTRICT... state) {
    for (std::size_t i = 0; i < size; ++i) primal[i] = rule(primal[i], gradient[i], state[i]...);
  }

  AUTOGRAD_TARGET static void update(std::size_t size, double* primal, const double* gradient,
                                     double* const* states, const void* rule) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      over(size, primal, gradient, *static_cast<const Rule*>(rule), states[I]...);
    }(std::make_index_sequence<Rule::states>{});
  }
};

template <std::size_t Index, std::size_t... I>
void list_entry(Kernels& kernels, std::index_sequence<I...>) {
  using Loops = EntryLoops<Index, I...>;
  kernels.value[Index] = Loops::value;
  ((kernels.contribution[Index][I] = Loops::template To<I>::contribution), ...);
}

template <std::size_t... Index>
void list_updates(Kernels& kernels, std::index_sequence<Index...>) {
  ((kernels.update[Index] = UpdateLoop<std::tuple_element_t<Index, UpdateRules>>::update), ...);
}

template <std::size_t... Index>
Kernels list_kernels(std::index_sequence<Index...>) {
  Kernels kernels{};
  (list_entry<Index>(kernels, std::make_index_sequence<arity_of<Index>>{}), ...);
  kernels.add = add;
  kernels.add_scaled = add_scaled;
  kernels.add_rows = add_rows;
  kernels.sum = sum;
  kernels.largest = largest;
  kernels.smallest = smallest;
  kernels.all_finite = all_finite;
  kernels.to_double = to_double;
  kernels.to_float = to_float;
  list_updates(kernels, std::make_index_sequence<update_rule_count>{});
  return kernels;
}

inline Kernels list_kernels() { return list_kernels(std::make_index_sequence<operation_count>{}); }
