// The loops of kernels.hpp. Included once for each instruction set, inside a namespace of its own
// and with AUTOGRAD_TARGET naming the set: no include guard, and no includes.
//
// Plain loops over plain functions, which compilers turn into vector instructions. Everything is
// inlined (flatten), since a call in a loop ends that.

// Where all exponents are one, of those that power_of knows without a call: runs the loop with it
// as a constant, of which compilers make a loop without branches. False elsewhere.
template <class Loop, std::size_t... Place>
AUTOGRAD_TARGET inline bool with_quick_exponent(std::size_t size, const double* exponents,
                                                const Loop& loop, std::index_sequence<Place...>) {
  if (size == 0) return false;
  const double exponent = exponents[0];
  if (!((exponent == quick_exponents[Place]) || ...)) return false;
  if (exponents[size / 2] != exponent || exponents[size - 1] != exponent) return false;
  std::size_t different = 0;
  for (std::size_t i = 0; i < size; ++i) different += exponents[i] != exponent ? 1 : 0;
  if (different > 0) return false;
  const auto run = [&]<std::size_t At>(std::integral_constant<std::size_t, At>) {
    constexpr double constant = quick_exponents[At];
    for (std::size_t i = 0; i < size; ++i) loop(i, constant);
    return true;
  };
  return (
      (exponent == quick_exponents[Place] && run(std::integral_constant<std::size_t, Place>{})) ||
      ...);
}
inline constexpr auto quick_exponent_places = std::make_index_sequence<quick_exponents.size()>{};

template <std::size_t Index, std::size_t... I>
struct EntryLoops {
  static constexpr bool is_power = Index == index_of("power");

  AUTOGRAD_TARGET static void value(std::size_t size, double* AUTOGRAD_RESTRICT out,
                                    const double* const* operands) {
    if constexpr (is_power) {
      const double* const x = operands[0];
      const auto calculate = [=](std::size_t i, double y) { out[i] = entry<Index>.value(x[i], y); };
      if (with_quick_exponent(size, operands[1], calculate, quick_exponent_places)) return;
    }
    const double* const pointers[] = {operands[I]...};
    for (std::size_t i = 0; i < size; ++i) out[i] = entry<Index>.value(pointers[I][i]...);
  }

  template <std::size_t Argument>
  struct To {
    AUTOGRAD_TARGET static void contribution(std::size_t size, double* AUTOGRAD_RESTRICT out,
                                             const double* adjoint, const double* const* operands,
                                             const double* result) {
      if constexpr (is_power && Argument == 0) {
        const double* const x = operands[0];
        const auto calculate = [=](std::size_t i, double y) {
          out[i] = pass_on(adjoint[i], std::get<0>(entry<Index>.partials)(x[i], y, result[i]));
        };
        if (with_quick_exponent(size, operands[1], calculate, quick_exponent_places)) return;
      }
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

AUTOGRAD_TARGET inline void add_rows(std::size_t rows, std::size_t columns,
                                     double* AUTOGRAD_RESTRICT total,
                                     const double* AUTOGRAD_RESTRICT data) {
  for (std::size_t row = 0; row < rows; ++row, data += columns) {
    for (std::size_t i = 0; i < columns; ++i) total[i] += data[i];
  }
}

// The sum of fewer than 16 numbers, as a tree: everything stays in registers. (Running totals in
// memory would be written as numbers and read as vectors, for which processors have to wait.)
template <std::size_t Size>
AUTOGRAD_TARGET inline double sum_few(const double* data) {
  if constexpr (Size == 0) {
    return 0.0;
  } else if constexpr (Size == 1) {
    return data[0];
  } else {
    constexpr std::size_t half = std::bit_floor(Size - 1);
    return sum_few<half>(data) + sum_few<Size - half>(data + half);
  }
}

template <std::size_t... Size>
AUTOGRAD_TARGET inline double sum_few(std::size_t size, const double* data,
                                      std::index_sequence<Size...>) {
  double total = 0.0;
  static_cast<void>(((size == Size && ((total = sum_few<Size>(data)), true)) || ...));
  return total;
}

AUTOGRAD_TARGET inline double sum(std::size_t size, const double* data) {
  const std::size_t blocks = size / 16;
  const double* const rest = data + blocks * 16;
  const double few = sum_few(size % 16, rest, std::make_index_sequence<16>{});
  if (blocks == 0) return few;
  double totals[16];
  for (std::size_t lane = 0; lane < 16; ++lane) totals[lane] = data[lane];
  for (std::size_t block = 1; block < blocks; ++block) {
    for (std::size_t lane = 0; lane < 16; ++lane) totals[lane] += data[block * 16 + lane];
  }
  for (std::size_t width = 8; width > 0; width /= 2) {
    for (std::size_t lane = 0; lane < width; ++lane) totals[lane] += totals[lane + width];
  }
  return totals[0] + few;
}

template <std::size_t... Size>
AUTOGRAD_TARGET inline bool sum_short_rows(std::size_t rows, std::size_t columns, double* totals,
                                           const double* data, std::index_sequence<Size...>) {
  const auto sum_all = [&]<std::size_t Columns>(std::integral_constant<std::size_t, Columns>) {
    for (std::size_t i = 0; i < rows; ++i) totals[i] += sum_few<Columns>(data + i * Columns);
    return true;
  };
  return ((columns == Size && sum_all(std::integral_constant<std::size_t, Size>{})) || ...);
}

AUTOGRAD_TARGET inline void sum_rows(std::size_t rows, std::size_t columns,
                                     double* AUTOGRAD_RESTRICT totals,
                                     const double* AUTOGRAD_RESTRICT data) {
  if (sum_short_rows(rows, columns, totals, data, std::make_index_sequence<16>{})) return;
  for (std::size_t i = 0; i < rows; ++i) totals[i] += sum(columns, data + i * columns);
}

// Comparisons, for maxima and minima: `better(a, b)` is the one to keep, nan before all.
template <std::size_t Size, class Better>
AUTOGRAD_TARGET inline double best_of_few(const double* data, const Better& better) {
  if constexpr (Size == 1) {
    return data[0];
  } else {
    constexpr std::size_t half = std::bit_floor(Size - 1);
    return better(best_of_few<half>(data, better), best_of_few<Size - half>(data + half, better));
  }
}

template <class Better>
AUTOGRAD_TARGET inline double best_of_many(std::size_t size, const double* data,
                                           const Better& better) {
  double best[16];
  for (std::size_t lane = 0; lane < 16; ++lane) best[lane] = data[lane];
  std::size_t i = 16;
  for (; i + 16 <= size; i += 16) {
    for (std::size_t lane = 0; lane < 16; ++lane) best[lane] = better(data[i + lane], best[lane]);
  }
  // What is left over is compared with some that were compared before: it does no harm.
  for (std::size_t lane = 0; lane < 16; ++lane)
    best[lane] = better(data[size - 16 + lane], best[lane]);
  for (std::size_t width = 8; width > 0; width /= 2) {
    for (std::size_t lane = 0; lane < width; ++lane)
      best[lane] = better(best[lane + width], best[lane]);
  }
  return best[0];
}

template <class Better, std::size_t... Less>
AUTOGRAD_TARGET inline bool short_extrema(std::size_t rows, std::size_t columns, double* best,
                                          const double* data, const Better& better,
                                          std::index_sequence<Less...>) {
  const auto compare_all = [&]<std::size_t Columns>(std::integral_constant<std::size_t, Columns>) {
    for (std::size_t i = 0; i < rows; ++i)
      best[i] = better(best_of_few<Columns>(data + i * Columns, better), best[i]);
    return true;
  };
  return ((columns == Less + 1 && compare_all(std::integral_constant<std::size_t, Less + 1>{})) ||
          ...);
}

template <class Better>
AUTOGRAD_TARGET inline void extrema(std::size_t rows, std::size_t columns, double* best,
                                    const double* data, const Better& better) {
  if (short_extrema(rows, columns, best, data, better, std::make_index_sequence<15>{})) return;
  for (std::size_t i = 0; i < rows; ++i)
    best[i] = better(best_of_many(columns, data + i * columns, better), best[i]);
}

AUTOGRAD_TARGET inline void largest(std::size_t rows, std::size_t columns,
                                    double* AUTOGRAD_RESTRICT best,
                                    const double* AUTOGRAD_RESTRICT data) {
  extrema(rows, columns, best, data,
          [](double a, double b) { return ((a > b) | (a != a)) ? a : b; });
}

AUTOGRAD_TARGET inline void smallest(std::size_t rows, std::size_t columns,
                                     double* AUTOGRAD_RESTRICT best,
                                     const double* AUTOGRAD_RESTRICT data) {
  extrema(rows, columns, best, data,
          [](double a, double b) { return ((a < b) | (a != a)) ? a : b; });
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
  kernels.add_rows = add_rows;
  kernels.sum = sum;
  kernels.sum_rows = sum_rows;
  kernels.largest = largest;
  kernels.smallest = smallest;
  kernels.all_finite = all_finite;
  kernels.to_double = to_double;
  kernels.to_float = to_float;
  list_updates(kernels, std::make_index_sequence<update_rule_count>{});
  return kernels;
}

inline Kernels list_kernels() { return list_kernels(std::make_index_sequence<operation_count>{}); }
