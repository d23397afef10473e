#include "pdq/blockhash.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "pdq/row-sums.h"

namespace hindra {
namespace {

/**
 * Where a row or column goes: most lie in one block, those on a border in two, in sixteenths. A
 * picture is a whole number of sixteenths of a block long, so that nothing is ever rounded.
 */
struct Share {
  int block;
  int next;
  int sixteenths;
  int next_sixteenths;
};

/** `length` shares, in the order of the stored picture. */
std::vector<Share> share_out(uint32_t length, bool is_mirrored) {
  std::vector<Share> shares(length);
  for (uint32_t at = 0; at < length; at += 1) {
    Share &share = shares[is_mirrored ? length - 1 - at : at];
    // In sixteenths of a pixel, of which a block is `length` long.
    const uint64_t begin = uint64_t(at) * kBlocksASide;
    const uint64_t end_in_block = (begin + kBlocksASide) % length;
    share.block = share.next = int(begin / length);
    share.next_sixteenths = int(end_in_block % kBlocksASide);
    share.sixteenths = kBlocksASide - share.next_sixteenths;
    if (end_in_block < kBlocksASide && at + 1 < length && begin % length > 0) share.next += 1;
    const bool is_even = length % kBlocksASide == 0;
    if (is_even || share.next == share.block) {
      share.next = share.block;
      share.sixteenths = kBlocksASide;
      share.next_sixteenths = 0;
    }
  }
  return shares;
}

/** Alpha 0 is white, whatever the colour: a copy without alpha. */
std::vector<uint8_t> without_alpha(const Pixels &pixels) {
  std::vector<uint8_t> rgb(size_t(pixels.width) * pixels.height * 3);
  uint8_t *to = rgb.data();
  for (size_t y = 0; y < pixels.height; y += 1) {
    const uint8_t *from = pixels.at(0, y);
    for (size_t x = 0; x < pixels.width; x += 1, from += 4, to += 3) {
      for (size_t part = 0; part < 3; part += 1) to[part] = from[3] == 0 ? 255 : from[part];
    }
  }
  return rgb;
}

/** Brightness of each block, 0 to 765 a pixel, as whole numbers of 1/256 of a pixel. */
using Blocks = uint64_t[kBlocksASide][kBlocksASide];

/** Brightness of the columns of each row of blocks, in sixteenths, summed up along the row. */
void sum_blocks(const Pixels &pixels, const std::vector<Share> &across,
                const std::vector<Share> &down, const PdqKernels &kernels, Blocks &blocks) {
  const size_t bytes = size_t(pixels.width) * pixels.channels;
  std::vector<float> row(bytes);
  RowSums sums(pixels.first, pixels.stride, bytes, kernels);
  std::vector<std::pair<size_t, uint32_t>> borders;
  for (int block = 0; block < kBlocksASide; block += 1) {
    std::fill(row.begin(), row.end(), 0.0f);
    sums.start(row.data());
    borders.clear();
    for (size_t y = 0; y < down.size(); y += 1) {
      const Share &share = down[y];
      const int sixteenths = (share.block == block ? share.sixteenths : 0) +
                             (share.next == block ? share.next_sixteenths : 0);
      if (sixteenths == kBlocksASide) sums.add(y, 1);
      if (sixteenths > 0 && sixteenths < kBlocksASide) borders.push_back({y, sixteenths});
    }
    sums.flush(kBlocksASide);
    for (const auto &[y, sixteenths] : borders) sums.add(y, sixteenths);
    sums.flush(1);
    const float *sample = row.data();
    for (const Share &share : across) {
      uint32_t brightness = uint32_t(*sample);
      if (pixels.channels == 1) {
        brightness *= 3;
      } else {
        brightness += uint32_t(sample[1]) + uint32_t(sample[2]);
      }
      sample += pixels.channels;
      blocks[block][share.block] += uint64_t(brightness) * uint32_t(share.sixteenths);
      blocks[block][share.next] += uint64_t(brightness) * uint32_t(share.next_sixteenths);
    }
  }
}

/**
 * A bit is set in a block brighter than the median of its quarter of the picture; in one that equals
 * it, if the median is in the brighter half.
 */
void take_bits(const double *blocks, double pixels_a_block, char *hex) {
  constexpr int kQuarter = kBlocksASide * kBlocksASide / 4;
  const double half = pixels_a_block * 256 * 3 / 2;
  for (int quarter = 0; quarter < 4; quarter += 1, blocks += kQuarter) {
    double sorted[kQuarter];
    std::copy(blocks, blocks + kQuarter, sorted);
    std::sort(sorted, sorted + kQuarter);
    const double median = (sorted[kQuarter / 2 - 1] + sorted[kQuarter / 2]) / 2;
    for (int k = 0; k < kQuarter; k += 4) {
      int digit = 0;
      for (int bit = k; bit < k + 4; bit += 1) {
        const double value = blocks[bit];
        const bool is_bright = std::abs(value - median) < 1 && median > half;
        digit = digit << 1 | int(value > median || is_bright);
      }
      *hex++ = "0123456789abcdef"[digit];
    }
  }
}

}  // namespace

void blockhash(const Pixels &pixels, int orientation, const PdqKernels &kernels, char *hex) {
  if (pixels.channels == 4) {
    const std::vector<uint8_t> rgb = without_alpha(pixels);
    const Pixels opaque = {rgb.data(), pixels.width, pixels.height, 3, size_t(pixels.width) * 3};
    blockhash(opaque, orientation, kernels, hex);
    return;
  }
  // Where the stored picture lies in the upright one: mirrored across, mirrored down, axes swapped.
  const bool is_turned = orientation >= 5;
  const bool from_right = orientation == 2 || orientation == 3 || orientation >= 7;
  const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 6 ||
                           orientation == 7;
  Blocks blocks = {};
  sum_blocks(pixels, share_out(pixels.width, from_right), share_out(pixels.height, from_bottom),
             kernels, blocks);
  double upright[kBlocksASide * kBlocksASide];
  for (int y = 0; y < kBlocksASide; y += 1) {
    for (int x = 0; x < kBlocksASide; x += 1) {
      const uint64_t brightness = is_turned ? blocks[x][y] : blocks[y][x];
      upright[y * kBlocksASide + x] = double(brightness) / (kBlocksASide * kBlocksASide);
    }
  }
  const double pixels_a_block =
      double(pixels.width) / kBlocksASide * (double(pixels.height) / kBlocksASide);
  take_bits(upright, pixels_a_block, hex);
}

}  // namespace hindra
