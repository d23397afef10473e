#pragma once

#include <cstdint>
#include <vector>

#include "features/describe.h"
#include "features/plane.h"

namespace hindra {

/** Scales of the pyramid, each 1.2 times as coarse as the one before. */
constexpr int kLevels = 8;
constexpr double kLevelStep = 1.2;
/** Places are whole numbers of this part of the longer side. */
constexpr int kPlaceSteps = 2047;
/** Places nearer than this are one corner, which is found at several scales, and count once. */
constexpr int kSamePlace = 12;

struct Feature {
  uint8_t descriptor[kDescriptorBytes];
  /** In `kPlaceSteps` of the longer side. */
  uint16_t x;
  uint16_t y;
  /** 0 (finest) to 7. */
  uint8_t level;
  /** 0 to 127, a full turn. */
  uint8_t angle;
};

/** What is described of a picture beside what it shows; of one of these, how it shows a known picture. */
struct Variants {
  bool mirrored = false;
  bool inverted = false;

  bool operator==(const Variants &other) const {
    return mirrored == other.mirrored && inverted == other.inverted;
  }
};

/** How many descriptors a feature has beside that of the picture as it is. */
inline size_t further_variants(Variants variants) {
  return (variants.mirrored ? 1 : 0) + (variants.inverted ? 1 : 0) +
         (variants.mirrored && variants.inverted ? 1 : 0);
}

/** Features of one plane, the most telling first. */
struct Extraction {
  std::vector<Feature> features;
  /** Descriptors of the same places in the mirrored picture, its negative, and both. */
  std::vector<uint8_t> mirrored;
  std::vector<uint8_t> inverted;
  std::vector<uint8_t> mirrored_inverted;
  /** The unsure bits of each descriptor follow in the order of these variants, see `Described`; an older server has none. */
  std::vector<uint8_t> unsure;
};

/**
 * Oriented corners over a pyramid with binary descriptors, in the manner of ORB (Rublee et al., 2011).
 * They are spread over picture and scales: the first in each part of it, then the second, and so on.
 */
Extraction extract_features(const Plane &plane, int most, Variants variants);

}  // namespace hindra
