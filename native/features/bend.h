#pragma once

#include <optional>
#include <vector>

#include "features/align.h"

namespace hindra {

/** The frames of two pictures: how many steps of their longer sides each is wide and high. */
struct Frame {
  double width;
  double height;

  Frame(int plane_width, int plane_height);

  /** Where a feature's x lies in the mirrored picture. */
  int mirrored(int x) const;
};

/** A smooth map from one frame to another, 0 to 1 on both axes, by polynomials of the third degree. */
struct Bend {
  static constexpr int kTerms = 10;
  double x[kTerms] = {};
  double y[kTerms] = {};

  void apply(double u, double v, double &to_x, double &to_y) const;
  /** The same to the mirrored frame. */
  Bend mirrored() const;
};

/** How a known picture lies bent in another one. */
struct BentAlignment {
  int inliers = 0;
  Bend map;
};

/**
 * The smooth map that most pairings agree on, from the affine one on (both in steps): what a lens, a view from the side or
 * a crumpled print makes of a picture. Nothing where it explains hardly more than the affine one, or folds.
 */
std::optional<BentAlignment> bend(const std::vector<Feature> &known, const Frame &known_frame,
                                  const std::vector<Feature> &seen, const Frame &seen_frame,
                                  const std::vector<Pairing> &pairings, const Alignment &flat);

}  // namespace hindra
