#pragma once

#include "kernels/pdq.h"

namespace hindra {

constexpr int kBlocksASide = 16;

/**
 * Blockhash of the picture as a viewer shows it: one bit for each of 16x16 blocks, in hex (64 digits
 * and no end mark). Source: Yang, Gu and Niu, "Block mean value based image perceptual hashing",
 * 2006, method 2, as the package blockhash-core computes it. `orientation` is that of EXIF, 1 to 8.
 */
void blockhash(const Pixels &pixels, int orientation, const PdqKernels &kernels, char *hex);

}  // namespace hindra
