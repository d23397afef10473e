#pragma once

#include <bitset>

#include "features/colours.h"

namespace hindra {

using CellMask = std::bitset<kTextureCells>;

/** Where the other picture shows something else than the known one. */
struct Differing {
  /** Cells of areas that were drawn over: a sticker, a bar, a caption in flat paint. */
  CellMask drawn;
  /** Cells of all other areas: another thing stands there, or one is gone. */
  CellMask natural;
  /** Of the largest of these: its share of the cells that the other picture shows, and the box around it. */
  double largest = 0;
  CellBox box{0, 0, 0, 0};
  /**
   * The largest area that was neither drawn nor written over and differs finely, where nearly all signs agree elsewhere,
   * and in chroma where they do not; and the box around it: somebody small who moved on.
   */
  double fine = 0;
  CellBox fine_box{0, 0, 0, 0};
};

/**
 * What differs in one place, not here and there: cells of whose neighbours most differ, and that hang
 * together. A person who is gone from a room, or stands in it, is such an area, however well the room
 * agrees. `placement` goes from the known picture's frame to the other's, 0 to 1 on both axes.
 */
Differing differing_of(const Comparison &comparison, const CellBox &visible, const Colours &colours,
                       const Placement &placement);

}  // namespace hindra
