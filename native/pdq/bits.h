#pragma once

#include "pdq/pixels.h"

namespace hindra {

constexpr size_t kHashBytes = 32;

/** The picture and its turns and mirrors, by the reference's names and in this order. */
enum Dihedral { kWhole, kRot90, kRot180, kRot270, kFlipX, kFlipY, kFlipP, kFlipM };
constexpr int kDihedrals = 8;

/**
 * Hashes of a picture by its coefficients: the first of the eight, or all of them, `kHashBytes` each.
 * Returns how far the coefficients lie from changing a bit: from the largest that gives 0 to the
 * smallest that gives 1, the least of the hashes asked for.
 */
float hash_coefficients(const float *coefficients, int dihedrals, uint8_t *hashes);

/**
 * By how many bits each of the eight hashes may be off where the coefficients are: 255 and less. See
 * README.md, "Slack". Bits change in pairs, for as many coefficients come over the median as go under
 * it. Of s pairs the s-th nearest above and the s-th nearest below must have met, so that the gap
 * between them is what two errors come to: `reach` at most for one pair, and less the more pairs have to
 * err that much at once, by the cube root of s.
 */
void slacks_of(const float *coefficients, float reach, uint8_t *slacks);

/**
 * The eight from the bits of the first alone. A mirror flips the signs of the odd waves, which is
 * taken to toggle their bits: exact where the median is zero, and it is near zero.
 */
void derive_dihedral(const uint8_t *hash, uint8_t *hashes);

}  // namespace hindra
