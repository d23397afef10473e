#pragma once

#include "kernels/pdq.h"

namespace hindra {

/** Sides of a whole picture, of which a raster holds the means of `factor` x `factor` pixels. */
struct Shrunk {
  uint32_t factor;
  uint32_t full_width;
  uint32_t full_height;
};

/**
 * The grid of the whole picture from its shrunk raster: the whole picture's windows and sample
 * points, on pixels that are estimated from the shrunk ones. See src/fingerprint/shrunk-pdq.ts.
 * Each side of `pixels` is that of the whole picture by `factor`, rounded down, and not 0.
 */
void shrunk_grid(const Pixels &pixels, const Shrunk &shrunk, const PdqKernels &kernels,
                 float *grid);

}  // namespace hindra
