// The product of two matrices, written once over Vector<T> and compiled for each instruction set:
// gemm.cpp includes this file inside a namespace of each, hence no guard and no includes.
//
// The method is that of Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication",
// ACM TOMS 34(3), 2008: a tile of c stays in registers while a column panel of b, which lies in the
// first cache, and rows of a, which lie in the second, stream past. What differs: a is never
// transposed, since a tile broadcasts single elements and does not mind where they lie, and small
// factors are read where they are. Start reading at `product`, at the end.

// k is cut into blocks of `depth`. A panel of b, two vectors wide, then has 32 KiB with AVX-512, 16
// with AVX2, and stays in the first cache, or close to it, while the rows of a pass.
inline constexpr std::size_t depth = 256;

template <class T>
struct Tile {
  std::size_t k;
  const T* a;
  std::ptrdiff_t a_stride;
  const T* b;
  std::ptrdiff_t b_stride;
  T* c;
  std::ptrdiff_t c_stride;
  int last;  // how many lanes of the last vector belong to c
  bool accumulate;
};

// rows x (vectors * lanes) elements of c. With `part`, lanes of the last vector may be left out.
template <class T, int rows, int vectors, bool columns, bool part>
// NOLINTNEXTLINE(readability-function-cognitive-complexity): apart, sums would leave the registers
AUTOGRAD_TARGET void multiply_tile(const Tile<T>& tile) {
  using V = Vector<T>;
  constexpr int lanes = V::lanes;
  const auto mask = V::mask(tile.last);
  typename V::type sum[rows][vectors];
  AUTOGRAD_UNROLL
  for (int r = 0; r < rows; ++r) {
    AUTOGRAD_UNROLL
    for (int v = 0; v < vectors; ++v) sum[r][v] = V::zero();
  }
  const std::size_t k = tile.k;
  const std::ptrdiff_t a_stride = tile.a_stride;
  const std::ptrdiff_t b_stride = tile.b_stride;
  const T* a = tile.a;
  const T* b = tile.b;
  const T* row[rows];
  AUTOGRAD_UNROLL
  for (int r = 0; r < rows; ++r) row[r] = columns ? a : a + r * a_stride;
  for (std::size_t i = 0; i < k; ++i) {
    typename V::type right[vectors];
    AUTOGRAD_UNROLL
    for (int v = 0; v < vectors; ++v) {
      if constexpr (part && V::masked_loads) {
        right[v] = v + 1 < vectors ? V::load(b + v * lanes) : V::load(b + v * lanes, mask);
      } else {
        right[v] = V::load(b + v * lanes);
      }
    }
    AUTOGRAD_UNROLL
    for (int r = 0; r < rows; ++r) {
      const typename V::type left = V::broadcast(columns ? a + r : row[r] + i);
      AUTOGRAD_UNROLL
      for (int v = 0; v < vectors; ++v) sum[r][v] = V::multiply_add(left, right[v], sum[r][v]);
    }
    b += b_stride;
    if constexpr (columns) a += a_stride;
  }
  T* c = tile.c;
  AUTOGRAD_UNROLL
  for (int r = 0; r < rows; ++r) {
    AUTOGRAD_UNROLL
    for (int v = 0; v < vectors; ++v) {
      T* to = c + v * lanes;
      if (part && v + 1 == vectors) {
        if (tile.accumulate) sum[r][v] = V::add(V::load(to, mask), sum[r][v]);
        V::store(to, sum[r][v], mask);
      } else {
        if (tile.accumulate) sum[r][v] = V::add(V::load(to), sum[r][v]);
        V::store(to, sum[r][v]);
      }
    }
    c += tile.c_stride;
  }
}

template <class T>
using MultiplyTile = void (*)(const Tile<T>&);

// The widest tile of so many rows whose sums fit the registers, with a row of b and one of a.
template <class T>
constexpr int widest(int rows) {
  for (int vectors = 8; vectors > 1; vectors /= 2)
    if (vectors * (rows + (rows > 1 ? 1 : 0)) + 2 <= Vector<T>::registers) return vectors;
  return 1;
}

// What widens a tile: 1, 2, 4 or 8 vectors.
inline constexpr int widths = 4;

template <class T>
struct Tiles {
  MultiplyTile<T> of[Vector<T>::most_rows + 1][widths][2][2];  // rows, width, columns, part
};

template <class T, int rows, int width>
constexpr void enter(Tiles<T>& tiles) {
  constexpr bool always_part = Vector<T>::masks_are_free;
  if constexpr ((1 << width) <= widest<T>(rows)) {
    tiles.of[rows][width][0][0] = multiply_tile<T, rows, 1 << width, false, always_part>;
    tiles.of[rows][width][0][1] = multiply_tile<T, rows, 1 << width, false, true>;
    tiles.of[rows][width][1][0] = multiply_tile<T, rows, 1 << width, true, always_part>;
    tiles.of[rows][width][1][1] = multiply_tile<T, rows, 1 << width, true, true>;
  }
  if constexpr (width + 1 < widths) {
    enter<T, rows, width + 1>(tiles);
  } else if constexpr (rows < Vector<T>::most_rows) {
    enter<T, rows + 1, 0>(tiles);
  }
}

template <class T>
constexpr Tiles<T> enter_all() {
  Tiles<T> tiles{};
  enter<T, 1, 0>(tiles);
  return tiles;
}

template <class T>
inline constexpr Tiles<T> tiles = enter_all<T>();

// m rows in blocks of about the same height: a low block at the end would be slower by element.
template <class T>
class RowBlocks {
 public:
  explicit RowBlocks(std::size_t m)
      : count_((static_cast<unsigned>(m) + Vector<T>::most_rows - 1) / Vector<T>::most_rows),
        low_(static_cast<int>(static_cast<unsigned>(m) / count_)),
        high_count_(static_cast<unsigned>(m) % count_) {}

  unsigned count() const { return count_; }
  unsigned high_count() const { return high_count_; }
  int low() const { return low_; }
  int height(unsigned block) const { return block < high_count_ ? low_ + 1 : low_; }
  int widest_tile() const { return widest<T>(height(0)); }

 private:
  unsigned count_;
  int low_;
  unsigned high_count_;  // how many blocks, the first, have low + 1 rows; never all
};

// The n columns of b in panels, as wide as tiles can be; the last panel has what is left.
template <class T>
class Panels {
 public:
  Panels(std::size_t n, int most_vectors)
      : columns_left_(n), width_(width_of(most_vectors)), vectors_left_(vectors_for(n)) {
    narrow();
  }

  static constexpr std::size_t vectors_for(std::size_t n) {
    constexpr std::size_t lanes = Vector<T>::lanes;
    return (n + lanes - 1) / lanes;
  }
  static constexpr int width_of(int vectors) {
    return vectors == 8 ? 3 : vectors == 4 ? 2 : vectors == 2 ? 1 : 0;
  }

  bool done() const { return vectors_left_ == 0; }
  int width() const { return width_; }  // the logarithm of the number of vectors
  std::size_t lanes() const { return (std::size_t{1} << width_) * Vector<T>::lanes; }
  std::size_t columns() const { return columns_left_ < lanes() ? columns_left_ : lanes(); }
  void next() {
    columns_left_ -= columns();
    vectors_left_ -= std::size_t{1} << width_;
    narrow();
  }

 private:
  void narrow() {
    while (width_ > 0 && (std::size_t{1} << width_) > vectors_left_) --width_;
  }

  std::size_t columns_left_;
  int width_;
  std::size_t vectors_left_;
};

// A block of a factor, as tiles read it. A packed block of a holds columns, tile by tile; a packed
// block of b panel after panel, each with its rows side by side.
template <class T>
struct Block {
  const T* data;
  std::ptrdiff_t stride;
  bool columns;  // of a: the elements of a column lie side by side
  bool packed;
};

// c = a b or c += a b for blocks that fit the caches: each panel of b meets all rows of a.
template <class T>
inline void multiply_block(const RowBlocks<T>& rows, std::size_t n, std::size_t k,
                           const Block<T>& a, const Block<T>& b, T* c, std::ptrdiff_t c_stride,
                           int most_vectors, bool accumulate) {
  const T* b_panel = b.data;
  for (Panels<T> panels(n, most_vectors); !panels.done(); panels.next()) {
    const std::size_t lanes = panels.lanes();
    const std::size_t columns = panels.columns();
    Tile<T> tile{k,
                 a.data,
                 a.stride,
                 b_panel,
                 b.packed ? static_cast<std::ptrdiff_t>(lanes) : b.stride,
                 c,
                 c_stride,
                 Vector<T>::lanes - static_cast<int>(lanes - columns),
                 accumulate};
    const auto pass = [&](unsigned count, int height) {
      const MultiplyTile<T> multiply =
          tiles<T>.of[height][panels.width()][a.columns][columns < lanes];
      const std::ptrdiff_t a_step = a.packed    ? static_cast<std::ptrdiff_t>(k) * height
                                    : a.columns ? height
                                                : height * a.stride;
      if (a.packed) tile.a_stride = height;
      for (; count > 0; --count) {
        multiply(tile);
        tile.a += a_step;
        tile.c += height * c_stride;
      }
    };
    if (rows.high_count() > 0) pass(rows.high_count(), rows.low() + 1);
    pass(rows.count() - rows.high_count(), rows.low());
    b_panel += b.packed ? k * lanes : columns;
    c += columns;
  }
}

// Copies a panel of the transpose of what is stored, in squares of 4 x 4.
template <class T>
AUTOGRAD_TARGET void pack_transposed(std::size_t k, std::size_t columns, std::size_t lanes,
                                     const T* from, std::ptrdiff_t stride, T* to) {
  for (std::size_t i = 0; i < k; i += 4) {
    for (std::size_t j = 0; j < lanes; j += 4) {
      const T* square = from + static_cast<std::ptrdiff_t>(j) * stride + i;
      T* square_to = to + i * lanes + j;
      if (i + 4 <= k && j + 4 <= columns) {
        Vector<T>::transpose(square, stride, square_to, static_cast<std::ptrdiff_t>(lanes));
        continue;
      }
      for (std::size_t q = 0; q < 4 && j + q < lanes; ++q) {
        for (std::size_t p = 0; p < 4 && i + p < k; ++p)
          square_to[p * lanes + q] = j + q < columns ? square[p] : T{0};
        square += stride;
      }
    }
  }
}

template <class T>
AUTOGRAD_TARGET void pack_panel(std::size_t k, std::size_t columns, std::size_t lanes,
                                const T* from, std::ptrdiff_t stride, T* to) {
  for (std::size_t i = 0; i < k; ++i) {
    if (columns == lanes) {
      for (std::size_t j = 0; j < lanes; j += Vector<T>::lanes)
        Vector<T>::store(to + j, Vector<T>::load(from + j));
    } else {
      for (std::size_t j = 0; j < lanes; ++j) to[j] = j < columns ? from[j] : T{0};
    }
    from += stride;
    to += lanes;
  }
}

// Copies a block of b into panels, whose last is filled up with zeros.
template <class T>
inline Block<T> pack_right(std::size_t k, std::size_t n, const Factor<T>& b, int most_vectors,
                           T* to) {
  const T* from = b.data;
  T* panel = to;
  for (Panels<T> panels(n, most_vectors); !panels.done(); panels.next()) {
    const std::size_t columns = panels.columns();
    if (b.transposed) {
      pack_transposed(k, columns, panels.lanes(), from, b.stride, panel);
      from += static_cast<std::ptrdiff_t>(columns) * b.stride;
    } else {
      pack_panel(k, columns, panels.lanes(), from, b.stride, panel);
      from += columns;
    }
    panel += k * panels.lanes();
  }
  return {to, 0, false, true};
}

// The distance of packed rows of a: an odd number of lines, for which no two of neighbouring rows
// meet in one set of the cache.
template <class T>
constexpr std::size_t packed_stride(std::size_t k) {
  constexpr std::size_t line = 64 / sizeof(T);
  return ((k + line - 1) / line | 1) * line;
}

// Copies a block of a: rows as rows, columns tile by tile.
template <class T>
AUTOGRAD_TARGET Block<T> pack_left(std::size_t m, std::size_t k, const Factor<T>& a, T* to) {
  if (!a.transposed) {
    const std::size_t stride = packed_stride<T>(k);
    for (std::size_t i = 0; i < m; ++i)
      std::memcpy(to + i * stride, a.data + static_cast<std::ptrdiff_t>(i) * a.stride,
                  k * sizeof(T));
    return {to, static_cast<std::ptrdiff_t>(stride), false, false};
  }
  const RowBlocks<T> rows(m);
  const T* from = a.data;
  T* tile = to;
  for (unsigned i = 0; i < rows.count(); ++i) {
    const int height = rows.height(i);
    const T* column = from;
    for (std::size_t j = 0; j < k; ++j) {
      for (int r = 0; r < height; ++r) tile[r] = column[r];
      tile += height;
      column += a.stride;
    }
    from += height;
  }
  return {to, 0, true, true};
}

inline std::size_t smaller(std::size_t x, std::size_t y) { return x < y ? x : y; }

template <class T>
Factor<T> part_of(const Factor<T>& whole, std::size_t row, std::size_t column) {
  if (whole.transposed) {
    const std::size_t other = row;
    row = column;
    column = other;
  }
  return {whole.data + static_cast<std::ptrdiff_t>(row) * whole.stride + column, whole.stride,
          whole.transposed};
}

// Blocks of 240 KiB of a in doubles, for a second cache of 512 KiB or more, and of 1 MiB of b, for
// the third. Blocks of a of twice that, and a depth of 192 or 384, measured the same within noise.
inline constexpr std::size_t block_rows = 120;
inline constexpr std::size_t block_columns = 512;

// Packing costs more than it saves where the caches cope. They do not where rows lie a multiple of
// 2 KiB apart, since these fall into a few sets of the cache. Packing both made the product of 512
// x 512 doubles, a transposed, 1.8 times as fast with AVX2 and 1.1 with AVX-512; with 784 columns
// it made no difference or took 5 % longer (AMD Zen 5: a first cache of 48 KiB in 12 ways).
template <class T>
bool rows_collide(const Factor<T>& factor) {
  return static_cast<std::size_t>(factor.stride) * sizeof(T) % 2048 == 0;
}

// So few rows are not worth it.
template <class T>
inline constexpr std::size_t most_rows_unpacked = std::size_t{4} * Vector<T>::most_rows;

template <class T>
struct Packing {
  bool a;
  bool b;
  std::size_t rows;     // of a block of a
  std::size_t columns;  // of a block of b
  int most_vectors;     // of a panel
  std::size_t a_size;
  std::size_t b_size;

  Packing(std::size_t m, std::size_t n, std::size_t k, const Factor<T>& left,
          const Factor<T>& right) {
    constexpr std::size_t lanes = Vector<T>::lanes;
    const bool has_rows = m > most_rows_unpacked<T>;
    a = rows_collide(left) && k >= 64 && has_rows && n >= 8 * lanes;
    b = right.transposed || (rows_collide(right) && k >= 64 && has_rows) ||
        (!Vector<T>::masked_loads && n % lanes != 0);
    rows = smaller(m, block_rows);
    columns = smaller(n, block_columns);
    most_vectors = RowBlocks<T>(rows).widest_tile();
    const std::size_t k_part = smaller(k, depth);
    a_size = a ? rows * packed_stride<T>(k_part) : 0;
    b_size = b ? Panels<T>::vectors_for(columns) * lanes * k_part : 0;
  }
};

template <class T>
void multiply_blocks(std::size_t m, std::size_t n, std::size_t k, const Factor<T>& a,
                     const Factor<T>& b, T* c, std::ptrdiff_t c_stride, bool accumulate,
                     const Packing<T>& packing, T* memory) {
  T* const b_memory = memory;
  T* const a_memory = memory + packing.b_size;
  for (std::size_t l = 0; l < k; l += depth) {
    const std::size_t k_part = smaller(k - l, depth);
    for (std::size_t j = 0; j < n; j += packing.columns) {
      const std::size_t n_part = smaller(n - j, packing.columns);
      const Factor<T> b_part = part_of(b, l, j);
      const Block<T> b_block =
          packing.b ? pack_right(k_part, n_part, b_part, packing.most_vectors, b_memory)
                    : Block<T>{b_part.data, b.stride, false, false};
      for (std::size_t i = 0; i < m; i += packing.rows) {
        const std::size_t m_part = smaller(m - i, packing.rows);
        const Factor<T> a_part = part_of(a, i, l);
        const Block<T> a_block = packing.a ? pack_left(m_part, k_part, a_part, a_memory)
                                           : Block<T>{a_part.data, a.stride, a.transposed, false};
        multiply_block(RowBlocks<T>(m_part), n_part, k_part, a_block, b_block,
                       c + static_cast<std::ptrdiff_t>(i) * c_stride + j, c_stride,
                       packing.most_vectors, accumulate || l > 0);
      }
    }
  }
}

// to = a x for four rows of a of length k, which share what is read of x, or for one.
template <class T, int rows>
AUTOGRAD_TARGET AUTOGRAD_INLINE void multiply_rows(std::size_t k, const T* a, std::ptrdiff_t stride,
                                                   const T* x, T* to, std::ptrdiff_t to_stride,
                                                   bool accumulate) {
  using V = Vector<T>;
  constexpr std::size_t lanes = V::lanes;
  typename V::type even[4];
  typename V::type odd[rows];
  AUTOGRAD_UNROLL
  for (typename V::type& sum : even) sum = V::zero();
  AUTOGRAD_UNROLL
  for (int r = 0; r < rows; ++r) odd[r] = V::zero();
  std::size_t i = 0;
  for (; i + 2 * lanes <= k; i += 2 * lanes) {
    const typename V::type first = V::load(x + i);
    const typename V::type second = V::load(x + i + lanes);
    AUTOGRAD_UNROLL
    for (int r = 0; r < rows; ++r) {
      even[r] = V::multiply_add(V::load(a + r * stride + i), first, even[r]);
      odd[r] = V::multiply_add(V::load(a + r * stride + i + lanes), second, odd[r]);
    }
  }
  if (i + lanes <= k) {
    const typename V::type first = V::load(x + i);
    AUTOGRAD_UNROLL
    for (int r = 0; r < rows; ++r)
      even[r] = V::multiply_add(V::load(a + r * stride + i), first, even[r]);
    i += lanes;
  }
  if (i < k) {
    const auto mask = V::mask(static_cast<int>(k - i));
    const typename V::type second = V::load(x + i, mask);
    AUTOGRAD_UNROLL
    for (int r = 0; r < rows; ++r)
      odd[r] = V::multiply_add(V::load(a + r * stride + i, mask), second, odd[r]);
  }
  AUTOGRAD_UNROLL
  for (int r = 0; r < rows; ++r) even[r] = V::add(even[r], odd[r]);
  T result[4];
  V::sums(even, result);
  AUTOGRAD_UNROLL
  for (int r = 0; r < rows; ++r)
    to[r * to_stride] = accumulate ? to[r * to_stride] + result[r] : result[r];
}

// to = a x: sums along the rows of a, where both lie side by side.
template <class T>
AUTOGRAD_TARGET void multiply_vector(std::size_t m, std::size_t k, const T* a,
                                     std::ptrdiff_t stride, const T* x, T* to,
                                     std::ptrdiff_t to_stride, bool accumulate) {
  std::size_t i = 0;
  for (; i + 4 <= m; i += 4) {
    multiply_rows<T, 4>(k, a, stride, x, to, to_stride, accumulate);
    a += 4 * stride;
    to += 4 * to_stride;
  }
  for (; i < m; ++i) {
    multiply_rows<T, 1>(k, a, stride, x, to, to_stride, accumulate);
    a += stride;
    to += to_stride;
  }
}

template <class T>
void set_zero(std::size_t m, std::size_t n, T* c, std::ptrdiff_t c_stride) {
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < n; ++j) c[j] = T{0};
    c += c_stride;
  }
}

// Up to so much is packed on the stack, more in the workspace.
inline constexpr std::size_t stack_size = 8192;

template <class T>
void multiply_any(std::size_t m, std::size_t n, std::size_t k, const Factor<T>& a,
                  const Factor<T>& b, T* c, std::ptrdiff_t c_stride, bool accumulate) {
  const Packing<T> packing(m, n, k, a, b);
  const std::size_t count = packing.a_size + packing.b_size;
  if (count * sizeof(T) > stack_size) {
    multiply_blocks(m, n, k, a, b, c, c_stride, accumulate, packing, workspace().of<T>(count));
  } else {
    alignas(64) T memory[stack_size / sizeof(T)];
    multiply_blocks(m, n, k, a, b, c, c_stride, accumulate, packing, memory);
  }
}

template <class T>
void product(std::size_t m, std::size_t n, std::size_t k, const Factor<T>& given_a,
             const Factor<T>& given_b, T* c, std::ptrdiff_t c_stride, bool accumulate) {
  Factor<T> a = given_a;
  Factor<T> b = given_b;
  if (m == 0 || n == 0) return;
  if (k == 0) {
    if (!accumulate) set_zero(m, n, c, c_stride);
    return;
  }
  if (n == 1 && a.transposed && m > 1 && c_stride == 1) {
    // A column is stored as its transpose is, a row: so one row of tiles does it.
    const Factor<T> row{b.data, b.stride, !b.transposed};
    b = {a.data, a.stride, false};
    a = row;
    n = m;
    m = 1;
  }
  if (m == 1 && b.transposed && (!a.transposed || a.stride == 1)) {
    multiply_vector(n, k, b.data, b.stride, a.data, c, 1, accumulate);
  } else if (n == 1 && !a.transposed && (b.transposed || b.stride == 1)) {
    multiply_vector(m, k, a.data, a.stride, b.data, c, c_stride, accumulate);
  } else if (const std::size_t lanes = Vector<T>::lanes; m <= Vector<T>::most_rows && n <= lanes &&
                                                         k <= depth && !b.transposed &&
                                                         (n == lanes || Vector<T>::masked_loads)) {
    // One tile: the way there would take longer than the product.
    tiles<T>.of[m][0][a.transposed][n < lanes](Tile<T>{k, a.data, a.stride, b.data, b.stride, c,
                                                       c_stride, static_cast<int>(n), accumulate});
  } else if (m <= most_rows_unpacked<T> && n <= block_columns && k <= depth && !b.transposed &&
             (n % lanes == 0 || Vector<T>::masked_loads)) {
    // One block of each, and nothing to pack.
    const RowBlocks<T> rows(m);
    multiply_block(rows, n, k, Block<T>{a.data, a.stride, a.transposed, false},
                   Block<T>{b.data, b.stride, false, false}, c, c_stride, rows.widest_tile(),
                   accumulate);
  } else {
    multiply_any(m, n, k, a, b, c, c_stride, accumulate);
  }
}
