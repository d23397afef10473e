// Every kernel set over planes against scalar, bit by bit, at sizes of all kinds and with levels that are extreme.
// Arguments: seed and iterations.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#include "features/plane.h"
#include "kernels/choose.h"

#include "check.h"

using namespace hindra;

namespace {

using Random = std::mt19937;

/** Noise, black and white, or steps: what overflows, and what has corners. */
std::vector<uint8_t> levels(Random &random, size_t count) {
  std::vector<uint8_t> all(count);
  const unsigned kind = random() % 3;
  uint8_t level = 0;
  for (uint8_t &each : all) {
    if (kind == 0) each = uint8_t(random());
    if (kind == 1) each = random() % 2 == 0 ? 0 : 255;
    if (kind == 2) each = level = random() % 9 == 0 ? uint8_t(random()) : level;
  }
  return all;
}

template <typename Value>
std::vector<Value> any_values(Random &random, size_t count, Value most) {
  std::vector<Value> all(count);
  for (Value &each : all) each = Value(random() % (uint32_t(most) + 1));
  return all;
}

template <typename Value, typename Run>
void same(const PlaneKernels &kernel, size_t count, const std::vector<Value> &before, const Run &run) {
  std::vector<Value> expected = before, found = before;
  run(plane_scalar, expected.data());
  run(kernel, found.data());
  CHECK(std::memcmp(expected.data(), found.data(), count * sizeof(Value)) == 0);
}

void check_rows(Random &random, const PlaneKernels &kernel) {
  const size_t width = 1 + random() % 300;
  const uint32_t channels = std::vector<uint32_t>{1, 3, 4}[random() % 3];
  const auto pixels = levels(random, width * channels);
  same<uint8_t>(kernel, width, std::vector<uint8_t>(width), [&](const PlaneKernels &of, uint8_t *out) {
    of.luma(pixels.data(), channels, width, out);
  });
  const auto row = levels(random, width);
  const uint16_t weight = uint16_t(random() % 16385);
  const auto sums = any_values<uint32_t>(random, width, 1 << 22);
  same<uint32_t>(kernel, width, sums, [&](const PlaneKernels &of, uint32_t *out) {
    of.add_row(row.data(), weight, width, out);
  });
  const size_t to = 1 + random() % (2 * width);
  const ScaledColumns columns = scaled_columns(int(width), int(to));
  same<int16_t>(kernel, to, std::vector<int16_t>(to + kScaledSpare),
                [&](const PlaneKernels &of, int16_t *out) { of.scale_row(row.data(), columns, out); });
  const auto upper = any_values<int16_t>(random, width, 255 << kShareBits);
  const auto lower = any_values<int16_t>(random, width, 255 << kShareBits);
  const int share = int(random() % 129);
  same<uint8_t>(kernel, width, std::vector<uint8_t>(width), [&](const PlaneKernels &of, uint8_t *out) {
    of.between_rows(upper.data(), lower.data(), share, width, out);
  });
}

void check_blur(Random &random, const PlaneKernels &kernel) {
  const size_t width = 7 + random() % 200, within = width - 6;
  const uint16_t weights[4] = {52, 46, 34, 22};
  const auto row = levels(random, width);
  same<uint16_t>(kernel, within, std::vector<uint16_t>(within), [&](const PlaneKernels &of, uint16_t *out) {
    of.blur_along(row.data() + 3, weights, within, out);
  });
  const auto seven = any_values<uint16_t>(random, 7 * width, 255 << 8);
  same<uint8_t>(kernel, width, std::vector<uint8_t>(width), [&](const PlaneKernels &of, uint8_t *out) {
    of.blur_down(seven.data() + 3 * width, width, weights, width, out);
  });
}

void check_corners(Random &random, const PlaneKernels &kernel) {
  constexpr int margin = 19, spare = 35;
  const int width = 2 * margin + 1 + int(random() % 150);
  const auto plane = levels(random, size_t(width) * 9 + spare);
  int circle[16];
  constexpr int places[16][2] = {{0, -3}, {1, -3}, {2, -2}, {3, -1}, {3, 0},   {3, 1},
                                 {2, 2},  {1, 3},  {0, 3},  {-1, 3}, {-2, 2},  {-3, 1},
                                 {-3, 0}, {-3, -1}, {-2, -2}, {-1, -3}};
  for (int i = 0; i < 16; i += 1) circle[i] = places[i][1] * width + places[i][0];
  const uint8_t *row = plane.data() + 4 * width;
  const int right = width - margin, threshold = 1 + int(random() % 60);
  same<int16_t>(kernel, size_t(right), std::vector<int16_t>(size_t(width) + spare),
                [&](const PlaneKernels &of, int16_t *out) {
                  of.contrasts(row, circle, threshold, margin, right, out);
                });
  std::vector<int16_t> rows[3];
  for (auto &each : rows) {
    each = any_values<int16_t>(random, size_t(width) + spare, random() % 2 == 0 ? 4 : 4080);
  }
  std::vector<int> expected(static_cast<size_t>(width)), found(static_cast<size_t>(width));
  const auto stand = [&](const PlaneKernels &of, std::vector<int> &out) {
    out.resize(of.outstanding(rows[0].data(), rows[1].data(), rows[2].data(), margin, right, out.data()));
  };
  stand(plane_scalar, expected);
  stand(kernel, found);
  CHECK(expected == found);
  for (int x = margin; x < right; x += 7) {
    const float response = kernel.harris(row + x, width);
    CHECK(response == plane_scalar.harris(row + x, width));
  }
}

void check_pairs(Random &random, const PlaneKernels &kernel) {
  const auto patch = levels(random, kPatchRoom);
  PatchPairs pairs;
  for (auto &places : pairs.places) {
    for (int16_t &place : places) place = int16_t(random() % unsigned(kPatchAcross + 1));
  }
  pairs.arrange();
  constexpr size_t bytes = PatchPairs::kPairs / 8;
  std::vector<uint8_t> inverted(bytes), expected_inverted(bytes);
  same<uint8_t>(kernel, bytes, std::vector<uint8_t>(bytes), [&](const PlaneKernels &of, uint8_t *out) {
    of.compare(patch.data(), pairs, out, &of == &plane_scalar ? expected_inverted.data() : inverted.data());
  });
  if (&kernel != &plane_scalar) CHECK(inverted == expected_inverted);
  same<uint8_t>(kernel, bytes, std::vector<uint8_t>(bytes), [&](const PlaneKernels &of, uint8_t *out) {
    of.compare(patch.data(), pairs, out, nullptr);
  });
}

}  // namespace

int main(int argc, char **argv) {
  const unsigned seed = argc > 1 ? unsigned(std::atoi(argv[1])) : 1;
  const int iterations = 300 * (argc > 2 ? std::atoi(argv[2]) : 1);
  Random random(seed);
  int count = 0;
  const KernelSet *sets = supported_kernels(&count);
  for (int i = 0; i < iterations; i += 1) {
    for (int set = 0; set < count; set += 1) {
      check_rows(random, *sets[set].plane);
      check_blur(random, *sets[set].plane);
      check_corners(random, *sets[set].plane);
      check_pairs(random, *sets[set].plane);
    }
  }
  std::printf("%d kernel sets agree over %d rounds, seed %u\n", count, iterations, seed);
  return 0;
}
