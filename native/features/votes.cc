#include "features/votes.h"

#include <algorithm>
#include <cmath>
#include <mutex>

namespace hindra {
namespace {

/** Features of a picture that are kept: enough for the copies of `npm run bench -- robustness`. */
constexpr size_t kKept = 128;
/** Of those of a picture that is looked for, the most telling vote: no more are found by all. */
constexpr double kVotingShare = 5.0 / 8;
/**
 * Which scales go first: coarse features are still seen where the copy is shown small, and the
 * coarsest are gone where it is a detail shown large.
 */
constexpr int kScaleRank[kLevels] = {2, 2, 1, 0, 0, 0, 0, 1};
/** Of 100 bits, by which the features of a copy may differ. */
constexpr int kNear = 12;
/** Those of its own key and of keys that differ in one bit. */
constexpr int kBuckets = kSketchTables * (kSketchKeyBits + 1);
/** Features whose buckets are asked for ahead: nothing of them is in the cache, and each would be waited for. */
constexpr size_t kAhead = 16;
/** Entries that are looked at for one feature; a crowd of more tells little of each. */
constexpr size_t kLooked = 1024;
/** The nearest of them vote. */
constexpr size_t kVoters = 16;
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
constexpr float kWeightMax = 0.58f;
constexpr double kPi = 3.14159265358979323846;
/** Angles are kept in 32 steps, places in 16 x 16 cells of a square: both fit into two bytes with the scale. */
constexpr int kAngleUnit = kAngles / 32;
constexpr int kPlaceCells = 16;
/** Of the pictures that are known. */
constexpr int kKnownSide = 512;
constexpr double kCell = double(kPlaceSteps + 1) / kPlaceCells;
/** Votes for one map: how much of 128 they may differ in turn, in steps of scale, and in place. */
constexpr int kTurnOff = 10;
constexpr int kStepsOff = 2;
constexpr double kCellsOff = 0.8;
constexpr double kShareOff = 0.25;
/** Nearer to each other than this they are one corner. */
constexpr int kSamePlace = 12;
/** Entries gone through in one go by `wipe`. */
constexpr size_t kWiped = 65536;

int ones(uint64_t bits) {
  bits -= bits >> 1 & 0x5555555555555555;
  bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
  return int(((bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f) * 0x0101010101010101 >> 56);
}

/** Of each turn and each step of scale. */
struct Steps {
  double cosines[kAngles], sines[kAngles], scales[2 * kLevels];

  Steps() {
    for (int turn = 0; turn < kAngles; turn += 1) {
      cosines[turn] = std::cos(2 * kPi * turn / kAngles);
      sines[turn] = std::sin(2 * kPi * turn / kAngles);
    }
    for (int at = 0; at < 2 * kLevels; at += 1) scales[at] = std::pow(kLevelStep, at - kLevels);
  }
};

}  // namespace

struct FeatureVotes::Vote {
  uint32_t place;
  uint8_t distance;
  bool mirrored;
  uint8_t turn;
  int8_t steps;
  /** In cells of the known picture. */
  uint8_t known_x, known_y;
  uint16_t x, y;
  float weight;
};

struct FeatureVotes::Probe {
  const uint8_t *descriptor;
  int angle;
  int level;
  int x, y;
  bool mirrored;
};

/** The buckets that hold what is near to a probe, of those that hold anything. */
struct FeatureVotes::Sought {
  struct Bucket {
    const std::vector<Entry> *entries;
    int table;
    int flipped;
  };
  Sketch sketches[kSketchTables];
  Bucket buckets[kBuckets];
  int count;
};

FeatureVotes::FeatureVotes() {
  for (auto &table : tables_) table.resize(size_t(1) << kSketchKeyBits);
  for (auto &held : held_) held.resize((size_t(1) << kSketchKeyBits) / 64);
}

void FeatureVotes::add(uint32_t place, const std::vector<Feature> &features) {
  std::vector<const Feature *> chosen;
  for (const Feature &feature : features) chosen.push_back(&feature);
  std::stable_sort(chosen.begin(), chosen.end(), [](const Feature *a, const Feature *b) {
    return kScaleRank[a->level] < kScaleRank[b->level];
  });
  chosen.resize(std::min(chosen.size(), kKept));
  const std::unique_lock lock(mutex_);
  for (const Feature *feature : chosen) {
    for (int table = 0; table < kSketchTables; table += 1) {
      const Sketch sketch = sketch_of(feature->descriptor, table);
      std::vector<Entry> &bucket = tables_[table][sketch.key];
      held_[table][sketch.key / 64] |= uint64_t(1) << sketch.key % 64;
      // By a quarter, where a vector would double: most of the memory is here.
      if (bucket.size() == bucket.capacity()) bucket.reserve(bucket.size() + bucket.size() / 4 + 1);
      bucket.push_back({sketch.wide, place, sketch.narrow, uint16_t(feature->angle / kAngleUnit),
                        feature->level, uint16_t(feature->x * kPlaceCells / (kPlaceSteps + 1)),
                        uint16_t(feature->y * kPlaceCells / (kPlaceSteps + 1))});
    }
  }
}

void FeatureVotes::remove(const std::vector<uint32_t> &places) {
  const std::unique_lock lock(mutex_);
  gone_.insert(places.begin(), places.end());
}

void FeatureVotes::wipe() {
  std::unordered_set<uint32_t> gone;
  {
    const std::shared_lock lock(mutex_);
    gone = gone_;
  }
  const auto is_gone = [&](const Entry &entry) { return gone.count(entry.place) > 0; };
  for (int number = 0; number < kSketchTables; number += 1) {
    auto &table = tables_[number];
    for (size_t at = 0; at < table.size();) {
      const std::unique_lock lock(mutex_);
      for (size_t seen = 0; at < table.size() && seen < kWiped; at += 1) {
        std::vector<Entry> &bucket = table[at];
        seen += 1 + bucket.size();
        const auto end = std::remove_if(bucket.begin(), bucket.end(), is_gone);
        std::fill(end, bucket.end(), Entry{});
        bucket.erase(end, bucket.end());
        if (bucket.empty()) held_[number][at / 64] &= ~(uint64_t(1) << at % 64);
      }
    }
  }
  const std::unique_lock lock(mutex_);
  for (const uint32_t place : gone) gone_.erase(place);
}

void FeatureVotes::find(const Probe &probe, Sought &sought) const {
  sought.count = 0;
  for (int table = 0; table < kSketchTables; table += 1) {
    sought.sketches[table] = sketch_of(probe.descriptor, table);
  }
  for (int at = 0; at < kBuckets; at += 1) {
    const int table = at % kSketchTables, flip = at / kSketchTables;
    const uint32_t key = sought.sketches[table].key ^ (flip == 0 ? 0 : 1u << (flip - 1));
    if ((held_[table][key / 64] >> key % 64 & 1) == 0) continue;
    sought.buckets[sought.count++] = {&tables_[table][key], table, flip == 0 ? 0 : 1};
    __builtin_prefetch(&tables_[table][key]);
  }
}

void FeatureVotes::cast(const Probe &probe, const Sought &sought, std::vector<Vote> &votes,
                        std::vector<Vote> &met) const {
  met.clear();
  size_t looked = 0;
  for (int at = 0; at < sought.count; at += 1) {
    const auto &[bucket, table, flipped] = sought.buckets[at];
    const Sketch &sketch = sought.sketches[table];
    const size_t most = std::min(bucket->size(), kLooked - looked);
    looked += most;
    for (size_t i = 0; i < most; i += 1) {
      const Entry &entry = (*bucket)[i];
      const int distance = flipped + ones(entry.wide ^ sketch.wide) +
                           ones(uint64_t(entry.narrow ^ sketch.narrow));
      if (distance > kNear || gone_.count(entry.place) > 0) continue;
      const int turn = (probe.angle - int(entry.angle) * kAngleUnit + kAngles) % kAngles;
      met.push_back({entry.place, uint8_t(distance), probe.mirrored, uint8_t(turn),
                     int8_t(probe.level - int(entry.level)), uint8_t(entry.x), uint8_t(entry.y),
                     uint16_t(probe.x), uint16_t(probe.y), 0});
    }
  }
  // Each place once, by its nearest.
  std::sort(met.begin(), met.end(), [](const Vote &a, const Vote &b) {
    return a.place != b.place ? a.place < b.place : a.distance < b.distance;
  });
  met.erase(std::unique(met.begin(), met.end(),
                        [](const Vote &a, const Vote &b) { return a.place == b.place; }),
            met.end());
  if (met.size() > kVoters) {
    std::nth_element(met.begin(), met.begin() + kVoters, met.end(),
                     [](const Vote &a, const Vote &b) {
                       return a.distance != b.distance ? a.distance < b.distance
                                                       : a.place < b.place;
                     });
    met.resize(kVoters);
  }
  // What many have counts less for each: the fixed parts of an app's screenshots, a watermark.
  for (Vote &vote : met) vote.weight = std::min(kWeightMax, 1 / std::sqrt(float(met.size())));
  votes.insert(votes.end(), met.begin(), met.end());
}

float FeatureVotes::agreeing(const Vote *votes, size_t count, double unit) {
  static const Steps known;
  float most = 0;
  for (size_t i = 0; i < count; i += 1) {
    const Vote &one = votes[i];
    const double scale = unit * known.scales[one.steps + kLevels];
    const double c = scale * known.cosines[one.turn], s = scale * known.sines[one.turn];
    float sum = one.weight;
    for (size_t j = 0; j < count; j += 1) {
      const Vote &other = votes[j];
      if (one.mirrored != other.mirrored || std::abs(one.steps - other.steps) > kStepsOff) continue;
      const int apart = std::abs(one.turn - other.turn);
      if (std::min(apart, kAngles - apart) > kTurnOff) continue;
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

std::vector<uint32_t> FeatureVotes::counted(std::vector<Vote> &votes, size_t limit,
                                            double unit) const {
  std::sort(votes.begin(), votes.end(), [](const Vote &a, const Vote &b) {
    return a.place != b.place ? a.place < b.place : a.weight > b.weight;
  });
  struct Voted {
    uint32_t place;
    float sum;
    size_t from;
    size_t count;
    /** Of votes that agree, beyond chance. */
    float telling = 0;
  };
  std::vector<Voted> voted;
  for (size_t from = 0, to; from < votes.size(); from = to) {
    float sum = 0;
    for (to = from; to < votes.size() && votes[to].place == votes[from].place; to += 1) {
      sum += votes[to].weight;
    }
    if (sum >= kVotesMin) voted.push_back({votes[from].place, sum, from, std::min(to - from, kHeld)});
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
    const float sum = agreeing(&votes[each.from], each.count, unit);
    if (sum < kVotesMin) continue;
    each.telling = sum - kChance * std::sqrt(each.sum);
    agreed.push_back(each);
  }
  std::sort(agreed.begin(), agreed.end(), [](const Voted &a, const Voted &b) {
    return a.telling != b.telling ? a.telling > b.telling : a.place < b.place;
  });
  std::vector<uint32_t> leading;
  for (const Voted &each : agreed) {
    if (leading.size() == limit) break;
    if (each.telling < kVotesClear && leading.size() >= kUnclear) break;
    leading.push_back(each.place);
  }
  return leading;
}

std::vector<uint32_t> FeatureVotes::leading(const Seen &seen, size_t limit) const {
  const std::vector<Feature> &features = seen.extraction.features;
  const Frame frame(seen.plane.width, seen.plane.height);
  const size_t voting = size_t(std::ceil(double(features.size()) * kVotingShare));
  std::vector<Probe> probes;
  for (size_t i = 0; i < voting; i += 1) {
    const Feature &feature = features[i];
    const int x = feature.x, y = feature.y;
    probes.push_back({feature.descriptor, feature.angle, feature.level, x, y, false});
    if (!seen.variants.mirrored) continue;
    const uint8_t *mirrored = &seen.extraction.mirrored[i * kDescriptorBytes];
    const int angle = mirrored_angle(feature.angle);
    probes.push_back({mirrored, angle, feature.level, frame.mirrored(x), y, true});
  }
  std::vector<Vote> votes, met;
  std::vector<Sought> sought(kAhead);
  const std::shared_lock lock(mutex_);
  for (size_t first = 0; first < probes.size(); first += kAhead) {
    const size_t count = std::min(kAhead, probes.size() - first);
    for (size_t i = 0; i < count; i += 1) find(probes[first + i], sought[i]);
    for (size_t i = 0; i < count; i += 1) {
      for (int at = 0; at < sought[i].count; at += 1) {
        __builtin_prefetch(sought[i].buckets[at].entries->data());
      }
    }
    for (size_t i = 0; i < count; i += 1) cast(probes[first + i], sought[i], votes, met);
  }
  const double unit = double(kKnownSide) / std::max(seen.plane.width, seen.plane.height);
  return counted(votes, limit, unit);
}

size_t FeatureVotes::bytes() const {
  const std::shared_lock lock(mutex_);
  size_t sum = 0;
  for (const auto &held : held_) sum += held.size() * sizeof held[0];
  for (const auto &table : tables_) {
    for (const auto &bucket : table) sum += sizeof bucket + bucket.capacity() * sizeof(Entry);
  }
  return sum;
}

}  // namespace hindra
