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
/** Entries that are looked at for one feature; a crowd of more tells little of each. */
constexpr size_t kLooked = 1024;
/** The nearest of them vote. */
constexpr size_t kVoters = 16;
/** Places whose votes are told apart by turn and scale. */
constexpr size_t kCounted = 1024;
constexpr int kTurnBins = 16;
constexpr int kScaleBins = 16;
/** Less is chance: two votes are, whatever they weigh. */
constexpr float kVotesMin = 1.2f;
constexpr float kWeightMax = 0.58f;
/** Entries gone through in one go by `wipe`. */
constexpr size_t kWiped = 65536;

int ones(uint64_t bits) {
  bits -= bits >> 1 & 0x5555555555555555;
  bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
  return int(((bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f) * 0x0101010101010101 >> 56);
}

}  // namespace

struct FeatureVotes::Vote {
  uint32_t place;
  uint8_t distance;
  bool mirrored;
  uint8_t turn;
  uint8_t scale;
  float weight;
};

struct FeatureVotes::Probe {
  const uint8_t *descriptor;
  int angle;
  int level;
  bool mirrored;
};

FeatureVotes::FeatureVotes() {
  for (auto &table : tables_) table.resize(size_t(1) << kSketchKeyBits);
}

void FeatureVotes::add(uint32_t place, const std::vector<Feature> &features) {
  std::vector<const Feature *> chosen;
  for (const Feature &feature : features) chosen.push_back(&feature);
  std::stable_sort(chosen.begin(), chosen.end(), [](const Feature *a, const Feature *b) {
    return kScaleRank[a->level] < kScaleRank[b->level];
  });
  chosen.resize(std::min(chosen.size(), kKept));
  const std::unique_lock lock(mutex_);
  places_ = std::max(places_, place + 1);
  for (const Feature *feature : chosen) {
    for (int table = 0; table < kSketchTables; table += 1) {
      const Sketch sketch = sketch_of(feature->descriptor, table);
      std::vector<Entry> &bucket = tables_[table][sketch.key];
      // By a quarter, where a vector would double: most of the memory is here.
      if (bucket.size() == bucket.capacity()) bucket.reserve(bucket.size() + bucket.size() / 4 + 1);
      bucket.push_back({sketch.wide, place, sketch.narrow, feature->angle, feature->level});
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
  for (auto &table : tables_) {
    for (size_t at = 0; at < table.size();) {
      const std::unique_lock lock(mutex_);
      for (size_t seen = 0; at < table.size() && seen < kWiped; at += 1) {
        std::vector<Entry> &bucket = table[at];
        seen += 1 + bucket.size();
        const auto end = std::remove_if(bucket.begin(), bucket.end(), is_gone);
        std::fill(end, bucket.end(), Entry{});
        bucket.erase(end, bucket.end());
      }
    }
  }
  const std::unique_lock lock(mutex_);
  for (const uint32_t place : gone) gone_.erase(place);
}

void FeatureVotes::cast(const Probe &probe, std::vector<Vote> &votes,
                        std::vector<Vote> &met) const {
  met.clear();
  size_t looked = 0;
  const Sketch sketches[kSketchTables] = {sketch_of(probe.descriptor, 0),
                                          sketch_of(probe.descriptor, 1)};
  for (int flip = -1; flip < kSketchKeyBits && looked < kLooked; flip += 1) {
    for (int table = 0; table < kSketchTables; table += 1) {
      const Sketch &sketch = sketches[table];
      const uint32_t key = flip < 0 ? sketch.key : sketch.key ^ 1u << flip;
      const std::vector<Entry> &bucket = tables_[table][key];
      const size_t most = std::min(bucket.size(), kLooked - looked);
      looked += most;
      for (size_t i = 0; i < most; i += 1) {
        const Entry &entry = bucket[i];
        const int distance = (flip < 0 ? 0 : 1) + ones(entry.wide ^ sketch.wide) +
                             ones(uint64_t(entry.narrow ^ sketch.narrow));
        if (distance > kNear || gone_.count(entry.place) > 0) continue;
        const int turn = (probe.angle - entry.angle + kAngles) % kAngles * kTurnBins / kAngles;
        const int scale = (probe.level - entry.level + kScaleBins / 2) / 2;
        met.push_back({entry.place, uint8_t(distance), probe.mirrored, uint8_t(turn),
                       uint8_t(scale), 0});
      }
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

std::vector<uint32_t> FeatureVotes::counted(const std::vector<Vote> &votes, size_t limit) const {
  std::vector<float> sums(places_);
  for (const Vote &vote : votes) sums[vote.place] += vote.weight;
  std::vector<uint32_t> voted;
  for (uint32_t place = 0; place < places_; place += 1) {
    if (sums[place] >= kVotesMin) voted.push_back(place);
  }
  const auto by = [](const std::vector<float> &rank) {
    return [&rank](uint32_t a, uint32_t b) {
      return rank[a] != rank[b] ? rank[a] > rank[b] : a < b;
    };
  };
  if (voted.size() > kCounted) {
    std::nth_element(voted.begin(), voted.begin() + kCounted, voted.end(), by(sums));
    voted.resize(kCounted);
  }
  // A copy is turned and scaled as a whole, so that its votes meet in one bin of both; neighbouring
  // bins too, so that what lies at an edge is not torn apart.
  constexpr int kBins = 2 * kTurnBins * kScaleBins;
  std::vector<float> bins(voted.size() * kBins);
  std::vector<uint32_t> slots(places_);
  for (size_t slot = 0; slot < voted.size(); slot += 1) slots[voted[slot]] = uint32_t(slot + 1);
  for (const Vote &vote : votes) {
    if (slots[vote.place] == 0) continue;
    float *of = &bins[(slots[vote.place] - 1) * kBins + (vote.mirrored ? kBins / 2 : 0)];
    for (const int turn : {int(vote.turn), (vote.turn + 1) % kTurnBins}) {
      for (const int scale : {int(vote.scale), vote.scale + 1}) {
        of[turn * kScaleBins + scale] += vote.weight;
      }
    }
  }
  std::fill(sums.begin(), sums.end(), 0.0f);
  for (size_t slot = 0; slot < voted.size(); slot += 1) {
    sums[voted[slot]] = *std::max_element(&bins[slot * kBins], &bins[slot * kBins] + kBins);
  }
  std::sort(voted.begin(), voted.end(), by(sums));
  voted.resize(std::min(voted.size(), limit));
  while (!voted.empty() && sums[voted.back()] < kVotesMin) voted.pop_back();
  return voted;
}

std::vector<uint32_t> FeatureVotes::leading(const Seen &seen, size_t limit) const {
  std::vector<Vote> votes, met;
  const std::vector<Feature> &features = seen.extraction.features;
  const size_t voting = size_t(std::ceil(double(features.size()) * kVotingShare));
  const std::shared_lock lock(mutex_);
  for (size_t i = 0; i < voting; i += 1) {
    const Feature &feature = features[i];
    cast({feature.descriptor, feature.angle, feature.level, false}, votes, met);
    if (!seen.variants.mirrored) continue;
    const uint8_t *mirrored = &seen.extraction.mirrored[i * kDescriptorBytes];
    cast({mirrored, mirrored_angle(feature.angle), feature.level, true}, votes, met);
  }
  return counted(votes, limit);
}

size_t FeatureVotes::bytes() const {
  const std::shared_lock lock(mutex_);
  size_t sum = 0;
  for (const auto &table : tables_) {
    for (const auto &bucket : table) sum += sizeof bucket + bucket.capacity() * sizeof(Entry);
  }
  return sum;
}

}  // namespace hindra
