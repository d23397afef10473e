#include "features/verify.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace hindra {
namespace {

constexpr uint8_t kVersion = 2;
/** A picture of which such a share of the cells agrees lies flat: no bent map is tried. */
constexpr double kFlatShare = 0.76;
/** What each of two pieces must have: features, and how far the one lies from where the other's map puts it. */
constexpr int kPieceInliersMin = 6;
constexpr double kPieceApart = 0.1;
constexpr size_t kHeaderBytes = 8;

int half_of(int side) { return std::max(1, side / 2); }

size_t further_variants(Variants variants) {
  return (variants.mirrored ? 1 : 0) + (variants.inverted ? 1 : 0) +
         (variants.mirrored && variants.inverted ? 1 : 0);
}

/** Whether a place of the known picture, 0 to 1 on both axes, lies in these cells. */
bool holds(const CellBox &box, double x, double y) {
  return box.holds(int(std::floor(x * kCellsASide)), int(std::floor(y * kCellsASide)));
}

/** How far two maps take one place apart, in shares of the sides. */
double apart(const Affine &one, const Affine &other, double u, double v) {
  double x, y, other_x, other_y;
  one.apply(u, v, x, y);
  other.apply(u, v, other_x, other_y);
  return std::hypot(x - other_x, y - other_y);
}

Affine between_frames(const Affine &map, const Frame &known, const Frame &seen) {
  return {map.a * known.width / seen.width,  map.b * known.height / seen.width,
          map.c / seen.width,                map.d * known.width / seen.height,
          map.e * known.height / seen.height, map.f / seen.height};
}

}  // namespace

Seen describe_seen(const Pixels &pixels, int side, int most, Variants variants) {
  Seen seen;
  seen.plane = scaled_luma(pixels, side);
  seen.colours = sampled_colours(pixels, half_of(seen.plane.width), half_of(seen.plane.height));
  seen.variants = variants;
  seen.extraction = extract_features(seen.plane, most, variants);
  return seen;
}

Seen describe_smaller(const Seen &seen, int side, int most) {
  const double scale = std::min(1.0, double(side) / std::max(seen.plane.width, seen.plane.height));
  const int width = std::max(1, int(std::lround(seen.plane.width * scale)));
  const int height = std::max(1, int(std::lround(seen.plane.height * scale)));
  Seen smaller;
  smaller.plane = seen.plane;
  while (smaller.plane.width >= 2 * width && smaller.plane.height >= 2 * height) {
    smaller.plane = halved(smaller.plane);
  }
  smaller.plane = resized(smaller.plane, width, height);
  smaller.colours = Colours(half_of(width), half_of(height));
  const auto &[wide, high, from] = seen.colours;
  for (int y = 0; y < smaller.colours.height; y += 1) {
    for (int x = 0; x < smaller.colours.width; x += 1) {
      const uint8_t *colour = seen.colours.at(x * wide / smaller.colours.width, y * high / smaller.colours.height);
      std::copy_n(colour, 3, &smaller.colours.data[(size_t(y) * smaller.colours.width + x) * 3]);
    }
  }
  smaller.variants = {seen.variants.mirrored, false};
  smaller.extraction = extract_features(smaller.plane, most, smaller.variants);
  return smaller;
}

std::vector<uint8_t> packed(const Seen &seen) {
  const auto &[features, mirrored, inverted, both] = seen.extraction;
  std::vector<uint8_t> bytes(kHeaderBytes + features.size() * kFeatureBytes);
  bytes[0] = kVersion;
  bytes[1] = uint8_t((seen.variants.mirrored ? 1 : 0) | (seen.variants.inverted ? 2 : 0));
  const int numbers[3] = {seen.plane.width, seen.plane.height, int(features.size())};
  for (int i = 0; i < 3; i += 1) {
    bytes[2 + 2 * i] = uint8_t(numbers[i]);
    bytes[3 + 2 * i] = uint8_t(numbers[i] >> 8);
  }
  uint8_t *to = bytes.data() + kHeaderBytes;
  for (const Feature &feature : features) {
    pack_feature(feature, to);
    to += kFeatureBytes;
  }
  for (const auto *part : {&mirrored, &inverted, &both, &seen.plane.data, &seen.colours.data}) {
    bytes.insert(bytes.end(), part->begin(), part->end());
  }
  return bytes;
}

Seen unpacked_features(const uint8_t *bytes, size_t count, const uint8_t **pixels) {
  if (count < kHeaderBytes || bytes[0] != kVersion || bytes[1] > 3) {
    throw std::invalid_argument("the features are of another version or cut off");
  }
  Seen seen;
  seen.variants = {(bytes[1] & 1) != 0, (bytes[1] & 2) != 0};
  const auto number = [&](size_t at) { return size_t(bytes[at] | bytes[at + 1] << 8); };
  const size_t width = number(2), height = number(4), features = number(6);
  const size_t descriptors = features * kDescriptorBytes;
  const size_t expected = kHeaderBytes + features * kFeatureBytes +
                          further_variants(seen.variants) * descriptors + width * height +
                          size_t(half_of(int(width))) * size_t(half_of(int(height))) * 3;
  if (width == 0 || height == 0 || count != expected) {
    throw std::invalid_argument("the features are not as many as they say");
  }
  const uint8_t *at = bytes + kHeaderBytes;
  auto &[all, mirrored, inverted, both] = seen.extraction;
  all.reserve(features);
  for (size_t i = 0; i < features; i += 1, at += kFeatureBytes) all.push_back(unpack_feature(at));
  const auto take = [&](bool has, std::vector<uint8_t> &to) {
    if (!has) return;
    to.assign(at, at + descriptors);
    at += descriptors;
  };
  take(seen.variants.mirrored, mirrored);
  take(seen.variants.inverted, inverted);
  take(seen.variants.mirrored && seen.variants.inverted, both);
  seen.plane.width = int(width);
  seen.plane.height = int(height);
  if (pixels != nullptr) *pixels = at;
  return seen;
}

Seen unpacked_seen(const uint8_t *bytes, size_t count) {
  const uint8_t *pixels;
  Seen seen = unpacked_features(bytes, count, &pixels);
  const uint8_t *colours = pixels + size_t(seen.plane.width) * size_t(seen.plane.height);
  seen.plane.data.assign(pixels, colours);
  seen.colours = Colours(half_of(seen.plane.width), half_of(seen.plane.height));
  std::copy(colours, bytes + count, seen.colours.data.begin());
  return seen;
}

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

Verified Verifier::verify(const Known &known, int inliers_min, const Variants *as) {
  Evidence best;
  const Variant *shown = nullptr;
  std::vector<Pairing> paired;
  Alignment flat;
  const Frame known_frame(known.width, known.height);
  const Frame seen_frame(seen_.plane.width, seen_.plane.height);
  const double unit = double(std::max(known.width, known.height)) /
                      std::max(seen_.plane.width, seen_.plane.height);
  const auto map_of = [&](const Alignment &found, bool is_mirrored) {
    const Affine map = between_frames(found.map, known_frame, seen_frame);
    return is_mirrored ? Affine{-map.a, -map.b, 1 - map.c, map.d, map.e, map.f} : map;
  };
  for (const Variant &variant : variants_) {
    if (as != nullptr && !(*as == variant.as)) continue;
    auto pairings =
        pair_features(known.features, variant.descriptors, variant.features.size(), kernels_);
    const Alignment found = align(known.features, variant.features, pairings, unit);
    if (found.inliers <= best.inliers) continue;
    best.inliers = found.inliers;
    best.mirrored = variant.as.mirrored;
    best.inverted = variant.as.inverted;
    best.map = map_of(found, variant.as.mirrored);
    shown = &variant;
    paired = std::move(pairings);
    flat = found;
  }
  if (best.inliers < inliers_min) return {best, std::nullopt, std::nullopt};
  compare(known, best);
  count_features(known, best);
  const auto &[agreeing, compared, contradicting] = best.agreement;
  if (agreeing >= kFlatShare * (compared + contradicting)) return {best, std::nullopt, std::nullopt};
  Verified verified{best, std::nullopt, std::nullopt};
  const auto bent = bend(known.features, known_frame, shown->features, seen_frame, paired, flat);
  if (bent) {
    const Bend map = best.mirrored ? bent->map.mirrored() : bent->map;
    Evidence &curved = verified.bent.emplace();
    curved.inliers = bent->inliers;
    curved.mirrored = best.mirrored;
    curved.inverted = best.inverted;
    curved.map = best.map;
    compare(known, curved, &map);
    count_features(known, curved, &map);
  }
  const auto piece_on = [&](const Alignment &found) {
    std::optional<Evidence> piece{Evidence{}};
    piece->mirrored = best.mirrored;
    piece->inverted = best.inverted;
    piece->map = map_of(found, best.mirrored);
    compare(known, *piece);
    const auto part = agreeing_part(piece->cells, CellBox{});
    if (!part) return std::optional<Evidence>();
    std::vector<Pairing> there = joined(known.features, shown->features, paired, found.map);
    there.erase(std::remove_if(there.begin(), there.end(),
                               [&](const Pairing &pairing) {
                                 const Feature &feature = known.features[size_t(pairing.known)];
                                 return !holds(*part, feature.x / known_frame.width,
                                               feature.y / known_frame.height);
                               }),
                there.end());
    piece->inliers = distinct_places(known.features, shown->features, there);
    compare(known, *piece, nullptr, part);
    count_features(known, *piece);
    return piece;
  };
  const auto piece = piece_on(flat);
  if (!piece || piece->inliers < kPieceInliersMin) return verified;
  // A ground that two pictures share agrees in one piece as well. Of what was cut up another one lies elsewhere.
  std::vector<Pairing> left = paired;
  for (const Pairing &pairing : joined(known.features, shown->features, paired, flat.map)) {
    left.erase(std::remove_if(left.begin(), left.end(),
                              [&](const Pairing &each) { return each.known == pairing.known; }),
               left.end());
  }
  const Alignment other = align(known.features, shown->features, left, unit);
  if (other.inliers < kPieceInliersMin) return verified;
  const auto second = piece_on(other);
  if (!second || second->inliers < kPieceInliersMin) return verified;
  const auto &[part_left, part_top, part_right, part_bottom] = second->visible;
  const double x = double(part_left + part_right) / (2 * kCellsASide), y = double(part_top + part_bottom) / (2 * kCellsASide);
  if (apart(piece->map, second->map, x, y) >= kPieceApart) verified.piece = piece;
  return verified;
}

Evidence Verifier::agree(const Known &known, const Affine &map, bool inverted) {
  Evidence evidence;
  evidence.mirrored = map.a * map.e - map.b * map.d < 0;
  evidence.inverted = inverted;
  evidence.map = map;
  compare(known, evidence);
  return evidence;
}

void Verifier::compare(const Known &known, Evidence &evidence, const Bend *bend,
                       const std::optional<CellBox> &part) {
  const std::vector<Plane> &planes = halves(evidence.inverted);
  const Placement placement{evidence.map, bend};
  const Placement pixels{evidence.map, bend, double(seen_.plane.width), double(seen_.plane.height)};
  const Comparison comparison =
      compare_code(known.code, known.is_whole, planes.data(), int(planes.size()), pixels);
  std::copy(std::begin(comparison.cells), std::end(comparison.cells), evidence.cells);
  evidence.visible = part ? *part : visible_part(comparison);
  evidence.agreement = counted(evidence.cells, evidence.visible);
  evidence.undrawn = evidence.agreement;
  // Where not even half agrees nothing will come of it, and most candidates are such.
  if (2 * evidence.agreement.agreeing < evidence.agreement.compared) return;
  evidence.differing = differing_of(comparison, evidence.visible, seen_.colours, placement);
  evidence.writing = writing_of(known.code);
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
  const auto is_visible = [&](double x, double y) { return holds(evidence.visible, x, y); };
  for (const Feature &feature : known.features) {
    const double x = feature.x / known_frame.width, y = feature.y / known_frame.height;
    double to_x, to_y;
    placement.apply(x, y, to_x, to_y);
    const bool is_covered = to_x >= 0 && to_x <= 1 && to_y >= 0 && to_y <= 1;
    evidence.known_features += is_covered && is_visible(x, y);
  }
  const Affine back = inverse(evidence.map);
  for (const Feature &feature : seen_.extraction.features) {
    double x, y;
    back.apply(feature.x / seen_frame.width, feature.y / seen_frame.height, x, y);
    evidence.seen_features += is_visible(x, y);
  }
}

}  // namespace hindra
