#pragma once

#include <vector>

#include "features/bend.h"
#include "features/colours.h"
#include "features/differing.h"
#include "features/known.h"
#include "features/seen.h"
#include "features/visible.h"

namespace hindra {

/** Features on what is written, as far as it is visible: of either picture, and places that the map joins. */
struct Written {
  int inliers = 0;
  int known = 0;
  int seen = 0;
};

/** How a known picture lies in another one, and how far they agree there. */
struct Evidence {
  int inliers = 0;
  bool mirrored = false;
  bool inverted = false;
  /** Of all cells of the known picture; of those that the other picture shows the figures below. */
  CellState cells[kTextureCells] = {};
  Agreement agreement;
  /** The same without what was drawn over. */
  Agreement undrawn;
  /** How much of the known picture's texture is writing and lines, and how much of the other's part is paper. */
  double writing = 0;
  double paper = 0;
  /** How much of the known picture is writing and lines that the other one does not show. */
  double writing_beside = 0;
  /** How many features near it are shifted together, for each on the map: see `parallax_of`. */
  double parallax = 0;
  Differing differing;
  CellBox visible;
  /** How many features the two have there, which the inliers are a part of; 0 where none proposed the map. */
  int known_features = 0;
  int seen_features = 0;
  Written written;
  /** From the known picture's frame to the other's, 0 to 1 on both axes. */
  Affine map{1, 0, 0, 0, 1, 0};
};

/**
 * The same; and, where a flat map of the whole says too little, how it lies there bent, where that explains more, and
 * those pieces of it that agree and lie as no flat map of the whole puts them, that of the most features first.
 */
struct Verified {
  Evidence flat;
  std::optional<Evidence> bent;
  std::vector<Evidence> pieces;
};

/** Looks for known pictures in one other. */
class Verifier {
 public:
  Verifier(Seen seen, const HammingKernels &kernels);

  /**
   * By features alone; texture is compared from `inliers_min` on. `as` is how it is shown, where that is known:
   * else every variant is tried.
   */
  Verified verify(const Known &known, int inliers_min, const Variants *as = nullptr);
  /** Where something else proposes how they lie to each other: how far they agree there. */
  Evidence agree(const Known &known, const Affine &map, bool inverted);

 private:
  struct Variant {
    Variants as;
    std::vector<Feature> features;
    const uint8_t *descriptors;
  };

  /** How the known picture is shown, what of it is paired, and the map that most of that agrees on. */
  struct Laid {
    const Variant *shown = nullptr;
    std::vector<Pairing> paired;
    Alignment flat;
  };

  const std::vector<Plane> &halves(bool inverted);
  /** The longer side of the known plane by that of the other. */
  double unit_of(const Known &known) const;
  Laid lay(const Known &known, const Variants *as) const;
  /** The evidence says how it is shown and where the map puts it; nothing is compared yet. */
  Evidence evidence_of(const Known &known, const Variants &as, const Alignment &found) const;
  std::optional<Evidence> bent_of(const Known &known, const Laid &laid);
  /** Of what was cut up: each piece beside which another one lies elsewhere, that of the most features first. */
  std::vector<Evidence> pieces_of(const Known &known, const Laid &laid, const Comparison &flat,
                                  const std::vector<Pairing> &together);
  std::optional<Evidence> piece_of(const Known &known, const Variant &shown, const Alignment &found,
                                   const Comparison &comparison, const std::vector<Pairing> &together) const;
  Comparison compare(const Known &known, const Evidence &evidence, const Bend *bend = nullptr);
  /** The evidence is given what the comparison says of this part. */
  void weigh(const Known &known, Comparison comparison, const CellBox &part, Evidence &evidence,
             const Bend *bend = nullptr) const;
  void count_features(const Known &known, Evidence &evidence, const Bend *bend = nullptr) const;

  Seen seen_;
  const HammingKernels &kernels_;
  std::vector<Variant> variants_;
  std::vector<uint8_t> plain_;
  std::vector<Plane> halves_[2];
};

}  // namespace hindra
