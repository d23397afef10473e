#include "pdq/row-sums.h"

#include <algorithm>

namespace hindra {

void RowSums::start(float *out) {
  out_ = out;
  is_begun_ = false;
}

void RowSums::add(size_t row, uint32_t weight) { entries_.push_back({row, weight}); }

void RowSums::flush(float scale) {
  uint32_t sum = 0;
  for (const auto &[row, weight] : entries_) {
    for (uint32_t rest = weight; rest > 0;) {
      const uint32_t part = std::min<uint32_t>(rest, kWeightMax);
      if (sum + part > uint32_t(kWeightSumMax)) {
        run(scale);
        sum = 0;
      }
      const bool is_even = offsets_.size() % 2 == 0;
      offsets_.push_back(row * stride_);
      if (is_even) {
        pairs_.push_back(uint16_t(part));
      } else {
        pairs_.back() = uint16_t(pairs_.back() | part << 8);
      }
      sum += part;
      rest -= part;
    }
  }
  run(scale);
  entries_.clear();
}

void RowSums::run(float scale) {
  if (offsets_.empty()) return;
  // The last pair may be half a pair: its weight is 0, and its row any that can be read.
  if (offsets_.size() % 2 == 1) offsets_.push_back(offsets_.back());
  const RowWeights rows = {offsets_.data(), pairs_.data(), int(pairs_.size()), stride_};
  kernels_.weigh_rows(first_, rows, bytes_, scale, is_begun_, out_);
  is_begun_ = true;
  offsets_.clear();
  pairs_.clear();
}

}  // namespace hindra
