#include "hamming/hits.h"

#include <algorithm>

namespace hindra {
namespace {

uint32_t label_of(uint64_t key) { return static_cast<uint32_t>(key); }

bool by_label(uint64_t a, uint64_t b) {
  return label_of(a) != label_of(b) ? label_of(a) < label_of(b) : a < b;
}

bool same_label(uint64_t a, uint64_t b) { return label_of(a) == label_of(b); }

}  // namespace

void Hits::cut() {
  if (keys_.size() <= limit_) return;
  const auto last = keys_.begin() + static_cast<std::ptrdiff_t>(limit_) - 1;
  std::nth_element(keys_.begin(), last, keys_.end());
  keys_.resize(limit_);
}

void Hits::sort() {
  cut();
  std::sort(keys_.begin(), keys_.end());
}

bool Hits::has_twins() const {
  std::vector<uint64_t> sorted(keys_);
  std::sort(sorted.begin(), sorted.end(), by_label);
  return std::adjacent_find(sorted.begin(), sorted.end(), same_label) != sorted.end();
}

void Hits::drop_twins() {
  std::sort(keys_.begin(), keys_.end(), by_label);
  keys_.erase(std::unique(keys_.begin(), keys_.end(), same_label), keys_.end());
}

}  // namespace hindra
