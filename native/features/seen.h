#pragma once

#include <vector>

#include "features/colours.h"
#include "features/features.h"
#include "features/texture-code.h"

namespace hindra {

/** What a picture that is looked for has: its features in every variant, and itself, while it is here. */
struct Seen {
  Plane plane;
  /** At half the sides of the plane. */
  Colours colours;
  Variants variants;
  Extraction extraction;
};

Seen describe_seen(const Pixels &pixels, int side, int most, Variants variants);

/** The same of a picture that was described, at a smaller size, without its negative. */
Seen describe_smaller(const Seen &seen, int side, int most);

/**
 * Little-endian: version (1), variants (1: bit 0 mirrored, bit 1 inverted), sides of the plane (2 + 2),
 * count of features (2), the features as a known picture's, the descriptors of each further variant
 * (32 bytes a feature), the plane, the colours (3 bytes each), the unsure bits of each descriptor (5 bytes), and of how
 * many bytes those are (4). Never stored. Version 2, of servers that are not upgraded yet, has none of the last two.
 */
std::vector<uint8_t> packed(const Seen &seen);

/** Throws std::invalid_argument where the bytes are not those of `packed`. */
Seen unpacked_seen(const uint8_t *bytes, size_t count);
/** The same without the plane and the colours, which is enough for votes; `pixels` is where they lie. */
Seen unpacked_features(const uint8_t *bytes, size_t count, const uint8_t **pixels = nullptr);

}  // namespace hindra
