#pragma once

#include <vector>

#include "features/align.h"

namespace hindra {

/**
 * How many pairings lie a little off the map and are shifted together with others around them, for each that lies on it.
 * Things before a ground are, when the camera moves: each shifts as a whole. What bends a copy shifts every place
 * by another amount, and what is paired by mistake lies anywhere.
 */
double parallax_of(const std::vector<Feature> &known, const std::vector<Feature> &seen,
                   const std::vector<Pairing> &pairings, const Affine &map);

}  // namespace hindra
