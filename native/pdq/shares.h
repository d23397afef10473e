#pragma once

#include <vector>

#include "pdq/pixels.h"

namespace hindra {

/**
 * Weights of the pixels of an axis in what PDQ samples at `at`, a mean over a window of means over
 * windows: from `axis.start(axis.start(at))` on. They sum to 1.
 */
void take_shares(const BoxAxis &axis, size_t at, std::vector<double> &shares);

/** The same weights for interleaved samples, with those of luma: `channels` to a pixel. */
void spread_luma(const std::vector<double> &shares, uint32_t channels, float *out);

}  // namespace hindra
