#include "features/align.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

namespace hindra {
namespace {

constexpr int kPairDistanceMax = 72;
constexpr double kPi = 3.14159265358979323846;
/** How far a pairing may lie from where the map puts it, in steps: about 9 pixels of 512. */
constexpr double kNear = 36;
/** The same for a proposal, whose angle and scale are known in steps only. */
constexpr double kNearProposal = 110;
/** How many steps of 128 two angles, and of 1.2 two sizes, may differ within one map. */
constexpr int kAngleSteps = 9;
constexpr double kLevelSteps = 1.6;
/** Places nearer than this count once: a corner is found at several scales. */
constexpr int kSamePlace = 12;
constexpr double kScaleMax = 8;
/** The longer axis of the map over the shorter one. */
constexpr double kStretchMax = 2;
constexpr int kProposalMin = 4;

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

/** Least squares over the pairings; false where they lie on a line. */
bool fit(const std::vector<Feature> &known, const std::vector<Feature> &seen,
         const std::vector<Pairing> &members, Affine &map) {
  const double n = double(members.size());
  double mx = 0, my = 0, tx = 0, ty = 0;
  for (const Pairing &pairing : members) {
    mx += known[pairing.known].x;
    my += known[pairing.known].y;
    tx += seen[pairing.seen].x;
    ty += seen[pairing.seen].y;
  }
  mx /= n, my /= n, tx /= n, ty /= n;
  double xx = 0, xy = 0, yy = 0, ux = 0, uy = 0, vx = 0, vy = 0;
  for (const Pairing &pairing : members) {
    const double x = known[pairing.known].x - mx, y = known[pairing.known].y - my;
    const double u = seen[pairing.seen].x - tx, v = seen[pairing.seen].y - ty;
    xx += x * x, xy += x * y, yy += y * y;
    ux += u * x, uy += u * y, vx += v * x, vy += v * y;
  }
  const double area = xx * yy - xy * xy;
  // The narrow axis of the cloud must be wider than what places are off by.
  const double trace = xx + yy;
  const double narrow = trace / 2 - std::sqrt(std::max(0.0, trace * trace / 4 - area));
  if (narrow < n * 900) return false;
  map.a = (ux * yy - uy * xy) / area;
  map.b = (uy * xx - ux * xy) / area;
  map.d = (vx * yy - vy * xy) / area;
  map.e = (vy * xx - vx * xy) / area;
  map.c = tx - map.a * mx - map.b * my;
  map.f = ty - map.d * mx - map.e * my;
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

}  // namespace

std::vector<Pairing> pair_features(const std::vector<Feature> &known, const uint8_t *seen,
                                   size_t count, const HammingKernels &kernels) {
  std::vector<uint64_t> rows(known.size() * HASH_WORDS);
  for (size_t i = 0; i < known.size(); i += 1) {
    std::memcpy(&rows[i * HASH_WORDS], known[i].descriptor, kDescriptorBytes);
  }
  std::vector<uint32_t> found(known.size());
  std::vector<uint16_t> distances(known.size());
  std::vector<Pairing> nearest(known.size(), Pairing{0, -1, kPairDistanceMax + 1});
  for (size_t i = 0; i < count; i += 1) {
    uint64_t query[HASH_WORDS];
    std::memcpy(query, seen + i * kDescriptorBytes, sizeof query);
    const size_t hits =
        kernels.scan(rows.data(), known.size(), query, kPairDistanceMax, found.data());
    if (hits == 0) continue;
    kernels.distances(rows.data(), found.data(), hits, query, distances.data());
    const size_t best = std::min_element(distances.begin(), distances.begin() + hits) -
                        distances.begin();
    Pairing &held = nearest[found[best]];
    if (distances[best] < held.distance) {
      held = {int(found[best]), int(i), distances[best]};
    }
  }
  nearest.erase(std::remove_if(nearest.begin(), nearest.end(),
                               [](const Pairing &pairing) { return pairing.seen < 0; }),
                nearest.end());
  return nearest;
}

Alignment align(const std::vector<Feature> &known, const std::vector<Feature> &seen,
                const std::vector<Pairing> &pairings, double unit) {
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
  int most = kProposalMin - 1;
  std::vector<Pairing> members, chosen;
  for (size_t i = 0; i < count; i += 1) {
    const double turn = 2 * kPi * turns[i] / kAngles;
    const double scale = unit * std::pow(kLevelStep, sizes[i]);
    const Affine map = proposed(known[pairings[i].known], seen[pairings[i].seen], scale, turn);
    members.clear();
    for (size_t j = 0; j < count; j += 1) {
      if (angle_between(turns[i], turns[j]) > kAngleSteps) continue;
      if (std::abs(sizes[i] - sizes[j]) > kLevelSteps) continue;
      const double off =
          distance_squared(map, known[pairings[j].known], seen[pairings[j].seen]);
      if (off <= kNearProposal * kNearProposal) members.push_back(pairings[j]);
    }
    if (int(members.size()) <= most) continue;
    most = int(members.size());
    chosen = members;
  }
  if (chosen.empty()) return best;
  for (const double near : {2 * kNear, kNear, kNear}) {
    Affine map;
    if (!fit(known, seen, chosen, map) || !is_plausible(map)) break;
    members.clear();
    for (const Pairing &pairing : pairings) {
      const double off = distance_squared(map, known[pairing.known], seen[pairing.seen]);
      if (off <= near * near) members.push_back(pairing);
    }
    const int inliers = distinct_places(known, seen, members);
    if (inliers < kProposalMin) break;
    if (near == kNear) best = {inliers, map};
    chosen = members;
  }
  return best;
}

}  // namespace hindra
