// Times of PDQ without JavaScript, beside the scalar port of the reference. Not part of any check:
// compiled with all sources but the bindings; WIDTH HEIGHT [SEED].
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "../../bench/peers/pdq-reference.h"
#include "kernels/choose.h"
#include "pdq/pdq.h"

using namespace hindra;

namespace {

using Clock = std::chrono::steady_clock;

/** More than any cache holds: who goes round them finds each in memory. */
constexpr size_t kFarBytes = size_t{128} << 20;

std::vector<uint8_t> draw(size_t width, size_t height, size_t channels, std::mt19937_64 &random) {
  std::vector<uint8_t> bytes(width * height * channels);
  uint8_t levels[64];
  for (uint8_t &level : levels) level = uint8_t(random());
  for (size_t y = 0; y < height; y += 1) {
    for (size_t k = 0; k < width * channels; k += 1) {
      const size_t cell = y * 8 / height * 8 + k * 8 / (width * channels);
      bytes[y * width * channels + k] = uint8_t(levels[cell] / 2 + random() % 64);
    }
  }
  return bytes;
}

template <class Work>
void show(const char *what, int times, const Work &work) {
  std::vector<double> micros;
  for (int i = 0; i < times; i += 1) {
    const auto start = Clock::now();
    work(size_t(i));
    micros.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  std::sort(micros.begin(), micros.end());
  std::printf("  %-28s median %8.1f, least %8.1f us\n", what, micros[micros.size() / 2], micros[0]);
}

}  // namespace

int main(int count, char **arguments) {
  const auto width = count > 1 ? uint32_t(std::atoi(arguments[1])) : 1600;
  const auto height = count > 2 ? uint32_t(std::atoi(arguments[2])) : 1200;
  std::mt19937_64 random(count > 3 ? std::strtoull(arguments[3], nullptr, 10) : 1);
  const PdqKernels &kernels = *hindra::kernels().pdq;
  for (const uint32_t channels : {3u, 1u}) {
    std::vector<std::vector<uint8_t>> pictures;
    const size_t bytes = size_t(width) * height * channels;
    for (size_t drawn = 0; drawn < kFarBytes; drawn += bytes) {
      pictures.push_back(pictures.size() < 4 ? draw(width, height, channels, random)
                                             : pictures[pictures.size() % 4]);
    }
    const auto pixels = [&](size_t number) {
      const uint8_t *first = pictures[number % pictures.size()].data();
      return Pixels{first, width, height, channels, size_t(width) * channels};
    };
    std::printf("%ux%u, %s, kernel %s\n", width, height, channels == 1 ? "grey" : "RGB",
                hindra::kernels().name);
    PdqHashes result;
    show("fast way, in the cache", 300,
         [&](size_t) { pdq_is_certain(pixels(0), 1, kernels, result); });
    show("fast way, from memory", 300,
         [&](size_t i) { pdq_is_certain(pixels(i), 1, kernels, result); });
    show("the reference's steps", 20, [&](size_t) {
      pdq_hash(pixels(0), 1, kernels, result, PdqPath::reference);
    });
    show("scalar port of the reference", 5, [&](size_t) {
      pdq_reference::hash(pictures[0].data(), int(width), int(height), int(channels), 1);
    });
  }
}
