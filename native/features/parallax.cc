#include "features/parallax.h"

#include <algorithm>
#include <cmath>

namespace hindra {
namespace {

/** What lies farther off, in steps, is paired by mistake: about 50 pixels of 512. */
constexpr double kFar = 200;
/** So far apart two places are of one thing, and so much alike they are shifted, in steps. */
constexpr double kAround = 450;
constexpr double kShiftApart = 18;
/** So many others must be shifted alike: two come together by chance, and where a pattern repeats itself. */
constexpr int kOthersMin = 3;
/** Fewer that are shifted together say nothing, however few lie on the map. */
constexpr int kTogetherMin = 5;

/** A pairing, by its place in the known picture and how far from the map's place its partner lies. */
struct Shifted {
  double x, y, across, down;
};

bool are_together(const Shifted &one, const Shifted &other) {
  return std::hypot(one.x - other.x, one.y - other.y) < kAround &&
         std::hypot(one.across - other.across, one.down - other.down) < kShiftApart;
}

}  // namespace

double parallax_of(const std::vector<Feature> &known, const std::vector<Feature> &seen,
                   const std::vector<Pairing> &pairings, const Affine &map) {
  int on = 0;
  std::vector<Shifted> off;
  for (const Pairing &pairing : pairings) {
    const Feature &from = known[size_t(pairing.known)], &to = seen[size_t(pairing.seen)];
    double x, y;
    map.apply(from.x, from.y, x, y);
    const Shifted shifted{double(from.x), double(from.y), to.x - x, to.y - y};
    const double distance = std::hypot(shifted.across, shifted.down);
    if (distance <= kNearMap) on += 1;
    else if (distance < kFar) off.push_back(shifted);
  }
  const auto together = std::count_if(off.begin(), off.end(), [&](const Shifted &one) {
    // It is together with itself, too.
    return std::count_if(off.begin(), off.end(), [&](const Shifted &other) { return are_together(one, other); }) >
           kOthersMin;
  });
  return together < kTogetherMin ? 0 : double(together) / std::max(1, on);
}

}  // namespace hindra
