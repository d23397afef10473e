#include "features/repeats.h"

#include <algorithm>
#include <cmath>

namespace hindra {
namespace {

/** The plane that is looked at has so many pixels on its longer side, at most. */
constexpr int kSideMax = 128;
constexpr int kTimesMax = 8;
/** So many are shown at least. */
constexpr int kShownMin = 6;
/** How much a picture and itself moved on by a period are alike: their correlation. */
constexpr double kAlikeMin = 0.85;
/** How much less so it may be by one period than by a multiple of it. */
constexpr double kAlikeOff = 0.07;

/** Sums over pixels and what lies a period further on. */
struct Sums {
  int64_t count = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;

  /** `next` is what lies one further than `there`; `share` says how far between them, in 256ths. */
  void add(const uint8_t *here, const uint8_t *there, const uint8_t *next, int share, int length) {
    // Of 128 pixels each: whole numbers of 32 bits, so that compilers make vector code of it.
    int32_t of_a = 0, of_b = 0, of_aa = 0, of_bb = 0, of_ab = 0;
    for (int at = 0; at < length; at += 1) {
      const int32_t one = here[at];
      const int32_t other = (there[at] * (256 - share) + next[at] * share + 128) >> 8;
      of_a += one, of_b += other;
      of_aa += one * one, of_bb += other * other, of_ab += one * other;
    }
    count += length, a += of_a, b += of_b, aa += of_aa, bb += of_bb, ab += of_ab;
  }

  double correlation() const {
    const double n = double(count), sum_a = double(a), sum_b = double(b);
    const double spread = (n * double(aa) - sum_a * sum_a) * (n * double(bb) - sum_b * sum_b);
    return spread <= 0 ? 0 : (n * double(ab) - sum_a * sum_b) / std::sqrt(spread);
  }
};

/** The correlation of the plane with itself, moved on by a part of its length. */
double alike(const Plane &plane, int times, bool is_across) {
  const int length = is_across ? plane.width : plane.height;
  const int period = length / times, share = length % times * 256 / times;
  const int count = length - period - 1;
  Sums sums;
  if (is_across) {
    for (int y = 0; y < plane.height; y += 1) {
      const uint8_t *row = plane.row(y);
      sums.add(row, row + period, row + period + 1, share, count);
    }
  } else {
    for (int y = 0; y < count; y += 1) {
      sums.add(plane.row(y), plane.row(y + period), plane.row(y + period + 1), share, plane.width);
    }
  }
  return sums.correlation();
}

/**
 * How many copies stand in a row or a column. A period fits wherever a multiple of it does: of the counts that fit
 * about as well as the best one, the largest is that of single copies.
 */
int times_shown(const Plane &plane, bool is_across) {
  double by_times[kTimesMax + 1] = {};
  for (int times = 2; times <= kTimesMax; times += 1) {
    by_times[times] = alike(plane, times, is_across);
  }
  const double most = *std::max_element(by_times, by_times + kTimesMax + 1);
  if (most < kAlikeMin) return 1;
  for (int times = kTimesMax; times > 1; times -= 1) {
    if (by_times[times] >= most - kAlikeOff) return times;
  }
  return 1;
}

}  // namespace

std::optional<Inset> find_repeated(const Plane &plane) {
  Plane small = plane;
  while (std::max(small.width, small.height) > kSideMax && std::min(small.width, small.height) > 1) {
    small = halved(small);
  }
  const int across = times_shown(small, true);
  const int down = across < 2 ? 1 : times_shown(small, false);
  if (down < 2 || across * down < kShownMin) return std::nullopt;
  return Inset{0, 0, plane.width / across, plane.height / down};
}

}  // namespace hindra
