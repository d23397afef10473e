#pragma once

#include <cstdint>
#include <vector>

#include "features/features.h"
#include "features/texture-code.h"
#include "kernels/hamming.h"

namespace hindra {

/** How far a pairing may lie from where the map puts it, in steps: about 9 pixels of 512. */
constexpr double kNearMap = 36;

/** A feature of the known picture and one of the other that look alike. */
struct Pairing {
  int known;
  int seen;
  int distance;
};

/** For each feature of the other picture its nearest known one, where each is the other's nearest. */
std::vector<Pairing> pair_features(const std::vector<Feature> &known, const uint8_t *seen,
                                   size_t count, const HammingKernels &kernels);

/** How many places of either picture the pairings join: one corner at several scales counts once. */
int distinct_places(const std::vector<Feature> &known, const std::vector<Feature> &seen,
                    const std::vector<Pairing> &members);

struct Alignment {
  /** Distinct places of the known picture that the map takes to their partners. */
  int inliers = 0;
  /** From the known picture to the other one, both in `kPlaceSteps`. */
  Affine map{1, 0, 0, 0, 1, 0};
};

/** What a map may do to a picture. */
enum class Fit {
  affine,
  /** Turn, scale and shift it: of a narrow strip no more can be told. */
  similar,
};

/** The pairings that lie where the map puts them. */
std::vector<Pairing> joined(const std::vector<Feature> &known, const std::vector<Feature> &seen,
                            const std::vector<Pairing> &pairings, const Affine &map);

/**
 * The map that most pairings agree on. Each pairing proposes a turn, scale and shift by itself,
 * since features have an angle and a size; the best is refined by least squares. Nothing is random:
 * the same pictures always give the same answer. `unit` is the longer side of the known plane by that of
 * the other: how much smaller the other one's pixels are.
 */
Alignment align(const std::vector<Feature> &known, const std::vector<Feature> &seen,
                const std::vector<Pairing> &pairings, double unit, Fit fit = Fit::affine);

}  // namespace hindra
