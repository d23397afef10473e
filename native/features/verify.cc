#include "features/verify.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>

#include "features/chroma.h"
#include "features/parallax.h"

namespace hindra {
namespace {

/** A picture of which such a share of the cells agrees lies flat: no bent map is tried. */
constexpr double kFlatShare = 0.76;
/** What each of two pieces must have: features, and how far the one lies from where the other's map puts it. */
constexpr int kPieceInliersMin = 6;
constexpr double kPieceApart = 0.1;
/** So many others are looked at: of what was cut into strips not each has enough that is told. */
constexpr int kPieceTries = 6;

/** The cell in which a place of the known picture lies, 0 to 1 on both axes; -1 beside the picture. */
int cell_at(double x, double y) {
  const double column = std::floor(x * kCellsASide), row = std::floor(y * kCellsASide);
  const bool is_in = column >= 0 && column < kCellsASide && row >= 0 && row < kCellsASide;
  return is_in ? int(row) * kCellsASide + int(column) : -1;
}

bool holds(const CellBox &box, int cell) {
  return cell >= 0 && box.holds(cell % kCellsASide, cell / kCellsASide);
}

/** The share of the known picture that is writing and lines beyond this part. */
double writing_beside(const uint8_t *code, const Comparison &comparison, const CellBox &part) {
  int beside = 0;
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    const bool is_shown = comparison.covered[cell] && holds(part, cell);
    beside += !is_shown && is_writing(code, cell);
  }
  return double(beside) / kTextureCells;
}

/** How many places the pairings join, of those in cells of the known picture that are wanted. */
template <typename Wanted>
int places_in(const Known &known, const std::vector<Feature> &seen, const std::vector<Pairing> &pairings,
              Wanted wanted) {
  const Frame frame(known.width, known.height);
  std::vector<Pairing> there;
  std::copy_if(pairings.begin(), pairings.end(), std::back_inserter(there), [&](const Pairing &pairing) {
    const Feature &feature = known.features[size_t(pairing.known)];
    return wanted(cell_at(feature.x / frame.width, feature.y / frame.height));
  });
  return distinct_places(known.features, seen, there);
}

/** Those that have no known feature in common with the others. */
std::vector<Pairing> without(const std::vector<Pairing> &pairings, const std::vector<Pairing> &others) {
  std::vector<int> used;
  for (const Pairing &other : others) used.push_back(other.known);
  std::sort(used.begin(), used.end());
  std::vector<Pairing> left;
  std::copy_if(pairings.begin(), pairings.end(), std::back_inserter(left), [&](const Pairing &pairing) {
    return !std::binary_search(used.begin(), used.end(), pairing.known);
  });
  return left;
}

/** Whether one of two pieces lies elsewhere than the map of the other one takes it. */
bool are_apart(const Evidence &one, const Evidence &other) {
  const auto &[left, top, right, bottom] = other.visible;
  const double u = double(left + right) / (2 * kCellsASide), v = double(top + bottom) / (2 * kCellsASide);
  double x, y, other_x, other_y;
  one.map.apply(u, v, x, y);
  other.map.apply(u, v, other_x, other_y);
  return std::hypot(x - other_x, y - other_y) >= kPieceApart;
}

Affine between_frames(const Affine &map, const Frame &known, const Frame &seen) {
  return {map.a * known.width / seen.width,  map.b * known.height / seen.width,
          map.c / seen.width,                map.d * known.width / seen.height,
          map.e * known.height / seen.height, map.f / seen.height};
}

}  // namespace

Verifier::Verifier(Seen seen, const HammingKernels &kernels)
    : seen_(std::move(seen)), kernels_(kernels) {
  const std::vector<Feature> &features = seen_.extraction.features;
  plain_.resize(features.size() * kDescriptorBytes);
  for (size_t i = 0; i < features.size(); i += 1) {
    std::memcpy(&plain_[i * kDescriptorBytes], features[i].descriptor, kDescriptorBytes);
  }
  const Frame frame(seen_.plane.width, seen_.plane.height);
  const auto add = [&](bool has, bool mirrored, bool inverted, const std::vector<uint8_t> &rows) {
    if (!has) return;
    std::vector<Feature> moved = features;
    for (Feature &feature : moved) {
      int angle = inverted ? inverted_angle(feature.angle) : feature.angle;
      if (mirrored) {
        angle = mirrored_angle(angle);
        feature.x = uint16_t(frame.mirrored(feature.x));
      }
      feature.angle = uint8_t(angle);
    }
    variants_.push_back({{mirrored, inverted}, std::move(moved), rows.data()});
  };
  const auto [mirrored, inverted] = seen_.variants;
  add(true, false, false, plain_);
  add(mirrored, true, false, seen_.extraction.mirrored);
  add(inverted, false, true, seen_.extraction.inverted);
  add(mirrored && inverted, true, true, seen_.extraction.mirrored_inverted);
}

const std::vector<Plane> &Verifier::halves(bool inverted) {
  std::vector<Plane> &made = halves_[inverted];
  if (made.empty()) {
    Plane plane = seen_.plane;
    if (inverted) {
      for (uint8_t &level : plane.data) level = uint8_t(255 - level);
    }
    made = halves_of(plane);
  }
  return made;
}

Verifier::Laid Verifier::lay(const Known &known, const Variants *as) const {
  const double unit = unit_of(known);
  Laid best;
  for (const Variant &variant : variants_) {
    if (as != nullptr && !(*as == variant.as)) continue;
    auto paired =
        pair_features(known.features, variant.descriptors, variant.features.size(), kernels_);
    const Alignment flat = align(known.features, variant.features, paired, unit);
    if (flat.inliers > best.flat.inliers) best = {&variant, std::move(paired), flat};
  }
  return best;
}

double Verifier::unit_of(const Known &known) const {
  return double(std::max(known.width, known.height)) / std::max(seen_.plane.width, seen_.plane.height);
}

Evidence Verifier::evidence_of(const Known &known, const Variants &as, const Alignment &found) const {
  Evidence evidence;
  evidence.inliers = found.inliers;
  evidence.mirrored = as.mirrored;
  evidence.inverted = as.inverted;
  const Affine map = between_frames(found.map, {known.width, known.height}, {seen_.plane.width, seen_.plane.height});
  evidence.map = as.mirrored ? Affine{-map.a, -map.b, 1 - map.c, map.d, map.e, map.f} : map;
  return evidence;
}

Verified Verifier::verify(const Known &known, int inliers_min, const Variants *as) {
  const Laid laid = lay(known, as);
  Verified verified;
  if (laid.shown == nullptr || laid.flat.inliers < inliers_min) {
    verified.flat.inliers = laid.flat.inliers;
    return verified;
  }
  const auto &[shown, paired, flat_alignment] = laid;
  const std::vector<Pairing> together =
      joined(known.features, shown->features, paired, flat_alignment.map);
  Evidence &flat = verified.flat = evidence_of(known, shown->as, flat_alignment);
  const Comparison comparison = compare(known, flat);
  weigh(known, comparison, visible_part(comparison), flat);
  count_features(known, flat);
  flat.parallax = parallax_of(known.features, shown->features, paired, flat_alignment.map);
  flat.written.inliers = places_in(known, shown->features, together, [&](int cell) {
    return holds(flat.visible, cell) && is_writing(known.code, cell);
  });
  const auto &[agreeing, compared, contradicting] = flat.agreement;
  if (agreeing >= kFlatShare * (compared + contradicting)) return verified;
  verified.bent = bent_of(known, laid);
  verified.pieces = pieces_of(known, laid, comparison, together);
  return verified;
}

std::vector<Evidence> Verifier::pieces_of(const Known &known, const Laid &laid, const Comparison &flat,
                                          const std::vector<Pairing> &together) {
  const auto &[shown, paired, found] = laid;
  std::vector<Evidence> pieces;
  std::vector<Pairing> left = paired;
  if (const auto piece = piece_of(known, *shown, found, flat, together)) {
    pieces.push_back(*piece);
    left = without(left, together);
  }
  for (int tries = 0; tries < kPieceTries; tries += 1) {
    const Alignment other = align(known.features, shown->features, left, unit_of(known), Fit::similar);
    if (other.inliers < kPieceInliersMin) break;
    const std::vector<Pairing> used = joined(known.features, shown->features, paired, other.map);
    left = without(left, used);
    const Comparison comparison = compare(known, evidence_of(known, shown->as, other));
    if (const auto piece = piece_of(known, *shown, other, comparison, used)) pieces.push_back(*piece);
  }
  // A ground that two pictures share agrees in one piece as well. Of what was cut up another one lies elsewhere.
  std::vector<Evidence> cut;
  std::copy_if(pieces.begin(), pieces.end(), std::back_inserter(cut), [&](const Evidence &piece) {
    return std::any_of(pieces.begin(), pieces.end(),
                       [&](const Evidence &other) { return are_apart(piece, other); });
  });
  std::stable_sort(cut.begin(), cut.end(),
                   [](const Evidence &a, const Evidence &b) { return a.inliers > b.inliers; });
  return cut;
}

std::optional<Evidence> Verifier::bent_of(const Known &known, const Laid &laid) {
  const auto &[shown, paired, flat] = laid;
  const auto bent = bend(known.features, {known.width, known.height}, shown->features,
                         {seen_.plane.width, seen_.plane.height}, paired, flat);
  if (!bent) return std::nullopt;
  const Bend map = shown->as.mirrored ? bent->map.mirrored() : bent->map;
  Evidence curved = evidence_of(known, shown->as, flat);
  curved.inliers = bent->inliers;
  const Comparison comparison = compare(known, curved, &map);
  weigh(known, comparison, visible_part(comparison), curved, &map);
  count_features(known, curved, &map);
  return curved;
}

std::optional<Evidence> Verifier::piece_of(const Known &known, const Variant &shown,
                                           const Alignment &found, const Comparison &comparison,
                                           const std::vector<Pairing> &together) const {
  const auto part = agreeing_part(comparison.cells, CellBox{});
  if (!part) return std::nullopt;
  Evidence piece = evidence_of(known, shown.as, found);
  piece.inliers = places_in(known, shown.features, together, [&](int cell) { return holds(*part, cell); });
  if (piece.inliers < kPieceInliersMin) return std::nullopt;
  weigh(known, comparison, *part, piece);
  count_features(known, piece);
  return piece;
}

Evidence Verifier::agree(const Known &known, const Affine &map, bool inverted) {
  Evidence evidence;
  evidence.mirrored = map.a * map.e - map.b * map.d < 0;
  evidence.inverted = inverted;
  evidence.map = map;
  const Comparison comparison = compare(known, evidence);
  weigh(known, comparison, visible_part(comparison), evidence);
  return evidence;
}

Comparison Verifier::compare(const Known &known, const Evidence &evidence, const Bend *bend) {
  const std::vector<Plane> &planes = halves(evidence.inverted);
  const Placement pixels{evidence.map, bend, double(seen_.plane.width), double(seen_.plane.height)};
  Comparison comparison = compare_code(known.kept(), planes.data(), int(planes.size()), pixels);
  // The luma of the negative was compared; colours are looked up as they are.
  if (evidence.inverted) {
    for (Expected &expected : comparison.expected) expected.luma = 255 - expected.luma;
  }
  return comparison;
}

void Verifier::weigh(const Known &known, Comparison comparison, const CellBox &part,
                     Evidence &evidence, const Bend *bend) const {
  const Placement placement{evidence.map, bend};
  std::copy(std::begin(comparison.cells), std::end(comparison.cells), evidence.cells);
  evidence.visible = part;
  evidence.agreement = counted(evidence.cells, evidence.visible);
  evidence.undrawn = evidence.agreement;
  // Where not even half agrees nothing will come of it, and most candidates are such.
  if (2 * evidence.agreement.agreeing < evidence.agreement.compared) return;
  if (known.has_colours) mark_chroma(known.kept(), seen_.colours, placement, comparison);
  evidence.differing = differing_of(comparison, evidence.visible, seen_.colours, placement);
  evidence.writing = writing_of(known.code);
  evidence.writing_beside = writing_beside(known.code, comparison, part);
  evidence.paper = paper_share(comparison, evidence.visible, seen_.colours, placement);
  CellState undrawn[kTextureCells];
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    const bool is_drawn = evidence.differing.drawn.test(size_t(cell));
    undrawn[cell] = is_drawn ? CellState::untold : evidence.cells[cell];
  }
  evidence.undrawn = counted(undrawn, evidence.visible);
}

void Verifier::count_features(const Known &known, Evidence &evidence, const Bend *bend) const {
  const Placement placement{evidence.map, bend};
  const Frame known_frame(known.width, known.height);
  const Frame seen_frame(seen_.plane.width, seen_.plane.height);
  const auto count = [&](double x, double y, int &all, int &written) {
    const int cell = cell_at(x, y);
    if (!holds(evidence.visible, cell)) return;
    all += 1;
    written += is_writing(known.code, cell);
  };
  for (const Feature &feature : known.features) {
    const double x = feature.x / known_frame.width, y = feature.y / known_frame.height;
    double to_x, to_y;
    placement.apply(x, y, to_x, to_y);
    const bool is_covered = to_x >= 0 && to_x <= 1 && to_y >= 0 && to_y <= 1;
    if (is_covered) count(x, y, evidence.known_features, evidence.written.known);
  }
  const Affine back = inverse(evidence.map);
  for (const Feature &feature : seen_.extraction.features) {
    double x, y;
    back.apply(feature.x / seen_frame.width, feature.y / seen_frame.height, x, y);
    count(x, y, evidence.seen_features, evidence.written.seen);
  }
}

}  // namespace hindra
