#include "features/bend.h"

#include <algorithm>
#include <cmath>

namespace hindra {
namespace {

/** Fewer places say nothing of a bend. */
constexpr int kPlacesMin = 16;
/** How many more places it must explain than the affine map. */
constexpr double kGain = 1.25;
/** From so many pairings on the third degree is fitted, below that the second. */
constexpr size_t kCubicMin = 40;
constexpr int kQuadraticTerms = 6;
/** How far, in steps, a pairing may lie from where the map puts it, round by round. */
constexpr double kNear[] = {144, 90, 54, 36, 36};
/** How much larger one place may be shown than another, by area. */
constexpr double kUnevenMax = 40;
/** A little that keeps the equations from being singular. */
constexpr double kRidge = 1e-6;
constexpr int kChecked = 6;

void terms(double u, double v, double *to) {
  const double all[Bend::kTerms] = {1, u, v, u * u, u * v, v * v, u * u * u, u * u * v, u * v * v, v * v * v};
  std::copy(all, all + Bend::kTerms, to);
}

/** A pairing in both frames. */
struct Pair {
  double u, v, x, y;
};

/** Least squares; both axes at once. */
Bend fitted(const std::vector<Pair> &pairs, int count) {
  constexpr int n = Bend::kTerms;
  double matrix[n][n + 2] = {};
  for (const Pair &pair : pairs) {
    double term[n];
    terms(pair.u, pair.v, term);
    for (int row = 0; row < count; row += 1) {
      for (int column = 0; column < count; column += 1) matrix[row][column] += term[row] * term[column];
      matrix[row][n] += term[row] * pair.x;
      matrix[row][n + 1] += term[row] * pair.y;
    }
  }
  for (int i = 0; i < count; i += 1) matrix[i][i] += kRidge * double(pairs.size());
  for (int pivot = 0; pivot < count; pivot += 1) {
    for (int row = 0; row < count; row += 1) {
      if (row == pivot) continue;
      const double share = matrix[row][pivot] / matrix[pivot][pivot];
      for (int column = pivot; column < n + 2; column += 1) {
        matrix[row][column] -= share * matrix[pivot][column];
      }
    }
  }
  Bend map;
  for (int i = 0; i < count; i += 1) {
    map.x[i] = matrix[i][n] / matrix[i][i];
    map.y[i] = matrix[i][n + 1] / matrix[i][i];
  }
  return map;
}

/** Whether, as far as pairings reach, it goes one way everywhere and nowhere shows much more than elsewhere. */
bool is_smooth(const Bend &map, const std::vector<Pair> &pairs) {
  constexpr double step = 1e-3;
  double left = 1, top = 1, right = 0, bottom = 0;
  for (const Pair &pair : pairs) {
    left = std::min(left, pair.u), right = std::max(right, pair.u);
    top = std::min(top, pair.v), bottom = std::max(bottom, pair.v);
  }
  double least = 0, most = 0;
  for (int i = 0; i <= kChecked; i += 1) {
    for (int j = 0; j <= kChecked; j += 1) {
      const double u = left + (right - left) * i / kChecked, v = top + (bottom - top) * j / kChecked;
      double x, y, right_x, right_y, down_x, down_y;
      map.apply(u, v, x, y);
      map.apply(u + step, v, right_x, right_y);
      map.apply(u, v + step, down_x, down_y);
      const double area = ((right_x - x) * (down_y - y) - (right_y - y) * (down_x - x)) / (step * step);
      if (i == 0 && j == 0) least = most = area;
      least = std::min(least, area);
      most = std::max(most, area);
    }
  }
  return least > 0 && most <= kUnevenMax * least;
}

}  // namespace

Frame::Frame(int plane_width, int plane_height)
    : width(double(kPlaceSteps) * plane_width / std::max(plane_width, plane_height)),
      height(double(kPlaceSteps) * plane_height / std::max(plane_width, plane_height)) {}

int Frame::mirrored(int x) const { return std::max(0, int(width + 0.5) - x); }

void Bend::apply(double u, double v, double &to_x, double &to_y) const {
  double term[kTerms];
  terms(u, v, term);
  to_x = to_y = 0;
  for (int i = 0; i < kTerms; i += 1) {
    to_x += x[i] * term[i];
    to_y += y[i] * term[i];
  }
}

Bend Bend::mirrored() const {
  Bend other = *this;
  for (double &of : other.x) of = -of;
  other.x[0] += 1;
  return other;
}

std::optional<BentAlignment> bend(const std::vector<Feature> &known, const Frame &known_frame,
                                  const std::vector<Feature> &seen, const Frame &seen_frame,
                                  const std::vector<Pairing> &pairings, const Alignment &flat) {
  if (flat.inliers < kPlacesMin) return std::nullopt;
  const auto paired = [&](const Pairing &pairing) -> Pair {
    const Feature &a = known[size_t(pairing.known)], &b = seen[size_t(pairing.seen)];
    return {a.x / known_frame.width, a.y / known_frame.height, b.x / seen_frame.width,
            b.y / seen_frame.height};
  };
  std::optional<Bend> map;
  const auto is_near = [&](const Pairing &pairing, double most) {
    const Feature &a = known[size_t(pairing.known)], &b = seen[size_t(pairing.seen)];
    double x, y;
    if (map) {
      const Pair pair = paired(pairing);
      map->apply(pair.u, pair.v, x, y);
      x *= seen_frame.width;
      y *= seen_frame.height;
    } else flat.map.apply(a.x, a.y, x, y);
    return (x - b.x) * (x - b.x) + (y - b.y) * (y - b.y) <= most * most;
  };
  std::vector<Pairing> members;
  std::vector<Pair> pairs;
  for (const double most : kNear) {
    members.clear();
    pairs.clear();
    for (const Pairing &pairing : pairings) {
      if (!is_near(pairing, most)) continue;
      members.push_back(pairing);
      pairs.push_back(paired(pairing));
    }
    if (pairs.size() < size_t(kPlacesMin)) return std::nullopt;
    map = fitted(pairs, pairs.size() >= kCubicMin ? Bend::kTerms : kQuadraticTerms);
  }
  const int inliers = distinct_places(known, seen, members);
  if (inliers < kPlacesMin || inliers < kGain * flat.inliers || !is_smooth(*map, pairs)) return std::nullopt;
  return BentAlignment{inliers, *map};
}

}  // namespace hindra
