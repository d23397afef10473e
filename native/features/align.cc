#include "features/align.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

namespace hindra {
namespace {

constexpr int kPairDistanceMax = 72;
/** The same for a proposal, whose angle and scale are known in steps only. */
constexpr double kNearProposal = 110;
/** How many steps of 128 two angles, and of 1.2 two sizes, may differ within one map. */
constexpr int kAngleSteps = 9;
constexpr double kLevelSteps = 1.6;
constexpr double kScaleMax = 8;
/** The longer axis of the map over the shorter one. */
constexpr double kStretchMax = 2;
constexpr int kProposalMin = 4;
/** Variance of places, in square steps: of less no map can be told. */
constexpr double kSpread = 900;

struct Proposal {
  double turn;
  double scale;
};

int angle_between(int a, int b) {
  const int difference = std::abs(a - b) % kAngles;
  return std::min(difference, kAngles - difference);
}

Affine proposed(const Feature &known, const Feature &seen, double scale, double turn) {
  const double c = scale * std::cos(turn), s = scale * std::sin(turn);
  return {c, -s, seen.x - (c * known.x - s * known.y), s, c,
          seen.y - (s * known.x + c * known.y)};
}

double distance_squared(const Affine &map, const Feature &known, const Feature &seen) {
  double x, y;
  map.apply(known.x, known.y, x, y);
  return (x - seen.x) * (x - seen.x) + (y - seen.y) * (y - seen.y);
}

/** Sums over pairings, of known places (x, y) and their partners (u, v), all from their means. */
struct Moments {
  double n = 0;
  double mx = 0, my = 0, tx = 0, ty = 0;
  double xx = 0, xy = 0, yy = 0, ux = 0, uy = 0, vx = 0, vy = 0;

  Moments(const std::vector<Feature> &known, const std::vector<Feature> &seen,
          const std::vector<Pairing> &members)
      : n(double(members.size())) {
    for (const Pairing &pairing : members) {
      mx += known[pairing.known].x;
      my += known[pairing.known].y;
      tx += seen[pairing.seen].x;
      ty += seen[pairing.seen].y;
    }
    mx /= n, my /= n, tx /= n, ty /= n;
    for (const Pairing &pairing : members) {
      const double x = known[pairing.known].x - mx, y = known[pairing.known].y - my;
      const double u = seen[pairing.seen].x - tx, v = seen[pairing.seen].y - ty;
      xx += x * x, xy += x * y, yy += y * y;
      ux += u * x, uy += u * y, vx += v * x, vy += v * y;
    }
  }
};

/** What takes the mean of the known places to that of their partners. */
Affine shifted(const Moments &of, double a, double b, double d, double e) {
  return {a, b, of.tx - a * of.mx - b * of.my, d, e, of.ty - d * of.mx - e * of.my};
}

/** False where the places lie on a line. */
bool fit_affine(const Moments &of, Affine &map) {
  const double area = of.xx * of.yy - of.xy * of.xy;
  // The narrow axis of the cloud must be wider than what places are off by.
  const double trace = of.xx + of.yy;
  const double narrow = trace / 2 - std::sqrt(std::max(0.0, trace * trace / 4 - area));
  if (narrow < of.n * kSpread) return false;
  map = shifted(of, (of.ux * of.yy - of.uy * of.xy) / area, (of.uy * of.xx - of.ux * of.xy) / area,
                (of.vx * of.yy - of.vy * of.xy) / area, (of.vy * of.xx - of.vx * of.xy) / area);
  return true;
}

/** False where the places lie in one spot. */
bool fit_similar(const Moments &of, Affine &map) {
  const double trace = of.xx + of.yy;
  if (trace < of.n * kSpread) return false;
  const double along = (of.ux + of.vy) / trace, across = (of.vx - of.uy) / trace;
  map = shifted(of, along, -across, across, along);
  return true;
}

/** Whether a camera, an app or a person would do this to a picture. */
bool is_plausible(const Affine &map) {
  const double det = map.a * map.e - map.b * map.d;
  const double sum = map.a * map.a + map.b * map.b + map.d * map.d + map.e * map.e;
  const double root = std::sqrt(std::max(0.0, sum * sum / 4 - det * det));
  const double longer = std::sqrt(sum / 2 + root);
  const double shorter = std::sqrt(std::max(0.0, sum / 2 - root));
  return det > 0 && longer <= kScaleMax && shorter >= 1 / kScaleMax &&
         longer <= kStretchMax * shorter;
}

std::vector<Pairing> near_map(const std::vector<Feature> &known, const std::vector<Feature> &seen,
                              const std::vector<Pairing> &pairings, const Affine &map, double near) {
  std::vector<Pairing> members;
  for (const Pairing &pairing : pairings) {
    const double off = distance_squared(map, known[pairing.known], seen[pairing.seen]);
    if (off <= near * near) members.push_back(pairing);
  }
  return members;
}

}  // namespace

std::vector<Pairing> joined(const std::vector<Feature> &known, const std::vector<Feature> &seen,
                            const std::vector<Pairing> &pairings, const Affine &map) {
  return near_map(known, seen, pairings, map, kNearMap);
}

int distinct_places(const std::vector<Feature> &known, const std::vector<Feature> &seen,
                    const std::vector<Pairing> &members) {
  std::set<int> from, to;
  for (const Pairing &pairing : members) {
    const auto place = [](const Feature &feature) {
      return feature.y / kSamePlace * 4096 + feature.x / kSamePlace;
    };
    from.insert(place(known[pairing.known]));
    to.insert(place(seen[pairing.seen]));
  }
  return int(std::min(from.size(), to.size()));
}

std::vector<Pairing> pair_features(const std::vector<Feature> &known, const uint8_t *seen,
                                   size_t count, const HammingKernels &kernels) {
  std::vector<Pairing> nearest(known.size(), Pairing{0, -1, kPairDistanceMax + 1});
  if (known.empty()) return {};
  std::vector<uint64_t> columns(known.size() * kHashWords);
  for (size_t i = 0; i < known.size(); i += 1) {
    uint64_t row[kHashWords];
    std::memcpy(row, known[i].descriptor, sizeof row);
    for (size_t word = 0; word < kHashWords; word += 1) columns[word * known.size() + i] = row[word];
  }
  for (size_t i = 0; i < count; i += 1) {
    uint64_t query[kHashWords];
    std::memcpy(query, seen + i * kDescriptorBytes, sizeof query);
    const uint64_t found = kernels.nearest(columns.data(), known.size(), query);
    const int best = int(found & 0xffffffff), distance = int(found >> 32);
    Pairing &held = nearest[size_t(best)];
    if (distance < held.distance) held = {best, int(i), distance};
  }
  nearest.erase(std::remove_if(nearest.begin(), nearest.end(),
                               [](const Pairing &pairing) { return pairing.seen < 0; }),
                nearest.end());
  return nearest;
}

Alignment align(const std::vector<Feature> &known, const std::vector<Feature> &seen,
                const std::vector<Pairing> &pairings, double unit, Fit fit) {
  Alignment best;
  const size_t count = pairings.size();
  if (count < size_t(kProposalMin)) return best;
  std::vector<int> turns(count);
  std::vector<int> sizes(count);
  for (size_t i = 0; i < count; i += 1) {
    const Feature &a = known[pairings[i].known], &b = seen[pairings[i].seen];
    turns[i] = (b.angle - a.angle + kAngles) % kAngles;
    sizes[i] = b.level - a.level;
  }
  std::vector<uint32_t> at_turn[kAngles];
  for (size_t i = 0; i < count; i += 1) at_turn[turns[i]].push_back(uint32_t(i));
  const auto map_of = [&](size_t i) {
    const double turn = radians(turns[i]);
    const double scale = unit * std::pow(kLevelStep, sizes[i]);
    return proposed(known[pairings[i].known], seen[pairings[i].seen], scale, turn);
  };
  const auto supports = [&](size_t j, size_t i, const Affine &map) {
    if (std::abs(sizes[i] - sizes[j]) > kLevelSteps) return false;
    const double off = distance_squared(map, known[pairings[j].known], seen[pairings[j].seen]);
    return off <= kNearProposal * kNearProposal;
  };
  size_t most = kProposalMin - 1;
  size_t leader = count;
  for (size_t i = 0; i < count; i += 1) {
    size_t near = 0, support = 0;
    const auto each_near = [&](auto &&visit) {
      for (int step = -kAngleSteps; step <= kAngleSteps; step += 1) {
        visit(at_turn[(turns[i] + step + kAngles) % kAngles]);
      }
    };
    each_near([&](const std::vector<uint32_t> &those) { near += those.size(); });
    if (near <= most) continue;
    const Affine map = map_of(i);
    each_near([&](const std::vector<uint32_t> &those) {
      for (const uint32_t j : those) support += supports(j, i, map);
    });
    if (support <= most) continue;
    most = support;
    leader = i;
  }
  if (leader == count) return best;
  std::vector<Pairing> chosen;
  const Affine leading = map_of(leader);
  for (size_t j = 0; j < count; j += 1) {
    if (angle_between(turns[leader], turns[j]) > kAngleSteps) continue;
    if (supports(j, leader, leading)) chosen.push_back(pairings[j]);
  }
  for (const double near : {2 * kNearMap, kNearMap, kNearMap}) {
    Affine map;
    const Moments moments(known, seen, chosen);
    const bool is_told = fit == Fit::affine ? fit_affine(moments, map) : fit_similar(moments, map);
    if (!is_told || !is_plausible(map)) break;
    chosen = near_map(known, seen, pairings, map, near);
    const int inliers = distinct_places(known, seen, chosen);
    if (inliers < kProposalMin) break;
    if (near == kNearMap) best = {inliers, map};
  }
  return best;
}

}  // namespace hindra
