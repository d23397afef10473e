#include "pdq/squares.h"

#include <vector>

namespace hindra {
namespace {

template <uint32_t kChannels>
void means(const Pixels &pixels, uint32_t factor, uint8_t *out) {
  const uint32_t width = pixels.width / factor, height = pixels.height / factor;
  const uint32_t area = factor * factor;
  // 64 samples of a byte fit into 16 bits. Down first, which is vector code, then across.
  std::vector<uint16_t> sums(size_t(width) * factor * kChannels);
  for (uint32_t y = 0; y < height; y += 1) {
    const uint8_t *row = pixels.at(0, size_t(y) * factor);
    for (size_t i = 0; i < sums.size(); i += 1) sums[i] = row[i];
    for (uint32_t below = 1; below < factor; below += 1) {
      row += pixels.stride;
      for (size_t i = 0; i < sums.size(); i += 1) sums[i] = uint16_t(sums[i] + row[i]);
    }
    const uint16_t *from = sums.data();
    for (uint32_t x = 0; x < width; x += 1) {
      uint32_t mean[kChannels];
      for (uint32_t &sum : mean) sum = area / 2;
      for (uint32_t right = 0; right < factor; right += 1, from += kChannels) {
        for (uint32_t channel = 0; channel < kChannels; channel += 1) mean[channel] += from[channel];
      }
      for (const uint32_t sum : mean) *out++ = uint8_t(sum / area);
    }
  }
}

}  // namespace

void means_of_squares(const Pixels &pixels, uint32_t factor, uint8_t *out) {
  switch (pixels.channels) {
    case 1:
      return means<1>(pixels, factor, out);
    case 3:
      return means<3>(pixels, factor, out);
    default:
      return means<4>(pixels, factor, out);
  }
}

}  // namespace hindra
