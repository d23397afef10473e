// What tells two photographs of one scene: features that are shifted together, as things before a ground are by another
// viewpoint, and a small place that differs where hardly a sign does elsewhere; what was written over is none.
// Arguments: seed and iterations.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "features/parallax.h"
#include "features/verify.h"
#include "kernels/choose.h"

#include "check.h"
#include "scenes.h"

using namespace hindra;

namespace {

constexpr int kAcross = 20;
constexpr int kStep = 100;

/** The parallax of a grid of features, each of which is shifted as `shift` says of its place. */
template <typename Shift>
double parallax_by(Shift shift) {
  std::vector<Feature> known, seen;
  std::vector<Pairing> pairings;
  for (int at = 0; at < kAcross * kAcross; at += 1) {
    Feature feature{};
    feature.x = uint16_t(60 + at % kAcross * kStep);
    feature.y = uint16_t(60 + at / kAcross * kStep);
    known.push_back(feature);
    const auto [across, down] = shift(at % kAcross, at / kAcross);
    feature.x = uint16_t(std::lround(feature.x + across));
    feature.y = uint16_t(std::lround(feature.y + down));
    seen.push_back(feature);
    pairings.push_back({at, at, 0});
  }
  return parallax_of(known, seen, pairings, {1, 0, 0, 0, 1, 0});
}

struct Shift {
  double across, down;
};

void things_that_shift_as_a_whole_are_told(std::mt19937 &random) {
  const double on_map = parallax_by([](int, int) { return Shift{20, -20}; });
  CHECK(on_map == 0);
  const double thing = parallax_by([](int x, int y) { return x < 7 && y > 12 ? Shift{50, 10} : Shift{0, 0}; });
  CHECK(std::abs(thing - 49.0 / (kAcross * kAcross - 49)) < 1e-9);
  const double few = parallax_by([](int x, int y) { return x < 2 && y < 2 ? Shift{50, 10} : Shift{0, 0}; });
  CHECK(few == 0);
  // What is paired by mistake lies anywhere.
  const double mistaken = parallax_by([&](int x, int y) {
    if ((x + y) % 4 != 0) return Shift{0, 0};
    const double turn = double(random() % 628) / 100, far = 45 + double(random() % 150);
    return Shift{far * std::cos(turn), far * std::sin(turn)};
  });
  CHECK(mistaken < 0.1);
}

/** Of a picture that is known and comes again with a square of it painted: `paint` gives each place its level. */
template <typename Paint>
Evidence look_at(const Plane &plane, int side, const HammingKernels &kernels, Paint paint) {
  const Known known = describe_known(pixels_of(plane), 512, 360);
  Plane seen = plane;
  const int left = plane.width / 3, top = plane.height / 3;
  for (int y = 0; y < side; y += 1) {
    for (int x = 0; x < side; x += 1) {
      uint8_t &level = seen.row(top + y)[left + x];
      level = uint8_t(paint(x, y, int(level)));
    }
  }
  Verifier verifier(describe_seen(pixels_of(seen), 512, 800, {true, false}), kernels);
  return verifier.verify(known, 8).flat;
}

void a_small_place_is_told_where_all_else_agrees(const HammingKernels &kernels) {
  // One picture: in another the place may be as plain as what is put there.
  std::mt19937 random(7);
  const Plane plane = scene(random, 640, 480);
  CHECK(look_at(plane, 0, kernels, [](int, int, int level) { return level; }).differing.fine == 0);
  constexpr int side = 96;
  // As if something else stood there: nothing of it is as it was.
  const Evidence other = look_at(plane, side, kernels, [](int x, int y, int level) {
    return std::clamp(level + (level < 110 ? 60 : -60) + 40 * std::abs(x % 30 - 15) / 15 + y % 20, 0, 230);
  });
  CHECK(other.differing.fine > 0.014 && other.differing.largest < 0.03);
  CHECK(other.differing.fine_box.left >= 7 && other.differing.fine_box.right <= 13);
  // White letters, as captions have them.
  const Evidence written = look_at(plane, side, kernels, [](int x, int y, int level) {
    const int across = x % 27, down = y % 40;
    if (down >= 30 || across >= 20) return level;
    return across < 9 || down < 9 ? 255 : level;
  });
  CHECK(written.differing.fine == 0);
}

}  // namespace

int main(int argc, char **argv) {
  std::mt19937 random(argc > 1 ? unsigned(std::atoi(argv[1])) : 1);
  const int iterations = argc > 2 ? std::atoi(argv[2]) : 1;
  int count = 0;
  const HammingKernels &kernels = *supported_kernels(&count)[0].hamming;
  for (int i = 0; i < iterations; i += 1) {
    things_that_shift_as_a_whole_are_told(random);
    a_small_place_is_told_where_all_else_agrees(kernels);
  }
  std::printf("same-scene: ok\n");
}
