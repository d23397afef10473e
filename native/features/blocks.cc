#include "features/blocks.h"

#include <algorithm>
#include <cmath>

namespace hindra {

BlockPlace place_of_block(int block) {
  return {double(block % kBlocksASide) / kBlocksASide - 0.5, double(block / kBlocksASide) / kBlocksASide - 0.5};
}

void keep_levels(const float *means, int bits, uint8_t *to) {
  const auto [least, most] = std::minmax_element(means, means + kBlocks);
  to[0] = uint8_t(std::floor(*least));
  to[1] = uint8_t(std::ceil(*most));
  const float step = float(step_of_levels(to, bits));
  for (int block = 0; block < kBlocks; block += 1) {
    const int level = std::clamp(int((means[block] - to[0]) / step), 0, (1 << bits) - 1);
    for (int bit = 0; bit < bits; bit += 1) {
      const int at = block * bits + bit;
      if (level >> bit & 1) to[2 + at / 8] |= uint8_t(1 << at % 8);
    }
  }
}

double level_of_block(const uint8_t *kept, int bits, int block) {
  int level = 0;
  for (int bit = 0; bit < bits; bit += 1) {
    const int at = block * bits + bit;
    level |= (kept[2 + at / 8] >> at % 8 & 1) << bit;
  }
  return kept[0] + (level + 0.5) * step_of_levels(kept, bits);
}

double step_of_levels(const uint8_t *kept, int bits) {
  return double(std::max(1, kept[1] - kept[0])) / (1 << bits);
}

bool are_level(const uint8_t *kept) { return kept[0] == kept[1]; }

double weight_of_block(const Comparison &comparison, int block) {
  bool is_covered = true;
  double weight = 0;
  for_cells(block, [&](int cell) {
    is_covered = is_covered && comparison.covered[cell];
    const CellState state = comparison.cells[cell];
    weight += state == CellState::agrees ? 1 : state == CellState::untold ? 0.5 : 0.05;
  });
  return is_covered ? weight / (kCellsABlock * kCellsABlock) : -1;
}

void mark_block(bool *cells, int block) {
  for_cells(block, [&](int cell) { cells[cell] = true; });
}

}  // namespace hindra
