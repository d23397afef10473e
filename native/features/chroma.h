#pragma once

#include "features/colours.h"
#include "features/texture-code.h"

namespace hindra {

/** Writes into a code what is kept of the chroma of the blocks of a picture: Cb, then Cr, 4 bits each. */
void keep_chroma(const Pixels &pixels, uint8_t *code);

/**
 * Marks the cells of blocks whose chroma is not what all others make of it: another person in other clothes, as bright as
 * the first. Saturation, tints, grey and the negative change all blocks by one rule, which is fitted to those that agree.
 * Says nothing where either picture is of one tint, or where no rule explains half of them.
 */
void mark_chroma(const CodeKept &kept, const Colours &colours, const Placement &placement, Comparison &comparison);

}  // namespace hindra
