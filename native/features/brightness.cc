#include "features/brightness.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hindra {
namespace {

/** How far a block's luma may lie from what the tone of all others makes of it. */
constexpr double kLumaApart = 18;
/** The same where fewer cells are to tell of another thing: tones that end in black or white are off by less. */
constexpr double kLumaApartFinely = 24;
/** Fewer blocks tell no tone. */
constexpr int kBlocksMin = 24;
/** So often what lies far off loses its say, and the tone is fitted anew. */
constexpr int kRounds = 8;
constexpr int kLevels = 1 << kLevelBits;

/** The cells of a block, row by row. */
int cell_of_block(int block, int at) {
  const int left = block % kBlocksASide * kCellsABlock, top = block / kBlocksASide * kCellsABlock;
  return (top + at / kCellsABlock) * kCellsASide + left + at % kCellsABlock;
}

/** The middle of what was kept of a block's luma. */
double luma_of_block(const uint8_t *kept, int block) {
  int level = 0;
  for (int bit = 0; bit < kLevelBits; bit += 1) {
    const int at = block * kLevelBits + bit;
    level |= (kept[2 + at / 8] >> at % 8 & 1) << bit;
  }
  return kept[0] + (level + 0.5) * std::max(1, kept[1] - kept[0]) / kLevels;
}

/** What a block of the known picture is, and what it has become. */
struct BlockLuma {
  int block;
  double known;
  double seen;
  /** How much it tells of the tone of all, 0 to 1. */
  double weight;
};

/** The tone: by luma and its square, and light that falls off over the picture: by place and its squares. */
constexpr int kTones = 8;
struct Tone {
  double of[kTones] = {};

  static void terms(const BlockLuma &luma, double *to) {
    const double known = luma.known / 128 - 1;
    to[0] = 1;
    to[1] = known;
    to[2] = known * known;
    to[3] = double(luma.block % kBlocksASide) / kBlocksASide - 0.5;
    to[4] = double(luma.block / kBlocksASide) / kBlocksASide - 0.5;
    to[5] = to[3] * to[3];
    to[6] = to[4] * to[4];
    to[7] = to[3] * to[4];
  }

  double residual(const BlockLuma &luma) const {
    double term[kTones], sum = 0;
    terms(luma, term);
    for (int i = 0; i < kTones; i += 1) sum += of[i] * term[i];
    return std::abs(luma.seen - sum);
  }
};

/** Weighted least squares, with a little that keeps it from being singular. */
Tone fitted(const std::vector<BlockLuma> &lumas) {
  double matrix[kTones][kTones + 1] = {};
  for (const BlockLuma &luma : lumas) {
    double term[kTones];
    Tone::terms(luma, term);
    for (int row = 0; row < kTones; row += 1) {
      for (int column = 0; column < kTones; column += 1) {
        matrix[row][column] += luma.weight * term[row] * term[column];
      }
      matrix[row][kTones] += luma.weight * term[row] * luma.seen;
    }
  }
  for (int i = 0; i < kTones; i += 1) matrix[i][i] += 1e-3;
  for (int pivot = 0; pivot < kTones; pivot += 1) {
    for (int row = 0; row < kTones; row += 1) {
      if (row == pivot) continue;
      const double share = matrix[row][pivot] / matrix[pivot][pivot];
      for (int column = pivot; column <= kTones; column += 1) {
        matrix[row][column] -= share * matrix[pivot][column];
      }
    }
  }
  Tone tone;
  for (int i = 0; i < kTones; i += 1) tone.of[i] = matrix[i][kTones] / matrix[i][i];
  return tone;
}

}  // namespace

void keep_brightness(const float *means, uint8_t *to) {
  const auto [darkest, brightest] = std::minmax_element(means, means + kBlocks);
  to[0] = uint8_t(std::floor(*darkest));
  to[1] = uint8_t(std::ceil(*brightest));
  const float step = float(std::max(1, to[1] - to[0])) / kLevels;
  for (int block = 0; block < kBlocks; block += 1) {
    const int level = std::clamp(int((means[block] - to[0]) / step), 0, kLevels - 1);
    for (int bit = 0; bit < kLevelBits; bit += 1) {
      const int at = block * kLevelBits + bit;
      if (level >> bit & 1) to[2 + at / 8] |= uint8_t(1 << at % 8);
    }
  }
}

void mark_brightness(const uint8_t *kept, const float *means, Comparison &comparison) {
  std::vector<BlockLuma> lumas;
  for (int block = 0; block < kBlocks; block += 1) {
    bool is_covered = true;
    double weight = 0;
    for (int at = 0; at < kCellsABlock * kCellsABlock; at += 1) {
      const int cell = cell_of_block(block, at);
      is_covered = is_covered && comparison.covered[cell];
      const CellState state = comparison.cells[cell];
      weight += state == CellState::agrees ? 1 : state == CellState::untold ? 0.5 : 0.05;
    }
    if (!is_covered) continue;
    lumas.push_back({block, luma_of_block(kept, block), means[block], weight / 4});
  }
  if (int(lumas.size()) < kBlocksMin) return;
  Tone tone = fitted(lumas);
  for (int round = 0; round < kRounds; round += 1) {
    for (BlockLuma &luma : lumas) {
      const double off = tone.residual(luma) / (2 * kLumaApart);
      luma.weight = off >= 1 ? 0 : (1 - off * off) * (1 - off * off);
    }
    tone = fitted(lumas);
  }
  for (const BlockLuma &luma : lumas) {
    const double off = tone.residual(luma);
    if (off <= kLumaApart) continue;
    for (int at = 0; at < kCellsABlock * kCellsABlock; at += 1) {
      const int cell = cell_of_block(luma.block, at);
      comparison.differs_clearly[cell] = true;
      comparison.differs_finely[cell] = comparison.differs_finely[cell] || off > kLumaApartFinely;
    }
  }
}

}  // namespace hindra
