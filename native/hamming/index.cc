#include "hamming/index.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "hamming/maintenance.h"
#include "hamming/search.h"

namespace hindra {
namespace {

/** So many at once become a segment without going through a delta. */
constexpr size_t kMany = 2 * size_t{kDeltaRows};
/** Full deltas that wait to be sorted before who adds does it himself. */
constexpr size_t kDeltasWaitingMax = 8;
/** With so many segments, who has to sort deltas himself merges first. */
constexpr size_t kSegmentsCrowded = 24;
constexpr int kTriesMax = 8;

/** Sorted by label; of equal labels the last one stays. */
std::shared_ptr<Rows> sorted_rows(const uint32_t *labels, const uint8_t *hashes, size_t count,
                                  uint32_t lists) {
  const bool with_lists = lists != kAllLists;
  const bool ascending =
      std::adjacent_find(labels, labels + count, std::greater_equal<>()) == labels + count;
  std::vector<uint32_t> order;
  if (!ascending) {
    order.resize(count);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [labels](uint32_t a, uint32_t b) { return labels[a] < labels[b]; });
    size_t kept = 0;
    for (size_t i = 0; i < count; i += 1) {
      if (i + 1 < count && labels[order[i + 1]] == labels[order[i]]) continue;
      order[kept++] = order[i];
    }
    order.resize(kept);
    count = kept;
  }
  auto rows = std::make_shared<Rows>(static_cast<uint32_t>(count), with_lists);
  for (size_t row = 0; row < count; row += 1) {
    const size_t from = ascending ? row : order[row];
    std::memcpy(rows->hashes() + kHashWords * row, hashes + 32 * from, 32);
    rows->labels()[row] = labels[from];
    if (with_lists) rows->lists()[row] = lists;
  }
  return rows;
}

bool lacks_bands(const State &state) {
  return std::any_of(state.segments.begin(), state.segments.end(),
                     [](const auto &segment) { return segment->bands == nullptr; });
}

}  // namespace

/** Where a label is: a row of a segment or of a delta. */
struct Index::Place {
  Segment *segment = nullptr;
  Delta *delta = nullptr;
  uint32_t row = kNoRow;
};

Index::Index() {
  auto first = std::make_shared<State>();
  first->deltas.push_back(std::make_shared<Delta>());
  state_ = std::move(first);
}

Index::~Index() {
  {
    const std::lock_guard<std::mutex> lock(writing_);
    ending_ = true;
  }
  awake_.notify_all();
  if (maintainer_.joinable()) maintainer_.join();
  while (retired_) retired_ = std::move(retired_->retired_before);
}

std::shared_ptr<const State> Index::state() const {
  const std::lock_guard<std::mutex> lock(state_guard_);
  return state_;
}

void Index::publish(std::shared_ptr<const State> next) {
  {
    const std::lock_guard<std::mutex> lock(state_guard_);
    state_.swap(next);
  }
  next->retired_before = std::move(retired_);
  retired_ = std::move(next);
}

// A replaced hash is written to its new place before it is gone from the old one, and the new place
// comes later in the order of search: who finds the old one gone has the new one still to come. What
// comes by another way counts as an arrival, after which a search that missed it begins anew.
void Index::search(const Query &query, Hits &hits) const {
  for (int tries = 1;; tries += 1) {
    hits.begin(query.radius, query.limit);
    const uint64_t arrivals = arrivals_.load(std::memory_order_acquire);
    const uint64_t replacements = replacements_.load(std::memory_order_acquire);
    search_once(*state(), query, hits);
    if (arrivals_.load(std::memory_order_acquire) != arrivals) continue;
    const bool quiet = replacements % 2 == 0 &&
                       replacements_.load(std::memory_order_acquire) == replacements;
    if (quiet || !hits.has_twins()) return;
    if (tries < kTriesMax) continue;
    return hits.drop_twins();
  }
}

void Index::search_once(const State &state, const Query &query, Hits &hits) const {
  for (const auto &segment : state.segments) {
    if (segment->bands && !is_scan_cheaper(*segment->rows, query.radius)) {
      search_bands(*segment->rows, *segment->bands, query, hits);
    } else {
      search_all(*segment->rows, query, hits);
    }
  }
  for (const auto &delta : state.deltas) delta->search(query, hits);
  const Delta *next = state.deltas.back()->next();
  for (; next != nullptr; next = next->next()) next->search(query, hits);
}

Index::Place Index::find(uint32_t label) const {
  for (const auto &delta : state_->deltas) {
    const uint32_t row = delta->find(label);
    if (row != kNoRow) return {nullptr, delta.get(), row};
  }
  for (const auto &segment : state_->segments) {
    const uint32_t row = segment->rows->find(label);
    if (row != kNoRow) return {segment.get(), nullptr, row};
  }
  return {};
}

void Index::drop(const Place &place, uint32_t label) {
  Job *job = place.delta != nullptr ? place.delta->job : place.segment->job;
  if (job != nullptr) job->removed.push_back(label);
  if (place.delta != nullptr) {
    place.delta->gone.set(place.row);
    place.delta->gone_count += 1;
  } else {
    place.segment->rows->gone.set(place.row);
    place.segment->rows->gone_count.fetch_add(1, std::memory_order_relaxed);
  }
}

void Index::add(const uint32_t *labels, const uint8_t *hashes, size_t count, uint32_t lists) {
  if (count >= kMany) return add_many(labels, hashes, count, lists);
  std::unique_lock<std::mutex> lock(writing_);
  while (state_->deltas.size() > kDeltasWaitingMax) {
    const bool crowded = state_->segments.size() >= kSegmentsCrowded;
    const Task task = crowded ? choose(false) : full_deltas();
    if (!task) break;
    work(task, lock);
  }
  // All memory that the batch takes is had before the first of it is seen.
  std::vector<std::shared_ptr<const State>> next;
  const std::shared_ptr<const State> before = state_;
  for (size_t room = kDeltaRows - before->deltas.back()->count(); room < count; room += kDeltaRows) {
    next.push_back(with_new_delta(next.empty() ? *before : *next.back()));
  }
  expect_removals(count);
  size_t filled = 0;
  for (size_t i = 0; i < count; i += 1) {
    if (state_->deltas.back()->full()) follow_delta(std::move(next[filled++]));
    uint64_t hash[kHashWords];
    std::memcpy(hash, hashes + 32 * i, 32);
    add_one(labels[i], hash, lists);
  }
}

/** After this many labels can be dropped without an allocation. */
void Index::expect_removals(size_t count) {
  const auto expect = [count](Job *job) {
    if (job == nullptr) return;
    std::vector<uint32_t> &removed = job->removed;
    const size_t needed = removed.size() + count;
    if (needed > removed.capacity()) removed.reserve(std::max(needed, 2 * removed.capacity()));
  };
  for (const auto &delta : state_->deltas) expect(delta->job);
  for (const auto &segment : state_->segments) expect(segment->job);
}

void Index::add_one(uint32_t label, const uint64_t *hash, uint32_t lists) {
  const Place before = find(label);
  if (before.row == kNoRow) {
    state_->deltas.back()->append(label, hash, lists);
    size_.fetch_add(1, std::memory_order_release);
    return;
  }
  replacements_.fetch_add(1, std::memory_order_acq_rel);
  state_->deltas.back()->append(label, hash, lists);
  drop(before, label);
  replacements_.fetch_add(1, std::memory_order_acq_rel);
}

std::shared_ptr<const State> Index::with_new_delta(const State &state) {
  auto next = std::make_shared<State>(state);
  next->deltas.push_back(std::make_shared<Delta>());
  return next;
}

void Index::follow_delta(std::shared_ptr<const State> next) {
  state_->deltas.back()->follow_by(next->deltas.back());
  publish(std::move(next));
  wake();
}

void Index::freeze_delta() { follow_delta(with_new_delta(*state_)); }

/**
 * Sorts before it takes the lock: others write on meanwhile. The bands, which take the longest, are
 * left to the background, one such segment at a time: until then its rows are compared one by one.
 */
void Index::add_many(const uint32_t *labels, const uint8_t *hashes, size_t count, uint32_t lists) {
  auto segment = std::make_shared<Segment>();
  segment->rows = sorted_rows(labels, hashes, count, lists);
  std::unique_lock<std::mutex> lock(writing_);
  if (lacks_bands(*state_)) {
    lock.unlock();
    segment->bands = std::make_shared<Bands>(*segment->rows, sorting_threads());
    lock.lock();
  }
  replace_by(segment);
  wake();
}

void Index::load(std::shared_ptr<Rows> rows) {
  auto segment = std::make_shared<Segment>();
  segment->rows = std::move(rows);
  const std::lock_guard<std::mutex> lock(writing_);
  replace_by(segment);
  wake();
}

void Index::replace_by(const std::shared_ptr<Segment> &segment) {
  const Rows &rows = *segment->rows;
  const std::shared_ptr<const State> before = state_;
  auto next = std::make_shared<State>(*before);
  next->segments.push_back(segment);
  expect_removals(rows.count());
  replacements_.fetch_add(1, std::memory_order_acq_rel);
  publish(std::move(next));
  arrivals_.fetch_add(1, std::memory_order_acq_rel);
  size_t replaced = 0;
  for (const auto &other : before->segments) {
    uint32_t row = 0;
    for (uint32_t at = 0; at < other->rows->count() && row < rows.count(); at += 1) {
      const uint32_t label = other->rows->label(at);
      row = static_cast<uint32_t>(
          std::lower_bound(rows.labels() + row, rows.labels() + rows.count(), label) -
          rows.labels());
      if (row == rows.count() || rows.label(row) != label || other->rows->gone.has(at)) continue;
      drop({other.get(), nullptr, at}, label);
      replaced += 1;
    }
  }
  for (const auto &delta : before->deltas) {
    delta->each_live([&](uint32_t row, uint32_t label) {
      if (rows.find(label) == kNoRow) return;
      drop({nullptr, delta.get(), row}, label);
      replaced += 1;
    });
  }
  replacements_.fetch_add(1, std::memory_order_acq_rel);
  size_.fetch_add(rows.count() - replaced, std::memory_order_release);
}

size_t Index::remove(const uint32_t *labels, size_t count) {
  const std::lock_guard<std::mutex> lock(writing_);
  expect_removals(count);
  size_t removed = 0;
  for (size_t i = 0; i < count; i += 1) {
    const Place place = find(labels[i]);
    if (place.row == kNoRow) continue;
    drop(place, labels[i]);
    removed += 1;
  }
  size_.fetch_sub(removed, std::memory_order_release);
  if (removed > 0) wake();
  return removed;
}

IndexStats Index::stats() const {
  const std::lock_guard<std::mutex> lock(writing_);
  IndexStats stats{};
  stats.hashes = size();
  stats.segments = state_->segments.size();
  for (const auto &segment : state_->segments) {
    stats.tombstones += segment->rows->gone_count.load(std::memory_order_relaxed);
    stats.resident_bytes += segment->rows->bytes() + (segment->bands ? segment->bands->bytes() : 0);
  }
  for (const auto &delta : state_->deltas) {
    stats.delta_hashes += delta->count() - delta->gone_count;
    stats.tombstones += delta->gone_count;
    stats.resident_bytes += delta->bytes();
  }
  stats.merging = working_ > 0 || choose(false);
  return stats;
}

std::vector<Part> Index::snapshot() const {
  std::vector<Part> parts;
  std::vector<std::pair<std::shared_ptr<Delta>, GoneCopy>> deltas;
  std::vector<uint32_t> counts;
  {
    const std::lock_guard<std::mutex> lock(writing_);
    for (const auto &segment : state_->segments) {
      parts.push_back({segment->rows, GoneCopy(segment->rows->gone, segment->rows->count())});
    }
    for (const auto &delta : state_->deltas) {
      counts.push_back(delta->count());
      deltas.emplace_back(delta, GoneCopy(delta->gone, counts.back()));
    }
  }
  for (size_t i = 0; i < deltas.size(); i += 1) {
    const auto rows = deltas[i].first->sorted(counts[i], deltas[i].second);
    parts.push_back({rows, GoneCopy(rows->gone, rows->count())});
  }
  return parts;
}

}  // namespace hindra
