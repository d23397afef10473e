#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace hindra {

constexpr int kRadiusMax = 64;
constexpr size_t kNoLimit = std::numeric_limits<size_t>::max();

struct Query {
  uint64_t hash[4];
  /** 0 to 64. */
  int radius;
  /** Rows in none of these lists are passed over. */
  uint32_t lists;
  size_t limit = kNoLimit;
};

/** Hits of one query. Under a limit only the nearest are kept, so that a crowd costs no memory. */
class Hits {
 public:
  void begin(int radius, size_t limit) {
    keys_.clear();
    radius_ = radius;
    limit_ = limit;
    within_ = 0;
    if (limit != kNoLimit) std::fill_n(at_, kRadiusMax + 1, 0);
  }
  /** Hits beyond this can no longer be among the nearest. */
  int radius() const { return radius_; }
  void push(uint32_t label, int distance) {
    keys_.push_back((static_cast<uint64_t>(distance) << 32) | label);
    if (limit_ == kNoLimit) return;
    at_[distance] += 1;
    within_ += 1;
    for (; within_ - at_[radius_] >= limit_; radius_ -= 1) within_ -= at_[radius_];
    if (keys_.size() / 2 >= limit_) cut();
  }
  /** Nearest first, ties by label, no more than the limit. */
  void sort();
  /** A label came twice: it was replaced while the search was under way. */
  bool has_twins() const;
  /** Leaves one hit a label. */
  void drop_twins();

  size_t size() const { return keys_.size(); }
  uint32_t label(size_t i) const { return static_cast<uint32_t>(keys_[i]); }
  uint16_t distance(size_t i) const { return static_cast<uint16_t>(keys_[i] >> 32); }

 private:
  void cut();

  std::vector<uint64_t> keys_;
  int radius_ = 0;
  size_t limit_ = kNoLimit;
  /** How many hits there were by distance, and within the radius; kept only under a limit. */
  size_t at_[kRadiusMax + 1] = {};
  size_t within_ = 0;
};

}  // namespace hindra
