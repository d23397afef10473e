#include "features/blocks.h"

#include <algorithm>
#include <cmath>

namespace hindra {

BlockPlace place_of_block(int block) {
  return {double(block % kBlocksASide) / kBlocksASide - 0.5, double(block / kBlocksASide) / kBlocksASide - 0.5};
}

void keep_ends(const float *means, uint8_t *to) {
  const auto [least, most] = std::minmax_element(means, means + kBlocks);
  to[0] = uint8_t(std::floor(*least));
  to[1] = uint8_t(std::ceil(*most));
}

int level_between(const uint8_t *ends, int bits, float mean) {
  return std::clamp(int((mean - ends[0]) / float(step_of_levels(ends, bits))), 0, (1 << bits) - 1);
}

void put_bits(uint8_t *to, int bits, int block, int number) {
  for (int bit = 0; bit < bits; bit += 1) {
    const int at = block * bits + bit;
    if (number >> bit & 1) to[at / 8] |= uint8_t(1 << at % 8);
  }
}

int bits_of(const uint8_t *from, int bits, int block) {
  int number = 0;
  for (int bit = 0; bit < bits; bit += 1) {
    const int at = block * bits + bit;
    number |= (from[at / 8] >> at % 8 & 1) << bit;
  }
  return number;
}

void keep_levels(const float *means, int bits, uint8_t *to) {
  keep_ends(means, to);
  for (int block = 0; block < kBlocks; block += 1) {
    put_bits(to + kEndsBytes, bits, block, level_between(to, bits, means[block]));
  }
}

double middle_of(const uint8_t *ends, int bits, int level) {
  return ends[0] + (level + 0.5) * step_of_levels(ends, bits);
}

double level_of_block(const uint8_t *kept, int bits, int block) {
  return middle_of(kept, bits, bits_of(kept + kEndsBytes, bits, block));
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

void mark_slightly(Comparison &comparison, int block) {
  for_cells(block, [&](int cell) { comparison.differs_slightly[cell] |= !comparison.is_same[cell]; });
}

}  // namespace hindra
