#pragma once

#include <atomic>
#include <memory>

#include "hamming/hits.h"
#include "hamming/rows.h"

namespace hindra {

struct Job;

constexpr uint32_t kDeltaRows = 32768;

/**
 * The newest hashes, in the order they came, compared one by one. Grows by one writer while others
 * read: a row is written before `count` tells of it. Once full it is frozen and followed by another.
 */
class Delta {
 public:
  Delta();
  ~Delta();

  bool full() const { return count_.load(std::memory_order_relaxed) == kDeltaRows; }
  uint32_t count() const { return count_.load(std::memory_order_acquire); }
  void append(uint32_t label, const uint64_t *hash, uint32_t lists);
  /** kNoRow where the label is not here, or was removed. For the writer only. */
  uint32_t find(uint32_t label) const;
  /** Also what is added while it searches, so that a replaced hash is found in one place or both. */
  void search(const Query &query, Hits &hits) const;
  /** The first `count` rows less those that `is_gone`, by label. */
  std::shared_ptr<Rows> sorted(uint32_t count, const GoneCopy &is_gone) const;

  template <typename Visit>
  void each_live(Visit visit) const {
    for (uint32_t row = 0; row < count(); row += 1) {
      if (!gone.has(row)) visit(row, labels_[row]);
    }
  }

  /** What came after this one was full; null until then. */
  const Delta *next() const { return next_seen_.load(std::memory_order_acquire); }
  void follow_by(const std::shared_ptr<Delta> &next);
  size_t bytes() const { return memory_.bytes(); }

  mutable Gone gone;
  uint32_t gone_count = 0;
  Job *job = nullptr;

 private:
  void search(const Query &query, uint32_t from, uint32_t to, Hits &hits) const;

  Region memory_;
  uint64_t *hashes_;
  uint64_t *wide_;
  uint32_t *narrow_;
  uint32_t *labels_;
  uint32_t *lists_;
  /** Open addressing: row + 1 of the newest row with a label, 0 where free. */
  uint32_t *places_;
  uint32_t label_least_ = kNoRow;
  uint32_t label_most_ = 0;
  std::atomic<uint32_t> count_{0};
  std::atomic<const Delta *> next_seen_{nullptr};
  std::shared_ptr<Delta> next_;
};

}  // namespace hindra
