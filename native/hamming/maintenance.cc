// The background of the index: full deltas become segments, segments are merged.
#include "hamming/maintenance.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <system_error>

#if defined(__linux__)
#include <sys/resource.h>
#endif

namespace hindra {
namespace {

/** Segments of about one size, within a factor of 4, that are merged into one. */
constexpr size_t kFanOut = 4;
/** Beyond this share of removed rows a segment is written anew. */
constexpr uint32_t kGoneShare = 4;
constexpr uint32_t kGoneLeast = 1024;
/** At rest, all that is smaller together than this share of the next larger segment stays apart. */
constexpr uint64_t kRestShare = 16;
/** At rest, a delta with fewer rows is left as it is. */
constexpr uint32_t kRestDelta = 2048;
constexpr auto kQuiet = std::chrono::seconds(2);
/** A search that began before has ended by then. */
constexpr auto kStillSeen = std::chrono::milliseconds(50);
constexpr auto kAfterFailure = std::chrono::seconds(1);

unsigned tier(const Segment &segment) {
  unsigned tier = 0;
  for (uint32_t rows = segment.rows->count(); rows > kDeltaRows; rows /= kFanOut) tier += 1;
  return tier;
}

bool is_worn(const Rows &rows) {
  const uint32_t gone = rows.gone_count.load(std::memory_order_relaxed);
  return gone == rows.count() || (gone >= kGoneLeast && gone > rows.count() / kGoneShare);
}

/** A chain of states; link by link, for a long one must not end in deep recursion. */
void free_one_by_one(std::shared_ptr<const State> states) {
  while (states) states = std::move(states->retired_before);
}

/** Searches come first where there are too few processors for all. Threads begun here do alike. */
void step_back() {
#if defined(__linux__)
  // Zero names the calling thread; what else there is to gain is not worth a failure.
  (void)setpriority(PRIO_PROCESS, 0, 5);
#endif
}

}  // namespace

unsigned sorting_threads() { return std::clamp(std::thread::hardware_concurrency(), 1u, 8u); }

Index::Task Index::full_deltas() const {
  Task task;
  for (size_t i = 0; i + 1 < state_->deltas.size(); i += 1) {
    if (state_->deltas[i]->job == nullptr) task.deltas.push_back(state_->deltas[i]);
  }
  return task;
}

// Merging goes before deltas: were it after them, whoever adds without a pause would keep it waiting,
// and a search would have hundreds of segments to go through.
Index::Task Index::choose(bool settling) const {
  std::vector<std::shared_ptr<Segment>> free;
  for (const auto &segment : state_->segments) {
    if (segment->job != nullptr) continue;
    if (segment->bands == nullptr) return {{}, {segment}};
    free.push_back(segment);
  }
  std::map<unsigned, std::vector<std::shared_ptr<Segment>>> tiers;
  for (const auto &segment : free) tiers[tier(*segment)].push_back(segment);
  for (const auto &[number, segments] : tiers) {
    if (segments.size() >= kFanOut) return {{}, segments};
  }
  if (Task full = full_deltas()) return full;
  for (const auto &segment : free) {
    if (is_worn(*segment->rows)) return {{}, {segment}};
  }
  if (!settling || working_ > 0) return {};
  const auto &growing = state_->deltas.back();
  if (!free.empty() && growing->count() >= kRestDelta) return {{growing}, {}};
  std::sort(free.begin(), free.end(), [](const auto &a, const auto &b) {
    return a->rows->count() < b->rows->count();
  });
  uint64_t smaller = 0;
  size_t merging = 0;
  for (size_t i = 0; i < free.size(); i += 1) {
    if (i > 0 && smaller * kRestShare > free[i]->rows->count()) merging = i + 1;
    smaller += free[i]->rows->count();
  }
  return {{}, {free.begin(), free.begin() + static_cast<std::ptrdiff_t>(merging)}};
}

std::unique_ptr<Job> Index::start(const Task &task) {
  if (!task.deltas.empty() && task.deltas.back() == state_->deltas.back()) freeze_delta();
  std::unique_ptr<Job> job(new Job{task.deltas, {}, task.segments, {}, {}});
  for (const auto &delta : task.deltas) {
    job->deltas_gone.push_back(GoneCopy(delta->gone, delta->count()));
  }
  for (const auto &segment : task.segments) {
    job->parts.push_back({segment->rows, GoneCopy(segment->rows->gone, segment->rows->count())});
  }
  for (const auto &delta : task.deltas) delta->job = job.get();
  for (const auto &segment : task.segments) segment->job = job.get();
  return job;
}

std::shared_ptr<Segment> Index::carry_out(Job &job) const {
  auto segment = std::make_shared<Segment>();
  if (job.only_bands()) {
    segment->rows = job.segments.front()->rows;
  } else {
    for (size_t i = 0; i < job.deltas.size(); i += 1) {
      const Delta &delta = *job.deltas[i];
      const auto rows = delta.sorted(delta.count(), job.deltas_gone[i]);
      job.parts.push_back({rows, GoneCopy(rows->gone, rows->count())});
    }
    const bool as_it_is = job.segments.empty() && job.parts.size() == 1;
    segment->rows = as_it_is ? job.parts.front().rows : merged(job.parts);
  }
  // Searches need processors too.
  const unsigned threads = job.only_bands() ? sorting_threads() : (sorting_threads() + 1) / 2;
  segment->bands = std::make_shared<Bands>(*segment->rows, threads);
  return segment;
}

void Index::finish(Job &job, const std::shared_ptr<Segment> &segment) {
  auto next = std::make_shared<State>();
  for (const auto &other : state_->segments) {
    if (other->job != &job) next->segments.push_back(other);
  }
  for (const auto &delta : state_->deltas) {
    if (delta->job != &job) next->deltas.push_back(delta);
  }
  for (const uint32_t label : job.removed) {
    const uint32_t row = segment->rows->find(label);
    if (row == kNoRow) continue;
    segment->rows->gone.set(row);
    segment->rows->gone_count.fetch_add(1, std::memory_order_relaxed);
  }
  if (segment->rows->count() > 0) next->segments.push_back(segment);
  publish(std::move(next));
}

void Index::work(const Task &task, std::unique_lock<std::mutex> &lock) {
  if (!task) return;
  const std::unique_ptr<Job> job = start(task);
  working_ += 1;
  lock.unlock();
  std::shared_ptr<Segment> segment;
  std::exception_ptr failure;
  try {
    segment = carry_out(*job);
  } catch (...) {
    failure = std::current_exception();
  }
  lock.lock();
  working_ -= 1;
  try {
    if (segment) finish(*job, segment);
  } catch (...) {
    failure = std::current_exception();
  }
  for (const auto &delta : job->deltas) delta->job = nullptr;
  for (const auto &other : job->segments) other->job = nullptr;
  if (failure) std::rethrow_exception(failure);
}

std::shared_ptr<const State> Index::take_unseen() {
  std::shared_ptr<const State> unseen;
  for (std::shared_ptr<const State> *at = &retired_; *at != nullptr;) {
    if (at->use_count() > 1) {
      at = &(*at)->retired_before;
      continue;
    }
    std::shared_ptr<const State> taken = std::move(*at);
    *at = std::move(taken->retired_before);
    taken->retired_before = std::move(unseen);
    unseen = std::move(taken);
  }
  return unseen;
}

bool Index::settle() {
  const std::lock_guard<std::mutex> lock(writing_);
  if (working_ == 0 && !choose(true)) return true;
  settling_ = true;
  wake();
  return false;
}

/** Starts the thread with the first work there is; the writer has the lock. */
void Index::wake() {
  try {
    if (!maintainer_.joinable()) maintainer_ = std::thread([this] { maintain(); });
  } catch (const std::system_error &) {
    // No thread is to be had: searches compare more, one by one, until there is.
    free_one_by_one(take_unseen());
  }
  awake_.notify_all();
}

void Index::maintain() {
  step_back();
  std::unique_lock<std::mutex> lock(writing_);
  while (!ending_) {
    const Task task = choose(settling_);
    if (task) {
      try {
        work(task, lock);
      } catch (const std::bad_alloc &) {
        // Searches go on over what is there; there may be room later.
        awake_.wait_for(lock, kAfterFailure);
      }
      continue;
    }
    if (std::shared_ptr<const State> unseen = take_unseen()) {
      lock.unlock();
      free_one_by_one(std::move(unseen));
      lock.lock();
    } else if (retired_ != nullptr) {
      awake_.wait_for(lock, kStillSeen);
    } else if (settling_ && working_ == 0) {
      settling_ = false;
      awake_.wait(lock);
    } else if (awake_.wait_for(lock, kQuiet) == std::cv_status::timeout) {
      settling_ = true;
    }
  }
}

}  // namespace hindra
