#pragma once

// The reference's steps, written once for any number of lanes. Each kernel file includes this and
// brings its own `Lanes`; everything is in an unnamed namespace, so that no set's code can be linked
// into another. Lanes are always different rows or different columns: no sum changes its order.

#include "kernels/pdq.h"

namespace hindra {
namespace {

/** One box filter along x; lane l of element x is row l. `emit(x, mean)` comes for each x in order. */
template <class Lanes, class Emit>
inline void box_along(const BoxAxis &axis, const float *input, const Emit &emit) {
  constexpr size_t N = Lanes::count;
  auto sum = Lanes::zero();
  size_t in = 0;
  size_t out = 0;
  for (; in < axis.after; in += 1) sum = Lanes::add(sum, Lanes::load(input + in * N));
  for (; in < axis.window; in += 1, out += 1) {
    sum = Lanes::add(sum, Lanes::load(input + in * N));
    emit(out, Lanes::divide(sum, typename Lanes::Divisor(in + 1)));
  }
  const typename Lanes::Divisor whole(axis.window);
  const float *oldest = input;
  for (; in < axis.length; in += 1, out += 1, oldest += N) {
    sum = Lanes::add(sum, Lanes::load(input + in * N));
    sum = Lanes::subtract(sum, Lanes::load(oldest));
    emit(out, Lanes::divide(sum, whole));
  }
  for (; out < axis.length; out += 1, oldest += N) {
    sum = Lanes::subtract(sum, Lanes::load(oldest));
    emit(out, Lanes::divide(sum, typename Lanes::Divisor(axis.length - axis.start(out))));
  }
}

/** How many samples the running sum holds once sample `in` has come in, and the oldest has left. */
inline size_t held(const BoxAxis &axis, size_t in) {
  const size_t end = in + 1 < axis.length ? in + 1 : axis.length;
  const size_t start = in + 1 < axis.window ? 0 : in + 1 - axis.window;
  return end > start ? end - start : 1;
}

/**
 * A box filter down `width` columns, row by row: adds row `in` where there is one, takes the oldest
 * away, and leaves the mean for row `in - after` in `out`. `ring` holds the rows of the window.
 */
template <class Lanes>
inline void box_down(const BoxAxis &axis, size_t in, const float *row, size_t width, float *ring,
                     float *sums, float *out) {
  constexpr size_t N = Lanes::count;
  const typename Lanes::Divisor divisor(held(axis, in));
  float *slot = ring + in % axis.window * width;
  for (size_t x = 0; x < width; x += N) {
    auto sum = Lanes::load(sums + x);
    if (in < axis.length) sum = Lanes::add(sum, Lanes::load(row + x));
    if (in >= axis.window) sum = Lanes::subtract(sum, Lanes::load(slot + x));
    if (in < axis.length) Lanes::store(slot + x, Lanes::load(row + x));
    Lanes::store(sums + x, sum);
    Lanes::store(out + x, Lanes::divide(sum, divisor));
  }
}

inline size_t up_to(size_t value, size_t step) { return (value + step - 1) / step * step; }

/** Luma of `count` pixels from `pixel` on; the lanes beyond the end of the row hold anything. */
template <class Lanes>
inline typename Lanes::Floats luma_of(const uint8_t *pixel, size_t left, uint32_t channels) {
  constexpr size_t N = Lanes::count;
  if (left >= N) return Lanes::luma(pixel, channels);
  uint8_t copy[N * 4] = {};
  for (size_t byte = 0; byte < left * channels; byte += 1) copy[byte] = pixel[byte];
  return Lanes::luma(copy, channels);
}

/** The parts of `scratch`. Columns first, then rows: element x of `count` rows lies together. */
template <class Lanes>
struct Workspace {
  static constexpr size_t N = Lanes::count;
  size_t width;
  float *luma, *smooth, *ring, *sums, *second, *sampled, *rows, *second_ring, *second_sums, *means;
  size_t floats;

  Workspace(size_t picture_width, size_t window, float *scratch) : width(up_to(picture_width, N)) {
    float *next = scratch;
    const auto take = [&next](size_t count) {
      float *part = next;
      next += up_to(count, 16);
      return part;
    };
    luma = take(width * N);
    smooth = take(width * N);
    ring = take(width * window);
    sums = take(width);
    second = take(width * N);
    sampled = take(kGridSide * N);
    rows = take(kGridSide * N);
    second_ring = take(kGridSide * window);
    second_sums = take(kGridSide);
    means = take(kGridSide);
    floats = size_t(next - scratch);
  }
};

template <class Lanes>
size_t scratch_floats(size_t width, size_t height) {
  return Workspace<Lanes>(width, BoxAxis(height).window, nullptr).floats;
}

/** Luma of rows `y` on, columns first. Rows beyond the last repeat it; nobody looks at them. */
template <class Lanes>
inline void take_luma(const Pixels &pixels, size_t y, float *out) {
  constexpr size_t N = Lanes::count;
  const uint8_t *rows[N];
  for (size_t r = 0; r < N; r += 1) {
    rows[r] = pixels.at(0, y + r < pixels.height ? y + r : pixels.height - 1);
  }
  for (size_t x = 0; x < pixels.width; x += N) {
    typename Lanes::Floats tile[N];
    const size_t byte = x * pixels.channels;
    for (size_t r = 0; r < N; r += 1) {
      tile[r] = luma_of<Lanes>(rows[r] + byte, pixels.width - x, pixels.channels);
    }
    Lanes::transpose(tile);
    for (size_t i = 0; i < N; i += 1) Lanes::store(out + (x + i) * N, tile[i]);
  }
}

/** The first pass down the columns, for rows `y` on: columns first in, columns first out. */
template <class Lanes>
inline void first_pass_down(const BoxAxis &axis, size_t y, const Workspace<Lanes> &work) {
  constexpr size_t N = Lanes::count;
  float *slots[N];
  typename Lanes::Divisor divisors[N];
  for (size_t r = 0; r < N; r += 1) {
    slots[r] = work.ring + (y + r) % axis.window * work.width;
    divisors[r] = typename Lanes::Divisor(held(axis, y + r));
  }
  const bool is_inside = y >= axis.window && y + N <= axis.length;
  for (size_t x = 0; x < work.width; x += N) {
    typename Lanes::Floats tile[N];
    for (size_t i = 0; i < N; i += 1) tile[i] = Lanes::load(work.smooth + (x + i) * N);
    Lanes::transpose(tile);
    auto sum = Lanes::load(work.sums + x);
    if (is_inside) {
      for (size_t r = 0; r < N; r += 1) {
        sum = Lanes::subtract(Lanes::add(sum, tile[r]), Lanes::load(slots[r] + x));
        Lanes::store(slots[r] + x, tile[r]);
        tile[r] = Lanes::divide(sum, divisors[r]);
      }
    } else {
      for (size_t r = 0; r < N; r += 1) {
        if (y + r < axis.length) sum = Lanes::add(sum, tile[r]);
        if (y + r >= axis.window) sum = Lanes::subtract(sum, Lanes::load(slots[r] + x));
        if (y + r < axis.length) Lanes::store(slots[r] + x, tile[r]);
        tile[r] = Lanes::divide(sum, divisors[r]);
      }
    }
    Lanes::store(work.sums + x, sum);
    Lanes::transpose(tile);
    for (size_t i = 0; i < N; i += 1) Lanes::store(work.second + (x + i) * N, tile[i]);
  }
}

/**
 * The grid as the reference computes it: luma, two passes of a box filter along rows and columns,
 * then the samples. As many rows at once as there are lanes; of the second pass only what is
 * sampled is kept.
 */
template <class Lanes>
void reference_grid(const Pixels &pixels, float *scratch, float *grid) {
  constexpr size_t N = Lanes::count;
  const BoxAxis across(pixels.width);
  const BoxAxis down(pixels.height);
  const Workspace<Lanes> work(pixels.width, down.window, scratch);
  for (size_t x = 0; x < work.width; x += 1) work.sums[x] = 0;
  for (size_t x = 0; x < kGridSide; x += 1) work.second_sums[x] = 0;
  // Lanes beyond the last column are computed too, and must be numbers.
  for (size_t i = pixels.width * N; i < work.width * N; i += 1) work.smooth[i] = 0;

  size_t grid_row = 0;
  const auto second_pass_down = [&](size_t in, const float *row) {
    box_down<Lanes>(down, in, row, kGridSide, work.second_ring, work.second_sums, work.means);
    while (in >= down.after && grid_row < kGridSide && down.sample(grid_row) == in - down.after) {
      for (size_t x = 0; x < kGridSide; x += 1) grid[grid_row * kGridSide + x] = work.means[x];
      grid_row += 1;
    }
  };

  for (size_t y = 0; y < down.length + down.after; y += N) {
    if (y < down.length) {
      take_luma<Lanes>(pixels, y, work.luma);
      box_along<Lanes>(across, work.luma, [&work](size_t x, typename Lanes::Floats mean) {
        Lanes::store(work.smooth + x * N, mean);
      });
    }
    first_pass_down<Lanes>(down, y, work);
    size_t column = 0;
    size_t sample = across.sample(0);
    box_along<Lanes>(across, work.second, [&](size_t x, typename Lanes::Floats mean) {
      while (x == sample) {
        Lanes::store(work.sampled + column * N, mean);
        column += 1;
        sample = column < kGridSide ? across.sample(column) : across.length;
      }
    });
    for (size_t x = 0; x < kGridSide; x += N) {
      typename Lanes::Floats tile[N];
      for (size_t i = 0; i < N; i += 1) tile[i] = Lanes::load(work.sampled + (x + i) * N);
      Lanes::transpose(tile);
      for (size_t r = 0; r < N; r += 1) Lanes::store(work.rows + r * kGridSide + x, tile[r]);
    }
    for (size_t r = 0; r < N; r += 1) {
      const size_t in = y + r;
      if (in < down.after || in >= down.length + down.after) continue;
      second_pass_down(in - down.after, work.rows + r * kGridSide);
    }
  }
  for (size_t in = down.length; in < down.length + down.after; in += 1) {
    second_pass_down(in, work.rows);
  }
}

template <class Lanes>
void unfiltered_grid(const Pixels &pixels, float *grid) {
  for (size_t y = 0; y < kGridSide; y += 1) {
    for (size_t x = 0; x < kGridSide; x += Lanes::count) {
      const auto luma = Lanes::luma(pixels.at(x, y), pixels.channels);
      Lanes::store(grid + y * kGridSide + x, luma);
    }
  }
}

/** `basis` is 16x64. The lanes are columns of the result; each sum runs as the reference's does. */
template <class Lanes>
void transform(const float *grid, const float *basis, float *coefficients) {
  constexpr size_t N = Lanes::count;
  float half[kDctSide * kGridSide];
  for (size_t i = 0; i < kDctSide; i += 2) {
    for (size_t x = 0; x < kGridSide; x += 2 * N) {
      typename Lanes::Floats sums[4] = {Lanes::zero(), Lanes::zero(), Lanes::zero(), Lanes::zero()};
      for (size_t k = 0; k < kGridSide; k += 1) {
        const auto left = Lanes::load(grid + k * kGridSide + x);
        const auto right = Lanes::load(grid + k * kGridSide + x + N);
        const auto even = Lanes::all(basis[i * kGridSide + k]);
        const auto odd = Lanes::all(basis[(i + 1) * kGridSide + k]);
        sums[0] = Lanes::add(sums[0], Lanes::multiply(even, left));
        sums[1] = Lanes::add(sums[1], Lanes::multiply(even, right));
        sums[2] = Lanes::add(sums[2], Lanes::multiply(odd, left));
        sums[3] = Lanes::add(sums[3], Lanes::multiply(odd, right));
      }
      Lanes::store(half + i * kGridSide + x, sums[0]);
      Lanes::store(half + i * kGridSide + x + N, sums[1]);
      Lanes::store(half + (i + 1) * kGridSide + x, sums[2]);
      Lanes::store(half + (i + 1) * kGridSide + x + N, sums[3]);
    }
  }
  float turned[kGridSide * kDctSide];
  for (size_t j = 0; j < kDctSide; j += 1) {
    for (size_t k = 0; k < kGridSide; k += 1) turned[k * kDctSide + j] = basis[j * kGridSide + k];
  }
  for (size_t i = 0; i < kDctSide; i += 4) {
    for (size_t j = 0; j < kDctSide; j += N) {
      typename Lanes::Floats sums[4] = {Lanes::zero(), Lanes::zero(), Lanes::zero(), Lanes::zero()};
      for (size_t k = 0; k < kGridSide; k += 1) {
        const auto wave = Lanes::load(turned + k * kDctSide + j);
        for (size_t r = 0; r < 4; r += 1) {
          const auto sample = Lanes::all(half[(i + r) * kGridSide + k]);
          sums[r] = Lanes::add(sums[r], Lanes::multiply(sample, wave));
        }
      }
      for (size_t r = 0; r < 4; r += 1) Lanes::store(coefficients + (i + r) * kDctSide + j, sums[r]);
    }
  }
}

/** `weigh_rows` one column after the other: those from `x` on. */
inline void weigh_rest(const uint8_t *first, const RowWeights &rows, size_t x, size_t bytes,
                       float scale, bool add, float *out) {
  for (; x < bytes; x += 1) {
    uint32_t sum = 0;
    for (int i = 0; i < rows.pair_count; i += 1) {
      sum += uint32_t(rows.pairs[i] & 0xff) * first[rows.offsets[2 * i] + x];
      sum += uint32_t(rows.pairs[i] >> 8) * first[rows.offsets[2 * i + 1] + x];
    }
    const float scaled = float(sum) * scale;
    out[x] = add ? out[x] + scaled : scaled;
  }
}

/** Weighted sums of rows, for weights of any kind; the last columns come one by one. */
template <class Lanes>
void blend_rows(const uint8_t *first, size_t stride, const float *weights, size_t count,
                size_t bytes, float *out) {
  constexpr size_t N = Lanes::count;
  size_t x = 0;
  for (; x + N <= bytes; x += N) {
    auto sum = Lanes::zero();
    for (size_t k = 0; k < count; k += 1) {
      const auto samples = Lanes::luma(first + k * stride + x, 1);
      sum = Lanes::add(sum, Lanes::multiply(Lanes::all(weights[k]), samples));
    }
    Lanes::store(out + x, sum);
  }
  for (; x < bytes; x += 1) {
    float sum = 0;
    for (size_t k = 0; k < count; k += 1) sum += weights[k] * float(first[k * stride + x]);
    out[x] = sum;
  }
}

inline int whole_percent(float difference, float slack) {
  float size = (difference < 0 ? -difference : difference) + slack;
  size = size < 0 ? 0 : size;
  return int(size * 100.0f / 255.0f);
}

inline int gradient(const float *grid, float slack) {
  int total = 0;
  for (int y = 0; y < kGridSide; y += 1) {
    const float *row = grid + y * kGridSide;
    for (int x = 0; x + 1 < kGridSide; x += 1) total += whole_percent(row[x] - row[x + 1], slack);
  }
  for (int cell = 0; cell + kGridSide < kGridCells; cell += 1) {
    total += whole_percent(grid[cell] - grid[cell + kGridSide], slack);
  }
  return total;
}

}  // namespace
}  // namespace hindra
