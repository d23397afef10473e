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
 * The eight from the bits of the first alone. A mirror flips the signs of the odd waves, which is
 * taken to toggle their bits: exact where the median is zero, and it is near zero.
 */
void derive_dihedral(const uint8_t *hash, uint8_t *hashes);

}  // namespace hindra
