#include "pdq/sparse-grid.h"

#include <cstring>
#include <vector>

#include "pdq/row-sums.h"
#include "pdq/shares.h"

namespace hindra {
namespace {

/** What sample point `at` of an axis is made of: a mean over a window of means over windows. */
struct Support {
  size_t start;
  size_t end;
  /** No window is cut off at an end of the axis: all have the same divisor. */
  bool is_whole;

  Support(const BoxAxis &axis, size_t at)
      : start(axis.start(axis.start(at))), end(axis.end(axis.end(at) - 1)) {
    is_whole = end - start == 2 * axis.window - 1;
  }
};

/** How often each sample of a whole support is counted: 1, 2 ... window ... 2, 1. */
uint32_t times_counted(const BoxAxis &axis, size_t k) {
  return uint32_t(k < axis.window ? k + 1 : 2 * axis.window - 1 - k);
}

/** What the cells of a row of the grid are made of, in interleaved samples. */
struct Columns {
  std::vector<uint32_t> starts;
  std::vector<float> weights;
  int steps = 0;

  Columns(const BoxAxis &axis, uint32_t channels) {
    // No support is longer than a whole one.
    steps = int(((2 * axis.window - 1) * channels + 15) / 16);
    const size_t cell_floats = size_t(steps) * 16;
    weights.resize(kGridSide * cell_floats);
    starts.reserve(kGridSide);
    std::vector<double> shares;
    const float *whole = nullptr;
    for (size_t cell = 0; cell < kGridSide; cell += 1) {
      const Support support(axis, axis.sample(cell));
      starts.push_back(uint32_t(support.start * channels));
      float *out = weights.data() + cell * cell_floats;
      if (support.is_whole && whole != nullptr) {
        std::memcpy(out, whole, cell_floats * sizeof *out);
        continue;
      }
      take_shares(axis, axis.sample(cell), shares);
      spread_luma(shares, channels, out);
      if (support.is_whole) whole = out;
    }
  }

  CellWeights view() const { return {starts.data(), weights.data(), steps}; }
};

/**
 * One row of the grid before its columns are weighed. Means over whole windows share a divisor and
 * are summed with whole-number weights; those over windows that are cut off come one by one.
 */
void weigh_rows(RowSums &sums, const BoxAxis &axis, size_t at, float *out) {
  const Support support(axis, at);
  sums.start(out);
  if (support.is_whole) {
    for (size_t k = 0; k < 2 * axis.window - 1; k += 1) {
      sums.add(support.start + k, times_counted(axis, k));
    }
    sums.flush(float(1.0 / (double(axis.window) * double(axis.window))));
    return;
  }
  for (size_t middle = axis.start(at); middle < axis.end(at); middle += 1) {
    const size_t from = axis.start(middle);
    const size_t to = axis.end(middle);
    for (size_t y = from; y < to; y += 1) sums.add(y, 1);
    sums.flush(float(1.0 / (double(axis.end(at) - axis.start(at)) * double(to - from))));
  }
}

}  // namespace

void sparse_grid(const Pixels &pixels, const PdqKernels &kernels, float *grid) {
  const BoxAxis down(pixels.height);
  const Columns columns(BoxAxis(pixels.width), pixels.channels);
  const CellWeights cells = columns.view();
  const size_t bytes = size_t(pixels.width) * pixels.channels;
  RowSums sums(pixels.first, pixels.stride, bytes, kernels);
  // What the weights of the last cells read beyond the row counts nothing, but must be numbers.
  std::vector<float> row(bytes + size_t(columns.steps) * 16);
  for (size_t grid_row = 0; grid_row < kGridSide; grid_row += 1) {
    weigh_rows(sums, down, down.sample(grid_row), row.data());
    kernels.dots(row.data(), cells, grid + grid_row * kGridSide);
  }
}

}  // namespace hindra
