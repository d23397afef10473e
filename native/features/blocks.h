#pragma once

#include "features/texture-code.h"

namespace hindra {

/** Fewer blocks do not tell what became of the whole picture. */
constexpr size_t kBlocksMin = 24;

/** Calls `each` with every cell of a block, row by row. */
template <typename Each>
void for_cells(int block, Each each) {
  const int left = block % kBlocksASide * kCellsABlock, top = block / kBlocksASide * kCellsABlock;
  for (int at = 0; at < kCellsABlock * kCellsABlock; at += 1) {
    each((top + at / kCellsABlock) * kCellsASide + left + at % kCellsABlock);
  }
}

/** A block lies so far from the middle of the picture: -0.5 to 0.5 on both axes. */
struct BlockPlace {
  double x;
  double y;
};
BlockPlace place_of_block(int block);

/** Writes the least and the most of a mean of each block, 0 to 255. */
void keep_ends(const float *means, uint8_t *to);

/** In which of 2^`bits` equal steps between the ends that are kept it lies. */
int level_between(const uint8_t *ends, int bits, float mean);

/** A number of so many bits for each block. */
void put_bits(uint8_t *to, int bits, int block, int number);
int bits_of(const uint8_t *from, int bits, int block);

/** Writes what is kept of a mean of each block: the ends, then the level of each between these. */
void keep_levels(const float *means, int bits, uint8_t *to);

/** The middle of a step between the ends that are kept. */
double middle_of(const uint8_t *ends, int bits, int level);

/** The middle of the step that was kept of a block. */
double level_of_block(const uint8_t *kept, int bits, int block);

double step_of_levels(const uint8_t *kept, int bits);

/** Whether all blocks have one level. */
bool are_level(const uint8_t *kept);

/** How much a block tells of what became of all, 0 to 1: less where its cells differ. Less than 0 where one is not covered. */
double weight_of_block(const Comparison &comparison, int block);

/** Marks all cells of a block among those of a picture. */
void mark_block(bool *cells, int block);

/** Marks those of its cells of which texture does not say that they show the same. */
void mark_slightly(Comparison &comparison, int block);

}  // namespace hindra
