#include "pdq/shrunk-grid.h"

#include <algorithm>
#include <vector>

#include "pdq/shares.h"

namespace hindra {
namespace {

/** Weights of consecutive shrunk pixels in one sample of an axis. */
struct Taps {
  size_t first;
  std::vector<double> weights;
};

/**
 * What lies under a shrunk pixel is taken for the parabola that has its mean and the means of its
 * two neighbours; what was dropped at the edge for the last pixel.
 */
Taps on_shrunk(const BoxAxis &axis, size_t cell, size_t factor, size_t length) {
  const size_t point = axis.sample(cell);
  const size_t from = axis.start(axis.start(point));
  std::vector<double> shares;
  take_shares(axis, point, shares);
  const size_t left = std::min(from / factor, length - 1);
  const size_t first = left == 0 ? 0 : left - 1;
  const size_t last = std::min(length - 1, (from + shares.size() - 1) / factor + 1);
  Taps taps{first, std::vector<double>(last - first + 1)};
  const auto add = [&](size_t pixel, double weight) {
    taps.weights[std::min(last, std::max(first, pixel)) - first] += weight;
  };
  const double whole = double(factor);
  const double mean_square = (1 - 1 / (whole * whole)) / 12;
  for (size_t k = 0; k < shares.size(); k += 1) {
    const size_t pixel = (from + k) / factor;
    const double t = (double(from + k - pixel * factor) + 0.5) / whole - 0.5;
    const double bend = (t * t - mean_square) / 2;
    add(pixel == 0 ? 0 : pixel - 1, (bend - t / 2) * shares[k]);
    add(pixel, (1 - 2 * bend) * shares[k]);
    add(pixel + 1, (bend + t / 2) * shares[k]);
  }
  return taps;
}

}  // namespace

void shrunk_grid(const Pixels &pixels, const Shrunk &shrunk, const PdqKernels &kernels,
                 float *grid) {
  const BoxAxis across(shrunk.full_width);
  const BoxAxis down(shrunk.full_height);
  std::vector<Taps> columns;
  size_t longest = 0;
  for (size_t cell = 0; cell < kGridSide; cell += 1) {
    columns.push_back(on_shrunk(across, cell, shrunk.factor, pixels.width));
    longest = std::max(longest, columns.back().weights.size());
  }
  const int steps = int((longest * pixels.channels + 15) / 16);
  const size_t cell_floats = size_t(steps) * 16;
  std::vector<uint32_t> starts;
  std::vector<float> weights(kGridSide * cell_floats);
  for (size_t cell = 0; cell < kGridSide; cell += 1) {
    starts.push_back(uint32_t(columns[cell].first * pixels.channels));
    spread_luma(columns[cell].weights, pixels.channels, weights.data() + cell * cell_floats);
  }
  const size_t bytes = size_t(pixels.width) * pixels.channels;
  // What the weights of the last cells read beyond the row counts nothing, but must be numbers.
  std::vector<float> row(bytes + cell_floats);
  std::vector<float> rows;
  for (size_t cell = 0; cell < kGridSide; cell += 1) {
    const Taps taps = on_shrunk(down, cell, shrunk.factor, pixels.height);
    rows.assign(taps.weights.begin(), taps.weights.end());
    kernels.blend_rows(pixels.at(0, taps.first), pixels.stride, rows.data(), rows.size(), bytes,
                       row.data());
    kernels.dots(row.data(), {starts.data(), weights.data(), steps}, grid + cell * kGridSide);
  }
}

}  // namespace hindra
