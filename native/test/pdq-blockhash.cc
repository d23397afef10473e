// Blockhash of every kernel set against the plain algorithm, one pixel after the other, and the hashes
// that are derived from bits. Arguments: seed, pictures.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "kernels/choose.h"
#include "pdq/bits.h"
#include "pdq/blockhash.h"

namespace {

using Random = std::mt19937_64;

struct Picture {
  int width, height, channels;
  std::vector<uint8_t> bytes;
};

/** The picture as a viewer shows it. */
Picture upright(const Picture &stored, int orientation) {
  const bool turned = orientation >= 5;
  Picture shown = {turned ? stored.height : stored.width, turned ? stored.width : stored.height,
                   stored.channels, {}};
  for (int y = 0; y < shown.height; y += 1) {
    for (int x = 0; x < shown.width; x += 1) {
      int column = turned ? y : x, row = turned ? x : y;
      if (std::strchr("2378", '0' + orientation) != nullptr) column = stored.width - 1 - column;
      if (std::strchr("3467", '0' + orientation) != nullptr) row = stored.height - 1 - row;
      const size_t from = size_t(row * stored.width + column) * size_t(stored.channels);
      for (int part = 0; part < stored.channels; part += 1) {
        shown.bytes.push_back(stored.bytes[from + size_t(part)]);
      }
    }
  }
  return shown;
}

double brightness(const Picture &picture, int x, int y) {
  const size_t channels = size_t(picture.channels);
  const uint8_t *p = &picture.bytes[size_t(y * picture.width + x) * channels];
  if (channels == 1) return 3.0 * p[0];
  return channels == 4 && p[3] == 0 ? 765 : double(p[0]) + p[1] + p[2];
}

/** How the row or column `at` is split between blocks `first` and `second`. */
void split(int at, int length, int &first, int &second, double &share) {
  const double block = length / 16.0;
  first = second = int(std::floor(at / block));
  const double end = std::fmod(at + 1, block);
  share = length % 16 == 0 ? 0 : end - std::floor(end);
  if (length % 16 != 0 && end < 1 && at + 1 < length) second = int(std::ceil(at / block));
}

std::string plain_blockhash(const Picture &picture) {
  double blocks[256] = {};
  for (int y = 0; y < picture.height; y += 1) {
    int top, bottom;
    double below;
    split(y, picture.height, top, bottom, below);
    for (int x = 0; x < picture.width; x += 1) {
      int left, right;
      double beyond;
      split(x, picture.width, left, right, beyond);
      const double value = brightness(picture, x, y);
      blocks[top * 16 + left] += value * (1 - below) * (1 - beyond);
      blocks[top * 16 + right] += value * (1 - below) * beyond;
      blocks[bottom * 16 + left] += value * below * (1 - beyond);
      blocks[bottom * 16 + right] += value * below * beyond;
    }
  }
  const double half = picture.width / 16.0 * (picture.height / 16.0) * 384;
  std::string hex;
  for (int quarter = 0; quarter < 4; quarter += 1) {
    const double *values = blocks + quarter * 64;
    std::vector<double> sorted(values, values + 64);
    std::sort(sorted.begin(), sorted.end());
    const double median = (sorted[31] + sorted[32]) / 2;
    int digit = 0;
    for (int k = 0; k < 64; k += 1) {
      const bool even = std::abs(values[k] - median) < 1 && median > half;
      digit = (digit * 2 + (values[k] > median || even)) % 16;
      if (k % 4 == 3) hex += "0123456789abcdef"[digit];
    }
  }
  return hex;
}

Picture draw(Random &random) {
  const int channel_counts[] = {1, 3, 3, 4};
  const auto side = [&random] {
    const int length = 1 + int(random() % (random() % 4 == 0 ? 900 : 120));
    return random() % 3 == 0 ? (length / 16 + 1) * 16 : length;
  };
  Picture picture = {side(), side(), channel_counts[random() % 4], {}};
  const size_t pixels = size_t(picture.width) * size_t(picture.height);
  const uint64_t kind = random() % 3, level = random();
  for (size_t byte = 0; byte < pixels * size_t(picture.channels); byte += 1) {
    const uint64_t cell = byte / 97 % 8;
    picture.bytes.push_back(uint8_t(kind == 0   ? random()
                                    : kind == 1 ? level
                                                : (level >> cell * 8) * (random() % 31 != 0)));
  }
  return picture;
}

/** A turn by a quarter, four times, or a mirror, twice, is nothing. */
bool derives(Random &random) {
  uint8_t hash[hindra::kHashBytes], all[8 * hindra::kHashBytes], back[8 * hindra::kHashBytes];
  for (uint8_t &byte : hash) byte = uint8_t(random());
  hindra::derive_dihedral(hash, all);
  const int undone_by[8] = {0, 3, 2, 1, 4, 5, 6, 7};
  for (int which = 0; which < 8; which += 1) {
    hindra::derive_dihedral(all + which * hindra::kHashBytes, back);
    const uint8_t *again = back + undone_by[which] * hindra::kHashBytes;
    if (std::memcmp(again, hash, sizeof hash) != 0) return false;
  }
  return true;
}

}  // namespace

int main(int count, char **arguments) {
  const uint64_t seed = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 1;
  const int pictures = count > 2 ? std::atoi(arguments[2]) : 300;
  std::printf("pdq-blockhash: seed %llu, %d pictures\n", (unsigned long long)seed, pictures);
  Random random(seed);
  int failures = 0, set_count = 0;
  const hindra::KernelSet *sets = hindra::supported_kernels(&set_count);
  for (int i = 0; i < pictures; i += 1) {
    const Picture picture = draw(random);
    const int orientation = 1 + int(random() % 8);
    const std::string expected = plain_blockhash(upright(picture, orientation));
    const hindra::Pixels pixels = {picture.bytes.data(), uint32_t(picture.width),
                                   uint32_t(picture.height), uint32_t(picture.channels),
                                   size_t(picture.width) * size_t(picture.channels)};
    for (int set = 0; set < set_count; set += 1) {
      char hex[64];
      hindra::blockhash(pixels, orientation, *sets[set].pdq, hex);
      if (expected == std::string(hex, sizeof hex)) continue;
      failures += 1;
      std::printf("%s differs at %dx%d, %d channels, orientation %d\n", sets[set].name,
                  picture.width, picture.height, picture.channels, orientation);
    }
    if (!derives(random)) {
      failures += 1;
      std::printf("derived hashes do not turn back\n");
    }
  }
  std::printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
