// Every kernel set of the reader of JPEG against scalar, bit by bit: blocks from empty to the most that they may come to.
// Arguments: seed and iterations.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "kernels/choose.h"

#include "check.h"

using namespace hindra;

namespace {

using Random = std::mt19937;

/** Blocks side by side, as they are stored. */
std::vector<int16_t> blocks(Random &random, bool is_low) {
  std::vector<int16_t> all(size_t(kBlockPlaces) * kBlocksTogether);
  const int most = random() % 3 == 0 ? int(kAmountMax) : 1 << random() % 10;
  for (int block = 0; block < kBlocksTogether; block += 1) {
    int left = int(kAmountMax);
    const int count = 1 + int(random() % 64);
    for (int k = 0; k < count && left > 0; k += 1) {
      const int place = int(random() % kBlockPlaces);
      if (is_low && (place % 8 > 3 || place / 8 > 3)) continue;
      int16_t &at = all[size_t(place * kBlocksTogether + block)];
      if (at != 0) continue;
      const int amount = int(random() % unsigned(std::min(left, most) + 1));
      at = int16_t(random() % 2 == 0 ? amount : -amount);
      left -= amount;
    }
  }
  return all;
}

void check_transforms(Random &random, const JpegKernels &kernel) {
  const bool is_low = random() % 2 == 0;
  const auto coefficients = blocks(random, is_low);
  for (int at = 0; at < 4; at += 1) {
    const size_t stride = size_t(8 * kBlocksTogether + random() % 9);
    std::vector<uint8_t> expected(stride * 8), found(stride * 8);
    const bool is_sound = jpeg_scalar.transform[at](coefficients.data(), is_low, expected.data(), stride);
    CHECK(kernel.transform[at](coefficients.data(), is_low, found.data(), stride) == is_sound);
    CHECK(expected == found);
    // What is known of the others is known to be 0: to say so or not is the same.
    CHECK(kernel.transform[at](coefficients.data(), false, found.data(), stride) == is_sound);
    CHECK(expected == found);
  }
}

void check_colours(Random &random, const JpegKernels &kernel) {
  const size_t width = 1 + random() % 300;
  std::vector<uint8_t> parts[3];
  for (auto &part : parts) {
    for (size_t x = 0; x < width; x += 1) part.push_back(uint8_t(random() % 4 == 0 ? random() % 2 * 255 : random()));
  }
  std::vector<uint8_t> expected(3 * width), found(3 * width);
  jpeg_scalar.rgb(parts[0].data(), parts[1].data(), parts[2].data(), width, expected.data());
  kernel.rgb(parts[0].data(), parts[1].data(), parts[2].data(), width, found.data());
  CHECK(expected == found);
}

}  // namespace

int main(int argc, char **argv) {
  const unsigned seed = argc > 1 ? unsigned(std::atoi(argv[1])) : 1;
  const int iterations = 500 * (argc > 2 ? std::atoi(argv[2]) : 1);
  Random random(seed);
  int count = 0;
  const KernelSet *sets = supported_kernels(&count);
  for (int i = 0; i < iterations; i += 1) {
    for (int set = 0; set < count; set += 1) {
      check_transforms(random, *sets[set].jpeg);
      check_colours(random, *sets[set].jpeg);
    }
  }
  std::printf("%d kernel sets agree over %d rounds, seed %u\n", count, iterations, seed);
  return 0;
}
