#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "hamming/region.h"
#include "kernels/hamming.h"
#include "kernels/prefetch.h"

namespace hindra {

constexpr uint32_t kAllLists = 0xffffffffu;
constexpr uint32_t kNoRow = 0xffffffffu;

/** One bit a row: what was removed since the rows were written. */
class Gone {
 public:
  Gone() = default;
  explicit Gone(std::atomic<uint64_t> *words) : words_(words) {}

  bool has(uint32_t row) const {
    return (words_[row / 64].load(std::memory_order_acquire) >> (row % 64)) & 1;
  }
  void fetch(uint32_t row) const { prefetch(words_ + row / 64); }
  void set(uint32_t row) {
    words_[row / 64].fetch_or(uint64_t{1} << (row % 64), std::memory_order_release);
  }
  uint64_t word(size_t number) const { return words_[number].load(std::memory_order_acquire); }

 private:
  std::atomic<uint64_t> *words_ = nullptr;
};

/** The same at one moment. */
class GoneCopy {
 public:
  GoneCopy(const Gone &gone, uint32_t count) : words_(count / 64 + 1) {
    for (size_t i = 0; i * 64 < count; i += 1) words_[i] = gone.word(i);
  }
  bool has(uint32_t row) const { return (words_[row / 64] >> (row % 64)) & 1; }
  uint32_t count() const {
    uint32_t count = 0;
    for (const uint64_t word : words_) count += static_cast<uint32_t>(__builtin_popcountll(word));
    return count;
  }

 private:
  std::vector<uint64_t> words_;
};

/** Hashes in ascending order of their labels, so that a label is found without a map. */
class Rows {
 public:
  /** Room for `count` rows; `with_lists` where they are not all in all lists. */
  Rows(uint32_t count, bool with_lists);

  uint32_t count() const { return count_; }
  const uint64_t *hash(uint32_t row) const { return hashes_ + kHashWords * size_t{row}; }
  uint32_t label(uint32_t row) const { return labels_[row]; }
  /** Brings near what is asked of a row that is a hit. */
  void fetch(uint32_t row) const {
    prefetch(labels_ + row);
    gone.fetch(row);
    if (lists_ != nullptr) prefetch(lists_ + row);
  }
  uint32_t lists(uint32_t row) const { return lists_ == nullptr ? kAllLists : lists_[row]; }
  /** kNoRow where the label is not here, or was removed. */
  uint32_t find(uint32_t label) const;
  size_t bytes() const { return memory_.bytes(); }

  uint64_t *hashes() const { return hashes_; }
  uint32_t *labels() const { return labels_; }
  /** Null where all rows are in all lists. */
  uint32_t *lists() const { return lists_; }

  mutable Gone gone;
  /** How many are gone; of one writer at a time. */
  mutable std::atomic<uint32_t> gone_count{0};

 private:
  Region memory_;
  uint32_t count_;
  uint64_t *hashes_;
  uint32_t *labels_;
  uint32_t *lists_ = nullptr;
};

}  // namespace hindra
