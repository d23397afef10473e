#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "hamming/hits.h"
#include "hamming/state.h"

namespace hindra {

struct IndexStats {
  size_t hashes;
  size_t delta_hashes;
  size_t segments;
  size_t tombstones;
  size_t resident_bytes;
  bool merging;
};

/**
 * Hashes by label: a log-structured set of segments, newest hashes in a delta. Any number of threads
 * may search while others write; writers take turns, and nothing that is searched is ever locked.
 * Throws std::bad_alloc, with the index as it was before.
 */
class Index {
 public:
  Index();
  /** Waits for the work under way; no other call may be. */
  ~Index();
  Index(const Index &) = delete;
  Index &operator=(const Index &) = delete;

  /** Replaces what the labels named before. All of it is found by the next search. */
  void add(const uint32_t *labels, const uint8_t *hashes, size_t count, uint32_t lists);
  /** Rows in order of label, which become one segment; its bands follow in the background. */
  void load(std::shared_ptr<Rows> rows);
  /** How many of them there were. */
  size_t remove(const uint32_t *labels, size_t count);
  /** Every hash within the radius, in no order; see Hits::sort. */
  void search(const Query &query, Hits &hits) const;
  size_t size() const { return size_.load(std::memory_order_acquire); }
  IndexStats stats() const;
  /** Merges what is worth it also where nothing presses; true once all that is done. */
  bool settle();
  /** The rows of this moment, in parts that do not change. */
  std::vector<Part> snapshot() const;

 private:
  struct Place;
  struct Task;

  std::shared_ptr<const State> state() const;
  void publish(std::shared_ptr<const State> next);
  void search_once(const State &state, const Query &query, Hits &hits) const;

  Place find(uint32_t label) const;
  void drop(const Place &place, uint32_t label);
  void add_one(uint32_t label, const uint64_t *hash, uint32_t lists);
  void add_many(const uint32_t *labels, const uint8_t *hashes, size_t count, uint32_t lists);
  void expect_removals(size_t count);
  static std::shared_ptr<const State> with_new_delta(const State &state);
  void follow_delta(std::shared_ptr<const State> next);
  void freeze_delta();
  void replace_by(const std::shared_ptr<Segment> &segment);

  /** All full deltas that nobody is at. The writer has the lock, as for the next. */
  Task full_deltas() const;
  /** What is most worth doing; nothing where there is nothing. */
  Task choose(bool settling) const;
  std::unique_ptr<Job> start(const Task &task);
  std::shared_ptr<Segment> carry_out(Job &job) const;
  void finish(Job &job, const std::shared_ptr<Segment> &segment);
  /** Lets go of the lock while it works. */
  void work(const Task &task, std::unique_lock<std::mutex> &lock);
  void maintain();
  void wake();
  /** Of the states that were followed by another, those that no search sees any more. */
  std::shared_ptr<const State> take_unseen();

  /** Held by whoever changes the index, briefly. */
  mutable std::mutex writing_;
  /** Held to copy or to set `state_`, and for nothing else. */
  mutable std::mutex state_guard_;
  std::shared_ptr<const State> state_;
  /** The newest of those that `state_` was before: to give gigabytes back takes a search too long. */
  std::shared_ptr<const State> retired_;
  std::atomic<size_t> size_{0};
  /** Odd while a hash is being replaced: a search may see both then. */
  std::atomic<uint64_t> replacements_{0};
  /** Segments that came by other ways than by merging: a search that missed one begins anew. */
  std::atomic<uint64_t> arrivals_{0};

  std::thread maintainer_;
  std::condition_variable awake_;
  bool ending_ = false;
  bool settling_ = false;
  unsigned working_ = 0;
};

}  // namespace hindra
