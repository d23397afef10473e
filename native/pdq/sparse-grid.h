#pragma once

#include "kernels/pdq.h"

namespace hindra {

/**
 * The grid without the reference's rounding. Both passes and the sampling are linear and separable,
 * so together they are one sparse 64 x height matrix from one side, and one 64 x width matrix with
 * the weights of luma from the other. Every pixel is read about once. `grid` has 64x64 cells.
 */
void sparse_grid(const Pixels &pixels, const PdqKernels &kernels, float *grid);

}  // namespace hindra
