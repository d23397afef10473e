#include "features/votes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

#include "features/bend.h"
#include "features/sketch.h"

namespace hindra {
namespace {

/** Of those of a picture that is looked for, the most telling vote: no more are found by all. */
constexpr double kVotingShare = 5.0 / 8;
/** Of so few all do: a small piece of a picture has no others. */
constexpr size_t kAllVote = 400;
/** Features of a copy differ from those of its original in so many of the 68 bits at most. */
constexpr int kNear = 8;
/** Keys that a feature is looked for under: all in which only bits differ that are not sure. */
constexpr size_t kLikely = size_t(1) << kUnsureBits;
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

/** Which of the bits that are not sure differ, 0 the least sure one: what is likely comes first. */
struct LikelyFlips {
  std::array<uint8_t, kLikely> sets;

  LikelyFlips() {
    for (size_t set = 0; set < kLikely; set += 1) sets[set] = uint8_t(set);
    std::stable_sort(sets.begin(), sets.end(), [](int a, int b) { return weight_of(a) < weight_of(b); });
  }

 private:
  static int weight_of(int set) {
    int sum = 0;
    for (int at = 0; at < kUnsureBits; at += 1) sum += (set >> at & 1) * (at + 1);
    return sum;
  }
};

/** All keys under which a copy of the feature may be filed, the likely ones first; `unsure` is null of an older server. */
size_t likely_keys(uint32_t key, const uint8_t *unsure, std::array<uint32_t, kLikely> &keys) {
  static const LikelyFlips flips;
  size_t count = 0;
  if (unsure == nullptr) {
    keys[count++] = key;
    for (int bit = 0; bit < kSketchKeyBits; bit += 1) keys[count++] = key ^ 1u << bit;
    return count;
  }
  for (const int set : flips.sets) {
    uint32_t flipped = key;
    for (int at = 0; at < kUnsureBits; at += 1) {
      if (set >> at & 1) flipped ^= 1u << unsure[at];
    }
    keys[count++] = flipped;
  }
  return count;
}

static_assert(kLikely > size_t(kSketchKeyBits), "keys in which one bit differs, whichever it is, have room");

}  // namespace

struct FeatureVotes::Probe {
  const uint8_t *descriptor;
  const uint8_t *unsure;
  int angle;
  int level;
  int x, y;
  Variants shown;
};

/** The buckets that hold what is near to a probe, of those that hold anything. */
struct FeatureVotes::Sought {
  struct Bucket {
    const std::vector<Entry> *entries;
    int flipped;
  };
  Sketch sketch;
  Bucket buckets[kLikely];
  size_t count;
};

/** What is near to a probe: its place and, in the lowest eight bits, its distance. */
struct FeatureVotes::Met {
  uint64_t order;
  const Entry *entry;

  uint8_t distance() const { return uint8_t(order); }
};

FeatureVotes::FeatureVotes()
    : buckets_(size_t(1) << kSketchKeyBits), held_((size_t(1) << kSketchKeyBits) / 64) {}

void FeatureVotes::add(uint32_t place, const std::vector<Feature> &features) {
  const std::unique_lock lock(mutex_);
  for (const Feature &feature : features) {
    const auto [key, further] = sketch_of(feature.descriptor);
    std::vector<Entry> &bucket = buckets_[key];
    held_[key / 64] |= uint64_t(1) << key % 64;
    // By an eighth, where a vector would double: most of the memory is here.
    if (bucket.size() == bucket.capacity()) bucket.reserve(bucket.size() + bucket.size() / 8 + 1);
    bucket.push_back({place, uint32_t(further), uint16_t(further >> 32),
                      uint16_t(feature.angle / kAngleUnit), feature.level,
                      uint16_t(feature.x * kVotePlaceCells / (kPlaceSteps + 1)),
                      uint16_t(feature.y * kVotePlaceCells / (kPlaceSteps + 1))});
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
  for (size_t at = 0; at < buckets_.size();) {
    const std::unique_lock lock(mutex_);
    for (size_t seen = 0; at < buckets_.size() && seen < kWiped; at += 1) {
      std::vector<Entry> &bucket = buckets_[at];
      seen += 1 + bucket.size();
      const auto end = std::remove_if(bucket.begin(), bucket.end(), is_gone);
      std::fill(end, bucket.end(), Entry{});
      bucket.erase(end, bucket.end());
      if (bucket.empty()) held_[at / 64] &= ~(uint64_t(1) << at % 64);
    }
  }
  const std::unique_lock lock(mutex_);
  for (const uint32_t place : gone) gone_.erase(place);
}

void FeatureVotes::find(const Probe &probe, Sought &sought) const {
  sought.count = 0;
  sought.sketch = sketch_of(probe.descriptor);
  std::array<uint32_t, kLikely> keys;
  const size_t count = likely_keys(sought.sketch.key, probe.unsure, keys);
  for (size_t at = 0; at < count; at += 1) {
    const uint32_t key = keys[at];
    if ((held_[key / 64] >> key % 64 & 1) == 0) continue;
    sought.buckets[sought.count++] = {&buckets_[key], ones(key ^ sought.sketch.key)};
    __builtin_prefetch(&buckets_[key]);
  }
}

/** The nearest, each place once. */
void FeatureVotes::meet(const Sought &sought, std::vector<Met> &met) const {
  met.clear();
  size_t looked = 0;
  for (size_t at = 0; at < sought.count; at += 1) {
    const auto &[bucket, flipped] = sought.buckets[at];
    const size_t most = std::min(bucket->size(), kLooked - looked);
    looked += most;
    for (size_t i = 0; i < most; i += 1) {
      const Entry &entry = (*bucket)[i];
      const uint64_t further = uint64_t(entry.further_high) << 32 | entry.further_low;
      const int distance = flipped + ones(further ^ sought.sketch.further);
      if (distance > kNear || gone_.count(entry.place) > 0) continue;
      met.push_back({uint64_t(entry.place) << 8 | uint64_t(distance), &entry});
    }
  }
  std::sort(met.begin(), met.end(), [](const Met &a, const Met &b) { return a.order < b.order; });
  met.erase(std::unique(met.begin(), met.end(),
                        [](const Met &a, const Met &b) { return a.order >> 8 == b.order >> 8; }),
            met.end());
  if (met.size() <= kVoters) return;
  std::nth_element(met.begin(), met.begin() + kVoters, met.end(), [](const Met &a, const Met &b) {
    return a.distance() != b.distance() ? a.distance() < b.distance() : a.order < b.order;
  });
  met.resize(kVoters);
}

void FeatureVotes::cast(const Probe &probe, const std::vector<Met> &met, std::vector<Vote> &votes) const {
  // What many have as near counts less for each: the fixed parts of an app's screenshots, a watermark. What is far may
  // be alike by chance, and takes nothing from what is nearer.
  size_t as_near[kNear + 1] = {};
  for (const Met &one : met) as_near[one.distance()] += 1;
  for (int distance = 1; distance <= kNear; distance += 1) as_near[distance] += as_near[distance - 1];
  for (const Met &one : met) {
    const Entry &entry = *one.entry;
    const size_t crowd = as_near[one.distance()];
    const int turn = (probe.angle - int(entry.angle) * kAngleUnit + kAngles) % kAngles;
    votes.push_back({entry.place, one.distance(), probe.shown, uint8_t(turn),
                     int8_t(probe.level - int(entry.level)), uint8_t(entry.x), uint8_t(entry.y),
                     uint16_t(probe.x), uint16_t(probe.y), std::min(kWeightMax, 1 / std::sqrt(float(crowd)))});
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
    size_t variant = 0;
    const auto probe = [&](const uint8_t *descriptor, Variants shown) {
      const int turned = shown.inverted ? inverted_angle(feature.angle) : feature.angle;
      const int angle = shown.mirrored ? mirrored_angle(turned) : turned;
      const int x = shown.mirrored ? frame.mirrored(feature.x) : feature.x;
      const size_t at = (variant++ * count + i) * kUnsureBits;
      const uint8_t *unsure = seen.extraction.unsure.empty() ? nullptr : &seen.extraction.unsure[at];
      probes.push_back({descriptor, unsure, angle, feature.level, x, feature.y, shown});
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
    const size_t together = std::min(kAhead, probes.size() - first);
    for (size_t i = 0; i < together; i += 1) find(probes[first + i], sought[i]);
    for (size_t i = 0; i < together; i += 1) {
      for (size_t at = 0; at < sought[i].count; at += 1) {
        __builtin_prefetch(sought[i].buckets[at].entries->data());
      }
    }
    for (size_t i = 0; i < together; i += 1) {
      meet(sought[i], met);
      cast(probes[first + i], met, votes);
    }
  }
  const double unit = double(kKnownSide) / std::max(seen.plane.width, seen.plane.height);
  return leading_places(votes, unit, limit);
}

size_t FeatureVotes::bytes() const {
  const std::shared_lock lock(mutex_);
  size_t sum = held_.size() * sizeof held_[0];
  for (const auto &bucket : buckets_) sum += sizeof bucket + bucket.capacity() * sizeof(Entry);
  return sum;
}

}  // namespace hindra
