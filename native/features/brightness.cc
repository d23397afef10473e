#include "features/brightness.h"

#include <vector>

#include "features/blocks.h"
#include "features/robust-fit.h"

namespace hindra {
namespace {

/** How far a block's luma may lie from what the tone of all others makes of it. */
constexpr double kLumaApart = 18;
/** The same where fewer cells are to tell of another thing: tones that end in black or white are off by less. */
constexpr double kLumaApartFinely = 24;

/** The tone: by luma and its square, and light that falls off over the picture: by place and its squares. */
constexpr int kTones = 8;
using BlockTone = Fitting<kTones, 1>;

BlockTone tone_of(int block, double known, double seen, double weight) {
  const double luma = known / 128 - 1;
  const auto [x, y] = place_of_block(block);
  return {{1, luma, luma * luma, x, y, x * x, y * y, x * y}, {seen}, weight};
}

}  // namespace

void keep_brightness(const float *means, uint8_t *to) { keep_levels(means, kLumaBits, to); }

void mark_brightness(const uint8_t *kept, const float *means, Comparison &comparison) {
  std::vector<BlockTone> tones;
  std::vector<int> blocks;
  for (int block = 0; block < kBlocks; block += 1) {
    const double weight = weight_of_block(comparison, block);
    if (weight < 0) continue;
    tones.push_back(tone_of(block, level_of_block(kept, kLumaBits, block), means[block], weight));
    blocks.push_back(block);
  }
  if (blocks.size() < kBlocksMin) return;
  const auto tone = robustly_fitted(tones, 2 * kLumaApart);
  for (size_t i = 0; i < blocks.size(); i += 1) {
    const double off = tone.residual(tones[i]);
    if (off > kLumaApart) mark_block(comparison.differs_clearly, blocks[i]);
    if (off > kLumaApartFinely) mark_block(comparison.differs_finely, blocks[i]);
  }
}

}  // namespace hindra
