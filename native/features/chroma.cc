#include "features/chroma.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "features/blocks.h"
#include "features/brightness.h"
#include "features/robust-fit.h"

namespace hindra {
namespace {

/** How far a block's chroma may lie from what all others make of it: a copy is off by 4, rarely by 9. */
constexpr double kChromaApart = 10;
/** The same where hardly a sign differs elsewhere. */
constexpr double kChromaApartFinely = 7;
/** And beside what differs clearly. */
constexpr double kChromaApartSlightly = 6;
/** A picture whose chroma spreads less about that of what is as bright has one tint: sepia mostly stays below. */
constexpr double kOneTint = 2.5;
constexpr int kLumaSteps = 32;
/** Each block of a copy with few colours or strong noise is off: what is told is so many times as far off as half of them. */
constexpr double kTimesUsual = 4;
constexpr double kTimesUsualSlightly = 3;
/** Places a side of a block that are looked at for what is kept. */
constexpr int kPlaces = 4;

/** Whether chroma follows from luma, as it does in grey and in sepia: then it tells nothing of its own. */
bool has_one_tint(const std::vector<Colour> &colours) {
  std::vector<Colour> alike[kLumaSteps];
  for (const Colour &colour : colours) alike[colour.luma() * kLumaSteps / 256].push_back(colour);
  double squares = 0;
  for (const std::vector<Colour> &like : alike) {
    if (like.empty()) continue;
    const Ycc mean = mean_of(like, 0);
    for (const auto &[red, green, blue] : like) {
      const Ycc own = ycc_of(red, green, blue);
      squares += (own.blue - mean.blue) * (own.blue - mean.blue) + (own.red - mean.red) * (own.red - mean.red);
    }
  }
  return squares < kOneTint * kOneTint * double(colours.size());
}

/**
 * What has become of chroma: by luma and its square, by the chroma itself, less where it is brighter or darker, as where
 * it is cut off at white, and by place, for light of two colours.
 */
constexpr int kTerms = 9;
using BlockChroma = Fitting<kTerms, 2>;

BlockChroma fitting_of(int block, const Ycc &known, const Ycc &seen, double weight) {
  const double luma = known.luma / kGrey - 1, blue = known.blue / kGrey - 1, red = known.red / kGrey - 1;
  const auto [x, y] = place_of_block(block);
  return {{1, luma, luma * luma, blue, red, luma * blue, luma * red, x, y}, {seen.blue, seen.red}, weight};
}

}  // namespace

void keep_chroma(const Pixels &pixels, uint8_t *code) {
  uint8_t *to = code + kColoursAt;
  const Colours sampled = sampled_colours(pixels, kBlocksASide * kPlaces, kBlocksASide * kPlaces);
  float blue[kBlocks], red[kBlocks];
  std::vector<Colour> all;
  for (int block = 0; block < kBlocks; block += 1) {
    const size_t before = all.size();
    const int left = block % kBlocksASide * kPlaces, top = block / kBlocksASide * kPlaces;
    for (int place = 0; place < kPlaces * kPlaces; place += 1) {
      const uint8_t *at = sampled.at(left + place % kPlaces, top + place / kPlaces);
      all.push_back({at[0], at[1], at[2]});
    }
    const Ycc mean = mean_of(all, before);
    blue[block] = float(mean.blue);
    red[block] = float(mean.red);
  }
  if (has_one_tint(all)) {
    std::fill_n(blue, kBlocks, float(kGrey));
    std::fill_n(red, kBlocks, float(kGrey));
  }
  keep_levels(blue, kChromaBits, to);
  keep_levels(red, kChromaBits, to + kLevelsBytes(kChromaBits));
}

void mark_chroma(const CodeKept &kept, const Colours &colours, const Placement &placement, Comparison &comparison) {
  const uint8_t *blue = kept.code + kColoursAt, *red = blue + kLevelsBytes(kChromaBits);
  if (are_level(blue) && are_level(red)) return;
  std::vector<BlockChroma> chromas;
  std::vector<int> blocks;
  std::vector<Colour> all;
  for (int block = 0; block < kBlocks; block += 1) {
    const double weight = weight_of_block(comparison, block);
    const size_t before = all.size();
    if (weight >= 0) for_cells(block, [&](int cell) { add_colours(colours, placement, cell, all); });
    if (all.size() == before) continue;
    const Ycc known = {luma_of_block(kept, block), level_of_block(blue, kChromaBits, block),
                       level_of_block(red, kChromaBits, block)};
    chromas.push_back(fitting_of(block, known, mean_of(all, before), weight));
    blocks.push_back(block);
  }
  if (blocks.size() < kBlocksMin || has_one_tint(all)) return;
  // A kept level is off by half a step.
  const double half = std::hypot(step_of_levels(blue, kChromaBits), step_of_levels(red, kChromaBits)) / 2;
  const auto rule = robustly_fitted(chromas, 2 * (kChromaApart + half));
  std::vector<double> off;
  for (const BlockChroma &chroma : chromas) off.push_back(rule.residual(chroma) - half);
  const double usual = median_of(off);
  if (usual > kChromaApart) return;
  const double clearly = std::max(kChromaApart, kTimesUsual * usual);
  const double finely = std::max(kChromaApartFinely, kTimesUsual * usual);
  const double slightly = std::max(kChromaApartSlightly, kTimesUsualSlightly * usual);
  for (size_t i = 0; i < blocks.size(); i += 1) {
    comparison.expected[blocks[i]].blue = rule.expected(chromas[i], 0);
    comparison.expected[blocks[i]].red = rule.expected(chromas[i], 1);
    if (off[i] > slightly) mark_slightly(comparison, blocks[i]);
    if (off[i] > clearly) {
      mark_block(comparison.differs_clearly, blocks[i]);
      mark_block(comparison.differs_in_chroma, blocks[i]);
    }
    if (off[i] > finely) mark_block(comparison.differs_finely, blocks[i]);
  }
}

}  // namespace hindra
