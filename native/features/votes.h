#pragma once

#include <cstdint>
#include <shared_mutex>
#include <unordered_set>
#include <vector>

#include "features/known.h"
#include "features/seen.h"
#include "features/tally.h"

namespace hindra {

/**
 * Which known pictures another one may show, by votes of their features: an inverted file with Hamming
 * embedding (Jegou, Douze and Schmid, 2008). A feature is filed under 20 bits of its descriptor, and 48 others of it
 * are kept, with angle, scale and place in coarse steps. It is looked for under the keys that a copy of it most likely
 * has (Lv et al., 2007): its own, and those that differ in bits which were decided by the least. Votes for a picture
 * count together as far as they lie to each other as its features do. It is approximate: what differs in another bit of
 * the 20 is not met, and of a crowd of look-alikes some are not looked at. Any thread may call.
 */
class FeatureVotes {
 public:
  FeatureVotes();

  /** Places are the caller's numbers, each given once and never again. */
  void add(uint32_t place, const std::vector<Feature> &features);
  /** Found no more from now on; what was kept of them is wiped by `wipe`. */
  void remove(const std::vector<uint32_t> &places);
  /** Goes through all that is kept, a part at a time, while searches go on. */
  void wipe();
  /** The places with the most votes, at most `limit`, the most voted first. */
  std::vector<Leader> leading(const Seen &seen, size_t limit) const;
  /** Of memory, of what is kept. */
  size_t bytes() const;

 private:
  struct Entry {
    uint32_t place;
    /** The further bits of the sketch: 32 and 16, for an entry of 8 bytes and 4 would take 16. */
    uint32_t further_low;
    uint16_t further_high;
    uint16_t angle : 5;
    uint16_t level : 3;
    uint16_t x : 4;
    uint16_t y : 4;
  };
  struct Probe;
  struct Sought;
  struct Met;

  void find(const Probe &probe, Sought &sought) const;
  void meet(const Sought &sought, std::vector<Met> &met) const;
  void cast(const Probe &probe, const std::vector<Met> &met, std::vector<Vote> &votes) const;

  mutable std::shared_mutex mutex_;
  /** By key. */
  std::vector<std::vector<Entry>> buckets_;
  /** A bit for each bucket: whether it holds anything. It stays in the cache, where the buckets do not. */
  std::vector<uint64_t> held_;
  std::unordered_set<uint32_t> gone_;
};

}  // namespace hindra
