#include "features/tally.h"

#include <algorithm>
#include <cmath>

#include "features/describe.h"

namespace hindra {
namespace {

/** Places whose votes are held against each other. */
constexpr size_t kCounted = 1024;
/** Of one place as many at most: more do not change who leads. */
constexpr size_t kHeld = 64;
/** Less is chance: two votes count as more where hardly another picture got those. */
constexpr float kVotesMin = 1.0f;
/** Of many votes more agree by chance: about as many as the root of all. */
constexpr float kChance = 0.15f;
/** What is left of three votes or more; what is less clear comes along only where fewer than so many lead. */
constexpr float kVotesClear = 1.55f;
constexpr size_t kUnclear = 3;
constexpr double kCell = double(kPlaceSteps + 1) / kVotePlaceCells;
/** Votes for one map: how much of 128 they may differ in turn, in steps of scale, and in place. */
constexpr int kTurnOff = 10;
constexpr int kStepsOff = 2;
constexpr double kCellsOff = 0.8;
constexpr double kShareOff = 0.25;

/** Of each turn and each step of scale. */
struct Steps {
  double cosines[kAngles], sines[kAngles], scales[2 * kLevels];

  Steps() {
    for (int turn = 0; turn < kAngles; turn += 1) {
      cosines[turn] = std::cos(radians(turn));
      sines[turn] = std::sin(radians(turn));
    }
    for (int at = 0; at < 2 * kLevels; at += 1) scales[at] = std::pow(kLevelStep, at - kLevels);
  }
};

struct Agreed {
  float weight = 0;
  Variants shown;
};

/** The most weight of votes that fit the turn, scale and place of one of them, which show the picture alike. */
float agreeing(const std::vector<const Vote *> &votes, double unit) {
  static const Steps of;
  float most = 0;
  for (const Vote *seed : votes) {
    const Vote &one = *seed;
    const double scale = unit * of.scales[one.steps + kLevels];
    const double c = scale * of.cosines[one.turn], s = scale * of.sines[one.turn];
    float sum = one.weight;
    for (const Vote *each : votes) {
      const Vote &other = *each;
      const int apart = std::abs(one.turn - other.turn);
      if (std::min(apart, kAngles - apart) > kTurnOff) continue;
      if (std::abs(one.steps - other.steps) > kStepsOff) continue;
      const double x = other.x - one.x, y = other.y - one.y;
      // One corner, seen at several scales, is one witness.
      if (std::abs(x) < kSamePlace && std::abs(y) < kSamePlace) continue;
      const double u = kCell * (other.known_x - one.known_x), v = kCell * (other.known_y - one.known_y);
      const double off_x = c * u - s * v - x, off_y = s * u + c * v - y;
      const double within = scale * kCell * kCellsOff + kShareOff * std::sqrt(x * x + y * y);
      if (off_x * off_x + off_y * off_y <= within * within) sum += other.weight;
    }
    most = std::max(most, sum);
  }
  return most;
}

/** The same for each way in which the picture may be shown, and the way of the most. */
Agreed agreeing(const Vote *votes, size_t count, double unit) {
  Agreed most;
  std::vector<const Vote *> alike;
  for (const Variants shown : {Variants{false, false}, {true, false}, {false, true}, {true, true}}) {
    alike.clear();
    for (size_t i = 0; i < count; i += 1) {
      if (votes[i].shown == shown) alike.push_back(&votes[i]);
    }
    const float weight = agreeing(alike, unit);
    if (weight > most.weight) most = {weight, shown};
  }
  return most;
}

/**
 * The weight of all votes of the picture, or of all of its negative, mirrored or not: how much of that agrees by chance
 * grows with it.
 */
float weight_of(const Vote *votes, size_t count, const Variants &shown) {
  float sum = 0;
  for (size_t i = 0; i < count; i += 1) {
    if (votes[i].shown.inverted == shown.inverted) sum += votes[i].weight;
  }
  return sum;
}

}  // namespace

std::vector<Leader> leading_places(std::vector<Vote> &votes, double unit, size_t limit) {
  std::sort(votes.begin(), votes.end(), [](const Vote &a, const Vote &b) {
    return a.place != b.place ? a.place < b.place : a.weight > b.weight;
  });
  struct Voted {
    uint32_t place;
    float sum;
    size_t from;
    size_t count;
    /** Of votes that agree, beyond chance. */
    float telling;
    Variants shown;
  };
  std::vector<Voted> voted;
  for (size_t from = 0, to; from < votes.size(); from = to) {
    float sum = 0;
    for (to = from; to < votes.size() && votes[to].place == votes[from].place; to += 1) {
      sum += votes[to].weight;
    }
    if (sum >= kVotesMin) voted.push_back({votes[from].place, sum, from, to - from, 0, {}});
  }
  const auto more = [](const Voted &a, const Voted &b) {
    return a.sum != b.sum ? a.sum > b.sum : a.place < b.place;
  };
  if (voted.size() > kCounted) {
    std::nth_element(voted.begin(), voted.begin() + kCounted, voted.end(), more);
    voted.resize(kCounted);
  }
  std::vector<Voted> agreed;
  for (Voted &each : voted) {
    const Agreed most = agreeing(&votes[each.from], std::min(each.count, kHeld), unit);
    if (most.weight < kVotesMin) continue;
    each.telling = most.weight - kChance * std::sqrt(weight_of(&votes[each.from], each.count, most.shown));
    each.shown = most.shown;
    agreed.push_back(each);
  }
  std::sort(agreed.begin(), agreed.end(), [](const Voted &a, const Voted &b) {
    return a.telling != b.telling ? a.telling > b.telling : a.place < b.place;
  });
  std::vector<Leader> leading;
  for (const Voted &each : agreed) {
    if (leading.size() == limit) break;
    if (each.telling < kVotesClear && leading.size() >= kUnclear) break;
    leading.push_back({each.place, each.shown});
  }
  return leading;
}

}  // namespace hindra
