#pragma once

#include <algorithm>
#include <random>

#include "features/plane.h"
#include "pdq/pixels.h"

namespace hindra {

/** Overlapping shaded squares and discs: corners everywhere, no two pictures alike. */
inline Plane scene(std::mt19937 &random, int width, int height) {
  Plane plane(width, height);
  const auto draw = [&](int most) { return int(random() % uint32_t(most)); };
  for (int shape = 0; shape < 260; shape += 1) {
    const int cx = draw(width), cy = draw(height), reach = 4 + draw(width / 9);
    const int level = draw(200), slope = draw(5) - 2;
    const bool round = draw(2) == 0;
    for (int y = std::max(0, cy - reach); y < std::min(height, cy + reach); y += 1) {
      for (int x = std::max(0, cx - reach); x < std::min(width, cx + reach); x += 1) {
        const int dx = x - cx, dy = y - cy;
        if (round && dx * dx + dy * dy > reach * reach) continue;
        plane.row(y)[x] = uint8_t(std::min(255, std::max(0, level + slope * dx / 2 + draw(12))));
      }
    }
  }
  return plane;
}

inline Pixels pixels_of(const Plane &plane) {
  return {plane.data.data(), uint32_t(plane.width), uint32_t(plane.height), 1, size_t(plane.width)};
}

}  // namespace hindra
