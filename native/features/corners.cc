#include "features/corners.h"

#include <algorithm>

#include "kernels/choose.h"

namespace hindra {
namespace {

/** How far kernels may reach beyond the pixels that are asked for: the rows below are there to be read. */
constexpr int kLanes = 32;
constexpr int kEdgeMin = 19;
/** Offsets of the circle of 16 pixels, clockwise from above. */
constexpr int kCircle[16][2] = {{0, -3}, {1, -3}, {2, -2}, {3, -1}, {3, 0},   {3, 1},
                                {2, 2},  {1, 3},  {0, 3},  {-1, 3}, {-2, 2},  {-3, 1},
                                {-3, 0}, {-3, -1}, {-2, -2}, {-1, -3}};

}  // namespace

std::vector<Corner> find_corners(const Plane &plane, int threshold, int edge) {
  const int width = plane.width;
  const int height = plane.height;
  const int margin = std::max(edge, kEdgeMin);
  std::vector<Corner> kept;
  if (width <= 2 * margin || height <= 2 * margin) return kept;

  const PlaneKernels &kernel = *kernels().plane;
  int circle[16];
  for (int i = 0; i < 16; i += 1) circle[i] = kCircle[i][1] * width + kCircle[i][0];
  // Contrasts of the row that is looked at, with those of the rows around it.
  const size_t row_length = size_t(width) + kLanes;
  std::vector<int16_t> contrasts(3 * row_length);
  std::vector<int> found(static_cast<size_t>(width));
  int16_t *above = contrasts.data(), *here = above + row_length, *below = here + row_length;
  const int right = width - margin, bottom = height - margin;
  for (int y = margin - 1; y < bottom; y += 1) {
    std::fill(below, below + row_length, int16_t(0));
    if (y + 1 < bottom) {
      kernel.contrasts(plane.row(y + 1), circle, threshold, margin, right, below);
      std::fill(below + right, below + row_length, int16_t(0));
    }
    const size_t count = kernel.outstanding(above, here, below, margin, right, found.data());
    for (size_t i = 0; i < count; i += 1) {
      const float response = kernel.harris(plane.row(y) + found[i], width);
      if (response > 0) kept.push_back({int16_t(found[i]), int16_t(y), response});
    }
    std::swap(above, here);
    std::swap(here, below);
  }
  return kept;
}

}  // namespace hindra
