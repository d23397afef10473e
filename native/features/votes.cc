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
/** Of so few all do: a small piece of a picture has no others. */
constexpr size_t kAllVote = 400;
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
/** Two votes for a picture that hardly another one has are more than chance. */
constexpr float kWeightMax = 0.58f;
/** Angles are kept in 32 steps: they fit into two bytes with the scale and the place. */
constexpr int kAngleUnit = kAngles / 32;
/** Of the pictures that are known. */
constexpr int kKnownSide = 512;
/** Entries gone through in one go by `wipe`. */
constexpr size_t kWiped = 65536;

int ones(uint64_t bits) {
  bits -= bits >> 1 & 0x5555555555555555;
  bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
  return int(((bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f) * 0x0101010101010101 >> 56);
}

}  // namespace

struct FeatureVotes::Probe {
  const uint8_t *descriptor;
  int angle;
  int level;
  int x, y;
  Variants shown;
};

/** The buckets that hold what is near to a probe, of those that hold anything. */
struct FeatureVotes::Sought {
  struct Bucket {
    const std::vector<Entry> *entries;
    int table;
    int flipped;
  };
  Sketches sketches;
  Bucket buckets[kBuckets];
  int count;
};

/** What is near to a probe: its place and, in the lowest eight bits, its distance. */
struct FeatureVotes::Met {
  uint64_t order;
  const Entry *entry;

  uint8_t distance() const { return uint8_t(order); }
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
    const Sketches sketches = sketches_of(feature->descriptor);
    for (int table = 0; table < kSketchTables; table += 1) {
      const Sketch &sketch = sketches[table];
      std::vector<Entry> &bucket = tables_[table][sketch.key];
      held_[table][sketch.key / 64] |= uint64_t(1) << sketch.key % 64;
      // By a quarter, where a vector would double: most of the memory is here.
      if (bucket.size() == bucket.capacity()) bucket.reserve(bucket.size() + bucket.size() / 4 + 1);
      bucket.push_back({sketch.wide, place, sketch.narrow, uint16_t(feature->angle / kAngleUnit),
                        feature->level, uint16_t(feature->x * kVotePlaceCells / (kPlaceSteps + 1)),
                        uint16_t(feature->y * kVotePlaceCells / (kPlaceSteps + 1))});
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
  sought.sketches = sketches_of(probe.descriptor);
  for (int at = 0; at < kBuckets; at += 1) {
    const int table = at % kSketchTables, flip = at / kSketchTables;
    const uint32_t key = sought.sketches[table].key ^ (flip == 0 ? 0 : 1u << (flip - 1));
    if ((held_[table][key / 64] >> key % 64 & 1) == 0) continue;
    sought.buckets[sought.count++] = {&tables_[table][key], table, flip == 0 ? 0 : 1};
    __builtin_prefetch(&tables_[table][key]);
  }
}

void FeatureVotes::cast(const Probe &probe, const Sought &sought, std::vector<Vote> &votes,
                        std::vector<Met> &met) const {
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
      met.push_back({uint64_t(entry.place) << 8 | uint64_t(distance), &entry});
    }
  }
  // Each place once, by its nearest.
  std::sort(met.begin(), met.end(), [](const Met &a, const Met &b) { return a.order < b.order; });
  met.erase(std::unique(met.begin(), met.end(),
                        [](const Met &a, const Met &b) { return a.order >> 8 == b.order >> 8; }),
            met.end());
  if (met.size() > kVoters) {
    std::nth_element(met.begin(), met.begin() + kVoters, met.end(), [](const Met &a, const Met &b) {
      return a.distance() != b.distance() ? a.distance() < b.distance() : a.order < b.order;
    });
    met.resize(kVoters);
  }
  // What many have counts less for each: the fixed parts of an app's screenshots, a watermark.
  const float weight = std::min(kWeightMax, 1 / std::sqrt(float(met.size())));
  for (const Met &one : met) {
    const Entry &entry = *one.entry;
    const int turn = (probe.angle - int(entry.angle) * kAngleUnit + kAngles) % kAngles;
    votes.push_back({entry.place, one.distance(), probe.shown, uint8_t(turn),
                     int8_t(probe.level - int(entry.level)), uint8_t(entry.x), uint8_t(entry.y),
                     uint16_t(probe.x), uint16_t(probe.y), weight});
  }
}

std::vector<Leader> FeatureVotes::leading(const Seen &seen, size_t limit) const {
  const std::vector<Feature> &features = seen.extraction.features;
  const Frame frame(seen.plane.width, seen.plane.height);
  const size_t count = features.size();
  const size_t voting = count <= kAllVote ? count : size_t(std::ceil(double(count) * kVotingShare));
  std::vector<Probe> probes;
  for (size_t i = 0; i < voting; i += 1) {
    const Feature &feature = features[i];
    const auto probe = [&](const uint8_t *descriptors, Variants shown) {
      const int turned = shown.inverted ? inverted_angle(feature.angle) : feature.angle;
      const int angle = shown.mirrored ? mirrored_angle(turned) : turned;
      const int x = shown.mirrored ? frame.mirrored(feature.x) : feature.x;
      probes.push_back({descriptors, angle, feature.level, x, feature.y, shown});
    };
    const size_t at = i * kDescriptorBytes;
    probe(feature.descriptor, {false, false});
    if (seen.variants.mirrored) probe(&seen.extraction.mirrored[at], {true, false});
    if (seen.variants.inverted) probe(&seen.extraction.inverted[at], {false, true});
    if (seen.variants.mirrored && seen.variants.inverted) {
      probe(&seen.extraction.mirrored_inverted[at], {true, true});
    }
  }
  std::vector<Vote> votes;
  std::vector<Met> met;
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
  return leading_places(votes, unit, limit);
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
