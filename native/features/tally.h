#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "features/features.h"

namespace hindra {

/** A vote knows the place of a known picture's feature by one of so many cells a side of a square. */
constexpr int kVotePlaceCells = 16;

/** A feature of a picture that is looked for is near to one of a known picture. */
struct Vote {
  /** The known picture. */
  uint32_t place;
  /** In bits of the sketch. */
  uint8_t distance;
  /** The variant of the picture that casts the vote. */
  Variants shown;
  /** How the two lie to each other: 0 to 127, a full turn, and in steps of scale. */
  uint8_t turn;
  int8_t steps;
  /** Where it is in the known picture, in cells, and in the other one. */
  uint8_t known_x, known_y;
  uint16_t x, y;
  /** Less where many pictures have such a feature. */
  float weight;
};

/** Which known picture another one may show, and how. */
struct Leader {
  uint32_t place;
  Variants shown;
};

/**
 * The places with the most weight of votes that fit one map, beyond what chance gives, at most `limit`, the
 * first one first. `unit` is the scale of two pictures that show the same at the same size. Sorts the
 * votes.
 */
std::vector<Leader> leading_places(std::vector<Vote> &votes, double unit, size_t limit);

}  // namespace hindra
