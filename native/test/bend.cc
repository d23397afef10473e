// How a known picture lies bent in another one: what a view from the side does is found, what lies flat or by chance is not
// bent, and no pairings are too odd.
// Arguments: seed and iterations.

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "features/bend.h"

#include "check.h"

using namespace hindra;

namespace {

double drawn(std::mt19937 &random, double low, double high) {
  return low + (high - low) * double(random() % 10000) / 10000;
}

/** Seen from the side: what is farther to the right is smaller. */
struct Slant {
  double taper;

  void apply(double u, double v, double &x, double &y) const {
    const double depth = 1 + taper * u;
    x = 0.1 + 0.8 * u * (1 + taper) / depth;
    y = 0.5 + 0.8 * (v - 0.5) / depth;
  }
};

struct Shown {
  std::vector<Feature> known;
  std::vector<Feature> seen;
  std::vector<Pairing> pairings;
};

/** So many features of which a share is where the map puts it, and the rest anywhere. */
template <typename Map>
Shown shown(std::mt19937 &random, const Frame &frame, int count, double share, const Map &map) {
  Shown all;
  for (int i = 0; i < count; i += 1) {
    Feature feature{};
    const double u = drawn(random, 0.02, 0.98), v = drawn(random, 0.02, 0.98);
    feature.x = uint16_t(u * frame.width);
    feature.y = uint16_t(v * frame.height);
    all.known.push_back(feature);
    double x = drawn(random, 0, 1), y = drawn(random, 0, 1);
    if (i < share * count) map.apply(u, v, x, y);
    Feature other{};
    other.x = uint16_t(x * frame.width);
    other.y = uint16_t(y * frame.height);
    other.angle = i < share * count ? 0 : uint8_t(random() % kAngles);
    all.seen.push_back(other);
    all.pairings.push_back({i, i, 0});
  }
  return all;
}

void check_slant(std::mt19937 &random) {
  const Frame frame(512, 384);
  const Slant slant{drawn(random, 0.5, 1)};
  const int count = 200 + int(random() % 200);
  const auto [known, seen, pairings] = shown(random, frame, count, 0.7, slant);
  const Alignment flat = align(known, seen, pairings, 1);
  const auto bent = bend(known, frame, seen, frame, pairings, flat);
  CHECK(bent.has_value());
  CHECK(bent->inliers >= 0.6 * count);
  const Bend other = bent->map.mirrored();
  for (double u = 0.1; u < 1; u += 0.2) {
    for (double v = 0.1; v < 1; v += 0.2) {
      double x, y, to_x, to_y;
      slant.apply(u, v, x, y);
      bent->map.apply(u, v, to_x, to_y);
      CHECK(std::hypot(x - to_x, y - to_y) < 0.02);
      double mirrored_x, mirrored_y;
      other.apply(u, v, mirrored_x, mirrored_y);
      CHECK(std::abs(mirrored_x + to_x - 1) < 1e-9 && std::abs(mirrored_y - to_y) < 1e-9);
    }
  }
}

void check_flat(std::mt19937 &random) {
  const Frame frame(512, 384);
  const auto [known, seen, pairings] = shown(random, frame, 200, 0.7, Slant{0});
  const Alignment flat = align(known, seen, pairings, 1);
  CHECK(flat.inliers >= 100);
  CHECK(!bend(known, frame, seen, frame, pairings, flat));
}

/** Whatever is paired with whatever. */
void check_chance(std::mt19937 &random) {
  const Frame frame(1 + int(random() % 512), 1 + int(random() % 512));
  const int count = int(random() % 300);
  const auto [known, seen, pairings] = shown(random, frame, count, 0, Slant{0});
  Alignment flat = align(known, seen, pairings, 1);
  flat.inliers = int(random() % 40);
  const auto bent = bend(known, frame, seen, frame, pairings, flat);
  if (!bent) return;
  double x, y;
  bent->map.apply(drawn(random, 0, 1), drawn(random, 0, 1), x, y);
  CHECK(std::isfinite(x) && std::isfinite(y) && bent->inliers <= count);
}

}  // namespace

int main(int argc, char **argv) {
  const uint32_t seed = argc > 1 ? uint32_t(std::atoi(argv[1])) : 1;
  const int iterations = 40 * (argc > 2 ? std::atoi(argv[2]) : 1);
  std::mt19937 random(seed);
  for (int iteration = 0; iteration < iterations; iteration += 1) {
    check_slant(random);
    check_flat(random);
    check_chance(random);
  }
  std::printf("bend: %d iterations\n", iterations);
}
