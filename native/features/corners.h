#pragma once

#include <cstdint>
#include <vector>

#include "features/plane.h"

namespace hindra {

/** A corner of one level of a pyramid, in its pixels. */
struct Corner {
  int16_t x;
  int16_t y;
  /** Harris response: how much more of a corner than others of this level. */
  float response;
};

/**
 * FAST-9 corners (Rosten and Drummond, 2006) that stand out most in their 3x3, weighed by the measure
 * of Harris and Stephens (1988), at least `edge` pixels (19 or more) from the edge; `threshold` in grey
 * levels. In order of rows.
 */
std::vector<Corner> find_corners(const Plane &plane, int threshold, int edge);

}  // namespace hindra
