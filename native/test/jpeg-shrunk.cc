// The reader of shrunk pixels, by every kernel set, against files that are written here and the plain sum of the transform.
// Then what is damaged of them is read, for the sanitizers. Arguments: seed and iterations.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <variant>

#include "jpeg/shrunk.h"
#include "kernels/choose.h"

#include "check.h"
#include "jpeg-writer.h"

using namespace hindra::jpeg;
using namespace hindra::test;
using hindra::JpegKernels;

namespace {

/** What each pixel of a row or column of a block has of each coefficient. */
double wave(int frequency, int at) {
  return (frequency == 0 ? std::sqrt(0.125) : 0.5) * std::cos((2 * at + 1) * frequency * 3.14159265358979323846 / 16);
}

/** The mean of a square of pixels of one block, by the plain sum. */
double mean_of(Picture &picture, Plane &plane, int x, int y, int side) {
  const int column = x * side / 8, row = y * side / 8;
  const std::array<int, 64> &others = plane.others_at(column, row);
  double mean = 0;
  for (int place = 0; place < 64; place += 1) {
    const int coefficient = place == 0 ? plane.at(column, row) * picture.step : others[size_t(place)];
    if (coefficient == 0) continue;
    double across = 0, down = 0;
    for (int at = 0; at < side; at += 1) {
      across += wave(place % 8, x * side % 8 + at);
      down += wave(place / 8, y * side % 8 + at);
    }
    mean += coefficient * across * down / (side * side);
  }
  return std::clamp(mean + 128, 0.0, 255.0);
}

std::variant<Bytes, Reason> shrunk(const Bytes &file, int factor, const JpegKernels &kernels) {
  Bytes pixels;
  const Room room = [&](size_t count) {
    pixels.resize(count);
    return pixels.data();
  };
  const auto found = read_shrunk(file.data(), file.size(), {1, 1 << 20}, uint32_t(factor), kernels, room);
  if (const auto *reason = std::get_if<Reason>(&found)) return *reason;
  return pixels;
}

/** To the mean of each square, whichever kernels read it; says whether it is read at all. */
bool is_shrunk_to_means(const Bytes &file, Picture &picture, int factor) {
  int count = 0;
  const hindra::KernelSet *sets = hindra::supported_kernels(&count);
  const auto found = shrunk(file, factor, *sets[0].jpeg);
  for (int set = 1; set < count; set += 1) CHECK(shrunk(file, factor, *sets[set].jpeg) == found);
  if (const auto *reason = std::get_if<Reason>(&found)) {
    CHECK(*reason == Reason::coding || *reason == Reason::sampling || *reason == Reason::damaged);
    CHECK((*reason == Reason::coding) == picture.is_progressive);
    return false;
  }
  const Bytes &pixels = std::get<Bytes>(found);
  const int width = picture.width / factor, height = picture.height / factor;
  CHECK(pixels.size() == size_t(width * height * 3));
  Plane &luma = picture.planes[0];
  for (int y = 0; y < height; y += 1) {
    for (int x = 0; x < width; x += 1) {
      const auto level = [&](Plane &plane) { return mean_of(picture, plane, x, y, factor * plane.across / luma.across); };
      const bool is_grey = picture.planes.size() == 1;
      const double grey = level(luma), blue = is_grey ? 0 : level(picture.planes[1]) - 128;
      const double red = is_grey ? 0 : level(picture.planes[2]) - 128;
      const double expected[] = {grey + 1.402 * red, grey - 0.34414 * blue - 0.71414 * red, grey + 1.772 * blue};
      for (int channel = 0; channel < 3; channel += 1) {
        // Luma and chroma are rounded each by itself.
        const double off = std::clamp(expected[channel], 0.0, 255.0) - pixels[size_t((y * width + x) * 3 + channel)];
        CHECK(std::abs(off) < (is_grey ? 1 : 3));
      }
    }
  }
  return true;
}

}  // namespace

int main(int argc, char **argv) {
  Random random(argc > 1 ? unsigned(std::atoi(argv[1])) : 1);
  const int iterations = argc > 2 ? std::atoi(argv[2]) : 1;
  int times_shrunk = 0;
  for (int k = 0; k < iterations * kFilesAnIteration; k += 1) {
    Picture picture = draw(random);
    const Bytes file = written(picture, random);
    for (const int factor : {2, 4, 8}) times_shrunk += is_shrunk_to_means(file, picture, factor);
    for (int times = 0; times < kDamagedOfEach; times += 1) {
      const Bytes bytes = damaged(file, random);
      shrunk(bytes, 2 << random() % 3, *hindra::kernels().jpeg);
    }
  }
  CHECK(times_shrunk > iterations * kFilesAnIteration / 10);
  std::printf("jpeg-shrunk: ok, %d times shrunk\n", times_shrunk);
}
