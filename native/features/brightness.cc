#include "features/brightness.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "features/blocks.h"
#include "features/robust-fit.h"

namespace hindra {
namespace {

/** How far a block's luma may lie from what the tone of all others makes of it. */
struct Apart {
  double clearly;
  /** The same where fewer cells are to tell of another thing: tones that end in black or white are off by less. */
  double finely;
  /** And beside what differs clearly. */
  double slightly;
  /** Each block of what was photographed from a screen is off: what is told is so many times as far off as half of them. */
  double times_usual;
  double times_usual_slightly;
  /** This far off nothing is, however far all others are: something large stands there, which drew the tone to itself. */
  double surely;
};
constexpr Apart kApart{12, 14.4, 10, 6, 3, 24};
/** Half a step of what earlier versions kept is up to 16. */
constexpr Apart kApartCoarsely{18, 24, 256, 0, 0, 24};

/**
 * The tone: by luma and its square, and light that falls off over the picture: by place and its squares. Light that falls
 * off strongly takes more from what is bright: by both.
 */
constexpr int kTones = 10;
using BlockTone = Fitting<kTones, 1>;
using Tone = Fit<kTones, 1>;
/** That explains so much more, or other things would pass for it. */
constexpr double kStrongLight = 0.7;

BlockTone tone_of(int block, double known, double seen, double weight) {
  const double luma = known / 128 - 1;
  const auto [x, y] = place_of_block(block);
  return {{1, luma, luma * luma, x, y, x * x, y * y, x * y, luma * x, luma * y}, {seen}, weight};
}

/** A tone, and how far each block lies from what it makes of it. */
struct Toned {
  std::vector<BlockTone> blocks;
  Tone tone;
  std::vector<double> off;

  Toned(std::vector<BlockTone> of, double apart) : blocks(std::move(of)), tone(robustly_fitted(blocks, apart)) {
    for (const BlockTone &block : blocks) off.push_back(tone.residual(block));
  }
  double usual() const { return median_of(off); }
};

Toned toned(const std::vector<BlockTone> &tones, double apart) {
  std::vector<BlockTone> of_weak_light = tones;
  for (BlockTone &block : of_weak_light) std::fill_n(block.terms + kTones - 2, 2, 0.0);
  Toned weak(std::move(of_weak_light), apart), strong(tones, apart);
  return strong.usual() < kStrongLight * weak.usual() ? strong : weak;
}

}  // namespace

void keep_brightness(const float *means, uint8_t *code) {
  uint8_t *to = code + kBrightnessAt;
  keep_ends(means, to);
  for (int block = 0; block < kBlocks; block += 1) {
    const int level = level_between(to, kLumaBits + kLumaFinerBits, means[block]);
    put_bits(to + kEndsBytes, kLumaBits, block, level >> kLumaFinerBits);
    put_bits(code + kLumaFinerAt, kLumaFinerBits, block, level & ((1 << kLumaFinerBits) - 1));
  }
}

double luma_of_block(const CodeKept &kept, int block) {
  const uint8_t *brightness = kept.code + kBrightnessAt;
  if (!kept.has_colours) return level_of_block(brightness, kLumaBits, block);
  const int level = bits_of(brightness + kEndsBytes, kLumaBits, block);
  const int finer = bits_of(kept.code + kLumaFinerAt, kLumaFinerBits, block);
  return middle_of(brightness, kLumaBits + kLumaFinerBits, level << kLumaFinerBits | finer);
}

void mark_brightness(const CodeKept &kept, const float *means, Comparison &comparison) {
  const Apart &apart = kept.has_colours ? kApart : kApartCoarsely;
  std::vector<BlockTone> tones;
  std::vector<int> blocks;
  for (int block = 0; block < kBlocks; block += 1) {
    const double weight = weight_of_block(comparison, block);
    if (weight < 0) continue;
    tones.push_back(tone_of(block, luma_of_block(kept, block), means[block], weight));
    blocks.push_back(block);
  }
  if (blocks.size() < kBlocksMin) return;
  const Toned all = toned(tones, 2 * apart.clearly);
  const std::vector<double> &off = all.off;
  const double usual = all.usual();
  const double unruly = std::min(apart.surely, apart.times_usual * usual);
  for (size_t i = 0; i < blocks.size(); i += 1) {
    comparison.expected[blocks[i]].luma = all.tone.expected(all.blocks[i], 0);
    if (off[i] > std::max(apart.slightly, apart.times_usual_slightly * usual)) mark_slightly(comparison, blocks[i]);
    if (off[i] > std::max(apart.clearly, unruly)) mark_block(comparison.differs_clearly, blocks[i]);
    if (off[i] > std::max(apart.finely, unruly)) mark_block(comparison.differs_finely, blocks[i]);
  }
}

}  // namespace hindra
