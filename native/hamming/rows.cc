#include "hamming/rows.h"

#include <algorithm>

namespace hindra {

Rows::Rows(uint32_t count, bool with_lists) : count_(count) {
  Layout layout;
  const size_t hashes = layout.array<uint64_t>(kHashWords * size_t{count});
  const size_t labels = layout.array<uint32_t>(count);
  const size_t lists = layout.array<uint32_t>(with_lists ? count : 0);
  const size_t gone_words = layout.array<uint64_t>(count / 64 + 1);
  memory_ = Region(layout.bytes());
  hashes_ = memory_.at<uint64_t>(hashes);
  labels_ = memory_.at<uint32_t>(labels);
  if (with_lists) lists_ = memory_.at<uint32_t>(lists);
  gone = Gone(memory_.at<std::atomic<uint64_t>>(gone_words));
}

uint32_t Rows::find(uint32_t label) const {
  if (count_ == 0 || label < labels_[0] || label > labels_[count_ - 1]) return kNoRow;
  const uint32_t *found = std::lower_bound(labels_, labels_ + count_, label);
  if (*found != label) return kNoRow;
  const auto row = static_cast<uint32_t>(found - labels_);
  return gone.has(row) ? kNoRow : row;
}

}  // namespace hindra
