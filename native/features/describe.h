#pragma once

#include <cstdint>

#include "features/plane.h"

namespace hindra {

/** How far from the edge of a level a feature must lie: radius of its patch and of the blur. */
constexpr int kPatchRadius = (kPatchRows - 1) / 2;
constexpr int kFeatureEdge = kPatchRadius + 4;
constexpr int kDescriptorBytes = PatchPairs::kPairs / 8;
constexpr double kPi = 3.14159265358979323846;
/** Angles are kept in so many steps of a full turn. */
constexpr int kAngles = 128;
inline double radians(int angle) { return 2 * kPi * angle / kAngles; }

/** Direction of the centre of mass of the patch (Rosin, 1999), 0 to 127, clockwise from the right. */
int angle_of(const Plane &plane, int x, int y);

/** How many bits of a sketch's key are named that may differ in a copy. */
constexpr int kUnsureBits = 5;

/**
 * A descriptor is written to the one, and to the other which bits of its sketch's key were decided by the least, the
 * least sure one first; 0 is the lowest bit.
 */
struct Described {
  uint8_t *descriptor = nullptr;
  uint8_t *unsure = nullptr;
};

/** The descriptors of one place, a variant each, are written here; the further ones are null where they are not wanted. */
struct DescribedVariants {
  Described plain;
  Described mirrored;
  Described inverted;
  Described mirrored_inverted;
};

/**
 * 256 comparisons of points of the blurred patch, turned by the angle (steered BRIEF: Calonder et al.,
 * 2010; Rublee et al., 2011): of what is there, and of what the mirrored picture, the negative and the mirrored
 * negative show there, each at the angle that it has in them.
 */
void describe(const Plane &blurred, int x, int y, int angle, const DescribedVariants &to);

/** The angle of the same place in the mirrored picture. */
inline int mirrored_angle(int angle) { return (kAngles + kAngles / 2 - angle) % kAngles; }

/** The angle of the same place in the negative. */
inline int inverted_angle(int angle) { return (angle + kAngles / 2) % kAngles; }

}  // namespace hindra
