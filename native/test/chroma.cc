// What tells another thing by its chroma alone, or by being a little lighter, and what does not: tones of all, and
// pictures of one tint. What earlier versions kept tells less. Arguments: seed and iterations.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <stdexcept>

#include "features/verify.h"
#include "kernels/choose.h"

#include "check.h"
#include "scenes.h"

using namespace hindra;

namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 480;
/** An area of a tenth of the picture. */
constexpr CellBox kPerson{200, 120, 360, 312};

/** Red, green and blue, one after the other. */
struct Picture {
  std::vector<uint8_t> data = std::vector<uint8_t>(size_t(kWidth) * kHeight * 3);

  Pixels pixels() const { return {data.data(), kWidth, kHeight, 3, size_t(kWidth) * 3}; }
};

/** A picture of which `of` gives the luma, Cb and Cr at each place. */
template <typename Of>
Picture painted(Of of) {
  Picture picture;
  for (int y = 0; y < kHeight; y += 1) {
    for (int x = 0; x < kWidth; x += 1) {
      const auto [luma, blue, red] = of(x, y);
      const double r = luma + (red - 128) / 0.713, b = luma + (blue - 128) / 0.564;
      const double g = (luma - 0.299 * r - 0.114 * b) / 0.587;
      uint8_t *to = &picture.data[(size_t(y) * kWidth + size_t(x)) * 3];
      for (const double level : {r, g, b}) *to++ = uint8_t(std::clamp(std::lround(level), 0l, 255l));
    }
  }
  return picture;
}

/** The same with each colour as `of` makes it. */
template <typename Of>
Picture toned(const Picture &from, Of of) {
  Picture picture = from;
  for (size_t at = 0; at < picture.data.size(); at += 3) {
    const auto colour = of(double(from.data[at]), double(from.data[at + 1]), double(from.data[at + 2]));
    for (size_t i = 0; i < 3; i += 1) {
      picture.data[at + i] = uint8_t(std::clamp(std::lround(colour[i]), 0l, 255l));
    }
  }
  return picture;
}

/** Cells in areas that differ, whether they are taken for drawn over or not. */
CellMask differing_in(const Known &known, const Picture &seen, const HammingKernels &kernels) {
  Verifier verifier(describe_seen(seen.pixels(), 512, 800, {true, true}), kernels);
  const Differing differing = verifier.verify(known, 8).flat.differing;
  return differing.drawn | differing.natural;
}

/** More is a person, and less may be chance. */
constexpr size_t kSome = kTextureCells * 5 / 100;
constexpr size_t kHardly = kTextureCells * 3 / 100;

/** What was kept before colours were. */
std::vector<uint8_t> without_colours(const Known &known) {
  std::vector<uint8_t> bytes = packed(known);
  bytes.resize(bytes.size() - kColoursBytes);
  return bytes;
}

/** What was kept by the version that told texture alone. */
std::vector<uint8_t> of_texture(const Known &known) {
  std::vector<uint8_t> bytes = without_colours(known);
  const auto brightness = bytes.begin() + long(kKnownHeaderBytes) + kTextureBytes;
  bytes.erase(brightness, brightness + kBrightnessBytes);
  bytes[0] = 1;
  return bytes;
}

void another_person_as_bright_is_told(std::mt19937 &random, const HammingKernels &kernels) {
  const Plane luma = scene(random, kWidth, kHeight);
  const Plane blue = scene(random, kWidth, kHeight), red = scene(random, kWidth, kHeight);
  const auto colour_at = [&](int x, int y, double shift, double lighter = 0) {
    const auto about_grey = [&](const Plane &plane) { return 118 + plane.row(y)[x] * 0.15; };
    return Ycc{60 + luma.row(y)[x] * 0.5 + lighter, about_grey(blue) + shift, about_grey(red) - shift};
  };
  const Picture ground = painted([&](int x, int y) { return colour_at(x, y, 0); });
  const Picture other = painted([&](int x, int y) { return colour_at(x, y, kPerson.holds(x, y) ? 18 : 0); });
  const Known known = describe_known(ground.pixels(), 512, 360);

  CHECK(differing_in(known, ground, kernels).none());
  const CellMask told = differing_in(known, other, kernels);
  CHECK(told.count() > kSome);
  for (int cell = 0; cell < kTextureCells; cell += 1) {
    const int column = cell % kCellsASide, row = cell / kCellsASide;
    CHECK(!told.test(size_t(cell)) || (column >= 6 && column < 15 && row >= 5 && row < 17));
  }
  const std::vector<uint8_t> bytes = without_colours(known);
  const Known before = unpacked(bytes.data(), bytes.size());
  CHECK(differing_in(before, other, kernels).count() < kHardly);

  // Somebody hardly lighter is told by the finer bits of luma.
  const Picture lighter = painted([&](int x, int y) { return colour_at(x, y, 0, kPerson.holds(x, y) ? 20 : 0); });
  const size_t finely = differing_in(known, lighter, kernels).count();
  CHECK(finely > kSome && 2 * differing_in(before, lighter, kernels).count() < finely);

  using Colours3 = std::array<double, 3>;
  const auto is_same = [&](const Picture &seen) { CHECK(differing_in(known, seen, kernels).count() < kHardly); };
  const auto grey = [](double r, double g, double b) { return 0.299 * r + 0.587 * g + 0.114 * b; };
  const auto sepia = [&](double r, double g, double b) {
    const double y = grey(r, g, b);
    return Colours3{y * 1.1 + 12, y, y * 0.8 - 6};
  };
  is_same(toned(ground, [&](double r, double g, double b) {
    const double y = grey(r, g, b);
    return Colours3{y + 1.5 * (r - y), y + 1.5 * (g - y), y + 1.5 * (b - y)};
  }));
  is_same(toned(ground, [](double r, double g, double b) { return Colours3{r + 14, g, b - 18}; }));
  is_same(toned(ground, [](double r, double g, double b) { return Colours3{255 - r, 255 - g, 255 - b}; }));
  is_same(toned(ground, [&](double r, double g, double b) {
    const double y = grey(r, g, b);
    return Colours3{y, y, y};
  }));
  is_same(toned(ground, sepia));

  // What was known in one tint has no chroma of its own to say that another one is wrong.
  const Known toning = describe_known(toned(ground, sepia).pixels(), 512, 360);
  CHECK(differing_in(toning, ground, kernels).count() < kHardly);
  CHECK(differing_in(toning, other, kernels).count() < kHardly);
}

void earlier_versions_tell_less(std::mt19937 &random) {
  const Known known = describe_known(pixels_of(scene(random, 300, 200)), 512, 360);
  const auto read = [](const std::vector<uint8_t> &bytes) { return unpacked(bytes.data(), bytes.size()); };
  const std::vector<uint8_t> whole = packed(known), before = without_colours(known), texture = of_texture(known);
  CHECK(read(whole).has_colours && packed(read(whole)) == whole);
  CHECK(read(before).has_brightness && !read(before).has_colours && packed(read(before)) == before);
  CHECK(!read(texture).has_brightness && !read(texture).has_colours);
  CHECK(read(texture).features.size() == known.features.size());
  const auto is_refused = [&](const std::vector<uint8_t> &bytes, size_t count) {
    try {
      unpacked(bytes.data(), count);
      return false;
    } catch (const std::invalid_argument &) {
      return true;
    }
  };
  for (const std::vector<uint8_t> &all : {whole, before, texture}) {
    const size_t size = all.size(), code = kKnownHeaderBytes + kTextureBytes;
    for (size_t count : {size_t(0), size_t(1), code - 1, size - 1, size - 36}) CHECK(is_refused(all, count));
    std::vector<uint8_t> other = all;
    other.resize(size + 1);
    CHECK(is_refused(other, size + 1));
    for (uint8_t version : {0, 3}) {
      other[0] = version;
      CHECK(is_refused(other, size));
    }
  }
}

}  // namespace

int main(int argc, char **argv) {
  std::mt19937 random(argc > 1 ? unsigned(std::atoi(argv[1])) : 1);
  const int iterations = argc > 2 ? std::atoi(argv[2]) : 1;
  int count = 0;
  const HammingKernels &kernels = *supported_kernels(&count)[0].hamming;
  for (int i = 0; i < iterations; i += 1) {
    another_person_as_bright_is_told(random, kernels);
    earlier_versions_tell_less(random);
  }
  std::printf("chroma: ok\n");
}
