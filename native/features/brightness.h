#pragma once

#include "features/texture-code.h"

namespace hindra {

/** Writes into a code what is kept of the mean luma of the blocks (`kBlocks` of them, 0 to 255). */
void keep_brightness(const float *means, uint8_t *code);

/** The luma of a block of the known picture, as fine as it is kept. */
double luma_of_block(const CodeKept &kept, int block);

/**
 * Marks the cells of blocks whose luma is not what the tone of all others makes of it. Gamma, contrast, grey
 * and light that falls off over the picture change all blocks by one rule, which is fitted to those that
 * agree; a thing that came or went changes its own alone, also where it has no texture, as skin has none.
 */
void mark_brightness(const CodeKept &kept, const float *means, Comparison &comparison);

}  // namespace hindra
