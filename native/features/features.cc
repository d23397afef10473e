#include "features/features.h"

#include <algorithm>
#include <cmath>

#include "features/corners.h"

namespace hindra {
namespace {

/** Grey levels; weaker corners do not outlive compression. */
constexpr int kThreshold = 10;
/** A level is divided into so many parts a side, of which each gets its turn. */
constexpr int kPartsASide = 8;
/** How much fewer features a coarser level gets: those of copies that are shown small. */
constexpr double kQuotaStep = 0.87;

struct Chosen {
  Corner corner;
  int level;
  /** How many of its part of the level go before it. */
  int rank;
};

/** The strongest of each part first, then the second of each; at most `quota`. */
void choose(const std::vector<Corner> &corners, const Plane &plane, int level, size_t quota,
            std::vector<Chosen> &chosen) {
  // Of equals the first, whatever sorts them.
  const auto before = [&](uint32_t a, uint32_t b) {
    return corners[a].response != corners[b].response ? corners[a].response > corners[b].response
                                                      : a < b;
  };
  std::vector<uint32_t> parts[kPartsASide * kPartsASide];
  for (uint32_t i = 0; i < corners.size(); i += 1) {
    const Corner &corner = corners[i];
    const int row = corner.y * kPartsASide / plane.height;
    parts[row * kPartsASide + corner.x * kPartsASide / plane.width].push_back(i);
  }
  quota = std::min(quota, corners.size());
  std::vector<uint32_t> turn;
  for (size_t rank = 0; quota > 0; rank += 1) {
    turn.clear();
    for (std::vector<uint32_t> &part : parts) {
      if (part.size() <= rank) continue;
      // What stands before its place is sorted already.
      std::iter_swap(part.begin() + rank, std::min_element(part.begin() + rank, part.end(), before));
      turn.push_back(part[rank]);
    }
    std::sort(turn.begin(), turn.end(), before);
    if (turn.size() > quota) turn.resize(quota);
    quota -= turn.size();
    for (const uint32_t i : turn) chosen.push_back({corners[i], level, int(rank)});
  }
}

uint16_t placed(int at, double scale, int longer) {
  const double place = (at + 0.5) * scale / longer * kPlaceSteps;
  return uint16_t(std::clamp(std::lround(place), 0L, long(kPlaceSteps)));
}

}  // namespace

Extraction extract_features(const Plane &plane, int most, Variants variants) {
  std::vector<Plane> levels{plane};
  std::vector<Chosen> chosen;
  double shares = 0;
  for (int level = 0; level < kLevels; level += 1) shares += std::pow(kQuotaStep, level);
  for (int level = 0; level < kLevels; level += 1) {
    if (level > 0) {
      const double scale = std::pow(kLevelStep, level);
      const int width = int(std::lround(plane.width / scale));
      const int height = int(std::lround(plane.height / scale));
      if (std::min(width, height) <= 2 * kFeatureEdge) break;
      levels.push_back(resized(levels.back(), width, height));
    }
    const size_t quota = size_t(std::ceil(most * std::pow(kQuotaStep, level) / shares));
    choose(find_corners(levels.back(), kThreshold, kFeatureEdge), levels.back(), level, quota,
           chosen);
  }
  std::stable_sort(chosen.begin(), chosen.end(),
                   [](const Chosen &a, const Chosen &b) { return a.rank < b.rank; });
  if (chosen.size() > size_t(most)) chosen.resize(most);

  Extraction out;
  const size_t count = chosen.size();
  out.features.resize(count);
  if (variants.mirrored) out.mirrored.resize(count * kDescriptorBytes);
  if (variants.inverted) out.inverted.resize(count * kDescriptorBytes);
  if (variants.mirrored && variants.inverted) {
    out.mirrored_inverted.resize(count * kDescriptorBytes);
  }
  out.unsure.resize((1 + further_variants(variants)) * count * kUnsureBits);
  const int longer = std::max(plane.width, plane.height);
  std::vector<Plane> blurred(levels.size());
  for (size_t level = 0; level < levels.size(); level += 1) blur(levels[level], blurred[level]);
  for (size_t i = 0; i < count; i += 1) {
    const auto &[corner, level, rank] = chosen[i];
    const int x = corner.x, y = corner.y;
    const Plane &soft = blurred[level];
    const int angle = angle_of(levels[level], x, y);
    Feature &feature = out.features[i];
    // Sides are rounded at every level: the scale is that of the two lengths.
    const double scale = double(plane.width) / levels[level].width;
    feature.x = placed(x, scale, longer);
    feature.y = placed(y, double(plane.height) / levels[level].height, longer);
    feature.level = uint8_t(level);
    feature.angle = uint8_t(angle);
    size_t variant = 0;
    const auto to = [&](uint8_t *descriptor) {
      return Described{descriptor, &out.unsure[(variant++ * count + i) * kUnsureBits]};
    };
    const auto further = [&](std::vector<uint8_t> &all) {
      return all.empty() ? Described{} : to(all.data() + i * kDescriptorBytes);
    };
    // Braces are read from left to right, which is the order of the variants.
    const DescribedVariants all{to(feature.descriptor), further(out.mirrored), further(out.inverted),
                                further(out.mirrored_inverted)};
    describe(soft, x, y, angle, all);
  }
  return out;
}

}  // namespace hindra
