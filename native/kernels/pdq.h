#pragma once

#include "pdq/pixels.h"

namespace hindra {

/** The most that the weights of one `weigh_rows` may sum to: 255 times it is below 2^16. */
constexpr int kWeightSumMax = 257;
/** The most that one weight may be: two products then stay below 2^15. */
constexpr int kWeightMax = 64;

/** Rows and what each counts; they come in pairs, the last one perhaps with weight 0. */
struct RowWeights {
  const size_t *offsets;
  /** Two weights: that of the even entry in the low byte. */
  const uint16_t *pairs;
  int pair_count;
  /** Bytes from a row to the next: what comes after these rows is likely to be weighed next. */
  size_t stride;
};

/** For each of 64 cells: `steps` times 16 weights, of as many samples from `starts[cell]` on. */
struct CellWeights {
  const uint32_t *starts;
  const float *weights;
  int steps;
};

/** Hot loops of PDQ. All kernels give the same bits. */
struct PdqKernels {
  /** scalar, avx2, avx512 or neon: what it is compiled for. */
  const char *name;
  /**
   * `out[x] = scale * sum(weight * byte)` over the rows, for each of `bytes` columns; added to what
   * is in `out` where `add`. The sum is exact.
   */
  void (*weigh_rows)(const uint8_t *first, const RowWeights &rows, size_t bytes, float scale,
                     bool add, float *out);
  /** `out[x]` is the sum of `weights[k]` times byte x of row k, in this order, for `bytes` columns. */
  void (*blend_rows)(const uint8_t *first, size_t stride, const float *weights, size_t count,
                     size_t bytes, float *out);
  /** One row of the grid. Sums run in 16 lanes, which are then added in halves. */
  void (*dots)(const float *row, const CellWeights &cells, float *out);
  /** Floats that `reference_grid` needs to work in. */
  size_t (*scratch_floats)(size_t width, size_t height);
  /** The 64x64 grid in the reference's own float32 steps. */
  void (*reference_grid)(const Pixels &pixels, float *scratch, float *grid);
  /** A picture of 64x64 as its own grid. */
  void (*unfiltered_grid)(const Pixels &pixels, float *grid);
  /** 16x16 coefficients of a grid, summed in the reference's order. */
  void (*transform)(const float *grid, const float *basis, float *coefficients);
  /**
   * Sum over all neighbours in the grid of their difference in whole percent of 255; `slack` (grey
   * levels) is added to each difference first.
   */
  int (*gradient)(const float *grid, float slack);
};

extern const PdqKernels pdq_scalar;
extern const PdqKernels pdq_avx2;
extern const PdqKernels pdq_avx512;
extern const PdqKernels pdq_neon;

}  // namespace hindra
