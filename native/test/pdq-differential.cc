// PDQ of every kernel set against a plain port of the reference: random pictures of many kinds and
// sizes, whole and as rectangles of a larger one; means of squares against plain sums. Arguments: seed, pictures.

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#include "../../bench/peers/pdq-reference.h"
#include "kernels/choose.h"
#include "pdq/pdq.h"
#include "pdq/squares.h"
#include "pdq/sparse-grid.h"

namespace {

using hindra::Pixels;
using Random = std::mt19937_64;

int between(Random &random, int low, int high) {
  return std::uniform_int_distribution<int>(low, high)(random);
}

struct Picture {
  std::vector<uint8_t> bytes;
  int width, height, channels;
};

constexpr const char *kKinds[] = {"noise",  "flat",  "waves", "ramp",    "blocks", "lines",
                                  "paper",  "black", "photo", "stripes", "tiles",  "dots"};
constexpr int kKindCount = int(sizeof kKinds / sizeof *kKinds);

/** Grey level of a kind, 0 to 255; `levels` are 64 random ones. */
double level_at(int kind, double x, double y, int column, int row, const uint8_t *levels,
                Random &random) {
  switch (kind) {
    case 0: return double(random() & 0xff);
    case 1: return levels[0];
    case 2: return 127 + 60 * std::sin(x * 9 + y * 5) + 60 * std::cos(y * 13 - x * 3);
    case 3: return (x + y) * 127;
    case 4: return levels[int(y * 8) * 8 + int(x * 8)];
    case 5: return row % 20 < 12 && levels[column / 8 % 64] > 127 ? 17 : 255;
    case 6: return x < 1.0 / 3 && y < 0.25 ? 17 : 255;
    case 7: return 0;
    case 8:
      return 110 + 70 * std::sin(x * 7 + levels[1]) * std::cos(y * 6 + levels[2]) +
             40 * std::sin(x * 29 + y * 17) + double(random() % 16);
    case 9: return levels[column / (1 + levels[3] % 9) % 64];
    case 10: return levels[(column / 7 % 8) * 8 + row / 5 % 8];
    default: return random() % 97 == 0 ? 255 : levels[4];
  }
}

Picture draw(int kind, int width, int height, int channels, Random &random) {
  Picture picture = {{}, width, height, channels};
  picture.bytes.resize(size_t(width) * size_t(height) * size_t(channels));
  uint8_t levels[64];
  for (uint8_t &level : levels) level = uint8_t(random());
  const bool is_coloured = random() % 2 == 0;
  uint8_t *to = picture.bytes.data();
  for (int row = 0; row < height; row += 1) {
    for (int column = 0; column < width; column += 1) {
      const double x = double(column) / width, y = double(row) / height;
      const double level = level_at(kind, x, y, column, row, levels, random);
      for (int part = 0; part < channels; part += 1) {
        const double shade = is_coloured && kind > 0 ? level * (1 - 0.2 * part) : level;
        *to++ = uint8_t(std::min(255.0, std::max(0.0, shade)));
      }
    }
  }
  return picture;
}

int side(Random &random) {
  switch (random() % 6) {
    case 0: return between(random, 1, 12);
    case 1: return between(random, 60, 70);
    case 2: return between(random, 120, 136);
    case 3: return between(random, 5, 300);
    case 4: return between(random, 250, 700);
    default: return random() % 8 == 0 ? between(random, 1000, 2600) : between(random, 5, 150);
  }
}

int failures = 0;

void check(bool holds, const char *what, const char *kernel, const char *kind, const Pixels &p) {
  if (holds) return;
  failures += 1;
  std::printf("%s: %s differs on %s of %ux%u, %u channels\n", kernel, what, kind, p.width,
              p.height, p.channels);
}

/** The most that the fast grid was off, in units of what is taken for safe; see pdq/README.md. */
struct Margin {
  double coefficient = 0;
  double grey = 0;
  int certain = 0;
  int pictures = 0;
} margin;

void measure(const float *sparse, const float *exact, const Pixels &p) {
  float near[hindra::kDctCells], true_values[hindra::kDctCells];
  hindra::pdq_scalar.transform(sparse, hindra::dct_basis(), near);
  hindra::pdq_scalar.transform(exact, hindra::dct_basis(), true_values);
  const double scale = std::max(1.0, std::sqrt(std::max(p.width, p.height) / 1024.0));
  for (int k = 0; k < hindra::kDctCells; k += 1) {
    margin.coefficient = std::max(margin.coefficient, std::abs(near[k] - true_values[k]) / scale);
  }
  for (int k = 0; k < hindra::kGridCells; k += 1) {
    margin.grey = std::max(margin.grey, double(std::abs(sparse[k] - exact[k])) / scale);
  }
}

void compare(const Pixels &pixels, const std::vector<uint8_t> &packed, const char *kind) {
  const int width = int(pixels.width), height = int(pixels.height);
  const int channels = int(pixels.channels);
  const auto expected = pdq_reference::hash(packed.data(), width, height, channels, 8);
  std::vector<float> expected_grid(hindra::kGridCells), first_sparse, first_shrunk;
  const hindra::Shrunk shrunk = {4, pixels.width * 4 + 3, pixels.height * 4 + 1};
  pdq_reference::grid_of(packed.data(), width, height, channels, expected_grid.data());
  int count = 0;
  const hindra::KernelSet *sets = hindra::supported_kernels(&count);
  for (int i = 0; i < count; i += 1) {
    const hindra::PdqKernels &kernels = *sets[i].pdq;
    for (const auto path : {hindra::PdqPath::certain, hindra::PdqPath::reference}) {
      hindra::PdqHashes found;
      hindra::pdq_hash(pixels, 8, kernels, found, path);
      check(std::memcmp(found.hashes, expected.hashes, sizeof found.hashes) == 0,
            "the eight hashes", sets[i].name, kind, pixels);
      check(found.quality == expected.quality, "quality", sets[i].name, kind, pixels);
      hindra::pdq_hash(pixels, 1, kernels, found, path);
      check(std::memcmp(found.hashes, expected.hashes, hindra::kHashBytes) == 0, "the hash",
            sets[i].name, kind, pixels);
      check(found.quality == expected.quality, "quality alone", sets[i].name, kind, pixels);
    }
    std::vector<float> grid(hindra::kGridCells);
    std::vector<float> scratch(kernels.scratch_floats(pixels.width, pixels.height));
    kernels.reference_grid(pixels, scratch.data(), grid.data());
    check(std::memcmp(grid.data(), expected_grid.data(), grid.size() * sizeof(float)) == 0,
          "the grid in the reference's steps", sets[i].name, kind, pixels);
    hindra::sparse_grid(pixels, kernels, grid.data());
    if (i == 0) first_sparse = grid;
    check(std::memcmp(grid.data(), first_sparse.data(), grid.size() * sizeof(float)) == 0,
          "the fast grid", sets[i].name, kind, pixels);
    hindra::shrunk_grid(pixels, shrunk, kernels, grid.data());
    if (i == 0) first_shrunk = grid;
    check(std::memcmp(grid.data(), first_shrunk.data(), grid.size() * sizeof(float)) == 0,
          "the grid of a shrunk picture", sets[i].name, kind, pixels);
  }
  if (width < 5 || height < 5) return;
  measure(first_sparse.data(), expected_grid.data(), pixels);
  hindra::PdqHashes fast;
  margin.pictures += 1;
  margin.certain += hindra::pdq_is_certain(pixels, 8, hindra::kernels().pdq[0], fast);
}

/** A rectangle of the picture, in place and as a picture of its own. */
void compare_region(const Picture &picture, Random &random, const char *kind) {
  const int width = between(random, 1, picture.width);
  const int height = between(random, 1, picture.height);
  const int x = between(random, 0, picture.width - width);
  const int y = between(random, 0, picture.height - height);
  const size_t stride = size_t(picture.width) * size_t(picture.channels);
  const Pixels whole = {picture.bytes.data(), uint32_t(picture.width), uint32_t(picture.height),
                        uint32_t(picture.channels), stride};
  const Pixels part = {whole.at(size_t(x), size_t(y)), uint32_t(width), uint32_t(height),
                       uint32_t(picture.channels), stride};
  std::vector<uint8_t> packed;
  for (int row = 0; row < height; row += 1) {
    const uint8_t *from = part.at(0, size_t(row));
    packed.insert(packed.end(), from, from + width * picture.channels);
  }
  compare(part, packed, kind);
}

void compare_squares(const Pixels &pixels, int factor) {
  const int width = int(pixels.width) / factor, height = int(pixels.height) / factor;
  const int channels = int(pixels.channels);
  std::vector<uint8_t> means(size_t(width) * size_t(height) * pixels.channels);
  means_of_squares(pixels, uint32_t(factor), means.data());
  for (size_t i = 0; i < means.size(); i += 1) {
    const int channel = int(i) % channels, place = int(i) / channels;
    int sum = 0;
    for (int square = 0; square < factor * factor; square += 1) {
      const int x = place % width * factor + square % factor;
      const int y = place / width * factor + square / factor;
      sum += pixels.at(size_t(x), size_t(y))[channel];
    }
    if (means[i] == std::lround(double(sum) / (factor * factor))) continue;
    failures += 1;
    std::printf("the mean of square %d by %d is off\n", place, factor);
    return;
  }
}

}  // namespace

int main(int count, char **arguments) {
  const uint64_t seed = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 1;
  const int pictures = count > 2 ? std::atoi(arguments[2]) : 300;
  std::printf("pdq-differential: seed %llu, %d pictures\n", (unsigned long long)seed, pictures);
  Random random(seed);
  for (int i = 0; i < pictures; i += 1) {
    const int kind = i % kKindCount;
    constexpr int channel_counts[] = {3, 3, 1, 4};
    const int channels = channel_counts[random() % 4];
    const int width = i % 29 == 0 ? 64 : side(random), height = i % 29 == 0 ? 64 : side(random);
    const Picture picture = draw(kind, width, height, channels, random);
    const Pixels pixels = {picture.bytes.data(), uint32_t(width), uint32_t(height),
                           uint32_t(channels), size_t(width) * size_t(channels)};
    compare(pixels, picture.bytes, kKinds[kind]);
    compare_region(picture, random, kKinds[kind]);
    compare_squares(pixels, between(random, 1, 8));
  }
  std::printf("off by at most %.4f of a coefficient and %.4f grey levels; %d of %d were certain\n",
              margin.coefficient, margin.grey, margin.certain, margin.pictures);
  std::printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
