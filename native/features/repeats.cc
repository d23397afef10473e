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

/** A level between two pixels of a row or a column. */
double level_at(const Plane &plane, double along, int other, bool is_across) {
  const int most = (is_across ? plane.width : plane.height) - 1;
  const int first = std::min(int(along), most), second = std::min(first + 1, most);
  const auto level = [&](int at) {
    return double(is_across ? plane.row(other)[at] : plane.row(at)[other]);
  };
  return level(first) + (along - first) * (level(second) - level(first));
}

/** The correlation of the plane with itself, moved on by so much. */
double alike(const Plane &plane, double period, bool is_across) {
  const int length = is_across ? plane.width : plane.height;
  const int lines = is_across ? plane.height : plane.width;
  double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
  for (int line = 0; line < lines; line += 1) {
    for (int at = 0; at + period <= length - 1; at += 1) {
      const double here = level_at(plane, at, line, is_across);
      const double there = level_at(plane, at + period, line, is_across);
      n += 1, a += here, b += there;
      aa += here * here, bb += there * there, ab += here * there;
    }
  }
  const double spread = (n * aa - a * a) * (n * bb - b * b);
  return spread <= 0 ? 0 : (n * ab - a * b) / std::sqrt(spread);
}

/**
 * How many copies stand in a row or a column. A period fits wherever a multiple of it does: of the counts that fit
 * about as well as the best one, the largest is that of single copies.
 */
int times_shown(const Plane &plane, bool is_across) {
  const int length = is_across ? plane.width : plane.height;
  double by_times[kTimesMax + 1] = {};
  for (int times = 2; times <= kTimesMax; times += 1) {
    by_times[times] = alike(plane, double(length) / times, is_across);
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
  const int down = times_shown(small, false);
  if (std::min(across, down) < 2 || across * down < kShownMin) return std::nullopt;
  return Inset{0, 0, plane.width / across, plane.height / down};
}

}  // namespace hindra
