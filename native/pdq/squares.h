#pragma once

#include "pdq/pixels.h"

namespace hindra {

/**
 * The mean of each square of `factor` (1 to 8) pixels, rounded, to `out`, interleaved as they came. What is
 * left over at the right and lower edge is dropped.
 */
void means_of_squares(const Pixels &pixels, uint32_t factor, uint8_t *out);

}  // namespace hindra
