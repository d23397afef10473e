#include "pdq/pdq.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "pdq/sparse-grid.h"
#include "pdq/squares.h"

namespace hindra {
namespace {

constexpr uint32_t kSideMin = 5;

/**
 * How far the reference's float32 rounding moves things at most, of a coefficient and of a grey
 * level; it grows with the longest side. See README.md, "Certainty".
 */
constexpr float kGapSafe = 0.03f;
constexpr float kGreyLevelsSafe = 0.01f;
constexpr float kSafeSide = 1024;

/**
 * How near to each other two coefficients of a shrunk picture are that may change places, with its
 * full resolution: whatever it is, and by how far the picture moves them that is shrunk once more. See
 * README.md, "Slack".
 */
constexpr float kReachOfRounding = 0.8f;
constexpr float kReachOfMove = 2.4f;

int quality_of(int gradient) { return std::min(100, gradient / 90); }

bool is_grid_itself(const Pixels &pixels) {
  return pixels.width == kGridSide && pixels.height == kGridSide;
}

void hash_reference(const float *grid, int dihedrals, const PdqKernels &kernels,
                    PdqHashes &result) {
  float coefficients[kDctCells];
  kernels.transform(grid, dct_basis(), coefficients);
  hash_coefficients(coefficients, dihedrals, result.hashes);
  result.quality = uint8_t(quality_of(kernels.gradient(grid, 0)));
}

void hash_steps(const Pixels &pixels, int dihedrals, const PdqKernels &kernels,
                PdqHashes &result) {
  std::vector<float> scratch(kernels.scratch_floats(pixels.width, pixels.height));
  float grid[kGridCells];
  kernels.reference_grid(pixels, scratch.data(), grid);
  hash_reference(grid, dihedrals, kernels, result);
}

void hash_filtered(const Pixels &pixels, int dihedrals, const PdqKernels &kernels,
                   PdqHashes &result, PdqPath path) {
  if (path == PdqPath::certain && pdq_is_certain(pixels, dihedrals, kernels, result)) return;
  hash_steps(pixels, dihedrals, kernels, result);
}

/** How far coefficients move where the picture is shrunk once more, by half: the root of their mean square. */
float moved_by_half(const Pixels &pixels, const Shrunk &shrunk, const float *coefficients,
                    const PdqKernels &kernels) {
  const uint32_t width = pixels.width / 2, height = pixels.height / 2;
  if (width == 0 || height == 0) return std::numeric_limits<float>::infinity();
  std::vector<uint8_t> means(size_t(width) * height * pixels.channels);
  means_of_squares(pixels, 2, means.data());
  const Pixels half = {means.data(), width, height, pixels.channels, size_t(width) * pixels.channels};
  float grid[kGridCells];
  float moved[kDctCells];
  shrunk_grid(half, {2 * shrunk.factor, shrunk.full_width, shrunk.full_height}, kernels, grid);
  kernels.transform(grid, dct_basis(), moved);
  float sum = 0;
  for (int k = 0; k < kDctCells; k += 1) {
    sum += (moved[k] - coefficients[k]) * (moved[k] - coefficients[k]);
  }
  return std::sqrt(sum / kDctCells);
}

/** How far the gap of two coefficients is closed by shrinking, at most: README.md, "Slack". */
float reach_of(const Pixels &pixels, const Shrunk &shrunk, const float *coefficients,
               const PdqKernels &kernels) {
  return kReachOfRounding + kReachOfMove * moved_by_half(pixels, shrunk, coefficients, kernels);
}

}  // namespace

void pdq_hash(const Pixels &pixels, int dihedrals, const PdqKernels &kernels, PdqHashes &result,
              PdqPath path) {
  std::memset(&result, 0, sizeof result);
  if (pixels.width < kSideMin || pixels.height < kSideMin) return;
  const bool is_unfiltered = is_grid_itself(pixels);
  if (!is_unfiltered || dihedrals > 1) hash_filtered(pixels, dihedrals, kernels, result, path);
  if (!is_unfiltered) return;
  // The reference filters a 64x64 picture for its turns and mirrors, but not for its own hash.
  PdqHashes whole;
  float grid[kGridCells];
  kernels.unfiltered_grid(pixels, grid);
  hash_reference(grid, 1, kernels, whole);
  std::memcpy(result.hashes, whole.hashes, kHashBytes);
  result.quality = whole.quality;
}

bool pdq_is_certain(const Pixels &pixels, int dihedrals, const PdqKernels &kernels,
                    PdqHashes &result) {
  float grid[kGridCells];
  float coefficients[kDctCells];
  sparse_grid(pixels, kernels, grid);
  kernels.transform(grid, dct_basis(), coefficients);
  const float gap = hash_coefficients(coefficients, dihedrals, result.hashes);
  const float longest = float(std::max(pixels.width, pixels.height));
  const float scale = std::max(1.0f, std::sqrt(longest / kSafeSide));
  const float slack = kGreyLevelsSafe * scale;
  result.quality = uint8_t(quality_of(kernels.gradient(grid, -slack)));
  if (gap <= kGapSafe * scale) return false;
  return result.quality == 100 || result.quality == quality_of(kernels.gradient(grid, slack));
}

void pdq_shrunk(const Pixels &pixels, const Shrunk &shrunk, const PdqKernels &kernels,
                PdqHashes &result, uint8_t (&slacks)[kDihedrals]) {
  float grid[kGridCells];
  float coefficients[kDctCells];
  shrunk_grid(pixels, shrunk, kernels, grid);
  kernels.transform(grid, dct_basis(), coefficients);
  hash_coefficients(coefficients, kDihedrals, result.hashes);
  result.quality = uint8_t(quality_of(kernels.gradient(grid, 0)));
  slacks_of(coefficients, reach_of(pixels, shrunk, coefficients, kernels), slacks);
}

const float *dct_basis() {
  static const std::vector<float> basis = [] {
    std::vector<float> waves(kDctSide * kGridSide);
    const double scale = double(float(std::sqrt(2.0 / kGridSide)));
    for (int i = 0; i < kDctSide; i += 1) {
      for (int j = 0; j < kGridSide; j += 1) {
        const double angle = M_PI / (2 * kGridSide) * (i + 1) * (2 * j + 1);
        waves[size_t(i * kGridSide + j)] = float(scale * std::cos(angle));
      }
    }
    return waves;
  }();
  return basis.data();
}

}  // namespace hindra
