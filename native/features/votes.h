#pragma once

#include <cstdint>
#include <shared_mutex>
#include <unordered_set>
#include <vector>

#include "features/sketch.h"
#include "features/tally.h"
#include "features/verify.h"

namespace hindra {

/**
 * Which known pictures another one may show, by votes of their features: an inverted file with Hamming
 * embedding (Jegou, Douze and Schmid, 2008). Each of two tables files a feature under 20 bits of its
 * descriptor and keeps 80 others of it, with angle, scale and place in coarse steps. Votes for a picture
 * count together as far as they lie to each other as its features do. It is approximate: what differs
 * in more than one of the 20 bits is not met, and of a crowd of look-alikes some are not looked at. Any
 * thread may call.
 */
class FeatureVotes {
 public:
  FeatureVotes();

  /** Places are the caller's numbers, each given once and never again. Coarse features go first. */
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
    uint64_t wide;
    uint32_t place;
    uint16_t narrow;
    uint16_t angle : 5;
    uint16_t level : 3;
    uint16_t x : 4;
    uint16_t y : 4;
  };
  struct Probe;
  struct Sought;
  struct Met;

  void find(const Probe &probe, Sought &sought) const;
  void cast(const Probe &probe, const Sought &sought, std::vector<Vote> &votes,
            std::vector<Met> &met) const;

  mutable std::shared_mutex mutex_;
  std::vector<std::vector<Entry>> tables_[kSketchTables];
  /** A bit for each bucket: whether it holds anything. It stays in the cache, where the tables do not. */
  std::vector<uint64_t> held_[kSketchTables];
  std::unordered_set<uint32_t> gone_;
};

}  // namespace hindra
